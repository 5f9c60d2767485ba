"""What a model of fields cannot say well: required per type, who may hold what, identifiers used twice,
typos."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel, ValidationError
from rapidfuzz.distance import DamerauLevenshtein

from templates_catalog.documents import paths, step_types, walk
from templates_catalog.documents.fields import is_expression
from templates_catalog.documents.problems import Problem
from templates_catalog.documents.specs import SPECS
from templates_catalog.documents.wording import told

NEEDS_EXECUTION = ("CI", "Deployment", "Approval", "Custom", "SecurityTests", "Security")
ONE_OF = (
    (("service", "services", "serviceConfig"), "service"),
    (("environment", "environments", "environmentGroup", "infrastructure"), "environment"),
)


def check_body(body: Any, path: str, severity: str) -> Iterator[Problem]:
    """Everything about the stages of a pipeline body. `severity` is for what only a complete pipeline
    needs."""
    found = list(walk.stages_at(body, path))
    yield from twice([(at.stage.get("identifier"), at.path) for at in found], "stage")
    for at in found:
        yield from check_stage(at.stage, at.path, severity)


def check_stage(stage: dict[str, Any], path: str, severity: str) -> Iterator[Problem]:
    kind, spec = stage.get("type"), stage.get("spec")
    if stage.get("template") is not None or not isinstance(kind, str):
        return
    if kind in NEEDS_EXECUTION and not isinstance(spec, dict):
        yield Problem(f"a {kind} stage needs spec with execution.steps", path)
        return
    if kind == "Security":
        said = "the stage type Security is an old name; write SecurityTests"
        yield Problem(said, f"{path}.type", severity="warning")
        kind = "SecurityTests"
    if kind == "Deployment":
        yield from check_deployment(stage, path, severity)
    if (
        kind in NEEDS_EXECUTION
        and isinstance(spec, dict)
        and not isinstance(spec.get("execution"), dict | str)
    ):
        yield Problem(f"a {kind} stage needs spec.execution with steps", f"{path}.spec", severity=severity)
    steps = list(walk.steps_at(stage, path, groups=True))
    yield from twice([(at.step.get("identifier"), at.path) for at in steps], "step")
    for at in steps:
        if not at.is_group:
            yield from check_step(at.step, at.path, kind, severity)


def check_deployment(stage: dict[str, Any], path: str, severity: str) -> Iterator[Problem]:
    spec = stage.get("spec") if isinstance(stage.get("spec"), dict) else {}
    assert isinstance(spec, dict)  # noqa: S101 - narrows the type, decided one line above
    if not stage.get("failureStrategies"):
        yield Problem(
            "a Deployment stage needs failureStrategies; add one whose onFailure has errors: [AllErrors] and "
            "action: {type: StageRollback}",
            path, severity=severity,
        )  # fmt: skip
    for names, wanted in ONE_OF:
        given = [name for name in names if spec.get(name) is not None]
        # The portal itself places the resolved environment under infrastructure when a pipeline is run.
        if len(given) == 2 and given[1] == "infrastructure":
            given = given[:1]
        if not given:
            yield Problem(
                f"a Deployment stage needs spec.{wanted}; add it", f"{path}.spec", severity=severity
            )
        elif len(given) > 1:
            said = " and ".join(given)
            yield Problem(
                f"a Deployment stage has one of {', '.join(names)}; here are {said}", f"{path}.spec"
            )


def check_step(step: dict[str, Any], path: str, stage_type: str | None, severity: str) -> Iterator[Problem]:
    kind = step.get("type")
    if not isinstance(kind, str) or is_expression(kind):
        return
    allowed = step_types.stages_for(kind)
    if allowed is None:
        yield Problem(f"there is no step type {kind!r}{meant(kind)}", f"{path}.type")
        return
    if stage_type and not step_types.may_hold(stage_type, kind):
        homes = ", ".join(sorted(allowed & set(step_types.STAGE_TYPES[:5])))
        yield Problem(
            f"a {stage_type} stage cannot hold a {kind} step; move it to a stage of type {homes}", path
        )
    yield from check_spec(step, path, kind, severity)


def check_spec(step: dict[str, Any], path: str, kind: str, severity: str) -> Iterator[Problem]:
    model = SPECS.get(kind)
    if model is None:
        return
    try:
        model.model_validate(step.get("spec") if step.get("spec") is not None else {})
    except ValidationError as error:
        for problem in told(error, f"{path}.spec", f"a {kind} step"):
            missing = " needs " in problem.message
            yield Problem(problem.message, problem.path, severity=severity if missing else "error")
    yield from mistyped(step.get("spec"), model, f"{path}.spec")


def meant(word: str, known: tuple[str, ...] | None = None) -> str:
    names = step_types.near(word, known)
    return f"; did you mean {' or '.join(names)}?" if names else ""


def twice(named: list[tuple[Any, str]], what: str) -> Iterator[Problem]:
    first: dict[str, str] = {}
    for identifier, path in named:
        if not isinstance(identifier, str):
            continue
        if identifier in first:
            yield Problem(
                f"the {what} identifier {identifier!r} is used twice (first at {first[identifier]}); "
                f"rename one",
                path,
            )
        first.setdefault(identifier, path)


def mistyped(value: Any, model: type[BaseModel], path: str) -> Iterator[Problem]:
    """A problem for every unknown key that is one slip away from a key the model knows and the value
    lacks."""
    if not isinstance(value, dict):
        return
    known = {field.alias or name for name, field in model.model_fields.items()}
    for key in value:
        if key in known or not isinstance(key, str) or len(key) < 4:
            continue
        near = step_types.near(key, tuple(known - value.keys()), limit=1)
        if near and is_a_slip(key, near[0]):
            yield Problem(
                f"the key {key!r} is not known here; did you mean {near[0]!r}?", paths.join(path, key)
            )


def is_a_slip(typed: str, known: str) -> bool:
    return DamerauLevenshtein.distance(typed.lower(), known.lower()) <= (1 if len(known) < 8 else 2)


# Mappings whose keys people choose themselves.
FREE_KEYS = frozenset({"tags", "labels", "envVariables", "buildArgs", "matrix", "variables"})


def strange_letters(value: Any, path: str = "") -> Iterator[Problem]:
    """Keys with letters that only look like the known ones: `stаges` with a Cyrillic a is another key."""
    waiting: list[tuple[str, Any, bool]] = [(path, value, False)]
    while waiting:
        at, node, free = waiting.pop()
        if isinstance(node, list):
            waiting.extend((paths.join(at, number), inner, False) for number, inner in enumerate(node))
        elif isinstance(node, dict):
            for key, inner in node.items():
                below = paths.join(at, key)
                strange = next((letter for letter in str(key) if ord(letter) > 127), "")
                if strange and not free:
                    known = unicodedata.name(strange, "an unnamed character").lower()
                    said = (
                        f"the key {key!r} holds the letter {strange!r} ({known}); keys here use plain "
                        f"letters, type it again"
                    )
                    yield Problem(said, below)
                waiting.append((below, inner, key in FREE_KEYS))
