"""From active policies to a bundle in force: publish it, hear from every sidecar, then pin it.

Two rows of GateState: `gate` holds what is in force and is read under lock by every commit; `unbuilt` only
counts changes, so that two activations at the same time wait for each other there and not for all saves.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import BooleanField, ExpressionWrapper, F, Max, Q
from django.db.models.functions import Now

from audit.record import record
from governance import locks, set_conditions
from governance.bundle import Builder, Built, Key, Source, bound_in, content_digest
from governance.models import (
    Bundle,
    GateState,
    PolicySet,
    PolicySetMember,
    PolicyVersion,
    Scope,
    SidecarReport,
)
from governance.ports import BundlePublisher

GATE, UNBUILT = "gate", "unbuilt"
# A sidecar that was not heard from for so long no longer counts; the pin will refuse its answers.
HEARD_WITHIN = timedelta(seconds=10)
# At least so long between two pins: many activations in a row share a bundle, and a save that is decided
# anew because the pin moved is not overtaken by the next one.
BETWEEN_PINS = timedelta(seconds=1)
TEXTS_AT_ONCE = 500


def mark_changed() -> None:
    """Say, as part of a change, that active policies or sets are other ones than in the latest bundle."""
    if not GateState.objects.filter(name=UNBUILT).update(dirty=F("dirty") + 1):
        GateState.objects.get_or_create(name=UNBUILT, defaults={"dirty": 1})


@dataclass(frozen=True, slots=True)
class _Snapshot:
    """What a bundle is built from, read at one moment. policies: id of the active version → its key."""

    dirty: int
    policies: dict[UUID, Key]
    table: dict[str, Any]
    latest: Bundle | None


def publish_if_due(builder: Builder, publisher: BundlePublisher, *, always: bool = False) -> str:
    """Build and offer a bundle when something changed since the last one; its revision, "" when none was due.

    `always` compares content instead of the counter: at the start, when the library may be a newer one.
    Raises BrokenPolicy, PublishFailed.
    """
    state = gate_state()
    counted = GateState.objects.filter(name=UNBUILT).values_list("dirty", flat=True).first() or 0
    due = always or counted > state.built or not (state.pinned or state.pending)
    if not due or _still_on_its_way(state) or _just_pinned(state):
        return ""
    found = _snapshot()
    named = bound_in(found.table)
    bound = {pk: key for pk, key in found.policies.items() if key[0] in named}
    builder.learn(_sources({pk: key for pk, key in bound.items() if not builder.knows(key)}))
    files = builder.files(bound.values(), found.table)
    active = {policy: digest for policy, digest, _ in found.policies.values()}
    if found.latest is not None and found.latest.content_sha256 == content_digest(files, active):
        GateState.objects.filter(name=GATE).update(built=found.dirty)
        return ""
    built = builder.pack(
        files,
        active,
        serial=found.latest.serial + 1 if found.latest else 1,
        previous=found.latest.revision if found.latest else "",
    )
    publisher.publish(built.revision, built.archive)
    _keep(built, found)
    return built.revision


def recall(builder: Builder) -> None:
    """Let a new builder start from what the latest bundle holds."""
    latest = Bundle.objects.order_by("-serial").first()
    if latest is not None:
        builder.recall(bytes(latest.archive), latest.policies)


def _still_on_its_way(state: GateState) -> bool:
    """A pending revision is waited for, as sidecars may answer from it; unless one cannot load it."""
    if not state.pending or state.pending == state.pinned:
        return False
    reports = list(heard())
    return bool(reports) and not any(r.error and r.revision != state.pending for r in reports)


def _just_pinned(state: GateState) -> bool:
    pins = Bundle.objects.filter(revision=state.pinned, pinned_at__gt=Now() - BETWEEN_PINS)
    return bool(state.pinned) and pins.exists()


def _snapshot() -> _Snapshot:
    """Counter first, then sets and policies, all from one moment."""
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        dirty = GateState.objects.filter(name=UNBUILT).values_list("dirty", flat=True).first() or 0
        policies = _active_keys()
        table = sets_table({policy for policy, _, _ in policies.values()})
        latest = Bundle.objects.defer("archive").order_by("-serial").first()
    return _Snapshot(dirty, policies, table, latest)


def _active_keys() -> dict[UUID, Key]:
    """Of every active version, by its id. Texts are left where they are: most are known already."""
    by_rule = ExpressionWrapper(~Q(rule={}), output_field=BooleanField())
    rows = PolicyVersion.objects.filter(state=PolicyVersion.State.ACTIVE, policy__retired=False)
    found = rows.annotate(by_rule=by_rule).values_list(
        "pk", "policy__scope__path", "policy__identifier", "content_sha256", "by_rule"
    )
    return {pk: (f"{path}/{name}", digest, ruled) for pk, path, name, digest, ruled in found}


def _sources(wanted: dict[UUID, Key]) -> Iterator[Source]:
    """What versions say; read later than their keys, but a version never says anything else."""
    for start in range(0, len(wanted), TEXTS_AT_ONCE):
        some = list(wanted)[start : start + TEXTS_AT_ONCE]
        texts = PolicyVersion.objects.filter(pk__in=some).values_list("pk", "rego", "rule")
        for pk, rego, rule in texts:
            policy, digest, _ = wanted[pk]
            yield Source(policy, rego, digest, rule)


def sets_table(active: set[str]) -> dict[str, Any]:
    """{scope: {kind: {event: [row]}}} of enabled sets; a policy without active version binds nothing yet."""
    members = PolicySetMember.objects.filter(policy_set__enabled=True)
    members = members.exclude(policy_set__mode="off", policy_set__ramp=[])
    # Values, not objects: there are as many of them as policies, and each change reads them all.
    rows = members.order_by(
        "policy_set__scope__path", "policy_set__identifier", "policy__scope__path", "policy__identifier"
    ).values_list("policy_set_id", "policy__scope__path", "policy__identifier", "severity")
    sets = PolicySet.objects.filter(enabled=True).select_related("scope").in_bulk()
    table: dict[str, Any] = {}
    for set_id, scope, identifier, severity in rows:
        held, policy = sets[set_id], f"{scope}/{identifier}"
        if policy not in active:
            continue
        row: dict[str, Any] = {
            "id": policy,
            "policy": identifier,
            "policy_scope": scope,
            "set": held.identifier,
            "scope": held.scope.path,
            "severity": severity,
            "mode": held.mode,
        }
        if when := set_conditions.in_table(held.selector, held.ramp):
            row["when"] = when
        kinds = table.setdefault(held.scope.path, {})
        kinds.setdefault(held.entity, {}).setdefault(held.event, []).append(row)
    return table


def _keep(built: Built, found: _Snapshot) -> None:
    with transaction.atomic():
        state = _locked_state()
        last = Bundle.objects.aggregate(last=Max("serial"))["last"] or 0
        if last != (found.latest.serial if found.latest else 0):
            raise RuntimeError("another keeper published a bundle at the same time")
        Bundle.objects.create(
            revision=built.revision,
            serial=last + 1,
            sha256=built.sha256,
            content_sha256=built.content,
            previous=found.latest.revision if found.latest else "",
            archive=built.archive,
            policies=built.policies,
        )
        state.pending, state.built = built.revision, found.dirty
        state.save()
        _record("bundle.publish", built.revision, last + 1, built.sha256)


def pin_if_ready() -> str:
    """Put the pending revision in force when every sidecar that was heard from has loaded it."""
    state = gate_state()
    if not state.pending:
        return ""
    reports = list(heard())
    if not reports or any(r.revision != state.pending for r in reports):
        return ""
    with transaction.atomic():
        state = _locked_state()
        pending = Bundle.objects.filter(revision=state.pending).defer("archive").first()
        if pending is None:
            return ""
        _refuse_backwards(state, pending)
        state.pinned, state.pending = pending.revision, ""
        state.save()
        Bundle.objects.filter(pk=pending.pk).update(pinned_at=Now())
        _record("bundle.pin", pending.revision, pending.serial, pending.sha256)
    return pending.revision


def _refuse_backwards(state: GateState, pending: Bundle) -> None:
    pinned = Bundle.objects.filter(revision=state.pinned).values_list("serial", flat=True).first() or 0
    if pending.serial <= pinned:
        raise RuntimeError(f"bundle {pending.serial} is older than the pinned one, {pinned}")


def _locked_state() -> GateState:
    GateState.objects.get_or_create(name=GATE)
    locks.update(GateState.objects.filter(name=GATE))
    return GateState.objects.get(name=GATE)


def lock_gate() -> None:
    """Hold what is in force until the transaction ends."""
    _locked_state()


def gate_state() -> GateState:
    return GateState.objects.filter(name=GATE).first() or GateState(name=GATE)


def heard() -> Any:
    """What each sidecar that is still there said last."""
    return SidecarReport.objects.filter(heard_at__gt=Now() - HEARD_WITHIN)


def report(sidecar: str, revision: str, error: str) -> None:
    """Note what a sidecar says of itself."""
    SidecarReport.objects.update_or_create(
        sidecar=sidecar[:128],
        defaults={"revision": revision[:64], "error": error[:4000], "heard_at": Now()},
    )


def offered() -> str:
    """The revision a sidecar should load now, "" before the first."""
    state = gate_state()
    return state.pending or state.pinned


def archive_of(revision: str) -> bytes:
    return bytes(Bundle.objects.values_list("archive", flat=True).get(revision=revision))


def _record(action: str, revision: str, serial: int, sha256: str) -> None:
    account = Scope.objects.filter(level=Scope.Level.ACCOUNT).order_by("path").first()
    path = account.path if account else "portal"
    record(
        action=action,
        outcome="admitted",
        resource=f"bundle:{path}/{revision[:12]}",
        scope=path,
        actor_id="keeper",
        actor_name="keeper",
        channel="system",
        data={"revision": revision, "serial": serial, "sha256": sha256},
    )
