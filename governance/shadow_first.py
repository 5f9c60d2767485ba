"""A rule that would block much of what is stored is watched in shadow mode first.

Everything stored that the set reaches is decided anew, as a save of it would be, or a run. A person waits for
it: what could not be looked at in time counts as if it were blocked.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from audit import clock
from governance import kinds, set_conditions, what_if
from governance.bundle import Source
from governance.engines.opa_cli import OpaFailed
from governance.errors import Conflict, Invalid, Problem
from governance.models import PolicyVersion, Scope
from governance.ports import BadDecision
from governance.settings_kind import setting_for
from governance.stored import stored

WITHIN_S = 10.0
FIRST = "bind it in mode shadow first, look at what it says, then raise the mode"
SETTING = "shadow_first_percent"
Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Found:
    """blocked of total that were looked at; late: there were more than there was time for."""

    blocked: int
    total: int
    late: bool = False


def refuse(before: Document | None, after: Document, scope: Scope) -> None:
    """Raises Invalid when members that were never tried would block more than the chosen share.

    before, after  policy sets as policies see them (policy_sets.as_document)
    """
    tried = _tried(before, after)
    untried = [p for p in after["policies"] if (p["scope"], p["identifier"]) not in tried]
    _refuse(untried, after, scope, FIRST)


def refuse_activation(version: PolicyVersion, held: Document, scope: Scope) -> None:
    """The same for a policy that comes into force for the first time, where a set names it already.

    held, scope  the set, as policies see it, and where it is
    """
    policy = version.policy
    if not policy.versions.filter(state=PolicyVersion.State.ACTIVE).exists():
        key = (policy.scope.path, policy.identifier)
        coming = [p for p in held["policies"] if (p["scope"], p["identifier"]) == key]
        way = f"policy set {held['identifier']} names it, so {FIRST}"
        _refuse(coming, held, scope, way, coming=version)


def _refuse(
    members: list[Document], held: Document, scope: Scope, way: str, *, coming: PolicyVersion | None = None
) -> None:
    if not held["enabled"] or _first_mode(held) not in ("warn", "enforce"):
        return
    blocking = [p for p in members if p["severity"] == "error"]
    sources = [s for p in blocking if (s := _source(p, coming or _active(p)))]
    limit = int(setting_for(scope, SETTING).value)
    if not sources or limit >= 100:
        return
    found = _look(sources, held, scope)
    if found.late or found.blocked * 100 > limit * found.total:
        raise Invalid([Problem(f"{_sentence(found, sources, held, limit)}: {way}", path="mode")])


def _sentence(found: _Found, sources: list[Source], after: Document, limit: int) -> str:
    names = ", ".join(s.id.rpartition("/")[2] for s in sources)
    stored_ones = f"stored {kinds.get(after['type']).plural.lower()}"
    if found.late:
        return (
            f"not all {stored_ones} could be tried within {WITHIN_S:.0f} s ({names} would block"
            f" {found.blocked} of the first {found.total})"
        )
    run = " when they are run" if after["action"] == "onrun" else ""
    return (
        f"{names} would block {found.blocked} of {found.total} {stored_ones} as they are{run}, more than"
        f" {limit} %"
    )


def _first_mode(document: Document) -> str:
    """That of today, which a step of a day that has come is; where it is off, the first that will not be."""
    today = clock.now().date()
    later = (step["mode"] for step in document["ramp"] if date.fromisoformat(step["on"]) > today)
    modes = [set_conditions.mode_on(document["mode"], document["ramp"], today), *later]
    return next((mode for mode in modes if mode != "off"), "off")


def _tried(before: Document | None, after: Document) -> set[tuple[str, str]]:
    """Members that were asked already, about at least these documents."""
    if before is None or not before["enabled"]:
        return set()
    today = clock.now().date()
    if set_conditions.mode_on(before["mode"], before["ramp"], today) == "off":
        return set()
    same = all(before[key] == after[key] for key in ("type", "action"))
    if not same or set_conditions.selects_less(after["selector"], before["selector"]):
        return set()
    return {(p["scope"], p["identifier"]) for p in before["policies"]}


def _active(member: Document) -> PolicyVersion | None:
    rows = PolicyVersion.objects.filter(
        policy__scope__path=member["scope"], policy__identifier=member["identifier"]
    )
    return rows.filter(state=PolicyVersion.State.ACTIVE).first()


def _source(member: Document, version: PolicyVersion | None) -> Source | None:
    """The text that would be asked; None for what is not in force, which blocks nothing yet."""
    if version is None:
        return None
    key = f"{member['scope']}/{member['identifier']}"
    return Source(key, version.rego, version.content_sha256, version.rule)


def _look(sources: list[Source], after: Document, scope: Scope) -> _Found:
    """How much these policies would block, bound by this set alone."""
    rows = [_row(source, after) for source in sources]
    table = {after["scope"]: {after["type"]: {after["action"]: rows}}}
    documents = stored(kinds.get(after["type"]), scope, after["action"])
    blocked = total = 0
    try:
        for _, verdict in what_if.verdicts(what_if.files_of(sources, table), documents, within_s=WITHIN_S):
            blocked += verdict.status == "error"
            total += 1
    except what_if.Late:
        return _Found(blocked, total, late=True)
    except (OpaFailed, BadDecision) as error:
        raise Conflict(f"it could not be tried on what is stored: {error}") from error
    return _Found(blocked, total)


def _row(source: Source, after: Document) -> dict[str, Any]:
    scope, _, identifier = source.id.rpartition("/")
    row: dict[str, Any] = {
        "id": source.id, "policy": identifier, "policy_scope": scope, "set": after["identifier"],
        "scope": after["scope"], "severity": "error", "mode": "enforce",
    }  # fmt: skip
    if when := set_conditions.in_table(after["selector"], []):
        row["when"] = when
    return row
