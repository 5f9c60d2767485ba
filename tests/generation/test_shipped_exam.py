"""The exam that comes with the product: complete, decidable, and about nothing the planner was tuned on."""

from __future__ import annotations

import json
from pathlib import Path

from governance.exam import paper as papers
from tests.conftest import SHARED_EXAM
from tests.generation.shipped import FILE, lines

HERE = Path(__file__).parent


def prompts(file: Path) -> set[str]:
    return {json.loads(line)["prompt"] for line in file.read_text(encoding="utf-8").splitlines()}


def test_the_file_is_what_the_readable_list_says() -> None:
    assert FILE.read_text(encoding="utf-8").splitlines() == lines()


def test_every_item_can_be_missed_in_both_directions() -> None:
    paper = papers.shipped()
    decidable = [item for item in paper.items if not item.expect_clarify]
    assert len(decidable) >= 30
    assert len(paper.items) - len(decidable) >= 4
    for item in decidable:
        assert {case.expect for case in item.cases} == {"deny", "allow"}, item.id


def test_none_of_its_requests_stands_in_another_set() -> None:
    others = prompts(HERE / "requests.jsonl")
    if SHARED_EXAM.exists():
        others |= prompts(SHARED_EXAM / "policies_dev.jsonl")
    assert not others & {item.prompt for item in papers.shipped().items}
