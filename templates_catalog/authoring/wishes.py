"""Wishes about the shape of a document: add an approval or a scan, remove, move, roll back on failure.

Each reader returns the ways a sentence can be meant, most likely first; fixes.py proves which one helps.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from templates_catalog.authoring import locating, names, pieces
from templates_catalog.authoring.edits import AddItem, AddStage, AddStep, Edit, Move, Remove, SetValue
from templates_catalog.authoring.locating import Document, Node
from templates_catalog.authoring.words import NUMBERS, number_of
from templates_catalog.documents import paths, step_types

ADD = r"\b(?:add|put|insert|include|introduce|place|run|need|needs|want|require|use|do|have|get|let|ask|make|with|give|create|set up|perform|wait)\b"
REMOVE = re.compile(
    r"\b(?:remove|delete|drop|get rid of|take (?:it |them )?out|throw (?:it |them )?out|kick out|strip|cut|no more|lose|leave out|without|take away|eliminate)\b",
    re.I,
)
MOVE = re.compile(
    r"\b(?:move|put|run|runs|shift|bring|place|do|swap|reorder|order|scan|execute|happen|happens|come|comes|go|goes|start|test|deploy)\b",
    re.I,
)
BEFORE = r"\b(?:before|in front of|ahead of|prior to|earlier than|precedes?)\b"
AFTER = r"\b(?:after|behind|following|later than|once)\b"
FIRST = re.compile(
    r"\b(?:first(?: step| thing)?|at the (?:very )?(?:start|beginning|top)|to the (?:start|front|top|beginning))\b",
    re.I,
)
LAST = re.compile(r"\b(?:last(?: step| thing)?|at the (?:very )?(?:end|bottom)|to the end|finally)\b", re.I)
EVERYWHERE = re.compile(
    r"\b(?:all|every|each|everywhere|both|wherever|where (?:it is|it's|they are|they're)? ?missing|any)\b",
    re.I,
)


@dataclass(frozen=True)
class Option:
    """One way to meet a wish."""

    edits: tuple[Edit, ...]
    weight: float


@dataclass
class Context:
    """What a reader looks at: the document, what was objected to, and the nodes the objections name."""

    document: Document
    violations: Sequence[Any]
    facts: Any
    request: str = ""

    @cached_property
    def blamed(self) -> list[Node]:
        return locating.blamed(self.document, self.violations)

    @cached_property
    def messages(self) -> str:
        return " . ".join(f"{v.message} {v.fix}" for v in self.violations)

    @cached_property
    def blamed_stages(self) -> list[Node]:
        found = [node if node.kind == "stage" else self.document.stage_of(node) for node in self.blamed]
        return list({node.path: node for node in found if node is not None}.values())


Reader = Callable[[str, Context], list[Option]]


def read(text: str, context: Context) -> list[Option]:
    """Every way the sentence can be meant as a change of shape, most likely first."""
    options: list[Option] = []
    for reader in (approvals, two_steps, scans, moves, removals, failure_handling, rollbacks):
        options += reader(text, context)
    return sorted(options, key=lambda option: -option.weight)


def approvals(text: str, context: Context) -> list[Option]:
    """Somebody has to approve, before a stage or inside it."""
    if not re.search(rf"\b{names.APPROVE}|\bask (?:the )?\w+", text, re.I) or re.search(
        r"\bperson who|\bexecutor|\bown run|\bthemsel|\bself\b", text, re.I
    ):
        return []
    wants = re.search(rf"{ADD}|\bby\b|\bmust\b|\bshould\b|\bhas to\b|\bneeds?\b|\bapproval\b", text, re.I)
    if not wants or REMOVE.search(text) or moved_pair(text, context):
        return []
    # What an objection quotes comes from the document, where anybody may have written anything.
    objection = locating.QUOTED.sub(" ", context.messages)
    said = names.find(text, context.facts.groups) or names.find(objection, context.facts.groups)
    group = said[0][2] if said else ""
    targets = approval_targets(text, context)
    scopes = {g.identifier: g.scope for g in context.facts.groups}
    groups = [pieces.scoped_group(group, scopes)] if group else [pieces.OPEN_INPUT]
    minimum = count_of(text)
    options = []
    inside = re.search(r"\bstep\b|\binside\b|\bin (?:the|that|each|every) (?:\w+ )?stage\b", text, re.I) or (
        re.search(r"\bstep\b|contain", context.messages, re.I) and not re.search(r"\bstage\b", text, re.I)
    )
    if targets:
        before = tuple(stage_before(target, groups, context, minimum) for target in once_per_slot(targets))
        within = tuple(step_within(target, groups, context, minimum) for target in targets)
        options.append(Option(before, 8 if not inside else 7))
        options.append(Option(within, 7 if not inside else 8))
    if group:
        joining = joined_groups(groups[0], group, context)
        if joining:
            options.append(
                Option(
                    joining,
                    9 if re.search(r"\balso\b|\bas well\b|\btoo\b|approvers|existing", text, re.I) else 6,
                )
            )
    return options


def joined_groups(ref: str, group: str, context: Context) -> tuple[Edit, ...]:
    """The group added to the approval steps that are there and do not list it."""
    edits = []
    for step in context.document.steps:
        held = paths.find(step.value, "spec.approvers.userGroups")
        if step.type == "HarnessApproval" and isinstance(held, list) and group not in [bare(g) for g in held]:
            edits.append(AddItem(f"{step.path}.spec.approvers.userGroups", ref, label=f"the group {ref}"))
    return tuple(edits)


def bare(reference: Any) -> str:
    return re.sub(r"^(account|org)\.", "", str(reference))


def count_of(text: str) -> int:
    hit = re.search(rf"\b(\d+|{NUMBERS}) (?:approv\w+|people|persons|reviewers)", text, re.I)
    return int(number_of(hit[1])) if hit else 1


def approval_targets(text: str, context: Context) -> list[Node]:
    """The stages an approval belongs in front of."""
    spoken = [
        stage
        for stage in locating.stages_spoken_of(context.document, text)
        if stage.type in ("Deployment", "")
    ]
    blamed = [stage for stage in context.blamed_stages if stage.type in ("Deployment", "")]
    production = [stage for stage in context.document.stages if context.document.is_production(stage)]
    deployments = [stage for stage in context.document.stages if stage.type == "Deployment"]
    both = [stage for stage in spoken if stage in blamed]
    return both or spoken or blamed or production or deployments


def entry_of(node: Node) -> str:
    """The entry of the top list of stages that a stage stands in, also out of a parallel block."""
    parts = paths.to_parts(node.path)
    at = next((n for n, part in enumerate(parts) if part == "stages"), None)
    return paths.to_text(parts[: at + 2]) if at is not None and len(parts) > at + 1 else node.entry


def once_per_slot(targets: Sequence[Node]) -> list[Node]:
    """One stage per entry, the last entry first, so that inserting does not move the others."""
    found = {entry_of(node): node for node in reversed(targets)}
    return sorted(found.values(), key=lambda node: -slot_of(node))


def slot_of(node: Node) -> int:
    last = paths.to_parts(entry_of(node))[-1]
    return last if isinstance(last, int) else 0


def stage_before(target: Node, groups: list[str], context: Context, minimum: int) -> Edit:
    identifier = unique(context.document, f"approve_{target.identifier or 'deploy'}")
    name = pieces.name_of(f"Approve {target.name or target.identifier}")
    stage = pieces.approval_stage(
        identifier, name, groups, f"Please review and approve: {target.name or target.identifier}."
    )
    approvers = stage["spec"]["execution"]["steps"][0]["step"]["spec"]["approvers"]
    approvers["minimumCount"] = minimum
    entry = entry_of(target)
    return AddStage(
        paths.parent(entry),
        {"stage": stage},
        slot_of(target),
        where=f"before “{target.name or target.identifier}”",
    )


def step_within(target: Node, groups: list[str], context: Context, minimum: int) -> Edit:
    step = pieces.approval_step(
        groups, f"Please review and approve: {target.name or target.identifier}.", minimum=minimum
    )
    step["identifier"] = unique(context.document, "approve")
    return AddStep(
        f"{target.path}.spec.execution.steps",
        {"step": step},
        0,
        where=f"first in “{target.name or target.identifier}”",
    )


def unique(document: Document, wanted: str) -> str:
    taken = {node.identifier for node in document.nodes}
    name, number = wanted, 2
    while name in taken:
        name, number = f"{wanted}_{number}", number + 1
    return name


def scanner(text: str, context: Context) -> str:
    """The scanner a text asks for: by name, else by what it looks at, preferring one the document already uses."""
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
        r"\bscan\w*\b|\bsast\b|\bsca\b|\bdast\b|\bcheck\w* for (?:secrets|leaks)|\bdetection\b|\banalysis\b",
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
    if not explicit and not re.search(rf"{ADD}|\bscan\b|\bmissing\b|\btoo\b", text, re.I):
        return []
    there = [step for step in context.document.steps if step.type == kind]
    stages = scan_stages(text, context, kind)
    if not stages:
        return [Option((scan_stage(kind, context),), 6)]
    options = [
        Option(tuple(scan_in(stage, kind, text, context) for stage in stages), 8 if not there else 6.5)
    ]
    options += [
        Option((scan_in(stage, kind, text, context),), 5) for stage in builders(context) if [stage] != stages
    ]
    return options


def builders(context: Context) -> list[Node]:
    return [stage for stage in context.document.stages if stage.type in ("CI", "SecurityTests", "Security")]


def scan_stages(text: str, context: Context, kind: str) -> list[Node]:
    """The stages to scan in: those the text names, those objected to, else where images are pushed or built."""
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


def scan_in(stage: Node, kind: str, text: str, context: Context) -> Edit:
    what = "container" if kind in ("AquaTrivy", "Grype", "PrismaCloud", "AnchoreEnterprise") else "repository"
    what = "instance" if kind in ("Zap", "Burp", "BurpEnterprise", "Nikto") else what
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
    """Where in the stage's list a step goes: as the text says, else before the push, or after it for images."""
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


