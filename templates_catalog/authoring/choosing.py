"""Chooses the template a request is about, and the version; says so when there is none or more than one."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from templates_catalog import search as searching
from templates_catalog.authoring import clusters, foreground, referring, targets, values
from templates_catalog.authoring.pinning import with_version
from templates_catalog.authoring.words import TOKEN, clean
from templates_catalog.search import CatalogueEntry, Found
from templates_catalog.vocabulary import BY_NAME, closure, masked, mentions

# So near to each other two templates are equally good, and the person decides.
TIE = 0.35


@dataclass
class Choice:
    """The entry to use, or None. `undecided`: several fit, or too little was said; `asked`: something to
    point out."""

    entry: CatalogueEntry | None = None
    reasons: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    others: list[Found] = field(default_factory=list)
    asked: bool = False
    undecided: bool = False
    why_none: str = ""
    options: list[CatalogueEntry] = field(default_factory=list)
    retired: CatalogueEntry | None = None


def choose(text: str, catalogue: Sequence[CatalogueEntry], facts: Any) -> Choice:
    """The template and version for a request."""
    named = referring.named_entry(text, catalogue)
    if isinstance(named, str):
        return Choice(why_none=f"I know no template called “{named}” that you can use", others=[])
    if named is not None:
        return settle_named(text, named, catalogue)
    if pinned := referring.by_label(text, catalogue):
        return settle_named(text, pinned, catalogue)
    given = probable_inputs(text, catalogue, facts)
    if options := either(text, catalogue, given):
        return Choice(undecided=True, options=options)
    first = first_strategy(text)
    result = searching.search(first or text, catalogue, given=given, types=("Stage",) if first else ())
    if result.none_fits and closure(result.request.binding) & foreground.BESIDE:
        result = foreground.apart_from_beside(text, result, catalogue, given)
    if result.none_fits and (rest := foreground.without_background(text)):
        text = rest
        result = searching.search(rest, catalogue, given=given)
    if (
        result.none_fits
        and not result.request.binding
        and (usual := plain_deployment(text, catalogue, facts))
    ):
        return with_version(text, usual, catalogue)
    if result.none_fits:
        unknown = referring.unknown_source(text, catalogue)
        if not unknown and not result.request.binding and result.others:
            unknown = referring.strange_name(text, result.others[0].entry)
        if unknown:
            return Choice(why_none=f"I know no template called “{unknown}” that you can use")
        return nothing(text, result, catalogue)
    strange = referring.strange_name(text, result.best[0].entry)
    if strange:
        return Choice(
            why_none=f"I know no template called “{strange}” that you can use", others=result.best[:3]
        )
    best = result.best[0]
    equal = [
        f
        for f in result.best[1:]
        if best.score - f.score < TIE and f.entry.identifier != best.entry.identifier
    ]
    equal = equal or other_languages(result)
    if equal or best.score < 0.5:
        options = [best.entry, *(f.entry for f in equal[:3])] if equal else []
        return Choice(undecided=True, options=options, others=result.best[:5])
    choice = Choice(best.entry, list(best.reasons), others=[*result.best[1:3], *result.others[:2]])
    choice.remarks += also_possible(result)
    if old := referring.the_old_one(text, result, catalogue):
        choice.remarks.append(f"{old} is deprecated; {best.entry.identifier} is used instead")
        choice.asked = True
    return with_version(text, choice, catalogue)


def either(text: str, catalogue: Sequence[CatalogueEntry], given: set[str]) -> list[CatalogueEntry]:
    """The best template for each side of "Node or Python"; [] when nothing is left to the reader."""
    said = mentions(masked(text))
    for one, other in itertools.pairwise(said):
        alike = (
            BY_NAME[one.notion].dimension == BY_NAME[other.notion].dimension and one.notion != other.notion
        )
        apart = not ({one.notion} & closure([other.notion]) or {other.notion} & closure([one.notion]))
        if (
            alike
            and apart
            and re.fullmatch(r"\s*,? or (?:in |with |on |for |maybe |an? )?", text[one.end : other.start])
        ):
            sides = [
                text[: gone.start] + " " * (gone.end - gone.start) + text[gone.end :] for gone in (other, one)
            ]
            found = [searching.search(side, catalogue, given=given).best[:1] for side in sides]
            options = list(dict.fromkeys(hit.entry.identifier for hits in found for hit in hits))
            if len(options) > 1:
                return [hits[0].entry for hits in found]
    return []


def plain_deployment(text: str, catalogue: Sequence[CatalogueEntry], facts: Any) -> Choice | None:
    """The stage that deploys as everybody does, when environments and clusters are named and no way of deploying is."""
    if not clusters.read(text, other_names(catalogue, facts)) or not targets.read(text, facts):
        return None
    plain = [
        entry
        for entry in searching.current(catalogue)
        if entry.type == "Stage"
        and {"environment_ref", "infra_ref"} <= entry.inputs.keys()
        and "rolling" in entry.notions
        and not searching.oddities(entry)
    ]
    if len(plain) != 1:
        return None
    said = "you did not say how to deploy; a rolling update is what is usual"
    return Choice(plain[0], ["it deploys to an environment"], [said])


def other_languages(result: searching.Result) -> list[Found]:
    """Templates that serve the request as well as the best one, in another language, when no language was
    said."""
    best, request = result.best[0], result.request
    mine = languages(best.entry) - languages_of(request.notions)
    if not mine or languages_of(request.notions):
        return []
    return [
        found
        for found in result.best[1:4]
        if found.entry.type == best.entry.type
        and languages(found.entry) - mine
        and request.binding <= found.entry.notions
        and not (searching.unasked(request, found.entry) - languages(found.entry))
        and not (searching.unasked(request, best.entry) - mine)
    ]


NEAR = 4.0


def also_possible(result: searching.Result) -> list[str]:
    """Another template of the same language that nearly was the one, with what speaks against it."""
    best, request = result.best[0], result.request
    return [
        f"{found.entry.identifier} would also be possible; "
        + (", ".join(found.objections[:2]) or "it fits less well")
        for found in result.best[1:2]
        if best.score - found.score < NEAR
        and found.entry.type == best.entry.type
        and request.binding <= found.entry.notions
    ]


def languages(entry: CatalogueEntry) -> set[str]:
    return languages_of(entry.strong)


def languages_of(notions: Iterable[str]) -> set[str]:
    return {name for name in notions if BY_NAME[name].dimension == "language" and name != "jvm"}


def first_strategy(text: str) -> str:
    """A request with several strategies, cut down to the first; each environment gets its own later. "" with
    only one."""
    said = list(
        dict.fromkeys(m.notion for m in mentions(masked(text)) if BY_NAME[m.notion].dimension == "strategy")
    )
    return foreground.without(text, frozenset(said[1:])) if len(said) > 1 else ""


def probable_inputs(text: str, catalogue: Sequence[CatalogueEntry], facts: Any) -> set[str]:
    """The inputs, of any template, that the request seems to give values for."""
    every = {name: wanted for entry in catalogue for name, wanted in entry.inputs.items()}
    telling = {name: wanted for name, wanted in every.items() if wanted.required and name != "service_ref"}
    read = values.read(text, telling, facts.groups, other_names(catalogue, facts), eliminate=False)
    if clusters.read(text, {e.identifier for e in (*catalogue, *facts.environments)}):
        read.given["infra_ref"] = ""
    return {name for name in read.given if name not in ("environment_ref", "repo_name")}


def other_names(catalogue: Sequence[CatalogueEntry], facts: Any) -> set[str]:
    """Identifiers that are no service: templates and their inputs, environments, groups, connectors."""
    known = {entry.identifier for entry in catalogue} | {name for entry in catalogue for name in entry.inputs}
    for things in (facts.environments, facts.groups, facts.connectors):
        known |= {thing.identifier for thing in things}
    return known


def settle_named(text: str, entry: CatalogueEntry, catalogue: Sequence[CatalogueEntry]) -> Choice:
    """The template that was named, or its successor when it is no longer maintained."""
    if entry.lifecycle == "active":
        return with_version(text, Choice(entry, [f"you named it: {entry.identifier}"]), catalogue)
    successor = [
        e for e in searching.current(catalogue) if entry.replaced_by and e.identifier == entry.replaced_by
    ]
    if successor:
        said = (
            f"{entry.identifier} is {entry.lifecycle}; its successor {successor[0].identifier} is used "
            f"instead"
        )
        return Choice(successor[0], [f"it replaces {entry.identifier}"], [said], asked=True)
    if entry.lifecycle == "experimental":
        result = searching.search(text.replace(entry.identifier, entry.name), catalogue)
        if result.best:
            said = (
                f"{entry.identifier} is experimental and not for use; "
                f"{result.best[0].entry.identifier} is used instead"
            )
            return Choice(result.best[0].entry, list(result.best[0].reasons), [said], asked=True)
    return Choice(why_none=f"{entry.identifier} is {entry.lifecycle} and has no successor", retired=entry)


def nothing(text: str, result: searching.Result, catalogue: Sequence[CatalogueEntry]) -> Choice:
    """Why nothing fits: too little said, or nobody serves it; a retired template that would have is told."""
    request = result.request
    retired = [
        e
        for e in catalogue
        if e.lifecycle == "deprecated" and request.binding and not searching.uncovered(request, e)
    ]
    for old in retired:
        successor = [e for e in searching.current(catalogue) if e.identifier == old.replaced_by]
        if successor and not searching.uncovered(request, successor[0]):
            said = f"{old.identifier} is deprecated; its successor {successor[0].identifier} is used instead"
            return Choice(successor[0], [f"it replaces {old.identifier}"], [said], asked=True)
    if not request.binding:
        options = [found.entry for found in result.others if found.score > 0][:4] if request.notions else []
        return Choice(undecided=True, options=options, others=result.others[:3])
    asked_for = ", ".join(
        searching.spoken(name) for name in sorted(request.binding, key=lambda n: BY_NAME[n].dimension)
    )
    return Choice(
        why_none=f"no template you can use is for {asked_for}",
        others=result.others[:3],
        retired=next((old for old in retired if not old.replaced_by), None),
    )


def pipeline_name(text: str) -> str:
    """What the request calls the pipeline itself."""
    hit = re.search(rf"\bpipeline (?:called|named) {TOKEN}|\b(?:call|name) the pipeline {TOKEN}", text, re.I)
    return clean(hit[1] or hit[2]) if hit else ""


def choices(catalogue: Sequence[CatalogueEntry]) -> tuple[str, ...]:
    """Every word that some input of the library allows as its value."""
    return tuple(
        {str(c).lower() for e in catalogue for i in e.inputs.values() for c in i.allowed} - {"true", "false"}
    )
