"""Search by name over what a person may see: the rows of the jump dialog."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from governance import access_query, policy_query
from governance.actor import Actor
from governance.models import Scope
from portal.web.build.template_links import template_url
from portal.web.shell import address
from templates_catalog import execution_query, query

MOST = 5


def groups(actor: Actor, scope: Scope | None, text: str) -> list[dict[str, Any]]:
    """[{"title", "rows": [{"title", "note", "icon", "url"}]}]; nothing for an empty text."""
    if not text.strip() or scope is None:
        return []
    account = scope.path.split("/")[0]
    go_to = [
        *_pipelines(actor, account, text),
        *_templates(actor, scope, text),
        *_entities(actor, scope, text),
    ]
    go_to += _policies(actor, scope, text)
    found = [{"title": "Go to", "rows": go_to}, {"title": "Runs", "rows": _runs(actor, account, text)}]
    found.append({"title": "Do", "rows": _verbs(actor, scope, text)})
    return [g for g in found if g["rows"]]


def _row(title: str, note: str, icon: str, url: str) -> dict[str, str]:
    return {"title": title, "note": note, "icon": icon, "url": url}


def _pipelines(actor: Actor, account: str, text: str) -> list[dict[str, str]]:
    rows = query.pipelines(actor, account, text=text, size=MOST).rows
    return [
        _row(
            p.name,
            f"pipeline · {p.scope.rpartition('/')[2]}",
            "pipe",
            reverse("pipeline", args=(p.scope.replace("/", "."), p.identifier)),
        )
        for p in rows
    ]


def _templates(actor: Actor, scope: Scope, text: str) -> list[dict[str, str]]:
    rows = query.templates(actor, scope.path, text=text, size=MOST).rows
    return [_row(t.name, f"template · {t.stable}", "tmpl", template_url(scope, t)) for t in rows]


def _entities(actor: Actor, scope: Scope, text: str) -> list[dict[str, str]]:
    found = []
    for kind in ("service", "environment", "connector"):
        for e in query.entities(actor, scope.path, kind, text=text, size=3).rows:
            url = reverse("entity", args=(e.scope.replace("/", "."), kind, e.identifier))
            found.append(_row(e.name, f"{kind} · {e.scope.rpartition('/')[2]}", "box", url))
    return found


def _policies(actor: Actor, scope: Scope, text: str) -> list[dict[str, str]]:
    rows = policy_query.policies(actor, scope, text=text, size=MOST).policies
    found = [
        _row(
            p.name,
            f"policy · {p.scope.rpartition('/')[2]}",
            "shut",
            address("policy", p.scope.replace("/", "."), p.identifier),
        )
        for p in rows
    ]
    return [r for r in found if r["url"]]


def _runs(actor: Actor, account: str, text: str) -> list[dict[str, str]]:
    name, _, number = text.strip().rpartition(" ")
    rows = execution_query.executions(
        actor, account, pipeline=name if number.isdigit() and name else text.strip(), size=3
    )
    return [
        _row(
            f"{r.pipeline}, run {r.number}",
            r.state,
            "play",
            reverse("execution", args=(r.scope.replace("/", "."), r.pipeline, r.number)),
        )
        for r in rows.executions
        if not number.isdigit() or not name or str(r.number) == number
    ]


def _verbs(actor: Actor, scope: Scope, text: str) -> list[dict[str, str]]:
    rows = [
        _row(
            f"Describe “{text}”",
            "a new pipeline",
            "pen",
            f"{reverse('describe_pipeline')}?{urlencode({'q': text, 'at': scope.dotted})}",
        )
    ]
    may_read = "view_audit" in access_query.permissions(actor, scope.path)
    if may_read and (trail := address("audit", scope.dotted)):
        rows.append(
            _row(f"Search the audit trail for “{text}”", "", "scroll", f"{trail}?{urlencode({'q': text})}")
        )
    return rows
