"""Wishes for more work: a deployment to one more environment, tests, a canary; and a step that goes to another stage."""

from __future__ import annotations

import re
from typing import Any

from templates_catalog.authoring import clusters, locating, names, pieces
from templates_catalog.authoring.context import (
    AFTER,
    BEFORE,
    FIRST,
    LAST,
    REMOVE,
    Context,
    Option,
    entry_of,
    slot_of,
    unique,
)
from templates_catalog.authoring.edits import AddStage, AddStep, Edit, Move
from templates_catalog.authoring.locating import Node
from templates_catalog.authoring.scanning import position, steps_of
from templates_catalog.authoring.words import ADD
from templates_catalog.documents import paths
from templates_catalog.filling import plain_copy

MORE = re.compile(rf"{ADD}|\bdeploy\w*\b|\brelease\w*\b|\bgoes?\b|\bcomes?\b", re.I)


def read(text: str, context: Context) -> list[Option]:
    """Every way the sentence can be meant as more work."""
    return [
        *deployments(text, context),
        *tests(text, context),
        *canaries(text, context),
        *elsewhere(text, context),
    ]


def deployments(text: str, context: Context) -> list[Option]:
    """One more deployment, like the one that was objected to, to an environment nothing deploys to yet."""
    order = re.search(BEFORE, text, re.I) or re.search(
        r"\bfirst\b|\bahead\b|\bin front\b|\bbeforehand\b|\bearlier\b", text, re.I
    )
    targets = [s for s in context.blamed_stages if s.type == "Deployment" or "template" in s.value]
    held = {context.document.environment(stage) for stage in context.document.stages}
    wanted = [e for _, _, e in names.environments(text, context.facts) if e not in held]
    if not order or not MORE.search(text) or REMOVE.search(text) or len(set(wanted)) != 1 or not targets:
        return []
    target = min(targets, key=slot_of)
    known = {environment.identifier for environment in context.facts.environments}
    spot = clusters.read(context.whole or text, known)
    infra = spot[0][2] if len(spot) == 1 else pieces.OPEN_INPUT
    stage = like(target, wanted[0], infra, context)
    entry = entry_of(target)
    edit = AddStage(
        paths.parent(entry),
        {"stage": stage},
        slot_of(target),
        where=f"before “{target.name or target.identifier}”",
    )
    return [Option((edit,), 9)]


def like(stage: Node, environment: str, infra: str, context: Context) -> dict[str, Any]:
    """A copy of a deployment stage for another environment, with identifiers of its own."""
    made: dict[str, Any] = plain_copy(stage.value)
    made["identifier"] = unique(context.document, pieces.identifier_of(f"deploy_{environment}"))
    made["name"] = pieces.name_of(f"Deploy {environment}")
    for row in paths.find(made, "template.templateInputs.variables") or []:
        if row.get("name") in ("environment_ref", "infra_ref"):
            row["value"] = environment if row["name"] == "environment_ref" else infra
    spec = made.get("spec")
    if not isinstance(spec, dict):
        return made
    if isinstance(spec.get("environment"), dict):
        spec["environment"]["environmentRef"] = environment
        if "infrastructureDefinitions" in spec["environment"]:
            spec["environment"]["infrastructureDefinitions"] = [{"identifier": infra}]
    spec.pop("infrastructure", None)
    for step in locating.walk(spec.get("execution"), "execution", "execution", ""):
        if step.kind in ("step", "group"):
            step.value["identifier"] = unique(context.document, f"{step.identifier}_{environment}")
    return made


def tests(text: str, context: Context) -> list[Option]:
    """A step that runs the tests, where there is none; how they are run is asked at run time when it is not said."""
    if not re.search(r"\b(?:add|insert|include|put in|need|run)\b", text, re.I) or not re.search(
        r"\btests?\b", text, re.I
    ):
        return []
    stages = [s for s in context.blamed_stages if s.type == "CI"] or [
        s for s in locating.stages_spoken_of(context.document, text) if s.type == "CI"
    ]
    stages = [s for s in stages if not any(locating.is_test(step) for step in steps_of(s, context))]
    edits: list[Edit] = []
    for stage in stages:
        spec = {
            "language": first_of(text, ("Java", "Kotlin", "Scala", "CSharp", "Python", "Ruby")),
            "buildTool": first_of(text, ("Maven", "Gradle", "Bazel", "SBT", "Dotnet", "Pytest", "Rspec")),
        }
        step = {"identifier": unique(context.document, "run_tests"), "name": "Run tests", "type": "RunTests",
                "timeout": "30m", "spec": spec}  # fmt: skip
        place, where = position(stage, text, context, after_push=False)
        edits.append(
            AddStep(
                f"{stage.path}.spec.execution.steps",
                {"step": step},
                place,
                where=f"{where} in “{stage.name}”",
            )
        )
    return [Option(tuple(edits), 7)] if edits else []


