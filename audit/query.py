"""Reading the trail: filters, pages by keyset, counts and facets that are capped, proofs.

Callers pass the scope paths that the reader may see; each means itself and everything below. No
function here shows an event outside of them, and nobody outside this app touches a model.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Final

from django.db.models import Count, Q, QuerySet

from audit.events import EventView, view_of
from audit.filters import FilterError, Filters, parse
from audit.keyset import BadCursor, below, cursor_of, page_of
from audit.models import AuditEvent, AuditLeaf, AuditTile, Checkpoint
from audit.patience import bounded
from audit.seal import TILE
from audit.verify import Tree, node_hash, root_from_proof
from audit.words import Matches

FACETED_ROWS: Final = 10_000
MOST_FACETS: Final = 12
# Ids of people are UUIDs or numbers; anything else is a name.
_ID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9]+")


@dataclass(frozen=True, slots=True)
class Page:
    """Events, newest first, with the cursors of the neighbouring pages ("" = there is none)."""

    events: list[EventView]
    newer: str
    older: str


@dataclass(frozen=True, slots=True)
class Proof:
    """What shows, without the database, that an event is in the log that a checkpoint signs."""

    seq: int
    leaf: str
    size: int
    path: list[str]
    checkpoint: str

    def holds(self, root: bytes) -> bool:
        path = [bytes.fromhex(node) for node in self.path]
        return root_from_proof(bytes.fromhex(self.leaf), self.seq - 1, self.size, path) == root


def matching(filters: Filters, scopes: Sequence[str]) -> QuerySet[AuditEvent]:
    """The events that fit the filters, in these scopes and below; unordered, not yet read."""
    rows = AuditEvent.objects.filter(below(list(scopes)))
    if filters.scope:
        rows = rows.filter(below(list(filters.scope)))
    if filters.user:
        rows = rows.filter(_by_user(filters.user))
    for column, values in (
        ("action", filters.action),
        ("kind", filters.kind),
        ("outcome", filters.outcome),
        ("channel", filters.channel),
        ("resource", filters.resource),
        ("evaluation", filters.evaluation),
        ("request_id", filters.request),
    ):
        if values:
            rows = rows.filter(**{f"{column}__in": values})
    if filters.ai is not None:
        rows = rows.filter(ai_generated=filters.ai)
    if filters.since:
        rows = rows.filter(shown_at__gte=filters.since)
    if filters.until:
        rows = rows.filter(shown_at__lt=filters.until)
    if filters.text:
        rows = rows.filter(Matches(filters.text))
    return rows


def _by_user(values: Sequence[str]) -> Q:
    """Ids or names. One column where it can be one: an OR of two is not answered in order of time."""
    ids = [value for value in values if _ID.fullmatch(value)]
    names = [value for value in values if not _ID.fullmatch(value)]
    if ids and names:
        return Q(actor_id__in=ids) | Q(actor_name__in=names)
    return Q(actor_id__in=ids) if ids else Q(actor_name__in=names)


def page(
    filters: Filters, scopes: Sequence[str], *, before: str = "", after: str = "", size: int = 25
) -> Page:
    """One page of matching events. Raises BadCursor for a damaged page link, FilterError when a search
    in texts takes too long."""
    with _patience(filters):
        found = page_of(matching(filters, scopes), before=before, after=after, size=size)
    return Page(with_leaves(found.rows), found.newer, found.older)


def get(event_ref: str, scopes: Sequence[str]) -> EventView | None:
    """One event by its id or its number in the log; None when there is none to be seen."""
    rows = AuditEvent.objects.filter(below(list(scopes)))
    if re.fullmatch(r"[0-9]{1,18}", event_ref):
        place = AuditLeaf.objects.filter(seq=int(event_ref)).values("event_id")[:1]
        rows = rows.filter(id__in=place)
    else:
        try:
            rows = rows.filter(id=uuid.UUID(event_ref))
        except ValueError:
            return None
    found = with_leaves(list(rows[:1]))
    return found[0] if found else None


def history(resource: str, scopes: Sequence[str], *, size: int = 25) -> list[EventView]:
    """What happened to one thing, newest first. resource: `kind:scope/identifier`."""
    return page(Filters(resource=(resource,)), scopes, size=size).events


def accounts() -> list[str]:
    """Every account that has events, and "" for events of no account: the scopes of an operator."""
    return list(AuditEvent.objects.order_by("account").values_list("account", flat=True).distinct())


def count(filters: Filters, scopes: Sequence[str], *, cap: int = 10_000) -> int:
    """How many events match, at most `cap` + 1: more is said as "more than"."""
    with _patience(filters):
        return matching(filters, scopes).order_by()[: cap + 1].count()


def facets(filters: Filters, scopes: Sequence[str]) -> dict[str, list[tuple[str, int]]]:
    """How the newest 10,000 matching events divide: value and number, most frequent first."""
    newest = matching(filters, scopes).order_by("-shown_at", "-id").values("id")[:FACETED_ROWS]
    found = {}
    for name, column in (
        ("action", "action"),
        ("outcome", "outcome"),
        ("kind", "kind"),
        ("user", "actor_name"),
        ("channel", "channel"),
    ):
        rows = AuditEvent.objects.filter(id__in=newest).values(column).annotate(n=Count("id"))
        ordered = rows.order_by("-n", column).values_list(column, "n")
        with _patience(filters):
            found[name] = [(str(value), int(n)) for value, n in ordered[:MOST_FACETS]]
    return found


def with_leaves(rows: Sequence[AuditEvent]) -> list[EventView]:
    """The frozen values of stored events, with their place in the log where they have one."""
    leaves = AuditLeaf.objects.filter(event_id__in=[row.id for row in rows])
    places = {
        event_id: (seq, bytes(leaf)) for seq, event_id, leaf in leaves.values_list("seq", "event_id", "leaf")
    }
    return [view_of(row, *places.get(row.id, (None, None))) for row in rows]


def newest_checkpoint() -> str:
    """The newest signed note; "" before the first seal."""
    return Checkpoint.objects.order_by("-size").values_list("note", flat=True).first() or ""


def proof(event_ref: str, scopes: Sequence[str]) -> Proof | None:
    """The inclusion proof of a sealed event under the newest checkpoint; None when it has none.

    Raises ValueError when the log does not lead to the signed root: it was tampered with.
    """
    event = get(event_ref, scopes)
    last = Checkpoint.objects.order_by("-size").first()
    if event is None or event.seq is None or event.leaf is None or last is None or event.seq > last.size:
        return None
    path = _path(event.seq - 1, 0, last.size)
    found = Proof(event.seq, event.leaf, last.size, [node.hex() for node in path], last.note)
    if not found.holds(bytes(last.root)):
        raise ValueError(f"event {event.seq} does not lead to the signed root; run `manage.py verify_audit`")
    return found


def _path(index: int, start: int, end: int) -> list[bytes]:
    """The siblings on the way from a leaf to the root of leaves [start, end), the lowest first."""
    if end - start == 1:
        return []
    middle = start + _half(end - start)
    if index < middle:
        return [*_path(index, start, middle), _root(middle, end)]
    return [*_path(index, middle, end), _root(start, middle)]


def _half(size: int) -> int:
    return 1 << (size - 1).bit_length() - 1


def _root(start: int, end: int) -> bytes:
    """The root of leaves [start, end), from stored block roots wherever a whole block is asked."""
    height, span = 0, 1
    while span * TILE <= end - start and start % (span * TILE) == 0:
        height, span = height + 1, span * TILE
    tree = Tree()
    if height == 0:
        leaves = AuditLeaf.objects.filter(seq__gt=start, seq__lte=end).order_by("seq")
        nodes = [bytes(leaf) for leaf in leaves.values_list("leaf", flat=True)]
        for node in nodes:
            tree.append(node)
        return tree.root()
    whole = (end - start) // span
    tiles = AuditTile.objects.filter(
        height=height, position__gte=start // span, position__lt=start // span + whole
    ).order_by("position")
    roots = [bytes(root) for root in tiles.values_list("root", flat=True)]
    if (end - start) % span == 0 and len(roots) == whole:
        for node in roots:
            tree.append(node)
        return tree.root()
    middle = start + _half(end - start)
    return node_hash(_root(start, middle), _root(middle, end))


def _patience(filters: Filters) -> AbstractContextManager[None]:
    """Searches in texts are the ones that can be slow; everything else has an index."""
    return bounded() if filters.text else nullcontext()


__all__ = [
    "BadCursor", "EventView", "FilterError", "Filters", "Page", "Proof", "accounts", "count", "cursor_of",
    "facets", "get", "history", "matching", "newest_checkpoint", "page", "parse", "proof",
    "with_leaves",
]  # fmt: skip
