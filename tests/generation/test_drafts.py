"""The own sets of pipelines and fixes: how many are answered right, and that hardly any document is wrong."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from templates_catalog.authoring import draft
from tests.generation.marking import RULES, mark_fix, mark_pipeline

HERE = Path(__file__).parent
WORLD = json.loads((HERE / "world.json").read_text(encoding="utf-8"))
ASKED = ("id", "prompt", "catalog", "user", "request", "document", "violations", "policies")


def items(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (HERE / name).read_text(encoding="utf-8").splitlines()]


def pipeline(item: dict[str, Any]) -> str:
    asked = {key: item[key] for key in ASKED if key in item}
    return mark_pipeline(item, draft.answer(asked, HERE / "catalogs", WORLD))[0]


def fix(item: dict[str, Any]) -> str:
    asked = {key: item[key] for key in ASKED if key in item}
    return mark_fix(item, draft.fix_answer(asked, RULES, WORLD))[0]


@pytest.fixture(scope="module")
def pipelines() -> dict[bool, Counter[str]]:
    return scored("builds.jsonl", pipeline)


@pytest.fixture(scope="module")
def fixes() -> dict[bool, Counter[str]]:
    return scored("repairs.jsonl", fix)


def scored(name: str, mark: Any) -> dict[bool, Counter[str]]:
    found: dict[bool, Counter[str]] = {True: Counter(), False: Counter()}
    for item in items(name):
        found[item["held_out"]][mark(item)] += 1
    return found


def test_the_files_are_what_the_readable_lists_say() -> None:
    from tests.generation import write_drafts
    from tests.generation.asked import library

    assert [(i["id"], i["prompt"]) for i in items("builds.jsonl")] == [
        (i["id"], i["prompt"]) for i in write_drafts.pipelines()
    ]
    assert [(i["id"], i["request"]) for i in items("repairs.jsonl")] == [
        (i["id"], i["request"]) for i in write_drafts.fixes()
    ]
    kept = json.loads((HERE / "catalogs" / "halden.yaml").read_text(encoding="utf-8"))
    assert kept == library.catalogue()


def test_a_third_of_both_sets_is_kept_aside() -> None:
    for name, least in (("builds.jsonl", 80), ("repairs.jsonl", 50)):
        found = items(name)
        assert len(found) >= least
        assert sum(item["held_out"] for item in found) >= len(found) // 3 - 1


def test_pipelines_are_mostly_right_and_rarely_wrong(pipelines) -> None:
    tuned, aside = pipelines[False], pipelines[True]
    assert tuned["right"] >= 0.95 * tuned.total(), tuned
    assert tuned["wrong"] <= 0.03 * tuned.total(), tuned
    assert aside["right"] >= 0.84 * aside.total(), aside
    assert aside["wrong"] <= 0.12 * aside.total(), aside


def test_fixes_are_mostly_right_and_rarely_wrong(fixes) -> None:
    tuned, aside = fixes[False], fixes[True]
    assert tuned["right"] >= 0.95 * tuned.total(), tuned
    assert tuned["wrong"] == 0, tuned
    assert aside["right"] >= 0.65 * aside.total(), aside
    assert aside["wrong"] <= 0.12 * aside.total(), aside


def test_what_a_fix_leaves_alone_is_the_same_document(fixes) -> None:
    """Without a fix nothing is handed back; a document given is never changed in place."""
    for item in items("repairs.jsonl")[:12]:
        before = json.dumps(item["document"])
        draft.fix_answer({key: item[key] for key in ASKED if key in item}, RULES, WORLD)
        assert json.dumps(item["document"]) == before
