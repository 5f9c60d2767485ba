"""The sentences a person reads about a plan: what was chosen and why, what is missing, what cannot be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from templates_catalog.inputs import Input
from templates_catalog.search import CatalogueEntry

if TYPE_CHECKING:
    from templates_catalog.authoring.choosing import Choice


def about(
    entry: CatalogueEntry,
    reasons: Sequence[str],
    given: Mapping[str, Any],
    missing: Sequence[str],
    invalid: Mapping[str, tuple[Any, str]],
    remarks: Sequence[str],
    wanted: Mapping[str, Input],
) -> str:
    """The notes under a draft."""
    lines = [
        f"This uses {entry.name} ({entry.identifier}, version {entry.version}): "
        f"{'; '.join(reasons) or 'it fits'}."
    ]
    lines += [sentence(remark) for remark in remarks]
    if given:
        lines.append(
            "Filled from your words: " + ", ".join(f"{name} = {value}" for name, value in given.items()) + "."
        )
    for name, (value, objection) in invalid.items():
        kept = wanted[name].default if name in wanted and wanted[name].default is not None else None
        otherwise = (
            f" Until you say otherwise the default {kept} applies."
            if kept is not None
            else " It is left open."
        )
        lines.append(f"{name}: {value!r} {objection}.{otherwise}")
    if missing:
        lines.append(
            "Still needed: "
            + "; ".join(described(name, wanted) for name in missing)
            + ". These are left as <+input>."
        )
    return "\n".join(lines)


def sentence(text: str) -> str:
    # An identifier keeps its case.
    first = text.split(" ", 1)[0]
    start = text if "_" in first else text[:1].upper() + text[1:]
    return start + ("" if text.endswith((".", "!", "?")) else ".")


def described(name: str, wanted: Mapping[str, Input]) -> str:
    found = wanted.get(name)
    if found is None:
        return name
    text = f"{name} ({found.description})" if found.description else name
    return f"{text}, one of {', '.join(map(str, found.allowed))}" if found.allowed else text


def no_template(choice: Choice) -> str:
    """Why there is no draft, and what the person can do."""
    if choice.undecided:
        return undecided(choice)
    lines = [sentence(choice.why_none)]
    if choice.retired is not None and choice.retired.lifecycle == "deprecated":
        retired = choice.retired
        message = f" {retired.deprecation_message}" if retired.deprecation_message else ""
        lines.append(
            f"{retired.identifier} was for this, but it is deprecated and has no successor.{message}"
        )
    near = [found for found in choice.others if found.score > 0][:3]
    if near:
        lines.append(
            "The nearest ones: "
            + "; ".join(f"{f.entry.identifier} ({', '.join(f.objections) or 'fits in part'})" for f in near)
            + "."
        )
    lines.append("Ask the owners of the library for a template, or describe the stages you want.")
    return "\n".join(lines)


def undecided(choice: Choice) -> str:
    if not choice.options:
        return "What should the pipeline build or deploy? Say the language or tool, and where it runs."
    lines = ["Several templates fit; which one is meant?"]
    lines += [f"- {entry.identifier}: {entry.description or entry.name}" for entry in choice.options]
    return "\n".join(lines)


def lost(choice: Choice) -> list[tuple[str, str]]:
    """(identifier, why it was not chosen) for the runners-up."""
    return [
        (found.entry.identifier, "; ".join(found.objections) or "fits less well")
        for found in choice.others
        if choice.entry is None or found.entry.identifier != choice.entry.identifier
    ]
