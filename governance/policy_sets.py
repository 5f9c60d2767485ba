"""Policy sets: which policies bind a kind of document at an event, how hard, in a scope and below it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal
from uuid import UUID

from pydantic import Field

from audit import clock
from governance import kinds, locks, publishing, set_conditions, shadow_first
from governance.actor import Actor
from governance.errors import Conflict, Invalid, NotFound, Problem
from governance.fields import IDENTIFIER, Fields, read
from governance.kinds import Applied, Change, Document, Prepared
from governance.models import Policy, PolicySet, PolicySetMember, PolicyVersion, Scope
from governance.set_conditions import Conditions, Mode

SEVERITIES = ("warning", "error")


class MemberFields(Fields):
    """policy: an identifier of this scope, or with where it lives: `acme/shop/x`, `org.x`, `account.x`."""

    policy: str = Field(min_length=1, max_length=600)
    severity: Literal["error", "warning"] = "error"


class SetFields(Conditions):
    """Fields left out of a save are the defaults, not what was stored: a set is saved whole."""

    name: str = Field(default="", max_length=128)
    description: str = Field(default="", max_length=4000)
    entity: str
    event: str
    mode: Mode = "enforce"
    enabled: bool = True
    members: list[MemberFields] = Field(default_factory=list, max_length=500)


def prepare_save(change: Change, scope: Scope, actor: Actor) -> Prepared:
    wanted = read(SetFields, change)
    if not re.match(IDENTIFIER, change.identifier):
        raise Invalid([f"identifier {change.identifier!r}: letters, digits and _, not starting with a digit"])
    wanted = wanted.model_copy(update={"name": wanted.name or change.identifier})
    _refuse_unknown_event(wanted)
    if why := set_conditions.refuse_softening(wanted.mode, wanted.ramp):
        raise Invalid([Problem(why, path="ramp")])
    members = _members(wanted, scope)
    after = _document(change.identifier, scope, wanted, members)
    before = _stored_document(scope, change.identifier)
    weakens = weakened(before, after) if before else []
    tried = _in_force(policy.pk for policy, _ in members)
    shadow_first.refuse(before, after, scope)
    return Prepared(
        document={**after, "weakens": weakens},
        extra=(wanted, members, weakens, _number(scope, change.identifier), tried),
    )


def _refuse_unknown_event(wanted: SetFields) -> None:
    gated = {k.name: k.events for k in kinds.known().values() if k.events}
    if wanted.entity not in gated:
        known = ", ".join(sorted(gated))
        raise Invalid([Problem(f"no documents of kind {wanted.entity!r}; known: {known}", path="entity")])
    if wanted.event not in gated[wanted.entity]:
        known = ", ".join(gated[wanted.entity])
        raise Invalid(
            [Problem(f"{wanted.entity} has no event {wanted.event!r}; known: {known}", path="event")]
        )


def _members(wanted: SetFields, scope: Scope) -> list[tuple[Policy, str]]:
    """The policies named, each once, of this scope or one above, speaking about the set's kind."""
    found: dict[object, tuple[Policy, str]] = {}
    problems = []
    for i, member in enumerate(wanted.members):
        policy = find(member.policy, scope)
        where = f"members.{i}.policy"
        if policy is None or policy.retired:
            problems.append(Problem(f"no policy {member.policy!r} in {scope.path} or above", path=where))
        elif policy.entity != wanted.entity:
            text = f"{policy.identifier} speaks about {policy.entity}, the set binds {wanted.entity}"
            problems.append(Problem(text, path=where))
        elif policy.pk in found:
            problems.append(Problem(f"{policy.identifier} is named twice", path=where))
        else:
            found[policy.pk] = (policy, member.severity)
    if problems:
        raise Invalid(problems)
    return sorted(found.values(), key=lambda pair: (pair[0].scope.path, pair[0].identifier))


def find(reference: str, scope: Scope) -> Policy | None:
    """The policy that a reference names, seen from a scope."""
    path, identifier = _place(reference, scope)
    rows = Policy.objects.filter(scope_id__in=scope.chain_ids, identifier=identifier).select_related("scope")
    return rows.filter(scope__path=path).first()


def named(reference: str, scope: Scope) -> PolicySet | None:
    """The policy set that a reference names, seen from a scope."""
    path, identifier = _place(reference, scope)
    rows = PolicySet.objects.filter(scope_id__in=scope.chain_ids, identifier=identifier)
    return rows.filter(scope__path=path).select_related("scope").first()


