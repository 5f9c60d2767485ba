"""Values of filters that come from a list: one that is not in it is an error, not an empty answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from governance import kinds, policy_checks
from governance.errors import Invalid

STATUSES = ("pass", "warning", "error", "unavailable")


def one_of(given: Mapping[str, str], name: str, known: Iterable[str]) -> None:
    """Raises Invalid when the filter is given and is none of the known."""
    wanted, listed = given.get(name), list(known)
    if wanted and wanted not in listed:
        raise Invalid([f"{name}: one of {', '.join(listed)}, not {wanted!r}"])


def gated(given: Mapping[str, str], name: str) -> None:
    """A kind of document that policies decide about."""
    one_of(given, name, policy_checks.entities())


def event(given: Mapping[str, str], kind: str) -> None:
    """When a document of the kind is decided about."""
    one_of(given, "event", kinds.get(kind).events)
