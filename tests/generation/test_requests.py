"""The own set of requests: how many are read right, and that hardly any is read wrong."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

from governance.authoring.facts import Facts
from governance.authoring.judge import judge
from governance.authoring.planner import Draft, plan

HERE = Path(__file__).parent
ITEMS = [json.loads(line) for line in (HERE / "requests.jsonl").read_text(encoding="utf-8").splitlines()]
FACTS = Facts.from_world(json.loads((HERE / "world.json").read_text(encoding="utf-8")))


def outcome(item: dict[str, Any]) -> str:
    planned = plan(item["prompt"], FACTS)
    if not isinstance(planned, Draft):
        return "right" if item.get("expect_clarify") else "asked"
    if item.get("expect_clarify"):
        return "wrong"
    agrees = all(bool(judge(planned.rule, c["input"])) == (c["expect"] == "deny") for c in item["cases"])
    return "right" if agrees else "wrong"


def scored(held_out: bool) -> Counter[str]:
    return Counter(outcome(item) for item in ITEMS if item["held_out"] is held_out)


def test_the_file_is_what_the_readable_lists_say() -> None:
    from tests.generation.write_requests import items

    assert [(i["id"], i["prompt"]) for i in items()] == [(i["id"], i["prompt"]) for i in ITEMS]


def test_the_set_is_large_enough_and_a_third_is_kept_aside() -> None:
    assert len(ITEMS) >= 150
    assert sum(item["held_out"] for item in ITEMS) >= len(ITEMS) // 3 - 1
    assert sum(bool(item.get("expect_clarify")) for item in ITEMS) >= 20


def test_most_requests_of_the_tuned_part_are_read_right() -> None:
    found = scored(held_out=False)
    assert found["right"] >= 0.9 * found.total(), found
    assert found["wrong"] <= 0.02 * found.total(), found


def test_held_out_requests_are_rarely_read_wrong() -> None:
    found = scored(held_out=True)
    assert found["right"] >= 0.7 * found.total(), found
    assert found["wrong"] <= 0.04 * found.total(), found
