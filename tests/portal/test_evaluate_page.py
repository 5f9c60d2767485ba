"""A document that is kept elsewhere is decided about from its page and through REST."""

from __future__ import annotations

import pytest

from governance.models import Evaluation

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
PAGE = "/s/acme.shop.payments/evaluate/"


def bind(stub_gate):
    stub_gate.bind(
        "no_gpl", lambda d: "left-pad is GPL" if "GPL" in str(d) else False, kind="sbom", event="onstep"
    )


def test_a_document_is_decided_about_and_only_the_decision_is_kept(client, cast, stub_gate):
    bind(stub_gate)
    client.force_login(cast.dana, backend=BACKEND)
    given = {"kind": "sbom", "event": "onstep", "identifier": "web", "key": "1"}
    bad = client.post(PAGE, {**given, "source": '[{"packageName": "left-pad", "packageLicense": ["GPL"]}]'})
    assert bad.status_code == 422
    assert "left-pad is GPL" in bad.content.decode()
    good = client.post(PAGE, {**given, "source": "[]", "key": "2"})
    assert (good.status_code, "The gate is open." in good.content.decode()) == (200, True)
    assert list(Evaluation.objects.order_by("at").values_list("kind", "status")) == [
        ("sbom", "error"),
        ("sbom", "pass"),
    ]


def test_text_that_is_no_document_is_refused_on_its_line(client, cast, stub_gate):
    client.force_login(cast.dana, backend=BACKEND)
    given = {"kind": "sbom", "event": "onstep", "identifier": "web", "source": "{", "key": "1"}
    assert client.post(PAGE, given).status_code == 422
    assert not Evaluation.objects.exists()


def test_every_kind_has_its_form_and_who_may_not_ask_is_told(client, cast, stub_gate):
    client.force_login(cast.dana, backend=BACKEND)
    for kind in ("custom", "terraformState", "secret"):
        assert client.get(PAGE, {"kind": kind}).status_code == 200
    client.force_login(cast.cora, backend=BACKEND)
    assert client.get(PAGE).status_code == 403
    client.force_login(cast.sam, backend=BACKEND)
    assert client.get(PAGE).status_code == 404


def test_rest_decides_as_the_page_does(client, cast, stub_gate):
    bind(stub_gate)
    client.force_login(cast.dana, backend=BACKEND)
    address = "/api/v1/scopes/acme.shop.payments/changes/sbom/web/evaluate"
    body = {"source": '[{"packageLicense": ["GPL"]}]'}
    answer = client.post(address, body, content_type="application/json")
    assert (answer.status_code, answer.json()["violations"][0]["message"]) == (422, "left-pad is GPL")
    assert client.post(address, {"source": "[]"}, content_type="application/json").status_code in (200, 201)


def test_policy_sets_are_made_for_every_kind_and_its_events(client, cast, stub_gate):
    client.force_login(cast.pat, backend=BACKEND)
    page = client.get("/s/acme/sets/new", {"entity": "securityTests"}).content.decode()
    assert "On a step of a run" in page
    assert "On save" not in page
