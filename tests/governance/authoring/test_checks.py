"""Broken policies are found, each with a message that says what to change; good ones are not."""

from __future__ import annotations

import pytest

from governance.authoring import checks
from governance.authoring.cases import Case, derive
from governance.authoring.compile import standalone
from governance.authoring.judge import judge
from governance.authoring.rule import RanBefore
from governance.engines import opa_checks, opa_cli
from tests.governance.authoring.dev_rules import RULES, STAGES, clause, field_is, no, rule, step, steps

STEP = "some s in input.pipeline.stages; some e in s.stage.spec.execution.steps; "
BROKEN = {
    "a stage type of another dialect": (
        "pipeline", 'some s in input.pipeline.stages; s.stage.type == "Security"', "SecurityTests"),
    "a step type of another dialect": (
        "pipeline", 'walk(input.pipeline, [_, v]); v.type == "BurpScan"', "'Burp'"),
    "a renamed field below walk": (
        "pipeline", 'walk(input.pipeline, [_, v]); v.type == "Http"; v.spec.body == "a"',
        "'requestBody'"),
    "a path with a missing s": ("pipeline", 'input.pipeline.stage[_].type == "CI"', "'stages'"),
    "a mistyped root": ("pipeline", 'input.pipline.name == "a"', "'pipeline'"),
    "a root of another kind": (
        "environment", 'input.environment.type == "Production"', "'environmentEntity'"),
    "a value in other capitals": (
        "environment", 'input.environmentEntity.type == "production"', "'Production'"),
    "a value that is too short": ("secret", 'input.secret.type == "Text"', "'SecretText'"),
    "a counter that is a text": (
        "securityTests", "some p in input; p.outcome.outputVariables.CRITICAL > 0", "to_number"),
    "a cost that is a text": ("terraformPlanCost", "input.TotalMonthlyCost > 5000", "to_number"),
    "a duration compared by letters": ("pipeline", STEP + 'e.step.timeout < "10m"', "duration"),
    "a wrong field of the user": ("pipeline", 'input.metadata.user.mail == "a"', "'email'"),
    "an impossible action": (
        "pipeline", "some s in input.pipeline.stages; "
        's.stage.failureStrategies[_].onFailure.action.type == "Rollback"', "'StageRollback'"),
    "an impossible prefix": (
        "pipeline", 'some s in input.pipeline.stages; startswith(s.stage.type, "Deployement")',
        "Deployment"),
    "a value that is never in a list": (
        "pipeline", 'some s in input.pipeline.stages; s.stage.type in {"Deploy", "Aproval"}', "Approval"),
    "a list item that does not exist": (
        "pipeline", 'input.pipeline.stages[_].stage.spec.execution.step[_].type == "Run"', "'steps'"),
    "an environment type in one word": (
        "pipeline", "some s in input.pipeline.stages; "
        's.stage.spec.infrastructure.environment.type == "Prod"', "'Production'"),
    "an array that is taken for a map": (
        "sbom", 'some p in input.packages; p.packageName == "a"',
        "packages"),
    "a role by another key": (
        "pipeline", 'input.metadata.roleAssignmentMetadata[_].rolIdentifier == "a"', "'roleIdentifier'"),
    "data of somebody else": ("pipeline", "data.other.list[_] == input.pipeline.name", "another package"),
    "a built-in that reaches out": ("pipeline", 'http.send({"method": "get", "url": "x"})', "not available"),
    "the clock of the machine": ("pipeline", "time.now_ns() > 1", "input.metadata.timestamp"),
    "an unused variable": ("pipeline", "x := input.pipeline.name; input.pipeline.tags", "unused"),
    "an unsafe variable": ("pipeline", "x == 1", "unsafe"),
    "an unknown function": ("pipeline", "exists(input.pipeline.name)", "undefined function"),
    "a line that does not parse": ("pipeline", "input.pipeline.name = = 1", "rego_parse_error|unexpected"),
}  # fmt: skip


def module(body: str) -> str:
    return f'package p\n\ndeny contains "no" if {{\n\t{"; ".join(body.split("; "))}\n}}\n'


