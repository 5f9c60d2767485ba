"""The frozen values in which doors see policies, their versions and the sets that bind them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class BoundIn:
    """A set that holds a policy: set and scope are its identifier and where it lives."""

    set: str
    scope: str
    name: str
    event: str
    severity: str
    mode: str
    enabled: bool


@dataclass(frozen=True, slots=True)
class PolicyView:
    """state: of the newest version; active_version: 0 for none; activating: not yet in the pinned bundle."""

    id: str
    ref: str
    scope: str
    identifier: str
    name: str
    description: str
    entity: str
    tags: dict[str, Any]
    ai_generated: bool
    retired: bool
    state: str
    version: int
    active_version: int
    activating: bool
    inherited: bool
    updated_at: datetime
    sets: list[BoundIn] = field(default_factory=list)
    blocked_30d: int = 0
    warned_30d: int = 0


@dataclass(frozen=True, slots=True)
class PolicyPage:
    policies: list[PolicyView]
    after: str = ""
    before: str = ""


@dataclass(frozen=True, slots=True)
class ApprovalView:
    """valid: not withdrawn, over the present text, by somebody who had no part in it."""

    user: str
    name: str
    comment: str
    at: datetime
    withdrawn: bool
    valid: bool


@dataclass(frozen=True, slots=True)
class CommentView:
    user: str
    name: str
    line: int
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class VersionView:
    """touched_names: everyone who wrote, edited or prompted it; none of them may approve or activate it.

    name, description: what the policy is called once this version is in force.
    """

    id: str
    number: int
    state: str
    rego: str
    rule: dict[str, Any]
    request: str
    reading: list[Any]
    cases: list[Any]
    checks: list[Any]
    content_sha256: str
    author: str
    author_name: str
    touched_by: list[str]
    touched_names: list[str]
    ai: dict[str, Any]
    origin: dict[str, Any]
    created_at: datetime
    activated_at: datetime | None
    approved: bool
    activating: bool
    approvals: list[ApprovalView] = field(default_factory=list)
    comments: list[CommentView] = field(default_factory=list)
    name: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True)
class PolicyDetail:
    """may: the verbs that the actor's roles allow here; `why_not` says what still stands against one."""

    policy: PolicyView
    versions: list[VersionView]
    may: frozenset[str]


@dataclass(frozen=True, slots=True)
class ReviewItem:
    """A version that waits for this person: to be approved (in_review) or activated (approved)."""

    policy: PolicyView
    version: VersionView
    waits_for: str


@dataclass(frozen=True, slots=True)
class MemberView:
    """active_version 0: the policy binds nothing yet."""

    policy: str
    scope: str
    name: str
    severity: str
    active_version: int
    state: str
    blocked_30d: int = 0
    warned_30d: int = 0


@dataclass(frozen=True, slots=True)
class SetView:
    """mode is what the set starts from, mode_today what its ramp makes of it; selects: its selector in words."""

    id: str
    ref: str
    scope: str
    identifier: str
    name: str
    description: str
    entity: str
    event: str
    mode: str
    enabled: bool
    number: int
    inherited: bool
    updated_at: datetime
    members: list[MemberView] = field(default_factory=list)
    blocked_30d: int = 0
    warned_30d: int = 0
    selector: dict[str, Any] = field(default_factory=dict)
    selects: str = ""
    ramp: list[dict[str, str]] = field(default_factory=list)
    mode_today: str = ""


@dataclass(frozen=True, slots=True)
class RequestView:
    """A change that would weaken a set and waits for a second person. mine: the viewer asked for it."""

    id: str
    scope: str
    identifier: str
    verb: str
    weakens: list[str]
    reason: str
    asked_by: str
    mine: bool
    why_not: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class AppliesView:
    """A policy that is asked about documents of a kind in a scope.

    mode     what its set does today, its ramp counted in
    loaded   in the bundle that is in force
    selects  which documents it is asked about, in words; "" when about all
    """

    policy: str
    policy_scope: str
    name: str
    set: str
    set_scope: str
    set_name: str
    event: str
    severity: str
    mode: str
    loaded: bool
    selects: str = ""


@dataclass(frozen=True, slots=True)
class SidecarView:
    """fresh: heard from within the last ten seconds."""

    name: str
    revision: str
    error: str
    heard_at: datetime
    fresh: bool


@dataclass(frozen=True, slots=True)
class GateStatus:
    """ready: a revision is pinned and every sidecar there has it; problem: what a person should know.

    failing  why the revision on its way could not be loaded; "" while it is well or there is none
    """

    pinned: str
    pending: str
    serial: int
    activating: bool
    pinned_at: datetime | None
    sidecars: list[SidecarView]
    ready: bool
    problem: str
    failing: str
