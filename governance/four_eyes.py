"""Who may not decide about a policy because it is theirs, and whether somebody else said yes to it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Max, Min

from governance.actor import Actor
from governance.errors import Conflict, Denied
from governance.given_rights import Decision, appointed_by, refuse_given
from governance.models import PolicyVersion, Proposal, Scope, User


def touched_by(content_sha256: str, author: User | None, earlier: Iterable[str] = ()) -> list[str]:
    """Ids of everyone who wrote, edited or prompted this content, in this policy or under another name."""
    found = set(earlier)
    if author is not None:
        found.add(str(author.pk))
    same = PolicyVersion.objects.filter(content_sha256=content_sha256).values_list("touched_by", flat=True)
    for people in same:
        found.update(people)
    prompted = Proposal.objects.filter(kind="policy", content_sha256=content_sha256)
    found.update(str(pk) for pk in prompted.values_list("user", flat=True))
    return sorted(found)


def excluded(version: PolicyVersion) -> frozenset[str]:
    """Ids of the people who may neither approve nor activate this version, as known now."""
    return frozenset(touched_by(version.content_sha256, version.author, version.touched_by))


def refuse_own(version: PolicyVersion, actor: Actor, verb: str, scope: Scope) -> None:
    if str(actor.user.pk) not in excluded(version):
        return
    part = "wrote" if version.author_id == actor.user.pk else "wrote, edited or prompted a part of"
    raise Denied(
        f"You may not {verb} version {version.number} of {version.policy.identifier}: you {part} it."
        f" Somebody else who holds {verb}_policy in {scope.path} must do it.",
        permission=f"{verb}_policy",
        scope=scope.path,
    )


def began(version: PolicyVersion) -> datetime:
    """When work on a version began: the first draft since the last one in force, or the prompt it came from."""
    of_policy = PolicyVersion.objects.filter(policy=version.policy_id, number__lte=version.number)
    in_force = of_policy.filter(activated_at__isnull=False, number__lt=version.number)
    last = in_force.aggregate(last=Max("number"))["last"] or 0
    drafted = of_policy.filter(number__gt=last).aggregate(first=Min("created_at"))["first"]
    prompts = Proposal.objects.filter(
        kind="policy", scope=version.policy.scope_id, content_sha256=version.content_sha256
    )
    prompted = prompts.aggregate(first=Min("created_at"))["first"]
    times: list[datetime] = [version.created_at, *(at for at in (drafted, prompted) if at is not None)]
    return min(times)


def refuse_appointed(version: PolicyVersion, actor: Actor, verb: str, scope: Scope) -> None:
    """Whoever had a part in a text does not choose who says yes to it."""
    refuse_given(actor, decision_about(version, verb, scope))


def who_appointed(version: PolicyVersion, actor: Actor, verb: str, scope: Scope) -> dict[str, list[str]]:
    """For the trail: who had a part in it and gave, at whatever time before, the right this was decided by."""
    names = appointed_by(actor, decision_about(version, verb, scope))
    return {"right_given_by": names} if names else {}


def decision_about(version: PolicyVersion, verb: str, scope: Scope) -> Decision:
    """verb: approve or activate."""
    identifier = version.policy.identifier
    return Decision(
        f"version {version.number} of {identifier}", f"{verb}_policy", scope,
        by=excluded(version), since=began(version), of=("policy", identifier),
    )  # fmt: skip


def is_approved(version: PolicyVersion, *, besides: User | None = None) -> bool:
    """Whether somebody who is not excluded, and is still here, said yes to exactly these bytes.

    besides  whose own yes does not count
    """
    given = version.approvals.filter(
        withdrawn=False, content_sha256=version.content_sha256, user__is_active=True
    )
    out = excluded(version) | ({str(besides.pk)} if besides is not None else set())
    return any(str(pk) not in out for pk in given.values_list("user", flat=True))


def refuse_unapproved(version: PolicyVersion) -> None:
    if not is_approved(version):
        raise Conflict(
            f"version {version.number} of {version.policy.identifier} has no valid approval of its present"
            " text; somebody who had no part in it must approve it first"
        )


def refuse_alone_again(version: PolicyVersion, actor: Actor, scope: Scope) -> None:
    """What was replaced comes back by two people: by one who said yes to it then, and by another now."""
    if not is_approved(version, besides=actor.user):
        raise Denied(
            f"You may not bring version {version.number} of {version.policy.identifier} back alone: the yes it"
            f" has is yours. Somebody else who holds activate_policy in {scope.path} must do it.",
            permission="activate_policy",
            scope=scope.path,
        )
