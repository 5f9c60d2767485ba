"""Whose approval, of how many, and for what: what follows the noun "approval"."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from governance.authoring import rule as r
from governance.authoring.reading.meaning.relations import has
from governance.authoring.reading.meaning.typed import Pred, Things, either
from governance.authoring.reading.nouns.phrases import Nouns
from governance.authoring.reading.values.predicates import stage_of_type
from governance.authoring.reading.words.sentences import MODALS


class Approvals(Nouns):
    """Grammar of what stands behind an approval."""

    def _is_approval(self, thing: Things) -> bool:
        return bool(thing.types) and all(t.endswith("Approval") for t in thing.types)

    def _approval_by(self, k: int, thing: Things) -> Iterator[tuple[int, Things]]:
        for j in self.says(k, "from|by|of|through|give by|that list|list|issue by|grant by|provide by|sign by"
                              "|from somebody in|by somebody from|from someone in|by someone in|with|of someone from"
                              "|by member of|from member of|by a member of|that name|from one of"):  # fmt: skip
            j = self.skip(j, "someone in|somebody in|someone from|one of|at least one of|somebody from")
            every = self.skip(
                j,
                "two different group|two group|both group|both of group|all of group|following group|two different team|both team",
            )
            every = every + 1 if every > j and self.is_punct(every, ":(") else every
            for m, groups in self.groups(every) if every > j and not thing.groups else []:
                m = m + 1 if self.is_punct(every - 1, "(") and self.is_punct(m, ")") else m
                yield m, replace(thing, groups=groups, each_group=len(groups) > 1, plain=False)
            for m, groups in self.groups(self.skip(j, "both")) if not thing.groups else []:
                joined = len(groups) > 1 and not any(t.base == "or" for t in self.tokens[j:m])
                yield m, replace(thing, groups=groups, each_group=joined, plain=False)
        for j in self.says(
            k + 1 if self.is_punct(k, ":,(-") else k,
            "one by|one from|one of they from|one each by|one each from|by|from",
        ):
            yield from self._each_approves(j, thing, ())
        for j in self.says(k, "with|by|from|of|requiring"):
            for m, comparison in self.comparison(j):
                for n in self.says(m, "approver|approval|people|person|member|pair of eyes|reviewer"):
                    yield (
                        n,
                        thing.narrowed(
                            self._approver_count(comparison.bounds[0][0], comparison.bounds[0][1].value)
                        ),
                    )
            for m, number in self.number(j):
                for n in self.says(m, "approver|approval|people|person|reviewer"):
                    yield n, thing.narrowed(self._approver_count("at_least", number))

    def _approval_for(self, k: int, thing: Things) -> Iterator[tuple[int, Things]]:
        """Approvals for production (must ...): those in front of such a deployment."""
        stages = Things(self.kind("stages"), (stage_of_type("Deployment"),), role="deployment", plain=False)
        for j in self.says(k, "for|of|before|in front of|ahead of|prior to"):
            placed = [(m, t) for m, t in self.things(j) if t.kind.element == "stage" and not t.none]
            for m, stage in [*placed, *self._production_or_env(j, stages)]:
                if self.says(m, MODALS + "|require|need|list|name"):
                    yield m, replace(thing.narrowed(self.approves_for(stage)), role="")

    def approves_for(self, stage: Things) -> Pred:
        """Approvals for production: in front of such a stage, or in it."""
        later = has(replace(stage, order="after", how_many=()), self.facts)
        return either(later, lambda at: stage.holds(at.parent_stage(stage.kind)))

    def _each_approves(self, j: int, thing: Things, groups: tuple[str, ...]) -> Iterator[tuple[int, Things]]:
        """Two approvals, one by A and one by B: both groups have to approve."""
        for m, group in self.group(j):
            found = (*groups, group)
            k = m + 1 if self.is_punct(m, ",") else m
            for n in self.says(
                k,
                "and one by|and one from|one by|one from|and another by|and another from|and second by|and second from",
            ):
                yield from self._each_approves(n, thing, found)
            counted = not thing.how_many or thing.how_many[0][1] == len(found)
            if len(found) > 1 and counted:
                end = m + 1 if self.is_punct(m, ")") else m
                yield end, replace(thing, groups=found, each_group=True, how_many=(), plain=False)

    def _approver_count(self, op: r.Op, number: float) -> Pred:
        path = ("spec", "approvers", "minimumCount")
        return lambda at: r.Test(
            value=r.Field(of=at.ref, path=path), op=op, to=(int(number),), measure="number"
        )
