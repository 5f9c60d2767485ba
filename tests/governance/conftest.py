"""A sidecar with everything around it, and policies put in force the way people do it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests import people
from tests.audit.conftest import own_database
from tests.governance.sidecars import Machinery, machinery

__all__ = ["own_database"]


@pytest.fixture
def gate(own_database: None, settings: Any) -> Iterator[Machinery]:
    """A database of its own, people in their roles, and a real OPA with an empty bundle in force."""
    with machinery(settings) as made:
        made.settle()
        made.cast = people.move_in()
        yield made
