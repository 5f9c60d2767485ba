"""What doors may read of exemptions: which there are, and whether each still holds, as seen by an actor."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from governance import exempting, keyset, kinds, rbac
from governance.actor import Actor
from governance.errors import NotFound
from governance.models import Exemption, PolicyVersion, Scope

# What an exemption is now → in words.
STANDING = {
    "asked": "waits for a decision",
    "holds": "holds",
    "refused": "refused",
    "revoked": "revoked",
    "over": "ended by its date",
    "rule_changed": "ended: the policy reads otherwise now",
    "fragment_changed": "ended: what it was for was changed",
}


@dataclass(frozen=True, slots=True)
class ExemptionView:
    """standing: a key of STANDING; policy_scope and scope are paths; days_left counts from today."""

    scope: str
    identifier: str
    policy: str
    policy_scope: str
    policy_name: str
    kind: str
    target: str
    path: str
    message: str
    reason: str
    until: date
    days_left: int
    state: str
    standing: str
    evaluation: str
    asked_by: str
    asked_by_id: str
    decided_by: str
    decided_at: datetime | None
    decision_note: str
    created_at: datetime

    @property
    def words(self) -> str:
        return STANDING[self.standing]


def exemptions(
    actor: Actor,
    scope: Scope,
    *,
    state: str = "",
    policy: str = "",
    target: str = "",
    after: str = "",
    before: str = "",
    size: int = 25,
) -> keyset.Page[ExemptionView]:
    """Exemptions of a scope and below, newest first. Raises Invalid."""
    rows = _below(actor, scope)
    if state:
        rows = rows.filter(state=state)
    if policy:
        rows = rows.filter(policy__identifier=policy)
    if target:
        rows = rows.filter(target=target)
    return keyset.page(rows, _view, by="created_at", descending=True, after=after, before=before, size=size)


def undecided(actor: Actor, scope: Scope) -> int:
    """How many exemptions of a scope and below wait for a decision, on whichever page they stand."""
    return _waiting(_below(actor, scope)).count()


def exemption(actor: Actor, scope_path: str, identifier: str) -> ExemptionView:
    """One exemption. Raises NotFound."""
    found = _rows(actor).filter(scope__path=scope_path, identifier=identifier).first()
    if found is None:
        raise NotFound(f"no exemption {identifier!r} in {scope_path}")
    return _view(found)


def waiting_for(actor: Actor) -> int:
    """How many exemptions wait for a decision that the actor may take."""
    rows = _waiting(_rows(actor)).filter(policy__scope__in=rbac.scopes(actor, "grant_exemption").values("pk"))
    return rows.exclude(asked_by=actor.user).count()


def _waiting(rows: QuerySet[Exemption]) -> QuerySet[Exemption]:
    """Asked for, not over, and of a rule that reads as it did."""
    still = PolicyVersion.objects.filter(
        policy=OuterRef("policy"), state=PolicyVersion.State.ACTIVE, content_sha256=OuterRef("rule_sha256")
    )
    return rows.filter(Exists(still), state=Exemption.State.ASKED, until__gte=exempting.today())


def _below(actor: Actor, scope: Scope) -> QuerySet[Exemption]:
    here = Q(scope=scope) | Q(scope__organization=scope) | Q(scope__account=scope)
    return _rows(actor).filter(here)


def _rows(actor: Actor) -> QuerySet[Exemption]:
    active = PolicyVersion.objects.filter(state=PolicyVersion.State.ACTIVE)
    rows = Exemption.objects.filter(scope__in=rbac.scopes(actor, "view_exemption").values("pk"))
    return rows.select_related("scope", "policy__scope", "asked_by", "decided_by").prefetch_related(
        Prefetch("policy__versions", active, to_attr="active_versions")
    )


def _view(row: Any) -> ExemptionView:
    return ExemptionView(
        scope=row.scope.path,
        identifier=row.identifier,
        policy=row.policy.identifier,
        policy_scope=row.policy.scope.path,
        policy_name=row.policy.name,
        kind=row.kind,
        target=row.target,
        path=row.path,
        message=row.message,
        reason=row.reason,
        until=row.until,
        days_left=(row.until - exempting.today()).days,
        state=str(row.state),
        standing=_standing(row),
        evaluation=str(row.evaluation),
        asked_by=row.asked_by.display_name,
        asked_by_id=str(row.asked_by_id),
        decided_by=row.decided_by.display_name if row.decided_by else "",
        decided_at=row.decided_at,
        decision_note=row.decision_note,
        created_at=row.created_at,
    )


def _standing(row: Any) -> str:
    if row.state in (Exemption.State.REFUSED, Exemption.State.REVOKED):
        return str(row.state)
    if row.until < exempting.today():
        return "over"
    if not any(v.content_sha256 == row.rule_sha256 for v in row.policy.active_versions):
        return "rule_changed"
    if row.state == Exemption.State.ASKED:
        return "asked"
    return "holds" if _stands(row) else "fragment_changed"


def _stands(row: Any) -> bool:
    """Whether what is stored still holds the fragment; what was never saved is not held against it."""
    kind = kinds.get(row.kind)
    now = kind.current(row.scope, row.target) if kind.current else None
    if now is None:
        return True
    if now["at"] < row.created_at:
        # What was refused then is not saved yet.
        return True
    document = {kind.root or kind.name: now["document"]}
    return bool(exempting.fragment_digest(document, row.path) == row.fragment_sha256)
