"""Wishes about the shape of a document: add an approval or a scan, remove, move, roll back on failure.

Each reader returns the ways a sentence can be meant, most likely first; fixes.py proves which one helps.
"""

from __future__ import annotations

import re

from templates_catalog.authoring import adding, locating, pieces
from templates_catalog.authoring.approving import approvals
from templates_catalog.authoring.context import REMOVE, Context, Option, unique
from templates_catalog.authoring.edits import AddStep, SetValue
from templates_catalog.authoring.moving import moves, removals
from templates_catalog.authoring.said import durations
from templates_catalog.authoring.scanning import scans
from templates_catalog.authoring.words import NUMBERS, number_of
from templates_catalog.documents import paths


def read(text: str, context: Context) -> list[Option]:
    """Every way the sentence can be meant as a change of shape, most likely first."""
    options: list[Option] = []
    for reader in (approvals, two_steps, scans, moves, removals, failure_handling, rollbacks, adding.read):
        options += reader(text, context)
    return sorted(options, key=lambda option: -option.weight)


SIMPLE_STEPS = {
    "K8sRollingRollback": {"pruningEnabled": False}, "Verify": {"type": "Auto"}, "K8sBGSwapServices": {},
    "K8sCanaryDelete": {}, "HelmRollback": {},
}  # fmt: skip


def two_steps(text: str, context: Context) -> list[Option]:
    """A step of a type the text names that needs nothing more than its type."""
    if not re.search(r"\b(?:add|put|insert|include)\b|\bverif(?:y|ied|ication)\b", text, re.I):
        return []
    options = []
    for kind, spec in SIMPLE_STEPS.items():
        verb = kind == "Verify" and re.search(r"\bverif(?:y|ied|ication)\b", text, re.I)
        if verb or re.search(rf"\b{kind}\b|\b{locating.spaced(kind)}\b", text, re.I):
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


ACTIONS = (
    ("PipelineRollback", r"pipeline rollback|roll\w* (?:the )?(?:whole |entire )?pipeline back|"
                         r"roll\w* back the (?:whole |entire )?pipeline"),
    ("StageRollback", r"roll\w*[ -]?(?:the (?:whole )?stage )?back|rollback|stage rollback|rolls? (?:it|"
                      r"the \w+) back"),
    ("ManualIntervention", r"manual intervention|ask (?:a|some)\w* (?:person|human|body)|intervene|"
                           r"(?:asked|decides?) what|wait for (?:a|some)\w*"),
    ("MarkAsFailure", r"mark\w* (?:it |the \w+ )?(?:as )?(?:a )?fail\w*|fail the stage"),
    ("MarkAsSuccess", r"mark\w* (?:it |the \w+ )?(?:as )?(?:a )?success"),
    ("Ignore", r"\bignor\w+"),
    ("Abort", r"\babort\w*|\bstop the (?:run|pipeline|stage)\b"),
    ("Retry", r"\bretr(?:y|ies)\b"),
)  # fmt: skip


# What is to happen is said, in words that are none of ours: that is asked, and never replaced by what is usual.
OWN_ACTION = re.compile(
    r"\b(?:on|in case of|upon) (?:a |any )?(?:failure|errors?)\b,? (?:it |they |the \w+ )?(?:should|must|has to|shall|just|we)\b|"
    r"\bif (?:it|something|anything|the \w+|a \w+) (?:fails?|goes wrong|breaks?),? (?:it|we|the|they)\b|\bthen fail\b",
    re.I,
)


# "Instead of a rollback it should abort".
NOT_THAT = re.compile(
    r"\b(?:instead of|rather than|in place of|not) (?:an? |the |any )?(?:[\w-]+ )?(?:rollbacks?|retr(?:y|ies)|abort\w*|failure|rolling \w+)\b",
    re.I,
)


def retry_count(text: str) -> int:
    hit = re.search(
        rf"\b(\d+|{NUMBERS}) (?:times|retries|tries|attempts)\b|\bretr(?:y|ies) (?:it )?(\d+|{NUMBERS})\b",
        text,
        re.I,
    )
    if re.search(r"\btwice\b", text, re.I):
        return 2
    if re.search(r"\bonce\b", text, re.I):
        return 1
    return int(number_of(hit[1] or hit[2])) if hit else 2


def failure_handling(text: str, context: Context) -> list[Option]:
    """What happens when a stage fails."""
    about = re.search(
        r"\bfailureStrategies\b|\bretr(?:y|ies)\b|\bfail(?:s|ure|ures|ing|ed)?\b|\bstrateg\w+|\bgoes wrong\b|\berrors?\b",
        text,
        re.I,
    )
    told = about or re.search(r"failure", context.messages, re.I)
    if not told or REMOVE.search(text):
        return []
    wanted = NOT_THAT.sub(" ", text)
    said = [(hit.start(), name) for name, pattern in ACTIONS if (hit := re.search(pattern, wanted, re.I))]
    retries = any(name == "Retry" for _, name in said)
    # "Retry twice, then roll back" retries first, whatever stands first in our list.
    action = "Retry" if retries else next((name for name, _ in ACTIONS if name in {n for _, n in said}), "")
    if not action and OWN_ACTION.search(text):
        return []
    # "The pipeline in prod, the stage in qa": one action for both would be wrong for one of them.
    if action.endswith("Rollback") and re.search(
        r"\bpipeline\b.*,.*\bstage in\b|\bstage\b.*,.*\bpipeline in\b", text, re.I
    ):
        return []
    unsaid = r"\bfailure ?strateg|\bwhat happens (?:when|if|on)\b"
    if not action and not re.search(unsaid, text + context.messages, re.I):
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
            last = next((name for _, name in sorted(said) if name != "Retry"), "MarkAsFailure")
            strategy["onFailure"]["action"]["spec"] = {
                "retryCount": retry_count(text), "retryIntervals": durations(text)[:1] or ["30s"], "onRetryFailure": {"action": {"type": last}},
            }  # fmt: skip
        edits.append(SetValue(f"{stage.path}.failureStrategies", [strategy]))
    return [Option(tuple(edits), 8)] if edits else []
