"""One person's requests leave room for everybody else's."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse, StreamingHttpResponse
from django.test import RequestFactory

from governance.models import User
from portal import tokens
from portal.web import fairness
from tests.people import by_hand


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
    assert ask("dana", Authorization="Bearer pcl_other").status_code == 429, (
        "what anybody can say changes nothing"
    )
    for answer in answers:
        answer.close()

    def broken(_: Any) -> HttpResponse:
        raise ValueError("a fault")

    for _ in range(3):
        with pytest.raises(ValueError, match="a fault"):
            ask("dana", broken)
    assert ask("dana").status_code == 200


@pytest.mark.django_db
def test_all_tokens_of_a_person_count_together_and_apart_from_their_browser(settings: Any, cast: Any) -> None:
    settings.MOST_REQUESTS_OF_ONE = 2
    first, second, others = (
        tokens.create(by_hand(who), "laptop", 30)[1] for who in (cast.dana, cast.dana, cast.sam)
    )

    def ask(secret: str, user: Any = None) -> Any:
        request = RequestFactory().get("/api/v1/scopes", headers={"Authorization": f"Bearer {secret}"})
        request.user = user or AnonymousUser()
        return fairness.OneAmongMany(lambda _: StreamingHttpResponse(iter([b"x"])))(request)

    answers = [ask(first), ask(second), ask(others), ask(first, cast.dana), ask("pcl_unknown")]
    assert [a.status_code for a in answers] == [200] * 5
    assert [ask(first).status_code, ask(second).status_code] == [429, 429]
    for answer in answers:
        answer.close()
    assert not fairness._under_way
