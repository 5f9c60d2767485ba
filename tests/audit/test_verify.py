"""The offline verifier accepts a true bundle and nothing else; it needs the standard library alone."""

from __future__ import annotations

import ast
import base64
import json
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from audit import verify
from audit.bundle import write_bundle
from audit.export import bound
from audit.keys import SigningKey, public_file
from audit.query import parse
from audit.verify import canonical_json, verify_bundle

Say = Callable[..., Any]
FORGERIES = 1_000


@pytest.fixture
def bundle(db: None, say: Say, sealed: Callable[..., int], key: SigningKey, tmp_path: Path) -> Path:
    for n in range(20):
        say(
            data={"n": n, "text": 'é \n " =1'},
            ai_generated=n % 3 == 0,
            outcome="blocked" if n % 4 else "admitted",
        )
    sealed(batch=7)
    write_bundle(tmp_path / "bundle", parse({}), ["halden"], [key.public], upto=bound().seq)
    return tmp_path / "bundle"


def test_a_true_bundle_is_accepted(bundle: Path, key: SigningKey, witness: Path) -> None:
    report = verify_bundle(bundle, [key.public], witness)
    assert report.problems == []
    assert (report.events, report.size, report.checkpoints, report.trustworthy_seq) == (20, 20, 3, 20)


def test_a_filtered_bundle_proves_its_events_against_the_whole_log(
    bundle: Path, key: SigningKey, tmp_path: Path
) -> None:
    result = write_bundle(tmp_path / "some", parse({"ai": "yes"}), ["halden"], [key.public], upto=bound().seq)
    report = verify_bundle(tmp_path / "some", [key.public])
    assert (result.rows, report.events, report.size, report.problems) == (7, 7, 20, [])


