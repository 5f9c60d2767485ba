"""From a browser's request to the rules and back: who asks, where, and how an answer is shown."""

from __future__ import annotations

import functools
import secrets
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from audit.filters import FilterError
from governance import access_query, admission, rbac
from governance.actor import Actor, Channel
from governance.admission import Admitted
from governance.errors import Busy, Denied, Invalid, NotFound, Refused
from governance.kinds import Change
from governance.models import Scope
from portal import denials
from portal.clients import ip_of
from portal.statuses import STATUS
from portal.web import shell

View = Callable[..., HttpResponse]


def actor_of(request: HttpRequest) -> Actor:
    """The signed-in person at this door."""
    return Actor(
        user=request.user,
        channel=Channel.UI,
        request_id=request_id(request),
        ip=ip_of(request),
        session=(request.session.session_key or "")[:8],
    )


def request_id(request: HttpRequest) -> str:
    """One id per request, shown to people and kept on the trail."""
    found = getattr(request, "portcullis_id", "")
    if not found:
        found = f"req_{secrets.token_hex(8)}"
        request.portcullis_id = found  # type: ignore[attr-defined]
    return found


def one_time_key() -> str:
    """For a form's hidden field `key`: the same form sent twice is admitted once."""
    return str(uuid.uuid4())


def scope_at(actor: Actor, dotted: str) -> Scope:
    """The scope of an address, if the actor may know of it. Raises NotFound."""
    found = rbac.known_scopes(actor).filter(path=dotted.replace(".", "/")).first()
    if found is None:
        raise NotFound("no such scope, or you may not know of it")
    return found


def scope_for(request: HttpRequest, dotted: str, verb: str, kind: str, identifier: str) -> Scope:
    """The scope a form's change is meant for; an unknown one is refused by admission, so the try is on record."""
    actor = actor_of(request)
    try:
        return scope_at(actor, dotted)
    except NotFound:
        admission.admit(Change(verb, kind, dotted.replace(".", "/"), identifier), actor=actor)
        raise


def grants_url(actor: Actor, path: str, kind: str, identifier: str) -> str:
    """Where the grants on one object are seen; "" for those who may not see them."""
    if "view_object_grant" not in access_query.permissions(actor, path):
        return ""
    return reverse("object_grants", args=[path.replace("/", "."), kind, identifier])


def page(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any] | None = None,
    *,
    scope: Scope | None = None,
    section: str = "",
    status: int = 200,
) -> HttpResponse:
    """Render a page inside the shell. `scope` is None for pages that stand above scopes."""
    scope = scope or shell.last_scope(request, actor_of(request))
    if scope is not None:
        shell.remember(request, scope)
    around = shell.build(request, actor_of(request), scope, section)
    return render(request, template, {"shell": around, "scope": scope, **(context or {})}, status=status)


def door(view: View) -> View:
    """Wrap a view: signed-in people only; a refusal that a view lets through becomes its page."""

    @functools.wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return _sign_in(request)
        try:
            return view(request, *args, **kwargs)
        except Refused as refusal:
            return refused_page(request, refusal)
        except FilterError as error:
            return refused_page(request, Invalid([str(error)]))

    return guarded


def _sign_in(request: HttpRequest) -> HttpResponse:
    if getattr(request, "htmx", False):
        # The dialog of the page opens at this; what stood in the page stays.
        answer = HttpResponse(status=401)
        answer["HX-Reswap"] = "none"
        answer["HX-Trigger"] = "signed-out"
        return answer
    return redirect_to_login(request.get_full_path(), reverse("account_login"))


def refused_page(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """A refusal without a better place of its own. A denied look goes on the trail here."""
    if isinstance(refusal, Denied):
        denials.keep(refusal, actor_of(request), request.path)
    template = {"denied": "403.html", "not_found": "404.html"}.get(refusal.code, "web/refused.html")
    context = {"refusal": refusal, "request_id": request_id(request)}
    answer = page(request, template, context, status=STATUS.get(refusal.code, 422))
    if isinstance(refusal, Busy):
        answer["Retry-After"] = str(refusal.again_s)
    return answer


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a change: exactly one of the two."""

    admitted: Admitted | None
    refused: Refused | None

    @property
    def status(self) -> int:
        return 200 if self.refused is None else STATUS.get(self.refused.code, 422)


def try_admit(request: HttpRequest, change: Change) -> Outcome:
    """Send a change through admission; a refusal comes back as a value, so that the form can be kept."""
    try:
        return Outcome(admission.admit(change, actor=actor_of(request)), None)
    except Refused as refusal:
        return Outcome(None, refusal)


def admit_or_render(
    request: HttpRequest,
    change: Change,
    *,
    done: Callable[[Admitted], HttpResponse],
    again: Callable[[Outcome], HttpResponse],
) -> HttpResponse:
    """`done` answers an admitted change (usually a redirect), `again` shows the form with the refusal."""
    outcome = try_admit(request, change)
    return done(outcome.admitted) if outcome.admitted is not None else again(outcome)
