"""The REST door: its schema, its problems, its lists, and what a stranger learns."""

from __future__ import annotations

import json

import pytest
from django.core.management import call_command
from django.db import transaction
from rest_framework.test import APIClient

from audit import executions
from audit.models import AuditEvent
from governance.admission import admit
from governance.kinds import Change
from portal import tokens
from tests.people import PROJECT, by_hand
from tests.test_doors import SHIP

pytestmark = pytest.mark.django_db
HERE = "/api/v1/scopes/acme.shop.payments"


def client_of(person) -> APIClient:
    _, secret = tokens.create(by_hand(person), "tests", 1)
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")
    return client


def test_the_schema_is_openapi_3_1_and_names_every_operation_once(tmp_path):
    import yaml

    file = tmp_path / "schema.yaml"
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(file))
    found = yaml.safe_load(file.read_text())
    assert found["openapi"].startswith("3.1")
    names = [
        o["operationId"] for path in found["paths"].values() for o in path.values() if "operationId" in o
    ]
    assert len(names) == len(set(names)) > 25


def test_without_a_token_nothing_is_told():
    answer = APIClient().get("/api/v1/scopes")
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Bearer"
    assert answer["Content-Type"] == "application/problem+json"


def test_a_refusal_is_a_problem_with_a_stable_code(cast, stub_gate):
    answer = client_of(cast.cora).post(f"{HERE}/changes/pipeline/ship/save", {"source": SHIP}, format="json")
    assert (answer.status_code, answer["Content-Type"]) == (403, "application/problem+json")
    body = answer.json()
    assert body["refused"] == "denied"
    assert body["audit_event"]


@pytest.mark.parametrize("field", ["ai", "ai_generated", "owner", "actor", "approved_by"])
def test_a_field_nobody_may_send_is_refused_by_name(cast, stub_gate, field):
    body = {"source": SHIP, field: "x"}
    answer = client_of(cast.dana).post(f"{HERE}/changes/pipeline/ship/save", body, format="json")
    assert answer.status_code == 400
    assert field in str(answer.json())


def test_a_stranger_cannot_tell_a_pipeline_from_nothing(cast, stub_gate):
    admit(Change("save", "pipeline", PROJECT, "ship", SHIP), actor=by_hand(cast.dana))
    sam = client_of(cast.sam)
    there, nowhere = sam.get(f"{HERE}/pipelines/ship"), sam.get(f"{HERE}/pipelines/never")
    assert there.status_code == nowhere.status_code == 404
    assert there.json()["detail"].replace("ship", "never", 1) == nowhere.json()["detail"].replace(
        "ship", "never", 1
    )
    assert sam.get("/api/v1/scopes").json()["results"] == []
    assert sam.get(f"{HERE}/pipelines").status_code == 404


def test_lists_are_paged_by_cursor_and_complete(cast, stub_gate):
    for n in range(7):
        name = f"ship_{n}"
        admit(
            Change(
                "save", "pipeline", PROJECT, name, SHIP.replace("identifier: ship", f"identifier: {name}")
            ),
            actor=by_hand(cast.dana),
        )
    dana, seen, after = client_of(cast.dana), [], ""
    while True:
        page = dana.get(f"{HERE}/pipelines", {"size": 3, "after": after}).json()
        seen += [p["identifier"] for p in page["results"]]
        after = page["older"]
        if not after:
            break
    assert sorted(seen) == [f"ship_{n}" for n in range(7)]
    assert len(seen) == 7


@pytest.mark.parametrize(
    "query", [{"owner__password__startswith": "a"}, {"_connector": "OR"}, {"size": "1000000"}, {"after": "x"}]
)
def test_an_unknown_filter_or_a_forged_cursor_is_an_error_that_says_so(cast, query):
    answer = client_of(cast.dana).get(f"{HERE}/pipelines", query)
    assert answer.status_code == 422
    assert answer.json()["refused"] == "invalid"


@pytest.mark.parametrize(
    ("address", "known"),
    [
        ("policies?state=live", "in_review"), ("policies?entity=banana", "pipeline"),
        ("policy_sets?entity=banana", "pipeline"), ("exemptions?state=over", "granted"),
        ("evaluations?status=red", "unavailable"), ("standing?kind=banana", "service"),
        ("applies/banana", "pipeline"), ("applies/service?event=onrun", "onsave"),
        ("applies/service?evnt=onsave", "event"),
    ],
)  # fmt: skip
def test_a_value_no_filter_knows_is_an_error_that_lists_the_known_not_an_empty_list(
    cast, stub_gate, address, known
):
    answer = client_of(cast.ada).get(f"{HERE}/{address}")
    assert (answer.status_code, answer.json()["refused"]) == (422, "invalid")
    assert known in answer.json()["detail"]


def test_a_dry_run_changes_nothing_but_says_what_would_be(cast, stub_gate):
    stub_gate.bind("never", lambda document: ["never"], kind="pipeline")
    dana = client_of(cast.dana)
    answer = dana.post(f"{HERE}/dry-run/pipeline/ship/save", {"source": SHIP}, format="json")
    assert answer.status_code == 200
    assert answer.json()[0]["status"] == "error"
    assert dana.get(f"{HERE}/pipelines").json()["results"] == []


