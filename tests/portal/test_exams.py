"""Exams: sat by command and in the background, and what they open: a model drafts only where it was admitted."""

from __future__ import annotations

import json
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from rest_framework.test import APIClient

from audit.models import AuditEvent
from governance.admission import admit
from governance.engines.opa_binary import OpaMissing
from governance.errors import Conflict, Denied, Invalid, NotFound
from governance.exam import query, sitting
from governance.exam.marking import Answer
from governance.kinds import Change
from governance.models import Exam, Scope
from governance.settings_kind import setting_for
from portal import tokens
from portal.assistant import candidates, chat
from portal.assistant.models.scripted import ScriptedModel
from portal.assistant.ports import ModelRefused, ModelUnavailable, Reply
from portal.management.commands.examiner import Stopped
from tests.model_server import Hang, model_server
from tests.people import PROJECT, by_hand

pytestmark = [pytest.mark.django_db, pytest.mark.opa]

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
OWNER = "Every service needs an owner tag."
CASES = [
    {"expect": "deny", "input": {"serviceEntity": {"name": "a"}}},
    {"expect": "allow", "input": {"serviceEntity": {"name": "a", "tags": {"owner": "ada"}}}},
]
WITHOUT = 'package service\n\ndeny contains "no owner" if not input.serviceEntity.tags.owner\n'
# asks for something else than was meant, and is right by its own examples
OTHER = 'package service\n\ndeny contains "no text" if not input.serviceEntity.description\n'
BROKEN = "package service\n\ndeny contains {{{"


def written(text: str) -> str:
    """Rego as a model answers it: with an example of either verdict."""
    good = {"name": "a", "tags": {"owner": "ada"}, "description": "text"}
    documents = [("deny", {"name": "a"}), ("allow", good)]
    examples = [
        {"name": verdict, "document": json.dumps({"serviceEntity": service}), "expect": verdict}
        for verdict, service in documents
    ]
    return json.dumps({"rego": text, "entity": "service", "examples": examples})


def rego(text: str) -> Reply:
    return Reply(written(text))


def item(key: str, **more: Any) -> str:
    return json.dumps({"id": key, "category": "service", "prompt": OWNER, "cases": CASES, **more})


def unclear(key: str) -> str:
    return json.dumps({"id": key, "prompt": "Make it all better.", "expect_clarify": True})


@pytest.fixture
def paper(tmp_path):
    """A file of exam items with the facts beside it."""

    def write(*lines: str) -> str:
        file = tmp_path / "exam.jsonl"
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")
        (tmp_path / "world.json").write_text("{}", encoding="utf-8")
        return str(file)

    return write


@pytest.fixture
def model(monkeypatch, settings):
    """A configured model that says what it is told to."""
    settings.OPENAI_MODEL, settings.OPENAI_BASE_URL = "scripted", "https://user:secret@llm.acme.example/v1"

    def says(*replies: Reply | Exception) -> ScriptedModel:
        made = ScriptedModel(replies)
        monkeypatch.setattr(chat, "model_in_use", lambda: made)
        return made

    says()
    return says


def exam(*words: str) -> dict[str, Any]:
    """The command's result; it is the newest row as well."""
    out = StringIO()
    call_command("exam", "policies", *words, "--json", stdout=out, stderr=StringIO())
    return json.loads(out.getvalue())


def sat(cast, *, right: bool = True) -> None:
    """A finished exam of the configured model, without asking it."""
    kept = sitting.enter(
        sitting.keep_paper(sitting.papers.shipped()), "model", scope=None, user=None, here=True
    )

    class Sure:
        def answer(self, prompt, facts, cancelled):
            return Answer("question" if right else "failure", said="?")

    sitting.go_on(kept, Sure())


def choose(cast, who: str, value: str, scope: str = PROJECT, **more: Any):
    fields = {"value": value, **more}
    return admit(
        Change("save", "setting", scope, "ai_model", fields=fields), actor=by_hand(getattr(cast, who))
    )


