"""One person's requests leave room for everybody else's."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.http import HttpResponse, StreamingHttpResponse
from django.test import RequestFactory

from governance.models import User
from portal.web import fairness


@pytest.fixture
def ask(settings: Any) -> Any:
    """ask("dana", answer): one request of somebody, answered by a function."""
    settings.MOST_REQUESTS_OF_ONE = 2
    people = {name: User(username=name) for name in ("dana", "omar")}

    def _ask(who: str, answer: Any = lambda _: HttpResponse("fine"), **headers: str) -> Any:
        request = RequestFactory().get("/", headers=headers)
        request.user = people[who]
        return fairness.OneAmongMany(answer)(request)

    yield _ask
    assert not fairness._under_way, "every request that ended is counted as ended"


def test_a_third_request_of_one_person_is_refused_and_anothers_is_not(ask: Any) -> None:
    go, here = threading.Event(), threading.Barrier(3)

    def slow(_: Any) -> HttpResponse:
        here.wait(10)
        go.wait(10)
        return HttpResponse("slow")

    threads = [threading.Thread(target=ask, args=("dana", slow)) for _ in range(2)]
    for thread in threads:
        thread.start()
    here.wait(10)
    refused = ask("dana")
    assert (refused.status_code, refused["Retry-After"]) == (429, "1")
    assert ask("omar").status_code == 200
    go.set()
    for thread in threads:
        thread.join(10)
    assert ask("dana").status_code == 200


def test_a_download_counts_until_it_was_read_and_a_fault_does_not_count_for_ever(ask: Any) -> None:
    answers = [ask("dana", lambda _: StreamingHttpResponse(iter([b"x"]))) for _ in range(2)]
    assert ask("dana").status_code == 429
    assert ask("dana", Authorization="Bearer pcl_other").status_code == 200, "a token has a count of its own"
    for answer in answers:
        answer.close()

    def broken(_: Any) -> HttpResponse:
        raise ValueError("a fault")

    for _ in range(3):
        with pytest.raises(ValueError, match="a fault"):
            ask("dana", broken)
    assert ask("dana").status_code == 200
