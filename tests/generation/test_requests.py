"""The own set of requests: how many are read right, and that hardly any is read wrong."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

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


# least share of right readings and most wrong ones, per set: of the tuned part, of the held-out part
BARS = {
    "": ((0.9, 0.02), (0.7, 0.04)),
    "wide": ((0.8, 0.01), (0.65, 0.03)),
    "delivery": ((0.85, 0.01), (0.53, 0.02)),
}


def scored(name: str, held_out: bool) -> Counter[str]:
    mine = [i for i in ITEMS if i["held_out"] is held_out and _set_of(i) == name]
    return Counter(outcome(item) for item in mine)


def _set_of(item: dict[str, Any]) -> str:
    return next((name for name in BARS if name and item["id"].startswith(f"{name}-")), "")


def test_the_file_is_what_the_readable_lists_say() -> None:
    from tests.generation.write_requests import SETS, items

    assert list(SETS) == list(BARS)
    assert [(i["id"], i["prompt"]) for i in items()] == [(i["id"], i["prompt"]) for i in ITEMS]


def test_the_set_is_large_enough_and_a_third_is_kept_aside() -> None:
    assert len(ITEMS) >= 300
    assert sum(item["held_out"] for item in ITEMS) >= len(ITEMS) // 3 - len(BARS)
    assert sum(bool(item.get("expect_clarify")) for item in ITEMS) >= 20


@pytest.mark.parametrize("name", BARS)
def test_most_requests_of_the_tuned_part_are_read_right(name: str) -> None:
    _reaches(BARS[name][0], scored(name, held_out=False))


@pytest.mark.parametrize("name", BARS)
def test_held_out_requests_are_rarely_read_wrong(name: str) -> None:
    _reaches(BARS[name][1], scored(name, held_out=True))


def _reaches(bar: tuple[float, float], found: Counter[str]) -> None:
    assert found["right"] >= bar[0] * found.total(), found
    assert found["wrong"] <= bar[1] * found.total(), found
