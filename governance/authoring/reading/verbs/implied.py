"""Values a verb speaks of without naming them: run for 5 minutes, cost 800, begin with X, call "curl"."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from governance.authoring import rule as r
from governance.authoring.reading.meaning.typed import At, Kind, Pred, Prop, kind_at
from governance.authoring.reading.values.amounts import Comparison
from governance.authoring.reading.values.props import lifetime, prop_of, size_of
from governance.authoring.reading.values.value_tests import compare, fits, tested
from governance.authoring.reading.verbs.plans import PlanVerbs

CASES = {
    "screaming_snake_case",
    "title-case",
    "case",
    "lower-case",
    "upper-case",
    "kebab-case",
    "snake_case",
    "camelcase",
    "pascalcase",
    "snake-case",
}


class Implied(PlanVerbs):
    """Grammar of values that are not named."""

    def _own_name(self, i: int, kind: Kind) -> Iterator[tuple[int, Pred]]:
        """Variables that begin with X: the name is meant."""
        verb = self.token(i)
        for _, prop in self._name_of(kind):
            said = verb is not None and verb.base in ("be", "follow", "use", "have", "write")
            for j, pred in self.naming(i, prop) if said else []:
                if any(t.base in CASES or any(w in CASES for w in t.words) for t in self.tokens[i:j]):
                    yield j, pred
        if any(
            self.says(i, w)
            for w in (
                "start with|begin with|end with|end in|be prefix with|be prefix|be suffix with|be call|be name",
            )
        ):
            for _, prop in self._name_of(kind):
                yield from self.about(i, self._value_instead(i, kind) or prop, False)

    def _value_instead(self, i: int, kind: Kind) -> Prop | None:
        """Variables called *_URL must start with https://: the name was said, so the value is meant."""
        named = any(t.base in ("call", "name", "named") for t in self.tokens[:i])
        address = any(t.text.startswith("http") for t in self.tokens[i : i + 6])
        if kind.element != "variable" or not (named or address):
            return None
        return next((prop_of(kind, f) for f in kind.fields if f.path == "value"), None)

    def _any_text(self, i: int, kind: Kind) -> Iterator[tuple[int, Pred]]:
        """(A pipeline must not) contain the text "password=" anywhere: in whatever text of the document."""
        if kind.spec is not None or self.entity not in ("pipeline", "template"):
            return
        for j in self.says(i, "contain|include|have|use|mention|hold"):
            for k in self.says(j, "text|string|word|expression|literal"):
                token = self.token(k)
                if token is None or not (token.quoted or token.text.startswith("<+")):
                    continue
                for m in self.says(k + 1, "anywhere|in any text|in any field|somewhere") or [k + 1]:
                    yield m, self._text_with(token.text)

    def _text_with(self, said: str) -> Pred:
        texts = kind_at(self.entity, "texts")

        def found(at: At) -> r.Condition:
            inner = at.bind(texts)
            test = r.Test(value=r.Field(of=inner.ref), op="contains", to=(said,))
            return r.Exists(each=r.Named(name="texts"), name=inner.ref, where=test)

        return found

    def _own_script(self, i: int, kind: Kind) -> Iterator[tuple[int, Pred]]:
        """Shell scripts that call "curl": the text of the step."""
        said = [t.words for t in self.tokens[:i]]
        if kind.element != "step" or not any("script" in w or "shellscript" in w for w in said):
            return
        script = next(prop_of(kind, f) for f in kind.fields if f.path == "spec.source.spec.script")
        for j in self.says(i, "contain|include|mention|call|use|have|run|execute|invoke"):
            token = self.token(self.skip(j, "word|text|command|string|either"))
            if token is not None and token.quoted:
                for k, found in self.literals(self.skip(j, "word|text|command|string|either"), script):
                    yield k, tested(script, "contains", found)

    def _own_measure(self, i: int, kind: Kind) -> Iterator[tuple[int, Pred]]:
        """Values a verb alone speaks about: run for 5 minutes, cost 800, live 30 days."""

        table = [("wait for|wait|pause for|pause", "wait"), ("run for|run|take|last|time out|finish|complete|be do|end|be finish", "timeout"), ("cost|be worth|account for|amount to|come to|add up to|stay|remain|come in", "cost"),
                 ("live for|live|be valid for|be valid|last for|last|expire|remain valid for|be good for|exist for|exist"
                  "|be issue for|stay valid for", "lifetime")]  # fmt: skip
        if kind.element == "step":
            yield from self._resources_used(i, kind)
        said = {s.payload for n in range(self.size) for _, s in self.senses(n, "resource")}
        size = size_of(kind, said) if len(said) == 1 else None
        for j in [*self.says(i, "be|have|use|get|stay|remain"), i] if size is not None else []:
            for k, comparison in self.comparison(j):
                if size is not None and comparison.bounds[0][1].unit == "size":
                    yield k, compare(size, comparison)
        waits = ("wait", "step") in pairwise(
            t.base for t in self.tokens
        )  # what other steps wait is their timeout
        for words, what in table if waits else table[1:]:
            for j in self.says(i, words):
                for prop in self._props_named(what, kind):
                    for k, comparison in [
                        *self.comparison(j),
                        *self.comparison(self.skip(j, "after|in|for")),
                    ]:
                        if fits(prop, comparison):
                            yield k, compare(prop, comparison)
                    for m in self.says(j, "after|in"):
                        for k, amount in self.amount(m):
                            if amount.unit == "duration" and self.tokens[j - 1].base in (
                                "expire",
                                "out",
                                "end",
                            ):
                                yield k, compare(prop, Comparison((("at_most", amount),)))

    def _resources_used(self, i: int, kind: Kind) -> Iterator[tuple[int, Pred]]:
        """Request more than 2 cores, use up to 4Gi: the unit tells which resource is meant."""
        for words, part in (("request", "requests"), ("use|consume|take|get|need|claim|have", "limits")):
            for j in self.says(i, words):
                for k, comparison in self.comparison(j):
                    unit = comparison.bounds[0][1].unit
                    if unit in ("core", "size"):
                        path = f"spec.resources.{part}.{'cpu' if unit == 'core' else 'memory'}"
                        yield (
                            k,
                            compare(
                                next(prop_of(kind, f) for f in kind.fields if f.path == path), comparison
                            ),
                        )

    def _props_named(self, what: str, kind: Kind) -> list[Prop]:

        if what == "lifetime":
            return [lifetime(kind)] if self.entity == "token" and kind.spec is None else []
        paths = {
            "timeout": ("timeout",),
            "wait": ("spec.duration",),
            "cost": ("TotalMonthlyCost", "CurrentMonthlyCost"),
        }[what]
        return [prop_of(kind, f, what) for f in kind.fields if f.path in paths]
