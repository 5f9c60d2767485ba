"""Repairs as different people ask for them: what was said is what changes, and what cannot be met is asked."""

import pytest

from governance.errors import Violation
from templates_catalog.authoring.fixes import fix
from tests.templates_catalog.fix_cases import (
    by_identifier,
    groups_before,
    pipeline,
    slot,
    stage_named,
    step,
    types,
)
from tests.templates_catalog.library import FACTS


def repaired(request, judge, document=None):
    """The repair; `judge` names what it objects to in a document."""
    document = document or pipeline()

    def evaluate(value):
        return [Violation("rule", "error", message) for message in judge(value)]

    assert evaluate(document), "the document has to be objected to"
    made = fix(document, evaluate(document), request, FACTS, evaluate)
    assert made.document is None or evaluate(made.document) == []
    return made


def fixed(request, judge, document=None):
    made = repaired(request, judge, document)
    assert made.document is not None, made.question
    return made.document


def the(document, identifier):
    (found,) = by_identifier(document, identifier)
    return found


def approval_before_production(d):
    before = d["pipeline"]["stages"][: slot(d, "deploy_prod")]
    held = any(
        stage["stage"]["identifier"] != "gate" and stage["stage"]["type"] == "Approval"
        for stage in before[-1:]
    )
    return [] if held else ["no Approval stage directly before production stage 'Deploy prod'"]


def says_what_fails(d):
    bare = [s for s in ("deploy_staging", "deploy_prod") if not stage_named(d, s).get("failureStrategies")]
    return [
        f"deployment stage '{name.replace('_', ' ').capitalize()}' has no failure strategy" for name in bare
    ]


def no_latest(d):
    return (
        ["step 'Push image' pushes the tag latest"]
        if "latest" in the(d, "push_image")["spec"]["tags"]
        else []
    )


def image_scanned(d):
    found = [s for entry in d["pipeline"]["stages"] for s in types(d, entry["stage"]["identifier"])]
    return (
        []
        if "Grype" in found or "AquaTrivy" in found
        else ["no image scan before production stage 'Deploy prod'"]
    )


def two_people(d):
    return (
        []
        if the(d, "ask")["spec"]["approvers"]["minimumCount"] > 1
        else ["approval step 'Ask' needs two approvers"]
    )


def untested_push(d):
    order = [s["step"]["identifier"] for s in stage_named(d, "build")["spec"]["execution"]["steps"]]
    return (
        []
        if order.index("unit_tests") < order.index("push_image")
        else ["stage 'Build' pushes an image before it is tested"]
    )


def without_failure_strategies():
    document = pipeline()
    for name in ("deploy_staging", "deploy_prod"):
        del stage_named(document, name)["failureStrategies"]
    return document


def action(document, stage="deploy_prod"):
    return stage_named(document, stage)["failureStrategies"][0]["onFailure"]["action"]


@pytest.mark.parametrize("request_text", [
    "get release managers to sign it off right before prod",
    "the release managers have to give their blessing before prod",
])  # fmt: skip
def test_a_sign_off_is_an_approval_whatever_it_is_called(request_text):
    assert "release_managers" in groups_before(fixed(request_text, approval_before_production), "deploy_prod")


def test_two_gates_in_one_sentence_are_two_approvals():
    made = fixed(
        "Two gates: QA leads before staging, release managers before prod", approval_before_production
    )
    assert groups_before(made, "deploy_staging") == ["qa_leads"]
    assert groups_before(made, "deploy_prod")[-1] == "release_managers"
    assert stage_named(made, "deploy_prod")["spec"]["environment"]["environmentRef"] == "prod"


def test_a_group_that_is_named_is_never_dropped():
    made = fixed("it may be approved by two QA leads and release managers", two_people)
    approvers = the(made, "ask")["spec"]["approvers"]
    assert approvers["minimumCount"] == 2
    assert [group.split(".")[-1] for group in approvers["userGroups"]] == ["qa_leads", "release_managers"]


@pytest.mark.parametrize(("request_text", "kind"), [
    ("on failure it should mark the stage failed", "MarkAsFailure"),
    ("if it fails, abort", "Abort"),
    ("add a failure strategy", "StageRollback"),
])  # fmt: skip
def test_a_failed_deployment_does_what_was_said(request_text, kind):
    made = fixed(request_text, says_what_fails, without_failure_strategies())
    assert {action(made)["type"], action(made, "deploy_staging")["type"]} == {kind}


