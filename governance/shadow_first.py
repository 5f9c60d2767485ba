"""A rule that would block much of what is stored is watched in shadow mode first."""

from __future__ import annotations

from typing import Any

from audit import clock
from governance import kinds, set_conditions, what_if
from governance.bundle import Source
from governance.engines.opa_cli import OpaFailed
from governance.errors import Conflict, Invalid, Problem
from governance.models import Policy, PolicyVersion, Scope
from governance.ports import BadDecision
from governance.settings_kind import setting_for
from governance.stored import stored

MOST_DOCUMENTS = 300
SETTING = "shadow_first_percent"
Document = dict[str, Any]


def refuse(before: Document | None, after: Document, scope: Scope) -> None:
    """Raises Invalid when members that were never tried would block more than the chosen share.

    before, after  policy sets as policies see them (policy_sets.as_document)
    """
    if not after["enabled"] or _first_mode(after) not in ("warn", "enforce") or after["action"] != "onsave":
        return
    tried = _tried(before, after)
    members = [
        p
        for p in after["policies"]
        if p["severity"] == "error" and (p["scope"], p["identifier"]) not in tried
    ]
    sources = [source for p in members if (source := _active(p))]
    limit = int(setting_for(scope, SETTING).value)
    if not sources or limit >= 100:
        return
    blocked, total = _blocked(sources, after, scope)
    if total and blocked * 100 > limit * total:
        names = ", ".join(s.id.rpartition("/")[2] for s in sources)
        raise Invalid(
            [
                Problem(
                    f"{names} would block {blocked} of {total} stored {kinds.get(after['type']).plural.lower()}"
                    f" as they are, more than {limit} %: bind it in mode shadow first, look at what it says,"
                    " then raise the mode",
                    path="mode",
                )
            ]
        )


def _first_mode(document: Document) -> str:
    modes = [document["mode"], *(step["mode"] for step in document["ramp"])]
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


def _active(member: Document) -> Source | None:
    policy = Policy.objects.filter(scope__path=member["scope"], identifier=member["identifier"]).first()
    version = policy.versions.filter(state=PolicyVersion.State.ACTIVE).first() if policy else None
    if version is None:
        return None
    key = f"{member['scope']}/{member['identifier']}"
    return Source(key, version.rego, version.content_sha256, version.rule)


def _blocked(sources: list[Source], after: Document, scope: Scope) -> tuple[int, int]:
    """(how many, of how many looked at) these policies would block, bound by this set alone."""
    documents = []
    for one in stored(kinds.get(after["type"]), scope):
        documents.append(one)
        if len(documents) == MOST_DOCUMENTS:
            break
    rows = [_row(source, after) for source in sources]
    table = {after["scope"]: {after["type"]: {after["action"]: rows}}}
    try:
        found = what_if.verdicts(what_if.files_of(sources, table), documents)
        return sum(verdict.status == "error" for _, verdict in found), len(documents)
    except (OpaFailed, BadDecision) as error:
        raise Conflict(f"it could not be tried on what is stored: {error}") from error


def _row(source: Source, after: Document) -> dict[str, Any]:
    scope, _, identifier = source.id.rpartition("/")
    row: dict[str, Any] = {
        "id": source.id, "policy": identifier, "policy_scope": scope, "set": after["identifier"],
        "scope": after["scope"], "severity": "error", "mode": "enforce",
    }  # fmt: skip
    if when := set_conditions.in_table(after["selector"], []):
        row["when"] = when
    return row
