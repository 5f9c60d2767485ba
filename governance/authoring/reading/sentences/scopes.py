"""How far a condition at the end of a sentence reaches back: over the last part of it, or over all."""

from __future__ import annotations

from dataclasses import replace

from governance.authoring.reading.meaning.adjuncts import Adjuncts
from governance.authoring.reading.meaning.choices import fork_at
from governance.authoring.reading.meaning.coordination import Joined
from governance.authoring.reading.meaning.nesting import wide
from governance.authoring.reading.meaning.statements import Statement
from governance.authoring.reading.meaning.typed import Pred, always, both, either, negated, never
from governance.authoring.reading.sentences.precedence import Precedence

PRONOUNS = frozenset("it they this that these those".split())


class Scopes(Precedence):
    """Grammar of the reach of conditions."""

    def _also_before(
        self, before: tuple[Statement, ...], rest: tuple[Statement, ...], end: int
    ) -> tuple[Statement, ...]:
        """X must have A and Y must have B unless C: whether C holds for X as well is left open."""
        i, j = rest[-1].behind
        if not i < j == end or any(s.behind[0] < s.behind[1] or s.permits for s in before):
            return before
        others = any(s.subject.kind.name != rest[-1].subject.kind.name for s in before)
        if others and any(t.base in PRONOUNS or t.article in ("its", "their") for t in self.tokens[i:j]):
            return before  # "it" is what was spoken of last
        fork = fork_at(self.tokens, i, j, 'Does "{said}" hold for all of the sentence, or only for its last part?',
                       "Only for the last part", "For all of the sentence")  # fmt: skip
        out = []
        for statement in before:
            extra = next((e for k, e in self.adjuncts(i, statement.subject) if k == j), None)
            if extra is None or extra.via or extra.same_stage:
                return before
            where = (*statement.where, *(fork.between(always, p) for p in extra.where))
            unless = (*statement.unless, *(fork.between(never, p) for p in extra.unless))
            out.append(replace(statement, where=where, unless=unless))
        return tuple(out)

    def _of_last_verb(self, core: Statement, whole: Statement, extra: Adjuncts) -> Statement:
        """X must have A and must have B unless C: with the verb said again C may belong to B alone.

        A comma in front of C, or one verb for both, makes it hold for both.
        """
        demand, (i, j) = core.demand, whole.behind
        if not isinstance(demand, Joined) or not demand.parts[-1].modal or not i < j or self.is_punct(i, ","):
            return whole
        if extra.via or extra.same_stage or any(p.word != "and" for p in demand.parts[1:]):
            return whole
        fork = fork_at(self.tokens, i, j, 'Does "{said}" hold for all that is asked, or only for the last of it?',
                       "For all that is asked", "Only for the last")  # fmt: skip
        *firsts, last = (part.pred for part in demand.parts)
        free = either(*(negated(_looked_for(p)) for p in extra.where), *extra.unless, last)
        kept_where = whole.where[: len(whole.where) - len(extra.where)]
        kept_unless = whole.unless[: len(whole.unless) - len(extra.unless)]
        return replace(
            whole,
            demand=fork.between(demand, both(*firsts, free)),
            where=(*kept_where, *(fork.between(p, always) for p in extra.where)),
            unless=(*kept_unless, *(fork.between(p, never) for p in extra.unless)),
        )


def _looked_for(pred: Pred) -> Pred:
    return lambda at: pred(wide(at))
