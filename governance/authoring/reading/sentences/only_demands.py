"""What "only" demands: nothing else than these, only there, only then, only so."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from governance.authoring.reading.meaning.nesting import chain, every
from governance.authoring.reading.meaning.relations import has
from governance.authoring.reading.meaning.typed import Pred, Things, both, either, negated
from governance.authoring.reading.nouns.findings import RANKS
from governance.authoring.reading.sentences.conditions import Conditions
from governance.authoring.reading.values.predicates import (
    deployment,
    environment_of,
    of_types,
    only_approvers,
    severity,
    to_environment,
)
from governance.authoring.reading.values.value_tests import (
    compare,
    fits,
    only_among,
    or_missing,
    tested,
)
from governance.authoring.reading.verbs.phrases import LIVING
from governance.authoring.reading.verbs.steps import OUT_OF
from governance.authoring.reading.words.sentences import TRIVIAL
from governance.authoring.reading.words.verbs import GENERIC_VERBS


class OnlyDemands(Conditions):
    """Grammar of demands with "only"."""

    def _only_vp(self, k: int, subject: Things) -> Iterator[tuple[int, Pred]]:
        """may only [do something]: what is outside breaks it, what is missing does not."""
        be = self.skip(k, "be")
        yield from self._only_verb(k, subject)
        yield from self._only_called(k, subject)
        if subject.kind.element == "step":  # may only list the groups A and B
            for m in self.says(k, "list|name|ask|have|allow|accept|include|contain"):
                yield from ((n, only_approvers(groups)) for n, groups in self.groups(self.skip(m, OUT_OF)))
        yield from self._only_values(k, subject)
        if subject.kind.spec is None and self.entity == "pipeline":
            stages = Things(self.kind("stages"), (deployment,), role="deployment")
            for m in self.says(k, "deploy to|deploy into|release to|go to|target|ship to|roll out to"):
                for n, envs in self.environments(m):
                    yield n, negated(has(stages.narrowed(negated(to_environment(envs))), self.facts))
        if subject.kind.element == "stage":
            for m in self.says(
                k,
                "deploy to|target|go to|be deploy to|deploy into|deploy in|be for|run in|be make to|go into|reach",
            ):
                for n, envs in self.environments(m):
                    yield n, only_among(environment_of(subject.kind), envs)
        for m in self.says(
            k, "contain|have|use|include|consist of|be make of|be make up of|run|hold|define|deploy"
        ):
            yield from self._nothing_but(m, subject)
        yield from self._only_how(k, subject)
        for m, pred in self._complement(be, subject.kind) if be > k else []:
            yield m, pred

    def _only_called(self, k: int, subject: Things) -> Iterator[tuple[int, Pred]]:
        """(may only) be called A or B."""
        for m in self.says(k, "be call|be name|have name|carry name"):
            for _, prop in self._name_of(subject.kind):
                for n, found in self.literals(m, prop):
                    yield n, only_among(prop, found)

    def _only_values(self, k: int, subject: Things) -> Iterator[tuple[int, Pred]]:
        """(May only) use the namespaces a and b, images from X: values of a field, where there are any."""
        for m in self.says(k, "use|have|be of|contain|be from|carry|be|set"):
            for n, prop in self.value_of(m, subject.kind):
                for p, found in self.literals(self.skip(n, "be"), prop):
                    yield p, only_among(prop, found)
                for p, pred in (
                    self._prop_tail(n, prop) if self.says(n, "from|pull from|host on|out of") else []
                ):
                    yield p, either(negated(tested(prop, "present")), pred)

    def _nothing_but(self, m: int, subject: Things) -> Iterator[tuple[int, Pred]]:
        """(May only contain) Run steps, stages of the types A and B: whatever there is of the kind is one of these."""
        counted = [*self.number(m), *((n, 1.0) for n in self.says(m, "one|single|one single"))]
        for n, number in counted:  # may only have one deployment stage
            for p, thing in self._one(self.skip(n, "of|single")):
                if chain(subject.kind, thing.kind) and not thing.none and not thing.how_many:
                    yield p, has(replace(thing, how_many=(("at_most", number),)), self.facts)
        if counted:
            return
        for n, thing in self.things(m):
            if thing.role == "severity" and not (thing.how_many or thing.only or thing.none):
                yield from self._no_worse(n, thing)
            way = chain(subject.kind, thing.kind)
            if thing.outer and not thing.only and not thing.base:  # resources of these types
                holders = Things(self.kind("resources"))
                if chain(subject.kind, holders.kind) and not thing.none and not thing.how_many:
                    yield n, partial(every, things=holders, demand=both(*thing.outer))
                continue
            narrow = thing.only or thing.base
            if (
                not way
                or not narrow
                or thing.none
                or thing.how_many
                or thing.role in ("severity", "production")
            ):
                continue
            whole = Things(thing.kind, thing.base if thing.only else ())
            yield n, partial(every, things=whole, demand=both(*map(or_missing, narrow)))

    def _no_worse(self, n: int, thing: Things) -> Iterator[tuple[int, Pred]]:
        """Nothing but low findings: none of another severity."""
        others = tuple(level for level in RANKS if level not in thing.types)
        if set(thing.types) <= set(RANKS) and others:
            yield n, negated(has(severity(thing.kind, others), self.facts))

    def _only_verb(self, k: int, subject: Things) -> Iterator[tuple[int, Pred]]:
        """only [be stored in X, exist at account level, call https addresses]: a verb that stands for a field."""
        for m in self.says(k, LIVING) if subject.kind.spec is None else []:
            yield from self.level_of(m, subject.kind)
        be = self.skip(k, "be")
        for start in dict.fromkeys((k, be)):
            for m, sense in self.senses(start, "verb"):
                owner, spec = sense.payload
                generic = sense.words[-1] in GENERIC_VERBS and len(sense.words) == 1
                if owner.name == subject.kind.name and not (
                    generic and self._plain_word(m, spec, subject.kind)
                ):
                    if "push" in sense.words or "publish" in sense.words:
                        yield from ((n, of_types(types)) for n, types in self.registries(m))
                    prop = self._grouped(owner, spec)
                    for n in dict.fromkeys((self._skip_field(m, spec, owner), m)):
                        url = self.token(n)
                        if url is not None and url.text.startswith("http"):
                            pattern = re.escape(url.text.rstrip("/"))
                            yield n + 1, only_among(prop, (f"^{pattern}(/|$)",), "matches")
                            continue
                        for p, pred in self._address(n, prop, sense.words):
                            yield p, either(negated(tested(prop, "present")), pred)
                        for p, found in self.literals(n, prop):
                            linked = (
                                spec.path == "template.templateRef"
                            )  # from no template is from no such one
                            pred = tested(prop, "is", found) if linked else only_among(prop, found)
                            yield self._skip_noun_after(p, spec), pred

    def _only_how(self, k: int, subject: Things) -> Iterator[tuple[int, Pred]]:
        """may only be deployed on Mondays, by admins, if approved, with an approval."""
        yield from self._only_version(k, subject)
        ends = dict.fromkeys([*self.says(k, TRIVIAL), k])
        for m in ends:
            m = self.skip(m, "only|to production|to prod") if m > k else m
            for n, window in self.window(m):
                for p in self.says(
                    n + 1 if self.is_punct(n, ",") else n, "by|and by|and only by|and only for|only by"
                ):
                    for q, who in self.who(p):  # at these times, and by these people
                        yield q, both(window.pred(), who)
                yield n, window.pred()
            for n in self.says(m, "by"):
                yield from self.who(n)
            for n in self.says(m, "if|when|after|once|where|provided that|as long as"):
                for p, (pred, _) in self.condition(n, subject):
                    yield p, pred
            for n in self.says(m, "with|through"):
                for p, (pred, _) in self.objects(n, subject.kind):
                    yield p, pred
            for n in self.says(m, "after"):
                yield from self._after_things(n, subject)
            for n in self.says(m, "in|inside|within"):
                for p, parent in self.things(n):
                    belongs = self._belongs(subject.kind, parent)
                    if (belongs is not None and not parent.plain) or (
                        self.holds_steps(parent) and belongs is not None
                    ):
                        yield p, belongs

    def _only_version(self, k: int, subject: Things) -> Iterator[tuple[int, Pred]]:
        """(lodash is only allowed) from 4.17.21 on, in version 2 or newer."""
        for prop in self._default_value(subject.kind) if subject.kind.element == "package" else []:
            for m, comparison in self.comparison(
                self.skip(k, "in version|with version|at version|version|in")
            ):
                if fits(prop, comparison):
                    yield self.skip(m, "on|onward|onwards|upwards|and up"), compare(prop, comparison)

    def _after_things(self, n: int, subject: Things) -> Iterator[tuple[int, Pred]]:
        """... only after a plan step in the same stage and an approval by X."""
        for j, thing in self._one(n):
            if thing.kind.element not in ("step", "stage") or thing.none:
                continue
            same = self.skip(j, "in same stage|within same stage|of same stage")
            order = "before+same_stage" if same > j else "before"
            placed = thing if thing.role in ("approval", "scan") else replace(thing, order=order)
            pred = has(placed, self.facts)
            k = same + 1 if self.is_punct(same, ",") else same
            for m in self.says(k, "and|and after"):
                for p, rest in self._after_things(m, subject):
                    yield p, both(pred, rest)
            yield same, pred

    def _only_inside(self, k: int, subject: Things) -> Iterator[tuple[int, Pred]]:
        """run only on Mondays; be deployed only by X; use only Y; be pushed only to ECR."""
        for m in self.says(k, "be push|be publish") if subject.role == "push" else []:
            for n in self.says(m, "only to|exclusively to"):
                yield from ((p, of_types(types)) for p, types in self.registries(n))
        for m in self.says(k, TRIVIAL + "|use|be|come|list|deploy"):
            for n in self.says(m, "only|exclusively"):
                yield from self._only_how(n, subject)
                if self.tokens[m - 1].base == "use":
                    for p, prop in self.value_of(n, subject.kind):
                        for q, found in self.literals(p, prop):
                            yield q, only_among(prop, found)

    def _only_there_place(self, k: int, subject: Things) -> Iterator[tuple[int, Pred]]:
        """(may be used) in X only; (belongs) in X and nowhere else."""
        for m in self.says(k, "in|into|inside|within|on|to"):
            for n, parent in self.things(m):
                belongs = self._belongs(subject.kind, parent)
                if belongs is None or parent.none:
                    continue
                comma = n + 1 if self.is_punct(n, ",") else n
                for p in self.says(
                    comma, "only|exclusively|alone|and nowhere else|nowhere else|but nowhere else"
                ):
                    yield p, belongs