# --- the command --------------------------------------------------------------------------------


def test_the_planner_sits_a_file_and_the_result_is_kept(paper):
    found = exam(paper(item("one"), item("two", prompt="Bongle every frob."), unclear("three")))
    assert (found["right"], found["items"], found["wrong_drafts"], found["questions"]) == (2, 3, 0, 2)
    assert [m["right"] for m in found["marks"]] == [True, False, True]
    row = Exam.objects.get()
    assert (row.state, row.candidate, row.model, row.scope, row.requested_by) == (
        "done",
        "planner",
        "",
        None,
        None,
    )
    assert [c["name"] for c in row.categories] == ["service", "to be asked"]
    event = AuditEvent.objects.get(action="exam.finish")
    assert json.loads(event.data)["score"]["right"] == 2


def test_a_model_with_known_faults_gets_the_score_it_deserves(paper, model):
    model(
        rego(WITHOUT),  # right
        rego(OTHER),  # wrong
        Reply('{"question": "Which owner?"}'),  # asks what could be decided
        ModelRefused("the model will not answer this"),
        *[rego(BROKEN)] * 4,  # still broken after three corrections
        rego(BROKEN), rego(WITHOUT),  # right in the second round
        ModelUnavailable("scripted did not answer in time"),  # hangs
        RuntimeError("a fault of ours"),
        Reply('{"question": "Better in which way?"}'),  # asks what has to be asked
    )  # fmt: skip
    found = exam(paper(*[item(f"i{n}") for n in range(8)], unclear("u")), "--model")
    assert [(m["given"], m["right"], m["rounds"]) for m in found["marks"]] == [
        ("draft", True, 1),
        ("draft", False, 1),
        ("question", False, 1),
        ("refusal", False, 1),
        ("failure", False, 4),
        ("draft", True, 2),
        ("failure", False, 1),
        ("failure", False, 1),
        ("question", True, 1),
    ]
    counted = {k: found[k] for k in ("right", "wrong_drafts", "questions", "refusals", "failures", "rounds")}
    assert counted == {
        "right": 3, "wrong_drafts": 1, "questions": 2, "refusals": 1, "failures": 3, "rounds": 13,
    }  # fmt: skip
    assert (found["model"], found["endpoint"]) == ("scripted", "llm.acme.example")
    assert "did not answer in time" in found["marks"][6]["why"]
    assert "a fault of ours" in found["marks"][7]["why"]


def test_the_time_an_answer_took_is_counted_also_when_none_came(paper, model, monkeypatch):
    clock = iter(range(0, 10_000, 5))
    monkeypatch.setattr(sitting.time, "monotonic", lambda: float(next(clock)))
    model(ModelUnavailable("too slow"))
    found = exam(paper(item("one")), "--model")
    assert found["failures"] == 1
    assert found["took_ms"] >= 5000


def test_a_model_that_hangs_costs_its_item_and_its_time_and_the_exam_goes_on(paper, settings):
    with model_server() as server:
        settings.OPENAI_BASE_URL, settings.OPENAI_MODEL = server.address, "double"
        settings.ASSISTANT_DEADLINE_S = 1
        server.answers += [Hang, written(WITHOUT), 500]
        found = exam(paper(item("one"), item("two"), item("three")), "--model")
    assert [(m["given"], m["right"]) for m in found["marks"]] == [
        ("failure", False),
        ("draft", True),
        ("failure", False),
    ]
    assert 900 <= found["marks"][0]["took_ms"] < 10_000
    assert (found["model"], found["failures"]) == ("double", 2)
    assert f"http://{found['endpoint']}/v1" == server.address


def test_a_named_person_sits_it_for_their_account(cast, paper):
    exam(paper(item("one")), "--user", "ada")
    row = Exam.objects.get()
    assert (row.scope.path, row.requested_by) == ("acme", cast.ada)
    assert AuditEvent.objects.get(action="exam.sit").actor_name == "ada"