def _place(reference: str, scope: Scope) -> tuple[str, str]:
    """Path of the scope and identifier: `x` of this scope, `acme/shop/x`, `org.x` and `account.x` of one above."""
    parts = scope.path.split("/")
    path, _, identifier = reference.rpartition("/")
    for prefix, depth in {"account.": 1, "org.": 2}.items():
        if reference.startswith(prefix):
            path, identifier = "/".join(parts[:depth]), reference.removeprefix(prefix)
    return path or scope.path, identifier


def _document(
    identifier: str, scope: Scope, wanted: SetFields, members: list[tuple[Policy, str]]
) -> Document:
    return {
        "identifier": identifier,
        "scope": scope.path,
        "name": wanted.name,
        "description": wanted.description,
        "type": wanted.entity,
        "action": wanted.event,
        "mode": wanted.mode,
        "enabled": wanted.enabled,
        "selector": wanted.selector.plain(),
        "ramp": [step.plain() for step in wanted.ramp],
        "policies": [
            {"identifier": p.identifier, "scope": p.scope.path, "severity": severity}
            for p, severity in members
        ],
    }


def _stored_document(scope: Scope, identifier: str) -> Document | None:
    row = PolicySet.objects.filter(scope=scope, identifier=identifier).first()
    return as_document(row) if row else None


def as_document(row: PolicySet) -> Document:
    """What policies about policy sets see."""
    members = row.members.select_related("policy__scope").order_by(
        "policy__scope__path", "policy__identifier"
    )
    kept = ("name", "description", "entity", "event", "mode", "enabled", "selector", "ramp")
    stored = {key: getattr(row, key) for key in kept}
    wanted = SetFields.model_validate(stored)
    return _document(row.identifier, row.scope, wanted, [(m.policy, m.severity) for m in members])


def weakened(before: Document, after: Document) -> list[str]:
    """In which ways a set would bind less than it does: sentences for the trail, the page and policies."""
    today = clock.now().date()
    if not before["enabled"] or _never_binds(before):
        return []
    found = []
    if not after["enabled"]:
        found.append("the set is disabled")
    found += set_conditions.modes_weakened(before, after, today)
    if set_conditions.selects_less(before["selector"], after["selector"]):
        found.append(f"it asks only about documents {set_conditions.in_words(after['selector'])}")
    for key, name in (("type", "documents"), ("action", "event")):
        if before[key] != after[key]:
            found.append(f"the {name} it binds change from {before[key]} to {after[key]}")
    now = {(p["scope"], p["identifier"]): p["severity"] for p in after["policies"]}
    for policy in before["policies"]:
        severity = now.get((policy["scope"], policy["identifier"]))
        if severity is None:
            found.append(f"{policy['identifier']} is taken out")
        elif SEVERITIES.index(severity) < SEVERITIES.index(policy["severity"]):
            found.append(f"{policy['identifier']} only warns")
    return found


def _never_binds(document: Document) -> bool:
    return not document["policies"] or (document["mode"] == "off" and not document["ramp"])


def save(change: Change, scope: Scope, prepared: Prepared, actor: Actor) -> Applied:
    wanted, members, weakens, number, tried = prepared.extra
    row = _lock(scope, change.identifier)
    _refuse_moved(row, number, change)
    _refuse_stale(change, row)
    before = _text(as_document(row)) if row else ""
    made = row is None
    row = row or PolicySet(scope=scope, identifier=change.identifier, number=0)
    row.name, row.description, row.entity, row.event = (
        wanted.name,
        wanted.description,
        wanted.entity,
        wanted.event,
    )
    row.mode, row.enabled = wanted.mode, wanted.enabled
    row.selector, row.ramp = wanted.selector.plain(), [step.plain() for step in wanted.ramp]
    row.number += 1
    row.save(force_insert=made)
    kept = [policy.pk for policy, _ in members]
    _refuse_retired(kept)
    _refuse_untried(tried, kept, change)
    row.members.exclude(policy__in=kept).delete()
    for policy, severity in members:
        PolicySetMember.objects.update_or_create(
            policy_set=row, policy=policy, defaults={"severity": severity}
        )
    return _applied(row, before, weakens)


def _refuse_retired(policies: Iterable[UUID]) -> None:
    """A retired policy would bind nothing while the set looks as if it did."""
    rows = Policy.objects.filter(pk__in=policies)
    locks.share(rows)
    if names := sorted(rows.filter(retired=True).values_list("identifier", flat=True)):
        raise Conflict(f"{', '.join(names)} was retired; take it out of the set or activate it again first")


def _policies(scope: Scope, identifier: str) -> list[UUID]:
    rows = PolicySetMember.objects.filter(policy_set__scope=scope, policy_set__identifier=identifier)
    return list(rows.values_list("policy", flat=True))


