"""Kind policy: drafted, approved by somebody else, activated, retired; only approved text is activated."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID

from django.db.models import QuerySet
from pydantic import Field, JsonValue

from audit import clock
from governance import (
    kinds,
    policy_cases,
    policy_checks,
    policy_reports,
    policy_sets,
    publishing,
    shadow_first,
    wiring,
)
from governance.actor import Actor
from governance.engines import limited
from governance.errors import Conflict, Invalid, NotFound, Problem
from governance.fields import IDENTIFIER, Fields, VerbatimFields, read
from governance.four_eyes import (
    refuse_alone_again,
    refuse_appointed,
    refuse_own,
    refuse_unapproved,
    touched_by,
    who_appointed,
)
from governance.kinds import Applied, Change, Document, Kind, Prepared, Verb
from governance.models import (
    Policy,
    PolicyApproval,
    PolicyComment,
    PolicySet,
    PolicySetMember,
    PolicyVersion,
    Proposal,
    Replay,
    Scope,
)
from governance.policy_versions import (
    OPEN,
    State,
    as_document,
    called,
    described,
    lock,
    lock_if_there,
    newest,
    take_back,
    version_of,
)


class Origin(Fields):
    """The starter policy a text was adopted from, and the digest of the text as it was shipped then."""

    starter: str = Field(min_length=1, max_length=128)
    digest: str = Field(pattern=r"^[0-9a-f]{64}$")


# Impacts somebody may have under way: each decides thousands of documents again.
MOST_REPLAYS_OF_ONE = 3


class PolicyFields(VerbatimFields):
    """rule: the Rule it was compiled from; request: the sentence as typed; reading: how it was understood.

    origin: by default that of the version before; tags too.
    """

    name: str = Field(default="", max_length=128)
    description: str = Field(default="", max_length=4000)
    entity: str = "pipeline"
    tags: dict[str, str] = Field(default_factory=dict)
    rule: dict[str, JsonValue] = Field(default_factory=dict)
    request: str = Field(default="", max_length=8000)
    reading: list[JsonValue] = Field(default_factory=list, max_length=200)
    cases: list[JsonValue] = Field(default_factory=list, max_length=200)
    checks: list[JsonValue] = Field(default_factory=list, max_length=200)
    origin: Origin | None = None


class VersionFields(Fields):
    """version: its number, by default the newest the verb can take; content_sha256: what the person saw."""

    version: int | None = None
    content_sha256: str = ""
    comment: str = Field(default="", max_length=4000)


class ReasonFields(VersionFields):
    comment: str = Field(min_length=1, max_length=4000)


class ReplayFields(Fields):
    """days: how far back past decisions are looked at, beside everything that is stored."""

    version: int | None = None
    days: int = Field(default=30, ge=0, le=90)


class CommentFields(Fields):
    version: int | None = None
    text: str = Field(min_length=1, max_length=4000)
    line: int = Field(default=0, ge=0)


# --- save -------------------------------------------------------------------------------------


def _prepare_save(change: Change, scope: Scope, actor: Actor) -> Prepared:
    wanted = read(PolicyFields, change)
    if not re.match(IDENTIFIER, change.identifier):
        raise Invalid([f"identifier {change.identifier!r}: letters, digits and _, not starting with a digit"])
    policy_checks.refuse_unknown_entity(wanted.entity)
    with limited.budget(policy_checks.CPU_S):
        policy_checks.refuse_bad_rego(change.source)
        rule = policy_checks.rule_of(wanted.rule, change.source)
        policy_checks.refuse_unmovable(f"{scope.path}/{change.identifier}", change.source, rule)
        _refuse_made_up(wanted.reading, kinds.text_digest(change.source))
        cases = policy_cases.decided(change.source, wanted.cases)
    tags = wanted.tags if "tags" in wanted.model_fields_set else _tags_of(scope, change.identifier)
    wanted = wanted.model_copy(
        update={"rule": rule, "cases": cases, "tags": tags, "name": wanted.name.strip() or change.identifier}
    )
    return Prepared(
        document=_draft_document(change, scope, wanted),
        source=change.source,
        content_sha256=kinds.text_digest(change.source),
        extra=wanted,
    )


def _refuse_made_up(reading: list[JsonValue], content_sha256: str) -> None:
    """How a sentence was read is what reviewers go by: only what the planner or a model said of this text."""
    drafted = Proposal.objects.filter(kind="policy", content_sha256=content_sha256)
    kept = PolicyVersion.objects.filter(content_sha256=content_sha256)
    known = [*(fields.get("reading") for fields in drafted.values_list("fields", flat=True)),
             *kept.values_list("reading", flat=True)]  # fmt: skip
    if reading and reading not in known:
        said = "is not how this text was read by anybody; leave it out, or draft the policy from a sentence"
        raise Invalid([Problem(said, path="reading")])


def _tags_of(scope: Scope, identifier: str) -> dict[str, str]:
    found = Policy.objects.filter(scope=scope, identifier=identifier).values_list("tags", flat=True).first()
    return dict(found or {})


def _draft_document(change: Change, scope: Scope, wanted: PolicyFields) -> Document:
    return {
        "identifier": change.identifier,
        "scope": scope.path,
        "name": wanted.name,
        "description": wanted.description,
        "entity": wanted.entity,
        "tags": wanted.tags,
        "rego": change.source,
        "rule": wanted.rule,
        "state": "draft",
        "ai_generated": False,
    }


def _label(change: Change, scope: Scope, prepared: Prepared, actor: Actor) -> Prepared:
    """A policy's label is its row's, not in its text; policies about policies see it as a field."""
    was_ai = Policy.objects.filter(scope=scope, identifier=change.identifier, ai_generated=True).exists()
    if prepared.document is None or not (was_ai or actor.ai_generated):
        return prepared
    return replace(prepared, document={**prepared.document, "ai_generated": True})


def _save(change: Change, scope: Scope, prepared: Prepared, actor: Actor) -> Applied:
    wanted: PolicyFields = prepared.extra
    row = lock_if_there(scope, change.identifier) or Policy(scope=scope, identifier=change.identifier)
    last = newest(row)
    _refuse_stale(change, last)
    _refuse_other_entity(row, wanted.entity)
    before = described(row, last)
    if not row.pk or not row.versions.filter(state=State.ACTIVE).exists():  # else once this one is in force
        row.name, row.description = wanted.name, wanted.description
    row.tags, row.entity, row.retired = wanted.tags, wanted.entity, False
    row.ai_generated = row.ai_generated or actor.ai_generated
    row.save()
    # Co-editors stay excluded while one text grows out of another, retired in between or not; what was active had its own approval.
    earlier = last.touched_by if last is not None and last.activated_at is None else []
    _supersede(row)
    made = PolicyVersion.objects.create(
        policy=row,
        number=last.number + 1 if last else 1,
        name=wanted.name,
        description=wanted.description,
        rego=change.source,
        rule=wanted.rule,
        request=wanted.request,
        reading=wanted.reading,
        cases=wanted.cases,
        checks=wanted.checks,
        origin=wanted.origin.model_dump() if wanted.origin else last.origin if last else {},
        content_sha256=prepared.content_sha256,
        author=actor.user,
        touched_by=touched_by(prepared.content_sha256, actor.user, earlier),
        ai=actor.ai,
    )
    return _applied(made, before=before, after=described(row, made))


def _refuse_stale(change: Change, last: PolicyVersion | None) -> None:
    number = str(last.number) if last else "0"
    if change.expected_version and change.expected_version != number:
        raise Conflict(
            f"{change.resource} is at version {number}, not {change.expected_version};"
            " somebody was faster: compare, then save again"
        )


def _refuse_other_entity(row: Policy, entity: str) -> None:
    if row.pk and row.entity != entity and PolicySetMember.objects.filter(policy=row).exists():
        raise Conflict(
            f"{row.identifier} is in policy sets for {row.entity} documents and cannot speak about {entity};"
            " take it out of them first, or save it under a new name"
        )


def _supersede(row: Policy) -> None:
    """An edit ends whatever was on its way, approvals included."""
    for version in row.versions.filter(state__in=OPEN):
        take_back(version, State.RETIRED)


# --- review -----------------------------------------------------------------------------------


def _prepare_version(change: Change, scope: Scope, actor: Actor) -> Prepared:
    return Prepared(extra=read(VersionFields, change))


def _prepare_reason(change: Change, scope: Scope, actor: Actor) -> Prepared:
    return Prepared(extra=read(ReasonFields, change))


def _submit(change: Change, scope: Scope, prepared: Prepared, actor: Actor) -> Applied:
    version = _take(change, scope, prepared.extra, State.DRAFT)
    policy_cases.refuse_unexpected(version.cases, version.number)
    return _move(version, State.IN_REVIEW)


def _approve(change: Change, scope: Scope, prepared: Prepared, actor: Actor) -> Applied:
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


def _request_changes(change: Change, scope: Scope, prepared: Prepared, actor: Actor) -> Applied:
    wanted: ReasonFields = prepared.extra
    version = _take(change, scope, wanted, State.IN_REVIEW, State.APPROVED)
    PolicyComment.objects.create(version=version, user=actor.user, text=wanted.comment)
    before = version.state
    take_back(version, State.DRAFT)
    return _applied(version, before=f"state: {before}", after="state: draft")


def _prepare_comment(change: Change, scope: Scope, actor: Actor) -> Prepared:
    return Prepared(extra=read(CommentFields, change))


def _comment(change: Change, scope: Scope, prepared: Prepared, actor: Actor) -> Applied:
    wanted: CommentFields = prepared.extra
    version = version_of(lock(scope, change.identifier), wanted.version)
    PolicyComment.objects.create(version=version, user=actor.user, text=wanted.text, line=wanted.line)
    return _applied(version, before="", after=f"line {wanted.line}: {wanted.text}")


def _prepare_replay(change: Change, scope: Scope, actor: Actor) -> Prepared:
    return Prepared(extra=read(ReplayFields, change))


def _replay(change: Change, scope: Scope, prepared: Prepared, actor: Actor) -> Applied:
    """Queues an impact of one version; one at a time for each."""
    wanted: ReplayFields = prepared.extra
    version = version_of(lock(scope, change.identifier), wanted.version)
    if _unfinished(version).exists():
        raise Conflict(
            f"an impact of version {version.number} is being made already; wait for it or cancel it"
        )
    mine = Replay.objects.filter(requested_by=actor.user, state__in=("queued", "running")).count()
    if mine >= MOST_REPLAYS_OF_ONE:
        raise Conflict(
            f"{mine} impacts that you asked for are not finished; wait for one of them or cancel it"
        )
    made = Replay.objects.create(
        version=version,
        content_sha256=version.content_sha256,
        window_days=wanted.days,
        requested_by=actor.user,
    )
    return Applied(version=str(version.number), data={"replay": str(made.pk), "days": wanted.days})


def _unfinished(version: PolicyVersion) -> QuerySet[Replay]:
    return Replay.objects.filter(version=version, state__in=("queued", "running"))


def _wake_replay(change: Change, applied: Applied) -> None:
    wiring.wake_replay(str(applied.data["replay"]))


def _cancel_replay(change: Change, scope: Scope, prepared: Prepared, actor: Actor) -> Applied:
    version = version_of(lock(scope, change.identifier), prepared.extra.version)
    if not _unfinished(version).update(state="cancelled"):
        raise Conflict(f"no impact of version {version.number} is being made")
    return Applied(version=str(version.number))


# --- in force ---------------------------------------------------------------------------------


def _prepare_activate(change: Change, scope: Scope, actor: Actor) -> Prepared:
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
        raise Conflict(f"version {found.number} of {row.identifier} is {found.state}, not approved")
    return found


def _refuse_alone(version: PolicyVersion, actor: Actor, scope: Scope) -> None:
    refuse_own(version, actor, "activate", scope)
    refuse_appointed(version, actor, "activate", scope)
    refuse_unapproved(version)
    if version.state == State.RETIRED:
        refuse_alone_again(version, actor, scope)


def _activate(change: Change, scope: Scope, prepared: Prepared, actor: Actor) -> Applied:
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
    done = _applied(version, before=before, after=described(row, version))
    return replace(done, data={**done.data, **who_appointed(version, actor, "activate", scope)})


def _retire(change: Change, scope: Scope, prepared: Prepared, actor: Actor) -> Applied:
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


# --- shared -----------------------------------------------------------------------------------


def _take(change: Change, scope: Scope, wanted: VersionFields, *states: str) -> PolicyVersion:
    """The version a verb speaks of, its policy locked. Raises Conflict when it is in another state."""
    row = lock(scope, change.identifier)
    version = version_of(row, wanted.version)
    if version.state not in states:
        raise Conflict(
            f"version {version.number} of {row.identifier} is {version.state};"
            f" only one that is {' or '.join(states)} can be taken for {change.verb.replace('_', ' ')}"
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
    return _applied(version, before=f"state: {before}", after=f"state: {state}")


def _applied(version: PolicyVersion, *, before: str, after: str) -> Applied:
    return Applied(
        version=str(version.number),
        before=before,
        after=after,
        data={
            "number": version.number,
            "state": str(version.state),
            "content_sha256": version.content_sha256,
        },
    )


def _stored(scope: Scope) -> Iterable[tuple[Scope, str, Document]]:
    """The newest version of every policy in a scope and below it."""
    for row in Policy.objects.select_related("scope"):
        version = newest(row)
        if version is not None and scope.pk in row.scope.chain_ids:
            yield row.scope, row.identifier, as_document(row, version)


POLICY = kinds.register(
    Kind(
        name="policy",
        title="Policy",
        plural="Policies",
        root="policy",
        package="policy",
        model=Policy,
        inherited=True,
        stored=_stored,
        verbs={
            "save": Verb("edit_policy", _save, _prepare_save, event="onsave", label=_label),
            "submit": Verb("edit_policy", _submit, _prepare_version),
            "approve": Verb("approve_policy", _approve, _prepare_version),
            "request_changes": Verb("approve_policy", _request_changes, _prepare_reason),
            "comment": Verb("view_policy", _comment, _prepare_comment),
            "replay": Verb("view_policy", _replay, _prepare_replay, react=_wake_replay),
            "cancel_replay": Verb("view_policy", _cancel_replay, _prepare_version),
            "activate": Verb("activate_policy", _activate, _prepare_activate, event="onsave", label=_label),
            "retire": Verb("retire_policy", _retire),
        },
    )
)
