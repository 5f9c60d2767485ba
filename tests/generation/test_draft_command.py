"""`manage.py draft policy` as somebody outside uses it: lines in, lines out, nothing else needed."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
WORLD = Path(__file__).with_name("world.json")


def answers(lines: list[str]) -> list[dict[str, object]]:
    """The answers to question lines, with an empty environment."""
    done = subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), "draft", "policy", "--world", str(WORLD)],
        input="\n".join(lines) + "\n",
        capture_output=True,
        text=True,
        env={},
        cwd=ROOT,
        timeout=120,
        check=True,
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_questions_are_answered_in_order_and_nothing_stops_it_half_way() -> None:
    found = answers(
        [
            json.dumps({"id": "one", "prompt": "Every service needs an owner tag."}),
            "this is not JSON",
            json.dumps(["neither", "is", "this"]),
            json.dumps({"id": "two", "prompt": "Make it all better."}),
            json.dumps({"id": "three"}),
            json.dumps({"id": "four", "prompt": "No public repositories."}),
        ]
    )
    assert [a["id"] for a in found] == ["one", None, None, "two", "three", "four"]
    assert [a["outcome"] for a in found] == ["policy", "refuse", "refuse", "clarify", "clarify", "policy"]
    assert "package service" in str(found[0]["rego"])
    assert found[3]["question"]
