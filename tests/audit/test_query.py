"""Readers see exactly what fits their filters and lies in their scopes, page by page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from audit import query
from audit.filters import KEYS
from audit.patience import bounded
from audit.query import BadCursor, FilterError, Filters, parse
from audit.verify import parse_note

Say = Callable[..., Any]
ALL = ["halden"]


@pytest.fixture
def story(db: None, say: Say, sealed: Callable[..., int]) -> dict[str, str]:
    """Six events of three people in two projects, sealed; name → id."""
    tracking, billing = "halden/freight/tracking", "halden/finance/billing"
    told = {
        "saved": say(data={"summary": "added a canary stage", "reviewed-by": "quality_team"}),
        "blocked": say(outcome="blocked", ai_generated=True, ai={"mode": "planner"}, evaluation="ev-7"),
        "ran": say(action="pipeline.run", actor_name="eli", actor_id="22", channel="api"),
        "policy": say(
            action="policy.save", resource="policy:halden/no_root", scope="halden", actor_name="eli"
        ),
        "billing": say(
            scope=billing, resource=f"pipeline:{billing}/invoice", actor_name="cora", request_id="req-9"
        ),
        "denied": say(
            action="access.denied", outcome="denied", scope=tracking, resource=f"page:{tracking}/x"
        ),
    }
    sealed()
    return {name: str(event.id) for name, event in told.items()}


def found(story: dict[str, str], scopes: list[str] | None = None, **params: str) -> set[str]:
    names = {key: name for name, key in story.items()}
    return {names[event.id] for event in query.page(parse(params), ALL if scopes is None else scopes).events}


class TestFilters:
    @pytest.mark.parametrize(
        ("params", "expected"),
        [
            ({}, {"saved", "blocked", "ran", "policy", "billing", "denied"}),
            ({"user": "eli"}, {"ran", "policy"}),
            ({"user": "22"}, {"ran"}),
            ({"user": "22,cora"}, {"ran", "billing"}),
            ({"action": "pipeline.run,policy.save"}, {"ran", "policy"}),
            ({"kind": "policy"}, {"policy"}),
            ({"outcome": "blocked,denied"}, {"blocked", "denied"}),
            ({"scope": "halden/freight"}, {"saved", "blocked", "ran", "denied"}),
            ({"scope": "halden.finance.billing"}, {"billing"}),
            ({"ai": "yes"}, {"blocked"}),
            ({"ai": "no", "outcome": "admitted", "kind": "pipeline"}, {"saved", "ran", "billing"}),
            ({"evaluation": "ev-7"}, {"blocked"}),
            ({"resource": "policy:halden/no_root"}, {"policy"}),
            ({"channel": "api"}, {"ran"}),
            ({"request": "req-9"}, {"billing"}),
            ({"since": "1h"}, {"saved", "blocked", "ran", "policy", "billing", "denied"}),
            ({"until": "2020-01-01"}, set()),
            ({"text": "canary"}, {"saved"}),
            ({"text": "Canary STAGE"}, {"saved"}),
            ({"text": "quality_team"}, {"saved"}),
            ({"text": "invoice"}, {"billing"}),
            ({"text": "cana inv"}, set()),
            ({"text": "root"}, {"policy"}),
            ({"text": "%"}, set()),
            ({"text": "' OR 1=1 --"}, set()),
            ({"user": "", "text": ""}, {"saved", "blocked", "ran", "policy", "billing", "denied"}),
        ],
    )
    def test_each_filter_gives_exactly_its_events(
        self, story: dict[str, str], params: dict[str, str], expected: set[str]
    ) -> None:
        assert found(story, **params) == expected
        assert query.count(parse(params), ALL) == len(expected)

    @pytest.mark.parametrize(
        ("params", "said"),
        [
            ({"colour": "red"}, "known ones: user, action, kind"),
            ({"outcome": "ok"}, "known ones: admitted, denied"),
            ({"action": "pipeline.sing"}, "known ones: pipeline.copy"),
            ({"action": "song.sing"}, "actions begin with access"),
            ({"kind": "song"}, "known ones: access"),
            ({"ai": "perhaps"}, "yes or no"),
            ({"since": "yesterday"}, "2026-10-01"),
            ({"since": "2026-13-01"}, "2026-10-01"),
            ({"since": "2026-02-01", "until": "2026-01-01"}, "before"),
            ({"text": "x" * 300}, "at most 200"),
            ({"user": ",".join(map(str, range(60)))}, "at most 50"),
        ],
    )
    def test_what_cannot_be_understood_says_what_can(self, params: dict[str, str], said: str) -> None:
        with pytest.raises(FilterError) as refused:
            parse(params)
        assert said in str(refused.value)

    def test_a_filter_survives_its_way_through_an_address(self) -> None:
        filters = parse(
            {
                "user": "dana,eli",
                "ai": "yes",
                "since": "2026-10-01",
                "until": "2026-10-31",
                "text": "canary stage",
            }
        )
        assert parse(filters.as_params()) == filters
        assert filters.until == datetime(2026, 11, 1, tzinfo=UTC)
        assert set(filters.as_params()) <= set(KEYS)


class TestScopes:
    @pytest.mark.parametrize(
        ("scopes", "expected"),
        [
            ([], set()),
            ([""], set()),
            (["halden"], {"saved", "blocked", "ran", "policy", "billing", "denied"}),
            (["halden/freight/tracking"], {"saved", "blocked", "ran", "denied"}),
            (["halden/finance", "halden/freight/tracking"], {"saved", "blocked", "ran", "denied", "billing"}),
            (["halden/frei"], set()),
            (["other"], set()),
        ],
    )
    def test_a_reader_sees_their_scopes_and_below(
        self, story: dict[str, str], scopes: list[str], expected: set[str]
    ) -> None:
        assert found(story, scopes) == expected

    def test_a_filter_does_not_widen_what_may_be_seen(self, story: dict[str, str]) -> None:
        assert found(story, ["halden/finance"], scope="halden/freight") == set()

    def test_an_event_outside_is_not_there_by_any_name(self, story: dict[str, str]) -> None:
        event = query.get(story["billing"], ALL)
        assert event is not None
        assert event.seq is not None
        for ref in (story["billing"], str(event.seq)):
            assert query.get(ref, ["halden/freight"]) is None
            assert query.proof(ref, ["halden/freight"]) is None

    def test_facets_count_only_what_may_be_seen(self, story: dict[str, str]) -> None:
        facets = query.facets(parse({}), ["halden/freight"])
        assert facets["outcome"] == [("admitted", 2), ("blocked", 1), ("denied", 1)]
        assert facets["user"] == [("dana", 3), ("eli", 1)]
        assert query.facets(parse({"user": "eli"}), ALL)["action"] == [
            ("pipeline.run", 1),
            ("policy.save", 1),
        ]


@pytest.mark.django_db
class TestPages:
    def test_pages_follow_each_other_without_gap_or_repeat(self, say: Say) -> None:
        ids = [str(say().id) for _ in range(23)]
        seen, cursor = [], ""
        while True:
            page = query.page(Filters(), ALL, before=cursor, size=5)
            seen += [event.id for event in page.events]
            cursor = page.older
            if not cursor:
                break
        assert seen == ids[::-1]
        back = query.page(Filters(), ALL, after=page.newer, size=5)
        assert [event.id for event in back.events] == ids[3:8][::-1]
        assert back.newer
        newest = query.page(Filters(), ALL, after=back.newer, size=200)
        assert newest.newer == ""

    def test_events_that_arrive_do_not_move_a_page(self, say: Say) -> None:
        for _ in range(4):
            say()
        first = query.page(Filters(), ALL, size=2)
        expected = [event.id for event in query.page(Filters(), ALL, size=2, before=first.older).events]
        say()
        assert [e.id for e in query.page(Filters(), ALL, size=2, before=first.older).events] == expected

    @pytest.mark.parametrize("cursor", ["x", "AAAA", "MjAyNi0xMS0yMn5h", "é"])
    def test_a_damaged_page_link_is_refused(self, cursor: str) -> None:
        with pytest.raises(BadCursor, match="start again"):
            query.page(Filters(), ALL, before=cursor)

    def test_a_page_asks_two_questions_and_uses_an_index(self, say: Say) -> None:
        for _ in range(3):
            say()
        older = query.page(Filters(), ALL, size=1).older
        with CaptureQueriesContext(connection) as asked:
            query.page(parse({"kind": "pipeline"}), ALL, size=1, before=older)
        assert len(asked) == 2
        if connection.vendor == "sqlite":
            plan = str(
                query.matching(parse({"kind": "pipeline"}), ALL).order_by("-shown_at", "-id")[:2].explain()
            )
            assert "USING INDEX" in plan


class TestOneEvent:
    def test_an_event_is_found_by_id_and_by_number(self, story: dict[str, str]) -> None:
        event = query.get(story["blocked"], ALL)
        assert event is not None
        assert event.seq == 2
        assert query.get("2", ALL) == event
        assert (event.sealed, event.identifier, event.sentence) == (True, "ship", "saved a pipeline")
        assert event.ai == {"mode": "planner"}
        for nonsense in ("0", "99", "x", "9" * 30, ""):
            assert query.get(nonsense, ALL) is None

    def test_the_history_of_a_thing(self, story: dict[str, str]) -> None:
        events = query.history("pipeline:halden/freight/tracking/ship", ALL)
        assert [event.id for event in events] == [story["ran"], story["blocked"], story["saved"]]

    def test_an_event_that_waits_has_no_proof_yet(self, story: dict[str, str], say: Say) -> None:
        event = query.get(str(say().id), ALL)
        assert event is not None
        assert not event.sealed
        assert query.proof(event.id, ALL) is None

    def test_skew_between_the_clocks_is_told(self, story: dict[str, str]) -> None:
        event = query.get("1", ALL)
        assert event is not None
        assert abs(event.skew_s) < 5
        assert event.recorded_at - event.at < timedelta(seconds=5)


@pytest.mark.django_db
@pytest.mark.parametrize("size", [1, 2, 255, 256, 257, 600])
def test_every_proof_leads_to_the_signed_root(say: Say, sealed: Callable[..., int], size: int) -> None:
    for _ in range(size):
        say()
    sealed(batch=150)
    for seq in {1, 2, size // 2, size - 1, size} & set(range(1, size + 1)):
        proof = query.proof(str(seq), ALL)
        assert proof is not None
        note = parse_note(proof.checkpoint)
        assert (note.size, proof.holds(note.root), proof.holds(b"0" * 32)) == (size, True, False)


@pytest.mark.django_db
def test_a_proof_of_a_large_log_reads_few_rows(say: Say, sealed: Callable[..., int]) -> None:
    for _ in range(600):
        say()
    sealed()
    with CaptureQueriesContext(connection) as asked:
        query.proof("300", ALL)
    assert len(asked) < 25


@pytest.mark.django_db
class TestPatience:
    def test_a_search_that_takes_too_long_is_given_up_with_advice(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        slow = {
            "postgresql": "SELECT pg_sleep(5)",
            "sqlite": "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT max(x) FROM n",
        }[connection.vendor]
        with transaction.atomic(), pytest.raises(FilterError, match="narrow it"), bounded(0.1):  # noqa: SIM117
            with connection.cursor() as cursor:
                cursor.execute(slow)

    def test_afterwards_nothing_is_limited_any_more(self, story: dict[str, str]) -> None:
        assert found(story, text="canary") == {"saved"}
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SHOW statement_timeout")
                assert cursor.fetchone() == ("0",)
