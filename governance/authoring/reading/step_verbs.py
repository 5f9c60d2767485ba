"""Verbs of pipelines: deploying, approving, scanning, pushing, coming before and after."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from governance.authoring import rule as r
from governance.authoring.reading.abreast import ALONGSIDE, beside
from governance.authoring.reading.field_verbs import FieldVerbs
from governance.authoring.reading.meaning import STEPS, Kind, Pred, Things, all_of, both, negated
from governance.authoring.reading.ordinals import starting
from governance.authoring.reading.predicates import (
    deployment,
    executor_blocked,
    of_types,
    only_approvers,
    to_environment,
)
from governance.authoring.reading.props import prop_of
from governance.authoring.reading.relations import approver_in, has
from governance.authoring.reading.value_tests import tested
from governance.authoring.reading.verb_words import EXECUTOR

OUT_OF = "group out of|group from|out of|group such as|group among|approver group|group"


class StepVerbs(FieldVerbs):
    """Grammar of the verbs of pipelines."""

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
                        yield p, self._deploys(placed, kind)
        yield from self._deploying_at_all(i, kind)
        for j in self.says(i, "deploy|ship"):
            for m, thing in self.things(j):
                if thing.kind.element == "stage":
                    yield m, self._deploys(thing, kind)

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
                rule = Things(rules).narrowed(tested(prop_of(rules, method), "is", found))
                for m in self.says(k, "on failure|when it fail|if it fail|about failure|of failure|when they fail|in case of failure|on fail|if they fail"
                                      "|when pipeline fail|if pipeline fail|about failed run|on every failure"):  # fmt: skip
                    events = self.kind("notification_events")
                    event = next(f for f in events.fields if f.path == "type")
                    failed = Things(events).narrowed(
                        tested(prop_of(events, event), "is", ("PipelineFailed", "AllEvents"))
                    )
                    yield m, (has(rule.narrowed(has(failed, self.facts)), self.facts), ())
                yield k, (has(rule, self.facts), ())

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

    def _beside(self, i: int, kind: Kind) -> Iterator[tuple[int, tuple[Pred, tuple[Things, ...]]]]:
        """Run in parallel with X; be inside a parallel block; run any other stage in parallel with X."""
        if kind.element == "stage":
            for j in self.says(
                i, "run|be|happen|be place|stand|sit|take place|be run|be execute|be put|go|start|be start"
            ):
                yield from ((m, (pred, ())) for m, pred in self._alongside(j, kind))
        elif kind.spec is None:
            for j in self.says(i, "run|execute|start|have|place|put|contain"):
                for k, first in self.things(j):
                    if first.kind.element != "stage" or first.how_many:
                        continue
                    for m, pred in self._alongside(k, first.kind):
                        placed = first.narrowed(pred)
                        yield m, (has(placed, self.facts), (placed,))

    def _alongside(self, j: int, kind: Kind) -> Iterator[tuple[int, Pred]]:
        for k in self.says(j, ALONGSIDE):
            for m in self.says(k, "with|to|as|alongside|next to|beside"):
                for n, other in self.things(m):
                    if other.kind.element == "stage" and not other.none:
                        yield n, beside(kind, replace(other, how_many=()))
            told = j > 1 and self.tokens[j - 2].base in ("that", "which")  # stages that run in parallel
            if told or any(w in t.words for t in self.tokens[j:k] for w in ("block", "group")):
                yield k, beside(kind, None)

    def _edge_verb(self, i: int, kind: Kind) -> Iterator[tuple[int, tuple[Pred, tuple[Things, ...]]]]:
        """Start with a CI stage, end with a Verify step."""
        for words, last in (("start with|begin with|open with|start off with", False),
                            ("end with|finish with|close with|end in", True)):  # fmt: skip
            for j in self.says(i, words):
                for k, thing in self._one(j):
                    inside = thing.kind.element == "stage" if kind.spec is None else kind.element == "stage"
                    if thing.kind.element not in ("stage", "step") or thing.none or thing.how_many:
                        continue
                    if inside or (kind.spec is None and thing.kind.element == "step"):
                        yield k, (starting(thing, last), (thing,))

    def _order_verb(self, i: int, kind: Kind) -> Iterator[tuple[int, tuple[Pred, tuple[Things, ...]]]]:
        if kind.element not in ("step", "stage"):
            return
        for j in self.says(i, "run|come|be|happen|be finish|finish|take place|follow|occur|stand|go|be run|be execute"
                              "|be place|be put|sit|have to come|complete|be do"):  # fmt: skip
            j = self.skip(j, "in stage slot|somewhere|always")
            for words, order in (("directly before|immediately before|right before|right in front of|directly in front of"
                                  "|immediately in front of", "directly_after"),
                                 ("before|in an earlier stage than|earlier than|in front of|ahead of|prior to"
                                  "|in earlier stage than", "after"),
                                 ("directly after|right after|immediately after|directly behind", "directly_before"),
                                 ("after|in a later stage than|later than|behind|in later stage than", "before")):  # fmt: skip
                for k in self.says(j, words):
                    for m, thing in self.things(k):
                        if thing.kind.element in ("step", "stage"):
                            for n in self.says(m, "in same stage|within same stage|of same stage"):
                                close = replace(thing, order=order + "+same_stage")
                                yield n, (has(close, self.facts), (close,))
                            placed = replace(thing, order=order)
                            yield m, (has(placed, self.facts), (placed,))
        for words, order in (("directly follow|immediately follow", "directly_before"), ("follow", "before"),
                             ("be follow by|be follow up by|be follow with", "after"), ("be precede by", "before"),
                             ("be directly follow by|be immediately follow by", "directly_after"),
                             ("be directly precede by|be immediately precede by", "directly_before")):  # fmt: skip
            for j in self.says(i, words):
                for m, thing in self.things(j):
                    if thing.kind.element in ("step", "stage"):
                        for n in self.says(m, "in same stage|within same stage|of same stage"):
                            placed = replace(thing, order=order + "+same_stage")
                            yield n, (has(placed, self.facts), (placed,))
                        placed = replace(thing, order=order)
                        yield m, (has(placed, self.facts), (placed,))
