"""Conditions: "if it deploys to production", "unless the release managers approved", "on Fridays"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from governance.authoring import rule as r
from governance.authoring.reading.base import rule
from governance.authoring.reading.meaning.choices import fork_at
from governance.authoring.reading.meaning.coordination import Part, Word, joined, parts_of
from governance.authoring.reading.meaning.nesting import every
from governance.authoring.reading.meaning.relations import has
from governance.authoring.reading.meaning.typed import STEPS, At, Kind, Pred, Things, both, negated
from governance.authoring.reading.sentences.circumstances import Circumstances
from governance.authoring.reading.values.predicates import of_its_stage, of_types, on_document
from governance.authoring.reading.values.value_tests import tested

AND_OR: tuple[tuple[str, Word], ...] = (
    ("and if|and when|and|but", "and"),
    ("or if|or when|or unless|or", "or"),
)


class Conditions(Circumstances):
    """Grammar of conditions."""

    @rule
    def condition(
        self, i: int, subject: Things | None
    ) -> Iterator[tuple[int, tuple[Pred, tuple[Things, ...]]]]:
        """A condition on the subject of the sentence; with the things it speaks about."""
        for j, first in self._condition(i, subject):
            yield from self._more_conditions(j, first, subject, parts_of(first[0], i, j))

    def _more_conditions(self, j: int, found: tuple[Pred, tuple[Things, ...]], subject: Things | None,
                         said: tuple[Part, ...]) -> Iterator[tuple[int, tuple[Pred, tuple[Things, ...]]]]:  # fmt: skip
        comma = j + 1 if self.is_punct(j, ",") else j
        for words, word in AND_OR:
            for k in self.says(comma, words):
                for m, nxt in self._condition(k, subject):
                    first, *rest = parts_of(nxt[0], k, m)
                    parts = (*said, replace(first, word=word, comma=comma > j), *rest)
                    both_found = (joined(parts, self.tokens), found[1] + nxt[1])
                    yield from self._more_conditions(m, both_found, subject, parts)
        yield j, found

    @rule
    def _condition(
        self, i: int, subject: Things | None
    ) -> Iterator[tuple[int, tuple[Pred, tuple[Things, ...]]]]:
        document = self.kind("document")
        for j in self.says(i, "there be|there exist"):
            k = self.skip(j, "not")
            for m, thing in self.things(k):
                pred = has(thing, self.facts)
                yield m, (negated(pred) if k > j else pred, (thing,))
            for m, (pred, via) in self.objects(j, document) if k == j else []:
                if len(via) > 1 and all(t.role == "severity" for t in via):
                    yield m, (pred, via)  # more than 1 critical, 2 high or 5 medium findings
        its = i < self.size and self.tokens[i].article in ("its", "their")
        if its:
            yield from self._prop_of_things(i, subject)
        for j, prop in self.value_of(i, document):
            if its and subject is not None and self._is_own(i, j, subject.kind):
                continue  # "its name" is that of the variable, not of the override
            k = self._modal_free(self.skip(j, "of it|of plan|of pipeline"))
            for m, pred in self.about(k, prop):
                yield m, (on_document(pred), ())
        yield from self.two_alike(i)
        yield from self._cost_rises(i)
        for j, (props, _) in (
            self.map_entries(i, document) if subject is None or subject.kind.spec is None else []
        ):
            for k, pred in self.about(self._modal_free(j), props[0]) if len(props) == 1 else []:
                yield k, (on_document(pred), ())  # the tag tier is 1
        yield from self._prop_of_things(i, subject)
        yield from self._actor_condition(i)
        for j, groups in self.groups(i):
            for k in self.says(j, "approve|have approve|sign off|give approval|have sign off|give their approval|agree"
                                  "|approve it|have approve it|approve this"):  # fmt: skip
                types = ("HarnessApproval",)
                thing = Things(
                    self.kind(STEPS), (of_types(types),), role="approval", types=types, groups=groups
                )
                yield self._earlier(self.skip(k, "it|that|run|this")), (has(thing, self.facts), (thing,))
        yield from self._of_some_thing(i, subject)
        for j, window in self.window(self.skip(i, "it be|today be|time be")):
            yield j, (window.pred(), ())

    def _of_some_thing(
        self, i: int, subject: Things | None
    ) -> Iterator[tuple[int, tuple[Pred, tuple[Things, ...]]]]:
        """It deploys to production; a stage does; its timeout is long; deploys to production."""
        pronoun = self.skip(i, "it|they|this|that|these|those")
        own = subject is not None and subject.kind.spec is not None and pronoun > i
        if subject is not None and own:  # "it" is the subject before it is the document
            yield from self.vp_with_things(self._modal_free(pronoun), subject.kind)
        for j, thing in self.things(i):
            yield from self._about_things(j, thing, subject)
        for j, thing, prop, none in self._value_subject(i):
            if thing.kind.spec is not None and not none:
                for k, pred in self.about(self._modal_free(j), prop):
                    narrowed = thing.narrowed(pred)
                    yield k, (has(narrowed, self.facts), (narrowed,))
        if subject is not None and not own:
            yield from self.vp_with_things(self._modal_free(pronoun), subject.kind)
        here = self.token(i)
        if (
            subject is not None
            and here is not None
            and here.text.lower() in ("tagged", "labelled", "labeled")
        ):
            for j, marked in self.post(i, Things(subject.kind)):
                if j > i:
                    yield j, (marked.holds, ())

    def _actor_condition(self, i: int) -> Iterator[tuple[int, tuple[Pred, tuple[Things, ...]]]]:
        """The user is in a group; you are a release manager; admins run it."""
        for j in self.says(i, "user|person|actor|somebody|someone|you|one|acting user|person who run it|user who run it"
                              "|person running it|it be run by|it be save by|it be do by|person who save it"):  # fmt: skip
            k = self.skip(j, "be|be in|be a|belong to|come from")
            n = self.skip(k, "not")
            for m, pred in self.who(self.skip(n, "in|a member of|part of|from")):
                yield m, (negated(pred) if n > k else pred, ())
        for j in self.says(
            i, "they be|he be|she be|it be|they belong to|they hold|they be run by|they be start by"
        ):
            k = self.skip(j, "not")
            for m, pred in self.who(
                self.skip(k, "also|in|a member of|member of|part of|from|one of|somebody in|someone in")
            ):
                m = self.skip(
                    m,
                    "who run it|running it|run it|who do it|doing it|running them|run them|who start it|starting it|who run them",
                )
                yield m, (negated(pred) if k > j else pred, ())
        for j, pred in self.who(i):
            for k in self.says(j, "run it|do it|save it|deploy it|start it|trigger it|be running it|run pipeline|do so|run this|create it"
                                  "|change it|do this|do that|run them|run plan|start them|be one who run it|deploy|sync it|make change"):  # fmt: skip
                yield k, (pred, ())

    def _cost_rises(self, i: int) -> Iterator[tuple[int, tuple[Pred, tuple[Things, ...]]]]:
        """The cost goes up by more than 10 %."""
        if self.entity == "terraformPlanCost":
            costs = "cost|monthly cost|bill|monthly bill|total monthly cost|total cost|spend|monthly spend|it"
            for j, (pred, _) in self._raising(self.skip(i, costs), self.kind("document")):
                yield j, (on_document(pred), ())

    def _is_own(self, i: int, j: int, kind: Kind) -> bool:
        """Whether the things the sentence is about have a field of that name themselves."""
        return kind.spec is not None and any(end == j for end, _ in self.value_of(i, kind))

    def _prop_of_things(
        self, i: int, subject: Things | None
    ) -> Iterator[tuple[int, tuple[Pred, tuple[Things, ...]]]]:
        """The name of the stage contains x; its timeout is missing."""
        if subject is None or subject.kind.spec is None:
            return
        for start in self.says(i, "no"):  # no version is given
            for j, prop in self.value_of(start, subject.kind):
                for k in self.says(
                    j, "be give|be set|be present|be there|be state|be know|be report|exist|be fill in"
                ):
                    yield k, (negated(tested(prop, "present")), ())
        for j, prop in self.value_of(i, subject.kind):
            for k, pred in self.about(self._modal_free(j), prop):
                yield k, (pred, ())

    def _about_things(self, j: int, thing: Things, subject: Things | None
                      ) -> Iterator[tuple[int, tuple[Pred, tuple[Things, ...]]]]:  # fmt: skip
        same = subject is not None and thing.kind.name == subject.kind.name
        k0 = self._modal_free(j)
        standing = [] if k0 == j or self.tokens[j].base != "be" else self.vp_with_things(j, thing.kind)
        for k, (pred, via) in (*standing, *self.vp_with_things(k0, thing.kind)):  # the deployment is to dev
            if thing.kind.spec is None:
                yield k, (on_document(pred, thing), via)
            elif (
                subject is not None
                and subject.kind.element == "step"
                and thing.kind.element == "stage"
                and not thing.none
            ):
                yield k, (of_its_stage(thing, pred), via)  # "the stage" is the one the step is in
            elif same:
                yield k, (both(thing.holds, pred), via)
            elif thing.none:
                yield k, (negated(has(replace(thing, none=False).narrowed(pred), self.facts)), (thing,))
            else:
                yield k, (self._quantified(j, k0, k, thing, pred), (thing.narrowed(pred),))
        for k in self.says(k0, "show up|be find|be present|exist|turn up|appear|be report|be there|be detect|be in it"
                               "|occur|come up|be include|be use|be involve"):  # fmt: skip
            yield self.skip(k, "in scan result|in result|in scan|in it"), (has(thing, self.facts), (thing,))
        if thing.kind.element == "step":
            for k in self.says(k0, "have run|run|be run|have be run|have pass|pass|be do|have succeed|have finish|have complete|have happen"
                                   "|be finish|take place|have take place|stand|come|go"):  # fmt: skip
                for m, placed in self._placed(k, thing):
                    yield m, (has(placed, self.facts), (placed,))
        telling = thing.none or thing.how_many or thing.role in ("severity", "approval", "scan")
        if telling and j == k0 and (j >= self.size or self.is_punct(j, ",.;)")):
            yield j, (has(thing, self.facts), (thing,))

    def _quantified(self, j: int, k0: int, k: int, thing: Things, pred: Pred) -> Pred:
        """If all stages have X; if all stages do not have X, which may be each or not each."""
        some = has(thing.narrowed(pred), self.facts)
        if thing.how_many or not re.match(r"(all|every|each)\b", thing.words.lower()):
            return some

        def each(at: At) -> r.Condition:
            return every(at, thing, pred)

        if not self.says(j, "do not|have no|be not|lack|have not|not|must not|may not"):
            return each
        fork = fork_at(self.tokens, j, k, f'Does "{{said}}" hold for each of "{thing.words}", or is one enough?',
                       "One of them is enough", "It has to be so for each of them")  # fmt: skip
        return fork.between(some, each)
