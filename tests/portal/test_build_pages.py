"""Pages of Build as a browser without script meets them: forms, refusals, what is seen and what is not."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from audit.models import AuditEvent
from templates_catalog.models import Pipeline, PipelineVersion

PAYMENTS = "acme.shop.payments"
DOCUMENT = """pipeline:
  identifier: nightly
  name: Nightly tests
  orgIdentifier: shop
  projectIdentifier: payments
  stages:
    - stage:
        identifier: build
        name: Build
        type: CI
        spec:
          execution:
            steps:
              - step:
                  identifier: test
                  name: Test
                  type: Run
                  spec:
                    shell: Bash
                    command: echo hello </textarea><b>x</b>
"""


@pytest.fixture
def signed_in(client, cast):
    def enter(name: str):
        client.force_login(getattr(cast, name))
        return client

    return enter


def save(client, text=DOCUMENT, **fields):
    sent = {"do": "save", "source": text, "key": "", "expected_version": "", **fields}
    return client.post(reverse("pipeline_new", args=(PAYMENTS,)), sent)


def test_a_new_pipeline_with_a_taken_name_says_so_before_it_becomes_the_next_version(signed_in, stub_gate):
    client = signed_in("dana")
    assert save(client).status_code == 302
    changed = DOCUMENT.replace("echo hello", "echo again")
    first = save(client, changed)
    assert first.status_code == 409
    said = first.content.decode()
    assert "is here already: saving this makes its version 2" in said
    assert "Save version 2" in said
    assert "Save version 1" not in said
    assert save(client, changed, expected_version="1").status_code == 302
    other = changed.replace("identifier: nightly", "identifier: other")
    assert other != changed
    assert save(client, other, expected_version="2").status_code == 302


def test_somebody_signed_out_is_asked_to_sign_in(client, db):
    answer = client.get("/")
    assert answer.status_code == 302
    assert answer.url.startswith("/accounts/login/")


@pytest.mark.parametrize(
    ("kind", "expected"),
    [("pipeline", "Draft again"), ("policy", "Read it again")],
)
def test_what_is_described_on_home_is_drafted_with_that_one_click(signed_in, kind, expected):
    client = signed_in("dana" if kind == "pipeline" else "pat")
    home = client.get(f"/s/{PAYMENTS}/").content.decode()
    form = re.search(r'<form class="prompt" action="([^"]+)" method="post">', home)
    assert form is not None
    asked = {
        "pipeline": "A pipeline that runs make test.",
        "policy": "Every pipeline must have the tag owner.",
    }
    answer = client.post(form[1], {"q": asked[kind], "kind": kind}, follow=True)
    assert answer.status_code == 200
    assert expected in answer.content.decode()


@pytest.mark.parametrize(
    "path",
    ["/", "/approvals/", "/jump/?q=nightly", "/describe/pipeline/?at=acme.shop.payments"]
    + [
        f"/s/{PAYMENTS}/{part}/"
        for part in ("catalogue", "catalogue/services", "pipelines", "new-pipeline", "runs")
    ],
)
def test_a_developer_opens_every_page_of_an_empty_project(signed_in, stub_gate, path):
    assert signed_in("dana").get(path).status_code == 200


def test_a_scope_one_may_not_know_of_looks_like_one_that_is_not_there(signed_in, stub_gate):
    client = signed_in("sam")
    unknown = client.get("/s/acme.shop.nowhere/pipelines/")
    hidden = client.get(f"/s/{PAYMENTS}/pipelines/")
    assert (unknown.status_code, hidden.status_code) == (404, 404)


def test_a_save_keeps_a_version_and_leaves_an_event_of_this_door(signed_in, stub_gate):
    answer = save(signed_in("dana"))
    assert answer.status_code == 302
    assert PipelineVersion.objects.get().source == DOCUMENT
    event = AuditEvent.objects.get(action="pipeline.save")
    assert (event.channel, event.outcome, event.actor_name) == ("ui", "admitted", "dana")


def test_the_page_after_a_save_says_that_the_gate_let_it_through_once(signed_in, stub_gate):
    client = signed_in("dana")
    page = client.get(save(client).url)
    assert "The gate let version 1 through" in page.content.decode()
    assert "The gate let version 1 through" not in client.get(page.request["PATH_INFO"]).content.decode()


def test_a_blocked_save_shows_the_objection_on_its_line_and_keeps_the_text(signed_in, stub_gate):
    stub_gate.bind(
        "no_echo", lambda _: [{"msg": "Say something else.", "path": "pipeline.name"}], kind="pipeline"
    )
    answer = save(signed_in("dana"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "The gate stayed closed" in page
    assert "Say something else." in page
    assert "Line 3" in page
    assert "command: echo hello" in page
    assert not Pipeline.objects.exists()


def test_a_warning_does_not_stop_a_save(signed_in, stub_gate):
    stub_gate.bind("hint", lambda _: ["Think again."], kind="pipeline", severity="warning")
    client = signed_in("dana")
    assert "1 warning" in client.get(save(client).url).content.decode()


def test_without_an_answer_of_the_gate_nothing_is_saved_and_the_page_says_why(signed_in, stub_gate):
    stub_gate.down = "connection refused"
    answer = save(signed_in("dana"))
    page = answer.content.decode()
    assert answer.status_code == 503
    assert "gave no answer" in page
    assert "connection refused" in page
    assert "command: echo hello" in page
    assert not Pipeline.objects.exists()


def test_a_text_that_is_not_well_formed_names_every_line(signed_in, stub_gate):
    answer = save(signed_in("dana"), DOCUMENT + "  stages: []\n")
    assert answer.status_code == 422
    assert "not well formed" in answer.content.decode()


def test_somebody_slower_is_told_and_keeps_the_text(signed_in, stub_gate):
    client = signed_in("dana")
    save(client)
    changed = DOCUMENT.replace("echo hello", "echo two")
    url = reverse("pipeline", args=(PAYMENTS, "nightly"))
    client.post(url, {"do": "save", "source": changed, "expected_version": "1"})
    late = client.post(
        url, {"do": "save", "source": DOCUMENT.replace("hello", "late"), "expected_version": "1"}
    )
    assert late.status_code == 409
    assert "echo late" in late.content.decode()


def test_the_same_form_sent_twice_saves_once(signed_in, stub_gate):
    client = signed_in("dana")
    save(client, key="one-time")
    save(client, key="one-time")
    assert PipelineVersion.objects.count() == 1


def test_somebody_who_may_only_read_is_refused_and_it_is_on_the_trail(signed_in, stub_gate):
    save(signed_in("dana"))
    answer = signed_in("cora").post(
        reverse("pipeline", args=(PAYMENTS, "nightly")),
        {"do": "save", "source": DOCUMENT, "expected_version": "1"},
    )
    assert answer.status_code == 403
    assert "edit_pipeline" in answer.content.decode()
    assert AuditEvent.objects.filter(action="pipeline.save", outcome="denied", actor_name="cora").exists()


def test_what_people_type_is_text_never_markup(signed_in, stub_gate):
    client = signed_in("dana")
    save(client)
    page = client.get(reverse("pipeline", args=(PAYMENTS, "nightly"))).content.decode()
    assert "&lt;/textarea&gt;&lt;b&gt;x" in page
    assert "<b>x</b>" not in page


@pytest.mark.parametrize(
    "view", ["", "expanded/", "policies/", "versions/", "versions/1/", "runs/", "run/", "diff/1..2/"]
)
def test_every_view_of_a_pipeline_opens(signed_in, stub_gate, view):
    client = signed_in("dana")
    save(client)
    url = reverse("pipeline", args=(PAYMENTS, "nightly"))
    client.post(url, {"do": "save", "source": DOCUMENT.replace("hello", "bye"), "expected_version": "1"})
    assert client.get(url + view).status_code == 200


def test_trying_a_text_saves_nothing(signed_in, stub_gate):
    stub_gate.bind("no_echo", lambda _: ["No."], kind="pipeline")
    client = signed_in("dana")
    answer = client.post(
        reverse("pipeline_check", args=(PAYMENTS,)), {"source": DOCUMENT}, headers={"HX-Request": "true"}
    )
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Would be blocked" in page
    assert not Pipeline.objects.exists()


def test_the_theme_is_a_cookie_and_never_sends_people_elsewhere(client, db):
    answer = client.post("/theme/", {"to": "dark", "next": "https://evil.example/"})
    assert answer.url == "/"
    assert answer.cookies["theme"].value == "dark"


def test_a_damaged_page_link_is_said_to_be_one(signed_in, stub_gate):
    answer = signed_in("dana").get(f"/s/{PAYMENTS}/pipelines/?after=%00nonsense")
    assert answer.status_code == 422


def test_pages_carry_a_policy_that_allows_no_inline_script_or_style(signed_in, stub_gate):
    answer = signed_in("dana").get("/")
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    page = answer.content.decode()
    assert not re.search(r"<script(?![^>]*\bsrc=)", page)
    assert not re.search(r"\sstyle=", page)


@pytest.mark.parametrize("kind", ["service", "environment", "connector", "template"])
def test_what_a_page_offers_as_a_start_can_be_saved_as_it_stands(signed_in, stub_gate, kind):
    from portal.web.build.definitions import STARTERS

    client = signed_in({"template": "tess", "connector": "ada"}.get(kind, "dana"))
    dotted = "acme" if kind == "template" else PAYMENTS
    url = reverse("definition_new", args=(dotted, kind))
    assert client.get(url).status_code == 200
    answer = client.post(url, {"do": "save", "source": STARTERS[kind], "stable": "yes"})
    assert answer.status_code == 302, answer.content.decode()
    assert client.get(answer.url).status_code == 200


def test_a_template_author_saves_the_next_version_and_makes_it_stable(signed_in, stub_gate):
    from portal.web.build.definitions import STARTERS

    client = signed_in("tess")
    first = STARTERS["template"]
    client.post(reverse("definition_new", args=("acme", "template")), {"source": first, "stable": "yes"})
    edit = reverse("template_edit", args=("acme", "account.my_template"))
    assert "1.0.0" in client.get(edit).content.decode()
    answer = client.post(edit, {"source": first.replace("1.0.0", "1.1.0"), "stable": "yes", "golden": "yes"})
    assert answer.status_code == 302, answer.content.decode()
    page = client.get(answer.url).content.decode()
    assert "1.1.0" in page
    assert "Golden" in page


def test_a_new_definition_never_writes_over_one_that_is_there(signed_in, stub_gate):
    from portal.web.build.definitions import STARTERS

    client = signed_in("dana")
    url = reverse("definition_new", args=(PAYMENTS, "service"))
    client.post(url, {"source": STARTERS["service"]})
    answer = client.post(url, {"source": STARTERS["service"].replace("My service", "Other")})
    assert answer.status_code == 409


@pytest.mark.django_db
def test_a_page_learns_that_its_session_ended_without_losing_its_place(client, cast):
    gone = client.post("/s/acme.shop.payments/check/pipeline/", headers={"HX-Request": "true"})
    assert (gone.status_code, gone["HX-Trigger"], gone["HX-Reswap"]) == (401, "signed-out", "none")
    assert client.get("/session/").status_code == 401
    client.force_login(cast.dana, backend="allauth.account.auth_backends.AuthenticationBackend")
    answer = client.get("/session/")
    assert answer.json()["user"] == "dana"
    assert answer.json()["csrf"]
    assert "no-store" in answer["Cache-Control"]


def test_a_draft_under_a_name_that_is_taken_says_that_saving_it_replaces_something(
    signed_in, stub_gate, monkeypatch
):
    from portal.assistant import documents
    from templates_catalog.authoring.planner import PipelinePlan

    client = signed_in("dana")
    body = {"identifier": "nightly", "name": "Nightly", "stages": []}
    monkeypatch.setattr(documents, "plan", lambda *given: PipelinePlan(document={"pipeline": body}))
    asked = {"q": "A nightly pipeline.", "kind": "pipeline"}
    url = f"/describe/pipeline/?at={PAYMENTS}"
    said = "A pipeline nightly is here already"
    assert said not in client.post(url, asked).content.decode()
    save(client)
    assert said in client.post(url, asked).content.decode()