def test_the_audit_trail_is_for_those_who_may_read_it(cast, stub_gate):
    assert client_of(cast.cora).get("/api/v1/audit").json()["results"]
    assert client_of(cast.dana).get("/api/v1/audit").json()["results"] == []
    answer = client_of(cast.cora).get("/api/v1/audit", {"colour": "red"})
    assert answer.status_code == 422
    assert "outcome" in answer.json()["detail"]


def test_an_export_holds_exactly_the_filtered_events(cast, stub_gate):
    cora = client_of(cast.cora)
    answer = cora.post("/api/v1/scopes/acme/audit/export?kind=user_group&format=jsonl")
    assert answer.status_code == 200
    lines = b"".join(answer.streaming_content).decode().strip().splitlines()
    assert all("user_group" in line for line in lines)
    assert client_of(cast.dana).post("/api/v1/scopes/acme/audit/export").status_code in (403, 404)


def test_a_run_is_read_as_one_object_with_its_stages(cast, stub_gate):
    with transaction.atomic():
        made = executions.create(
            scope=PROJECT, pipeline="ship", version="1", plan={"pipeline": {"stages": []}},
            requested_by=str(cast.dana.pk), requested_name="dana", channel="api",
        )  # fmt: skip
    answer = client_of(cast.dana).get(f"/api/v1/executions/{made.id}")
    assert (answer.status_code, answer.json()["execution"]["id"]) == (200, made.id)
    assert client_of(cast.sam).get(f"/api/v1/executions/{made.id}").status_code == 404


BROKEN = "\ud800"  # half of a character: JSON can say it, no text and no database can hold it


@pytest.mark.parametrize(
    "body",
    [
        {"source": SHIP + BROKEN},
        {"source": SHIP, "note": BROKEN},
        {"source": SHIP, "fields": {"a": [{"b": BROKEN}]}},
        {"source": SHIP, "fields": {BROKEN: 1}},
        {"source": SHIP, "proposal": BROKEN},
    ],
)
def test_half_a_character_is_refused_wherever_it_stands(cast, stub_gate, body):
    client = client_of(cast.dana)
    client.raise_request_exception = False
    sent = json.dumps(body)
    for door in ("changes", "dry-run"):
        answer = client.post(f"{HERE}/{door}/pipeline/ship/save", sent, content_type="application/json")
        assert answer.status_code in (400, 422), (door, answer.status_code)
    for about in ("policy", "pipeline", "fix"):
        answer = client.post(
            f"{HERE}/ask/{about}", json.dumps({"text": "deny " + BROKEN}), content_type="application/json"
        )
        assert answer.status_code in (400, 422), (about, answer.status_code)


@pytest.mark.parametrize(
    "list", ["pipelines", "policies", "evaluations", "executions", "templates", "exemptions"]
)
@pytest.mark.parametrize(
    "cursor", ["MQ", "bnVsbA", "W1sxXSwieCJd", "WyJ4IiwieCJd", "WyJcdTAwMDAiLCAieCJd", "xx", "-1", "A" * 3000]
)
def test_a_page_link_nobody_made_is_refused_with_its_reason(cast, stub_gate, client, list, cursor):
    for side in ("after", "before"):
        answer = client_of(cast.dana).get(f"{HERE}/{list}?{side}={cursor}")
        assert answer.status_code in (200, 422), answer.content  # policies and evaluations page one way
    client.force_login(cast.dana, backend="allauth.account.auth_backends.AuthenticationBackend")
    pages = {"executions": "runs", "templates": "catalogue"}
    answer = client.get(f"/s/acme.shop.payments/{pages.get(list, list)}/?before={cursor}&after={cursor}")
    assert answer.status_code in (200, 422)


def test_a_body_without_a_bottom_is_no_json(cast, stub_gate):
    deep = '{"fields":' + '{"a":' * 60_000 + "1" + "}" * 60_000 + "}"
    answer = client_of(cast.dana).post(
        f"{HERE}/changes/pipeline/x/save", deep, content_type="application/json"
    )
    assert (answer.status_code, answer.json()["refused"]) == (400, "invalid")


def test_fields_that_a_kind_does_not_know_are_refused_not_ignored(cast, stub_gate):
    for kind in ("pipeline", "service"):
        body = {"source": SHIP, "fields": {"ai_generated": False, "owner": "platform_team"}}
        answer = client_of(cast.dana).post(f"{HERE}/changes/{kind}/ship/save", body, format="json")
        assert answer.status_code == 422
        assert {p["path"] for p in answer.json()["problems"]} == {"ai_generated", "owner"}


@pytest.mark.parametrize("about", ["policy", "pipeline", "fix"])
def test_asking_tells_nothing_of_a_scope_one_may_not_know(cast, stub_gate, about):
    """Of a project that is there and one that is not, a stranger to both hears the same."""
    said = []
    for project in ("search", "nowhere"):
        answer = client_of(cast.dana).post(
            f"/api/v1/scopes/acme.shop.{project}/ask/{about}", {"text": "x", "document": SHIP}, format="json"
        )
        assert answer.status_code == 404
        said.append(answer.content.replace(project.encode(), b""))
    assert said[0] == said[1]


