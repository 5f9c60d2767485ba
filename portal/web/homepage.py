"""What the home page is made of: what needs me, what happened lately, what the gate said this week."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone

from audit import query as trail
from audit.filters import Filters
from governance import access_query, evaluation_query, policy_query, proposals
from governance.actor import Actor
from governance.models import Scope
from portal.web.shell import address
from templates_catalog import execution_query

LOOK_BACK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Need:
    """One thing that waits for this person. rank: smaller is more urgent."""

    rank: int
    title: str
    meta: str
    url: str
    action: str
    icon: str
    tone: str


def needs(actor: Actor) -> list[Need]:
    found = [*_approvals(actor)[:6], *_reviews(actor), *_blocked(actor), *_drafts(actor), *_running(actor)]
    return sorted(found, key=lambda n: n.rank)[:12]


def _approvals(actor: Actor) -> list[Need]:
    rows = [(run, waits) for run, waits in execution_query.waiting(actor) if waits.may_decide]
    return [
        Need(
            0,
            f"{waits.name}: {run.pipeline}, run {run.number}",
            f"{access_query.display_name(run.requested_name)} started it · {_spaced(run.scope)}",
            reverse("execution", args=(_dotted(run.scope), run.pipeline, run.number)),
            "Look and decide",
            "hand",
            "running",
        )
        for run, waits in rows
    ]


def _reviews(actor: Actor) -> list[Need]:
    found = []
    for item in policy_query.review_queue(actor, size=8):
        policy, version = item.policy, item.version
        url = address("policy_review", _dotted(policy.scope), policy.identifier, version.number) or address(
            "policy", _dotted(policy.scope), policy.identifier
        )
        verb = "Review" if item.waits_for == "approve" else "Activate"
        found.append(
            Need(
                1,
                f"{verb} policy: {policy.name}, version {version.number}",
                version.author_name,
                url,
                verb,
                "eye",
                "brand",
            )
        )
    return [n for n in found if n.url]


def _blocked(actor: Actor) -> list[Need]:
    """Pipelines whose newest save this person made and a policy stopped."""
    page = evaluation_query.evaluations(actor, kind="pipeline", event="onsave", size=60)
    seen: set[tuple[str, str]] = set()
    found = []
    for said in page.evaluations:
        key = (said.scope, said.identifier)
        if key in seen or said.at < timezone.now() - LOOK_BACK:
            continue
        seen.add(key)
        if said.status == "error" and said.actor_name == actor.user.get_username():
            blocks = f"{said.errors} {'policy blocks' if said.errors == 1 else 'policies block'} it"
            url = address("evaluation", _dotted(said.scope), said.id) or reverse(
                "pipelines", args=(_dotted(said.scope),)
            )
            found.append(
                Need(
                    2, f"Your save was blocked: {said.identifier}", blocks, url, "See why", "shut", "blocked"
                )
            )
    return found[:4]


def _drafts(actor: Actor) -> list[Need]:
    found = []
    for kept in proposals.waiting(actor, 6):
        if kept.kind == "pipeline":
            url = f"{reverse('pipeline_new', args=(_dotted(kept.scope),))}?proposal={kept.id}"
        else:
            url = address("describe_policy")
        if url:
            request = str(kept.ai.get("request", ""))[:120]
            found.append(
                Need(
                    3,
                    f"Drafted, not saved: {kept.identifier}",
                    f"“{request}”",
                    url,
                    "Look at it",
                    "pen",
                    "warning",
                )
            )
    return found[:3]


def _running(actor: Actor) -> list[Need]:
    page = execution_query.executions(
        actor, state="queued,leased,running,waiting,needs_decision", requested_by=str(actor.user.pk), size=4
    )
    words = {
        "waiting": "waits for an approval",
        "needs_decision": "its worker was lost; decide what becomes of it",
    }
    return [
        Need(
            0 if run.state == "needs_decision" else 4,
            f"Your run: {run.pipeline}, run {run.number}",
            words.get(run.state, run.state),
            reverse("execution", args=(_dotted(run.scope), run.pipeline, run.number)),
            "Open",
            "run",
            "running",
        )
        for run in page.executions
    ]


@dataclass(frozen=True, slots=True)
class Lately:
    """One event as a sentence: who did what to which thing, with the way there."""

    at: Any
    who: str
    what: str
    thing: str
    url: str
    outcome: str
    ai: bool


def lately(actor: Actor, scope: Scope) -> list[Lately]:
    """The newest events here that people caused, for those who may read the trail; nothing for others."""
    if "view_audit" not in access_query.permissions(actor, scope.path):
        return []
    events = [e for e in trail.page(Filters(), [scope.path], size=60).events if e.channel != "system"][:8]
    names = access_query.display_names(e.actor_name for e in events)
    return [
        Lately(
            e.shown_at,
            names.get(e.actor_name, e.actor_name),
            ("tried: " if e.outcome != "admitted" else "") + e.sentence,
            _thing(e),
            _place(e),
            e.outcome,
            e.ai_generated,
        )
        for e in events
    ]


def _thing(event: Any) -> str:
    """A run is called by its pipeline and number, anything else by its identifier."""
    pipeline, number = event.data.get("pipeline"), event.data.get("number")
    if event.kind == "execution" and pipeline:
        return f"{pipeline}, run {number}"
    return str(event.identifier)


def _place(event: Any) -> str:
    pages = {"pipeline": "pipeline", "policy": "policy", "policy_set": "policy_set"}
    if event.kind in pages and event.scope and event.outcome == "admitted":
        return address(pages[event.kind], _dotted(event.scope), event.identifier)
    return ""


def runs_lately(actor: Actor, scope: Scope) -> list[Any]:
    return execution_query.executions(actor, scope.path, size=6).executions


def week(actor: Actor, scope: Scope) -> dict[str, Any] | None:
    """Bars of the gate's answers per day for an SVG of 300 × 92; None when nothing was asked."""
    days = evaluation_query.by_day(actor, scope)
    most = max((d.passed + d.blocked for d in days), default=0)
    if not most:
        return None
    bars = []
    for index, day in enumerate(days):
        passed, blocked = round(54 * day.passed / most), round(54 * day.blocked / most)
        blocked = max(blocked, 1) if day.blocked else 0
        bars.append(
            {
                "x": 6 + index * 43,
                "mid": 19 + index * 43,
                "passed": passed,
                "passed_y": 72 - passed,
                "blocked": blocked,
                "blocked_y": 72 - passed - blocked - 1,
                "name": f"{day.day:%a}",
                "last": index == len(days) - 1,
            }
        )
    return {"bars": bars, "passed": sum(d.passed for d in days), "blocked": sum(d.blocked for d in days)}


def _dotted(path: str) -> str:
    return path.replace("/", ".")


def _spaced(path: str) -> str:
    return path.replace("/", " / ")
