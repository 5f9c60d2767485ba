"""System packages: installed when we may, else the one command that installs them."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from machine import CommandFailed, Stop, find, is_root, run, step

# What the product and its tests call by name, the Debian package that brings it, and what for.
PROGRAMS = {
    "bwrap": ("bubblewrap", "running the steps of pipelines in a sandbox"),
    "git": ("git", "giving a run the repository it names"),
    "chromium": ("chromium", "the browser journeys of `make test`"),
}
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def can_install() -> bool:
    return is_root() and find("apt-get") is not None


def command_for(packages: Sequence[str]) -> str:
    """The line a person has to run for these Debian packages."""
    return f"sudo apt-get update && sudo apt-get install -y {' '.join(packages)}"


def install(packages: Sequence[str]) -> None:
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    options = ("-y", "-qq", "-o", "Acquire::Retries=2", "-o", "DPkg::Lock::Timeout=120")
    with step(f"System packages ({', '.join(packages)})"):
        try:
            run(["apt-get", "update", *options], env=env, timeout_s=600)
            run(
                ["apt-get", "install", "--no-install-recommends", *options, *packages],
                env=env,
                timeout_s=1800,
            )
        except CommandFailed as failed:
            raise Stop(
                f"System packages could not be installed: {failed.last_line}",
                f"Run: {command_for(packages)}",
            ) from failed


def missing(programs: Sequence[str]) -> list[str]:
    return [name for name in programs if not _found(name)]


def advice(name: str) -> str:
    """What is missing, what for, and the line that brings it."""
    package, purpose = PROGRAMS[name]
    return f"{name} is missing ({purpose}). Run: {command_for([package])}"


def _found(name: str) -> bool:
    if name == "chromium":
        return find_browser() is not None
    return find(name) is not None


def find_browser() -> str | None:
    """A browser of the system, else one that Playwright has fetched itself."""
    for name in BROWSERS:
        if path := find(name):
            return path
    cache = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / ".cache" / "ms-playwright")
    own = sorted(cache.glob("chromium-*/chrome-linux*/chrome")) + sorted(
        cache.glob("chromium-*/chrome-mac*/Chromium.app/Contents/MacOS/Chromium")
    )
    return str(own[-1]) if own else None


def provide(programs: Sequence[str]) -> list[str]:
    """Installs what is missing where we may. Returns one line for each thing that still is."""
    wanted = missing(programs)
    if wanted and can_install():
        install([PROGRAMS[name][0] for name in wanted])
        wanted = missing(programs)
    return [advice(name) for name in wanted]
