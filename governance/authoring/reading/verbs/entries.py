"""Tags, labels and other entries a thing has: under which keys, with which values, how many of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations

from governance.authoring import rule as r
from governance.authoring.reading.meaning.coordination import Part, Word, same_word
from governance.authoring.reading.meaning.typed import (
    Kind,
    Misread,
    Pred,
    Prop,
    Things,
    both,
    either,
    negated,
)
from governance.authoring.reading.nouns.postmods import Postmods
from governance.authoring.reading.values.amounts import Amount
from governance.authoring.reading.values.predicates import flag_tag, literal_at
from governance.authoring.reading.values.value_tests import tested


def _so_many(preds: tuple[Pred, ...], op: r.Op, number: int) -> Pred:
    """So many of these hold."""
    bounds: dict[str, tuple[int, int]] = {
        "at_least": (number, len(preds)), "more_than": (number + 1, len(preds)), "at_most": (0, number),
        "less_than": (0, number - 1), "is": (number, number),
    }  # fmt: skip
    low, high = bounds[op]
    parts = [either(*(both(*c) for c in combinations(preds, low)))] if 0 < low <= len(preds) else []
    if high < len(preds):
        parts.append(negated(either(*(both(*c) for c in combinations(preds, high + 1)))))
    if not parts or low > len(preds):
        raise Misread("so many of these there are not")
    return both(*parts)


class Entries(Postmods):
    """Grammar of entries."""

    def _some_entries(self, i: int, kind: Kind) -> Iterator[tuple[int, tuple[Pred, tuple[Things, ...]]]]:
        """At least two of the tags A, B and C; any one of these tags; exactly one of them."""
        counted = [(j, c.bounds) for j, c in self.comparison(i) if all(not a.unit for _, a in c.bounds)]
        counted += [(j, ((op, Amount(n, "", f"{n:g}")),)) for j, n in self.number(i)
                    for op in ("at_least",) if self.says(j, "of")]  # fmt: skip
        counted += [(j - 1, (("at_least", Amount(1, "", "1")),)) for j in self.says(i, "any of|some of")]
        for j, bounds in counted:
            for k in self.says(j, "of"):
                k = self.skip(k, "following|these|those")
                k = k + 1 if self.is_punct(k, ":") else k
                for m, (props, _) in self.map_entries(k, kind):
                    tests = tuple(tested(p, "present") for p in props)
                    preds = [_so_many(tests, op, int(a.value)) for op, a in bounds] if tests[1:] else []
                    if preds:
                        yield m, (both(*preds), ())
                for m in self.says(k, "tag") if self.entity == "featureFlag" and kind.spec is None else []:
                    for n, keys, _ in self._keys(self.skip(m, "called|named")):
                        tests = tuple(flag_tag(key) for key in keys)
                        if tests[1:]:
                            yield n, (both(*(_so_many(tests, op, int(a.value)) for op, a in bounds)), ())

    def _tag_in_brackets(self, i: int, kind: Kind) -> Iterator[tuple[int, tuple[Pred, tuple[Things, ...]]]]:
        """A cost center (tag cost-center): a tag by what it stands for."""
        at = next((j for j in range(i + 1, min(i + 4, self.size)) if self.is_punct(j, "(")), 0)
        for j, (props, _) in self.map_entries(at + 1, kind) if at else []:
            if self.is_punct(j, ")") and len(props) == 1:
                yield j + 1, (tested(props[0], "present"), ())

    def _pairs(self, i: int, kind: Kind) -> Iterator[tuple[int, tuple[Pred, tuple[Things, ...]]]]:
        """The tag pci=true, the label tier=critical."""
        for spec in kind.fields:
            noun = {"tags": "tag", "labels": "label"}.get(spec.parts[-1] if spec.parts else "")
            if noun is None or spec.type != "map":
                continue
            for j in self.says(i, noun):
                token = self.token(j)
                if token is not None and re.fullmatch(r"[\w./-]+[=:][\w./-]+", token.text):
                    key, value = re.split("[=:]", token.text, maxsplit=1)
                    path = (*spec.parts, key)
                    yield j + 1, (literal_at(path, (value,)), ())

    def _entry_tail(self, i: int, j: int, props: tuple[Prop, ...], how: str) -> Iterator[tuple[int, Pred]]:
        combine = both if how == "and" else either
        for k in self.says(
            j,
            "with value|with the value|with one of|with either|with|set to|of value|that be set to|equal to|that be|which be|whose value be|=",
        ):
            for m, found in self.literals(k, props[0]):
                yield m, combine(*(tested(p, "is", found) for p in props))
        comma = j + 1 if self.is_punct(j, ",") else j
        for k in self.says(
            comma,
            "with value|whose value|value of which|and its value|with value that|where value|and value|its value",
        ):
            for m, pred in self.about(self._modal_free(k), props[0]) if len(props) == 1 else []:
                yield m, both(tested(props[0], "present"), pred)
        for k in (
            self.says(j, "with|of|in form|like|that look like|matching|that consist of")
            if len(props) == 1
            else []
        ):
            yield from self.naming(k, props[0])
        for k in self.says(j, "that be not empty|that be not blank|that be non-empty|that be set|not empty"
                              "|which be not empty|which may not be empty|that be fill"):  # fmt: skip
            yield k, combine(*(tested(p, "present") for p in props))
        word: Word = "and" if how == "and" else "or"
        yield j, same_word(tuple(Part(tested(p, "present"), i, j, word) for p in props)) if props[1:] else (
            tested(props[0], "present"))  # fmt: skip

    def _flag_tags(self, i: int) -> Iterator[tuple[int, tuple[Pred, tuple[Things, ...]]]]:
        """Tags of feature flags are texts such as owner:alice."""
        for starts_with_noun in (True, False):
            for j in self.says(i, "tag") if starts_with_noun else [i]:
                for k, keys, how in self._keys(self.skip(j, "called|named")):
                    combine = both if how == "and" else either
                    for m in [k] if starts_with_noun else self.says(k, "tag"):
                        yield m, (combine(*(flag_tag(key) for key in keys)), ())
