"""What a thing has: fields, tags and other things, in a list."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations

from governance.authoring import rule as r
from governance.authoring.reading.abreast import unlike_others
from governance.authoring.reading.amounts import Amount, Comparison
from governance.authoring.reading.base import rule
from governance.authoring.reading.coordination import Joined, Part, Word, without_any
from governance.authoring.reading.meaning import (
    Kind,
    Misread,
    Pred,
    Prop,
    Things,
    both,
    chain,
    either,
    negated,
)
from governance.authoring.reading.naming import matches
from governance.authoring.reading.postmods import Postmods
from governance.authoring.reading.predicates import flag_tag, literal_at
from governance.authoring.reading.props import prop_of
from governance.authoring.reading.relations import has
from governance.authoring.reading.value_tests import _fits, compare, tested
from governance.authoring.reading.value_words import STOP
from governance.authoring.reading.verb_words import ORDERS, PLACES

AND_OR: tuple[tuple[str, Word], ...] = (
    ("and also|and a|and have|and|as well as|plus|along with|together with|but also", "and"),
    ("or|nor", "or"),
)


def _list(parts: tuple[Part, ...]) -> Pred:
    """Objects of one verb; all are joined by the same word."""
    combine = either if parts[-1].word == "or" else both
    return Joined(parts, combine(*(p.pred for p in parts)), clauses=False)


def _parts(pred: Pred, i: int, j: int) -> tuple[Part, ...]:
    listed = isinstance(pred, Joined) and not pred.clauses
    return pred.parts if listed else (Part(pred, i, j),)  # type: ignore[attr-defined]


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


INSIDE_IT = "in it|in them|inside|inside it|inside them|in there|anywhere in it|somewhere in it|anywhere in them|somewhere in them|anywhere"
COUNTS = {"pendingChangeRequests"}  # having some of these means more than none


class Objects(Postmods):
    """Grammar of the objects of "have"."""

    @rule
    def objects(self, i: int, kind: Kind) -> Iterator[tuple[int, tuple[Pred, tuple[Things, ...]]]]:
        """What a thing has: fields, tags and other things, in a list."""
        for j in self.says(i, "either"):
            yield from self.objects(j, kind)
        for j in self.says(i, "both|all of these|all of following|each of following|all following"):
            yield from self.objects(j + 1 if self.is_punct(j, ":") else j, kind)
        for j in self.says(i, "no|neither"):  # none of the whole list
            for k, (pred, via) in self._any_object(j, kind):
                nothing = without_any(pred, self.tokens, i)
                yield from self._or_no(k, nothing, via, kind)
                yield k, (nothing, via)
        for j, first in self._object(i, kind):
            yield from self._more_objects(j, first, kind, "", (Part(first[0], i, j),))

    def _or_no(self, k: int, nothing: Pred, via: tuple[Things, ...], kind: Kind
               ) -> Iterator[tuple[int, tuple[Pred, tuple[Things, ...]]]]:  # fmt: skip
        """... no A or no B, no A and fewer than 5 B: each quantity stands for itself."""
        comma = k + 1 if self.is_punct(k, ",") else k
        for words, combine in (("and", both), ("or|nor", either)):
            for m in self.says(comma, words):
                if self.says(m, "no") or self.comparison(m):
                    for n, (rest, more) in self.objects(m, kind):
                        yield n, (combine(nothing, rest), via + more)

    @rule
    def _any_object(self, i: int, kind: Kind) -> Iterator[tuple[int, tuple[Pred, tuple[Things, ...]]]]:
        """One of a list of objects, joined by whatever word: what "no A and B" leaves out."""
        for j, first in self._object(i, kind):
            k = j + 1 if self.is_punct(j, ",") else j
            k = self.skip(k, "or|and|nor")
            if k > j and not self._of_its_own(k) and not self.comparison(k):
                for m, rest in self._any_object(k, kind):
                    parts = (Part(first[0], i, j), *_parts(rest[0], k, m))
                    yield m, (_list(tuple(replace(p, word="or") for p in parts)), first[1] + rest[1])
            yield j, first

    def _of_its_own(self, k: int) -> bool:
        """Its name, it has: the thing itself again, so no more of what "no" takes in."""
        return k < self.size and (self.tokens[k].article in ("its", "their") or bool(self.says(k, "it|they")))

    def _more_objects(self, j: int, found: tuple[Pred, tuple[Things, ...]], kind: Kind, how: str,
                      said: tuple[Part, ...]
                      ) -> Iterator[tuple[int, tuple[Pred, tuple[Things, ...]]]]:  # fmt: skip
        comma = j + 1 if self.is_punct(j, ",/") else j
        for words, name in AND_OR:
            for k in self.says(comma, words):
                if how in ("", name):
                    for m, nxt in self._object(self.skip(k, "also"), kind):
                        parts = (*said, Part(nxt[0], k, m, name, comma > j))
                        merged = (_list(parts), found[1] + nxt[1])
                        yield from self._more_objects(m, merged, kind, name, parts)
        if comma > j and not self._named_before(comma):
            for m, nxt in self._object(comma, kind):
                for n, rest in self._more_objects(m, nxt, kind, how, (Part(nxt[0], comma, m),)):
                    word: Word = "or" if self._said_or(j, n) else "and"
                    parts = (*said, *(replace(p, word=word) for p in _parts(rest[0], comma, n)))
                    yield n, (_list(parts), found[1] + rest[1])
        yield j, found

    def _said_or(self, j: int, n: int) -> bool:
        return any(t.base in ("or", "nor") for t in self.tokens[j:n])

    @rule
    def _object(self, i: int, kind: Kind) -> Iterator[tuple[int, tuple[Pred, tuple[Things, ...]]]]:
        yield from self._some_entries(i, kind)
        for j, (props, how) in self.map_entries(i, kind):
            for k, pred in self._entry_tail(i, j, props, how):
                yield k, (pred, ())
        yield from self._marked(i, kind)
        nothing = "|unknown|undeclared|unclear" if kind.element == "package" else ""
        for j in self.says(i, "empty|blank|missing|no empty" + nothing):
            for k, prop in self.value_of(j, kind):
                yield k, (negated(tested(prop, "present")), ())
        licences = next((f for f in kind.fields if f.type == "list" and "icense" in f.path), None)
        for j, names in self.licences(i) if licences is not None else []:
            listed = self.tokens[j - 1].base == "licence" or (
                i > 0 and self.tokens[i - 1].base in ("with", "under")
            )
            if listed and licences is not None:
                yield j, (tested(prop_of(kind, licences), "is", names), ())
        yield from self._tag_in_brackets(i, kind)
        yield from self._pairs(i, kind)
        if self.entity == "featureFlag":
            yield from self._flag_tags(i)
        i2 = self.skip_all(
            i, "every|each|any|all|its own|non-empty|explicit|some|proper|valid|clear|own|explicitly"
        )
        for j, prop in self.value_of(i2, kind):
            yield from (((k, (p, ())) for k, p in self._prop_tail(j, prop)))
        yield from self._value_first(i, kind)
        yield from self._value_inside(i, kind)
        yield from self._leading_bound(i, kind)
        yield from self._limits(i, kind)
        yield from self._inner_field(i, kind)
        for j, thing in self._one(i):
            if self._no_part(i, i2, thing, kind):
                continue
            within = chain(kind, thing.kind) is not None
            below = ("stage", "step") if kind.element != "step" else ("step",)  # a step has no stages
            elsewhere = kind.spec is None or thing.kind.element in below
            if within or (elsewhere and chain(Kind(kind.entity), thing.kind)):
                for k, placed in self._placed(j, thing):
                    yield from self._instead(k, placed)
                    yield k, (has(placed, self.facts), (placed,))

    def _instead(self, k: int, thing: Things) -> Iterator[tuple[int, tuple[Pred, tuple[Things, ...]]]]:
        """K8sCanaryDeploy rather than K8sRollingDeploy: the one, and none of the other."""
        if thing.none or thing.how_many or thing.kind.element != "step":
            return
        for m in self.says(
            k + 1 if self.is_punct(k, ",") else k, "rather than|instead of|and not|not|but not"
        ):
            for n, other in self._one(m):
                if other.kind.name == thing.kind.name and other.types and not other.none:
                    yield (
                        n,
                        (both(has(thing, self.facts), has(replace(other, none=True), self.facts)), (thing,)),
                    )

    def _marked(self, i: int, kind: Kind) -> Iterator[tuple[int, tuple[Pred, tuple[Things, ...]]]]:
        """Unique names; privileged containers."""
        for j in self.says(i, "unique|distinct|different") if kind.spec is not None else []:
            yield from ((k, (unlike_others(prop, False), ())) for k, prop in self.field(j, kind))
        for flag in (f for f in kind.fields if f.path == "spec.privileged"):
            for j in self.says(i, "privileged container|privileged mode|privileged access|privileged right"):
                yield j, (tested(prop_of(kind, flag), "is", (True,)), ())

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

    def _no_part(self, i: int, noun: int, thing: Things, kind: Kind) -> bool:
        """Whether the words speak of the thing at hand itself, or of what only sounds like a step."""
        if thing.kind.spec is None and kind.spec is None:
            return True
        if kind.element == "step" and thing.role == "push" and self.says(noun, "image"):
            return True  # the image a step runs in, not one it pushes
        same = self.topic is not None and bool(thing.base) and thing.base == self.topic.base
        pronoun = self.tokens[i].base in ("one", "it", "they", "this", "those", "them")
        return thing is self.topic or (same and pronoun)  # no thing has itself

    def _inner_field(self, i: int, kind: Kind) -> Iterator[tuple[int, tuple[Pred, tuple[Things, ...]]]]:
        """A pipeline that uses the connector X: a stage or a step of it does."""
        if kind.spec is not None or self.entity not in ("pipeline", "template"):
            return
        ends: dict[int, list[Things]] = {}
        for inner in (self.kind("stages"), self.kind("all_steps")):
            for j, prop in self.field(i, inner):
                for k, found in self.literals(j, prop) if prop.type in ("text", "reference") else []:
                    same = [t for t in ends.get(k, []) if t.kind == inner]
                    if not same:
                        ends.setdefault(k, []).append(Things(inner).narrowed(tested(prop, "is", found)))
        for k, things in ends.items():
            yield k, (either(*(has(t, self.facts) for t in things)), tuple(things))

    def _tag_in_brackets(self, i: int, kind: Kind) -> Iterator[tuple[int, tuple[Pred, tuple[Things, ...]]]]:
        """A cost center (tag cost-center): a tag by what it stands for."""
        at = next((j for j in range(i + 1, min(i + 4, self.size)) if self.is_punct(j, "(")), 0)
        for j, (props, _) in self.map_entries(at + 1, kind) if at else []:
            if self.is_punct(j, ")") and len(props) == 1:
                yield j + 1, (tested(props[0], "present"), ())

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

    def _leading_bound(self, i: int, kind: Kind) -> Iterator[tuple[int, tuple[Pred, tuple[Things, ...]]]]:
        """At least 80 % code coverage, at least 2 approvers, a maximum of 4Gi memory."""

        for j, comparison in self.comparison(i):
            least = [(op, a.value) for op, a in comparison.bounds] in ([("at_least", 1)], [("more_than", 0)])
            for k, prop in self.field(j, kind) if least else []:
                if prop.through:  # at least one licence
                    yield k, (tested(prop, "present"), ())
            for k, prop in self.value_of(self.skip(j, "of"), kind):
                if _fits(prop, comparison):
                    yield k, (compare(prop, comparison), ())

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
            comma, "whose value|value of which|and its value|with value that|where value|and value|its value"
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
        yield j, _list(tuple(Part(tested(p, "present"), i, j, word) for p in props)) if props[1:] else (
            tested(props[0], "present"))  # fmt: skip

    def _flag_tags(self, i: int) -> Iterator[tuple[int, tuple[Pred, tuple[Things, ...]]]]:
        """Tags of feature flags are texts such as owner:alice."""
        for starts_with_noun in (True, False):
            for j in self.says(i, "tag") if starts_with_noun else [i]:
                for k, keys, _ in self._keys(self.skip(j, "called|named")):
                    for m in [k] if starts_with_noun else self.says(k, "tag"):
                        yield m, (both(*(flag_tag(key) for key in keys)), ())

    @rule
    def _prop_tail(self, j: int, prop: Prop) -> Iterator[tuple[int, Pred]]:  # noqa: C901 - the alternatives of one grammar rule
        """A value that is had: any, or one about which more is said."""
        yield from self._strategy_action(j, prop)
        for k in self.says(j, "in|write in|that be in|which be in") if prop.type == "text" else []:
            yield from self.naming(k, prop)  # names in snake_case
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
                combine = either if self.tokens[j].base == "or" else both
                for n in self.says(m, "as runtime input|as an input at run time"):
                    yield n, combine(tested(prop, "runtime_input"), tested(second, "runtime_input"))
                for n, pred in self.about(m, second):
                    for p, first in self.about(m, prop):
                        if p == n and n > m:
                            yield n, combine(first, pred)
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
                yield k + 1, matches(prop, f"^{re.escape(token.text)}[/:]")
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
                if _fits(prop, comparison):
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

    def _strategy_action(self, j: int, prop: Prop) -> Iterator[tuple[int, Pred]]:
        """A failure strategy with rollback: one of the strategies takes that action; any rollback, if no kind is named."""
        strategies = self._strategies_of(prop)
        for k in self.says(j, "with|of|that use|that do|that take"):
            if strategies is not None:
                yield from self._actions_taken(self.skip(k, "action|either"), strategies)

    def _strategies_of(self, prop: Prop) -> Kind | None:
        """The failure strategies of a stage or step, where they are what is spoken of."""
        own = prop.spec is not None and prop.spec.path == "failureStrategies" and not prop.through
        return (
            self.kind(f"{prop.kind.element}_strategies")
            if own and prop.kind.element in ("stage", "step")
            else None
        )

    def strategy_taken(self, j: int, prop: Prop) -> Iterator[tuple[int, Pred]]:
        """(Failure strategies must) include StageRollback or PipelineRollback, (not) be Ignore."""
        strategies = self._strategies_of(prop)
        if strategies is not None:
            for k in self.says(j, "include|contain|be|use|have|do|take|specify|be set to"):
                yield from self._actions_taken(self.skip(k, "action|either|one of|any of"), strategies)

    def _actions_taken(self, k: int, strategies: Kind) -> Iterator[tuple[int, Pred]]:
        spec = next(f for f in strategies.fields if f.path.endswith("action.type"))
        prop = prop_of(strategies, spec)
        for m, found in self.literals(k, prop):
            bare = m == k + 1 and self.tokens[k].text.lower() in ("rollback", "rollbacks")
            kinds = tuple(v for v in spec.values if v.endswith("Rollback")) if bare else found
            action = tested(prop, "is", kinds)
            yield self.skip(m, "action"), has(Things(strategies).narrowed(action), self.facts)

    def _close_bracket(self, j: int, m: int) -> int:
        return m + 1 if self.is_punct(j, "(") and self.is_punct(m, ")") else m

    def _placed(self, j: int, thing: Things) -> Iterator[tuple[int, Things]]:
        """... in an earlier stage, before it, right after that, in the same stage."""
        for words, order in ORDERS:
            for k in self.says(j, words):
                same = self.skip(k, "in same stage|of same stage|within same stage|in the same stage")
                if same > k:
                    yield same, replace(thing, order=order.removeprefix("stage_") + "+same_stage")
                comma = k + 1 if self.is_punct(k, ",(") else k
                for more, again in ORDERS:  # before, in an earlier stage
                    if again.endswith(order) and again != order:
                        yield from (
                            (self._close_bracket(k, m), replace(thing, order=again))
                            for m in self.says(comma, more)
                        )
                yield k, replace(thing, order=order)
        for k in self.says(j, "before|previously|earlier on"):
            comma = k + 1 if self.is_punct(k, ",(") else k
            for words, order in ORDERS:  # before, in an earlier stage
                if order == "stage_before" and comma > k:
                    yield from (
                        (self._close_bracket(k, m), replace(thing, order=order))
                        for m in self.says(comma, words)
                    )
            if self._ends_subject(k):
                yield k, replace(thing, order="before")
        yield j, thing
