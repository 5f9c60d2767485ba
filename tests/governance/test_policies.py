"""Kind policy: who may do what with whose text, and what an approval is worth after a change."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone

from governance import policy_checks
from governance.admission import admit
from governance.errors import Blocked, Conflict, Denied, Invalid, NotFound
from governance.kinds import Change, text_digest
from governance.models import GateState, Policy, PolicyVersion, Proposal, Scope
from governance.proposals import propose
from tests.people import by_hand, weaken

REGO = """package pipeline

deny contains "no stages" if count(input.pipeline.stages) == 0
"""
OTHER = REGO.replace("no stages", "a pipeline needs stages")

pytestmark = [pytest.mark.usefixtures("stub_gate"), pytest.mark.opa]


@pytest.fixture
def do(cast: SimpleNamespace) -> Any:
    """do("pat", "save", source=…): one change to the policy `stages` at acme."""

    def _do(who: str, verb: str, *, identifier: str = "stages", **more: Any) -> Any:
        change = Change(verb, "policy", "acme", identifier, **more)
        return admit(change, actor=by_hand(getattr(cast, who)))

    return _do


def state(number: int, identifier: str = "stages") -> str:
    return str(PolicyVersion.objects.get(policy__identifier=identifier, number=number).state)


def put_in_force(do: Any, **more: Any) -> None:
    do("pat", "save", source=REGO, **more)
    do("pat", "submit", **more)
    do("eli", "approve", **more)
    do("eli", "activate", **more)


def test_a_policy_goes_from_draft_to_active_through_two_people(do: Any) -> None:
    assert do("pat", "save", source=REGO).version == "1"
    assert do("pat", "submit").data["state"] == "in_review"
    assert do("eli", "approve").data["state"] == "approved"
    assert do("eli", "activate").data["state"] == "active"
    assert GateState.objects.get(name="unbuilt").dirty == 1


def test_the_author_may_neither_approve_nor_activate_even_with_every_right(do: Any) -> None:
    do("ada", "save", source=REGO)
    do("ada", "submit")
    with pytest.raises(Denied, match="you wrote it"):
        do("ada", "approve")
    do("eli", "approve")
    with pytest.raises(Denied, match="you wrote it"):
        do("ada", "activate")


def test_a_co_editor_may_not_approve_what_grew_out_of_their_text(do: Any) -> None:
    do("eli", "save", source=REGO)
    do("pat", "save", source=OTHER)
    do("pat", "submit")
    with pytest.raises(Denied, match="edited or prompted"):
        do("eli", "approve")


def test_whoever_wrote_the_same_text_under_another_name_may_not_approve_it(do: Any) -> None:
    do("eli", "save", source=REGO, identifier="copied_from")
    do("pat", "save", source=REGO)
    do("pat", "submit")
    with pytest.raises(Denied):
        do("eli", "approve")


def test_whoever_prompted_the_text_may_not_approve_it_though_another_saved_it(
    do: Any, cast: SimpleNamespace
) -> None:
    Proposal.objects.create(
        user=cast.eli,
        scope=Scope.objects.get(path="acme"),
        kind="policy",
        identifier="stages",
        content=REGO,
        content_sha256=text_digest(REGO),
        ai={"mode": "deterministic"},
        expires_at=timezone.now(),
    )
    do("pat", "save", source=REGO)
    do("pat", "submit")
    with pytest.raises(Denied):
        do("eli", "approve")
    assert Policy.objects.get(identifier="stages").ai_generated, "a pasted copy keeps its AI label"


def test_an_edit_ends_the_approval(do: Any) -> None:
    do("pat", "save", source=REGO)
    do("pat", "submit")
    do("eli", "approve")
    do("pat", "save", source=OTHER)
    assert (state(1), state(2)) == ("retired", "draft")
    with pytest.raises(Conflict, match="no approved version"):
        do("eli", "activate")
    with pytest.raises(Conflict, match="not approved"):
        do("eli", "activate", fields={"version": 1})


def test_an_approval_counts_only_for_the_text_that_was_seen(do: Any) -> None:
    do("pat", "save", source=REGO)
    do("pat", "submit")
    with pytest.raises(Conflict, match="something else than what was reviewed"):
        do("eli", "approve", fields={"content_sha256": text_digest(OTHER)})
    do("eli", "approve", fields={"content_sha256": text_digest(REGO)})


def test_a_text_changed_behind_the_approval_cannot_be_activated(do: Any) -> None:
    do("pat", "save", source=REGO)
    do("pat", "submit")
    do("eli", "approve")
    PolicyVersion.objects.update(content_sha256=text_digest(OTHER), rego=OTHER)
    with pytest.raises(Conflict, match="no valid approval"):
        do("eli", "activate")


def test_an_approver_who_left_no_longer_counts(do: Any, cast: SimpleNamespace) -> None:
    do("pat", "save", source=REGO)
    do("pat", "submit")
    do("eli", "approve")
    cast.eli.is_active = False
    cast.eli.save()
    with pytest.raises(Conflict, match="no valid approval"):
        do("ada", "activate")


def test_request_changes_takes_an_approved_version_back(do: Any) -> None:
    do("pat", "save", source=REGO)
    do("pat", "submit")
    do("eli", "approve")
    do("eli", "request_changes", fields={"comment": "name the stage"})
    assert state(1) == "draft"
    do("pat", "submit")
    with pytest.raises(Conflict):
        do("eli", "activate")


def test_a_new_version_replaces_the_active_one_and_the_old_one_may_come_back(do: Any) -> None:
    put_in_force(do)
    do("pat", "save", source=OTHER)
    do("pat", "submit")
    do("eli", "approve")
    do("eli", "activate")
    assert (state(1), state(2)) == ("retired", "active")
    with pytest.raises(Denied, match="not bring version 1 of stages back alone"):
        do("eli", "activate", fields={"version": 1})
    do("ada", "activate", fields={"version": 1})
    assert (state(1), state(2)) == ("active", "retired")


def test_a_policy_is_called_what_its_version_in_force_is_called(do: Any) -> None:
    def called() -> tuple[str, str]:
        row = Policy.objects.get(identifier="stages")
        return row.name, row.description

    old, new = ("At least one", "of stages"), ("At least two", "of stages, then")
    do("pat", "save", source=REGO, fields=dict(zip(("name", "description"), old, strict=True)))
    do("pat", "submit")
    do("eli", "approve")
    do("eli", "activate")
    do("pat", "save", source=OTHER, fields=dict(zip(("name", "description"), new, strict=True)))
    assert called() == old, "a draft renames nothing that is in force"
    do("pat", "submit")
    do("eli", "approve")
    do("eli", "activate")
    assert called() == new
    do("ada", "activate", fields={"version": 1})
    assert called() == old


def test_the_author_of_an_active_version_may_approve_somebody_elses_edit(do: Any) -> None:
    do("eli", "save", source=REGO)
    do("eli", "submit")
    do("ada", "approve")
    do("ada", "activate")
    do("pat", "save", source=OTHER)
    do("pat", "submit")
    assert do("eli", "approve").data["state"] == "approved"


def test_saving_over_a_version_that_was_not_seen_is_refused(do: Any) -> None:
    do("pat", "save", source=REGO, expected_version="0")
    with pytest.raises(Conflict, match="is at version 1"):
        do("pat", "save", source=OTHER, expected_version="0")


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("", "empty"),
        ("package pipeline\n\ndeny contains if", "line 3"),
        ('package pipeline\n\ndeny contains "x" if http.send({"url": "http://x"})\n', "http.send"),
        ('package pipeline\n\ndeny contains "x" if time.now_ns() > 0\n', "time.now_ns"),
        ('package pipeline\n\ndeny contains "x" if opa.runtime().env\n', "opa.runtime"),
        ('package pipeline\n\ndeny contains "x" if data.policies.other.deny\n', "data.policies.other.deny"),
        ('package pipeline\n\ndeny contains "x" if r with data.sets as {}\n\nr if true\n', "data.sets"),
        ('package pipeline\n\ndeny contains "x" if some x in data\n', "data"),
        ('package pipeline\n\ndeny contains "x" if input.y\n\nmeta := 1\n', "meta"),
        ('package pipeline\n\nallow if input.y\n', "no rule `deny`"),
    ],
)  # fmt: skip
def test_text_that_may_not_be_kept_is_refused_with_its_reason(do: Any, source: str, says: str) -> None:
    with pytest.raises(Invalid) as refused:
        do("pat", "save", source=source)
    assert says in str(refused.value)
    assert not Policy.objects.exists()


def test_nobody_makes_up_how_a_text_was_read(do: Any, cast: SimpleNamespace) -> None:
    reading = [{"text": "needs stages", "meaning": "at least one stage"}]
    with pytest.raises(Invalid, match="not how this text was read"):
        do("pat", "save", source=REGO, fields={"reading": reading})
    propose(
        by_hand(cast.pat), kind="policy", scope="acme", identifier="stages", content=REGO, request="x",
        mode="deterministic", fields={"reading": reading},
    )  # fmt: skip
    with pytest.raises(Invalid):
        do("pat", "save", source=REGO, fields={"reading": [{**reading[0], "meaning": "anything"}]})
    do("pat", "save", source=REGO, fields={"reading": reading})
    with pytest.raises(Invalid):
        do("pat", "save", source=OTHER, fields={"reading": reading})


def test_an_unknown_entity_is_refused_with_the_known_ones(do: Any) -> None:
    with pytest.raises(Invalid, match=r"known:.*pipeline"):
        do("pat", "save", source=REGO, fields={"entity": "spaceship"})


def test_a_policy_that_fails_on_its_own_case_is_not_put_in_force(do: Any) -> None:
    source = 'package pipeline\n\ndeny := true if input.pipeline.a\n\ndeny := "no" if input.pipeline.b\n'
    case = {"name": "both", "document": {"pipeline": {"a": True, "b": True}}, "expect": "deny"}
    do("pat", "save", source=source, fields={"cases": [case]})
    with pytest.raises(Conflict, match="'both' should be refused and is not decided"):
        do("pat", "submit")
    # As a version that came to review before examples had to come out as expected.
    PolicyVersion.objects.update(state="in_review")
    do("eli", "approve")
    with pytest.raises(Conflict, match="cannot be put in force"):
        do("eli", "activate")


def example(name: str, stages: list[Any], expect: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "document": {"pipeline": {"stages": stages}}, "expect": expect, **more}


def test_the_policy_decides_its_examples_itself_whatever_the_sender_says_of_them(do: Any) -> None:
    claimed = example("empty", [], "allow", verdict="allow", messages=["fine"], lines=[1])
    do("pat", "save", source=REGO, fields={"cases": [claimed, example("one", [1], "allow")]})
    empty, one = PolicyVersion.objects.get().cases
    assert (empty["verdict"], empty["messages"], empty["lines"]) == ("deny", ["no stages"], [3])
    assert one["verdict"] == "allow"


def test_what_does_not_come_out_as_expected_is_kept_but_not_sent_to_review(do: Any) -> None:
    do("pat", "save", source=REGO, fields={"cases": [example("empty", [], "allow")]})
    with pytest.raises(Conflict, match="'empty' should be let through and is refused"):
        do("pat", "submit")
    do("pat", "save", source=REGO, fields={"cases": [example("empty", [], "deny")]})
    assert do("pat", "submit").data["state"] == "in_review"


@pytest.mark.parametrize(
    ("cases", "says"),
    [
        ([example("a", [], "refuse")], r"cases\[0\].expect"),
        ([example("a", [], "deny"), example("a", [1], "allow")], "two examples are called 'a'"),
        ([{"name": "a", "expect": "deny"}], r"cases\[0\].document"),
        ([example("", [], "deny")], r"cases\[0\].name"),
        ([example("a", ["x" * 5_000_000], "deny")], "longer than"),
    ],
)  # fmt: skip
def test_what_is_no_example_is_refused_with_its_place(do: Any, cases: list[Any], says: str) -> None:
    with pytest.raises(Invalid, match=says):
        do("pat", "save", source=REGO, fields={"cases": cases})


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        ("deny := 5 if input.pipeline.a", "means nothing"),
        ("deny contains msg if {\n\tsome i in numbers.range(1, 9000)\n\tmsg := sprintf(\"no %d\", [i])\n}", "kB about one"),
        ("violations := 7 if input.pipeline.a\n\ndeny contains \"x\" if false", "means nothing"),
    ],
)  # fmt: skip
def test_a_policy_whose_answer_the_gate_could_not_use_is_not_put_in_force(
    do: Any, monkeypatch: pytest.MonkeyPatch, rule: str, says: str
) -> None:
    monkeypatch.setattr(policy_checks, "_stored_documents", lambda _: [{"pipeline": {"a": True}}])
    do("pat", "save", source=f"package pipeline\n\n{rule}\n")
    do("pat", "submit")
    do("eli", "approve")
    with pytest.raises(Conflict, match=says):
        do("eli", "activate")


def test_a_policy_about_policies_blocks_a_save_and_an_activation(do: Any, stub_gate: Any) -> None:
    def no_drafts(seen: Any) -> Any:
        return seen["policy"]["state"] == "active" and "not today"

    stub_gate.bind("slow_down", no_drafts, kind="policy")
    do("pat", "save", source=REGO)
    do("pat", "submit")
    do("eli", "approve")
    with pytest.raises(Blocked, match="not today"):
        do("eli", "activate")
    assert state(1) == "approved"


def test_a_policy_in_an_enabled_set_is_not_retired(do: Any, cast: SimpleNamespace) -> None:
    put_in_force(do)
    fields = {"entity": "pipeline", "event": "onsave", "members": [{"policy": "stages"}]}
    admit(Change("save", "policy_set", "acme", "basics", fields=fields), actor=by_hand(cast.pat))
    with pytest.raises(Conflict, match="basics"):
        do("eli", "retire")
    weaken(cast, "disable", "acme", "basics")
    do("eli", "retire")
    assert state(1) == "retired"
    with pytest.raises(Conflict, match="stages was retired"):
        admit(Change("enable", "policy_set", "acme", "basics"), actor=by_hand(cast.pat))


def test_a_policy_in_a_set_that_will_bind_is_not_retired(do: Any, cast: SimpleNamespace) -> None:
    put_in_force(do)
    fields = {
        "entity": "pipeline", "event": "onsave", "members": [{"policy": "stages"}], "mode": "off",
        "ramp": [{"on": "2999-01-01", "mode": "warn"}],
    }  # fmt: skip
    admit(Change("save", "policy_set", "acme", "later", fields=fields), actor=by_hand(cast.pat))
    with pytest.raises(Conflict, match="later"):
        do("eli", "retire")


def test_developers_and_strangers_may_not_write_policies(do: Any) -> None:
    with pytest.raises((Denied, NotFound)):
        do("dana", "save", source=REGO)
    with pytest.raises(NotFound):
        do("sam", "save", source=REGO)


@pytest.mark.parametrize(
    "change",
    [
        {"source": REGO + "# \x00\n"},
        {"source": REGO, "note": "\x00"},
        {"source": REGO, "fields": {"name": "a\x00"}},
        {"source": REGO, "identifier": "a\x00"},
    ],
)
def test_a_nul_character_is_refused_wherever_it_stands(do: Any, change: Any) -> None:
    with pytest.raises(Invalid):
        do("pat", "save", **change)


def test_a_comment_is_kept_with_its_line(do: Any) -> None:
    do("pat", "save", source=REGO)
    do("eli", "comment", fields={"text": "count what?", "line": 3})
    version = PolicyVersion.objects.get()
    assert [(c.line, c.text) for c in version.comments.all()] == [(3, "count what?")]


def test_a_comment_on_a_line_the_version_does_not_have_is_refused(do: Any) -> None:
    do("pat", "save", source=REGO)
    lines = len(REGO.splitlines())
    with pytest.raises(Invalid, match=f"version 1 has {lines} lines"):
        do("eli", "comment", fields={"text": "where?", "line": lines + 1})
    do("eli", "comment", fields={"text": "here", "line": lines})
    assert [c.text for c in PolicyVersion.objects.get().comments.all()] == ["here"]


def test_an_unknown_verb_names_those_of_its_kind_alone(do: Any) -> None:
    with pytest.raises(Invalid, match=r"policy knows: activate, approve, cancel_replay, comment") as refused:
        do("pat", "bless", source=REGO)
    assert "pipeline" not in str(refused.value)


def test_blanks_inside_rules_and_examples_are_kept(do: Any) -> None:
    document = {"pipeline": {"identifier": " lead"}, "metadata": {}}
    cases = [{"name": "a" * 400, "document": document, "expect": "deny"}]
    rego = 'package pipeline\n\ndeny contains "blank" if startswith(input.pipeline.identifier, " ")\n'
    do("pat", "save", source=rego, fields={"cases": cases})
    kept = PolicyVersion.objects.get().cases[0]
    assert (kept["document"], kept["verdict"]) == (document, "deny")
