"""Noun phrases: which things a phrase speaks about, with what is said in front of and behind it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from governance.authoring import rule as r
from governance.authoring.reading.base import rule
from governance.authoring.reading.meaning.choices import fork_at
from governance.authoring.reading.meaning.typed import Kind, Pred, Things, both, either, negated
from governance.authoring.reading.nouns.modifiers import Modifiers
from governance.authoring.reading.nouns.ordinals import FIRST, LAST, at_edge
from governance.authoring.reading.values.predicates import literal_at
from governance.authoring.reading.values.props import prop_of
from governance.authoring.reading.words.sentences import MODALS
from governance.authoring.reading.words.verbs import PERSONAL, QUANTIFIERS

# words that begin what stands behind a noun
FOLLOWING = frozenset(
    "in with without of that which who whose from to on for having lack using inside within outside after before behind".split()
)
NEEDING = frozenset("need require be have".split())
OTHER = frozenset(("other", "others", "remaining", "another"))
WHOLE = "of pipeline|in pipeline|of every pipeline|of each pipeline|in every pipeline|in each pipeline|of any pipeline|in any pipeline"


EACH = frozenset("each every all any none one both neither".split())
TOGETHER = "in total|altogether|in all|overall|all in all|all together|taken together"
# words behind which a bound no longer reaches
OWN_CLAUSE = frozenset(
    "must have may can should be if unless when but need require do with where that which".split()
)


class Nouns(Modifiers):
    """Grammar of noun phrases."""

    @rule
    def things(self, i: int) -> Iterator[tuple[int, Things]]:
        """A noun phrase with quantifier, modifiers and what follows it; lists of one kind too."""
        for j, first in self._one(i):
            yield from self._coordinated(i, j, first)

    def _coordinated(self, i: int, j: int, first: Things) -> Iterator[tuple[int, Things]]:
        k = j + 1 if self.is_punct(j, ",/") else j
        required = first.role in ("scan", "approval")  # one and the other are two requirements
        k = self.skip(k, "or|nor|or any" if required else "or|and|nor|as well as|and any|or any")
        apart = (
            first.how_many and k > j and self.tokens[k - 1].base == "any"
        )  # more than 5 high or any critical
        counted = bool(first.how_many) and k > j and bool(self.number(k))  # more than two A and one B
        if (
            k > j
            and not apart
            and not counted
            and (not required or self.tokens[k - 1].base in ("or", "nor", "any"))
        ):
            for m, nxt in self._one(k):
                nxt = replace(nxt, none=False) if first.none else nxt  # no A and no B
                fresh = [any(t.startswith("NEW_") for t in x.types) for x in (first, nxt)]
                if fresh[0] != fresh[1]:
                    continue  # "new findings of severity high or critical" are new both
                if nxt.role in ("scan", "approval") and not required and self.tokens[k - 1].base == "and":
                    continue  # a plan step and an approval: two requirements
                if "severity" in (first.role, nxt.role) and (
                    first.role != nxt.role or first.only or nxt.only
                ):
                    continue  # the summary counts severities alone: "reachable highs or criticals" is one list
                if nxt.kind.name == first.kind.name and not nxt.how_many and not nxt.none:
                    union = either(self._shared(i, j, k, m, first), both(*nxt.base, *nxt.only))
                    types = first.types + nxt.types if first.types and nxt.types else ()
                    each = bool(types) and self.tokens[k - 1].base == "and" and not (first.only or nxt.only)
                    if first.outer and nxt.outer and not (first.base or first.only or nxt.base or nxt.only):
                        either_type = (either(both(*first.outer), both(*nxt.outer)),)
                        together = replace(first, outer=either_type, types=types, plain=False)
                        yield from self._coordinated(i, m, together)
                        continue
                    joined = replace(first, base=(union,), only=(), types=types, plain=False, each_type=each,
                                     words=self.text(0, 0) or first.words)  # fmt: skip
                    yield from self._coordinated(i, m, joined)
        yield j, first

    def _shared(self, i: int, j: int, k: int, m: int, first: Things) -> Pred:
        """Run steps and HTTP steps in production stages: what stands behind the second noun may be said
        of the first as well. Left open, but for a first noun that has something of its own behind it."""
        mine = both(*first.base, *first.only)
        nouns = [n for n, _ in self.bare(k) if n < m]
        followed = any(t.base in FOLLOWING for t in self.tokens[i:j])
        if not nouns or followed or self.is_punct(j, ","):
            return mine
        n = max(nouns)
        if self.tokens[n].base not in FOLLOWING:
            return mine
        wide = next((both(*t.base, *t.only) for end, t in self.post(n, first) if end == m), None)
        if wide is None:
            return mine
        if any("step" in t.words for t in self.tokens[k:n]) and not any(
            "step" in t.words for t in self.tokens[i:j]
        ):
            return wide  # K8sDelete or TerraformDestroy steps in production: one noun for both
        whole = self.text(i, n)
        fork = fork_at(self.tokens, n, m, f'Does "{{said}}" belong to both in "{whole}", or only to the second?',
                       "To both: {said}", f"Only to the second, {self.text(k, n)}")  # fmt: skip
        return fork.between(wide, mine)

    @rule
    def _one(self, i: int) -> Iterator[tuple[int, Things]]:
        yield from self._rest(i)
        i = self.skip_all(i, "use of|usage of|presence of|existence of|execution of")
        for j, how in self._quantifier(i):
            earlier = self.skip(j, "precede|preceding|previous|prior|earlier|upstream|preceed")
            if earlier > j:
                for k, thing in self.bare(earlier):
                    order = "" if thing.role in ("scan", "approval") else "before"
                    thing = replace(thing, words=self.text(i, k), order=order, **how)
                    yield from self.post(k, thing)
            others = any(t.base in OTHER for t in self.tokens[i:j])
            for k, thing in self.bare(j):
                thing = replace(thing, words=self.text(i, k), **how)
                k = self.skip(k, TOGETHER) if thing.how_many else k
                yield from self._second_bound(k, thing)
                if others and (i == 0 or self._spoken_of(thing)):
                    thing = self._others(thing)
                    if thing is None:
                        continue
                yield from self.post(k, thing)
            if self.entity in ("pipeline", "template"):
                yield from self._at_edge(i, j)

    def _second_bound(self, k: int, thing: Things) -> Iterator[tuple[int, Things]]:
        """At least one approver group, at most three."""
        start = self.skip(k + 1 if self.is_punct(k, ",(") else k, "and|but")
        for m, more in self.comparison(start) if thing.how_many and start > k else []:
            if self._ends_subject(m) and all(a.unit == "" for _, a in more.bounds):
                bounds = tuple((op, a.value) for op, a in more.bounds)
                yield self._close(k, m), replace(thing, how_many=thing.how_many + bounds)

    def _spoken_of(self, thing: Things) -> list[Things]:
        """What was said of some things of this kind before: "other stages" are all but those."""
        return [t for t in self.earlier if t.kind.name == thing.kind.name and (t.base or t.only)]

    def _others(self, thing: Things) -> Things | None:
        """All things of the kind but those spoken of before; None where none were."""
        before = self._spoken_of(thing)
        return thing.narrowed(*(negated(t.holds) for t in before)) if before else None

    def _rest(self, i: int) -> Iterator[tuple[int, Things]]:
        """All others, the rest, everything else: of the kind that was spoken of last."""
        words = "all others|others|all other one|other one|any other one|remaining one|rest|everything else|anything else"
        for j in self.says(i, words) if self.earlier else []:
            rest = self._others(Things(self.earlier[-1].kind))
            if rest is not None and (
                self.skip(j, MODALS) > j or (self.tokens[j : j + 1] and self.tokens[j].base in NEEDING)
            ):
                yield j, rest

    def _at_edge(self, i: int, j: int) -> Iterator[tuple[int, Things]]:
        """The first stage, the last step of each CI stage, the first deployment of a pipeline."""
        for words, last in ((FIRST, False), (LAST, True)):
            for start in self.says(j, words):
                for k, thing in self.bare(self.skip(start, "and only")):
                    if thing.kind.element not in ("stage", "step") or thing.role in ("approval", "scan"):
                        continue
                    m = self.skip(k, "of all")
                    whole = bool(self.says(k, WHOLE)) or not any("stage" in t.words for t in self.tokens)
                    yield from self.post(m, replace(at_edge(thing, last, whole), words=self.text(i, k)))

    def _quantifier(self, i: int) -> Iterator[tuple[int, dict[str, object]]]:
        for j in self.says(i, "no|not any|not a single|zero|none of|not one|neither"):
            yield self.skip_all(j, QUANTIFIERS + "|single|individual"), {"none": True}
        for j in (
            self.says(i, "none that be|none which be|none with severity|none")
            if self.entity == "securityTests"
            else []
        ):
            yield j, {"none": True}
        for j, comparison in self.comparison(i):
            if all(a.unit == "" for _, a in comparison.bounds):
                bounds = tuple((op, a.value) for op, a in comparison.bounds)
                yield self.skip(j, "of|different|distinct|separate"), {"how_many": bounds}
        j = self.skip_all(i, QUANTIFIERS)
        if self.entity in ("securityTests", "terraformPlan") and any(
            t.base == "new" for t in self.tokens[i:j]
        ):
            j = next(n for n in range(i, j) if self.tokens[n].base == "new")  # says more than "each" there
        for k, number in self.number(j):
            if self.tokens[j].base != "single":
                op = self._same_bound(i) or ("at_least" if number else "at_most")  # 0 of them: none
                yield self.skip(k, "different|distinct|separate"), {"how_many": ((op, number),)}
        for k in self.says(j, "single|one"):
            if self.tokens[j].base == "one" or self.tokens[j].base == "single":
                yield k, {}
        yield j, {}

    def _same_bound(self, i: int) -> r.Op | None:
        """At most 2 critical, 5 high and 10 medium: the bound in front holds for all numbers of the list."""
        joint = self.token(i - 1) if i else None
        if joint is None or not (joint.base in ("and", "or", "nor", "plus") or self.is_punct(i - 1, ",/")):
            return None
        start = max((n + 1 for n in range(i) if self.tokens[n].base in OWN_CLAUSE), default=0)
        found: r.Op | None = None
        p = start
        while p < i - 1:
            ends = [(end, c) for end, c in self.comparison(p) if end < i and self.tokens[p].kind == "word"]
            for end, comparison in ends[:1]:
                if len(comparison.bounds) == 1 and not comparison.bounds[0][1].unit:
                    found = comparison.bounds[0][0]
                p = end - 1
            p += 1
        return found

    @rule
    def bare(self, i: int) -> Iterator[tuple[int, Things]]:
        """Modifiers and the noun they belong to."""
        if i >= self.size:
            return
        if self.entity in ("pipeline", "template"):
            yield from self._deployments(i)
            yield from self._typed_steps(i)
            yield from self._linked(i)
        if self.entity.startswith("terraform"):
            yield from self._resources(i)
        if self.entity == "securityTests":
            yield from self._findings(i)
        if self.entity == "dbSql":
            yield from self._statements(i)
        if self.entity in ("sbom", "firewall"):
            yield from self._packages(i)
        yield from self._modified(i, 0)
        about = self.topic or (Things(self.kind("document")) if i > 2 else None)
        several = self._named_last(i) if about is not None and self._one_of_many(i) else None
        if several is not None:
            yield from ((j, several) for j in self.says(i, "them|these|those"))
        elif about is not None:
            for j in self.says(i, PERSONAL):
                yield j, about

    def _one_of_many(self, i: int) -> bool:
        """Whether "each of", "none of" or the like stands in front."""
        return i > 2 and self.tokens[i - 1].base == "of" and self.tokens[i - 2].base in EACH

    def _named_last(self, i: int) -> Things | None:
        """At most 15 variables, and each of them ...: the things named at the end of what stands in front."""
        for n in range(i - 3):
            for j, thing in self._one(n):
                ends = j < i - 1 and (self.is_punct(j, ",") or self.tokens[j].base in ("and", "but"))
                if ends and thing.kind.spec is not None and thing.role != "severity":
                    found: Things = replace(thing, how_many=(), none=False)
                    return found
        return None

    def _in_production(self, i: int) -> Iterator[tuple[int, Things]]:
        """Production infrastructures: those of an environment in production."""
        document = self.kind("document")
        spec = next((f for f in document.fields if f.path == "environmentRef"), None)
        for j in self.says(i, "production|prod") if spec is not None else []:
            for k, sense in self.senses(j, "noun"):
                if sense.payload == document and spec is not None:
                    yield (
                        k,
                        Things(
                            document,
                            only=(self._production_reference(prop_of(document, spec, "environment")),),
                            plain=False,
                        ),
                    )

    def _environments_by_name(self, i: int) -> Iterator[tuple[int, Things]]:
        """Dev and qa environments: by their identifiers, where these are no types of environments."""
        for j, found in self._named_environments(i):
            general = any(
                s.payload[1].path == "type" for n in range(i, j) for _, s in self.senses(n, "value")
            )
            for k in self.says(j, "environment") if not general else []:
                yield (
                    k,
                    Things(self.kind("document"), only=(literal_at(("identifier",), found),), plain=False),
                )

    def _modified(self, i: int, depth: int) -> Iterator[tuple[int, Things]]:
        yield from self._tag_modified(i)
        yield from self._provider(i)
        if depth and self.topic is not None:
            for j in self.says(i, "one"):
                yield j, Things(self.topic.kind)
        yield from self._a_run(i)
        yield from self._step_template(i)
        for j, sense in self.senses(i, "noun"):
            kind: Kind = sense.payload
            yield j, Things(kind, words=self.text(i, j))
            for k, part in self.senses(j, "noun") if kind.spec is None else []:  # SBOM packages
                if part.payload.spec is not None:
                    yield k, Things(part.payload, words=self.text(i, k))
        yield from self._typed_noun(i)
        yield from (
            self._in_production(i) if self.entity in ("infrastructure", "override") and not depth else ()
        )
        yield from self._environments_by_name(i) if self.entity == "environment" and not depth else ()
        if depth > 2:
            return
        yield from self._at_level(i) if not depth else ()
        for j, preds in self._modifier(i):
            k = j + 1 if self.is_punct(j, ",") else j
            for m, more in self._more_modifiers(k, preds):
                staged = self._deployments(m) if self.entity in ("pipeline", "template") else ()
                for n, thing in (*staged, *self._modified(m, depth + 1)):
                    applied = [p for owner, p in more if owner.name == thing.kind.name]
                    if applied:
                        yield n, thing.narrowed(self._of_several(i, m, thing.kind, applied))
