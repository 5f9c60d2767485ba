"""Doubles for what lies behind the ports, as fixtures."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from governance import wiring
from governance.engines.stub import StubEngine
from governance.models import Bundle, GateState


@pytest.fixture
def stub_gate(db: None) -> Iterator[StubEngine]:
    """An engine that answers from Python, with its revision pinned; it allows until something is bound."""
    pin("stub")
    with wiring.use_engine(StubEngine()) as engine:
        yield engine


def pin(revision: str, serial: int = 1) -> None:
    """Make a revision the one in force, without building a bundle; "" takes it out of force."""
    if revision:
        Bundle.objects.get_or_create(
            revision=revision, defaults={"serial": serial, "sha256": "0" * 64, "archive": b""}
        )
    GateState.objects.update_or_create(name="gate", defaults={"pinned": revision, "pending": ""})
