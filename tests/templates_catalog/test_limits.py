"""What a request rules out: what is to stay as it is, ways it does not want, and values that belong to one place."""

import copy
import re
import time

import pytest

from templates_catalog.authoring import limits
from templates_catalog.authoring.locating import Document
from tests.templates_catalog.fix_cases import pipeline, stage_named, step, types
from tests.templates_catalog.library import FACTS
from tests.templates_catalog.test_fix_wordings import fixed, repaired, the


def on_the_farm(d):
    held = stage_named(d, "build")["spec"]["infrastructure"]["spec"]["namespace"]
    return (
        []
        if held.startswith("ci-")
        else ["CI stage 'Build' must run in the namespaces ci-a or ci-b of the build farm"]
    )


@pytest.mark.parametrize("request_text", [
    "run it in ci-a, the connector stays",
    "run it in ci-a, connector stays as it is",
    "namespace ci-a. Do not touch the connector.",
    "use ci-a and keep the connector",
    "ci-a, with the same connector",
])  # fmt: skip
def test_no_value_is_taken_from_words_that_say_what_stays(request_text):
    build = stage_named(fixed(request_text, on_the_farm), "build")["spec"]["infrastructure"]["spec"]
    assert build == {"connectorRef": "account.k8s_shared", "namespace": "ci-a"}


def unscanned(d):
    """A scan or an approval by the security team, whichever comes."""
    stages = [entry["stage"] for entry in d["pipeline"]["stages"]]
    scanned = any(kind == "CodeQL" for stage in stages for kind in types(d, stage["identifier"]))
    approved = sum(stage["type"] == "Approval" for stage in stages) > 1
    return (
        []
        if scanned or approved
        else ["stage 'Deploy prod' deploys without a SAST scan and without approval by the security team"]
    )


@pytest.mark.parametrize("request_text", [
    "instead of an approval run CodeQL in the build, after the unit tests",
    "run CodeQL in the build rather than adding an approval",
])  # fmt: skip
def test_what_is_not_wanted_is_not_done(request_text):
    made = fixed(request_text, unscanned)
    assert "CodeQL" in types(made, "build")
    assert [e["stage"]["type"] for e in made["pipeline"]["stages"]].count("Approval") == 1


def test_a_step_that_is_to_stay_is_not_removed_with_the_one_that_goes():
    def scripts(d):
        return (
            []
            if "ShellScript" not in types(d, "deploy_prod")
            else ["production stage 'Deploy prod' uses the shell script step 'Smoke'"]
        )

    made = fixed("drop the smoke script in prod, leave staging alone", scripts)
    assert types(made, "deploy_prod") == ["K8sRollingDeploy", "K8sRollingRollback"]
    assert stage_named(made, "deploy_staging") == stage_named(pipeline(), "deploy_staging")


def test_what_can_only_be_met_by_changing_what_stays_is_asked():
    def short(d):
        return [] if the(d, "ask")["timeout"] == "1d" else ["step 'Ask' stays open for too long"]

    document = pipeline()
    the(document, "ask")["timeout"] = "1w"
    assert repaired("make it 1 day but do not touch the approval step", short, document).document is None


def slow(d):
    wanted = {"deploy_staging": 10, "deploy_prod": 10}
    return [f"step '{name}' needs a timeout of at least 10m" for name in ("Roll one", "Roll two")
            for s in (the(d, name.lower().replace(" ", "_")),) if int(s["timeout"].rstrip("m")) < wanted["deploy_prod"]]  # fmt: skip


def two_rollouts():
    document = pipeline()
    for stage, name in (("deploy_staging", "roll_one"), ("deploy_prod", "roll_two")):
        held = stage_named(document, stage)["spec"]["execution"]["steps"]
        held[0] = step(name, "K8sRollingDeploy", {"skipDryRun": False}, timeout="5m")
    return document


def test_an_amount_said_for_one_stage_is_not_given_to_another():
    made = repaired("half an hour for the prod one, the staging one whatever you like", slow, two_rollouts())
    assert made.document is None
    made = fixed("half an hour for the prod one, 12 minutes for the staging one", slow, two_rollouts())
    assert (the(made, "roll_one")["timeout"], the(made, "roll_two")["timeout"]) == ("12m", "30m")


@pytest.mark.parametrize("request_text", [
    "keep approvals open for at most 2 days", "keep it in hashivault_prod", "leave the latest tag out",
    "use main instead of feature/x", "staging is fine", "keep the timeout below 30 minutes", "same for all deployments",
])  # fmt: skip
def test_words_that_ask_for_something_are_no_limit(request_text):
    read = limits.read(request_text, Document(pipeline(), FACTS))
    assert read == limits.Limits(request_text)


def test_a_place_is_known_wherever_it_stands_in_its_list():
    before = pipeline()
    after = copy.deepcopy(before)
    steps = stage_named(after, "build")["spec"]["execution"]["steps"]
    steps.insert(0, steps.pop(2))
    assert dict(limits.spots(before)) == dict(limits.spots(after))


