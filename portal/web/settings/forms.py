"""The end of every form of Settings: its page again, with what was refused on it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from governance.kinds import Change
from governance.models import Scope
from portal.web import doors, verdict


def shown(
    request: HttpRequest,
    template: str,
    context: dict[str, Any],
    scope: Scope,
    refused: doors.Outcome | None,
    change: Change | None,
    *,
    what: str,
    verb: str = "saved",
    section: str = "settings",
) -> HttpResponse:
    """The page; after a refusal with its verdict and status. what: "The role"; verb: past participle."""
    if refused is not None and refused.refused is not None and change is not None:
        context["verdict"] = verdict.of_refusal(
            refused.refused, change, what=what, who=request.user.display_name, verb=verb
        )
    status = refused.status if refused else 200
    return doors.page(request, template, context, scope=scope, section=section, status=status)
