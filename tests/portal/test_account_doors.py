"""What belongs to a person's account and is no change of theirs: nobody renames, readdresses or adds themselves."""

from __future__ import annotations

import re
from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import get_resolver

from governance.models import User

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def dana(cast: SimpleNamespace) -> Client:
    client = Client()
    client.force_login(cast.dana, backend=BACKEND)
    return client


@pytest.mark.parametrize(
    "address",
    ["email/", "signup/", "password/reset/", "password/set/", "password/change/", "reauthenticate/",
     "confirm-email/", "inactive/"],
)  # fmt: skip
def test_only_signing_in_and_out_stands_below_accounts(dana: Client, address: str) -> None:
    assert dana.get(f"/accounts/{address}").status_code == 404
    assert dana.post(f"/accounts/{address}", {"email": "eli@acme.example"}).status_code == 404


def test_nobody_takes_the_address_that_policies_know_somebody_else_by(
    dana: Client, cast: SimpleNamespace
) -> None:
    User.objects.filter(pk=cast.dana.pk).update(email="dana@acme.example")
    for action in ("action_add", "action_primary"):
        dana.post("/accounts/email/", {"email": "eli@acme.example", action: ""})
    assert User.objects.get(pk=cast.dana.pk).email == "dana@acme.example"


def test_every_account_address_is_one_we_chose() -> None:
    found = {str(p.pattern) for r in get_resolver().url_patterns for p in getattr(r, "url_patterns", [])}
    assert {a for a in found if a.startswith("accounts/")} == {"accounts/login/", "accounts/logout/"}


def test_signing_in_still_works(client: Client, cast: SimpleNamespace) -> None:
    page = client.get("/accounts/login/")
    assert page.status_code == 200
    assert not re.search(r"signup|password/reset", page.content.decode())
    answer = client.post("/accounts/login/", {"login": "dana", "password": "correct horse battery staple"})
    assert (answer.status_code, answer["Location"]) == (302, "/")


def test_what_a_signed_in_person_saw_is_not_kept_by_the_browser(dana: Client, client: Client) -> None:
    for address in ("/", "/approvals/", "/s/acme.shop.payments/pipelines/", "/nowhere/", "/api/v1/me"):
        assert "no-store" in dana.get(address).headers.get("Cache-Control", ""), address
