"""What stands in front of a sentence: conditions, times, places and exceptions, read before the subject is known."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from governance.authoring.reading.meaning.adjuncts import Adjuncts
from governance.authoring.reading.meaning.relations import has
from governance.authoring.reading.meaning.typed import Pred, Things
from governance.authoring.reading.sentences.scopes import Scopes
from governance.authoring.reading.values.predicates import on_document


class Fronts(Scopes):
    """Grammar of what stands in front."""

    def _front(self, i: int) -> Iterator[tuple[int, tuple[tuple[str, object], ...]]]:
        """Conditions, times and places in front of the core, as (kind, start) still to be read."""
        yield i, ()
        for words, what in (
            ("if|when|whenever|where|as soon as|as long as|once|in case|should", "if"),
            ("unless|except if|except when", "unless"),
        ):
            for j in self.says(i, words):
                for k, found in self.condition(j, None):
                    m = self.skip(k + 1 if self.is_punct(k, ",") else k, "then|,")
                    yield m, ((what, (j, k, found)),)
        for j in self.says(i, "except for|apart from|other than|besides|with exception of|aside from"):
            for k, pred in self.who(j):
                yield k + 1 if self.is_punct(k, ",") else k, (("but", pred),)
        for j in self.says(i, "except in|except for|except on|except|outside of|outside|other than in|apart from in|apart from"
                              "|with exception of|aside from|excluding|besides"):  # fmt: skip
            for k, thing in self.things(j):
                yield k + 1 if self.is_punct(k, ",:") else k, (("not in", thing),)
        for j, pred in self.windows(i):
            yield j + 1 if self.is_punct(j, ",") else j, (("where", pred),)
        for j in self.says(i, "in|for|within|on|across|inside|with|at|after"):
            for k, thing in self.things(j):
                m = k + 1 if self.is_punct(k, ",:") else k
                yield m, (("in", thing),)
            for k, pred in self.scope(j):
                m = k + 1 if self.is_punct(k, ",:") else k
                yield m, (("where", pred),)
            for k, there in self._in_environment(j, Things(self.kind("document"))):
                k = self.skip(k, "environment")  # in production, overrides must ...
                yield k + 1 if self.is_punct(k, ",:") else k, (("where", on_document(there.holds)),)

    def _front_for(self, front: tuple[tuple[str, object], ...], subject: Things) -> Adjuncts | None:
        """The front adjuncts as conditions on the subject; None where they do not fit it."""
        out = Adjuncts()
        for what, payload in front:
            if what == "but":
                out = out.plus(Adjuncts(unless=(payload,)))  # type: ignore[arg-type]
            elif what == "where":
                out = out.plus(Adjuncts(where=(payload,)))  # type: ignore[arg-type]
            elif what == "not in":
                left_out = self._belonging(subject, payload)  # type: ignore[arg-type]
                if left_out is None:
                    return None
                out = out.plus(Adjuncts(unless=(left_out,)))
            elif what == "in":
                thing: Things = payload  # type: ignore[assignment]
                pred = self._belongs(subject.kind, thing)
                if thing.kind.name == subject.kind.name:
                    pred = thing.holds
                elif pred is None and thing.kind.spec is not None and subject.kind.spec is None:
                    pred = has(thing, self.facts)
                if pred is None:
                    return None
                together = thing.kind.element == "stage" and subject.kind.element == "step"
                out = out.plus(
                    Adjuncts(
                        where=() if thing.plain and thing.kind.spec is None else (pred,), same_stage=together
                    )
                )
            else:
                start, end, _ = cast("tuple[int, int, object]", payload)
                again = self._reread(start, end, subject)
                if again is None:
                    return None
                out = out.plus(
                    Adjuncts(where=(again[0],), via=again[1])
                    if what == "if"
                    else Adjuncts(unless=(again[0],))
                )
        return out

    def _belonging(self, subject: Things, place: Things) -> Pred | None:
        """What it means for the subject to be one of these things, or inside one."""
        if place.kind.name == subject.kind.name:
            return place.holds
        return self._belongs(subject.kind, place) if not self.anywhere(place) else None

    def _reread(self, start: int, end: int, subject: Things) -> tuple[Pred, tuple[Things, ...]] | None:
        """A condition in front once more, now that the subject is known."""
        found = [*self.condition(start, subject), *self.condition(start, None)]
        return next((meaning for k, meaning in found if k == end), None)