def _in_force(policies: Iterable[UUID]) -> set[UUID]:
    """The versions of these policies that decide now."""
    rows = PolicyVersion.objects.filter(policy__in=list(policies), state=PolicyVersion.State.ACTIVE)
    return set(rows.values_list("pk", flat=True))


def _refuse_untried(tried: set[UUID], policies: Iterable[UUID], change: Change) -> None:
    """What came into force since was not tried on what is stored, neither here nor when it came."""
    if _in_force(policies) - tried:
        raise Conflict(f"a policy of {change.resource} came into force at the same time; try again")


def _refuse_stale(change: Change, row: PolicySet | None) -> None:
    number = str(row.number) if row else "0"
    if change.expected_version and change.expected_version != number:
        raise Conflict(
            f"{change.resource} is at version {number}, not {change.expected_version};"
            " somebody was faster: compare, then save again"
        )


def prepare_switch(change: Change, scope: Scope, actor: Actor) -> Prepared:
    before = _stored_document(scope, change.identifier)
    if before is None:
        raise NotFound(f"no policy set {change.identifier!r} in {scope.path}")
    after = {**before, "enabled": change.verb == "enable"}
    tried = _in_force(_policies(scope, change.identifier))
    shadow_first.refuse(before, after, scope)
    weakens = weakened(before, after)
    number = _number(scope, change.identifier)
    return Prepared(document={**after, "weakens": weakens}, extra=(weakens, number, tried))


def switch(change: Change, scope: Scope, prepared: Prepared, actor: Actor) -> Applied:
    weakens, number, tried = prepared.extra
    row = _existing(scope, change.identifier)
    _refuse_moved(row, number, change)
    wanted = change.verb == "enable"
    if row.enabled == wanted:
        raise Conflict(f"{row.identifier} is {'enabled' if wanted else 'disabled'} already")
    if wanted:
        kept = list(row.members.values_list("policy", flat=True))
        _refuse_retired(kept)
        _refuse_untried(tried, kept, change)
    before = _text(as_document(row))
    row.enabled = wanted
    row.number += 1
    row.save(update_fields=["enabled", "number", "updated_at"])
    return _applied(row, before, weakens)


def prepare_delete(change: Change, scope: Scope, actor: Actor) -> Prepared:
    before = _stored_document(scope, change.identifier)
    if before is None:
        raise NotFound(f"no policy set {change.identifier!r} in {scope.path}")
    weakens = weakened(before, {**before, "enabled": False})
    said = [w.replace("disabled", "deleted") for w in weakens]
    return Prepared(document={**before, "weakens": said}, extra=_number(scope, change.identifier))


def delete(change: Change, scope: Scope, prepared: Prepared, actor: Actor) -> Applied:
    row = _existing(scope, change.identifier)
    _refuse_moved(row, prepared.extra, change)
    document = as_document(row)
    weakens = weakened(document, {**document, "enabled": False})
    row.delete()
    publishing.mark_changed()
    return Applied(version="", before=_text(document), after="", data={"weakens": weakens} if weakens else {})


def _number(scope: Scope, identifier: str) -> int:
    rows = PolicySet.objects.filter(scope=scope, identifier=identifier)
    return rows.values_list("number", flat=True).first() or 0


def _refuse_moved(row: PolicySet | None, number: int, change: Change) -> None:
    """What was said about the change (that it weakens nothing, say) was said about another text."""
    if (row.number if row else 0) != number:
        raise Conflict(f"{change.resource} was changed by somebody else at the same time; try again")


def _existing(scope: Scope, identifier: str) -> PolicySet:
    row = _lock(scope, identifier)
    if row is None:
        raise NotFound(f"no policy set {identifier!r} in {scope.path}")
    return row


def _lock(scope: Scope, identifier: str) -> PolicySet | None:
    rows = PolicySet.objects.filter(scope=scope, identifier=identifier)
    locks.update(rows)
    return rows.select_related("scope").first()


def _applied(row: PolicySet, before: str, weakens: list[str]) -> Applied:
    publishing.mark_changed()
    return Applied(
        version=str(row.number),
        before=before,
        after=_text(as_document(row)),
        data={"weakens": weakens} if weakens else {},
    )


def _text(document: Document) -> str:
    """One line per fact, so that the difference on the trail reads well."""
    state = "enabled" if document["enabled"] else "disabled"
    lines = [
        f"name: {document['name']}",
        f"description: {document['description']}",
        f"binds: {document['type']} {document['action']}",
        f"mode: {document['mode']}, {state}",
        *(f"from {step['on']}: {step['mode']}" for step in document["ramp"]),
        *([f"only documents {words}"] if (words := set_conditions.in_words(document["selector"])) else []),
        *(f"{p['severity']}: {p['scope']}/{p['identifier']}" for p in document["policies"]),
    ]
    return "\n".join(lines)
