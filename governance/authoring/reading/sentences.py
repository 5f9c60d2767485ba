"""Sentences: who must or must not do what, in the forms people write rules in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import cast

from governance.authoring.reading.abreast import ALONGSIDE, beside, crowd
from governance.authoring.reading.adjuncts import Adjuncts
from governance.authoring.reading.base import rule
from governance.authoring.reading.meaning import (
    Pred,
    Statement,
    Things,
    both,
    deploys,
    negated,
)
from governance.authoring.reading.nouns import OTHER
from governance.authoring.reading.predicates import on_document
from governance.authoring.reading.relations import has
from governance.authoring.reading.scopes import Scopes
from governance.authoring.reading.sentence_words import ALLOWED, MODALS, TRIVIAL
from governance.authoring.reading.verdicts import RESULTS


def _at_most(thing: Things) -> bool:
    """Findings of which there may be so many."""
    return thing.role == "severity" and {op for op, _ in thing.how_many} in ({"at_most"}, {"less_than"})


class Sentences(Scopes):
    """Grammar of whole sentences; every rule yields the statements it makes."""

    @rule
    def sentence(self, i: int) -> Iterator[tuple[int, tuple[Statement, ...]]]:
        """One sentence from position i, with its adjuncts in front and behind."""
        for j, front in self._front(i):
            yield from self._about_the_same(j, front)
            for k, statements in self._core(j):
                yield from self._with_adjuncts(k, statements, front)

    def _about_the_same(self, j: int, front: tuple[tuple[str, object], ...]
                        ) -> Iterator[tuple[int, tuple[Statement, ...]]]:  # fmt: skip
        """If a stage does X, it (its Y) must ...: the stage is what the sentence is about."""
        token = self.token(j)
        if token is None or not front or front[0][0] != "if":
            return
        start, end, _ = cast("tuple[int, int, object]", front[0][1])
        yield from self._about_what_it_has(j, start, end)
        for k, thing in self.things(start):
            if thing.kind.spec is None or thing.none or thing.how_many:
                continue
            for m, (pred, via) in self.vp_with_things(self._modal_free(k), thing.kind):
                if self.skip(m + 1 if self.is_punct(m, ",") else m, "then") != j and m != end:
                    continue
                same = replace(thing.narrowed(pred), via=(*thing.via, *via))
                if token.article in ("its", "their"):
                    for n, prop in self.value_of(j, thing.kind):
                        for p, demand in self._modal_about(n, prop):
                            yield from self._with_adjuncts(p, (Statement(same, demand),), ())
                    yield from self._steps_of(j, same)
                for n in self.says(j, "it|they"):
                    for p, demand in self._modal_vp(n, same):
                        yield from self._with_adjuncts(p, (Statement(same, demand),), ())

    def _steps_of(self, j: int, stage: Things) -> Iterator[tuple[int, tuple[Statement, ...]]]:
        """If a stage deploys to production, its steps must ...: the steps of such a stage."""
        for n, inner in self.things(j) if stage.kind.element == "stage" else []:
            if inner.kind.element == "step" and not inner.none and not inner.how_many:
                own = inner.narrowed(lambda at: stage.holds(at.parent_stage(stage.kind)))
                for p, demand in self._modal_vp(n, own):
                    yield from self._with_adjuncts(p, (Statement(own, demand),), ())

    def _about_what_it_has(self, j: int, start: int, end: int) -> Iterator[tuple[int, tuple[Statement, ...]]]:
        """If the SBOM contains openssl, its version must ...: the version of what it contains."""
        document = self.kind("document")
        for k, whole in self.things(start) if not document.fields else []:
            if whole.kind.spec is not None or not whole.plain:
                continue
            for m, (_, via) in self.vp_with_things(self._modal_free(k), document):
                if self.skip(m + 1 if self.is_punct(m, ",") else m, "then") != j and m != end:
                    continue
                for part in via if len(via) == 1 and not via[0].none and not via[0].how_many else ():
                    own = dict(self.value_of(j, part.kind)) if part.kind.spec is not None else {}
                    for n, prop in own.items():
                        for p, demand in self._modal_about(n, prop):
                            yield from self._with_adjuncts(p, (Statement(part, demand),), ())
                    for n in self.says(j, "it|they"):
                        for p, demand in self._modal_vp(n, part):
                            yield from self._with_adjuncts(p, (Statement(part, demand),), ())

    def _with_adjuncts(self, k: int, statements: tuple[Statement, ...], front: tuple[tuple[str, object], ...]
                       ) -> Iterator[tuple[int, tuple[Statement, ...]]]:  # fmt: skip
        subject = statements[0].subject
        yield from self._wanted_there(k, statements, front)
        for m, extra in self.adjuncts(k, subject):
            placed = self._front_for(front, subject)
            if placed is None:
                continue
            whole = placed.plus(extra)
            only_unless = bool(extra.unless) and not extra.where and not front
            at = self.tokens[k].start if only_unless else 0
            out = tuple(replace(self._apply(s, whole), behind=(k, m), exception_at=at) for s in statements)
            yield m, (*out[:-1], self._of_last_verb(statements[-1], out[-1], extra))
            comma = m + 1 if self.is_punct(m, ",;") else m
            yield from self._and_only_then(comma, out)
            for j2 in self.says(
                comma, "and so must|and so should|so must|and so do|as must|and so have to|and so be"
            ):
                for n, thing in self.things(j2):
                    yield n, (*out, Statement(thing, statements[-1].demand))
            also = "and|but|so|whereas|yet|and so must|and so be" + ("|while" if comma > m else "")
            for j2 in self.says(comma, "neither be|nor be|neither do|nor do|and neither be|and nor be"):
                same = Things(subject.kind)  # "ones that ..." are of the kind the sentence began with
                ones = [found for n in self.says(j2, "one|those") for found in self.post(n, same)]
                for n, thing in ones or self.things(j2):
                    if statements[-1].permits or statements[-1].demand is None:
                        yield n, (*out, replace(statements[-1], subject=thing))
            joint = self.skip(comma, also)
            if joint > m:
                for n, rest in self.sentence(joint):
                    if self._loses_subject(joint, rest, subject):
                        continue
                    rest = tuple(self._taken_over(joint, s, subject) for s in rest)
                    rest = tuple(self._all_but(joint, s, subject) for s in rest)
                    yield n, self._also_before(out, rest, n) + rest
            if self.size > m:
                j2 = self.skip(comma, "and|but|or")
                if j2 > m and statements[0].demand is not None:
                    yield from self._same_subject(j2, out)

    def _wanted_there(self, k: int, statements: tuple[Statement, ...], front: tuple[tuple[str, object], ...]
                      ) -> Iterator[tuple[int, tuple[Statement, ...]]]:  # fmt: skip
        """For production deployments we require two approvals: each of the deployments needs them."""
        place = front[0][1] if len(front) == 1 and front[0][0] == "in" else None
        if (
            isinstance(place, Things)
            and place.kind.element == "stage"
            and len(statements) == 1
            and statements[0].wanted
        ):
            there = replace(place, none=False, how_many=())
            for m, extra in self.adjuncts(k, there):
                yield m, (self._apply(replace(statements[0], subject=there), extra),)

    def _loses_subject(self, joint: int, rest: tuple[Statement, ...], subject: Things) -> bool:
        """Every step needs a timeout, and no timeout may …: theirs, not the one of the pipeline."""
        kind = rest[0].subject.kind
        if subject.kind.spec is None or kind.spec is not None or not rest[0].subject.plain:
            return False
        if self.tokens[joint].base in ("need", "require", "have", "use", "contain", "define"):
            return True  # must not do A and need B: they need it
        near = range(joint, min(joint + 3, self.size))
        if any(s.payload.name == kind.name for p in near for _, s in self.senses(p, "noun")):
            return False
        said = [s.payload for p in near for _, s in self.senses(p, "field")]
        return any(owner.name == subject.kind.name for owner, _ in said) and any(
            owner.name == kind.name for owner, _ in said
        )

    def _all_but(self, joint: int, statement: Statement, subject: Things) -> Statement:
        """... and all other stages need that: all but those of the first half."""
        said = any(t.base in OTHER for t in self.tokens[joint : joint + 2])
        if not said or statement.subject.kind.name != subject.kind.name or not (subject.base or subject.only):
            return statement
        return replace(statement, subject=statement.subject.narrowed(negated(subject.holds)))

    def _and_only_then(
        self, j: int, out: tuple[Statement, ...]
    ) -> Iterator[tuple[int, tuple[Statement, ...]]]:
        """..., and only on weekdays: one more demand."""
        for k in self.says(j, "and only|but only|and that only|only|and then only"):
            for m, pred in self.windows(k):
                yield m, (*out, replace(out[-1], demand=pred, permits=False))

    def _taken_over(self, joint: int, statement: Statement, subject: Things) -> Statement:
        """... and their value must be set: what names no thing of its own is about those of the first half."""
        kind = statement.subject.kind
        named = any(
            sense.payload.name == kind.name
            for p in range(joint, min(joint + 4, self.size))
            for _, sense in self.senses(p, "noun")
        )
        own = statement.subject.plain and not statement.subject.only and not named
        if not own or kind.name != subject.kind.name or subject.plain or kind.spec is not None:
            return statement
        return replace(statement, subject=replace(subject, none=False, how_many=()))

    def _same_subject(
        self, j: int, out: tuple[Statement, ...]
    ) -> Iterator[tuple[int, tuple[Statement, ...]]]:
        """... and must also have an owner tag: the subject is taken over."""
        last = out[-1]
        for k, demand in self._modal_vp(j, last.subject):
            for m, extra in self.adjuncts(k, last.subject):
                more = Statement(last.subject, demand, last.where, last.unless, behind=(k, m))
                rest = (self._apply(more, extra),)
                yield m, self._also_before(out, rest, m) + rest

    def _apply(self, s: Statement, extra: Adjuncts) -> Statement:
        same = s.same_stage or extra.same_stage
        s = replace(s, same_stage=same)
        subject = replace(s.subject, via=s.subject.via + extra.via) if extra.via else s.subject
        return replace(s, subject=subject, where=s.where + extra.where, unless=s.unless + extra.unless)

    def _front(self, i: int) -> Iterator[tuple[int, tuple[tuple[str, object], ...]]]:
        """Conditions, times and places in front of the core, as (kind, start) still to be read."""
        yield i, ()
        for words, what in (
            ("if|when|whenever|where|as soon as|as long as|once|in case|should", "if"),
            ("unless|except if|except when", "unless"),
        ):
            for j in self.says(i, words):
                for k, found in self.condition(j, None):
                    m = self.skip(k + 1 if self.is_punct(k, ",") else k, "then|,")
                    yield m, ((what, (j, k, found)),)
        for j in self.says(i, "except for|apart from|other than|besides|with exception of|aside from"):
            for k, pred in self.who(j):
                yield k + 1 if self.is_punct(k, ",") else k, (("but", pred),)
        for j in self.says(i, "except in|except for|except on|except|outside of|outside|other than in|apart from in|apart from"
                              "|with exception of|aside from|excluding|besides"):  # fmt: skip
            for k, thing in self.things(j):
                yield k + 1 if self.is_punct(k, ",:") else k, (("not in", thing),)
        for j, pred in self.windows(i):
            yield j + 1 if self.is_punct(j, ",") else j, (("where", pred),)
        for j in self.says(i, "in|for|within|on|across|inside|with|at|after"):
            for k, thing in self.things(j):
                m = k + 1 if self.is_punct(k, ",:") else k
                yield m, (("in", thing),)
            for k, pred in self.scope(j):
                m = k + 1 if self.is_punct(k, ",:") else k
                yield m, (("where", pred),)

    def _front_for(self, front: tuple[tuple[str, object], ...], subject: Things) -> Adjuncts | None:
        """The front adjuncts as conditions on the subject; None where they do not fit it."""
        out = Adjuncts()
        for what, payload in front:
            if what == "but":
                out = out.plus(Adjuncts(unless=(payload,)))  # type: ignore[arg-type]
            elif what == "where":
                out = out.plus(Adjuncts(where=(payload,)))  # type: ignore[arg-type]
            elif what == "not in":
                left_out = self._belonging(subject, payload)  # type: ignore[arg-type]
                if left_out is None:
                    return None
                out = out.plus(Adjuncts(unless=(left_out,)))
            elif what == "in":
                thing: Things = payload  # type: ignore[assignment]
                pred = self._belongs(subject.kind, thing)
                if thing.kind.name == subject.kind.name:
                    pred = thing.holds
                elif pred is None and thing.kind.spec is not None and subject.kind.spec is None:
                    pred = has(thing, self.facts)
                if pred is None:
                    return None
                together = thing.kind.element == "stage" and subject.kind.element == "step"
                out = out.plus(
                    Adjuncts(
                        where=() if thing.plain and thing.kind.spec is None else (pred,), same_stage=together
                    )
                )
            else:
                start, end, _ = cast("tuple[int, int, object]", payload)
                again = self._reread(start, end, subject)
                if again is None:
                    return None
                out = out.plus(
                    Adjuncts(where=(again[0],), via=again[1])
                    if what == "if"
                    else Adjuncts(unless=(again[0],))
                )
        return out

    def _belonging(self, subject: Things, place: Things) -> Pred | None:
        """What it means for the subject to be one of these things, or inside one."""
        if place.kind.name == subject.kind.name:
            return place.holds
        return self._belongs(subject.kind, place) if not place.plain or place.base else None

    def _reread(self, start: int, end: int, subject: Things) -> tuple[Pred, tuple[Things, ...]] | None:
        """A condition in front once more, now that the subject is known."""
        found = [*self.condition(start, subject), *self.condition(start, None)]
        return next((meaning for k, meaning in found if k == end), None)

    def _not_apply(self, i: int) -> Iterator[tuple[int, tuple[Statement, ...]]]:
        """If …, the rule does not apply: an exception of what was said before."""
        if self.topic is None:
            return
        for j in self.says(i, "rule do not apply|rule be not relevant|it do not apply|this do not apply|that do not apply|rule do not count"
                              "|nothing be require|policy do not apply|do not apply this rule|this rule do not apply|it be fine|it be ok"
                              "|skip this|skip rule|ignore this|ignore rule|this be fine|no rule apply"):  # fmt: skip
            yield j, (Statement(self.topic, None, permits=True),)

    @rule
    def _core(self, i: int) -> Iterator[tuple[int, tuple[Statement, ...]]]:
        yield from self._not_apply(i)
        yield from self._bare_verdict(i)
        yield from self._only_then(i)
        yield from self._most_findings(i)
        yield from self._only_core(i)
        yield from self._nobody(i)
        yield from self._people_core(i)
        yield from self._subject_core(i)
        yield from self._value_core(i)
        yield from self._forbid(i)
        yield from self._capped(i)
        yield from self._imperative(i)
        yield from self._order_core(i)
        yield from self._passive_need(i)
        yield from self._before_core(i)
        yield from self._topic_core(i)

    def _most_findings(self, i: int) -> Iterator[tuple[int, tuple[Statement, ...]]]:
        """No more than 1 critical, 2 high or 5 medium findings: each of the bounds holds."""
        if self.entity != "securityTests":
            return
        document = Things(self.kind("document"))
        found: list[Things] = []
        while limited := [(j, t) for j, t in self._one(i) if _at_most(t)]:
            j, thing = max(limited, key=lambda reading: reading[0])
            found.append(thing)
            if len(found) > 1:
                yield j, tuple(Statement(document, has(t, self.facts)) for t in found)
            i = self.skip(j + 1 if self.is_punct(j, ",/") else j, "or|and|nor")
            if i == j:
                return

    def _only_then(self, i: int) -> Iterator[tuple[int, tuple[Statement, ...]]]:
        """Only on the second day of a month may pipelines be run: the verb stands in front of its subject."""
        for j in self.says(i, "only|just"):
            for k, pred in self.windows(j):
                for m in self.says(k, "may|can|should|must|will|be"):
                    for n, thing in self.things(m):
                        for p in self.says(n, TRIVIAL + "|allow|permit|possible|ok|okay|fine|acceptable"):
                            yield p, (Statement(replace(thing, how_many=()), pred),)
                        for p, (what, via) in self.vp_with_things(n, thing.kind):
                            moved = replace(thing.narrowed(what), via=(*thing.via, *via), how_many=())
                            yield p, (Statement(moved, pred),)

    def _bare_verdict(self, i: int) -> Iterator[tuple[int, tuple[Statement, ...]]]:
        """If …, block it; when …, fail the build: the document is what is refused."""
        if not i:
            return
        for j in self.says(
            i, "deny|block|reject|refuse|stop|fail|abort|halt|break|turn down|decline|do not allow|do not let"
        ):
            for k in (
                j,
                *self.says(
                    j,
                    "it|this|that|pipeline|run|build|deployment|release|pipeline run|save|whole thing|change|apply",
                ),
            ):
                k = self.skip(k, "through|pass|go through|right away")
                if k >= self.size or self.is_punct(k, ",") or self.says(k, "unless|except"):
                    yield k, (Statement(Things(self.kind("document")), None),)

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
            if thing.plain and thing.kind.spec is None:
                k0 = self.skip(j2, "should|must|have to|shall|need to|will")
                for k in self.says(
                    k0, "block|reject|refuse|deny|forbid|stop|ban|disallow|keep out|turn down"
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
                                       "|can be|may be"):  # fmt: skip
                    yield k, (Statement(Things(self.kind("document")), has(thing, self.facts)),)
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
                for k in [j2, *self.says(j2, "per change|per pipeline|per run|in one pipeline|in a pipeline|in one go|at most"
                                             "|at once|be allow|be require|be mandatory|be need")]:  # fmt: skip
                    yield k, (Statement(Things(self.kind("document")), has(thing, self.facts)),)
                continue
            yield from self._reversed_order(j2, subject, thing.none)
            yield from self._in_each(j2, thing)
            yield from self._in_that(j2, thing)
            yield from self._for_each(j2, thing)
            yield from self._two_limits(j2, subject)
            yield from self._required_after(i, j2, subject)
            yield from self._only_if(j2, subject)
            for k, demand in self._modal_vp(j2, subject, thing.none):
                yield k, (Statement(subject, negated(demand) if thing.none else demand),)
            yield from self._has_not(j2, subject)
            for k in self.says(j2, "be only tolerate|be tolerate only|be only acceptable|be acceptable only|be only permissible|be only allow|be allow only|be only permit|be permit only|be only possible|be only ok|may only happen"
                                   "|be only accept|may happen only|can only happen|be possible only|may only take place"
                                   "|be only fine|can happen only|be only to happen|should only happen|must only happen"):  # fmt: skip
                for m, demand in self._only_how(k, subject):
                    yield m, (Statement(subject, demand),)
            for k, who in self._done_by(j2):
                yield k, (Statement(subject, negated(who) if thing.none else who),)

    def _in_parallel(self, j: int, thing: Things) -> Iterator[tuple[int, tuple[Statement, ...]]]:
        """At most two stages may run in parallel; production deployments must not run in parallel with each other."""
        subject = replace(thing, none=False, how_many=())
        modal = self.skip(j, MODALS)
        neg = self.skip(modal, "not|never")
        for k in self.says(neg, "run|be run|be|happen|take place|go|be execute|start") if modal > j else []:
            for m in self.says(k, ALONGSIDE):
                upper = [(op, n) for op, n in thing.how_many if op in ("at_most", "less_than")]
                if upper and neg == modal:
                    yield m, (Statement(subject, crowd(*upper[0])),)
                elif thing.how_many and neg > modal and thing.how_many[0][0] == "more_than":
                    yield m, (Statement(subject, crowd("at_most", thing.how_many[0][1])),)
                pair = thing.how_many == (("at_least", 2.0),)
                for n in [m] if pair and neg > modal else []:  # two of them must never run in parallel
                    yield n, (Statement(subject, negated(beside(subject.kind, subject))),)
                for n in self.says(m, "with each other|with one another|to each other|to one another"):
                    among = beside(subject.kind, subject)
                    if neg > modal and not thing.how_many:
                        yield n, (Statement(subject, negated(among)),)

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
        if thing.kind.spec is not None or thing.none or self.entity not in ("pipeline", "template"):
            return
        stages = self.kind("stages")
        for k in self.says(j, "must|have to|should|need to|shall") or [j]:
            for m in self.says(k, "have|contain|include|define|need|require"):
                for n, (pred, _) in self.objects(m, stages):
                    for p in self.says(n, "for|before|in"):
                        spread = self.token(p)
                        if spread is None or spread.base not in ("each", "every", "all", "any"):
                            continue
                        for q, stage in self.things(p):
                            if stage.kind.element == "stage":
                                whole = on_document(thing.holds)
                                yield q, (Statement(replace(stage, how_many=()), pred, where=(whole,)),)

    def _only_if(self, j: int, subject: Things) -> Iterator[tuple[int, tuple[Statement, ...]]]:
        """X may only do Y if Z; X may do Y only after Z: where it does Y, Z must hold."""
        modal = self.skip(j, MODALS)
        if modal == j:
            return
        not_ = self.skip(modal, "not|never")
        if not_ > modal:
            yield from self._not_without(not_, subject)
            return
        first = self.skip(modal, "only be allow to|only be permit to|only|be only allow to")
        for k, (pred, via) in self.vp_with_things(self.skip(first, "be allow to|be permit to"), subject.kind):
            comma = k + 1 if self.is_punct(k, ",") else k
            words = "if|when|after|once|provided that|where|as long as" if first > modal else \
                "only if|only when|only after|only once|but only if|but only when|but only after"  # fmt: skip
            moved = replace(subject.narrowed(pred), via=via)
            yield from self._only_place(comma, moved) if first == modal else ()
            for m in self.says(comma, words):
                for n, (demand, _) in self.condition(m, moved):
                    yield n, (Statement(moved, demand),)

    def _not_without(self, not_: int, subject: Things) -> Iterator[tuple[int, tuple[Statement, ...]]]:
        """May not deploy without an owner tag; must never run without approval; may not A unless B."""
        for k in self.says(not_, TRIVIAL):
            for m in self.says(k, "without|with no"):
                for n, (wanted, _) in self.objects(m, subject.kind):
                    yield n, (Statement(subject, wanted),)
        for k, (pred, via) in self.vp_with_things(not_, subject.kind):
            moved = replace(subject.narrowed(pred), via=via)
            for m in self.says(k, "without|with no"):
                for n, (wanted, _) in self.objects(m, subject.kind):
                    yield n, (Statement(moved, wanted),)
            comma = k + 1 if self.is_punct(k, ",") else k
            for m in self.says(comma, "unless|except if|except when") if deploys(moved) else []:
                for n, (wanted, _) in self.condition(m, moved):
                    yield n, (Statement(moved, wanted),)

    def _only_place(self, k: int, moved: Things) -> Iterator[tuple[int, tuple[Statement, ...]]]:
        """(May use X) only in Y: what uses it has to be there."""
        for m in self.says(k, "only|but only"):
            place = self.token(m)
            if place is None or place.base not in ("in", "on", "for", "within", "inside"):
                continue
            for n, there in self._after_noun(m, Things(moved.kind)):
                if n > m and there.only:
                    yield n, (Statement(moved, both(*there.only)),)

    def _has_not(self, j: int, subject: Things) -> Iterator[tuple[int, tuple[Statement, ...]]]:
        """Must not read X unless X is …: the X are what the sentence is about."""
        for k in self.says(j, "must not|may not|can not|should not|must never|may never|shall not"):
            for m, (_, via) in self.vp_with_things(k, subject.kind):
                if len(via) == 1 and via[0].kind.spec is not None and not via[0].how_many and subject.plain:
                    yield m, (Statement(via[0], None),)

    def _always_but(self, comma: int, subject: Things) -> Iterator[tuple[int, tuple[Statement, ...]]]:
        """(Is fine) any time except on Fridays."""
        always = self.skip(
            comma, "any time|at any time|always|all day|every day|any day|at all time|on any day|on all day"
        )
        for m in self.says(
            always, "except|except for|but not|apart from|other than|just not|only not|but never"
        ):
            for p, pred in self.windows(m):
                yield p, (Statement(subject, negated(pred)),)

    def _allowance(self, k: int, subject: Things) -> Iterator[tuple[int, tuple[Statement, ...]]]:
        for m, comparison in (
            self.comparison(k) if subject.role == "severity" or subject.kind.spec is not None else []
        ):
            if all(op in ("at_most", "less_than") and a.unit == "" for op, a in comparison.bounds):
                limited = replace(subject, how_many=tuple((op, a.value) for op, a in comparison.bounds))
                yield m, (Statement(Things(self.kind("document")), has(limited, self.facts)),)
        comma = k + 1 if self.is_punct(k, ",") else k
        for m in self.says(comma, "only if|only when|only after|only with|only where|if|provided that|when|as long as"
                                  "|only on condition that"):  # fmt: skip
            for p, (pred, _) in self.condition(m, subject):
                yield p, (Statement(subject, pred),)
            for p, (pred, _) in self.objects(m, subject.kind):
                yield p, (Statement(subject, pred),)
        yield from self._always_but(comma, subject)
        for p, window in self.window(comma):
            for q in self.says(p, "only|exclusively|alone"):
                yield q, (Statement(subject, window.pred()),)
        for p, demand in self._only_there_place(k, subject):
            yield p, (Statement(subject, demand),)
        for m in self.says(comma, "only|but only"):
            for p, window in self.window(m):
                yield p, (Statement(subject, window.pred()),)
            for q in [m, *self.says(m, "for|by")]:
                for p, who in self.who(q):
                    yield p, (Statement(subject, who),)
        yield k, (Statement(subject, None, permits=True),)
