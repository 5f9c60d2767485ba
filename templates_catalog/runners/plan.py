"""An expanded pipeline as a plan: stages and steps in order, what runs at the same time, what on failure.

Pure: no database and no clock. `build` expects a body that `unsupported` has nothing against.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from templates_catalog.runners.durations import seconds
from templates_catalog.runners.unsupported import unsupported

__all__ = ["Group", "Node", "Parallel", "Plan", "Stage", "Step", "Strategy", "build", "leaves", "unsupported"]

STEP_TIMEOUT_S = 10 * 60.0
APPROVAL_TIMEOUT_S = 24 * 3600.0
APPROVAL = "HarnessApproval"


@dataclass(frozen=True, slots=True)
class Strategy:
    """On these errors do this: action is Ignore, Abort, MarkAsFailure or StageRollback."""

    errors: tuple[str, ...]
    action: str

    def covers(self, error: str) -> bool:
        return "AllErrors" in self.errors or error in self.errors


@dataclass(frozen=True, slots=True)
class Step:
    """path: "build/tests/unit", unique in the run; when: Success, Failure or All of the stage so far.

    policy_sets  references of those that decide about what the step gave
    """

    path: str
    identifier: str
    name: str
    type: str
    spec: Mapping[str, Any]
    timeout_s: float
    when: str = "Success"
    strategies: tuple[Strategy, ...] = ()
    rollback: bool = False
    policy_sets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    path: str
    identifier: str
    name: str
    nodes: tuple[Node, ...]
    when: str = "Success"
    strategies: tuple[Strategy, ...] = ()


@dataclass(frozen=True, slots=True)
class Parallel:
    """Branches that run at the same time. path: of the first one, for telling blocks apart."""

    path: str
    nodes: tuple[Node, ...]


Node = Step | Group | Parallel


@dataclass(frozen=True, slots=True)
class Stage:
    """when: Success, Failure or All of the pipeline so far."""

    path: str
    identifier: str
    name: str
    type: str
    nodes: tuple[Node, ...]
    rollback: tuple[Node, ...]
    spec: Mapping[str, Any]
    variables: Mapping[str, Any]
    when: str = "Success"
    strategies: tuple[Strategy, ...] = ()
    timeout_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Plan:
    """slots run one after the other; the stages of one slot at the same time."""

    identifier: str
    name: str
    slots: tuple[tuple[Stage, ...], ...]
    variables: Mapping[str, Any] = field(default_factory=dict)
    codebase: Mapping[str, Any] | None = None
    timeout_s: float = 0.0

    @property
    def stages(self) -> Iterator[Stage]:
        for slot in self.slots:
            yield from slot


def build(body: Mapping[str, Any]) -> Plan:
    """The plan of what stands under `pipeline`, expanded and with the run's inputs filled in."""
    ci = (body.get("properties") or {}).get("ci") or {}
    builder = _Builder()
    return Plan(
        identifier=str(body.get("identifier", "")),
        name=str(body.get("name") or body.get("identifier", "")),
        slots=tuple(tuple(slot) for entry in body.get("stages") or [] for slot in builder.slots(entry)),
        variables=_variables(body.get("variables")),
        codebase=ci.get("codebase"),
        timeout_s=seconds(body.get("timeout"), 0.0),
    )


def leaves(nodes: tuple[Node, ...]) -> Iterator[Step]:
    """The steps of a list of nodes in reading order."""
    for node in nodes:
        if isinstance(node, Step):
            yield node
        else:
            yield from leaves(node.nodes)


