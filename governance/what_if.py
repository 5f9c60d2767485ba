"""What the gate would say of many documents, decided beside it: same bundle code, another process.

The sidecar that gates is left alone. A limited `opa` decides a batch with the router, the library and
the policies of a bundle, or of one that is only thought of.
"""

from __future__ import annotations

import json
import math
import time
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace

from governance import exempting
from governance.authoring.compile import library_source
from governance.batches import batches
from governance.bundle import ROUTER, SETS, Source, module
from governance.engines import answers, opa_cli, places
from governance.errors import Busy
from governance.exempting import Granted
from governance.kinds import Change, Prepared
from governance.ports import Answer, Question
from governance.stored import Asked
from governance.verdicts import Verdict


class Late(Exception):
    """Not all of the documents were decided in time."""


def files_of(policies: Sequence[Source], table: Mapping[str, object]) -> dict[str, str]:
    """Bundle path → text, of policies and a table of sets that need not be in force."""
    found = {"portal/lib.rego": library_source(), SETS: json.dumps(table)}
    return found | {f"policies/{p.id}.rego": module(p) for p in policies}


def verdicts(
    files: Mapping[str, str], documents: Iterable[Asked], *, within_s: float = math.inf
) -> Iterator[tuple[Asked, Verdict]]:
    """Each document with what the gate would make of it, exemptions taken in; as many processes as there are processors.

    files     as `files_of` gives them, or as a bundle holds them
    within_s  of wall clock for all of them together
    Raises opa_cli.OpaFailed, BadDecision, Late.
    """
    ends = time.monotonic() + within_s
    most = places.processors()
    with ThreadPoolExecutor(most) as workers:
        waiting: deque[tuple[list[Asked], Future[list[Answer]]]] = deque()
        try:
            for batch in batches(documents, lambda one: one.input):
                if len(waiting) == most:
                    yield from _decided(*waiting.popleft(), ends)
                waiting.append((batch, workers.submit(_answers, files, batch, _limits(ends))))
            while waiting:
                yield from _decided(*waiting.popleft(), ends)
        finally:
            for _, future in waiting:
                future.cancel()


def _decided(
    batch: list[Asked], future: Future[list[Answer]], ends: float
) -> Iterator[tuple[Asked, Verdict]]:
    try:
        found = future.result()
    except (opa_cli.DidNotFinish, Busy) as error:
        if time.monotonic() < ends:
            raise
        raise Late from error
    granted = exempting.granted_to_many((one.scope.pk, one.kind, one.identifier) for one in batch)
    for one, answer in zip(batch, found, strict=True):
        yield one, _verdict(one, answer, granted.get((one.scope.pk, one.kind, one.identifier), []))


def _limits(ends: float) -> opa_cli.Limits:
    """What is left of the time. Raises Late."""
    left_s = ends - time.monotonic()
    if left_s <= 0:
        raise Late
    limits = opa_cli.BULK
    return replace(limits, wall_s=min(limits.wall_s, left_s), patience_s=min(limits.patience_s, left_s))


def _answers(files: Mapping[str, str], batch: Sequence[Asked], limits: opa_cli.Limits) -> list[Answer]:
    others = {"sets.json": json.dumps({"portal": {"sets": json.loads(files[SETS])}})}
    texts = [text for name, text in files.items() if name.startswith("policies/")]
    others |= {f"policy{n}.rego": text for n, text in enumerate(texts)}
    others["lib.rego"] = files["portal/lib.rego"]
    inputs = [{"document": one.input, "question": question(one).plain()} for one in batch]
    said = opa_cli.evaluate_rule(ROUTER.read_text("utf-8"), "decide", inputs, others=others, limits=limits)
    return [answers.read_decision({"result": found}, duration_us=0) for found in said]


def question(one: Asked) -> Question:
    return Question(tuple(one.scope.chain_paths), one.kind, one.event)


def _verdict(one: Asked, answer: Answer, granted: Sequence[Granted]) -> Verdict:
    change = Change("save", one.kind, one.scope.path, one.identifier)
    return Verdict.of(answer, change, Prepared(), granted, one.input)
