"""Demands: must, must not, may only; what is asked of the subject of a sentence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from governance.authoring.reading.base import rule
from governance.authoring.reading.meaning.coordination import refused
from governance.authoring.reading.meaning.relations import has
from governance.authoring.reading.meaning.typed import Pred, Things, both, negated
from governance.authoring.reading.sentences.only_demands import OnlyDemands
from governance.authoring.reading.values.amounts import Comparison
from governance.authoring.reading.values.predicates import deployment, to_environment
from governance.authoring.reading.values.value_tests import (
    allowed_up_to,
    compare,
    fits,
)
from governance.authoring.reading.words.sentences import MODALS, NOT_ALLOWED_TO, TRIVIAL
from governance.authoring.reading.words.verbs import HAVE, RESULTS


class Demands(OnlyDemands):
    """Grammar of demands."""

    @rule
    def _modal_vp(self, j: int, subject: Things, none: bool = False) -> Iterator[tuple[int, Pred]]:
        """[must] [not] [only] do something: the demand on the subject."""
        modal = self.skip(j, MODALS + "|to|not to")
        weak = modal > j and self.tokens[j].base in ("may", "can", "might", "could", "do") and modal == j + 1
        k = self.skip(modal, "always|all|each|in any case|definitely|at least|themselves")
        neg = self.skip(k, "not|never|no longer|under no circumstance|in no case")
        if neg > k:
            yield from self._denied(neg, subject)
        yield from self._not_allowed(j, subject)
        yield from self._not_both(k, subject) if weak and neg == k else ()
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
        for m in self.says(k, "use|have|contain|consist of|include|carry|hold"):
            for n, pred in self._nothing_but(m, subject):  # use manifests of type X only
                for p in self.says(n, "only|exclusively|and nothing else|nothing else"):
                    yield p, pred
        yield from self._plain_vp(k, subject)
        for m in self.says(k, "have be"):  # must have been preceded by: what must be, once it runs
            yield from self._plain_vp(m - 1, subject)
        for m in self.says(k, "have"):
            yield from self._plain_vp(m, subject)

    def _bounded(self, k: int, subject: Things) -> Iterator[tuple[int, Pred]]:
        """(May) use X only, cost at most N: a permission that is a demand by what bounds it."""
        findings = self.entity == "securityTests"  # low findings only: none of the others
        for m in self.says(k, HAVE) if findings else []:
            for n, pred in self._nothing_but(m, subject):
                yield from ((p, pred) for p in self.says(n, "only|nothing else|and nothing else"))
        for m, pred in self._plain_vp(k, subject):
            closed = "only|nothing else|and nothing else|no other|nothing beside|none other|and no other"
            for n in self.says(m + 1 if self.is_punct(m, ",-") else m, closed) if not findings else []:
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

    def _not_allowed(self, j: int, subject: Things) -> Iterator[tuple[int, Pred]]:
        """(A pipeline) is not allowed to do something."""
        for m in self.says(j, NOT_ALLOWED_TO):
            yield from self._denied(m, subject)
        for m in self.says(self.skip(j, MODALS), "neither"):
            yield from self._neither(m, subject)

    def _not_both(self, k: int, subject: Things) -> Iterator[tuple[int, Pred]]:
        """(May) deploy to either A or B, but not both."""
        if subject.kind.spec is not None or self.entity != "pipeline":
            return
        stages = Things(self.kind("stages"), (deployment,), role="deployment")
        for m in self.says(
            k, "deploy to either|deploy to|release to either|release to|deploy to one of|go to either"
        ):
            for n, envs in self.environments(m):
                comma = n + 1 if self.is_punct(n, ",") else n
                ends = self.says(
                    comma,
                    "not both|but not both|never both|not to both|but not to both|but never both|but never to both|not both of them",
                )
                if len(envs) == 2 and ends:
                    one, other = (has(stages.narrowed(to_environment((e,))), self.facts) for e in envs)
                    yield ends[0], negated(both(one, other))

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

    def _done_by(self, j: int) -> Iterator[tuple[int, Pred]]:
        for k in self.says(j, "need|require|have to have|must have") if self.entity in RESULTS else []:
            for m, who in self.who(k):  # a plan over 1000 dollars needs somebody from X
                yield self.skip(m, "to run it|to apply it|to run them|to start it|run it|apply it"), who
        for k in self.says(
            j, "must be run by|must be save by|may be run by|may be save by|have to be run by"
        ):
            yield from self.who(k)
