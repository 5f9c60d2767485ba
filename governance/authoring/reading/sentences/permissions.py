"""What things may do, and what that depends on: "may", "only then", "only if", "not without"."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from governance.authoring.reading.meaning.relations import has
from governance.authoring.reading.meaning.statements import Statement, deploys
from governance.authoring.reading.meaning.typed import Things, both, negated
from governance.authoring.reading.sentences.scopes import Scopes
from governance.authoring.reading.words.sentences import MODALS, TRIVIAL


class Permissions(Scopes):
    """Grammar of what is allowed, and when."""

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
            if (
                len(via) == 1
                and self.entity not in ("pipeline", "template")
                and any(m > k and not t.plain for m, t in self._after_noun(k, Things(via[0].kind)))
            ):
                continue  # may not have a variable without X: the variable lacks it
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