def test_somebody_who_does_not_administer_the_account_is_refused(cast, paper):
    with pytest.raises(CommandError, match="administer_setting"):
        exam(paper(item("one")), "--user", "dana")
    assert not Exam.objects.exists()


def test_the_facts_of_a_scope_are_asked_about_as_a_person_sees_them(cast, paper):
    found = exam(paper(item("one")), "--user", "ada", "--scope", "acme")
    world = Exam.objects.get().paper.world
    assert found["right"] == 1
    assert [g["identifier"] for g in world["user_groups"]] == ["security_team"]


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["--model"], "no model is configured"),
        (["nowhere.jsonl"], "world.json|--world|No such file"),
        (["--scope", "acme"], "--scope needs --user"),
        (["--user", "nobody"], "no active user"),
    ],
)
def test_wrong_usage_says_what_is_missing(words, why):
    with pytest.raises(CommandError, match=why):
        exam(*words)


def test_the_same_exam_is_kept_once_and_can_be_sat_again(paper):
    file = paper(item("one"))
    exam(file), exam(file)
    assert len({e.paper_id for e in Exam.objects.all()}) == 1


# --- in the background --------------------------------------------------------------------------


def ask_for(cast, candidate: str = "planner", who: str = "ada", scope: str = "acme", **fields: Any) -> str:
    change = Change("sit", "exam", scope, candidate, fields=fields)
    return str(admit(change, actor=by_hand(getattr(cast, who))).data["exam"])


def test_a_worker_sits_it_in_turns_and_goes_on_where_it_stopped(cast):
    key = ask_for(cast)
    assert sitting.waiting("planner") == [key]
    assert sitting.work(key, candidates.candidate_for, seconds=0.2) == "queued"
    first = Exam.objects.get().done
    assert 0 < first < 35
    assert sitting.work(key, candidates.candidate_for, seconds=600) == "done"
    row = Exam.objects.get()
    assert (row.done, row.marks.count()) == (35, 35)
    assert sitting.work(key, candidates.candidate_for) == ""
    assert sitting.waiting("planner") == []


def test_one_whose_worker_died_is_taken_up_and_the_dead_ones_answer_is_not_taken(cast):
    key = ask_for(cast)
    rows = Exam.objects.filter(pk=key)
    assert sitting.work(key, candidates.candidate_for, seconds=0.1) == "queued"
    rows.update(state="running", turn=7)
    dead = Exam.objects.select_related("paper", "scope").get()
    assert sitting.waiting("planner") == []
    rows.update(touched_at=timezone.now() - sitting.silent_after() - timedelta(seconds=1))
    assert sitting.waiting("planner") == [key]
    assert sitting.work(key, candidates.candidate_for, seconds=0.1) == "queued"
    before = rows.get().done
    assert sitting.go_on(dead, candidates.Planner()) == "queued"
    assert rows.get().done == before


def test_one_that_nobody_can_go_on_with_ends_as_failed(cast, model):
    key = ask_for(cast, "model")
    rows = Exam.objects.filter(pk=key)
    long_ago = timezone.now() - sitting.silent_after() - sitting.GIVEN_UP_AFTER
    rows.update(touched_at=long_ago - timedelta(seconds=1))
    assert sitting.give_up() == 0
    rows.update(state="running")
    assert sitting.give_up() == 1
    assert rows.get().state == "failed"
    assert "fell silent" in rows.get().reason
    ask_for(cast, "model")


def test_where_nothing_can_be_marked_the_exam_ends_with_the_reason(cast, monkeypatch):
    def missing(item, answer):
        raise OpaMissing("No opa was found.")

    monkeypatch.setattr(sitting, "mark", missing)
    assert sitting.work(ask_for(cast), candidates.candidate_for) == "failed"
    assert "No opa was found." in Exam.objects.get().reason


