"""What a request obliges an answer to do, and what it leaves to the objections alone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from templates_catalog.authoring import locating, names
from templates_catalog.authoring.context import Context
from templates_catalog.authoring.edits import AddItem, Edit, Move, Remove, Rename, ReplaceText, SetValue

# Objections to the person or the time: no edit of the document answers them.
NOT_OF_THE_DOCUMENT = re.compile(
    r"\bonly (?:the )?[\w -]+ (?:may|can|must)\b|\bmust not run\b|\bfrozen\b|\bfreeze\b|\boutside the\b|"
    r"\bfrom friday\b|\bhours\b|\bnot (?:a )?member\b|\bcontractors\b",
    re.I,
)
# Words that ask for no change in particular: who uses only these leaves it to the objections what to do.
VAGUE_WORDS = """
    a about actually again all and any anything apply applies are as asks away be because both box but by can
    changes check clean comply compliant compliance could correct correctly demand demands do does done
    document error errors everything expected fail failing fix fixed fixes fixing follow following for from
    get go gone good green handle happy have help here how i if in is issue issues it just kindly let like
    make makes me mend minimal necessary need needed needs now obey of ok okay on one only or our out pass
    passes passing pipeline please pls policies policy possible problem problems proposed put quickly ready
    repair required requires resolve resolved right rule rules run satisfies satisfy save saved say says
    should smallest so solve solved somehow something sort sorted suggested suggestion take takes thank thanks
    that the them then these they thing things this those through to too two us valid violation violations
    want wants way we what whatever which will with without work works would wrong you your care unblock
    blocked blocking complaint complaints objection objections appease deal
"""
VAGUE = frozenset(VAGUE_WORDS.split())
ADDS = re.compile(r"\b(?:add|insert)\b[^.;]*\b(?:stage|step)\b", re.I)
TAKES = re.compile(
    r"\b(?:remove|delete|drop|get rid of|eliminate|kick out|throw out|strip)\b(?![^.;,]* to \S*\d)|"
    r"\b(?:take|throw|kick) [\w -]{1,40}? out\b|\b(?:has to|have to|must|needs? to|should) go(?: away)?(?=\W*$|[,.;!])",
    re.I,
)
MOVES = re.compile(r"\b(?:move|swap|reorder|shift)\b", re.I)
# A request that also asks for something else is not only about taking away.
OTHERWISE = re.compile(
    r"\b(?:set|use|replace|add|put|insert|instead|change|make|rename|call|turn|switch|keep|limit)\b", re.I
)

RENAMES = re.compile(r"\bre-?nam(?:e|ing)\b", re.I)
# What none of our edits does; a part of it that happens to pass is not what was asked for.
UNABLE = re.compile(
    r"\b(?:merge|merging|combine|combining|consolidate|split|splitting|fold|unify|deduplicate|refactor|duplicate|copy the)\b",
    re.I,
)

# How requests begin.
VERBS = """
    add put set remove delete drop move rename use make raise change let give run require scan insert lower
    turn switch replace tag target cap limit reduce increase shorten extend pin upgrade update bump take get
    keep push build deploy call name describe have ask enable disable allow forbid need swap reorder bring
    store read point roll skip stop strip throw kick cut include introduce ensure do start shift
