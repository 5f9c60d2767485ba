"""API tokens: shown once, useless from a dump, gone when revoked."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from governance.errors import Invalid, NotFound
from portal import tokens
from portal.models import ApiToken
from tests.people import by_hand

pytestmark = pytest.mark.django_db


def test_a_token_opens_the_api_for_its_person(cast):
    _, secret = tokens.create(by_hand(cast.dana), "laptop", 30)
    assert tokens.holder_of(secret).user == cast.dana


def test_nothing_that_is_stored_is_a_credential(cast):
    tokens.create(by_hand(cast.dana), "laptop", 30)
    row = ApiToken.objects.get()
    for stored in (row.digest, row.prefix, str(row.pk), row.name):
        assert tokens.holder_of(stored) is None


def test_a_revoked_token_is_refused_at_once(cast):
    made, secret = tokens.create(by_hand(cast.dana), "laptop", 30)
    tokens.revoke(by_hand(cast.dana), made.id)
    assert tokens.holder_of(secret) is None


def test_an_expired_token_is_refused(cast):
    _, secret = tokens.create(by_hand(cast.dana), "laptop", 1)
    ApiToken.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert tokens.holder_of(secret) is None


def test_a_token_of_a_deactivated_person_is_refused(cast):
    _, secret = tokens.create(by_hand(cast.dana), "laptop", 30)
    cast.dana.is_active = False
    cast.dana.save()
    assert tokens.holder_of(secret) is None


def test_nobody_revokes_the_token_of_another(cast):
    made, secret = tokens.create(by_hand(cast.dana), "laptop", 30)
    with pytest.raises(NotFound):
        tokens.revoke(by_hand(cast.sam), made.id)
    assert tokens.holder_of(secret) is not None


@pytest.mark.parametrize("days", [0, -1, 366])
def test_a_token_must_end_within_a_year(cast, days):
    with pytest.raises(Invalid):
        tokens.create(by_hand(cast.dana), "laptop", days)


def test_a_mistyped_token_is_refused_without_a_query(cast, django_assert_num_queries):
    _, secret = tokens.create(by_hand(cast.dana), "laptop", 30)
    with django_assert_num_queries(0):
        assert tokens.holder_of(secret[:-1] + ("0" if secret[-1] != "0" else "1")) is None
