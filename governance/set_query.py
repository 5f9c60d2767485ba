"""What doors may read of policy sets, always as seen by an actor."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from audit import clock
from governance import given_rights, rbac, set_conditions
from governance.actor import Actor
from governance.errors import NotFound
from governance.evaluation_query import said_in_sets
from governance.models import PolicySet, PolicySetMember, PolicyVersion, Scope, SetRequest
from governance.policy_views import MemberView, RequestView, SetView
from governance.set_requests import decision_about

State = PolicyVersion.State
Said = dict[tuple[str, str, str, str], list[int]]


def sets(
    actor: Actor,
    scope: Scope,
    *,
    inherited: bool = True,
    below: bool = False,
    entity: str = "",
    event: str = "",
) -> list[SetView]:
    """The sets of a scope, by default also those above it, outermost scope first."""
    where = Q(scope__in=scope.chain_ids if inherited else [scope.pk])
    if below:
        where |= Q(scope__organization=scope) | Q(scope__account=scope)
    rows = rbac.visible(actor, "policy_set").filter(where)
    if entity:
        rows = rows.filter(entity=entity)
    if event:
        rows = rows.filter(event=event)
    said = said_in_sets(actor)
    return [_view(row, scope, said) for row in _complete(rows).order_by("scope__path", "name")]


def policy_set(actor: Actor, scope_path: str, identifier: str) -> SetView:
    """One set with its members. Raises NotFound."""
    rows = rbac.visible(actor, "policy_set").filter(scope__path=scope_path, identifier=identifier)
    found = _complete(rows).first()
    if found is None:
        raise NotFound(f"no policy set {identifier!r} in {scope_path}")
    return _view(found, found.scope, said_in_sets(actor))


def requests(actor: Actor, scope_path: str, identifier: str) -> list[RequestView]:
    """What waits for a second person about one set, newest first. Raises NotFound."""
    policy_set(actor, scope_path, identifier)
    rows = SetRequest.objects.filter(scope__path=scope_path, identifier=identifier)
    return [_request(row, actor) for row in _asked(rows)]


def to_confirm(actor: Actor) -> list[RequestView]:
    """What the actor may confirm, wherever it is."""
    rows = SetRequest.objects.filter(scope__in=rbac.scopes(actor, "confirm_policy_set").values("pk"))
    found = [_request(row, actor) for row in _asked(rows.exclude(asked_by=actor.user))]
    return [view for view in found if not view.why_not]


def _asked(rows: QuerySet[SetRequest]) -> list[SetRequest]:
    """Those that still wait, about sets that are as they were."""
    waiting = rows.filter(state=SetRequest.State.ASKED).select_related("scope", "asked_by")
    now = PolicySet.objects.filter(
        scope=OuterRef("scope"), identifier=OuterRef("identifier"), number=OuterRef("number")
    )
    return list(waiting.filter(Exists(now)).order_by("-created_at")[:50])


def _request(row: Any, actor: Actor) -> RequestView:
    return RequestView(
        id=str(row.pk),
        scope=row.scope.path,
        identifier=row.identifier,
        verb=row.verb,
        weakens=row.weakens,
        reason=row.reason,
        asked_by=row.asked_by.display_name,
        mine=row.asked_by_id == actor.user.pk,
        why_not=given_rights.why_given(actor, decision_about(row, row.scope)),
        created_at=row.created_at,
    )


def _complete(rows: QuerySet[Any]) -> QuerySet[Any]:
    versions = PolicyVersion.objects.only("number", "state", "policy_id").order_by("number")
    members = PolicySetMember.objects.select_related("policy__scope").prefetch_related(
        Prefetch("policy__versions", versions, to_attr="all_versions")
    )
    members = members.order_by("policy__scope__path", "policy__name")
    return rows.select_related("scope").prefetch_related(Prefetch("members", members, to_attr="all_members"))


def _view(row: Any, seen_from: Scope, said: Said) -> SetView:
    members = [_member(row, m, said) for m in row.all_members]
    return SetView(
        id=str(row.pk),
        ref=f"{row.scope.path}/{row.identifier}",
        scope=row.scope.path,
        identifier=row.identifier,
        name=row.name,
        description=row.description,
        entity=row.entity,
        event=row.event,
        mode=row.mode,
        enabled=row.enabled,
        number=row.number,
        inherited=row.scope_id != seen_from.pk and row.scope_id in seen_from.chain_ids,
        updated_at=row.updated_at,
        members=members,
        blocked_30d=sum(m.blocked_30d for m in members),
        warned_30d=sum(m.warned_30d for m in members),
        selector=row.selector,
        selects=set_conditions.in_words(row.selector),
        ramp=row.ramp,
        mode_today=set_conditions.mode_on(row.mode, row.ramp, clock.now().date()),
    )


def _member(row: Any, member: PolicySetMember, said: Said) -> MemberView:
    policy: Any = member.policy
    active = next((v.number for v in policy.all_versions if v.state == State.ACTIVE), 0)
    key = (row.scope.path, row.identifier, policy.scope.path, policy.identifier)
    blocked, warned = said.get(key, [0, 0])
    return MemberView(
        policy=policy.identifier,
        scope=policy.scope.path,
        name=policy.name,
        severity=member.severity,
        active_version=active,
        state=str(policy.all_versions[-1].state) if policy.all_versions else "",
        blocked_30d=blocked,
        warned_30d=warned,
    )
