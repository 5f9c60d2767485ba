"""Finds the template a request names outright, by identifier or by name, and names that no template has."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from rapidfuzz import fuzz

from templates_catalog import search as searching
from templates_catalog.authoring.pinning import SEMVER
from templates_catalog.authoring.words import TOKEN, clean
from templates_catalog.search import CatalogueEntry
from templates_catalog.vocabulary import PRAISE, is_value, masked, mentions

NOT_NAMES = PRAISE | frozenset(
    [
        "pipeline",
        "stage",
        "step",
        "template",
        "service",
        "application",
        "app",
        "project",
        "code",
        "one",
        "job",
        "deployment",
        "build",
        "for",
        "my",
        "of",
        "with",
        "from",
        "in",
        "on",
        "and",
        "or",
        "to",
        "it",
        "is",
        "use",
        "using",
        "which",
        "deploy",
        "team",
        "engineering",
        "internal",
        "given",
        "any",
        "some",
        "experimental",
        "beta",
        "alpha",
        "preview",
        "newest",
        "latest",
        "current",
        "recent",
        "version",
        "stable",
        "usual",
        "right",
        "proper",
        "same",
    ]
)


def named_entry(text: str, catalogue: Sequence[CatalogueEntry]) -> CatalogueEntry | str | None:
    """The template whose identifier the text says; the word itself when it is in the place of one and none
    matches."""
    identifiers = {entry.identifier for entry in catalogue}
    tokens = [clean(hit[0]) for hit in re.finditer(TOKEN, text)]
    for token in tokens:
        bare = re.sub(r"^(account|org)\.", "", token).split("@")[0]
        if bare in identifiers and ("_" in bare):
            return stable_of(bare, catalogue)
    for pattern in (
        rf"\btemplate\s+(?:called |named )?{TOKEN}",
        rf"(?:^|\b)(?:use|using|from|with|of|reference|references)\s+(?:the )?{TOKEN}(?:\s+template|"
        rf"\s+v?\d+\.\d+|\s+for\b)",
        rf"\bversion\s+v?[\d.]+\S*\s+of\s+(?:the )?{TOKEN}",
        rf"{TOKEN}\s+template\b",
    ):
        for hit in re.finditer(pattern, text, re.I):
            token = re.sub(r"^(account|org)\.", "", clean(hit[1])).split("@")[0]
            if "_" not in token or "/" in token:
                continue
            near = max(identifiers, key=lambda known: fuzz.ratio(known, token), default="")
            return stable_of(near, catalogue) if near and fuzz.ratio(near, token) >= 92 else token
    hit = re.match(
        rf"\W*(?:(?:please )?(?:set ?up|create|build|make|give me|i (?:want|need)|we (?:want|need))\s+)?(?:the |an? )?{TOKEN} for\b",
        text,
        re.I,
    )
    token = clean(hit[1]) if hit else ""
    return token if re.fullmatch(r"[A-Za-z]\w*_\w+", token) and is_like_a_template(token) else None


def is_like_a_template(token: str) -> bool:
    """Whether an identifier is made of what templates are called after, as in java_service_golden."""
    parts = token.lower().split("_")
    return any(
        part in ("template", "golden", "pipeline", "stage", "standard", "sandbox") for part in parts
    ) and any(mentions(part) for part in parts)


def unknown_source(text: str, catalogue: Sequence[CatalogueEntry]) -> str:
    """The name behind "from" or "use" that is no template here."""
    for hit in re.finditer(rf"\b(?:from|use|using|based on|with) (?:the |my |our )?{TOKEN}", text, re.I):
        token = re.sub(r"^(account|org)\.", "", clean(hit[1]))
        if re.fullmatch(r"[A-Za-z]\w*_\w+", token) and token not in {entry.identifier for entry in catalogue}:
            return token
    return ""


def stable_of(identifier: str, catalogue: Sequence[CatalogueEntry]) -> CatalogueEntry:
    versions = [entry for entry in catalogue if entry.identifier == identifier]
    return max(versions, key=lambda e: (e.lifecycle == "active", e.stable, searching.version_key(e.version)))


def strange_name(text: str, entry: CatalogueEntry) -> str:
    """The words of a template's name that the chosen one does not have, as in "the Terraform Sandbox
    template"."""
    hit = re.search(r"\b(?:the|our|a) ((?:[\w.+#/-]+ ){1,6})template\b", masked(text), re.I)
    if not hit:
        return ""
    phrase = hit[1].strip()
    cut = re.split(r"\b(?:from|with|using|use|of|by|on|in) (?:the|our) ", phrase, flags=re.I)[-1]
    covered = entry.words | {
        w for w in searching.words_of(f"{entry.description} {' '.join(entry.tags.values())}")
    }
    spans = {word for m in mentions(cut) if m.notion in entry.notions for word in searching.words_of(m.text)}
    for word in searching.words_of(cut):
        if word in covered or word in NOT_NAMES or word in spans or word.isdigit() or is_value(word):
            continue
        if searching.is_near(word, covered) or re.fullmatch(r"v?\d[\w.-]*", word):
            continue
        return cut
    return ""


OLD = re.compile(
    r"\b(?:old|legacy|former|outdated|deprecated|first[- ]generation)(?: [\w.#+]+){0,3} (?:template|pipeline|one)\b",
    re.I,
)


def the_old_one(text: str, result: searching.Result, catalogue: Sequence[CatalogueEntry]) -> str:
    """The retired template that is meant by "the old Java pipeline"; "" when none is."""
    living = {entry.identifier for entry in searching.current(catalogue)}
    retired = [
        entry.identifier
        for entry in catalogue
        if entry.lifecycle == "deprecated"
        and entry.identifier not in living
        and not searching.uncovered(result.request, entry)
    ]
    return retired[0] if retired and result.request.binding and OLD.search(text) else ""


def by_label(text: str, catalogue: Sequence[CatalogueEntry]) -> CatalogueEntry | None:
    """The one template that has the version that is typed and a name of which two words or more are said."""
    labels = set(re.findall(rf"(?<![\w.:/-]){SEMVER}(?![\w.]*\w)", text))
    lowered = f" {' '.join(re.findall(r'[a-z0-9.#+]+', text.lower()))} "

    def is_said(entry: CatalogueEntry) -> bool:
        words = [word for word in re.findall(r"[a-z0-9.#+]+", entry.name.lower())]
        return any(f" {one} {other} " in lowered for one, other in itertools.pairwise(words))

    owners = {entry.identifier for entry in catalogue if entry.version in labels and is_said(entry)}
    return stable_of(owners.pop(), catalogue) if len(owners) == 1 else None
