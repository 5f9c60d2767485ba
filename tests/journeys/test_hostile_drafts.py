"""Hostile drafts over real HTTP, one after the other: every door gives a clear answer in time, and nothing dies of it.

How a neighbour fares while many come at once is measured by `python -m bench.hostile`.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests import running
from tests.governance import draft_doors
from tests.governance.draft_doors import DOORS, Person
from tests.governance.hostile import DRAFTS

pytestmark = pytest.mark.once
# Alone on the machine; what else it does then is not counted against the portal.
GOAL_S = 3.0


@pytest.fixture(scope="module")
def besieged() -> Iterator[tuple[running.Portal, Person]]:
    with running.portal(DEMO="no") as portal:
        yield portal, draft_doors.let_in(portal, ["pat"])["pat"]


def patience_s() -> float:
    """The goal, as often over as others want the processors as well."""
    return GOAL_S * max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


def test_each_draft_gets_a_clear_answer_in_time_and_no_process_dies(
    besieged: tuple[running.Portal, Person],
) -> None:
    """Each at one door in turn; HOSTILE=all has each at every door."""
    portal, pat = besieged
    before = portal.processes()
    everywhere = os.environ.get("HOSTILE") == "all"
    asked = [(d, w) for d in DRAFTS for w in DOORS] if everywhere else draft_doors.diagonal(DRAFTS)
    wrong = []
    for draft, door in asked:
        took, answer = draft_doors.timed(DOORS[door], pat, DRAFTS[draft].text)
        if said := draft_doors.clear(answer):
            wrong.append(f"{door}, {draft}: {said}")
        if took > patience_s():
            wrong.append(f"{door}, {draft}: {took:.1f} s")
    assert not wrong
    assert before.keys() <= portal.processes().keys()
    assert portal.engine_deaths() == []


def test_a_whole_folder_of_them_is_read_in_parts_each_in_time(
    besieged: tuple[running.Portal, Person],
) -> None:
    portal, pat = besieged
    before = portal.processes()
    took, answer = draft_doors.timed(
        lambda who, _: draft_doors.folder(who, {n: h.text for n, h in DRAFTS.items()}), pat, ""
    )
    assert draft_doors.clear(answer) == ""
    assert answer.status_code == 200, answer.text[:500]
    assert took < patience_s()
    assert before.keys() <= portal.processes().keys()
    assert portal.engine_deaths() == []
