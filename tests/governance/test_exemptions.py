"""Exemptions: who may ask and grant, what they let pass, and everything they die of."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from audit import clock
from governance import exempting, exemption_query
from governance.admission import admit
from governance.errors import Blocked, Conflict, Denied, Invalid, NotFound
from governance.kinds import Change
from governance.models import Evaluation, Exemption
from tests.governance.drafting import NO_LATEST, bind, put_in_force
from tests.people import PROJECT, by_hand

pytestmark = [pytest.mark.opa, pytest.mark.slow]

SOURCE = "service:\n  name: ship\n  identifier: ship\n  description: {about}\n  tags: {{tier: {tier}}}\n"
PATH = "serviceEntity.tags.tier"


@pytest.fixture
def ruled(gate: Any) -> Any:
    put_in_force(gate, "no_latest", NO_LATEST, entity="service")
    bind(gate, "services", "service", ["no_latest"])
    gate.settle()
    return gate


def save(gate: Any, tier: str = "latest", about: str = "x", who: str = "dana") -> Any:
    change = Change("save", "service", PROJECT, "ship", SOURCE.format(tier=tier, about=about))
    return admit(change, actor=by_hand(getattr(gate.cast, who)))


def ask(gate: Any, *, days: int = 30, who: str = "dana", identifier: str = "ship_1", **also: Any) -> None:
    with pytest.raises(Blocked) as refused:
        save(gate)
    fields = {
        "evaluation": str(refused.value.decision.evaluation_id), "policy": "acme/no_latest", "path": PATH,
        "reason": "the move to gold is planned", "until": str(clock.now().date() + timedelta(days=days)),
        **also,
    }  # fmt: skip
    change = Change("ask", "exemption", PROJECT, identifier, fields=fields)
    admit(change, actor=by_hand(getattr(gate.cast, who)))


def decide(gate: Any, verb: str = "grant", who: str = "eli") -> None:
    admit(Change(verb, "exemption", PROJECT, "ship_1"), actor=by_hand(getattr(gate.cast, who)))


def standing(gate: Any) -> str:
    return exemption_query.exemption(by_hand(gate.cast.ada), PROJECT, "ship_1").standing


def test_what_was_granted_passes_with_a_warning_and_is_on_record(ruled: Any) -> None:
    ask(ruled)
    with pytest.raises(Blocked):
        save(ruled)
    assert standing(ruled) == "asked"
    decide(ruled)
    done = save(ruled)
    assert [w.message.startswith("tier may not be latest (exempt until") for w in done.warnings] == [True]
    row = Evaluation.objects.latest("at")
    assert (row.status, row.details[0]["status"]) == ("warning", "exempt")
    assert row.details[0]["violations"][0]["exemption"] == "ship_1"
    assert standing(ruled) == "holds"


def test_it_dies_when_the_fragment_changes_and_not_when_something_else_does(ruled: Any) -> None:
    ask(ruled)
    decide(ruled)
    save(ruled, about="other words")
    save(ruled, tier="gold")
    assert standing(ruled) == "fragment_changed"
    # What it was granted for is what it is for: the same fragment again is the same exemption.
    save(ruled)
    assert standing(ruled) == "holds"


def test_one_for_the_whole_document_dies_with_any_change_of_it(ruled: Any) -> None:
    ask(ruled, whole=True)
    decide(ruled)
    save(ruled)
    with pytest.raises(Blocked):
        save(ruled, about="other words")


def test_it_dies_on_its_date(ruled: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    ask(ruled, days=3)
    decide(ruled)
    save(ruled)
    later = clock.now().date() + timedelta(days=4)
    monkeypatch.setattr(exempting, "today", lambda: later)
    with pytest.raises(Blocked):
        save(ruled)
    assert standing(ruled) == "over"


def test_it_dies_when_the_rule_changes(ruled: Any) -> None:
    ask(ruled)
    decide(ruled)
    put_in_force(ruled, "no_latest", NO_LATEST.replace("may not be", "must never be"), entity="service")
    ruled.settle()
    with pytest.raises(Blocked):
        save(ruled)
    assert standing(ruled) == "rule_changed"


def test_it_dies_when_it_is_revoked(ruled: Any) -> None:
    ask(ruled)
    decide(ruled)
    save(ruled)
    decide(ruled, "revoke")
    with pytest.raises(Blocked):
        save(ruled)


def test_nobody_grants_their_own_and_developers_grant_nothing(ruled: Any) -> None:
    ask(ruled, who="ada")
    with pytest.raises(Denied, match="you asked for"):
        decide(ruled, who="ada")
    with pytest.raises((Denied, NotFound)):
        decide(ruled, who="dana")
    assert Exemption.objects.get().state == "asked"


def test_whoever_asks_does_not_choose_who_grants(ruled: Any) -> None:
    ask(ruled, who="ada")
    fields = {"role": "policy_approver", "principal": "user:omar"}
    chosen = Change("grant", "role_binding", "acme", "omar_approves", fields=fields)
    admit(chosen, actor=by_hand(ruled.cast.ada))
    with pytest.raises(Denied, match="exemption ship_1 by a right that Ada gave you"):
        decide(ruled, who="omar")
    decide(ruled)


def test_nobody_grants_one_from_what_stopped_them_though_another_asked(ruled: Any) -> None:
    with pytest.raises(Blocked) as refused:
        save(ruled, who="ada")
    ask(ruled, evaluation=str(refused.value.decision.evaluation_id))
    with pytest.raises(Denied, match="stopped your own change"):
        decide(ruled, who="ada")
    decide(ruled)
    assert Exemption.objects.get().state == "granted"


@pytest.mark.parametrize(
    ("also", "says"),
    [
        ({"until": "2020-01-01"}, "is over"),
        ({"days": 91}, "90 days at most"),
        ({"policy": "acme/nothing"}, "did not object"),
        ({"path": "serviceEntity.name"}, "did not object"),
        ({"reason": "short"}, "at least 10"),
    ],
)
def test_what_makes_no_sense_is_refused_with_its_reason(ruled: Any, also: Any, says: str) -> None:
    with pytest.raises(Invalid, match=says):
        ask(ruled, **also)
    assert not Exemption.objects.exists()


def test_a_decision_is_taken_once(ruled: Any) -> None:
    ask(ruled)
    decide(ruled)
    with pytest.raises(Conflict, match="granted already"):
        decide(ruled, "refuse")


def test_a_fragment_is_told_apart_by_every_value_in_it() -> None:
    document = {"pipeline": {"stages": [{"stage": {"name": "a", "x": [1, {"y": 2}]}}]}, "metadata": {"t": 1}}
    digest = exempting.fragment_digest
    assert digest(document, "pipeline.stages[0].stage.x[1].y")
    assert digest(document, "pipeline.stages[1]") == ""
    assert digest(document, "") == digest({**document, "metadata": {"t": 2}}, "")
