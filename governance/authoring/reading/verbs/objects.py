"""What a thing has: fields, tags and other things, in a list."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from governance.authoring.reading.base import rule
from governance.authoring.reading.meaning.coordination import Joined, Part, Word, same_word, without_any
from governance.authoring.reading.meaning.nesting import chain, every
from governance.authoring.reading.meaning.relations import has
from governance.authoring.reading.meaning.typed import Kind, Pred, Things, both, either, negated
from governance.authoring.reading.nouns.abreast import unlike_others
from governance.authoring.reading.values.amounts import Amount, Comparison
from governance.authoring.reading.values.predicates import state_pred
from governance.authoring.reading.values.props import prop_of
from governance.authoring.reading.values.value_tests import compare, tested
from governance.authoring.reading.verbs.entries import Entries
from governance.authoring.reading.verbs.field_objects import FieldObjects
from governance.authoring.reading.words.verbs import ORDERS, SEVERITIES

AND_OR: tuple[tuple[str, Word], ...] = (
    ("and also|and a|and have|and|as well as|plus|along with|together with|but also", "and"),
    ("or|nor", "or"),
)


def _parts(pred: Pred, i: int, j: int) -> tuple[Part, ...]:
    listed = isinstance(pred, Joined) and not pred.clauses
    return pred.parts if listed else (Part(pred, i, j),)  # type: ignore[attr-defined]


class Objects(FieldObjects, Entries):
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
                plain = self.tokens[i].base == "neither"  # neither a version nor a URL: both are missing
                nothing = negated(pred) if plain else without_any(pred, self.tokens, i)
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
                if (
                    self.says(m, "no")
                    or self.comparison(m)
                    or (self.tokens[m : m + 1] and self.tokens[m].article == "a")
                ):
                    for n, (rest, more) in self.objects(m, kind):
                        yield n, (combine(nothing, rest), via + more)

    @rule
    def _any_object(self, i: int, kind: Kind) -> Iterator[tuple[int, tuple[Pred, tuple[Things, ...]]]]:
        """One of a list of objects, joined by whatever word: what "no A and B" leaves out."""
        for j, first in self._object(i, kind):
            k = j + 1 if self.is_punct(j, ",") else j
            k = self.skip(k, "or|and|nor")
            apart = (
                k < self.size
                and self.tokens[k].article == "a"
                and any(
                    s.payload[1] == t.payload[1]
                    for _, s in self.senses(k, "field")
                    for _, t in self.senses(i, "field")
                )
            )  # no budget or a budget of 0
            if k > j and not apart and not self._of_its_own(k) and not self.comparison(k):
                for m, rest in self._any_object(k, kind):
                    parts = (Part(first[0], i, j), *_parts(rest[0], k, m))
                    yield m, (same_word(tuple(replace(p, word="or") for p in parts)), first[1] + rest[1])
            yield j, first

    def _more_objects(self, j: int, found: tuple[Pred, tuple[Things, ...]], kind: Kind, how: str,
                      said: tuple[Part, ...]
                      ) -> Iterator[tuple[int, tuple[Pred, tuple[Things, ...]]]]:  # fmt: skip
        comma = j + 1 if self.is_punct(j, ",/") else j
        for words, name in AND_OR:
            for k in self.says(comma, words):
                if how in ("", name):
                    for m, nxt in self._object(self.skip(k, "also"), kind):
                        parts = (*said, Part(nxt[0], k, m, name, comma > j))
                        merged = (same_word(parts), found[1] + nxt[1])
                        yield from self._more_objects(m, merged, kind, name, parts)
        if comma > j and not self._named_before(comma):
            for m, nxt in self._object(comma, kind):
                for n, rest in self._more_objects(m, nxt, kind, how, (Part(nxt[0], comma, m),)):
                    word: Word = "or" if self._said_or(j, n) else "and"
                    parts = (*said, *(replace(p, word=word) for p in _parts(rest[0], comma, n)))
                    yield n, (same_word(parts), found[1] + rest[1])
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
            for k, prop in self.value_of(self.skip(j, "list of|set of|value for"), kind):
                yield k, (negated(tested(prop, "present")), ())
        licences = next((f for f in kind.fields if f.type == "list" and "icense" in f.path), None)
        for j, names in self.licences(i) if licences is not None else []:
            listed = self.tokens[j - 1].base == "licence" or (
                i > 0 and self.tokens[i - 1].base in ("with", "under")
            )
            if listed and licences is not None:
                yield j, (tested(prop_of(kind, licences), "is", names), ())
        for j, sense in self.senses(i, "state"):  # a public ACL
            owner, spec, value = sense.payload
            said = (
                [k for k, prop in self.field(j, kind) if prop.spec == spec] if owner.name == kind.name else []
            )
            yield from ((k, (state_pred(owner, spec, value), ())) for k in said)
        yield from self._tag_in_brackets(i, kind)
        yield from self._pairs(i, kind)
        if self.entity == "featureFlag":
            yield from self._flag_tags(i)
        i2 = self.skip_all(
            i,
            "every|each|any|all|its own|non-empty|explicit|some|proper|valid|clear|own|explicitly|known|state|declare",
        )
        for j, prop in self.value_of(i2, kind) if not self._severity_word(i2) else []:
            yield from (((k, (p, ())) for k, p in self._prop_tail(j, prop)))
        for j in self.says(i, "zero|no") if self.entity == "securityTests" else []:
            for k, prop in self.value_of(j, kind):
                if prop.type == "number" and not self._severity_word(j):
                    yield k, (compare(prop, Comparison((("at_most", Amount(0, "", "0")),))), ())
        yield from self._value_first(i, kind)
        yield from self._value_inside(i, kind)
        yield from self._leading_bound(i, kind)
        yield from self._limits(i, kind)
        yield from self._inner_field(i, kind)
        yield from self._had_things(i, i2, kind)

    def _had_things(
        self, i: int, i2: int, kind: Kind
    ) -> Iterator[tuple[int, tuple[Pred, tuple[Things, ...]]]]:
        """Other things that a thing has, and where they stand."""
        for j, thing in self._one(i):
            if self._no_part(i, i2, thing, kind):
                continue
            if kind.spec is None and thing.kind.element == "step" and thing.how_many:
                yield from self._per_stage(j, thing)
            within = chain(kind, thing.kind) is not None
            below = ("stage", "step") if kind.element != "step" else ("step",)  # a step has no stages
            elsewhere = kind.spec is None or thing.kind.element in below
            if within or (elsewhere and chain(Kind(kind.entity), thing.kind)):
                for k, placed in self._placed(j, thing):
                    yield from self._instead(k, placed)
                    yield k, (has(placed, self.facts), (placed,))
                    if within and k == j:  # a template with such a step inside
                        yield from (
                            (m, (has(thing, self.facts), (thing,)))
                            for m in self.says(j, "inside|in it|in them|inside it")
                        )

    def _per_stage(self, j: int, thing: Things) -> Iterator[tuple[int, tuple[Pred, tuple[Things, ...]]]]:
        """(A pipeline has) more than 15 steps in one stage, at most 10 steps per stage."""
        upper = all(op in ("at_most", "less_than") for op, _ in thing.how_many)
        lower = any(op == "at_least" for op, _ in thing.how_many)
        counted = has(thing, self.facts)
        for k in self.says(j, "in|within|inside|per|for"):
            spread = self.tokens[k - 1].base == "per" or any(self.says(k, "each|every|all"))
            for m, stage in self._one(self.skip(k, "single|one|same|one single|one and same")):
                if stage.kind.element != "stage" or stage.none or stage.how_many:
                    continue
                if upper or (lower and spread):
                    yield m, (partial(every, things=stage, demand=counted), ())
                else:
                    full = stage.narrowed(counted)
                    yield m, (has(full, self.facts), (full,))

    def _severity_word(self, i: int) -> bool:
        """Critical or high findings: how they are, not the count that is called so."""
        token = self.token(i)
        return (
            self.entity == "securityTests"
            and token is not None
            and token.base in SEVERITIES
            and not token.text.isupper()
        )

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
        if kind.spec is None:
            yield from self.two_alike(i)
        for j in self.says(i, "unique|distinct|different") if kind.spec is not None else []:
            yield from ((k, (unlike_others(prop, False), ())) for k, prop in self.field(j, kind))
        for flag in (f for f in kind.fields if f.path == "spec.privileged"):
            for j in self.says(i, "privileged container|privileged mode|privileged access|privileged right"):
                yield j, (tested(prop_of(kind, flag), "is", (True,)), ())

    def two_alike(self, i: int) -> Iterator[tuple[int, tuple[Pred, tuple[Things, ...]]]]:
        """Two stages of the same name; two steps share an identifier."""
        same = "of same|with same|that have same|that share same|which have same|which share same|have same|share same|sharing same|having same|share|sharing"
        for j in self.says(i, "two|two or more|several|at least two|more than one"):
            for k, thing in self.bare(j):
                for m in self.says(k, same) if thing.kind.spec is not None else []:
                    for n, prop in self.field(m, thing.kind):
                        alike = thing.narrowed(negated(unlike_others(prop, False)))
                        yield n, (has(alike, self.facts), (alike,))

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
