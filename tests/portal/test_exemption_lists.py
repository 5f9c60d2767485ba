"""The list of exemptions, on its page and over REST: complete, by pages, and what waits is never out of sight."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from audit import clock
from governance.admission import admit
from governance.kinds import Change
from governance.models import Exemption, Policy, PolicyVersion
from governance.scopes import find
from tests.governance.drafting import NO_LATEST
from tests.people import PROJECT, by_hand
from tests.portal.test_api import HERE, client_of
from tests.portal.test_govern_pages import enter

pytestmark = [pytest.mark.django_db, pytest.mark.opa]
PAGE = "/s/acme.shop.payments/exemptions/"


@pytest.fixture
def many(cast: Any, stub_gate: Any) -> list[str]:
    """Thirty that were decided, behind one that was asked for before all of them."""
    admit(
        Change("save", "policy", "acme", "one", NO_LATEST, fields={"entity": "service"}),
        actor=by_hand(cast.pat),
    )
    PolicyVersion.objects.update(state=PolicyVersion.State.ACTIVE)
    rule = PolicyVersion.objects.get().content_sha256
    names = ["first", *(f"later_{n}" for n in range(30))]
    for n, name in enumerate(names):
        state = Exemption.State.REFUSED if n else Exemption.State.ASKED
        row = Exemption.objects.create(
            scope=find(PROJECT), identifier=name, policy=Policy.objects.get(), rule_sha256=rule, kind="service",
            target="ship", reason="it moves next week", until=clock.now().date() + timedelta(days=9),
            state=state, evaluation=uuid4(), asked_by=cast.dana,
        )  # fmt: skip
        Exemption.objects.filter(pk=row.pk).update(created_at=clock.now() + timedelta(seconds=n))
    return names


def test_rest_walks_all_exemptions_newest_first(cast: Any, many: list[str]) -> None:
    dana, seen, after = client_of(cast.dana), [], ""
    while True:
        page = dana.get(f"{HERE}/exemptions", {"size": 7, "after": after}).json()
        assert len(page["results"]) <= 7
        seen += [row["identifier"] for row in page["results"]]
        if not (after := page["older"]):
            break
    assert seen == many[::-1]


def test_the_page_counts_what_waits_on_other_pages_and_leads_there(
    client: Any, cast: Any, many: list[str]
) -> None:
    enter(client, cast, "dana")
    page = client.get(PAGE).content.decode()
    assert "later_29" in page
    assert "exemptions/first/" not in page
    assert '<a href="?state=asked">1 waits for a decision</a>' in page
    assert "Older" in page
    assert "exemptions/first/" in client.get(f"{PAGE}?state=asked").content.decode()


def test_what_waits_no_longer_is_not_counted_as_waiting(client: Any, cast: Any, many: list[str]) -> None:
    enter(client, cast, "dana")
    Exemption.objects.filter(identifier="first").update(rule_sha256="another")
    assert "for a decision" not in client.get(PAGE).content.decode()
    Exemption.objects.filter(identifier="first").update(until=clock.now().date() - timedelta(days=1))
    assert "for a decision" not in client.get(PAGE).content.decode()


def test_a_filter_without_a_match_says_so_instead_of_that_there_are_none(
    client: Any, cast: Any, many: list[str]
) -> None:
    enter(client, cast, "dana")
    assert "No exemption matches" in client.get(f"{PAGE}?state=granted").content.decode()
