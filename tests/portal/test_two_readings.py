"""A request with two readings: asked with the document they differ on, chosen by a click or a field, kept."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from governance import proposals
from governance.authoring.judge import judge
from governance.authoring.rule import Rule
from governance.models import PolicyVersion, Proposal
from portal.assistant import chat
from portal.assistant.models.scripted import ScriptedModel
from tests.people import by_hand

pytestmark = [pytest.mark.django_db, pytest.mark.opa]

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
OPEN = "Services must have an owner tag and must have a description unless the name starts with test-."
PAGE = "/s/acme/describe/policy"
ASK = "/api/v1/scopes/acme/ask/policy"
ROOT = Path(__file__).parents[2]


@pytest.fixture
def pat(client: Any, cast: Any) -> Any:
    client.force_login(cast.pat, backend=BACKEND)
    return client


def ways(page: str) -> list[str]:
    return re.findall(r'name="choose" value="([0-9a-f.]+)"', page)


def test_the_page_shows_the_document_and_a_click_drafts_that_reading(pat: Any, cast: Any) -> None:
    asked = pat.post(PAGE, {"text": OPEN, "do": "read"}).content.decode()
    assert "refuses this document" in asked
    assert "lets it pass" in asked
    assert "Two readings: one has to be chosen." in asked
    assert "test-" in asked
    assert not Proposal.objects.exists()
    options = chat.policy(by_hand(cast.pat), "acme", OPEN).options
    assert ways(asked) == [o["choose"] for o in options]
    for option in options:
        drafted = pat.post(PAGE, {"text": OPEN, "choose": option["choose"], "do": "choose"}).content.decode()
        assert "Draft, not saved" in drafted
        assert f"Chosen of two readings: {option['label']}" in drafted
        kept = Proposal.objects.latest("created_at")
        assert kept.fields["rule"] == option["rule"]
        assert kept.ai["request"] == OPEN
        assert kept.ai["mode"] == "deterministic"
        assert kept.notes["choose"] == option["choose"]


def test_a_saved_draft_keeps_what_was_chosen(pat: Any, cast: Any, stub_gate: Any) -> None:
    option = chat.policy(by_hand(cast.pat), "acme", OPEN).options[1]
    pat.post(PAGE, {"text": OPEN, "choose": option["choose"], "do": "choose"})
    kept = proposals.waiting(by_hand(cast.pat))[0]
    saved = {"do": "save", "proposal": kept.id, "identifier": kept.identifier, "name": "Chosen", "key": "k1"}
    assert pat.post(PAGE, saved).status_code == 302
    version = PolicyVersion.objects.get()
    assert version.request == OPEN
    assert version.rule == option["rule"]
    assert any(option["label"] in row["meaning"] for row in version.reading)


def test_a_choice_is_looked_up_in_the_request_and_never_believed(pat: Any) -> None:
    page = pat.post(PAGE, {"text": OPEN, "choose": "0123456789ab", "do": "choose"}).content.decode()
    assert "not offered for this request any more" in page
    assert len(ways(page)) == 2
    assert not Proposal.objects.exists()


def test_the_api_offers_the_readings_and_takes_one(pat: Any) -> None:
    asked = pat.post(ASK, {"text": OPEN}, content_type="application/json").json()
    assert asked["question"]
    assert [o["verdict"] for o in asked["options"]] in (["deny", "allow"], ["allow", "deny"])
    for option in asked["options"]:
        assert option["explanation"]
        denies = bool(judge(Rule.model_validate(option["rule"]), option["witness"]))
        assert denies is (option["verdict"] == "deny")
        more = {"text": OPEN, "choose": option["choose"]}
        drafted = pat.post(ASK, more, content_type="application/json").json()
        assert drafted["fields"]["rule"] == option["rule"]
        assert drafted["chosen"][0]["label"] == option["label"]
        assert drafted["proposal"]
    wrong = pat.post(ASK, {"text": OPEN, "choose": "A"}, content_type="application/json")
    assert wrong.status_code == 400 or wrong.status_code == 422


def test_a_model_is_not_asked_to_guess_between_two_readings(cast: Any, monkeypatch: Any) -> None:
    model = ScriptedModel([])
    monkeypatch.setattr(chat, "model_here", lambda path: (model, ""))
    asked = chat.policy(by_hand(cast.pat), "acme", OPEN)
    assert len(asked.options) == 2
    drafted = chat.policy(by_hand(cast.pat), "acme", OPEN, choose=asked.options[0]["choose"])
    assert drafted.by == "planner"
    assert drafted.proposal
    assert model.asked == []


def test_the_command_lists_the_readings_and_takes_a_choice(tmp_path: Path) -> None:
    world = tmp_path / "world.json"
    world.write_text("{}")

    def draft(**question: str) -> dict[str, Any]:
        env = {name: os.environ[name] for name in ("PATH", "OPA_BIN", "HOME") if name in os.environ}
        done = subprocess.run(
            [sys.executable, str(ROOT / "manage.py"), "draft", "policy", "--world", str(world)],
            input=json.dumps({"id": "1", "prompt": OPEN, **question}) + "\n",
            capture_output=True, text=True, env=env, cwd=ROOT, timeout=120, check=True,
        )  # fmt: skip
        return dict(json.loads(done.stdout))

    asked = draft()
    assert asked["outcome"] == "clarify"
    assert "A. For all that is asked: " in asked["question"]
    assert "B. Only for the last: " in asked["question"]
    drafted = draft(choose=asked["options"][1]["choose"])
    assert drafted["outcome"] == "policy"
    assert "package" in drafted["rego"]
