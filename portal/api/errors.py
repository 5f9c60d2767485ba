"""Refusals as problem+json (RFC 9457), in one table for the whole API."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import Http404, HttpRequest, JsonResponse
from django.urls import reverse
from rest_framework.exceptions import APIException
from rest_framework.response import Response
from rest_framework.views import exception_handler

from audit.query import FilterError
from governance.errors import Busy, Denied, Refused
from portal import denials
from portal.api.auth import actor_of
from portal.statuses import STATUS

TITLE = {
    "denied": "You may not do this",
    "not_found": "Not found",
    "conflict": "Somebody was faster",
    "blocked": "The gate stayed closed",
    "invalid": "Not well formed",
    "gate_unavailable": "The gate gave no answer",
    "unauthenticated": "Nobody is signed in",
    "too_many_requests": "Too many requests at a time",
}


def problem(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler: every refusal and every framework error in the same shape."""
    if isinstance(error, Denied):
        denials.keep(error, actor_of(context["request"]), context["request"].path)
    if isinstance(error, Refused):
        answer = _answer(STATUS[error.code], TITLE[error.code], error.as_dict())
        if isinstance(error, Busy):
            answer["Retry-After"] = str(error.again_s)
        return answer
    if isinstance(error, FilterError):
        return _answer(422, TITLE["invalid"], {"refused": "invalid", "detail": str(error)})
    if isinstance(error, Http404):
        return _answer(404, TITLE["not_found"], {"refused": "not_found", "detail": "no such address"})
    response = exception_handler(error, context)
    if response is None or not isinstance(error, APIException):
        return response
    problems = [{"message": text, "path": path, "line": 0, "column": 0} for path, text in _said(error.detail)]
    response.data = {
        "type": "about:blank",
        "title": TITLE.get(_code(response.status_code), "Refused"),
        "status": response.status_code,
        "detail": "; ".join(f"{p['path']}: {p['message']}" if p["path"] else p["message"] for p in problems),
        "refused": _code(response.status_code),
        "problems": problems,
    }
    response.content_type = "application/problem+json"
    return response


def no_such_address(request: HttpRequest, unknown: str) -> JsonResponse:
    body = {"type": "about:blank", "title": TITLE["not_found"], "status": 404}
    body |= {"refused": "not_found", "detail": f"no such address; what there is: {reverse('api_schema')}"}
    return JsonResponse(body, status=404, content_type="application/problem+json")


def _said(detail: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """What the framework objects to, one sentence at a time, each with the field it is about."""
    if isinstance(detail, dict):
        for name, below in detail.items():
            own = "" if name in ("detail", "non_field_errors") else str(name)
            yield from _said(below, f"{path}.{own}" if path and own else path or own)
    elif isinstance(detail, list):
        for below in detail:
            yield from _said(below, path)
    else:
        yield path, str(detail)


def _code(status: int) -> str:
    return {401: "unauthenticated", 403: "denied", 404: "not_found", 429: "too_many_requests"}.get(
        status, "invalid"
    )


def _answer(status: int, title: str, body: dict[str, Any]) -> Response:
    data = {"type": "about:blank", "title": title, "status": status, **body}
    return Response(data, status=status, content_type="application/problem+json")
