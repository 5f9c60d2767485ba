"""What the rules ask of the outside: a policy engine, and a place where bundles are published."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol


class EngineUnavailable(Exception):
    """No answer in time, or none at all. The message names the cause."""


class BadDecision(Exception):
    """An answer of another shape, or one that does not name every applicable policy as loaded."""


class PublishFailed(Exception):
    """The bundle could not be handed over. `permanent`: trying again will not help."""

    def __init__(self, message: str, *, permanent: bool = False) -> None:
        self.permanent = permanent
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Question:
    """scopes: the whole chain of paths, nearest first; kind: "pipeline"; event: "onsave".

    before  {"document", "templates"} of what a save replaces, by which selectors go as well
    sets    only these are asked ("<scope path>/<identifier>"); () = all that are bound
    """

    scopes: tuple[str, ...]
    kind: str
    event: str
    before: Mapping[str, Any] = field(default_factory=dict)
    sets: tuple[str, ...] = ()

    def plain(self) -> dict[str, Any]:
        return {
            "scopes": self.scopes, "kind": self.kind, "event": self.event, "before": dict(self.before),
            "sets": self.sets,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Answer:
    """What the engine said: which policies apply, which were loaded, what they deny.

    applicable  rows {"id", "policy", "policy_scope", "set", "scope", "severity", "mode"}
    found       policy id → [{"msg", "path", "code", "fix"}]
    revision    of the bundle that answered; engine: name and version
    """

    applicable: list[dict[str, Any]]
    found: Mapping[str, list[dict[str, Any]]]
    revision: str
    engine: str
    duration_us: int


class PolicyEngine(Protocol):
    def decide(self, question: Question, body: bytes, *, timeout_ms: int) -> Answer:
        """Ask the router about a document (canonical JSON bytes of the whole policy input).

        timeout_ms is wall clock for the whole call.
        Raises EngineUnavailable or BadDecision; never returns an empty answer for a failure.
        """
        ...

    def revision(self, *, timeout_ms: int) -> str:
        """The revision that is loaded now, "" when none is."""
        ...


class BundlePublisher(Protocol):
    def publish(self, revision: str, archive: bytes) -> None:
        """Offer a signed bundle to the sidecars. Raises PublishFailed."""
        ...
