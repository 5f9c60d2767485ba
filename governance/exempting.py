"""Whether a violation is exempt: the one place that says so, for every door, sweep and replay."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from audit import clock
from governance import locks
from governance.engines import strict_json
from governance.models import Exemption, Scope

LONGEST_DAYS = 90
# Scope, kind and identifier of what is stored.
Object = tuple[UUID, str, str]


@dataclass(frozen=True, slots=True)
class Granted:
    """policy: "<scope path>/<identifier>"; path: as policies see it, "" for the whole document."""

    id: UUID
    identifier: str
    policy: str
    rule_sha256: str
    path: str
    fragment_sha256: str
    until: date
    reason: str
    decided_by: str

    def plain(self) -> dict[str, str]:
        """As policies see it, in `metadata.exemptions`."""
        return {
            "identifier": self.identifier,
            "policy": self.policy,
            "path": self.path,
            "until": self.until.isoformat(),
            "reason": self.reason,
        }


def granted(scope: Scope, kind: str, identifier: str) -> list[Granted]:
    """What was granted for one object and has not ended by its date."""
    return [_granted(row) for row in _rows().filter(scope=scope, kind=kind, target=identifier)]


def granted_to_many(objects: Iterable[Object]) -> dict[Object, list[Granted]]:
    """The same for many at once; who was granted nothing is left out."""
    wanted = set(objects)
    rows = _rows().filter(scope__in={pk for pk, _, _ in wanted}, target__in={name for _, _, name in wanted})
    found: dict[Object, list[Granted]] = {}
    for row in rows:
        if (key := (row.scope_id, row.kind, row.target)) in wanted:
            found.setdefault(key, []).append(_granted(row))
    return found


def _rows() -> QuerySet[Exemption]:
    rows = Exemption.objects.filter(state=Exemption.State.GRANTED, until__gte=today())
    return rows.select_related("policy__scope", "decided_by").order_by("created_at")


def _granted(row: Exemption) -> Granted:
    return Granted(
        id=row.pk,
        identifier=row.identifier,
        policy=f"{row.policy.scope.path}/{row.policy.identifier}",
        rule_sha256=row.rule_sha256,
        path=row.path,
        fragment_sha256=row.fragment_sha256,
        until=row.until,
        reason=row.reason,
        decided_by=row.decided_by.get_username() if row.decided_by else "",
    )


def today() -> date:
    return clock.now().date()


def covering(
    exemptions: Sequence[Granted], policy: str, rule_sha256: str, path: str, document: Any
) -> Granted | None:
    """The exemption of a violation: same rule text, at or below its path, and what stands there unchanged.

    policy    "<scope path>/<identifier>"; rule_sha256 of the text the engine had loaded
    path      of the violation, plain: "pipeline.stages[1].stage"
    document  what the policies saw, under its root
    """
    for each in exemptions:
        if each.policy == policy and each.rule_sha256 == rule_sha256 and _within(path, each.path):
            found = fragment_digest(document, each.path)
            if found and found == each.fragment_sha256:
                return each
    return None


def _within(path: str, around: str) -> bool:
    return not around or path == around or path.startswith((f"{around}.", f"{around}["))


def fragment_digest(document: Any, path: str) -> str:
    """sha256 of the canonical JSON of what stands at a path; "" when nothing does."""
    node: Any = document
    if isinstance(document, Mapping):
        node = {key: value for key, value in document.items() if key != "metadata"}
    for name, number in re.findall(r"([^.\[\]]+)|\[(\d+)\]", path):
        if name and isinstance(node, Mapping) and name in node:
            node = node[name]
        elif number and isinstance(node, list) and int(number) < len(node):
            node = node[int(number)]
        else:
            return ""
    return hashlib.sha256(strict_json.canonical(node)).hexdigest()


def lock_granted(ids: Iterable[UUID]) -> bool:
    """Whether all of these are still granted; nobody revokes one until the transaction ends."""
    wanted = set(ids)
    if not wanted:
        return True
    rows = Exemption.objects.filter(pk__in=wanted)
    locks.share(rows)
    held = rows.filter(state=Exemption.State.GRANTED, until__gte=today())
    return held.count() == len(wanted)