def test_retries_are_counted_and_what_comes_after_them_is_kept():
    made = action(
        fixed("retry 3 times, then roll the stage back", says_what_fails, without_failure_strategies())
    )
    assert made["type"] == "Retry"
    assert made["spec"]["retryCount"] == 3
    assert made["spec"]["onRetryFailure"]["action"]["type"] == "StageRollback"


def test_an_action_nobody_knows_is_asked_and_not_replaced_by_the_usual_one():
    assert (
        repaired("on failure it should page the duck", says_what_fails, without_failure_strategies()).document
        is None
    )


@pytest.mark.parametrize(("request_text", "tags"), [
    ("remove the latest tag and add 3.0.1", ["1.0", "3.0.1"]),
    ("tag it with the sequence id instead of latest", ["1.0", "<+pipeline.sequenceId>"]),
    ("no latest", ["1.0"]),
    ("use <+codebase.commitSha> instead of latest", ["1.0", "<+codebase.commitSha>"]),
])  # fmt: skip
def test_a_tag_is_exchanged_for_what_was_said(request_text, tags):
    assert the(fixed(request_text, no_latest), "push_image")["spec"]["tags"] == tags


def test_a_scan_in_a_stage_of_its_own_gets_one_where_it_was_said():
    made = fixed("Scan the image with Grype in its own stage between build and prod", image_scanned)
    at = next(n for n, e in enumerate(made["pipeline"]["stages"]) if e["stage"]["type"] == "SecurityTests")
    assert slot(made, "build") < at < slot(made, "deploy_prod")


def test_a_scan_beside_a_step_runs_beside_it():
    made = fixed("run trivy in parallel with the lint step", image_scanned)
    block = stage_named(made, "build")["spec"]["execution"]["steps"][0]["parallel"]
    assert [entry["step"]["type"] for entry in block] == ["Run", "AquaTrivy"]
    said = repaired("run trivy in parallel with the lint step", image_scanned).sentence
    assert said == "Run the AquaTrivy step “AquaTrivy scan” in parallel with the step “Lint”."


def test_both_scripts_go_when_both_are_thrown_out():
    def no_scripts(d):
        return [f"stage '{s}' uses the shell script step 'Smoke'" for s in ("Deploy staging", "Deploy prod")
                if "ShellScript" in types(d, s.lower().replace(" ", "_"))]  # fmt: skip

    assert "ShellScript" not in str(fixed("throw both scripts out", no_scripts))


@pytest.mark.parametrize("request_text", [
    "run the tests earlier", "test first, push later", "swap the tests and the push", "push the image at the very end",
])  # fmt: skip
def test_an_order_is_understood_in_few_words(request_text):
    made = fixed(request_text, untested_push)
    assert sorted(types(made, "build")) == sorted(types(pipeline(), "build"))


@pytest.mark.parametrize(
    "request_text", ["merge the tests into the push step", "split the build stage in two"]
)
def test_what_no_edit_can_do_is_asked(request_text):
    assert repaired(request_text, untested_push).document is None


def test_the_words_of_a_fix_name_what_it_changes():
    def secured(d):
        asked = [s for e in d["pipeline"]["stages"] for s in [e["stage"]] if s["type"] == "Approval"]
        steps = [inner["step"] for s in asked for inner in s["spec"]["execution"]["steps"]]
        by = [s for s in steps if "account.security_team" in s["spec"]["approvers"]["userGroups"]]
        if not by:
            return ["Nobody of the security team approves before 'Deploy prod'"]
        return (
            []
            if by[0]["spec"]["approvers"]["minimumCount"] > 1
            else ["approval step 'Approve' needs two approvers"]
        )

    made = repaired("add an approval stage of the security team before prod", secured)
    assert "Rollout" not in made.sentence, made.sentence


ENVIRONMENT = {"environmentEntity": {"identifier": "eu", "name": "EU_West", "type": "Production", "tags": {}}}


