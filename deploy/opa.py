"""The policy engine: found on the machine, fetched as a release of known digest, or built from source."""

from __future__ import annotations

import fcntl
import hashlib
import os
import platform
import queue
import re
import shutil
import threading
import urllib.request
from pathlib import Path

from machine import CommandFailed, Stop, cache_dir, find, run, step

VERSION = "1.22.2"
OLDEST = (1, 22)
OLDEST_GO = (1, 26)
MODULE = f"github.com/open-policy-agent/opa@v{VERSION}"
RELEASES = f"https://github.com/open-policy-agent/opa/releases/download/v{VERSION}"
GIVE_UP_S = 10


def cached() -> Path:
    return cache_dir() / "opa" / VERSION / "opa"


def provide() -> Path:
    """The path of an `opa` that is new enough. Raises Stop naming every way that was tried."""
    if given := os.environ.get("OPA_BIN"):
        if version_of(given) is None:
            raise Stop(f"OPA_BIN={given} is no opa of version 1.22 or newer.", "Correct it or leave it out.")
        return Path(given)
    on_path = find("opa")
    if on_path and version_of(on_path):
        return Path(on_path)
    target = cached()
    target.parent.mkdir(parents=True, exist_ok=True)
    with (target.parent / ".lock").open("w") as lock:
        # Two set-ups at the same time would otherwise build it twice.
        fcntl.flock(lock, fcntl.LOCK_EX)
        if target.exists() and version_of(target):
            return target
        return _make(target)


def version_of(binary: str | os.PathLike[str]) -> tuple[int, int] | None:
    """The version of this opa, or None when it is too old or does not run."""
    try:
        found = re.search(r"Version: (\d+)\.(\d+)", run([binary, "version"], timeout_s=20))
    except CommandFailed:
        return None
    version = (int(found[1]), int(found[2])) if found else (0, 0)
    return version if version >= OLDEST else None


def _make(target: Path) -> Path:
    tried: list[str] = []
    for way in (_fetch, _build):
        try:
            way(target)
        except _Unreachable as reason:
            tried.append(str(reason))
            continue
        if version_of(target):
            return target
        tried.append(f"{way.__name__.strip('_')}: what came out does not run")
    raise Stop(
        f"opa {VERSION} could not be provided: {'; '.join(tried)}.",
        "Install opa 1.22 or newer on the PATH, set OPA_BIN to one, or install Go 1.26 or newer.",
    )


class _Unreachable(Exception):
    """This way does not lead to an opa here; the text says why."""


def _fetch(target: Path) -> None:
    """The official release, taken only with a digest known beforehand: an operator gives it as OPA_SHA256."""
    wanted = os.environ.get("OPA_SHA256", "").lower()
    if not wanted:
        raise _Unreachable("no release taken, as OPA_SHA256 names no digest")
    system = platform.system().lower()
    machine = {"x86_64": "amd64", "aarch64": "arm64"}.get(platform.machine(), platform.machine())
    suffix = "_static" if (system, machine) != ("darwin", "amd64") else ""
    address = f"{os.environ.get('OPA_RELEASES', RELEASES)}/opa_{system}_{machine}{suffix}"
    half = target.with_name("opa.half")
    with step(f"opa {VERSION} (release)"):
        found = _download(address, half)
    if found != wanted:
        half.unlink()
        raise Stop(f"{address} has the digest {found}, not the one expected.", "Nothing of it was kept.")
    half.chmod(0o755)
    half.replace(target)


def _download(address: str, to: Path) -> str:
    """Fetches a file and returns its sha256; gives up when nothing arrived after ten seconds."""
    answers: queue.Queue[object] = queue.Queue()

    def ask() -> None:
        try:
            answers.put(urllib.request.urlopen(address, timeout=GIVE_UP_S))  # noqa: S310 (https, pinned)
        except OSError as error:
            answers.put(error)

    # Looking up a name has no time limit of its own, so the wait is limited from outside.
    threading.Thread(target=ask, daemon=True).start()
    try:
        answer = answers.get(timeout=GIVE_UP_S)
    except queue.Empty:
        raise _Unreachable(f"{address} did not answer within {GIVE_UP_S} s") from None
    if isinstance(answer, OSError):
        raise _Unreachable(f"{address} could not be reached ({answer})")
    total = hashlib.sha256()
    try:
        with answer, to.open("wb") as file:  # type: ignore[attr-defined]
            while block := answer.read(1 << 20):  # type: ignore[attr-defined]
                total.update(block)
                file.write(block)
    except OSError as error:
        raise _Unreachable(f"{address} broke off ({error})") from error
    return total.hexdigest()


def _build(target: Path) -> None:
    """From source, by Go: the module's content is checked against Go's checksum database."""
    place = target.parent / "build"
    shutil.rmtree(place, ignore_errors=True)
    try:
        _install(place, _go_environment(place))
        (place / "opa").replace(target)
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _install(place: Path, env: dict[str, str]) -> None:
    place.mkdir(exist_ok=True)
    try:
        run(["go", "list", "-m", MODULE], env=env, cwd=place, timeout_s=GIVE_UP_S)
    except CommandFailed as failed:
        raise _Unreachable(f"no Go module proxy reached ({failed.last_line})") from failed
    with step(f"opa {VERSION} from source (one to ten minutes)"):
        try:
            run(["go", "install", MODULE], env={**env, "GOBIN": str(place)}, cwd=place, timeout_s=1800)
        except CommandFailed as failed:
            raise _Unreachable(f"Go could not build it ({failed.last_line})") from failed


def _go_environment(place: Path) -> dict[str, str]:
    go = find("go") or find("/usr/local/go/bin/go")
    if not go:
        raise _Unreachable("no Go to build it with")
    env = {**os.environ, "PATH": f"{Path(go).parent}{os.pathsep}{os.environ.get('PATH', '')}",
           "CGO_ENABLED": "0", "GOFLAGS": "-trimpath -buildvcs=false",
           "XDG_CONFIG_HOME": str(place / "config")}  # fmt: skip
    found = re.search(r"go(\d+)\.(\d+)", run([go, "version"], env=env, timeout_s=20))
    if not found or (int(found[1]), int(found[2])) < OLDEST_GO:
        raise _Unreachable(f"Go {found[0] if found else '?'} is older than the 1.26 it needs")
    modules = run([go, "env", "GOMODCACHE"], env=env, timeout_s=20).strip()
    if not Path(modules).is_dir():
        # Who does not write Go has no use for a gigabyte of its sources afterwards.
        env |= {"GOPATH": str(place / "go"), "GOCACHE": str(place / "cache")}
        env["GOFLAGS"] += " -modcacherw"
        env.pop("GOMODCACHE", None)
    return env
