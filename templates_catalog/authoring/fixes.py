"""The smallest change after which every applicable policy passes, and everything else is as it was.

A request is read into the ways it can be meant; each is tried on a copy and evaluated, and only one that
passes is
ever offered. When nothing helps the answer is a question, never a guess.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from governance.errors import Violation
from templates_catalog.authoring import correcting, intent, objections, readings, shares
from templates_catalog.authoring import edits as editing
from templates_catalog.authoring import limits as limiting
from templates_catalog.authoring.context import Context
from templates_catalog.authoring.edits import Edit, ReplaceText, SetValue
from templates_catalog.authoring.guarding import Guard
from templates_catalog.authoring.locating import Document
from templates_catalog.authoring.words import LONGEST_REQUEST, printable
from templates_catalog.vocabulary import repair

__all__ = ["Fix", "fix"]

Evaluate = Callable[[dict[str, Any]], list[Any]]
EvaluateMany = Callable[[list[dict[str, Any]]], list[list[Any]]]

MOST_TRIED = 60
# Each is looked for in the whole document, again and again, while somebody waits.
MOST_WISHES = 12
BATCH = 12
ROUNDS = 3
MOST_STEPS = 6
# Said of an answer that passes and has no place for something that was typed: the last one to be offered.
UNPLACED = "unplaced"


@dataclass(frozen=True)
class Fix:
    """document None means there is no proved fix, and `question` says what is needed instead."""

    document: dict[str, Any] | None = None
    edits: list[Edit] = field(default_factory=list)
    sentence: str = ""
    question: str = ""


@dataclass(frozen=True)
class Asking:
    """Asks the policies: many documents at once when that is offered, else one after the other and no more than needed."""

    evaluate: Evaluate
    evaluate_many: EvaluateMany | None = None
    ruled_out: Evaluate = lambda document: []

    @property
    def batch(self) -> int:
        return BATCH if self.evaluate_many else 1

    def __call__(self, documents: list[dict[str, Any]]) -> list[list[Any]]:
        found = self.evaluate_many(documents) if self.evaluate_many else [self.evaluate(d) for d in documents]
        return [[*left, *self.ruled_out(one)] for left, one in zip(found, documents, strict=True)]


@dataclass(frozen=True)
class Tried:
    edits: tuple[Edit, ...]
    document: dict[str, Any]
    left: list[Any]


def fix(
    document: dict[str, Any],
    violations: Sequence[Any],
    request: str,
    facts: Any,
    evaluate: Evaluate,
    *,
    evaluate_many: EvaluateMany | None = None,
) -> Fix:
    """The smallest edit that meets the request and after which `evaluate` objects to nothing.

    violations     what was objected to: `message`, and `path` and `fix` where they are known
    request        as typed; "" or "fix it" when the violations say enough
    evaluate       the applicable policies: what they still object to in a document; [] passes
    evaluate_many  the same for several documents at once, when that is cheaper
    """
    if len(request) > LONGEST_REQUEST:
        return Fix(question=f"The request is longer than {LONGEST_REQUEST:,} characters; say it shorter.")
    if (wishes := len(intent.clauses(request))) > MOST_WISHES:
        return Fix(
            question=f"The request names {wishes} things to change; at most {MOST_WISHES} are tried at once. Say the rest later."
        )
    if not is_written(document, facts):
        said = "; ".join(dict.fromkeys(violation.message for violation in violations))
        return Fix(
            question=f"This was measured, not written, so there is nothing to edit: {said}. Change what was measured."
        )
    text = re.sub(r"\bHarness(?=Approval)", "Harness ", repair(printable(request)))
    text = correcting.corrected(text, facts.environments, facts.groups)
    limits = limiting.read(text, Document(document, facts))
    text = limits.rest
    context = Context(Document(document, facts), violations, facts, text)
    ask = Asking(evaluate, evaluate_many, ruled_out(context, limits))
    asked = not intent.is_vague(text)
    if not asked and intent.depends_on_who_or_when(violations):
        return Fix(question=question(violations, asked, context.document))
    context = context if asked else Context(context.document, violations, facts)
    tries = readings.candidates(context.request, context)
    found = search(context, tries, ask)
    if found is None and not asked:
        found = stepwise(document, violations, facts, ask)
    if asked and (found is None or found.left):
        found = more_of_the_same(context, tries, ask) or with_messages(context, tries, ask) or found
    if found is None:
        return Fix(question=question(violations, asked, context.document))
    told = in_their_places(found.edits, document, facts)
    left = ", ".join(f"“{violation.message}”" for violation in found.left)
    return Fix(found.document, told, editing.title(told) + (f" I found no place for {left}." if left else ""))


def ruled_out(context: Context, limits: limiting.Limits) -> Callable[[dict[str, Any]], list[Any]]:
    """What an answer does against the request itself: it changes what is to stay, gives a place another one's value, or
    leaves out a name that was typed."""
    before, text = context.document, context.request
    held = dict(limiting.spots(before.value))
    own = shares.shares(text, before, context.blamed)
    typed = shares.names_to_place(text, context)

    def judge(after: dict[str, Any]) -> list[Any]:
        new = dict(limiting.spots(after))
        said = [*limits.broken(before, held, new), *shares.misplaced(own, held, new)]
        unplaced = [Violation(UNPLACED, "error", name) for name in shares.left_out(typed, new)]
        return [*(Violation("request", "error", message) for message in said), *unplaced]

    return judge


def is_written(document: dict[str, Any], facts: Any) -> bool:
    """Whether this is a document a person writes: plans, findings and lists of packages are measured."""
    body = Document(document, facts).body if isinstance(document, dict) else None
    return isinstance(body, dict) and bool({"identifier", "name", "type", "spec", "stages"} & body.keys())


def in_their_places(edits: Sequence[Edit], document: dict[str, Any], facts: Any) -> list[Edit]:
    """The edits with what their paths belong to, each in the document as the ones before it leave it."""
    told = []
    for edit in edits:
        told.append(placed(edit, Document(document, facts)))
        document = editing.apply(document, [edit])
    return told


def placed(edit: Edit, document: Document) -> Edit:
    """The edit with the step, stage or entry its path belongs to, so that its words say which one."""
    if not isinstance(edit, SetValue | ReplaceText) or edit.of:
        return edit
    inside = [node for node in document.nodes if edit.path.startswith((f"{node.path}.", f"{node.path}["))]
    return replace(edit, of=max(inside, key=lambda node: len(node.path)).label) if inside else edit


def search(context: Context, tries: Sequence[tuple[Edit, ...]], ask: Asking) -> Tried | None:
    """The first candidate, in order, after which nothing is objected to; else one that leaves out what was typed."""
    spare = None
    for batch in batches(context, tries, ask.batch):
        for edits, document, left in judged(batch, ask):
            if not left:
                return Tried(edits, document, [])
            if spare is None and policies(left) == {UNPLACED}:
                spare = Tried(edits, document, left)
    return spare


def judged(
    batch: list[tuple[tuple[Edit, ...], dict[str, Any]]], ask: Asking
) -> Iterator[tuple[tuple[Edit, ...], dict[str, Any], list[Any]]]:
    for (edits, document), left in zip(batch, ask([document for _, document in batch]), strict=True):
        yield edits, document, left


def batches(
    context: Context, tries: Sequence[tuple[Edit, ...]], size: int
) -> Iterator[list[tuple[tuple[Edit, ...], dict[str, Any]]]]:
    """The candidates applied, each result once, in groups that are evaluated together."""
    value = context.document.value
    guard = Guard(value, context)
    batch: list[tuple[tuple[Edit, ...], dict[str, Any]]] = []
    for edits in tries:
        if len(guard.seen) > MOST_TRIED:
            break
        document = guard.apply(value, edits)
        if document is not None:
            batch.append((edits, document))
        if len(batch) >= size:
            yield batch
            batch = []
    if batch:
        yield batch


def more_of_the_same(context: Context, tries: Sequence[tuple[Edit, ...]], ask: Asking) -> Tried | None:
    """The request met again for what is still objected to after its first, most likely meaning."""
    document, facts, text = context.document.value, context.facts, context.request
    guard = Guard(document, context)
    for edits in tries[:3]:
        current, made, left = document, (), list(context.violations)
        for step in (edits, *([None] * ROUNDS)):
            local = Context(Document(current, facts), left, facts, text)
            chosen = step if step is not None else next(iter(readings.candidates(text, local)), None)
            if chosen is None:
                break
            after = None if intent.undoes(made, chosen) else guard.apply(current, chosen)
            if after is None:
                break
            current = after
            made = (*made, *chosen)
            before, left = burden(left), ask([current])[0]
            if not left:
                return Tried(made, current, [])
            if step is None and burden(left) >= before:
                break
    return None


def with_messages(context: Context, tries: Sequence[tuple[Edit, ...]], ask: Asking) -> Tried | None:
    """The request as most likely meant, and what the remaining objections themselves ask for."""
    document, violations, facts = context.document.value, context.violations, context.facts
    if intent.ONLY_THERE.search(context.request):
        return None
    guard = Guard(document, context)
    for edits in tries[:2]:
        current = guard.apply(document, edits)
        if current is None:
            continue
        left = ask([current])[0]
        # What was asked for has to help, and must not break another rule that held before.
        # A document that is not well formed yet was never put to the policies.
        unread = "form" in policies(violations)
        helps = burden(left) < burden(violations) or policies(left) == {"form"}
        if helps and (unread or policies(left) <= policies(violations)):
            rest = stepwise(current, left, facts, ask)
            if rest is not None and not intent.undoes(edits, rest.edits):
                return Tried((*edits, *rest.edits), rest.document, [])
    return None


def burden(violations: Sequence[Any]) -> tuple[int, int]:
    """How far from passing: what is not well formed comes first, because no policy has seen the document yet."""
    return sum(violation.policy == "form" for violation in violations), len(violations)


def policies(violations: Sequence[Any]) -> set[str]:
    return {violation.policy for violation in violations}


def stepwise(document: dict[str, Any], violations: Sequence[Any], facts: Any, ask: Asking) -> Tried | None:
    """Answer one objection after the other from its own words, as long as each step leaves fewer."""
    current, made, left = document, (), list(violations)
    for _ in range(len(left) + MOST_STEPS):
        if not left:
            return Tried(made, current, [])
        context = Context(Document(current, facts), left, facts)
        better = fewer(
            context,
            [option.edits for option in objections.options(context, readings.options_of)],
            ask,
            burden(left),
        )
        if better is None:
            return None
        current, made, left = better.document, (*made, *better.edits), better.left
    return None


def fewer(
    context: Context, tries: Sequence[tuple[Edit, ...]], ask: Asking, than: tuple[int, int]
) -> Tried | None:
    for batch in batches(context, tries, ask.batch):
        for edits, document, left in judged(batch, ask):
            if burden(left) < than:
                return Tried(edits, document, left)
    return None


def question(violations: Sequence[Any], asked: bool, document: Document) -> str:
    """What the person has to say or do, when no proved fix was found."""
    said = "; ".join(dict.fromkeys(violation.message for violation in violations))
    if intent.depends_on_who_or_when(violations):
        return (
            f"No edit of the document answers this: {said}. It depends on who acts or when; ask "
            f"somebody who may, or for an exemption."
        )
    link = document.body.get("template") if isinstance(document.body, dict) else None
    if document.root == "pipeline" and isinstance(link, dict) and not document.stages:
        return (
            f"The policies object: {said}. The stages of this pipeline belong to the template "
            f"{link.get('templateRef')}; change its inputs, use another version or template, or ask its owner."
        )
    places = ", ".join(dict.fromkeys(violation.path for violation in violations if violation.path))
    where = f" (at {places})" if places else ""
    start = (
        "I tried what you asked for, and the policies still object"
        if asked
        else "The objection alone does not say what to change"
    )
    return f"{start}: {said}{where}. Which value or which step should change, and to what?"
