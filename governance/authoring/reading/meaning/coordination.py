"""Parts joined by "and" and "or": which of them belong together, and what a "not" in front takes in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from governance.authoring import rule as r
from governance.authoring.reading.meaning.choices import fork_at
from governance.authoring.reading.meaning.typed import At, Pred, both, either, negated
from governance.authoring.reading.words.tokens import Token

Word = Literal["and", "or"]
MARKS = frozenset({"together", "simultaneously", "both", "time", "once", "combine", "combined"})


@dataclass(frozen=True)
class Part:
    """One part of a list: how it is joined to the part in front, and where its words are."""

    pred: Pred
    start: int
    end: int
    word: Word = "and"
    comma: bool = False  # stands between the part in front and the word
    modal: bool = False  # the verb is said again: "must have A and must have B"


@dataclass(frozen=True, eq=False)
class Joined:
    """A predicate that remembers the parts it was joined from."""

    parts: tuple[Part, ...]
    whole: Pred
    clauses: bool = True  # each part has a verb of its own; False for objects of one verb

    def __call__(self, at: At) -> r.Condition:
        return self.whole(at)


def parts_of(pred: Pred, start: int, end: int) -> tuple[Part, ...]:
    """The parts a list of clauses was joined from; anything else is one part."""
    return pred.parts if isinstance(pred, Joined) and pred.clauses else (Part(pred, start, end),)


def joined(parts: tuple[Part, ...], tokens: list[Token]) -> Pred:
    """The parts as one predicate. Where "and" and "or" are mixed a comma says which is the outer one;
    without it that is left open."""
    words = {part.word for part in parts[1:]}
    if len(words) < 2:
        whole = (either if words == {"or"} else both)(*(p.pred for p in parts))
        return Joined(parts, whole)
    outer = _said_outer(parts)
    if outer is not None:
        return Joined(parts, _grouped(parts, outer)[0])
    ors, first = _grouped(parts, "or")
    ands, second = _grouped(parts, "and")
    texts = [_text(tokens, p) for p in parts]
    fork = fork_at(tokens, parts[0].start, parts[-1].end,
                   'In "{said}", what belongs together?',
                   first(texts), second(texts))  # fmt: skip
    return Joined(parts, fork.between(ors, ands))


def _said_outer(parts: tuple[Part, ...]) -> Word | None:
    """The word that always stands behind a comma while the other never does."""
    commas: dict[Word, set[bool]] = {"and": set(), "or": set()}
    for part in parts[1:]:
        commas[part.word].add(part.comma)
    if commas["and"] == {True} and commas["or"] == {False}:
        return "and"
    if commas["or"] == {True} and commas["and"] == {False}:
        return "or"
    return None


def _grouped(parts: tuple[Part, ...], outer: Word) -> tuple[Pred, Callable[[list[str]], str]]:
    """The parts with one of the words as the outer one, and how that is said."""
    groups: list[list[int]] = [[0]]
    for n, part in enumerate(parts[1:], start=1):
        if part.word == outer:
            groups.append([n])
        else:
            groups[-1].append(n)
    outside, inside = (either, both) if outer == "or" else (both, either)
    inner = "and" if outer == "or" else "or"
    pred = outside(*(inside(*(parts[n].pred for n in group)) for group in groups))

    def said(texts: list[str]) -> str:
        shown = []
        for group in groups:
            text = f" {inner} ".join(texts[n] for n in group)
            shown.append(f"({text})" if len(group) > 1 else text)
        return f" {outer} ".join(shown)

    return pred, said


def _text(tokens: list[Token], part: Part) -> str:
    return " ".join(t.text for t in tokens[part.start : part.end]).replace(" ,", ",").strip(" ,")


def refused(pred: Pred, tokens: list[Token], i: int) -> Pred:
    """What "must not" makes of a list joined by "and": none of them, or not all of them at once."""
    parts = pred.parts if isinstance(pred, Joined) else ()
    all_and = len(parts) > 1 and all(part.word == "and" for part in parts[1:])
    if not all_and:
        return negated(pred)
    bounded = [_bounds_itself(tokens, part) for part in parts]
    if any(bounded[1:]):  # must not have any A and no more than ten B
        return both(*(p.pred if own else negated(p.pred) for p, own in zip(parts, bounded, strict=True)))
    if any(t.base in MARKS for t in tokens[i : parts[-1].end + 3]):
        return negated(pred)
    texts = list(dict.fromkeys(_text(tokens, part) for part in parts))
    fork = fork_at(tokens, i, parts[-1].end, 'Does "not" forbid each of "{said}", or only all of them at once?',
                   f"None of them: neither {' nor '.join(texts)}" if len(texts) > 1 else "None of them",
                   f"Not all at once: {' and '.join(texts)} together are forbidden, one alone is not")  # fmt: skip
    every = both(*(p.pred for p in parts))
    return fork.between(negated(either(*(p.pred for p in parts))), negated(every))


def _bounds_itself(tokens: list[Token], part: Part) -> bool:
    """No more than ten, at most two: a bound of its own, which a "not" in front does not turn round."""
    said = [t.base for t in tokens[part.start : part.start + 3]]
    return said[:2] == ["at", "most"] or said in (["no", "more", "than"], ["not", "more", "than"])


def lacking(lacks: tuple[Pred, ...], word: Word, tokens: list[Token], i: int, j: int) -> Pred:
    """Without A or B: what lacks one of them. Without A and B: that, or what lacks both."""
    one = either(*lacks)
    both_said = any(t.base == "both" for t in tokens[max(i - 2, 0) : j])
    if word == "or" or len(lacks) < 2 or both_said:
        return one
    fork = fork_at(tokens, i, j, 'Does "without {said}" mean that both are missing, or that one of them is?',
                   "One of them is missing", "Both are missing")  # fmt: skip
    return fork.between(one, both(*lacks))


def without_any(pred: Pred, tokens: list[Token], i: int) -> Pred:
    """What "has no A or B" means: neither. Where that is what is looked for, not what is asked for,
    a single one that is missing may be meant as well."""
    neither = negated(pred)
    if not isinstance(pred, Joined):
        return neither
    one = either(*(negated(p.pred) for p in pred.parts))
    fork = fork_at(tokens, i, pred.parts[-1].end, 'Does "{said}" mean that all of it is missing, or one of it?',
                   "All of it is missing", "At least one of it is missing")  # fmt: skip
    opened = fork.between(neither, one)
    return lambda at: (neither if at.asked else opened)(at)


def same_word(parts: tuple[Part, ...]) -> Pred:
    """Objects of one verb; all are joined by the same word."""
    combine = either if parts[-1].word == "or" else both
    return Joined(parts, combine(*(p.pred for p in parts)), clauses=False)