def test_a_large_document_full_of_names_is_read_while_somebody_waits():
    document = pipeline()
    entry = document["pipeline"]["stages"][1]
    for number in range(120):
        more = copy.deepcopy(entry)
        more["stage"] |= {"identifier": f"deploy_{number}", "name": f"deploy {number}"}
        document["pipeline"]["stages"].append(more)
    request = " ".join(f"deploy {number}" for number in range(300))[:2_000]
    began = time.perf_counter()
    assert (
        repaired(request, lambda d: ["stage 'deploy 3' needs a timeout of at least 10m"], document).document
        is None
    )
    # A tenth of that on a machine with nothing else to do.
    assert time.perf_counter() - began < 5


def test_steps_may_be_counted_out():
    made = fixed("10m is enough for the first rollout, 25m for the second", slow, two_rollouts())
    assert (the(made, "roll_one")["timeout"], the(made, "roll_two")["timeout"]) == ("10m", "25m")


def one_person(d):
    return (
        []
        if the(d, "ask")["spec"]["approvers"]["minimumCount"] > 1
        else ["approval step 'Ask' needs two approvers"]
    )


def test_hours_count_no_people():
    made = the(fixed("Approvals: minimum 2. Timeout of the approval 12 hours.", one_person), "ask")
    assert made["spec"]["approvers"]["minimumCount"] == 2
    assert made["timeout"] == "12h"


def test_who_joins_a_group_approves_too():
    made = the(fixed("two approvers, and the security team joins the group", one_person), "ask")
    assert made["spec"]["approvers"]["userGroups"] == ["account.qa_leads", "account.security_team"]


def latest(d):
    return (
        ["step 'Push image' pushes the tag latest"]
        if "latest" in the(d, "push_image")["spec"]["tags"]
        else []
    )


def test_what_something_is_taken_out_of_stays():
    made = repaired("drop it from the push", latest)
    assert made.document is None or the(made.document, "push_image")["spec"]["tags"] == ["1.0"]


SECRET = {"secret": {"identifier": "s", "name": "orders-test-db", "type": "SecretText", "spec": {}}}
SERVICE = {"serviceEntity": {"identifier": "c", "name": "Cart API", "tags": {"owner": "team-a"}}}


def test_a_part_of_a_name_goes():
    def tested(d):
        return (
            [f"secret name '{d['secret']['name']}' contains 'test'"] if "test" in d["secret"]["name"] else []
        )

    assert fixed("drop the test from the name", tested, SECRET)["secret"]["name"] == "orders-db"


def test_words_for_a_spelling_are_no_name():
    def spelt(d):
        name = d["serviceEntity"]["name"]
        return (
            [] if re.fullmatch(r"[a-z][a-z-]+", name) else [f"service name '{name}' breaks the naming rule"]
        )

    assert (
        fixed("all in lower case, hyphens instead of spaces", spelt, SERVICE)["serviceEntity"]["name"]
        == "cart-api"
    )
    assert repaired("spell it in capitals", spelt, SERVICE).document is None


def test_a_tag_that_stays_is_no_value_and_a_name_of_two_words_is_one():
    def tagged(d):
        tags = d["serviceEntity"]["tags"]
        return [
            f"the service needs a value for the tag '{name}'"
            for name in ("cost-center", "owner", "guild")
            if not tags.get(name)
        ]

    tags = fixed("guild: road; cost-center 9000, owner stays as it is", tagged, SERVICE)["serviceEntity"][
        "tags"
    ]
    assert tags == {"owner": "team-a", "cost-center": "9000", "guild": "road"}
    tags = fixed("Guild: road works; cost center: 77-1", tagged, SERVICE)["serviceEntity"]["tags"]
    assert tags == {"owner": "team-a", "cost-center": "77-1", "guild": "road works"}


def test_what_has_no_place_in_a_repair_is_told():
    def tiered(d):
        return [] if d["serviceEntity"]["tags"].get("tier") else ["the tag tier must be 1, 2 or 3"]

    made = repaired("tier two, and on-call is sre-pay", tiered, SERVICE)
    assert made.document["serviceEntity"]["name"] == "Cart API"
    assert made.sentence.endswith("I found no place for “sre-pay”.")


@pytest.mark.parametrize(("request_text", "timeout"), [
    ("increase it to the minimum", "10m"), ("double it", "10m"), ("20 minutes, no, 25 minutes", "25m"), ("no more than 30 minutes each", "30m"),
])  # fmt: skip
def test_amounts_may_be_the_rule_s_or_corrected(request_text, timeout):
    made = fixed(request_text, slow, two_rollouts())
    assert {the(made, "roll_one")["timeout"], the(made, "roll_two")["timeout"]} == {timeout}


