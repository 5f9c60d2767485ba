"""Bringing a folder of Rego in by pages: what one answer has no time for waits, and nothing is lost or kept twice."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.test import Client

from governance import policy_checks, rego_import
from governance.engines import opa_cli
from governance.errors import Busy
from governance.models import PolicyVersion

pytestmark = [pytest.mark.opa, pytest.mark.django_db, pytest.mark.usefixtures("stub_gate")]
HERE = "/s/acme/policies/import"
V0 = 'package service\n\ndeny[msg] {\n  input.serviceEntity.tags.tier == "latest"\n  msg := "no latest"\n}\n'
FILES = ("a.rego", "b.rego", "c.rego")


@pytest.fixture
def pat(client: Client, cast: Any) -> Client:
    client.force_login(cast.pat)
    return client


def hidden(page: str, name: str) -> list[str]:
    """The values of the hidden inputs of a name."""
    return re.findall(rf'<input type="hidden" name="{re.escape(name)}" value="([^"]*)">', page)


def once_in_three(monkeypatch: pytest.MonkeyPatch, where: Any, name: str) -> None:
    """There is time for the first of three, and after the third again."""
    real, asked = getattr(where, name), []

    def sometimes(*given: Any) -> Any:
        asked.append(given)
        if len(asked) in (2, 3):
            raise Busy
        return real(*given)

    monkeypatch.setattr(where, name, sometimes)


def test_files_that_were_not_read_are_read_by_the_next_click(
    pat: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    once_in_three(monkeypatch, opa_cli, "modernise")
    files = [SimpleUploadedFile(name, V0.encode()) for name in FILES]
    page = pat.post(HERE, {"do": "look", "files": files}).content.decode()
    assert "2 other files were not read yet" in page
    assert page.count('name="chosen"') == 1
    rest = hidden(page, "rest")[0]
    page = pat.post(HERE, {"do": "keep", "rest": rest}).content.decode()
    assert rest in hidden(page, "rest"), "they wait until what was read is kept"
    page = pat.post(HERE, {"rest": rest}).content.decode()
    assert page.count('name="chosen"') == 2
    assert not hidden(page, "rest")


def test_drafts_that_were_not_kept_are_kept_by_the_next_click_and_none_twice(
    pat: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    once_in_three(monkeypatch, policy_checks, "refuse_bad_rego")
    rego, _ = opa_cli.modernise(V0)
    chosen = {"do": "keep", "key": "once", "chosen": ["1", "2", "3"]}
    for number, file in enumerate(FILES, 1):
        fields = {"file": file, "identifier": f"p{number}", "entity": "service", "rego": rego}
        chosen |= {f"{name}:{number}": value for name, value in fields.items()}
    page = pat.post(HERE, chosen).content.decode()
    assert "2 others wait" in page
    assert [v.policy.identifier for v in PolicyVersion.objects.all()] == ["p1"]
    assert hidden(page, "chosen") == ["2", "3"]
    assert hidden(page, "key") == ["once"]
    again = pat.post(HERE, chosen).content.decode()
    assert "2 others wait" in again, "the first is there already and the second meets no time"
    page = pat.post(HERE, chosen).content.decode()
    assert "wait" not in page
    assert sorted(v.policy.identifier for v in PolicyVersion.objects.all()) == ["p1", "p2", "p3"]


def named(name: str, content: bytes) -> io.BytesIO:
    """A file that the browser's side reads by itself."""
    file = io.BytesIO(content)
    file.name = name  # type: ignore[attr-defined]
    return file


def test_what_is_too_large_is_refused_before_it_is_read_and_other_files_not_at_all(
    pat: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = []
    monkeypatch.setattr(UploadedFile, "read", lambda self, *_: read.append(self.name) or V0.encode())
    large = b" " * (rego_import.MOST_BYTES + 1)
    answer = pat.post(HERE, {"files": [named("a.rego", large)]})
    assert (answer.status_code, read) == (422, [])
    assert rego_import.TOO_MUCH in answer.content.decode()
    answer = pat.post(HERE, {"files": [named("a.rego", V0.encode()), named("b.bin", large)]})
    assert (answer.status_code, read) == (200, ["a.rego"])
