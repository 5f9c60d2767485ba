"""Values beside each other: unique names, the same value for two fields, no two things alike."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from governance.authoring.reading.meaning.statements import Statement
from governance.authoring.reading.meaning.typed import Prop, Things
from governance.authoring.reading.nouns.abreast import unlike_others
from governance.authoring.reading.sentences.value_subjects import ValueSubjects
from governance.authoring.reading.words.sentences import MODALS


class Uniqueness(ValueSubjects):
    """Grammar of values that must differ or agree."""

    def _unique(self, j: int, thing: Things, prop: Prop) -> Iterator[tuple[int, tuple[Statement, ...]]]:
        """Stage names must be unique within a pipeline."""
        modal = self.skip(j, MODALS)
        ends = list(self.says(modal, "be unique|be all different|be distinct|be different from each other"))
        not_ = self.skip(modal, "not|never")
        ends += (
            self.says(
                not_,
                "repeat|be repeat|be duplicate|occur twice|be use twice|appear twice|be reuse|be the same",
            )
            if not_ > modal
            else []
        )
        for k in ends:
            for m, in_stage in self._among(k):
                yield m, (Statement(thing, unlike_others(prop, in_stage)),)

    def _same_values(self, i: int) -> Iterator[tuple[int, tuple[Statement, ...]]]:
        """Template names and identifiers must be identical."""
        for j, thing in self.bare(i):
            for k, first in self.field(j, thing.kind):
                for m in self.says(k, "and"):
                    for n, pred in self._other_field(m, first):
                        for p in self.says(
                            self.skip(n, MODALS),
                            "be identical|be same|be equal|match|coincide|agree|be one and same",
                        ):
                            if self.skip(n, MODALS) > n:
                                yield p, (Statement(thing, pred),)
        yield from self._same_values_of(i)

    def _same_values_of(self, i: int) -> Iterator[tuple[int, tuple[Statement, ...]]]:
        """Namespace and release name of an infrastructure must be the same: the thing stands behind its values."""
        for kind in self._all_kinds():
            for j, first in self.field(i, kind):
                for k in self.says(j, "and"):
                    for m, pred in self._other_field(k, first):
                        for n in self.says(m, "of|in|on"):
                            for p, thing in self.things(n):
                                modal = self.skip(p, MODALS)
                                ends = self.says(
                                    modal,
                                    "be identical|be same|be equal|match|coincide|agree|be one and same",
                                )
                                if thing.kind.name == kind.name and not thing.none and modal > p:
                                    yield from (
                                        (q, (Statement(replace(thing, how_many=()), pred),)) for q in ends
                                    )

    def _no_two(self, i: int) -> Iterator[tuple[int, tuple[Statement, ...]]]:
        """No two stages may have the same name."""
        for j in self.says(i, "no two|not two|never two"):
            for k, thing in self.bare(j):
                for m in self.says(
                    self.skip(k, MODALS), "have same|share same|share|use same|carry same|be call same"
                ):
                    for n, prop in self.field(m, thing.kind):
                        for p, in_stage in self._among(n):
                            yield p, (Statement(thing, unlike_others(prop, in_stage)),)

    def _among(self, k: int) -> Iterator[tuple[int, bool]]:
        """Where something is unique: in the pipeline, or in a stage."""
        for m in self.says(k, "in|within|inside|per|across|for|throughout"):
            for n, place in self.things(m):
                if place.plain and place.kind.spec is None:
                    yield n, False
                if place.plain and place.kind.element == "stage" and self.tokens[m - 1].base != "across":
                    yield n, True
        yield k, False
