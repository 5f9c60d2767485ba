"""Requests as different people type them: plain names, corrections, versions, schedules, several environments."""

import pytest

from templates_catalog.authoring.planner import plan
from templates_catalog.documents.models import validate
from tests.templates_catalog.library import FACTS, LIBRARY

SPRING = "java service toll_api, image road/toll"


def drafted(request):
    made = plan(request, LIBRARY, FACTS)
    if made.document:
        assert validate("pipeline", made.document) == []
    return made


def told(stage):
    """A stage on one line: what approves, or the template with its inputs."""
    if stage.get("type") == "Approval":
        return "approve " + ",".join(
            group.split(".")[-1]
            for group in stage["spec"]["execution"]["steps"][0]["step"]["spec"]["approvers"]["userGroups"]
        )
    rows = {row["name"]: row["value"] for row in stage["template"]["templateInputs"]["variables"]}
    named = [
        str(rows.get(name, "")) for name in ("service_ref", "environment_ref", "infra_ref", "canary_percent")
    ]
    return " ".join([stage["template"]["templateRef"].split(".")[-1], *filter(None, named)])


def line(request):
    made = drafted(request)
    assert made.document, made.notes
    return [
        told(entry["stage"]) if "stage" in entry else [told(member["stage"]) for member in entry["parallel"]]
        for entry in made.document["pipeline"]["stages"]
    ]


@pytest.mark.parametrize(("request_text", "inputs"), [
    ("lambda python thumbs in Frankfurt", {"function_name": "thumbs", "region": "eu-central-1"}),
    ("python lambda for thumbs, region eu west 1", {"function_name": "thumbs", "region": "eu-west-1"}),
    ("Django parcels 3.13 road/parcels", {"service_ref": "parcels", "image_repo": "road/parcels", "python_version": "3.13"}),
    (f"{SPRING}, 17 JDK", {"jdk_version": "17"}),
    (f'{SPRING}, jdk "17"', {"jdk_version": "17"}),
    (f"{SPRING}, a dozen replicas", {"replicas": 12}),
    (f"{SPRING}, JDK 17... actually 21", {"jdk_version": "21"}),
    (f"{SPRING} with 3, no make that 5 replicas", {"replicas": 5}),
    (f"{SPRING}, approved by the QA leads, or rather by the security team", {"approver_group": "security_team"}),
    ("java service toll_api (I mean toll_core), image road/toll", {"service_ref": "toll_core"}),
    ("java microservice: 2 replicas, service toll_api; image: road/toll", {"service_ref": "toll_api", "replicas": 2}),
    ("terraform on aws workspace core, folder: tf/core. no wait, the folder is tf/core-net", {"terraform_dir": "tf/core-net"}),
    ("java job toll_mail, road/mail, every weekday at 7pm", {"schedule": "0 19 * * 1-5"}),
    ("java job toll_mail, road/mail, Mondays and Thursdays at 6:30", {"schedule": "30 6 * * 1,4"}),
    ("java job toll_mail, road/mail, every 15 minutes", {"schedule": "*/15 * * * *"}),
    ("java job toll_mail, road/mail, at midnight", {"schedule": "0 0 * * *"}),
    (f"hey, {SPRING}. jdk 21. go", {"service_ref": "toll_api", "jdk_version": "21"}),
])  # fmt: skip
def test_values_are_read_however_they_are_said(request_text, inputs):
    made = drafted(request_text)
    assert {name: made.inputs.get(name) for name in inputs} == inputs, made.notes
    assert not made.missing
    assert not made.invalid


@pytest.mark.parametrize(("request_text", "name"), [
    (f"{SPRING}, twenty-one replicas", "replicas"),
    (f"{SPRING}, replicas: -1", "replicas"),
    (f"{SPRING}, JDK 17 or Java 21", "jdk_version"),
    ("java job toll_mail, road/mail, on the first of the month at 5:00", "schedule"),
    ("java job toll_mail, road/mail, twice a day at 5:00", "schedule"),
])  # fmt: skip
def test_a_value_that_cannot_be_is_asked_instead_of_being_bent(request_text, name):
    made = drafted(request_text)
    assert made.asked
    assert name in {*made.missing, *made.invalid}
    assert name not in made.inputs