def test_lower_case_needs_no_new_name():
    def small(d):
        name = d["environmentEntity"]["name"]
        return [] if name == name.lower() else [f"name '{name}' is not lower case"]

    assert fixed("just lowercase it", small, ENVIRONMENT)["environmentEntity"]["name"] == "eu_west"


def test_the_namespace_of_a_pipeline_is_nowhere_in_its_body():
    document = pipeline()
    del stage_named(document, "build")["spec"]["infrastructure"]
    stage_named(document, "build")["spec"]["runtime"] = {"type": "Cloud", "spec": {}}

    def farm(d):
        held = stage_named(d, "build")["spec"].get("infrastructure", {}).get("spec", {}).get("namespace", "")
        return (
            []
            if held.startswith("ci-")
            else ["CI stage 'Build' must run in the namespaces ci-a or ci-b of the build farm"]
        )

    made = fixed("use our farm, namespace ci-b", farm, document)
    assert stage_named(made, "build")["spec"]["infrastructure"]["spec"]["namespace"] == "ci-b"
    assert set(made["pipeline"]) == set(document["pipeline"])


def test_another_registry_keeps_the_name_of_the_image():
    document = pipeline()
    push = {"connectorRef": "account.hub", "repo": "docker.io/cart/api", "tags": ["1"]}
    stage_named(document, "build")["spec"]["execution"]["steps"][1] = step(
        "push_image", "BuildAndPushDockerRegistry", push
    )

    def own(d):
        repo = the(d, "push_image")["spec"]["repo"]
        return [] if repo.startswith("harbor.acme.example/") else [f"step 'Push image' pushes to '{repo}'"]

    made = fixed("push to harbor.acme.example", own, document)
    assert the(made, "push_image")["spec"]["repo"] == "harbor.acme.example/cart/api"


@pytest.mark.parametrize(("request_text", "timeout"), [
    ("increase the timeout by 10 minutes", "15m"),
    ("double the timeout", "10m"),
    ("one and a half hours", "90m"),
    ("make it 10 minutes longer", "15m"),
])  # fmt: skip
def test_an_amount_is_reckoned_from_what_is_there(request_text, timeout):
    def long_enough(d):
        held = the(stage_only(d, "deploy_prod"), "rollout")["timeout"]
        return (
            []
            if held in ("10m", "15m", "90m")
            else ["step 'Rollout' of stage 'Deploy prod' needs a timeout of at least 10m"]
        )

    made = fixed(request_text, long_enough)
    assert the(stage_only(made, "deploy_prod"), "rollout")["timeout"] == timeout
    assert the(stage_only(made, "deploy_staging"), "rollout")["timeout"] == "5m"


def stage_only(document, identifier):
    return {"pipeline": {"stages": [{"stage": stage_named(document, identifier)}]}}


def test_only_there_means_nowhere_else():
    def quick(d):
        return [
            f"step 'Rollout' of stage '{name}' needs a timeout of at least 10m"
            for name, stage in (("Deploy staging", "deploy_staging"), ("Deploy prod", "deploy_prod"))
            if the(stage_only(d, stage), "rollout")["timeout"] == "5m"
        ]

    assert repaired("set the timeout to 20m, but only in Deploy prod", quick).document is None


@pytest.mark.parametrize("request_text", ["let it be", "please don't change anything"])
def test_who_wants_nothing_changed_gets_nothing_changed(request_text):
    assert repaired(request_text, two_people).document is None


def test_descriptions_are_given_one_by_one():
    service = {"serviceEntity": {"identifier": "cart", "name": "cart", "serviceDefinition": {"type": "Kubernetes", "spec": {
        "variables": [{"name": name, "type": "String", "value": "x"} for name in ("DB_HOST", "MODE")]}}}}  # fmt: skip

    def described(d):
        rows = d["serviceEntity"]["serviceDefinition"]["spec"]["variables"]
        return [
            f"service variable '{row['name']}' has no description"
            for row in rows
            if not row.get("description")
        ]

    made = fixed("DB_HOST is the database host, MODE is the run mode", described, service)
    rows = made["serviceEntity"]["serviceDefinition"]["spec"]["variables"]
    assert [row["description"] for row in rows] == ["the database host", "the run mode"]


def owned(d):
    return (
        []
        if d["pipeline"]["tags"].get("owner")
        else ["pipeline 'Cart Release' needs a value for the tag 'owner'"]
    )


