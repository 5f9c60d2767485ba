"""Example documents that come with the product: for each starter policy, those that it lets pass."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from governance.starters import starters


@lru_cache(maxsize=32)
def documents(entity: str) -> tuple[Any, ...]:
    """Inputs of one kind of entity; () for a kind that no starter policy speaks about."""
    return tuple(
        case.document
        for starter in starters()
        if starter.rule.entity == entity
        for case in starter.cases()
        if case.expect == "allow"
    )
