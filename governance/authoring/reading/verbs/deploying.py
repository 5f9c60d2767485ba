"""Deploying: to which environments, only to some, how often."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from governance.authoring import rule as r
from governance.authoring.reading.meaning.coordination import Joined, Part
from governance.authoring.reading.meaning.relations import has
from governance.authoring.reading.meaning.typed import Kind, Pred, Things, all_of, both, negated
from governance.authoring.reading.values.predicates import deployment, to_environment
from governance.authoring.reading.values.props import prop_of
from governance.authoring.reading.values.value_tests import tested
from governance.authoring.reading.verbs.fields import FieldVerbs


class DeployVerbs(FieldVerbs):
    """Grammar of what deploys."""

    def _deploying(self, i: int, kind: Kind) -> Iterator[tuple[int, tuple[Pred, tuple[Things, ...]]]]:
        for j in self.says(i, "deploy|deploy anything|go|release|target|ship|touch|roll out|reach|be deploy|be release"
                              "|run in|run against|deploy something|change|run|go out|be roll out|hit|deploy directly"):  # fmt: skip
            base = Things(self.kind("stages"), (lambda at: r.Test(
                value=r.Field(of=at.ref, path=("type",)), op="is", to=("Deployment",)),), role="deployment")  # fmt: skip
            k = self.skip(j, "directly|straight")
            yield from self._deploying_only(i, k, kind)
            if self.tokens[j - 1].base in ("touch", "target", "reach", "hit", "change"):
                for m, thing in self._production_or_env(k, base):
                    yield m, self._deploys(thing, kind)
            for n in self.says(k, "to|into|in|onto"):
                for m, thing in self._production_or_env(n, base):
                    for p, times in self._times(m):
                        yield p, (has(replace(thing, how_many=(times,)), self.facts), ())
                    for p, placed in self._placed(m, thing):
                        yield p, self._each_of(n, m, placed, kind)
        yield from self._deploying_there(i, kind)
        yield from self._deploying_at_all(i, kind)
        for j in self.says(i, "deploy|ship"):
            for m, thing in self.things(j):
                if thing.kind.element == "stage":
                    yield m, self._deploys(thing, kind)

    def _each_of(self, n: int, m: int, thing: Things, kind: Kind) -> tuple[Pred, tuple[Things, ...]]:
        """To A and B: one of them; under a "not" it is open whether each of them is meant."""
        whole, via = self._deploys(thing, kind)
        joint = next((p for p in range(n, m) if self.tokens[p].base == "and"), 0)
        found = [(j, envs) for j, envs in self.environments(n) if j == m and len(envs) == 2]
        if kind.spec is not None or not joint or not found or thing.order:
            return whole, via
        base = replace(thing, only=thing.only[:-1])
        each = [has(base.narrowed(to_environment((env,))), self.facts) for env in found[0][1]]
        parts = (Part(each[0], n, joint), Part(each[1], joint + 1, m))
        return Joined(parts, whole, clauses=False), via

    def _deploying_there(self, i: int, kind: Kind) -> Iterator[tuple[int, tuple[Pred, tuple[Things, ...]]]]:
        """(A deployment) is to dev; (a pipeline) deploys the service payments."""
        for j in self.says(i, "be") if kind.element == "stage" else []:  # unless the deployment is to dev
            for n in self.says(j, "to|into|for"):
                for m, thing in self._production_or_env(n, Things(kind, role="deployment")):
                    yield m, (thing.holds, ())
        for j in self.says(i, "deploy|ship|release") if kind.spec is None else []:
            stages = Things(self.kind("stages"), (deployment,), role="deployment")
            for m in self.says(j, "service|any of service|one of service"):
                for spec in (f for f in stages.kind.fields if f.path == "spec.service.serviceRef"):
                    for n, found in self.literals(m, prop_of(stages.kind, spec)):
                        chosen = stages.narrowed(tested(prop_of(stages.kind, spec), "is", found))
                        yield n, (has(chosen, self.facts), (chosen,))

    def _deploying_at_all(self, i: int, kind: Kind) -> Iterator[tuple[int, tuple[Pred, tuple[Things, ...]]]]:
        for j in self.says(i, "only"):  # pipelines that only deploy to dev and qa
            for k in self.says(j, "deploy|release|ship|go|roll out|target"):
                yield from self._deploying_only(i, k, kind, said=True)
        if kind.spec is None:
            for j in self.says(i, "deploy|do deployment|deploy anything|deploy something|deploy at all"):
                if self._ends_subject(j):
                    stages = Things(self.kind("stages"), (deployment,), role="deployment")
                    yield j, (has(stages, self.facts), (stages,))

    def _deploying_only(self, i: int, k: int, kind: Kind, said: bool = False
                        ) -> Iterator[tuple[int, tuple[Pred, tuple[Things, ...]]]]:  # fmt: skip
        """Deploy only to dev and qa: somewhere, and nowhere else."""
        stages = Things(self.kind("stages"), (deployment,), role="deployment")
        only = "" if said else "only "
        for m in self.says(k, "|".join(only + word for word in ("to", "into", "in", "onto"))):
            for n, place in self._production_or_env(m, stages):
                elsewhere = replace(stages, only=(negated(place.holds),), plain=False)
                inside = self._deploys(place, kind)[0]
                yield (
                    n,
                    (both(inside, negated(has(elsewhere, self.facts))) if kind.spec is None else inside, ()),
                )

    def _times(self, m: int) -> Iterator[tuple[int, tuple[r.Op, float]]]:
        """More than once, at most twice: how often something is done."""
        for words, op in (("more than", "more_than"), ("at most|no more than|not more than|maximum", "at_most"),
                          ("at least", "at_least"), ("only|just", "at_most"), ("", "at_least")):  # fmt: skip
            for k in self.says(m, words) if words else [m]:
                for n in self.says(k, "once|twice"):
                    number = 2.0 if self.tokens[k].base == "twice" else 1.0
                    if words or number > 1:
                        yield n, (op, number)  # type: ignore[misc]
                for p, number in self.number(k):
                    for n in self.says(p, "time"):
                        yield n, (op, number)  # type: ignore[misc]

    def _production_or_env(self, n: int, base: Things) -> Iterator[tuple[int, Things]]:
        for m in self.says(
            n,
            "production|prod|production environment|prod environment|a production environment|live|environment of type production|environment with type production",
        ):
            yield m, replace(base, base=(lambda at: r.DeploysToProduction(stage=at.ref),), role="production")
        for m, envs in self.environments(n):
            yield m, base.narrowed(to_environment(envs))

    def _deploys(self, thing: Things, kind: Kind) -> tuple[Pred, tuple[Things, ...]]:
        if kind.element == "stage" and not thing.order:
            preds = (*thing.base[:1], *thing.only) if thing.role == "production" else thing.only
            return (lambda at: all_of([p(at) for p in preds])), ()
        if kind.element == "step" and not thing.order:
            return (lambda at: thing.holds(at.parent_stage(thing.kind))), ()
        return has(thing, self.facts), (thing,)
