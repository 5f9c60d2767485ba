"""Rules about values: the timeout of X must be Y; only A and B are allowed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from governance.authoring.fields import FieldSpec
from governance.authoring.reading.abreast import unlike_others
from governance.authoring.reading.amounts import Comparison
from governance.authoring.reading.base import rule
from governance.authoring.reading.meaning import (
    STEPS,
    Kind,
    Pred,
    Prop,
    Statement,
    Things,
    both,
    either,
    negated,
)
from governance.authoring.reading.people_rules import PeopleRules
from governance.authoring.reading.predicates import of_types, stage_of_type
from governance.authoring.reading.props import entry_of, prop_of
from governance.authoring.reading.sentence_words import MODALS
from governance.authoring.reading.value_tests import _fits, compare, only_among, tested


class ValueRules(PeopleRules):
    """Grammar of sentences whose subject is a value."""

    def _value_core(self, i: int) -> Iterator[tuple[int, tuple[Statement, ...]]]:
        """The timeout of X must …; X names must …; X's url …; the total cost may not …"""
        for j, thing, prop, none in self._value_subject(i):
            if thing.plain and prop.others and prop.spec is not None and prop.spec.label == "URL":
                thing = thing.narrowed(tested(prop, "present"))  # not every type of connector has one
            for k, pred in self._modal_about(j, prop):
                yield k, (Statement(thing, negated(pred) if none else pred),)
            for k in self.says(j, "be mandatory|be require|be compulsory|be need|must be set|must be give|have to be set|be a must"
                                  "|be obligatory|have to be present|must be present|be necessary|need to be set"):  # fmt: skip
                yield (
                    k,
                    (
                        Statement(
                            thing,
                            tested(prop, "is", (True,)) if prop.type == "flag" else tested(prop, "present"),
                        ),
                    ),
                )
            for k, _ in self.forbidden(j):
                pred = tested(prop, "is", (True,)) if prop.type == "flag" else tested(prop, "present")
                yield k, (Statement(thing, pred if none else negated(pred)),)
            yield from self._forbidden_value(j, thing, prop)
            yield from self._limit_of(j, thing, prop)
            if prop.spec is not None and prop.spec.path == "TotalMonthlyCost":
                for k in self.says(j, MODALS):  # the cost must not increase
                    for m, (pred, _) in self._raising(self.skip(k, "not|never"), thing.kind):
                        denied = self.skip(k, "not|never") > k
                        yield m, (Statement(thing, negated(pred) if denied else pred),)
            yield from self._unique(j, thing, prop)
        yield from self._no_two(i)
        yield from self._same_values(i)
        yield from self._placed_value(i)
        for kind in self._all_kinds():  # anonymous authentication is not allowed
            for j, (pred, _) in self._value_first(i, kind):
                for k, _ in self.forbidden(j):
                    yield k, (Statement(Things(kind), negated(pred)),)

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

    def _limit_of(self, j: int, thing: Things, prop: Prop) -> Iterator[tuple[int, tuple[Statement, ...]]]:
        """Monthly cost limit: 12,000 USD; a cap of 300 dollars."""
        if prop.type not in ("money", "percent"):
            return
        colon = j + 1 if self.is_punct(j, ":") else j
        for k in self.says(colon, "hard limit|limit|upper limit|cap|ceiling|hard cap"):
            k = self.skip(k + 1 if self.is_punct(k, ":") else k, "of|be|at")
            for m, amount in self.amount(k):
                bound = Comparison((("at_most", amount),))
                if _fits(prop, bound):
                    yield m, (Statement(thing, compare(prop, bound)),)

    def _forbidden_value(
        self, j: int, thing: Things, prop: Prop
    ) -> Iterator[tuple[int, tuple[Statement, ...]]]:
        """The connector X is off limits; a score of 7 or more is refused; values above 5 must fail."""
        for k, found in self.literals(j, prop) if prop.type not in ("flag", "map") else []:
            for m, _ in self.forbidden(k):
                yield m, (Statement(thing, negated(tested(prop, "is", found))),)
        for k, comparison in self.comparison(self.skip(j, "of|that be|which be|with|by|be")):
            if _fits(prop, comparison):
                for m, _ in self.forbidden(k):
                    yield m, (Statement(thing, negated(compare(prop, comparison))),)
        for k in self.says(
            j,
            "as|give as|provide as|set as|pass as|leave as|take as|that be|which be|that be give as|which be give as|that be leave as",
        ):
            for m in self.says(
                k, "runtime input|runtime parameter|input at run time|run time input|<+input>"
            ):
                for n, _ in self.forbidden(m):
                    yield n, (Statement(thing, negated(tested(prop, "runtime_input"))),)
        for k in self.says(j, "that|which|with"):
            for m, pred in self.about(self._modal_free(k), prop):
                for n, _ in self.forbidden(m):
                    yield n, (Statement(thing, negated(pred)),)

    def _capped(self, i: int) -> Iterator[tuple[int, tuple[Statement, ...]]]:
        """Cap the monthly bill at N; limit the number of X to N; keep X below N; restrict X to A and B."""
        for words, links in (
            ("cap|limit|restrict|hold|constrain|confine", "at|to"),
            ("keep|hold|leave|stay", ""),
        ):
            for j in self.says(i, words):
                for k, thing, prop, _ in self._value_subject(j):
                    for m in self.says(k, links) if links else [k]:
                        for n, comparison in self.comparison(m):
                            if _fits(prop, comparison):
                                yield n, (Statement(thing, compare(prop, comparison)),)
                        if not links:
                            continue
                        for n, amount in self.amount(m):
                            bound = Comparison((("at_most", amount),))
                            if _fits(prop, bound):
                                yield n, (Statement(thing, compare(prop, bound)),)
                        for n, found in (
                            self.literals(m, prop)
                            if prop.measure in ("plain", "reference", "licence")
                            else []
                        ):
                            yield n, (Statement(thing, only_among(prop, found)),)

    def _placed_value(self, i: int) -> Iterator[tuple[int, tuple[Statement, ...]]]:
        """Caching has to be turned on in CI stages: the thing is named behind the demand."""
        for kind in self._all_kinds():
            entries = [(j, props[0]) for j, (props, _) in self.map_entries(i, kind) if len(props) == 1]
            for j, prop in [*entries, *(self.value_of(i, kind) if kind.spec is not None else [])]:
                for k, pred in self._modal_about(j, prop):
                    for m in self.says(k, "in|on|for|of|inside|within|at"):
                        for n, thing in self.things(m):
                            if thing.kind.name == kind.name and not thing.none:
                                yield n, (Statement(replace(thing, how_many=()), pred),)

    def _value_subject(self, i: int) -> Iterator[tuple[int, Things, Prop, bool]]:  # noqa: C901 - the alternatives of one grammar rule
        j0 = self.skip(i, "no")
        start = self.skip_all(j0, "every|each|all|any")
        if self.topic is not None:
            for m, prop in self._named_tag(start, self.topic.kind):
                yield m, self.topic, prop, j0 > i
        if self.topic is not None and self.entity.startswith("terraform"):
            for m, prop in self.value_of(
                start, self.topic.kind
            ):  # the bucket name: a field, no name of a bucket
                if m > start + 1:
                    yield m, self.topic, prop, j0 > i
        for j, thing in self.bare(start):  # "pipeline names", "the step's timeout"
            k = j + 1 if self.token(j) and self.tokens[j].text == "'s" else j
            for m, prop in self.value_of(k, thing.kind):
                for n, prop2, thing2 in self._value_detail(m, prop, thing):
                    yield n, thing2, prop2, j0 > i
            for m, (props, _) in self.map_entries(k, thing.kind):
                if len(props) == 1:
                    yield m, thing, props[0], j0 > i
        if self.topic is not None:
            for m, (props, _) in self.map_entries(start, self.topic.kind):
                if len(props) == 1:
                    yield m, self.topic, props[0], j0 > i
            for m, prop in self.value_of(start, self.topic.kind):
                yield m, self.topic, prop, j0 > i
        if self.entity == "pipeline":  # "the command of Run steps", "Run commands"
            step = self.kind(STEPS)
            named = {j for j, _ in self.value_of(start, step)}  # "container memory" is the memory of any step
            for j, (types, _, _) in self._step_words(start):
                for m, prop in self.value_of(j, step) if types else []:
                    if m in named:
                        continue
                    yield m, Things(step, (of_types(types),), types=types, plain=False), prop, j0 > i
        for kind in self._all_kinds():  # "the tag region of an environment"
            for j, (props, _) in self.map_entries(start, kind):
                for k in self.says(j, "of|on|in|for|at") if len(props) == 1 else []:
                    for m, thing in self.things(k):
                        if thing.kind.name == kind.name:
                            yield m, thing, props[0], j0 > i
        for kind in self._all_kinds():  # "the timeout of a step"
            for j, prop in self.value_of(start, kind):
                for k in self.says(j, "of|on|in|for|at|from|inside"):
                    for m, thing in self.things(k):
                        if thing.kind.name == kind.name:
                            yield m, thing, prop, j0 > i
                        elif kind.spec is not None and thing.kind.spec is None and self._belongs(kind, thing):
                            pred = self._belongs(kind, thing)
                            own = Things(kind) if thing.plain or pred is None else Things(kind).narrowed(pred)
                            yield m, own, prop, j0 > i
                said = prop.spec.path if prop.spec else ""
                if kind.name == "all_steps" and not said.startswith("spec.resources"):
                    if prop.spec is not None and prop.spec.of_types and j > start + 1 and not prop.others:
                        yield j, self._of_its_types(kind, prop.spec), prop, j0 > i
                    continue
                if (
                    kind.name == "stages"
                    and prop.spec is not None
                    and prop.spec.of_types
                    and j > start + 1
                    and not prop.others
                ):
                    having = either(*(stage_of_type(t) for t in prop.spec.of_types))
                    yield j, Things(kind, (having,), plain=False), prop, j0 > i
                if kind.spec is None or self._only_home(kind):
                    yield j, Things(kind), prop, j0 > i

    def _of_its_types(self, kind: Kind, spec: FieldSpec) -> Things:
        """Approval messages: the steps that can have one."""
        return Things(kind, (of_types(spec.of_types),), types=spec.of_types, plain=False)

    def _named_tag(self, i: int, kind: Kind) -> Iterator[tuple[int, Prop]]:
        """The owner must be …: a tag that was named before."""
        token = self.token(i)
        spec = next((f for f in kind.fields if f.type == "map" and f.parts[-1] == "tags"), None)
        if token is None or spec is None:
            return
        if token.base in self.tag_keys:
            yield self.skip(i + 1, "tag|tag value|value"), entry_of(kind, spec, self.tag_keys[token.base])
        only = set(self.tag_keys.values())
        for j in (
            self.says(i, "tag value|value of tag|value of that tag|that tag|this tag|tag")
            if len(only) == 1
            else []
        ):
            if token.article != "a" and token.text.lower() != "tags":  # the tag must be ...
                yield j, entry_of(kind, spec, next(iter(only)))

    def _value_detail(self, m: int, prop: Prop, thing: Things) -> Iterator[tuple[int, Prop, Things]]:
        yield m, prop, thing
        for k in self.says(m, "of|in|for|on"):
            for n, parent in self.things(k):
                pred = self._belongs(thing.kind, parent)
                if pred is not None:
                    yield n, prop, thing if parent.plain and not parent.base else thing.narrowed(pred)

    def _only_home(self, kind: Kind) -> bool:
        if self.entity == "pipeline" and kind.name == "all_steps":
            return True
        return self.entity in ("sbom", "firewall", "securityTests") and kind.name in (
            "packages",
            "cves",
            "scan_outputs",
        )

    def _all_kinds(self) -> list[Kind]:
        from governance.authoring.reading.lexicon import _kinds

        found = list(_kinds(self.kind("document").entity))  # what there will be, before what changes
        return sorted(found, key=lambda kind: kind.name == "resource_changes")

    def _all_entries(self, j: int, prop: Prop) -> Iterator[tuple[int, Pred]]:
        """Licences must be A or B: each entry of the list, and there must be one."""
        if not prop.through or prop.spec is None or prop.spec.type != "list":
            return
        start = self.skip(j + 1 if self.is_punct(j, ":") else j, MODALS)
        for k in [*self.says(start, "be one of|be either|be"), start]:
            for m, found in self.literals(k, prop):
                m = self.skip(m, "only|and nothing else|nothing else|and no other|exclusively")
                yield m, both(tested(prop, "is", found), only_among(prop, found))

    @rule
    def _modal_about(self, j: int, prop: Prop) -> Iterator[tuple[int, Pred]]:
        yield from self._all_entries(j, prop)
        if self.is_punct(j, ":"):
            yield from self.about(j + 1, prop)
        modal = self.skip(j, MODALS)
        k = self.skip(modal, "always|all|in any case|each")
        neg = self.skip(k, "not|never")
        for m, pred in self.strategy_taken(max(k, neg), prop):
            yield m, negated(pred) if neg > k else pred
        if neg > k:
            for m, pred in self.about(self.skip(neg, "be allow to"), prop, False):
                k2 = self.skip(self.skip(m + 1 if self.is_punct(m, ",") else m, "and|but"), "it|they")
                for n, rest in self._modal_about(k2, prop) if self.skip(k2, MODALS) > k2 > m else []:
                    yield n, both(negated(pred), rest)  # must not be empty and may not contain X
                yield m, negated(pred)
        only = self.skip(k, "only|exclusively")
        if only > k:
            for n in dict.fromkeys(
                (self.skip(only, "be|use|point to|refer to|come from|take value|have|be set to|target"), only)
            ):
                for m, found in self.literals(n, prop):
                    yield m, only_among(prop, found)
            yield from self.naming(only, prop)
            if not self.says(only, "contain|have|include"):  # only letters: nothing but them
                yield from self.about(only, prop)
        yield from self.about(k, prop)
        yield from self._with_keys(k, prop)
        if modal == j:
            for k2, comparison in self.comparison(j):
                if _fits(prop, comparison):
                    yield k2, compare(prop, comparison)

    def _with_keys(self, k: int, prop: Prop) -> Iterator[tuple[int, Pred]]:
        """(Tags must) include team and service."""
        if prop.type == "map" and prop.spec is not None and prop.spec.type == "map":
            for m in self.says(k, "include|contain|have|comprise|carry"):
                for n, keys, _ in self._keys(self.skip(m, "at least|both|key")):
                    entries = (entry_of(prop.kind, prop.spec, key) for key in keys)
                    yield n, both(*(tested(e, "present") for e in entries))

    def _only_core(self, i: int) -> Iterator[tuple[int, tuple[Statement, ...]]]:  # noqa: C901 - the alternatives of one grammar rule
        """Only MIT packages are allowed; only allow connectors of type …; only push to …"""
        if self.entity in ("sbom", "firewall"):
            yield from self._sole_licences(i)
        for j in self.says(
            i,
            "we only accept|we only allow|we only permit|we accept only|we allow only|only have|have only|only want|want only|only see|only keep|only allow|allow only|only permit|permit only|only accept|accept only|only|nothing but|use only|only use|we only use|we only want",
        ):
            j = self.skip(j, "allow|permit|accept|use")
            ends = "be allow|be permit|be ok|be okay|be fine|may be use|can be use|be accept|be acceptable|should be allow" \
                   "|may exist|be use|should be use|can exist|may be create|shall be use|be to be use|may be save" \
                   "|must be use|may ship|can ship|should exist|be good|be legal|be valid|allow|may come in|may be in it"  # fmt: skip
            if self.entity in ("sbom", "firewall"):
                yield from self._only_licences(j, ends)
            for k, thing in self.things(j):
                for m in self.says(
                    k,
                    "may contain|may have|can contain|can have|may use|can use|should contain|may include|may hold|may run",
                ):
                    for n, inner in self.things(m):
                        pred = self._belongs(inner.kind, thing)
                        if (
                            pred is not None
                            and inner.kind.element == "step"
                            and thing.kind.element == "stage"
                        ):
                            yield n, (Statement(inner, pred),)
                yield from self._only_these(k, thing)
                if thing.only:
                    subject = Things(thing.kind, thing.base, words=thing.words)
                    demand = both(*thing.only)
                    for m in [*self.says(k, ends), *self.accepted(k), k]:
                        yield m, (Statement(subject, demand),)
            yield from self._only_known_name(j)
            yield from self._only_from(j, ends)
            for kind in self._all_kinds():
                for k, prop in self.field(j, kind):
                    for m, found in self.literals(k, prop):
                        for n in [*self.says(m, ends), *self.accepted(m), m]:
                            yield n, (Statement(Things(kind), only_among(prop, found)),)
                            for p in self.says(n, "for|in|on"):
                                for q, thing in self.things(p):
                                    if thing.kind.name == kind.name:
                                        yield q, (Statement(thing, only_among(prop, found)),)

    def _only_from(self, j: int, ends: str) -> Iterator[tuple[int, tuple[Statement, ...]]]:
        """Only images from X may be used in Run steps: a value by where it comes from."""
        for kind in self._all_kinds():
            for k, prop in self.field(j, kind):
                if not self.says(k, "from|pull from|host on|out of"):
                    continue
                for m, pred in self._prop_tail(k, prop):
                    inside = either(negated(tested(prop, "present")), pred)
                    for n in self.says(m, ends):
                        yield n, (Statement(Things(kind), inside),)
                        for p in self.says(n, "for|in|on|by"):
                            for q, thing in self.things(p):
                                if thing.kind.name == kind.name:
                                    yield q, (Statement(thing, inside),)

    def _only_these(self, k: int, thing: Things) -> Iterator[tuple[int, tuple[Statement, ...]]]:
        """Only CI stages may push images: whatever does it has to be one of them."""
        what = (*thing.base, *thing.only)
        if not what or thing.none or thing.how_many:
            return
        for m in [*self.says(k, "may|can|should|must|shall|be allow to|be permit to"), k]:
            for n, (pred, via) in self.vp_with_things(m, thing.kind):
                doing = replace(Things(thing.kind, via=via), only=(pred,), plain=False)
                yield n, (Statement(doing, both(*what)),)

    def _only_known_name(self, j: int) -> Iterator[tuple[int, tuple[Statement, ...]]]:
        """Only vault_main may be used: the name of something the installation has stands for its field."""
        document = self.kind("document")
        for spec in document.fields:
            prop = prop_of(document, spec)
            for k, _ in self._from_facts(j, prop) if spec.type == "reference" else []:
                for m, found in self.literals(j, prop):
                    for n in self.accepted(m) if m >= k else []:
                        yield n, (Statement(self.topic or Things(document), only_among(prop, found)),)

    def _only_licences(self, j: int, ends: str) -> Iterator[tuple[int, tuple[Statement, ...]]]:
        """Only MIT and Apache-2.0 (packages) are allowed: each licence has to be one of them."""

        package = self.kind("packages")
        spec = next(f for f in package.fields if f.label == "licences")
        start = self.skip(j, "following licence|these licence|approve licence|permissive licence|licence|package under"
                             "|package with licence|package licence under")  # fmt: skip
        for k, found in self.licences(start + 1 if self.is_punct(start, ":") else start):
            k = self.skip_all(k, "licence|license|package|dependency|library|component")
            for m in [*self.says(k, ends), *self.accepted(k), k]:
                m = self.skip(m, "as licence|for licence|as package licence")
                for n in (m, *self._in_document(m)):
                    yield n, (Statement(Things(package), only_among(prop_of(package, spec), found)),)

    def _sole_licences(self, i: int) -> Iterator[tuple[int, tuple[Statement, ...]]]:
        """MIT and Apache-2.0 are the only licences we allow: each licence has to be one of them."""
        package = self.kind("packages")
        spec = next(f for f in package.fields if f.label == "licences")
        for j, found in self.licences(i):
            bound = Things(package, only=(tested(prop_of(package, spec), "is", found),), plain=False)
            for k in self.says(j, "be only allow|be allow only|may only be use|may only appear|be only acceptable|be acceptable only"
                                  "|be only ok|be ok only|be only permit|be permit only|be only fine|may only occur"):  # fmt: skip
                for m in self.says(k, "for|in|by|on"):
                    for n, thing in self.things(m):
                        mine = (*thing.base, *thing.only)
                        if thing.kind.name == package.name and mine and not thing.none:
                            yield n, (Statement(bound, both(*mine)),)
            for k in self.says(j, "be only|be sole"):
                for m in self.says(
                    k, "licence|accept licence|allow licence|permit licence|acceptable licence|valid licence"
                ):
                    m = self.skip(m, "we|that be|which be|that may be|that we")
                    m = self.skip(m, "allow|accept|permit|acceptable|use|tolerate|want|ok|okay")
                    for n in (m, *self._in_document(m)):
                        yield n, (Statement(Things(package), only_among(prop_of(package, spec), found)),)