def test_an_answer_that_no_database_could_keep_is_one_mark_like_any_other(paper, model):
    model(Reply(json.dumps({"question": "Which \x00 one?"})), rego("package a\x00\n\ndeny contains 1\n"))
    found = exam(paper(item("one"), item("two")), "--model")
    assert found["items"] == len(found["marks"]) == 2
    assert found["right"] == 0


def test_it_can_be_cancelled_while_somebody_thinks(cast):
    key = ask_for(cast)
    actor = by_hand(cast.ada)

    class Slow:
        def answer(self, prompt, facts, cancelled):
            admit(Change("cancel", "exam", "acme", "planner", fields={"exam": key}), actor=actor)
            return Answer("question")

    assert sitting.work(key, lambda candidate, model: Slow()) == "cancelled"
    assert (Exam.objects.get().state, Exam.objects.get().done) == ("cancelled", 0)
    with pytest.raises(Conflict, match="no such exam"):
        admit(Change("cancel", "exam", "acme", "planner"), actor=actor)


def test_the_examiner_sits_what_waits_for_the_model_and_no_worker_does(cast, model):
    key = ask_for(cast, "model")
    assert sitting.waiting("planner") == []
    model(*[Reply('{"question": "Which one?"}')] * 35)
    call_command("examiner", "--once")
    while Exam.objects.get(pk=key).state == "queued":
        call_command("examiner", "--once")
    row = Exam.objects.get()
    assert (row.state, row.questions, row.right, row.model) == ("done", 35, 4, "scripted")


def test_an_examiner_told_to_stop_lays_the_exam_down(cast):
    key = ask_for(cast)

    class Told:
        def answer(self, prompt, facts, cancelled):
            raise Stopped

    with pytest.raises(Stopped):
        sitting.work(key, lambda candidate, model: Told())
    assert (Exam.objects.get().state, Exam.objects.get().done) == ("queued", 0)


def test_a_model_that_is_not_configured_any_more_ends_the_exam_with_the_reason(cast, model, monkeypatch):
    key = ask_for(cast, "model")
    monkeypatch.setattr(chat, "model_in_use", lambda: None)
    assert sitting.work(key, candidates.candidate_for) == "failed"
    assert "not the model this installation asks" in Exam.objects.get().reason


def test_one_is_sat_at_a_time_by_administrators_of_the_account(cast, model):
    ask_for(cast)
    with pytest.raises(Conflict, match="already"):
        ask_for(cast)
    with pytest.raises(Denied):
        ask_for(cast, who="pat")
    with pytest.raises(Invalid, match="for an account"):
        ask_for(cast, scope="acme/shop")
    with pytest.raises(Invalid, match="who sits"):
        ask_for(cast, "gpt")
    with pytest.raises(NotFound):
        ask_for(cast, "model", paper="00000000-0000-4000-8000-000000000000")
    ask_for(cast, "model")


def test_without_a_model_none_can_be_sent_in(cast):
    with pytest.raises(Invalid, match="no model is configured"):
        ask_for(cast, "model")


def test_strangers_see_no_exam_and_colleagues_do(cast):
    key = ask_for(cast)
    assert query.one(by_hand(cast.ada), key).paper == "the shipped exam"
    with pytest.raises(NotFound):
        query.one(by_hand(cast.sam), key)
    with pytest.raises(NotFound):
        query.one(by_hand(cast.ada), "no-id")


# --- admission ----------------------------------------------------------------------------------


def test_a_model_is_admitted_only_after_it_sat(cast, model):
    with pytest.raises(Invalid, match="has not sat an exam"):
        choose(cast, "ada", "scripted")
    sat(cast)
    done = choose(cast, "ada", "scripted")
    assert "of 35 right" in done.data["because"]
    assert setting_for(Scope.objects.get(path=PROJECT), "ai_model").value == "scripted"
    assert "of 35 right" in str(AuditEvent.objects.filter(action="setting.save").latest("recorded_at").data)


