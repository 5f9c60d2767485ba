"""A long random walk of people who write, copy, prompt, rename, approve, activate, roll back, and change
groups, grants and doors meanwhile: no active text lacks its second person, and nobody who had a part in one chose them.

What a text says is not the subject: the checks of Rego are left out here, or the walk took an hour. Every
database walks, SQLite 6,000 steps and PostgreSQL, where each takes longer, 4,000; WALK_STEPS=20000 is the long walk.
"""

from __future__ import annotations

import os
import random
from types import SimpleNamespace
from typing import Any

import pytest

from governance import policy_checks, policy_reports
from governance.actor import Actor, Channel
from governance.admission import admit
from governance.errors import Refused
from governance.kinds import Change, text_digest
from governance.models import PolicyVersion, RoleBinding
from governance.proposals import propose
from tests.people import by_hand

pytestmark = [pytest.mark.usefixtures("stub_gate"), pytest.mark.opa, pytest.mark.slow]

SEEDS = (1, 2, 3, 4)
USUAL = "4000" if os.environ.get("DATABASE_URL", "").startswith("postgres") else "6000"
STEPS = int(os.environ.get("WALK_STEPS", USUAL)) // len(SEEDS)
PEOPLE = ("ada", "dana", "eli", "pat")
TEXT = 'package pipeline\n\ndeny contains "{n}" if input.pipeline.n == {n}\n'
VERBS = (
    "save",
    "submit",
    "approve",
    "activate",
    "request_changes",
    "retire",
    "rollback",
    "rename",
    "prompt",
    "regroup",
    "appoint",
    "dismiss",
)
NEXT = {
    "draft": "submit",
    "in_review": "approve",
    "approved": "activate",
    "active": "save",
    "retired": "save",
}


