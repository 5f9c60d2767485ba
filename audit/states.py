"""The automaton of a run: which state may follow which. One table, used by code and by triggers."""

from __future__ import annotations

from typing import Final

ALLOWED: Final[dict[str, frozenset[str]]] = {
    "queued": frozenset({"leased", "cancelled", "failed", "expired"}),
    "leased": frozenset({"running", "queued", "cancelled", "failed"}),
    "running": frozenset(
        {"succeeded", "failed", "cancelled", "expired", "needs_decision", "waiting", "queued"}
    ),
    "waiting": frozenset({"queued", "cancelled", "failed", "expired"}),
    # A person decides what becomes of a run whose worker was lost in a step that must not repeat.
    "needs_decision": frozenset({"queued", "failed", "cancelled"}),
    "succeeded": frozenset(),
    "failed": frozenset(),
    "cancelled": frozenset(),
    "expired": frozenset(),
}
STATES: Final = frozenset(ALLOWED)
FINAL: Final = frozenset(state for state, following in ALLOWED.items() if not following)
# States in which a worker holds a lease.
HELD: Final = frozenset({"leased", "running"})

STEP_STATUSES: Final = frozenset(
    {
        "queued", "running", "waiting", "approved", "rejected",
        "succeeded", "failed", "interrupted", "ignored", "skipped", "cancelled", "not_reached",
    }
)  # fmt: skip
STEP_ENDED: Final = STEP_STATUSES - {"queued", "running", "waiting"}
