"""What waits for a person: approvals of runs, policies to review, their own proposals that were not saved."""

from __future__ import annotations

from governance.actor import Actor


def counts(actor: Actor) -> dict[str, int]:
    """How many things wait, by section of the bar: {"executions": 1, "policies": 2}."""
    return {}
