"""Where stages and steps stand: inside others, after them, deployed to an environment."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from governance.authoring import rule as r
from governance.authoring.reading.meaning.choices import fork_at
from governance.authoring.reading.meaning.nesting import document_at
from governance.authoring.reading.meaning.relations import has
from governance.authoring.reading.meaning.typed import At, Kind, Pred, Things, all_of, both, negated
from governance.authoring.reading.nouns.phrases import Nouns
from governance.authoring.reading.values.predicates import in_production, to_environment
from governance.authoring.reading.values.props import prop_of
from governance.authoring.reading.values.value_tests import tested
from governance.authoring.reading.words.sentences import MODALS
from governance.authoring.reading.words.verbs import INSIDE


class Whereabouts(Nouns):
    """Grammar of the places of stages and steps."""

    def _standing(self, k: int, thing: Things) -> Iterator[tuple[int, Things]]:
        """Stages after the production deployment, steps before the first push."""
        if thing.kind.element not in ("stage", "step") or thing.role in ("approval", "scan", "push"):
            return
        for words, order in (("after|behind|following|that come after|which come after|that follow", "before"),
                             ("before|in front of|preceding|that come before|which come before|that precede", "after")):  # fmt: skip
            for j in self.says(k, words):
                for m, other in self._one(j):
                    known = other.kind.element in ("stage", "step") and not (
                        other.none or other.how_many or other.order
                    )
                    if known and self.skip(m, MODALS) > m:
                        yield m, thing.narrowed(has(replace(other, order=order), self.facts))

    def _deployed(self, k: int, thing: Things) -> Iterator[tuple[int, Things]]:
        """Deployments to staging, to production, of the service payroll, into namespace x."""
        if thing.kind.element != "stage":
            return
        for j in self.says(k, "to|into|in|on|for|that target|target|that go to|go to|against|of"):
            for m in self.says(
                j, "production|prod|production environment|prod environment|a production environment|live"
            ):
                yield (
                    m,
                    replace(
                        thing, base=(in_production, *thing.only), only=(), role="production", plain=False
                    ),
                )
            known = next(self.senses(self.skip(j, "environment"), "environment", names=True), None)
            for m, envs in self.environments(j):
                if known is not None or self.tokens[j - 1].base != "of":
                    yield m, replace(thing.narrowed(to_environment(envs)), role="deployment")
        for j in self.says(
            k,
            "outside of|outside|other than to|anywhere but to|anywhere but in|elsewhere than to|elsewhere than in|not to|except to|except in|anywhere other than",
        ):
            for m in self.says(j, "production|prod|production environment|prod environment"):
                yield m, thing.narrowed(negated(in_production))
            for m, envs in self.environments(j):
                yield m, thing.narrowed(negated(to_environment(envs)))
        if self.kind("stages").fields:
            for j in self.says(k, "of service|of a service|for service|of"):
                spec = next(f for f in thing.kind.fields if f.path == "spec.service.serviceRef")
                prop = prop_of(thing.kind, spec, "service")
                j = self.skip(j, "service")
                token = self.token(j)
                named = token is not None and (token.quoted or token.kind == "literal")
                if token and (self.tokens[j - 1].base == "service" or named):
                    for m, found in self.literals(j, prop):
                        yield m, replace(thing.narrowed(tested(prop, "is", found)), role=thing.role)

    def _parents(self, k: int, thing: Things) -> Iterator[tuple[int, Things]]:
        inside = INSIDE if thing.role not in ("approval", "scan") else "in|inside|within"
        for j in self.says(k, inside):
            # "pipelines that deploy to production": what only a document can do belongs to it
            whole = [(m, p) for m, p in self.things(j) if p.kind.spec is None and p.via]
            for m, parent in [*whole, *self.bare(j), *self.things(j)]:
                if parent.plain and parent.kind.name == thing.kind.name:
                    yield m, thing
                if parent.plain and (thing.kind.element, parent.kind.element) == ("step", "stage"):
                    yield from self._of_either(m, thing, parent)
                    if thing.how_many and not parent.base:
                        continue  # so many of them in one stage, not in all stages together
                pred = self._belongs(thing.kind, parent)
                if pred is not None:
                    yield m, thing.narrowed(pred) if not self.anywhere(parent) else thing

    @staticmethod
    def anywhere(parent: Things) -> bool:
        """Whether it says nothing to be in one of these: every step is in a stage, not in a step group."""
        return parent.plain and not parent.base and parent.kind.name != "step_groups"

    def _outside(self, k: int, thing: Things) -> Iterator[tuple[int, Things]]:
        """Jira steps outside Approval stages."""
        for j in self.says(k, "outside of|outside|not in|anywhere but in|anywhere outside"):
            for m, parent in self.things(j) if thing.kind.element == "step" else []:
                pred = self._belongs(thing.kind, parent) if self.holds_steps(parent) else None
                if pred is not None and not parent.none:
                    yield m, thing.narrowed(negated(pred))

    def _of_either(self, m: int, thing: Things, parent: Things) -> Iterator[tuple[int, Things]]:
        """Steps in stages with a timeout: whose timeout is left open where both can have one."""
        if not self.says(m, "with|without|whose|that|which|having|that have|that lack|lacking"):
            return
        steps: dict[int, Things] = {n: found for n, found in reversed(self._after_noun(m, thing)) if n > m}
        for n, stage in self._after_noun(m, parent):
            step = steps.pop(n, None)
            if step is None or stage.plain:
                continue
            fork = fork_at(self.tokens, m, n, 'What does "{said}" belong to, the steps or the stages?',
                           "The steps: {said}", "The stages: {said}")  # fmt: skip
            own = step.only[len(thing.only) :]
            of_stage = self._belongs(thing.kind, stage)
            if own and of_stage is not None:
                yield n, replace(step, only=thing.only).narrowed(fork.between(both(*own), of_stage))

    @staticmethod
    def holds_steps(parent: Things) -> bool:
        return parent.kind.element == "stage" or parent.kind.name == "step_groups"

    def _in_step_group(self, at: At, groups: Things) -> r.Condition:
        """The step lies in one of these step groups."""
        group = document_at(at).bind(groups.kind)
        parts = [groups.holds(group), r.Order(first=at.ref, second=group.ref, how="inside")]
        return r.Exists(each=r.Named(name="step_groups"), name=group.ref, where=all_of(parts))

    def _belongs(self, kind: Kind, parent: Things) -> Pred | None:
        if parent.order:
            return None  # "in an earlier stage" places it; it is no kind of stage
        if parent.kind.spec is None:
            return lambda at: parent.holds(document_at(at)) if not parent.plain else r.All()
        if kind.element == "step" and parent.kind.name == "step_groups":
            return lambda at: self._in_step_group(at, parent)
        if (kind.element == "step" or kind.name == "step_groups") and parent.kind.element == "stage":
            return lambda at: parent.holds(at.parent_stage(parent.kind))
        return None
