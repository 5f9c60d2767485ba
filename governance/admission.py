"""Every change passes here: may you, is it well formed, does policy allow it, then keep it and say so."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from audit import actions
from audit.record import digest_of, record, text_diff
from governance import exempting, gate, kinds, locks, proposals, provenance, rbac, relabelling
from governance.actor import Actor
from governance.errors import Blocked, Busy, Conflict, GateUnavailable, Invalid, Refused, Violation
from governance.gate import Decision
from governance.kinds import Applied, Change, Prepared
from governance.models import Epoch, Idempotency, Scope

IDEMPOTENCY_DAYS = 7
TRIES = 3


@dataclass(frozen=True, slots=True)
class Admitted:
    """A change that was kept. `replayed`: it had been kept before, by the same idempotency key."""

    resource: str
    version: str
    audit_event: str
    evaluation: str = ""
    warnings: list[Violation] = field(default_factory=list)
    replayed: bool = False
    data: Mapping[str, Any] = field(default_factory=dict)


class _Stale(Exception):
    """Rights or policy moved between the decision and the commit."""


def admit(change: Change, *, actor: Actor) -> Admitted:
    """Make one change, or raise a Refused that says why. Both outcomes are on the audit trail."""
    try:
        change = proposals.filled(change, actor)
        if earlier := _answered(change, actor):
            return earlier
        return _admit_retrying(change, actor)
    except _Stale:
        refusal: Refused = Conflict(
            f"{change.resource} was not changed: rights or policies moved {TRIES} times while it was being"
            " decided. Try again."
        )
    except IntegrityError as error:
        if earlier := _answered(change, actor):
            return earlier
        refusal = Conflict(f"{change.resource} was changed by somebody else at the same time; try again.")
        refusal.__cause__ = error
    except Busy:
        # Nobody decided anything, so there is nothing to keep.
        raise
    except Refused as refused:
        refusal = refused
    _record_refusal(change, actor, refusal)
    raise refusal


def _admit_retrying(change: Change, actor: Actor) -> Admitted:
    """Decide anew when what the decision rested on moved. Pins are a second apart, so once is the rule."""
    for _ in range(TRIES - 1):
        try:
            return _admit_once(change, actor)
        except _Stale:
            continue
    return _admit_once(change, actor)


def dry_run(change: Change, *, actor: Actor) -> list[Decision]:
    """What the gate says of a change, keeping nothing but the evaluation (marked as a dry run).

    Raises the same refusals as `admit` except Blocked: what blocks is in the decisions.
    """
    change = proposals.filled(change, actor)
    verb = kinds.verb(change)
    _refuse_unkeepable(change)
    scope = rbac.enter(actor, verb.permission, change.scope, kind=change.kind, identifier=change.identifier)
    prepared = verb.prepare(change, scope, actor)
    actor = actor.with_ai(provenance.of(change, scope, prepared, actor))
    prepared = verb.label(change, scope, prepared, actor)
    decisions = _decide(change, scope, prepared, actor, verb.event, dry_run=True)
    with transaction.atomic():
        for decision in decisions:
            gate.keep(decision)
    return decisions


def _admit_once(change: Change, actor: Actor) -> Admitted:
    verb = kinds.verb(change)
    _refuse_unkeepable(change)
    # Before the rights are read: a right that is taken away from here on moves a counter.
    epochs = rbac.epochs(actor, change.scope)
    scope = rbac.enter(actor, verb.permission, change.scope, kind=change.kind, identifier=change.identifier)
    prepared = verb.prepare(change, scope, actor)
    actor = actor.with_ai(provenance.of(change, scope, prepared, actor))
    prepared = verb.label(change, scope, prepared, actor)
    decisions = _decide(change, scope, prepared, actor, verb.event)
    _refuse_errors(decisions)
    prepared = replace(prepared, evaluation=_first(decisions))
    with transaction.atomic(durable=True):
        claim = _claim(change, actor)
        _still_true(epochs, decisions)
        applied = verb.apply(change, scope, prepared, actor)
        for decision in decisions:
            gate.keep(decision)
        provenance.accept(change)
        event = record(
            **_facts(change, actor, decisions, epochs), outcome="admitted", **_kept(change, applied)
        )
        done = _admitted(change, applied, decisions, str(event.pk))
        if claim is not None:
            claim.result = _as_result(done)
            claim.save(update_fields=["result"])
        if verb.react is not None:
            react = verb.react
            transaction.on_commit(lambda: react(change, applied))
    return done


# A backslash that is itself written as one does not begin an escape.
_NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")


def _refuse_unkeepable(change: Change) -> None:
    """No database text holds a NUL or half a character, and nobody types one."""
    written = json.dumps(asdict(change), default=str, ensure_ascii=False)
    if _NUL.search(written):
        raise Invalid(["the change holds a NUL character (U+0000), which cannot be kept"])
    try:
        written.encode()
    except UnicodeEncodeError as error:
        raise Invalid(
            [
                f"the change holds half of a character (U+{ord(written[error.start]):04X}), which cannot be kept"
            ]
        ) from error


def _decide(
    change: Change, scope: Scope, prepared: Prepared, actor: Actor, event: str, *, dry_run: bool = False
) -> list[Decision]:
    if not event or prepared.document is None:
        return []
    decisions = []
    for each in dict.fromkeys((prepared.event or event, *prepared.also_events)):
        decisions.append(gate.ask(change, scope, prepared, actor, event=each, dry_run=dry_run))
        if decisions[-1].unavailable:
            break
    if not any(d.unavailable or d.errors for d in decisions):
        relabelling.refuse(change, scope, prepared, actor, event)
    return decisions


def _refuse_errors(decisions: list[Decision]) -> None:
    for decision in decisions:
        if decision.unavailable:
            raise GateUnavailable(decision.unavailable, decision)
    for decision in decisions:
        if decision.errors:
            raise Blocked(decision.errors, decision.warnings, decision)


def _still_true(epochs: dict[str, int], decisions: list[Decision]) -> None:
    """Compare, under lock, what the decision was made under with what holds now."""
    rows = Epoch.objects.filter(subject__in=epochs)
    locks.share(rows)
    if dict(rows.values_list("subject", "number")) != epochs:
        raise _Stale
    if decisions and not {d.revision for d in decisions} <= gate.lock_acceptable_revisions():
        raise _Stale
    if not exempting.lock_granted(e for d in decisions for e in d.exemptions):
        raise _Stale


def _claim(change: Change, actor: Actor) -> Idempotency | None:
    """Claim the idempotency key; a second claimant waits here and then fails on the constraint."""
    if not change.idempotency_key:
        return None
    return Idempotency.objects.create(
        user=actor.user,
        route=change.action,
        key=change.idempotency_key,
        body_sha256=_body_sha256(change),
        expires_at=timezone.now() + timedelta(days=IDEMPOTENCY_DAYS),
    )


def _answered(change: Change, actor: Actor) -> Admitted | None:
    """The stored answer to the same request; the same key with another body is invalid."""
    if not change.idempotency_key or "\x00" in change.idempotency_key:
        return None
    found = Idempotency.objects.filter(
        user=actor.user, route=change.action, key=change.idempotency_key, expires_at__gt=timezone.now()
    ).first()
    if found is None:
        return None
    if found.body_sha256 != _body_sha256(change):
        raise Invalid([f"the idempotency key {change.idempotency_key!r} was used for another request"])
    warnings = [Violation(**w) for w in found.result.get("warnings", [])]
    return Admitted(**{**found.result, "warnings": warnings, "replayed": True})


def _body_sha256(change: Change) -> str:
    body = asdict(change)
    body.pop("idempotency_key")
    return digest_of(json.dumps(body, sort_keys=True, default=str))


def _admitted(change: Change, applied: Applied, decisions: list[Decision], event: str) -> Admitted:
    return Admitted(
        resource=change.resource,
        version=applied.version,
        audit_event=event,
        evaluation=_first(decisions),
        warnings=[w for d in decisions for w in d.warnings],
        data=dict(applied.data),
    )


def _first(decisions: list[Decision]) -> str:
    return str(decisions[0].evaluation_id) if decisions else ""


def _as_result(done: Admitted) -> dict[str, Any]:
    return {k: v for k, v in asdict(done).items() if k != "replayed"}


def _facts(
    change: Change, actor: Actor, decisions: list[Decision], epochs: Mapping[str, int]
) -> dict[str, Any]:
    return {
        "action": change.action if change.action in actions.names() else "change.unknown",
        "resource": change.resource,
        "scope": change.scope,
        "evaluation": _first(decisions),
        "epochs": dict(epochs),
        **actor.audit_fields(),
    }


def _kept(change: Change, applied: Applied) -> dict[str, Any]:
    data: dict[str, Any] = {"version": applied.version, **applied.data}
    if change.note:
        data["note"] = change.note
    if applied.before != applied.after:
        data["diff"] = text_diff(applied.before, applied.after)
    return {
        "data": data,
        "before_digest": digest_of(applied.before) if applied.before else "",
        "after_digest": digest_of(applied.after) if applied.after else "",
    }


def _record_refusal(change: Change, actor: Actor, refusal: Refused) -> None:
    """Put a refusal on the trail in its own durable transaction, with the gate's answer if there was one."""
    decisions = [refusal.decision] if refusal.decision is not None else []
    with transaction.atomic(durable=True):
        for decision in decisions:
            gate.keep(decision)
        event = record(
            **_facts(change, actor, decisions, {}),
            outcome=refusal.code,
            data={
                "why": str(refusal)[:4000],
                "violations": [asdict(v) for v in refusal.violations],
                "problems": [asdict(p) for p in refusal.problems][:50],
            },
        )
    refusal.audit_event = str(event.pk)
