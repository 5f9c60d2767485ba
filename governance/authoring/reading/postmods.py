"""What follows a noun: relative clauses, places, versions, brackets, approvers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from governance.authoring import rule as r
from governance.authoring.fields import FieldSpec
from governance.authoring.reading.base import rule
from governance.authoring.reading.choices import fork_at
from governance.authoring.reading.coordination import Joined, Part, Word, lacking
from governance.authoring.reading.meaning import (
    Kind,
    Pred,
    Prop,
    Things,
    both,
    document_at,
    either,
    negated,
)
from governance.authoring.reading.nouns import Nouns
from governance.authoring.reading.ordinals import FIRST, LAST, at_edge
from governance.authoring.reading.predicates import (
    in_production,
    literal_at,
    of_ecosystem,
    of_resource,
    stage_of_type,
    to_environment,
)
from governance.authoring.reading.props import lifetime, marked, prop_of
from governance.authoring.reading.relations import has
from governance.authoring.reading.sentence_words import MODALS
from governance.authoring.reading.value_tests import compare, tested
from governance.authoring.reading.value_words import STOP, VAGUE
from governance.authoring.reading.verb_words import INSIDE

# who owns a document, by the field that names it
OWNERS = {"orgIdentifier": "organisation|org", "projectIdentifier": "project"}
IN_CLOUD = {"iacmMetadata.org": "organisation|org", "iacmMetadata.project": "project",
            "iacmMetadata.workspace": "workspace"}  # fmt: skip


class Postmods(Nouns):
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
        for j in self.says(comma, "that|which|who"):
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
        for j in self.says(k, "whose|where|and whose"):
            for m, prop in self.value_of(j, kind):
                m2 = self._modal_free(m)
                for n, pred in self.about(m2, prop):
                    yield n, thing.narrowed(pred)
            for m, (props, _) in self.map_entries(j, kind):
                for n, pred in self.about(m, props[0]) if len(props) == 1 else []:
                    yield n, thing.narrowed(pred)
        for j in (
            self.says(k, "whose") if kind.spec is None and self.entity in ("pipeline", "template") else []
        ):
            for m, inner in self.bare(j):
                for n, (pred, _) in (
                    self.vp_with_things(self._modal_free(m), inner.kind) if inner.kind.spec else []
                ):
                    mine = inner.narrowed(pred)
                    yield n, replace(thing.narrowed(has(mine, self.facts)), via=(*thing.via, mine))
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
        yield from self._in_region(k, thing)
        yield from self._kept(k, thing)
        for j in self.says(k, "in|for|of|to|on"):
            yield from self._in_environment(j, thing)
        yield from self._excepted(k, thing)
        for j in self.says(k, "in|into|from|of|through|with|using"):
            for spec in kind.fields:
                for m, fact in self._from_facts(j, prop_of(kind, spec)) if spec.type == "reference" else []:
                    yield m, thing.narrowed(tested(prop_of(kind, spec), "is", (fact,)))
        for j in self.says(k, "of|with|in|from|for|as|against|on|at|under|into|to"):
            for m, prop in self.field(j, kind):
                for n, pred in self.about(m, prop):
                    yield n, thing.narrowed(pred)
                for n, found in self.literals(m, prop):
                    yield n, thing.narrowed(tested(prop, "is", found))
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
                if any(s.payload.spec is None for n, s in self.senses(j, "noun") if n == m):
                    continue  # the last stage of a pipeline is no chained pipeline
                mine = [p for owner, p in preds if owner.name == kind.name]
                if mine:
                    yield m, thing.narrowed(either(*mine))
        if kind.element == "notification":
            yield from self._about_event(k, thing)
        if kind.element == "statement":
            for j in self.says(k, "without|with no|that have no|that lack|lacking|which have no"):
                for m in self.says(j, "where clause|where|where condition|where-clause"):
                    yield m, thing.narrowed(lambda at: r.Not(of=r.Test(
                        value=r.Field(of=at.ref), op="matches", to=(r"(?i)\bwhere\b",))))  # fmt: skip
        for j in self.says(k, "with|use|set to|of type|of action|that use|with action|with type"):
            for m, sense in self.senses(j, "value"):
                owner, spec, literal = sense.payload
                if owner.name == kind.name and owner.element in ("strategy", "notification", "event"):
                    yield m, thing.narrowed(tested(prop_of(owner, spec), "is", (literal,)))
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

    def _in_region(self, k: int, thing: Things) -> Iterator[tuple[int, Things]]:
        """Resources in us-east-1, outside of eu-west-1."""
        if thing.kind.element not in ("resource", "change", "instance"):
            return
        spec = next((f for f in thing.kind.fields if f.parts and f.parts[-1] == "region"), None)
        if spec is None:
            return
        prop = prop_of(thing.kind, spec, "region")
        for j in self.says(k, "in|outside|outside of|not in"):
            token = self.token(j)
            if token is None or not re.fullmatch(r"[a-z]{2}(-gov)?-[a-z]+-?[0-9]", token.text):
                continue
            away = any(t.base in ("outside", "not") for t in self.tokens[k:j])
            for m, found in self.literals(j, prop):
                inside = tested(prop, "is", found)
                yield m, thing.narrowed(both(tested(prop, "present"), negated(inside)) if away else inside)

    def _supplied(self, k: int, thing: Things) -> Iterator[tuple[int, Things]]:
        """Packages from npm, packages in the base image; findings in a file."""
        if thing.kind.name == "packages" and self.entity == "sbom":
            for j in self.says(k, "from|of|on|in|that come from|come from|that be from"):
                for m, names in self.ecosystems(j):
                    yield m, thing.narrowed(of_ecosystem(*names))
            kept = next(f for f in thing.kind.fields if f.path == "filterTags")
            for j in self.says(k, "that be|which be|") or [k]:
                for m, layer in self._layer(j):
                    tags = (layer.rstrip("_"),)
                    yield m, thing.narrowed(tested(prop_of(thing.kind, kept), "is", tags))
        if thing.kind.name == "scan_issues" and not thing.how_many:
            files = self.kind("occurrences")
            prop = next(prop_of(files, f) for f in files.fields)
            for j in self.says(k, "in|inside|under|below|within|locate in|find in|that be in|from|of"):
                m = self.skip(j, "file under|file in|file below|file|folder|directory|source file|path")
                token = self.token(m)
                if (
                    token is not None
                    and ("/" in token.text or "." in token.text)
                    and (token.quoted or token.kind == "literal")
                ):
                    whole = self.tokens[m - 1].base == "file" or not (m > j or token.text.endswith("/"))
                    where = tested(prop, "is" if whole else "starts_with", (token.text,))
                    yield (
                        m + 1,
                        replace(
                            thing.narrowed(has(Things(files, only=(where,), plain=False), self.facts)),
                            role="",
                        ),
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
        marks = [f for f in kind.fields if f.type == "map" and (f.path == "tags" or f.parts[-1] == "labels")]
        spec = next((f for f in marks if labels == (f.path != "tags")), next(iter(marks), None))
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

    @rule
    def _lacking(self, j: int, kind: Kind) -> Iterator[tuple[int, Pred]]:
        """Without A or B, without A and B: what lacks one of them is meant."""
        j = self.skip(j, "both|either|any of|one of")
        for m, (pred, _) in self._object(j, kind):
            lacks = negated(pred)
            if isinstance(pred, Joined):
                lacks = lacking(
                    tuple(negated(p.pred) for p in pred.parts), pred.parts[-1].word, self.tokens, j, m
                )
            comma = m + 1 if self.is_punct(m, ",") else m
            word = self.skip(comma, "or|and|nor")
            k = self.skip(word, "without|no")
            once = k == word > comma == m and self.tokens[m].base == "and"
            for n, rest in self._lacking(k, kind) if k > m else []:
                yield n, lacking((lacks, rest), "and" if once else "or", self.tokens, j, n)
            yield m, lacks

    def _excepted(self, k: int, thing: Things) -> Iterator[tuple[int, Things]]:
        """Environments other than dev and qa; secrets (except SSH keys); infrastructures, except those for dev."""
        start = k + 1 if self.is_punct(k, ",(-") else k
        for j in self.says(
            start,
            "other than|except for|except|apart from|beside|excluding|but not|not counting|with exception of",
        ):
            plain = Things(thing.kind)
            left_out: list[tuple[int, Pred]] = []
            if self.entity == "environment" and thing.kind.spec is None:
                prop = next(p for _, p in self._name_of(thing.kind))
                spec = next(f for f in thing.kind.fields if f.path == "identifier")
                prop = prop_of(thing.kind, spec, "environment")
                left_out += [(m, tested(prop, "is", found)) for m, found in self._named_environments(j)]
            left_out += [
                (m, t.holds) for m, t in self.things(j) if t.kind.name == thing.kind.name and not t.plain
            ]
            for m, preds in self._modifier(j):  # except Vault and Github ones
                for n, more in self._more_modifiers(m, preds):
                    mine = [p for owner, p in more if owner.name == thing.kind.name]
                    left_out += [(p, either(*mine)) for p in self.says(n, "one|type") if mine]
            for words, last in (
                ((FIRST, False), (LAST, True)) if thing.kind.element in ("stage", "step") else ()
            ):
                for m in self.says(j, words):  # all stages except the first
                    edge = at_edge(Things(thing.kind), last, whole=thing.kind.element == "stage")
                    left_out.append((self.skip(m, "one"), both(*edge.only)))
            for m in self.says(j, "those|one"):
                left_out += [(n, t.holds) for n, t in self.post(m, plain) if n > m and not t.plain]
            for m, pred in left_out:
                end = m + 1 if start > k and (self.is_punct(m, ")") or self.is_punct(m, ",-")) else m
                yield end, thing.narrowed(negated(pred))

    def _named_environments(self, i: int) -> Iterator[tuple[int, tuple[str, ...]]]:
        found: tuple[str, ...] = ()
        while sense := next(iter(self.senses(i, "environment", names=True)), None):
            i, found = sense[0], (*found, sense[1].payload)
            yield i, found
            i = self.skip(i + 1 if self.is_punct(i, ",") else i, "and|or")

    def _in_environment(self, j: int, thing: Things) -> Iterator[tuple[int, Things]]:
        """Overrides and infrastructures in production, or in an environment by its name."""
        spec = next((f for f in thing.kind.fields if f.path == "environmentRef"), None)
        if spec is None or thing.kind.spec is not None:
            return
        prop = prop_of(thing.kind, spec, "environment")
        for m in self.says(j, "production|production environment|prod environment|production environments"):
            yield m, thing.narrowed(self._production_reference(prop))
        for m, found in self._named_environments(self.skip(j, "environment|production environment")):
            yield m, thing.narrowed(tested(prop, "is", found))

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
        name = next((f for f in thing.kind.fields if f.path == "name"), spec)
        either_way = replace(prop, others=() if name is spec else (prop_of(thing.kind, name, "name"),))
        if token.quoted or (token.kind == "literal" and re.fullmatch(r"[A-Za-z0-9_-]+", token.text)):
            yield k + 1, thing.narrowed(tested(either_way, "is", (token.text,)))
        if self.entity == "environment":
            for j, sense in self.senses(k, "environment", names=True):
                yield j, thing.narrowed(tested(prop, "is", (sense.payload,)))

    def _is_approval(self, thing: Things) -> bool:
        return bool(thing.types) and all(t.endswith("Approval") for t in thing.types)

    def _kept(self, k: int, thing: Things) -> Iterator[tuple[int, Things]]:
        """Secrets in the payments project, environments outside the org retail, connectors at account level."""
        known = {f.path: prop_of(thing.kind, f, f.label) for f in thing.kind.fields}
        table = OWNERS if "orgIdentifier" in known else IN_CLOUD
        owners = {path: known[path] for path in table if path in known}
        if thing.kind.spec is not None or not owners:
            return
        for j in self.says(
            k, "in|of|from|for|inside|within|belong to|that belong to|outside|outside of|not in"
        ):
            away = any(t.base in ("outside", "not") for t in self.tokens[k:j])
            for m, pred in self._owner(j, owners):
                yield m, thing.narrowed(negated(pred) if away else pred)
        for j in self.says(k, "at|on|of|from|define on|define at|in"):
            for m, level in self.account_level(j, owners) if table is OWNERS and len(owners) == 2 else []:
                yield m, thing.narrowed(level)

    def _owner(self, j: int, owners: dict[str, Prop]) -> Iterator[tuple[int, Pred]]:
        for path in owners:
            words = OWNERS.get(path) or IN_CLOUD[path]
            name = self.token(j)
            field = max((m for m, _ in self.senses(j, "field")), default=j)
            if name is not None and name.kind in ("word", "literal") and name.base not in STOP | VAGUE:
                plural = j + 1 < self.size and self.tokens[j + 1].text.lower().endswith(
                    "s"
                )  # production workspaces
                for m in self.says(j + 1, words) if field <= j and not plural else []:
                    if not self.says(m, "level|scope"):
                        yield m, tested(owners[path], "is", (name.text,))
            for m in self.says(j, words):
                for n, found in self.literals(m, owners[path]) if not self.says(m, "level|scope") else []:
                    yield n, tested(owners[path], "is", found)

    def account_level(self, j: int, owners: dict[str, Prop]) -> Iterator[tuple[int, Pred]]:
        """Saved in the account itself, in an organisation, in a project."""
        org, project = (tested(owners[path], "present") for path in OWNERS)
        levels = {"account": both(negated(org), negated(project)), "organisation": both(org, negated(project)),
                  "project": project}  # fmt: skip
        token = self.token(j)
        for words, pred in levels.items():
            if (
                token is not None
                and token.text.lower() in (words + "s", "orgs", "organizations")
                and token.base.startswith(words[:3])
            ):
                yield j + 1, pred  # in projects
            if token is not None and token.base == words and token.article == "a" and words != "account":
                yield j + 1, pred  # (belong to) a project
            for m in self.says(
                j, f"{words} level|{words} scope|{words}-level|level of {words}|{words}-scope|{words} itself"
            ):
                yield m, pred

    def level_of(self, j: int, kind: Kind) -> Iterator[tuple[int, Pred]]:
        """Account level, project scope: where a document of this kind is saved."""
        known = {f.path: prop_of(kind, f, f.label) for f in kind.fields}
        if kind.spec is None and all(path in known for path in OWNERS):
            owners = {path: known[path] for path in OWNERS}
            for m, first in self.account_level(j, owners):
                k = self.skip(m, "or on|or at|or in|or")
                for n, second in self.account_level(k, owners) if k > m else []:
                    yield n, either(first, second)
                yield m, first

    def _in_brackets(self, kind: Kind) -> list[str]:
        """Called prod or prod_eu (the identifier): which of its names is meant."""
        found = []
        for i in range(self.size):
            start = self.skip(i + 1, "i.e.|i.e|meaning|by|in|go by|that be|mean be|in the")
            for j, sense in (
                self.senses(self.skip(start, "its|their|the"), "field") if self.is_punct(i, "(") else []
            ):
                owner, spec = sense.payload
                if self.is_punct(j, ")") and owner == kind and spec.path in ("identifier", "name"):
                    found.append(spec.path)
        return found

    def _name_of(self, kind: Kind) -> list[tuple[int, Prop]]:
        if kind.spec is not None and kind.spec.by_key and kind.element != "cost":
            spec = FieldSpec("@key", "text", "name")
            return [(0, Prop(kind, lambda at: r.Field(of=at.ref, path=("@key",)), "text", spec, "name"))]
        order = ("identifier",) if self.entity == "repository" else ("name", "identifier")
        for wanted in (*self._in_brackets(kind), *order):
            for spec in kind.fields:
                if spec.path == wanted or (spec.label == wanted and wanted == "name"):
                    return [(0, prop_of(kind, spec, "name"))]
        return []

    def _approval_by(self, k: int, thing: Things) -> Iterator[tuple[int, Things]]:
        for j in self.says(k, "from|by|of|through|give by|that list|list|issue by|grant by|provide by|sign by"
                              "|from somebody in|by somebody from|from someone in|by someone in|with|of someone from"
                              "|by member of|from member of|by a member of|that name|from one of"):  # fmt: skip
            j = self.skip(j, "someone in|somebody in|someone from|one of|at least one of|somebody from")
            every = self.skip(
                j,
                "two different group|two group|both group|both of group|all of group|following group|two different team|both team",
            )
            every = every + 1 if every > j and self.is_punct(every, ":(") else every
            for m, groups in self.groups(every) if every > j and not thing.groups else []:
                m = m + 1 if self.is_punct(every - 1, "(") and self.is_punct(m, ")") else m
                yield m, replace(thing, groups=groups, each_group=len(groups) > 1, plain=False)
            for m, groups in self.groups(self.skip(j, "both")) if not thing.groups else []:
                joined = len(groups) > 1 and not any(t.base == "or" for t in self.tokens[j:m])
                yield m, replace(thing, groups=groups, each_group=joined, plain=False)
        for j in self.says(
            k + 1 if self.is_punct(k, ":,(-") else k,
            "one by|one from|one of they from|one each by|one each from|by|from",
        ):
            yield from self._each_approves(j, thing, ())
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

    def _approval_for(self, k: int, thing: Things) -> Iterator[tuple[int, Things]]:
        """Approvals for production (must ...): those in front of such a deployment."""
        stages = Things(self.kind("stages"), (stage_of_type("Deployment"),), role="deployment", plain=False)
        for j in self.says(k, "for|of|before|in front of|ahead of|prior to"):
            placed = [(m, t) for m, t in self.things(j) if t.kind.element == "stage" and not t.none]
            for m, stage in [*placed, *self._production_or_env(j, stages)]:
                if self.says(m, MODALS + "|require|need|list|name"):
                    yield m, replace(thing.narrowed(self.approves_for(stage)), role="")

    def approves_for(self, stage: Things) -> Pred:
        """Approvals for production: in front of such a stage, or in it."""
        later = has(replace(stage, order="after", how_many=()), self.facts)
        return either(later, lambda at: stage.holds(at.parent_stage(stage.kind)))

    def _each_approves(self, j: int, thing: Things, groups: tuple[str, ...]) -> Iterator[tuple[int, Things]]:
        """Two approvals, one by A and one by B: both groups have to approve."""
        for m, group in self.group(j):
            found = (*groups, group)
            k = m + 1 if self.is_punct(m, ",") else m
            for n in self.says(
                k,
                "and one by|and one from|one by|one from|and another by|and another from|and second by|and second from",
            ):
                yield from self._each_approves(n, thing, found)
            counted = not thing.how_many or thing.how_many[0][1] == len(found)
            if len(found) > 1 and counted:
                end = m + 1 if self.is_punct(m, ")") else m
                yield end, replace(thing, groups=found, each_group=True, how_many=(), plain=False)

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
        yield from self._types_in_brackets(k, thing)
        token = self.token(k + 1)
        if token and self.is_punct(k + 2, ")") and token.text in thing.types:
            yield k + 3, thing
        for m in range(k + 2, min(k + 14, self.size)):
            if self.is_punct(m, ")"):
                if self._harmless(k + 1, m):
                    yield m + 1, thing
                break

    def _types_in_brackets(self, k: int, thing: Things) -> Iterator[tuple[int, Things]]:
        """Git connectors (Github, Gitlab): those as well."""
        kinds = next((f for f in thing.kind.fields if f.path == "type" and f.values), None)
        if kinds is None or thing.kind.element == "step":
            return
        prop = prop_of(thing.kind, kinds, "type")
        for m, found in self.literals(k + 1, prop):
            if self.is_punct(m, ")"):
                these = tested(prop, "is", found)
                only = (either(both(*thing.only), these),) if thing.only else (these,)
                yield m + 1, replace(thing, only=only, plain=False)

    def _measured_noun(self, k: int, thing: Things) -> Iterator[tuple[int, Things]]:
        """log4j-core older than 2.17.1; packages below version 2."""
        named = ("version", "version label") if thing.kind.name == "templates_used" else ("version",)
        version = next((f for f in thing.kind.fields if f.type == "version" and f.label in named), None)
        yield from self._sized(k, thing)
        if version is None:
            return
        pattern = self.token(self.skip(k, "in version|of version|version|at version|with version"))
        if pattern is not None and re.fullmatch(r"\d+(\.\d+)*\.[xX*]", pattern.text):  # version 0.x
            head = re.escape(pattern.text.rstrip("xX*"))
            end = self.skip(k, "in version|of version|version|at version|with version") + 1
            yield (
                end,
                thing.narrowed(
                    tested(replace(prop_of(thing.kind, version), type="text"), "matches", (f"^v?{head}",))
                ),
            )
        for j in self.says(k, "in any version|of any version|in whatever version|of whatever version|at any version|whatever version"
                              "|any version|regardless of version|no matter which version|in all version"):  # fmt: skip
            yield j, thing
        prop = prop_of(thing.kind, version, "version")
        j = self.skip(k, "in version|of version|version|at|in a version|with version|in")
        for m, comparison in self.comparison(self.skip(j, "be")):
            if comparison.bounds[0][1].unit in ("version", "") and comparison.bounds[0][1].text:
                yield self.skip(m, "version"), thing.narrowed(compare(prop, comparison))
        token = self.token(j)
        exact = token is not None and re.fullmatch(r"v?\d+(\.\d+)+[\w.+-]*", token.text)
        for m, found in self.literals(j, prop) if exact and thing.kind.element == "package" else []:
            yield m, thing.narrowed(tested(prop, "is", found))

    def _sized(self, k: int, thing: Things) -> Iterator[tuple[int, Things]]:
        """EBS volumes larger than 500 GB, functions with more than 2 GB: what a size is compared with."""
        if thing.kind.element not in ("resource", "change", "instance"):
            return
        sized = [
            f for f in thing.kind.fields if f.type == "number" and f.label.endswith((" in GB", " in MB"))
        ]
        own = {"aws_lambda_function": "memory in MB", "aws_ebs_volume": "size in GB"}
        label = next((own[t] for t in thing.types if t in own), "storage in GB")
        spec = next((f for f in sized if f.label == label), None)
        for m, comparison in self.comparison(self.skip(k, "of|with")):
            if spec is not None and comparison.bounds[0][1].unit == "size":
                yield m, thing.narrowed(compare(prop_of(thing.kind, spec), comparison))

    def _standing(self, k: int, thing: Things) -> Iterator[tuple[int, Things]]:
        """Stages after the production deployment, steps before the first push."""
        if thing.kind.element not in ("stage", "step") or thing.role in ("approval", "scan", "push"):
            return
        for words, order in (("after|behind|following|that come after|which come after|that follow", "before"),
                             ("before|in front of|preceding|that come before|which come before|that precede", "after")):  # fmt: skip
            for j in self.says(k, words):
                for m, other in self._one(j):
                    known = other.kind.element in ("stage", "step") and not (
                        other.none or other.how_many or other.order
                    )
                    if known and self.skip(m, MODALS) > m:
                        yield m, thing.narrowed(has(replace(other, order=order), self.facts))

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
            known = next(self.senses(self.skip(j, "environment"), "environment", names=True), None)
            for m, envs in self.environments(j):
                if known is not None or self.tokens[j - 1].base != "of":
                    yield m, replace(thing.narrowed(to_environment(envs)), role="deployment")
        for j in self.says(
            k,
            "outside of|outside|other than to|anywhere but to|anywhere but in|elsewhere than to|elsewhere than in|not to|except to|except in|anywhere other than",
        ):
            for m in self.says(j, "production|prod|production environment|prod environment"):
                yield m, thing.narrowed(negated(in_production))
            for m, envs in self.environments(j):
                yield m, thing.narrowed(negated(to_environment(envs)))
        if self.kind("stages").fields:
            for j in self.says(k, "of service|of a service|for service|of"):
                spec = next(f for f in thing.kind.fields if f.path == "spec.service.serviceRef")
                prop = prop_of(thing.kind, spec, "service")
                j = self.skip(j, "service")
                token = self.token(j)
                named = token is not None and (token.quoted or token.kind == "literal")
                if token and (self.tokens[j - 1].base == "service" or named):
                    for m, found in self.literals(j, prop):
                        yield m, replace(thing.narrowed(tested(prop, "is", found)), role=thing.role)

    def _parents(self, k: int, thing: Things) -> Iterator[tuple[int, Things]]:
        inside = INSIDE if thing.role not in ("approval", "scan") else "in|inside|within"
        for j in self.says(k, inside):
            # "pipelines that deploy to production": what only a document can do belongs to it
            whole = [(m, p) for m, p in self.things(j) if p.kind.spec is None and p.via]
            for m, parent in [*whole, *self.bare(j), *self.things(j)]:
                if parent.plain and parent.kind.name == thing.kind.name:
                    yield m, thing
                if parent.plain and (thing.kind.element, parent.kind.element) == ("step", "stage"):
                    yield from self._of_either(m, thing, parent)
                pred = self._belongs(thing.kind, parent)
                if pred is not None:
                    yield m, thing.narrowed(pred) if not parent.plain or parent.base else thing

    def _outside(self, k: int, thing: Things) -> Iterator[tuple[int, Things]]:
        """Jira steps outside Approval stages."""
        for j in self.says(k, "outside of|outside|not in|anywhere but in|anywhere outside"):
            for m, parent in self.things(j) if thing.kind.element == "step" else []:
                pred = self._belongs(thing.kind, parent) if parent.kind.element == "stage" else None
                if pred is not None and not parent.none:
                    yield m, thing.narrowed(negated(pred))

    def _of_either(self, m: int, thing: Things, parent: Things) -> Iterator[tuple[int, Things]]:
        """Steps in stages with a timeout: whose timeout is left open where both can have one."""
        if not self.says(m, "with|without|whose|that|which|having|that have|that lack|lacking"):
            return
        steps: dict[int, Things] = {n: found for n, found in reversed(self._after_noun(m, thing)) if n > m}
        for n, stage in self._after_noun(m, parent):
            step = steps.pop(n, None)
            if step is None or stage.plain:
                continue
            fork = fork_at(self.tokens, m, n, 'What does "{said}" belong to, the steps or the stages?',
                           "The steps: {said}", "The stages: {said}")  # fmt: skip
            own = step.only[len(thing.only) :]
            of_stage = self._belongs(thing.kind, stage)
            if own and of_stage is not None:
                yield n, replace(step, only=thing.only).narrowed(fork.between(both(*own), of_stage))

    def _belongs(self, kind: Kind, parent: Things) -> Pred | None:
        if parent.order:
            return None  # "in an earlier stage" places it; it is no kind of stage
        if parent.kind.spec is None:
            return lambda at: parent.holds(document_at(at)) if not parent.plain else r.All()
        if kind.element in ("step", "group") and parent.kind.element == "stage":
            return lambda at: parent.holds(at.parent_stage(parent.kind))
        return None

    def _participle(self, k: int, thing: Things) -> Iterator[tuple[int, Things]]:
        """Secrets stored in X, images pushed to Y: a passive without its "be"."""
        token = self.token(k)
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
