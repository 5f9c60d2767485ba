"""Kind policy_set: its verbs, and the two people it takes to make a set bind less."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from django.utils import timezone
from pydantic import Field, JsonValue

from governance import given_rights, kinds, locks, rbac, set_conditions
from governance.actor import Actor
from governance.errors import Conflict, Denied, NotFound
from governance.fields import Fields, read
from governance.kinds import Applied, Apply, Change, Kind, Prepare, Prepared, Verb
from governance.models import PolicySet, Scope, SetRequest
from governance.policy_sets import delete, prepare_delete, prepare_save, prepare_switch, save, switch

State = SetRequest.State


@dataclass(frozen=True, slots=True)
class _Way:
    """One way of changing a set."""

    prepare: Prepare
    apply: Apply


WAYS: Mapping[str, _Way] = {
    "save": _Way(prepare_save, save),
    "disable": _Way(prepare_switch, switch),
    "delete": _Way(prepare_delete, delete),
}


class AskFields(Fields):
    """do: the change that is wanted; fields: its own."""

    do: Literal["save", "disable", "delete"]
    fields: dict[str, JsonValue] = Field(default_factory=dict)
    reason: str = Field(default="", max_length=2000)


class DecideFields(Fields):
    request: UUID


def _alone(verb: str) -> Prepare:
    """The preparation of a change that one person makes: refused when it weakens what binds people."""

    def prepare(change: Change, scope: Scope, actor: Actor) -> Prepared:
        prepared = WAYS[verb].prepare(change, scope, actor)
        weakens = (prepared.document or {}).get("weakens", [])
        if weakens and _binds(scope, change.identifier):
            raise Denied(
                f"One person may not weaken a policy set: {'; '.join(weakens)}. Ask for it with"
                " policy_set.request; somebody else who holds confirm_policy_set confirms it.",
                permission="confirm_policy_set",
                scope=scope.path,
            )
        return prepared

    return prepare


def _binds(scope: Scope, identifier: str) -> bool:
    """Whether people are told or stopped by the set, now or from a day on."""
    row = PolicySet.objects.filter(scope=scope, identifier=identifier, enabled=True).first()
    return row is not None and set_conditions.tells(row.mode, row.ramp)


def _prepare_ask(change: Change, scope: Scope, actor: Actor) -> Prepared:
    wanted = read(AskFields, change)
    if wanted.do == "delete":
        rbac.enter(actor, "delete_policy_set", scope.path)
    prepared = WAYS[wanted.do].prepare(_inner(change, wanted.do, wanted.fields), scope, actor)
    weakens = (prepared.document or {}).get("weakens", [])
    if not weakens:
        raise Conflict(f"this weakens nothing; {wanted.do} it without asking")
    return Prepared(document=prepared.document, extra=(wanted, weakens))


def _ask(change: Change, scope: Scope, prepared: Prepared, actor: Actor) -> Applied:
    wanted, weakens = prepared.extra
    row = _set(scope, change.identifier)
    waiting = SetRequest.objects.filter(scope=scope, identifier=change.identifier, state=State.ASKED)
    waiting.filter(asked_by=actor.user).update(state=State.DECLINED, decided_by=actor.user)
    made = SetRequest.objects.create(
        scope=scope, identifier=change.identifier, verb=wanted.do, fields=wanted.fields, number=row.number,
        weakens=weakens, reason=wanted.reason, asked_by=actor.user,
    )  # fmt: skip
    data = {"request": str(made.pk), "do": wanted.do, "weakens": weakens}
    return Applied(
        version=str(row.number), data={**data, **({"reason": wanted.reason} if wanted.reason else {})}
    )


def _inner(change: Change, verb: str, fields: Mapping[str, Any]) -> Change:
    return Change(verb, change.kind, change.scope, change.identifier, fields=fields)


def _prepare_confirm(change: Change, scope: Scope, actor: Actor) -> Prepared:
    row = _request(read(DecideFields, change).request, scope, change.identifier)
    if row.asked_by_id == actor.user.pk:
        raise Denied(
            "You asked for it, so somebody else who holds confirm_policy_set must confirm it.",
            permission="confirm_policy_set",
            scope=scope.path,
        )
    _refuse_appointed(row, scope, actor)
    _refuse_moved(row, _set(scope, change.identifier))
    inner = _inner(change, row.verb, row.fields)
    prepared = WAYS[row.verb].prepare(inner, scope, actor)
    return Prepared(document=prepared.document, extra=(row.pk, inner, prepared))


def _refuse_appointed(row: SetRequest, scope: Scope, actor: Actor) -> None:
    given_rights.refuse_given(actor, decision_about(row, scope))


def decision_about(row: SetRequest, scope: Scope) -> given_rights.Decision:
    """Whoever asks does not choose who confirms."""
    return given_rights.Decision(
        f"what {row.asked_by.display_name} asks of {row.identifier}", "confirm_policy_set", scope,
        by=[str(row.asked_by_id)], since=row.created_at,
    )  # fmt: skip


def _confirm(change: Change, scope: Scope, prepared: Prepared, actor: Actor) -> Applied:
    key, inner, within = prepared.extra
    row = _request(key, scope, change.identifier, lock=True)
    _refuse_appointed(row, scope, actor)
    _refuse_moved(row, _set(scope, change.identifier))
    done = WAYS[row.verb].apply(inner, scope, within, actor)
    _decided(row, State.CONFIRMED, actor)
    asked = {"request": str(row.pk), "do": row.verb, "asked_by": row.asked_by.get_username()}
    return Applied(done.version, done.before, done.after, {**done.data, **asked})


def _decline(change: Change, scope: Scope, prepared: Prepared, actor: Actor) -> Applied:
    row = _request(read(DecideFields, change).request, scope, change.identifier, lock=True)
    _decided(row, State.DECLINED, actor)
    return Applied(version=str(row.number), data={"request": str(row.pk), "do": row.verb})


def _decided(row: SetRequest, state: str, actor: Actor) -> None:
    row.state, row.decided_by, row.decided_at = state, actor.user, timezone.now()
    row.save(update_fields=["state", "decided_by", "decided_at"])


def _request(key: UUID, scope: Scope, identifier: str, *, lock: bool = False) -> SetRequest:
    rows = SetRequest.objects.filter(pk=key, scope=scope, identifier=identifier)
    if lock:
        locks.update(rows)
    found = rows.select_related("asked_by").first()
    if found is None:
        raise NotFound(f"no request {key} about {identifier!r} in {scope.path}")
    if found.state != State.ASKED:
        raise Conflict(f"this request was {found.state} already")
    return found


def _refuse_moved(row: SetRequest, held: PolicySet) -> None:
    if held.number != row.number:
        raise Conflict(f"{held.identifier} was changed since it was asked for; ask again")


def _set(scope: Scope, identifier: str) -> PolicySet:
    found = PolicySet.objects.filter(scope=scope, identifier=identifier).first()
    if found is None:
        raise NotFound(f"no policy set {identifier!r} in {scope.path}")
    return found


POLICY_SET = kinds.register(
    Kind(
        name="policy_set",
        title="Policy set",
        plural="Policy sets",
        root="policySet",
        package="policy_set",
        model=PolicySet,
        inherited=True,
        verbs={
            "save": Verb("edit_policy_set", save, _alone("save"), event="onsave"),
            "enable": Verb("edit_policy_set", switch, prepare_switch, event="onsave"),
            "disable": Verb("edit_policy_set", switch, _alone("disable"), event="onsave"),
            "delete": Verb("delete_policy_set", delete, _alone("delete"), event="onsave"),
            "request": Verb("edit_policy_set", _ask, _prepare_ask, event="onsave"),
            "confirm": Verb("confirm_policy_set", _confirm, _prepare_confirm, event="onsave"),
            "decline": Verb("edit_policy_set", _decline),
        },
    )
)
