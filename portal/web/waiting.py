"""What waits for a person: runs to approve, policies to review or activate, drafts nobody decided about."""

from __future__ import annotations

from django.core.cache import cache

from governance import exemption_query, policy_query, set_query
from governance.actor import Actor
from templates_catalog import execution_query

REMEMBERED_S = 10


def counts(actor: Actor) -> dict[str, int]:
    """How many things wait, by section of the bar: {"executions": 1, "policies": 2}; at most 10 s old."""
    key = _key(actor)
    found: dict[str, int] | None = cache.get(key)
    if found is None:
        found = {
            "executions": sum(w.may_decide for _, w in execution_query.waiting(actor)),
            "policies": len(policy_query.review_queue(actor)) + len(set_query.to_confirm(actor)),
            "exemptions": exemption_query.waiting_for(actor),
        }
        cache.set(key, found, REMEMBERED_S)
    return found


def forget(actor: Actor) -> None:
    """After a decision of this person: count anew."""
    cache.delete(_key(actor))


def _key(actor: Actor) -> str:
    return f"waiting.{actor.user.pk}"
