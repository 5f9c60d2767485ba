"""What a signed-in person was shown stays with them: no cache keeps it, neither the browser's nor one between."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase
from django.utils.cache import add_never_cache_headers


class PrivatePages:
    """Middleware behind the session's: answers to signed-in people, and whatever a token asked for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        answer = self.get_response(request)
        known = request.user.is_authenticated or "Authorization" in request.headers
        if known and not answer.has_header("Cache-Control"):
            add_never_cache_headers(answer)  # type: ignore[arg-type]
        return answer
