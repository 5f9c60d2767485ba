"""Workers die at random moments; no run may be lost, stay taken, or be written to by the dead."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from tests.running import _database

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.slow
@pytest.mark.database
def test_thirty_runs_survive_workers_that_are_killed_and_frozen():
    with tempfile.TemporaryDirectory(prefix="pc-", ignore_cleanup_errors=True) as folder, _database() as own:
        done = subprocess.run(
            [sys.executable, "-m", "tests.templates_catalog.runners.kills", folder, "30", "7"],
            cwd=ROOT, env={**os.environ, **own}, capture_output=True, text=True, timeout=180, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr[-3000:]
    report = json.loads(done.stdout.splitlines()[-1])
    assert report["states"] == {"succeeded": 30}, report
    assert report["kills"] >= 5
    assert report["interrupted"] >= 1, "no run was hit, so nothing was shown"
    assert report["not_detected"] == 0
    assert report["detection_s"]["max"] <= 20
    assert report["late_writes"] == 0
    assert report["steps_ended_twice"] == 0
    assert report["log_problems"] == []
