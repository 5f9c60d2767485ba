"""Needs: require X for Y, X before Y, and sentences without a subject of their own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from governance.authoring.reading.meaning.relations import has
from governance.authoring.reading.meaning.statements import Statement
from governance.authoring.reading.meaning.typed import Things, negated
from governance.authoring.reading.sentences.value_rules import ValueRules
from governance.authoring.reading.values.predicates import deployment
from governance.authoring.reading.values.props import lifetime
from governance.authoring.reading.values.value_tests import compare
from governance.authoring.reading.words.verbs import EXTENDS

# behind a pronoun they say which ones are meant, not what these must do
PLACING = frozenset("under in of from with without on for by at".split())

ONE_STAGE = "in same stage|within same stage|of same stage|in one and same stage"


def _from_below(thing: Things) -> bool:
    return not thing.how_many or thing.how_many[0][0] in ("at_least", "more_than")


def _hardly_demanded(subject: Things, via: tuple[Things, ...]) -> bool:
    """Findings, and stages of a stage: nobody demands them."""
    found = any(t.role == "severity" and not t.none and _from_below(t) for t in via)
    return found or (
        subject.kind.element == "stage" and any(t.kind.element == "stage" and not t.order for t in via)
    )


class Needs(ValueRules):
    """Grammar of what is needed."""

    def _imperative(self, i: int) -> Iterator[tuple[int, tuple[Statement, ...]]]:
        """Require X for Y; there must be X; allow Y only if Z."""
        for j in self.says(i, "require|demand|insist on|ask for|there must be|there have to be|there should be|need|want|expect"
                              "|enforce|always have|always require|there need to be|mandate|we need|we want|must have|use|have"
                              "|always use|we require|we expect|it need|there be"):  # fmt: skip
            for k, thing in self.things(j):
                for m in self.says(k, "for|in|on|from|of|with|inside|per|within|at|before"):
                    order = "before" if self.tokens[m - 1].base == "before" else ""
                    base = (
                        Things(self.kind("stages"), (deployment,), role="deployment")
                        if self.entity == "pipeline"
                        else None
                    )
                    named = next(self.senses(m, "environment", names=True), None)
                    places = (
                        self._production_or_env(m, base) if base is not None and named is not None else ()
                    )
                    for n, subject in (*self.things(m), *places):
                        wanted = (
                            replace(thing, order=order)
                            if order and thing.role not in ("scan", "approval")
                            else thing
                        )
                        if wanted.kind.spec is not None:
                            yield n, (Statement(replace(subject, how_many=()), has(wanted, self.facts)),)
                spread = any(t.base in ("each", "every") for t in self.tokens[j + 1 : k])  # in each CI stage
                if thing.kind.spec is not None and not spread:
                    yield k, (Statement(Things(self.kind("document")), has(thing, self.facts), wanted=True),)
            for subject_kind in self._all_kinds():
                for k, (pred, _) in self.objects(j, subject_kind):
                    for m in self.says(k, "for|in|on|from|of|per|with|within"):
                        for n, subject in self.things(m):
                            if subject.kind.name == subject_kind.name:
                                yield n, (Statement(subject, pred),)
        yield from self._permitted(i)

    def _permitted(self, i: int) -> Iterator[tuple[int, tuple[Statement, ...]]]:
        """Allow Y only if Z; accept up to two critical findings."""
        i = self.skip(i, "we|i|one")
        for j in self.says(i, "allow|permit|accept|tolerate|put up with|live with|can live with"):
            for k, (pred, via) in self.objects(j, self.kind("document")):
                limits = [op for t in via for op, _ in t.how_many]
                if limits and len(via) == len(limits) and set(limits) <= {"at_most", "less_than"}:
                    yield k, (Statement(Things(self.kind("document")), pred),)
        for j in self.says(i, "allow|permit"):
            for k, thing in self.things(j):
                yield from (s for s in self._allowance(k, thing) if not s[1][0].permits)

    def _passive_need(self, i: int) -> Iterator[tuple[int, tuple[Statement, ...]]]:
        """X is required for Y; delegate selectors are mandatory for all stages."""
        i2 = self.skip_all(i, "use of|presence of|existence of")
        for kind in self._all_kinds():
            for j, (pred, _) in self.objects(i2, kind):
                for k in self.says(j, "be require|be mandatory|be compulsory|be need|must be set|be obligatory|must be present|be a must"
                                      "|have to be set|be necessary|must be there|must exist|have to be present|be require too"):  # fmt: skip
                    for m in self.says(k, "for|in|on|from|of|with|at"):
                        for n, thing in self.things(m):
                            if thing.kind.name == kind.name:
                                yield n, (Statement(thing, pred),)
        for j, wanted in self.things(i2):
            for k in self.says(j, "be require|be mandatory|be compulsory|be need|be obligatory|must be present|must exist|must be there"
                                  "|must run|have to run|must be run|have to be present|have to follow|must follow|must happen"
                                  "|have to be run"):  # fmt: skip
                for p, placed in self._placed(k, wanted):
                    for m in self.says(p, "for|in|on|with|at|before|prior to|ahead of"):
                        for n, thing in self.things(m):
                            order = (
                                "before"
                                if self.tokens[m - 1].base in ("before", "to", "of")
                                and self.tokens[m - 2].base != "for"
                                else ""
                            )
                            yield (
                                n,
                                (
                                    Statement(
                                        thing,
                                        has(
                                            replace(
                                                placed,
                                                order=placed.order
                                                or (order if wanted.role not in ("scan", "approval") else ""),
                                            ),
                                            self.facts,
                                        ),
                                    ),
                                ),
                            )
                    yield (
                        p,
                        (
                            Statement(
                                Things(self.kind("document")),
                                has(placed, self.facts),
                                wanted=not placed.order,
                            ),
                        ),
                    )

    def _order_core(self, i: int) -> Iterator[tuple[int, tuple[Statement, ...]]]:
        """A SAST scan before anything goes to production; deploy to staging before prod."""
        i = self.skip(
            i,
            "we want|we need|want|need|require|there must be|always|have|do|run|always do|always run|there have to be",
        )
        for j, first in self._orderable(i):
            for words, order in (("directly before|right before|immediately before", "directly_before"),
                                 ("before|in front of|prior to|ahead of|precede|must precede|come before|have to come before", "before"),
                                 ("right after|directly after|immediately after", "directly_after"),
                                 ("after|follow|must follow|have to follow", "after")):  # fmt: skip
                for k in self.says(j, words):
                    for m, second in self._orderable(k):
                        if order == "before" and first.role in ("scan", "approval"):
                            yield m, (Statement(second, has(first, self.facts)),)
                        else:
                            yield m, (Statement(second, has(replace(first, order=order), self.facts)),)

    def _in_one_stage(
        self, i: int, first: Things, second: Things, order: str
    ) -> Iterator[tuple[int, tuple[Statement, ...]]]:
        """(X has to come before Y) in the same stage: every Y must have an X beside it, not every X a Y."""
        if first.kind.element != "step" or second.kind.element != "step":
            return
        for j in self.says(i, ONE_STAGE):
            placed = replace(first, order=f"{order}+same_stage")
            yield j, (Statement(second, has(placed, self.facts)),)

    def _orderable(self, i: int) -> Iterator[tuple[int, Things]]:
        for j, thing in self.things(i):
            if thing.kind.element in ("stage", "step") and not thing.none:
                yield j, replace(thing, how_many=())
                for k in self.says(
                    j, "go to|be deploy to|reach|get to|run in|go into|be release to|go out to|hit|land in"
                ):
                    for m, placed in self._production_or_env(k, thing):
                        yield m, placed
        if self.entity == "pipeline":
            base = Things(self.kind("stages"), (deployment,), role="deployment")
            for j in self.says(
                i,
                "deploy to|release to|go to|deploy|deploying to|we deploy to|ship to|you deploy to|roll out to",
            ):
                for m, placed in self._production_or_env(j, base):
                    yield m, placed

    def _topic_core(self, i: int) -> Iterator[tuple[int, tuple[Statement, ...]]]:
        """Sentences without a subject, about what was named before: "no static keys", "max 20"."""
        if self.topic is None or self.says(i, EXTENDS):
            return
        subject, start = self.topic, self.skip(i, "it|they|these|this|those|that")
        for j in self.says(i, "no|never|not|do not use|without"):
            for k, pred in self._complement(j, subject.kind):
                yield k, (Statement(subject, negated(pred)),)
            for k, (pred, _) in self._any_object(j, subject.kind):
                yield k, (Statement(subject, negated(pred)),)
        yield from self._none_allowed(i, subject)
        for k, window in self.window(self.skip(i, "only|on|only on")):
            if self.skip(i, "only|only on") > i or self.says(k, "only|exclusively"):
                yield self.skip(k, "only|exclusively"), (Statement(subject, window.pred()),)
        if subject.kind.spec is None and self.entity == "token":  # tokens: 30 days max
            for k, comparison in self.comparison(i):
                if comparison.bounds[0][1].unit == "duration":
                    yield k, (Statement(subject, compare(lifetime(subject.kind), comparison)),)
        for k, (pred, via) in self.objects(i, subject.kind):
            if _hardly_demanded(subject, via):
                continue
            yield (
                self.skip(
                    k,
                    "be require|require|be mandatory|mandatory|be need|need|necessary|be necessary|be a must",
                ),
                (Statement(subject, pred),),
            )
            for m, _ in self.forbidden(k):
                yield m, (Statement(subject, negated(pred)),)
        for k, demand in self._modal_vp(start, subject) if not self._names_some(i, start) else []:
            yield k, (Statement(subject, demand),)

    def _none_allowed(self, i: int, subject: Things) -> Iterator[tuple[int, tuple[Statement, ...]]]:
        """(New findings:) none allowed."""
        for j in self.says(i, "none|not one|not a single one|zero|not any"):
            alone = [j] if j >= self.size and subject.role == "severity" else []
            for k in [*alone, *self.says(j, "allow|permit|accept|tolerate|ok|okay"), *self.accepted(j)]:
                yield k, (self._forbids(replace(subject, none=False)),)

    def _names_some(self, i: int, start: int) -> bool:
        """Those under X: some of them are named, nothing is demanded."""
        return i < start < self.size and self.tokens[start].base in PLACING

    def _reversed_order(
        self, j: int, first: Things, none: bool
    ) -> Iterator[tuple[int, tuple[Statement, ...]]]:
        """X has to come before (each) Y: every Y must have an X before it."""
        if first.kind.element not in ("step", "stage") or none:
            return
        every = any(t.base in ("every", "each", "all") for t in self.tokens[:j])  # of those that are placed
        for k in self.says(j, "have to|must|should|need to|shall|be to"):
            for m, order in [
                *((m, "before") for m in self.says(k, "precede|go before|come before|always precede")),
                *((m, "directly_before") for m in self.says(k, "directly precede|immediately precede")),
            ]:
                for p, second in self._orderable(m):
                    if not every:
                        yield from self._in_one_stage(p, first, second, order)
                    yield p, (Statement(second, has(replace(first, order=order), self.facts)),)
        for k in self.says(j, "have to|must|should|need to|shall|be to|have"):
            for m in self.says(k, "run|come|be|happen|be finish|finish|take place|occur|stand|be run|be execute|be place|be do|be put|be deploy|be release|be roll out"
                                  "|complete|be complete|pass|succeed|have run|have finish|sit"):  # fmt: skip
                for words, order in (("directly before|immediately before|right before|right in front of|directly in front of"
                                      "|immediately in front of", "directly_before"),
                                     ("before|in an earlier stage than|earlier than|in front of|ahead of|prior to|in earlier stage than",
                                      "before")):  # fmt: skip
                    for n in self.says(m, words):
                        for p, second in self._orderable(n):
                            p = self.skip(
                                p,
                                "be build and push|be push|be publish|be build|start|begin|be deploy|happen|run|be run",
                            )
                            if not every:
                                yield from self._in_one_stage(p, first, second, order)
                            way = "stage_before" if "stage" in words[:0] else order
                            yield p, (Statement(second, has(replace(first, order=way), self.facts)),)
