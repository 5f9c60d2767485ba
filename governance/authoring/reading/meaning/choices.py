"""Where English leaves open what belongs to what: a meaning that keeps both readings until one is chosen.

A grammar rule that could be meant in two ways of the same weight gives one meaning with a `Fork` in
it. Building the rule asks the `Choices` which way to go and so learns which forks there are. Readings
of less weight are no forks: there the order of the grammar decides.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from governance.authoring.reading.meaning.typed import At, Pred
    from governance.authoring.reading.words.tokens import Token
    from governance.authoring.rule import Condition


@dataclass(frozen=True, eq=False)
class Fork:
    """One place with two readings, `first` the likelier one. Places count characters of the request;
    the texts may hold {said}, which is what stands there."""

    asks: str
    first: str
    second: str
    start: int
    end: int

    def said(self, text: str) -> str:
        """The part of the request it is about."""
        return " ".join(text[self.start : self.end].split())

    def between(self, first: Pred, second: Pred) -> Pred:
        """The meaning that is `first` or `second`, as is chosen."""

        def pred(at: At) -> Condition:
            return (second if at.choices.second(self) else first)(at)

        return pred


class Choices:
    """Which forks go the second way; remembers the forks that were met."""

    def __init__(self, second: Collection[Fork] = ()) -> None:
        self._second = frozenset(second)
        self.met: list[Fork] = []

    def second(self, fork: Fork) -> bool:
        if fork not in self.met:
            self.met.append(fork)
        return fork in self._second


def fork_at(tokens: list[Token], i: int, j: int, asks: str, first: str, second: str) -> Fork:
    """A fork over the tokens from i to j."""
    return Fork(asks, first, second, start=tokens[i].start, end=tokens[j - 1].end)
