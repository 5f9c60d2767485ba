"""Who may and who must approve: groups that have to, people who must not, one's own run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from governance.authoring.reading.meaning.relations import approver_in, has
from governance.authoring.reading.meaning.statements import Statement
from governance.authoring.reading.meaning.typed import STEPS, Things, negated
from governance.authoring.reading.sentences.forbidding import Forbidding
from governance.authoring.reading.values.predicates import executor_blocked, of_types, only_approvers
from governance.authoring.reading.words.sentences import MODALS, NOBODY
from governance.authoring.reading.words.verbs import EXECUTOR


class ApproverRules(Forbidding):
    """Grammar of rules about approvers."""

    def _executors(self, i: int) -> Iterator[tuple[int, tuple[Statement, ...]]]:
        """Whoever runs the pipeline must not be able to approve it."""

        approvals = Things(self.kind("all_steps"), (of_types(("HarnessApproval",)),), plain=False)
        for j in self.says(i, NOBODY):
            for k in self.says(self.skip(j, MODALS), "approve|sign off|sign off on"):
                for m in self.says(k, "pipeline|run|deployment|change|pipeline run|release|work"):
                    if self.tokens[k].article in ("its", "own", "their"):
                        yield m, (Statement(approvals, executor_blocked),)
        for j in self.says(i, EXECUTOR):
            for k in self.says(
                j,
                "must not|may not|can not|should not|must never|may never|be not allow to|shall not|can never",
            ):
                k = self.skip(
                    k, "be able to|be allow to|be one to|be the one to|get to|be one who|be permit to"
                )
                for m in self.says(k, "approve it|approve own run|approve run|approve pipeline|approve|approve own pipeline"
                                      "|approve own deployment|approve that run|approve this|sign it off"
                                      "|be one of they|be among they|be one of approver|be among approver|be approver|be one of approver|count as approver|act as approver"
                                      "|be approver of it|be approver of own run"):  # fmt: skip
                    m = self.skip(m, "themselves|himself|herself|on own|own run|it")
                    yield self._flag_in_brackets(m), (Statement(approvals, executor_blocked),)

    def _no_approvers(self, i: int) -> Iterator[tuple[int, tuple[Statement, ...]]]:
        """Contractors may not approve (production deployments); no contractor may be an approver."""
        start = self.skip(i, "no|neither|none of")
        steps = replace(self._approval(()), groups=())
        for j, groups in self.groups(
            self.skip(start, "member of|somebody from|people from|people in|person from")
        ):
            comma = self.skip(j, "nor")
            for k in self.says(comma, "may|can|must|should|shall|be allow to|be permit to|will"):
                neg = self.skip(k, "not|never")
                if (neg > k) == (start > i):
                    continue
                for m in self.says(self.skip(neg, "be allow to"), "approve|sign off|sign off on|be approver|be approver of|be approver for"
                                   "|be one of approver|be among approver|act as approver|be list as approver|be name as approver"
                                   "|be use as approver|count as approver|be approver group"):  # fmt: skip
                    banned = negated(approver_in(groups))
                    yield self.skip(m, "anywhere|anything|it|any pipeline"), (Statement(steps, banned),)
                    for n, thing in self.things(self.skip(m, "of|for|in")):
                        if thing.kind.element == "stage":
                            yield n, (Statement(steps.narrowed(self.approves_for(thing)), banned),)

    def _approver_is(self, i: int) -> Iterator[tuple[int, tuple[Statement, ...]]]:
        """The approver of a production deployment must not be the one who started it."""
        steps = Things(self.kind("all_steps"), (of_types(("HarnessApproval",)),), plain=False)
        for j in self.says(i, "approver|person who approve|one who approve|whoever approve"):
            placed = [(j, steps)]
            for k in [j, *self.says(j, "of|for")]:
                for m, thing in self.things(k):
                    if thing.kind.element == "stage":
                        placed.append((m, steps.narrowed(self.approves_for(thing))))
                    elif thing.kind.spec is None and thing.plain:
                        placed.append((m, steps))
            for k, where in placed:
                for m in self.says(k, "must be from|must come from|have to be from|have to come from|may only be from|may only come from"
                                      "|must be in|must be member of|have to be member of|should be from|can only be from"):  # fmt: skip
                    for n, groups in self.groups(m):
                        yield n, (Statement(where, only_approvers(groups)),)
                for m in self.says(
                    k, "must not be|may not be|can not be|should not be|must never be|may never be"
                ):
                    m = self.skip(m, "same person as|same as|same user as|also")
                    for n in self.says(m, EXECUTOR):
                        yield n, (Statement(where, executor_blocked),)

    def _approvers_need(self, i: int) -> Iterator[tuple[int, tuple[Statement, ...]]]:
        """The DBAs have to approve every pipeline that …, in an earlier stage."""
        i = self.skip(i, "somebody from|someone from|somebody in|someone in|member of|one of|both")
        for j, groups in self.groups(i):
            joined = len(groups) > 1 and any(t.base in ("and", "both") for t in self.tokens[i : j + 1])
            approval = replace(self._approval(groups), each_group=joined)
            for k in self.says(
                j,
                "must|have to|should|need to|shall|both have to|both must|all have to|all must|be require to",
            ):
                for m in self.says(
                    k,
                    "approve|sign off|sign off on|give approval for|authorise|agree to|confirm|green-light|release",
                ):
                    m = self._earlier(m)
                    for n, thing in [*self.things(m), *self._action_on(m)]:
                        comma = n + 1 if self.is_punct(n, ",") else n
                        for p, placed in [*self._placed(comma, approval), (n, approval)]:
                            yield p, (Statement(replace(thing, how_many=()), has(placed, self.facts)),)

    def _only_approve(self, i: int) -> Iterator[tuple[int, tuple[Statement, ...]]]:
        """Only G may approve X: approval steps in front of X list no other group."""
        for j in self.says(i, "only|just|nobody but|nobody except|no one but|no one except"):
            for k, groups in self.groups(self.skip(j, "member of|somebody from|people from|people in")):
                for m in self.says(k, "may approve|can approve|should approve|must approve|be allow to approve|may sign off|can sign off"
                                      "|may sign off on|can sign off on|may be list as approver|can be list as approver|may be name as approver|may be use as approver|may appear as approver|should be approver|can be approver|must be approver|may act as approver|may be approver|may be approver of|may be approver for"):  # fmt: skip
                    steps = replace(self._approval(()), groups=())
                    yield m, (Statement(steps, only_approvers(groups)),)
                    for n, thing in self.things(m):
                        if thing.kind.element == "stage":
                            yield (
                                n,
                                (
                                    Statement(
                                        steps.narrowed(self.approves_for(thing)), only_approvers(groups)
                                    ),
                                ),
                            )
                        elif thing.kind.spec is None and thing.plain:
                            yield n, (Statement(steps, only_approvers(groups)),)

    def _approval(self, groups: tuple[str, ...]) -> Things:
        types = ("HarnessApproval",)
        return Things(
            self.kind(STEPS), (of_types(types),), role="approval", types=types, groups=groups, plain=False
        )
