"""Rules written by hand for known requests decide the known documents as people labelled them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from governance.authoring.compile import library_source, linked, standalone
from governance.authoring.judge import judge
from governance.engines import opa_cli
from tests.governance.authoring.dev_rules import RULES

EXAM = Path(__file__).parents[4] / "shared" / "exam" / "policies_dev.jsonl"


def items() -> list[dict[str, object]]:
    if not EXAM.exists():
        return []
    found = [json.loads(line) for line in EXAM.read_text().splitlines()]
    return [item for item in found if item.get("cases") and item["id"] in RULES]


pytestmark = pytest.mark.skipif(not EXAM.exists(), reason=f"{EXAM} is not here")


@pytest.mark.parametrize("item", items(), ids=lambda item: item["id"])
def test_a_rule_judges_every_labelled_document_right(item: dict[str, list[dict[str, object]]]) -> None:
    wrong = [
        case["name"]
        for case in item["cases"]
        if bool(judge(RULES[item["id"]], case["input"])) != (case["expect"] == "deny")
    ]
    assert not wrong


@pytest.mark.opa
@pytest.mark.parametrize("item", items(), ids=lambda item: item["id"])
def test_both_modules_give_the_messages_the_judge_gives(item: dict[str, list[dict[str, object]]]) -> None:
    rule = RULES[item["id"]]
    documents = [case["input"] for case in item["cases"]]
    judged = [set(judge(rule, document)) for document in documents]
    assert opa_cli.evaluate(standalone(rule), documents) == judged
    library = {"library.rego": library_source()}
    assert opa_cli.evaluate(linked(rule), documents, others=library) == judged
