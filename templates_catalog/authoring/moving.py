"""Wishes to reorder or remove what is there."""

from __future__ import annotations

import re
from collections.abc import Sequence

from templates_catalog.authoring import counting, locating, names
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
)
from templates_catalog.authoring.edits import Edit, Move, Remove
from templates_catalog.authoring.locating import Node
from templates_catalog.documents import paths

MOVE = re.compile(
    r"\b(?:move|put|run|runs|shift|bring|place|do|swap|reorder|order|scan|execute|happen|happens|come|comes|go|goes|start|test|deploy)\b",
    re.I,
)


# Two deployments are all there can be meant.
TURN = re.compile(
    r"\b(?:swap|exchange|reverse|flip|turn)\b (?:the order of )?(?:the |these |those )?(?:two|both) (?:deployments?|stages|environments)\b|"
    r"\bdeployments?\b.*\bother way (?:a?round)\b",
    re.I,
)
THEN = r"(?:then|after that|afterwards|thereafter)"


def moved_pair(text: str, context: Context) -> tuple[Node, Node, bool] | None:
    """(what moves, what it goes to, after?) when the text says that one existing thing runs before or after
    another."""
    order = re.search(rf"^(.*?)\bfirst\b,? (?:and )?(?:only )?{THEN}\b(.*)$", text, re.I)
    order = order or re.search(rf"\bfirst\b,? (?:the )?(.+?),? (?:and )?(?:only )?{THEN}\b(.*)$", text, re.I)
    if order:
        movers, anchors = pick(order[1], context), pick(order[2], context)
        if movers and anchors and movers[0] is not anchors[0]:
            return movers[0], anchors[0], False
    if not order:
        order = re.search(
            r"^(.*?)\bfirst\b[,;]?\s*(?:and )?(.*?)\b(?:later|after(?:wards)?|second|last|next)\b", text, re.I
        )
        movers, anchors = (pick(order[1], context), pick(order[2], context)) if order else ([], [])
        if movers and anchors and movers[0] is not anchors[0]:
            return movers[0], anchors[0], False
    swap = re.search(r"\b(?:swap|exchange|reverse|turn)\b (.+?) (?:around )?(?:and|with) (.+)$", text, re.I)
    if swap:
        one, other = pick(swap[1], context), pick(swap[2], context)
        if one and other and one[0].kind == other[0].kind and one[0] is not other[0]:
            early, late = sorted((one[0], other[0]), key=context.document.nodes.index)
            return early, late, True
    if TURN.search(text):
        both = [
            n for n in context.document.stages if n.type == "Deployment" or context.document.environment(n)
        ]
        if len(both) == 2:
            return both[0], both[1], True
    for pattern, after in ((BEFORE, False), (AFTER, True)):
        hit = re.search(pattern, text, re.I)
        if not hit:
            continue
        left, right = text[: hit.start()], re.split(r",? (?:and )?not\b|[,;.]", text[hit.end() :])[0]
        movers = pick(left, context)
        anchors = [node for node in pick(right, context) if node not in movers]
        if movers and anchors:
            mover, anchor = alike(movers[0], anchors[-1] if after else anchors[0], context)
            if mover.kind == anchor.kind and mover is not anchor:
                return mover, anchor, after
    return None


ONE_MORE = re.compile(r"\b(?:add|insert|include|introduce|create|another|new|an?)\b", re.I)


def alike(mover: Node, anchor: Node, context: Context) -> tuple[Node, Node]:
    """A step that is all its stage does stands for the stage, when the other one is a stage."""
    # "An approval before production" asks for one more, "the approval" is the one that is there.
    if mover.kind == "step" and anchor.kind == "stage" and not ONE_MORE.search(context.request):
        home = context.document.stage_of(mover)
        alone = [step for step in context.document.steps if step.stage == mover.stage]
        if home is not None and len(alone) == 1:
            return home, anchor
    return mover, anchor


def pick(text: str, context: Context) -> list[Node]:
    """The existing things a piece of text means; steps of the stages that were objected to come first."""
    stages = (
        locating.stages_spoken_of(context.document, text)
        if re.search(r"\bstages?\b", text, re.I) or is_about_stages(text, context)
        else []
    )
    found = stages or locating.spoken_of(context.document, text)
    near = {stage.path for stage in context.blamed_stages}
    return sorted(found, key=lambda node: (node.rollback, node.stage not in near if near else False))


def is_about_stages(text: str, context: Context) -> bool:
    """Whether a piece of text names an environment and no step: "the staging deployment", "production"."""
    if [n for n in locating.named(context.document, text) if n.kind == "step"]:
        return False
    said = names.environments(text, context.facts) or re.search(r"\bprod(?:uction)?\b", text, re.I)
    left = [hit for hit in locating.described(context.document, text) if not locating.is_deploy(hit)]
    return bool(said) and not left


