"""Fixtures everybody shares. Unit tests touch no network; those that need real parts say so by a marker."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest

# Before Django reads its settings: nothing of a test may touch the developer's own data.
os.environ.setdefault("DATA_DIR", tempfile.mkdtemp(prefix="portcullis-tests-"))
os.environ.setdefault("POLICY_TIMEOUT_MS", "2000")

from governance.engines import limited
from tests import people
from tests.stubs import stub_gate

__all__ = ["stub_gate"]

# What is asked here is what an answer says; whether it is there in time depends on what else the machine does.
limited.ANSWER_S = 60.0
# Nor does a draft step aside for the test beside it, which is no visitor who waits for a page.
limited.LONG_S = float("inf")

SHARED_EXAM = Path(__file__).resolve().parent.parent.parent / "shared" / "exam"


# Who has one of the marks, or asks for one of the fixtures, directly or through another fixture, reads or writes the database.
MARKED = ("django_db", "database", "postgres", "browser", "journey")
OF_THE_DATABASE = {"db", "transactional_db", "django_db_setup", "own_database"}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL only what meets the database is run; the rest has nothing new to show there."""
    if not os.environ.get("DATABASE_URL", "").startswith("postgres"):
        return
    config.hook.pytest_deselected(items=[item for item in items if not meets_the_database(item)])
    items[:] = filter(meets_the_database, items)


def meets_the_database(item: pytest.Item) -> bool:
    """Told by its marks and fixtures; a journey starts a portal, which has a database."""
    if item.get_closest_marker("once"):
        return False
    marked = any(item.get_closest_marker(name) for name in MARKED)
    return marked or bool(OF_THE_DATABASE & set(getattr(item, "fixturenames", ())))


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_modify_db_settings, django_db_blocker):
    """The migrated test database, made also when only tests that copy it (`own_database`) are run."""
    from django.test.utils import setup_databases, teardown_databases

    with django_db_blocker.unblock():
        made = setup_databases(verbosity=0, interactive=False)
        yield
        teardown_databases(made, verbosity=0)


@pytest.fixture(autouse=True)
def _plain_static_files(settings):
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def cast(db):
    """Everybody in their roles: cast.dana, cast.eli, …"""
    return people.move_in()
