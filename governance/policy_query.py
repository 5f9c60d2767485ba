"""What doors may read of policies: lists, details and what waits for whom, always as seen by an actor."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import OuterRef, Prefetch, Q, QuerySet, Subquery

from governance import given_rights, keyset, policy_reports, rbac
from governance.actor import Actor
from governance.errors import NotFound
from governance.evaluation_query import (
    EvaluationPage,
    EvaluationView,
    evaluation,
    evaluation_input,
    evaluations,
    said_lately,
)
from governance.four_eyes import decision_about, excluded, is_approved
from governance.gate_query import GateStatus, applies, gate_status, in_force
from governance.models import PolicySetMember, PolicyVersion, Scope, User
from governance.policy_reports import ReportView
from governance.policy_versions import called
from governance.policy_views import (
    ApprovalView,
    BoundIn,
    CommentView,
    PolicyDetail,
    PolicyPage,
    PolicyView,
    ReviewItem,
    VersionView,
)
from governance.set_query import policy_set, sets

__all__ = [
    "EvaluationPage", "EvaluationView", "GateStatus", "applies", "evaluation", "evaluation_input",
    "evaluations", "gate_status", "names", "policies", "policy", "policy_set", "report", "report_of_draft", "review_queue", "sets", "version",
    "why_not",
]  # fmt: skip

State = PolicyVersion.State
# verb → the permission it needs; the states it can start from, () when it asks for none.
VERBS = {
    "save": ("edit_policy", ()),
    "submit": ("edit_policy", (State.DRAFT,)),
    "approve": ("approve_policy", (State.IN_REVIEW,)),
    "request_changes": ("approve_policy", (State.IN_REVIEW, State.APPROVED)),
    "comment": ("view_policy", ()),
    "activate": ("activate_policy", (State.APPROVED,)),
    "retire": ("retire_policy", ()),
    # An earlier version that was in force, activated once more.
    "roll_back": ("activate_policy", (State.RETIRED,)),
}


def policies(
    actor: Actor,
    scope: Scope,
    *,
    inherited: bool = True,
    below: bool = False,
    state: str = "",
    entity: str = "",
    text: str = "",
    ai: bool | None = None,
    unbound: bool = False,
    after: str = "",
    before: str = "",
    size: int = 25,
) -> PolicyPage:
    """Policies that live in a scope, by default also those above it that bind there, by name.

    unbound  only those that no set names
    """
    where = Q(scope__in=scope.chain_ids if inherited else [scope.pk])
    if below:
        where |= Q(scope__organization=scope) | Q(scope__account=scope)
    rows = _filtered(rbac.visible(actor, "policy").filter(where), state, entity, text, ai)
    if unbound:
        rows = rows.filter(memberships__isnull=True)
    said = said_lately(actor)
    page = keyset.page(
        _complete(rows),
        lambda row: _view(row, scope, said),
        by="name",
        descending=False,
        after=after,
        before=before,
        size=size,
    )
    return PolicyPage(page.rows, after=page.older, before=page.newer)


def names(actor: Actor, scope: Scope, *, inherited: bool = True, beginning: str = "") -> set[str]:
    """Identifiers in use in a scope, by default in those above it, too; `beginning`: only those that begin so."""
    rows = rbac.visible(actor, "policy").filter(scope__in=scope.chain_ids if inherited else [scope.pk])
    rows = rows.filter(identifier__startswith=beginning) if beginning else rows
    return set(rows.values_list("identifier", flat=True))


def _filtered(rows: QuerySet[Any], state: str, entity: str, text: str, ai: bool | None) -> QuerySet[Any]:
    if state == State.ACTIVE:
        rows = rows.filter(versions__state=State.ACTIVE)
    elif state:
        last = PolicyVersion.objects.filter(policy=OuterRef("pk")).order_by("-number").values("state")[:1]
        rows = rows.annotate(last_state=Subquery(last)).filter(last_state=state)
    if entity:
        rows = rows.filter(entity=entity)
    if ai is not None:
        rows = rows.filter(ai_generated=ai)
    for word in text.split()[:8]:
        rows = rows.filter(
            Q(name__icontains=word) | Q(identifier__icontains=word) | Q(description__icontains=word)
        )
    return rows


def _complete(rows: QuerySet[Any]) -> QuerySet[Any]:
    """With what a view needs: versions without their texts, and the sets that hold the policy."""
    versions = PolicyVersion.objects.only("number", "state", "content_sha256", "policy_id").order_by("number")
    members = PolicySetMember.objects.select_related("policy_set__scope").order_by("policy_set__identifier")
    return rows.select_related("scope").prefetch_related(
        Prefetch("versions", versions, to_attr="all_versions"),
        Prefetch("memberships", members, to_attr="all_memberships"),
    )


def _view(row: Any, seen_from: Scope, said: dict[tuple[str, str], list[int]]) -> PolicyView:
    last = row.all_versions[-1] if row.all_versions else None
    active = next((v for v in row.all_versions if v.state == State.ACTIVE), None)
    ref = f"{row.scope.path}/{row.identifier}"
    blocked, warned = said.get((row.scope.path, row.identifier), [0, 0])
    return PolicyView(
        id=str(row.pk),
        ref=ref,
        scope=row.scope.path,
        identifier=row.identifier,
        name=row.name,
        description=row.description,
        entity=row.entity,
        tags=row.tags,
        ai_generated=row.ai_generated,
        retired=row.retired,
        state=str(last.state) if last else "",
        version=last.number if last else 0,
        active_version=active.number if active else 0,
        activating=active is not None and in_force().get(ref) != active.content_sha256,
        inherited=row.scope_id != seen_from.pk and row.scope_id in seen_from.chain_ids,
        updated_at=row.updated_at,
        sets=[_bound_in(m) for m in row.all_memberships],
        blocked_30d=blocked,
        warned_30d=warned,
    )


def _bound_in(member: PolicySetMember) -> BoundIn:
    held = member.policy_set
    return BoundIn(
        held.identifier, held.scope.path, held.name, held.event, member.severity, held.mode, held.enabled
    )


def _find(actor: Actor, scope_path: str, identifier: str) -> Any:
    rows = rbac.visible(actor, "policy").filter(scope__path=scope_path, identifier=identifier)
    found = _complete(rows).first()
    if found is None:
        raise NotFound(f"no policy {identifier!r} in {scope_path}")
    return found


def policy(actor: Actor, scope_path: str, identifier: str) -> PolicyDetail:
    """One policy with all its versions, newest first. Raises NotFound."""
    row = _find(actor, scope_path, identifier)
    versions = row.versions.select_related("author", "policy__scope").order_by("-number")
    view = _view(row, row.scope, said_lately(actor))
    return PolicyDetail(view, [_version_view(v) for v in versions], _may(actor, row))


def _may(actor: Actor, row: Any) -> frozenset[str]:
    held = rbac.permissions(actor, row.scope)
    object_level = {
        p for p in ("edit_policy", "approve_policy")
        if p not in held and rbac.visible(actor, "policy", p).filter(pk=row.pk).exists()
    }  # fmt: skip
    return frozenset(verb for verb, (wanted, _) in VERBS.items() if wanted in held | object_level)


def version(actor: Actor, scope_path: str, identifier: str, number: int) -> VersionView:
    """One version of a policy. Raises NotFound."""
    row = _find(actor, scope_path, identifier)
    found = row.versions.select_related("author", "policy__scope").filter(number=number).first()
    if found is None:
        raise NotFound(f"no version {number} of policy {identifier!r} in {scope_path}")
    return _version_view(found)


def report(actor: Actor, scope_path: str, identifier: str, number: int) -> ReportView:
    """What the checks found about a version; made now, in about a second, if none is kept. Raises NotFound."""
    row = _find(actor, scope_path, identifier)
    found = row.versions.select_related("policy__scope").filter(number=number).first()
    if found is None:
        raise NotFound(f"no version {number} of policy {identifier!r} in {scope_path}")
    return policy_reports.report(found)


def report_of_draft(rego: str, fields: Mapping[str, Any]) -> ReportView:
    """What the checks find about a text that is not kept; fields as a policy is saved with."""
    cases = policy_reports.cases_of(fields.get("cases", []))
    return policy_reports.of_text(
        rego, str(fields.get("entity", "pipeline")), cases=cases, rule=fields.get("rule") or {}
    )


def _version_view(row: PolicyVersion) -> VersionView:
    out = excluded(row)
    names = dict(User.objects.filter(pk__in=out).values_list("pk", "username"))
    ref = f"{row.policy.scope.path}/{row.policy.identifier}"
    name, description = called(row.policy, row)
    return VersionView(
        id=str(row.pk),
        number=row.number,
        state=str(row.state),
        rego=row.rego,
        rule=row.rule,
        request=row.request,
        reading=row.reading,
        cases=row.cases,
        checks=row.checks,
        content_sha256=row.content_sha256,
        author=row.author.get_username(),
        author_name=row.author.display_name,
        touched_by=sorted(out),
        touched_names=sorted(names.values()),
        ai=row.ai,
        origin=row.origin,
        created_at=row.created_at,
        activated_at=row.activated_at,
        approved=is_approved(row),
        activating=row.state == State.ACTIVE and in_force().get(ref) != row.content_sha256,
        approvals=[
            ApprovalView(
                user=a.user.get_username(),
                name=a.user.display_name,
                comment=a.comment,
                at=a.at,
                withdrawn=a.withdrawn,
                valid=not a.withdrawn
                and a.content_sha256 == row.content_sha256
                and str(a.user_id) not in out,
            )
            for a in row.approvals.select_related("user").order_by("at")
        ],
        comments=[
            CommentView(c.user.get_username(), c.user.display_name, c.line, c.text, c.at)
            for c in row.comments.select_related("user").order_by("at")
        ],
        name=name,
        description=description,
    )


def why_not(actor: Actor, view: VersionView, verb: str) -> str:
    """What stands against a verb for this person and version, as a sentence; "" when nothing does.

    Rights are not asked here: `PolicyDetail.may` holds the verbs that the person's roles allow.
    """
    states = VERBS[verb][1]
    if verb in {"approve", "activate", "roll_back"} and str(actor.user.pk) in view.touched_by:
        part = "wrote" if view.author == actor.user.get_username() else "had a part in"
        return (
            f"You {part} this version; somebody else must {'activate' if verb == 'roll_back' else verb} it."
        )
    if states and view.state not in states:
        return f"This version is {view.state.replace('_', ' ')}."
    if verb in {"activate", "roll_back"} and not view.approved:
        return "Nobody who had no part in it has approved this text yet."
    if verb == "roll_back" and {a.user for a in view.approvals if a.valid} == {actor.user.get_username()}:
        return "The yes it has is yours; somebody else must bring it back."
    return _why_appointed(actor, view, verb) if verb in {"approve", "activate", "roll_back"} else ""


def _why_appointed(actor: Actor, view: VersionView, verb: str) -> str:
    version = PolicyVersion.objects.select_related("policy__scope").get(pk=view.id)
    verb = "activate" if verb == "roll_back" else verb
    return given_rights.why_given(actor, decision_about(version, verb, version.policy.scope))


def review_queue(actor: Actor, scope: Scope | None = None, *, size: int = 50) -> list[ReviewItem]:
    """Versions that this person may approve or activate and had no part in, oldest first."""
    found = []
    for state, verb, permission in (
        (State.IN_REVIEW, "approve", "approve_policy"),
        (State.APPROVED, "activate", "activate_policy"),
    ):
        rows = rbac.visible(actor, "policy", permission).filter(versions__state=state)
        if scope is not None:
            below = Q(scope__organization=scope) | Q(scope__account=scope)
            rows = rows.filter(Q(scope__in=scope.chain_ids) | below)
        for row in _complete(rows.distinct())[:size]:
            waiting = row.versions.select_related("author", "policy__scope").filter(state=state)
            for item in waiting:
                view = _version_view(item)
                if not why_not(actor, view, verb):
                    found.append(ReviewItem(_view(row, scope or row.scope, {}), view, verb))
    return sorted(found, key=lambda item: item.version.created_at)[:size]
