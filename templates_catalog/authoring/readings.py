"""The ways a request for a repair can be meant: its clauses read one by one and met together, the likeliest first."""

from __future__ import annotations

import itertools
import re

from templates_catalog.authoring import (
    converting,
    intent,
    locating,
    names,
    objections,
    scanning,
    settings,
    wishes,
)
from templates_catalog.authoring import edits as editing
from templates_catalog.authoring.context import Context, Option
from templates_catalog.authoring.edits import Edit

PER_CLAUSE = 8


def candidates(text: str, context: Context) -> list[tuple[Edit, ...]]:
    """Edits to try, the likeliest first; clauses of one sentence are met together."""
    if not text:
        return [option.edits for option in objections.options(context, options_of)]
    ranked = [(option.weight, option.edits) for option in options_of(text, context)]
    per_part = [found[:PER_CLAUSE] for found in by_clause(text, context)]
    if len(per_part) > 1:
        for combination in itertools.islice(itertools.product(*per_part), 40):
            together = editing.in_safe_order(edit for option in combination for edit in option.edits)
            weight = sum(option.weight for option in combination) / len(combination)
            if not together or editing.contradict(together):
                continue
            # All that was asked for comes before a part of it that happens to pass.
            ranked.append((weight + 0.8 * (len(combination) - 1), together))
    if len(per_part) == 1 and all(DENIAL.match(part) or by_part for part, by_part in told(text, context)):
        # "No scan! The security team approves": what is denied asks for nothing.
        ranked += [(option.weight, option.edits) for option in per_part[0]]
    ranked.sort(key=lambda pair: (-pair[0], len(pair[1])))
    return [combined for _, combined in ranked if intent.keeps_to(text, combined, context)]


DENIAL = re.compile(r"\W*(?:please )?(?:no|not|without|don't|do not)\b", re.I)


def told(text: str, context: Context) -> list[tuple[str, bool]]:
    """Each clause, and whether it can be meant as a change."""
    return [(clause, bool(options_of(clause, context))) for clause in intent.clauses(text)]


def by_clause(text: str, context: Context) -> list[list[Option]]:
    """The options of each clause that has some; a clause that has none belongs to the one before it."""
    parts: list[str] = []
    for clause in intent.clauses(text):
        if parts and (is_more_of(parts[-1], clause, context) or not options_of(clause, context)):
            parts[-1] = f"{parts[-1]} and {clause}"
        else:
            parts.append(clause)
    return [found for found in (options_of(part, context) for part in parts) if found]


# "…, with a timeout of 8h" belongs to what was asked for before.
WITH_THAT = re.compile(r"(?:please )?(?:use|with|take|by)\b", re.I)
WITH = re.compile(r"with (?:an? |the )?(?:time ?out|message|minimum|expiry)\b", re.I)
# What an approval has beside those who give it.
OF_ITS_OWN = re.compile(r"\btime ?outs?\b|\bmessages?\b|\bexecutor\b|\bexpires?\b|\bopen for\b", re.I)


def is_more_of(before: str, clause: str, context: Context) -> bool:
    """Whether a clause only says who approves what the clause before it asks for, or names one more of them."""
    if WITH.match(clause) or (WITH_THAT.match(clause) and is_scanner_of(before, clause, context)):
        return True
    last, first = names.find(before, context.facts.groups), names.find(clause, context.facts.groups)
    if (
        last
        and first
        and last[-1][1] == len(before.rstrip())
        and re.fullmatch(r"(?:both |the |our )*", clause[: first[0][0]])
    ):
        return True
    approves = all(re.search(names.APPROVE, part, re.I) for part in (before, clause))
    return (
        approves
        and not OF_ITS_OWN.search(f"{before} {clause}")
        and not locating.stages_spoken_of(context.document, clause)
        and not intent.ADDS.search(clause)
    )


def is_scanner_of(before: str, clause: str, context: Context) -> bool:
    """ "Image scan behind the push, use Grype": the second part says by what."""
    named = scanning.scanner(clause, context)
    return bool(named and scanning.scan_category(before) and scanning.scanner(before, context) != named
                and scanning.scan_category(named + " scan " + before))  # fmt: skip


def options_of(text: str, context: Context) -> list[Option]:
    if text not in context.read:
        local = context.of(text)
        found = [*wishes.read(text, local), *settings.read(text, local), *converting.read(text, local)]
        options = [option for option in found if option.edits]
        context.read[text] = sorted(options, key=lambda option: -option.weight)
    known: list[Option] = context.read[text]
    return known
