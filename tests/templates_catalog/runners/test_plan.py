"""From an expanded document to a plan, and everything a run refuses by name before it starts."""

from __future__ import annotations

import pytest

from templates_catalog.runners import plan as plans
from templates_catalog.runners.durations import seconds
from templates_catalog.runners.expressions import Unresolved, Values
from templates_catalog.runners.plan import Group, Parallel, Step
from tests.templates_catalog.runners.documents import approval, on_failure, run, stage, step


def body(*stages, **more):
    return {"identifier": "ship", "name": "Ship it", "stages": list(stages), **more}


def objections(*stages, **more):
    return [(problem.path, problem.message) for problem in plans.unsupported(body(*stages, **more))]


def test_stages_and_steps_stand_in_order_with_a_path_of_their_own():
    group = {"stepGroup": {"identifier": "g", "name": "G", "steps": [run("a", "true")]}}
    plan = plans.build(body(stage("one", run("a", "true"), group), stage("two", run("a", "true"))))
    assert [leaf.path for one in plan.stages for leaf in plans.leaves(one.nodes)] == [
        "one/a",
        "one/g/a",
        "two/a",
    ]


def test_what_runs_at_the_same_time_is_kept_together():
    document = body(
        {"parallel": [stage("one", run("a", "true")), stage("two", run("b", "true"))]},
        stage(
            "three",
            {"parallel": [run("c", "true"), {"stepGroup": {"identifier": "g", "steps": [run("d", "true")]}}]},
        ),
    )
    plan = plans.build(document)
    assert [[one.identifier for one in slot] for slot in plan.slots] == [["one", "two"], ["three"]]
    block = plan.slots[1][0].nodes[0]
    assert isinstance(block, Parallel)
    assert [type(node) for node in block.nodes] == [Step, Group]


def test_an_insert_runs_where_it_stands():
    document = body(
        {"insert": {"identifier": "i", "name": "i", "stages": [stage("one", run("a", "true"))]}},
        stage("two", {"insert": {"identifier": "j", "name": "j", "steps": [run("b", "true")]}}),
    )
    plan = plans.build(document)
    assert [leaf.path for one in plan.stages for leaf in plans.leaves(one.nodes)] == ["one/a", "two/b"]


def test_two_steps_of_one_name_keep_apart():
    plan = plans.build(body(stage("one", run("a", "true"), run("a", "true"))))
    assert [leaf.path for leaf in plans.leaves(plan.slots[0][0].nodes)] == ["one/a", "one/a_2"]


def test_a_pipeline_that_can_be_run_is_objected_to_by_nothing():
    assert (
        objections(
            stage(
                "one", run("a", "echo <+pipeline.variables.x>", timeout="1h 30m", when={"stageStatus": "All"})
            ),
            stage("two", approval("gate", "security_team"), failureStrategies=on_failure("StageRollback")),
            stage("three", step("call", "Http", {"url": "<+something.unknown>"})),
            variables=[{"name": "x", "type": "String", "value": "1"}],
        )
        == []
    )


HERE = "pipeline.stages[0].stage"
STEP = f"{HERE}.spec.execution.steps[0].step"


@pytest.mark.parametrize(
    ("stages", "path", "says"),
    [
        (stage("s", run("a", "true"), strategy={"parallelism": 2}), f"{HERE}.strategy", "looping"),
        (stage("s", run("a", "true", strategy={"matrix": {}})), f"{STEP}.strategy", "looping"),
        (stage("s", run("a", "true", when={"condition": "<+x>"})), f"{STEP}.when.condition", "conditions"),
        (
            stage("s", run("a", "true", enforce={"policySets": ["<+x>"]})),
            f"{STEP}.enforce.policySets",
            "by name",
        ),
        (stage("s", run("a", "true", timeout="soon")), f"{STEP}.timeout", "'soon' is not a duration"),
        (
            stage("s", run("a", "true"), failureStrategies=on_failure("Retry")),
            f"{HERE}.failureStrategies[0].onFailure.action.type",
            "failure strategy 'Retry'",
        ),
        (stage("s", run("a", "true"), type="Pipeline"), f"{HERE}.type", "stages of type 'Pipeline'"),
        (
            stage("s", run("a", "echo <+trigger.sha>")),
            f"{STEP}.spec.command",
            "<+trigger.sha> is not supported",
        ),
        (stage("s", run("a", "echo <+a<+b>>")), f"{STEP}.spec.command", "is not supported"),
        (
            stage("s", step("a", "Run", {"shell": "Pwsh", "command": "x"})),
            f"{STEP}.spec.shell",
            "shell 'Pwsh'",
        ),
        (
            stage("s", step("a", "Run", {"command": "x", "privileged": True})),
            f"{STEP}.spec.privileged",
            "more rights",
        ),
        (stage("s", run("a", "true", "not a name")), f"{STEP}.spec.outputVariables[0]", "name of a variable"),
        (stage("s", approval("a")), f"{STEP}.spec.approvers.userGroups", "nobody could approve"),
        (stage("s", approval("a", "<+x>")), f"{STEP}.spec.approvers.userGroups", "by name"),
        (
            stage("s", approval("a", "g", minimum=0)),
            f"{STEP}.spec.approvers.minimumCount",
            "whole number from 1",
        ),
        (stage("s", step("a", "Bandit", {"mode": "ingestion"})), f"{STEP}.spec.mode", "mode 'ingestion'"),
        (stage("s", step("a", "Bandit", {})), STEP, "names no codebase"),
    ],
)
def test_what_cannot_be_run_is_refused_by_name(stages, path, says):
    found = objections(stages)
    assert any(at == path and says in message for at, message in found), found


