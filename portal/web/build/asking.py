"""Ask the assistant for a change and show its answer: the difference, its proof, or what still stands."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from django.http import HttpRequest

from governance.errors import Refused
from governance.models import Scope
from portal.assistant import chat
from portal.assistant.documents import FixDraft
from portal.web import code, doors, verdict


@dataclass(frozen=True, slots=True)
class Offer:
    """One answer in the fix chat. passes: the gate let it through, so it may be offered."""

    request: str
    who: str
    seconds: float
    sentence: str
    title: str = ""
    question: str = ""
    proposal: str = ""
    passes: bool = False
    proof: str = ""
    still: str = ""
    difference: code.Difference = field(default_factory=lambda: code.compare("", ""))
    evaluation: str = ""


def for_change(request: HttpRequest, scope: Scope, identifier: str, text: str, asked: str) -> Offer:
    """What the assistant makes of a sentence about this text. Nothing governed is written."""
    started = time.monotonic()
    actor = doors.actor_of(request)
    try:
        draft = chat.fix(actor, scope.path, identifier=identifier, source=text, request=asked)
    except Refused as refusal:
        return Offer(asked, "Not answered", time.monotonic() - started, _why(refusal))
    return _offer(draft, scope, asked, text, time.monotonic() - started)


def _why(refusal: Refused) -> str:
    if refusal.code == "invalid":
        first = "; ".join(str(p) for p in refusal.problems[:3])
        return f"The text cannot be read yet, so nothing was tried. {first}"
    return str(refusal)


def who(by: str) -> str:
    return "Planner, no model used" if by == "planner" else by


def _offer(draft: FixDraft, scope: Scope, asked: str, before: str, seconds: float) -> Offer:
    if not draft.proposal:
        blocking = [o for o in verdict.objections_of(draft.violations, scope.path) if o.severity != "warning"]
        names = ", ".join(dict.fromkeys(o.policy_name for o in blocking))
        return Offer(
            request=asked,
            who=who(draft.by),
            seconds=seconds,
            sentence=draft.sentence or "Nothing was found that both does this and passes the gate.",
            question=draft.question,
            still=f"Still blocked by {names}." if names else "",
        )
    difference = code.compare(before, draft.source)
    warned = len(draft.violations)
    return Offer(
        request=asked,
        who=who(draft.by),
        seconds=seconds,
        sentence=draft.sentence,
        title=f"{_lines(difference.added)} added, {difference.removed} removed",
        proposal=draft.proposal,
        passes=True,
        proof="With this change every policy lets the save pass"
        + (f"; {warned} still warn." if warned else "."),
        difference=difference,
        evaluation=draft.evaluation,
    )


def _lines(count: int) -> str:
    return "1 line" if count == 1 else f"{count} lines"