@pytest.fixture
def unchecked(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("refuse_bad_rego", "refuse_unmovable", "refuse_conflicts"):
        monkeypatch.setattr(policy_checks, name, lambda *_: None)
    monkeypatch.setattr(policy_reports, "refuse_costly", lambda *_: None)


@pytest.mark.parametrize("seed", SEEDS)
def test_no_active_text_lacks_the_yes_of_somebody_who_had_no_part_in_it(
    cast: SimpleNamespace, unchecked: None, seed: int
) -> None:
    walk = Walk(cast, random.Random(seed))
    walk.move_in()
    for _ in range(STEPS):
        walk.step()
    assert walk.done > STEPS / 10, "most of the walk was refused"
    assert walk.activated > STEPS / 100
    assert {"prompt", "rename", "regroup", "rollback", "appoint", "dismiss"} <= walk.verbs
    assert walk.appointed_in_time, "nobody ever decided by a right that was given before the work began"


class Walk:
    """wrote: who had a part in a text, by the test's own record, with the step in which they had it.

    members, grants  who is in the group and who has a grant of their own: by whom, and since which step
    saves            when each version of a policy was written
    """

    def __init__(self, cast: SimpleNamespace, chance: random.Random) -> None:
        self.cast, self.chance = cast, chance
        self.wrote: dict[str, dict[str, int]] = {}
        self.said_yes: dict[tuple[str, str], dict[str, int]] = {}
        self.members: dict[str, tuple[str, int]] = {}
        self.grants: dict[str, tuple[str, int]] = {}
        self.saves: dict[str, list[int]] = {}
        self.verbs: set[str] = set()
        self.appointed_in_time = 0
        self.done = self.activated = self.number = 0

    def move_in(self) -> None:
        """Everybody holds every right: dana and pat as members of a group, eli by a grant, ada as the founder."""
        for row in RoleBinding.objects.filter(user__username__in=("dana", "pat", "eli")):
            revoke = Change("revoke", "role_binding", row.scope.path, row.identifier)
            self._admit("ada", revoke)
        self._regroup("ada", ["dana", "pat"])
        held = {"role": "account_admin", "principal": "user_group:reviewers"}
        self._admit("ada", Change("grant", "role_binding", "acme", "walk_group", fields=held))
        self._appoint("ada", "eli")

    def step(self) -> None:
        self.number += 1
        who, name = self.chance.choice(PEOPLE), self.chance.choice("abcd")
        verb = self._next(name) if self.chance.random() < 0.7 else self.chance.choice(VERBS)
        try:
            self._do(verb, who, name)
        except Refused:
            return
        self.done += 1
        self.verbs.add(verb)
        self._check()

    def _do(self, verb: str, who: str, name: str) -> None:
        if verb == "regroup":
            self._regroup(who, self.chance.sample(["dana", "pat", "eli"], self.chance.randint(1, 3)))
        elif verb == "appoint":
            self._appoint(who, self.chance.choice(["dana", "pat", "eli"]))
        elif verb == "dismiss":
            self._dismiss(who, self.chance.choice(["dana", "pat", "eli"]))
        elif verb == "rename":
            last = _last(name)
            fields = {"name": f"Name {self.number}"}
            text = last.rego if last else self._text()
            self._save(who, Change("save", "policy", "acme", name, text, fields=fields))
        elif verb == "prompt":
            self._prompted(who, name)
        elif verb == "save":
            text = self._text()
            self._save(who, Change("save", "policy", "acme", name, text))
        else:
            self._decide(verb, who, name)

    def _prompted(self, who: str, name: str) -> None:
        """Somebody prompts, the same or another keeps what came of it."""
        text, keeper = self._text(), self.chance.choice(PEOPLE)
        made = propose(
            by_hand(getattr(self.cast, who)), kind="policy", scope="acme", identifier=name, content=text,
            request="a rule", mode="deterministic",
        )  # fmt: skip
        self._had_a_part(text, who)
        proposal = made.id if keeper == who else ""
        self._save(keeper, Change("save", "policy", "acme", name, text, proposal=proposal))

    def _save(self, who: str, change: Change) -> None:
        self._admit(who, change)
        self._had_a_part(change.source, who)
        self.saves.setdefault(change.identifier, []).append(self.number)

    def _regroup(self, who: str, members: list[str]) -> None:
        fields: dict[str, Any] = {"name": "Reviewers", "members": members}
        self._admit(who, Change("save", "user_group", "acme", "reviewers", fields=fields))
        self.members = {m: self.members.get(m, (who, self.number)) for m in members}

    def _appoint(self, who: str, whom: str) -> None:
        held = {"role": "account_admin", "principal": f"user:{whom}"}
        self._admit(who, Change("grant", "role_binding", "acme", f"walk_{whom}", fields=held))
        self.grants[whom] = (who, self.number)

    def _dismiss(self, who: str, whom: str) -> None:
        self._admit(who, Change("revoke", "role_binding", "acme", f"walk_{whom}"))
        del self.grants[whom]

    def _decide(self, verb: str, who: str, name: str) -> None:
        fields: dict[str, Any] = {"comment": "again"} if verb == "request_changes" else {}
        if verb in {"approve", "activate"} and self.chance.random() < 0.3:
            last = PolicyVersion.objects.filter(policy__identifier=name).count()
            fields = {"version": self.chance.randint(1, max(1, last))}
        if verb == "rollback":
            verb, fields = "activate", {"version": self._earlier(name)}
        before = _active(name)
        kept = self._admit(who, Change(verb, "policy", "acme", name, fields=fields))
        if verb == "approve":
            self._chosen_by_nobody(who, name, int(kept.version))
            version = PolicyVersion.objects.get(policy__identifier=name, number=kept.version)
            self.said_yes.setdefault((name, version.content_sha256), {})[who] = self.number
        if verb == "activate":
            self.activated += 1
            now = _active(name)
            if before and now and now.number < before.number:
                self.verbs.add("rollback")
            # Who activates must have had no part either.
            assert now is not None
            assert who not in self.wrote[now.content_sha256]
            self._chosen_by_nobody(who, name, now.number)

    def _chosen_by_nobody(self, who: str, name: str, number: int) -> None:
        """By the test's own record: nobody who had a part gave whoever decides their right meanwhile, nor enabled
        somebody to give it."""
        version = PolicyVersion.objects.get(policy__identifier=name, number=number)
        part = {*self.wrote[version.content_sha256], who}
        began = self._began(name, number)
        assert who in self._free(part, began), (name, number, who, self._ways(who))
        self.appointed_in_time += all(giver in part for giver, _ in self._ways(who))

    def _ways(self, who: str) -> list[tuple[str, int]]:
        """Each way in which somebody holds every right now: by whom, and since which step."""
        held = [given[who] for given in (self.members, self.grants) if who in given]
        return [*held, ("founding", 0)] if who == "ada" else held

    def _free(self, part: set[str], began: int) -> set[str]:
        free: set[str] = set()
        for _ in PEOPLE:
            givers = free - part
            free |= {p for p in PEOPLE for giver, step in self._ways(p) if step < began or giver in givers}
        return free

    def _began(self, name: str, number: int) -> int:
        """The step of the first save after the last version before it that was ever in force."""
        once = PolicyVersion.objects.filter(policy__identifier=name, activated_at__isnull=False)
        last = max([v.number for v in once if v.number < number], default=0)
        return self.saves[name][last]

    def _earlier(self, name: str) -> int:
        """A version that was in force once, if there is one."""
        once = PolicyVersion.objects.filter(policy__identifier=name, activated_at__isnull=False)
        return self.chance.choice([v.number for v in once] or [1])

    def _admit(self, who: str, change: Change) -> Any:
        """By hand or with a token, as it comes."""
        user = getattr(self.cast, who)
        if self.chance.random() < 0.3:
            return admit(change, actor=Actor(user=user, channel=Channel.API, session=f"token:{who}"))
        return admit(change, actor=by_hand(user))

    def _text(self) -> str:
        """Often somebody else's text of before, as a paste or under another name."""
        return TEXT.format(n=self.chance.randint(0, STEPS // 4))

    def _had_a_part(self, text: str, who: str) -> None:
        self.wrote.setdefault(text_digest(text), {}).setdefault(who, self.number)

    def _next(self, name: str) -> str:
        """What people would do with the newest version, so that the walk gets somewhere."""
        last = _last(name)
        return NEXT[str(last.state)] if last else "save"

    def _check(self) -> None:
        """By the test's own record of who wrote and who said yes when, not by the product's."""
        for version in PolicyVersion.objects.filter(state="active").select_related("policy"):
            assert text_digest(version.rego) == version.content_sha256
            yes = self.said_yes.get((version.policy.identifier, version.content_sha256), {})
            part = self.wrote[version.content_sha256]
            # Who wrote the same text only after saying yes had no part in it when it was approved.
            assert any(step < part.get(who, self.number + 1) for who, step in yes.items())


def _last(name: str) -> PolicyVersion | None:
    return PolicyVersion.objects.filter(policy__identifier=name).order_by("-number").first()


def _active(name: str) -> PolicyVersion | None:
    return PolicyVersion.objects.filter(policy__identifier=name, state="active").first()
