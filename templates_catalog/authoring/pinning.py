"""Which version of a template a request pins, and what is told when it cannot be used."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from templates_catalog.authoring import values
from templates_catalog.search import CatalogueEntry

if TYPE_CHECKING:
    from templates_catalog.authoring.choosing import Choice


SEMVER = r"v?(\d+\.\d+\.\d+(?:-[\w.]+)?)"


def with_version(text: str, choice: Choice, catalogue: Sequence[CatalogueEntry]) -> Choice:
    """The version the request pins, when it may be used; otherwise the stable one, and the reason is told."""
    entry = choice.entry
    if entry is None:
        return choice
    versions = {e.version: e for e in catalogue if e.identifier == entry.identifier}
    wanted = pinned_label(text, versions)
    if wanted is None and re.search(r"\b(?:beta|alpha|experimental|preview)\b", text, re.I):
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


def pinned_label(text: str, versions: dict[str, CatalogueEntry]) -> str | None:
    for label in sorted(versions, key=len, reverse=True):
        if re.search(rf"(?<![\w.-])v?{re.escape(label)}(?![\w-]|\.\d)", text):
            return label
    short = [
        hit[1] for hit in re.finditer(r"\b(?:version|template) v?(\d+(?:\.\d+)+(?:-[\w.]+)?)", text, re.I)
    ]
    short += [hit[1] for hit in re.finditer(SEMVER, text) if not re.search(r"[\w/:]$", text[: hit.start()])]
    for said in short:
        return next((label for label in versions if values.same_version(label, said)), said)
    if re.search(r"\b(?:beta|alpha|experimental|preview)\b", text, re.I):
        return next((label for label, e in versions.items() if e.lifecycle == "experimental"), None)
    return None