@pytest.mark.parametrize(("request_text", "stages"), [
    ("toll_api rolling: qa (k8s_qa), uat (k8s_uat) and prod (k8s_prod). QA leads approve before uat, release managers before prod.",
     ["roll_stage toll_api qa k8s_qa", "approve qa_leads", "roll_stage toll_api uat k8s_uat", "approve release_managers",
      "roll_stage toll_api prod k8s_prod"]),
    ("roll toll_api out to qa on k8s_qa, then prod on k8s_prod; the security team approves prod",
     ["roll_stage toll_api qa k8s_qa", "approve security_team", "roll_stage toll_api prod k8s_prod"]),
    ("toll_api on prod after staging. staging cluster k8s_stg, prod cluster k8s_prd. rolling.",
     ["roll_stage toll_api staging k8s_stg", "roll_stage toll_api prod k8s_prd"]),
    ("rolling stage for toll_api to prod and staging; staging first. k8s_stg for staging, k8s_prd for prod",
     ["roll_stage toll_api staging k8s_stg", "roll_stage toll_api prod k8s_prd"]),
    ("toll_api on qa (infra k8s_qa) with roll_stage and on prod (infra k8s_prod) with canary_stage",
     ["roll_stage toll_api qa k8s_qa", "canary_stage toll_api prod k8s_prod"]),
    ("canary for toll_api 10% in prod_eu on eks_eu, 25% in prod on eks_main, in that order",
     ["canary_stage toll_api prod_eu eks_eu 10", "canary_stage toll_api prod eks_main 25"]),
    ("rolling toll_api to prod/eks_main after QA leads and release managers approved",
     ["approve qa_leads", "approve release_managers", "roll_stage toll_api prod eks_main"]),
    ("rolling toll_api to prod on eks_main, QA leads or release managers approve before",
     ["approve qa_leads,release_managers", "roll_stage toll_api prod eks_main"]),
    ("rolling toll_api to qa on k8s_qa, then prod and prod_eu in parallel on eks_main and eks_eu, security team approves before prod",
     ["roll_stage toll_api qa k8s_qa", "approve security_team",
      ["roll_stage toll_api prod eks_main", "roll_stage toll_api prod_eu eks_eu"]]),
    ("rolling for toll_api to staging on k8s_stg. Scratch that, go straight to prod on k8s_prd.",
     ["roll_stage toll_api prod k8s_prd"]),
    ("canary toll_old? no: the rolling stage for toll_api to prod on k8s_prd", ["roll_stage toll_api prod k8s_prd"]),
    ("rolling: mailer to prod on k8s_prd. service owners need not approve", ["roll_stage mailer prod k8s_prd"]),
    ("toll_api rolling: staging k8s_stg and prod k8s_prd, approvals before both by release managers",
     ["approve release_managers", "roll_stage toll_api staging k8s_stg", "approve release_managers", "roll_stage toll_api prod k8s_prd"]),
    ("canary stage for toll_api, prod, k8s_prd, a quarter of the traffic", ["canary_stage toll_api prod k8s_prd 25"]),
])  # fmt: skip
def test_deployments_run_where_and_in_the_order_that_was_meant(request_text, stages):
    assert line(request_text) == stages


def test_two_people_of_a_group_are_two_approvals():
    made = drafted("rolling stage for toll_api to prod on k8s_prd, two release managers have to approve")
    step = made.document["pipeline"]["stages"][0]["stage"]["spec"]["execution"]["steps"][0]["step"]
    assert step["spec"]["approvers"]["minimumCount"] == 2


def test_what_has_no_place_in_the_draft_is_told():
    made = drafted(f"{SPRING}, post to #toll-releases and warm up toll_cache")
    assert made.asked
    assert "#toll-releases" in made.notes
    assert "toll_cache" in made.notes


def test_one_of_two_languages_is_asked():
    made = drafted("Node or Python, service toll_api, image road/toll")
    assert made.document is None
    assert made.asked
    assert "express_service" in made.notes
    assert "fastapi_service" in made.notes


@pytest.mark.parametrize(("request_text", "version", "asked"), [
    (f"spring_service 2.0 for {SPRING}", "2.0.0", False),
    (f"spring_service, version 2, for {SPRING}", "2.1.0", False),
    (f"{SPRING}, template version 7", "2.1.0", True),
    (f"spring_service, but not 2.1.0, {SPRING}", "2.0.0", True),
    (f"the previous version of spring_service for {SPRING}", "2.1.0", True),
    ("python version 3.12 service toll_api, image road/toll", "1.0.0", False),
])  # fmt: skip
def test_a_version_is_pinned_by_its_number_alone(request_text, version, asked):
    made = drafted(request_text)
    assert (made.version, made.asked) == (version, asked), made.notes


