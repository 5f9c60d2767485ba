"""The virtual environment, filled from requirements whose hashes are pinned."""

from __future__ import annotations

import os
import shutil
import sys

from machine import PYTHON, ROOT, VENV, CommandFailed, Stop, digest, find, is_done, mark_done, run, step
from system import can_install, command_for, install

REQUIREMENTS = ROOT / "deploy" / "requirements"
# A package of the right name and another content is refused, never installed.
PIP = ("-m", "pip", "install", "--require-hashes", "--no-input", "--disable-pip-version-check",
       "--progress-bar", "off", "--retries", "2", "--timeout", "20")  # fmt: skip


def provide(extra: str = "run") -> None:
    """Packages of run.txt, or of test.txt, which holds all of them and the tools of `make test`."""
    _environment()
    wanted = {name: _wanted(name) for name in ("run", "test")}
    if is_done(VENV / ".done-test", wanted["test"]):
        return
    if extra == "run" and is_done(VENV / ".done-run", wanted["run"]):
        return
    with step(f"Python packages ({extra})"):
        install_pinned(extra)
    mark_done(VENV / f".done-{extra}", wanted[extra])


def _wanted(name: str) -> str:
    return digest([REQUIREMENTS / f"{name}.txt"], sys.version)


def install_pinned(name: str) -> None:
    """Installs one requirements file. Raises Stop with the reason in one line."""
    try:
        run([PYTHON, *PIP, "-r", REQUIREMENTS / f"{name}.txt"])
    except CommandFailed as failed:
        raise _explain(failed) from failed


def _explain(failed: CommandFailed) -> Stop:
    text = failed.output
    if "THESE PACKAGES DO NOT MATCH THE HASHES" in text:
        return Stop(
            "A Python package is not the one that was pinned, so nothing of it was installed.",
            "Try again on another network; if it stays so, report it. Details: var/log/setup.log",
        )
    if any(
        sign in text
        for sign in (
            "No matching distribution",
            "NewConnectionError",
            "ConnectTimeout",
            "Temporary failure in name resolution",
            "Connection refused",
        )
    ):
        return Stop(
            "Python packages could not be fetched: no package index was reached.",
            "Check the network, or point pip at a mirror (PIP_INDEX_URL), and run it again.",
        )
    if "No space left on device" in text:
        return Stop("The disk is full.", "Free about 1 GB and run it again.")
    if any(
        sign in text
        for sign in (
            "error: command 'gcc' failed",
            "unable to execute 'gcc'",
            "No such file or directory: 'gcc'",
        )
    ):
        return Stop(
            "A Python package has no ready build for this machine and there is no C compiler.",
            f"Run: {command_for(['build-essential', 'python3-dev'])}",
        )
    return Stop(f"Python packages could not be installed: {failed.last_line}", "Details: var/log/setup.log")


def _environment() -> None:
    """A working .venv; one that an interrupted set-up or another Python left behind is made anew."""
    if PYTHON.exists() and _works():
        return
    if VENV.exists():
        shutil.rmtree(VENV)
    with step("Virtual environment"):
        try:
            run([sys.executable, "-m", "venv", VENV])
        except CommandFailed as failed:
            _repair_venv(failed)


def _works() -> bool:
    probe = "import pip, sys; print('%d.%d' % sys.version_info[:2])"
    try:
        version = run([PYTHON, "-c", probe], timeout_s=60).strip()
    except CommandFailed:
        return False
    major, minor = (int(part) for part in version.split("."))
    return (major, minor) >= (3, 11)


def _repair_venv(failed: CommandFailed) -> None:
    """Debian ships venv in a package of its own."""
    shutil.rmtree(VENV, ignore_errors=True)
    package = f"python3.{sys.version_info[1]}-venv"
    if "ensurepip" not in failed.output:
        raise Stop(
            f"The virtual environment could not be made: {failed.last_line}", f"Is {VENV.parent} writable?"
        )
    if not can_install():
        raise Stop("Python's venv module is missing.", f"Run: {command_for([package])}")
    install([package])
    run([sys.executable, "-m", "venv", VENV])


def provide_node() -> dict[str, str]:
    """An environment whose PATH holds Node 20 or newer and npm: the machine's own, else a pinned wheel."""
    if _system_node():
        return dict(os.environ)
    wanted = digest([REQUIREMENTS / "node.txt"], sys.version)
    if not (VENV / "bin" / "node").exists() or not is_done(VENV / ".done-node", wanted):
        with step("Node (none of version 20 or newer found)"):
            install_pinned("node")
        mark_done(VENV / ".done-node", wanted)
    return {**os.environ, "PATH": f"{VENV / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"}


def _system_node() -> bool:
    if not find("node") or not find("npm"):
        return False
    try:
        version = run(["node", "--version"], timeout_s=20).strip()
        return int(version.lstrip("v").split(".")[0]) >= 20
    except (CommandFailed, ValueError):
        return False
