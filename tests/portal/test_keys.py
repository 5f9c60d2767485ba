"""Signing keys are made once, for their owner's eyes, and never in production."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from portal import env, keys


def test_a_missing_key_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "keys" / "audit.pem"
    assert keys.make_missing({"AUDIT": (file, keys.new_ed25519)}, production=False) == [file]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "BEGIN PUBLIC KEY" in keys.public_pem(file)


def test_a_key_that_is_there_stays(tmp_path: Path) -> None:
    file = tmp_path / "audit.pem"
    keys.make_missing({"AUDIT": (file, keys.new_ed25519)}, production=False)
    before = file.read_bytes()
    assert keys.make_missing({"AUDIT": (file, keys.new_ed25519)}, production=False) == []
    assert file.read_bytes() == before


def test_two_starts_at_once_agree_on_one_key(tmp_path: Path) -> None:
    file = tmp_path / "audit.pem"

    def make(number: int) -> str:
        keys.make_missing({"AUDIT": (file, keys.new_ed25519)}, production=False)
        return keys.public_pem(file)

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(make, range(4)))) == 1
    assert [entry.name for entry in tmp_path.iterdir()] == ["audit.pem"]


def test_production_makes_no_key_up(tmp_path: Path) -> None:
    with pytest.raises(env.BadSetting, match="AUDIT_SIGNING_KEY_FILE"):
        keys.make_missing(
            {"AUDIT_SIGNING_KEY_FILE": (tmp_path / "none.pem", keys.new_ed25519)}, production=True
        )
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_holds_no_key_is_named(tmp_path: Path) -> None:
    file = tmp_path / "audit.pem"
    file.write_text("not a key")
    with pytest.raises(env.BadSetting, match=r"audit\.pem"):
        keys.public_pem(file)


def test_a_key_that_cannot_sign_what_it_is_for_stops_the_start_with_the_settings_name(tmp_path: Path) -> None:
    wanted = {"AUDIT_SIGNING_KEY_FILE": (tmp_path / "audit.pem", keys.new_ed25519)}
    keys.make_missing(wanted, production=False)
    keys.refuse_unusable(wanted)
    for other in ("not a key", _pem_of_rsa(tmp_path)):
        (tmp_path / "audit.pem").write_text(other)
        with pytest.raises(env.BadSetting, match="AUDIT_SIGNING_KEY_FILE"):
            keys.refuse_unusable(wanted)


def _pem_of_rsa(tmp_path: Path) -> str:
    file = tmp_path / "rsa.pem"
    keys.make_missing({"BUNDLE_SIGNING_KEY_FILE": (file, keys.new_rsa)}, production=False)
    return file.read_text()
