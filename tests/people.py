"""The cast: dana develops, pat drafts policies, eli reviews them, cora checks compliance, ada administers,
tess keeps templates, sam is a stranger."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from django.contrib.auth import get_user_model

from governance.actor import Actor, Channel
from governance.admission import admit
from governance.founding import found
from governance.kinds import Change

PROJECT = "acme/shop/payments"
ROLES = {
    "dana": ("developer", PROJECT),
    "omar": ("developer", PROJECT),
    "pat": ("policy_author", "acme"),
    "eli": ("policy_approver", "acme"),
    "cora": ("compliance_auditor", "acme"),
    "tess": ("template_author", "acme"),
}
PASSWORD = "correct horse battery staple"


def by_hand(user: object, channel: Channel = Channel.UI) -> Actor:
    return Actor(user, channel)


def move_in() -> SimpleNamespace:
    """An account, an organization, two projects and everybody in their roles, all through `admit`."""
    users = get_user_model()
    names = ["ada", *ROLES, "sam"]
    people = {n: users.objects.create(username=n, first_name=n.capitalize()) for n in names}
    for person in people.values():
        person.set_password(PASSWORD)
        person.save()
    ada = by_hand(people["ada"])
    found("acme", "Acme", admin=ada)
    make = [
        Change("save", "organization", "acme", "shop", fields={"name": "Shop"}),
        Change("save", "project", "acme/shop", "payments", fields={"name": "Payments"}),
        Change("save", "project", "acme/shop", "search", fields={"name": "Search"}),
        Change(
            "save",
            "user_group",
            "acme",
            "security_team",
            fields={"name": "Security Team", "members": ["eli"]},
        ),
    ]
    for name, (role, scope) in ROLES.items():
        fields = {"role": role, "principal": f"user:{name}"}
        make.append(Change("grant", "role_binding", scope, f"{name}_{role}", fields=fields))
    for change in make:
        admit(change, actor=ada)
    return SimpleNamespace(**people)


def weaken(cast: SimpleNamespace, verb: str, scope: str, identifier: str, **fields: Any) -> None:
    """A policy set made to bind less, as it takes two: pat asks, eli confirms."""
    asked = {"do": verb, "fields": fields}
    made = admit(
        Change("request", "policy_set", scope, identifier, fields=asked), actor=by_hand(cast.pat)
    ).data["request"]
    admit(
        Change("confirm", "policy_set", scope, identifier, fields={"request": made}), actor=by_hand(cast.eli)
    )
