"""Pages that stand above scopes: home, search, theme and the pages of refusals."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from governance.models import Scope
from portal.web import doors, homepage, searching, shell


@doors.door
def home(request: HttpRequest) -> HttpResponse:
    """What waits for me, what happened lately, and a place to start something."""
    return _home(request, shell.last_scope(request, doors.actor_of(request)))


@doors.door
def scope_home(request: HttpRequest, dotted: str) -> HttpResponse:
    return _home(request, doors.scope_at(doors.actor_of(request), dotted))


def _home(request: HttpRequest, scope: Scope | None) -> HttpResponse:
    actor = doors.actor_of(request)
    if scope is None:
        return doors.page(request, "web/nothing_yet.html", section="home")
    context = {
        "needs": homepage.needs(actor),
        "events": homepage.lately(actor, scope),
        "runs": homepage.runs_lately(actor, scope),
        "week": homepage.week(actor, scope),
        "recent": request.session.get("recent", []),
    }
    return doors.page(request, "web/home.html", context, scope=scope, section="home")


@doors.door
def jump(request: HttpRequest) -> HttpResponse:
    """Search objects by name; the same address answers the dialog's script with the rows alone."""
    actor = doors.actor_of(request)
    text = request.GET.get("q", "")[:100]
    context: dict[str, Any] = {
        "q": text,
        "groups": searching.groups(actor, shell.last_scope(request, actor), text),
    }
    if getattr(request, "htmx", False):
        return render(request, "web/parts/_jump_rows.html", context)
    return doors.page(request, "web/jump.html", context)


@require_safe
@never_cache
def session(request: HttpRequest) -> HttpResponse:
    """Whether a page that stood open for long is still somebody's, and the token its forms need by now."""
    if not request.user.is_authenticated:
        return JsonResponse({}, status=401)
    return JsonResponse({"user": request.user.get_username(), "csrf": get_token(request)})


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Keep light or dark in a cookie. Changes nothing but this browser's look."""
    wanted = request.POST.get("to", "")
    back = request.POST.get("next", "/")
    safe = url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure())
    answer = HttpResponseRedirect(back if safe else reverse("home"))
    if wanted in {"light", "dark"}:
        answer.set_cookie("theme", wanted, 365 * 24 * 3600, samesite="Lax", secure=settings.HTTPS)
    return answer


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _bare_or_page(request, "404.html", 404)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _bare_or_page(request, "403.html", 403)


def broken(request: HttpRequest) -> HttpResponse:
    """The page of a fault of ours: needs no database, no session and no gate."""
    return render(request, "500.html", {"request_id": doors.request_id(request)}, status=500)


def _bare_or_page(request: HttpRequest, template: str, status: int) -> HttpResponse:
    context = {"request_id": doors.request_id(request)}
    if request.user.is_authenticated:
        return doors.page(request, template, context, status=status)
    return render(request, "web/bare_status.html", {**context, "status": status}, status=status)


__all__ = ["broken", "forbidden", "home", "jump", "not_found", "scope_home", "shell", "theme"]
