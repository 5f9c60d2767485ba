"""From the form of a policy set to the fields of a change, and back."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, QueryDict

ENVIRONMENT_TYPES = (("Production", "production"), ("PreProduction", "pre-production"))
# As many steps as stand in the form: off to shadow, to warn, to enforce.
RAMP_ROWS = 3


def fields(request: HttpRequest) -> dict[str, Any]:
    post = request.POST
    chosen = post.getlist("policy")
    members = [{"policy": ref, "severity": post.get(f"severity:{ref}", "error")} for ref in chosen]
    given = {k: post.get(k, "") for k in ("name", "description", "entity", "event", "mode")}
    return {**given, "members": members, "selector": _selector(post), "ramp": _ramp(post)}


def _selector(post: QueryDict) -> dict[str, Any]:
    tags = {}
    for part in _listed(post.get("sel_tags", "")):
        name, _, value = part.partition("=")
        tags[name.strip()] = value.strip() or "*"
    return {
        "tags": tags,
        "templates": _listed(post.get("sel_templates", "")),
        "environment_types": post.getlist("sel_environment"),
    }


def _listed(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _ramp(post: QueryDict) -> list[dict[str, str]]:
    rows = zip(post.getlist("ramp_on"), post.getlist("ramp_mode"), strict=False)
    return [{"on": day, "mode": mode} for day, mode in rows if day]


def shown(selector: dict[str, Any], ramp: list[dict[str, str]]) -> dict[str, Any]:
    """What the inputs hold."""
    tags = selector.get("tags", {})
    rows = [*ramp, *({"on": "", "mode": "enforce"} for _ in range(RAMP_ROWS - len(ramp)))]
    return {
        "tags": ", ".join(f"{k}={v}" for k, v in tags.items()),
        "templates": ", ".join(selector.get("templates", [])),
        "environment_types": selector.get("environment_types", []),
        "ramp": rows,
    }
