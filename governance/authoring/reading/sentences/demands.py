"""Demands: must, must not, may only; what is asked of the subject of a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from governance.authoring.reading.base import rule
from governance.authoring.reading.meaning.coordination import refused
from governance.authoring.reading.meaning.nesting import chain, every
from governance.authoring.reading.meaning.relations import has
from governance.authoring.reading.meaning.typed import Pred, Things, both, either, negated
from governance.authoring.reading.sentences.conditions import Conditions
from governance.authoring.reading.values.amounts import Comparison
from governance.authoring.reading.values.predicates import (
    deployment,
    environment_of,
    of_types,
    only_approvers,
    to_environment,
)
from governance.authoring.reading.values.value_tests import (
    allowed_up_to,
    compare,
    fits,
    only_among,
    or_missing,
    tested,
)
from governance.authoring.reading.verbs.phrases import LIVING
from governance.authoring.reading.verbs.steps import OUT_OF
from governance.authoring.reading.verbs.verdicts import RESULTS
from governance.authoring.reading.words.sentences import MODALS, TRIVIAL
from governance.authoring.reading.words.verbs import GENERIC_VERBS


class Demands(Conditions):
    """Grammar of demands."""

    @rule
    def _modal_vp(self, j: int, subject: Things, none: bool = False) -> Iterator[tuple[int, Pred]]:
        """[must] [not] [only] do something: the demand on the subject."""
        modal = self.skip(j, MODALS + "|to|not to")
        weak = modal > j and self.tokens[j].base in ("may", "can", "might", "could", "do") and modal == j + 1
        k = self.skip(modal, "always|all|each|in any case|definitely|at least|themselves")
        neg = self.skip(k, "not|never|under no circumstance|in no case")
        if neg > k:
            yield from self._denied(neg, subject)
        for m in self.says(k, "neither"):
            yield from self._neither(m, subject)
        only = self.skip(k, "only|exclusively|solely")
        if only > k:
            yield from self._only_vp(only, subject)
        else:
            yield from self._only_inside(k, subject)
            for m in self.says(k, TRIVIAL + "|belong|go|live|stand"):
                yield from self._only_there_place(m, subject)
        for m in self.says(
            k,
            "contain nothing but|have nothing but|contain only|have only|consist only of|include only|include nothing but|consist of nothing but|run only|run nothing but",
        ):
            yield from self._nothing_but(m, subject)
        if weak:  # "may cost 800": permission up to an amount is a bound
            for m, pred in self._up_to(k, subject):
                yield m, pred
            if self.tokens[j].base != "do" and not none and neg == k and only == k:
                yield from self._bounded(k, subject)
                return
        yield from self._plain_vp(k, subject)
        for m in self.says(k, "have be"):  # must have been preceded by: what must be, once it runs
            yield from self._plain_vp(m - 1, subject)
        for m in self.says(k, "have"):
            yield from self._plain_vp(m, subject)

    def _bounded(self, k: int, subject: Things) -> Iterator[tuple[int, Pred]]:
        """(May) use X only, cost at most N: a permission that is a demand by what bounds it."""
        for m, pred in self._plain_vp(k, subject):
            for n in self.says(m + 1 if self.is_punct(m, ",-") else m, "only|nothing else|and nothing else|no other"
                               "|nothing beside|none other|and no other"):  # fmt: skip
                if not self.times_follow(n):  # "by X only on Fridays": the days are what is limited
                    yield n, pred
            bounding = ("only", "exclusively", "most", "maximum", "than", "neither", "no")
            if any(t.base in bounding for t in self.tokens[k:m]):
                yield m, allowed_up_to(pred)

    def times_follow(self, n: int) -> bool:
        """Whether times stand behind "only", so that they are what it limits."""
        return any(True for _ in self.windows(n))

    def _denied(self, neg: int, subject: Things) -> Iterator[tuple[int, Pred]]:
        """What stands behind "not", up to the next modal."""
        for m, pred in self._plain_vp(self.skip(neg, "ever|be allow to|be permit to"), subject):
            if not self._starts_anew(neg, m):
                yield m, refused(pred, self.tokens, neg)

    def _starts_anew(self, i: int, j: int) -> bool:
        """Whether a second modal stands in between: not live long | and must have a name."""
        joints = (p for p in range(i, j) if self.tokens[p].base in ("and", "but"))
        return any(self.skip(p + 1, MODALS + "|need|require") > p + 1 for p in joints)

    def _neither(self, k: int, subject: Things) -> Iterator[tuple[int, Pred]]:
        """... neither be called X nor contain Y: none of the two."""
        for m, (pred, _) in self._vp_one(k, subject.kind):
            for n in self.says(m + 1 if self.is_punct(m, ",") else m, "nor|or"):
                for p, rest in self._neither(n, subject):
                    yield p, both(negated(pred), rest)
            yield m, negated(pred)

    def _plain_vp(self, k: int, subject: Things) -> Iterator[tuple[int, Pred]]:
        for m in self.says(k, TRIVIAL):
            for n, window in self.window(m):
                yield n, window.pred()
        yield from self.vp(k, subject.kind)
        for words in (TRIVIAL,):
            for m in self.says(k, words):
                for n in self.says(m, "by"):
                    for p, who in self.who(n):
                        yield p, who
                for n in self.says(m, "if|when|after|with"):
                    for p, (pred, _) in self.condition(n, subject):
                        yield p, pred

    def _up_to(self, k: int, subject: Things) -> Iterator[tuple[int, Pred]]:

        for words, what in (
            ("cost", "cost"),
            ("run|take|run for|last", "timeout"),
            ("live|be valid|be valid for|live for", "lifetime"),
        ):
            for m in self.says(k, words):
                for prop in self._props_named(what, subject.kind):
                    for n, amount in self.amount(self.skip(m, "up to")):
                        bound = Comparison((("at_most", amount),))
                        if fits(prop, bound):
                            yield (
                                self.skip(n, "altogether|in total|together|overall|each|at most"),
                                compare(prop, bound),
                            )
        for m in self.says(k, "have|contain|use"):
            for n, thing in self.things(m):
                plain_number = (
                    thing.how_many and thing.how_many[0][0] == "at_least" and next(iter(self.number(m)), None)
                )
                if thing.how_many and (thing.how_many[0][0] == "at_most" or plain_number):
                    limit = replace(thing, how_many=(("at_most", thing.how_many[0][1]),))
                    yield n, has(limit, self.facts)

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
        for n, thing in self.things(m):
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

    def _done_by(self, j: int) -> Iterator[tuple[int, Pred]]:
        for k in self.says(j, "need|require|have to have|must have") if self.entity in RESULTS else []:
            for m, who in self.who(k):  # a plan over 1000 dollars needs somebody from X
                yield self.skip(m, "to run it|to apply it|to run them|to start it|run it|apply it"), who
        for k in self.says(
            j, "must be run by|must be save by|may be run by|may be save by|have to be run by"
        ):
            yield from self.who(k)
