"""Wishes for scans: which scanner, in which stage, and where in it."""

from __future__ import annotations

import re

from templates_catalog.authoring import locating, pieces
from templates_catalog.authoring.context import (
    AFTER,
    BEFORE,
    EVERYWHERE,
    FIRST,
    LAST,
    REMOVE,
    Context,
    Option,
    slot_of,
    unique,
)
from templates_catalog.authoring.edits import AddStage, AddStep, Beside, Edit
from templates_catalog.authoring.locating import Node
from templates_catalog.authoring.words import ADD
from templates_catalog.documents import paths, step_types


def scanner(text: str, context: Context) -> str:
    """The scanner a text asks for: by name, else by what it looks at, preferring one the document already
    uses."""
    known = {kind.lower(): kind for kinds in context.facts.scan_steps.values() for kind in kinds}
    known |= {kind.lower(): kind for kind in step_types.SCANNERS}
    known["trivy"] = "AquaTrivy"
    for word in sorted(known, key=len, reverse=True):
        if re.search(rf"(?<![\w]){re.escape(word)}(?![\w])", text, re.I):
            return known[word]
    category = scan_category(text)
    if not category:
        return ""
    kinds = list(context.facts.scan_steps.get(category, ())) or [DEFAULT_SCANNER[category]]
    said = next((kind for kind in kinds if re.search(rf"\b{kind}\b", context.messages, re.I)), "")
    used = next((step.type for step in context.document.steps if step.type in kinds), "")
    usual = DEFAULT_SCANNER[category] if DEFAULT_SCANNER[category] in kinds else kinds[0]
    return said or used or usual


DEFAULT_SCANNER = {
    "secret": "Gitleaks",
    "container": "AquaTrivy",
    "sast": "Semgrep",
    "sca": "Owasp",
    "dast": "Zap",
}


CATEGORIES = (
    ("secret", r"\bsecrets?\b|\bleaks?\b|\bcredentials?\b"),
    ("container", r"\bimages?\b|\bcontainers?\b|\bdocker\b"),
    ("sca", r"\bsca\b|\bdependenc|\bcomposition\b|\blicen[cs]e|\bopen source\b|\bvulnerable librar"),
    ("dast", r"\bdast\b|\bdynamic\b|\brunning app"),
    ("sast", r"\bsast\b|\bstatic\b|\bcode\b|\bsource\b|\bsecurity\b"),
)  # fmt: skip


def scan_category(text: str) -> str:
    if not re.search(
        r"\bscan\w*\b|\bsast\b|\bsca\b|\bdast\b|\b(?:check|look|search)\w* (?:\w+ )?for (?:\w+ )?(?:secrets|leaks|credentials)|"
        r"\bdetection\b|\banalysis\b|\b(?:check|inspect)\w* the (?:container |docker )?image",
        text,
        re.I,
    ):
        return ""
    return next((name for name, pattern in CATEGORIES if re.search(pattern, text, re.I)), "")


def scans(text: str, context: Context) -> list[Option]:
    """A scan step where it is missing."""
    kind = scanner(text, context)
    if not kind and re.search(r"\bscan\w*\b|\bcheck\b", text, re.I):
        kind = scanner(context.messages, context)
    if not kind or REMOVE.search(text):
        return []
    explicit = re.search(rf"\b{kind}\b|\btrivy\b", text, re.I)
    if not explicit and not re.search(
        rf"{ADD}|\bscan\b|\bmissing\b|\btoo\b|\bmust\b|\bcheck\b|\blook\b", text, re.I
    ):
        return []
    if OWN_STAGE.search(text):
        return [Option((scan_stage(kind, context, text),), 9)]
    if beside := re.search(
        r"\b(?:in parallel|side by side|at the same time|simultaneously)\b(?: (?:with|as|to))?", text, re.I
    ):
        return parallel_scan(kind, text[beside.end() :] or text, context)
    there = [step for step in context.document.steps if step.type == kind]
    stages = scan_stages(text, context, kind)
    if not stages:
        return [Option((scan_stage(kind, context, text),), 6)]
    options = [
        Option(tuple(scan_in(stage, kind, text, context) for stage in stages), 8 if not there else 6.5)
    ]
    options += [
        Option((scan_in(stage, kind, text, context),), 5) for stage in builders(context) if [stage] != stages
    ]
    return options


def parallel_scan(kind: str, text: str, context: Context) -> list[Option]:
    """The scan beside a step that is there, in a parallel block of both."""
    steps = [n for n in locating.spoken_of(context.document, text) if n.kind == "step" and not n.rollback]
    if len(steps) != 1 or re.search(r"\.parallel\[\d+\]$", steps[0].entry):
        return []
    entry = paths.find(context.document.value, steps[0].entry)
    step = pieces.scan_step(
        kind, unique(context.document, f"{kind.lower()}_scan"), f"{kind} scan", what_of(kind)
    )
    both = {"parallel": [entry, {"step": step}]}
    edit = Beside(steps[0].entry, both, label=f"the {kind} step “{step['name']}”", other_label=steps[0].label)
    return [Option((edit,), 9)]


def builders(context: Context) -> list[Node]:
    return [stage for stage in context.document.stages if stage.type in ("CI", "SecurityTests", "Security")]


