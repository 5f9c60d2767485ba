"""What a request says of a document in the installation of the own sets, or that it is asked about."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from governance.authoring.facts import Facts
from governance.authoring.judge import judge
from governance.authoring.planner import Draft, Question, plan

WORLD = Path(__file__).parents[3] / "generation" / "world.json"
FACTS = Facts.from_world(json.loads(WORLD.read_text(encoding="utf-8")))


def denied(text: str, document: Any) -> bool:
    planned = plan(text, FACTS)
    assert isinstance(planned, Draft), planned
    return bool(judge(planned.rule, document))


def asked(text: str) -> bool:
    return isinstance(plan(text, FACTS), Question)
