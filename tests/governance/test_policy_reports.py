"""What is known about a version before anybody reads it, found by the real engine."""

from __future__ import annotations

import pytest

from governance import policy_query
from governance.admission import admit
from governance.authoring.cases import derive
from governance.authoring.checks.together import conflicts, join
from governance.authoring.compile import standalone
from governance.errors import Conflict
from governance.kinds import Change
from governance.models import PolicyReport
from governance.starters import starters
from tests.people import by_hand

pytestmark = pytest.mark.django_db

OWNER = """package pipeline

import rego.v1

deny contains msg if {
\tobject.get(object.get(input.pipeline, "tags", {}), "owner", "") == ""
\tmsg := "no owner"
}
"""
NO_OWNER = """package pipeline

import rego.v1

deny contains msg if {
\tobject.get(object.get(input.pipeline, "tags", {}), "owner", "") != ""
\tmsg := "an owner"
}
"""
SLOW = (
    """package pipeline

import rego.v1

deny contains msg if {
\tsome a, b, c
\t[_, one] := walk(input.pipeline)
\tsome stage in input.pipeline.stages
\tsome step in stage.stage.spec.execution.steps
\t[_, two] := walk(step)
\tone == "never"
\ttwo == "never"
\tmsg := sprintf("%v %v %v", [a, b, c])
}
""".replace("\tsome a, b, c\n", "\ta := 1\n\tb := 2\n\tc := 3\n")
    .replace("[_, one] := walk(input.pipeline)", "walk(input.pipeline, [_, one])")
    .replace("[_, two] := walk(step)", "walk(input.pipeline, [_, two])")
)


def case(expect: str, tags: dict[str, str]) -> dict[str, object]:
    return {"name": expect, "document": {"pipeline": {"identifier": "p", "tags": tags}}, "expect": expect}


def save(cast, identifier: str, rego: str, **fields: object) -> None:
    admit(Change("save", "policy", "acme", identifier, rego, fields=fields), actor=by_hand(cast.pat))


def in_force(cast, identifier: str) -> None:
    pat, eli = by_hand(cast.pat), by_hand(cast.eli)
    admit(Change("submit", "policy", "acme", identifier), actor=pat)
    admit(Change("approve", "policy", "acme", identifier), actor=eli)
    admit(Change("activate", "policy", "acme", identifier), actor=eli)


def report(cast, identifier: str):
    return policy_query.report(by_hand(cast.pat), "acme", identifier, 1)


def test_a_drafted_policy_comes_with_a_clean_report(cast, stub_gate):
    starter = next(s for s in starters() if s.identifier == "production_needs_approval")
    cases = [vars(c) for c in derive(starter.rule)]
    save(cast, "approve", standalone(starter.rule), rule=starter.rule.model_dump(mode="json"), cases=cases)
    found = report(cast, "approve")
    assert (found.errors, found.mutation_score) == (0, 1.0)
    assert found.coverage is not None
    assert found.coverage > 0.7
    assert found.cases == len(cases)


def test_a_case_that_comes_out_otherwise_and_a_line_no_case_reaches_are_named(cast, stub_gate):
    save(cast, "owner", OWNER, cases=[case("deny", {"owner": "x"})])
    found = report(cast, "owner")
    assert [f.check for f in found.findings if f.severity == "error"] == ["case"]
    assert found.uncovered


def test_a_report_is_kept_until_what_it_rests_on_changes(cast, stub_gate):
    save(cast, "owner", OWNER, cases=[case("deny", {}), case("allow", {"owner": "x"})])
    first = report(cast, "owner")
    assert report(cast, "owner").made_at == first.made_at
    PolicyReport.objects.update(basis="another")
    assert report(cast, "owner").made_at > first.made_at


def test_two_policies_that_leave_nothing_to_pass_are_named(cast, stub_gate):
    save(cast, "owner", OWNER, name="Owner", cases=[case("deny", {}), case("allow", {"owner": "x"})])
    in_force(cast, "owner")
    members = [{"policy": "owner", "severity": "error"}]
    fields = {"entity": "pipeline", "event": "onsave", "members": members}
    admit(Change("save", "policy_set", "acme", "all", fields=fields), actor=by_hand(cast.ada))
    save(cast, "none", NO_OWNER, cases=[case("allow", {}), case("deny", {"owner": "x"})])
    (finding,) = [f for f in report(cast, "none").findings if f.check == "conflict"]
    assert "together with Owner" in finding.message


def test_policies_that_a_joined_document_passes_are_no_conflict():
    def decide(documents):
        return {
            "a": ["owner" not in d.get("tags", {}) for d in documents],
            "b": [not d.get("stages") for d in documents],
        }

    passing = {"a": [{"tags": {"owner": "x"}}], "b": [{"stages": [1]}]}
    assert conflicts("a", passing, [], decide) == []


def test_documents_are_joined_key_by_key_and_lists_one_after_the_other():
    assert join({"a": [1], "b": 1}, {"a": [2], "b": 2, "c": 3}) == {"a": [1, 2], "b": 1, "c": 3}


def test_a_policy_that_takes_far_longer_than_another_is_not_put_in_force_and_the_line_is_named(
    cast, stub_gate
):
    save(cast, "slow", SLOW)
    with pytest.raises(Conflict) as refused:
        in_force(cast, "slow")
    assert (
        "Line 9" in str(refused.value)
        or "Line 10" in str(refused.value)
        or "did not finish" in str(refused.value)
    )
