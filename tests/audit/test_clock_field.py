"""Rows are dated by the application's clock, so the demo's two months are seen on its pages too."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.utils import timezone

from audit import clock
from governance.models import Scope
from templates_catalog.models import Pipeline


@pytest.mark.django_db
def test_rows_are_dated_now_and_in_the_demo_by_its_clock(cast: Any) -> None:
    scope = Scope.objects.get(path="acme/shop/payments")
    before = timezone.now()
    today = Pipeline.objects.create(scope=scope, identifier="today", name="Today")
    assert before <= today.created_at <= timezone.now()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "now", lambda: datetime(2026, 1, 2, 3, 4, 5, 6, tzinfo=UTC))
        then = Pipeline.objects.create(scope=scope, identifier="then", name="Then")
        today.save()
    assert (
        then.created_at == then.updated_at == today.updated_at == datetime(2026, 1, 2, 3, 4, 5, 6, tzinfo=UTC)
    )
    assert before <= today.created_at <= timezone.now()
