"""A model's policy passes the checks every draft has; what does not is never shown; where it differs is said."""

from __future__ import annotations

import json
from typing import Any

import pytest

from governance.authoring.compile import standalone
from governance.authoring.facts import Facts
from governance.authoring.judge import judge
from governance.authoring.planner import Draft, plan
from governance.authoring.rule import Rule
from governance.engines import opa_cli
from governance.models import Proposal
from portal.assistant import chat
from portal.assistant.models.scripted import ScriptedModel
from portal.assistant.ports import Reply
from tests.people import by_hand

pytestmark = [pytest.mark.django_db, pytest.mark.opa]

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
OWNER = "Every service needs an owner tag."
RIGHT = 'package service\n\ndeny contains "no owner" if not input.serviceEntity.tags.owner\n'
NEVER = 'package service\n\ndeny contains "no owner" if input.serviceEntity.nosuchfield == 1\n'
EXAMPLES = [("deny", {"name": "a"}), ("allow", {"name": "a", "tags": {"owner": "ada"}})]


def rego(text: str, *examples: tuple[str, Any]) -> Reply:
    given = [
        {"name": f"{n} {verdict}", "document": json.dumps({"serviceEntity": service}), "expect": verdict}
        for n, (verdict, service) in enumerate(examples)
    ]
    return Reply(json.dumps({"rego": text, "entity": "service", "examples": given}))


def rule_of(text: str) -> Rule:
    planned = plan(text, Facts())
    assert isinstance(planned, Draft)
    return planned.rule


def rule(text: str) -> Reply:
    return Reply(json.dumps({"rule": rule_of(text).model_dump(mode="json")}))


@pytest.fixture
def ask(cast: Any, monkeypatch: Any) -> Any:
    def asked(*replies: Reply, text: str = OWNER) -> tuple[Any, ScriptedModel]:
        model = ScriptedModel(replies)
        monkeypatch.setattr(chat, "model_here", lambda path: (model, ""))
        return chat.policy(by_hand(cast.pat), "acme", text), model

    return asked


def said(model: ScriptedModel, turn: int) -> str:
    return str(model.asked[turn][-1]["content"])


def test_where_planner_and_model_differ_the_document_is_there_with_both_verdicts(ask: Any) -> None:
    drafted, _ = ask(rule("Every service needs a team tag."))
    apart = drafted.disagreement
    assert apart["planner"] != apart["model"]
    theirs = Rule.model_validate(drafted.fields["rule"])
    assert bool(judge(theirs, apart["document"])) is (apart["model"] == "deny")
    assert bool(judge(rule_of(OWNER), apart["document"])) is (apart["planner"] == "deny")
    decided = [bool(x) for x in opa_cli.evaluate(standalone(theirs), [apart["document"]])]
    assert decided == [apart["model"] == "deny"]


def test_the_page_shows_that_document(client: Any, cast: Any, ask: Any, monkeypatch: Any) -> None:
    model = ScriptedModel([rule("Every service needs a team tag.")])
    monkeypatch.setattr(chat, "model_here", lambda path: (model, ""))
    client.force_login(cast.pat, backend=BACKEND)
    page = client.post("/s/acme/describe/policy", {"text": OWNER, "do": "read"}).content.decode()
    assert "The planner reads it otherwise" in page
    assert "refuses this document" in page
    assert "lets it pass" in page


def test_where_they_agree_nothing_is_said(ask: Any) -> None:
    drafted, _ = ask(rule(OWNER))
    assert drafted.by == "scripted"
    assert drafted.disagreement == {}


def test_a_models_rule_has_codes_whether_or_not_it_thought_of_them(ask: Any) -> None:
    plain = rule_of(OWNER).model_dump(mode="json")
    plain["clauses"][0]["code"] = ""
    drafted, _ = ask(Reply(json.dumps({"rule": plain})))
    assert [clause["code"] for clause in drafted.fields["rule"]["clauses"]] == ["service-tag-owner"]
    assert '"code": "service-tag-owner"' in drafted.rego


def test_rego_comes_with_an_example_of_either_verdict_or_goes_back(ask: Any) -> None:
    drafted, model = ask(rego(RIGHT), rego(RIGHT, EXAMPLES[0]), rego(RIGHT, *EXAMPLES))
    assert "needs examples" in said(model, 1)
    assert "needs examples" in said(model, 2)
    assert drafted.by == "scripted"
    assert drafted.fields["entity"] == "service"
    assert [c.verdict for c in drafted.cases] == ["deny", "allow"]
    kept = Proposal.objects.get(pk=drafted.proposal)
    assert len(kept.fields["cases"]) == 2


def test_an_example_that_opa_decides_otherwise_goes_back(ask: Any) -> None:
    turned = [("allow", EXAMPLES[0][1]), ("deny", EXAMPLES[1][1])]
    _, model = ask(rego(RIGHT, *turned), rego(RIGHT, *EXAMPLES))
    assert "0 allow (expected allow, is deny)" in said(model, 1)


def test_what_stays_broken_after_three_corrections_is_not_shown(ask: Any) -> None:
    dead = 'deny contains "never" if input.serviceEntity.serviceDefinition.type == "Kubernets"'
    tries = [rego(NEVER, *EXAMPLES)] + [rego(f"{RIGHT}\n{dead}\n", *EXAMPLES)] * 3
    drafted, model = ask(*tries)
    assert len(model.asked) == 4
    assert "does not decide its own examples" in said(model, 1)
    assert "is never 'Kubernets'" in said(model, 2)
    assert drafted.by == "planner"
    assert any("after 4 corrections" in n or "no usable answer" in n for n in drafted.notes)
    assert all(row.ai["mode"] == "deterministic" for row in Proposal.objects.all())


def test_hand_written_rego_is_held_against_the_planner_too(ask: Any) -> None:
    text = 'package service\n\ndeny contains "no team" if not input.serviceEntity.tags.team\n'
    good = {"name": "a", "tags": {"owner": "ada", "team": "core"}}
    drafted, _ = ask(rego(text, ("deny", {"name": "a"}), ("allow", good)))
    assert drafted.disagreement["planner"] != drafted.disagreement["model"]
