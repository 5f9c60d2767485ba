"""What is in force, what is on its way, and which policies are asked about a kind of document."""

from __future__ import annotations

from functools import lru_cache

from audit import clock
from governance import publishing, set_conditions, upkeep
from governance.models import Bundle, GateState, PolicySetMember, Scope, SidecarReport
from governance.policy_views import AppliesView, GateStatus, SidecarView

__all__ = ["GateStatus", "applies", "gate_status", "in_force"]


def in_force() -> dict[str, str]:
    """Policy ("<scope>/<identifier>") → digest of its text, as of the pinned bundle."""
    pinned = publishing.gate_state().pinned
    return _policies_of(pinned) if pinned else {}


@lru_cache(maxsize=4)
def _policies_of(revision: str) -> dict[str, str]:
    # A revision's content never changes, so this is never stale.
    return dict(Bundle.objects.filter(revision=revision).values_list("policies", flat=True).first() or {})


def applies(scope: Scope, kind: str, event: str = "") -> list[AppliesView]:
    """The policies that sets of this scope and those above ask about a kind, nearest scope last.

    Says nothing of rights: the caller has shown that the person may see the scope.
    """
    rows = PolicySetMember.objects.filter(
        policy_set__scope__in=scope.chain_ids, policy_set__entity=kind, policy_set__enabled=True
    )
    if event:
        rows = rows.filter(policy_set__event=event)
    rows = rows.select_related("policy_set__scope", "policy__scope").order_by(
        "policy_set__scope__path", "policy_set__identifier", "policy__identifier"
    )
    loaded, today = in_force(), clock.now().date()
    found = [
        AppliesView(
            policy=m.policy.identifier,
            policy_scope=m.policy.scope.path,
            name=m.policy.name,
            set=m.policy_set.identifier,
            set_scope=m.policy_set.scope.path,
            set_name=m.policy_set.name,
            event=m.policy_set.event,
            severity=m.severity,
            mode=set_conditions.mode_on(m.policy_set.mode, m.policy_set.ramp, today),
            loaded=f"{m.policy.scope.path}/{m.policy.identifier}" in loaded,
            selects=set_conditions.in_words(m.policy_set.selector),
        )
        for m in rows
    ]
    return [row for row in found if row.mode != "off"]


def gate_status() -> GateStatus:
    """For the footer of every page and the readiness check."""
    state = publishing.gate_state()
    fresh = {r.sidecar for r in publishing.heard()}
    sidecars = [
        SidecarView(r.sidecar, r.revision, r.error, r.heard_at, r.sidecar in fresh)
        for r in SidecarReport.objects.order_by("sidecar")
    ]
    bundle = Bundle.objects.filter(revision=state.pinned).values_list("serial", "pinned_at").first()
    here = [s for s in sidecars if s.fresh]
    acceptable = {state.pinned, state.pending} - {""}
    ready = bool(state.pinned) and bool(here) and all(s.revision in acceptable for s in here)
    return GateStatus(
        pinned=state.pinned,
        pending=state.pending,
        serial=bundle[0] if bundle else 0,
        activating=bool(state.pending) or _unbuilt() > state.built,
        pinned_at=bundle[1] if bundle else None,
        sidecars=sidecars,
        ready=ready,
        problem="" if ready else _problem(state.pinned, here),
        failing=_failing(state, here),
    )


def _failing(state: GateState, here: list[SidecarView]) -> str:
    if state.pending in {"", state.pinned}:
        return ""
    return next((s.error for s in here if s.error and s.revision != state.pending), "")


def _unbuilt() -> int:
    rows = GateState.objects.filter(name=publishing.UNBUILT)
    return rows.values_list("dirty", flat=True).first() or 0


def _problem(pinned: str, here: list[SidecarView]) -> str:
    if not upkeep.heartbeat("keeper").alive:
        return "The keeper is not running, so no policy bundle is published. See log/keeper.log."
    if not here:
        return "No policy engine was heard from in the last ten seconds. See log/opa.log."
    if errors := [s.error for s in here if s.error]:
        return f"The policy engine could not load the newest bundle: {errors[0][:300]}"
    return (
        "The first policy bundle is on its way." if not pinned else "The policy engine is loading the bundle."
    )
