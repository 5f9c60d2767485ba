"""Fixtures everybody shares. Unit tests touch no network; those that need real parts say so by a marker."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest

# Before Django reads its settings: nothing of a test may touch the developer's own data.
os.environ.setdefault("DATA_DIR", tempfile.mkdtemp(prefix="portcullis-tests-"))
os.environ.setdefault("POLICY_TIMEOUT_MS", "2000")

from tests import people

SHARED_EXAM = Path(__file__).resolve().parent.parent.parent / "shared" / "exam"


@pytest.fixture(autouse=True)
def _plain_static_files(settings):
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture()
def cast(db):
    """Everybody in their roles: cast.dana, cast.eli, …"""
    return people.move_in()
