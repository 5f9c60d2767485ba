"""Score the planners of pipelines and of fixes on our own sets: right, wrong and asked per category.

python bench/exam/drafts.py pipelines --tuned --show     the part that may be read
python bench/exam/drafts.py fixes --held-out             counts only: items of this part are never shown
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from templates_catalog.authoring import draft  # noqa: E402
from tests.generation.marking import RULES, mark_fix, mark_pipeline  # noqa: E402

SETS = ROOT / "tests" / "generation"


def answered(what: str, item: dict[str, Any], world: dict[str, Any]) -> dict[str, Any]:
    asked = {
        key: item[key]
        for key in ("id", "prompt", "catalog", "user", "request", "document", "violations", "policies")
        if key in item
    }
    if what == "pipelines":
        return draft.answer(asked, SETS / "catalogs", world)
    return draft.fix_answer(asked, RULES, world)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("pipelines", "fixes"))
    parser.add_argument("--held-out", action="store_true")
    parser.add_argument("--tuned", action="store_true")
    parser.add_argument("--show", action="store_true")
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    world = json.loads((SETS / "world.json").read_text(encoding="utf-8"))
    file = SETS / ("builds.jsonl" if options.what == "pipelines" else "repairs.jsonl")
    items = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    if options.held_out or options.tuned:
        items = [item for item in items if item["held_out"] == options.held_out]
    mark = mark_pipeline if options.what == "pipelines" else mark_fix
    table: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    times = []
    for item in items:
        if options.only not in item["id"]:
            continue
        began = time.perf_counter()
        try:
            answer = answered(options.what, item, world)
        except Exception as problem:  # as the command does: one that breaks is one without an answer
            answer = {"notes": f"broke: {type(problem).__name__}: {problem}"}
        times.append(time.perf_counter() - began)
        result, why = mark(item, answer)
        for key in ("all", item["category"]):
            table[key][result] += 1
        if options.show and not item["held_out"] and (result != "right" or options.only):
            print(f"{item['id']:<26}{result:<7}{item.get('prompt') or item['request']}")
            print(f"{'':<33}{'; '.join(why)[:400]}")
            said = answer.get("notes") or f"{answer.get('sentence')} {answer.get('question')}"
            print(f"{'':<33}-> {said[:500]}")
    print(f"{'':<24}{'right':>7}{'wrong':>7}{'asked':>7}{'share':>8}")
    for key in sorted(table):
        row = table[key]
        print(
            f"{key:<24}{row['right']:>7}{row['wrong']:>7}{row['asked']:>7}{100 * row['right'] / sum(row.values()):>7.1f}%"
        )
    times.sort()
    print(
        f"median {1000 * times[len(times) // 2]:.0f} ms, p95 {1000 * times[int(len(times) * 0.95)]:.0f} ms, longest {1000 * times[-1]:.0f} ms"
    )


if __name__ == "__main__":
    main()
