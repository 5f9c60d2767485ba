"""Impact: what a draft would have changed, and that it is what the gate then does."""

from __future__ import annotations

import json
import os
import random
from typing import Any

import pytest

from governance import corpus, replay, replay_query, wiring
from governance.admission import admit
from governance.authoring.checks.together import join
from governance.engines import opa_cli
from governance.errors import Conflict, NotFound
from governance.kinds import Change
from governance.models import Replay
from governance.ports import Question
from governance.starters import starters
from tests.governance.drafting import NO_LATEST, bind, put_in_force
from tests.people import PROJECT, by_hand

SOURCE = "service:\n  name: {0}\n  identifier: {0}\n  tags: {{tier: {1}}}\n"
NO_GOLD = NO_LATEST.replace("latest", "gold")


def keep(cast: Any, identifier: str, tier: str, scope: str = PROJECT, who: str = "dana") -> None:
    change = Change("save", "service", scope, identifier, SOURCE.format(identifier, tier))
    admit(change, actor=by_hand(getattr(cast, who)))


def draft(cast: Any, rego: str = NO_LATEST, identifier: str = "no_latest") -> None:
    admit(
        Change("save", "policy", "acme", identifier, rego, fields={"entity": "service"}),
        actor=by_hand(cast.pat),
    )


def ask(cast: Any, days: int = 30, who: str = "pat") -> replay_query.ReplayView:
    change = Change("replay", "policy", "acme", "no_latest", fields={"days": days})
    made = admit(change, actor=by_hand(getattr(cast, who)))
    replay.run(str(made.data["replay"]))
    return replay_query.one(by_hand(cast.ada), str(made.data["replay"]))


pytestmark = pytest.mark.django_db


def test_what_is_stored_and_what_was_decided_is_decided_again(cast, stub_gate):
    keep(cast, "old", "latest")
    keep(cast, "fine", "gold")
    draft(cast)
    found = ask(cast)
    assert (found.state, found.total, found.done) == ("done", 4, 4)
    assert found.counts == {"newly_blocked": 2, "newly_passed": 0, "still_blocked": 0, "still_passed": 2}
    rows, _ = replay_query.rows(by_hand(cast.ada), found.id, outcome="newly_blocked")
    assert {(r.identifier, bool(r.evaluation)) for r in rows} == {("old", False), ("old", True)}
    assert rows[0].messages == ["tier may not be latest"]


def test_without_a_window_only_what_is_stored_is_looked_at(cast, stub_gate):
    keep(cast, "old", "latest")
    draft(cast)
    assert ask(cast, days=0).total == 1


def test_a_draft_that_hangs_ends_the_run_with_the_reason(cast, stub_gate):
    keep(cast, "old", "latest")
    draft(
        cast,
        'package service\n\ndeny contains "x" if {\n\tcount([1 | some a in numbers.range(1, 100000); some b in numbers.range(1, 100000); a * b == 7]) > 0\n}\n',
    )
    found = ask(cast)
    assert found.state == "failed"
    assert "did not finish" in found.reason


def test_one_impact_of_a_version_is_made_at_a_time_and_it_can_be_cancelled(cast, stub_gate):
    keep(cast, "old", "latest")
    draft(cast)
    change = Change("replay", "policy", "acme", "no_latest")
    made = admit(change, actor=by_hand(cast.pat))
    with pytest.raises(Conflict):
        admit(change, actor=by_hand(cast.eli))
    admit(Change("cancel_replay", "policy", "acme", "no_latest"), actor=by_hand(cast.pat))
    assert replay.run(str(made.data["replay"])) == ""
    assert Replay.objects.get().state == "cancelled"


def test_a_run_whose_worker_fell_silent_is_taken_up_again(cast, stub_gate):
    keep(cast, "old", "latest")
    draft(cast)
    made = admit(Change("replay", "policy", "acme", "no_latest"), actor=by_hand(cast.pat))
    rows = Replay.objects.filter(pk=made.data["replay"])
    rows.update(state="running")
    assert replay.waiting() == []
    assert replay.run(str(made.data["replay"])) == ""
    rows.update(touched_at=rows.get().touched_at - replay.SILENT_AFTER)
    assert replay.waiting() == [str(made.data["replay"])]
    assert replay.run(str(made.data["replay"])) == "done"


