"""The adapters in use: which engine answers, and who is told of a new bundle."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable, Iterator
from functools import lru_cache

from django.conf import settings

from governance.ports import BundlePublisher, PolicyEngine

log = logging.getLogger(__name__)
_replaced: list[PolicyEngine] = []
_wake_replay: Callable[[str], None] | None = None
_wake_exam: Callable[[str], None] | None = None


def set_wake_replay(wake: Callable[[str], None]) -> None:
    global _wake_replay
    _wake_replay = wake


def set_wake_exam(wake: Callable[[str], None]) -> None:
    global _wake_exam
    _wake_exam = wake


def wake_exam(exam: str) -> None:
    """Ring the bell for a queued exam. Only a nudge: the keeper rings again."""
    if _wake_exam is None:
        return
    try:
        _wake_exam(exam)
    except OSError as error:
        log.warning("the broker did not take exam %s (%s); the keeper will ring again", exam, error)


def wake_replay(replay: str) -> None:
    """Ring the bell for a queued impact. Only a nudge: the keeper rings again."""
    if _wake_replay is None:
        return
    try:
        _wake_replay(replay)
    except OSError as error:
        log.warning("the broker did not take impact %s (%s); the keeper will ring again", replay, error)


def engine() -> PolicyEngine:
    """The policy engine of this process."""
    return _replaced[-1] if _replaced else _sidecar(settings.OPA_URL)


@lru_cache(maxsize=4)
def _sidecar(url: str) -> PolicyEngine:
    from governance.engines.opa import OpaEngine

    return OpaEngine(url, token=getattr(settings, "OPA_QUERY_TOKEN", ""))


@contextlib.contextmanager
def use_engine(other: PolicyEngine) -> Iterator[PolicyEngine]:
    """Let another engine answer while the block runs (tests, a plugin's adapter)."""
    _replaced.append(other)
    try:
        yield other
    finally:
        _replaced.remove(other)


def publisher() -> BundlePublisher:
    """Where new bundles go. The web server hands them out from the database, so nothing is copied."""
    from governance.publishers.bundle_server import BundleServer
    from governance.publishers.directory import Directory

    folder = getattr(settings, "BUNDLE_DIR", None)
    return Directory(folder) if folder else BundleServer()
