"""Every refusal the write path can give. Doors map these to their own protocol, once each."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Violation:
    """One thing a policy objects to: what, where, why and how to fix it.

    path  JSON path into the document, "" when the policy named none; line is 1-based, 0 when unknown
    """

    policy: str
    severity: str
    message: str
    path: str = ""
    fix: str = ""
    line: int = 0
    policy_set: str = ""
    scope: str = ""
    policy_scope: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is not well formed, and where."""

    message: str
    path: str = ""
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        where = f"line {self.line}: " if self.line else (f"{self.path}: " if self.path else "")
        return f"{where}{self.message}"


class Refused(Exception):
    """Base of every refusal. `code` is stable and public; the message is for a person."""

    code = "refused"
    # The gate's answer, when it was asked; kept in the refusal's own transaction.
    decision: Any = None
    audit_event: str = ""

    @property
    def problems(self) -> list[Problem]:
        return []

    @property
    def violations(self) -> list[Violation]:
        return []

    def as_dict(self) -> dict[str, object]:
        return {
            "refused": self.code,
            "detail": str(self),
            "problems": [asdict(p) for p in self.problems],
            "violations": [asdict(v) for v in self.violations],
            "evaluation": str(self.decision.evaluation_id) if self.decision else "",
            "audit_event": self.audit_event,
        }


class Denied(Refused):
    """You hold something here, but not this. Names the permission and the scope."""

    code = "denied"

    def __init__(self, message: str, *, permission: str = "", scope: str = "") -> None:
        self.permission, self.scope = permission, scope
        super().__init__(message)


class NotFound(Refused):
    """There is no such thing, or you may not know of it: the two are told apart by nobody."""

    code = "not_found"


class Conflict(Refused):
    """Somebody was faster, or the state does not allow it."""

    code = "conflict"


class Invalid(Refused):
    """Not well formed. Carries every problem found, not only the first."""

    code = "invalid"

    def __init__(self, problems: list[Problem] | list[str]) -> None:
        self._problems = [p if isinstance(p, Problem) else Problem(p) for p in problems]
        super().__init__("; ".join(str(p) for p in self._problems))

    @property
    def problems(self) -> list[Problem]:
        return self._problems


class Blocked(Refused):
    """A policy of severity error objects. `warnings` are those that do not block."""

    code = "blocked"

    def __init__(self, violations: list[Violation], warnings: list[Violation], decision: Any) -> None:
        self._violations, self.warnings, self.decision = violations, warnings, decision
        super().__init__("; ".join(v.message for v in violations))

    @property
    def violations(self) -> list[Violation]:
        return self._violations + self.warnings


class Busy(Refused):
    """Too many drafts are being looked at to look at another one. Says nothing of the draft: nothing was decided."""

    code = "too_many_requests"
    again_s = 2

    def __init__(self, message: str = "") -> None:
        super().__init__(
            message
            or "Too many drafts are being checked just now to take another one. Try again in a moment."
        )


class GateUnavailable(Refused):
    """Nobody knows whether policy allows it, so nothing was changed."""

    code = "gate_unavailable"

    def __init__(self, reason: str, decision: Any = None) -> None:
        self.decision = decision
        super().__init__(reason)
