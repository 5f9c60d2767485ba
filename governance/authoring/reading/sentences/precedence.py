"""Orders with the later part first: "before anything goes to production, X must have approved"."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from governance.authoring.reading.meaning.nesting import document_at
from governance.authoring.reading.meaning.relations import has
from governance.authoring.reading.meaning.statements import Statement
from governance.authoring.reading.meaning.typed import Things
from governance.authoring.reading.sentences.needs import Needs

GIVEN = (
    "must run|have to run|must be run|have to be run|must pass|have to pass|must have run|must have pass|must have be run|must happen"
    "|must take place|must be give|must have be give|must exist|must be there|must be present|must be do|must be obtain|must be in place"
    "|must be pass|must be finish|must have finish|have to have run|have to have pass|have to be give|have to exist|have to happen"
    "|have to take place|should run|should pass|should have run|should have pass|be require|be mandatory|be need|be necessary|be due"
    "|must come|have to come|need to run|need to pass|need to happen|need to exist|need to be in place|be obligatory|run|pass"
    "|must be complete|have to be complete|have to be in place|must succeed|have to succeed|must have succeed"
)
LATER = (
    "after|behind|later than|in later stage than|in later step than|in later stage or later step than|in later stage or step than"
    "|in later step or later stage than|in later step or stage than"
)
EARLIER = "before|in front of|ahead of|earlier than|in earlier stage than|in earlier step than|in earlier stage or step than|prior to"
WANTED = (
    "there must be|there have to be|there should be|there need to be|we need|we require|we want|you need|it need|it take|require|need"
    "|we expect|there shall be|there must have be|we must have|we have to have|always|do|run|must have|have to have|should have"
)


# what can stand beside a step of the stage a sentence is about
BESIDE = ("before", "after", "directly_before", "directly_after")


class Precedence(Needs):
    """Grammar of what has to stand before or after something that is named first."""

    def _before_core(self, i: int) -> Iterator[tuple[int, tuple[Statement, ...]]]:
        if self.entity not in ("pipeline", "template"):
            return
        yield from self._wanted_between(i)
        yield from self._between_in_front(i)
        for words, order in (("directly before|right before|immediately before", "directly_before"),
                             ("before|prior to|ahead of|in front of", "before"),
                             ("directly after|right after|immediately after", "directly_after"),
                             ("after|once|following", "after")):  # fmt: skip
            for j in self.says(i, words):
                for k, later in self._orderable(self.skip(j, "we|you|one|somebody")):
                    k = self.skip(
                        k,
                        "happen|run|start|begin|take place|go out|be start|can start|be run|be deploy|can happen|may start|may run",
                    )
                    comma = k + 1 if self.is_punct(k, ",") else k
                    for m, needed in self._needed(comma):
                        yield m, (Statement(later, has(_in_order(needed, order), self.facts)),)

    def _wanted_between(self, i: int) -> Iterator[tuple[int, tuple[Statement, ...]]]:
        """There must be an approval between A and B."""
        for j in self.says(i, WANTED):
            for k, thing in self.things(j):
                if thing.kind.element in ("step", "stage") and not thing.none:
                    yield from self._between(k, replace(thing, how_many=()))

    def _between_in_front(self, i: int) -> Iterator[tuple[int, tuple[Statement, ...]]]:
        """Between A and B there must be an approval."""
        for j in self.says(i, "between|in between|somewhere between"):
            for k, earlier in self._orderable(j):
                for m in self.says(k, "and"):
                    for n, later in self._orderable(m):
                        for p, needed in self._needed(n + 1 if self.is_punct(n, ",") else n):
                            yield p, self._both_limits(needed, earlier, later)[1:]

    def _between(self, k: int, thing: Things) -> Iterator[tuple[int, tuple[Statement, ...]]]:
        """... between A and B: in front of each B there is one that follows an A."""
        for n in self.says(k, "between|in between|somewhere between"):
            for p, earlier in self._orderable(n):
                for q in self.says(p, "and"):
                    for t, later in self._orderable(q):
                        yield t, self._both_limits(thing, earlier, later)[1:]

    def beside_its_step(self, j: int, thing: Things) -> Iterator[tuple[int, tuple[Statement, ...]]]:
        """A stage that has step X must have Y before it: in front of each X of such a stage."""
        if thing.kind.element != "stage" or len(thing.via) != 1 or thing.via[0].kind.element != "step":
            return
        step = replace(thing.via[0], none=False, how_many=())
        own = step.narrowed(lambda at: thing.holds(at.parent_stage(thing.kind)))
        if thing.via[0].none or thing.none:
            return
        for k in self.says(j, "must|have to|should|need to|shall") or [j]:
            for m in self.says(k, "have|contain|include|need|require|use|run|execute"):
                for n, wanted in self._one(m):
                    if wanted.kind.element != "step" or wanted.none or wanted.how_many:
                        continue
                    for p, placed in self._placed(n, wanted):
                        order = placed.order.partition("+")[0]
                        if order not in BESIDE:
                            continue
                        free = order == "before" and wanted.role == "approval"
                        placed = wanted if free else replace(wanted, order=f"{order}+same_stage")
                        yield p, (Statement(own, has(placed, self.facts)),)

    def _needed(self, i: int) -> Iterator[tuple[int, Things]]:
        """Somebody must have approved; X must have run; there must be X."""
        start = self.skip(i, "either|both")
        for j, groups in self.groups(start):
            both = len(groups) > 1 and not any(t.base in ("or", "either") for t in self.tokens[i:j])
            for k in self.says(
                j, "must|have to|should|need to|both have to|both must|shall|all have to|all must"
            ):
                for m in self.says(k, "approve|have approve|sign off|have sign off|give approval|have give approval|give their approval"
                                      "|have give their approval|agree|have agree|approve it|have approve it|sign it off|give ok|confirm"):  # fmt: skip
                    yield m, replace(self._approval(groups), each_group=both)
        for j, thing in self.things(i):
            if thing.kind.element in ("step", "stage") and not thing.none:
                for k in self.says(j, GIVEN):
                    yield k, thing
        for j in self.says(i, WANTED):
            for k, thing in self.things(j):
                if thing.kind.element in ("step", "stage") and not thing.none:
                    yield k, thing
                    for m in self.says(k, "in same stage|within same stage|of same stage"):
                        yield m, replace(thing, order="+same_stage")

    def _in_each(self, j: int, first: Things) -> Iterator[tuple[int, tuple[Statement, ...]]]:
        """One of A or B must be in every stage: each stage has to have it."""
        if first.kind.element != "step" or first.none:
            return
        for k in self.says(j, "must be in|have to be in|should be in|must be part of|have to be part of|should be part of|must be include in"
                              "|have to be include in|must run in|have to run in|should run in|belong in|need to be in|need to run in"):  # fmt: skip
            token = self.token(k)
            if token is not None and token.base in ("every", "each", "any"):
                for m, place in self.things(k):
                    if place.kind.element == "stage" or place.kind.spec is None:
                        yield m, (Statement(place, has(first, self.facts)),)

    def _two_limits(self, j: int, first: Things) -> Iterator[tuple[int, tuple[Statement, ...]]]:
        """X must run after Y and before Z: behind each Y there is one, and in front of Z one that follows Y."""
        if first.kind.element not in ("step", "stage") or first.none:
            return
        for k in self.says(j, "have to|must|should|need to|shall|be to"):
            for m in self.says(
                k,
                "run|come|be|happen|take place|stand|be run|be place|be execute|be do|be schedule|sit|be put",
            ):
                yield from self._between(m, first)
                for n in self.says(m, LATER):
                    for p, earlier in self._orderable(n):
                        comma = p + 1 if self.is_punct(p, ",") else p
                        q = self.skip(comma, "and|but|and also|yet")
                        q = self.skip(q, "in any case|always|still|at latest|also|at any rate")
                        for s in self.says(q, EARLIER) if q > p else []:
                            for t, later in self._orderable(s):
                                yield t, self._both_limits(first, earlier, later)

    def _both_limits(self, first: Things, earlier: Things, later: Things) -> tuple[Statement, ...]:
        behind = has(replace(earlier, order="before"), self.facts)
        between = replace(first.narrowed(behind), order="before")
        any_earlier = has(earlier, self.facts)
        return (
            Statement(earlier, has(replace(first, order="after"), self.facts)),
            Statement(later, has(between, self.facts), where=(lambda at: any_earlier(document_at(at)),)),
        )

    def _required_after(self, i: int, j: int, first: Things) -> Iterator[tuple[int, tuple[Statement, ...]]]:
        """A check has to come after the rollout: an X is asked for behind each Y there is."""
        subject = self.token(i)
        if (
            first.kind.element not in ("step", "stage")
            or first.none
            or subject is None
            or subject.article != "a"
        ):
            return
        for k in self.says(j, "have to|must|should|need to|shall|be to"):
            for m in self.says(
                k,
                "run|come|be|happen|take place|stand|follow|be run|be place|be execute|be put|be do|finish|directly follow|immediately follow",
            ):
                for words, order in (("directly after|right after|immediately after", "directly_after"),
                                     ("after|behind|later than|in a later stage than", "after"), ("", "after")):  # fmt: skip
                    ends = (
                        self.says(m, words) if words else [m] if self.tokens[m - 1].base == "follow" else []
                    )
                    if m - k > 1 and self.tokens[m - 1].base == "follow":
                        order = "directly_after"
                    for n in ends:
                        one = self.token(n)
                        if one is not None and (
                            one.article == "the" or one.base in ("each", "every", "any", "all")
                        ):
                            for p, earlier in self._orderable(n):
                                yield from self._in_one_stage(p, first, earlier, order)
                                yield p, (Statement(earlier, has(replace(first, order=order), self.facts)),)


def _in_order(needed: Things, order: str) -> Things:
    if needed.order == "+same_stage":
        return replace(needed, order=order + needed.order)
    if order == "before" and needed.role in ("scan", "approval"):
        return needed
    return needed if needed.order else replace(needed, order=order)
