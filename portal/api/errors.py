"""Refusals as problem+json (RFC 9457), in one table for the whole API."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from rest_framework.exceptions import APIException
from rest_framework.response import Response
from rest_framework.views import exception_handler

from audit.query import FilterError
from governance.errors import Refused
from portal.statuses import STATUS

TITLE = {
    "denied": "You may not do this",
    "not_found": "Not found",
    "conflict": "Somebody was faster",
    "blocked": "The gate stayed closed",
    "invalid": "Not well formed",
    "gate_unavailable": "The gate gave no answer",
}


def problem(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler: every refusal and every framework error in the same shape."""
    if isinstance(error, Refused):
        return _answer(STATUS[error.code], TITLE[error.code], error.as_dict())
    if isinstance(error, FilterError):
        return _answer(422, TITLE["invalid"], {"refused": "invalid", "detail": str(error)})
    if isinstance(error, Http404):
        return _answer(404, TITLE["not_found"], {"refused": "not_found", "detail": "no such address"})
    response = exception_handler(error, context)
    if response is None or not isinstance(error, APIException):
        return response
    detail = (
        response.data if not isinstance(response.data, dict) else response.data.get("detail", response.data)
    )
    response.data = {
        "type": "about:blank",
        "title": error.default_detail if isinstance(error.default_detail, str) else "Refused",
        "status": response.status_code,
        "detail": detail,
        "refused": _code(response.status_code),
    }
    response.content_type = "application/problem+json"
    return response


def _code(status: int) -> str:
    return {401: "unauthenticated", 403: "denied", 404: "not_found", 429: "too_many_requests"}.get(
        status, "invalid"
    )


def _answer(status: int, title: str, body: dict[str, Any]) -> Response:
    data = {"type": "about:blank", "title": title, "status": status, **body}
    return Response(data, status=status, content_type="application/problem+json")
