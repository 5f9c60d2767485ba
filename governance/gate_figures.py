"""How the gate did in the last minutes, for whoever runs the portal: no names, no documents."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from django.db.models import Count
from django.utils import timezone

from governance.models import Evaluation, GateState

LATELY = timedelta(minutes=5)
MOST_TIMED = 10_000


@dataclass(frozen=True, slots=True)
class GateFigures:
    """decisions: status → how many, tries included; p95_s: of those that were timed, in seconds;
    publishing: a revision is on its way to the engines."""

    decisions: dict[str, int] = field(default_factory=dict)
    p95_s: float = 0.0
    publishing: bool = False


def lately() -> GateFigures:
    """Of the last five minutes, by the index on the time of a decision."""
    rows = Evaluation.objects.filter(at__gt=timezone.now() - LATELY)
    counted = dict.fromkeys(("pass", "warning", "error", "unavailable"), 0)
    counted |= dict(rows.values_list("status").annotate(n=Count("pk")).order_by())
    timed = sorted(rows.order_by("-at").values_list("duration_us", flat=True)[:MOST_TIMED])
    p95_s = timed[int(0.95 * (len(timed) - 1))] / 1e6 if timed else 0.0
    return GateFigures(counted, p95_s, GateState.objects.exclude(pending="").exists())
