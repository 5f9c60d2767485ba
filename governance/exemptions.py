"""Kind exemption: ask for an exception to one policy, have somebody else grant it, take it back."""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone
from pydantic import Field

from governance import exempting, given_rights, kinds, locks, rbac
from governance.actor import Actor
from governance.errors import Conflict, Denied, Invalid, NotFound, Problem
from governance.fields import IDENTIFIER, Fields, read
from governance.kinds import Applied, Change, Kind, Prepared, Verb
from governance.models import Evaluation, EvaluationInput, Exemption, Policy, PolicyVersion, Scope, User

State = Exemption.State


class AskFields(Fields):
    """evaluation: the decision that objected; policy: "<scope path>/<identifier>"; path: of the violation.

    whole  the exemption is for the document as it stands, not for the part at `path`
    """

    evaluation: UUID
    policy: str = Field(min_length=3, max_length=600)
    path: str = Field(default="", max_length=500)
    whole: bool = False
    reason: str = Field(min_length=10, max_length=2000)
    until: date


class DecideFields(Fields):
    note: str = Field(default="", max_length=2000)


def _prepare_ask(change: Change, scope: Scope, actor: Actor) -> Prepared:
    wanted = read(AskFields, change)
    if not re.match(IDENTIFIER, change.identifier):
        raise Invalid([f"identifier {change.identifier!r}: letters, digits and _, not starting with a digit"])
    _refuse_term(wanted.until)
    evaluation = Evaluation.objects.filter(pk=wanted.evaluation, scope=scope).first()
    if evaluation is None:
        raise NotFound(f"no evaluation {wanted.evaluation} in {scope.path}")
    rbac.enter(actor, kinds.get(evaluation.kind).view, scope.path, kind=evaluation.kind,
               identifier=evaluation.identifier)  # fmt: skip
    detail = _objection(evaluation, wanted)
    policy = _policy(wanted.policy)
    _refuse_other_rule(policy, str(detail["digest"]))
    path = "" if wanted.whole else wanted.path
    digest = exempting.fragment_digest(_input(evaluation), path)
    if not digest:
        raise Invalid([Problem(f"nothing stands at {path!r} in what was decided on", path="path")])
    said = next((v["message"] for v in detail["violations"] if v.get("path", "") == wanted.path), "")
    row = Exemption(
        scope=scope, identifier=change.identifier, policy=policy, rule_sha256=detail["digest"],
        kind=evaluation.kind, target=evaluation.identifier, path=path, fragment_sha256=digest, message=said,
        reason=wanted.reason, until=wanted.until, evaluation=evaluation.pk, asked_by=actor.user,
    )  # fmt: skip
    return Prepared(document=as_document(row), extra=row)


def _refuse_term(until: date) -> None:
    today = exempting.today()
    if until < today:
        raise Invalid([Problem(f"{until} is over; an exemption ends today at the earliest", path="until")])
    if until > today + timedelta(days=exempting.LONGEST_DAYS):
        last = today + timedelta(days=exempting.LONGEST_DAYS)
        raise Invalid([Problem(f"an exemption lasts 90 days at most, until {last}", path="until")])


def _objection(evaluation: Evaluation, wanted: AskFields) -> Mapping[str, Any]:
    """The row of a decision in which the policy objected at this path."""
    for detail in evaluation.details:
        if f"{detail['policy_scope']}/{detail['policy']}" == wanted.policy:
            paths = [v.get("path", "") for v in detail["violations"]]
            if wanted.path in paths or (wanted.whole and paths):
                found: Mapping[str, Any] = detail
                return found
    where = f" at {wanted.path}" if wanted.path else ""
    raise Invalid([Problem(f"{wanted.policy} did not object{where} in that evaluation", path="policy")])


def _policy(reference: str) -> Policy:
    path, _, identifier = reference.rpartition("/")
    found = Policy.objects.filter(scope__path=path, identifier=identifier).select_related("scope").first()
    if found is None:
        raise NotFound(f"no policy {reference!r}")
    return found


def _refuse_other_rule(policy: Policy, rule_sha256: str) -> None:
    active = policy.versions.filter(state=PolicyVersion.State.ACTIVE).first()
    if active is None or active.content_sha256 != rule_sha256:
        raise Conflict(f"{policy.identifier} reads otherwise now than when it objected; try the save again")


def _input(evaluation: Evaluation) -> dict[str, Any]:
    kept = EvaluationInput.objects.filter(sha256=evaluation.input_sha256).first()
    if kept is None:
        raise Conflict("what was decided on is not kept any more; try the save again")
    found: dict[str, Any] = json.loads(zlib.decompress(bytes(kept.body)))
    return found


def as_document(row: Exemption) -> dict[str, Any]:
    """What policies about exemptions see."""
    today = exempting.today()
    return {
        "identifier": row.identifier,
        "scope": row.scope.path,
        "policy": f"{row.policy.scope.path}/{row.policy.identifier}",
        "kind": row.kind,
        "target": row.target,
        "path": row.path,
        "reason": row.reason,
        "until": row.until.isoformat(),
        "days": (row.until - today).days,
        "askedBy": row.asked_by.get_username(),
    }