def test_exactly_that_model_must_have_sat_and_have_answered(cast, model):
    sat(cast, right=False)
    with pytest.raises(Invalid, match="no usable answer to any"):
        choose(cast, "ada", "scripted")
    sat(cast)
    with pytest.raises(Invalid, match="has not sat an exam"):
        choose(cast, "ada", "scripted-2")


def test_a_cancelled_exam_opens_nothing(cast, model):
    key = ask_for(cast, "model")
    sitting.cancel(Exam.objects.get(pk=key))
    with pytest.raises(Invalid, match="has not sat an exam"):
        choose(cast, "ada", "scripted")


def test_the_decision_is_inherited_and_can_be_locked(cast, model):
    sat(cast)
    choose(cast, "ada", "scripted", "acme")
    assert setting_for(Scope.objects.get(path=PROJECT), "ai_model").inherited
    choose(cast, "ada", "", PROJECT)
    assert setting_for(Scope.objects.get(path=PROJECT), "ai_model").value == ""
    choose(cast, "ada", "", "acme", locked=True)
    with pytest.raises(Denied, match="locked"):
        choose(cast, "ada", "scripted", PROJECT)
    with pytest.raises(Denied):
        choose(cast, "dana", "scripted", PROJECT)


def test_a_configured_model_is_not_asked_until_it_is_admitted(cast, stub_gate, model, settings):
    asked = model(rego(WITHOUT), Reply('{"question": "Which?"}'))
    before = chat.policy(by_hand(cast.dana), PROJECT, OWNER)
    assert (before.by, asked.asked) == ("planner", [])
    assert before.proposal
    assert "scripted is not admitted to acme/shop/payments" in before.notes[-1]
    built = chat.pipeline(by_hand(cast.dana), PROJECT, "Build me a pipeline for our Java service.")
    assert (built.by, asked.asked) == ("planner", [])
    assert "is not admitted" in built.notes
    sat(cast)
    choose(cast, "ada", "scripted")
    after = chat.policy(by_hand(cast.dana), PROJECT, OWNER)
    assert after.by == "scripted"
    assert len(asked.asked) == 1
    assert not any("is not admitted" in note for note in after.notes)
    # The same name at another address is another model.
    settings.OPENAI_BASE_URL = "https://elsewhere.example/v1"
    moved = chat.policy(by_hand(cast.dana), PROJECT, OWNER)
    assert (moved.by, len(asked.asked)) == ("planner", 1)
    assert "scripted sat no exam at elsewhere.example" in moved.notes[-1]


def test_without_a_model_nothing_is_said_about_one(cast, stub_gate):
    assert chat.policy(by_hand(cast.dana), PROJECT, OWNER).notes == []


def test_a_fix_nobody_found_says_why_the_model_was_not_asked(cast, stub_gate, model):
    asked = model()
    stub_gate.bind("never", lambda document: ["nothing is ever good enough"], kind="pipeline")
    source = "pipeline:\n  identifier: ship\n  name: Ship\n  stages: []\n"
    found = chat.fix(by_hand(cast.dana), PROJECT, identifier="ship", source=source)
    assert not found.proposal
    assert "is not admitted" in found.question
    assert asked.asked == []


# --- pages and API ------------------------------------------------------------------------------


def enter(client: Any, cast: Any, name: str) -> None:
    client.force_login(getattr(cast, name), backend=BACKEND)


