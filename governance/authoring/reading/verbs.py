"""Verb phrases: what is said about a thing, and what follows a noun."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from governance.authoring import rule as r
from governance.authoring.fields import FieldSpec
from governance.authoring.reading.amounts import Comparison
from governance.authoring.reading.base import rule
from governance.authoring.reading.meaning import (
    STEPS,
    At,
    Kind,
    Pred,
    Prop,
    Things,
    all_of,
    both,
    chain,
    document_at,
    either,
    exists,
    negated,
)  # fmt: skip
from governance.authoring.reading.naming import matches
from governance.authoring.reading.nouns import Nouns, in_production, literal_at, of_types, to_environment
from governance.authoring.reading.props import prop_of
from governance.authoring.reading.relations import approver_in, has
from governance.authoring.reading.values import only_among, tested

HAVE = (
    "have|contain|include|carry|hold|feature|come with|define|declare|specify|set|provide|list|state|give|possess"
    "|need|require|need to have|have to have|be give|be equip with|report|show|must have|have in it|be accompany by"
    "|make use of|use|run|take|pin|fix|reference|call|ship|ship with|consist of|bring|involve|have somewhere|execute|go through"
)
LACK = "lack|miss|omit|be without|have no|do without|leave out|come without|go without"
INSIDE = (
    "in|on|inside|within|of|from|for|inside of|belong to|define on|define in|that belong to|that be define on"
    "|on level of|contained in|at|as part of|which be part of|part of|to|under|attach to|declare in|declare on"
    "|use in|use by|be define on|set on|that be in|kept in|when it be part of|among"
)


class Verbs(Nouns):
    """Grammar of verb phrases, relative clauses and other postmodifiers."""

    # --- behind a noun -----------------------------------------------------------------------
    @rule
    def post(self, k: int, thing: Things) -> Iterator[tuple[int, Things]]:
        """A noun phrase with what follows it, longest first."""
        yield from self._post(k, thing, 0)

    def _post(self, k: int, thing: Things, depth: int) -> Iterator[tuple[int, Things]]:
        if depth < 5:
            for m, nxt in self._after_noun(k, thing):
                if m > k:
                    yield from self._post(m, nxt, depth + 1)
        yield k, thing

    @rule
    def _after_noun(self, k: int, thing: Things) -> Iterator[tuple[int, Things]]:  # noqa: C901 - the alternatives of one grammar rule
        kind = thing.kind
        comma = k + 1 if self.is_punct(k, ",") else k
        if thing.role == "approval" or self._is_approval(thing):
            yield from self._approval_by(k, thing)
        for j in self.says(comma, "that|which|who"):
            j = self._modal_free(j)
            for m, (pred, via) in self.vp_with_things(j, kind):
                yield m, replace(thing.narrowed(pred), via=(*thing.via, *via))
        for j in self.says(k, "whose|where"):
            for m, prop in self.value_of(j, kind):
                m2 = self._modal_free(m)
                for n, pred in self.about(m2, prop):
                    yield n, thing.narrowed(pred)
        for j in self.says(k, "with|having|that have|carrying|containing|including|use"):
            for m, (pred, via) in self.objects(j, kind):
                yield m, replace(thing.narrowed(pred), via=(*thing.via, *via))
        for j in self.says(k, "without|lacking|that lack|not having|that have no|with no"):
            for m, pred in self._lacking(j, kind):
                yield m, thing.narrowed(pred)
        if self.entity.startswith("terraform"):
            for j in self.says(k, "of type|of kind|with type"):
                for m, literals in self._resource_types(j):
                    from governance.authoring.reading.nouns import of_resource

                    of_type = of_resource(literals, kind.name)
                    if kind.name == "instances":
                        yield m, replace(thing, outer=(of_type,), types=literals, plain=False)
                        return
                    yield m, thing.narrowed(of_type)
                    return
        for j in self.says(k, "in|for|of|to|on"):
            yield from self._in_environment(j, thing)
        for j in self.says(k, "of|with|in|from|for|as"):
            for m, prop in self.field(j, kind):
                for n, pred in self.about(m, prop):
                    yield n, thing.narrowed(pred)
                for n, found in self.literals(m, prop):
                    yield n, thing.narrowed(tested(prop, "is", found))
        if self.says(
            k,
            "ending in|ending with|end in|end with|starting with|beginning with|start with|begin with|contain",
        ):
            start = k
            for _, prop in self._name_of(kind):
                if self.tokens[k].text.endswith("ing"):
                    for m, pred in self.about(start, prop):
                        yield m, thing.narrowed(pred)
        token = self.token(k)
        if token is not None and thing.plain and kind.spec is not None and kind.element in ("variable", "manifest", "artifact", "header") \
                and (token.quoted or token.kind == "literal" or token.text.isupper()):  # fmt: skip
            for _, prop in self._name_of(kind):
                for m, found in self.literals(k, prop):
                    yield m, thing.narrowed(tested(prop, "is", found))
        for j in self.says(k, "named|called|with the name|by the name of|with the identifier"):
            for _, prop in self._name_of(kind):
                for n, found in self.literals(j, prop):
                    yield n, thing.narrowed(tested(prop, "is", found))
        for j in self.says(k, "of|with|from|in"):
            for m, (pred, _) in self._value_first(j, kind):
                yield m, thing.narrowed(pred)
        for j in self.says(k, "for|of|by"):
            for m, preds in self._modifier(j):
                mine = [p for owner, p in preds if owner.name == kind.name]
                if mine:
                    yield m, thing.narrowed(either(*mine))
        if kind.element == "statement":
            for j in self.says(k, "without|with no|that have no|that lack|lacking|which have no"):
                for m in self.says(j, "where clause|where|where condition|where-clause"):
                    yield m, thing.narrowed(lambda at: r.Not(of=r.Test(
                        value=r.Field(of=at.ref), op="matches", to=(r"(?i)\bwhere\b",))))  # fmt: skip
        for m, sense in self.senses(k, "value"):
            owner, spec, literal = sense.payload
            if owner.name == kind.name and (
                self.tokens[k].text == literal or spec.path.endswith("action.type")
            ):
                yield m, thing.narrowed(tested(prop_of(owner, spec), "is", (literal,)))
        yield from self._own_literal(k, thing)
        for j, pred in self.windows(k):
            yield j, thing.narrowed(pred)
        yield from self._brackets(k, thing)
        yield from self._measured_noun(k, thing)
        yield from self._deployed(k, thing)
        yield from self._parents(k, thing)
        yield from self._participle(k, thing)

    @rule
    def _lacking(self, j: int, kind: Kind) -> Iterator[tuple[int, Pred]]:
        """Without A or B, without A and B: what lacks one of them is meant."""
        for m, (pred, _) in self._object(j, kind):
            k = m + 1 if self.is_punct(m, ",") else m
            k = self.skip(self.skip(k, "or|and|nor"), "without|no")
            if k > m:
                for n, rest in self._lacking(k, kind):
                    yield n, either(negated(pred), rest)
            yield m, negated(pred)

    def _in_environment(self, j: int, thing: Things) -> Iterator[tuple[int, Things]]:
        """Overrides and infrastructures in production, or in an environment by its name."""
        spec = next((f for f in thing.kind.fields if f.path == "environmentRef"), None)
        if spec is None or thing.kind.spec is not None:
            return
        prop = prop_of(thing.kind, spec, "environment")
        for m in self.says(j, "production|production environment|prod environment|production environments"):
            yield m, thing.narrowed(self._production_reference(prop))
        for m, sense in self.senses(
            self.skip(j, "environment|production environment"), "environment", names=True
        ):
            yield m, thing.narrowed(tested(prop, "is", (sense.payload,)))

    def _production_reference(self, prop: Prop) -> Pred:
        """A reference to an environment of type Production, or one whose words say so."""
        known = tuple(e.identifier for e in self.facts.environments if e.type == "Production")
        words = both(
            tested(prop, "has_word", ("prod", "production")),
            negated(tested(prop, "has_word", ("pre", "non"))),
        )
        return either(tested(prop, "is", known), words) if known else words

    def _own_literal(self, k: int, thing: Things) -> Iterator[tuple[int, Things]]:
        """The environment prod, the pipeline nightly_build: a document by its identifier."""
        if thing.kind.spec is not None or not thing.plain:
            return
        spec = next((f for f in thing.kind.fields if f.path == "identifier"), None)
        token = self.token(k)
        if spec is None or token is None:
            return
        prop = prop_of(thing.kind, spec, "identifier")
        if token.quoted or (token.kind == "literal" and re.fullmatch(r"[A-Za-z0-9_-]+", token.text)):
            yield k + 1, thing.narrowed(tested(prop, "is", (token.text,)))
        if self.entity == "environment":
            for j, sense in self.senses(k, "environment", names=True):
                yield j, thing.narrowed(tested(prop, "is", (sense.payload,)))

    def _is_approval(self, thing: Things) -> bool:
        return bool(thing.types) and all(t.endswith("Approval") for t in thing.types)

    def _name_of(self, kind: Kind) -> list[tuple[int, Prop]]:
        order = ("identifier",) if self.entity == "repository" else ("name", "identifier")
        for wanted in order:
            for spec in kind.fields:
                if spec.path == wanted or (spec.label == wanted and wanted == "name"):
                    return [(0, prop_of(kind, spec, "name"))]
        return []

    def _approval_by(self, k: int, thing: Things) -> Iterator[tuple[int, Things]]:
        for j in self.says(k, "from|by|of|through|give by|that list|list|issue by|grant by|provide by|sign by"
                              "|from somebody in|by somebody from|from someone in|by someone in|with|of someone from"
                              "|by member of|from member of|by a member of|that name|from one of"):  # fmt: skip
            j = self.skip(j, "someone in|somebody in|someone from|one of|at least one of|somebody from")
            for m, groups in self.groups(j) if not thing.groups else []:
                yield m, replace(thing, groups=groups, plain=False)
        for j in self.says(k, "with|by|from|of|requiring"):
            for m, comparison in self.comparison(j):
                for n in self.says(m, "approver|approval|people|person|member|pair of eyes|reviewer"):
                    yield (
                        n,
                        thing.narrowed(
                            self._approver_count(comparison.bounds[0][0], comparison.bounds[0][1].value)
                        ),
                    )
            for m, number in self.number(j):
                for n in self.says(m, "approver|approval|people|person|reviewer"):
                    yield n, thing.narrowed(self._approver_count("at_least", number))

    def _approver_count(self, op: r.Op, number: float) -> Pred:
        path = ("spec", "approvers", "minimumCount")
        return lambda at: r.Test(
            value=r.Field(of=at.ref, path=path), op=op, to=(int(number),), measure="number"
        )

    def _brackets(self, k: int, thing: Things) -> Iterator[tuple[int, Things]]:
        """(type USER), (group External Contractors), (aws_db_instance): says the same again."""
        if not self.is_punct(k, "("):
            return
        for m, prop in self.value_of(k + 1, thing.kind):
            for n, found in self.literals(self.skip(m, "be|="), prop):
                if self.is_punct(n, ")"):
                    yield n + 1, thing.narrowed(tested(prop, "is", found))
            if self.is_punct(m, ")"):
                yield m + 1, thing
        token = self.token(k + 1)
        if token and self.is_punct(k + 2, ")") and token.text in thing.types:
            yield k + 3, thing
        for m in range(k + 2, min(k + 14, self.size)):
            if self.is_punct(m, ")"):
                if self._harmless(k + 1, m):
                    yield m + 1, thing
                break

    def _measured_noun(self, k: int, thing: Things) -> Iterator[tuple[int, Things]]:
        """log4j-core older than 2.17.1; packages below version 2."""
        version = next((f for f in thing.kind.fields if f.type == "version" and f.label == "version"), None)
        if version is None:
            return
        prop = prop_of(thing.kind, version, "version")
        j = self.skip(k, "in version|of version|version|at|in a version|with version|in")
        for m, comparison in self.comparison(self.skip(j, "be")):
            if comparison.bounds[0][1].unit in ("version", "") and comparison.bounds[0][1].text:
                from governance.authoring.reading.values import compare

                yield self.skip(m, "version"), thing.narrowed(compare(prop, comparison))

    def _deployed(self, k: int, thing: Things) -> Iterator[tuple[int, Things]]:
        """Deployments to staging, to production, of the service payroll, into namespace x."""
        if thing.kind.element != "stage":
            return
        for j in self.says(k, "to|into|in|on|for|that target|target|that go to|go to|against|of"):
            for m in self.says(
                j, "production|prod|production environment|prod environment|a production environment|live"
            ):
                yield (
                    m,
                    replace(
                        thing, base=(in_production, *thing.only), only=(), role="production", plain=False
                    ),
                )
            for m, envs in self.environments(j):
                yield m, replace(thing.narrowed(to_environment(envs)), role="deployment")
        if self.kind("stages").fields:
            for j in self.says(k, "of service|of a service|for service|of"):
                spec = next(f for f in thing.kind.fields if f.path == "spec.service.serviceRef")
                prop = prop_of(thing.kind, spec, "service")
                j = self.skip(j, "service")
                token = self.token(j)
                if token and (self.tokens[j - 1].base == "service" or token.quoted):
                    for m, found in self.literals(j, prop):
                        yield m, replace(thing.narrowed(tested(prop, "is", found)), role=thing.role)

    def _parents(self, k: int, thing: Things) -> Iterator[tuple[int, Things]]:
        inside = INSIDE if thing.role not in ("approval", "scan") else "in|inside|within"
        for j in self.says(k, inside):
            for m, parent in [*self.bare(j), *self.things(j)]:
                if parent.plain and parent.kind.name == thing.kind.name:
                    yield m, thing
                pred = self._belongs(thing.kind, parent)
                if pred is not None:
                    yield m, thing.narrowed(pred) if not parent.plain else thing

    def _belongs(self, kind: Kind, parent: Things) -> Pred | None:
        if parent.kind.spec is None:
            return lambda at: parent.holds(document_at(at)) if not parent.plain else r.All()
        if kind.element in ("step", "group") and parent.kind.element == "stage":
            return lambda at: parent.holds(at.parent_stage(parent.kind))
        return None

    def _participle(self, k: int, thing: Things) -> Iterator[tuple[int, Things]]:
        """Secrets stored in X, images pushed to Y: a passive without its "be"."""
        token = self.token(k)
        if token is None or token.kind != "word" or (not token.text.endswith(("ed", "en", "ing", "from", "under")) \
                and token.base not in ("build", "keep", "hold", "take", "put", "write")):  # fmt: skip
            return
        for m, pred in self._field_verb(k, thing.kind):
            yield m, thing.narrowed(pred)

    # --- objects -----------------------------------------------------------------------------
    @rule
    def objects(self, i: int, kind: Kind) -> Iterator[tuple[int, tuple[Pred, tuple[Things, ...]]]]:
        """What a thing has: fields, tags and other things, in a list."""
        for j in self.says(i, "no|neither"):  # none of the whole list
            for k, (pred, via) in self._any_object(j, kind):
                yield k, (negated(pred), via)
        for j, first in self._object(i, kind):
            yield from self._more_objects(j, first, kind, "")

    @rule
    def _any_object(self, i: int, kind: Kind) -> Iterator[tuple[int, tuple[Pred, tuple[Things, ...]]]]:
        """One of a list of objects, joined by whatever word: what "no A and B" leaves out."""
        for j, first in self._object(i, kind):
            k = j + 1 if self.is_punct(j, ",") else j
            k = self.skip(self.skip(k, "or|and|nor"), "no")
            if k > j:
                for m, rest in self._any_object(k, kind):
                    yield m, (either(first[0], rest[0]), first[1] + rest[1])
            yield j, first

    def _more_objects(self, j: int, found: tuple[Pred, tuple[Things, ...]], kind: Kind, how: str
                      ) -> Iterator[tuple[int, tuple[Pred, tuple[Things, ...]]]]:  # fmt: skip
        comma = j + 1 if self.is_punct(j, ",") else j
        for words, name in (("and also|and a|and have|and|as well as|plus|along with|together with|but also", "and"),
                            ("or|nor", "or")):  # fmt: skip
            for k in self.says(comma, words):
                if how in ("", name):
                    for m, nxt in self._object(self.skip(k, "also"), kind):
                        combine = both if name == "and" else either
                        merged = (combine(found[0], nxt[0]), found[1] + nxt[1])
                        yield from self._more_objects(m, merged, kind, name)
        if comma > j:
            for m, nxt in self._object(comma, kind):
                for n, rest in self._more_objects(m, nxt, kind, how):
                    joined = either if self._said_or(j, n) else both
                    yield n, (joined(found[0], rest[0]), found[1] + rest[1])
        yield j, found

    def _said_or(self, j: int, n: int) -> bool:
        return any(t.base in ("or", "nor") for t in self.tokens[j:n])

    @rule
    def _object(self, i: int, kind: Kind) -> Iterator[tuple[int, tuple[Pred, tuple[Things, ...]]]]:
        for j, (props, how) in self.map_entries(i, kind):
            for k, pred in self._entry_tail(j, props, how):
                yield k, (pred, ())
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
        for j, thing in self._one(i):
            if thing.kind.spec is None and kind.spec is None:
                continue
            if chain(kind, thing.kind) is not None or chain(Kind(kind.entity), thing.kind):
                for k, placed in self._placed(j, thing):
                    yield k, (has(placed, self.facts), (placed,))

    def _value_first(self, i: int, kind: Kind) -> Iterator[tuple[int, tuple[Pred, tuple[Things, ...]]]]:
        """Anonymous authentication, https URLs, the default namespace: the value before its field."""
        for spec in kind.fields:
            if spec.label == "URL" or spec.path.endswith("repoURL"):
                for m, pred in self._address(i, self._grouped(kind, spec), ()):
                    yield m, (pred, ())
        for j in range(i + 1, min(i + 9, self.size)):
            for k, sense in self.senses(j, "field"):
                owner, spec = sense.payload
                if owner.name != kind.name or (not spec.values and spec.type not in ("text", "reference")):
                    continue
                prop = self._grouped(kind, spec)
                for m, found in self.literals(i, prop):
                    word = self.tokens[i].kind == "word" and not self.tokens[i].quoted and not spec.values
                    if self.skip(m, "for|as") == j and m < j and spec.values:
                        yield k, (tested(prop, "is", found), ())
                    if m == j and (not word or (m == i + 1 and spec.parts[-1].lower().endswith(_PLACES))):
                        yield k, (tested(prop, "is", found), ())

    def _value_inside(self, i: int, kind: Kind) -> Iterator[tuple[int, tuple[Pred, tuple[Things, ...]]]]:
        """'test' or 'tmp' in their name; the word PASSWORD in the name."""
        anything = Prop(kind, lambda at: r.Field(of=at.ref), "text")
        token = self.token(self.skip_all(i, "word|text|string|letter"))
        if token is None or token.kind == "punct":
            return
        for j, found in self.literals(self.skip_all(i, "word|text|string|letter"), anything):
            for k in self.says(j, "in|inside|anywhere in|somewhere in|as part of|as a part of"):
                for m, prop in self.field(k, kind):
                    if prop.type in ("text", "reference"):
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

    def _leading_bound(self, i: int, kind: Kind) -> Iterator[tuple[int, tuple[Pred, tuple[Things, ...]]]]:
        """At least 80 % code coverage, at least 2 approvers, a maximum of 4Gi memory."""
        from governance.authoring.reading.values import _fits, compare

        for j, comparison in self.comparison(i):
            for k, prop in self.value_of(self.skip(j, "of"), kind):
                if _fits(prop, comparison):
                    yield k, (compare(prop, comparison), ())

    def _entry_tail(self, j: int, props: tuple[Prop, ...], how: str) -> Iterator[tuple[int, Pred]]:
        combine = both if how == "and" else either
        for k in self.says(
            j,
            "with value|with the value|set to|of value|that be set to|equal to|that be|which be|whose value be|=",
        ):
            for m, found in self.literals(k, props[0]):
                yield m, combine(*(tested(p, "is", found) for p in props))
        for k in self.says(j, "that be not empty|that be not blank|that be non-empty|that be set|not empty"
                              "|which be not empty|which may not be empty|that be fill"):  # fmt: skip
            yield k, combine(*(tested(p, "present") for p in props))
        yield j, combine(*(tested(p, "present") for p in props))

    def _flag_tags(self, i: int) -> Iterator[tuple[int, tuple[Pred, tuple[Things, ...]]]]:
        """Tags of feature flags are texts such as owner:alice."""
        for starts_with_noun in (True, False):
            for j in self.says(i, "tag") if starts_with_noun else [i]:
                for k, keys, _ in self._keys(self.skip(j, "called|named")):
                    for m in [k] if starts_with_noun else self.says(k, "tag"):
                        yield m, (both(*(_flag_tag(key) for key in keys)), ())

    @rule
    def _prop_tail(self, j: int, prop: Prop) -> Iterator[tuple[int, Pred]]:  # noqa: C901 - the alternatives of one grammar rule
        """A value that is had: any, or one about which more is said."""
        for k in self.says(j, "as runtime input|as an input at run time|as runtime parameter|at run time"):
            yield k, tested(prop, "runtime_input")
        for k in self.says(j, "or|and"):
            for m, second in self.value_of(k, prop.kind):
                combine = either if self.tokens[j].base == "or" else both
                for n in self.says(m, "as runtime input|as an input at run time"):
                    yield n, combine(tested(prop, "runtime_input"), tested(second, "runtime_input"))
                for n, pred in self.about(m, second):
                    for p, first in self.about(m, prop):
                        if p == n and n > m:
                            yield n, combine(first, pred)
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
        k = self.skip(j, "of|with|be|that be|which be|that|which|:|equal to|set to|called|with value|like")
        k = self.skip(k, "be") if k > j else k
        if k > j:
            for m, pred in self.about(self._modal_free(k), prop):
                yield m, pred
        for m, pred in self.about(j, prop):
            yield m, pred
        for m, found in self.literals(k, prop):
            yield m, tested(prop, "is", found)
        yield j, tested(prop, "is", (True,)) if prop.type == "flag" else tested(prop, "present")

    def _placed(self, j: int, thing: Things) -> Iterator[tuple[int, Things]]:
        """... in an earlier stage, before it, right after that, in the same stage."""
        for words, order in ORDERS:
            for k in self.says(j, words):
                same = self.skip(k, "in same stage|of same stage|within same stage|in the same stage")
                if same > k:
                    yield same, replace(thing, order=order.removeprefix("stage_") + "+same_stage")
                yield k, replace(thing, order=order)
        yield j, thing

    # --- verb phrases ------------------------------------------------------------------------
    def _modal_free(self, j: int) -> int:
        return self.skip(
            j, "must|have to|should|need to|can|may|will|shall|do|be to|would|could|ought to|might"
        )

    @rule
    def vp(self, i: int, kind: Kind) -> Iterator[tuple[int, Pred]]:
        """What is said about a thing of this kind, without the modal."""
        for j, (pred, _) in self.vp_with_things(i, kind):
            yield j, pred

    @rule
    def vp_with_things(self, i: int, kind: Kind) -> Iterator[tuple[int, tuple[Pred, tuple[Things, ...]]]]:
        for j, first in self._vp_one(i, kind):
            yield from self._more_vp(j, first, kind)

    def _more_vp(self, j: int, found: tuple[Pred, tuple[Things, ...]], kind: Kind
                 ) -> Iterator[tuple[int, tuple[Pred, tuple[Things, ...]]]]:  # fmt: skip
        comma = j + 1 if self.is_punct(j, ",") else j
        if comma > j:
            for k in self.says(comma, "in|on|with|using"):
                for m, prop in self.field(k, kind):
                    for n, values in self.literals(m, prop):
                        yield from self._more_vp(
                            n, (both(found[0], tested(prop, "is", values)), found[1]), kind
                        )
        for words, combine in (("and|but|and also|as well as", both), ("or|nor", either)):
            for k in self.says(comma, words):
                k = self._modal_free(self.skip(k, "it|they|that|which|also|to"))
                k = self.skip(k, "also")
                for m, nxt in self._vp_one(k, kind):
                    yield from self._more_vp(m, (combine(found[0], nxt[0]), found[1] + nxt[1]), kind)
        yield j, found

    @rule
    def _vp_one(self, i: int, kind: Kind) -> Iterator[tuple[int, tuple[Pred, tuple[Things, ...]]]]:  # noqa: C901 - the alternatives of one grammar rule
        for j in self.says(
            i, "do not|not|never|do never|no longer|in no case|have not|have never|be not|have not yet"
        ):
            if self.tokens[j - 1].base in ("not", "never") and self.tokens[i].base == "be":
                continue
            for k, (pred, _) in self._vp_one(self.skip(j, "ever"), kind):
                yield k, (negated(pred), ())
        for j in self.says(i, "also|always|explicitly|only ever|all|themselves|actually|directly|either"):
            yield from self._vp_one(j, kind)
        for j in self.says(i, LACK):
            for k, (pred, _) in self.objects(j, kind):
                yield k, (negated(pred), ())
        for k, pred in self._field_verb(i, kind):
            yield k, (pred, ())
        for k, found in self._split_verb(i, kind):
            yield k, found
        for k, sense in self.senses(i, "value"):
            owner, spec, literal = sense.payload
            if (
                sense.words[0] in ("inherit", "roll", "mark", "retry", "ignore")
                and chain(kind, owner) is not None
            ):
                wanted = Things(owner, (tested(prop_of(owner, spec), "is", (literal,)),), plain=False)
                k = self.skip(k, "on failure|when it fail|on error|if it fail|when they fail|on any failure|when failing"
                                 "|in case of failure|if something fail|when something fail")  # fmt: skip
                pred = has(wanted, self.facts) if owner.name != kind.name else wanted.base[0]
                yield k, (pred, ())
        for k, pred in self._being(i, kind):
            yield k, (pred, ())
        for k, found in self._domain(i, kind):
            yield k, found
        for j in self.says(i, HAVE):
            if kind.element == "statement":
                for k, patterns in self.sql_words(j):
                    from governance.authoring.reading.nouns import sql_matches

                    yield k, (sql_matches(patterns), ())
            yield from self.objects(j, kind)
        verb = self.token(i)
        if kind.spec is not None and kind.spec.scalar and verb is not None and verb.base in _SAYING:
            own = Prop(kind, lambda at: r.Field(of=at.ref), "licence" if kind.element == "licence" else "text",
                       FieldSpec("", "text", kind.element), kind.element)  # fmt: skip
            for k, pred in self.about(i, own):
                yield k, (pred, ())
        for k, pred in self._own_measure(i, kind):
            yield k, (pred, ())
        for k, pred in self._own_name(i, kind):
            yield k, (pred, ())

    def _own_name(self, i: int, kind: Kind) -> Iterator[tuple[int, Pred]]:
        """Variables that begin with X: the name is meant."""
        if any(
            self.says(i, w) for w in ("start with|begin with|end with|end in|be prefix with|be call|be name",)
        ):
            for _, prop in self._name_of(kind):
                yield from self.about(i, prop)

    def _own_measure(self, i: int, kind: Kind) -> Iterator[tuple[int, Pred]]:
        """Values a verb alone speaks about: run for 5 minutes, cost 800, live 30 days."""
        from governance.authoring.reading.values import compare

        table = [("run for|run|take|last|time out|finish|complete|be do|end|be finish", "timeout"), ("cost|be worth", "cost"),
                 ("live for|live|be valid for|be valid|last for|last|expire|remain valid for|be good for|exist for|exist"
                  "|be issue for|stay valid for", "lifetime")]  # fmt: skip
        for words, what in table:
            for j in self.says(i, words):
                for prop in self._props_named(what, kind):
                    for k, comparison in [
                        *self.comparison(j),
                        *self.comparison(self.skip(j, "after|in|for")),
                    ]:
                        from governance.authoring.reading.values import _fits

                        if _fits(prop, comparison):
                            yield k, compare(prop, comparison)
                    for m in self.says(j, "after|in"):
                        for k, amount in self.amount(m):
                            if amount.unit == "duration" and self.tokens[j - 1].base in (
                                "expire",
                                "out",
                                "end",
                            ):
                                yield k, compare(prop, Comparison((("at_most", amount),)))

    def _props_named(self, what: str, kind: Kind) -> list[Prop]:
        from governance.authoring.reading.props import lifetime

        if what == "lifetime":
            return [lifetime(kind)] if self.entity == "token" and kind.spec is None else []
        paths = {"timeout": ("timeout",), "cost": ("TotalMonthlyCost", "CurrentMonthlyCost")}[what]
        return [prop_of(kind, f, what) for f in kind.fields if f.path in paths]

    @rule
    def _being(self, i: int, kind: Kind) -> Iterator[tuple[int, Pred]]:
        for j in self.says(i, "be|remain|stay|be keep|become"):
            for words in ("not|never",):
                for k in self.says(j, words):
                    for m, pred in self._complement(k, kind):
                        yield m, negated(pred)
            yield from self._complement(j, kind)

    @rule
    def _complement(self, j: int, kind: Kind) -> Iterator[tuple[int, Pred]]:  # noqa: C901 - the alternatives of one grammar rule
        """What a thing is: a state, of a type, in a place, one of several kinds."""
        for k, sense in self.senses(j, "state"):
            owner, spec, value = sense.payload
            if owner.name == kind.name:
                from governance.authoring.reading.nouns import state_pred

                yield k, state_pred(owner, spec, value)
        only = self.skip(j, "only|exclusively")
        for m in {j, only}:
            for k, preds in self._modifier(m):
                mine = [p for owner, p in preds if owner.name == kind.name]
                if mine and m == j:
                    for n, sense in self.senses(k, "noun"):
                        if sense.payload.name == kind.name:
                            yield n, either(*mine)
                    yield k, either(*mine)
        for k in self.says(j, "of"):
            for m, prop in self.field(k, kind):
                for n, found in self.literals(m, prop):
                    yield n, tested(prop, "is", found)
        for k in self.says(j, "in|on|within|at|under"):
            for m, prop in self.value_of(k, kind):
                for n, found in self.literals(m, prop):
                    yield n, tested(prop, "is", found)
        if self.entity == "template" and kind.spec is None:
            for k, (types, _, _) in self._step_words(j):
                if types:
                    child = next(f for f in kind.fields if f.path == "childType")
                    yield self.skip(k, "step"), tested(prop_of(kind, child), "is", types)
        if kind.element == "step":
            for k, (types, _, _) in self._step_words(j):
                if types:
                    yield self.skip(k, "step"), of_types(types)
        for prop in self._default_value(kind):
            for k, comparison in self.comparison(j):
                from governance.authoring.reading.values import _fits, compare

                if _fits(prop, comparison) and comparison.bounds[0][1].unit == "version":
                    yield k, compare(prop, comparison)
            if kind.element in ("resource", "change", "instance"):
                for k, found in self.literals(j, prop):
                    yield k, tested(prop, "is", found)
                for k in self.says(j, "only"):
                    for n, found in self.literals(k, prop):
                        yield n, only_among(prop, found)

    def _default_value(self, kind: Kind) -> list[Prop]:
        """The value people mean when they name a thing and a number: its version, its size."""
        if kind.element == "package":
            return [prop_of(kind, f) for f in kind.fields if f.label == "version"]
        if kind.element in ("resource", "change", "instance"):
            return [prop_of(kind, f) for f in kind.fields if f.path.endswith("instance_type")]
        return []

    def _split_verb(self, i: int, kind: Kind) -> Iterator[tuple[int, tuple[Pred, tuple[Things, ...]]]]:
        """Load manifests from branch X: a verb whose object stands inside it."""
        token = self.token(i)
        if token is None or token.kind != "word":
            return
        for j, thing in self._one(i + 1):
            if thing.kind.spec is None or chain(kind, thing.kind) is None:
                continue
            for k in self.says(j, "from|in|to|with|through|on|at|under"):
                said = [token.base, *(t.base for t in self.tokens[j:k])]
                for spec in thing.kind.fields:
                    if tuple(said) in self._verbs_of(thing.kind, spec):
                        prop = self._grouped(thing.kind, spec)
                        for m, pred in self._verb_value(k, prop, spec, thing.kind):
                            yield m, (has(thing.narrowed(pred), self.facts), (thing,))

    def _verbs_of(self, kind: Kind, spec: FieldSpec) -> set[tuple[str, ...]]:
        from governance.authoring.reading import vocabulary
        from governance.authoring.reading.lexicon import key

        said = vocabulary.VERBS.get(f"{self.entity}:{spec.path}") or vocabulary.VERBS.get(spec.path, "")
        return {key(phrase) for phrase in said.split("|") if phrase}

    def _verb_value(self, k: int, prop: Prop, spec: FieldSpec, kind: Kind) -> Iterator[tuple[int, Pred]]:
        """The value a verb points to, also "any branch other than main"."""
        k = self.skip(k, "any|other|a")
        k = self._skip_field(k, spec, kind)
        for j in self.says(k, "other than|but|except|apart from|different from|beside|than"):
            for m, found in self.literals(self._skip_field(j, spec, kind), prop):
                yield m, outside(prop, found)
        for m, found in self.literals(k, prop):
            yield self._skip_noun_after(m, spec), tested(prop, "is", found)

    @rule
    def _field_verb(self, i: int, kind: Kind) -> Iterator[tuple[int, Pred]]:
        """A verb that stands for a field: stored in X, points to Y, runs on Z."""
        for j, sense in self.senses(i, "verb"):
            owner, spec = sense.payload
            if owner.name != kind.name:
                continue
            if "push" in sense.words or "publish" in sense.words:
                named = next(self.senses(self.skip(j, "only"), "connector", names=True), None) is not None
                if named != (spec.path == "spec.connectorRef"):
                    continue  # a registry by its host, or by the connector that knows it
            prop = self._grouped(owner, spec)
            if prop.type == "flag":
                yield j, tested(prop, "is", (True,))
                continue
            for op, k in self._only(self.skip(j, "be") if sense.words[-1] != "be" else j):
                if (
                    sense.words[-1] in _GENERIC_VERBS
                    and len(sense.words) == 1
                    and self._plain_word(k, spec, kind)
                ):
                    continue
                for m, pred in self._address(self._skip_field(k, spec, kind), prop, sense.words):
                    yield m, pred
                for m, pred in self._verb_value(k, prop, spec, kind):
                    if op != "only":
                        yield m, pred
                k = self._skip_field(k, spec, kind)
                for m, found in self.literals(k, prop):
                    m = self._skip_noun_after(m, spec)
                    if spec.path == "template.templateRef":
                        yield from self._in_version(m, tested(prop, "is", found), kind)
                    if op == "only":
                        yield m, only_among(prop, found)
                    else:
                        yield from self._or_any_other(m, tested(prop, "is", found), prop, spec, kind)
                        yield m, tested(prop, "is", found)
                yield from self._verb_with_prefix(k, prop, sense.words, op)
                if prop.measure in ("version", "number"):
                    for m, pred in self.about(k, prop):
                        yield m, pred

    def _verb_with_prefix(
        self, k: int, prop: Prop, words: tuple[str, ...], op: str
    ) -> Iterator[tuple[int, Pred]]:
        yield from self.about(k, prop)

    def _or_any_other(
        self, m: int, pred: Pred, prop: Prop, spec: FieldSpec, kind: Kind
    ) -> Iterator[tuple[int, Pred]]:
        """... a, b or any other namespace that starts with c."""
        comma = m + 1 if self.is_punct(m, ",") else m
        for j in self.says(comma, "or any other|or any|or another|nor any|nor any other|nor"):
            k = self._skip_field(j, spec, kind)
            for n in self.says(k, "that|which|whose name") if k > j else []:
                for p, more in self.about(n, prop):
                    yield p, either(pred, more)

    def _in_version(self, m: int, pred: Pred, kind: Kind) -> Iterator[tuple[int, Pred]]:
        """... the template X in version 2.1.0 or newer."""
        from governance.authoring.reading.values import compare

        spec = next((f for f in kind.fields if f.path == "template.versionLabel"), None)
        if spec is None:
            return
        for j in self.says(m, "in version|at version|with version|in a version|version|in version of"):
            for k, comparison in self.comparison(j):
                if comparison.bounds[0][1].unit == "version":
                    yield k, both(pred, compare(prop_of(kind, spec), comparison))

    def _plain_word(self, k: int, spec: FieldSpec, kind: Kind) -> bool:
        """A plain word behind "use" or "have" names no value unless its field is said."""
        if self._skip_field(k, spec, kind) != k:
            return False
        token = self.token(self.skip(k, "only|either"))
        known = any(s.payload[1] == spec for _, s in self.senses(k, "value"))
        fact = any(
            next(self.senses(k, c, names=True), None)
            for c in ("connector", "manager", "template", "environment")
        )
        return token is None or (token.kind == "word" and not token.quoted and not known and not fact)

    def _address(self, k: int, prop: Prop, words: tuple[str, ...]) -> Iterator[tuple[int, Pred]]:
        """An address that ends with a slash stands for everything below it."""
        k = self.skip_all(k, "repository of organisation|repository|organisation|address")
        k = k + 1 if self.is_punct(k, ":") else k
        token = self.token(k)
        if token is None:
            return
        if token.text.startswith("http") and (token.text.endswith("/") or "under" in words):
            yield k + 1, tested(prop, "starts_with", (token.text,))
        elif re.fullmatch(r"https?://[^/]+", token.text) and self.tokens[k - 1].base != "exactly":
            yield k + 1, matches(prop, f"^{re.escape(token.text)}(/|$)")
        if prop.spec is not None and "rl" in prop.spec.path[-6:].lower():
            for scheme in ("https", "http"):
                for m in self.says(k, f"{scheme} url|{scheme} address|{scheme}|plain {scheme}|{scheme} link"):
                    yield m, tested(prop, "starts_with", (scheme + "://",))

    def _grouped(self, owner: Kind, spec: FieldSpec) -> Prop:
        mark = (owner.name, spec.path)
        if mark not in self.props:
            self.props[mark] = self._group(owner, spec)
        return self.props[mark]

    def _group(self, owner: Kind, spec: FieldSpec) -> Prop:
        same = [f for f in owner.fields if f.label == spec.label and f.type == spec.type]
        if spec.label == "URL":  # every type of connector has its own
            same += [f for f in owner.fields if f.label.endswith(" URL") and f.type == spec.type]
        props = [prop_of(owner, f, spec.label) for f in same if f != spec]
        return replace(prop_of(owner, spec, spec.label), others=tuple(props))

    def _skip_field(self, k: int, spec: FieldSpec, kind: Kind) -> int:
        best = k
        for m, sense in self.senses(k, "field"):
            if sense.payload[1] == spec or (
                sense.payload[1].label == spec.label and sense.payload[0].name == kind.name
            ):
                best = max(best, m)
        return self.skip(best, "called|named|with the name|of|with identifier")

    def _skip_noun_after(self, m: int, spec: FieldSpec) -> int:
        for n, sense in self.senses(m, "field"):
            if sense.payload[1] == spec:
                return n
        return m

    @rule
    def _domain(self, i: int, kind: Kind) -> Iterator[tuple[int, tuple[Pred, tuple[Things, ...]]]]:  # noqa: C901 - the alternatives of one grammar rule
        """Relations of the field: deploying, approving, scanning, pushing, order."""
        if self.entity in ("pipeline", "template"):
            yield from self._deploying(i, kind)
            yield from self._approving(i, kind)
            yield from self._scanning(i, kind)
            yield from self._pushing(i, kind)
            yield from self._order_verb(i, kind)
        if kind.spec is None and self.has_collection("secret_reads"):
            yield from self._reading_secrets(i)
        if self.entity == "featureFlag" and kind.spec is None:
            for j in self.says(i, "be own by|belong to|have as owner"):
                for k, preds in self._modifier(j):
                    mine = [p for owner, p in preds if owner.name == "owners"]
                    if mine:
                        owners = Things(self.kind("owners"), (either(*mine),), plain=False)
                        yield k, (has(owners, self.facts), (owners,))
        if self.entity == "terraformPlan" and kind.spec is None:
            yield from self._changing(i)
        if self.entity == "terraformPlan" and kind.element == "change":
            yield from self._made_by_plan(i)
        if self.entity == "dbSql" and kind.spec is None:
            for j, patterns in self.sql_words(i):
                yield self.skip(j, "row|record|data"), (self._sql(patterns), ())
        if self.entity == "dbSql" and kind.element == "statement":
            from governance.authoring.reading.nouns import sql_matches

            for j, patterns in self.sql_words(i):
                yield self.skip(j, "row|record|data"), (sql_matches(patterns), ())
            for j in self.says(
                i,
                "have where clause|contain where clause|have where|have where condition|use where clause|include where clause",
            ):
                yield j, (sql_matches((r"(?i)\bwhere\b",)), ())
        if self.entity == "token" and kind.spec is None:
            for j in self.says(i, "expire|run out"):
                end = next(prop_of(kind, f) for f in kind.fields if f.path == "validTo")
                yield j, (tested(end, "present"), ())
        if self.entity == "terraformPlanCost" and kind.spec is None:
            yield from self._raising(i, kind)

    def _reading_secrets(self, i: int) -> Iterator[tuple[int, tuple[Pred, tuple[Things, ...]]]]:
        for j in self.says(
            i,
            "read secret|use secret|reference secret|access secret|resolve secret|read any secret|get secret",
        ):
            k = self.skip(j, "with|through|via|by|using")
            token = self.token(k)
            if k > j and token is not None and "getvalue" in token.base:
                j = k + 1
            things = Things(self.kind("secret_reads"), plain=False)
            yield j, (has(things, self.facts), (things,))

    def _sql(self, patterns: tuple[str, ...]) -> Pred:
        from governance.authoring.reading.nouns import sql_matches

        things = Things(self.kind("statements"), (sql_matches(patterns),), plain=False)
        return has(things, self.facts)

    def _raising(self, i: int, kind: Kind) -> Iterator[tuple[int, tuple[Pred, tuple[Things, ...]]]]:
        """Raise the monthly bill by more than 20 percent."""
        from governance.authoring.reading.values import _fits, compare

        for j in self.says(
            i, "raise|increase|grow|push up|drive up|add to|bump|rise|go up|lift|climb|jump|exceed"
        ):
            k = self.skip(j, "total monthly cost|monthly cost|monthly bill|bill|cost|total cost|monthly total|spend|it"
                             "|monthly spend|total monthly bill")  # fmt: skip
            k = self.skip(k, "by")
            for path in ("DiffTotalMonthlyCost", "PercentageChangeTotalMonthlyCost"):
                prop = next(prop_of(kind, f) for f in kind.fields if f.path == path)
                for m, comparison in self.comparison(k):
                    if _fits(prop, comparison):
                        yield m, (compare(prop, comparison), ())

    def _deploying(self, i: int, kind: Kind) -> Iterator[tuple[int, tuple[Pred, tuple[Things, ...]]]]:
        for j in self.says(i, "deploy|deploy anything|go|release|target|ship|touch|roll out|reach|be deploy|be release"
                              "|run in|run against|deploy something|change|run|go out|be roll out|hit|deploy directly"):  # fmt: skip
            base = Things(self.kind("stages"), (lambda at: r.Test(
                value=r.Field(of=at.ref, path=("type",)), op="is", to=("Deployment",)),), role="deployment")  # fmt: skip
            k = self.skip(j, "directly|straight|only")
            if self.tokens[j - 1].base in ("touch", "target", "reach", "hit", "change"):
                for m, thing in self._production_or_env(k, base):
                    yield m, self._deploys(thing, kind)
            for n in self.says(k, "to|into|in|onto"):
                for m, thing in self._production_or_env(n, base):
                    for p, placed in self._placed(m, thing):
                        yield p, self._deploys(placed, kind)
        for j in self.says(i, "deploy|ship"):
            for m, thing in self.things(j):
                if thing.kind.element == "stage":
                    yield m, self._deploys(thing, kind)

    def _production_or_env(self, n: int, base: Things) -> Iterator[tuple[int, Things]]:
        for m in self.says(
            n, "production|prod|production environment|prod environment|a production environment|live"
        ):
            yield m, replace(base, base=(lambda at: r.DeploysToProduction(stage=at.ref),), role="production")
        for m, envs in self.environments(n):
            yield m, base.narrowed(to_environment(envs))

    def _deploys(self, thing: Things, kind: Kind) -> tuple[Pred, tuple[Things, ...]]:
        if kind.element == "stage" and not thing.order:
            preds = (*thing.base[:1], *thing.only) if thing.role == "production" else thing.only
            return (lambda at: all_of([p(at) for p in preds])), ()
        if kind.element == "step" and not thing.order:
            return (lambda at: thing.holds(at.parent_stage(thing.kind))), ()
        return has(thing, self.facts), (thing,)

    def _approving(self, i: int, kind: Kind) -> Iterator[tuple[int, tuple[Pred, tuple[Things, ...]]]]:
        approval = Things(self.kind(STEPS), (of_types(self.facts.approval_steps or ("HarnessApproval",)),),
                          role="approval", types=self.facts.approval_steps or ("HarnessApproval",))  # fmt: skip
        for j in self.says(i, "be approve|be sign off|be green-light|get approve|be confirm|approve|be release"
                              "|be sign"):  # fmt: skip
            for m, thing in self._approval_by(j, approval):
                yield self._earlier(m), (has(thing, self.facts), (thing,))
            if self.tokens[j - 1].base in ("approve", "off"):
                for k in self.says(j, "manually|by hand|by somebody|by someone"):
                    yield self._earlier(k), (has(approval, self.facts), (approval,))
                yield self._earlier(j), (has(approval, self.facts), (approval,))
        if kind.element == "step":
            for j in self.says(
                i, "list|name|be approve by|allow|ask|be address to|go to|accept|be give by|be from|be by"
            ):
                for op, k in self._only(j):
                    for m, groups in self.groups(k):
                        m = self.skip(m, "as approver|among approver|as approver group|as approving group")
                        if op == "only":
                            yield m, (_only_approvers(groups), ())
                        else:
                            yield m, (approver_in(groups), ())
            for j in self.says(i, "let|allow|permit|stop|prevent|keep|forbid|block|exclude|bar"):
                stop = self.tokens[j - 1].base in (
                    "stop",
                    "prevent",
                    "keep",
                    "forbid",
                    "block",
                    "exclude",
                    "bar",
                )
                for k in self.says(j, EXECUTOR):
                    for m in self.says(k, "from approving own run|from approve it|approve it|approve own run|approve"
                                          "|from approve own run|from approve|from approve own pipeline|approve it themselves"
                                          "|to approve|to approve it|to approve own run|approve own pipeline"):  # fmt: skip
                        m = self.skip(m, "themselves|himself|own run")
                        m = self._flag_in_brackets(m)
                        yield m, (_executor_blocked if stop else negated(_executor_blocked), ())

    def _flag_in_brackets(self, m: int) -> int:
        if (
            self.is_punct(m, "(")
            and self.is_punct(m + 2, ")")
            and self.tokens[m + 1].text == "disallowPipelineExecutor"
        ):
            return m + 3
        return m

    def _earlier(self, m: int) -> int:
        return self.skip(m, "earlier|before|beforehand|first|in advance|in an earlier stage|in earlier stage|up front"
                            "|at an earlier point")  # fmt: skip

    def _scanning(self, i: int, kind: Kind) -> Iterator[tuple[int, tuple[Pred, tuple[Things, ...]]]]:
        for j in self.says(i, "pass|have pass|go through|undergo|have go through|have|be cover by|complete|have complete"
                              "|succeed in|have run|run"):  # fmt: skip
            for m, thing in self._one(j):
                if thing.role == "scan":
                    yield self._earlier(m), (has(thing, self.facts), (thing,))
        for j in self.says(i, "be scan|have be scan|be check"):
            for k in self.says(j, "by|with|for"):
                for m, (types, role, _) in self._step_words(k):
                    if types and (role == "scan" or self.tokens[k - 1].base != "for"):
                        thing = Things(self.kind(STEPS), (of_types(types),), role="scan", types=types)
                        yield self._earlier(m), (has(thing, self.facts), (thing,))

    def _pushing(self, i: int, kind: Kind) -> Iterator[tuple[int, tuple[Pred, tuple[Things, ...]]]]:
        if not self.facts.image_push_steps:
            return
        types = self.facts.image_push_steps
        push = Things(self.kind(STEPS), (of_types(types),), role="push", types=types)
        for j in self.says(i, "push|build and push|publish|push out|build or push"):
            for k in self.says(
                j,
                "image|container image|docker image|any image|an image|image at all|no image|no container image",
            ):
                none = self.tokens[j].base == "no"
                for m, pred in self._push_detail(k, push.kind):
                    yield m, (has(push.narrowed(pred), self.facts), (push.narrowed(pred),))
                yield k, (has(replace(push, none=none), self.facts), (push,))

    def _push_detail(self, k: int, step: Kind) -> Iterator[tuple[int, Pred]]:
        """... to the host X, anywhere other than Y, with the tag Z, through connector C."""
        host = next(f for f in step.fields if f.path == "spec.host")
        for j in self.says(k, "to|at|on|in"):
            k2 = self._skip_field(j, host, step)
            for m, found in self.literals(k2, prop_of(step, host)):
                yield m, tested(prop_of(step, host), "is", found)
        for j in self.says(k, "anywhere other than|anywhere but|anywhere else than|to anything but|to anything other than"
                              "|elsewhere than|to any registry other than|anywhere except|outside of|outside"
                              "|to a registry other than|other than"):  # fmt: skip
            j = self.skip(j, "to")
            k2 = self._skip_field(j, host, step)
            for m, found in self.literals(k2, prop_of(step, host)):
                yield m, negated(tested(prop_of(step, host), "is", found))
        for j in self.says(k, "with|tag|tag as|under"):
            for m, prop in self.field(j, step):
                for n, found in self.literals(m, prop):
                    yield n, tested(prop, "is", found)

    def _order_verb(self, i: int, kind: Kind) -> Iterator[tuple[int, tuple[Pred, tuple[Things, ...]]]]:
        if kind.element not in ("step", "stage"):
            return
        for j in self.says(i, "run|come|be|happen|be finish|finish|take place|follow|occur|stand|go|be run|be execute"
                              "|be place|be put|sit|have to come|complete|be do"):  # fmt: skip
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
                            placed = replace(thing, order=order)
                            yield m, (has(placed, self.facts), (placed,))
        for words, order in (("be follow by|be follow up by|be follow with", "after"), ("be precede by", "before"),
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

    def _changing(self, i: int) -> Iterator[tuple[int, tuple[Pred, tuple[Things, ...]]]]:
        for j, actions in self._actions(i):
            for m, thing in self.things(j):
                if thing.kind.element != "change" and not (thing.plain and thing.kind.element == "resource"):
                    continue
                wanted = Things(self.kind("resource_changes"), (*(thing.base if thing.kind.element == "change" else ()),
                                acts(actions)), thing.only, how_many=thing.how_many, none=thing.none, plain=False)  # fmt: skip
                m = self.skip(
                    m, "through terraform|with terraform|via terraform|by terraform|using terraform"
                )
                yield m, (has(wanted, self.facts), (wanted,))

    @rule
    def _actions(self, i: int) -> Iterator[tuple[int, tuple[str, ...]]]:
        table = {"destroy": ("delete",), "delete": ("delete",), "remove": ("delete",), "create": ("create",),
                 "add": ("create",), "update": ("update",), "modify": ("update",), "drop": ("delete",),
                 "change": ("update", "create", "delete"), "replace": ("delete",), "touch": ("update", "create", "delete")}  # fmt: skip
        found: list[str] = []
        k = i
        while (token := self.token(k)) is not None and token.base in table:
            found += table[token.base]
            k += 1
            yield k, tuple(dict.fromkeys(found))
            m = self.skip(k + 1 if self.is_punct(k, ",/") else k, "or|and")
            if m == k:
                break
            k = m

    def _made_by_plan(self, i: int) -> Iterator[tuple[int, tuple[Pred, tuple[Things, ...]]]]:
        """(buckets) a plan creates; (instances) being destroyed."""
        j = self.skip(i, "be|get|plan|terraform plan|terraform|a terraform plan|a plan|that be")
        for k, actions in self._actions(j):
            yield (
                self.skip(k, "by plan|by terraform plan|by a plan|in plan|by terraform"),
                (acts(actions), ()),
            )


ORDERS = (
    ("in an earlier stage|in earlier stage|in a previous stage|in a stage before|in stage before it|in a stage before it"
     "|in one of earlier stage|in any earlier stage|in a prior stage", "stage_before"),
    ("in a later stage|in later stage|in a following stage|in a subsequent stage|in one of later stage", "stage_after"),
    ("directly before it|right before it|immediately before it|directly in front of it|right in front of it"
     "|in stage directly before it", "directly_before"),
    ("earlier|before it|before that|beforehand|before them|in front of it|first|before this", "before"),
    ("directly after it|right after it|immediately after it|right after|directly behind it", "directly_after"),
    ("later|after it|afterwards|after that|afterward|behind it|after them", "after"),
    ("in same stage|within same stage", "same_stage"),
)  # fmt: skip
EXECUTOR = (
    "person who start pipeline|person who start it|person who start run|executor|pipeline executor|whoever start it"
    "|whoever start pipeline|person who run it|person who run pipeline|one who run it|person that start pipeline"
    "|user who start pipeline|user who run it|whoever run it|whoever run pipeline|person who trigger it"
    "|person who trigger pipeline|user who trigger pipeline|person that run it|user who run pipeline|initiator"
)


_GENERIC_VERBS = ("use", "have", "be", "take", "run", "allow", "deploy", "target", "carry", "track", "follow")
_SAYING = {"be", "start", "begin", "end", "contain", "include", "match", "equal", "look", "exceed", "have"}
_PLACES = ("namespace", "branch", "revision", "region", "project", "host", "shell")


def outside(prop: Prop, found: tuple[r.Scalar, ...]) -> Pred:
    """There is a value, and it is none of these."""
    return both(tested(prop, "present"), negated(tested(prop, "is", found)))


def _executor_blocked(at: At) -> r.Condition:
    path = ("spec", "approvers", "disallowPipelineExecutor")
    return r.Test(value=r.Field(of=at.ref, path=path), op="is", to=(True,))


def _only_approvers(groups: tuple[str, ...]) -> Pred:
    def pred(at: At) -> r.Condition:
        inner = at.fresh("approver")
        each = r.Items(of=at.ref, path=("spec", "approvers", "userGroups"))
        test = r.Test(value=r.Field(of=inner), op="is", to=groups, measure="reference")
        return r.Every(each=each, name=inner, demand=test)

    return pred


def acts(actions: tuple[str, ...]) -> Pred:
    """The change does one of these; a replacement deletes and creates."""

    def pred(at: At) -> r.Condition:
        inner = at.fresh("action")
        each = r.Items(of=at.ref, path=("change", "actions"))
        return r.Exists(each=each, name=inner, where=r.Test(value=r.Field(of=inner), op="is", to=actions))

    return pred


def _flag_tag(key: str) -> Pred:
    def pred(at: At) -> r.Condition:
        inner = at.fresh("tag")
        test = r.Test(value=r.Field(of=inner), op="matches", to=(f"^{key}(:.*)?$",))
        return r.Exists(each=r.Items(of="document", path=("tags",)), name=inner, where=test)

    return pred


__all__ = ["Verbs", "exists"]
