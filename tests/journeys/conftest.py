"""What the journeys share: one whole portal with real parts, and a browser that notes every complaint."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import running

DEMO_PATIENCE_S = 900


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder starts a whole portal, so it runs by itself."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("journey")


@pytest.fixture(scope="session")
def portal() -> Iterator[running.Portal]:
    """A ready portal without demo data; journeys make what they need."""
    with running.portal(DEMO="no") as ready:
        yield ready


@pytest.fixture(scope="session")
def demo() -> Iterator[running.Portal]:
    """A portal with the whole company of the demo."""
    with running.portal(DEMO="yes") as ready:
        until = time.monotonic() + DEMO_PATIENCE_S
        while time.monotonic() < until and "demo data is complete" not in running.demo_said(ready):
            time.sleep(1)
        yield ready


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, object]) -> dict[str, object]:
    """The system's Chromium where there is one, else Playwright's own."""
    executable = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    # Chromium's own sandbox does not work for root; the pages it sees here are ours.
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    found = {"executable_path": executable} if executable else {}
    return {**browser_type_launch_args, **found, "args": [*sandbox, "--disable-dev-shm-usage"]}