def scan_stage(kind: str, context: Context) -> Edit:
    step = pieces.scan_step(kind, f"{kind.lower()}_scan", f"{kind} scan")
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
    return AddStage(holder, {"stage": stage}, 0, where="first")


SIMPLE_STEPS = {
    "K8sRollingRollback": {"pruningEnabled": False}, "Verify": {"type": "Auto"}, "K8sBGSwapServices": {},
    "K8sCanaryDelete": {}, "HelmRollback": {},
}  # fmt: skip


def two_steps(text: str, context: Context) -> list[Option]:
    """A step of a type the text names that needs nothing more than its type."""
    if not re.search(r"\b(?:add|put|insert|include)\b", text, re.I):
        return []
    options = []
    for kind, spec in SIMPLE_STEPS.items():
        if re.search(rf"\b{kind}\b|\b{locating.spaced(kind)}\b", text, re.I):
            step = {"identifier": unique(context.document, pieces.identifier_of(locating.spaced(kind))),
                    "name": locating.spaced(kind), "type": kind, "timeout": "10m", "spec": spec}  # fmt: skip
            key = "rollbackSteps" if "Rollback" in kind else "steps"
            stages = context.blamed_stages or locating.stages_spoken_of(context.document, text)
            edits = tuple(
                AddStep(f"{s.path}.spec.execution.{key}", {"step": step}, None, where=f"to “{s.name}”")
                for s in stages
            )
            options += [Option(edits, 7)] if edits else []
    return options


