"""That an impact is what the gate then does: standalone text in limited processes, linked in the sidecar."""

from __future__ import annotations

import json
import os
import random

import pytest

from governance import corpus, replay, wiring
from governance.engines import opa_cli
from governance.ports import Question
from governance.starters import starters
from tests.governance.drafting import NO_LATEST, bind, put_in_force
from tests.governance.random_documents import random_document
from tests.governance.replaying import ask, draft, keep

NO_GOLD = NO_LATEST.replace("latest", "gold")
pytestmark = [pytest.mark.opa, pytest.mark.slow]


def test_a_newer_text_is_held_against_the_active_one(gate):
    put_in_force(gate, "no_latest", NO_LATEST, entity="service")
    keep(gate.cast, "old", "latest")
    keep(gate.cast, "fine", "gold")
    draft(gate.cast, NO_GOLD)
    counts = ask(gate.cast, days=0).counts
    assert counts == {"newly_blocked": 1, "newly_passed": 1, "still_blocked": 0, "still_passed": 0}


def test_what_is_in_force_refuses_nothing_newly(gate):
    put_in_force(gate, "no_latest", NO_LATEST, entity="service")
    keep(gate.cast, "old", "latest")
    keep(gate.cast, "fine", "gold")
    found = ask(gate.cast, days=0)
    assert (found.against, found.version) == (1, 1)
    assert found.counts == {"newly_blocked": 0, "newly_passed": 0, "still_blocked": 1, "still_passed": 1}


def test_an_impact_says_what_the_gate_then_does(gate):
    number = int(os.environ.get("REPLAY_DOCUMENTS", "1000"))
    chosen = [s for s in starters() if s.rule.entity == "pipeline"][:20]
    for starter in chosen:
        rule = starter.rule.model_dump(mode="json")
        put_in_force(gate, starter.identifier, opa_cli.fmt(starter.rego), rule=rule)
    bind(gate, "all", "pipeline", [s.identifier for s in chosen])
    gate.settle()
    examples = corpus.documents("pipeline")
    documents = [random_document(random.Random(seed), examples) for seed in range(number)]
    question = Question(scopes=("acme",), kind="pipeline", event="onsave")
    said = [
        wiring.engine().decide(question, json.dumps(d).encode(), timeout_ms=5000).found for d in documents
    ]
    differences = []
    for starter in chosen:
        for n, found in enumerate(replay.decide_all(starter.rego, documents)):
            if set(found) != {v["msg"] for v in said[n][f"acme/{starter.identifier}"]}:
                differences.append((starter.identifier, n))
    assert len(chosen) == 20
    assert differences == []
    refused = {s.identifier for s in chosen if any(d[f"acme/{s.identifier}"] for d in said)}
    assert len(refused) > 10, "documents that nobody refuses would show nothing"
