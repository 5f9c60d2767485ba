"""Sentences: who must or must not do what, in the forms people write rules in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from governance.authoring.reading.base import rule
from governance.authoring.reading.meaning.relations import has
from governance.authoring.reading.meaning.statements import Statement
from governance.authoring.reading.meaning.typed import Things, negated
from governance.authoring.reading.sentences.pronouns import Pronouns
from governance.authoring.reading.sentences.subject_rules import SubjectRules
from governance.authoring.reading.verbs.verdicts import MUST
from governance.authoring.reading.words.verbs import RESULTS

STOPPED = "pipeline|run|build|deployment|release|pipeline run|step|stage|job|scan step|security step|security scan step|scanner step|build step"
STOPS = (
    "stop|fail|halt|abort|break|be stop|be block|be halt|be abort|be break|be cancel|be refuse|be reject|be fail"
    "|not continue|not go on|not proceed|not pass|not be apply|not go through"
)


def _at_most(thing: Things) -> bool:
    """Findings of which there may be so many."""
    return thing.role == "severity" and {op for op, _ in thing.how_many} in ({"at_most"}, {"less_than"})


class Sentences(SubjectRules, Pronouns):
    """Grammar of whole sentences; every rule yields the statements it makes."""

    @rule
    def sentence(self, i: int) -> Iterator[tuple[int, tuple[Statement, ...]]]:
        """One sentence from position i, with its adjuncts in front and behind."""
        for j, front in self._front(i):
            yield from self._about_the_same(j, front)
            for k, statements in self._core(j):
                yield from self._with_adjuncts(k, statements, front)

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
        yield from self._many_findings(i)
        yield from self._run_verdict(i)
        yield from self._only_in_place(i)
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

    def _run_verdict(self, i: int) -> Iterator[tuple[int, tuple[Statement, ...]]]:
        """The scan step should fail if …: the run is what stops, the result is what the condition is about."""
        document = Things(self.kind("document"))
        for j in self.says(i, STOPPED) if self.entity in RESULTS else []:
            k = self.skip(j, MUST)
            for m in self.says(k, STOPS):
                for n in self.says(m, "if|when|whenever|as soon as|in case|once|where"):
                    for p, (pred, via) in self.condition(n, document):
                        yield p, (Statement(replace(document, via=via), negated(pred)),)

    def _many_findings(self, i: int) -> Iterator[tuple[int, tuple[Statement, ...]]]:
        """More than 2 critical or more than 8 high findings fail the run: each of them alone does."""
        document = self.kind("document")
        for j, (pred, via) in self.objects(i, document) if self.entity == "securityTests" else []:
            if len(via) > 1 and all(t.role == "severity" and t.how_many and not _at_most(t) for t in via):
                for k, _ in self.forbidden(j):
                    yield k, (Statement(Things(document), negated(pred)),)

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
        for j in self.says(i, STOPPED + "|plan|scan"):
            for m in self.says(self.skip(j, MUST), STOPS):
                if m >= self.size or self.is_punct(m, ",;") or self.says(m, "unless|except"):
                    yield m, (Statement(Things(self.kind("document")), None),)
