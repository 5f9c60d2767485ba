"""Makes the small Git repository the demo works on: a Python service with findings to fix."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

NAME, BRANCH = "tracking_eta", "main"
FILES = {
    "README.md": """\
# Tracking service

Answers where a parcel is. Run the tests with `python3 -m unittest -v`.
""",
    "tracking/__init__.py": '"""Where is my parcel?"""\n',
    "tracking/positions.py": '''\
"""Positions of parcels, newest last."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Position:
    parcel: str
    depot: str
    hour: int


def last_seen(positions, parcel):
    """The newest position of a parcel; None when nobody has seen it."""
    seen = [p for p in positions if p.parcel == parcel]
    return max(seen, key=lambda p: p.hour) if seen else None
''',
    "tracking/labels.py": '''\
"""Prints labels. The printer's program wants a shell line, which is what the scanner objects to."""

import hashlib
import subprocess


def checksum(text):
    return hashlib.md5(text.encode()).hexdigest()[:8]


def print_label(printer, text):
    return subprocess.call(f"lp -d {printer} -t {checksum(text)}", shell=True)
''',
    "tests/__init__.py": "",
    "tests/test_positions.py": """\
import unittest

from tracking.positions import Position, last_seen


class LastSeen(unittest.TestCase):
    def test_the_newest_position_counts(self):
        positions = [Position("p1", "Malmo", 8), Position("p1", "Hamburg", 14), Position("p2", "Oslo", 20)]
        self.assertEqual(last_seen(positions, "p1").depot, "Hamburg")

    def test_nobody_has_seen_an_unknown_parcel(self):
        self.assertIsNone(last_seen([], "p9"))
""",
    "deploy/deployment.yaml": """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: tracking
spec:
  replicas: 2
""",
}
# Fixed, so that the same files have the same commit on every machine.
IDENTITY = {
    "GIT_AUTHOR_NAME": "Dana Okafor",
    "GIT_AUTHOR_EMAIL": "dana@halden.example",
    "GIT_AUTHOR_DATE": "2026-09-01T08:00:00+0000",
    "GIT_COMMITTER_NAME": "Dana Okafor",
    "GIT_COMMITTER_EMAIL": "dana@halden.example",
    "GIT_COMMITTER_DATE": "2026-09-01T08:00:00+0000",
}


def make_repository(parent: Path) -> Path:
    """Make the repository below `parent`, or leave the one that is there; `parent`, for the connector.

    Raises FileNotFoundError when git is not installed, CalledProcessError when it fails.
    """
    make(parent / NAME)
    return parent


def make(folder: Path) -> str:
    """Make the repository at `folder` itself, or leave the one that is there; the hash of its commit."""
    if not (folder / ".git" / "HEAD").is_file():
        half = folder.with_name(f".{folder.name}.making")
        shutil.rmtree(half, ignore_errors=True)
        for name, text in FILES.items():
            file = half / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        _git(half, "init", "--quiet", f"--initial-branch={BRANCH}")
        _git(half, "add", "--all")
        _git(half, "commit", "--quiet", "--no-verify", "--message", "Tracking service")
        shutil.rmtree(folder, ignore_errors=True)
        half.rename(folder)
    return _git(folder, "rev-parse", BRANCH).strip()


def _git(folder: Path, *arguments: str) -> str:
    program = shutil.which("git")
    if program is None:
        raise FileNotFoundError("git is not installed; run: sudo apt-get install -y git")
    clean = {
        "PATH": os.defpath, "HOME": str(folder), "LC_ALL": "C", "GIT_CONFIG_NOSYSTEM": "1", **IDENTITY,
    }  # fmt: skip
    command = [program, "-c", f"safe.directory={folder}", "-C", str(folder), *arguments]
    done = subprocess.run(command, env=clean, capture_output=True, text=True, check=True, timeout=60)
    return done.stdout
