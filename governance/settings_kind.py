"""Kind setting: a switch decided at a scope, inherited below, overridable there unless it is locked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from pydantic import JsonValue

from governance import kinds, locks
from governance.actor import Actor
from governance.errors import Conflict, Denied, Invalid, NotFound, Problem
from governance.exam import admitting
from governance.fields import Fields, read
from governance.kinds import Applied, Change, Kind, Prepared, Verb
from governance.models import Scope, ScopeSetting


@dataclass(frozen=True, slots=True)
class KnownSetting:
    """A setting there is: what it is called, its type and its value where nobody decided.

    most   of a number, which is then 0 at least
    check  raises Invalid for a value that may not hold in a scope; what it returns goes on the trail
    """

    title: str
    default: JsonValue
    type: type
    most: int | None = None
    check: Callable[[Scope, Any], str] = lambda scope, value: ""


KNOWN: dict[str, KnownSetting] = {
    "ai_enabled": KnownSetting("The assistant and drafting by AI", True, bool),
    admitting.SETTING: KnownSetting("The model that may draft", "", str, check=admitting.refuse_unexamined),
    "shadow_first_percent": KnownSetting(
        "Share of stored documents a set may newly block without shadow mode, in percent", 10, int, 100
    ),
}


@dataclass(frozen=True, slots=True)
class Setting:
    """What holds in a scope. scope_path: where it was decided, "" for the default."""

    name: str
    value: Any
    scope_path: str
    locked: bool
    inherited: bool


class SettingFields(Fields):
    value: JsonValue
    locked: bool = False


def setting_for(scope: Scope, name: str) -> Setting:
    """The value that holds in a scope: the highest locked one, else the nearest. KeyError if unknown."""
    known = KNOWN[name]
    rows = {r.scope_id: r for r in ScopeSetting.objects.filter(scope_id__in=scope.chain_ids, name=name)}
    chain = [rows[i] for i in scope.chain_ids if i in rows]
    locked = [r for r in chain if r.locked]
    row = locked[-1] if locked else chain[0] if chain else None
    if row is None:
        return Setting(name, known.default, "", locked=False, inherited=False)
    path = next(p for i, p in zip(scope.chain_ids, scope.chain_paths, strict=True) if i == row.scope_id)
    return Setting(name, row.value, path, locked=row.locked, inherited=row.scope_id != scope.pk)


def _prepare_save(change: Change, scope: Scope, actor: Actor) -> Prepared:
    known = KNOWN.get(change.identifier)
    if known is None:
        raise Invalid([f"no setting {change.identifier!r}; known: {', '.join(sorted(KNOWN))}"])
    wanted = read(SettingFields, change)
    if type(wanted.value) is not known.type:
        raise Invalid([Problem(f"must be {known.type.__name__}", path="value")])
    if known.most is not None and not 0 <= int(str(wanted.value)) <= known.most:
        raise Invalid([Problem(f"must be from 0 to {known.most}", path="value")])
    return Prepared(extra=(wanted, known.check(scope, wanted.value)))


def _save(change: Change, scope: Scope, prepared: Prepared, actor: Actor) -> Applied:
    wanted: SettingFields = prepared.extra[0]
    _refuse_locked_above(change.identifier, scope)
    row = _row(change.identifier, scope) or ScopeSetting(scope=scope, name=change.identifier)
    before = _text(row) if row.pk else ""
    row.value, row.locked = wanted.value, wanted.locked
    row.save()
    found: str = prepared.extra[1]
    return replace(_applied(row, before), data={"because": found} if found else {})


def _switch_lock(change: Change, scope: Scope, prepared: Prepared, actor: Actor) -> Applied:
    _refuse_locked_above(change.identifier, scope)
    row = _row(change.identifier, scope)
    if row is None:
        raise NotFound(f"{change.identifier!r} is not decided in {scope.path}; save a value there first")
    wanted = change.verb == "lock"
    if row.locked == wanted:
        raise Conflict(f"{change.identifier} is {'locked' if wanted else 'not locked'} already")
    before = _text(row)
    row.locked = wanted
    row.save(update_fields=["locked", "updated_at"])
    return _applied(row, before)


def _refuse_locked_above(name: str, scope: Scope) -> None:
    above = ScopeSetting.objects.filter(scope_id__in=scope.chain_ids[1:], name=name, locked=True)
    holder = above.select_related("scope").first()
    if holder is not None:
        raise Denied(
            f"{name} is locked in {holder.scope.path} and cannot be decided below it;"
            f" somebody who administers {holder.scope.name} can unlock it",
            permission="administer_setting",
            scope=holder.scope.path,
        )


def _row(name: str, scope: Scope) -> ScopeSetting | None:
    rows = ScopeSetting.objects.filter(scope=scope, name=name)
    locks.update(rows)
    return rows.first()


def _applied(row: ScopeSetting, before: str) -> Applied:
    return Applied(version="", before=before, after=_text(row))


def _text(row: ScopeSetting) -> str:
    return f"value: {row.value}\nlocked: {row.locked}"


SETTING = kinds.register(
    Kind(
        name="setting",
        title="Setting",
        plural="Settings",
        verbs={
            "save": Verb("administer_setting", _save, _prepare_save),
            "lock": Verb("administer_setting", _switch_lock),
            "unlock": Verb("administer_setting", _switch_lock),
        },
    )
)
