"""One stage per environment from stage templates: in order, side by side where that is wished, approvals in front."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from templates_catalog import search as searching
from templates_catalog.authoring import clusters, gates, names, pieces, targets, values
from templates_catalog.authoring.assembling import Draft, filled, linked
from templates_catalog.search import CatalogueEntry
from templates_catalog.vocabulary import masked, mentions


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
    if not places:
        places = targets.somewhere(text, {e.identifier for e in catalogue})
    taken = known | {place.infra for place in places if place.infra} | {place.environment for place in places}
    # A cluster that was taken back is no service either.
    taken |= {name for _, _, name in clusters.read(text, taken) if clusters.IS_CLUSTER.fullmatch(name)}
    scopes = {group.identifier: group.scope for group in facts.groups}
    wanted = gates.read(text, places, facts)
    said = names.approving(text, list(facts.groups))
    if said.asked and not any(place.environment for place in places):
        # Nobody said where to; the approval stands in front of the one deployment there is.
        wanted = gates.of((said.group,) if said.group else (), said.unknown, minimum=names.count_of(text))
    for together in targets.rounds(text, places):
        asked = [gate for gate in wanted if gate.environment in {place.environment for place in together}]
        for gate in {gate.groups: gate for gate in asked}.values():
            draft.entries.append({"stage": approval(gate, scopes, draft)})
        members = []
        for place in together:
            used = for_clause(place, entry, text, catalogue)
            read = spoken_for(place, text, without_places(used), facts, taken)
            members.append((place.start, {"stage": deployment(used, place, read, draft)}))
            if place.environment and not place.known and facts.environments:
                draft.invalid["environment_ref"] = (place.environment, "is not an environment I know")
        draft.place(members)


def spoken_for(
    place: targets.Target, text: str, wanted: dict[str, Any], facts: Any, taken: set[str]
) -> values.Values:
    """The values of one deployment: an amount said with its environment is that environment's own."""
    read = values.read(text, wanted, facts.groups, taken)
    amounts = {name: one for name, one in wanted.items() if one.type == "Number"}
    own = values.read(place.clause, amounts, facts.groups, taken, eliminate=False)
    for name in own.given.keys() | own.invalid.keys():
        read.given.pop(name, None)
        read.invalid.pop(name, None)
    read.given |= own.given
    read.invalid |= own.invalid
    return read


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
    entry: CatalogueEntry, place: targets.Target, read: values.Values, draft: Draft
) -> dict[str, Any]:
    given = dict(read.given)
    if place.environment:
        given["environment_ref"] = place.environment
    if place.infra:
        given["infra_ref"] = place.infra
    label = f"deploy_{place.environment}" if place.environment else "deploy"
    rows = filled(entry, given, read, draft)
    draft.given |= read.given
    draft.remarks += [remark for remark in read.remarks if remark not in draft.remarks]
    return linked(entry, draft.unique(pieces.identifier_of(label)), label, rows)


def approval(gate: gates.Gate, scopes: dict[str, str], draft: Draft) -> dict[str, Any]:
    groups = [pieces.scoped_group(group, scopes) for group in gate.groups] or [pieces.OPEN_INPUT]
    if gate.unknown:
        draft.invalid["approver_group"] = (gate.unknown, "is not a user group I know")
    elif not gate.groups:
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