class _Builder:
    """Gives every step a path of its own, also where two share an identifier."""

    def __init__(self) -> None:
        self.taken: set[str] = set()

    def path(self, *parts: str) -> str:
        wanted = path = "/".join(parts)
        number = 2
        while path in self.taken:
            path, number = f"{wanted}_{number}", number + 1
        self.taken.add(path)
        return path

    def slots(self, entry: Mapping[str, Any]) -> Iterator[list[Stage]]:
        if "stage" in entry:
            yield [self.stage(entry["stage"])]
        elif "parallel" in entry:
            yield [stage for member in entry["parallel"] for slot in self.slots(member) for stage in slot]
        elif "insert" in entry:
            for member in entry["insert"].get("stages") or []:
                yield from self.slots(member)

    def stage(self, raw: Mapping[str, Any]) -> Stage:
        identifier = str(raw["identifier"])
        path = self.path(identifier)
        spec = raw.get("spec") or {}
        execution = spec.get("execution") or {}
        return Stage(
            path=path,
            identifier=identifier,
            name=str(raw.get("name") or identifier),
            type=str(raw.get("type", "Custom")),
            nodes=self.nodes(execution.get("steps"), path),
            rollback=self.nodes(execution.get("rollbackSteps"), f"{path}/rollback", rollback=True),
            spec=spec,
            variables=_variables(raw.get("variables")),
            when=(raw.get("when") or {}).get("pipelineStatus", "Success"),
            strategies=_strategies(raw),
            timeout_s=seconds(raw.get("timeout"), 0.0),
        )

    def nodes(self, entries: Any, path: str, rollback: bool = False) -> tuple[Node, ...]:
        return tuple(node for entry in entries or [] for node in self.node(entry, path, rollback))

    def node(self, entry: Mapping[str, Any], path: str, rollback: bool) -> Iterator[Node]:
        if "step" in entry:
            yield self.step(entry["step"], path, rollback)
        elif "stepGroup" in entry:
            yield self.group(entry["stepGroup"], path, rollback)
        elif "parallel" in entry:
            nodes = self.nodes(entry["parallel"], path, rollback)
            yield Parallel(nodes[0].path if nodes else path, nodes)
        elif "insert" in entry:
            yield from self.nodes(entry["insert"].get("steps"), path, rollback)

    def group(self, raw: Mapping[str, Any], path: str, rollback: bool) -> Group:
        identifier = str(raw["identifier"])
        here = self.path(path, identifier)
        return Group(
            path=here,
            identifier=identifier,
            name=str(raw.get("name") or identifier),
            nodes=self.nodes(raw.get("steps"), here, rollback),
            when=(raw.get("when") or {}).get("stageStatus", "Success"),
            strategies=_strategies(raw),
        )

    def step(self, raw: Mapping[str, Any], path: str, rollback: bool) -> Step:
        identifier, kind = str(raw["identifier"]), str(raw.get("type", ""))
        usual = APPROVAL_TIMEOUT_S if kind == APPROVAL else STEP_TIMEOUT_S
        return Step(
            path=self.path(path, identifier),
            identifier=identifier,
            name=str(raw.get("name") or identifier),
            type=kind,
            spec=raw.get("spec") or {},
            timeout_s=seconds(raw.get("timeout"), usual),
            when=(raw.get("when") or {}).get("stageStatus", "Success"),
            strategies=_strategies(raw),
            rollback=rollback,
            policy_sets=policy_sets(raw),
        )


def policy_sets(step: Mapping[str, Any]) -> tuple[str, ...]:
    """The policy sets that a step names for what it gives, in `enforce`."""
    return tuple(str(ref) for ref in (step.get("enforce") or {}).get("policySets") or [])


def _variables(rows: Any) -> dict[str, Any]:
    """Name → value; a variable without a value has its default."""
    found = {}
    for row in rows or []:
        value = row.get("value")
        found[str(row.get("name"))] = row.get("default") if value in (None, "") else value
    return found


def _strategies(raw: Mapping[str, Any]) -> tuple[Strategy, ...]:
    found = []
    for row in raw.get("failureStrategies") or []:
        rule = row.get("onFailure") or {}
        action = (rule.get("action") or {}).get("type", "MarkAsFailure")
        found.append(Strategy(tuple(rule.get("errors") or ("AllErrors",)), action))
    return tuple(found)
