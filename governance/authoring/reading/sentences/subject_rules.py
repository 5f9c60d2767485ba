"""Rules that begin with the things they are about: every X must, no X may, X is required in Y."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from governance.authoring.reading.meaning.relations import has
from governance.authoring.reading.meaning.statements import Statement
from governance.authoring.reading.meaning.typed import Pred, Things, both, either, negated
from governance.authoring.reading.nouns.abreast import ALONGSIDE, beside, crowd
from governance.authoring.reading.sentences.only_places import OnlyPlaces
from governance.authoring.reading.values.predicates import on_document
from governance.authoring.reading.words.sentences import ALLOWED, MODALS
from governance.authoring.reading.words.verbs import RESULTS


class SubjectRules(OnlyPlaces):
    """Grammar of what is demanded of a subject."""

    def _subject_core(self, i: int) -> Iterator[tuple[int, tuple[Statement, ...]]]:  # noqa: C901 - the alternatives of one grammar rule
        """Every X must …; no X may …; X is not allowed; X is required in Y."""
        for j, thing in self.things(i):
            j2 = j + 1 if self.is_punct(j, ",") and not thing.plain else j
            subject = replace(thing, none=False, how_many=())
            for k, _ in self.forbidden(j2):
                for m in self.says(k, "without|with no"):
                    for n, (pred, _) in self.objects(m, subject.kind):
                        yield n, (Statement(subject, pred),)
                for m in self.says(k, "with"):
                    for n, (pred, _) in self.objects(m, subject.kind):
                        yield n, (Statement(subject, negated(pred)),)
                yield k, (self._forbids(thing),)
                for m, doc in self.bare(k):
                    if doc.plain and doc.kind.spec is None and self.entity not in ("pipeline", "template"):
                        yield m, (self._forbids(thing),)
            if thing.none:
                for k in self.accepted(j2):
                    yield k, (Statement(subject, None),)
                    for m in self.says(k, "without|with no|unless it have|unless they have"):
                        for n, (pred, _) in self.objects(m, subject.kind):
                            yield n, (Statement(subject, pred),)
                    for m in self.says(k, "with"):
                        for n, (pred, _) in self.objects(m, subject.kind):
                            yield n, (Statement(subject, negated(pred)),)
                for k in [] if self.entity == "terraformPlan" else self.says(j2, "may be run|may run|may be deploy|may be save|can be run|can run|may start|be run|may be execute"
                                       "|may happen|take place|may be start|may be change|may be create|happen|may take place"
                                       "|be allow to run|may be sync|may go out|go out"):  # fmt: skip
                    yield k, (Statement(subject, None),)
            yield from self._judged(j2, thing)
            if thing.plain and thing.kind.spec is None:
                k0 = self.skip(j2, "should|must|have to|shall|need to|will")
                for k in self.says(
                    k0,
                    "block|reject|refuse|deny|forbid|stop|ban|disallow|keep out|turn down|not allow|not let|not accept|not admit|not permit"
                    "|never allow|never let|never accept|not let in|not contain",
                ):
                    for m, inner in self.things(k):
                        if inner.kind.spec is not None and not inner.none:
                            yield m, (self._forbids(inner),)
            for k in self.says(j2, ALLOWED) if not thing.how_many else []:
                if self._says_more(k):
                    continue
                if thing.none:
                    yield k, (Statement(subject, None),)
                else:
                    yield from self._allowance(k, subject)
            for k in (
                self.says(j2, "may|can|must|should|have to|be allow to")
                if thing.how_many and self.entity in RESULTS
                else []
            ):
                for m, (pred, _) in self.vp_with_things(k, thing.kind):  # at most five packages may be X
                    counted = has(thing.narrowed(pred), self.facts)
                    yield m, (Statement(Things(self.kind("document")), counted),)
            if thing.how_many and thing.how_many[0][0] in ("at_most", "less_than"):
                for k in self.says(j2, "be allow|be ok|be fine|be permit|be acceptable|may exist|per pipeline|be okay|be tolerate"
                                       "|can be|may be|may be keep|may be store|may live|may stand|may be define"):  # fmt: skip
                    for m in (k, *self._in_document(k)):
                        yield m, (Statement(Things(self.kind("document")), has(thing, self.facts)),)
            for k in (
                self.says(j2, "be limit to|be restrict to|be cap at|be limit at")
                if thing.kind.spec is not None
                else []
            ):
                for m, number in self.number(k) if not thing.how_many and not thing.none else []:
                    limit = replace(thing, how_many=(("at_most", number),))
                    yield m, (Statement(Things(self.kind("document")), has(limit, self.facts)),)
            if thing.kind.element == "stage":
                yield from self._in_parallel(j2, thing)
            if thing.how_many:
                for k in self.says(
                    j2, "per|in each|in every|for each|for every|in one|in any one|in single|in any single"
                ):
                    for m, holder in self.things(k):
                        if holder.kind.spec is not None:
                            yield m, (Statement(replace(holder, how_many=()), has(thing, self.facts)),)
                if thing.role == "severity" and thing.how_many[0][0] in ("at_least", "more_than"):
                    continue  # nobody demands findings
                if i and thing.how_many[0][0] == "more_than" and not self.comparison(i):
                    continue  # "(must not create more than two A) and one B" demands no B
                for k in [j2, *self.says(j2, "per change|per pipeline|per run|in one pipeline|in a pipeline|in one go|at most"
                                             "|at once|be allow|be require|be mandatory|be need")]:  # fmt: skip
                    yield k, (Statement(Things(self.kind("document")), has(thing, self.facts)),)
                continue
            yield from self._reversed_order(j2, subject, thing.none)
            yield from self._in_each(j2, thing)
            yield from self.beside_its_step(j2, thing)
            yield from self._in_that(j2, thing)
            yield from self._for_each(j2, thing)
            yield from self._two_limits(j2, subject)
            yield from self._required_after(i, j2, subject)
            yield from self._only_if(j2, subject)
            for k, demand in self._modal_vp(j2, subject, thing.none):
                yield k, (Statement(subject, negated(demand) if thing.none else demand),)
            yield from self._what_it_holds(i, j2, subject)
            yield from self._has_not(j2, subject)
            for k in self.says(j2, "be only tolerate|be tolerate only|be only acceptable|be acceptable only|be only permissible|be only allow|be allow only|be only permit|be permit only|be only possible|be only ok|may only happen"
                                   "|be only accept|may happen only|can only happen|be possible only|may only take place"
                                   "|be only fine|can happen only|be only to happen|should only happen|must only happen"):  # fmt: skip
                for m, demand in self._only_how(k, subject):
                    yield m, (Statement(subject, demand),)
            for k, who in self._done_by(j2):
                yield k, (Statement(subject, negated(who) if thing.none else who),)

    def _judged(self, j: int, thing: Things) -> Iterator[tuple[int, tuple[Statement, ...]]]:
        """SBOMs without packages are useless, refuse them: what is thought of things, and the verdict."""
        for k in self.says(j, "be|look|seem|be too"):
            n = k
            while n < min(k + 4, self.size) and self.tokens[n].kind == "word" and not self._tells(n):
                n += 1
            comma = n + 1 if self.is_punct(n, ",-:") else n
            m = self.skip(comma, "so|and|therefore|hence|so please|and so")
            for p in (
                self.says(m, "deny|block|refuse|reject|stop|forbid|ban|prohibit|fail")
                if n > k and m > n
                else []
            ):
                end = self.skip(p, "it|them|such|those|that|these")
                if end > p and (end >= self.size or self.is_punct(end, ".;") or self.says(end, "in")):
                    yield end, (self._forbids(thing),)

    def _tells(self, n: int) -> bool:
        """Whether a word says something a rule could be about, or joins."""
        known = any(next(self.senses(n, c), None) for c in ("value", "state", "field", "noun"))
        return known or self.tokens[n].base in (
            "so",
            "and",
            "or",
            "not",
            "no",
            "by",
            "in",
            "if",
            "unless",
            "than",
            "only",
        )

    def _in_parallel(self, j: int, thing: Things) -> Iterator[tuple[int, tuple[Statement, ...]]]:
        """At most two stages may run in parallel; production deployments must not run in parallel with each other."""
        subject = replace(thing, none=False, how_many=())
        modal = self.skip(j, MODALS)
        neg = self.skip(modal, "not|never")
        for k in self.says(neg, "run|be run|be|happen|take place|go|be execute|start") if modal > j else []:
            for m in self.says(k, ALONGSIDE):
                upper = [(op, n) for op, n in thing.how_many if op in ("at_most", "less_than")]
                if upper and neg == modal:
                    yield m, (Statement(subject, crowd(subject, *upper[0])),)
                elif thing.how_many and neg > modal and thing.how_many[0][0] == "more_than":
                    yield m, (Statement(subject, crowd(subject, "at_most", thing.how_many[0][1])),)
                pair = thing.how_many == (("at_least", 2.0),)
                for n in [m] if pair and neg > modal else []:  # two of them must never run in parallel
                    yield n, (Statement(subject, negated(beside(subject.kind, subject))),)
                for n in self.says(m, "with each other|with one another|to each other|to one another"):
                    among = beside(subject.kind, subject)
                    if neg > modal and not thing.how_many:
                        yield n, (Statement(subject, negated(among)),)

    def _all_before(self, things: tuple[Things, ...], alternatives: bool) -> Pred | None:
        """(An approval stage and a scan) before each deployment: every one of them stands in front."""
        placed = [
            has(
                t
                if t.kind.element == "step" and t.role in ("scan", "approval")
                else replace(t, order="before"),
                self.facts,
            )
            for t in things
            if t.kind.element in ("stage", "step") and not t.none
        ]
        combine = either if alternatives else both
        return combine(*placed) if placed and len(placed) == len(things) else None

    def _on_each_step(self, j: int, stage: Things) -> Iterator[tuple[int, tuple[Statement, ...]]]:
        """Each CI stage must set a memory limit on every Run step: the steps of such stages are meant."""
        steps = self.kind("all_steps")
        for k in self.says(j, "must|have to|should|need to|shall") or [j]:
            for m in self.says(k, "have|contain|define|need|require|set|specify|give|use"):
                for n, (pred, _) in self.objects(m, steps):
                    for p in self.says(n, "for|in|on|at|per"):
                        spread = self.token(p)
                        if spread is None or not (
                            self.tokens[p - 1].base == "per" or spread.base in ("each", "every", "all", "any")
                        ):
                            continue
                        for q, step in self.things(p):
                            if step.kind.element == "step" and not step.none and not step.how_many:
                                own = step.narrowed(lambda at: stage.holds(at.parent_stage(stage.kind)))
                                yield q, (Statement(own, pred),)

    def _what_it_holds(self, i: int, j: int, thing: Things) -> Iterator[tuple[int, tuple[Statement, ...]]]:
        """Run step templates must set a memory limit: the step they hold."""
        if self.entity != "template" or thing.kind.spec is not None or thing.none:
            return
        words = [t.base for t in self.tokens[i:j]]
        for what, name in (("step", "all_steps"), ("stage", "stages")):
            if (what, "template") in pairwise(words):
                held = Things(self.kind(name), (on_document(thing.holds),), plain=False)
                yield from ((k, (Statement(held, pred),)) for k, pred in self._modal_vp(j, held))

    def _in_that(self, j: int, thing: Things) -> Iterator[tuple[int, tuple[Statement, ...]]]:
        """A pipeline with a production stage must have X in that stage: the stage is what needs it."""
        if thing.kind.spec is not None or len(thing.via) != 1 or thing.via[0].kind.element != "stage":
            return
        stage = replace(thing.via[0], none=False, how_many=())
        for k in self.says(j, "must|have to|should|need to|shall") or [j]:
            for m in self.says(k, "have|contain|include|define|need|require|use|set|run"):
                for n, (pred, _) in self.objects(m, stage.kind):
                    for p in self.says(
                        n,
                        "in that stage|in this stage|in those stage|in such stage|in these stage|in it|on that stage|for that stage|in every such stage|in each such stage",
                    ):
                        yield p, (Statement(stage, pred),)

    def _for_each(self, j: int, thing: Things) -> Iterator[tuple[int, tuple[Statement, ...]]]:
        """Such pipelines need an approval for each deployment: each of their deployments does."""
        if thing.none or self.entity not in ("pipeline", "template"):
            return
        if thing.kind.element == "stage":
            yield from self._on_each_step(j, thing)
        if thing.kind.spec is not None:
            return
        stages = self.kind("stages")
        for k in self.says(j, "must|have to|should|need to|shall") or [j]:
            for m in self.says(k, "have|contain|include|define|need|require|run|execute"):
                for n, (found, via) in self.objects(m, stages):
                    for p in self.says(n, "for|before|in|on|at|inside|within|per"):
                        spread = self.token(p)
                        each = self.tokens[p - 1].base == "per"
                        pred = found
                        if self.tokens[p - 1].base == "before":
                            pred = (
                                self._all_before(via, any(t.base == "or" for t in self.tokens[m:n])) or found
                            )
                        first = (
                            self.tokens[p - 1].base == "before"
                            and spread is not None
                            and spread.base == "first"
                        )
                        each = each or first
                        if spread is None or not (each or spread.base in ("each", "every", "all", "any")):
                            continue
                        for q, stage in self.things(p):
                            if stage.kind.element == "stage":
                                whole = on_document(thing.holds)
                                yield q, (Statement(replace(stage, how_many=()), pred, where=(whole,)),)
