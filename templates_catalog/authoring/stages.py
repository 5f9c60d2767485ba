"""Pipelines put together from stage, step-group and step templates: deployments in order, approvals between
them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from templates_catalog import search as searching
from templates_catalog.authoring import (
    choosing,
    gates,
    names,
    pieces,
    planner,
    targets,
    unserved,
    values,
    wording,
)
from templates_catalog.search import CatalogueEntry
from templates_catalog.vocabulary import Mention, masked, mentions


@dataclass
class Draft:
    """What is being put together."""

    entries: list[dict[str, Any]] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    invalid: dict[str, tuple[Any, str]] = field(default_factory=dict)
    given: dict[str, Any] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)
    identifiers: set[str] = field(default_factory=set)
    starts: list[tuple[int, int]] = field(default_factory=list)
    wanted: dict[str, Any] = field(default_factory=dict)

    def unique(self, wanted: str) -> str:
        name, number = wanted, 2
        while name in self.identifiers:
            name, number = f"{wanted}_{number}", number + 1
        self.identifiers.add(name)
        return name

    def place(self, together: list[tuple[int, dict[str, Any]]]) -> None:
        """Put deployments in, side by side when there are several; where each stands in the request is kept."""
        if together:
            members = [stage for _, stage in together]
            self.starts += [(start, len(self.entries)) for start, _ in together]
            self.entries.append({"parallel": members} if len(members) > 1 else members[0])
            together.clear()

    def put(self, at: int, entry: dict[str, Any]) -> None:
        """Put an entry at a place; what stands behind moves on."""
        self.entries.insert(at, entry)
        self.starts = [(start, index + (index >= at)) for start, index in self.starts]

    def miss(self, name: str) -> None:
        if name not in self.missing:
            self.missing.append(name)


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
        text, list(texts_of(draft.entries)) + [value for value, _ in draft.invalid.values()], catalogue, facts
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
        asked=bool(draft.missing or draft.invalid or choice.asked or lost),
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


def deployments(
    text: str,
    entry: CatalogueEntry,
    catalogue: Sequence[CatalogueEntry],
    facts: Any,
    draft: Draft,
    known: set[str],
) -> None:
    """One stage per environment, in order, with the approvals wanted before them."""
    places = targets.read(text, facts, {e.identifier for e in catalogue})
    taken = known | {place.infra for place in places if place.infra} | {place.environment for place in places}
    wanted = {gate.environment: gate for gate in gates.read(text, places, facts)}
    said = names.approving(text, list(facts.groups))
    if not places and said.asked:
        # Nobody said where to; the approval stands in front of the one deployment there is.
        gate = gates.Gate("", said.group, said.unknown, names.count_of(text))
        draft.entries.append({"stage": approval(gate, {g.identifier: g.scope for g in facts.groups}, draft)})
    scopes = {group.identifier: group.scope for group in facts.groups}
    together: list[tuple[int, dict[str, Any]]] = []
    parallel = targets.wants_parallel(text) and len(places) > 1
    for place in places or [None]:
        used = for_clause(place, entry, text, catalogue) if place else entry
        read = values.read(text, without_places(used), facts.groups, taken)
        if place and place.environment in wanted:
            draft.place(together)
            draft.entries.append({"stage": approval(wanted[place.environment], scopes, draft)})
        together.append((place.start if place else 0, {"stage": deployment(used, place, read, draft)}))
        if not parallel:
            draft.place(together)
        if place and not place.known and facts.environments:
            draft.invalid["environment_ref"] = (place.environment, "is not an environment I know")
    draft.place(together)


def without_places(entry: CatalogueEntry) -> dict[str, Any]:
    return {
        name: wanted for name, wanted in entry.inputs.items() if name not in ("environment_ref", "infra_ref")
    }


def for_clause(
    place: targets.Target, entry: CatalogueEntry, text: str, catalogue: Sequence[CatalogueEntry]
) -> CatalogueEntry:
    """The stage template for one environment: another one when its part of the sentence asks for another
    strategy."""
    named = stage_named(place.clause, catalogue)
    if named:
        # The version that was pinned stays pinned.
        return entry if named.identifier == entry.identifier else named
    asked = strategies(place.clause)
    if not asked or asked & entry.notions or len(strategies(text)) < 2:
        return entry
    found = searching.search(place.clause, catalogue, types=("Stage",))
    return found.best[0].entry if found.best and "environment_ref" in found.best[0].entry.inputs else entry


def stage_named(clause: str, catalogue: Sequence[CatalogueEntry]) -> CatalogueEntry | None:
    """The one stage template that a part of the sentence names by its identifier."""
    said = [
        e
        for e in searching.current(catalogue)
        if e.type == "Stage"
        and "environment_ref" in e.inputs
        and "_" in e.identifier
        and re.search(rf"(?<![\w-]){re.escape(e.identifier)}(?![\w-])", clause)
    ]
    return said[0] if len(said) == 1 else None


def strategies(text: str) -> set[str]:
    return {
        m.notion for m in mentions(masked(text)) if m.notion in ("rolling", "canary", "blue_green", "helm")
    }


def deployment(
    entry: CatalogueEntry, place: targets.Target | None, read: values.Values, draft: Draft
) -> dict[str, Any]:
    given = dict(read.given)
    if place:
        given["environment_ref"] = place.environment
        if place.infra:
            given["infra_ref"] = place.infra
    label = f"deploy_{place.environment}" if place else "deploy"
    rows = filled(entry, given, read, draft)
    draft.given |= read.given
    draft.remarks += [remark for remark in read.remarks if remark not in draft.remarks]
    return linked(entry, draft.unique(pieces.identifier_of(label)), label, rows)


def linked(entry: CatalogueEntry, identifier: str, label: str, rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "identifier": identifier,
        "name": pieces.name_of(label.replace("_", " ").capitalize()),
        "template": pieces.template_link(entry.ref or entry.identifier, entry.version, rows),
    }


def filled(
    entry: CatalogueEntry, given: dict[str, Any], read: values.Values, draft: Draft
) -> list[dict[str, Any]]:
    """The rows of templateInputs; what is required and not given is left open and noted."""
    rows = []
    draft.wanted |= entry.inputs
    for wanted in entry.inputs.values():
        if wanted.name in given and wanted.objection(given[wanted.name]):
            read.invalid[wanted.name] = (
                given.pop(wanted.name),
                wanted.objection(given.get(wanted.name, "")) or "does not fit",
            )
        if wanted.name in given:
            rows.append(pieces.input_row(wanted.name, wanted.type, given[wanted.name]))
        elif wanted.required and (wanted.default is None or wanted.name in read.invalid):
            rows.append(pieces.input_row(wanted.name, wanted.type, pieces.OPEN_INPUT))
            if wanted.name not in read.invalid:
                draft.miss(wanted.name)
    draft.invalid |= read.invalid
    return rows


def approval(gate: gates.Gate, scopes: dict[str, str], draft: Draft) -> dict[str, Any]:
    groups = [pieces.scoped_group(gate.group, scopes)] if gate.group else [pieces.OPEN_INPUT]
    if gate.unknown:
        draft.invalid["approver_group"] = (gate.unknown, "is not a user group I know")
    elif not gate.group:
        draft.miss("approver_group")
    message = f"Please review the change and approve the deployment{f' to {gate.environment}' if gate.environment else ''}."
    label = f"approve_{gate.environment or 'deployment'}"
    return pieces.approval_stage(
        draft.unique(pieces.identifier_of(label)),
        pieces.name_of(f"Approve {gate.environment or 'deployment'}"),
        groups,
        message,
        gate.minimum,
    )


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
        m.notion: m for m in reversed(mentions(masked(text))) if m.notion in choosing.BESIDE - entry.notions
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
                f"no template you can use is for {searching.spoken(notion)}, so it is left out"
            )
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


def where(text: str, notion: str, mention: Mention, draft: Draft) -> int:
    """Messages come last; a scan or a test behind the deployments that are said before it, or in front of one."""
    if notion in LAST:
        return len(draft.entries)
    clause = targets.clause_at(text, mention.start)
    behind = text[mention.end : text.index(clause) + len(clause)]
    before = re.match(r"\W*(?:\w+ )?(?:before|prior to|in front of|ahead of)\b", behind, re.I)
    if EARLY.match(behind):
        return 0
    after = [index for start, index in draft.starts if start > mention.start]
    if before and after:
        first = min(after)
        # In front of the approval that belongs to the deployment.
        return first - 1 if first and is_approval(draft.entries[first - 1]) else first
    earlier = [index for start, index in draft.starts if start < mention.start]
    return max(earlier) + 1 if earlier and after else 0 if notion == "scan" else max(earlier, default=-1) + 1


def is_approval(entry: dict[str, Any]) -> bool:
    return bool(entry.get("stage", {}).get("type") == "Approval")
