"""Rego from elsewhere: v0 becomes v1 with the same meaning, and what is not understood is said."""

from __future__ import annotations

import time
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from governance import rego_import
from governance.engines import limited, opa_cli, places
from governance.errors import Busy, Invalid
from governance.models import PolicyVersion

pytestmark = [pytest.mark.opa]

V0 = 'package service\n\ndeny[msg] {\n  input.serviceEntity.tags.tier == "latest"\n  msg := "no latest"\n}\n'
V1 = 'package any.thing\n\nimport rego.v1\n\ndeny contains "named" if input.pipeline.name == "x"\n'
FOREIGN = 'package pipeline\n\nimport data.lib.helper\n\ndeny[msg] { helper.bad; msg := "x" }\n'
HELPER = "package lib.helper\n\nbad { input.x }\n"


def read(**files: str | bytes) -> dict[str, rego_import.Found]:
    found = rego_import.read({f"{name}.rego": text for name, text in files.items()})
    return {f.file.removesuffix(".rego"): f for f in found}


def test_v0_becomes_v1_and_says_the_same() -> None:
    one = read(no_latest=V0)["no_latest"]
    assert (one.identifier, one.entity, one.was_v0, one.guessed) == ("no_latest", "service", True, False)
    assert "deny contains msg if" in one.rego
    documents = [{"serviceEntity": {"tags": {"tier": t}}} for t in ("latest", "gold")]
    assert opa_cli.evaluate(one.rego, documents) == [{"no latest"}, set()]
    assert one.problems == []


def test_v1_stays_v1_and_its_entity_is_what_it_reads() -> None:
    one = read(thing=V1)["thing"]
    assert (one.entity, one.was_v0) == ("pipeline", False)
    assert "import rego.v1" not in one.rego


def test_what_reads_other_modules_or_refuses_nothing_is_named_as_such() -> None:
    found = read(uses=FOREIGN, helper=HELPER, broken="package x\n\ndeny[")
    assert "data.lib.helper" in found["uses"].problems[0].message
    assert any("no rule `deny`" in p.message for p in found["helper"].problems)
    assert found["broken"].rego == ""
    assert found["broken"].problems[0].line


def test_a_file_that_is_no_text_is_named_and_stops_no_other() -> None:
    found = read(good=V0, picture=b"\x89PNG\xff")
    assert found["good"].problems == []
    assert [p.message for p in found["picture"].problems] == ["it is not text in UTF-8"]
    assert [f.file for f in rego_import.read({"a.rego": V1, "logo.png": b"\x89PNG\xff"})] == ["a.rego"]


def test_identifiers_are_free_and_tests_are_left_out() -> None:
    files = {
        "a/policy.rego": V0,
        "b/policy.rego": V0,
        "c/a.rego": V1,
        "a/policy_test.rego": V1,
        "9-x.rego": V1,
    }
    found = rego_import.read(files, taken=["b"])
    assert {f.file: f.identifier for f in found} == {
        "9-x.rego": "_9_x", "a/policy.rego": "a", "b/policy.rego": "b_2", "c/a.rego": "a_2",
    }  # fmt: skip


def test_nothing_and_too_much_are_refused() -> None:
    with pytest.raises(Invalid, match=r"no \.rego file"):
        rego_import.read({"readme.md": "x"})
    with pytest.raises(Invalid, match="at most 100 files"):
        rego_import.read({f"{n}.rego": V1 for n in range(101)})


@pytest.mark.django_db
def test_a_folder_is_brought_in_by_the_command(cast: Any, stub_gate: Any, tmp_path: Any, capsys: Any) -> None:
    (tmp_path / "no_latest.rego").write_text(V0)
    (tmp_path / "uses.rego").write_text(FOREIGN)
    with pytest.raises(CommandError, match="some files were not kept"):
        call_command("import_rego", str(tmp_path), "--scope", "acme", "--user", "pat")
    assert "1 of 2 kept" in capsys.readouterr().out
    version = PolicyVersion.objects.get()
    assert (version.state, version.policy.identifier, version.policy.entity) == (
        "draft",
        "no_latest",
        "service",
    )
    assert str(cast.pat.pk) in version.touched_by


@pytest.mark.django_db
def test_the_page_reads_then_keeps_what_is_chosen(client: Any, cast: Any, stub_gate: Any) -> None:
    client.force_login(cast.pat, backend="allauth.account.auth_backends.AuthenticationBackend")
    where = "/s/acme/policies/import"
    page = client.post(where, {"text": V0})
    row = page.context["rows"][0]["f"]
    assert "was Rego v0" in page.content.decode()
    sent = {"do": "keep", "chosen": "1", "key": "k", "file:1": row.file, "identifier:1": "kept_one",
            "entity:1": row.entity, "rego:1": row.rego}  # fmt: skip
    assert "a draft now" in client.post(where, sent).content.decode()
    assert PolicyVersion.objects.get().policy.identifier == "kept_one"
    again = client.post(where, {**sent, "key": "k2"}).content.decode()
    assert "is at version" in again or "not 0" in again
    assert client.post(where, {"text": ""}).status_code == 422
    client.force_login(cast.dana, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get(where).status_code in (403, 404)


def test_what_there_was_no_time_for_is_named_and_no_guess_is_made_of_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    modernise, read_already = opa_cli.modernise, []

    def two_only(text: str) -> tuple[str, bool]:
        if len(read_already) == 2:
            raise Busy
        read_already.append(text)
        return modernise(text)

    monkeypatch.setattr(opa_cli, "modernise", two_only)
    found = read(a=V0, b=V1, c=V0, d=V1)
    assert sum(f.unread for f in found.values()) == 2
    for one in found.values():
        assert one.unread is ("no time" in " ".join(map(str, one.problems)))
    with pytest.raises(Busy):
        read(a=V0)


def test_reading_a_folder_ends_with_the_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """There are places for two, and time for some more than one after the other."""
    monkeypatch.setattr(places, "_DRAFTS", places._Kind("few", 2))
    began = time.monotonic()
    read(one=V0)
    with limited.answering("ann", wall_s=5 * (time.monotonic() - began)):
        found = read(**{f"f{n}": V0 for n in range(100)})
    assert 0 < sum(f.unread for f in found.values()) < 100
