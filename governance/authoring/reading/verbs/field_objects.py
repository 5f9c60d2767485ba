"""Fields a thing has: with the value behind them, in front of them, or within a limit."""

from __future__ import annotations

import re
from collections.abc import Iterator

from governance.authoring import rule as r
from governance.authoring.reading.base import rule
from governance.authoring.reading.meaning.typed import Kind, Pred, Prop, Things, both, either
from governance.authoring.reading.values.amounts import Amount, Comparison
from governance.authoring.reading.values.naming import matches
from governance.authoring.reading.values.predicates import outside
from governance.authoring.reading.values.props import number_of_entries, prop_of
from governance.authoring.reading.values.value_tests import compare, fits, tested
from governance.authoring.reading.verbs.strategies import Strategies
from governance.authoring.reading.words.values import STOP
from governance.authoring.reading.words.verbs import PLACES

INSIDE_IT = "in it|in them|inside|inside it|inside them|in there|anywhere in it|somewhere in it|anywhere in them|somewhere in them|anywhere"
COUNTS = {"pendingChangeRequests"}  # having some of these means more than none


class FieldObjects(Strategies):
    """Grammar of fields as objects of "have"."""

    @rule
    def _prop_tail(self, j: int, prop: Prop) -> Iterator[tuple[int, Pred]]:  # noqa: C901 - the alternatives of one grammar rule
        """A value that is had: any, or one about which more is said."""
        yield from self._strategy_action(j, prop)
        yield from self.mail_domain(j, prop)
        for k in self.says(j, "in|write in|that be in|which be in") if prop.type == "text" else []:
            yield from self.naming(k, prop)  # names in snake_case
        for k in self.says(j, "with|with any") if prop.type == "text" else []:
            yield from ((m, _made_of_or_with(prop, letters)) for m, letters in self.letters(k))
        if prop.type in ("text", "reference"):
            for k in self.says(j, "with|containing|that contain|which contain|that have|which have"):
                for m, found in self.literals(self.skip(k, "word|text"), prop):
                    for n in self.says(m, INSIDE_IT):
                        for p, ignore in self._case(n):
                            yield p, tested(prop, "contains", found, ignore_case=ignore)
        for k in self.says(j, "as runtime input|as an input at run time|as runtime parameter|at run time"):
            yield k, tested(prop, "runtime_input")
        for k in self.says(j, "or|and"):
            if self._of_its_own(k):
                continue
            for m, second in self.value_of(k, prop.kind):
                if second.spec == prop.spec:
                    continue  # no budget or a budget of 0
                combine = either if self.tokens[j].base == "or" else both
                for n in self.says(m, "as runtime input|as an input at run time"):
                    yield n, combine(tested(prop, "runtime_input"), tested(second, "runtime_input"))
                named = {
                    n for n, _ in self.literals(m, second)
                }  # "the default branch main" is no tail of both
                for n, pred in self.about(m, second):
                    for p, first in self.about(m, prop):
                        if p == n and n > m and n not in named:
                            yield n, combine(first, pred)
        if prop.type == "reference" and prop.spec is not None:  # a provider connector of type Azure
            typed = prop.spec.path.removesuffix(".identifier") + ".type"
            for kinds in (prop_of(prop.kind, f) for f in prop.kind.fields if f.path == typed):
                for k in self.says(j, "of type|of kind|with type"):
                    yield from ((m, tested(kinds, "is", found)) for m, found in self.literals(k, kinds))
        for k in self.says(j, "other than|different from|that be not|which be not|but not"):
            for m, found in self.literals(k, prop) if prop.type in ("text", "reference") else []:
                yield m, outside(prop, found)
        if prop.type == "reference":
            yield from self.level(j, prop)
            for k in self.says(j, "whose name|whose identifier|whose id|with name that|with identifier that"):
                yield from self.about(self._modal_free(k), prop)
        if prop.type == "map":
            for k in self.says(j, "with"):
                for m, (pred, _) in self.objects(k, prop.kind):
                    yield m, both(tested(prop, "present"), pred)
        for k in self.says(
            j, "from|hosted on|pulled from|that come from|of registry|out of|pull from|host on"
        ):
            token = self.token(k)
            if (
                token is not None
                and token.kind == "literal"
                and prop.spec is not None
                and prop.spec.path.endswith("mage")
            ):
                end = k + 2 if self.is_punct(k + 1, "/") else k + 1
                yield end, matches(prop, f"^{re.escape(token.text.rstrip('/'))}[/:]")
        if prop.type == "reference" and self.says(j, "of type|of kind|with type"):
            return  # what a reference points to cannot be looked into
        k = self.skip(
            j,
            "of type|of kind|of|to|with|be|that be|which be|that|which|:|equal to|set to|called|with value|like",
        )
        k = self.skip(k, "be") if k > j else k
        if k > j:
            denied = (
                prop.type != "flag" and self.skip(self.skip(k, "be|do|must|may|can|should"), "not|never") > k
            )
            for m, pred in self.about(self._modal_free(k), prop):
                yield m, both(tested(prop, "present"), pred) if denied else pred
        for m, pred in self.about(j, prop):
            yield m, pred
        if self.is_punct(j, ",("):
            for m, comparison in self.comparison(self.skip(j + 1, "and|but|of")):
                if fits(prop, comparison):
                    yield self._close_bracket(j, m), compare(prop, comparison)
        for m, found in self.literals(k, prop):
            yield m, tested(prop, "is", found)
        counted = (prop.spec is not None and prop.spec.path in COUNTS) or (
            prop.kind.name == "scan_outputs"
            and prop.type == "number"
            and "COVERAGE" not in prop.words.upper()
        )
        if counted and prop.spec is not None and prop.spec.path != "CODE_COVERAGE":  # "any high finding"
            yield j, compare(prop, Comparison((("more_than", Amount(0, "", "0")),)))
            return
        yield j, tested(prop, "is", (True,)) if prop.type == "flag" else tested(prop, "present")

    def _value_first(self, i: int, kind: Kind) -> Iterator[tuple[int, tuple[Pred, tuple[Things, ...]]]]:
        """Anonymous authentication, https URLs, the default namespace: the value before its field."""
        for spec in kind.fields:
            if spec.label == "URL" or spec.path.endswith("repoURL"):
                for m, pred in self._address(i, self._grouped(kind, spec), ()):
                    yield m, (pred, ())
        for j in range(i + 1, min(i + 9, self.size)):
            for k, sense in self.senses(j, "field"):
                owner, spec = sense.payload
                licences = spec.type == "list" and "icense" in spec.path
                if owner.name != kind.name or not (
                    spec.values or licences or spec.type in ("text", "reference")
                ):
                    continue
                prop = self._grouped(kind, spec)
                styled = [pred for m, pred in self.naming(i, prop) if m == j] if prop.type == "text" else []
                yield from ((k, (pred, ())) for pred in styled)  # snake_case names
                for m, found in self.literals(i, prop) if not styled else []:
                    word = self.tokens[i].kind == "word" and not self.tokens[i].quoted and not spec.values
                    if self.skip(m, "for|as") == j and m < j and (spec.values or self.tokens[m].base == "as"):
                        yield k, (tested(prop, "is", found), ())
                    if m == j and (not word or (m == i + 1 and spec.parts[-1].lower().endswith(PLACES))):
                        yield k, (tested(prop, "is", found), ())

    def _value_inside(self, i: int, kind: Kind) -> Iterator[tuple[int, tuple[Pred, tuple[Things, ...]]]]:
        """'test' or 'tmp' in their name; the word PASSWORD in the name."""
        anything = Prop(kind, lambda at: r.Field(of=at.ref), "text")
        token = self.token(self.skip_all(i, "word|text|string|letter"))
        if token is None or token.kind == "punct":
            return
        start = self.skip_all(i, "word|text|string|letter")
        for j, letters in self.letters(start):  # spaces in their name
            for k in self.says(j, "in|inside|anywhere in|somewhere in"):
                for m, prop in self.field(k, kind):
                    if prop.type in ("text", "reference"):
                        yield m, (matches(prop, f"[{letters}]"), ())
        if self._class(start) is not None:
            return
        said = self.literals(start, anything)
        if not said and token.kind == "word" and token.base not in STOP and token.text.islower():
            said = [(start + 1, (token.text,))]  # secret in its name
        for j, found in said:
            for k in self.says(j, "in|inside|anywhere in|somewhere in|as part of|as a part of"):
                for m, prop in self.field(k, kind):
                    named = prop.spec is not None and prop.spec.parts[-1] in ("name", "identifier", "@key")
                    if prop.type in ("text", "reference") and (named or self.literals(start, anything)):
                        for n, ignore in self._case(m):
                            yield n, (tested(prop, "contains", found, ignore_case=ignore), ())

    def _leading_bound(self, i: int, kind: Kind) -> Iterator[tuple[int, tuple[Pred, tuple[Things, ...]]]]:
        """At least 80 % code coverage, at least 2 approvers, a maximum of 4Gi memory."""

        for j, comparison in self.comparison(i):
            least = [(op, a.value) for op, a in comparison.bounds] in ([("at_least", 1)], [("more_than", 0)])
            for k, prop in self.field(j, kind) if least else []:
                if prop.through:  # at least one licence
                    yield k, (tested(prop, "present"), ())
            for k, prop in self.field(j, kind) if not least and not comparison.bounds[0][1].unit else []:
                listed = prop.spec is not None and prop.spec.type == "list" and len(prop.through) == 1
                if listed and self.entity not in ("pipeline", "template"):  # at least two key metrics
                    yield k, (compare(number_of_entries(prop), comparison), ())
            for k, prop in self.value_of(self.skip(j, "of"), kind):
                if fits(prop, comparison):
                    yield k, (compare(prop, comparison), ())

    def _limits(self, i: int, kind: Kind) -> Iterator[tuple[int, tuple[Pred, tuple[Things, ...]]]]:
        """Limits for (both) CPU and memory: what is limited is named behind."""
        if kind.element != "step":
            return
        for words, part in (
            ("limit|resource limit|resource|upper limit", "limits"),
            ("request|resource request", "requests"),
        ):
            for j in self.says(i, words):
                for k in self.says(j, "for|on|of"):
                    found: list[Prop] = []
                    k = self.skip(k, "both")
                    while (token := self.token(k)) is not None and token.base in ("cpu", "memory", "ram"):
                        path = f"spec.resources.{part}.{'cpu' if token.base == 'cpu' else 'memory'}"
                        found.append(next(prop_of(kind, f) for f in kind.fields if f.path == path))
                        k += 1
                        nxt = self.skip(k + 1 if self.is_punct(k, ",") else k, "and|as well as")
                        if (
                            nxt == k
                            or self.token(nxt) is None
                            or self.tokens[nxt].base not in ("cpu", "memory", "ram")
                        ):
                            break
                        k = nxt
                    if found:
                        yield k, (both(*(tested(p, "present") for p in found)), ())

    def _of_its_own(self, k: int) -> bool:
        """Its name, it has: the thing itself again, so no more of what "no" takes in."""
        return k < self.size and (self.tokens[k].article in ("its", "their") or bool(self.says(k, "it|they")))

    def _close_bracket(self, j: int, m: int) -> int:
        return m + 1 if self.is_punct(j, "(") and self.is_punct(m, ")") else m


def _made_of_or_with(prop: Prop, letters: str) -> Pred:
    """Names with lower case letters: all of them where it is asked for, one of them where it is not wanted."""
    whole, one = matches(prop, f"^[{letters}]+$"), matches(prop, f"[{letters}]")
    return lambda at: (whole if at.asked else one)(at)
