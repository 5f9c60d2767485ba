"""Where stages and steps come: before and after others, first and last, beside each other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from governance.authoring.reading.meaning.relations import has
from governance.authoring.reading.meaning.typed import Kind, Pred, Things
from governance.authoring.reading.nouns.abreast import ALONGSIDE, beside
from governance.authoring.reading.nouns.ordinals import starting
from governance.authoring.reading.verbs.fields import FieldVerbs


class OrderVerbs(FieldVerbs):
    """Grammar of order."""

    def _beside(self, i: int, kind: Kind) -> Iterator[tuple[int, tuple[Pred, tuple[Things, ...]]]]:
        """Run in parallel with X; be inside a parallel block; run any other stage in parallel with X."""
        if kind.element == "stage":
            for j in self.says(
                i, "run|be|happen|be place|stand|sit|take place|be run|be execute|be put|go|start|be start"
            ):
                yield from ((m, (pred, ())) for m, pred in self._alongside(j, kind))
        elif kind.spec is None:
            for j in self.says(i, "run|execute|start|have|place|put|contain"):
                for k, first in self.things(j):
                    if first.kind.element != "stage" or first.how_many:
                        continue
                    for m, pred in self._alongside(k, first.kind):
                        placed = first.narrowed(pred)
                        yield m, (has(placed, self.facts), (placed,))

    def _alongside(self, j: int, kind: Kind) -> Iterator[tuple[int, Pred]]:
        for k in self.says(j, ALONGSIDE):
            for m in self.says(k, "with|to|as|alongside|next to|beside"):
                for n, other in self.things(m):
                    if other.kind.element == "stage" and not other.none:
                        yield n, beside(kind, replace(other, how_many=()))
            told = j > 1 and self.tokens[j - 2].base in ("that", "which")  # stages that run in parallel
            if told or any(w in t.words for t in self.tokens[j:k] for w in ("block", "group")):
                yield k, beside(kind, None)

    def _edge_verb(self, i: int, kind: Kind) -> Iterator[tuple[int, tuple[Pred, tuple[Things, ...]]]]:
        """Start with a CI stage, end with a Verify step."""
        for words, last in (("start with|begin with|open with|start off with", False),
                            ("end with|finish with|close with|end in", True)):  # fmt: skip
            for j in self.says(i, words):
                for k, thing in self._one(j):
                    inside = thing.kind.element == "stage" if kind.spec is None else kind.element == "stage"
                    if thing.kind.element not in ("stage", "step") or thing.none or thing.how_many:
                        continue
                    if inside or (kind.spec is None and thing.kind.element == "step"):
                        yield k, (starting(thing, last), (thing,))

    def _order_verb(self, i: int, kind: Kind) -> Iterator[tuple[int, tuple[Pred, tuple[Things, ...]]]]:
        if kind.element not in ("step", "stage"):
            return
        for j in self.says(i, "run|come|be|happen|be finish|finish|take place|follow|occur|stand|go|be run|be execute"
                              "|be place|be put|sit|have to come|complete|be do|be deploy|be release|be roll out"):  # fmt: skip
            j = self.skip(j, "in stage slot|somewhere|always")
            for words, order in (("directly before|immediately before|right before|right in front of|directly in front of"
                                  "|immediately in front of", "directly_after"),
                                 ("before|in an earlier stage than|earlier than|in front of|ahead of|prior to"
                                  "|in earlier stage than", "after"),
                                 ("directly after|right after|immediately after|directly behind", "directly_before"),
                                 ("after|in a later stage than|later than|behind|in later stage than", "before")):  # fmt: skip
                for k in self.says(j, words):
                    for m, thing in self.things(k):
                        if thing.kind.element in ("step", "stage"):
                            for n in self.says(m, "in same stage|within same stage|of same stage"):
                                close = replace(thing, order=order + "+same_stage")
                                yield n, (has(close, self.facts), (close,))
                            placed = replace(thing, order=order)
                            yield m, (has(placed, self.facts), (placed,))
        for words, order in (("directly follow|immediately follow", "directly_before"), ("follow", "before"),
                             ("be follow by|be follow up by|be follow with", "after"), ("be precede by", "before"),
                             ("be directly follow by|be immediately follow by", "directly_after"),
                             ("be directly precede by|be immediately precede by", "directly_before")):  # fmt: skip
            for j in self.says(i, words):
                for m, thing in self.things(j):
                    if thing.kind.element in ("step", "stage"):
                        for n in self.says(m, "in same stage|within same stage|of same stage"):
                            placed = replace(thing, order=order + "+same_stage")
                            yield n, (has(placed, self.facts), (placed,))
                        placed = replace(thing, order=order)
                        yield m, (has(placed, self.facts), (placed,))