def test_a_value_of_several_words_is_taken_whole():
    assert fixed("owner = Ines Meyer", owned)["pipeline"]["tags"]["owner"] == "Ines Meyer"


def slow(d):
    return [
        f"step 'Rollout' of stage '{name}' needs a timeout of at least 10m"
        for name, stage in (("Deploy staging", "deploy_staging"), ("Deploy prod", "deploy_prod"))
        if the(stage_only(d, stage), "rollout")["timeout"] == "5m"
    ]


def test_a_better_number_said_last_is_the_one_and_no_description():
    made = fixed("at least 10 minutes, say 12", slow)
    assert the(stage_only(made, "deploy_prod"), "rollout")["timeout"] == "12m"
    assert made["pipeline"].get("description") is None


def test_a_value_behind_one_property_is_not_given_to_another():
    document = {"infrastructureEntity": {"identifier": "i", "name": "i", "type": "KubernetesDirect", "environmentRef": "qa",
                "spec": {"connectorRef": "<+input>", "namespace": "<+input>", "releaseName": "r"}}}  # fmt: skip

    def fixed_values(d):
        return [
            f"'{key}' must not be a runtime input"
            for key, value in d["infrastructureEntity"]["spec"].items()
            if value == "<+input>"
        ]

    spec = fixed("connector k8s_eu, namespace apps", fixed_values, document)["infrastructureEntity"]["spec"]
    assert spec == {"connectorRef": "k8s_eu", "namespace": "apps", "releaseName": "r"}


def test_a_gate_that_is_named_is_moved_and_not_doubled():
    def gate_before_staging(d):
        return (
            []
            if slot(d, "gate") < slot(d, "deploy_staging")
            else ["no Approval stage directly before stage 'Deploy staging'"]
        )

    made = fixed("turn Deploy staging around with Gate", gate_before_staging)
    assert len(made["pipeline"]["stages"]) == len(pipeline()["pipeline"]["stages"])


def test_what_is_denied_asks_for_nothing():
    def secured(d):
        return (
            []
            if "security_team" in groups_before(d, "deploy_prod")
            else ["no scan and no approval before 'Deploy prod'"]
        )

    made = fixed("No scan! The security team approves.", secured)
    assert "Semgrep" not in str(made)


def test_identifier_and_name_are_both_given():
    def snake(d):
        identifier = d["pipeline"]["identifier"]
        return [] if "_" in identifier else [f"identifier '{identifier}' must look like team_service_purpose"]

    made = fixed("identifier: cart_core_release; name: Cart Core Release", snake)["pipeline"]
    assert (made["identifier"], made["name"]) == ("cart_core_release", "Cart Core Release")


def test_both_groups_approve_each_for_itself_and_either_in_one_approval():
    def secured(d):
        return (
            []
            if "security_team" in groups_before(d, "deploy_prod")
            else ["no approval by the security team before 'Deploy prod'"]
        )

    made = fixed("add an approval stage: the security team and the DBAs both approve production", secured)
    assert sorted(groups_before(made, "deploy_prod")) == ["dba_team", "qa_leads", "security_team"]
    assert len(made["pipeline"]["stages"]) == len(pipeline()["pipeline"]["stages"]) + 2
    made = fixed("add an approval stage: the security team or the DBAs approve production", secured)
    assert len(made["pipeline"]["stages"]) == len(pipeline()["pipeline"]["stages"]) + 1


def test_what_has_to_go_goes():
    def no_scripts(d):
        return (
            ["production stage 'Deploy prod' uses the shell script step 'Smoke'"]
            if "ShellScript" in types(d, "deploy_prod")
            else []
        )

    made = fixed("The shell step has to go, we don't need it", no_scripts)
    assert types(made, "deploy_prod") == ["K8sRollingDeploy", "K8sRollingRollback"]


@pytest.mark.parametrize(
    "request_", ["use " + "a, b, " * 300, "rename a to b, " * 120, "Set it to 5m. " * 13]
)
def test_more_wishes_than_anybody_has_are_asked_to_be_said_apart(request_):
    made = repaired(request_, lambda value: ["Steps must end within 10 minutes"])
    assert made.document is None
    assert "at most 12 are tried" in made.question
