"""What doors may read of an impact: how it goes, how many, and which documents, as seen by an actor."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet

from audit.csv_sql import FORMULA_STARTS
from governance import kinds, rbac
from governance.actor import Actor
from governance.errors import NotFound
from governance.models import Policy, Replay, ReplayRow

OUTCOMES = ("newly_blocked", "newly_passed", "still_blocked", "still_passed")
COLUMNS = ("outcome", "scope", "kind", "identifier", "event", "evaluation", "messages")
FORMULA = tuple(FORMULA_STARTS)


@dataclass(frozen=True, slots=True)
class RowView:
    """evaluation: "" for a document that is stored, else the past decision it is about."""

    number: int
    outcome: str
    scope: str
    kind: str
    identifier: str
    event: str
    evaluation: str
    messages: list[str]


@dataclass(frozen=True, slots=True)
class ReplayView:
    """counts: by outcome, of what the actor may see; hidden: how many more there are that they may not."""

    id: str
    policy: str
    scope: str
    version: int
    against: int
    content_sha256: str
    window_days: int
    state: str
    done: int
    total: int
    reason: str
    took_ms: int
    created_at: datetime
    counts: dict[str, int] = field(default_factory=dict)
    hidden: int = 0

    @property
    def ended(self) -> bool:
        return self.state in ("done", "failed", "cancelled")

    @property
    def changed(self) -> int:
        return self.counts.get("newly_blocked", 0) + self.counts.get("newly_passed", 0)


def newest(actor: Actor, scope_path: str, identifier: str, number: int) -> ReplayView | None:
    """The newest impact of a version's text; None when none was made. Raises NotFound."""
    policy = _policy(actor, scope_path, identifier)
    row = (
        Replay.objects.filter(version__policy=policy, version__number=number).order_by("-created_at").first()
    )
    return _view(actor, row) if row else None


def one(actor: Actor, key: str) -> ReplayView:
    """One impact by its id. Raises NotFound."""
    return _view(actor, _row(actor, key))


def rows(
    actor: Actor, key: str, *, outcome: str = "", after: int = -1, size: int = 50
) -> tuple[list[RowView], int | None]:
    """Documents by number, and the number to go on after (None at the end). Raises NotFound."""
    found = _rows(actor, _row(actor, key))
    if outcome:
        found = found.filter(outcome=outcome)
    page = list(found.filter(number__gt=after).order_by("number")[: size + 1])
    more = page[size - 1].number if len(page) > size else None
    return [_row_view(r) for r in page[:size]], more


def export(actor: Actor, key: str, format: str = "csv") -> Iterator[str]:
    """Every visible document of an impact as CSV (safe to open in a spreadsheet) or JSON lines."""
    found = _rows(actor, _row(actor, key)).order_by("number")
    if format == "csv":
        yield ",".join(COLUMNS) + "\n"
    for row in found.iterator(chunk_size=1000):
        view = _row_view(row)
        yield _csv(view) if format == "csv" else json.dumps(asdict(view), sort_keys=True) + "\n"


def _csv(view: RowView) -> str:
    cells = [str(getattr(view, name)) for name in COLUMNS[:-1]] + ["; ".join(view.messages)]
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow("'" + c if c.startswith(FORMULA) else c for c in cells)
    return line.getvalue()


def _policy(actor: Actor, scope_path: str, identifier: str) -> Policy:
    seen = rbac.visible(actor, "policy").filter(scope__path=scope_path, identifier=identifier)
    found: Policy | None = seen.first()
    if found is None:
        raise NotFound(f"no policy {identifier!r} in {scope_path}")
    return found


def _row(actor: Actor, key: str) -> Replay:
    try:
        wanted = UUID(key)
    except ValueError:
        raise NotFound(f"no impact {key!r}") from None
    seen = rbac.visible(actor, "policy").values("pk")
    found = Replay.objects.filter(pk=wanted, version__policy__in=seen).first()
    if found is None:
        raise NotFound(f"no impact {key!r}")
    return found


def _rows(actor: Actor, replay: Replay) -> QuerySet[ReplayRow]:
    """Documents of the kinds and scopes that the actor may look into."""
    kind = kinds.get(replay.version.policy.entity)
    return replay.rows.filter(scope__in=rbac.scopes(actor, kind.view).values("pk")).select_related("scope")


def _view(actor: Actor, row: Replay) -> ReplayView:
    grouped = _rows(actor, row).order_by().values_list("outcome").annotate(n=Count("pk"))
    counts: dict[str, int] = dict(grouped)
    return ReplayView(
        id=str(row.pk),
        policy=row.version.policy.identifier,
        scope=row.version.policy.scope.path,
        version=row.version.number,
        against=row.against,
        content_sha256=row.content_sha256,
        window_days=row.window_days,
        state=row.state,
        done=row.done,
        total=row.total,
        reason=row.reason,
        took_ms=row.took_ms,
        created_at=row.created_at,
        counts={name: counts.get(name, 0) for name in OUTCOMES},
        hidden=row.rows.count() - sum(counts.values()),
    )


def _row_view(row: Any) -> RowView:
    return RowView(
        number=row.number,
        outcome=row.outcome,
        scope=row.scope.path,
        kind=row.kind,
        identifier=row.identifier,
        event=row.event,
        evaluation=str(row.evaluation or ""),
        messages=row.messages,
    )