def test_a_name_that_looks_like_a_template_is_no_service():
    made = drafted("Set up java_sandbox_golden for toll_api")
    assert made.document is None
    assert "java_sandbox_golden" in made.notes


def test_how_it_came_about_is_no_wish():
    made = drafted(
        "Our old deployment was on Jenkins and Ansible. Now it is a Go service toll_fx, image road/fx."
    )
    assert made.template == "account.go_service", made.notes


@pytest.mark.parametrize(("request_text", "told_word"), [
    ("terraform on aws: destroy the folder x/y, workspace xy", "destroy"),
    ("gRPC service toll_rpc in go, image road/rpc", "grpc"),
    ("django, toll_ml, road/ml, 3.14", "3.14"),
    (f"{SPRING}, nod 20", "20"),
])  # fmt: skip
def test_what_the_template_is_not_for_is_told(request_text, told_word):
    made = drafted(request_text)
    assert told_word in made.notes


def test_a_list_ends_a_cron_expression():
    assert drafted("java job toll_mail */10 * * * *, image road/mail").inputs["schedule"] == "*/10 * * * *"


def test_a_tool_nobody_has_a_template_for_fits_nothing():
    made = drafted("cypress tests of repo toll-e2e")
    assert made.none_fits


@pytest.mark.parametrize(("request_text", "schedule"), [
    ("every night at half past one", "30 1 * * *"),
    ("every evening at a quarter to eight", "45 19 * * *"),
    ("daily at two in the morning", "0 2 * * *"),
    ("every night at 11", "0 23 * * *"),
    ("every night at 2", "0 2 * * *"),
    ("every night at 09:30", "30 9 * * *"),
])  # fmt: skip
def test_a_time_of_day_may_be_said_in_words(request_text, schedule):
    made = drafted(f"java job toll_mail, image road/mail, {request_text}")
    assert made.inputs["schedule"] == schedule


def test_the_name_of_a_group_says_nothing_of_what_is_built():
    made = drafted(f"{SPRING}. Mobile team approves.")
    assert made.template.endswith("spring_service")
    assert made.inputs["approver_group"] == "mobile_team"


def test_a_group_that_stands_between_two_deployments_approves():
    assert line("roll toll_api out to qa on k8s_qa, then prod on k8s_prod, security team in between") == [
        "roll_stage toll_api qa k8s_qa",
        "approve security_team",
        "roll_stage toll_api prod k8s_prod",
    ]


def test_a_group_that_stands_nowhere_in_the_draft_is_told():
    made = drafted("roll toll_api out to qa on k8s_qa and cheer with the QA leads")
    assert "no place for qa_leads" in made.notes
    assert made.asked


def test_what_is_said_to_come_before_that_comes_before():
    assert line("rolling toll_api to prod on k8s_prod, before that scan the repo toll-web") == [
        "scan_stage",
        "roll_stage toll_api prod k8s_prod",
    ]


def test_the_old_pipeline_is_not_replaced_in_silence():
    made = drafted("We want the old legacy Java pipeline again for toll_api, image road/toll")
    assert made.template.endswith("spring_service")
    assert "old_java is deprecated" in made.notes
    assert made.asked


def test_a_version_only_one_template_has_names_it_with_two_words_of_its_name():
    made = drafted("Please use the Spring service 2.0.0 for toll_api. Image road/toll.")
    assert (made.template.split(".")[-1], made.version) == ("spring_service", "2.0.0")


def test_the_last_name_goes_where_something_is_still_to_go():
    made = drafted("tf_aws with live/eks in eks_live")
    assert made.inputs["workspace"] == "eks_live"
    assert "“eks_live” is read as the workspace" in made.notes


@pytest.mark.parametrize(("request_text", "inputs"), [
    ("python lambda thumbs in eu-west-1, no, let us take Frankfurt", {"region": "eu-central-1"}),
    (f"{SPRING}, jdk twenty-one", {"jdk_version": "21"}),
    (f"{SPRING}. The QA leads should be asked before production.", {"approver_group": "qa_leads"}),
    (f"{SPRING}, on the newest version of the template", {"service_ref": "toll_api"}),
    ("Since the Kafka migration we read the topic toll.v2. That is done by toll_sink, a node app, image road/sink.", {"topic": "toll.v2", "service_ref": "toll_sink"}),
])  # fmt: skip
def test_what_is_said_in_passing_is_understood(request_text, inputs):
    made = drafted(request_text)
    assert {name: made.inputs.get(name) for name in inputs} == inputs, made.notes