def _ask(change: Change, scope: Scope, prepared: Prepared, actor: Actor) -> Applied:
    row: Exemption = prepared.extra
    if Exemption.objects.filter(scope=scope, identifier=change.identifier).exists():
        raise Conflict(f"there is an exemption {change.identifier!r} in {scope.path} already")
    row.save(force_insert=True)
    return _applied(row, "")


def _prepare_decide(change: Change, scope: Scope, actor: Actor) -> Prepared:
    """Granting takes the right where the policy lives: a project does not waive its account's rules."""
    wanted = read(DecideFields, change)
    row = _row(scope, change.identifier)
    if change.verb == "grant":
        rbac.enter(actor, "grant_exemption", row.policy.scope.path)
        _refuse_own(row, actor)
        _refuse_blocked(row, actor)
        _refuse_appointed(row, actor)
        _refuse_term(row.until)
        _refuse_other_rule(row.policy, row.rule_sha256)
    return Prepared(document=as_document(row), extra=wanted)


def _refuse_own(row: Exemption, actor: Actor) -> None:
    if row.asked_by_id == actor.user.pk:
        raise Denied(
            "You may not grant an exemption you asked for; somebody else who holds grant_exemption in"
            f" {row.policy.scope.path} must do it.",
            permission="grant_exemption",
            scope=row.policy.scope.path,
        )


def _refuse_appointed(row: Exemption, actor: Actor) -> None:
    """Whoever asks, or was stopped, does not choose who grants."""
    stopped = Evaluation.objects.filter(pk=row.evaluation).values("actor_name")
    people = User.objects.filter(username__in=stopped).values_list("pk", flat=True)
    by = [str(row.asked_by_id), *map(str, people)]
    decision = given_rights.Decision(
        f"exemption {row.identifier}", "grant_exemption", row.policy.scope, by=by, since=row.created_at
    )
    given_rights.refuse_given(actor, decision)


def _refuse_blocked(row: Exemption, actor: Actor) -> None:
    """Having somebody else ask does not make an exception from what stopped oneself another person's decision."""
    if Evaluation.objects.filter(pk=row.evaluation, actor_name=actor.user.get_username()).exists():
        raise Denied(
            "You may not grant an exemption from what stopped your own change; somebody else who holds"
            f" grant_exemption in {row.policy.scope.path} must do it.",
            permission="grant_exemption",
            scope=row.policy.scope.path,
        )


def _decide(change: Change, scope: Scope, prepared: Prepared, actor: Actor) -> Applied:
    row = _row(scope, change.identifier, lock=True)
    states = {
        "grant": ((State.ASKED,), State.GRANTED),
        "refuse": ((State.ASKED,), State.REFUSED),
        "revoke": ((State.ASKED, State.GRANTED), State.REVOKED),
    }
    allowed, state = states[change.verb]
    if row.state not in allowed:
        raise Conflict(f"{row.identifier} is {row.state} already")
    if change.verb == "grant":
        _refuse_appointed(row, actor)
    before = _text(row)
    row.state, row.decided_by, row.decided_at = state, actor.user, timezone.now()
    row.decision_note = prepared.extra.note
    row.save(update_fields=["state", "decided_by", "decided_at", "decision_note"])
    return _applied(row, before)


def _row(scope: Scope, identifier: str, *, lock: bool = False) -> Exemption:
    rows = Exemption.objects.filter(scope=scope, identifier=identifier)
    if lock:
        locks.update(rows)
    found = rows.select_related("policy__scope", "scope", "asked_by").first()
    if found is None:
        raise NotFound(f"no exemption {identifier!r} in {scope.path}")
    return found


def _applied(row: Exemption, before: str) -> Applied:
    data = {"policy": str(row.policy), "target": f"{row.kind} {row.target}", "until": row.until.isoformat()}
    return Applied(version="", before=before, after=_text(row), data={**data, "state": str(row.state)})


def _text(row: Exemption) -> str:
    return "\n".join([
        f"state: {row.state}",
        f"policy: {row.policy.scope.path}/{row.policy.identifier}",
        f"for: {row.kind} {row.target} {row.path}".rstrip(),
        f"until: {row.until}",
        f"reason: {row.reason}",
        *([f"note: {row.decision_note}"] if row.decision_note else []),
    ])  # fmt: skip


EXEMPTION = kinds.register(
    Kind(
        name="exemption",
        title="Exemption",
        plural="Exemptions",
        root="exemption",
        package="exemption",
        model=Exemption,
        verbs={
            "ask": Verb("ask_exemption", _ask, _prepare_ask, event="onsave"),
            "grant": Verb("grant_exemption", _decide, _prepare_decide, event="onsave"),
            "refuse": Verb("grant_exemption", _decide, _prepare_decide),
            "revoke": Verb("revoke_exemption", _decide, _prepare_decide),
        },
    )
)