@pytest.mark.opa
@pytest.mark.parametrize(("entity", "body", "says"), BROKEN.values(), ids=BROKEN)
def test_a_broken_policy_is_found(entity: str, body: str, says: str) -> None:
    report = opa_checks.check_policy(module(body), entity, with_cost=False)
    messages = [f.message for f in report.findings]
    assert any(part in message for part in says.split("|") for message in messages), messages
    assert all(finding.line for finding in report.findings)


EACH = "some i\n\tstage := input.pipeline.stages[i].stage"
HANDED_ON = {
    "to a function, by a variable": (
        f"deny contains \"no\" if {{\n\t{EACH}\n\tnot approved(stage)\n}}\n\n"
        "approved(stage) if {\n\tsome step in stage.spec.execution.steps\n\tstep.step.type == %s\n}\n"),
    "through two functions": (
        f"deny contains \"no\" if {{\n\t{EACH}\n\tapproved(stage)\n}}\n\n"
        "approved(stage) if asks(stage.spec.execution)\n\nasks(parts) if parts.steps[_].step.type == %s\n"),
    "by a set": (
        'deny contains "no" if {\n\tsome step in steps\n\tstep.type == %s\n}\n\n'
        "steps contains step if step := input.pipeline.stages[_].stage.spec.execution.steps[_].step\n"),
    "by an object": (
        'deny contains "no" if {\n\tsome step in steps\n\tstep.type == %s\n}\n\nsteps[step.identifier] := step if '
        "{\n\tstep := input.pipeline.stages[_].stage.spec.execution.steps[_].step\n}\n"),
}  # fmt: skip


@pytest.mark.opa
@pytest.mark.parametrize("text", HANDED_ON.values(), ids=HANDED_ON)
def test_what_a_module_hands_on_inside_itself_is_followed(text: str) -> None:
    wrong, right = (
        checks.never_fires(opa_cli.parse(f"package p\n\n{text % value}"), "pipeline")
        for value in ('"HarnessAproval"', '"HarnessApproval"')
    )
    assert [("Did you mean 'HarnessApproval'?" in f.message, f.severity) for f in wrong] == [(True, "error")]
    assert right == []


@pytest.mark.opa
def test_what_is_not_known_to_be_of_the_document_is_not_judged() -> None:
    text = (
        'package p\n\ndeny contains "no" if {\n\tsome thing in things\n\tthing.kind == "mine"\n\tis(thing)\n}\n\n'
        'is(thing) if thing.type == "Whatever"\n\nthings contains s if s := input.pipeline.stages[_].stage\n\n'
        'things contains {"kind": "mine", "type": "Whatever"}\n'
    )
    assert checks.never_fires(opa_cli.parse(text), "pipeline") == []


@pytest.mark.opa
def test_a_policy_without_deny_is_found() -> None:
    report = opa_checks.check_policy("package p\n\nviolation contains 1 if input.a\n", "pipeline")
    assert "Rename violation to deny" in report.findings[0].message


@pytest.mark.opa
@pytest.mark.parametrize("name", ["pol-d001", "pol-d013", "pol-d031", "pol-d042", "pol-d052"])
def test_a_compiled_rule_passes_every_check(name: str) -> None:
    made = RULES[name]
    report = opa_checks.check_policy(standalone(made), made.entity, cases=derive(made), rule=made)
    assert report.findings == []
    assert report.mutation_score is not None
    assert report.mutation_score >= 0.9


def test_a_policy_that_looks_at_one_place_is_evaded() -> None:
    def shallow(documents: list[dict]) -> list[bool]:
        return [
            any(e.get("step", {}).get("type") == "ShellScript"
                for s in d["pipeline"]["stages"]
                for e in s.get("stage", {}).get("spec", {}).get("execution", {}).get("steps", []))
            for d in documents
        ]  # fmt: skip

    document = {"pipeline": {"stages": [{"stage": {"spec": {"execution": {"steps": [
        {"step": {"type": "ShellScript"}}]}}}}]}}  # fmt: skip
    found = checks.evasions(shallow, [document])
    assert {f.severity for f in found} == {"error"}
    assert any("step groups" in f.message for f in found)
    assert any("stages are put into parallel" in f.message for f in found)
    assert all(not shallow([f.document])[0] for f in found)


