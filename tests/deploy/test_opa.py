"""The policy engine is found, fetched with a known digest, or built; each dead end says what to do."""

from __future__ import annotations

import hashlib
import http.server
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import machine
import opa
import pytest

NEW = "#!/bin/sh\necho 'Version: 1.22.2'\n"
OLD = "#!/bin/sh\necho 'Version: 0.63.0'\n"


def write_program(file: Path, text: str) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    file.chmod(0o755)
    return file


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine with an empty cache, an empty PATH and no Go."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    for name in ("OPA_BIN", "OPA_SHA256", "OPA_RELEASES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(machine, "LOG", tmp_path / "setup.log")
    monkeypatch.setattr(opa, "find", lambda name: _only_in(tmp_path / "bin", name))
    return tmp_path


def _only_in(folder: Path, name: str) -> str | None:
    return str(folder / name) if "/" not in name and (folder / name).exists() else None


@pytest.fixture
def release(bare: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A server of releases on this machine; gives the folder it serves."""
    folder = bare / "release"
    folder.mkdir()

    class Handler(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *args: object) -> None:
            super().__init__(*args, directory=str(folder))  # type: ignore[arg-type]

        def log_message(self, *args: object) -> None:
            return

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("OPA_RELEASES", f"http://127.0.0.1:{server.server_port}")
    yield folder
    server.shutdown()
    server.server_close()


def test_an_engine_that_is_given_is_taken(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = write_program(bare / "mine" / "opa", NEW)
    monkeypatch.setenv("OPA_BIN", str(given))
    assert opa.provide() == given


def test_an_engine_that_is_given_but_too_old_stops_the_set_up(
    bare: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPA_BIN", str(write_program(bare / "mine" / "opa", OLD)))
    with pytest.raises(machine.Stop, match=r"1\.22 or newer"):
        opa.provide()


def test_an_old_engine_on_the_path_is_passed_over_for_the_one_in_the_cache(bare: Path) -> None:
    write_program(bare / "bin" / "opa", OLD)
    kept = write_program(opa.cached(), NEW)
    assert opa.provide() == kept


def test_without_any_way_every_way_is_named(bare: Path) -> None:
    with pytest.raises(machine.Stop) as stop:
        opa.provide()
    assert "no release taken" in stop.value.what
    assert "no Go to build it with" in stop.value.what
    assert "OPA_BIN" in stop.value.how


def test_a_release_of_the_expected_digest_is_kept(release: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _publish(release, NEW)
    monkeypatch.setenv("OPA_SHA256", hashlib.sha256(NEW.encode()).hexdigest())
    assert opa.provide() == opa.cached()
    assert opa.cached().read_text() == NEW


def test_a_release_of_another_digest_leaves_nothing_behind(
    release: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _publish(release, NEW)
    monkeypatch.setenv("OPA_SHA256", "0" * 64)
    with pytest.raises(machine.Stop, match="not the one expected"):
        opa.provide()
    assert [file.name for file in opa.cached().parent.iterdir()] == [".lock"]


def test_a_silent_release_server_is_given_up_in_time(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opa, "GIVE_UP_S", 0.3)
    monkeypatch.setenv("OPA_SHA256", "0" * 64)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), http.server.BaseHTTPRequestHandler) as silent:
        # Accepted by the kernel, answered by nobody.
        monkeypatch.setenv("OPA_RELEASES", f"http://127.0.0.1:{silent.server_port}")
        began = time.monotonic()
        with pytest.raises(machine.Stop, match=r"did not answer|timed out"):
            opa.provide()
        assert time.monotonic() - began < 3


def _publish(folder: Path, text: str) -> None:
    for system in ("linux", "darwin"):
        for processor in ("amd64", "arm64"):
            for suffix in ("", "_static"):
                (folder / f"opa_{system}_{processor}{suffix}").write_text(text)
