"""What follows a noun: relative clauses, places, versions, brackets, approvers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from governance.authoring.reading.base import rule
from governance.authoring.reading.meaning.coordination import Joined, Part, Word
from governance.authoring.reading.meaning.relations import has
from governance.authoring.reading.meaning.typed import Kind, Pred, Prop, Things, both, either, negated
from governance.authoring.reading.nouns.approvals import Approvals
from governance.authoring.reading.nouns.brackets import Brackets
from governance.authoring.reading.nouns.left_out import LeftOut
from governance.authoring.reading.nouns.statement_postmods import StatementPostmods
from governance.authoring.reading.nouns.supply_postmods import SupplyPostmods
from governance.authoring.reading.nouns.whereabouts import Whereabouts
from governance.authoring.reading.values.predicates import literal_at, of_resource
from governance.authoring.reading.values.props import lifetime, marked, prop_of
from governance.authoring.reading.values.value_tests import Inside, compare, tested
from governance.authoring.reading.words.sentences import MODALS
from governance.authoring.reading.words.values import STOP, VAGUE

ONLY = frozenset(("only", "exclusively"))


class Postmods(Approvals, LeftOut, Whereabouts, Brackets, SupplyPostmods, StatementPostmods):
    """Grammar of what stands behind a noun."""

    @rule
    def post(self, k: int, thing: Things) -> Iterator[tuple[int, Things]]:
        """A noun phrase with what follows it, longest first."""
        yield from self._post(k, thing, 0)

    def _post(self, k: int, thing: Things, depth: int) -> Iterator[tuple[int, Things]]:
        if depth < 5:
            for m, nxt in self._after_noun(k, thing):
                if m > k:
                    yield from self._or_else(m, thing, nxt)
                    yield from self._post(m, nxt, depth + 1)
        yield k, thing

    def _or_else(self, m: int, thing: Things, first: Things) -> Iterator[tuple[int, Things]]:
        """Variables named A or containing B: one of the two is enough."""
        own = first.only[len(thing.only) :]
        k = self.skip(m, "or")
        word = self.token(k)
        if k == m or not own or first.base != thing.base or word is None or word.kind != "word":
            return
        for n, second in self._after_noun(k, thing):
            other = second.only[len(thing.only) :]
            if n > k and other and second.base == thing.base:
                yield n, replace(thing.narrowed(either(both(*own), both(*other))), via=())

    @rule
    def _after_noun(self, k: int, thing: Things) -> Iterator[tuple[int, Things]]:  # noqa: C901 - the alternatives of one grammar rule
        kind = thing.kind
        comma = k + 1 if self.is_punct(k, ",") else k
        if thing.role == "approval" or self._is_approval(thing):
            yield from self._approval_by(k, thing)
            yield from self._approval_for(k, thing)
        for j in self.says(comma, "that|which|who|and which|and that be|and that have"):
            j = j - 1 if self.tokens[j - 1].base in ("be", "have") and self.tokens[k].base == "and" else j
            j = self._modal_free(j)
            for m, (pred, via) in self.vp_with_things(j, kind):
                yield m, replace(thing.narrowed(pred), via=(*thing.via, *via))
        if self.entity == "terraformPlan" and self.says(k, "open|expose|reachable|accessible|with|allow"):
            for m, (pred, _) in self._opening(k, kind):  # security groups open to the world
                yield m, thing.narrowed(pred)
        if kind.element == "change":
            for j in self.says(k, "plan|terraform plan|terraform"):  # resources a plan creates
                for m, (pred, _) in self._made_by_plan(j):
                    yield m, thing.narrowed(pred)
        for j in self.says(k, "whose|and whose"):
            for m, prop in self.value_of(j, kind):
                m2 = self._modal_free(m)
                for n, pred in self.about(m2, prop):
                    yield n, thing.narrowed(pred)
            for m, (props, _) in self.map_entries(j, kind):
                for n, pred in self.about(m, props[0]) if len(props) == 1 else []:
                    yield n, thing.narrowed(pred)
        for j in self.says(k, "whose") if kind.spec is None else []:
            for m, inner in self.bare(j):
                for n, (pred, _) in (
                    self.vp_with_things(self._modal_free(m), inner.kind) if inner.kind.spec else []
                ):
                    mine = inner.narrowed(pred)
                    yield n, replace(thing.narrowed(has(mine, self.facts)), via=(*thing.via, mine))
                for n, prop in self.value_of(m, inner.kind) if inner.kind.spec and not inner.how_many else []:
                    for p, pred in self.about(self._modal_free(n), prop):  # whose artifact tag is latest
                        mine = inner.narrowed(pred)
                        yield p, replace(thing.narrowed(has(mine, self.facts)), via=(*thing.via, mine))
        if self.token(k) is not None and self.tokens[k].text.lower() in ("tagged", "labelled", "labeled"):
            for j in self.says(k, "tag with|tag as|tag|label with|label as|label"):
                for m, pred in self._carrying(j, kind):
                    yield m, thing.narrowed(pred)
        if thing.role in ("production", "deployment") or kind.spec is None:
            for j in self.says(
                k,
                "by|create by|save by|edit by|change by|submit by|start by|run by|trigger by|make by|do by|of user in|launch by",
            ):
                for m, pred in self.who(j) if thing.role != "approval" else []:
                    yield m, thing.narrowed(pred)
        for j in self.says(k, "in which|for which|where"):
            for m, (pred, via) in self.condition(j, thing):
                yield m, replace(thing.narrowed(pred), via=(*thing.via, *via))
        for j in self.says(k, "with|having|that have|carrying|containing|including|use"):
            for m, (pred, via) in self.objects(j, kind):
                yield m, replace(thing.narrowed(pred), via=(*thing.via, *via))
        for j in self.says(k, "without|lacking|that lack|not having|that have no|with no"):
            for m, pred in self._lacking(j, kind):
                yield m, thing.narrowed(pred)
        if self.entity.startswith("terraform"):
            for j in self.says(k, "of type|of kind|with type"):
                for m, literals in self._resource_types(j):
                    of_type = of_resource(literals, kind.name)
                    if kind.name == "instances":
                        yield m, replace(thing, outer=(of_type,), types=literals, plain=False)
                        return
                    yield m, thing.narrowed(of_type)
                    return
        yield from self._supplied(k, thing)
        for j in self.says(k, "owned by") if self.entity == "featureFlag" and kind.spec is None else []:
            for m, (pred, _) in self.owned_by(j):
                yield m, thing.narrowed(pred)
        yield from self._in_region(k, thing)
        yield from self._in_module(k, thing)
        yield from self._made_with(k, thing)
        if self.entity == "firewall" and kind.element == "package":
            yield from self._affected(k, thing)
        if kind.element in ("manifest", "config"):
            yield from self._of_store(k, thing)
        yield from self._kept(k, thing)
        for j in self.says(k, "in|for|of|to|on"):
            yield from self._in_environment(j, thing)
        yield from self._excepted(k, thing)
        for j in self.says(k, "in|into|from|of|through|with|using"):
            for spec in kind.fields:
                for m, fact in self._from_facts(j, prop_of(kind, spec)) if spec.type == "reference" else []:
                    yield m, thing.narrowed(tested(prop_of(kind, spec), "is", (fact,)))
        for j in self.says(k, "outside of|outside|not in"):
            for m, prop in self.field(j, kind):
                for n, found in self.literals(m, prop):
                    yield n, thing.narrowed(negated(tested(prop, "is", found)))
        for j in self.says(k, "of|with|in|from|for|as|against|on|at|under|into|to|by"):
            for m, prop in self.field(j, kind):
                for n, found in self.literals(m, prop):
                    yield n, thing.narrowed(Inside(prop, found))
                for n, pred in self._unbounded(m, prop):
                    yield n, thing.narrowed(pred)
        for j in (
            self.says(k, "containing|including|that contain|which contain")
            if kind.element == "variable"
            else []
        ):
            for _, prop in self._name_of(kind):
                for m, found in self.literals(self.skip(j, "word"), prop):
                    for n, ignore in self._case(m):
                        yield n, thing.narrowed(tested(prop, "contains", found, ignore_case=ignore))
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
        if token is not None and thing.plain and kind.spec is not None and kind.element in ("variable", "manifest", "artifact", "header", "output", "module") \
                and (token.quoted or token.kind == "literal" or token.text.isupper() or self._bare_name(k, kind)):  # fmt: skip
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
        links = "for|of|by|from|in" if kind.element in ("artifact", "manifest") else "for|of|by"
        for j in self.says(k, "for|of|by|to" if self.entity == "connector" else links):
            for m, preds in self._modifier(j):
                if any(s.payload.spec is None for n, s in self.senses(j, "noun") if n == m):
                    continue  # the last stage of a pipeline is no chained pipeline
                mine = [p for owner, p in preds if owner.name == kind.name]
                if mine:
                    yield m, thing.narrowed(either(*mine))
        if kind.element == "notification":
            yield from self._about_event(k, thing)
        if kind.element == "statement":
            yield from self._of_statement(k, thing)
        elif self.entity == "dbSql" and kind.spec is None:
            yield from self._on_database(k, thing)
        for j in self.says(k, "of type|of kind") if kind.name == "stages" else []:
            for spec in (f for f in kind.fields if f.path == "spec.deploymentType"):
                for m, found in self.literals(j, prop_of(kind, spec)):
                    yield m, thing.narrowed(tested(prop_of(kind, spec), "is", found))
        for j in self.says(k, "with|use|set to|of type|of action|that use|with action|with type"):
            for m, sense in self.senses(j, "value"):
                owner, spec, literal = sense.payload
                told = owner.element in ("strategy", "notification", "event") or (
                    owner.spec is None
                    and len(sense.words) > 1
                    and spec.parts[-1] == "type"
                    and len(spec.parts) > 1
                )  # connectors with static credentials
                if owner.name == kind.name and told:
                    yield m, thing.narrowed(tested(self._grouped(owner, spec), "is", (literal,)))
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
        if self.entity == "token" and kind.spec is None:  # tokens valid for more than 30 days
            j = self.skip(k, "valid for|live|living|with lifetime of|good for|last|lasting|running for|of")
            for m, comparison in self.comparison(j):
                if comparison.bounds[0][1].unit == "duration":
                    yield m, thing.narrowed(compare(lifetime(kind), comparison))
        if self.entity == "terraformPlanCost" and kind.spec is None:  # plans over 3000 dollars
            total = next(prop_of(kind, f) for f in kind.fields if f.path == "TotalMonthlyCost")
            for m, comparison in self.comparison(self.skip(k, "of|worth")):
                if comparison.bounds[0][1].unit in ("money", ""):
                    yield m, thing.narrowed(compare(total, comparison))
        yield from self._deployed(k, thing)
        yield from self._standing(k, thing)
        yield from self._outside(k, thing)
        yield from self._parents(k, thing)
        yield from self._participle(k, thing)

    def _unbounded(self, m: int, prop: Prop) -> Iterator[tuple[int, Pred]]:
        """What is said of a value, but for an "only" at its end: that limits what the verb speaks of."""
        yield from ((n, pred) for n, pred in self.about(m, prop) if self.tokens[n - 1].base not in ONLY)

    def _bare_name(self, k: int, kind: Kind) -> bool:
        """The variable region must ...: a plain word between a single one of them and what is demanded of it."""
        token, before = self.tokens[k], self.tokens[k - 1]
        said = any(s.payload[0].name == kind.name for c in ("field", "noun") for _, s in self.senses(k, c)
                   if c == "field" or s.payload.name == kind.name)  # fmt: skip
        return (
            token.kind == "word"
            and token.base not in STOP | VAGUE
            and not before.text.lower().endswith("s")
            and self.skip(k + 1, MODALS) > k + 1
            and not said
        )

    def _about_event(self, k: int, thing: Things) -> Iterator[tuple[int, Things]]:
        """Notification rules for failed runs, about failures, when the pipeline fails."""
        events = self.kind("notification_events")
        spec = next(f for f in events.fields if f.path == "type")
        for j in self.says(k, "for|about|on|in case of|of|when|that fire on|that report|covering"):
            for m in self.says(
                j,
                "fail run|failure|fail pipeline|pipeline failure|every failure|any failure|fail execution|pipeline fail|run fail|it fail|fail pipeline run",
            ):
                failed = tested(prop_of(events, spec), "is", ("PipelineFailed", "AllEvents"))
                yield m, thing.narrowed(has(Things(events).narrowed(failed), self.facts))

    def _carrying(self, j: int, kind: Kind) -> Iterator[tuple[int, Pred]]:
        """Tagged pci, tagged tier=gold, tagged with owner and team."""
        labels = j > 0 and self.tokens[j - 1].base.startswith("label")
        marks = [f for f in kind.fields if f.type == "map" and f.parts[-1] in ("tags", "labels")]
        spec = next((f for f in marks if labels == (f.parts[-1] != "tags")), next(iter(marks), None))
        token = self.token(j)
        if spec is None or token is None:
            return
        if pair := re.fullmatch(r"([\w./-]+)[=:]([\w./-]+)", token.text):
            yield j + 1, literal_at((*spec.parts, pair.group(1)), (pair.group(2),))
            return
        for k, keys, how in self._keys(j):
            word: Word = "and" if how == "and" else "or"
            parts = tuple(Part(marked(kind, spec, key), j, k, word) for key in keys)
            combine = both if how == "and" else either
            whole = combine(*(p.pred for p in parts))
            yield k, Joined(parts, whole, clauses=False) if len(parts) > 1 else whole

    def _participle(self, k: int, thing: Things) -> Iterator[tuple[int, Things]]:
        """Secrets stored in X, images pushed to Y: a passive without its "be"."""
        token = self.token(k)
        if token is not None and token.base == "not" and thing.kind.element not in ("stage", "step"):
            for m, nxt in self._participle(k + 1, Things(thing.kind)):  # secrets not stored in X
                if nxt.only and not nxt.via:
                    yield m, thing.narrowed(negated(both(*nxt.only)))
        if token is not None and token.kind == "word" and token.text.lower().endswith("ing"):
            for m, (pred, via) in self.vp_with_things(k, thing.kind):
                yield m, replace(thing.narrowed(pred), via=(*thing.via, *via))
        if token is None or token.kind != "word" or (not token.text.endswith(("ed", "en", "ing", "from", "under")) \
                and token.base not in ("build", "keep", "hold", "take", "put", "write")):  # fmt: skip
            return
        for m, pred in self._field_verb(k, thing.kind):
            yield m, thing.narrowed(pred)
        if self.entity == "terraformPlan" and thing.kind.element == "change":
            for m, (pred, _) in self._made_by_plan(k):  # created by the plan
                yield m, thing.narrowed(pred)
