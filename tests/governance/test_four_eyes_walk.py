"""A long random walk of people who write, copy, approve and activate: no active text lacks its second person."""

from __future__ import annotations

import random
from types import SimpleNamespace
from typing import Any

import pytest

from governance.admission import admit
from governance.errors import Refused
from governance.kinds import Change, text_digest
from governance.models import PolicyVersion, RoleBinding
from tests.people import by_hand

pytestmark = [pytest.mark.usefixtures("stub_gate"), pytest.mark.opa, pytest.mark.slow]

STEPS = 600
PEOPLE = ("ada", "dana", "eli", "pat")
TEXT = 'package pipeline\n\ndeny contains "{n}" if input.pipeline.n == {n}\n'
VERBS = ("save", "submit", "approve", "activate", "request_changes", "retire")
NEXT = {
    "draft": "submit",
    "in_review": "approve",
    "approved": "activate",
    "active": "save",
    "retired": "save",
}


@pytest.mark.parametrize("seed", [1, 2])
def test_no_active_text_lacks_the_yes_of_somebody_who_had_no_part_in_it(
    cast: SimpleNamespace, seed: int
) -> None:
    for name in PEOPLE[1:]:
        fields = {"role": "account_admin", "principal": f"user:{name}"}
        admit(Change("grant", "role_binding", "acme", f"walk_{name}", fields=fields), actor=by_hand(cast.ada))
    chance, done = random.Random(seed), 0
    wrote: dict[str, set[str]] = {}
    for _ in range(STEPS):
        who, name = chance.choice(PEOPLE), chance.choice("abcd")
        verb = _next(name) if chance.random() < 0.7 else chance.choice(VERBS)
        change = Change(verb, "policy", "acme", name, **_more(verb, name, chance))
        try:
            admit(change, actor=by_hand(getattr(cast, who)))
        except Refused:
            continue
        done += 1
        if verb == "save":
            wrote.setdefault(text_digest(change.source), set()).add(who)
        _check(wrote)
    assert done > STEPS / 10, "most of the walk was refused"
    assert PolicyVersion.objects.filter(activated_at__isnull=False).count() > 3
    assert RoleBinding.objects.filter(identifier__startswith="walk_").count() == 3


def _next(name: str) -> str:
    """What people would do with the newest version, so that the walk gets somewhere."""
    last = PolicyVersion.objects.filter(policy__identifier=name).order_by("-number").first()
    return NEXT[str(last.state)] if last else "save"


def _more(verb: str, name: str, chance: random.Random) -> dict[str, Any]:
    if verb == "save":
        # Often somebody else's text of before, as a paste or under another name.
        return {"source": TEXT.format(n=chance.randint(0, 120))}
    if verb == "request_changes":
        return {"fields": {"comment": "again"}}
    if verb in {"approve", "activate"} and chance.random() < 0.3:
        last = PolicyVersion.objects.filter(policy__identifier=name).count()
        return {"fields": {"version": chance.randint(1, max(1, last))}}
    return {}


def _check(wrote: dict[str, set[str]]) -> None:
    """By the test's own record of who wrote what, not by the product's."""
    for version in PolicyVersion.objects.filter(state="active").prefetch_related("approvals__user"):
        assert text_digest(version.rego) == version.content_sha256
        yes = {a.user.username for a in version.approvals.all() if a.content_sha256 == version.content_sha256}
        # Who wrote the same text only later was no author when it was approved.
        assert yes - wrote[version.content_sha256] or _written_later(version, yes)


def _written_later(version: PolicyVersion, yes: set[str]) -> bool:
    first = version.approvals.order_by("at").first()
    assert first is not None
    early = PolicyVersion.objects.filter(content_sha256=version.content_sha256, created_at__lte=first.at)
    return bool(yes - set(early.values_list("author__username", flat=True)))