def test_documents_in_places_one_may_not_see_are_counted_but_not_shown(cast, stub_gate):
    admit(
        Change("save", "project", "acme/shop", "secret", fields={"name": "Secret"}), actor=by_hand(cast.ada)
    )
    keep(cast, "hidden", "latest", scope="acme/shop/secret", who="ada")
    keep(cast, "old", "latest")
    draft(cast)
    found = ask(cast, days=0)
    assert (found.counts["newly_blocked"], found.hidden) == (2, 0)
    seen = replay_query.one(by_hand(cast.dana), found.id)
    assert (seen.counts["newly_blocked"], seen.hidden) == (1, 1)
    assert "hidden" not in "".join(replay_query.export(by_hand(cast.dana), found.id))
    with pytest.raises(NotFound):
        replay_query.one(by_hand(cast.sam), found.id)


def test_a_file_of_it_is_safe_in_a_spreadsheet(cast, stub_gate):
    keep(cast, "old", "latest")
    draft(cast, NO_LATEST.replace('"tier may not be latest"', '"=1+1"'))
    found = ask(cast, days=0)
    text = "".join(replay_query.export(by_hand(cast.ada), found.id))
    assert "'=1+1" in text
    lines = [json.loads(line) for line in replay_query.export(by_hand(cast.ada), found.id, "jsonl")]
    assert lines[0]["outcome"] == "newly_blocked"


@pytest.mark.opa
@pytest.mark.slow
def test_a_newer_text_is_held_against_the_active_one(gate):
    put_in_force(gate, "no_latest", NO_LATEST, entity="service")
    keep(gate.cast, "old", "latest")
    keep(gate.cast, "fine", "gold")
    draft(gate.cast, NO_GOLD)
    counts = ask(gate.cast, days=0).counts
    assert counts == {"newly_blocked": 1, "newly_passed": 1, "still_blocked": 0, "still_passed": 0}


@pytest.mark.opa
@pytest.mark.slow
def test_an_impact_says_what_the_gate_then_does(gate):
    """Standalone text in limited processes against linked text in the sidecar."""
    number = int(os.environ.get("REPLAY_DOCUMENTS", "250"))
    chosen = [s for s in starters() if s.rule.entity == "pipeline"][:20]
    for starter in chosen:
        fields = {"entity": "pipeline", "rule": starter.rule.model_dump(mode="json")}
        put_in_force(gate, starter.identifier, opa_cli.fmt(starter.rego), **fields)
    bind(gate, "all", "pipeline", [s.identifier for s in chosen])
    gate.settle()
    documents = [random_document(random.Random(seed)) for seed in range(number)]
    question = Question(scopes=("acme",), kind="pipeline", event="onsave")
    said = [
        wiring.engine().decide(question, json.dumps(d).encode(), timeout_ms=5000).policies for d in documents
    ]
    differences = []
    for starter in chosen:
        for n, found in enumerate(replay.decide_all(starter.rego, documents)):
            answer = next(p for p in said[n] if p.policy == f"acme/{starter.identifier}")
            if bool(found) != bool(answer.violations):
                differences.append((starter.identifier, n))
    assert len(chosen) == 20
    assert differences == []


def random_document(chance: random.Random) -> Any:
    """Two to four example documents in one, with some parts taken out."""
    found = chance.choice(EXAMPLES)
    for _ in range(chance.randint(1, 3)):
        found = join(found, chance.choice(EXAMPLES))
    return thinned(found, chance)


def thinned(node: Any, chance: random.Random) -> Any:
    if isinstance(node, dict):
        return {
            k: thinned(v, chance)
            for k, v in node.items()
            if k in ("pipeline", "metadata") or chance.random() > 0.04
        }
    if isinstance(node, list):
        return [thinned(v, chance) for v in node if chance.random() > 0.1]
    return node


EXAMPLES = corpus.documents("pipeline")
