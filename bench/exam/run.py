"""Score the planner of policies on an exam file: right, wrong and asked per category.

python bench/exam/run.py FILE --world WORLD            decided in Python (fast)
python bench/exam/run.py FILE --world WORLD --opa      compiled and decided by OPA
... --held-out / --tuned      only that part of a file that marks one
... --show                    each item that is not right, with what was answered
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from governance.authoring.compile import standalone
from governance.authoring.facts import Facts
from governance.authoring.judge import judge
from governance.authoring.planner import Draft, Question, plan


def verdict(item: dict[str, Any], facts: Facts, opa: bool) -> tuple[str, str, float]:
    """('right' | 'wrong' | 'asked', why, seconds) for one item."""
    began = time.perf_counter()
    planned = plan(item["prompt"], facts)
    module = standalone(planned.rule) if isinstance(planned, Draft) else ""
    seconds = time.perf_counter() - began
    clarify = bool(item.get("expect_clarify"))
    if not isinstance(planned, Draft):
        why = planned.asks if isinstance(planned, Question) else planned.reason
        return ("right" if clarify else "asked"), why, seconds
    if clarify:
        return "wrong", "should have asked", seconds
    documents = [case["input"] for case in item["cases"]]
    if opa:
        from governance.engines.opa_cli import evaluate

        found = [bool(messages) for messages in evaluate(module, documents)]
    else:
        found = [bool(judge(planned.rule, document)) for document in documents]
    bad = [
        f"{case['name']}: expected {case['expect']}"
        for case, got in zip(item["cases"], found, strict=True)
        if ("deny" if got else "allow") != case["expect"]
    ]
    return ("wrong" if bad else "right"), "; ".join(bad), seconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file")
    parser.add_argument("--world", required=True)
    parser.add_argument("--opa", action="store_true")
    parser.add_argument("--held-out", action="store_true")
    parser.add_argument("--tuned", action="store_true")
    parser.add_argument("--show", action="store_true")
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    facts = Facts.from_world(json.loads(Path(options.world).read_text(encoding="utf-8")))
    items = [json.loads(x) for x in Path(options.file).read_text(encoding="utf-8").splitlines()]
    if options.held_out or options.tuned:
        items = [x for x in items if bool(x.get("held_out")) == options.held_out]
    items = [x for x in items if x["id"].startswith(options.only)]
    table: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    times = []
    for item in items:
        try:
            outcome, why, seconds = verdict(item, facts, options.opa)
        except Exception as problem:
            outcome, why, seconds = "crashed", f"{type(problem).__name__}: {problem}"[:200], 0.0
        times.append(seconds)
        group = "to be asked" if item.get("expect_clarify") else item["category"]
        for key in ("all", group, f"difficulty {item.get('difficulty')}"):
            table[key][outcome] += 1
        if options.show and outcome != "right":
            print(f"{item['id']:<22}{outcome:<8}{item['prompt'][:150]}\n{'':<30}-> {why[:230]}")
    print(f"{'':<24}{'right':>7}{'wrong':>7}{'asked':>7}{'crash':>7}{'share':>8}")
    for key in sorted(table):
        row = table[key]
        total = sum(row.values())
        print(f"{key:<24}{row['right']:>7}{row['wrong']:>7}{row['asked']:>7}{row['crashed']:>7}"
              f"{100 * row['right'] / total:>7.1f}%")  # fmt: skip
    times.sort()
    print(f"plan and compile: median {1000 * times[len(times) // 2]:.0f} ms, "
          f"p95 {1000 * times[int(len(times) * 0.95)]:.0f} ms")  # fmt: skip


if __name__ == "__main__":
    main()
