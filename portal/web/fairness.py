"""One person does not take all of the server: so many of their requests at a time, the rest waits outside.

Every request holds one of a few threads, and checks, drafts, dry runs and exports hold it for seconds.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from governance.engines import limited
from portal import tokens

_under_way: Counter[str] = Counter()
_lock = threading.Lock()


class OneAmongMany:
    """Middleware behind the authentication's."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        person = _person(request)
        if not person:
            return self.get_response(request)
        with _lock:
            if _under_way[person] >= settings.MOST_REQUESTS_OF_ONE:
                return _too_many()
            _under_way[person] += 1
        answer = None
        try:
            # What it does with drafts ends in time as well, whatever it does.
            with limited.answering(person):
                answer = self.get_response(request)
        finally:
            if answer is None or not answer.streaming:
                _ended(person)
        if answer.streaming:
            answer._resource_closers.append(lambda: _ended(person))
        return answer


def _person(request: HttpRequest) -> str:
    """Whose request it is, by session or by any of their tokens; "" for somebody who is not signed in.

    What else is said of authorization counts for nothing: it could be said anew with every request.
    """
    if request.user.is_authenticated:
        return str(request.user.pk)
    kind, _, secret = request.headers.get("Authorization", "").partition(" ")
    token = tokens.holder_of(secret.strip()) if kind.lower() == "bearer" else None
    return f"tokens of {token.user_id}" if token else ""


def _ended(person: str) -> None:
    with _lock:
        _under_way[person] -= 1
        if _under_way[person] <= 0:
            del _under_way[person]


def _too_many() -> HttpResponse:
    text = f"{settings.MOST_REQUESTS_OF_ONE} requests of yours are under way; wait until one has ended.\n"
    return HttpResponse(
        text, status=429, content_type="text/plain; charset=utf-8", headers={"Retry-After": "1"}
    )
