"""Kind execution: cancel a run, answer a step that waits, decide about an interrupted one.

Runs begin as `pipeline.run`. Whoever may see a run may ask; who may decide depends on what is asked:
cancelling needs the right to run or to abort, an approval membership of a group that the step names.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from pydantic import Field

from audit import executions
from audit.executions import By, ExecutionView, NotAllowed, StepView, Unknown
from audit.runs import locked
from governance import given_rights, groups, kinds, rbac
from governance.actor import Actor
from governance.errors import Conflict, Denied, Invalid, NotFound
from governance.fields import Fields, read
from governance.kinds import Applied, Change, Kind, Prepared, Verb
from governance.models import Scope, UserGroup
from templates_catalog import wiring

VIEW = "view_execution"
STOPPING = ("abort_execution", "execute_pipeline")


class Answer(Fields):
    """step: path of the waiting step, "" = the only one; comment: kept with the decision."""

    step: str = ""
    comment: str = Field(default="", max_length=4000)


class Rejection(Answer):
    comment: str = Field(min_length=1, max_length=4000)


class Resolution(Fields):
    """What becomes of a run whose worker was lost in a step that must not repeat."""

    state: Literal["queued", "failed", "cancelled"]


@dataclass(frozen=True, slots=True)
class Asked:
    run: ExecutionView
    step: StepView | None = None
    comment: str = ""
    state: str = ""


def by(actor: Actor) -> By:
    """The actor as facts name them."""
    return By(
        actor_id=str(actor.user.pk),
        actor_name=actor.user.get_username(),
        channel=actor.channel.value,
        request_id=actor.request_id,
        ip=actor.ip,
    )


def _find(change: Change, scope: Scope) -> ExecutionView:
    run = executions.get(change.identifier)
    if run is None or run.scope != scope.path:
        raise NotFound(f"no run {change.identifier!r} in {scope.path}")
    return run


def may_stop(actor: Actor, scope: Scope) -> bool:
    """Whether the actor may cancel runs here: those who may start them may, and those who may abort."""
    return not rbac.permissions(actor, scope).isdisjoint(STOPPING)


def _prepare_stop(change: Change, scope: Scope, actor: Actor) -> Prepared:
    run = _find(change, scope)
    if not may_stop(actor, scope):
        raise Denied(
            f"You may not stop or resume runs in {scope.path}. It needs the permission {STOPPING[0]} or"
            f" {STOPPING[1]}; somebody who administers {scope.name} can grant it.",
            permission=STOPPING[0],
            scope=scope.path,
        )
    state = read(Resolution, change).state if change.verb == "resolve" else ""
    return Prepared(extra=Asked(run, state=state))


def _cancel(change: Change, scope: Scope, prepared: Prepared, actor: Actor) -> Applied:
    asked: Asked = prepared.extra
    try:
        after = executions.request_cancel(asked.run.id, by(actor))
    except NotAllowed as error:
        raise Conflict(str(error)) from error
    return _applied(asked.run, after.state)


def _resolve(change: Change, scope: Scope, prepared: Prepared, actor: Actor) -> Applied:
    asked: Asked = prepared.extra
    try:
        after = executions.resolve(asked.run.id, asked.state, by(actor))
    except NotAllowed as error:
        raise Conflict(str(error)) from error
    return _applied(asked.run, after.state)


def _applied(run: ExecutionView, state: str, **more: Any) -> Applied:
    data = {"execution": run.id, "pipeline": run.pipeline, "number": run.number, "state": state, **more}
    return Applied(version=run.version, data=data)


def _prepare_answer(change: Change, scope: Scope, actor: Actor) -> Prepared:
    run = _find(change, scope)
    wanted = read(Rejection if change.verb == "reject" else Answer, change)
    step = _waiting_step(run, wanted.step)
    if why := why_not_decide(actor, scope, run, step):
        raise Denied(why, permission="", scope=scope.path)
    return Prepared(extra=Asked(run, step, wanted.comment))


def _waiting_step(run: ExecutionView, path: str) -> StepView:
    waiting = [s for s in executions.steps(run.id) if s.status == "waiting" and path in ("", s.path)]
    if len(waiting) == 1:
        return waiting[0]
    if len(waiting) > 1:
        raise Invalid([f"step: several steps wait, name one of {', '.join(s.path for s in waiting)}"])
    what = f"step {path!r} of run" if path else "run"
    raise Conflict(f"{what} {run.pipeline} {run.number} does not wait for an answer (the run is {run.state})")


def why_not_decide(actor: Actor, scope: Scope, run: ExecutionView, step: StepView) -> str:
    """Why this person may not decide about a waiting step; "" when they may. Read anew at each decision."""
    asks = step.waits_for
    name = step.name or step.path
    if not actor.user.is_active:
        return "You are no longer active."
    if asks.get("disallow_requester") and str(actor.user.pk) == run.requested_by:
        return f"You started run {run.number} of {run.pipeline}, and {name} may not be decided by who did."
    if actor.user.email and actor.user.email.lower() in _lower(asks.get("disallowed_emails", ())):
        return f"{name} names you as somebody who may not decide about it."
    if any(d.get("actor_id") == str(actor.user.pk) for d in step.decisions):
        return f"You have already approved {name}; it needs {asks.get('minimum', 1)} people."
    asked = [str(group) for group in asks.get("groups", ())]
    found = [group.pk for each in asked if (group := groups.named(each, scope)) is not None]
    if not UserGroup.objects.filter(pk__in=found, group__user=actor.user).exists():
        return f"{name} is decided by members of {', '.join(asked)}, and you are in none of these groups."
    if asks.get("disallow_requester"):
        return _why_chosen(actor, scope, run, name, found)
    return ""


def _why_chosen(actor: Actor, scope: Scope, run: ExecutionView, name: str, found: list[UUID]) -> str:
    """Whoever may not decide does not choose who does."""
    mine = set(UserGroup.objects.filter(pk__in=found, group__user=actor.user).values_list("pk", flat=True))
    if mine - given_rights.let_in_by(
        actor.user, mine, scope=scope, by=run.requested_by, since=run.created_at
    ):
        return ""
    return (
        f"{run.requested_name} let you into the group after starting run {run.number} of {run.pipeline}, or let somebody"
        " else do so, and"
        f" {name} may not be decided by who did, nor by whom they choose."
    )


def _lower(emails: Iterable[Any]) -> set[str]:
    return {str(email).lower() for email in emails}


def _approve(change: Change, scope: Scope, prepared: Prepared, actor: Actor) -> Applied:
    asked: Asked = prepared.extra
    # Two people may approve at once; whose answer completes the count is judged on the locked row.
    step = _lock(asked)
    if any(d.get("actor_id") == str(actor.user.pk) for d in step.decisions):
        raise Conflict(f"you have already approved {step.name or step.path}")
    done = len(_approvals(step.decisions)) + 1 >= int(step.waits_for.get("minimum", 1))
    return _answer(asked, "approved", actor, done)


def _reject(change: Change, scope: Scope, prepared: Prepared, actor: Actor) -> Applied:
    asked: Asked = prepared.extra
    _lock(asked)
    return _answer(asked, "rejected", actor, done=True)


def _lock(asked: Asked) -> StepView:
    """The step as it stands, with the run's row held until this change is committed."""
    assert asked.step is not None  # noqa: S101  (prepared with one)
    locked(asked.run.id)
    for row in executions.steps(asked.run.id):
        if row.path == asked.step.path:
            return row
    raise Conflict(f"{asked.step.path} is no longer a step of this run")


