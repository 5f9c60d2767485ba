"""What a Terraform plan does: creates, changes and destroys resources, raises the monthly bill."""

from __future__ import annotations

from collections.abc import Iterator

from governance.authoring.reading.base import rule
from governance.authoring.reading.meaning.changes import as_destroyed
from governance.authoring.reading.meaning.relations import has
from governance.authoring.reading.meaning.typed import Kind, Pred, Things, both, either
from governance.authoring.reading.values.amounts import Amount, Comparison
from governance.authoring.reading.values.predicates import acts, of_types
from governance.authoring.reading.values.props import prop_of
from governance.authoring.reading.values.value_tests import compare, fits
from governance.authoring.reading.verbs.openings import Openings


class PlanVerbs(Openings):
    """Grammar of verbs of Terraform plans."""

    def _raising(self, i: int, kind: Kind) -> Iterator[tuple[int, tuple[Pred, tuple[Things, ...]]]]:
        """Raise the monthly bill by more than 20 percent, make it grow by half."""
        for j in self.says(i, "make|let|cause"):
            for k in self.says(
                j, "total monthly cost|monthly cost|monthly bill|bill|cost|total cost|spend|monthly spend|it"
            ):
                yield from self._raising(self.skip(k, "to"), kind)

        for j in self.says(i, "cost more than before|cost more than now|be more expensive than before|get more expensive|become more expensive"
                              "|cost more than today|make thing more expensive"):  # fmt: skip
            more = next(prop_of(kind, f) for f in kind.fields if f.path == "DiffTotalMonthlyCost")
            yield j, (compare(more, Comparison((("more_than", Amount(0, "money", "0")),))), ())
        for j in self.says(i, "cost"):  # at most 50 dollars more
            for k, pred in self._raised_by(j, kind):
                for m in self.says(k, "more|extra|additional|on top"):
                    yield self.skip(m, "per month|month|monthly|than before|than now|than today"), (pred, ())
        for words, op, times in (("more than double", "more_than", 100), ("double", "at_least", 100),
                                 ("more than triple", "more_than", 200), ("triple", "at_least", 200)):  # fmt: skip
            for j in self.says(i, words):
                rise = next(
                    prop_of(kind, f) for f in kind.fields if f.path == "PercentageChangeTotalMonthlyCost"
                )
                bound = Comparison(((op, Amount(times, "percent", str(times))),))  # type: ignore[arg-type]
                yield (
                    self.skip(j, "it|monthly cost|cost|bill|monthly bill|total cost"),
                    (compare(rise, bound), ()),
                )
        for j in self.says(
            i, "raise|increase|grow|push up|drive up|add to|bump|rise|go up|lift|climb|jump|exceed"
        ):
            k = self.skip(j, "total monthly cost|monthly cost|monthly bill|bill|cost|total cost|monthly total|spend|it"
                             "|monthly spend|total monthly bill")  # fmt: skip
            level = self.skip(k, "above|over|beyond|past") > k  # to rise above 300 is to cost more than that
            total = next(prop_of(kind, f) for f in kind.fields if f.path == "TotalMonthlyCost")
            for m, comparison in self.comparison(k) if level else []:
                if fits(total, comparison):
                    yield m, (compare(total, comparison), ())
            for m, pred in self._raised_by(self.skip(k, "by"), kind) if not level else []:
                yield m, (pred, ())
            if k >= self.size or self.is_punct(k, ",.") or self.windows(k):  # must not rise at all
                more = next(prop_of(kind, f) for f in kind.fields if f.path == "DiffTotalMonthlyCost")
                yield k, (compare(more, Comparison((("more_than", Amount(0, "money", "0")),))), ())

    def _raised_by(self, k: int, kind: Kind) -> Iterator[tuple[int, Pred]]:
        """More than 10 % and by more than 100 dollars: the unit says which increase is meant."""
        for path in ("DiffTotalMonthlyCost", "PercentageChangeTotalMonthlyCost"):
            prop = next(prop_of(kind, f) for f in kind.fields if f.path == path)
            for m, comparison in self.comparison(k):
                if not fits(prop, comparison):
                    continue
                pred = compare(prop, comparison)
                comma = m + 1 if self.is_punct(m, ",") else m
                for words, combine in (("and by|and also by|and", both), ("or by|or", either)):
                    for n in self.says(comma, words):
                        for p, rest in self._raised_by(n, kind):
                            yield p, combine(pred, rest)
                yield m, pred

    def _changing(self, i: int) -> Iterator[tuple[int, tuple[Pred, tuple[Things, ...]]]]:
        for j, actions in self._actions(i):
            for m in self.says(j, "anything|something|any resource|resource at all"):
                anything = Things(self.kind("resource_changes"), (acts(actions),), plain=False)
                for n, which in self.post(m, anything):
                    yield n, (has(which, self.facts), (which,))
            for both_said in self.says(j, "both"):
                for m, literals in self._resource_types(both_said):
                    each = [
                        Things(self.kind("resource_changes"), (of_types((t,)), acts(actions)), plain=False)
                        for t in literals
                    ]
                    if len(each) > 1 and any(t.base == "and" for t in self.tokens[both_said:m]):
                        yield (
                            self.skip(m, "resource"),
                            (both(*(has(t, self.facts) for t in each)), tuple(each)),
                        )
            for m, thing in self.things(j) if not self.says(j, "both") else []:
                if thing.kind.element != "change" and not (thing.plain and thing.kind.element == "resource"):
                    continue
                only = tuple(as_destroyed(p, actions) for p in thing.only)
                wanted = Things(self.kind("resource_changes"), (*(thing.base if thing.kind.element == "change" else ()),
                                acts(actions)), only, how_many=thing.how_many, none=thing.none, plain=False)  # fmt: skip
                m = self.skip(
                    m, "at once|in one go|at a time|in single plan|in one plan|at same time|in one run"
                )
                m = self.skip(
                    m, "through terraform|with terraform|via terraform|by terraform|using terraform"
                )
                yield m, (has(wanted, self.facts), (wanted,))

    @rule
    def _actions(self, i: int) -> Iterator[tuple[int, tuple[str, ...]]]:
        table = {"destroy": ("delete",), "delete": ("delete",), "remove": ("delete",), "create": ("create",),
                 "add": ("create",), "update": ("update",), "modify": ("update",), "drop": ("delete",),
                 "change": ("update", "create", "delete"), "replace": ("replace",), "touch": ("update", "create", "delete")}  # fmt: skip
        said: list[str] = []
        k = i
        while (token := self.token(k)) is not None and token.base in table:
            said.append(token.base)
            k += 1
            apart = len(said) > 1 and not set(said) <= {
                "change",
                "touch",
            }  # create or change: an update is meant
            found = [a for verb in said for a in (("update",) if apart and verb == "change" else table[verb])]
            yield k, tuple(dict.fromkeys(found))
            m = self.skip(k + 1 if self.is_punct(k, ",/") else k, "or|and")
            if m == k:
                break
            k = m

    def _made_by_plan(self, i: int) -> Iterator[tuple[int, tuple[Pred, tuple[Things, ...]]]]:
        """(buckets) a plan creates; (instances) being destroyed."""
        j = self.skip(
            i,
            "be go to be|be about to be|will be|would be|be|get|plan|terraform plan|terraform|a terraform plan|a plan|that be",
        )
        for k, actions in self._actions(j):
            yield (
                self.skip(
                    k,
                    "by plan|by terraform plan|by a plan|in plan|by terraform|with terraform|through terraform|via terraform|using terraform|in terraform",
                ),
                (acts(actions), ()),
            )
