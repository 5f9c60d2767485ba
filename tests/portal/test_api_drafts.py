"""Drafts over REST: the same checks, trials, examples and words as beside the editor."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from governance.admission import admit
from governance.engines.turns import TURNS
from governance.kinds import Change
from governance.models import Evaluation, Policy, PolicyVersion, Scope, Standing, Sweep
from portal import library
from tests.people import by_hand
from tests.portal.test_api import client_of
from tests.portal.test_policy_editor import REGO, SERVICE

pytestmark = [pytest.mark.django_db, pytest.mark.opa, pytest.mark.usefixtures("stub_gate")]

HERE = "/api/v1/scopes/acme"
DRAFT = {"rego": REGO, "entity": "service"}
LATEST = {"serviceEntity": {"name": "ship", "tags": {"tier": "latest"}}, "metadata": {}}


def save(cast: Any, rego: str = REGO, **fields: Any) -> None:
    admit(
        Change("save", "policy", "acme", "one", rego, fields={"entity": "service", **fields}),
        actor=by_hand(cast.pat),
    )


def test_a_draft_is_checked_quickly_or_deeply(cast: Any) -> None:
    client = client_of(cast.pat)
    quick = client.post(
        f"{HERE}/drafts/policy/check", {**DRAFT, "rego": "package p\n\ndeny contains if\n"}, format="json"
    )
    assert quick.status_code == 200
    assert quick.json()["findings"][0]["line"] == 3
    case = {"name": "a", "document": LATEST, "expect": "allow"}
    deep = client.post(
        f"{HERE}/drafts/policy/check", {**DRAFT, "deep": True, "cases": [case]}, format="json"
    ).json()
    assert "case" in [f["check"] for f in deep["findings"]]
    assert deep["covered"]
    assert deep["cost_ratio"] is not None


def test_a_draft_is_tried_on_each_kind_of_subject_and_on_one_only(cast: Any) -> None:
    admit(Change("save", "service", "acme/shop/payments", "ship", SERVICE), actor=by_hand(cast.dana))
    key = str(Evaluation.objects.get(kind="service").pk)
    client = client_of(cast.ada)
    for on in ({"stored": "acme/shop/payments/ship"}, {"evaluation": key}, {"document": SERVICE}):
        found = client.post(f"{HERE}/drafts/policy/try", {**DRAFT, **on}, format="json").json()
        assert found["verdict"] == "deny", found
        [said] = found["objections"]
        assert said["path"] == "serviceEntity.tags.tier"
        assert found["text"].splitlines()[said["line"] - 1].strip().startswith(("tier:", "tags:"))
    both = {**DRAFT, "document": SERVICE, "evaluation": key}
    assert client.post(f"{HERE}/drafts/policy/try", both, format="json").status_code == 422
    stranger = client_of(cast.sam)
    refused = stranger.post(f"{HERE}/drafts/policy/try", {**DRAFT, "document": SERVICE}, format="json")
    assert refused.status_code == 404


def test_while_a_turn_is_taken_the_answer_is_429_with_when_to_ask_again(cast: Any) -> None:
    client = client_of(cast.pat)
    with TURNS.turn(str(cast.pat.pk)):
        answer = client.post(f"{HERE}/drafts/policy/check", DRAFT, format="json")
    assert answer.status_code == 429
    assert answer["Retry-After"] == "2"
    assert answer.json()["refused"] == "too_many_requests"


def test_all_examples_are_run_and_kept_ones_are_read(cast: Any) -> None:
    client = client_of(cast.pat)
    cases = [
        {"name": "a", "document": LATEST, "expect": "deny"},
        {"name": "b", "document": {}, "expect": "deny"},
    ]
    ran = client.post(f"{HERE}/drafts/policy/cases", {**DRAFT, "cases": cases}, format="json").json()
    assert ran["as_expected"] == 1
    assert [r["verdict"] for r in ran["results"]] == ["deny", "allow"]
    assert ran["results"][0]["lines"]
    save(cast, cases=cases)
    kept = client.get(f"{HERE}/policies/one/versions/1/cases").json()
    assert kept["results"][0]["messages"] == ["ship is latest"]
    assert kept["as_expected"] == 1


def test_a_text_and_a_version_are_said_in_the_same_words(cast: Any) -> None:
    client = client_of(cast.pat)
    save(cast)
    typed = client.post(f"{HERE}/drafts/policy/explain", DRAFT, format="json").json()
    kept = client.get(f"{HERE}/policies/one/versions/1/explanation").json()
    assert typed == kept
    refuses = typed["sentences"][1]
    assert refuses["lines"] == [3, 4, 5, 6]
    assert [p["lines"] for p in refuses["parts"]] == [[4], [5]]
    odd = client.post(
        f"{HERE}/drafts/policy/explain",
        {**DRAFT, "rego": REGO.replace("sprintf", "crypto.md5", 1)},
        format="json",
    ).json()
    assert odd["unclear"] == [5]


def test_versions_are_compared_and_remarks_read_by_those_who_see_the_policy(cast: Any) -> None:
    save(cast)
    save(cast, REGO.replace('"latest"', '"newest"'))
    client = client_of(cast.eli)
    found = client.get(f"{HERE}/policies/one/compare?from=1&to=2").json()
    assert '+\tinput.serviceEntity.tags.tier == "newest"' in found["diff"]
    assert client.get(f"{HERE}/policies/one/compare?from=1&to=x").status_code == 422
    body = {"fields": {"text": "why?", "line": 4, "version": 2}}
    assert client.post(f"{HERE}/changes/policy/one/comment", body, format="json").status_code == 200
    [said] = client.get(f"{HERE}/policies/one/versions/2/comments").json()["results"]
    assert (said["line"], said["text"], said["user"]) == (4, "why?", "eli")
    stranger = client_of(cast.sam)
    for address in (
        "compare?from=1&to=2",
        "versions/2/comments",
        "versions/1/explanation",
        "versions/1/cases",
    ):
        assert stranger.get(f"{HERE}/policies/one/{address}").status_code == 404


def test_what_waits_for_a_person_is_listed(cast: Any) -> None:
    save(cast)
    admit(Change("submit", "policy", "acme", "one"), actor=by_hand(cast.pat))
    [row] = client_of(cast.eli).get(f"{HERE}/reviews").json()["results"]
    assert (row["policy"], row["version"], row["waits_for"]) == ("one", 1, "approve")
    assert client_of(cast.pat).get(f"{HERE}/reviews").json()["results"] == []


def test_an_update_of_the_library_is_read_and_taken_by_a_save(cast: Any) -> None:
    starter = next(iter(library.every().values()))
    fields = {**library.adopting(starter), "origin": {"starter": starter.identifier, "digest": "0" * 64}}
    admit(
        Change("save", "policy", "acme", "one", library.text_of(starter.identifier), fields=fields),
        actor=by_hand(cast.pat),
    )
    client = client_of(cast.pat)
    found = client.get(f"{HERE}/policies/one/update").json()
    assert found["starter"] == starter.identifier
    body = {"source": found["rego"], "fields": found["fields"]}
    assert client.post(f"{HERE}/changes/policy/one/save", body, format="json").status_code == 200
    assert client.get(f"{HERE}/policies/one/update").status_code == 404


V0 = 'package service\n\ndeny[msg] {\n  input.serviceEntity.tags.tier == "latest"\n  msg := "no latest"\n}\n'


def test_rego_from_elsewhere_is_read_over_rest_and_kept_by_a_save(cast: Any) -> None:
    client = client_of(cast.pat)
    files = {"a/no_latest.rego": V0, "b/broken.rego": "package x\n\ndeny["}
    found = client.post(f"{HERE}/drafts/policy/import", {"files": files}, format="json").json()["results"]
    good, broken = found
    assert (good["identifier"], good["entity"], good["was_v0"], good["problems"]) == (
        "no_latest",
        "service",
        True,
        [],
    )
    assert any("no latest" in s for s in good["understood"])
    assert broken["problems"][0]["line"]
    kept = client.post(
        f"{HERE}/changes/policy/{good['identifier']}/save",
        {"source": good["rego"], "fields": {"entity": good["entity"]}}, format="json",
    )  # fmt: skip
    assert kept.status_code == 200, kept.json()
    other = client_of(cast.dana).post(f"{HERE}/drafts/policy/import", {"files": files}, format="json")
    assert other.status_code in (403, 404)


@pytest.mark.parametrize(
    "files",
    [
        {"\x00.rego": V0},
        {"../" * 4000 + "a.rego": V0},
        {".rego": "", "//.rego": "", "x" * 500 + ".rego": V0},
    ],
)
def test_odd_paths_and_texts_are_answered(cast: Any, files: dict[str, str]) -> None:
    body = json.dumps({"files": files})
    found = client_of(cast.pat).post(f"{HERE}/drafts/policy/import", body, content_type="application/json")
    assert found.status_code in (200, 422), found.content
    if found.status_code == 200:
        assert all(len(f["identifier"]) <= 128 for f in found.json()["results"])


@pytest.mark.parametrize(
    "body", [{"files": {"\ud800.rego": V0}}, {"files": {"a.rego": "\ud800"}}, {"\ud800": 1}]
)
def test_half_a_character_in_a_body_is_refused(cast: Any, body: dict[str, Any]) -> None:
    found = client_of(cast.pat).post(
        f"{HERE}/drafts/policy/import", json.dumps(body), content_type="application/json"
    )
    assert found.status_code == 400
    assert "half of a character" in found.json()["detail"]


def test_a_starter_is_found_and_adopted_over_rest(cast: Any) -> None:
    client = client_of(cast.pat)
    found = client.get(f"{HERE}/library?entity=service").json()["results"]
    assert {s["entity"] for s in found} == {"service"}
    starter = client.get(f"{HERE}/library/{found[0]['identifier']}").json()
    adopted = {"source": starter["rego"], "fields": starter["fields"]}
    kept = client.post(f"{HERE}/changes/policy/adopted/save", adopted, format="json")
    assert kept.status_code == 200, kept.json()
    assert client.get(f"{HERE}/library/nothing").status_code == 404
    assert client_of(cast.sam).get(f"{HERE}/library").status_code == 404


def test_what_would_be_blocked_today_is_read_over_rest(cast: Any) -> None:
    found = client_of(cast.ada).get(f"{HERE}/standing")
    assert (found.status_code, found.json()["blocked"], found.json()["at"]) == (200, [], None)
    assert client_of(cast.ada).get(f"{HERE}/standing?colour=red").status_code == 422
    assert client_of(cast.sam).get(f"{HERE}/standing").status_code == 404


def test_a_set_somebody_wants_to_weaken_waits_for_who_may_confirm_it(cast: Any) -> None:
    save(cast)
    fields = {"entity": "service", "event": "onsave", "mode": "warn", "members": [{"policy": "one"}]}
    admit(Change("save", "policy_set", "acme", "basics", fields=fields), actor=by_hand(cast.pat))
    ask = {"do": "disable", "reason": "too loud"}
    admit(Change("request", "policy_set", "acme", "basics", fields=ask), actor=by_hand(cast.pat))
    [waits] = client_of(cast.eli).get(f"{HERE}/reviews").json()["sets"]
    assert (waits["identifier"], waits["reason"]) == ("basics", "too loud")
    assert client_of(cast.pat).get(f"{HERE}/reviews").json()["sets"] == []
    sent = {"fields": {"request": waits["id"]}}
    done = client_of(cast.eli).post(f"{HERE}/changes/policy_set/basics/confirm", sent, format="json")
    assert done.status_code == 200, done.json()
    assert client_of(cast.eli).get(f"{HERE}/reviews").json()["sets"] == []


def test_what_would_be_blocked_comes_in_pages_each_object_once(cast: Any) -> None:
    scope = Scope.objects.get(path="acme/shop/payments")
    since = timezone.now()
    for number in range(60):
        # Half of them since the same moment, as one sweep finds them.
        Standing.objects.create(
            scope=scope, kind="service", identifier=f"s{number:02}", status="error", at=since, revision="r",
            blocked_since=since + timedelta(seconds=max(0, number - 30)),
        )  # fmt: skip
    client = client_of(cast.ada)
    seen: list[str] = []
    found = client.get(f"{HERE}/standing?size=25").json()
    assert (found["total"], found["before"]) == (60, "")
    while True:
        seen += [row["identifier"] for row in found["blocked"]]
        if not found["after"]:
            break
        found = client.get(f"{HERE}/standing?size=25&after={found['after']}").json()
    assert seen == [f"s{number:02}" for number in range(60)]
    back = client.get(f"{HERE}/standing?size=25&before={found['before']}").json()
    assert [row["identifier"] for row in back["blocked"]] == [f"s{number:02}" for number in range(25, 50)]
    assert client.get(f"{HERE}/standing?after=xx").status_code == 422
    Sweep.objects.create(revision="r", state="done")
    client.logout()
    client.force_login(cast.ada)
    page = client.get("/s/acme/standing/").content.decode()
    assert page.count("data-object") == 25
    assert 'rel="next"' in page


def test_rego_of_before_is_sent_to_the_import(cast: Any) -> None:
    old = 'package service\n\ndeny[msg] { input.serviceEntity.name == "no"; msg := "no" }\n'
    sent = {"source": old, "fields": {"entity": "service"}}
    answer = client_of(cast.pat).post(f"{HERE}/changes/policy/old/save", sent, format="json")
    assert answer.status_code == 422
    assert "this is Rego v0" in answer.json()["problems"][0]["message"]
    broken = {**sent, "source": "package service\n\ndeny contains if\n"}
    answer = client_of(cast.pat).post(f"{HERE}/changes/policy/old/save", broken, format="json")
    assert "v0" not in answer.json()["problems"][0]["message"]


def test_names_in_use_are_all_that_are_in_use(cast: Any) -> None:
    scope = Scope.objects.get(path="acme")
    names = [Policy(scope=scope, identifier=f"p{number:03}", name=f"a{number:03}") for number in range(230)]
    Policy.objects.bulk_create([*names, Policy(scope=scope, identifier="zone", name="zone")])
    files = {"zone.rego": REGO}
    found = client_of(cast.ada).post(f"{HERE}/drafts/policy/import", {"files": files}, format="json").json()
    assert found["results"][0]["identifier"] == "zone_2"


def test_a_save_by_proposal_alone_saves_what_was_proposed(cast: Any) -> None:
    client = client_of(cast.pat)
    asked = {"text": "Services must have an owner tag."}
    drafted = client.post(f"{HERE}/ask/policy", asked, format="json").json()
    sent = {"proposal": drafted["proposal"], "fields": {"name": "Owned services"}}
    saved = client.post(f"{HERE}/changes/policy/owned/save", sent, format="json", HTTP_IDEMPOTENCY_KEY="once")
    assert saved.status_code == 200, saved.json()
    version = PolicyVersion.objects.get(policy__identifier="owned")
    assert (version.rego, version.request) == (drafted["rego"], asked["text"])
    assert (version.name, version.rule["entity"]) == ("Owned services", "service")
    assert [clause["code"] for clause in version.rule["clauses"]] == ["service-tag-owner"]
    again = client.post(f"{HERE}/changes/policy/owned/save", sent, format="json", HTTP_IDEMPOTENCY_KEY="once")
    assert again.json()["replayed"] is True


def test_a_proposal_is_saved_by_whom_it_was_made_for_and_as_what_it_is(cast: Any) -> None:
    asked = {"text": "Services must have an owner tag."}
    drafted = client_of(cast.pat).post(f"{HERE}/ask/policy", asked, format="json").json()
    sent = {"proposal": drafted["proposal"]}
    other = client_of(cast.eli).post(f"{HERE}/changes/policy/owned/save", sent, format="json")
    assert other.status_code == 404
    elsewhere = client_of(cast.pat).post(f"{HERE}/changes/pipeline/owned/save", sent, format="json")
    assert elsewhere.status_code == 404
    assert not Policy.objects.filter(identifier="owned").exists()


def test_a_draft_that_begins_like_another_has_a_name_of_its_own(cast: Any) -> None:
    client = client_of(cast.pat)

    def ask(text: str) -> str:
        return str(client.post(f"{HERE}/ask/policy", {"text": text}, format="json").json()["identifier"])

    first = ask("Services must have an owner tag.")
    save = {"source": REGO, "fields": {"entity": "service"}}
    assert client.post(f"{HERE}/changes/policy/{first}/save", save, format="json").status_code == 200
    assert ask("Services must have an owner tag.") == f"{first}_2"
