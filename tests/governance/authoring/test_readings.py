"""Two readings are told apart by a document; what a person chooses is what is drafted."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from governance.authoring import rule as r
from governance.authoring.checks.mutation import rule_mutants
from governance.authoring.facts import Facts
from governance.authoring.judge import judge
from governance.authoring.planner import Draft, Question, plan
from governance.authoring.readings import difference
from governance.authoring.rule import Rule
from tests.governance.authoring.dev_rules import OTHERS, RULES

FACTS = Facts.from_world(
    {
        "user_groups": [
            {"identifier": "release_managers", "name": "Release Managers"},
            {"identifier": "security_team", "name": "Security Team"},
        ],
        "environments": [{"identifier": "prod", "name": "Production", "type": "Production"}],
    }
)
# request, what is asked, a change of it that leaves nothing open
OPEN = [
    ("Deny a service if it has no owner tag and its name starts with tmp- or it has no description.",
     "belongs together",
     "Deny a service if it has no owner tag and its name starts with tmp-, or it has no description."),
    ("Services must not have an owner tag and a team tag.", "all of them at once",
     "Services must not have an owner tag or a team tag."),
    ("Services without an owner tag and a description are not allowed.", "both are missing",
     "Services without an owner tag or a description are not allowed."),
    ("Deny services if they have no owner tag or description.", "or one of it",
     "Deny services if they have no owner tag or no description."),
    ("Services must have an owner tag and must have a description unless the name starts with test-.",
     "only for the last",
     "Services must have an owner tag and must have a description, unless the name starts with test-."),
    ("Every pipeline must have a description and every stage must have a failure strategy unless the pipeline has "
     "the tag test.", "only for its last part",
     "Every pipeline must have a description. Every stage must have a failure strategy unless the pipeline has the tag test."),
    ("Shell script steps and HTTP steps in production stages must have a timeout.", "belong to both",
     "HTTP steps in production stages must have a timeout."),
    ("Run steps in stages with a timeout above 1h must have a failure strategy.", "the steps or the stages",
     "Run steps with a timeout above 1h must have a failure strategy."),
    ("Deny pipelines if all stages do not have a failure strategy.", "is one enough",
     "Deny pipelines if all stages have a failure strategy."),
    ("Only members of release managers and security team may deploy to production.", "those who are in both",
     "Only members of release managers or security team may deploy to production."),
    ("No production deployments on Fridays and in December.", "one time or two",
     "No production deployments on Fridays or in December."),
]  # fmt: skip


@pytest.mark.parametrize(("request_", "asks", "_"), OPEN, ids=[x[1] for x in OPEN])
def test_what_can_be_meant_in_two_ways_is_asked_with_the_document_that_differs(
    request_: str, asks: str, _: str
) -> None:
    found = plan(request_, FACTS)
    assert isinstance(found, Question)
    assert asks in found.asks
    first, second = found.options
    assert first.witness == second.witness
    assert first.denies is not second.denies
    for option in found.options:
        assert bool(judge(option.rule, option.witness)) is option.denies
        assert option.explanation
    assert first.explanation != second.explanation
    assert 0 < found.agreed < found.tried


@pytest.mark.parametrize(("request_", "asks", "_"), OPEN, ids=[x[1] for x in OPEN])
def test_the_reading_that_is_chosen_is_the_draft(request_: str, asks: str, _: str) -> None:
    found = plan(request_, FACTS)
    assert isinstance(found, Question)
    for option in found.options:
        drafted = plan(request_, FACTS, [option.key])
        assert isinstance(drafted, Draft)
        assert drafted.rule == option.rule
        assert [(c.label, c.key) for c in drafted.chosen] == [(option.label, option.key)]
        assert drafted.chosen[0].said in request_


@pytest.mark.parametrize(("_", "asks", "clear"), OPEN, ids=[x[1] for x in OPEN])
def test_a_comma_or_another_word_leaves_nothing_to_ask(_: str, asks: str, clear: str) -> None:
    assert isinstance(plan(clear, FACTS), Draft)


def test_a_choice_nobody_was_offered_is_asked_again() -> None:
    found = plan(OPEN[0][0], FACTS, ["0123456789ab"])
    assert isinstance(found, Question)
    assert len(found.options) == 2
    assert found.chosen == ()


def test_two_open_places_are_asked_one_after_the_other() -> None:
    request = (
        "Services must have an owner tag and must have a description unless the name starts with test-. "
        "Services without a team tag and a tier tag are not allowed."
    )
    first = plan(request, FACTS)
    assert isinstance(first, Question)
    second = plan(request, FACTS, [first.options[1].key])
    assert isinstance(second, Question)
    assert second.asks != first.asks
    assert [c.key for c in second.chosen] == [first.options[1].key]
    rules = set()
    for one, two in itertools.product(first.options, (0, 1)):
        asked = plan(request, FACTS, [one.key])
        assert isinstance(asked, Question)
        drafted = plan(request, FACTS, [one.key, asked.options[two].key])
        assert isinstance(drafted, Draft)
        rules.add(drafted.rule.model_dump_json())
    assert len(rules) == 4


@pytest.mark.parametrize(
    "request_",
    [
        "Services must have an owner tag and a description unless the name starts with test-.",
        "Only release managers and security team may deploy to production.",
        "Every stage must have a failure strategy unless it deploys to production.",
        "Services must have no owner tag or description.",
        "Production deployments must not happen on Saturdays and Sundays.",
        "Services without both an owner tag and a description are not allowed.",
        "Pipelines must not have both a ShellScript step and a Run step.",
    ],
)
def test_where_one_reading_is_far_likelier_nothing_is_asked(request_: str) -> None:
    assert isinstance(plan(request_, FACTS), Draft)


def test_an_exception_is_a_phrase_of_its_own_and_no_word_is_lost() -> None:
    request = "Services must have an owner tag and a description unless the name starts with test-."
    drafted = plan(request, FACTS)
    assert isinstance(drafted, Draft)
    rule, exception = drafted.reading
    assert exception.text == "unless the name starts with test-"
    assert "test-" in exception.meaning
    assert "test-" not in rule.meaning
    assert " ".join(p.text for p in drafted.reading) == request.rstrip(".")
    assert [request[p.start : p.end] for p in drafted.reading] == [p.text for p in drafted.reading]


# --- telling rules apart --------------------------------------------------------------------


def field_test(path: tuple[str, ...], op: Any, to: tuple[str, ...] = ()) -> r.Test:
    return r.Test(value=r.Field(path=path), op=op, to=to)


ATOMS = [
    field_test(("tags", "owner"), "present"),
    field_test(("description",), "present"),
    field_test(("name",), "starts_with", ("tmp-",)),
]
conditions = st.recursive(
    st.sampled_from(ATOMS),
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=3).map(lambda of: r.All(of=tuple(of))),
        st.lists(inner, min_size=2, max_size=3).map(lambda of: r.Any(of=tuple(of))),
        inner.map(lambda of: r.Not(of=of)),
    ),
    max_leaves=5,
)
clauses = st.builds(
    lambda where, unless, demand: r.Clause(where=where, unless=unless, demand=demand, message="no"),
    conditions, st.none() | conditions, conditions,
)  # fmt: skip
rules = clauses.map(lambda clause: Rule(entity="service", title="t", clauses=(clause,)))


def every_service() -> list[dict[str, Any]]:
    """A service for each way the atoms can be true and false."""
    out = []
    for owner, text, name in itertools.product(("", "x"), ("", "x"), ("tmp-a", "a")):
        out.append(
            {"serviceEntity": {"name": name, "description": text, "tags": {"owner": owner}}, "metadata": {}}
        )
    return out


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(first=rules, second=rules)
def test_a_witness_differs_and_there_is_one_where_rules_differ(first: Rule, second: Rule) -> None:
    found = difference(first, second)
    apart = [d for d in every_service() if bool(judge(first, d)) != bool(judge(second, d))]
    assert (found is None) is (not apart)
    if found is not None:
        assert bool(judge(first, found.document)) is not bool(judge(second, found.document))


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_the_witness_between_a_rule_and_a_changed_one_really_differs(data: st.DataObject) -> None:
    rule = data.draw(st.sampled_from(list({**RULES, **OTHERS}.values())))
    changed = data.draw(st.sampled_from([mutant for _, mutant in rule_mutants(rule)] or [rule]))
    found = difference(rule, changed)
    if found is not None:
        assert bool(judge(rule, found.document)) is not bool(judge(changed, found.document))


def test_a_rule_does_not_differ_from_itself_said_otherwise() -> None:
    for rule in RULES.values():
        assert difference(rule, rule.model_copy(update={"title": "another title"})) is None
