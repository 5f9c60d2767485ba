"""Rules about people: who may do what, who may not, nobody but."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from governance.authoring.reading.meaning.relations import has
from governance.authoring.reading.meaning.statements import Statement
from governance.authoring.reading.meaning.typed import Pred, Things, both, negated
from governance.authoring.reading.nouns.people import EVERYBODY_BUT, holds_role
from governance.authoring.reading.sentences.actions import Actions
from governance.authoring.reading.sentences.approver_rules import ApproverRules
from governance.authoring.reading.sentences.freezes import Freezes
from governance.authoring.reading.values.predicates import deployment, environment_of
from governance.authoring.reading.values.value_tests import only_among
from governance.authoring.reading.words.sentences import MODALS, NOBODY, NOT_ALLOWED_TO
from governance.authoring.reading.words.verbs import RESULTS

ALONE_MAY = (
    "be only one who may|be only one who can|be only one allow to|be only one that may|be only people who may|be only people who can|be only group that may"
    "|be only group who may|be only people allow to|be only group allow to|be only one to|alone may|alone can|and nobody else may|and no one else may|be only one permit to"
)


class PeopleRules(ApproverRules, Actions, Freezes):
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
                        n0 = self.skip(neg, "be allow to|be permit to|be able to")
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
                                if self.entity in RESULTS and self.tokens[k].base in (
                                    "have",
                                    "must",
                                    "need",
                                    "should",
                                ):
                                    yield n, (Statement(thing, who),)  # FinOps has to run every plan that ...
                        if neg == m and conditional == n0 and not only:
                            yield from self._only_there(
                                n0, who, "only|alone|exclusively|and nowhere else|nowhere else"
                            )
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
                acted_on = self._brought(k - 1, thing) if self.tokens[k - 1].base == "by" else thing
                if self._as_changes(k - 1, thing):
                    continue
                for m, who in self.only_who(self.skip(k, "only")):
                    yield m, (Statement(acted_on, who),)
        yield from self._done_by_only(i)
        if self.entity in ("pipeline", "template"):
            yield from self._needs_approval(i)
            yield from self._approvers_need(i)
            yield from self._no_approvers(i)
            yield from self._approver_is(i)
            yield from self._only_approve(i)
        for j, thing in self._action_on(i) if self._gerund(i) else []:
            yield from ((k, (Statement(thing, None),)) for k, _ in self.forbidden(j))
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

    def _needs_approval(self, i: int) -> Iterator[tuple[int, tuple[Statement, ...]]]:
        """Contractors need an approval by X for production, when they deploy to production."""
        base = Things(self.kind("stages"), (deployment,), role="deployment")
        for j, who in self.who(i):
            for k in self.says(
                j,
                "need|require|must have|have to have|must get|have to get|need to have|need to get|must obtain|must ask for",
            ):
                for m, approval in self._one(k):
                    if approval.role != "approval" or approval.none:
                        continue
                    ends = [t for n in self.says(m, "for|before|to|on") for t in self.things(n)]
                    for n in self.says(
                        m,
                        "when they deploy to|to deploy to|before they deploy to|if they deploy to|before deploying to|for deploying to|when deploying to|for deployment to|whenever they deploy to",
                    ):
                        ends += self._production_or_env(n, base)
                    for n, stage in ends:
                        if stage.kind.element == "stage" and not stage.none:
                            there = replace(stage, how_many=())
                            yield n, (Statement(there, has(approval, self.facts), where=(who,)),)

    def _gerund(self, i: int) -> bool:
        """Saving pipelines, the saving of pipelines: an action that is spoken of as a thing."""
        token = self.token(i)
        return token is not None and not token.quoted and token.text.lower().endswith("ing")

    def _but_not(self, n: int, thing: Things, who: Pred) -> Iterator[tuple[int, tuple[Statement, ...]]]:
        """Data Science may run pipelines, but not those that deploy to production."""
        comma = n + 1 if self.is_punct(n, ",") else n
        for m in self.says(comma, "but not|but never|except|apart from|but no|other than|except for"):
            same = self.skip(m, "those|these|one|any|any one")
            others = [(p, t) for p, t in self.post(same, Things(thing.kind)) if same > m and not t.plain]
            others += [(p, t) for p, t in self.things(m) if not t.plain]
            for p, other in others:
                yield p, (Statement(replace(other, none=False), negated(who)),)
        for m in self.says(comma, "but only|only|and only"):
            for q in self.says(m, "those|these|one"):
                for p, other in self.post(q, Things(thing.kind)):
                    if p > q and other.only:
                        yield p, (Statement(thing, both(*other.only), where=(who,)),)

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

    def _only_there(
        self, j: int, who: Pred, closing: str = ""
    ) -> Iterator[tuple[int, tuple[Statement, ...]]]:
        """Contractors may only deploy to dev and qa, may deploy to dev and qa only."""
        for n, thing in self._action_on(j) if not closing else []:
            if thing.only and not thing.none:  # may only run pipelines that don't deploy to production
                whole = replace(thing, only=(), via=(), plain=not thing.base)
                yield n, (Statement(whole, both(*thing.only), where=(who,)),)
        if self.entity != "pipeline":
            return
        for k in self.says(j, "deploy to|release to|deploy into|ship to|deploy in"):
            for m, envs in self.environments(k):
                stages = Things(self.kind("stages"), (deployment,), role="deployment")
                prop = environment_of(stages.kind)
                for p in self.says(m + 1 if self.is_punct(m, ",") else m, closing) if closing else [m]:
                    yield p, (Statement(stages, only_among(prop, envs), where=(who,)),)

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