def first_of(text: str, words: tuple[str, ...]) -> str:
    return next((word for word in words if re.search(rf"\b{word}\b", text, re.I)), pieces.OPEN_INPUT)


def canaries(text: str, context: Context) -> list[Option]:
    """A canary in front of the step that deploys."""
    if not re.search(r"\bcanar(?:y|ies)\b", text, re.I) or REMOVE.search(text):
        return []
    share = re.search(r"(\d{1,2}) ?(?:%|percent|per cent)", text, re.I)
    edits: list[Edit] = []
    for stage in context.blamed_stages:
        steps = [step for step in steps_of(stage, context) if locating.is_deploy(step)]
        if stage.type != "Deployment" or any(step.type == "K8sCanaryDeploy" for step in steps):
            continue
        spec: dict[str, Any] = {"skipDryRun": False}
        # A share that nobody named is asked when it runs.
        spec["instanceSelection"] = {
            "type": "Percentage",
            "spec": {"percentage": int(share[1]) if share else pieces.OPEN_INPUT},
        }
        step = {"identifier": unique(context.document, "canary"), "name": "Canary", "type": "K8sCanaryDeploy",
                "timeout": "10m", "spec": spec}  # fmt: skip
        held = paths.find(stage.value, "spec.execution.steps") or []
        at = (
            paths.to_parts(steps[0].path)[len(paths.to_parts(f"{stage.path}.spec.execution.steps"))]
            if steps
            else len(held)
        )
        edits.append(
            AddStep(
                f"{stage.path}.spec.execution.steps",
                {"step": step},
                int(at),
                where=f"first in “{stage.name}”",
            )
        )
    return [Option(tuple(edits), 7)] if edits else []


INTO = re.compile(
    r"\b(?:in)?to (?:the )?(?P<where>[\w -]{2,40}?)(?: stage)?(?=\s*(?:[,.;]|$)| (?:as|at|in front|before|after|first|last)\b)",
    re.I,
)


def elsewhere(text: str, context: Context) -> list[Option]:
    """Steps moved from one stage to another, behind what is there unless it is said where."""
    hit = INTO.search(text)
    if not hit or not re.search(r"\b(?:move|shift|put|bring|transfer|run)\b", text[: hit.start()], re.I):
        return []
    homes = locating.stages_spoken_of(context.document, hit["where"])
    found = locating.spoken_of(context.document, text[: hit.start()])
    movers = [node for node in found if node.kind == "step" and not node.rollback]
    movers = [node for node in movers if node in context.blamed] or movers
    if len(homes) != 1 or len(movers) != 1 or movers[0].stage == homes[0].path:
        return []
    mover = movers[0]
    there = steps_of(homes[0], context)
    behind = text[hit.end() :]
    after = not (FIRST.search(behind) or re.search(BEFORE, behind, re.I))
    anchors = [n for n in locating.spoken_of(context.document, behind) if n in there]
    if (
        (re.search(BEFORE, behind, re.I) or re.search(AFTER, behind, re.I))
        and not LAST.search(behind)
        and not anchors
    ):
        return []
    anchor = anchors[0] if anchors else there[-1] if there and after else there[0] if there else None
    if anchor is None:
        return []
    return [Option((Move(mover.entry, top(homes[0], anchor), after, mover.label, anchor.label),), 9)]


def top(stage: Node, step: Node) -> str:
    """The entry of the stage's own list that holds a step, however deep."""
    depth = len(paths.to_parts(f"{stage.path}.spec.execution.steps")) + 1
    return paths.to_text(paths.to_parts(step.path)[:depth])
