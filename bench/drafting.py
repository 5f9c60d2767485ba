"""Drafting without a model, its checks, and an impact over many documents.

python -m bench.drafting              every request of the tests' set, 10,000 documents
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


def used_s() -> float:
    """Processor time of this process and of those it waited for, which other work on the machine does not change."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


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
    alone, checked, used = [], [], []
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
            before = used_s()
            more, _ = timed(
                lambda r=rego, e=rule.entity, g=given: policy_reports.of_text(opa_cli.fmt(r), e, **g)
            )
            checked.append(took + compiling + more)
            used.append(used_s() - before)
    yield (
        f"drafting, {len(alone)} requests: median {statistics.median(alone) * 1000:.0f} ms,"
        f" p95 {p95(alone) * 1000:.0f} ms (goal 300 ms)"
    )
    yield (
        f"drafting with all checks, {len(checked)} requests: median {statistics.median(checked):.2f} s,"
        f" p95 {p95(checked):.2f} s (goal 3 s); processor time of the checks, ours and that of their"
        f" processes: median {statistics.median(used):.2f} s, p95 {p95(used):.2f} s"
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


if __name__ == "__main__":
    sys.exit(main())
