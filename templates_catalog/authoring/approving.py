"""Wishes for approvals: a stage in front of a deployment, a step inside it, or one more
group that approves."""

from __future__ import annotations

import re
from collections.abc import Sequence

from templates_catalog.authoring import locating, names, pieces
from templates_catalog.authoring.context import (
    BEFORE,
    REMOVE,
    Context,
    Option,
    bare,
    entry_of,
    slot_of,
    unique,
)
from templates_catalog.authoring.edits import AddItem, AddStage, AddStep, Edit, SetValue
from templates_catalog.authoring.locating import Node
from templates_catalog.authoring.moving import moved_pair
from templates_catalog.authoring.said import durations
from templates_catalog.authoring.scanning import steps_of, top_index
from templates_catalog.authoring.words import ADD, NUMBERS, number_of
from templates_catalog.documents import paths

JOINS = r"\bjoins?\b|\b(?:is|are) added\b|\bcomes? on top\b"


def approvals(text: str, context: Context) -> list[Option]:
    """Somebody has to approve, before a stage or inside it."""
    # "Turn Gate around with Build" speaks of the gate that is there.
    spoken = re.search(rf"\b{names.APPROVE}", text, re.I)
    if spoken and not (ONE_MORE.search(text) or re.search(names.APPROVE, without_names(text, context), re.I)):
        return []
    # "QA leads approve before staging, release managers before prod": the verb is said once.
    elliptic = (
        re.search(rf"\b{names.APPROVE}", context.whole, re.I)
        and names.find(text, context.facts.groups)
        and re.search(rf"{BEFORE}|\bfor\b|{JOINS}", text, re.I)
    )
    if not (elliptic or re.search(rf"\b{names.APPROVE}|\bask (?:the )?\w+", text, re.I)) or re.search(
        r"\bperson who|\bexecutor|\bown run|\bthemsel|\bself\b", text, re.I
    ):
        return []
    wants = elliptic or re.search(
        rf"{ADD}|\bby\b|\bmust\b|\bshould\b|\bhas to\b|\bneeds?\b|\bapprov(?:al|es?)\b|\bgate\b|\brequires?\b|\bbehind\b",
        text,
        re.I,
    )
    if (
        not wants
        or REMOVE.search(text)
        or (moved_pair(text, context) and not SEVERAL.search(text) and not is_by_others(text, context))
    ):
        return []
    # What an objection quotes comes from the document, where anybody may have written anything.
    objection = locating.QUOTED.sub(" ", context.messages)
    said = names.find(text, context.facts.groups) or names.find(objection, context.facts.groups)
    group = said[0][2] if said else names.by_part(names.stranger(text), context.facts.groups) or ""
    if not group and is_somebody(names.stranger(text)):
        return []
    targets = approval_targets(text, context)
    scopes = {g.identifier: g.scope for g in context.facts.groups}
    groups = [pieces.scoped_group(group, scopes)] if group else [pieces.OPEN_INPUT]
    minimum = names.count_of(text)
    if ahead := re.search(
        rf"\b(\d+|{NUMBERS}) (?:of (?:the |our ))?$", text[: said[0][0]] if said else "", re.I
    ):
        minimum = int(number_of(ahead[1]))
    if any(step.type == "HarnessApproval" for step in context.blamed) and not ONE_MORE.search(text):
        # An approval that was objected to is changed, not joined by another one.
        targets = []
    options = []
    inside = re.search(r"\bstep\b|\binside\b|\bin (?:the|that|each|every) (?:\w+ )?stage\b", text, re.I) or (
        re.search(r"\bstep\b|contain", context.messages, re.I) and not re.search(r"\bstage\b", text, re.I)
    )
    if targets:
        approvers = approvals_of(text, groups, context)
        before = tuple(
            stage_before(target, by, context, minimum, mark)
            for target in once_per_slot(targets)
            for mark, by in approvers
        )
        within = tuple(
            step_within(target, by, context, minimum, mark) for target in targets for mark, by in approvers
        )
        before, within = (timed(edits, text) for edits in (before, within))
        options.append(Option(before, 8 if not inside else 7))
        options.append(Option(within, 7 if not inside else 8))
    if group:
        refs = [scoped(found, context) for found in asked_for(text, context) or [group]]
        alone = only_groups(refs, context)
        if alone and re.search(r"\bonly\b|\binstead\b|\brather than\b", text, re.I):
            options.append(Option(alone, 9.5))
        joining = joined_groups(refs, context)
        if joining and minimum > 1:
            options.append(Option((*joining, *counted(minimum, context)), 8.5))
        if joining:
            options.append(
                Option(
                    joining,
                    9
                    if re.search(rf"\balso\b|\bas well\b|\btoo\b|approvers|existing|{JOINS}", text, re.I)
                    else 6,
                )
            )
    return options


def is_by_others(text: str, context: Context) -> bool:
    """Whether a group is named that none of the approvals there asks: then one more is meant."""
    held = {bare(group) for step in context.document.steps if step.type == "HarnessApproval"
            for group in paths.find(step.value, "spec.approvers.userGroups") or []}  # fmt: skip
    named = {identifier for _, _, identifier in names.find(text, context.facts.groups)}
    return bool(named) and not named & held


ONE_MORE = re.compile(
    r"\b(?:add|insert|include|another|additional|new|extra|more|second)\b[^.;]*\b(?:approvals?|steps?|stages?|gates?)\b",
    re.I,
)
SEVERAL = re.compile(r"\b(?:two|three|four|\d) (?:gates|approvals|sign[- ]?offs)\b", re.I)
NOBODY = frozenset(
    "hand human humans person people someone somebody anyone anybody colleague colleagues reviewer reviewers approver "
    "approvers manual manually two three four one it us me you stage step deployment release run".split()
)