def rollbacks(text: str, context: Context) -> list[Option]:
    """Rollback steps for a deployment that has none."""
    if not re.search(r"\brollback steps?\b", text, re.I) or REMOVE.search(text):
        return []
    stages = [
        s
        for s in context.blamed_stages or locating.stages_spoken_of(context.document, text)
        if s.type == "Deployment"
    ]
    edits = []
    for stage in stages:
        if not paths.find(stage.value, "spec.execution.rollbackSteps"):
            step = {"identifier": unique(context.document, "rollback"), "name": "Rollback", "type": "K8sRollingRollback",
                    "timeout": "10m", "spec": {"pruningEnabled": False}}  # fmt: skip
            edits.append(SetValue(f"{stage.path}.spec.execution.rollbackSteps", [{"step": step}]))
    return [Option(tuple(edits), 7)] if edits else []


def moved_pair(text: str, context: Context) -> tuple[Node, Node, bool] | None:
    """(what moves, what it goes to, after?) when the text says that one existing thing runs before or after another."""
    order = re.search(r"^(.*?)\bfirst\b,? (?:and )?(?:only )?(?:then|after that)\b(.*)$", text, re.I)
    if order:
        movers, anchors = pick(order[1], context), pick(order[2], context)
        if movers and anchors and movers[0] is not anchors[0]:
            return movers[0], anchors[0], False
    for pattern, after in ((BEFORE, False), (AFTER, True)):
        hit = re.search(pattern, text, re.I)
        if not hit:
            continue
        left, right = text[: hit.start()], re.split(r",? (?:and )?not\b|[,;.]", text[hit.end() :])[0]
        movers = pick(left, context)
        anchors = [node for node in pick(right, context) if node not in movers]
        if movers and anchors and movers[0].kind == anchors[0].kind:
            return movers[0], anchors[-1] if after else anchors[0], after
    return None


