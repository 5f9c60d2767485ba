"""The library: every starter has a page, and adopting one is a draft that somebody else approves."""

from __future__ import annotations

import pytest

from governance import policy_query, starters
from tests.people import by_hand

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def test_the_library_lists_every_starter_and_filters_by_pack(client, cast, stub_gate):
    client.force_login(cast.pat, backend=BACKEND)
    every = list(starters.starters())
    page = client.get("/s/acme/policies/library/").content.decode()
    assert all(f"/library/{s.identifier}/" in page for s in every)
    freeze = client.get("/s/acme/policies/library/?pack=freeze").content.decode()
    for starter in every:
        assert (f"/library/{starter.identifier}/" in freeze) == (starter.pack == "freeze")


@pytest.mark.opa
def test_a_starter_shows_its_rego_and_its_examples_decided_by_opa(client, cast, stub_gate):
    client.force_login(cast.pat, backend=BACKEND)
    one = next(starters.starters())
    page = client.get(f"/s/acme/policies/library/{one.identifier}/").content.decode()
    assert "as expected, by OPA" in page
    assert "deny contains" in page.replace("</span>", "").replace('<span class="w">', "")


@pytest.mark.opa
def test_adopting_one_makes_a_draft_its_adopter_cannot_approve(client, cast, stub_gate):
    client.force_login(cast.pat, backend=BACKEND)
    one = next(starters.starters())
    answer = client.post("/s/acme/policies/library/", {"identifier": one.identifier, "key": "k"})
    assert answer.status_code == 302
    version = policy_query.policy(by_hand(cast.pat), "acme", one.identifier).versions[0]
    assert version.state == "draft"
    assert version.ai == {}
    assert str(cast.pat.pk) in version.touched_by


def test_who_may_not_draft_may_not_adopt(client, cast, stub_gate):
    client.force_login(cast.cora, backend=BACKEND)
    one = next(starters.starters())
    answer = client.post("/s/acme/policies/library/", {"identifier": one.identifier, "key": "k"})
    assert answer.status_code == 403


def test_an_unknown_starter_is_not_found(client, cast, stub_gate):
    client.force_login(cast.pat, backend=BACKEND)
    assert client.get("/s/acme/policies/library/nothing/").status_code == 404
