"""Requests about how names look that were once asked about needlessly or read wrongly."""

from __future__ import annotations

import pytest

from tests.generation.asked import documents as d
from tests.governance.authoring.reading.decided import denied


@pytest.mark.parametrize(
    ("text", "good", "bad"),
    [
        ("Service names must be camelCase.", "k8sLiveEast", "Live_east"),
        ("Service names have to be in Title Case.", "Billing Engine", "Billing engine"),
        ("Service names: no more than 2 hyphens.", "a-b-c", "a-b-c-d"),
        ("Service names must contain exactly 1 dot.", "a.b", "a.b.c"),
        ("Service names must not contain double hyphens.", "a-b", "a--b"),
        ("Service names must not contain old, secret or test.", "billing", "my-secret"),
        ("Service names must match svc-[a-z]+", "svc-billing", "my-svc-billing"),
        ("Service names: no spaces, no dots.", "billing", "bill ing"),
        ("Service names must contain no digits.", "billing", "billing2"),
        ("Service names must look like 1.2 or v1.2.", "v3.10", "x3.10"),
    ],
)
def test_what_a_name_looks_like(text: str, good: str, bad: str) -> None:
    assert not denied(text, d.service(name=good))
    assert denied(text, d.service(name=bad))


def test_things_are_written_in_a_style() -> None:
    text = "Shared variables must be written in SCREAMING_SNAKE_CASE."
    assert denied(text, d.variable(name="apiHost"))
    assert not denied(text, d.variable(name="API_HOST"))


def test_addresses_of_service_accounts_and_statements_that_need_a_clause() -> None:
    text = "Service account email addresses must end with @service.halden.example."
    assert denied(text, d.service_account(email="robot@halden.example"))
    assert not denied(text, d.service_account(email="robot@service.halden.example"))
    text = "Every UPDATE and DELETE needs a WHERE clause."
    assert denied(text, d.sql("DELETE FROM parcels"))
    assert not denied(text, d.sql("DELETE FROM parcels WHERE id = 4"))
