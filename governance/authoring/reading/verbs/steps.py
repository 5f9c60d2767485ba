"""Verbs of pipelines: deploying, approving, scanning, pushing, coming before and after."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from governance.authoring import rule as r
from governance.authoring.reading.meaning.relations import approver_in, has
from governance.authoring.reading.meaning.typed import STEPS, Kind, Pred, Things, both, negated
from governance.authoring.reading.values.predicates import executor_blocked, of_types, only_approvers
from governance.authoring.reading.values.props import prop_of
from governance.authoring.reading.values.value_tests import tested
from governance.authoring.reading.verbs.deploying import DeployVerbs
from governance.authoring.reading.verbs.order import OrderVerbs
from governance.authoring.reading.words.verbs import EXECUTOR

OUT_OF = "group out of|group from|out of|group such as|group among|approver group|group"


class StepVerbs(DeployVerbs, OrderVerbs):
    """Grammar of the verbs of pipelines."""

    def _approving(self, i: int, kind: Kind) -> Iterator[tuple[int, tuple[Pred, tuple[Things, ...]]]]:
        approval = Things(self.kind(STEPS), (of_types(self.facts.approval_steps or ("HarnessApproval",)),),
                          role="approval", types=self.facts.approval_steps or ("HarnessApproval",))  # fmt: skip
        for j in self.says(i, "be approve|be sign off|be green-light|get approve|be confirm|approve|be release"
                              "|be sign"):  # fmt: skip
            for m, thing in self._approval_by(j, approval):
                yield self._earlier(m), (has(thing, self.facts), (thing,))
            if self.tokens[j - 1].base in ("approve", "off"):
                for k in self.says(j, "manually|by hand|by somebody|by someone"):
                    yield self._earlier(k), (has(approval, self.facts), (approval,))
                yield self._earlier(j), (has(approval, self.facts), (approval,))
        if kind.element == "step":
            closed = self.skip(i, "only|exclusively")  # may only be given by
            for j in self.says(
                closed,
                "list|name|be approve by|allow|ask|be address to|go to|accept|be give by|be from|be by|come from|be issue by|be grant by|be answer by|be decide by|be confirm by|be sign off by|be sign by|be complete by|be handle by",
            ):
                for m in self.says(j, EXECUTOR) if closed == i else []:
                    yield self._flag_in_brackets(m), (negated(executor_blocked), ())
                for op, k in self._only(j):
                    for m, groups in self.groups(self.skip(k, OUT_OF)):
                        m = self.skip(m, "as approver|among approver|as approver group|as approving group")
                        if op == "only" or closed > i:
                            yield m, (only_approvers(groups), ())
                        else:
                            yield m, (approver_in(groups), ())
            yield from self._executor(i)

    def _executor(self, i: int) -> Iterator[tuple[int, tuple[Pred, tuple[Things, ...]]]]:
        """Stop the person who started it from approving; let nobody approve their own run."""
        for j in self.says(i, "let|allow|permit|stop|prevent|keep|forbid|block|exclude|bar"):
            stop = self.tokens[j - 1].base in (
                "stop",
                "prevent",
                "keep",
                "forbid",
                "block",
                "exclude",
                "bar",
            )
            for k in self.says(j, EXECUTOR):
                if stop:
                    yield self._flag_in_brackets(k), (executor_blocked, ())
                for m in self.says(k, "from approving own run|from approve it|approve it|approve own run|approve"
                                      "|from approve own run|from approve|from approve own pipeline|approve it themselves"
                                      "|to approve|to approve it|to approve own run|approve own pipeline"):  # fmt: skip
                    m = self.skip(m, "themselves|himself|own run")
                    m = self._flag_in_brackets(m)
                    yield m, (executor_blocked if stop else negated(executor_blocked), ())

    def _flag_in_brackets(self, m: int) -> int:
        if (
            self.is_punct(m, "(")
            and self.is_punct(m + 2, ")")
            and self.tokens[m + 1].text == "disallowPipelineExecutor"
        ):
            return m + 3
        return m

    def _earlier(self, m: int) -> int:
        return self.skip(m, "earlier|before|beforehand|first|in advance|in an earlier stage|in earlier stage|up front"
                            "|at an earlier point")  # fmt: skip

    def _scanning(self, i: int, kind: Kind) -> Iterator[tuple[int, tuple[Pred, tuple[Things, ...]]]]:
        for j in self.says(i, "pass|have pass|go through|undergo|have go through|have|be cover by|complete|have complete"
                              "|succeed in|have run|run"):  # fmt: skip
            for m, thing in self._one(j):
                if thing.role == "scan":
                    earlier = self._earlier(m)
                    done = has(replace(thing, order="before") if earlier > m else thing, self.facts)
                    yield earlier, (done, (thing,))
        for j in self.says(
            i, "scan image|scan it|scan container image|scan that image|scan them|scan every image"
        ):
            for k in self.says(j, "with|by|using|through"):
                for m, (types, _, _) in self._step_words(k):
                    if types:
                        scan = Things(self.kind(STEPS), (of_types(types),), role="scan", types=types)
                        for n, placed in self._placed(self.skip(m, "step"), scan):
                            yield n, (has(placed, self.facts), (placed,))
        for j in self.says(i, "be scan|have be scan|be check"):
            for k in self.says(j, "by|with|for"):
                for m, (types, role, _) in self._step_words(k):
                    if types and (role == "scan" or self.tokens[k - 1].base != "for"):
                        thing = Things(self.kind(STEPS), (of_types(types),), role="scan", types=types)
                        yield self._earlier(m), (has(thing, self.facts), (thing,))

    def _notifying(self, i: int) -> Iterator[tuple[int, tuple[Pred, tuple[Things, ...]]]]:
        """Notify Slack when it fails: a notification rule of that method, for that event."""
        rules = self.kind("notification_rules")
        method = next(f for f in rules.fields if f.path == "notificationMethod.type")
        for j in self.says(i, "notify|alert|inform|send notification to|send notification via|send notification by|send alert to|report to|post to"
                              "|send message to|notify via|notify by|notify through|send notification through"):  # fmt: skip
            for k, found in self.literals(j, prop_of(rules, method)):
                if len(found) > 1 and any(t.base == "and" for t in self.tokens[j:k]):
                    yield from self._notified_each(k, found)
                    continue
                rule = Things(rules).narrowed(tested(prop_of(rules, method), "is", found))
                for m, failed in self._of_failure(k):
                    yield m, (has(rule.narrowed(failed), self.facts), ())
                yield k, (has(rule, self.facts), ())

    def _notified_each(
        self, k: int, methods: tuple[r.Scalar, ...]
    ) -> Iterator[tuple[int, tuple[Pred, tuple[Things, ...]]]]:
        """(Notify) Slack and PagerDuty: a rule for each of them."""
        rules = self.kind("notification_rules")
        method = prop_of(rules, next(f for f in rules.fields if f.path == "notificationMethod.type"))
        each = [Things(rules).narrowed(tested(method, "is", (found,))) for found in methods]
        for m, failed in self._of_failure(k):
            yield m, (both(*(has(rule.narrowed(failed), self.facts) for rule in each)), ())
        yield k, (both(*(has(rule, self.facts) for rule in each)), ())

    def _of_failure(self, k: int) -> Iterator[tuple[int, Pred]]:
        """... when it fails, on failure."""
        for m in self.says(k, "on failure|when it fail|if it fail|about failure|of failure|when they fail|in case of failure|on fail|if they fail"
                              "|when pipeline fail|if pipeline fail|about failed run|on every failure"):  # fmt: skip
            events = self.kind("notification_events")
            event = next(f for f in events.fields if f.path == "type")
            kinds = ("PipelineFailed", "AllEvents")
            yield m, has(Things(events).narrowed(tested(prop_of(events, event), "is", kinds)), self.facts)

    def _pushing(self, i: int, kind: Kind) -> Iterator[tuple[int, tuple[Pred, tuple[Things, ...]]]]:
        if not self.facts.image_push_steps:
            return
        types = self.facts.image_push_steps
        push = Things(self.kind(STEPS), (of_types(types),), role="push", types=types)
        for j in self.says(i, "push|build and push|publish|push out|build or push|build"):
            for k in self.says(
                j,
                "image|container image|docker image|any image|an image|image at all|no image|no container image",
            ):
                none = self.tokens[j].base == "no"
                for m, pred in self._push_detail(k, push.kind):
                    yield m, (has(push.narrowed(pred), self.facts), (push.narrowed(pred),))
                yield k, (has(replace(push, none=none), self.facts), (push,))

    def _push_detail(self, k: int, step: Kind) -> Iterator[tuple[int, Pred]]:
        """... to the host X, anywhere other than Y, with the tag Z, through connector C."""
        host = next(f for f in step.fields if f.path == "spec.host")
        for j in self.says(k, "to|at|on|in"):
            for m, types in self.registries(j):
                yield m, of_types(types)
            k2 = self._skip_field(j, host, step)
            for m, found in self.literals(k2, prop_of(step, host)):
                yield m, tested(prop_of(step, host), "is", found)
        for j in self.says(k, "anywhere other than|anywhere but|anywhere else than|to anything but|to anything other than"
                              "|elsewhere than|to any registry other than|anywhere except|outside of|outside"
                              "|to a registry other than|other than"):  # fmt: skip
            j = self.skip(j, "to")
            for m, types in self.registries(j):
                yield m, negated(of_types(types))
            k2 = self._skip_field(j, host, step)
            for m, found in self.literals(k2, prop_of(step, host)):
                yield m, negated(tested(prop_of(step, host), "is", found))
        for j in self.says(k, "with|tag|tag as|under"):
            for m, prop in self.field(j, step):
                for n, found in self.literals(m, prop):
                    yield n, tested(prop, "is", found)
