"""Requests for more work: one more deployment, tests, a canary, and steps that go to another stage."""

import pytest

from tests.templates_catalog.fix_cases import pipeline, stage_named, types
from tests.templates_catalog.test_fix_wordings import fixed, repaired


def without_staging():
    document = pipeline()
    del document["pipeline"]["stages"][1]
    return document


def staged(d):
    held = [e["stage"]["spec"].get("environment", {}).get("environmentRef") for e in d["pipeline"]["stages"]]
    first = held.index("staging") if "staging" in held else 99
    return [] if first < held.index("prod") else ["'Deploy prod' goes live before staging has been deployed"]


@pytest.mark.parametrize("request_text", [
    "put staging in front, infra k8s_stg", "deploy to staging first (infrastructure k8s_stg)", "add a staging deployment before it on k8s_stg",
])  # fmt: skip
def test_one_more_deployment_is_like_the_one_that_is_there(request_text):
    made = fixed(request_text, staged, without_staging())
    assert stage_named(made, "deploy_prod") == stage_named(pipeline(), "deploy_prod")
    added = stage_named(made, "deploy_staging")
    assert added["spec"]["environment"] == {
        "environmentRef": "staging",
        "infrastructureDefinitions": [{"identifier": "k8s_stg"}],
    }
    assert types(made, "deploy_staging") == types(made, "deploy_prod")


def test_a_deployment_is_never_turned_away_by_a_wish_for_an_order():
    made = repaired("staging has to come first", staged, without_staging())
    if made.document:
        assert stage_named(made.document, "deploy_prod")["spec"]["environment"]["environmentRef"] == "prod"


def test_two_deployments_are_swapped():
    def uat_last(d):
        names = [e["stage"]["identifier"] for e in d["pipeline"]["stages"]]
        return (
            []
            if names.index("deploy_prod") < names.index("deploy_staging")
            else ["'Deploy staging' must not come before 'Deploy prod'"]
        )

    made = fixed("swap the two deployments", uat_last)
    assert sorted(str(e) for e in made["pipeline"]["stages"]) == sorted(
        str(e) for e in pipeline()["pipeline"]["stages"]
    )


def test_tests_are_added_in_front_of_the_push():
    document = pipeline()
    build = stage_named(document, "build")["spec"]["execution"]["steps"]
    del build[2]

    def tested(d):
        kinds = types(d, "build")
        ok = "RunTests" in kinds and kinds.index("RunTests") < kinds.index("BuildAndPushGCR")
        return [] if ok else ["'Push image' pushes an image that has not been tested"]

    made = fixed("add the tests ahead of the push, Java with Gradle", tested, document)
    added = next(
        e["step"]
        for e in stage_named(made, "build")["spec"]["execution"]["steps"]
        if e["step"]["type"] == "RunTests"
    )
    assert added["spec"] == {"language": "Java", "buildTool": "Gradle"}


def test_a_canary_goes_in_front_of_the_rollout_with_the_share_that_was_said():
    def careful(d):
        return (
            []
            if "K8sCanaryDeploy" in types(d, "deploy_prod")
            else ["production stage 'Deploy prod' has no canary"]
        )

    made = fixed("a canary with 25% first", careful)
    first = stage_named(made, "deploy_prod")["spec"]["execution"]["steps"][0]["step"]
    assert first["type"] == "K8sCanaryDeploy"
    assert first["spec"]["instanceSelection"]["spec"]["percentage"] == 25


def scripts(d):
    return (
        []
        if "ShellScript" not in types(d, "deploy_prod")
        else ["production stage 'Deploy prod' uses the shell script step 'Smoke'"]
    )


def test_a_step_goes_to_the_stage_that_is_named():
    document = pipeline()
    for entry in stage_named(document, "deploy_prod")["spec"]["execution"]["steps"]:
        entry["step"]["identifier"] += "_p"
    made = fixed("move the script to the staging stage", scripts, document)
    assert types(made, "deploy_staging").count("ShellScript") == 2
    assert "smoke_p" in str(stage_named(made, "deploy_staging"))


def test_a_script_becomes_a_call_of_the_address_that_is_named():
    made = fixed("replace the shell script by an http check against https://shop.example/healthz", scripts)
    call = next(
        e["step"]
        for e in stage_named(made, "deploy_prod")["spec"]["execution"]["steps"]
        if e["step"]["type"] == "Http"
    )
    assert call["spec"]["url"] == "https://shop.example/healthz"


def test_a_message_nobody_can_draft_is_asked_and_not_dropped():
    assert repaired("no scripts in prod, post to slack instead", scripts).document is None


def secured(d):
    by = [
        s
        for e in d["pipeline"]["stages"]
        for s in types(d, e["stage"]["identifier"])
        if s in ("HarnessApproval", "Bandit")
    ]
    return (
        []
        if len(by) > 1
        else [
            "stage 'Deploy prod' deploys to production without a SAST scan and without approval by the security team"
        ]
    )


def test_a_new_approval_stays_open_as_long_as_it_was_said():
    made = fixed("let two people of the security team approve before prod, with a timeout of 8h", secured)
    asked = made["pipeline"]["stages"][3]["stage"]["spec"]["execution"]["steps"][0]["step"]
    assert asked["timeout"] == "8h"
    assert asked["spec"]["approvers"]["minimumCount"] == 2
    assert stage_named(made, "deploy_prod") == stage_named(pipeline(), "deploy_prod")


