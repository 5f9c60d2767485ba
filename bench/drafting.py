"""Drafting without a model, its checks, an impact over many documents, and hostile drafts beside other work.

python -m bench.drafting              every request of the tests' set, 10,000 documents, every hostile draft
python -m bench.drafting --quick      a few of each, about half a minute
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
REQUESTS = ROOT / "tests" / "generation" / "requests.jsonl"


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure drafting and its checks.")
    parser.add_argument("--quick", action="store_true")
    quick = parser.parse_args().quick
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "portal.settings"}
        os.environ.pop("DATABASE_URL", None)
        sys.path.insert(0, str(ROOT))
        import django

        django.setup()
        load = os.getloadavg()[0]
        print(
            f"{platform.machine()}, {os.cpu_count()} cores, {datetime.now(UTC):%Y-%m-%d %H:%M} UTC, load {load:.1f}"
        )
        for part in (
            drafting(10 if quick else 10_000),
            impact(1000 if quick else 10_000),
            hostile(3 if quick else 100),
        ):
            for line in part:
                print(line, flush=True)
    return 0


def p95(took: list[float]) -> float:
    return statistics.quantiles(took, n=20)[-1]


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    began = time.perf_counter()
    found = work()
    return time.perf_counter() - began, found


def drafting(most: int) -> Iterator[str]:
    """Reading and compiling alone; then with every check that the page shows."""
    from governance import policy_reports
    from governance.authoring.cases import derive
    from governance.authoring.compile import linked, standalone
    from governance.authoring.facts import Facts
    from governance.authoring.planner import Draft, plan
    from governance.engines import opa_cli

    facts = Facts.from_world(json.loads((REQUESTS.parent / "world.json").read_text()))
    asked = [json.loads(line)["prompt"] for line in REQUESTS.read_text().splitlines()][:most]
    plan(asked[0], facts)  # the first of a process loads the dictionary
    alone, checked = [], []
    for text in asked:
        took, planned = timed(lambda text=text: plan(text, facts))
        if not isinstance(planned, Draft):
            alone.append(took)
            continue
        rule = planned.rule
        compiling, rego = timed(lambda rule=rule: (standalone(rule), linked(rule))[0])
        alone.append(took + compiling)
        if len(checked) < most // 3:
            given = {"cases": derive(rule, facts), "rule": rule.model_dump(mode="json")}
            more, _ = timed(
                lambda r=rego, e=rule.entity, g=given: policy_reports.of_text(opa_cli.fmt(r), e, **g)
            )
            checked.append(took + compiling + more)
    yield (
        f"drafting, {len(alone)} requests: median {statistics.median(alone) * 1000:.0f} ms,"
        f" p95 {p95(alone) * 1000:.0f} ms (goal 300 ms)"
    )
    yield (
        f"drafting with all checks, {len(checked)} requests: median {statistics.median(checked):.2f} s,"
        f" p95 {p95(checked):.2f} s (goal 3 s)"
    )


def impact(number: int) -> Iterator[str]:
    """One starter policy decided over many documents in limited processes."""
    from governance import corpus, replay
    from governance.starters import starters
    from tests.governance.random_documents import random_document

    rego = next(s for s in starters() if s.identifier == "production_needs_approval").rego
    examples = corpus.documents("pipeline")
    documents = [random_document(random.Random(seed), examples) for seed in range(number)]
    size_kb = len(json.dumps(documents)) / number / 1000
    took, said = timed(lambda: replay.decide_all(rego, documents))
    yield (
        f"impact over {number:,} documents of {size_kb:.1f} kB: {took:.1f} s (goal 10 s for 10,000),"
        f" {sum(bool(s) for s in said):,} refused"
    )


def hostile(most: int) -> Iterator[str]:
    """How long an answer about a draft that never ends takes, and what a neighbour's request pays meanwhile."""
    from governance import policy_reports
    from governance.engines import opa_cli
    from tests.governance.hostile import DRAFTS

    stuck = [h.text for h in DRAFTS.values() if h.kind == "stuck"][:most]
    neighbour = 'package p\n\ndeny contains "no" if input.a == 1\n'
    quiet, beside, answers = [], [], []
    for _ in range(40):
        quiet.append(timed(lambda: opa_cli.evaluate(neighbour, [{}]))[0])

    def work() -> None:
        for text in stuck:
            answers.append(timed(lambda text=text: policy_reports.of_text(text, "pipeline"))[0])

    thread = threading.Thread(target=work)
    thread.start()
    while thread.is_alive():
        beside.append(timed(lambda: opa_cli.evaluate(neighbour, [{}]))[0])
        time.sleep(0.05)
    thread.join()
    yield (
        f"{len(stuck)} hostile drafts, report of each: median {statistics.median(answers):.2f} s,"
        f" slowest {max(answers):.2f} s (goal 3 s)"
    )
    yield (
        f"a harmless draft meanwhile: p95 {p95(beside) * 1000:.0f} ms, before {p95(quiet) * 1000:.0f} ms,"
        f" ratio {p95(beside) / p95(quiet):.2f}"
    )


if __name__ == "__main__":
    sys.exit(main())
