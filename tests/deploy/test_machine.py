"""A step of the set-up is done again exactly when it has to be, and ends in one line when it cannot be."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import machine
import pytest
import python_packages
import setup
import system

ROOT = Path(__file__).resolve().parents[2]


def test_a_step_without_a_stamp_is_not_done(tmp_path: Path) -> None:
    assert not machine.is_done(tmp_path / "stamp", "x")


def test_a_stamp_holds_for_the_same_inputs_only(tmp_path: Path) -> None:
    file = tmp_path / "input"
    file.write_text("one")
    machine.mark_done(tmp_path / "stamp", machine.digest([file]))
    assert machine.is_done(tmp_path / "stamp", machine.digest([file]))
    file.write_text("two")
    assert not machine.is_done(tmp_path / "stamp", machine.digest([file]))


def test_a_command_that_does_not_exist_fails_like_any_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(machine, "LOG", tmp_path / "log")
    with pytest.raises(machine.CommandFailed):
        machine.run(["/nowhere/at-all"])


@pytest.mark.parametrize(
    ("output", "expected"),
    [
        ("ERROR: No matching distribution found for django", "no package index was reached"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES", "not the one that was pinned"),
        ("error: command 'gcc' failed: No such file", "no C compiler"),
        ("OSError: [Errno 28] No space left on device", "disk is full"),
        ("something new\nthe last line", "the last line"),
    ],
)
def test_a_failed_installation_is_explained_in_one_line(output: str, expected: str) -> None:
    stop = python_packages._explain(machine.CommandFailed(["pip"], 1, output))
    assert expected in stop.what
    assert "\n" not in stop.what
    assert stop.how


def test_the_set_up_reports_a_stop_without_a_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def stop(**options: bool) -> None:
        raise machine.Stop("No network.", "Plug it in.")

    monkeypatch.setattr(setup, "set_up", stop)
    assert setup.main([]) == 1
    said = capsys.readouterr().err
    assert said.split("\n") == ["", "No network.", "Plug it in.", ""]


def test_an_old_python_is_told_so_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 2))
    with pytest.raises(machine.Stop, match=r"3\.11 or newer"):
        machine.require_python()


def test_without_root_the_one_command_is_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system, "find", lambda name: None)
    monkeypatch.setattr(system, "can_install", lambda: False)
    (line,) = system.provide(["bwrap"])
    assert "sudo apt-get update && sudo apt-get install -y bubblewrap" in line


def test_no_package_registry_is_named_in_what_is_pinned() -> None:
    lock = json.loads((ROOT / "static" / "package-lock.json").read_text())
    assert not [name for name, entry in lock["packages"].items() if "resolved" in entry]
    for file in (ROOT / "deploy" / "requirements").iterdir():
        assert "://" not in file.read_text()


def test_every_pinned_python_package_has_a_hash() -> None:
    for name in ("run", "test", "node"):
        text = (ROOT / "deploy" / "requirements" / f"{name}.txt").read_text()
        entries = [
            entry
            for entry in text.replace("\\\n", " ").splitlines()
            if entry and not entry.lstrip().startswith("#")
        ]
        assert entries
        assert not [entry for entry in entries if "--hash=sha256:" not in entry]


def test_what_the_tests_need_pins_what_the_product_needs() -> None:
    """Otherwise `make test` would test other versions than `make run` installs."""
    pins = {}
    for name in ("run", "test"):
        text = (ROOT / "deploy" / "requirements" / f"{name}.txt").read_text()
        pins[name] = {line.split()[0] for line in text.splitlines() if line[:1].isalnum()}
    assert pins["run"] <= pins["test"]


def test_the_set_up_starts_on_a_bare_interpreter() -> None:
    """It runs before anything is installed, so it may import nothing but the standard library."""
    probe = "import sys; sys.path.insert(0, 'deploy'); import setup, checks; print('fine')"
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", probe], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.stdout.strip() == "fine", done.stderr
