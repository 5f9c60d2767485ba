"""Ask the policy engine about one change and sort what it says; whatever is not a clear answer refuses."""

from __future__ import annotations

import hashlib
import math
import time
import uuid
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import connection

from governance import exempting, kinds, locks, policy_input, wiring
from governance.actor import Actor
from governance.engines import strict_json
from governance.errors import Violation
from governance.kinds import Change, Prepared
from governance.models import Bundle, Evaluation, EvaluationInput, GateState, PolicySet, Scope
from governance.ports import Answer, BadDecision, EngineUnavailable, Question
from governance.verdicts import Verdict

PINNED = "gate"
# Between two questions to an engine that answers from another revision: a change-over takes 50 ms.
ASK_AGAIN_S = 0.05


@dataclass(frozen=True, slots=True)
class Decision:
    """One question and its answer. `unavailable` says why there is none; then everything else is empty.

    exemptions  ids of those without which it would have been another answer
    """

    evaluation_id: uuid.UUID
    scope: Scope
    kind: str
    identifier: str
    event: str
    dry_run: bool
    body: bytes
    input_sha256: str
    actor_name: str
    channel: str
    ai_generated: bool
    status: str = "unavailable"
    revision: str = ""
    bundle_sha256: str = ""
    engine: str = ""
    duration_us: int = 0
    errors: list[Violation] = field(default_factory=list)
    warnings: list[Violation] = field(default_factory=list)
    details: list[dict[str, Any]] = field(default_factory=list)
    exemptions: frozenset[uuid.UUID] = frozenset()
    unavailable: str = ""


def ask(
    change: Change, scope: Scope, prepared: Prepared, actor: Actor, *, event: str, dry_run: bool = False
) -> Decision:
    """Put one change to the engine. A failure of the engine is a Decision that says so, never an exception.

    Waits POLICY_TIMEOUT_MS at most, by wall clock. Must not be called inside a transaction: no lock may be
    held while another process is waited for.
    """
    _refuse_transaction()
    exemptions = exempting.granted(scope, change.kind, change.identifier)
    asked = policy_input.build(change, scope, prepared, actor, event=event, exemptions=exemptions)
    body = strict_json.canonical(asked)
    facts: dict[str, Any] = {
        "evaluation_id": uuid.uuid4(),
        "scope": scope,
        "kind": change.kind,
        "identifier": change.identifier,
        "event": event,
        "dry_run": dry_run,
        "body": body,
        "input_sha256": hashlib.sha256(body).hexdigest(),
        "actor_name": actor.user.get_username(),
        "channel": actor.channel.value,
        "ai_generated": actor.ai_generated,
    }
    question = Question(
        tuple(scope.chain_paths), change.kind, event, _replaced(change, scope, event), prepared.sets
    )
    started = time.monotonic_ns()
    try:
        answer, sha256 = _answer(question, body)
    except (EngineUnavailable, BadDecision) as error:
        taken = (time.monotonic_ns() - started) // 1000
        return Decision(**facts, duration_us=taken, unavailable=_sentence(change, str(error)))
    verdict = Verdict.of(answer, change, prepared, exemptions, asked)
    return Decision(
        **facts,
        status=verdict.status,
        revision=answer.revision,
        bundle_sha256=sha256,
        engine=answer.engine,
        duration_us=answer.duration_us,
        errors=verdict.errors,
        warnings=verdict.warnings,
        details=verdict.details,
        exemptions=verdict.exemptions,
    )


def _replaced(change: Change, scope: Scope, event: str) -> dict[str, Any]:
    """What is stored under the name now, when a set there asks only about some documents."""
    current = kinds.get(change.kind).current
    if event != "onsave" or current is None:
        return {}
    sets = PolicySet.objects.filter(scope_id__in=scope.chain_ids, entity=change.kind, event=event)
    if not any(sets.values_list("selector", flat=True)):
        return {}
    found = current(scope, change.identifier) or {}
    return {key: value for key, value in found.items() if key != "at"}


