"""People: groups and roles of the installation, and who acts."""

from __future__ import annotations

from collections.abc import Iterator

from governance.authoring import rule as r
from governance.authoring.reading.base import rule
from governance.authoring.reading.forward import Forward
from governance.authoring.reading.meaning.choices import fork_at
from governance.authoring.reading.meaning.typed import At, Pred, any_of, negated

GROUP_TAIL = "team|user group|group|member|people|team member|department|colleague"
MEMBERS = (
    "member of|people in|people from|people of|user in|user from|user of|those in|somebody from"
    "|someone from|anyone from|anybody from|person from|person in|somebody in|someone in|anyone in"
    "|everyone in|everybody in|people who be in|people who belong to|member from|folk from|staff from"
    "|people on|anybody in|user who be in|user who belong to|user that be in|somebody who be in"
    "|someone who be in|someone who belong to|anyone who be in|people that be in|developer in"
    "|staff of|employee of|the people from|user group|group|team|a member of|whoever be in"
    "|engineer from|engineer in|person who be in|person that be in|somebody that be in|people who work in"
)
# what says once that people belong to all that follows
BELONGING = frozenset(("of", "in", "from", "belong"))
HOLDERS = (
    "user with|people with|somebody with|someone with|anyone with|anybody with|user who have"
    "|people who have|somebody who have|someone who have|anyone who have|somebody who hold"
    "|someone who hold|people who hold|user who hold|anyone who hold|holder of|those with"
    "|person with|user that have|everyone with|everybody with|user hold|people hold|anyone hold"
    "|whoever hold|whoever have|user have|someone hold|somebody hold|person hold|everyone hold|everybody hold|anybody hold"
)

EVERYBODY_BUT = (
    "everyone except|everybody except|all user except|anyone except|all but|everyone but|everybody but|anyone but"
    "|all people except|everyone other than|anyone other than|everyone apart from|all other than|anybody but"
    "|anybody except|anybody other than|anyone apart from|everybody other than|everybody apart from"
)
LACKING = (
    "user who be neither in|people who be neither in|anyone who be neither in|somebody who be neither in|someone who be neither in"
    "|who be neither in|user neither in|people neither in|user in neither|people in neither|anyone in neither|user without|people without|anyone without|anybody without|somebody without|someone without|those without|everyone without"
    "|user who do not have|people who do not have|anyone who do not have|user who be not|people who be not|anyone who be not"
    "|user who be not in|people who be not in|anyone who be not in|anybody who be not in|anyone not in|user not in|people not in"
    "|anyone who be not member of|people who be not member of|people outside|people outside of|anyone outside|anyone outside of|anybody outside|anybody outside of|user outside of|user outside"
)


