"""Self-corrections: "X, I mean Y" with Y in the place of X, and what was taken back altogether."""

from __future__ import annotations

from collections.abc import Iterator

from governance.authoring.reading.request.preparing import Sentence
from governance.authoring.reading.request.standing import phrase_at, standing_at
from governance.authoring.reading.words.function_words import CORRECTIONS, WITHDRAWN
from governance.authoring.reading.words.tokens import Token

# without one of these a correction is no sentence of its own
SAYING_MORE = frozenset(
    "must may can should shall have be need require block deny forbid refuse reject ban no not never only allow permit use".split()
)


def withdrawn(sentence: Sentence) -> bool:
    """Whether somebody took back what they had begun to say: "... scratch that"."""
    tokens = sentence.tokens
    return any(e == len(tokens) for n in range(len(tokens)) for e, _ in standing_at(tokens, n, WITHDRAWN))


def corrected(tokens: tuple[Token, ...]) -> Iterator[tuple[Token, ...]]:
    """Sentences in which somebody corrected themselves, with the correction put in place."""
    at = phrase_at(tokens, CORRECTIONS)
    if at is None:
        yield tokens
        return
    start, end = at
    while (more := phrase_at(tokens[end:], CORRECTIONS)) is not None and more[0] <= 1:
        end += more[1]
    left, right = list(tokens[:start]), list(tokens[end:])
    while left and left[-1].kind == "punct" and left[-1].text in ",-.":
        left.pop()
    while right and right[0].kind == "punct" and right[0].text in ",-:":
        right.pop(0)
    if not right:
        return
    yield from _put_right(left, right)


def _put_right(left: list[Token], right: list[Token]) -> Iterator[tuple[Token, ...]]:
    """The correction in place of what it corrects: first where the two look alike, then anywhere."""
    for end in range(len(left), 0, -1):  # "deployment stages need ..., I meant CI stages": the same noun
        start = end - len(right)
        if start >= 0 and len(right) > 1 and left[end - 1].base == right[-1].base:
            yield (*left[:start], *right, *left[end:])
    for cut in range(len(left) - 1, -1, -1):  # a number for a number, "from B" for "from A"
        same = left[cut].base == right[0].base
        if cut and left[cut - 1].base == "no" and any(t.base in SAYING_MORE for t in right[1:3]):
            continue  # "no package ..., I mean, packages must": a sentence of its own
        if same or (left[cut].kind == right[0].kind and right[0].kind in ("number", "literal")):
            yield (*left[:cut], *right)
    if right[0].article or any(t.base in ("least", "most", "more") for t in right[:2]):
        for cut in range(len(left), 0, -1):  # "must have a tag ..., I mean a description": another object
            if left[cut - 1].base in ("have", "need", "require", "contain", "use", "define"):
                yield (*left[:cut], *right)
    if any(t.base in SAYING_MORE for t in right):
        yield tuple(right)
    for cut in range(len(left), 0, -1):
        yield (*left[:cut], *right)