@pytest.mark.parametrize(("request_text", "stages"), [
    ("Prod gets toll_api only after uat. Rolling for both; uat runs on k8s_uat and prod on k8s_prod.",
     ["roll_stage toll_api uat k8s_uat", "roll_stage toll_api prod k8s_prod"]),
    ("roll out toll_api: prod on k8s_main and prod_eu on k8s_eu",
     ["roll_stage toll_api prod k8s_main", "roll_stage toll_api prod_eu k8s_eu"]),
    ("Deploy toll_api to staging (k8s_stg). Actually not staging, uat, on k8s_uat. Rolling.", ["roll_stage toll_api uat k8s_uat"]),
    ("promote toll_api from qa to prod with a rolling update on k8s_prod", ["roll_stage toll_api prod k8s_prod"]),
    ("canary of toll_api in prod on k8s_prod, 10 percent... make it 20", ["canary_stage toll_api prod k8s_prod 20"]),
    ("rolling toll_api to prod on k8s_prod. Release managers approve, or rather the QA leads.",
     ["approve qa_leads", "roll_stage toll_api prod k8s_prod"]),
    ("rolling toll_api to prod on k8s_prod once the security team has said yes",
     ["approve security_team", "roll_stage toll_api prod k8s_prod"]),
])  # fmt: skip
def test_places_and_approvals_are_those_that_were_meant_in_the_end(request_text, stages):
    assert line(request_text) == stages


def test_a_value_the_template_has_no_input_for_is_pointed_out():
    made = drafted("express service toll_api, image road/toll, 3 replicas")
    assert "no input for replicas" in made.notes
    assert made.asked


@pytest.mark.parametrize(("request_text", "version"), [
    (f"{SPRING}. Previous one, 2.0.0, since 2.1.0 has a bug.", "2.0.0"),
    (f"{SPRING}, template version 2.0.0 because 2.1.0 broke our build", "2.0.0"),
    (f"{SPRING}, as 2.1.0 is what we know", "2.1.0"),
])  # fmt: skip
def test_a_version_that_is_blamed_is_not_the_one_that_is_meant(request_text, version):
    assert drafted(request_text).version == version


def test_a_thing_that_is_called_something_is_not_called_called():
    made = drafted("A React app; the bucket is called kiosk-web and the service kiosk_web.")
    assert made.inputs == {"service_ref": "kiosk_web", "bucket": "kiosk-web"}


def test_what_comes_after_that_does_not_run_beside_it():
    assert line(
        "Deploy toll_api: qa (k8s_qa) and uat (k8s_uat) side by side with rolling, staging (k8s_stg) after that, and finally prod (k8s_prod)"
    ) == [
        ["roll_stage toll_api qa k8s_qa", "roll_stage toll_api uat k8s_uat"],
        "roll_stage toll_api staging k8s_stg",
        "roll_stage toll_api prod k8s_prod",
    ]


def test_scanners_are_scans_by_name():
    assert line("Semgrep and Gitleaks for the repo toll-web") == ["scan_stage"]


@pytest.mark.parametrize(("request_text", "stages"), [
    ("deploy toll_api to prod but not before staging; rolling; k8s_prd and k8s_stg respectively",
     ["roll_stage toll_api staging k8s_stg", "roll_stage toll_api prod k8s_prd"]),
    ("canary stage for toll_api to uat on k8s_uat, share 15", ["canary_stage toll_api uat k8s_uat 15"]),
])  # fmt: skip
def test_an_order_that_is_denied_is_the_other_one(request_text, stages):
    assert line(request_text) == stages


def test_neither_takes_both_away():
    made = drafted(f"{SPRING}, neither in kotlin nor in scala")
    assert made.template.endswith("spring_service")


def test_the_golden_one_is_no_version():
    made = drafted("Make it like the golden Java one for toll_api, image road/toll, jdk21")
    assert made.inputs["jdk_version"] == "21"
    assert not made.invalid


def test_a_group_that_has_to_be_happy_approves():
    assert line("rolling toll_api: qa on k8s_qa and, if the QA leads are happy, prod on k8s_prod") == [
        "roll_stage toll_api qa k8s_qa",
        "approve qa_leads",
        "roll_stage toll_api prod k8s_prod",
    ]


def test_a_question_that_is_answered_takes_nothing_else_away():
    made = drafted(f"{SPRING}, with the nightly template? no, the normal service one")
    assert made.template.endswith("spring_service")
    assert made.inputs["service_ref"] == "toll_api"


def test_a_version_at_the_end_of_a_sentence_is_one():
    assert drafted("a Python service, toll_stats, image road/stats. 3.11.").inputs["python_version"] == "3.11"