class People(Forward):
    """Grammar of groups, roles and actors."""

    @rule
    def group(self, i: int) -> Iterator[tuple[int, str]]:
        """One user group by its name or identifier."""
        i = self.skip_all(i, "user group|group|team|member of")
        if next(self.senses(i, "resource"), None) is not None:
            return  # a security group of Terraform is nobody
        for j, sense in self.senses(i, "group", names=True):
            yield self._group_tail(j), sense.payload

    def _group_tail(self, j: int) -> int:
        k = self.skip_all(j, GROUP_TAIL)
        if self.is_punct(k, "("):
            for m, _ in self.senses(self.skip(k + 1, "group|user group|team"), "group", names=True):
                m = self.skip(m, "group|team")
                if self.is_punct(m, ")"):
                    return m + 1
        return k

    @rule
    def groups(self, i: int) -> Iterator[tuple[int, tuple[str, ...]]]:
        """Groups in a list; any of them."""
        i = self.skip(i, "either|one of|any of")
        for j, first in self.group(i):
            k, out = j, [first]
            while True:
                m = k + 1 if self.is_punct(k, ",") else k
                m = self.skip(m, "or from|or by|or of|and by|or in|and in|nor in|nor|or|and|as well as")
                after = self.group(m) if m > k else []
                if not after:
                    break
                k = after[0][0]
                out.append(after[0][1])
                yield k, tuple(out)
            yield j, (first,)

    @rule
    def roles(self, i: int) -> Iterator[tuple[int, tuple[str, ...]]]:
        """Roles in a list; any of them."""
        i = self.skip_all(i, "role of|role")
        for j, sense in self.senses(i, "role", names=True):
            end = self._role_tail(j)
            out = [sense.payload]
            while True:
                m = end + 1 if self.is_punct(end, ",") else end
                m = self.skip(m, "or|and")
                m = self.skip_all(m, "role of|role") if m > end else m
                after = list(self.senses(m, "role", names=True)) if m > end else []
                if not after:
                    break
                end = self._role_tail(after[0][0])
                out.append(after[0][1].payload)
            yield end, tuple(out)

    def _role_tail(self, j: int) -> int:
        j = self.skip(j, "role|user|people|holder")
        if self.is_punct(j, "("):
            k = self.skip(j + 1, "role")
            for m, _ in self.senses(k, "role", names=True):
                m = self.skip(m, "role")
                if self.is_punct(m, ")"):
                    return m + 1
        return j

    @rule
    def who(self, i: int) -> Iterator[tuple[int, Pred]]:
        """Somebody who acts: a condition on the acting user."""
        i = self.skip(i, "either|any|all|anyone else than")
        for j, pred in self._who_one(i):
            yield from self._also(j, pred)
            preds, k = [pred], j
            while True:
                m = k + 1 if self.is_punct(k, ",") else k
                m = self.skip(m, "or|and|as well as|nor")
                after = self._who_one(m) if m > k else []
                if not after:
                    break
                k, nxt = after[0]
                preds.append(nxt)
            yield k, _any(tuple(preds))
            if k != j:
                yield j, pred

    def only_who(self, i: int) -> Iterator[tuple[int, Pred]]:
        """Only people in A and B: of either group, or of both."""
        for j, who in self.who(i):
            words = [t.base for t in self.tokens[i:j]]
            if words.count("and") != 1 or sum(w in BELONGING for w in words) != 1:
                yield j, who
                continue
            fork = fork_at(self.tokens, i, j, 'Does "{said}" mean people of either group, or only those who are in both?',
                           "People of either group", "Only people who are in both")  # fmt: skip
            yield j, fork.between(who, _in_both(who))

    @rule
    def _who_one(self, i: int) -> Iterator[tuple[int, Pred]]:
        k = self.skip(i, HOLDERS)
        for j, roles in self.roles(k):
            yield j, holds_role(roles)
        for k in self.says(i, LACKING):
            for j, roles in self.roles(k):
                yield j, negated(holds_role(roles))
            for j, groups in self.groups(self.skip(k, "member of|in")):
                yield j, negated(_in_group(groups))
        k = self.skip(i, MEMBERS)
        for j, groups in self.groups(k):
            yield j, _in_group(groups)
        for j, groups in self.groups(i):
            yield j, _in_group(groups)
        for k in self.says(i, EVERYBODY_BUT):
            for j, who in self.who(k):
                yield j, negated(who)
        yield from self._by_email(i)

    def _also(self, j: int, who: Pred) -> Iterator[tuple[int, Pred]]:
        """Contractors who are also in the platform team, QA leads who are not admins."""
        for words, wanted in (("who be also in|that be also in|who be also|who be in|that be in|who also belong to|who hold|who have|with", True),
                              ("who be not in|that be not in|who be not|who be not also in|who do not hold|who do not have|without", False)):  # fmt: skip
            for k in self.says(j, words):
                for m, more in self._who_one(k):
                    yield m, _both(who, more if wanted else negated(more))

    def _by_email(self, i: int) -> Iterator[tuple[int, Pred]]:
        """Users by the domain of their address."""
        j = self.skip(i, "user|people|anyone|anybody|somebody|someone|everyone|person|those|account")
        if j == i:
            return
        for k in self.says(j, "whose email address|whose email|with email address|with email|whose mail address"
                              "|whose address|whose mail|with mail address"):  # fmt: skip
            said = self.skip(k, "be|do|must|have")
            wrong = self.skip(said, "not")
            m = self.skip(wrong, "on domain|in domain|from domain|at domain|on|in|from|at|end with|be on|be in|be from"
                                 "|end in|under|belong to domain|belong to|end on")  # fmt: skip
            token = self.token(m)
            if token is None or m == wrong or "." not in token.text:
                continue
            domain = "@" + token.text.lstrip("@")
            yield m + 1, _email(domain, wrong > k)


def _any(preds: tuple[Pred, ...]) -> Pred:
    if len(preds) == 1:
        return preds[0]
    return lambda at: any_of([p(at) for p in preds])


def _both(one: Pred, other: Pred) -> Pred:
    return lambda at: r.All(of=(one(at), other(at)))


def holds_role(roles: tuple[str, ...]) -> Pred:
    return lambda at: r.UserHasRole(roles=roles)


def _in_both(who: Pred) -> Pred:
    def pred(at: At) -> r.Condition:
        found = who(at)
        groups = found.groups if isinstance(found, r.UserInGroup) else ()
        return r.All(of=tuple(r.UserInGroup(groups=(g,)) for g in groups)) if len(groups) > 1 else found

    return pred


def _in_group(groups: tuple[str, ...]) -> Pred:
    return lambda at: r.UserInGroup(groups=groups)


def _email(domain: str, outside: bool) -> Pred:
    test = r.Test(value=r.Field(of="metadata", path=("user", "email")), op="ends_with", to=(domain,))

    def pred(at: At) -> r.Condition:
        return r.Not(of=test) if outside else test

    return pred
