"""What becomes of a version: submitted, approved by somebody else, put in force, retired."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from pydantic import Field

from audit import clock
from governance import (
    kinds,
    policy_cases,
    policy_checks,
    policy_reports,
    policy_sets,
    publishing,
    shadow_first,
)
from governance.actor import Actor
from governance.engines import limited
from governance.errors import Conflict, NotFound
from governance.fields import Fields, read
from governance.four_eyes import (
    refuse_alone_again,
    refuse_appointed,
    refuse_own,
    refuse_unapproved,
    who_appointed,
)
from governance.kinds import Applied, Change, Prepared
from governance.models import (
    Policy,
    PolicyApproval,
    PolicyComment,
    PolicySet,
    PolicySetMember,
    PolicyVersion,
    Scope,
)
from governance.policy_saving import _supersede
from governance.policy_versions import (
    State,
    applied,
    as_document,
    called,
    described,
    lock,
    newest,
    take_back,
    version_of,
)


class VersionFields(Fields):
    """version: its number, by default the newest the verb can take; content_sha256: what the person saw."""

    version: int | None = None
    content_sha256: str = ""
    comment: str = Field(default="", max_length=4000)


class ReasonFields(VersionFields):
    comment: str = Field(min_length=1, max_length=4000)


def prepare_version(change: Change, scope: Scope, actor: Actor) -> Prepared:
    return Prepared(extra=read(VersionFields, change))


def prepare_reason(change: Change, scope: Scope, actor: Actor) -> Prepared:
    return Prepared(extra=read(ReasonFields, change))


def submit(change: Change, scope: Scope, prepared: Prepared, actor: Actor) -> Applied:
    version = _take(change, scope, prepared.extra, State.DRAFT)
    policy_cases.refuse_unexpected(version.cases, version.number)
    return _move(version, State.IN_REVIEW)


def approve(change: Change, scope: Scope, prepared: Prepared, actor: Actor) -> Applied:
    wanted: VersionFields = prepared.extra
    version = _take(change, scope, wanted, State.IN_REVIEW)
    refuse_own(version, actor, "approve", scope)
    refuse_appointed(version, actor, "approve", scope)
    PolicyApproval.objects.create(
        version=version,
        user=actor.user,
        content_sha256=version.content_sha256,
        comment=wanted.comment,
    )
    done = _move(version, State.APPROVED)
    return replace(done, data={**done.data, **who_appointed(version, actor, "approve", scope)})


def request_changes(change: Change, scope: Scope, prepared: Prepared, actor: Actor) -> Applied:
    wanted: ReasonFields = prepared.extra
    version = _take(change, scope, wanted, State.IN_REVIEW, State.APPROVED)
    PolicyComment.objects.create(version=version, user=actor.user, text=wanted.comment)
    before = version.state
    take_back(version, State.DRAFT)
    return applied(version, before=f"state: {before}", after="state: draft")


def prepare_activate(change: Change, scope: Scope, actor: Actor) -> Prepared:
    wanted = read(VersionFields, change)
    row = Policy.objects.filter(scope=scope, identifier=change.identifier).first()
    if row is None:
        raise NotFound(f"no policy {change.identifier!r} in {scope.path}")
    version = _to_activate(row, wanted)
    _refuse_alone(version, actor, scope)
    with limited.budget(policy_checks.CPU_S):
        policy_checks.refuse_bad_rego(version.rego)
        policy_checks.refuse_unmovable(f"{scope.path}/{change.identifier}", version.rego, version.rule)
        policy_checks.refuse_conflicts(version)
        policy_reports.refuse_costly(version)
    sets = _sets(row)
    for held in sets:
        shadow_first.refuse_activation(version, policy_sets.as_document(held), held.scope)
    document = {**as_document(row, version), "state": "active"}
    return Prepared(document=document, source=version.rego, extra=(wanted, version.number, _numbers(sets)))


def _sets(row: Policy) -> list[PolicySet]:
    """The policy sets that ask it."""
    return list(PolicySet.objects.filter(members__policy=row, enabled=True).select_related("scope"))


def _numbers(sets: list[PolicySet]) -> set[tuple[UUID, int]]:
    return {(held.pk, held.number) for held in sets}


def _to_activate(row: Policy, wanted: VersionFields) -> PolicyVersion:
    """The approved version; a named earlier one that was active may come back (a rollback)."""
    if wanted.version is None:
        found = row.versions.filter(state=State.APPROVED).order_by("-number").first()
        if found is None:
            last = newest(row)
            state = last.state if last else "missing"
            raise Conflict(
                f"{row.identifier} has no approved version to activate; the newest is {state}."
                " Submit it, let somebody else approve it, then activate it."
            )
        return found
    found = version_of(row, wanted.version)
    once_active = found.state == State.RETIRED and found.activated_at is not None
    if found.state != State.APPROVED and not once_active:
        raise Conflict(
            f"version {found.number} of {row.identifier} is {found.state}, not approved; what can come into force"
            " is an approved version, or an earlier one that was in force"
        )
    return found


def _refuse_alone(version: PolicyVersion, actor: Actor, scope: Scope) -> None:
    refuse_own(version, actor, "activate", scope)
    refuse_appointed(version, actor, "activate", scope)
    refuse_unapproved(version)
    if version.state == State.RETIRED:
        refuse_alone_again(version, actor, scope)


def activate(change: Change, scope: Scope, prepared: Prepared, actor: Actor) -> Applied:
    wanted, number, sets = prepared.extra
    row = lock(scope, change.identifier)
    if not _numbers(_sets(row)) <= sets:
        raise Conflict(f"a policy set that names {row.identifier} was changed at the same time; try again")
    version = _to_activate(row, wanted.model_copy(update={"version": number}))
    _refuse_unseen(version, wanted.content_sha256 or kinds.text_digest(prepared.source))
    _refuse_alone(version, actor, scope)
    replaced = row.versions.filter(state=State.ACTIVE).first()
    row.versions.filter(state=State.ACTIVE).update(state=State.RETIRED)
    version.state, version.activated_at = State.ACTIVE, clock.now()
    version.save(update_fields=["state", "activated_at"])
    before = described(row, replaced)
    row.name, row.description = called(row, version)
    row.retired = False
    row.save(update_fields=["name", "description", "retired", "updated_at"])
    publishing.mark_changed()
    done = applied(version, before=before, after=described(row, version))
    return replace(done, data={**done.data, **who_appointed(version, actor, "activate", scope)})


def retire(change: Change, scope: Scope, prepared: Prepared, actor: Actor) -> Applied:
    row = lock(scope, change.identifier)
    if row.retired:
        raise Conflict(f"{row.identifier} is retired already")
    holders = PolicySetMember.objects.filter(policy=row, policy_set__enabled=True).exclude(
        policy_set__mode="off", policy_set__ramp=[]
    )
    names = [m.policy_set.identifier for m in holders.select_related("policy_set")]
    if names:
        raise Conflict(
            f"{row.identifier} is in {', '.join(sorted(names))}; take it out of"
            f" {'that policy set' if len(names) == 1 else 'those policy sets'} first"
        )
    active = row.versions.filter(state=State.ACTIVE).first()
    _supersede(row)
    row.versions.filter(state=State.ACTIVE).update(state=State.RETIRED)
    row.retired = True
    row.save(update_fields=["retired", "updated_at"])
    publishing.mark_changed()
    last = newest(row)
    return Applied(version=str(last.number) if last else "", before=described(row, active), after="")


def _first(version: PolicyVersion) -> str:
    """What would bring a draft to where others can decide about it."""
    return ": submit it first" if version.state == State.DRAFT else ""


def _take(change: Change, scope: Scope, wanted: VersionFields, *states: str) -> PolicyVersion:
    """The version a verb speaks of, its policy locked. Raises Conflict when it is in another state."""
    row = lock(scope, change.identifier)
    version = version_of(row, wanted.version)
    if version.state not in states:
        raise Conflict(
            f"version {version.number} of {row.identifier} is {version.state};"
            f" {change.verb.replace('_', ' ')} takes one that is {' or '.join(states)}{_first(version)}"
        )
    if wanted.content_sha256:
        _refuse_unseen(version, wanted.content_sha256)
    return version


def _refuse_unseen(version: PolicyVersion, seen: str) -> None:
    if version.content_sha256 != seen:
        raise Conflict(
            f"version {version.number} says something else than what was reviewed"
            f" ({version.content_sha256[:12]}, not {seen[:12]}); look at it again"
        )


def _move(version: PolicyVersion, state: str) -> Applied:
    before, version.state = version.state, state
    version.save(update_fields=["state"])
    return applied(version, before=f"state: {before}", after=f"state: {state}")
