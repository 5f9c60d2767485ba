"""Forbidding: block X, no X, refuse to save X, fail when X."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from governance.authoring.reading.meaning.coordination import Joined
from governance.authoring.reading.meaning.relations import has
from governance.authoring.reading.meaning.statements import Statement
from governance.authoring.reading.meaning.typed import Things, either, negated
from governance.authoring.reading.sentences.demands import Demands
from governance.authoring.reading.values.value_tests import tested
from governance.authoring.reading.words.sentences import ACTIONS
from governance.authoring.reading.words.verbs import RESULTS


class Forbidding(Demands):
    """Grammar of what is forbidden outright."""

    def _forbid(self, i: int) -> Iterator[tuple[int, tuple[Statement, ...]]]:
        """Block X; no X; don't allow X; refuse to save X; fail when X."""
        i0 = i
        i = self.skip(i, "we|i|one|you")
        counted = self.tokens[i].base == "no" and self.comparison(i) if i < self.size else []
        starts = [] if counted else list(self._forbidding(i))  # "no more than" bounds what follows
        if i > i0:  # we must never
            starts += self.says(
                i,
                "must never|must not|may not|can not|should not|should never|may never|shall not|shall never",
            )
        for j in starts:
            if i > i0 and self.tokens[i].base not in (
                "do",
                "will",
                "never",
                "forbid",
                "ban",
                "block",
                "can",
                "must",
                "may",
                "should",
                "shall",
            ):
                continue
            word = self.tokens[i].base
            if self.entity not in ("pipeline", "template") and word not in ("no", "zero"):
                j = self.skip(
                    j,
                    "pipeline|run|build|pipeline run|deployment|release|it|step|stage|job|scan step|security gate|quality gate|gate",
                )
                j = self.skip(j, "through|pass|go through|continue|go on|proceed|finish|succeed")
                j = self.skip(j, "after security scan|after scan|after security test|after test")
            j = self.skip(j, "it if|if there be|it when") if word not in ("no", "zero") else j
            j = self.skip(j, "to " + ACTIONS.replace("|", "|to ")) if word != "no" else j
            j = self.skip(
                j, "anyone|anybody|somebody|someone|people|user|anything from|us|developer|team from"
            )
            j = self.skip(j, "from|to")
            k = self.skip(j, ACTIONS) if j > i + 1 or word not in ("no",) else j
            k = self.skip(k, "of") if k > j and self.tokens[k - 1].text.lower().endswith("ing") else k
            for start in {j, k}:
                for m, thing in self.things(start):
                    if (thing.how_many and not thing.plain) or not thing.none:
                        yield from self._forbidden_things(m, thing)
            yield from self._anything_with(j, k)
            yield from self._too_many(self.skip(j, "on"))
            yield from self._forbidden_values(j)
            yield from self._forbidden_setting(j, word)
            for m, (pred, via) in self.vp_with_things(j, self.kind("document")):
                yield m, (Statement(Things(self.kind("document"), via=via), negated(pred)),)
            for m, who in self.who(j):
                m2 = self.skip(m, "from|to")
                for n, thing in self._action_on(m2):
                    yield n, (Statement(thing, negated(who)),)
            if word not in ("no", "zero"):
                for m in self.says(
                    j,
                    "if|when|whenever|where|it if|it when|run if|run when|save if|save when|on|as soon as|once|in case",
                ):
                    for n, (pred, via) in self.condition(m, Things(self.kind("document"))):
                        yield n, (Statement(Things(self.kind("document"), via=via), negated(pred)),)

    def _anything_with(self, *starts: int) -> Iterator[tuple[int, tuple[Statement, ...]]]:
        """Reject anything with a package called X: what a run produced."""
        said = {m for j in starts for m in self.says(j, "anything|everything|whatever")}
        for m in said if self.entity in RESULTS else ():
            for n, thing in self.post(m, Things(self.kind("document"))):
                if not thing.plain:
                    yield n, (Statement(thing, None),)

    def _too_many(self, j: int) -> Iterator[tuple[int, tuple[Statement, ...]]]:
        """Fail on more than 5 high or any critical: findings that are counted one by one."""
        for m, (pred, via) in self.objects(j, self.kind("document")):
            if len(via) > 1 and all(t.role == "severity" for t in via):
                each = either(*(p.pred for p in pred.parts)) if isinstance(pred, Joined) else pred
                yield m, (Statement(Things(self.kind("document")), negated(each)),)

    def _forbidden_setting(self, j: int, word: str) -> Iterator[tuple[int, tuple[Statement, ...]]]:
        """Do not allow automatic approval: a setting of steps that must not be there."""
        for kind in self._all_kinds() if word not in ("no", "zero", "not") else []:
            for k, prop in self.field(j, kind) if kind.element == "step" else []:
                if k > j + 1 and prop.type in ("map", "flag") and prop.spec is not None and not prop.others:
                    there = tested(prop, "is", (True,)) if prop.type == "flag" else tested(prop, "present")
                    yield k, (Statement(Things(kind), negated(there)),)

    def _forbidden_values(self, j: int) -> Iterator[tuple[int, tuple[Statement, ...]]]:
        """Block the namespace default in X; no namespace default."""
        for kind in self._all_kinds():
            for k, prop in self.field(j, kind):
                k2 = self.skip(k, "of|that be|which be|that")
                for m, pred in self.about(k2, prop):
                    if (
                        m > k2
                        and self.tokens[k2].base not in ("not", "no")
                        and any(self.comparison(n) for n in range(k2, m))
                    ):
                        yield m, (Statement(Things(kind), negated(pred)),)
                        for n in self.says(m, "in|for|on|of|at"):
                            for p, thing in self.things(n):
                                if thing.kind.name == kind.name:
                                    yield p, (Statement(replace(thing, how_many=()), negated(pred)),)
                for m, found in self.literals(k, prop):
                    pred = negated(tested(prop, "is", found))
                    yield m, (Statement(Things(kind), pred),)
                    for n in self.says(m, "in|for|on|of|at"):
                        for p, thing in self.things(n):
                            if thing.kind.name == kind.name:
                                yield p, (Statement(thing, pred),)

    def _forbidden_things(self, m: int, thing: Things) -> Iterator[tuple[int, tuple[Statement, ...]]]:
        m = self.skip(m, "be allow|be permit|allow|permit|please|run|be sync|be save|be create|be edit|be change|sync|to be edit|to be change|to be create|to be sync|to be save|be use|at all|to run|to be use|exist"
                         "|from be save|from run|through|may exist|may be use|any more")  # fmt: skip
        document = Things(self.kind("document"))
        if thing.how_many or thing.role == "severity":
            counted = has(thing, self.facts)
            yield m, (Statement(document, negated(counted)),)
        elif not thing.plain or thing.kind.spec is None or thing.via:
            yield m, (Statement(thing, None),)
            for k in self.says(m, "if|when|whenever|where|in case"):
                for n, (pred, _) in self.condition(k, thing):
                    yield n, (Statement(thing.narrowed(pred), None),)
            for k in self.says(m, "after a security scan|after security scan|after scan|after a scan"):
                for n in self.says(k, "if|when|whenever"):
                    for p, (pred, _) in self.condition(n, thing):
                        yield p, (Statement(thing.narrowed(pred), None),)
        else:
            yield m, (Statement(thing, None),)

    def _forbids(self, thing: Things) -> Statement:
        if thing.none:  # "no timeout at all is a fail": the lack of it is what is forbidden
            return Statement(Things(self.kind("document")), has(replace(thing, none=False), self.facts))
        if thing.how_many or thing.role == "severity":
            return Statement(Things(self.kind("document")), negated(has(thing, self.facts)))
        return Statement(thing, None)