def test_the_copied_verifier_runs_alone(bundle: Path, key: SigningKey, witness: Path) -> None:
    command = [sys.executable, "-I", "verify.py", ".", "--key", "keys.txt", "--witness", str(witness)]
    done = subprocess.run(command, cwd=bundle, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "verified: 20 events" in done.stdout
    events = bundle / "events.jsonl"
    events.write_text(events.read_text().replace('"actor_name":"dana"', '"actor_name":"eve"', 1))
    done = subprocess.run(command, cwd=bundle, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "event 1 (" in done.stdout


def test_the_verifier_imports_nothing_but_the_standard_library() -> None:
    tree = ast.parse(Path(verify.__file__).read_text())
    names = {
        (node.module if isinstance(node, ast.ImportFrom) else alias.name) or ""
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    assert {name.split(".")[0] for name in names} <= set(sys.stdlib_module_names)


def forge(chance: random.Random, files: dict[str, bytes]) -> tuple[str, dict[str, bytes]]:
    """One change that must not be accepted: its name and the changed files."""
    name = chance.choice(["events.jsonl", "leaves.txt", "checkpoints.txt"])
    data = files[name]
    lines = data.split(b"\n")[:-1]
    how = chance.choice(
        ["flip", "reorder", "drop", "repeat", "re-encode", "duplicate key", "truncate", "swap"]
    )
    if how == "flip":
        place = chance.randrange(len(data))
        changed = data[:place] + bytes([data[place] ^ 1 << chance.randrange(8)]) + data[place + 1 :]
    elif how == "reorder":
        mixed = lines[:]
        while mixed == lines:
            chance.shuffle(mixed)
        changed = b"\n".join(mixed) + b"\n"
    elif how == "drop" and name != "events.jsonl":  # an export may leave events out, a log may not
        place = chance.randrange(len(lines))
        changed = b"\n".join(lines[:place] + lines[place + 1 :]) + b"\n"
    elif how == "repeat":
        place = chance.randrange(len(lines))
        changed = b"\n".join(lines[: place + 1] + lines[place:]) + b"\n"
    elif how == "truncate":
        changed = data[: chance.randrange(1, len(data) - 1)]
        if name == "events.jsonl" and changed.endswith(b"}"):
            changed = changed[:-1]
        if changed.endswith(b"\n") and name == "events.jsonl":
            changed = changed[:-2]
    else:
        name, lines = "events.jsonl", files["events.jsonl"].split(b"\n")[:-1]
        place = chance.randrange(len(lines))
        event = json.loads(lines[place])
        if how == "re-encode":
            lines[place] = json.dumps(event, sort_keys=True, ensure_ascii=True).encode()
        elif how == "duplicate key":
            lines[place] = lines[place][:-1] + b',"actor_name":"dana"}'
        else:
            field = chance.choice(
                ["actor_name", "at", "outcome", "seq", "leaf", "ai_generated", "data", "digest"]
            )
            event[field] = {
                "seq": 3 if event["seq"] != 3 else 4,
                "ai_generated": not event["ai_generated"],
            }.get(field, "x")
            lines[place] = canonical_json(event).encode()
        changed = b"\n".join(lines) + b"\n"
    return f"{how} in {name}", {**files, name: changed}


def test_a_thousand_forged_bundles_are_all_refused(bundle: Path, key: SigningKey, monkeypatch: Any) -> None:
    from audit.keys import fast_signed_by

    # The library's verifier agrees with ours (test_seal) and makes a thousand rounds bearable.
    monkeypatch.setattr(
        verify,
        "check_note",
        lambda note, keys, _=None, check=verify.check_note: check(note, keys, fast_signed_by),
    )
    names = ["events.jsonl", "leaves.txt", "checkpoints.txt"]
    files = {name: (bundle / name).read_bytes() for name in names}
    chance, accepted = random.Random(7), []
    for _ in range(FORGERIES):
        what, forged = forge(chance, files)
        if forged == files:
            continue
        for name in names:
            (bundle / name).write_bytes(forged[name])
        if verify_bundle(bundle, [key.public]).ok:
            accepted.append((what, forged))
    assert not accepted, accepted[0][0]


@pytest.mark.parametrize("wrong", ["key", "folder", "empty"])
def test_what_cannot_be_read_is_refused_in_words(
    bundle: Path, key: SigningKey, tmp_path: Path, wrong: str
) -> None:
    if wrong == "key":
        assert "another key" in verify_bundle(bundle, [b"0" * 32]).problems[0]
    elif wrong == "folder":
        assert "cannot be read" in verify_bundle(tmp_path / "none", [key.public]).problems[0]
    else:
        (bundle / "checkpoints.txt").write_text("")
        assert "no signed checkpoint covers" in verify_bundle(bundle, [key.public]).problems[0]


class TestCommand:
    @pytest.fixture(autouse=True)
    def _here(self, settings: Any, tmp_path: Path, key: SigningKey, witness: Path) -> None:
        settings.AUDIT_SIGNING_KEY_FILE = tmp_path / "keys" / "audit.pem"
        settings.AUDIT_WITNESS_FILE = witness
        assert public_file(settings.AUDIT_SIGNING_KEY_FILE).exists()

    def test_a_true_trail_verifies(
        self, own_database: None, say: Say, sealed: Callable[..., int], capsys: Any
    ) -> None:
        say()
        sealed()
        call_command("verify_audit")
        assert "Verified: 1 events" in capsys.readouterr().out

    def test_a_changed_event_is_named(
        self, own_database: None, say: Say, sealed: Callable[..., int], capsys: Any
    ) -> None:
        from tests.audit.conftest import as_owner

        event = say()
        sealed()
        as_owner("UPDATE audit_auditevent SET actor_name = 'eve'")
        with pytest.raises(CommandError, match="does not verify"):
            call_command("verify_audit")
        said = capsys.readouterr().out
        assert f"The first event that cannot be trusted is 1 ({event.id})" in said
        with pytest.raises(CommandError):
            call_command("verify_audit", "--json")
        assert json.loads(capsys.readouterr().out)["first_bad_seq"] == 1

    def test_a_bundle_is_written_once(
        self, own_database: None, say: Say, sealed: Callable[..., int], tmp_path: Path, capsys: Any
    ) -> None:
        say()
        sealed()
        call_command("verify_audit", "--bundle", str(tmp_path / "out"))
        assert "1 events, sha256" in capsys.readouterr().out
        key = base64.b64decode((tmp_path / "out" / "keys.txt").read_text())
        assert verify_bundle(tmp_path / "out", [key]).ok
        with pytest.raises(CommandError, match="not empty"):
            call_command("verify_audit", "--bundle", str(tmp_path / "out"))

    def test_without_a_key_it_says_what_to_do(self, settings: Any, tmp_path: Path) -> None:
        settings.AUDIT_SIGNING_KEY_FILE = tmp_path / "none.pem"
        with pytest.raises(CommandError, match="make setup"):
            call_command("verify_audit")
