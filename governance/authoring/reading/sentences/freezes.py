"""Freezes: times in which nobody may deploy, wherever or to one environment."""

from __future__ import annotations

from collections.abc import Iterator

from governance.authoring.reading.meaning.statements import Statement
from governance.authoring.reading.meaning.typed import Things
from governance.authoring.reading.sentences.forbidding import Forbidding
from governance.authoring.reading.values.predicates import deployment
from governance.authoring.reading.words.sentences import MODALS


class Freezes(Forbidding):
    """Grammar of freezes."""

    def _frozen(self, i: int) -> Iterator[tuple[int, tuple[Statement, ...]]]:
        """(There is) a production freeze; a deployment freeze for prod_eu; nothing may be deployed to production."""
        stages = Things(self.kind("stages"), (deployment,), role="deployment", plain=False)
        j = self.skip(i, "there be|there will be|we have|have|we be in|be in")
        j = self.skip_all(j, "every single|hard|complete|total|full|yearly|annual|usual")
        placed = next(((k, t) for k, t in self._production_or_env(j, stages) if k == j + 1), None)
        k, what = placed or (j, None)
        k2 = self.skip(k, "deployment|deploy|release|change|code|holiday|christmas|year-end")
        if k2 > k and self.tokens[k2 - 1].base in ("deployment", "deploy", "release"):
            what = what or stages
        for m in self.says(k2, "freeze"):
            if what is not None:
                yield m, (Statement(what, None),)
            for n in self.says(m, "for|of|on|in|to"):
                for p, thing in self._production_or_env(n, stages):
                    yield self.skip(p, "deployment|release|change"), (Statement(thing, None),)
        yield from self._shut(i, stages)
        for m in self.says(i, "nothing|not anything|no change"):
            m = self.skip(self.skip(m, MODALS), "be allow to|be permit to|ever")
            for n in self.says(
                m,
                "be run|run|happen|be execute|take place|be deploy|be release|be ship|be roll out|be push|be promote|go|go live|go out|get deploy|be bring",
            ):
                for q in self.says(n, "to|into|in|on"):
                    for p, thing in self._production_or_env(q, stages):
                        yield p, (Statement(thing, None),)

    def _shut(self, i: int, stages: Things) -> Iterator[tuple[int, tuple[Statement, ...]]]:
        """prod_eu is closed for deployments; Friday afternoon is off limits for production deployments."""
        closed = "be freeze|be close|be lock|be lock down|be shut|be off limit"
        for m, thing in self._production_or_env(i, stages):
            for n in self.says(self.skip(m, MODALS), closed):
                n = self.skip(
                    n,
                    "for deployment|to deployment|for release|for change|for any deployment|for all deployment",
                )
                yield n, (Statement(thing, None),)
        shut = "be off limit for|be close for|be close to|be taboo for|be freeze for|be block for|be forbid for|be not allow for|be no time for|be no-go for|be no go for|be out of bound for"
        for j, when in self.windows(i):
            for k in self.says(self.skip(j, MODALS), shut):
                for m, thing in self.things(k):
                    if not thing.none and not thing.how_many:
                        yield m, (Statement(thing, None, where=(when,)),)
