"""Stages and steps of a pipeline or template, at any depth, each with its path."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from templates_catalog.documents import paths


@dataclass(frozen=True)
class StageAt:
    """One stage. `slot` is the number of the entry of `stages` it runs in; parallel stages share it."""

    stage: dict[str, Any]
    path: str
    slot: int
    entry_path: str


@dataclass(frozen=True)
class StepAt:
    """One step or step group. `entry_path` is the list entry that holds it."""

    step: dict[str, Any]
    path: str
    entry_path: str
    is_group: bool = False
    is_rollback: bool = False


def stages(body: Any) -> Iterator[dict[str, Any]]:
    """The stages of a pipeline body, in order, wherever they stand."""
    for at in stages_at(body, ""):
        yield at.stage


def steps(stage: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The steps of a stage in reading order, rollback steps last."""
    for at in steps_at(stage, ""):
        yield at.step


def stages_at(holder: Any, path: str) -> Iterator[StageAt]:
    """The stages of a pipeline body (`holder` at `path`), in order."""
    if isinstance(holder, dict):
        entries = holder.get("stages")
        for slot, entry in enumerate(entries if isinstance(entries, list) else []):
            yield from stages_in(entry, f"{path}.stages[{slot}]", slot)


def stages_in(entry: Any, path: str, slot: int) -> Iterator[StageAt]:
    if not isinstance(entry, dict):
        return
    if isinstance(entry.get("stage"), dict):
        yield StageAt(entry["stage"], f"{path}.stage", slot, path)
    inner = entry.get("parallel")
    for number, member in enumerate(inner if isinstance(inner, list) else []):
        yield from stages_in(member, f"{path}.parallel[{number}]", slot)
    insert = entry.get("insert")
    inner = insert.get("stages") if isinstance(insert, dict) else None
    for number, member in enumerate(inner if isinstance(inner, list) else []):
        yield from stages_in(member, f"{path}.insert.stages[{number}]", slot)


def steps_at(stage: dict[str, Any], path: str, *, groups: bool = False) -> Iterator[StepAt]:
    """The steps of a stage in reading order, rollback steps last; with `groups` the step groups too."""
    spec = stage.get("spec")
    execution = spec.get("execution") if isinstance(spec, dict) else None
    if not isinstance(execution, dict):
        return
    for key in ("steps", "rollbackSteps"):
        below = f"{path}.spec.execution.{key}"
        yield from steps_in(execution.get(key), below, key == "rollbackSteps", groups)


def steps_in(entries: Any, path: str, rollback: bool = False, groups: bool = False) -> Iterator[StepAt]:
    for number, entry in enumerate(entries if isinstance(entries, list) else []):
        at = paths.join(path, number)
        if not isinstance(entry, dict):
            continue
        if isinstance(entry.get("step"), dict):
            yield StepAt(entry["step"], f"{at}.step", at, False, rollback)
        for key in ("stepGroup", "insert"):
            group = entry.get(key)
            if isinstance(group, dict):
                if groups and key == "stepGroup":
                    yield StepAt(group, f"{at}.{key}", at, True, rollback)
                yield from steps_in(group.get("steps"), f"{at}.{key}.steps", rollback, groups)
        yield from steps_in(entry.get("parallel"), f"{at}.parallel", rollback, groups)


def strings(value: Any, path: str = "") -> Iterator[tuple[str, str, str]]:
    """Every text in `value` as (path, key it stands under, text)."""
    waiting: list[tuple[str, str, Any]] = [(path, "", value)]
    while waiting:
        at, key, node = waiting.pop()
        if isinstance(node, str):
            yield at, key, node
        elif isinstance(node, dict):
            waiting.extend((paths.join(at, name), str(name), inner) for name, inner in node.items())
        elif isinstance(node, list):
            waiting.extend((paths.join(at, number), key, inner) for number, inner in enumerate(node))