def test_a_secret_never_becomes_text_of_a_script():
    found = objections(
        stage("one", run("a", "echo <+pipeline.variables.token>")),
        variables=[{"name": "token", "type": "Secret", "value": "account.token"}],
    )
    assert found == [
        (f"{STEP}.spec.command", "<+pipeline.variables.token> is a secret; runs have no secret manager yet")
    ]


def test_a_codebase_must_say_what_to_build():
    codebase = {"connectorRef": "account.repos", "build": {"type": "PR", "spec": {"number": 1}}}
    found = objections(stage("one", run("a", "true")), properties={"ci": {"codebase": codebase}})
    assert found == [
        ("pipeline.properties.ci.codebase.build.type", "build type 'PR' is not supported by runs yet")
    ]


@pytest.mark.parametrize(
    ("text", "value"), [("10m", 600), ("1h 30m", 5400), ("1d2h", 93600), ("", 7), (None, 7), ("45s", 45)]
)
def test_durations_are_read_as_people_write_them(text, value):
    assert seconds(text, 7) == value


VALUES = Values(
    stage="build",
    variables={
        "tag": "1.4",
        "flag": True,
        "both": "v<+pipeline.variables.tag>",
        "loop": "<+pipeline.variables.loop>",
    },
    stages={"build": {"depth": "3"}, "other": {"depth": "9"}},
    outputs={("build", "compile"): {"digest": "abc"}},
    facts={"pipeline.name": "Ship it"},
)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("<+pipeline.variables.tag>", "1.4"),
        ("a <+ pipeline.variables.tag >-<+pipeline.variables.flag>", "a 1.4-true"),
        ("<+stage.variables.depth><+pipeline.stages.other.variables.depth>", "39"),
        ("<+steps.compile.output.outputVariables.digest>", "abc"),
        ("<+execution.steps.compile.output.outputVariables.digest>", "abc"),
        ("<+execution.steps.g.steps.compile.output.outputVariables.digest>", "abc"),
        ("<+pipeline.stages.build.spec.execution.steps.compile.output.outputVariables.digest>", "abc"),
        ("<+pipeline.name>", "Ship it"),
        ("<+pipeline.variables.both>", "v1.4"),
        ("nothing", "nothing"),
    ],
)
def test_expressions_become_their_values(text, value):
    assert VALUES.resolve(text) == value


@pytest.mark.parametrize(
    "text",
    [
        "<+pipeline.variables.missing>",
        "<+steps.compile.output.outputVariables.other>",
        "<+secrets.getValue('x')>",
        "<+pipeline.variables.loop>",
        "<+stage.variables.__class__>",
    ],
)
def test_an_expression_without_a_value_is_named_and_never_left_empty(text):
    with pytest.raises(Unresolved, match="<\\+"):
        VALUES.resolve(text)


def test_what_a_value_says_is_not_worked_out_again():
    outputs = {("build", "evil"): {"x": "<+pipeline.variables.tag>"}}
    values = Values(stage="build", variables={"tag": "secret"}, outputs=outputs)
    assert values.resolve("<+steps.evil.output.outputVariables.x>") == "<+pipeline.variables.tag>"