def scan_stages(text: str, context: Context, kind: str) -> list[Node]:
    """The stages to scan in: those the text names, those objected to, else where images are
    pushed or built."""
    can = builders(context)
    spoken = [stage for stage in locating.stages_spoken_of(context.document, text) if stage in can]
    blamed = [stage for stage in context.blamed_stages if stage in can]
    if EVERYWHERE.search(text) and blamed:
        return blamed
    if spoken:
        return (
            spoken
            if len(spoken) == 1 or EVERYWHERE.search(text)
            else [s for s in spoken if s in blamed] or spoken[:1]
        )
    if blamed:
        return blamed
    pushing = [
        stage for stage in can if any(s.type.startswith("BuildAndPush") for s in steps_of(stage, context))
    ]
    return (pushing or can)[:1]


def steps_of(stage: Node, context: Context) -> list[Node]:
    return [step for step in context.document.steps if step.stage == stage.path and not step.rollback]


def what_of(kind: str) -> str:
    """What a scanner looks at."""
    if kind in ("AquaTrivy", "Grype", "PrismaCloud", "AnchoreEnterprise"):
        return "container"
    return "instance" if kind in ("Zap", "Burp", "BurpEnterprise", "Nikto") else "repository"


def scan_in(stage: Node, kind: str, text: str, context: Context) -> Edit:
    what = what_of(kind)
    suffix = "" if len(builders(context)) < 2 else f"_{stage.identifier}"
    step = pieces.scan_step(
        kind, unique(context.document, f"{kind.lower()}_scan{suffix}"), f"{kind} scan", what
    )
    place, where = position(stage, text, context, after_push=what == "container")
    return AddStep(
        f"{stage.path}.spec.execution.steps",
        {"step": step},
        place,
        where=f"{where} in “{stage.name or stage.identifier}”",
    )


def position(stage: Node, text: str, context: Context, *, after_push: bool) -> tuple[int, str]:
    """Where in the stage's list a step goes: as the text says, else before the push, or after it
    for images."""
    if FIRST.search(text):
        return 0, "first"
    held = paths.find(stage.value, "spec.execution.steps") or []
    if LAST.search(text):
        return len(held), "last"
    steps = steps_of(stage, context)
    for pattern, offset, word in ((BEFORE, 0, "before"), (AFTER, 1, "after")):
        hit = re.search(pattern, text, re.I)
        anchors = (
            [n for n in locating.spoken_of(context.document, text[hit.end() :]) if n in steps] if hit else []
        )
        if anchors:
            chosen = anchors[0] if offset == 0 else anchors[-1]
            return top_index(stage, chosen) + offset, f"{word} “{chosen.name or chosen.identifier}”"
    pushes = [step for step in steps if step.type.startswith("BuildAndPush")]
    if pushes and after_push:
        return top_index(stage, pushes[-1]) + 1, f"after “{pushes[-1].name}”"
    return (top_index(stage, pushes[0]), f"before “{pushes[0].name}”") if pushes else (len(held), "last")


def top_index(stage: Node, step: Node) -> int:
    """The number of the entry of the stage's list of steps that holds a step, however deep."""
    part = paths.to_parts(step.path)[len(paths.to_parts(f"{stage.path}.spec.execution.steps"))]
    return part if isinstance(part, int) else 0


OWN_STAGE = re.compile(
    r"\b(?:its own|an own|own|separate|dedicated|additional|extra|new) (?:\w+ ){0,2}stage\b|\bstage of its own\b|\bscan(?:ning)? stage\b|"
    r"\b(?:add|insert|put in|create) (?:an? )(?:\w+ ){1,3}stage\b",
    re.I,
)


def stage_place(kind: str, context: Context, text: str) -> tuple[int, str]:
    """Where a stage of its own goes: as the text says, else behind the push for images, else first."""
    text = re.split(r",? (?:and |but )?not\b", text)[0]
    between = re.search(r"\bbetween\b.+?\band\b(.+)$", text, re.I)
    hit = re.search(BEFORE, text, re.I)
    told = between[1] if between else text[hit.end() :] if hit else ""
    ahead = locating.stages_spoken_of(context.document, told) if told else []
    if ahead:
        first = min(ahead, key=slot_of)
        return slot_of(first), f"before “{first.name or first.identifier}”"
    hit = re.search(AFTER, text, re.I)
    behind = locating.stages_spoken_of(context.document, text[hit.end() :]) if hit else []
    pushing = {s.stage for s in context.document.steps if s.type.startswith("BuildAndPush")}
    behind = behind or [
        s for s in context.document.stages if s.path in pushing and what_of(kind) == "container"
    ]
    if behind:
        last = max(behind, key=slot_of)
        return slot_of(last) + 1, f"after “{last.name or last.identifier}”"
    return 0, "first"


def scan_stage(kind: str, context: Context, text: str) -> Edit:
    step = pieces.scan_step(
        kind, unique(context.document, f"{kind.lower()}_scan"), f"{kind} scan", what_of(kind)
    )
    stage = {
        "identifier": unique(context.document, "security_scan"), "name": "Security scan", "type": "SecurityTests",
        "spec": {"cloneCodebase": True, "execution": {"steps": [{"step": step}]}},
        "failureStrategies": [pieces.mark_as_failure()],
    }  # fmt: skip
    holder = (
        f"{context.document.root}.stages"
        if context.document.root == "pipeline"
        else f"{context.document.root}.spec.stages"
    )
    place, where = stage_place(kind, context, text)
    return AddStage(holder, {"stage": stage}, place, where=where)