def moves(text: str, context: Context) -> list[Option]:
    """Reorder what is there."""
    pair = moved_pair(text, context)
    if (
        not pair
        and not MOVE.search(text)
        and not re.search(
            r"\b(?:must|should|has to|have to|needs? to|first|last|earlier|sooner|later|end|start|front)\b",
            text,
            re.I,
        )
    ):
        return []
    options = []
    if pair:
        mover, anchor, after = pair
        weight = 9 if re.search(r"\b(?:move|swap|reorder|not (?:before|after))\b", text, re.I) else 7.5
        options.append(Option((moved(mover, anchor, after),), weight))
    options += [] if pair else sooner(text, context)
    edge = FIRST.search(text) or LAST.search(text)
    if edge and not pair and not re.search(r"\badd\b|\binsert\b", text, re.I):
        movers = pick(text[: edge.start()], context)
        for mover in movers[:1]:
            held = paths.find(context.document.value, paths.parent(mover.entry)) or []
            ahead = [s for s in context.blamed_stages if slot_of(s) < slot_of(mover)]
            if mover.kind == "stage" and FIRST.search(text) and ahead:
                # Of stages "first" means before the one that is objected to, not before the build.
                options.append(Option((moved(mover, ahead[0], False),), 7.2))
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


def sooner(text: str, context: Context) -> list[Option]:
    """Earlier, or later, without a word on what: in front of, or behind, each step on that side; the policies tell."""
    hit = re.search(r"\b(?:(earlier|sooner|up)|(?:later|down))\b", text, re.I)
    movers = [node for node in pick(text[: hit.start()], context) if node.kind == "step"] if hit else []
    if not hit or not movers:
        return []
    mover, early = movers[0], bool(hit[1])
    beside = [
        step
        for step in context.document.steps
        if step.stage == mover.stage and step.rollback == mover.rollback
    ]
    at = beside.index(mover) if mover in beside else 0
    others = beside[:at][::-1] if early else beside[at + 1 :]
    return [Option((moved(mover, other, not early),), 7 - 0.1 * rank) for rank, other in enumerate(others)]


def moved(mover: Node, anchor: Node, after: bool) -> Edit:
    """Inside one stage the whole entry moves in its own list; stages move as entries of the list
    of stages."""
    first, second = mover.entry, anchor.entry
    if mover.kind == "stage":
        first, second = mover.entry, entry_of(anchor)
    return Move(first, second, after, mover.label, anchor.label)


def removals(text: str, context: Context) -> list[Option]:
    """Take something away."""
    if not REMOVE.search(text):
        return []
    options: list[Option] = []
    told = REMOVE.sub(" ", " ".join(part for part in re.split(r"[;.]\s", text) if REMOVE.search(part)))
    # What something is taken out of is not taken away.
    told, _, holder = told.partition(" from ")
    pointed = bool(holder) and bool(re.match(r"\W*(?:it|them|that|this|those)?\W*$", told))
    if pointed:
        return options
    where = {
        stage.path
        for stage in locating.stages_spoken_of(context.document, f"{told} from {holder}" if holder else told)
    }
    found = [n for n in locating.spoken_of(context.document, told) if n.kind in ("step", "group", "entry")]
    blamed = [node for node in context.blamed if node.kind != "stage"]
    for nodes, weight in (
        ([n for n in found if n in blamed], 9.0),
        ([n for n in found if n.stage in where], 8.0),
        (found, 6.0),
        # "Remove it" means what was objected to; "remove the check" means a check, and there is none.
        (blamed if is_pronoun(told, context) else [], 5.0),
    ):
        if nodes:
            options.append(Option(tuple(Remove(n.entry, n.label) for n in in_reverse(nodes)), weight))
            options += with_their_stages(nodes, weight - 0.5, context)
    if counted := counting.counted_stage(context.document, told):
        options.append(Option((Remove(counted.entry, counted.label),), 9))
    elif re.search(r"\bstages?\b|\b(?:deployment|rollout)s?\b", told, re.I):
        stages = [s for s in locating.stages_spoken_of(context.document, told)]
        options += (
            [Option(tuple(Remove(s.entry, s.label) for s in in_reverse(stages)), 6.5)] if stages else []
        )
    return options


def is_pronoun(told: str, context: Context) -> bool:
    """Whether what is to go is only pointed at, or the sentence comes from an objection that names it."""
    pointed = re.search(r"\b(?:it|them|that|this|those|these|one)\b", told, re.I)
    return (
        bool(pointed)
        or not re.search(r"\w{3,}", told)
        or not context.request
        or told.strip() in context.messages
    )


def with_their_stages(nodes: Sequence[Node], weight: float, context: Context) -> list[Option]:
    """The same removal, taking along scans and helpers that would be left empty; builds and deployments never."""
    gone = {node.entry for node in nodes}
    empty = []
    for stage in context.document.stages:
        steps = [step for step in context.document.steps if step.stage == stage.path and not step.rollback]
        if stage.type not in ("CI", "Deployment") and steps and all(step.entry in gone for step in steps):
            empty.append(stage)
    if not empty:
        return []
    kept = [node for node in nodes if node.stage not in {stage.path for stage in empty}]
    return [Option(tuple(Remove(n.entry, n.label) for n in in_reverse([*kept, *empty])), weight)]


def in_reverse(nodes: Sequence[Node]) -> list[Node]:
    """Later places first, so that earlier paths stay true while removing; nested ones only once."""
    unique_nodes = {node.entry: node for node in nodes}
    return sorted(
        unique_nodes.values(),
        key=lambda n: [str(p).zfill(6) if isinstance(p, int) else p for p in paths.to_parts(n.entry)],
        reverse=True,
    )
