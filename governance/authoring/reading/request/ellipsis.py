"""The verb left out: what the second part of a sentence takes over from the first."""

from __future__ import annotations

from governance.authoring.reading.words.tokens import Token

VERBS = ("may", "must", "can", "should", "be", "need", "have", "require")
VALUE_OF = ("of", "for", "on", "in")
HIGH = frozenset("most less under below up maximum".split())
LOW = frozenset("least more over above exceed minimum".split())
BEFORE_VALUE = frozenset(
    "not no under over above below for at to of by most least up in on from with through than more less only".split()
)


def filled_gap(left: tuple[Token, ...], right: tuple[Token, ...]) -> tuple[Token, ...] | None:
    """Y for 7 days, all others in X, after Z must be valid for 30 days: the verb of the first is taken over."""
    modal = next((n for n, t in enumerate(left) if t.base in VERBS), 0)
    kind = "number" if any(t.kind == "number" for t in right) else "literal"
    first = next((n for n, t in enumerate(left) if n > modal and t.kind == kind), 0)
    named = sum(t.kind == kind for t in left[:modal])  # "for prod_eu" belongs to what is spoken of
    places = [n for n, t in enumerate(right) if t.kind == kind]
    second = places[named] if named < len(places) else 0
    if not (first and modal and second) or any(t.base in VERBS for t in right):
        return None
    subject = list(right[:second])
    bound: list[Token] = []
    while subject and (subject[-1].base in BEFORE_VALUE or subject[-1].text in ":,"):
        bound.insert(0, subject.pop())
    verb = left[modal:first]
    sides = _upper(verb), _upper(tuple(bound))
    if None not in sides and sides[0] != sides[1]:  # A at least 2, B at most 5: each has a bound of its own
        while verb and verb[-1].base in BEFORE_VALUE:
            verb = verb[:-1]
        own = tuple(t for t in bound if t.text not in ":,")
        verb = (*(t for t in verb if t.base != "not"), *own)
    while subject and first > modal and subject[-1].base == left[first - 1].base:
        subject.pop()
    of = next((n for n, t in enumerate(left[:modal]) if t.base in VALUE_OF), 0)
    if of and len(subject) > 1 and subject[0].base in VALUE_OF:  # the timeout of X must be 1d, for Y 2h
        subject = [*left[: of + 1], *subject[1:]]
    tail = left[first + 1 :]
    after = right[second + 1 :]
    return (*subject, *verb, right[second], *(after or tail))


def _upper(words: tuple[Token, ...]) -> bool | None:
    """Whether a bound is one from above; None where no bound is said."""
    said = {t.base for t in words}
    high, low = bool(said & HIGH), bool(said & LOW)
    return None if high == low else high != bool(said & {"not", "no"})