def pick(text: str, context: Context) -> list[Node]:
    """The existing things a piece of text means; steps of the stages that were objected to come first."""
    stages = (
        locating.stages_spoken_of(context.document, text) if re.search(r"\bstages?\b", text, re.I) else []
    )
    found = stages or locating.spoken_of(context.document, text)
    near = {stage.path for stage in context.blamed_stages}
    return sorted(found, key=lambda node: (node.rollback, node.stage not in near if near else False))


def moves(text: str, context: Context) -> list[Option]:
    """Reorder what is there."""
    if not MOVE.search(text) and not re.search(r"\b(?:must|should|has to|have to|needs? to|first)\b", text, re.I):
        return []
    pair = moved_pair(text, context)
    options = []
    if pair:
        mover, anchor, after = pair
        weight = 9 if re.search(r"\b(?:move|swap|reorder|not (?:before|after))\b", text, re.I) else 7.5
        options.append(Option((moved(mover, anchor, after),), weight))
    edge = FIRST.search(text) or LAST.search(text)
    if edge and not pair and not re.search(r"\badd\b|\binsert\b", text, re.I):
        movers = pick(text[: edge.start()], context)
        for mover in movers[:1]:
            held = paths.find(context.document.value, paths.parent(mover.entry)) or []
            other = 0 if FIRST.search(text) else len(held) - 1
            target = paths.join(paths.parent(mover.entry), other)
            if target != mover.entry and held:
                edit = Move(
                    mover.entry,
                    target,
                    not FIRST.search(text),
                    mover.label,
                    "the first entry" if other == 0 else "the last entry",
                )
                options.append(Option((edit,), 7))
    return options


def moved(mover: Node, anchor: Node, after: bool) -> Edit:
    """Inside one stage the whole entry moves in its own list; stages move as entries of the list of stages."""
    first, second = mover.entry, anchor.entry
    if mover.kind == "stage":
        first, second = mover.entry, entry_of(anchor)
    return Move(first, second, after, mover.label, anchor.label)


