"""Impact: a draft decided over everything stored and over past decisions, beside the version in force.

The Rego runs in limited processes only, many documents in each. What is compared is the policy by itself:
whether its newer text would refuse what its active text lets pass, and the other way round.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from governance import kinds
from governance.authoring.compile import library_source
from governance.batches import batches
from governance.engines import opa_cli
from governance.kinds import Kind
from governance.models import Evaluation, PolicyVersion, Replay, ReplayRow, Scope
from governance.stored import Asked, below, stored, with_inputs

MOST_DOCUMENTS = 20_000
MOST_MESSAGES = 5
# A run whose worker said nothing for so long is taken up again.
SILENT_AFTER = timedelta(seconds=60)
WINDOWS = (1, 7, 30, 90)
BATCH_LIMITS = opa_cli.Limits(cpu_s=20, wall_s=30, memory_mb=1024, bulk=True)


class Ended(Exception):
    """The run was cancelled, or another worker took it."""


def decide_all(
    rego: str, documents: Sequence[Any], *, each: Callable[[int], None] = lambda done: None
) -> list[list[str]]:
    """Messages of `deny` for every input, in their order; [] = it passes.

    each  is told how many more were decided, in any order
    Raises opa_cli.OpaFailed, DidNotFinish for what takes too long even for one document.
    """
    if not documents:
        return []
    # A draft that hangs does so on the first document: that costs two seconds, not a batch's time.
    opa_cli.evaluate(rego, documents[:1], others=_library())
    parts = list(batches(documents, lambda document: document))
    with ThreadPoolExecutor(min(4, os.cpu_count() or 1)) as workers:
        found = [workers.submit(_decide, rego, batch) for batch in parts]
        answers = []
        for future, batch in zip(found, parts, strict=True):
            try:
                answers += future.result()
                each(len(batch))
            except BaseException:
                for other in found:
                    other.cancel()
                raise
    return answers


def _decide(rego: str, batch: Sequence[Any]) -> list[list[str]]:
    said = opa_cli.evaluate(rego, batch, others=_library(), limits=BATCH_LIMITS)
    return [sorted(messages) for messages in said]


def _library() -> dict[str, str]:
    return {"library.rego": library_source()}


# --- what is asked ------------------------------------------------------------------------------


def asked(version: PolicyVersion, window_days: int) -> list[Asked]:
    """Everything of the policy's kind that is stored in its scope and below, then past decisions there."""
    kind = kinds.get(version.policy.entity)
    kept = list(stored(kind, version.policy.scope))[:MOST_DOCUMENTS]
    return [*kept, *_past(kind, version.policy.scope, window_days, MOST_DOCUMENTS - len(kept))]


def _past(kind: Kind, scope: Scope, window_days: int, most: int) -> Iterator[Asked]:
    """Decisions of the window, newest first; dry runs and what the gate could not answer left out."""
    since = timezone.now() - timedelta(days=window_days)
    rows = Evaluation.objects.filter(
        below(scope), kind=kind.name, at__gte=since, dry_run=False, status__in=("pass", "warning", "error")
    ).exclude(input_sha256="")
    chosen = rows.order_by("-at")[: max(most, 0)]
    for row, body in with_inputs(chosen):
        yield Asked(row.scope, row.kind, row.identifier, row.event, row.pk, body)


# --- the run ------------------------------------------------------------------------------------


def waiting() -> list[str]:
    """Ids of the runs that want a worker: queued ones, and those whose worker fell silent."""
    silent = Q(state="running", touched_at__lt=timezone.now() - SILENT_AFTER)
    rows = Replay.objects.filter(Q(state="queued") | silent).order_by("created_at")
    return [str(pk) for pk in rows.values_list("pk", flat=True)[:20]]


def run(replay_id: str) -> str:
    """Work on one run; the state it ends in, "" when it is not ours to work on. Safe to call twice."""
    silent = Q(state="running", touched_at__lt=timezone.now() - SILENT_AFTER)
    mine = Replay.objects.filter(Q(pk=replay_id) & (Q(state="queued") | silent))
    if not mine.update(state="running", touched_at=timezone.now(), done=0):
        return ""
    replay = Replay.objects.select_related("version__policy__scope").get(pk=replay_id)
    started = time.monotonic()
    try:
        _work(replay)
    except Ended:
        return "cancelled"
    except opa_cli.OpaFailed as error:
        return _end(replay, "failed", started, str(error))
    return _end(replay, "done", started)


def _work(replay: Replay) -> None:
    version = replay.version
    documents = asked(version, replay.window_days)
    active = version.policy.versions.filter(state=PolicyVersion.State.ACTIVE).first()
    other = active if active != version else None
    passes = 2 if other is not None else 1
    _said(replay, total=len(documents) * passes, against=active.number if active else 0)
    inputs = [a.input for a in documents]
    # Progress is a row of its own transaction: the page reads it while the processes work.
    each = _progress(replay)
    after = decide_all(version.rego, inputs, each=each)
    if other is not None:
        before = decide_all(other.rego, inputs, each=each)
    else:  # what is in force itself decides as it does today; before a first version nothing is refused
        before = after if active is not None else [[] for _ in documents]
    rows = [
        ReplayRow(
            replay=replay, number=number, outcome=_outcome(bool(old), bool(new)), scope=a.scope, kind=a.kind,
            identifier=a.identifier, evaluation=a.evaluation, event=a.event,
            messages=(new or old)[:MOST_MESSAGES],
        )
        for number, (a, old, new) in enumerate(zip(documents, before, after, strict=True))
    ]  # fmt: skip
    with transaction.atomic():
        replay.rows.all().delete()
        ReplayRow.objects.bulk_create(rows, batch_size=1000)


def _outcome(before: bool, after: bool) -> str:
    if before == after:
        return "still_blocked" if after else "still_passed"
    return "newly_blocked" if after else "newly_passed"


def _progress(replay: Replay) -> Callable[[int], None]:
    def each(more: int) -> None:
        _said(replay, done=F("done") + more)

    return each


def _said(replay: Replay, **facts: Any) -> None:
    """Raises Ended when the run is no longer running."""
    if not Replay.objects.filter(pk=replay.pk, state="running").update(touched_at=timezone.now(), **facts):
        raise Ended


def _end(replay: Replay, state: str, started: float, reason: str = "") -> str:
    took_ms = int((time.monotonic() - started) * 1000)
    rows = Replay.objects.filter(pk=replay.pk, state="running")
    rows.update(state=state, took_ms=took_ms, reason=reason[:2000])
    return state
