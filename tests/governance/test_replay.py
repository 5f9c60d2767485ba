"""Impact: what a draft would have changed, and that it is what the gate then does."""

from __future__ import annotations

import json

import pytest

from governance import replay, replay_query
from governance.admission import admit
from governance.errors import Conflict, NotFound
from governance.kinds import Change
from governance.models import Replay
from tests.governance.drafting import NO_LATEST
from tests.governance.replaying import ask, draft, keep
from tests.people import by_hand

pytestmark = pytest.mark.django_db


def test_what_is_stored_and_what_was_decided_is_decided_again(cast, stub_gate):
    keep(cast, "old", "latest")
    keep(cast, "fine", "gold")
    draft(cast)
    found = ask(cast)
    assert (found.state, found.total, found.done) == ("done", 4, 4)
    assert found.counts == {"newly_blocked": 2, "newly_passed": 0, "still_blocked": 0, "still_passed": 2}
    rows, _ = replay_query.rows(by_hand(cast.ada), found.id, outcome="newly_blocked")
    assert {(r.identifier, bool(r.evaluation)) for r in rows} == {("old", False), ("old", True)}
    assert rows[0].messages == ["tier may not be latest"]


def test_without_a_window_only_what_is_stored_is_looked_at(cast, stub_gate):
    keep(cast, "old", "latest")
    draft(cast)
    assert ask(cast, days=0).total == 1


def test_a_draft_that_hangs_ends_the_run_with_the_reason(cast, stub_gate):
    keep(cast, "old", "latest")
    draft(
        cast,
        'package service\n\ndeny contains "x" if {\n\tcount([1 | some a in numbers.range(1, 100000); some b in numbers.range(1, 100000); a * b == 7]) > 0\n}\n',
    )
    found = ask(cast)
    assert found.state == "failed"
    assert "did not finish" in found.reason


def test_one_impact_of_a_version_is_made_at_a_time_and_it_can_be_cancelled(cast, stub_gate):
    keep(cast, "old", "latest")
    draft(cast)
    change = Change("replay", "policy", "acme", "no_latest")
    made = admit(change, actor=by_hand(cast.pat))
    with pytest.raises(Conflict):
        admit(change, actor=by_hand(cast.eli))
    admit(Change("cancel_replay", "policy", "acme", "no_latest"), actor=by_hand(cast.pat))
    assert replay.run(str(made.data["replay"])) == ""
    assert Replay.objects.get().state == "cancelled"


def test_a_run_whose_worker_fell_silent_is_taken_up_again(cast, stub_gate):
    keep(cast, "old", "latest")
    draft(cast)
    made = admit(Change("replay", "policy", "acme", "no_latest"), actor=by_hand(cast.pat))
    rows = Replay.objects.filter(pk=made.data["replay"])
    rows.update(state="running")
    assert replay.waiting() == []
    assert replay.run(str(made.data["replay"])) == ""
    rows.update(touched_at=rows.get().touched_at - replay.SILENT_AFTER)
    assert replay.waiting() == [str(made.data["replay"])]
    assert replay.run(str(made.data["replay"])) == "done"


def test_documents_in_places_one_may_not_see_are_counted_but_not_shown(cast, stub_gate):
    admit(
        Change("save", "project", "acme/shop", "secret", fields={"name": "Secret"}), actor=by_hand(cast.ada)
    )
    keep(cast, "hidden", "latest", scope="acme/shop/secret", who="ada")
    keep(cast, "old", "latest")
    draft(cast)
    found = ask(cast, days=0)
    assert (found.counts["newly_blocked"], found.hidden) == (2, 0)
    seen = replay_query.one(by_hand(cast.dana), found.id)
    assert (seen.counts["newly_blocked"], seen.hidden) == (1, 1)
    assert "hidden" not in "".join(replay_query.export(by_hand(cast.dana), found.id))
    with pytest.raises(NotFound):
        replay_query.one(by_hand(cast.sam), found.id)


def test_a_file_of_it_is_safe_in_a_spreadsheet(cast, stub_gate):
    keep(cast, "old", "latest")
    draft(cast, NO_LATEST.replace('"tier may not be latest"', '"=1+1"'))
    found = ask(cast, days=0)
    text = "".join(replay_query.export(by_hand(cast.ada), found.id))
    assert "'=1+1" in text
    lines = [json.loads(line) for line in replay_query.export(by_hand(cast.ada), found.id, "jsonl")]
    assert lines[0]["outcome"] == "newly_blocked"


def test_one_person_has_few_impacts_under_way(cast, stub_gate):
    draft(cast)
    pat = by_hand(cast.pat)
    for number in (2, 3, 4):
        admit(Change("save", "policy", "acme", "no_latest", f"{NO_LATEST}\n# {number}\n",
                     fields={"entity": "service"}), actor=pat)  # fmt: skip
        admit(Change("replay", "policy", "acme", "no_latest", fields={"version": number}), actor=pat)
    one_more = Change("replay", "policy", "acme", "no_latest", fields={"version": 1})
    with pytest.raises(Conflict, match="not finished"):
        admit(one_more, actor=pat)
    admit(one_more, actor=by_hand(cast.eli))