"""
VERB_WORDS = frozenset(VERBS.split())
SPLIT = re.compile(
    r"(?<=[.;!?])\s+|,?\s+(?:and|then|but)\s+(?:also\s+|then\s+|please\s+)?|,\s+(?:also\s+|then\s+)?", re.I
)


# Messages are no edit of ours; what they were to replace would be lost.
NOTIFIES = re.compile(
    r"\b(?:post|send|notify|announce|message|alert|page)\w*\b[^.;]*\b(?:slack|teams|channel|chat|discord|pager\w*|webhook|opsgenie|sms|jira)\b",
    re.I,
)


def is_vague(text: str) -> bool:
    """Whether a request says nothing of its own about what to change."""
    if KEEP.search(text):
        return False
    words = re.findall(r"[\w'@#/.-]*\w", text.lower())
    return all(word in VAGUE for word in words)


def depends_on_who_or_when(violations: Sequence[Any]) -> bool:
    return any(NOT_OF_THE_DOCUMENT.search(violation.message) for violation in violations)


def keeps_to(text: str, edits: Sequence[Edit], context: Context) -> bool:
    """Whether edits do the kind of thing that was asked: who wants a step gets one, who takes away loses some."""
    if (
        UNABLE.search(text)
        or NOTIFIES.search(text)
        or KEEP.search(text)
        or not names_groups(text, edits, context)
    ):
        return False
    if not stays_within(text, edits, context):
        return False
    if ADDS.search(text) and not any(
        isinstance(edit, AddItem) or (isinstance(edit, SetValue) and isinstance(edit.value, list))
        for edit in edits
    ):
        return False
    root = context.document.root
    if RENAMES.search(text) and not any(
        isinstance(edit, SetValue)
        and (isinstance(edit, Rename) or edit.path in (f"{root}.name", f"{root}.identifier"))
        for edit in edits
    ):
        return False
    if MOVES.search(text) and not OTHERWISE.search(text) and not re.search(r"\b(?:in)?to\b", text):
        return any(isinstance(edit, Move) for edit in edits)
    if TAKES.search(text) and not OTHERWISE.search(text):
        return any(
            isinstance(edit, Remove | ReplaceText)
            or (isinstance(edit, SetValue) and edit.value is False)
            or (isinstance(edit, Rename) and len(str(edit.value)) < len(str(edit.before)))
            for edit in edits
        )
    return True


# "Let it be" asks for nothing to change.
KEEP = re.compile(
    r"\blet it be\b|\bleave (?:it|everything) (?:alone|be|as)\b|\b(?:don't|do not|without) (?:touch\w*|chang\w*) (?:anything|it|a thing)\b|"
    r"\bkeep (?:it|everything) as\b",
    re.I,
)
ONLY_THERE = re.compile(r"\bonly\b", re.I)


def stays_within(text: str, edits: Sequence[Edit], context: Context) -> bool:
    """Whether a change that was wanted in one step or stage only leaves the others alone."""
    if not ONLY_THERE.search(text) or not all(isinstance(edit, SetValue | ReplaceText) for edit in edits):
        return True
    meant = [node for node in locating.named(context.document, text) if node.kind in ("step", "stage")]
    if not meant:
        return True
    longest = max(len(node.name) for node in meant)
    meant = [node for node in meant if len(node.name) == longest]
    return all(any(edit.path.startswith((f"{n.path}.", f"{n.path}[")) for n in meant) for edit in edits)


def names_groups(text: str, edits: Sequence[Edit], context: Context) -> bool:
    """Whether every group that is to approve is in the change, or approves there already."""
    wanted = {identifier for _, _, identifier in names.find(text, context.facts.groups)}
    if not wanted or not re.search(names.APPROVE, text, re.I):
        return True
    told = " ".join(str(getattr(edit, "value", "")) + str(getattr(edit, "item", "")) for edit in edits)
    near = [
        n
        for n in context.document.nodes
        if any(edit.path.startswith((f"{n.path}.", f"{n.path}[")) for edit in edits)
    ]
    held = " ".join(str(node.value) for node in near if node.kind == "step")
    exclusive = re.search(r"\bonly\b|\binstead\b|\brather than\b", text, re.I)
    return all(
        re.search(rf"\b{re.escape(group)}\b", told if exclusive else f"{told} {held}") for group in wanted
    )


def undoes(made: Sequence[Edit], more: Sequence[Edit]) -> bool:
    """Whether later edits set again what earlier ones set, or put back the kind of thing they took away."""
    places = {edit.path: edit.value for edit in made if isinstance(edit, SetValue)}
    if any(isinstance(e, SetValue) and e.path in places and e.value != places[e.path] for e in more):
        return True
    taken = any(isinstance(edit, Remove) for edit in made)
    return taken and any(isinstance(edit, AddItem) for edit in more)


def clauses(text: str) -> list[str]:
    """A request cut at every place where another wish may begin."""
    parts = [part.strip(" ,") for part in SPLIT.split(text)]
    return [part for part in parts if part]
