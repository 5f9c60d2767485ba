"""The audit trail against its controls: export, append, filters, sealing, verifying (PostgreSQL).

    python -m bench.audit              1,000,000 events
    python -m bench.audit --quick      20,000 events, under half a minute
    ... --database URL                 an empty database of yours instead of one made for the occasion

Every ratio is ours / control, measured in turns in one process; the median of the ratios is printed
with their spread.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import json
import os
import platform
import random
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PAIRS = 5
PEOPLE = [f"person{n}" for n in range(40)]
ACTIONS = ["pipeline.save", "pipeline.run", "policy.save", "template.save", "service.save", "session.log_in"]
PROJECTS = [f"halden/org{o}/project{p}" for o in range(4) for p in range(8)]


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure the audit trail.")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--rows", type=int)
    parser.add_argument("--database", default="", help="postgresql:// of an empty database")
    asked = parser.parse_args()
    rows = asked.rows or (20_000 if asked.quick else 1_000_000)
    with _database(asked.database) as address, tempfile.TemporaryDirectory() as folder:
        os.environ |= {
            "DATABASE_URL": address,
            "DATA_DIR": folder,
            "DJANGO_SETTINGS_MODULE": "portal.settings",
        }
        os.environ.pop("DATABASE_OWNER_URL", None)
        sys.path.insert(0, str(ROOT))
        import django

        django.setup()
        for line in measure(rows, Path(folder)):
            print(line, flush=True)
    return 0


@contextlib.contextmanager
def _database(given: str) -> Iterator[str]:
    if given:
        yield given
        return
    sys.path.insert(0, str(ROOT / "deploy"))
    import postgres  # the cluster that the tests use as well

    with postgres.cluster() as address:
        yield address


def measure(rows: int, folder: Path) -> Iterator[str]:
    """Make `rows` events and yield one line of figures after another."""
    from django.core.management import call_command

    # All of it: what follows a migration looks at the tables of every app.
    call_command("migrate", verbosity=0)
    machine = platform.processor() or platform.machine()
    yield f"{machine}, {os.cpu_count()} cores, {datetime.now(UTC):%Y-%m-%d %H:%M} UTC"
    yield f"made {rows:,} sealed events in {_timed(lambda: seed(rows, folder)):.0f} s"
    yield from _appending(min(rows // 50, 5_000))
    yield from _export(rows)
    yield from _filters()
    yield from _sealing(folder)
    yield from _verifying(folder)


def _timed(work: Callable[[], Any]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


# --- making events --------------------------------------------------------------------------------
def seed(rows: int, folder: Path) -> None:
    """Events over a year, with the leaves and the one checkpoint that sealing them would give."""
    from django.db import connection, transaction

    from audit import seal
    from audit.keys import signing_key
    from audit.models import Checkpoint
    from audit.sealed_rows import COLUMNS
    from audit.verify import Tree
    from audit.witness import Witness

    key, tree = signing_key(folder / "audit.pem", create=True), Tree()
    chance, start = random.Random(1), datetime(2025, 11, 1, tzinfo=UTC)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE made (LIKE audit_auditleaf) ON COMMIT DROP")
        columns = ", ".join(f'"{name}"' for name in COLUMNS)
        leaves = []
        with cursor.cursor.copy(f"COPY audit_auditevent ({columns}) FROM STDIN") as copy:
            for n in range(rows):
                values, leaf = _event(n, chance, start + timedelta(seconds=31_000_000 / rows * n))
                copy.write_row(values)
                tree.append(leaf)
                leaves.append((n + 1, values[0], leaf))
        with cursor.cursor.copy("COPY audit_auditleaf (seq, event_id, leaf) FROM STDIN") as copy:
            for row in leaves:
                copy.write_row(row)
        seal._keep_tiles(0, [])
        checkpoint = seal._sign(key, seal._new_origin(), tree)
        Checkpoint.objects.bulk_create([checkpoint])
    Witness(folder / "witness.txt").append(checkpoint.note)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE audit_auditevent")
        cursor.execute("VACUUM ANALYZE audit_auditleaf")


def _event(n: int, chance: random.Random, at: datetime) -> tuple[list[Any], bytes]:
    from audit.record import instant, scope_columns
    from audit.sealed_rows import COLUMNS
    from audit.verify import FIELDS, GIVEN, canonical, canonical_json, leaf_and_digest

    scope, action = chance.choice(PROJECTS), chance.choice(ACTIONS)
    outcome = "admitted" if chance.random() < 0.9 else chance.choice(["blocked", "denied", "invalid"])
    person, kind = chance.choice(PEOPLE), action.split(".")[0]
    key = f"{n:08x}-0000-7000-8000-{chance.getrandbits(48):012x}"
    data = {
        "summary": f"changed stage {n % 977} of the release",
        "version": str(n % 50),
        "note": "x" * (n % 120),
    }
    when = instant(at)
    text = {
        "id": key, "at": when, "recorded_at": when, "shown_at": when, "clock": "", "actor_id": f"u-{person}",
        "actor_name": person, "on_behalf_of": "", "channel": "ui", "action": action, "outcome": outcome,
        "kind": kind, "resource": f"{kind}:{scope}/thing{n % 5000}", "scope": scope,
        "ai_generated": "true" if n % 17 == 0 else "false", "ai": "{}", "evaluation": f"ev-{n}",
        "request_id": f"req-{n:x}", "ip": "10.0.0.1", "before_digest": "",
        "after_digest": hashlib.sha256(key.encode()).hexdigest(), "data": canonical_json(data),
        "epochs": "{}",
    }  # fmt: skip
    text["digest"] = hashlib.sha256(canonical([text[name] for name in GIVEN])).hexdigest()
    leaf, _ = leaf_and_digest([text[name] for name in FIELDS])
    account, organization, project = scope_columns(scope)
    row = {**text, "account": account, "organization": organization, "project": project}
    return [row[name] for name in COLUMNS], leaf


# --- figures --------------------------------------------------------------------------------------
def _export(rows: int) -> Iterator[str]:
    """The product's export against COPY of the same columns, both read and thrown away here."""
    from django.db import connection

    from audit.csv_sql import CSV_COLUMNS, copy_statement
    from audit.export import Export
    from audit.filters import Filters
    from audit.query import matching

    special = {"seq": "l.seq", "leaf": "encode(l.leaf, 'hex')", "seal": "1"}
    plain = ", ".join(special.get(name, f'e."{name}"') for name in CSV_COLUMNS)
    control = (
        f"COPY (SELECT {plain} FROM audit_auditevent e JOIN audit_auditleaf l ON l.event_id = e.id"
        " WHERE e.account = 'halden' ORDER BY l.event_id) TO STDOUT WITH (FORMAT csv)"
    )
    bare = (
        "COPY (SELECT "
        + ", ".join(f'e."{name}"' for name in CSV_COLUMNS if name not in ("seq", "leaf", "seal"))
        + " FROM audit_auditevent e WHERE e.account = 'halden') TO STDOUT WITH (FORMAT csv)"
    )
    same, same_values = copy_statement(matching(Filters(), ["halden"]), rows)

    def consume(sql: str, values: list[object]) -> int:
        with connection.cursor() as cursor, cursor.cursor.copy(sql, values) as copy:
            return sum(len(piece) for piece in copy)

    results = []

    def ours() -> int:
        export = Export(Filters(), ["halden"], upto=rows, format="csv")
        size = sum(len(block) for block in export)
        results.append(export.result)
        return size

    times: dict[str, list[float]] = {"ours": [], "bare": [], "joined": [], "same": []}
    memory = _peak_kb()
    for _ in range(PAIRS):
        times["ours"].append(_timed(ours))
        times["bare"].append(_timed(lambda: consume(bare, [])))
        times["joined"].append(_timed(lambda: consume(control, [])))
        times["same"].append(_timed(lambda: consume(same, same_values)))
    if {(r.rows, r.altered) for r in results} != {(rows, 0)} or len({r.sha256 for r in results}) != 1:
        raise SystemExit(f"the export is wrong: {results}")
    size, speed = results[0].bytes, rows / statistics.median(times["ours"])
    yield (
        f"CSV export: {speed:,.0f} rows/s, {size / 1e6:.0f} MB, every leaf checked and hashed; "
        f"memory +{(_peak_kb() - memory) / 1024:.0f} MB"
    )
    for name, what in (
        ("bare", "COPY of the table, unordered and unchecked"),
        ("joined", "COPY of the same rows with their leaves, in order, unchecked"),
        ("same", "COPY of our own SELECT, no hash"),
    ):
        yield f"  {_ratio(times[name], times['ours'])} x {what}"
    first = _timed(
        lambda: next(i for n, i in enumerate(Export(Filters(), ["halden"], upto=rows, format="csv")) if n)
    )
    yield f"  first rows after {first * 1000:,.0f} ms"
    export = Export(Filters(), ["halden"], upto=rows // 10, format="jsonl")
    took = _timed(lambda: sum(len(block) for block in export))
    yield f"JSONL export: {export.result.rows / took:,.0f} rows/s"


def _ratio(control: list[float], ours: list[float]) -> str:
    ratios = [a / b for a, b in zip(control, ours, strict=True)]
    median = statistics.median(ratios)
    spread = (max(ratios) - min(ratios)) / median
    return f"{median:.2f}" + (f" (no verdict: spread {spread:.0%})" if spread > 0.25 else "")


def _peak_kb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _appending(events: int) -> Iterator[str]:
    """A small save in a transaction, with and without its audit event; the ratio of both."""
    from django.db import connection, transaction

    from audit.record import record

    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS bench_saved (id bigserial PRIMARY KEY, body text)")

    def save(audited: bool) -> None:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("INSERT INTO bench_saved (body) VALUES (%s)", ["x" * 2000])
            if audited:
                record(
                    action="pipeline.save", outcome="admitted", resource="pipeline:halden/org0/project0/p",
                    scope="halden/org0/project0", actor_id="u-1", actor_name="person1", channel="ui",
                    data={"summary": "saved", "version": "3"},
                )  # fmt: skip

    bare, audited = [], []
    for _ in range(PAIRS):
        bare.append(_timed(lambda: [save(False) for _ in range(events // PAIRS)]))
        audited.append(_timed(lambda: [save(True) for _ in range(events // PAIRS)]))
    per = statistics.median(audited) / (events // PAIRS) * 1e6
    yield f"a transaction of one INSERT with its event: {_ratio(bare, audited)} x the speed without ({per:,.0f} µs)"


def _filters() -> Iterator[str]:
    from audit.query import page, parse

    chance = random.Random(2)
    asked: dict[str, Callable[[], dict[str, str]]] = {
        "no filter": dict,
        "user": lambda: {"user": chance.choice(PEOPLE)},
        "user + action + 30 days": lambda: {
            "user": chance.choice(PEOPLE), "action": chance.choice(ACTIONS),
            "since": "2026-01-01", "until": "2026-01-31",
        },
        "kind + 7 days": lambda: {"kind": "policy", "since": "2026-03-01", "until": "2026-03-07"},
        "scope below": lambda: {"scope": chance.choice(PROJECTS).rsplit("/", 1)[0]},
        "outcome": lambda: {"outcome": "blocked"},
        "AI": lambda: {"ai": "yes"},
        "one thing's history": lambda: {
            "resource": f"policy:{chance.choice(PROJECTS)}/thing{chance.randrange(5000)}",
        },
        "rare text": lambda: {"text": f"stage {chance.randrange(977)}"},
        "common text": lambda: {"text": "release"},
    }  # fmt: skip
    for name, make in asked.items():
        took = sorted(_timed(lambda m=make: page(parse(m()), ["halden"], size=50)) * 1000 for _ in range(60))  # type: ignore[misc]
        yield f"filter {name}: p50 {took[30]:.1f} ms, p95 {took[56]:.1f} ms"
    first = page(parse({}), ["halden"], size=50)
    deep = _deep_cursor()
    took = sorted(_timed(lambda: page(parse({}), ["halden"], before=deep, size=50)) * 1000 for _ in range(60))
    yield f"page at 95 % depth: p50 {took[30]:.1f} ms ({len(first.events)} events a page)"


def _deep_cursor() -> str:
    from audit.keyset import cursor_of
    from audit.models import AuditEvent

    newest = AuditEvent.objects.order_by("-shown_at")[0].shown_at
    oldest = AuditEvent.objects.order_by("shown_at")[0].shown_at
    return cursor_of(
        AuditEvent.objects.filter(shown_at__lte=oldest + (newest - oldest) * 0.05).order_by("-shown_at")[0]
    )


def _sealing(folder: Path) -> Iterator[str]:
    from audit.keys import signing_key
    from audit.seal import seal_once

    key, sealed, took = signing_key(folder / "audit.pem"), 0, 0.0
    while True:
        began = time.perf_counter()
        done = seal_once(key, folder / "witness.txt")
        if not done.events:
            break
        sealed, took = sealed + done.events, took + time.perf_counter() - began
    yield f"sealing: {sealed / took:,.0f} events/s in batches of 1,000"


def _verifying(folder: Path) -> Iterator[str]:
    from audit.checking import verify_database
    from audit.keys import public_keys

    began = time.perf_counter()
    report = verify_database(public_keys(folder / "audit.pem"), folder / "witness.txt")
    took = time.perf_counter() - began
    if not report.ok:
        raise SystemExit(f"the trail does not verify: {json.dumps(report.problems[:3])}")
    yield f"verifying: {report.events / took:,.0f} events/s ({report.events:,} in {took:.1f} s)"


if __name__ == "__main__":
    sys.exit(main())
