"""English to Rule with no model: says what it understood, asks what it did not."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from pydantic import ValidationError

from governance.authoring import rule as r
from governance.authoring.codes import with_codes
from governance.authoring.facts import Facts
from governance.authoring.fields import KINDS
from governance.authoring.reading.base import TooMuch, bounded
from governance.authoring.reading.meaning.choices import Choices
from governance.authoring.reading.meaning.nesting import chain
from governance.authoring.reading.meaning.statements import Statement, clause_of, moved_inside
from governance.authoring.reading.meaning.typed import At, Kind, Misread, Pred, all_of
from governance.authoring.reading.request import doubts
from governance.authoring.reading.request.fitting import fitted
from governance.authoring.reading.request.preparing import Sentence
from governance.authoring.reading.request.whole import Reading, Requests
from governance.authoring.reading.values.predicates import on_document
from governance.authoring.readings import Option, Taken, TooManyReadings, Undecided, settle
from governance.authoring.remedies import remedy
from governance.authoring.rule import Rule
from governance.authoring.wording import exception_text

LONGEST_REQUEST = 4000


@dataclass(frozen=True)
class Phrase:
    """A part of the request and what it was read as; positions count characters."""

    text: str
    meaning: str
    start: int
    end: int


@dataclass(frozen=True)
class Chosen:
    """What a person chose where the request could be read in two ways; positions count characters."""

    said: str
    label: str
    key: str
    start: int
    end: int


@dataclass(frozen=True)
class Draft:
    """A request that was read completely."""

    rule: Rule
    reading: tuple[Phrase, ...]
    chosen: tuple[Chosen, ...] = ()


@dataclass(frozen=True)
class Question:
    """What has to be said before there can be a rule.

    options  the ways to read the request, where it is one of them that has to be chosen
    chosen   what was chosen before this question came up
    agreed   of `tried` documents the options decide so many alike
    """

    asks: str
    understood: tuple[Phrase, ...] = ()
    options: tuple[Option, ...] = ()
    chosen: tuple[Chosen, ...] = ()
    agreed: int = 0
    tried: int = 0
    said: str = ""  # the part of the request that has two readings


@dataclass(frozen=True)
class Refusal:
    """A request that no policy can answer."""

    reason: str
    understood: tuple[Phrase, ...] = ()


Planned = Draft | Question | Refusal

# Control characters, what turns the direction of reading, and halves of characters.
UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


# How many groups a question names.
MOST_NAMED = 12


def plan(text: str, facts: Facts | Mapping[str, Any], chosen: Sequence[str] = ()) -> Planned:
    """Read a request against the facts of an installation.

    chosen  keys of the options a person took, in the order the questions came
    """
    known = facts if isinstance(facts, Facts) else Facts.from_world(facts)
    if not text.strip():
        return Question("What should the policy require or forbid?")
    if len(text) > LONGEST_REQUEST:
        return Refusal(f"The request has {len(text)} characters; at most {LONGEST_REQUEST} are read.")
    if unseen := UNSEEN.search(text):
        return Refusal(
            f"The request holds the character U+{ord(unseen.group()):04X}, which nobody sees; type it again"
            " without it."
        )
    reader = Requests(known)
    try:
        with bounded():
            readings = reader.read(text)
    except (TooMuch, RecursionError):
        return Refusal(
            "The request can be read in too many ways. Say it in shorter sentences and shorter lists."
        )
    sentences = reader.sentences(text)
    for reading in readings:
        if reading.stuck is not None:
            break
        try:
            found = settle(
                text,
                partial(_rule_of, reading, text),
                lambda rule: doubts.about(rule, sentences),
                chosen,
            )
        except (Misread, ValidationError):
            continue
        except TooManyReadings as problem:
            return Question(
                f"The request can be read in many ways: {problem}. Please say it in shorter sentences."
            )
        if isinstance(found, Undecided):
            return _which(found, text, _phrases(reading, text, found.options[0].rule))
        if found is None:
            continue
        doubt = doubts.about(found.rule, sentences)
        if doubt:
            return Question(doubt, _phrases(reading, text, found.rule))
        told = (*_phrases(reading, text, found.rule), *_spelling(sentences))
        return Draft(found.rule, told, _chosen(found.taken, text))
    return _question(readings, text, known)


def _which(found: Undecided, text: str, understood: tuple[Phrase, ...]) -> Question:
    """The question between two readings."""
    asks = found.fork.asks.replace("{said}", found.fork.said(text))
    return Question(asks, understood, found.options, _chosen(found.taken, text),
                    found.difference.agreed, found.difference.tried, found.fork.said(text))  # fmt: skip


def _chosen(taken: tuple[Taken, ...], text: str) -> tuple[Chosen, ...]:
    return tuple(
        Chosen(t.fork.said(text), t.option.label, t.option.key, t.fork.start, t.fork.end) for t in taken
    )


def _rule_of(reading: Reading, text: str, choices: Choices | None = None) -> Rule | None:
    """The rule a complete reading stands for; None where it demands nothing."""
    kept: list[Statement] = []
    for statement in reading.statements:
        if statement.permits:
            kept = _with_permission(kept, statement)
        else:
            kept.append(statement)
    if not kept:
        return None
    clauses = tuple(fitted(_clause(s, text, choices or Choices())) for s in kept)
    rule = Rule(entity=reading.entity, event=_event(reading.entity, clauses),
                title=_title(text), clauses=clauses)  # fmt: skip
    return with_codes(rule)


def _with_permission(kept: list[Statement], permission: Statement) -> list[Statement]:
    """What a sentence allows becomes an exception of the statement about the same things."""
    subject = permission.subject
    for n in range(len(kept) - 1, -1, -1):
        if kept[n].subject.kind.name == subject.kind.name and (not subject.plain or permission.where):
            kept[n] = replace(kept[n], unless=(*kept[n].unless, _allowed(permission)))
            return kept
    narrow = not subject.plain or permission.where
    if narrow and subject.kind.spec is None:  # what holds for a document holds for all that is in it
        return [replace(s, unless=(*s.unless, on_document(_allowed(permission)))) for s in kept]
    steps = [n for n, s in enumerate(kept) if s.subject.kind.element == "step"]
    if narrow and subject.kind.element == "stage" and steps:  # a stage that is exempt exempts its steps
        last = kept[steps[-1]]
        kept[steps[-1]] = replace(last, unless=(*last.unless, _allowed(permission, of_stage=True)))
    return kept


def _allowed(permission: Statement, of_stage: bool = False) -> Pred:
    def holds(at: At) -> r.Condition:
        here = at.parent_stage(permission.subject.kind) if of_stage else at
        return all_of([permission.subject.holds(here), *(p(here) for p in permission.where)])

    return holds


def _clause(statement: Statement, text: str, choices: Choices) -> r.Clause:
    sentence = " ".join(text[statement.start : statement.end].split()) or text
    shown = _without_opening(sentence.replace("{", "(").replace("}", ")").strip().rstrip("."))
    try:
        clause = clause_of(statement, _message(statement, shown), choices=choices)
    except Misread:
        if not statement.subject.via:
            raise
        moved = moved_inside(statement)
        clause = clause_of(moved, _message(moved, shown), choices=choices)
    return clause.model_copy(update={"fix": remedy(statement.subject.kind.entity.name, clause)})


# How people begin a request; the person who is refused needs the rule, not the asking.
OPENING = re.compile(
    r"^(?:please\s+|pls\s+)?(?:(?:create|write|make|add|draft|build)\s+(?:me\s+)?(?:a|an|the)?\s*(?:policy|rule)\s+(?:that|which|so that)\s+"
    r"|(?:make\s+sure|ensure)\s+(?:that\s+)?|(?:we|i)\s+(?:want|need|would like)\s+(?:a\s+(?:policy|rule)\s+(?:that|which)\s+)?)",
    re.IGNORECASE,
)


def _without_opening(sentence: str) -> str:
    rest = OPENING.sub("", sentence, count=1)
    return rest[:1].upper() + rest[1:] if rest else sentence


def _message(statement: Statement, shown: str) -> str:
    kind = statement.subject.kind
    root = Kind(kind.entity)
    way = chain(root, kind) or ()
    if not way:
        return f"The {kind.entity.label} breaks this rule: {shown}"
    name = At("document", root).bind(Kind(kind.entity, way[0])).ref
    return f"{{{name}}} breaks this rule: {shown}"


def _event(entity: str, clauses: tuple[r.Clause, ...]) -> str:
    """On run where people or times decide and the kind of entity knows that event."""
    events = KINDS[entity].events
    dump = "".join(c.model_dump_json() for c in clauses)
    if "onrun" in events and '"during"' in dump:
        return "onrun"
    if "onsync" in events and '"during"' in dump:
        return "onsync"
    return "onsave" if "onsave" in events else events[0]


def _title(text: str) -> str:
    first = re.split(r"(?<=[.!?;])\s", text.strip())[0]
    return first if len(first) <= 100 else first[:97].rsplit(" ", 1)[0] + "..."


def _phrases(reading: Reading, text: str, rule: Rule) -> tuple[Phrase, ...]:
    """Each sentence of the request with the clause it became, its exceptions apart; no word is in none of them."""
    out: list[Phrase] = []
    drafted = iter(rule.clauses)
    alone = Counter(s.start for s in reading.statements)
    for statement in reading.statements:
        part = text[statement.start : statement.end]
        if statement.permits:
            out.append(
                Phrase(part, "an exception, or what the rule leaves free", statement.start, statement.end)
            )
        else:
            out += _of_clause(statement, text, rule, next(drafted), alone[statement.start] == 1)
    return tuple(out)


def _spelling(sentences: Iterable[Sentence]) -> Iterator[Phrase]:
    """What was put right: a name nobody knows may look like a slip."""
    for token in (t for sentence in sentences for t in sentence.tokens if t.typed):
        yield Phrase(token.typed, f"Read as a slip for \u201c{token.base}\u201d.", token.start, token.end)


def _of_clause(s: Statement, text: str, rule: Rule, clause: r.Clause, alone: bool) -> list[Phrase]:
    if not alone or clause.unless is None or not s.start < s.exception_at < s.end:
        return [Phrase(text[s.start : s.end], _say(rule, clause), s.start, s.end)]
    kept = text[s.start : s.exception_at].rstrip(" ,")
    excepted = text[s.exception_at : s.end].lstrip(" ,")
    return [
        Phrase(kept, _say(rule, clause.model_copy(update={"unless": None})), s.start, s.start + len(kept)),
        Phrase(excepted, f"Not {exception_text(rule, clause)}.", s.end - len(excepted), s.end),
    ]


def _say(rule: Rule, clause: r.Clause) -> str:
    from governance.authoring import wording

    return wording.clause_text(rule, clause)


def _question(readings: list[Reading], text: str, facts: Facts) -> Planned:
    """What stopped the reading that got furthest."""
    if not readings:
        return Question(
            "What is the rule about? No pipeline, stage, step, service, connector or other thing is named."
        )
    stuck = [x for x in readings if x.stuck is not None]
    if not stuck:
        return Question(
            "The parts of the request do not fit together into one rule. Please say it in one sentence."
        )
    best = max(stuck, key=lambda x: (len(x.statements), x.stuck_at, x.score))
    at = best.stuck or Sentence((), 0, len(text))
    sentence = text[at.start : at.end]
    rest = text[best.stuck_at : at.end].strip() or sentence
    understood = tuple(
        Phrase(text[s.start : s.end], f"about {KINDS[best.entity].label}", s.start, s.end)
        for s in best.statements
    )
    return Question(f'I did not understand "{rest}" in "{sentence}". What should it mean, in terms of '
                    f"fields, values, groups or times?{_known_groups(rest, facts)}", understood)  # fmt: skip


def _known_groups(rest: str, facts: Facts) -> str:
    """Which groups there are, where what was not understood speaks of one."""
    if not facts.groups or not re.search(r"\b(?:user)?\s?(?:groups?|teams?)\b", rest, re.IGNORECASE):
        return ""
    names = [group.identifier for group in facts.groups]
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return f" The groups here are {', '.join(names[:MOST_NAMED])}{more}."
