"""Failure strategies of stages and steps, and the actions they take."""

from __future__ import annotations

from collections.abc import Iterator

from governance.authoring.reading.meaning.relations import has
from governance.authoring.reading.meaning.typed import Kind, Pred, Prop, Things
from governance.authoring.reading.nouns.postmods import Postmods
from governance.authoring.reading.values.props import prop_of
from governance.authoring.reading.values.value_tests import tested


class Strategies(Postmods):
    """Grammar of failure strategies."""

    def _strategy_action(self, j: int, prop: Prop) -> Iterator[tuple[int, Pred]]:
        """A failure strategy with rollback: one of the strategies takes that action; any rollback, if no kind is named."""
        strategies = self._strategies_of(prop)
        for k in self.says(j, "with|of|that use|that do|that take"):
            if strategies is not None:
                yield from self._actions_taken(self.skip(k, "action|either"), strategies)

    def _strategies_of(self, prop: Prop) -> Kind | None:
        """The failure strategies of a stage or step, where they are what is spoken of."""
        own = prop.spec is not None and prop.spec.path == "failureStrategies" and not prop.through
        return (
            self.kind(f"{prop.kind.element}_strategies")
            if own and prop.kind.element in ("stage", "step")
            else None
        )

    def strategy_taken(self, j: int, prop: Prop) -> Iterator[tuple[int, Pred]]:
        """(Failure strategies must) include StageRollback or PipelineRollback, (not) be Ignore."""
        strategies = self._strategies_of(prop)
        if strategies is not None:
            for k in self.says(j, "include|contain|be|use|have|do|take|specify|be set to"):
                yield from self._actions_taken(self.skip(k, "action|either|one of|any of"), strategies)

    def _actions_taken(self, k: int, strategies: Kind) -> Iterator[tuple[int, Pred]]:
        spec = next(f for f in strategies.fields if f.path.endswith("action.type"))
        prop = prop_of(strategies, spec)
        for m, found in self.literals(k, prop):
            bare = m == k + 1 and self.tokens[k].text.lower() in ("rollback", "rollbacks")
            kinds = tuple(v for v in spec.values if v.endswith("Rollback")) if bare else found
            action = tested(prop, "is", kinds)
            yield self.skip(m, "action"), has(Things(strategies).narrowed(action), self.facts)
