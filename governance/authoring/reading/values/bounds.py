"""Bounds of a value: limits in numbers and lengths, and those another field sets."""

from __future__ import annotations

from collections.abc import Iterator

from governance.authoring import rule as r
from governance.authoring.fields import FieldSpec
from governance.authoring.reading.meaning.typed import At, Kind, Pred, Prop, both, either
from governance.authoring.reading.values.amounts import BEFORE, Comparison
from governance.authoring.reading.values.naming import Naming
from governance.authoring.reading.values.value_tests import compare, fits, tested_by
from governance.authoring.reading.words.values import LONG

LIMITS: tuple[tuple[str, r.Op], ...] = (
    (
        "longer than|greater than|more than|exceed|higher than|above|larger than|bigger than|beyond|over",
        "more_than",
    ),
    ("shorter than|less than|below|lower than|smaller than|under", "less_than"),
)


# how much a cost goes up is said with the cost, and stands in fields of its own
RISING = "grow by|increase by|rise by|go up by|climb by|jump by|be raise by|be increase by"
RISES = {
    "TotalMonthlyCost": ("DiffTotalMonthlyCost", "PercentageChangeTotalMonthlyCost"),
    "CurrentMonthlyCost": ("DiffMonthlyCost", "PercentageChangeMonthlyCost"),
}