def _answer(question: Question, body: bytes) -> tuple[Answer, str]:
    """An answer from an acceptable revision; while the engine is still changing over, it is asked again.

    All tries share one deadline: a wrong revision that stays wrong ends where silence would.
    """
    ends = time.monotonic() + settings.POLICY_TIMEOUT_MS / 1000
    while True:
        left_ms = math.ceil((ends - time.monotonic()) * 1000)
        if left_ms <= 0:
            raise EngineUnavailable(
                f"the policy engine did not answer within {settings.POLICY_TIMEOUT_MS} ms"
            )
        answer = wiring.engine().decide(question, body, timeout_ms=left_ms)
        acceptable = acceptable_revisions()
        if answer.revision and answer.revision in acceptable:
            return answer, acceptable[answer.revision]
        if not acceptable or time.monotonic() + ASK_AGAIN_S >= ends:
            raise BadDecision(_wrong_revision(answer.revision, acceptable))
        time.sleep(ASK_AGAIN_S)


def _wrong_revision(revision: str, acceptable: Mapping[str, str]) -> str:
    if not acceptable:
        return "no policy bundle is in force yet"
    wanted = " or ".join(r[:12] for r in acceptable)
    return f"the policy engine answered from revision {revision[:12] or '(none)'}, not from {wanted}"


def _sentence(change: Change, cause: str) -> str:
    return (
        f"The policy gate gave no usable answer, so {change.kind} {change.identifier!r} was not changed:"
        f" {cause}. Try again in a moment; if it stays so, somebody who runs this portal should look at its"
        " health page."
    )


def acceptable_revisions() -> dict[str, str]:
    """Revision → digest of its archive, for the pinned revision and the one on its way."""
    state = GateState.objects.filter(name=PINNED).values_list("pinned", "pending").first()
    wanted = [r for r in state or () if r]
    known = {r: _sha256s[r] for r in wanted if r in _sha256s}
    if len(known) < len(wanted):
        known = dict(Bundle.objects.filter(revision__in=wanted).values_list("revision", "sha256"))
        if len(_sha256s) > 1000:
            _sha256s.clear()
        _sha256s.update(known)
    return known


# Revision → sha256 of the archive; both are digests, so an entry never goes stale.
_sha256s: dict[str, str] = {}


def lock_acceptable_revisions() -> frozenset[str]:
    """The revisions a commit may rest on, which nobody changes until the transaction ends."""
    rows = GateState.objects.filter(name=PINNED)
    locks.share(rows)
    state = rows.values_list("pinned", "pending").first()
    return frozenset(r for r in state or () if r)


def keep(decision: Decision) -> None:
    """Store the decision and, once per content, what it was about. Part of the caller's transaction."""
    EvaluationInput.objects.bulk_create(
        [
            EvaluationInput(
                sha256=decision.input_sha256,
                body=zlib.compress(decision.body),
                size_bytes=len(decision.body),
            )
        ],
        ignore_conflicts=True,
    )
    Evaluation.objects.create(
        id=decision.evaluation_id,
        scope=decision.scope,
        kind=decision.kind,
        identifier=decision.identifier,
        event=decision.event,
        status=decision.status,
        dry_run=decision.dry_run,
        revision=decision.revision,
        bundle_sha256=decision.bundle_sha256,
        input_sha256=decision.input_sha256,
        engine=decision.engine,
        duration_us=decision.duration_us,
        details=decision.details,
        reason=decision.unavailable,
        actor_name=decision.actor_name,
        channel=decision.channel,
        ai_generated=decision.ai_generated,
    )


def _refuse_transaction() -> None:
    """Transactions that a test case wraps around itself do not count."""
    for block in connection.atomic_blocks:
        if not getattr(block, "_from_testcase", False):
            raise RuntimeError("the policy gate was asked inside a transaction")