def test_an_address_that_is_none_is_answered_as_a_problem(cast):
    for path in ("/api/v1/nothing", "/api/nowhere/at/all"):
        answer = client_of(cast.dana).get(path)
        assert answer.status_code == 404
        assert answer["Content-Type"] == "application/problem+json"
        assert answer.json()["refused"] == "not_found"


def test_what_a_form_objects_to_is_one_sentence_and_a_list_of_places(cast, stub_gate):
    address = f"{HERE}/changes/pipeline/x/save"
    answer = client_of(cast.dana).post(address, {"sauce": "x", "note": "n" * 2001}, format="json")
    assert answer.status_code == 400
    assert answer.json()["detail"].startswith("sauce: unknown field; known: source, fields,")
    assert [p["path"] for p in answer.json()["problems"]] == ["sauce"]
    answer = client_of(cast.dana).post(address, {"note": "n" * 2001}, format="json")
    assert answer.json()["problems"][0]["path"] == "note"
    assert isinstance(answer.json()["detail"], str)


def test_a_run_names_the_evaluation_that_let_it_start(cast, stub_gate):
    admit(Change("save", "pipeline", PROJECT, "ship", source=SHIP), actor=by_hand(cast.dana))
    answer = client_of(cast.dana).post(f"{HERE}/changes/pipeline/ship/run", {}, format="json").json()
    found = client_of(cast.dana).get(f"/api/v1/executions/{answer['data']['execution']}").json()
    assert answer["evaluation"]
    assert found["execution"]["evaluation"] == answer["evaluation"]


def test_grants_on_single_objects_are_listed_for_those_who_may_see_them(cast):
    here = "/api/v1/scopes/acme/object_grants"
    assert client_of(cast.ada).get(here).json() == {"results": []}
    assert client_of(cast.dana).get(here).status_code == 403


def test_a_denied_look_is_on_the_trail_with_its_address(cast):
    answer = client_of(cast.dana).get("/api/v1/scopes/acme/object_grants")
    event = AuditEvent.objects.get(action="access.denied")
    assert answer.json()["audit_event"] == str(event.pk)
    assert (event.actor_name, event.channel, event.outcome) == ("dana", "api", "denied")
    assert json.loads(event.data)["permission"] == "view_object_grant"
    assert json.loads(event.data)["address"] == "/api/v1/scopes/acme/object_grants"


def test_a_token_that_was_ours_leaves_an_event_when_it_is_refused_and_a_guess_does_not(cast):
    made, secret = tokens.create(by_hand(cast.dana), "tests", 1)
    tokens.revoke(by_hand(cast.dana), made.id)
    for used in (secret, secret[:-1] + ("0" if secret[-1] != "0" else "1")):
        client = APIClient()
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {used}")
        assert client.get("/api/v1/me").status_code == 401
    event = AuditEvent.objects.get(action="token.refused")
    assert (event.actor_name, event.outcome, json.loads(event.data)["why"]) == ("dana", "denied", "revoked")


def test_the_trail_holds_the_clients_own_address_behind_a_proxy_of_ours(cast, settings):
    settings.TRUSTED_PROXY_COUNT = 1
    client_of(cast.dana).get("/api/v1/scopes/acme/object_grants", HTTP_X_FORWARDED_FOR="6.6.6.6, 203.0.113.9")
    assert AuditEvent.objects.get(action="access.denied").ip == "203.0.113.9"


def _put_in_every_list(cast, number: int) -> None:
    for n in range(number):
        name = f"ship_{n}"
        source = SHIP.replace("identifier: ship", f"identifier: {name}")
        admit(Change("save", "pipeline", PROJECT, name, source), actor=by_hand(cast.dana))
        admit(Change("run", "pipeline", PROJECT, name), actor=by_hand(cast.dana))
        admit(
            Change("save", "service", PROJECT, name, f"service: {{name: {name}, identifier: {name}}}"),
            actor=by_hand(cast.dana),
        )


@pytest.mark.parametrize(
    "address",
    [f"{HERE}/{name}" for name in ("pipelines", "executions", "evaluations", "services")] + ["/api/v1/audit"],
)
def test_every_list_is_walked_to_its_end_and_back_without_loss_or_repetition(cast, stub_gate, address):
    _put_in_every_list(cast, 3)
    reader = client_of(cast.cora if "audit" in address else cast.dana)
    whole = [str(row) for row in reader.get(address, {"size": 200}).json()["results"]]
    assert len(whole) >= 3
    pages, page = [], reader.get(address, {"size": 2}).json()
    pages.append([str(row) for row in page["results"]])
    while page["older"]:
        page = reader.get(address, {"size": 2, "after": page["older"]}).json()
        pages.append([str(row) for row in page["results"]])
    assert [row for each in pages for row in each] == whole
    back = reader.get(address, {"size": 2, "before": page["newer"]}).json()
    assert [str(row) for row in back["results"]] == pages[-2]
