"""The parser's ground: positions in a token list, phrases of function words, memory of what failed.

A grammar rule is a method that yields `(next position, meaning)` for every way it can read the
tokens at a position. A sentence is understood only when some reading reaches its end, so that no
word can be dropped silently.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

from governance.authoring.facts import Facts
from governance.authoring.reading.meaning.lexicon import Lexicon, Sense
from governance.authoring.reading.meaning.typed import Misread, Prop
from governance.authoring.reading.words.keys import key
from governance.authoring.reading.words.tokens import Token

T = TypeVar("T")
MOST_READINGS = 40
_LONGEST_PHRASE = 9
# Looks at a word that one request may take: a list repeated without end has readings without end.
MOST_LOOKS = 400_000


class TooMuch(Exception):
    """The request has more readings than are tried."""


class _Looks:
    """How many a request may still take, in all its sentences and for all kinds of entities."""

    def __init__(self, left: int) -> None:
        self.left = left


_looks: ContextVar[_Looks | None] = ContextVar("looks", default=None)


@contextmanager
def bounded() -> Iterator[None]:
    """Reading inside takes so many looks at most; then TooMuch is raised."""
    token = _looks.set(_Looks(MOST_LOOKS))
    try:
        yield
    finally:
        _looks.reset(token)


def rule(method: Callable[..., Iterable[tuple[int, Any]]]) -> Callable[..., list[tuple[int, Any]]]:
    """Remember what a grammar rule found at a position; a rule that meets itself finds nothing."""

    @functools.wraps(method)
    def remembered(self: Base, i: int, *args: Any) -> list[tuple[int, Any]]:
        mark = (method.__name__, i, args)
        if mark in self.memory:
            return self.memory[mark]
        if i > self.furthest:
            self.furthest = i
        self.memory[mark] = []
        found: list[tuple[int, Any]] = []
        try:
            for reading in method(self, i, *args):
                found.append(reading)
                if len(found) >= MOST_READINGS:
                    break
        except Misread:  # its parts do not fit together: what was found before stays
            pass
        self.memory[mark] = found
        return found

    return remembered


@functools.lru_cache(maxsize=4096)
def phrases(alternatives: str) -> dict[str, tuple[tuple[str, ...], ...]]:
    """Phrases by their first word, longest first."""
    found: dict[str, set[tuple[str, ...]]] = {}
    for words in map(key, alternatives.split("|")):
        if words:
            found.setdefault(words[0], set()).add(words)
    return {first: tuple(sorted(several, key=len, reverse=True)) for first, several in found.items()}


class Base:
    """Tokens of one sentence with the words of one entity and one installation."""

    def __init__(self, tokens: list[Token], lexicon: Lexicon, names: Lexicon, facts: Facts,
                 entity: str) -> None:  # fmt: skip
        self.tokens, self.lexicon, self.names, self.facts = tokens, lexicon, names, facts
        self.entity = entity
        self.memory: dict[Any, list[tuple[int, Any]]] = {}
        self.furthest = 0
        self.props: dict[tuple[str, str], Prop] = {}
        self.size = len(tokens)
        self._ahead = [self._words_from(i) for i in range(self.size)]
        self._looks = _looks.get() or _Looks(MOST_LOOKS)

    def _words_from(self, i: int) -> tuple[list[str], dict[int, int]]:
        words: list[str] = []
        ends: dict[int, int] = {}  # number of words -> token position after them
        for j in range(i, min(self.size, i + _LONGEST_PHRASE)):
            token = self.tokens[j]
            if token.text == "'s":
                if words:
                    ends[len(words)] = j
                continue
            words += [token.base] if token.quoted else token.words
            ends[len(words)] = j + 1
        return words, ends

    def token(self, i: int) -> Token | None:
        return self.tokens[i] if 0 <= i < self.size else None

    def says(self, i: int, alternatives: str) -> list[int]:
        """Positions after each of the phrases that stands here, longest first."""
        self._looks.left -= 1
        if self._looks.left < 0:
            raise TooMuch
        if i >= self.size:
            return []
        words, ends = self._ahead[i]
        known = phrases(alternatives).get(words[0]) if words and not self.tokens[i].quoted else None
        if known is None:
            return []
        out = []
        for phrase in known:
            n = len(phrase)
            if n in ends and tuple(words[:n]) == phrase:
                out.append(ends[n])
        if out and max(out) > self.furthest:
            self.furthest = max(out)
        return out

    def skip(self, i: int, alternatives: str) -> int:
        """The position after the longest of the phrases, or `i` where none stands."""
        found = self.says(i, alternatives)
        return found[0] if found else i

    def skip_all(self, i: int, alternatives: str) -> int:
        while (j := self.skip(i, alternatives)) != i:
            i = j
        return i

    def senses(self, i: int, category: str, names: bool = False) -> Iterator[tuple[int, Sense]]:
        """Readings of the words here as something of the vocabulary, longest first."""
        if i >= self.size:
            return
        words, ends = self._ahead[i]
        for sense in (self.names if names else self.lexicon).at(words, category):
            end = ends.get(len(sense.words))
            if end is not None:
                yield end, sense

    def text(self, i: int, j: int) -> str:
        """The tokens from i to j as plain text, for messages."""
        out = ""
        for token in self.tokens[i:j]:
            glue = "" if token.text in (",", ".", ":", ";", ")", "'s") or not out else " "
            out += glue + token.text
        return out

    def is_punct(self, i: int, signs: str) -> bool:
        token = self.token(i)
        return token is not None and token.kind == "punct" and token.text in signs
