"""Which version of a template a request pins, and what is told when it cannot be used."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from templates_catalog.authoring import values
from templates_catalog.authoring.forms import RUNTIMES
from templates_catalog.search import CatalogueEntry, version_key

if TYPE_CHECKING:
    from templates_catalog.authoring.choosing import Choice


SEMVER = r"v?(\d+\.\d+\.\d+(?:-[\w.]+)?)"


def with_version(text: str, choice: Choice, catalogue: Sequence[CatalogueEntry]) -> Choice:
    """The version the request pins, when it may be used; otherwise the stable one, and the reason is told."""
    entry = choice.entry
    if entry is None:
        return choice
    versions = {e.version: e for e in catalogue if e.identifier == entry.identifier}
    refused = NOT_THAT.search(text)
    if refused and (label := meant(refused[1], versions)) in versions:
        return other_version(label, choice, versions)
    # "k8s_rolling 2.1" pins as well as "version 2.1".
    named = re.search(
        rf"(?<![\w-]){re.escape(entry.identifier)}(?:@v?|,? v)(\d+(?:\.\d+)*(?:-[\w.]+)?)(?![\w%])", text
    )
    named = named or re.search(
        rf"(?<![\w-]){re.escape(entry.identifier)},? (\d+(?:\.\d+)+(?:-[\w.]+)?)(?![\w%])", text
    )
    wanted = meant(named[1], versions) if named else pinned_label(text, versions)
    if wanted is None and re.search(r"\b(?:older|old|previous|earlier|last but one) version\b", text, re.I):
        others = ", ".join(sorted(label for label, e in versions.items() if e.lifecycle == "active"))
        choice.remarks.append(f"which older version is meant? {entry.version} is used; there are {others}")
        choice.asked = True
    channel = re.search(r"\b(?:beta|alpha|experimental|preview)\b", text, re.I)
    # A channel of the language is no version of the template.
    of_an_input = channel and any(channel[0].lower() in map(str, i.allowed) for i in entry.inputs.values())
    if wanted is None and channel and not of_an_input:
        choice.remarks.append(
            f"no experimental version is used; {entry.identifier} {entry.version} is the stable one"
        )
        choice.asked = True
    if wanted is None or wanted == entry.version:
        return choice
    found = versions.get(wanted)
    if found is not None and found.lifecycle == "active":
        choice.entry = found
        choice.reasons.append(f"you asked for version {wanted}")
        return choice
    state = found.lifecycle if found is not None else "not there"
    choice.remarks.append(
        f"version {wanted} of {entry.identifier} is {state}; the stable version {entry.version} is used "
        f"instead"
    )
    choice.asked = True
    return choice


NOT_THAT = re.compile(
    r"\b(?:not|but|except|other than|avoid|without) (?:for )?(?:version |v)?(\d+(?:\.\d+)+(?:-[\w.]+)?)(?![\w%])",
    re.I,
)


def other_version(label: str, choice: Choice, versions: dict[str, CatalogueEntry]) -> Choice:
    """The newest version that may be used beside the one that is not wanted."""
    left = [e for name, e in versions.items() if name != label and e.lifecycle == "active"]
    best = max(left, key=lambda e: (e.stable, version_key(e.version)), default=None)
    if best is None:
        choice.remarks.append(f"there is no version but {label} that may be used")
    else:
        choice.entry = best
        choice.reasons.append(f"you do not want version {label}")
    choice.asked = True
    return choice


SAID = r"\b(?:version|template) v?(\d+(?:\.\d+)*(?:-[\w.]+)?)(?![\w%]|\.\d)"
# "Python version 3.12" is no version of the template.
RUNTIME = re.compile(
    rf"(?:{'|'.join(re.escape(name) for names in RUNTIMES.values() for name in names)}|runtime|language)[ -]$",
    re.I,
)


def meant(said: str, versions: dict[str, CatalogueEntry]) -> str:
    """The label a number stands for: the same one, else the best one that begins with it, else what was said."""
    same = next((label for label in versions if values.same_version(label, said)), "")
    line = [
        entry
        for label, entry in versions.items()
        if label.startswith(f"{said}.") and entry.lifecycle == "active"
    ]
    best = max(line, key=lambda entry: (entry.stable, version_key(entry.version)), default=None)
    # "Version 2" is the best of the second ones, "2.0" exactly that.
    same = same if "." in said else ""
    return same or (best.version if best else said)


REASON = re.compile(r"\b(?:since|because|given that|due to|thanks to|as)\b[^,.;]*$", re.I)
BLAMED = re.compile(r"\s+(?:has|had|is|was|broke|breaks|fails?|failed|does not|doesn't|crash\w*)\b", re.I)


def pinned_label(text: str, versions: dict[str, CatalogueEntry]) -> str | None:
    for label in sorted(versions, key=len, reverse=True):
        for hit in re.finditer(rf"(?<![\w.-])v?{re.escape(label)}(?![\w-]|\.\d)", text):
            # "2.3.0, since 2.4.1 has a bug" wants the first one.
            if not REASON.search(text[: hit.start()]) and not BLAMED.match(text[hit.end() :]):
                return label
    short = [hit[1] for hit in re.finditer(SAID, text, re.I) if not RUNTIME.search(text[: hit.start()])]
    short += [hit[1] for hit in re.finditer(SEMVER, text) if not re.search(r"[\w/:]$", text[: hit.start()])]
    for said in short:
        return meant(said, versions)
    if re.search(r"\b(?:beta|alpha|experimental|preview)\b", text, re.I):
        return next((label for label, e in versions.items() if e.lifecycle == "experimental"), None)
    return None
