"""Pipelines put together from stage, step-group and step templates: deployments in order, approvals between
them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from templates_catalog import search as searching
from templates_catalog.authoring import (
    choosing,
    foreground,
    pieces,
    planner,
    targets,
    unserved,
    values,
    wording,
)
from templates_catalog.authoring.assembling import Draft, filled, linked
from templates_catalog.authoring.deployments import deployments
from templates_catalog.search import CatalogueEntry
from templates_catalog.vocabulary import Mention, closure, masked, mentions


def staged_pipeline(
    text: str, choice: choosing.Choice, catalogue: Sequence[CatalogueEntry], facts: Any
) -> planner.PipelinePlan:
    """A pipeline of stages from templates."""
    entry = choice.entry
    assert entry is not None  # noqa: S101 - told to the type checker; the caller looked
    draft = Draft(remarks=list(choice.remarks))
    known = choosing.other_names(catalogue, facts)
    if entry.type == "Stage" and "environment_ref" in entry.inputs:
        deployments(text, entry, catalogue, facts, draft, known)
    else:
        single(text, entry, facts, draft, known)
    beside(text, entry, catalogue, facts, draft, known)
    identifier, name = planner.titled(text, draft.given, entry)
    lost = unserved.without_a_place(
        text,
        [*texts_of(draft.entries), *(value for value, _ in draft.invalid.values()), *draft.remarks],
        catalogue,
        facts,
    )
    draft.remarks += lost
    body = {"identifier": identifier, "name": name, "tags": {"ai_generated": "true"}, "stages": draft.entries}
    return planner.PipelinePlan(
        document={"pipeline": body},
        template=entry.ref or entry.identifier,
        version=entry.version,
        reasons=list(choice.reasons),
        inputs=draft.given,
        missing=draft.missing,
        invalid=draft.invalid,
        asked=bool(draft.missing or draft.invalid or choice.asked or lost or draft.undone),
        notes=wording.about(
            entry,
            choice.reasons,
            draft.given,
            draft.missing,
            draft.invalid,
            draft.remarks,
            draft.wanted | entry.inputs,
        ),
        runners_up=wording.lost(choice),
        asks=planner.asks(draft.missing, draft.invalid, draft.wanted | entry.inputs),
    )


def texts_of(value: Any) -> Iterator[str]:
    """Every plain value of a piece of a document."""
    if isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from texts_of(inner)
    else:
        yield str(value)


def single(text: str, entry: CatalogueEntry, facts: Any, draft: Draft, known: set[str]) -> None:
    """A stage, step group or step from a template, in a stage of its own."""
    read = values.read(text, entry.inputs, facts.groups, known)
    rows = filled(entry, dict(read.given), read, draft)
    draft.given |= read.given
    draft.entries.append({"stage": wrapped(entry, rows, draft)})


def wrapped(entry: CatalogueEntry, rows: list[dict[str, Any]], draft: Draft) -> dict[str, Any]:
    identifier = draft.unique(pieces.identifier_of(entry.identifier.removesuffix("_stage")))
    if entry.type == "Stage":
        return linked(entry, identifier, entry.name, rows)
    kind = "CI" if entry.type == "StepGroup" else "Custom"
    inner = linked(entry, draft.unique(f"{identifier}_run"), entry.name, rows)
    key = "stepGroup" if entry.type == "StepGroup" else "step"
    spec: dict[str, Any] = {"execution": {"steps": [{key: inner}]}}
    if kind == "CI":
        spec = {"cloneCodebase": True, "platform": {"os": "Linux", "arch": "Amd64"}, **spec}
    return {"identifier": identifier, "name": pieces.name_of(entry.name), "type": kind, "spec": spec}


def beside(
    text: str,
    entry: CatalogueEntry,
    catalogue: Sequence[CatalogueEntry],
    facts: Any,
    draft: Draft,
    known: set[str],
) -> None:
    """Stages for what is wished beside the deployments, each from its own template: scans, tests, messages."""
    said = {
        notion: m
        for m in reversed(mentions(masked(text)))
        for notion in closure([m.notion]) & foreground.BESIDE - entry.notions
    }
    channel = CHANNEL.search(text)
    if channel and "slack" not in entry.notions:
        said["slack"] = Mention("slack", channel[0], channel.start(), channel.end())
    if "slack" in said:
        said.pop("notification", None)
    for notion, mention in sorted(said.items(), key=lambda pair: pair[1].start):
        types = ("Step", "Stage") if notion in LAST else ("Stage", "StepGroup")
        found = [e for e in searching.current(catalogue) if e.type in types and notion in e.notions]
        if not found:
            draft.remarks.append(
                f"no stage or step template you can use is for {searching.spoken(notion)}, so it is left out"
            )
            draft.undone = True
            continue
        best = max(found, key=lambda e: (e.golden, e.type == "Stage", e.identifier))
        read = values.read(text, best.inputs, facts.groups, known)
        rows = filled(best, dict(read.given), read, draft)
        draft.put(where(text, notion, mention, draft), {"stage": wrapped(best, rows, draft)})
        draft.remarks.append(f"{best.identifier} {best.version} is used for {searching.spoken(notion)}")


LAST = ("notification", "slack")
# A channel is where a message goes, whether the word message is said or not.
CHANNEL = re.compile(r"(?<![\w&/#])#[a-z][a-z0-9_-]+")
EARLY = re.compile(
    r"^\W*(?:\w+ ){0,4}?(?:first|beforehand|before (?:that|it|any|anything|everything)|up front)\b", re.I
)

BEFORE_THAT = re.compile(r"\b(?:before (?:that|it|this)|beforehand|first|ahead of (?:that|it))\b", re.I)


def where(text: str, notion: str, mention: Mention, draft: Draft) -> int:
    """Messages come last; a scan or a test behind the deployments that are said before it, or in front of one."""
    if notion in LAST:
        return len(draft.entries)
    clause = targets.clause_at(text, mention.start)
    behind = text[mention.end : text.index(clause) + len(clause)]
    before = re.match(r"\W*(?:\w+ )?(?:before|prior to|in front of|ahead of)\b", behind, re.I)
    if EARLY.match(behind):
        return 0
    ahead = clause[: max(mention.start - text.index(clause), 0)]
    earlier = [index for start, index in draft.starts if start < mention.start]
    if BEFORE_THAT.search(ahead) and earlier:
        return in_front_of(max(earlier), draft)
    after = [index for start, index in draft.starts if start > mention.start]
    if before and after:
        return in_front_of(min(after), draft)
    return max(earlier) + 1 if earlier and after else 0 if notion == "scan" else max(earlier, default=-1) + 1


def in_front_of(index: int, draft: Draft) -> int:
    """The place before a deployment and the approval that belongs to it."""
    return index - 1 if index and is_approval(draft.entries[index - 1]) else index


def is_approval(entry: dict[str, Any]) -> bool:
    return bool(entry.get("stage", {}).get("type") == "Approval")