def test_a_value_that_is_corrected_is_the_last_one():
    service = {
        "serviceEntity": {
            "identifier": "c",
            "name": "c",
            "manifests": [
                {"manifest": {"identifier": "one", "type": "K8sManifest", "spec": {"branch": "dev"}}}
            ],
        }
    }

    def on_main(d):
        branch = d["serviceEntity"]["manifests"][0]["manifest"]["spec"]["branch"]
        return [] if branch in ("main", "release/2.0") else [f"manifest 'one' is read from branch '{branch}'"]

    made = fixed("use release/2.0? no, main", on_main, service)
    assert made["serviceEntity"]["manifests"][0]["manifest"]["spec"]["branch"] == "main"
    made = fixed("main please", on_main, service)
    assert made["serviceEntity"]["manifests"][0]["manifest"]["spec"]["branch"] == "main"


def test_a_tag_that_is_kept_keeps_no_other_tag():
    def tagged(d):
        return (
            []
            if d["serviceEntity"]["tags"].get("cost-center")
            else ["the service needs a value for the tag 'cost-center'"]
        )

    tags = fixed("cost center = 5. Keep the owner tag.", tagged, SERVICE)["serviceEntity"]["tags"]
    assert tags == {"owner": "team-a", "cost-center": "5"}


def test_what_a_thing_is_describes_it():
    def described(d):
        return [] if d["secret"].get("description") else ["secret 's' needs a description"]

    assert (
        fixed("it's the token of the release bot", described, SECRET)["secret"]["description"]
        == "the token of the release bot"
    )
    assert (
        fixed("Password of the orders database", described, SECRET)["secret"]["description"]
        == "Password of the orders database"
    )
    assert repaired("we do not know yet", described, SECRET).document is None


def test_something_goes_in_front_of_a_name():
    def called(d):
        return (
            []
            if d["secret"]["name"].startswith("prod-")
            else [f"secret '{d['secret']['name']}' must start with prod-"]
        )

    assert fixed("put prod- in front of the name", called, SECRET)["secret"]["name"] == "prod-orders-test-db"


def test_a_value_with_a_point_in_it_can_be_kept():
    document = pipeline()
    the(document, "push_image")["spec"]["tags"] = ["1.0", "latest", "edge"]
    assert the(fixed("keep the 1.0 tag, drop latest", latest, document), "push_image")["spec"]["tags"] == [
        "1.0",
        "edge",
    ]


def test_what_is_kept_but_for_one_thing_changes_in_that():
    made = the(fixed("Keep the approvals as they are, but with two people", one_person), "ask")
    assert made["spec"]["approvers"] == {
        "minimumCount": 2,
        "disallowPipelineExecutor": False,
        "userGroups": ["account.qa_leads"],
    }


def test_what_is_moved_instead_of_removed_is_not_lost():
    def scripts(d):
        return (
            []
            if "ShellScript" not in types(d, "deploy_prod")
            else ["production stage 'Deploy prod' uses the shell script step 'Smoke'"]
        )

    document = pipeline()
    for entry in stage_named(document, "deploy_prod")["spec"]["execution"]["steps"]:
        entry["step"]["identifier"] += "_p"
    made = fixed("instead of removing the script, move it to staging", scripts, document)
    assert types(made, "deploy_staging").count("ShellScript") == 2


def test_a_group_joins_although_the_executor_was_spoken_of():
    def blocked(d):
        return (
            []
            if the(d, "ask")["spec"]["approvers"]["disallowPipelineExecutor"]
            else ["approval step 'Ask' lets the executor approve"]
        )

    made = the(
        fixed("the executor may not approve, and add the security team to the approvers", blocked), "ask"
    )
    assert made["spec"]["approvers"]["userGroups"] == ["account.qa_leads", "account.security_team"]


def test_all_others_are_not_the_one_that_was_named():
    def quick(d):
        held = {name: the(d, name)["timeout"] for name in ("roll_one", "roll_two")}
        return [
            f"step '{name.replace('_', ' ').capitalize()}' may take at most 30m, but its timeout is {said}"
            for name, said in held.items()
            if said == "2h"
        ]

    document = two_rollouts()
    for name in ("roll_one", "roll_two"):
        the(document, name)["timeout"] = "2h"
    made = fixed("Roll one gets 20 minutes, all others the maximum", quick, document)
    assert (the(made, "roll_one")["timeout"], the(made, "roll_two")["timeout"]) == ("20m", "30m")


def test_several_tags_are_all_set():
    assert the(fixed("use v5 and v5.1 as tags", latest), "push_image")["spec"]["tags"] == ["v5", "v5.1"]


@pytest.mark.parametrize("request_text", ["." * 1_900, "a.b." * 480, "no, " * 480])
def test_a_line_without_end_is_read_while_somebody_waits(request_text):
    began = time.perf_counter()
    repaired(request_text, latest)
    assert time.perf_counter() - began < 5
