"""A setting that cannot be used stops the start in one line with its name; each may come from a file."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from portal import env

ROOT = Path(__file__).resolve().parents[2]
READS = "from portal import settings; from portal.supervising import programs; programs.port_is_free()"

WRONG = {
    "LOG_LEVEL": "LOUD",
    "SECRET_KEY": "short",
    "TOKEN_PEPPER": "short",
    "OPA_TOKEN": "short",
    "DATABASE_URL": "postgres://db:notaport/portal",
    "DATABASE_OWNER_URL": "mysql://db/portal",
    "DATA_DIR": "/proc/nowhere",
    "KEYS_DIR": "/proc/nowhere",
    "OPA_URL": "http://",
    "BROKER_URL": "redis://",
    "OPENAI_BASE_URL": "ftp://model",
    "CSRF_TRUSTED_ORIGINS": "portal.example.com",
    "WEB_THREADS": "0",
    "WEB_WORKERS": "many",
    "HOST": "203.0.113.7",
    "PORT": "99999",
    "PRODUCTION": "perhaps",
    "POLICY_TIMEOUT_MS": "2s",
}


def start(tmp_path: Path, code: str = READS, **setting: str) -> subprocess.CompletedProcess[str]:
    plain = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT, env={**plain, "DATA_DIR": str(tmp_path / "data"), **setting},
        capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_value_stops_the_start_in_one_line_with_its_name(name, tmp_path):
    ended = start(tmp_path, **{name: WRONG[name]})
    assert ended.returncode == 1
    assert re.fullmatch(rf"{name}='.*': expected .+\n", ended.stderr), ended.stderr


def test_every_setting_is_read_from_its_file_as_well(tmp_path, monkeypatch):
    names = re.findall(
        r'(?:env\.\w+|_kept_secret)\(\s*"([A-Z_]+)"',
        (ROOT / "portal/settings.py").read_text() + (ROOT / "portal/supervising/programs.py").read_text(),
    )
    assert len(set(names)) > 25
    for name in set(names):
        file = tmp_path / name
        file.write_text("from the file\n")
        monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv(f"{name}_FILE", str(file))
        assert env.text(name) == "from the file"


def test_a_file_of_a_setting_that_cannot_be_read_is_named(tmp_path):
    (tmp_path / "half").write_bytes(b"\xff\xfe")
    for file, why in ((tmp_path / "none", "readable"), (tmp_path / "half", "UTF-8")):
        ended = start(tmp_path, OPENAI_MODEL_FILE=str(file))
        assert ended.returncode == 1
        assert re.fullmatch(rf"OPENAI_MODEL_FILE='.*': expected .*{why}.*\n", ended.stderr), ended.stderr


def test_no_complaint_shows_a_secret(tmp_path):
    for name, value in (
        ("SECRET_KEY", "hunter2"),
        ("DATABASE_URL", "postgres://portal:hunter2@:1/x"),
        ("DATABASE_OWNER_URL", "mysql://portal:hunter2@db/x"),
    ):
        ended = start(tmp_path, **{name: value})
        assert name in ended.stderr
        assert "hunter2" not in ended.stderr


@pytest.mark.parametrize("name", ["AUDIT_SIGNING_KEY_FILE", "BUNDLE_SIGNING_KEY_FILE", "AUDIT_WITNESS_FILE"])
def test_a_place_that_cannot_be_made_is_named_by_its_setting(name, tmp_path):
    ended = start(
        tmp_path, "from portal.supervising.prepare import prepare; prepare()", **{name: "/proc/nowhere/file"}
    )
    assert ended.returncode == 1
    assert ended.stderr.startswith(f"{name}='/proc/nowhere': expected a folder that can be written to")