def removals(text: str, context: Context) -> list[Option]:
    """Take something away."""
    if not REMOVE.search(text):
        return []
    options: list[Option] = []
    told = REMOVE.sub(" ", text)
    where = {stage.path for stage in locating.stages_spoken_of(context.document, told)}
    found = [n for n in locating.spoken_of(context.document, told) if n.kind in ("step", "group", "entry")]
    blamed = [node for node in context.blamed if node.kind != "stage"]
    for nodes, weight in (
        ([n for n in found if n in blamed], 9.0),
        ([n for n in found if n.stage in where], 8.0),
        (found, 6.0),
        (blamed, 5.0 if re.search(r"\bit\b|\bthem\b|\bthat\b|\bthis\b|\bthose\b", told, re.I) else 3.0),
    ):
        if nodes:
            options.append(Option(tuple(Remove(n.entry, n.label) for n in in_reverse(nodes)), weight))
    if re.search(r"\bstages?\b", told, re.I):
        stages = [s for s in locating.stages_spoken_of(context.document, told)]
        options += (
            [Option(tuple(Remove(s.entry, s.label) for s in in_reverse(stages)), 6.5)] if stages else []
        )
    return options


def in_reverse(nodes: Sequence[Node]) -> list[Node]:
    """Later places first, so that earlier paths stay true while removing; nested ones only once."""
    unique_nodes = {node.entry: node for node in nodes}
    return sorted(
        unique_nodes.values(),
        key=lambda n: [str(p).zfill(6) if isinstance(p, int) else p for p in paths.to_parts(n.entry)],
        reverse=True,
    )


ACTIONS = (
    ("StageRollback", r"roll\w*[ -]?(?:the (?:whole )?stage )?back|rollback|stage rollback|rolls? (?:it|the \w+) back"),
    ("PipelineRollback", r"pipeline rollback|roll\w* (?:the )?(?:whole |entire )?pipeline back"),
    ("ManualIntervention", r"manual intervention|ask (?:a|some)\w* (?:person|human|body)|intervene"),
    ("MarkAsFailure", r"mark\w* (?:it )?as (?:a )?fail\w*|fail the stage"),
    ("MarkAsSuccess", r"mark\w* (?:it )?as (?:a )?success"),
    ("Ignore", r"\bignor\w+"),
    ("Abort", r"\babort\w*|\bstop the (?:run|pipeline|stage)\b"),
    ("Retry", r"\bretr(?:y|ies)\b"),
)  # fmt: skip


def failure_handling(text: str, context: Context) -> list[Option]:
    """What happens when a stage fails."""
    about = re.search(r"\bfail(?:s|ure|ures|ing|ed)?\b|\bstrateg\w+|\bgoes wrong\b|\berrors?\b", text, re.I)
    told = about or re.search(r"failure", context.messages, re.I)
    if not told or REMOVE.search(text):
        return []
    action = next((name for name, pattern in ACTIONS if re.search(pattern, text, re.I)), "")
    if not action and not re.search(r"\bfailure strateg", text + context.messages, re.I):
        return []
    spoken = locating.stages_spoken_of(context.document, text)
    nodes = [s for s in spoken if s in context.blamed_stages] or context.blamed_stages or spoken
    edits = []
    for stage in nodes:
        usual = "StageRollback" if stage.type == "Deployment" else "MarkAsFailure"
        strategy = pieces.failure_strategy(action or usual)
        if (action or usual) == "ManualIntervention":
            strategy["onFailure"]["action"]["spec"] = {
                "timeout": "1d",
                "onTimeout": {"action": {"type": "Abort"}},
            }
        if (action or usual) == "Retry":
            strategy["onFailure"]["action"]["spec"] = {
                "retryCount": 2, "retryIntervals": ["30s"], "onRetryFailure": {"action": {"type": "MarkAsFailure"}},
            }  # fmt: skip
        edits.append(SetValue(f"{stage.path}.failureStrategies", [strategy]))
    return [Option(tuple(edits), 8)] if edits else []
