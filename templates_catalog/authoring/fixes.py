"""The smallest change after which every applicable policy passes, and everything else is as it was.

A request is read into the ways it can be meant; each is tried on a copy and evaluated, and only one that
passes is
ever offered. When nothing helps the answer is a question, never a guess.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from templates_catalog.authoring import converting, settings, wishes
from templates_catalog.authoring import edits as editing
from templates_catalog.authoring.context import Context, Option
from templates_catalog.authoring.edits import AddItem, Edit, ReplaceText, SetValue
from templates_catalog.authoring.guarding import Guard
from templates_catalog.authoring.locating import Document
from templates_catalog.authoring.words import LONGEST_REQUEST, printable
from templates_catalog.vocabulary import repair

__all__ = ["Fix", "fix"]

Evaluate = Callable[[dict[str, Any]], list[Any]]
EvaluateMany = Callable[[list[dict[str, Any]]], list[list[Any]]]

MOST_TRIED = 60
BATCH = 12
PER_CLAUSE = 8
ROUNDS = 3
# Objections to the person or the time: no edit of the document answers them.
NOT_OF_THE_DOCUMENT = re.compile(
    r"\bonly (?:the )?[\w -]+ (?:may|can|must)\b|\bmust not run\b|\bfrozen\b|\bfreeze\b|\boutside the\b|"
    r"\bfrom friday\b|"
    r"\bhours\b|\bnot (?:a )?member\b|\bcontractors\b",
    re.I,
)
ADDS = re.compile(r"\b(?:add|insert)\b[^.;]*\b(?:stage|step)\b", re.IGNORECASE)
NO_WISH = re.compile(
    r"^\W*(?:(?:please|pls|can you|could you|just|ok|okay|then|and)\W+)*(?:(?:fix|repair|solve|correct|"
    r"resolve|mend)(?: (?:it|this|that|them|these|those|the (?:pipeline|violations?|problems?|policy)|for "
    r"me))*|make it pass|do it|help)?\W*(?:please|pls)?\W*$",
    re.I,
)


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

    @property
    def batch(self) -> int:
        return BATCH if self.evaluate_many else 1

    def __call__(self, documents: list[dict[str, Any]]) -> list[list[Any]]:
        if self.evaluate_many:
            return self.evaluate_many(documents)
        return [self.evaluate(one) for one in documents]


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
    ask = Asking(evaluate, evaluate_many)
    if len(request) > LONGEST_REQUEST:
        return Fix(question=f"The request is longer than {LONGEST_REQUEST:,} characters; say it shorter.")
    text = repair(printable(request))
    context = Context(Document(document, facts), violations, facts, text)
    asked = not NO_WISH.match(text)
    tries = candidates(text if asked else "", context)
    if ADDS.search(text):
        # Who asks for a stage or a step wants one: setting a value that happens to be named is no answer.
        tries = [edits for edits in tries if any(isinstance(edit, AddItem) for edit in edits)]
    found = search(context, tries, ask)
    if found is None and not asked:
        found = stepwise(document, violations, facts, ask)
    if found is None and asked:
        found = more_of_the_same(document, violations, facts, text, ask)
    if found is None:
        return Fix(question=question(violations, asked, context.document))
    told = [placed(edit, context.document) for edit in found.edits]
    return Fix(found.document, told, editing.title(told))


def placed(edit: Edit, document: Document) -> Edit:
    """The edit with the step, stage or entry its path belongs to, so that its words say which one."""
    if not isinstance(edit, SetValue | ReplaceText) or edit.of:
        return edit
    inside = [node for node in document.nodes if edit.path.startswith((f"{node.path}.", f"{node.path}["))]
    return replace(edit, of=max(inside, key=lambda node: len(node.path)).label) if inside else edit


def candidates(text: str, context: Context) -> list[tuple[Edit, ...]]:
    """Edits to try, the likeliest first; clauses of one sentence are met together."""
    if not text:
        return [option.edits for option in from_messages(context)]
    whole = options_of(text, context)
    parts = clauses(text)
    ranked = [(option.weight, option.edits) for option in whole]
    if len(parts) > 1:
        per_part = [found for found in (options_of(part, context)[:PER_CLAUSE] for part in parts) if found]
        for combination in itertools.islice(itertools.product(*per_part), 40 if per_part else 0):
            together = tuple(dict.fromkeys(edit for option in combination for edit in option.edits))
            weight = sum(option.weight for option in combination) / len(combination) + 0.4 * (
                len(combination) - 1
            )
            ranked.append((weight, together))
    ranked.sort(key=lambda pair: (-pair[0], len(pair[1])))
    return [combined for _, combined in ranked]


def options_of(text: str, context: Context) -> list[Option]:
    local = Context(context.document, context.violations, context.facts, text)
    found = [*wishes.read(text, local), *settings.read(text, local), *converting.read(text, local)]
    return sorted((option for option in found if option.edits), key=lambda option: -option.weight)


VERBS = (
    r"add|put|set|remove|delete|drop|move|rename|use|make|raise|change|let|give|run|require|scan|"
    r"insert|lower|turn|switch|replace|tag|target"
)


def clauses(text: str) -> list[str]:
    """A request of several wishes, cut into them."""
    parts = re.split(
        rf"(?<=[.;!])\s+|,? and (?:also |then )?(?=(?:{VERBS})\b)|, (?:also |then )?(?=(?:{VERBS})\b)",
        text,
        flags=re.I,
    )
    return [part.strip() for part in parts if part and part.strip()]


def from_messages(context: Context) -> list[Option]:
    """What the objections themselves ask for, and the hints that come with them."""
    found: list[Option] = []
    for violation in context.violations:
        single = Context(context.document, [violation], context.facts, violation.fix or violation.message)
        for said in (violation.fix, violation.message):
            if said:
                found += [Option(option.edits, option.weight) for option in options_of(as_wish(said), single)]
    return sorted(found, key=lambda option: -option.weight)


def as_wish(message: str) -> str:
    """An objection turned into what would answer it: "has no Gitleaks step" → "add a Gitleaks step"."""
    text = re.sub(
        r"\b(?:has|have|with|there is|contains?) no\b|\blacks?\b|\bneeds?\b|\bis missing\b|\bwithout\b|^no\b",
        " add ",
        message,
        count=1,
        flags=re.I,
    )
    text = re.sub(
        r"\bmust not (?:use|contain|have|hold|be)\b|\buses?\b (?=the |an? )|\bis not allowed\b|\bare not "
        r"allowed\b",
        " remove ",
        text,
        flags=re.I,
    )
    text = re.sub(
        r"\blets? the executor approve\b", "the executor must not approve: switch on", text, flags=re.I
    )
    return text


def search(context: Context, tries: Sequence[tuple[Edit, ...]], ask: Asking) -> Tried | None:
    """The first candidate, in order, after which nothing is objected to."""
    best = None
    for batch in batches(context.document.value, tries, ask.batch):
        for edits, document, left in judged(batch, ask):
            if not left:
                return Tried(edits, document, [])
            if best is None or len(left) < len(best.left):
                best = Tried(edits, document, left)
    return None


def judged(
    batch: list[tuple[tuple[Edit, ...], dict[str, Any]]], ask: Asking
) -> Iterator[tuple[tuple[Edit, ...], dict[str, Any], list[Any]]]:
    for (edits, document), left in zip(batch, ask([document for _, document in batch]), strict=True):
        yield edits, document, left


def batches(
    value: dict[str, Any], tries: Sequence[tuple[Edit, ...]], size: int
) -> Iterator[list[tuple[tuple[Edit, ...], dict[str, Any]]]]:
    """The candidates applied, each result once, in groups that are evaluated together."""
    guard = Guard(value)
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


def more_of_the_same(
    document: dict[str, Any], violations: Sequence[Any], facts: Any, text: str, ask: Asking
) -> Tried | None:
    """The request met again for what is still objected to after its first, most likely meaning."""
    context = Context(Document(document, facts), violations, facts, text)
    guard = Guard(document)
    for edits in candidates(text, context)[:3]:
        current, made, left = document, (), list(violations)
        for step in (edits, *([None] * ROUNDS)):
            local = Context(Document(current, facts), left, facts, text)
            chosen = step if step is not None else next(iter(candidates(text, local)), None)
            if chosen is None:
                break
            after = guard.apply(current, chosen)
            if after is None:
                break
            current = after
            made = (*made, *chosen)
            before, left = len(left), ask([current])[0]
            if not left:
                return Tried(made, current, [])
            if step is None and len(left) >= before:
                break
    return with_messages(document, violations, facts, text, ask)


def with_messages(
    document: dict[str, Any], violations: Sequence[Any], facts: Any, text: str, ask: Asking
) -> Tried | None:
    """The request as most likely meant, and what the remaining objections themselves ask for."""
    context = Context(Document(document, facts), violations, facts, text)
    guard = Guard(document)
    for edits in candidates(text, context)[:2]:
        current = guard.apply(document, edits)
        if current is None:
            continue
        left = ask([current])[0]
        if len(left) < len(violations) or {v.message for v in left} != {v.message for v in violations}:
            rest = stepwise(current, left, facts, ask)
            if rest is not None:
                return Tried((*edits, *rest.edits), rest.document, [])
    return None


def stepwise(document: dict[str, Any], violations: Sequence[Any], facts: Any, ask: Asking) -> Tried | None:
    """Answer one objection after the other from its own words, as long as each step leaves fewer."""
    current, made, left = document, (), list(violations)
    for _ in range(len(left) + 1):
        if not left:
            return Tried(made, current, [])
        context = Context(Document(current, facts), left, facts)
        better = fewer(context, [option.edits for option in from_messages(context)], ask, len(left))
        if better is None:
            return None
        current, made, left = better.document, (*made, *better.edits), better.left
    return None


def fewer(context: Context, tries: Sequence[tuple[Edit, ...]], ask: Asking, than: int) -> Tried | None:
    for batch in batches(context.document.value, tries, ask.batch):
        for edits, document, left in judged(batch, ask):
            if len(left) < than:
                return Tried(edits, document, left)
    return None


def question(violations: Sequence[Any], asked: bool, document: Document) -> str:
    """What the person has to say or do, when no proved fix was found."""
    said = "; ".join(dict.fromkeys(violation.message for violation in violations))
    if any(NOT_OF_THE_DOCUMENT.search(violation.message) for violation in violations):
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
