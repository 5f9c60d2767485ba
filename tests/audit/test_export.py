"""An export holds exactly the filtered events, harmless in a spreadsheet and provable offline."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from audit import query
from audit.csv_sql import CSV_COLUMNS
from audit.export import Export, Incomplete, Result, bound
from audit.query import parse
from audit.verify import check_event
from tests.audit.conftest import as_owner

Say = Callable[..., Any]
ALL = ["halden"]
PAYLOADS = [
    "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1+1", "＠x", '=HYPERLINK("http://evil","x")',
    'quote " comma , newline \n =2', ',"altered"\n', "'=1", "é漢🎉", "",
]  # fmt: skip


def run(
    kind: str, upto: int | None = None, scopes: list[str] | None = None, **params: str
) -> tuple[bytes, Result]:
    export = Export(
        parse(params),
        ALL if scopes is None else scopes,
        upto=bound().seq if upto is None else upto,
        format=kind,  # type: ignore[arg-type]
    )
    data = b"".join(export)
    return data, export.result


def cells(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode(), newline="")))


@pytest.fixture
def events(db: None, say: Say, sealed: Callable[..., int]) -> list[Any]:
    told = []
    for payload in PAYLOADS:
        told.append(say(actor_name=payload, on_behalf_of=payload, data={"text": payload}, request_id=payload))
        told.append(
            say(
                outcome="blocked",
                ai_generated=True,
                scope="halden/finance/billing",
                resource="pipeline:halden/finance/billing/b",
            )
        )
    sealed()
    return told


@pytest.mark.parametrize("kind", ["csv", "jsonl"])
class TestBoth:
    def test_rows_are_exactly_the_filtered_events_in_order(self, events: list[Any], kind: str) -> None:
        for params in ({}, {"outcome": "blocked"}, {"scope": "halden/freight"}, {"text": "harmless"}):
            data, result = run(kind, **params)
            expected = list(query.matching(parse(params), ALL).values_list("id", flat=True))
            rows = (
                cells(data)
                if kind == "csv"
                else [json.loads(line) for line in data.decode().split("\n")[:-1]]
            )
            assert sorted(row["id"] for row in rows) == sorted(map(str, expected))
            assert [int(row["seq"]) for row in rows] == sorted(int(row["seq"]) for row in rows)
            assert (result.rows, result.altered) == (len(expected), 0)

    def test_the_result_states_what_was_sent(self, events: list[Any], kind: str) -> None:
        data, result = run(kind)
        assert (result.sha256, result.bytes) == (hashlib.sha256(data).hexdigest(), len(data))

    def test_there_is_no_result_before_the_end(self, events: list[Any], kind: str) -> None:
        export = Export(parse({}), ALL, upto=bound().seq, format=kind)  # type: ignore[arg-type]
        iterator = iter(export)
        next(iterator)
        with pytest.raises(Incomplete):
            _ = export.result
        iterator.close()  # type: ignore[attr-defined]

    def test_the_same_bound_gives_the_same_bytes_later(
        self, events: list[Any], kind: str, say: Say, sealed: Callable[..., int]
    ) -> None:
        upto = bound().seq
        before = run(kind, upto=upto)
        say()
        assert bound().unsealed == 1
        sealed()
        assert run(kind, upto=upto) == before
        assert run(kind)[1].rows == before[1].rows + 1

    def test_nothing_outside_the_scopes_is_exported(self, events: list[Any], kind: str) -> None:
        data, result = run(kind, scopes=["halden/finance"])
        assert result.rows == len(PAYLOADS)
        assert b"freight" not in data
        assert run(kind, scopes=[])[1].rows == 0

    def test_an_altered_event_says_so_and_is_counted(self, events: list[Any], kind: str) -> None:
        as_owner("UPDATE audit_auditevent SET ip = 'x' WHERE outcome = 'blocked'")
        data, result = run(kind)
        assert (result.rows, result.altered) == (2 * len(PAYLOADS), len(PAYLOADS))
        if kind == "csv":
            assert {row["seal"] for row in cells(data) if row["outcome"] == "blocked"} == {"altered"}
            assert {row["seal"] for row in cells(data) if row["outcome"] != "blocked"} == {"intact"}
        else:
            lines = [json.loads(line) for line in data.decode().split("\n")[:-1]]
            assert sum("was changed" in line.get("altered", "") for line in lines) == len(PAYLOADS)


def test_no_cell_begins_like_a_formula(events: list[Any]) -> None:
    data, _ = run("csv")
    for row in cells(data):
        assert list(row) == list(CSV_COLUMNS)
        for name, value in row.items():
            assert not value.startswith(tuple("=+-@\t\r＝＋－＠")), (name, value)
    names = [row["actor_name"] for row in cells(data) if row["outcome"] == "admitted"]
    assert names == [f"'{text}" if text[:1] in "=+-@\t\r＝＠" and text else text for text in PAYLOADS]


def test_json_lines_hold_the_exact_text_and_verify_offline(events: list[Any]) -> None:
    data, _ = run("jsonl")
    lines = [json.loads(line) for line in data.decode().split("\n")[:-1]]
    assert [line["data"]["text"] for line in lines if line["outcome"] == "admitted"] == PAYLOADS
    assert {check_event(line) for line in lines} == {""}
    lines[0]["actor_name"] = "eve"
    assert "was changed" in check_event(lines[0])


def test_altered_json_is_still_one_line_of_json(events: list[Any]) -> None:
    as_owner("UPDATE audit_auditevent SET data = '{broken' WHERE outcome = 'blocked'")
    data, result = run("jsonl")
    lines = [json.loads(line) for line in data.decode().split("\n")[:-1]]
    assert [line["data"] for line in lines if line["outcome"] == "blocked"] == ["{broken"] * len(PAYLOADS)
    assert result.altered == len(PAYLOADS)


@pytest.mark.postgres
@pytest.mark.skipif(connection.vendor != "postgresql", reason="COPY is PostgreSQL's")
def test_copy_gives_the_same_bytes_as_the_portable_path(
    events: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    for params in ({}, {"text": "blocked"}, {"outcome": "blocked", "ai": "yes"}):
        copied = run("csv", **params)
        with monkeypatch.context() as patch:
            patch.setattr(Export, "_counted", _portable)
            assert run("csv", **params) == copied


def _portable(self: Export) -> Any:
    """The portable rows, counted as the product counts them."""
    from audit.export import ALTERED, INTACT

    yield (",".join(f'"{name}"' for name in CSV_COLUMNS) + "\n").encode(), 0, 0
    for block in self._portable_csv():
        yield block, block.count(INTACT) + block.count(ALTERED), block.count(ALTERED)


def test_an_unknown_format_is_refused() -> None:
    with pytest.raises(ValueError, match="csv or jsonl"):
        Export(parse({}), ALL, upto=1, format="pdf")  # type: ignore[arg-type]