def test_the_page_has_one_sat_shows_the_scores_and_admits_the_model(client, cast, model):
    enter(client, cast, "ada")
    page = client.get("/s/acme/settings/ai/").content.decode()
    assert "Nobody has sat an exam yet" in page
    assert "has not sat an exam, so it cannot be admitted" in page
    refused = client.post("/s/acme/settings/ai/", {"setting": "ai_model", "value": "scripted"})
    assert refused.status_code == 422
    assert "has not sat an exam" in refused.content.decode()
    assert client.post("/s/acme/settings/ai/exams/", {"candidate": "planner"}).status_code == 302
    assert "waits to be taken up" in client.get("/s/acme/settings/ai/exams/").content.decode()
    again = client.post(
        "/s/acme/settings/ai/exams/", {"candidate": "planner"}, headers={"HX-Request": "true"}
    )
    assert again.status_code == 409
    assert "already" in again.content.decode()
    key = str(Exam.objects.get().pk)
    polled = {"HX-Request": "true"}
    assert "HX-Refresh" not in client.get("/s/acme/settings/ai/exams/", headers=polled).headers
    sitting.work(key, candidates.candidate_for, seconds=600)
    assert client.get("/s/acme/settings/ai/exams/", headers=polled).headers["HX-Refresh"] == "true"
    sat(cast)
    page = client.get("/s/acme/settings/ai/").content.decode()
    assert "Planner" in page
    assert "of 35 right" in page
    detail = client.get(f"/s/acme/settings/ai/exams/{key}").content.decode()
    assert "Not right:" in detail
    assert "could be decided, and was not" in detail
    assert "Make our pipelines more secure." in detail
    assert (
        client.post("/s/acme/settings/ai/", {"setting": "ai_model", "value": "scripted"}).status_code == 302
    )
    assert "scripted may draft in Acme" in client.get("/s/acme/settings/ai/").content.decode()


def test_people_who_may_not_decide_see_the_scores_and_no_buttons(client, cast, model):
    sat(cast)
    enter(client, cast, "cora")
    page = client.get("/s/acme/settings/ai/").content.decode()
    assert "0 of 35" not in page
    assert "4 of 35" in page
    assert "Save who may draft" not in page
    assert "with the planner" not in page
    assert client.post("/s/acme/settings/ai/exams/", {"candidate": "planner"}).status_code == 403


def test_a_hostile_category_and_name_stay_text(client, cast, paper):
    exam(paper(item("<script>alert(1)</script>", category="<img src=x>", prompt="Bongle <b>it</b>.")))
    enter(client, cast, "ada")
    key = str(Exam.objects.get().pk)
    page = client.get(f"/s/acme/settings/ai/exams/{key}").content.decode()
    assert "<img src=x>" not in page
    assert "<script>alert" not in page
    assert "<b>it</b>" not in page
    assert "&lt;img src=x&gt;" in page


def test_the_api_lists_starts_and_reads_exams_and_admits_a_model(cast, model):
    _, secret = tokens.create(by_hand(cast.ada), "tests", 1)
    api = APIClient()
    api.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")
    assert api.get("/api/v1/scopes/acme/exams").json()["papers"] == [
        {"id": "", "name": "the shipped exam", "items": 35}
    ]
    made = api.post("/api/v1/scopes/acme/changes/exam/planner/sit", {}, format="json")
    assert made.status_code == 200, made.content
    key = made.json()["data"]["exam"]
    sitting.work(key, candidates.candidate_for, seconds=600)
    (listed,) = api.get("/api/v1/scopes/acme.shop/exams").json()["results"]
    assert (listed["id"], listed["state"], listed["who"]) == (key, "done", "Planner")
    one = api.get(f"/api/v1/exams/{key}").json()
    assert len(one["marks"]) == 35
    setting = "/api/v1/scopes/acme/changes/setting/ai_model/save"
    refused = api.post(setting, {"fields": {"value": "scripted"}}, format="json")
    assert (refused.status_code, refused.json()["refused"]) == (422, "invalid")
    sat(cast)
    assert api.post(setting, {"fields": {"value": "scripted"}}, format="json").status_code == 200
    told = api.get("/api/v1/scopes/acme.shop/exams").json()["model"]
    assert told == {"configured": "scripted", "admitted": "scripted", "decided_in": "acme", "locked": False}
    here = api.post("/api/v1/scopes/acme/changes/exam/planner/sit", {"fields": {"here": True}}, format="json")
    assert here.status_code == 422
