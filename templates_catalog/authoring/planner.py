"""From a request in plain English to a pipeline that references the right template, with no model.

The template comes from the ranked search among what the person may see. Inputs come from the words; a value
that
is missing becomes `<+input>` and is asked for, one that is not allowed is pointed out, and none is ever
invented.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from templates_catalog.authoring import (
    choosing,
    clusters,
    correcting,
    names,
    stages,
    unserved,
    values,
    wording,
    words,
)
from templates_catalog.authoring.pieces import OPEN_INPUT, identifier_of, input_row, name_of, template_link
from templates_catalog.inputs import Input
from templates_catalog.search import CatalogueEntry
from templates_catalog.vocabulary import repair

__all__ = ["Ask", "PipelinePlan", "plan"]


@dataclass(frozen=True)
class Ask:
    """One input to be answered: what it is for, what it allows, and what was said that does not fit."""

    name: str
    description: str = ""
    allowed: tuple[str, ...] = ()
    value: str = ""
    why: str = ""


def asks(
    missing: Sequence[str], invalid: Mapping[str, tuple[Any, str]], wanted: Mapping[str, Input]
) -> list[Ask]:
    """A question for every value that is missing or does not fit."""
    found = []
    for name in (*missing, *(name for name in invalid if name not in missing)):
        held = wanted.get(name)
        value, why = invalid.get(name, ("", ""))
        about = (held.description, tuple(map(str, held.allowed))) if held else ("", ())
        found.append(Ask(name, *about, str(value), why))
    return found


@dataclass(frozen=True)
class PipelinePlan:
    """What the planner made of a request.

    document    {"pipeline": …} or None
    template    the reference used, "" when none; `version` its label
    inputs      name → value taken from the request; `missing` names that nobody gave;
    invalid     name → (value said, why it does not fit)
    asked       something is missing, impossible or undecided, and `notes` says what
    none_fits   no template the person may see is for this
    asks        the same as questions, for a form
    notes       the text to show; `reasons` and `runners_up` say why this one and why not the others
    """

    document: dict[str, Any] | None = None
    template: str = ""
    version: str = ""
    reasons: list[str] = field(default_factory=list)
    inputs: dict[str, Any] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    invalid: dict[str, tuple[Any, str]] = field(default_factory=dict)
    asked: bool = False
    none_fits: bool = False
    notes: str = ""
    runners_up: list[tuple[str, str]] = field(default_factory=list)
    asks: list[Ask] = field(default_factory=list)


def plan(text: str, catalogue: Sequence[CatalogueEntry], facts: Any) -> PipelinePlan:
    """The pipeline that `text` asks for, from the templates in `catalogue`, which are those the person may
    see."""
    if len(text) > words.LONGEST_REQUEST:
        said = (
            f"The request has {len(text):,} characters; at most {words.LONGEST_REQUEST:,} are read. "
            f"Say it shorter."
        )
        return PipelinePlan(asked=True, notes=said)
    text, left_out = words.without_commands(words.printable(text))
    made = from_library(repair(text), catalogue, facts)
    return (
        replace(made, notes=f"{left_out}\n{made.notes}".strip(), asked=made.asked or bool(left_out))
        if left_out
        else made
    )


def from_library(text: str, catalogue: Sequence[CatalogueEntry], facts: Any) -> PipelinePlan:
    text, denied = correcting.without_denied(
        correcting.corrected(text, facts.environments, facts.groups), choosing.choices(catalogue)
    )
    text = clusters.apart(text, facts.environments)
    choice = choosing.choose(names.blanked(text, facts.groups), catalogue, facts)
    if choice.entry is not None:
        choice.remarks += unserved.kept_all_the_same(choice.entry, denied)
        undone = unserved.the_opposite(text, choice.entry)
        choice.remarks += undone
        choice.asked = choice.asked or bool(undone)
    if choice.entry is None:
        return PipelinePlan(
            asked=choice.undecided,
            none_fits=not choice.undecided,
            notes=wording.no_template(choice),
            runners_up=wording.lost(choice),
        )
    if choice.entry.type == "Pipeline":
        return whole_pipeline(text, choice, catalogue, facts)
    return stages.staged_pipeline(text, choice, catalogue, facts)


def whole_pipeline(
    text: str, choice: choosing.Choice, catalogue: Sequence[CatalogueEntry], facts: Any
) -> PipelinePlan:
    """A pipeline that is one template with its inputs."""
    entry = choice.entry
    assert entry is not None  # noqa: S101 - told to the type checker; the caller looked
    read = values.read(text, entry.inputs, facts.groups, choosing.other_names(catalogue, facts))
    rows, missing = [], []
    for wanted in entry.inputs.values():
        if wanted.name in read.given:
            rows.append(input_row(wanted.name, wanted.type, read.given[wanted.name]))
        elif wanted.required and (wanted.default is None or wanted.name in read.invalid):
            rows.append(input_row(wanted.name, wanted.type, OPEN_INPUT))
            if wanted.name not in read.invalid:
                missing.append(wanted.name)
    remarks = [*choice.remarks, *read.remarks, *unserved.remarks(text, entry, catalogue, facts)]
    lost = unserved.without_a_place(
        text,
        [*read.given.values(), *(v for v, _ in read.invalid.values()), *remarks, entry.version],
        catalogue,
        facts,
    )
    remarks += lost
    identifier, name = titled(text, read.given, entry)
    body = {
        "identifier": identifier,
        "name": name,
        "tags": {"ai_generated": "true"},
        "template": template_link(entry.ref or entry.identifier, entry.version, rows),
    }
    return PipelinePlan(
        document={"pipeline": body},
        template=entry.ref or entry.identifier,
        version=entry.version,
        reasons=list(choice.reasons),
        inputs=dict(read.given),
        missing=missing,
        invalid=dict(read.invalid),
        asked=bool(
            missing
            or read.invalid
            or choice.asked
            or lost
            or unserved.placeless(text, entry, catalogue, facts)
        ),
        notes=wording.about(entry, choice.reasons, read.given, missing, read.invalid, remarks, entry.inputs),
        runners_up=wording.lost(choice),
        asks=asks(missing, read.invalid, entry.inputs),
    )


def titled(text: str, given: dict[str, Any], entry: CatalogueEntry) -> tuple[str, str]:
    """Identifier and name of the pipeline: as the request calls it, else after what it is about."""
    called = choosing.pipeline_name(text)
    if called:
        return identifier_of(called), name_of(called)
    subject = next((str(given[name]) for name in values.SUBJECTS if name in given), entry.identifier)
    return identifier_of(f"{subject}_pipeline"), name_of(f"{subject} pipeline")