@pytest.mark.parametrize("made", RULES.values(), ids=RULES)
def test_no_rewrite_evades_a_rule_and_its_cases_notice_changes(made) -> None:
    cases = derive(made)
    documents = [case.document for case in cases]
    assert checks.evasions(lambda given: [bool(judge(made, d)) for d in given], documents) == []
    assert checks.rule_mutation_score(made, cases)[0] >= 0.85


def test_impossible_values_of_a_rule_are_found() -> None:
    made = rule(
        "pipeline",
        clause(no(step("type", "is", "BurpScan")), **steps()),
        clause(RanBefore(stage="stage", types=("Semgrepp",)), **STAGES),
        clause(field_is("identifer", "present")),
    )
    messages = [f.message for f in checks.impossible_tests(made)]
    assert len(messages) == 3
    assert "'Burp'" in messages[0]
    assert "'Semgrep'" in messages[1]
    assert "'identifier'" in messages[2]


@pytest.mark.opa
def test_cases_that_are_too_few_are_named() -> None:
    text = standalone(RULES["pol-d034"])
    one = Case("one", {"secret": {"type": "SecretText", "spec": {}}}, "deny")
    report = opa_checks.check_policy(text, "secret", cases=[one], with_cost=False)
    assert report.mutation_score is not None
    assert report.mutation_score < 0.9
    assert any("Add a case that does." in f.message and f.line for f in report.findings)


@pytest.mark.opa
def test_a_policy_that_denies_everything_is_too_broad() -> None:
    text = 'package p\n\ndeny contains "no" if not input.nothing\n'
    report = opa_checks.check_policy(
        text, "repository", corpus=[{"identifier": "a"}, {"identifier": "b"}], with_cost=False
    )
    assert any(f.check == "breadth" for f in report.findings)


def test_the_smallest_conflict_is_named() -> None:
    verdicts = {"a": [True, False, True, False], "b": [False, True, False, False],
                "c": [False, True, False, True], "d": [False] * 4}  # fmt: skip
    assert checks.smallest_conflict(verdicts) == ["a", "c"]
    assert checks.smallest_conflict({"a": [True, False]}) == []


@pytest.mark.opa
def test_a_policy_of_nested_loops_is_too_costly() -> None:
    text = """package p

deny contains "no" if {
	some _ in numbers.range(1, 20)
	walk(input.pipeline, [_, x])
	walk(input.pipeline.stages[0], [_, y])
	x == y
	y == "never there"
}
"""
    simple = standalone(RULES["pol-d002"])
    costly = opa_checks.check_policy(text, "pipeline")
    assert [f.check for f in costly.findings] == ["cost"], costly
    assert opa_cli.check(simple) == []
    cheap = opa_checks.check_policy(simple, "pipeline").cost_ratio
    assert cheap is not None
    assert cheap < 10


def test_a_policy_that_uses_the_shared_library_is_checked_with_it() -> None:
    text = """package pipeline

import data.portal.lib

deny contains "no" if {
	some _, step in lib.all_steps
	lib.starts_with(step.type, {"Run"})
}
"""
    step = {"step": {"identifier": "s", "name": "s", "type": "Run"}}
    stage = {"stage": {"identifier": "a", "spec": {"execution": {"steps": [step]}}}}
    cases = [Case("run", {"pipeline": {"stages": [stage]}}, "deny"), Case("none", {"pipeline": {}}, "allow")]
    report = opa_checks.check_policy(text, "pipeline", cases=cases)
    assert [f for f in report.findings if f.severity == "error"] == []
    assert report.cost_ratio is not None
    assert opa_checks.quick(text.replace("lib.starts_with(", "lib.nothing("), "pipeline")[0].line == 7