def test_a_stage_does_not_go_where_it_was_said_not_to_go():
    made = fixed("run bandit in a new stage before the deployment, not in the build", secured)
    kinds = [entry["stage"]["type"] for entry in made["pipeline"]["stages"]]
    assert kinds.index("CI") < kinds.index("SecurityTests") < kinds.index("Deployment")


def test_an_approval_step_stands_where_it_was_said():
    def inside(d):
        return (
            []
            if "HarnessApproval" in types(d, "deploy_prod")
            else ["deployment stage 'Deploy prod' has no HarnessApproval step"]
        )

    made = fixed("Sign-off by the release managers right before the smoke step", inside)
    assert types(made, "deploy_prod")[:3] == ["K8sRollingDeploy", "HarnessApproval", "ShellScript"]


def test_a_check_by_hand_becomes_the_step_for_it():
    made = fixed("replace the script with a Verify step", scripts)
    assert types(made, "deploy_prod")[1] == "Verify"


def test_the_last_stage_goes_when_it_is_counted_out():
    def few(d):
        return [] if len(d["pipeline"]["stages"]) < 4 else ["4 stages are too many, at most 3 are allowed"]

    assert [e["stage"]["identifier"] for e in fixed("throw out the last stage", few)["pipeline"]["stages"]][
        -1
    ] == "gate"


def test_the_pause_between_retries_is_the_one_that_was_said():
    document = pipeline()
    del stage_named(document, "deploy_prod")["failureStrategies"]

    def strategy(d):
        return (
            []
            if stage_named(d, "deploy_prod").get("failureStrategies")
            else ["deployment stage 'Deploy prod' has no failure strategy"]
        )

    made = fixed("retry once after a minute, then mark as failed", strategy, document)
    action = stage_named(made, "deploy_prod")["failureStrategies"][0]["onFailure"]["action"]
    assert (action["spec"]["retryCount"], action["spec"]["retryIntervals"]) == (1, ["1m"])


def test_an_environment_comes_with_the_cluster_it_is_on():
    def allowed(d):
        held = stage_named(d, "deploy_prod")["spec"]["environment"]["environmentRef"]
        return [] if held == "staging" else ["deployment stage 'Deploy prod' has no permitted environment"]

    document = pipeline()
    del document["pipeline"]["stages"][1]
    made = fixed("deploy it to staging on k8s_stg instead", allowed, document)
    place = stage_named(made, "deploy_prod")["spec"]["environment"]
    assert place == {"environmentRef": "staging", "infrastructureDefinitions": [{"identifier": "k8s_stg"}]}


def test_a_step_that_is_not_to_move_may_be_passed():
    def tested(d):
        order = [s["step"]["identifier"] for s in stage_named(d, "build")["spec"]["execution"]["steps"]]
        return (
            []
            if order.index("unit_tests") < order.index("push_image")
            else ["stage 'Build' pushes an image before it is tested"]
        )

    made = fixed("don't move the push, move the tests up", tested)
    assert sorted(types(made, "build")) == sorted(types(pipeline(), "build"))


def test_a_label_goes_without_its_v():
    template = {
        "template": {"identifier": "t", "name": "T", "versionLabel": "v2.1.0", "type": "Stage", "spec": {}}
    }

    def label(d):
        return (
            [] if d["template"]["versionLabel"][0].isdigit() else ["the version label must look like 1.4.0"]
        )

    assert fixed("v2.1.0 without the v", label, template)["template"]["versionLabel"] == "2.1.0"


def test_two_clauses_about_one_scan_add_one_scan():
    def scanned(d):
        kinds = [s for e in d["pipeline"]["stages"] for s in types(d, e["stage"]["identifier"])]
        return (
            []
            if {"Grype", "AquaTrivy"} & set(kinds)
            else ["no image scan between the push and production stage 'Deploy prod'"]
        )

    made = fixed("image scan between push and deployment, use Grype in its own stage", scanned)
    kinds = [s for e in made["pipeline"]["stages"] for s in types(made, e["stage"]["identifier"])]
    assert kinds.count("Grype") == 1
    assert "AquaTrivy" not in kinds
    assert stage_named(made, "build") == stage_named(pipeline(), "build")


def untested(d):
    order = [s["step"]["identifier"] for s in stage_named(d, "build")["spec"]["execution"]["steps"]]
    return (
        []
        if order.index("unit_tests") < order.index("push_image")
        else ["stage 'Build' pushes an image before it is tested"]
    )


def test_two_moves_in_one_list_take_the_steps_they_were_read_of():
    made = fixed("move push_image behind unit_tests and lint behind push_image", untested)
    order = [s["step"]["identifier"] for s in stage_named(made, "build")["spec"]["execution"]["steps"]]
    assert order == ["unit_tests", "push_image", "lint"]


def test_a_stage_gets_the_name_that_was_said_beside_another_wish():
    made = fixed("run the tests before the push, and rename the stage to Build and ship", untested)
    assert stage_named(made, "build")["name"] == "Build and ship"


def test_what_happens_instead_of_a_rollback_is_not_a_rollback():
    document = pipeline()
    del stage_named(document, "deploy_prod")["failureStrategies"]

    def strategy(d):
        return (
            []
            if stage_named(d, "deploy_prod").get("failureStrategies")
            else ["deployment stage 'Deploy prod' has no failure strategy"]
        )

    made = fixed("instead of a rollback it should abort", strategy, document)
    assert stage_named(made, "deploy_prod")["failureStrategies"][0]["onFailure"]["action"]["type"] == "Abort"