class Bounds(Naming):
    """Grammar of bounds."""

    def _bounds(self, i: int, prop: Prop) -> Iterator[tuple[int, Pred]]:
        if prop.type in ("flag", "list", "map"):
            return
        k = self.skip(i, "be set to|be|stay|remain|lie|have value of|cost|grow by|increase by|rise by|last|take"
                         "|amount to|be limit to|be cap at|go|drop|fall|sink|dip|decline|climb|get|reach|be valid for|run|live|run for|live for|be keep for|be retain for|be store for|be hold for"
                         "|sum up to|come to|have to be|use")  # fmt: skip
        if prop.spec is not None and prop.spec.path in RISES and (by := self.skip(i, RISING)) > i:
            yield from self._rise(by, prop)  # an increase of the cost is another field
            return
        yield from self._limited(i, prop)
        for j, comparison in self.comparison(k):
            unit = comparison.bounds[0][1].unit
            if not fits(prop, comparison):
                continue
            if unit == "character" or (prop.type == "text" and unit == "" and self._about_length(k, j)):
                continue
            yield j, compare(prop, comparison)
        if prop.measure in ("number", "version", "instant"):
            yield from self._against_field(k, prop)
        if prop.measure == "duration":
            yield from self._against_document(k, prop)
        if prop.measure in ("number", "duration", "quantity", "version"):
            k = self.skip(i, "be set to|be|equal|have value")
            for j, amount in self.amount(k):
                if k > i and fits(prop, Comparison((("is", amount),))):
                    yield j, compare(prop, Comparison((("is", amount),)))
        if prop.type == "text":
            for j, pred in self.text_length(i, prop):
                if self._about_length(i, j) or any(t.base in LONG for t in self.tokens[i:j]):
                    yield j, pred

    def _rise(self, k: int, prop: Prop) -> Iterator[tuple[int, Pred]]:
        """... by more than 300 dollars, by more than 10 percent: the unit says which increase is meant."""
        for path in RISES[prop.spec.path] if prop.spec is not None else ():
            units = ("percent",) if path.startswith("Percentage") else ("money", "")
            for spec in (f for f in prop.kind.fields if f.path == path):
                for j, comparison in self.comparison(k):
                    if comparison.bounds[0][1].unit not in units:
                        continue
                    pred = compare(_field(prop.kind, spec, units[0]), comparison)
                    for words, combine in (("and by|and", both), ("or by|or", either)):
                        for m in self.says(j + 1 if self.is_punct(j, ",") else j, words):
                            yield from ((n, combine(pred, rest)) for n, rest in self._rise(m, prop))
                            for n, amount in self.amount(m):  # by more than 10 percent or 100 dollars
                                rest = self._rise_of(prop, Comparison(((comparison.bounds[0][0], amount),)))
                                yield from ((n, combine(pred, p)) for p in rest)
                    yield j, pred

    def _rise_of(self, prop: Prop, comparison: Comparison) -> Iterator[Pred]:
        unit = comparison.bounds[0][1].unit
        for path in RISES[prop.spec.path] if prop.spec is not None and unit in ("percent", "money") else ():
            for spec in (f for f in prop.kind.fields if f.path == path):
                if path.startswith("Percentage") == (unit == "percent"):
                    yield compare(_field(prop.kind, spec, unit), comparison)

    def _limited(self, i: int, prop: Prop) -> Iterator[tuple[int, Pred]]:
        """... are limited to 90 days: a bound without a word that compares."""
        for j in (
            self.says(i, "be limit to|be cap at|be restrict to|be limit at|limit to")
            if prop.type != "text"
            else []
        ):
            for m, amount in self.amount(j):
                bound = Comparison((("at_most", amount),))
                if fits(prop, bound):
                    yield m, compare(prop, bound)

    def _about_length(self, k: int, j: int) -> bool:
        return any(t.base in ("longer", "shorter", "long") for t in self.tokens[k:j])

    def _against_field(self, k: int, prop: Prop) -> Iterator[tuple[int, Pred]]:
        """Higher than the cost before; more than twice the previous cost."""
        for words, op in BEFORE:
            for j in self.says(k, words):
                for m, factor in self._multiple(j):
                    for n, other in self.field(m, prop.kind):
                        if other.spec == prop.spec or other.measure != prop.measure or other.through:
                            continue

                        def beside(
                            value: r.Value, at: At, other: Prop = other, op: r.Op = op, factor: float = factor
                        ) -> r.Condition:
                            right = other.build(at)
                            if factor != 1:
                                right = r.Arithmetic(op="times", left=right, right=r.Constant(value=factor))
                            return r.Test(value=value, op=op, to_value=right, measure=prop.measure)

                        yield n, tested_by(prop, beside)

    def _multiple(self, j: int) -> Iterator[tuple[int, float]]:
        for m in self.says(j, "twice|double|two time"):
            yield self.skip(m, "of|as much as|as high as"), 2
        for m, number in self.number(j):
            for n in self.says(m, "time|fold"):
                yield n, number
        yield j, 1

    def _against_document(self, k: int, prop: Prop) -> Iterator[tuple[int, Pred]]:
        """Longer than the timeout of the pipeline: the same field of the document is the limit."""
        own = next(
            (f for f in prop.kind.entity.fields if prop.spec is not None and f.path == prop.spec.path), None
        )
        if own is None or prop.kind.spec is None or prop.through:
            return
        for words, op in LIMITS:
            for j in self.says(k, words):
                for m, _ in self.field(j, Kind(prop.kind.entity)):
                    for n in self.says(m, "of its pipeline|of their pipeline|of pipeline|of whole pipeline"):
                        yield n, _beside(prop, op, own)
                for m in self.says(
                    j, "pipeline|that of pipeline|one of pipeline|whole pipeline|that of whole pipeline"
                ):
                    yield self._own_field(m, prop), _beside(prop, op, own)

    def _own_field(self, m: int, prop: Prop) -> int:
        """... the pipeline's timeout, the pipeline timeout: the field said once more."""
        return max((n for n, found in self.field(m, prop.kind) if found.spec == prop.spec), default=m)


def _beside(prop: Prop, op: r.Op, own: FieldSpec) -> Pred:
    """A value beside one of the document; where one of the two is missing neither is beyond the other."""

    def pred(at: At) -> r.Condition:
        limit = r.Field(of="document", path=own.parts)
        return r.Test(value=prop.build(at), op=op, to_value=limit, measure=prop.measure)

    return pred


def _field(kind: Kind, spec: FieldSpec, unit: str) -> Prop:
    """The value of a field in this unit."""
    path = spec.parts
    return Prop(kind, lambda at: r.Field(of=at.ref, path=path), unit, spec)