def _approvals(decisions: Iterable[Mapping[str, Any]]) -> set[str]:
    return {str(d.get("actor_id")) for d in decisions if d.get("status") == "approved"}


def _answer(asked: Asked, status: str, actor: Actor, done: bool) -> Applied:
    assert asked.step is not None  # noqa: S101  (prepared with one)
    try:
        executions.answer(
            asked.run.id, asked.step.path, status=status, by=by(actor), comment=asked.comment, done=done
        )
    except (NotAllowed, Unknown) as error:
        raise Conflict(str(error)) from error
    run = executions.get(asked.run.id)
    said = {"step": asked.step.path, "decided": done}
    if asked.comment:
        said["reason"] = asked.comment
    return _applied(asked.run, run.state if run else "", **said)


def _wake(change: Change, applied: Applied) -> None:
    if applied.data.get("state") == "queued":
        wiring.wake_execution(str(applied.data["execution"]))


EXECUTION = kinds.register(
    Kind(
        name="execution",
        title="Execution",
        plural="Executions",
        verbs={
            "cancel": Verb(VIEW, _cancel, _prepare_stop),
            "approve": Verb(VIEW, _approve, _prepare_answer, react=_wake),
            "reject": Verb(VIEW, _reject, _prepare_answer, react=_wake),
            "resolve": Verb(VIEW, _resolve, _prepare_stop, react=_wake),
        },
    )
)
