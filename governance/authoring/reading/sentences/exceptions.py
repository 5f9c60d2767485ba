"""Exceptions at the end of a sentence: for whom, where and when it does not hold."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from governance.authoring import rule as r
from governance.authoring.reading.meaning.adjuncts import Adjuncts
from governance.authoring.reading.meaning.typed import At, Misread, Pred, Prop, Things, all_of
from governance.authoring.reading.sentences.asides import Asides
from governance.authoring.reading.values.predicates import literal_at, on_document, to_environment
from governance.authoring.reading.values.props import prop_of
from governance.authoring.reading.values.value_tests import tested


def _in_holder(thing: Things) -> Pred:
    """What holds for a thing and for the one that holds it: instances of resources of a type."""

    def pred(at: At) -> r.Condition:
        holder = next((name for name in sorted(at.used) if name.startswith("resource")), "")
        if not holder:
            raise Misread("nothing holds it")
        around = replace(at, ref=holder)
        return all_of([*(p(around) for p in thing.outer), thing.holds(at)])

    return pred


class Exceptions(Asides):
    """Grammar of exceptions."""

    def _exceptions(  # noqa: C901 - the alternatives of one grammar rule
        self, i: int, comma: int, subject: Things
    ) -> Iterator[tuple[int, Adjuncts]]:
        for k, pred in (
            (*self.who(comma), *self.scope(comma), *self._set_apart(comma, subject)) if comma > i else ()
        ):
            for m in self.says(k, "except|exempt|exclude|apart|aside"):  # ..., the sandbox project excepted
                yield self._close(i, m), Adjuncts(unless=(pred,))
        for j in self.says(comma, "exception be|only exception be|exception being|only exception being|unless create by|unless save by|unless edit by|unless change by"
                                  "|unless add by|unless run by|unless by|unless do by|unless make by|unless it be do by|for everybody except|for everyone except|for all except|for anybody except|for everyone but|for all but|except for|except by|except|apart from|other than|but not for|but not|excluding"
                                  "|with exception of|save for|not counting|besides|exempt|exempt be|not including"
                                  "|aside from|not"):  # fmt: skip
            for version in (
                f for f in subject.kind.fields if f.type == "version" and subject.kind.element == "package"
            ):
                for m in self.says(j, "version|in version|for version"):
                    for k, found in self.literals(m, prop_of(subject.kind, version)):
                        yield (
                            self._close(i, k),
                            Adjuncts(unless=(tested(prop_of(subject.kind, version), "is", found),)),
                        )
            for k, thing in self._supplied(j, Things(subject.kind)) if subject.kind.spec is not None else []:
                yield self._close(i, k), Adjuncts(unless=thing.only)
            start = j
            if self.tokens[j - 1].base == "not" and any(
                t.base in ("only", "exclusively") for t in self.tokens[:i]
            ):
                continue  # only to dev, not to qa: that takes nothing back
            j = self.skip(j, "those done by|those make by|those start by|those run by|those save by|one start by|when do by|if do by"
                             "|when run by|when make by|those trigger by|by|for|in|to|those by|those of|one in|if|when")  # fmt: skip
            denied = self.tokens[start - 1].base == "not" and j > start and self.tokens[j - 1].base == "by"
            for k, pred in self.who(j) if not denied else []:  # approved by A, not by B: no exception
                yield self._close(i, k), Adjuncts(unless=(pred,))
            for m in self.says(start, "those|one|that"):  # those for dev, ones named X
                for k, thing in self.post(m, Things(subject.kind, role=subject.role)):
                    if k > m and (thing.only or thing.base) and not thing.none:
                        yield self._close(i, k), Adjuncts(unless=(thing.holds,))
            for k, thing in self.things(j):
                if thing.outer:
                    if thing.kind.name == subject.kind.name and not thing.none:
                        yield self._close(i, k), Adjuncts(unless=(_in_holder(thing),))
                    continue
                if thing.kind.name == subject.kind.name and not thing.none:
                    yield self._close(i, k), Adjuncts(unless=(thing.holds,))
                elif thing.kind.spec is None:
                    yield self._close(i, k), Adjuncts(unless=(on_document(thing.holds),))
                elif (pred := self._belongs(subject.kind, thing)) is not None:
                    yield self._close(i, k), Adjuncts(unless=(pred,))
            for m in self.says(start, "those|one") if subject.kind.element in ("stage", "step") else []:
                plain = Things(subject.kind, role=subject.role)  # except those to dev, those with X
                for k, thing in self.post(m, plain):
                    if k > m and (thing.only or thing.base):
                        yield self._close(i, k), Adjuncts(unless=(thing.holds,))
            if subject.kind.element == "stage":
                for k, envs in self.environments(self.skip(j, "to")):
                    yield self._close(i, k), Adjuncts(unless=(to_environment(envs),))
            for k, pred in self.windows(j):
                yield self._close(i, k), Adjuncts(unless=(pred,))
            for k, pred in self.scope(j):
                yield self._close(i, k), Adjuncts(unless=(pred,))
            if self.entity == "environment" and subject.kind.spec is None:
                for k, sense in self.senses(j, "environment", names=True):
                    yield self._close(i, k), Adjuncts(unless=(literal_at(("identifier",), (sense.payload,)),))
            if self.tokens[start - 1].base != "not":
                yield from (
                    (self._close(i, k), Adjuncts(unless=(pred,))) for k, pred in self._set_apart(j, subject)
                )
            for k, own in self._own_identifiers(j, subject):
                yield self._close(i, k), Adjuncts(unless=(literal_at(("identifier",), own),))
            for prop in self._own_names(subject):
                for k, found in self.literals(j, prop):
                    if self.tokens[k - 1].quoted or self.tokens[k - 1].kind == "literal":
                        yield self._close(i, k), Adjuncts(unless=(tested(prop, "is", found),))

    def _set_apart(self, j: int, subject: Things) -> Iterator[tuple[int, Pred]]:
        """(Except) in the schema scratch, for the cluster shared, in the dev environment: by a field and its value."""
        document = self.kind("document")
        j = self.skip(j, "in|on|at|of|with|from|to|through")
        for kind in dict.fromkeys((subject.kind, document)):
            for k, prop in self.field(j, kind):
                said = [(m, tested(prop, "is", found)) for m, found in self.literals(k, prop)]
                shaped = k < self.size and self.tokens[k].text.lower() in ("starting", "beginning", "ending")
                said += [*self.about(k, prop)] if shaped else []
                said += [
                    found for m in self.says(k, "that|which|whose name") for found in self.about(m, prop)
                ]
                yield from ((m, pred if kind is subject.kind else on_document(pred)) for m, pred in said)
        for k, thing in self._in_environment(j, Things(document)):
            yield self.skip(k, "environment|one"), on_document(thing.holds)
        for spec in document.fields:
            prop = prop_of(document, spec)
            if spec.parts[-1:] == ("type",) and any(s.payload[1] == spec for _, s in self.senses(j, "value")):
                for k, found in self.literals(j, prop):
                    yield self.skip(k, "one"), on_document(tested(prop, "is", found))
            elif spec.type == "reference" and any(True for _ in self._from_facts(j, prop)):
                for k, found in self.literals(j, prop):
                    yield k, on_document(tested(prop, "is", found))

    def _own_identifiers(self, j: int, subject: Things) -> Iterator[tuple[int, tuple[str, ...]]]:
        """Except dockerhub_public and harbor_prod: what the installation knows goes by its identifier."""
        if subject.kind.spec is not None or self.entity not in ("connector", "environment"):
            return
        found: tuple[str, ...] = ()
        while sense := next(iter(self.senses(j, self.entity, names=True)), None):
            j, found = sense[0], (*found, sense[1].payload)
            yield j, found
            j = self.skip(j + 1 if self.is_punct(j, ",") else j, "and|or")

    def _own_names(self, subject: Things) -> list[Prop]:
        return [p for _, p in self._name_of(subject.kind)]
