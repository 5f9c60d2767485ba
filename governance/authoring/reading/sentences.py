"""Sentences: who must or must not do what, in the forms people write rules in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import cast

from governance.authoring import rule as r
from governance.authoring.reading.base import rule
from governance.authoring.reading.conditions import MODALS, Adjuncts, Conditions
from governance.authoring.reading.meaning import (
    NEVER,
    Kind,
    Pred,
    Prop,
    Statement,
    Things,
    all_of,
    both,
    document_at,
    either,
    negate,
    negated,
)  # fmt: skip
from governance.authoring.reading.nouns import of_types, stage_of_type
from governance.authoring.reading.relations import has
from governance.authoring.reading.values import only_among, tested

FORBID = (
    "block|deny|forbid|ban|reject|refuse|disallow|prohibit|stop|fail|prevent|do not allow|do not permit|do not accept"
    "|do not let|not allow|never allow|no more|do not use|never use|do not want|do not want to see|never|do not|avoid"
    "|turn down|outlaw|disapprove|veto|do not want to have|keep out|flag|bar|do not tolerate|will not have|halt|abort"
    "|refuse to accept|hold back|do not have|must not have|be not allow|there must be no|there must not be|there may be no"
    "|there should be no|there be no|there can be no|there may not be|there should not be|there can not be|be not ok"
    "|be not okay|complain about|warn about|warn|get rid of|be against|down with|nobody want"
)
FORBIDDEN = (
    "be no longer allow|be no longer permit|be no longer ok|be no longer support|be no longer accept|be freeze|be suspend|be pause"
    "|be halt|be forbid|be not allow|be not permit|be ban|be block|be deny|be reject|be prohibit|be not ok|be not okay|be disallow"
    "|be not acceptable|be unacceptable|be out|be out of question|be off limit|be off-limits|be not accept|be refuse"
    "|be no good|be no go|be no-go|be fail|be violation|be not fine|be not good|be not good either|be no good either"
    "|have to be block|must be block|have to be reject|must be reject|must be deny|should be block|should be reject"
    "|should be deny|must be forbid|must stop pipeline|stop pipeline|must fail|should fail|have to fail|fail"
    "|must not exist|be not to be use|may not exist|must not ship|may not ship|must not come in|may not come in"
    "|must not be use|may not be use|can not be use|should not be use|must not be save|may not be save|can not be save"
    "|be not to be accept|be not welcome|must not be allow|should not be allow|may not be allow|be forbid everywhere"
    "|must not show up|must never show up|may not show up|may never show up|must not appear|may not appear|must never appear"
    "|must not be there|must not turn up|must never be there|must not occur|may not occur|be taboo|must be refuse|should be refuse|must never be use|be a fail|be not wanted"
    "|be not want|must be stop|be to be block|be to be reject|must not pass|may not pass|should not pass|can not pass"
    "|shall be block|shall be reject|shall not exist|shall not be use|will be block|will be reject|must not be create"
    "|may not be create|must not be edit|may not be edit|may not be change|must not be change|can not be edit"
    "|be not support|be not possible|be not tolerate|must be ban|should be ban|be never allow|be never ok"
    "|be never acceptable|must not be present|must not be there|must not happen|may not happen|should not happen"
)
ALLOWED = (
    "be ok|be okay|be fine|be allow|be permit|be acceptable|be accept|be possible|be free|be open to everyone|be exempt"
    "|be not affect|do not matter|be up to team|be unaffected|be good|be no problem|may stay|be out of scope|be welcome"
    "|be what we want|be free to use|can be use|may be use|be use|may be create|be exclude|be not cover|be not concern"
    "|be legal|be tolerate|be all right|be alright|be not subject to this|stay as they be|be leave alone|be irrelevant"
    "|be not relevant|be let through|may pass|pass|be unrestricted|be not restrict|be right|be perfect|be prefer"
)
ACTIONS = (
    "run|execute|start|trigger|launch|save|create|change|edit|modify|update|add|make|store|write|use|touch|build|keep"
    "|delete|set up|register|alter|deploy|submit|push|sync|operate|configure|define|have|ship|approve"
)
TRIVIAL = (
    "happen|run|be deploy|be run|take place|be start|go out|be use|be save|be create|be deploy to|be change|be make|be edit"
    "|start|be trigger|be execute|deploy|be sync|be roll out|be release|be touch|be modify|be launch|sync|be store|be allow"
    "|be possible|be permit|happen at all|be do|be perform"
)
NOBODY = "nobody|no one|no-one|noone|no user|no person|none of us|not anyone|no developer|nobody at all"


class Sentences(Conditions):
    """Grammar of whole sentences; every rule yields the statements it makes."""

    @rule
    def sentence(self, i: int) -> Iterator[tuple[int, tuple[Statement, ...]]]:
        """One sentence from position i, with its adjuncts in front and behind."""
        for j, front in self._front(i):
            for k, statements in self._core(j):
                yield from self._with_adjuncts(k, statements, front)

    def _with_adjuncts(self, k: int, statements: tuple[Statement, ...], front: tuple[tuple[str, object], ...]
                       ) -> Iterator[tuple[int, tuple[Statement, ...]]]:  # fmt: skip
        subject = statements[0].subject
        for m, extra in self.adjuncts(k, subject):
            placed = self._front_for(front, subject)
            if placed is None:
                continue
            whole = placed.plus(extra)
            out = tuple(self._apply(s, whole) for s in statements)
            yield m, out
            comma = m + 1 if self.is_punct(m, ",;") else m
            for j2 in self.says(
                comma, "and so must|and so should|so must|and so do|as must|and so have to|and so be"
            ):
                for n, thing in self.things(j2):
                    yield n, (*out, Statement(thing, statements[-1].demand))
            joint = self.skip(comma, "and|but|so|while|whereas|yet|and so must|and so be")
            if joint > m:
                for n, rest in self.sentence(joint):
                    yield n, out + rest
            if self.size > m:
                j2 = self.skip(comma, "and|but|or")
                if j2 > m and statements[0].demand is not None:
                    yield from self._same_subject(j2, out)

    def _same_subject(
        self, j: int, out: tuple[Statement, ...]
    ) -> Iterator[tuple[int, tuple[Statement, ...]]]:
        """... and must also have an owner tag: the subject is taken over."""
        last = out[-1]
        for k, demand in self._modal_vp(j, last.subject):
            for m, extra in self.adjuncts(k, last.subject):
                yield m, (*out, self._apply(Statement(last.subject, demand, last.where, last.unless), extra))

    def _apply(self, s: Statement, extra: Adjuncts) -> Statement:
        same = s.same_stage or extra.same_stage
        s = replace(s, same_stage=same)
        subject = replace(s.subject, via=s.subject.via + extra.via) if extra.via else s.subject
        return replace(s, subject=subject, where=s.where + extra.where, unless=s.unless + extra.unless)

    # --- what comes first --------------------------------------------------------------------
    def _front(self, i: int) -> Iterator[tuple[int, tuple[tuple[str, object], ...]]]:
        """Conditions, times and places in front of the core, as (kind, start) still to be read."""
        yield i, ()
        for words, what in (
            ("if|when|whenever|where|as soon as|as long as|once|in case|should", "if"),
            ("unless|except if|except when", "unless"),
        ):
            for j in self.says(i, words):
                for k, found in self.condition(j, None):
                    m = self.skip(k + 1 if self.is_punct(k, ",") else k, "then|,")
                    yield m, ((what, (j, k, found)),)
        for j in self.says(i, "except for|apart from|other than|besides|with exception of|aside from"):
            for k, pred in self.who(j):
                yield k + 1 if self.is_punct(k, ",") else k, (("but", pred),)
        for j, pred in self.windows(i):
            yield j + 1 if self.is_punct(j, ",") else j, (("where", pred),)
        for j in self.says(i, "in|for|within|on|across|inside|with|at|after"):
            for k, thing in self.things(j):
                m = k + 1 if self.is_punct(k, ",:") else k
                yield m, (("in", thing),)
            for k, pred in self.scope(j):
                m = k + 1 if self.is_punct(k, ",:") else k
                yield m, (("where", pred),)

    def _front_for(self, front: tuple[tuple[str, object], ...], subject: Things) -> Adjuncts | None:
        """The front adjuncts as conditions on the subject; None where they do not fit it."""
        out = Adjuncts()
        for what, payload in front:
            if what == "but":
                out = out.plus(Adjuncts(unless=(payload,)))  # type: ignore[arg-type]
            elif what == "where":
                out = out.plus(Adjuncts(where=(payload,)))  # type: ignore[arg-type]
            elif what == "in":
                thing: Things = payload  # type: ignore[assignment]
                pred = self._belongs(subject.kind, thing)
                if thing.kind.name == subject.kind.name:
                    pred = thing.holds
                elif pred is None and thing.kind.spec is not None and subject.kind.spec is None:
                    pred = has(thing, self.facts)
                if pred is None:
                    return None
                together = thing.kind.element == "stage" and subject.kind.element == "step"
                out = out.plus(
                    Adjuncts(
                        where=() if thing.plain and thing.kind.spec is None else (pred,), same_stage=together
                    )
                )
            else:
                start, end, _ = cast("tuple[int, int, object]", payload)
                again = self._reread(start, end, subject)
                if again is None:
                    return None
                out = out.plus(
                    Adjuncts(where=(again[0],), via=again[1])
                    if what == "if"
                    else Adjuncts(unless=(again[0],))
                )
        return out

    def _reread(self, start: int, end: int, subject: Things) -> tuple[Pred, tuple[Things, ...]] | None:
        """A condition in front once more, now that the subject is known."""
        found = [*self.condition(start, subject), *self.condition(start, None)]
        return next((meaning for k, meaning in found if k == end), None)

    def _not_apply(self, i: int) -> Iterator[tuple[int, tuple[Statement, ...]]]:
        """If …, the rule does not apply: an exception of what was said before."""
        if self.topic is None:
            return
        for j in self.says(i, "rule do not apply|rule be not relevant|it do not apply|this do not apply|that do not apply|rule do not count"
                              "|nothing be require|policy do not apply|do not apply this rule|this rule do not apply|it be fine|it be ok"
                              "|skip this|skip rule|ignore this|ignore rule|this be fine|no rule apply"):  # fmt: skip
            yield j, (Statement(self.topic, None, permits=True),)

    # --- cores -------------------------------------------------------------------------------
    @rule
    def _core(self, i: int) -> Iterator[tuple[int, tuple[Statement, ...]]]:
        yield from self._not_apply(i)
        yield from self._only_core(i)
        yield from self._nobody(i)
        yield from self._people_core(i)
        yield from self._subject_core(i)
        yield from self._value_core(i)
        yield from self._forbid(i)
        yield from self._imperative(i)
        yield from self._order_core(i)
        yield from self._passive_need(i)
        yield from self._topic_core(i)

    def _forbid(self, i: int) -> Iterator[tuple[int, tuple[Statement, ...]]]:
        """Block X; no X; don't allow X; refuse to save X; fail when X."""
        i0 = i
        i = self.skip(i, "we|i|one|you")
        for j in self.says(i, FORBID + "|no|not any|zero"):
            if i > i0 and self.tokens[i].base not in ("do", "will", "never", "forbid", "ban", "block", "can"):
                continue
            word = self.tokens[i].base
            if self.entity not in ("pipeline", "template") and word not in ("no", "zero"):
                j = self.skip(j, "pipeline|run|build|pipeline run|deployment|release")
                j = self.skip(j, "after security scan|after scan|after security test|after test")
            j = self.skip(j, "it if|if there be|it when") if word not in ("no", "zero") else j
            j = self.skip(j, "to " + ACTIONS.replace("|", "|to ")) if word != "no" else j
            j = self.skip(
                j, "anyone|anybody|somebody|someone|people|user|anything from|us|developer|team from"
            )
            j = self.skip(j, "from|to")
            k = self.skip(j, ACTIONS) if j > i + 1 or word not in ("no",) else j
            for start in {j, k}:
                for m, thing in self.things(start):
                    if (thing.how_many and not thing.plain) or not thing.none:
                        yield from self._forbidden_things(m, thing)
            yield from self._forbidden_values(j)
            for m, (pred, via) in self.vp_with_things(j, self.kind("document")):
                yield m, (Statement(Things(self.kind("document"), via=via), negated(pred)),)
            for m, who in self.who(j):
                m2 = self.skip(m, "from|to")
                for n, thing in self._action_on(m2):
                    yield n, (Statement(thing, negated(who)),)
            if word not in ("no", "zero"):
                for m in self.says(
                    j, "if|when|whenever|where|it if|it when|run if|run when|save if|save when|on"
                ):
                    for n, (pred, via) in self.condition(m, Things(self.kind("document"))):
                        yield n, (Statement(Things(self.kind("document"), via=via), negated(pred)),)

    def _forbidden_values(self, j: int) -> Iterator[tuple[int, tuple[Statement, ...]]]:
        """Block the namespace default in X; no namespace default."""
        for kind in self._all_kinds():
            for k, prop in self.field(j, kind):
                k2 = self.skip(k, "of|that be|which be|that")
                for m, pred in self.about(k2, prop):
                    if (
                        m > k2
                        and self.tokens[k2].base not in ("not", "no")
                        and any(
                            t.kind == "number" or t.base in ("more", "over", "above", "below", "under")
                            for t in self.tokens[k2:m]
                        )
                    ):
                        yield m, (Statement(Things(kind), negated(pred)),)
                for m, found in self.literals(k, prop):
                    pred = negated(tested(prop, "is", found))
                    yield m, (Statement(Things(kind), pred),)
                    for n in self.says(m, "in|for|on|of|at"):
                        for p, thing in self.things(n):
                            if thing.kind.name == kind.name:
                                yield p, (Statement(thing, pred),)

    def _forbidden_things(self, m: int, thing: Things) -> Iterator[tuple[int, tuple[Statement, ...]]]:
        m = self.skip(m, "be allow|be permit|allow|permit|please|run|to be save|be use|at all|to run|to be use|exist"
                         "|from be save|from run|through|may exist|may be use|any more")  # fmt: skip
        document = Things(self.kind("document"))
        if thing.how_many or thing.role == "severity":
            counted = has(thing, self.facts)
            yield m, (Statement(document, negated(counted)),)
        elif not thing.plain or thing.kind.spec is None or thing.via:
            yield m, (Statement(thing, None),)
            for k in self.says(m, "if|when|whenever|where|in case"):
                for n, (pred, _) in self.condition(k, thing):
                    yield n, (Statement(thing.narrowed(pred), None),)
            for k in self.says(m, "after a security scan|after security scan|after scan|after a scan"):
                for n in self.says(k, "if|when|whenever"):
                    for p, (pred, _) in self.condition(n, thing):
                        yield p, (Statement(thing.narrowed(pred), None),)
        else:
            yield m, (Statement(thing, None),)

    @rule
    def _action_on(self, i: int) -> Iterator[tuple[int, Things]]:
        """Run a pipeline that …; deploy to production; touch production."""
        for j in self.says(i, ACTIONS):
            k = self.skip(self.skip(j, "or|and"), ACTIONS)
            for start in {j, k}:
                for m, thing in self.things(start):
                    yield m, thing
                for m in self.says(start, "anything|something|everything|whatever"):
                    yield from self.post(m, Things(self.kind("document")))
        if self.entity in ("pipeline", "template"):
            from governance.authoring.reading.nouns import Nouns

            for j in self.says(i, "deploy|release|ship|roll out|run|deploy anything|do deploy|push|make change"
                                  "|run deployment|start deployment|be allow to deploy"):  # fmt: skip
                base = next((t for k, t in Nouns._deployments(self, j - 1) if t.role == "deployment"), None)
                base = base or Things(self.kind("stages"), (_deployment,), role="deployment")
                for k in self.says(j, "to|into|in|on"):
                    for m, thing in self._production_or_env(k, base):
                        yield m, thing
                yield j, Things(self.kind("stages"), (_deployment,), role="deployment")

    def _nobody(self, i: int) -> Iterator[tuple[int, tuple[Statement, ...]]]:
        for j in self.says(i, NOBODY):
            k = self.skip(j, MODALS)
            for m, thing in self._action_on(k):
                yield m, (Statement(thing, None),)
                for n in self.says(m, "unless|except|but|without|other than|besides"):
                    for p, who in self.who(self.skip(n, "be in|they be in|by|for")):
                        yield p, (Statement(thing, who),)
            for m, prop_test in self._object_action(k):
                yield m, (prop_test,)
            for m, (pred, via) in self.vp_with_things(k, self.kind("document")):
                yield m, (Statement(Things(self.kind("document"), via=via), negated(pred)),)

    def _object_action(self, k: int) -> Iterator[tuple[int, Statement]]:
        """Nobody may use the tag latest when pushing images: a field of steps of some kind."""
        for j in self.says(k, "use|set|put|have|give|choose|push"):
            if self.entity not in ("pipeline", "template"):
                continue
            step = self.kind("all_steps")
            for m, prop in self.field(j, step):
                for n, found in self.literals(m, prop):
                    for p in self.says(n, "when|while|for|on|if|in"):
                        for q, (_, via) in self._pushing(self.skip(p, "you|they|we"), self.kind("document")):
                            yield (
                                q,
                                Statement(replace(via[0], none=False), negated(tested(prop, "is", found))),
                            )
                        for q, thing in self.things(p):
                            if thing.kind.name == step.name:
                                yield q, Statement(thing, negated(tested(prop, "is", found)))

    def _people_core(self, i: int) -> Iterator[tuple[int, tuple[Statement, ...]]]:  # noqa: C901 - the alternatives of one grammar rule
        """Contractors may not run X; only admins may save Y; users with role Z must not …"""
        for words, only in (("only|just", True), ("", False)):
            starts = self.says(i, words) if words else [i]
            for j in starts:
                for k, who in self.who(j):
                    for m in self.says(k, MODALS + "|be allow to|be permit to|be able to|get to"):
                        neg = self.skip(m, "not|never")
                        n0 = self.skip(neg, "be allow to|be permit to")
                        conditional = self.skip(n0, "only")
                        if conditional > n0 and not only:
                            yield from self._only_there(conditional, who)
                        for n, thing in self._action_on(conditional):
                            if only:
                                yield n, (Statement(thing, who),)
                            elif neg > m:
                                yield n, (Statement(thing, negated(who)),)
                            else:
                                yield from self._allowed_if(n, thing, who)
                        if neg > m and not only:
                            yield from self._trivially(n0, who)
        if self.entity in ("pipeline", "template"):
            yield from self._executors(i)
        for j in self.says(i, "everyone except|everybody except|all user except|anyone except|all but|everyone but|everybody but|anyone but"
                              "|all people except|everyone other than|anyone other than|everyone apart from|all other than"):  # fmt: skip
            for k, who in self.who(j):
                for m in self.says(k, "be block from|may not|can not|must not|be forbid to|be not allow to|be ban from|must never|be prevent from"
                                      "|be forbid from|should not|be bar from"):  # fmt: skip
                    for n, thing in self._action_on(m):
                        yield n, (Statement(thing, who),)
        for j in self.says(i, "anyone who|anybody who|whoever|everyone who|everybody who|people who|user who|anyone|anybody|everyone|everybody"
                              "|person who|somebody who"):  # fmt: skip
            for k, thing in self._action_on(j):
                for m in self.says(
                    k,
                    "must be in|must be|have to be in|have to be|should be|need to be in|need to be|must belong to|have to belong to",
                ):
                    for n, who in self.who(self.skip(m, "member of|in|part of")):
                        yield n, (Statement(thing, who),)
        for j, thing in self.things(i):
            for k in self.says(j, "be reserve for|be reserve to|be limit to|be restrict to|be only for|be for|be allow only for"
                                  "|may only be save by|may only be run by|may only be create by|can only be save by"
                                  "|can only be run by|may only be change by|can only be change by|can only be create by"
                                  "|may only be edit by|can only be edit by|must be save by|must be run by|may only be start by"
                                  "|can only be start by|can only be execute by|may only be execute by|may only be deploy by"
                                  "|can only be deploy by|be only allow for|be only open to|be the privilege of"
                                  "|be only permit for|be exclusive to|may only be make by|can only be make by|may only be store by|may only be update by|may be save only by|may be run only by"):  # fmt: skip
                for m, who in self.who(self.skip(k, "only")):
                    yield m, (Statement(thing, who),)
        for j, thing in self._action_on(i):
            for k in self.says(j, "be reserve for|be limit to|be restrict to|be only for|be only allow for|be the job of"
                                  "|be something only|require|need|be up to|be a privilege of|be only permit for"):  # fmt: skip
                for m, who in self.who(self.skip(k, "only|be|role")):
                    yield m, (Statement(thing, who),)

    def _only_there(self, j: int, who: Pred) -> Iterator[tuple[int, tuple[Statement, ...]]]:
        """Contractors may only deploy to dev and qa."""
        if self.entity != "pipeline":
            return
        for k in self.says(j, "deploy to|release to|deploy into|ship to|deploy in"):
            for m, envs in self.environments(k):
                stages = Things(self.kind("stages"), (_deployment,), role="deployment")
                prop = _environment_of(stages.kind)
                yield m, (Statement(stages, only_among(prop, envs), where=(who,)),)

    def _executors(self, i: int) -> Iterator[tuple[int, tuple[Statement, ...]]]:
        """Whoever runs the pipeline must not be able to approve it."""
        from governance.authoring.reading.verbs import EXECUTOR, _executor_blocked

        approvals = Things(self.kind("all_steps"), (of_types(("HarnessApproval",)),), plain=False)
        for j in self.says(i, EXECUTOR):
            for k in self.says(
                j,
                "must not|may not|can not|should not|must never|may never|be not allow to|shall not|can never",
            ):
                k = self.skip(
                    k, "be able to|be allow to|be one to|be the one to|get to|be one who|be permit to"
                )
                for m in self.says(k, "approve it|approve own run|approve run|approve pipeline|approve|approve own pipeline"
                                      "|approve own deployment|approve that run|approve this|sign it off"):  # fmt: skip
                    m = self.skip(m, "themselves|himself|herself|on own|own run|it")
                    yield self._flag_in_brackets(m), (Statement(approvals, _executor_blocked),)

    def _trivially(self, k: int, who: Pred) -> Iterator[tuple[int, tuple[Statement, ...]]]:
        for m, (pred, via) in self.vp_with_things(k, self.kind("document")):
            yield m, (Statement(Things(self.kind("document"), via=via), negated(pred), where=(who,)),)

    def _allowed_if(self, n: int, thing: Things, who: Pred) -> Iterator[tuple[int, tuple[Statement, ...]]]:
        comma = n + 1 if self.is_punct(n, ",") else n
        for m in self.says(comma, "only if|only when|only after|if|provided that|but only if|only with|but only with"
                                  "|but only when|only where|when|as long as"):  # fmt: skip
            for p, (pred, _) in self.condition(m, thing):
                yield p, (Statement(thing, pred, where=(who,)),)
            for p, (pred, _) in self.objects(m, thing.kind):
                yield p, (Statement(thing, pred, where=(who,)),)
        for p, window in self.window(self.skip(comma, "only")):
            yield p, (Statement(thing, window.pred(), where=(who,)),)

    # --- things as subjects ------------------------------------------------------------------
    def _subject_core(self, i: int) -> Iterator[tuple[int, tuple[Statement, ...]]]:  # noqa: C901 - the alternatives of one grammar rule
        """Every X must …; no X may …; X is not allowed; X is required in Y."""
        for j, thing in self.things(i):
            j2 = j + 1 if self.is_punct(j, ",") and not thing.plain else j
            subject = replace(thing, none=False, how_many=())
            for k in self.says(j2, FORBIDDEN):
                for m in self.says(k, "without|with no"):
                    for n, (pred, _) in self.objects(m, subject.kind):
                        yield n, (Statement(subject, pred),)
                yield k, (self._forbids(thing),)
                for m, doc in self.bare(k):
                    if doc.plain and doc.kind.spec is None and self.entity not in ("pipeline", "template"):
                        yield m, (self._forbids(thing),)
            if thing.none:
                for k in self.says(j2, "may be run|may run|may be deploy|may be save|can be run|can run|may start|be run|may be execute"
                                       "|may happen|take place|may be start|may be change|may be create|happen|may take place"
                                       "|be allow to run|may be sync|may go out|go out"):  # fmt: skip
                    yield k, (Statement(subject, None),)
            if thing.plain and thing.kind.spec is None:
                k0 = self.skip(j2, "should|must|have to|shall|need to|will")
                for k in self.says(
                    k0, "block|reject|refuse|deny|forbid|stop|ban|disallow|keep out|turn down"
                ):
                    for m, inner in self.things(k):
                        if inner.kind.spec is not None and not inner.none:
                            yield m, (self._forbids(inner),)
            for k in self.says(j2, ALLOWED) if not thing.how_many else []:
                if thing.none:
                    yield k, (Statement(subject, None),)
                else:
                    yield from self._allowance(k, subject)
            if thing.how_many and thing.how_many[0][0] in ("at_most", "less_than"):
                for k in self.says(j2, "be allow|be ok|be fine|be permit|be acceptable|may exist|per pipeline|be okay|be tolerate"
                                       "|can be|may be"):  # fmt: skip
                    yield k, (Statement(Things(self.kind("document")), has(thing, self.facts)),)
            if thing.how_many:
                for k in self.says(j2, "per|in each|in every|for each|for every|in one|in any one|in single|in any single"):
                    for m, holder in self.things(k):
                        if holder.kind.spec is not None:
                            yield m, (Statement(replace(holder, how_many=()), has(thing, self.facts)),)
                for k in [j2, *self.says(j2, "per change|per pipeline|per run|in one pipeline|in a pipeline|in one go|at most"
                                             "|at once|be allow|be require|be mandatory|be need")]:  # fmt: skip
                    yield k, (Statement(Things(self.kind("document")), has(thing, self.facts)),)
                continue
            yield from self._reversed_order(j2, subject, thing.none)
            yield from self._only_if(j2, subject)
            for k, demand in self._modal_vp(j2, subject, thing.none):
                yield k, (Statement(subject, negated(demand) if thing.none else demand),)
            yield from self._has_not(j2, subject)
            for k in self.says(j2, "be only allow|be allow only|be only permit|be permit only|be only possible|be only ok|may only happen"
                                   "|be only accept|may happen only|can only happen|be possible only|may only take place"
                                   "|be only fine|can happen only|be only to happen|should only happen|must only happen"):  # fmt: skip
                for m, demand in self._only_how(k, subject):
                    yield m, (Statement(subject, demand),)
            for k, who in self._done_by(j2):
                yield k, (Statement(subject, negated(who) if thing.none else who),)

    def _reversed_order(
        self, j: int, first: Things, none: bool
    ) -> Iterator[tuple[int, tuple[Statement, ...]]]:
        """X has to come before (each) Y: every Y must have an X before it."""
        if first.kind.element not in ("step", "stage") or none:
            return
        for k in self.says(j, "have to|must|should|need to|shall|be to|have"):
            for m in self.says(k, "run|come|be|happen|be finish|finish|take place|occur|stand|be run|be execute|be place|be do|be put"
                                  "|complete|be complete|pass|succeed|have run|have finish|sit"):  # fmt: skip
                for words, order in (("directly before|immediately before|right before|right in front of|directly in front of"
                                      "|immediately in front of", "directly_before"),
                                     ("before|in an earlier stage than|earlier than|in front of|ahead of|prior to|in earlier stage than",
                                      "before")):  # fmt: skip
                    for n in self.says(m, words):
                        for p, second in self._orderable(n):
                            p = self.skip(
                                p,
                                "be build and push|be push|be publish|be build|start|begin|be deploy|happen|run|be run",
                            )
                            way = "stage_before" if "stage" in words[:0] else order
                            yield p, (Statement(second, has(replace(first, order=way), self.facts)),)

    def _only_if(self, j: int, subject: Things) -> Iterator[tuple[int, tuple[Statement, ...]]]:
        """X may only do Y if Z; X may do Y only after Z: where it does Y, Z must hold."""
        modal = self.skip(j, MODALS)
        if modal == j:
            return
        first = self.skip(modal, "only be allow to|only be permit to|only|be only allow to")
        for k, (pred, via) in self.vp_with_things(self.skip(first, "be allow to|be permit to"), subject.kind):
            comma = k + 1 if self.is_punct(k, ",") else k
            words = "if|when|after|once|provided that|where|as long as" if first > modal else \
                "only if|only when|only after|only once|but only if|but only when|but only after"  # fmt: skip
            for m in self.says(comma, words):
                moved = replace(subject.narrowed(pred), via=via)
                for n, (demand, _) in self.condition(m, moved):
                    yield n, (Statement(moved, demand),)

    def _has_not(self, j: int, subject: Things) -> Iterator[tuple[int, tuple[Statement, ...]]]:
        """Must not read X unless X is …: the X are what the sentence is about."""
        for k in self.says(j, "must not|may not|can not|should not|must never|may never|shall not"):
            for m, (_, via) in self.vp_with_things(k, subject.kind):
                if len(via) == 1 and via[0].kind.spec is not None and not via[0].how_many and subject.plain:
                    yield m, (Statement(via[0], None),)

    def _forbids(self, thing: Things) -> Statement:
        if thing.none:  # "no timeout at all is a fail": the lack of it is what is forbidden
            return Statement(Things(self.kind("document")), has(replace(thing, none=False), self.facts))
        if thing.how_many or thing.role == "severity":
            return Statement(Things(self.kind("document")), negated(has(thing, self.facts)))
        return Statement(thing, None)

    def _allowance(self, k: int, subject: Things) -> Iterator[tuple[int, tuple[Statement, ...]]]:
        comma = k + 1 if self.is_punct(k, ",") else k
        for m in self.says(comma, "only if|only when|only after|only with|only where|if|provided that|when|as long as"
                                  "|only on condition that"):  # fmt: skip
            for p, (pred, _) in self.condition(m, subject):
                yield p, (Statement(subject, pred),)
            for p, (pred, _) in self.objects(m, subject.kind):
                yield p, (Statement(subject, pred),)
        for m in self.says(comma, "only|but only"):
            for p, window in self.window(m):
                yield p, (Statement(subject, window.pred()),)
            for q in [m, *self.says(m, "for|by")]:
                for p, who in self.who(q):
                    yield p, (Statement(subject, who),)
        yield k, (Statement(subject, None, permits=True),)

    def _done_by(self, j: int) -> Iterator[tuple[int, Pred]]:
        for k in self.says(
            j, "must be run by|must be save by|may be run by|may be save by|have to be run by"
        ):
            yield from self.who(k)

    @rule
    def _modal_vp(self, j: int, subject: Things, none: bool = False) -> Iterator[tuple[int, Pred]]:
        """[must] [not] [only] do something: the demand on the subject."""
        modal = self.skip(j, MODALS + "|to|not to")
        weak = modal > j and self.tokens[j].base in ("may", "can", "might", "could", "do") and modal == j + 1
        k = self.skip(modal, "always|all|each|in any case|definitely|at least|themselves")
        neg = self.skip(k, "not|never|under no circumstance|in no case")
        if neg > k:
            for m, pred in self._plain_vp(self.skip(neg, "ever|be allow to|be permit to"), subject):
                yield m, negated(pred)
        only = self.skip(k, "only|exclusively|solely")
        if only > k:
            yield from self._only_vp(only, subject)
        else:
            yield from self._only_inside(k, subject)
        if weak:  # "may cost 800": permission up to an amount is a bound
            for m, pred in self._up_to(k, subject):
                yield m, pred
            if self.tokens[j].base != "do" and not none and neg == k and only == k:
                for m, pred in self._plain_vp(k, subject):
                    if self.says(m, "only"):
                        yield m + 1, pred
                    if any(
                        t.base in ("only", "exclusively", "most", "maximum", "than") for t in self.tokens[k:m]
                    ):
                        yield m, pred
                return
        yield from self._plain_vp(k, subject)

    def _plain_vp(self, k: int, subject: Things) -> Iterator[tuple[int, Pred]]:
        for m in self.says(k, TRIVIAL):
            for n, window in self.window(m):
                yield n, window.pred()
        yield from self.vp(k, subject.kind)
        for words in (TRIVIAL,):
            for m in self.says(k, words):
                for n in self.says(m, "by"):
                    for p, who in self.who(n):
                        yield p, who
                for n in self.says(m, "if|when|after|with"):
                    for p, (pred, _) in self.condition(n, subject):
                        yield p, pred

    def _up_to(self, k: int, subject: Things) -> Iterator[tuple[int, Pred]]:
        from governance.authoring.reading.amounts import Comparison
        from governance.authoring.reading.values import _fits, compare

        for words, what in (
            ("cost", "cost"),
            ("run|take|run for|last", "timeout"),
            ("live|be valid|be valid for|live for", "lifetime"),
        ):
            for m in self.says(k, words):
                for prop in self._props_named(what, subject.kind):
                    for n, amount in self.amount(self.skip(m, "up to")):
                        bound = Comparison((("at_most", amount),))
                        if _fits(prop, bound):
                            yield (
                                self.skip(n, "altogether|in total|together|overall|each|at most"),
                                compare(prop, bound),
                            )
        for m in self.says(k, "have|contain|use"):
            for n, thing in self.things(m):
                plain_number = (
                    thing.how_many and thing.how_many[0][0] == "at_least" and next(iter(self.number(m)), None)
                )
                if thing.how_many and (thing.how_many[0][0] == "at_most" or plain_number):
                    limit = replace(thing, how_many=(("at_most", thing.how_many[0][1]),))
                    yield n, has(limit, self.facts)

    def _only_vp(self, k: int, subject: Things) -> Iterator[tuple[int, Pred]]:
        """may only [do something]: what is outside breaks it, what is missing does not."""
        be = self.skip(k, "be")
        for start in dict.fromkeys((k, be)):
            for m, sense in self.senses(start, "verb"):
                owner, spec = sense.payload
                if owner.name == subject.kind.name:
                    prop = self._grouped(owner, spec)
                    for n in dict.fromkeys((self._skip_field(m, spec, owner), m)):
                        url = self.token(n)
                        if url is not None and url.text.startswith("http"):
                            pattern = re.escape(url.text.rstrip("/"))
                            yield n + 1, only_among(prop, (f"^{pattern}(/|$)",), "matches")
                            continue
                        for p, found in self.literals(n, prop):
                            yield self._skip_noun_after(p, spec), only_among(prop, found)
        for m in self.says(k, "use|have|be of|contain|be from|carry|be|set"):
            for n, prop in self.value_of(m, subject.kind):
                for p, found in self.literals(self.skip(n, "be"), prop):
                    yield p, only_among(prop, found)
        if subject.kind.element == "stage":
            for m in self.says(
                k,
                "deploy to|target|go to|be deploy to|deploy into|deploy in|be for|run in|be make to|go into|reach",
            ):
                for n, envs in self.environments(m):
                    yield n, only_among(_environment_of(subject.kind), envs)
        yield from self._only_how(k, subject)
        for m, pred in self._complement(be, subject.kind) if be > k else []:
            yield m, pred

    def _only_how(self, k: int, subject: Things) -> Iterator[tuple[int, Pred]]:
        """may only be deployed on Mondays, by admins, if approved, with an approval."""
        ends = dict.fromkeys([*self.says(k, TRIVIAL), k])
        for m in ends:
            m = self.skip(m, "only|to production|to prod") if m > k else m
            for n, window in self.window(m):
                yield n, window.pred()
            for n in self.says(m, "by"):
                yield from self.who(n)
            for n in self.says(m, "if|when|after|once|where|provided that"):
                for p, (pred, _) in self.condition(n, subject):
                    yield p, pred
            for n in self.says(m, "with|through"):
                for p, (pred, _) in self.objects(n, subject.kind):
                    yield p, pred
            for n in self.says(m, "after"):
                yield from self._after_things(n, subject)
            for n in self.says(m, "in|inside|within"):
                for p, parent in self.things(n):
                    belongs = self._belongs(subject.kind, parent)
                    if (belongs is not None and not parent.plain) or (
                        parent.kind.element == "stage" and belongs is not None
                    ):
                        yield p, belongs

    def _after_things(self, n: int, subject: Things) -> Iterator[tuple[int, Pred]]:
        """... only after a plan step in the same stage and an approval by X."""
        for j, thing in self._one(n):
            if thing.kind.element not in ("step", "stage") or thing.none:
                continue
            same = self.skip(j, "in same stage|within same stage|of same stage")
            order = "before+same_stage" if same > j else "before"
            placed = thing if thing.role in ("approval", "scan") else replace(thing, order=order)
            pred = has(placed, self.facts)
            k = same + 1 if self.is_punct(same, ",") else same
            for m in self.says(k, "and|and after"):
                for p, rest in self._after_things(m, subject):
                    yield p, both(pred, rest)
            yield same, pred

    def _only_inside(self, k: int, subject: Things) -> Iterator[tuple[int, Pred]]:
        """run only on Mondays; be deployed only by X; use only Y."""
        for m in self.says(k, TRIVIAL + "|use|be|come|list|deploy"):
            for n in self.says(m, "only|exclusively"):
                yield from self._only_how(n, subject)
                if self.tokens[m - 1].base == "use":
                    for p, prop in self.value_of(n, subject.kind):
                        for q, found in self.literals(p, prop):
                            yield q, only_among(prop, found)

    # --- values as subjects ------------------------------------------------------------------
    def _value_core(self, i: int) -> Iterator[tuple[int, tuple[Statement, ...]]]:
        """The timeout of X must …; X names must …; X's url …; the total cost may not …"""
        for j, thing, prop, none in self._value_subject(i):
            for k, pred in self._modal_about(j, prop):
                yield k, (Statement(thing, negated(pred) if none else pred),)
            for k in self.says(j, "be mandatory|be require|be compulsory|be need|must be set|must be give|have to be set|be a must"
                                  "|be obligatory|have to be present|must be present|be necessary|need to be set"):  # fmt: skip
                yield (
                    k,
                    (
                        Statement(
                            thing,
                            tested(prop, "is", (True,)) if prop.type == "flag" else tested(prop, "present"),
                        ),
                    ),
                )
            for k in self.says(j, FORBIDDEN):
                pred = tested(prop, "is", (True,)) if prop.type == "flag" else tested(prop, "present")
                yield k, (Statement(thing, pred if none else negated(pred)),)
        for kind in self._all_kinds():  # anonymous authentication is not allowed
            for j, (pred, _) in self._value_first(i, kind):
                for k in self.says(j, FORBIDDEN):
                    yield k, (Statement(Things(kind), negated(pred)),)

    def _value_subject(self, i: int) -> Iterator[tuple[int, Things, Prop, bool]]:  # noqa: C901 - the alternatives of one grammar rule
        j0 = self.skip(i, "no")
        start = self.skip_all(j0, "every|each|all|any")
        for j, thing in self.bare(start):  # "pipeline names", "the step's timeout"
            k = j + 1 if self.token(j) and self.tokens[j].text == "'s" else j
            for m, prop in self.value_of(k, thing.kind):
                for n, prop2, thing2 in self._value_detail(m, prop, thing):
                    yield n, thing2, prop2, j0 > i
            for m, (props, _) in self.map_entries(k, thing.kind):
                if len(props) == 1:
                    yield m, thing, props[0], j0 > i
        if self.topic is not None:
            for m, (props, _) in self.map_entries(start, self.topic.kind):
                if len(props) == 1:
                    yield m, self.topic, props[0], j0 > i
            for m, prop in self.value_of(start, self.topic.kind):
                yield m, self.topic, prop, j0 > i
        for kind in self._all_kinds():  # "the timeout of a step"
            for j, prop in self.value_of(start, kind):
                for k in self.says(j, "of|on|in|for|at|from|inside"):
                    for m, thing in self.things(k):
                        if thing.kind.name == kind.name:
                            yield m, thing, prop, j0 > i
                        elif kind.spec is not None and thing.kind.spec is None and self._belongs(kind, thing):
                            pred = self._belongs(kind, thing)
                            own = Things(kind) if thing.plain or pred is None else Things(kind).narrowed(pred)
                            yield m, own, prop, j0 > i
                said = prop.spec.path if prop.spec else ""
                if kind.name == "all_steps" and not said.startswith("spec.resources"):
                    continue
                if kind.spec is None or self._only_home(kind):
                    yield j, Things(kind), prop, j0 > i

    def _value_detail(self, m: int, prop: Prop, thing: Things) -> Iterator[tuple[int, Prop, Things]]:
        yield m, prop, thing
        for k in self.says(m, "of|in|for|on"):
            for n, parent in self.things(k):
                pred = self._belongs(thing.kind, parent)
                if pred is not None:
                    yield n, prop, thing if parent.plain else thing.narrowed(pred)

    def _only_home(self, kind: Kind) -> bool:
        if self.entity == "pipeline" and kind.name == "all_steps":
            return True
        return self.entity in ("sbom", "firewall", "securityTests") and kind.name in (
            "packages",
            "cves",
            "scan_outputs",
        )

    def _all_kinds(self) -> list[Kind]:
        from governance.authoring.reading.lexicon import _kinds

        return list(_kinds(self.kind("document").entity))

    @rule
    def _modal_about(self, j: int, prop: Prop) -> Iterator[tuple[int, Pred]]:
        if self.is_punct(j, ":"):
            yield from self.about(j + 1, prop)
        modal = self.skip(j, MODALS)
        k = self.skip(modal, "always|all|in any case|each")
        neg = self.skip(k, "not|never")
        if neg > k:
            for m, pred in self.about(self.skip(neg, "be allow to"), prop):
                yield m, negated(pred)
        only = self.skip(k, "only|exclusively")
        if only > k:
            for n in dict.fromkeys(
                (self.skip(only, "be|use|point to|refer to|come from|take value|have|be set to|target"), only)
            ):
                for m, found in self.literals(n, prop):
                    yield m, only_among(prop, found)
            for m, pred in self.about(only, prop):
                yield m, pred
        yield from self.about(k, prop)
        if modal == j:
            for k2, comparison in self.comparison(j):
                from governance.authoring.reading.values import _fits, compare

                if _fits(prop, comparison):
                    yield k2, compare(prop, comparison)

    # --- only ---------------------------------------------------------------------------------
    def _only_core(self, i: int) -> Iterator[tuple[int, tuple[Statement, ...]]]:  # noqa: C901 - the alternatives of one grammar rule
        """Only MIT packages are allowed; only allow connectors of type …; only push to …"""
        for j in self.says(
            i,
            "only allow|allow only|only permit|permit only|only accept|accept only|only|nothing but|use only|only use|we only use|we only want",
        ):
            j = self.skip(j, "allow|permit|accept|use")
            ends = "be allow|be permit|be ok|be okay|be fine|may be use|can be use|be accept|be acceptable|should be allow" \
                   "|may exist|be use|should be use|can exist|may be create|shall be use|be to be use|may be save" \
                   "|must be use|may ship|can ship|should exist|be good|be legal|be valid|allow|may come in|may be in it"  # fmt: skip
            if self.entity in ("sbom", "firewall"):
                yield from self._only_licences(j, ends)
            for k, thing in self.things(j):
                for m in self.says(
                    k,
                    "may contain|may have|can contain|can have|may use|can use|should contain|may include|may hold|may run",
                ):
                    for n, inner in self.things(m):
                        pred = self._belongs(inner.kind, thing)
                        if (
                            pred is not None
                            and inner.kind.element == "step"
                            and thing.kind.element == "stage"
                        ):
                            yield n, (Statement(inner, pred),)
                if thing.only:
                    subject = Things(thing.kind, thing.base, words=thing.words)
                    demand = both(*thing.only)
                    for m in [*self.says(k, ends), k]:
                        yield m, (Statement(subject, demand),)
            for kind in self._all_kinds():
                for k, prop in self.field(j, kind):
                    for m, found in self.literals(k, prop):
                        for n in [*self.says(m, ends), m]:
                            yield n, (Statement(Things(kind), only_among(prop, found)),)
                            for p in self.says(n, "for|in|on"):
                                for q, thing in self.things(p):
                                    if thing.kind.name == kind.name:
                                        yield q, (Statement(thing, only_among(prop, found)),)

    def _only_licences(self, j: int, ends: str) -> Iterator[tuple[int, tuple[Statement, ...]]]:
        """Only MIT and Apache-2.0 (packages) are allowed: each licence has to be one of them."""
        from governance.authoring.reading.props import prop_of

        package = self.kind("packages")
        spec = next(f for f in package.fields if f.label == "licences")
        for k, found in self.licences(
            self.skip(j, "licence|package under|package with licence|package licence under")
        ):
            k = self.skip_all(k, "licence|license|package|dependency|library|component")
            for m in [*self.says(k, ends), k]:
                yield m, (Statement(Things(package), only_among(prop_of(package, spec), found)),)

    # --- needs ---------------------------------------------------------------------------------
    def _imperative(self, i: int) -> Iterator[tuple[int, tuple[Statement, ...]]]:
        """Require X for Y; there must be X; allow Y only if Z."""
        for j in self.says(i, "require|demand|insist on|ask for|there must be|there have to be|there should be|need|want|expect"
                              "|enforce|always have|always require|there need to be|mandate|we need|we want|must have|use|have"
                              "|always use|we require|we expect|it need|there be"):  # fmt: skip
            for k, thing in self.things(j):
                for m in self.says(k, "for|in|on|from|of|with|inside|per|within|at|before"):
                    order = "before" if self.tokens[m - 1].base == "before" else ""
                    for n, subject in self.things(m):
                        wanted = (
                            replace(thing, order=order)
                            if order and thing.role not in ("scan", "approval")
                            else thing
                        )
                        if wanted.kind.spec is not None:
                            yield n, (Statement(replace(subject, how_many=()), has(wanted, self.facts)),)
                if thing.kind.spec is not None:
                    yield k, (Statement(Things(self.kind("document")), has(thing, self.facts)),)
            for subject_kind in self._all_kinds():
                for k, (pred, _) in self.objects(j, subject_kind):
                    for m in self.says(k, "for|in|on|from|of|per|with|within"):
                        for n, subject in self.things(m):
                            if subject.kind.name == subject_kind.name:
                                yield n, (Statement(subject, pred),)
        for j in self.says(i, "allow|permit"):
            for k, thing in self.things(j):
                yield from (s for s in self._allowance(k, thing) if not s[1][0].permits)

    def _passive_need(self, i: int) -> Iterator[tuple[int, tuple[Statement, ...]]]:
        """X is required for Y; delegate selectors are mandatory for all stages."""
        i2 = self.skip_all(i, "use of|presence of|existence of")
        for kind in self._all_kinds():
            for j, (pred, _) in self.objects(i2, kind):
                for k in self.says(j, "be require|be mandatory|be compulsory|be need|must be set|be obligatory|must be present|be a must"
                                      "|have to be set|be necessary|must be there|must exist|have to be present|be require too"):  # fmt: skip
                    for m in self.says(k, "for|in|on|from|of|with|at"):
                        for n, thing in self.things(m):
                            if thing.kind.name == kind.name:
                                yield n, (Statement(thing, pred),)
        for j, wanted in self.things(i2):
            for k in self.says(j, "be require|be mandatory|be compulsory|be need|be obligatory|must be present|must exist|must be there"
                                  "|must run|have to run|must be run|have to be present|have to follow|must follow|must happen"
                                  "|have to be run"):  # fmt: skip
                for p, placed in self._placed(k, wanted):
                    for m in self.says(p, "for|in|on|with|at|before|prior to|ahead of"):
                        for n, thing in self.things(m):
                            order = (
                                "before"
                                if self.tokens[m - 1].base in ("before", "to", "of")
                                and self.tokens[m - 2].base != "for"
                                else ""
                            )
                            yield (
                                n,
                                (
                                    Statement(
                                        thing,
                                        has(
                                            replace(
                                                placed,
                                                order=placed.order
                                                or (order if wanted.role not in ("scan", "approval") else ""),
                                            ),
                                            self.facts,
                                        ),
                                    ),
                                ),
                            )
                    yield p, (Statement(Things(self.kind("document")), has(placed, self.facts)),)

    def _order_core(self, i: int) -> Iterator[tuple[int, tuple[Statement, ...]]]:
        """A SAST scan before anything goes to production; deploy to staging before prod."""
        i = self.skip(
            i,
            "we want|we need|want|need|require|there must be|always|have|do|run|always do|always run|there have to be",
        )
        for j, first in self._orderable(i):
            for words, order in (("directly before|right before|immediately before", "directly_before"),
                                 ("before|in front of|prior to|ahead of|precede|must precede|come before|have to come before", "before"),
                                 ("right after|directly after|immediately after", "directly_after"),
                                 ("after|follow|must follow|have to follow", "after")):  # fmt: skip
                for k in self.says(j, words):
                    for m, second in self._orderable(k):
                        if order == "before" and first.role in ("scan", "approval"):
                            yield m, (Statement(second, has(first, self.facts)),)
                        else:
                            yield m, (Statement(second, has(replace(first, order=order), self.facts)),)

    def _orderable(self, i: int) -> Iterator[tuple[int, Things]]:
        for j, thing in self.things(i):
            if thing.kind.element in ("stage", "step") and not thing.none:
                yield j, replace(thing, how_many=())
                for k in self.says(
                    j, "go to|be deploy to|reach|get to|run in|go into|be release to|go out to|hit|land in"
                ):
                    for m, placed in self._production_or_env(k, thing):
                        yield m, placed
        if self.entity == "pipeline":
            base = Things(self.kind("stages"), (_deployment,), role="deployment")
            for j in self.says(
                i,
                "deploy to|release to|go to|deploy|deploying to|we deploy to|ship to|you deploy to|roll out to",
            ):
                for m, placed in self._production_or_env(j, base):
                    yield m, placed

    def _topic_core(self, i: int) -> Iterator[tuple[int, tuple[Statement, ...]]]:
        """Sentences without a subject, about what was named before: "no static keys", "max 20"."""
        if self.topic is None:
            return
        subject = self.topic
        for j in self.says(i, "no|never|not|do not use|without"):
            for k, pred in self._complement(j, subject.kind):
                yield k, (Statement(subject, negated(pred)),)
            for k, (pred, _) in self._any_object(j, subject.kind):
                yield k, (Statement(subject, negated(pred)),)
        for k, (pred, _) in self.objects(i, subject.kind):
            yield (
                self.skip(
                    k,
                    "be require|require|be mandatory|mandatory|be need|need|necessary|be necessary|be a must",
                ),
                (Statement(subject, pred),),
            )
            for m in self.says(k, FORBIDDEN):
                yield m, (Statement(subject, negated(pred)),)
        for k, demand in self._modal_vp(self.skip(i, "it|they|these|this|those|that"), subject):
            yield k, (Statement(subject, demand),)


def _environment_of(kind: Kind) -> Prop:
    path = ("spec", "environment", "environmentRef")
    return Prop(kind, lambda at: r.Field(of=at.ref, path=path), "reference")


_deployment = stage_of_type("Deployment")


__all__ = ["NEVER", "Sentences", "all_of", "document_at", "either", "negate"]
