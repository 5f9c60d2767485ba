"""Rules about people: who may do what, who may not, nobody but."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from governance.authoring.reading.base import rule
from governance.authoring.reading.forbidding import Forbidding
from governance.authoring.reading.meaning import (
    STEPS,
    Pred,
    Statement,
    Things,
    both,
    negated,
)
from governance.authoring.reading.people import EVERYBODY_BUT, holds_role
from governance.authoring.reading.predicates import (
    deployment,
    environment_of,
    executor_blocked,
    literal_at,
    of_types,
    only_approvers,
)
from governance.authoring.reading.relations import approver_in, has
from governance.authoring.reading.sentence_words import ACTIONS, DONE, MODALS, NOBODY, NOT_ALLOWED_TO
from governance.authoring.reading.value_tests import only_among, tested
from governance.authoring.reading.verb_words import EXECUTOR
from governance.authoring.reading.verdicts import RESULTS

ALONE_MAY = (
    "be only one who may|be only one who can|be only one allow to|be only one that may|be only people who may|be only people who can|be only group that may"
    "|be only group who may|be only people allow to|be only group allow to|be only one to|alone may|alone can|and nobody else may|and no one else may|be only one permit to"
)


class PeopleRules(Forbidding):
    """Grammar of who may do what."""

    def _people_core(self, i: int) -> Iterator[tuple[int, tuple[Statement, ...]]]:  # noqa: C901 - the alternatives of one grammar rule
        """Contractors may not run X; only admins may save Y; users with role Z must not …"""
        for j in self.says(
            i,
            "nobody but|nobody except|no one but|no one except|none but|nobody other than|no one other than"
            "|nobody outside|nobody outside of|no one outside|no one outside of|nobody apart from|no one apart from|nobody besides",
        ):
            for k, who in self.who(j):
                for m in self.says(k, "may|can|should|must|be allow to|be permit to"):
                    for n, thing in self._action_on(m):
                        yield n, (Statement(thing, who),)
        yield from self._nobody_of(i)
        for words, only in (("only|just", True), ("", False)):
            starts = self.says(i, words) if words else [i]
            for j in starts:
                for k, who in self.only_who(j) if only else self.who(j):
                    for m in self.says(k, ALONE_MAY) if not only else []:
                        yield from ((n, (Statement(thing, who),)) for n, thing in self._action_on(m))
                    for m in self.says(k, NOT_ALLOWED_TO):
                        for n, thing in self._action_on(m):
                            yield n, (Statement(thing, negated(who)),)
                    for m in self.says(k, MODALS + "|be allow to|be permit to|be able to|get to"):
                        neg = self.skip(m, "not|never")
                        n0 = self.skip(neg, "be allow to|be permit to")
                        conditional = self.skip(n0, "only")
                        if conditional > n0 and not only:
                            yield from self._only_there(conditional, who)
                        if only and self.topic is not None:
                            topic = self.topic
                            yield from ((n, (Statement(topic, who),)) for n in self._acting(conditional))
                        for n, thing in self._action_on(conditional):
                            if only:
                                yield n, (Statement(thing, who),)
                            elif neg > m:
                                yield n, (Statement(thing, negated(who)),)
                            else:
                                yield from self._but_not(n, thing, who)
                                comma = n + 1 if self.is_punct(n, ",") else n
                                for p in self.says(
                                    comma,
                                    "nobody else|no one else|and nobody else|but nobody else|and no one else|but no one else",
                                ):
                                    yield p, (Statement(thing, who),)
                                yield from self._allowed_if(n, thing, who)
                        if neg > m and not only:
                            yield from self._trivially(n0, who)
        for j in self.says(
            self.skip(i, "we|i"),
            "only want|just want|only let|let only|want only|only allow|allow only|only permit|have only|only trust",
        ):
            for k, who in self.who(j):
                for m in self.says(k, "to|") or [k]:
                    for n, thing in self._action_on(m):
                        yield n, (Statement(thing, who),)
        for j in self.says(
            i,
            "everybody|everyone|anybody|anyone|all user|all people|everybody else|everyone else|anyone else",
        ):
            for k in self.says(j, "may|can|be allow to|be free to|be welcome to|be permit to"):
                for m, thing in self._action_on(k):
                    if not thing.plain:
                        yield m, (Statement(thing, None, permits=True),)
        if self.entity in ("pipeline", "template"):
            yield from self._executors(i)
        if self.entity == "pipeline":
            yield from self._frozen(i)
        for j in self.says(i, EVERYBODY_BUT):
            for k, who in self.who(j):
                for m in self.says(k, "may|can|be allow to|be free to|be permit to"):
                    for n, thing in self._action_on(m):
                        yield n, (Statement(thing, negated(who)),)
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
                for m in self.says(
                    k,
                    "must hold|must have|have to hold|have to have|need to hold|need|should hold|need to have|require",
                ):
                    for n, roles in self.roles(self.skip(m, "role of|role|one of role")):
                        yield n, (Statement(thing, holds_role(roles)),)
                for m, demand in self._modal_vp(k, thing):  # whoever saves X has to fill in its tags
                    if m > k and self.skip(k, MODALS) > k:
                        yield m, (Statement(thing, demand),)
        for j, thing in self.things(i):
            for k in self.says(j, "be reserve for|be reserve to|be limit to|be restrict to|be only for|be for|be allow only for"
                                  "|may only be save by|may only be run by|may only be create by|can only be save by"
                                  "|can only be run by|may only be change by|can only be change by|can only be create by"
                                  "|may only be edit by|can only be edit by|must be save by|must be run by|may only be start by"
                                  "|can only be start by|can only be execute by|may only be execute by|may only be deploy by"
                                  "|can only be deploy by|be only allow for|be only open to|be the privilege of"
                                  "|be only permit for|be exclusive to|may only be make by|can only be make by|may only be store by|may only be update by|may be save only by|may be run only by"):  # fmt: skip
                for m, who in self.only_who(self.skip(k, "only")):
                    yield m, (Statement(thing, who),)
        yield from self._done_by_only(i)
        if self.entity in ("pipeline", "template"):
            yield from self._approvers_need(i)
            yield from self._no_approvers(i)
            yield from self._approver_is(i)
            yield from self._only_approve(i)
        for j, thing in self._action_on(i):
            for k in self.says(j, "be for|be something for|be matter for|be job for"):
                for m, who in self.only_who(k):
                    for n in self.says(m, "only|alone|exclusively|and nobody else|and no one else"):
                        yield n, (Statement(thing, who),)
            for k in self.says(
                j,
                "be not for|be nothing for|be no job for|be off limit for|be taboo for|be forbid for|be not allow for",
            ):
                for m, who in self.who(k):
                    yield m, (Statement(thing, negated(who)),)
            for k in self.says(j, "be reserve for|be reserve to|be limit to|be restrict to|be only for|be only allow for|be the job of"
                                  "|be something only|be only ok for|be only fine for|be only possible for|be ok only for|be allow only for|be only open to|require|need|be up to|be a privilege of|be only permit for"):  # fmt: skip
                k = self.skip(k, "be in|be member of|membership in|membership of|be part of")
                for m, who in self.who(self.skip(k, "only|be|role")):
                    yield m, (Statement(thing, who),)

    def _but_not(self, n: int, thing: Things, who: Pred) -> Iterator[tuple[int, tuple[Statement, ...]]]:
        """Data Science may run pipelines, but not those that deploy to production."""
        comma = n + 1 if self.is_punct(n, ",") else n
        for m in self.says(comma, "but not|but never|except|apart from|but no|other than|except for"):
            same = self.skip(m, "those|these|one|any|any one")
            others = [(p, t) for p, t in self.post(same, Things(thing.kind)) if same > m and not t.plain]
            others += [(p, t) for p, t in self.things(m) if not t.plain]
            for p, other in others:
                yield p, (Statement(replace(other, none=False), negated(who)),)

    def _nobody_of(self, i: int) -> Iterator[tuple[int, tuple[Statement, ...]]]:
        """Neither contractors nor data scientists may X; no contractor may X; whoever outside G does X is stopped."""
        for j in self.says(i, "neither|no|none of"):
            for k, who in self.who(j):
                for m in self.says(k, MODALS + "|be allow to|be permit to|be able to|get to"):
                    for n, thing in self._action_on(m):
                        yield n, (Statement(thing, negated(who)),)
        for k, who in self.who(i):
            for m in self.says(k, "who|that"):
                for n, thing in self._action_on(m):
                    for p, _ in self.forbidden(n):
                        yield p, (Statement(thing, negated(who)),)

    def _acting(self, m: int) -> Iterator[int]:
        """(Only X may) edit, create or change them: what was named before is what they act on."""
        for j in self.says(m, ACTIONS):
            k = self.skip(j + 1 if self.is_punct(j, ",/") else j, "or|and|and/or")
            if k > j:
                yield from self._acting(k)
            end = self.skip(j, "it|them|these|those|this|one")
            if end >= self.size or self.is_punct(end, ".;,"):
                yield end

    def _only_there(self, j: int, who: Pred) -> Iterator[tuple[int, tuple[Statement, ...]]]:
        """Contractors may only deploy to dev and qa."""
        if self.entity != "pipeline":
            return
        for k in self.says(j, "deploy to|release to|deploy into|ship to|deploy in"):
            for m, envs in self.environments(k):
                stages = Things(self.kind("stages"), (deployment,), role="deployment")
                prop = environment_of(stages.kind)
                yield m, (Statement(stages, only_among(prop, envs), where=(who,)),)

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
        for m in self.says(i, "nothing|not anything|no change"):
            m = self.skip(self.skip(m, MODALS), "be allow to|be permit to|ever")
            for n in self.says(
                m,
                "be run|run|happen|be execute|take place|be deploy|be release|be ship|be roll out|be push|be promote|go|go live|go out|get deploy|be bring",
            ):
                for q in self.says(n, "to|into|in|on"):
                    for p, thing in self._production_or_env(q, stages):
                        yield p, (Statement(thing, None),)

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

    def _done(self, k: int) -> Iterator[int]:
        """Positions after what is done: be created, changed or deleted."""
        for m in self.says(k, DONE):
            yield m
            following = self.skip(m + 1 if self.is_punct(m, ",") else m, "or|and|and/or")
            for n in self.says(following, ACTIONS) if following > m else []:
                yield n
                yield from self._done_more(n)

    def _brought(self, m: int, thing: Things) -> Things:
        """Flags that are killed or archived: those that come to be so, not every flag that is saved."""
        wanted = {"kill": "KILLED", "archive": "ARCHIVED"}.get(self.tokens[m - 1].base)
        if self.entity != "featureFlag" or wanted is None or thing.kind.spec is not None:
            return thing
        return thing.narrowed(literal_at(("status",), (wanted,)))

    def _done_more(self, m: int) -> Iterator[int]:
        following = self.skip(m + 1 if self.is_punct(m, ",") else m, "or|and|and/or")
        for n in self.says(following, ACTIONS) if following > m else []:
            yield n
            yield from self._done_more(n)

    def _done_by_only(self, i: int) -> Iterator[tuple[int, tuple[Statement, ...]]]:
        """X may only be edited by G; X may be started by G and by nobody else; X must be run by G."""
        for j, thing in self.things(i):
            for k in self.says(j, MODALS):
                only = self.skip(k, "only|exclusively")
                for m in self._done(only):
                    thing = self._brought(m, thing)
                    m2 = self.skip(m, "only|exclusively")
                    for n in self.says(m2, "by"):
                        for p, who in self.who(self.skip(n, "only|somebody in|someone in|member of")):
                            comma = p + 1 if self.is_punct(p, ",(") else p
                            closed = self.says(comma, "only|exclusively|alone|and by nobody else|and nobody else|and by no one else|by nobody else"
                                                      "|and no one else|nobody else|no one else|and by no other|and not by anyone else")  # fmt: skip
                            for q in closed:
                                yield self._close(p, q), (Statement(thing, who),)
                            for q in self.says(
                                comma, "and never by|and not by|never by|but not by|but never by"
                            ):
                                for s, other in self.who(q):
                                    yield s, (Statement(thing, both(who, negated(other))),)
                            strong = self.tokens[j].base in ("must", "have", "should", "need", "shall")
                            if (
                                only > k
                                or m2 > m
                                or self.says(n, EVERYBODY_BUT)
                                or (strong and self.tokens[k - 1].base != "not")
                            ):
                                yield p, (Statement(thing, who),)

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

    def _nobody(self, i: int) -> Iterator[tuple[int, tuple[Statement, ...]]]:
        starts: list[int] = []
        for j in self.says(i, NOBODY):
            for k in self.says(
                j, "outside of|outside|not in|who be not in|who be not|except|but|other than|without|beside"
            ):
                for m, who in self.who(k):
                    for n, thing in self._action_on(self.skip(m, MODALS)):
                        yield n, (Statement(thing, who),)
            yield from self._none_of(j)
            starts.append(self.skip(j, MODALS))
        for j in self.says(i, "you|one|people|user|developer|engineer|team"):
            starts += self.says(
                j, "can not|may not|must not|should not|must never|may never|can never|shall not"
            )
        for k in starts:
            for m, thing in self._action_on(k):
                yield m, (Statement(thing, None),)
                for n in self.says(m, "unless|except|but|without|other than|besides"):
                    for p, who in self.who(self.skip(n, "be in|they be in|by|for")):
                        yield p, (Statement(thing, who),)
            for m, prop_test in self._object_action(k):
                yield m, (prop_test,)
            for m, (pred, via) in self.vp_with_things(k, self.kind("document")):
                yield m, (Statement(Things(self.kind("document"), via=via), negated(pred)),)

    def _none_of(self, j: int) -> Iterator[tuple[int, tuple[Statement, ...]]]:
        """(Nobody) in the group X may do it."""
        for k in self.says(j, "in|from|of|with|who be in|who belong to|within"):
            holders = self.who(k - 1) if self.tokens[k - 1].base == "with" else []
            for m, who in [*self.who(k), *holders]:
                for n, thing in self._action_on(self.skip(m, MODALS)):
                    yield n, (Statement(thing, negated(who)),)

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

    @rule
    def _action_on(self, i: int) -> Iterator[tuple[int, Things]]:
        """Run a pipeline that …; deploy to production; touch production."""
        if self.entity in RESULTS:
            for j in self.says(
                i, "go on|continue|proceed|go ahead|run it|apply it|run them|apply them|do it|do this|do so"
            ):
                yield j, Things(self.kind("document"))
        for j in self.says(i, ACTIONS):
            if self.tokens[j - 1].base == "approve" and self.entity in ("pipeline", "template"):
                continue  # what an approval step allows, not who acts
            k = self.skip(self.skip(j, "or|and"), ACTIONS)
            for start in {j, k}:
                for m, thing in self.things(start):
                    yield m, self._brought(start, thing)
                deploying = self.tokens[start - 1].base in ("deploy", "ship") and self.entity == "pipeline"
                what = Things(self.kind("stages"), (deployment,), role="deployment") if deploying else None
                for m in self.says(start, "anything|something|everything|whatever"):
                    yield from self.post(m, what or Things(self.kind("document")))
        if self.entity in ("pipeline", "template"):
            for j in self.says(i, "deploy|release|ship|roll out|run|deploy anything|do deploy|push|make change"
                                  "|run deployment|start deployment|be allow to deploy"):  # fmt: skip
                base = next((t for k, t in self._deployments(j - 1) if t.role == "deployment"), None)
                base = base or Things(self.kind("stages"), (deployment,), role="deployment")
                for k in self.says(j, "to|into|in|on"):
                    for m, thing in self._production_or_env(k, base):
                        yield m, thing
                yield j, Things(self.kind("stages"), (deployment,), role="deployment")
