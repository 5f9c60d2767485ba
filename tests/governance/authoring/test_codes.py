"""What a violation of a drafted policy is known by."""

from __future__ import annotations

import pytest

from governance.authoring.codes import LONGEST, with_codes
from governance.authoring.compile import standalone
from governance.authoring.facts import Facts
from governance.authoring.planner import Draft, plan
from governance.authoring.rule import Rule


def drafted(text: str) -> Rule:
    found = plan(text, Facts())
    assert isinstance(found, Draft)
    return found.rule


def codes(rule: Rule) -> list[str]:
    return [clause.code for clause in rule.clauses]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Services must have an owner tag.", "service-tag-owner"),
        ("ShellScript steps are forbidden.", "step-no-type-shellscript"),
        ("Pipelines may have at most 10 stages.", "pipeline-number-stages-parallel-ones-most-10"),
        ("Pipeline identifiers must match ^[a-z]{2,30}$.", "pipeline-identifier-matches-pattern"),
    ],
)
def test_a_draft_gives_each_violation_a_code_of_what_it_demands(text: str, code: str) -> None:
    rule = drafted(text)
    assert codes(rule) == [code]
    assert f'"code": "{code}"' in standalone(rule)


def test_the_same_rule_said_otherwise_has_the_same_codes() -> None:
    said = ("Services must have an owner tag.", "Every service needs the tag owner.")
    assert codes(drafted(said[0])) == codes(drafted(said[1]))


def test_two_clauses_never_share_a_code_and_a_code_that_somebody_chose_stays() -> None:
    rule = drafted("Services must have an owner tag.")
    (clause,) = rule.clauses
    bare = clause.model_copy(update={"code": ""})
    chosen = clause.model_copy(update={"code": "chosen"})
    three = with_codes(rule.model_copy(update={"clauses": (bare, chosen, bare)}))
    assert codes(three) == ["service-tag-owner", "chosen", "service-tag-owner-2"]


def test_a_long_demand_ends_with_a_whole_word() -> None:
    (code,) = codes(drafted("Pipelines must have a description and the tags owner, team, region and tier."))
    assert len(code) <= LONGEST
    assert code.split("-")[-1] in {"description", "tag", "owner", "team", "region", "tier"}