def is_somebody(said: str) -> bool:
    """Whether a name was given for who approves, which is no group we know: that is asked, not left open."""
    words = [word for word in re.findall(r"[a-z]+", said.lower()) if word not in names.EMPTY]
    return bool(words) and not set(words) & NOBODY


def without_names(text: str, context: Context) -> str:
    """The text without the names of the approvals that are there."""
    for node in context.document.nodes:
        if node.type in ("Approval", "HarnessApproval") and len(node.name) > 2:
            text = re.sub(rf"(?<![\w-]){re.escape(node.name)}(?![\w-])", " ", text)
    return text


def approvals_of(text: str, groups: list[str], context: Context) -> list[tuple[str, list[str]]]:
    """What tells each approval from the others, and who approves: one by any of "A or B", one by each of "A and B"."""
    asked = asked_for(text, context)
    if len(asked) < 2:
        return [("", groups)]
    refs = [scoped(group, context) for group in asked]
    if re.search(r"\bor\b", text, re.I):
        return [("", refs)]
    return [(f"_{group}", [ref]) for group, ref in zip(asked, refs, strict=True)]


def asked_for(text: str, context: Context) -> list[str]:
    """The groups that are to approve, without those that no longer shall."""
    said = re.split(r"\binstead of\b|\brather than\b|\bnot\b", text, maxsplit=1)[0]
    return list(dict.fromkeys(identifier for _, _, identifier in names.find(said, context.facts.groups)))


def scoped(group: str, context: Context) -> str:
    return pieces.scoped_group(group, {g.identifier: g.scope for g in context.facts.groups})


def approval_steps(context: Context) -> list[Node]:
    """The approvals objected to, else all of them."""
    every = [step for step in context.document.steps if step.type == "HarnessApproval"]
    return [step for step in every if step in context.blamed] or every


def only_groups(refs: list[str], context: Context) -> tuple[Edit, ...]:
    """The groups as the only ones that approve."""
    at = "spec.approvers.userGroups"
    held = [(step, paths.find(step.value, at)) for step in approval_steps(context)]
    return tuple(SetValue(f"{s.path}.{at}", refs, before) for s, before in held if refs and before != refs)


def counted(minimum: int, context: Context) -> tuple[Edit, ...]:
    at = "spec.approvers.minimumCount"
    held = [(step, paths.find(step.value, at)) for step in approval_steps(context)]
    return tuple(SetValue(f"{s.path}.{at}", minimum, before) for s, before in held if before != minimum)


def joined_groups(refs: Sequence[str], context: Context) -> tuple[Edit, ...]:
    """The groups added to the approval steps that are there and do not list them."""
    edits = []
    for step in approval_steps(context):
        held = paths.find(step.value, "spec.approvers.userGroups")
        for ref in refs if isinstance(held, list) else ():
            if bare(ref) not in [bare(one) for one in held]:
                edits.append(AddItem(f"{step.path}.spec.approvers.userGroups", ref, label=f"the group {ref}"))
    return tuple(edits)


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


def once_per_slot(targets: Sequence[Node]) -> list[Node]:
    """One stage per entry, the last entry first, so that inserting does not move the others."""
    found = {entry_of(node): node for node in reversed(targets)}
    return sorted(found.values(), key=lambda node: -slot_of(node))


def stage_before(target: Node, groups: list[str], context: Context, minimum: int, mark: str = "") -> Edit:
    identifier = unique(context.document, f"approve_{target.identifier or 'deploy'}{mark}")
    name = pieces.name_of(f"Approve {target.name or target.identifier}")
    message = f"Please review and approve: {target.name or target.identifier}."
    stage = pieces.approval_stage(identifier, name, groups, message, minimum)
    entry = entry_of(target)
    return AddStage(
        paths.parent(entry),
        {"stage": stage},
        slot_of(target),
        where=f"before “{target.name or target.identifier}”",
    )


def timed(edits: tuple[Edit, ...], text: str) -> tuple[Edit, ...]:
    """New approvals that stay open as long as the request says."""
    said = (
        durations(text) if re.search(r"\btime ?outs?\b|\bexpires?\b|\bopen\b|\bwithin\b", text, re.I) else []
    )
    for edit in edits if said else ():
        for node in locating.walk(getattr(edit, "item", None), "item", "item", ""):
            if node.type == "HarnessApproval":
                node.value["timeout"] = said[0]
    return edits


def step_within(target: Node, groups: list[str], context: Context, minimum: int, mark: str = "") -> Edit:
    step = pieces.approval_step(
        groups, f"Please review and approve: {target.name or target.identifier}.", minimum=minimum
    )
    step["identifier"] = unique(context.document, f"approve{mark}")
    place, where = 0, "first"
    hit = re.search(BEFORE, context.request, re.I)
    there = steps_of(target, context)
    ahead = (
        [n for n in locating.spoken_of(context.document, context.request[hit.end() :]) if n in there]
        if hit
        else []
    )
    if ahead:
        place, where = top_index(target, ahead[0]), f"before “{ahead[0].name or ahead[0].identifier}”"
    return AddStep(
        f"{target.path}.spec.execution.steps",
        {"step": step},
        place,
        where=f"{where} in “{target.name or target.identifier}”",
    )
