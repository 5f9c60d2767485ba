"""Standalone module, linked module and judge say the same, whatever the document."""

from __future__ import annotations

import os
import random
from typing import Any

import pytest

from governance.authoring.cases import derive
from governance.authoring.compile import library_source, linked, standalone
from governance.authoring.judge import judge
from governance.engines import opa_cli
from tests.governance.authoring.dev_rules import OTHERS, RULES
from tests.governance.authoring.mutants import mutated

pytestmark = pytest.mark.opa
EVERY = {**RULES, **OTHERS}
DOCUMENTS = [case.document for rule in EVERY.values() for case in derive(rule)]


def answers(rules: dict[str, Any], documents: list[Any]) -> list[dict[str, list[set[str]]]]:
    """What both modules of every rule say about every document, from one process."""
    modules = {"library.rego": library_source()}
    parts = []
    for number, rule in enumerate(rules.values()):
        modules[f"s{number}.rego"] = standalone(rule, f"standalone_{number}")
        modules[f"l{number}.rego"] = linked(rule, f"linked_{number}")
        parts.append(f'"{number}": [data.standalone_{number}.deny, data.linked_{number}.deny]')
    ask = f"package ask\n\nanswer := {{{', '.join(parts)}}}\n"
    found = opa_cli.evaluate_rule(ask, "answer", documents, others=modules, limits=opa_cli.BULK)
    return [
        {name: [set(side) for side in answer[str(n)]] for n, name in enumerate(rules)} for answer in found
    ]


@pytest.mark.slow
def test_both_modules_and_the_judge_agree_on_a_thousand_odd_documents() -> None:
    number, batch = int(os.environ.get("EQUALITY_DOCUMENTS", "1000")), 125
    chance = random.Random(int(os.environ.get("EQUALITY_SEED", "2026")))
    documents = [mutated(chance.choice(DOCUMENTS), chance) for _ in range(number)]
    compared, denied = 0, 0
    for start in range(0, number, batch):
        some = documents[start : start + batch]
        for document, answer in zip(some, answers(EVERY, some), strict=True):
            for name, rule in EVERY.items():
                other = {"pipeline": "template", "template": "pipeline"}.get(rule.entity)
                if isinstance(document, dict) and other in document:
                    continue  # a self-contained module leaves out what is about the other kind
                judged = set(judge(rule, document))
                assert answer[name] == [judged, judged], (name, document)
                compared, denied = compared + 1, denied + bool(judged)
    assert len(EVERY) >= 20
    assert compared > number * 20 / 2
    assert denied > number / 10, "documents that nobody refuses would show nothing"
