"""How a sentence goes on behind its core: conditions, a second half, what that takes over from the first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from governance.authoring.reading.meaning.adjuncts import Adjuncts
from governance.authoring.reading.meaning.statements import Statement
from governance.authoring.reading.meaning.typed import Things, negated
from governance.authoring.reading.nouns.phrases import OTHER
from governance.authoring.reading.sentences.fronts import Fronts

DEMANDING = frozenset(
    "must may can should shall will need require never no not only always forbid block deny reject allow ban".split()
)
# one of these stands in a sentence that has a verb
VERBAL = frozenset(
    "must have need require be may can should shall do no not never only want run deploy come follow precede".split()
)


class Continuations(Fronts):
    """Grammar of what follows the core of a sentence."""

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
            yield from self._and_those(joint, out, subject) if joint > m else ()
            if joint > m:
                for n, rest in self.sentence(joint):
                    if (
                        self._loses_subject(joint, rest, subject)
                        or self._only_tells(joint, n, statements, rest)
                        or self._shares_place(m, joint, n, statements)
                    ):
                        continue
                    rest = tuple(self._taken_over(joint, s, subject) for s in rest)
                    rest = tuple(self._all_but(joint, s, subject) for s in rest)
                    yield n, self._also_before(out, rest, n) + rest
            if self.size > m:
                j2 = self.skip(comma, "and|but|or")
                if j2 > m and statements[0].demand is not None:
                    yield from self._same_subject(j2, out)

    def _and_those(self, joint: int, out: tuple[Statement, ...], subject: Things
                   ) -> Iterator[tuple[int, tuple[Statement, ...]]]:  # fmt: skip
        """..., and those under X as well: the same is said of some others."""
        for j in self.says(joint, "those|one|such"):
            for k, others in self.post(j, Things(subject.kind)):
                end = self.skip(k, "too|also|as well|likewise")
                if k > j and not others.plain and (end >= self.size or self.is_punct(end, ".;,")):
                    yield end, (*out, replace(out[-1], subject=others))

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

    def _only_tells(
        self, joint: int, n: int, before: tuple[Statement, ...], rest: tuple[Statement, ...]
    ) -> bool:
        """Deny X where A, and B is C: what follows a ban without demanding anything belongs to its condition."""
        if before[-1].demand is not None or before[-1].permits or any(s.demand is None for s in rest):
            return False
        return not any(t.base in DEMANDING for t in self.tokens[joint:n])

    def _shares_place(self, m: int, joint: int, n: int, before: tuple[Statement, ...]) -> bool:
        """(Must have A) and B before C: without a verb of its own B stands in a list, and C holds for A too."""
        said = {t.base for t in self.tokens[joint:n]}
        placed = said & {"before", "after", "behind", "ahead"}
        asks = before[-1].demand is not None and not before[-1].permits
        return bool(placed) and asks and not self.is_punct(m, ",;") and not said & VERBAL

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
        theirs = joint < self.size and self.tokens[joint].article in ("its", "their")
        if own and theirs and kind.name == subject.kind.name and not subject.plain:
            return replace(statement, subject=replace(subject, none=False, how_many=()))
        timed = joint < self.size and self.tokens[joint].base in ("never", "not")
        if own and timed and kind.spec is None and any(True for _ in self.windows(joint + 1)):
            return replace(
                statement, subject=replace(subject, none=False, how_many=())
            )  # and never on Fridays
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
