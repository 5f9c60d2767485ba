"""Reads the values of a template's inputs from a request. A value is taken from the words or not at all."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from templates_catalog.authoring import subjects
from templates_catalog.authoring.forms import (
    BUNDLE,
    PACKAGE,
    PEERS,
    Values,
    approver,
    cues,
    number,
    region,
    repository,
    same_version,
    schedule,
    switched,
    version,
)  # fmt: skip
from templates_catalog.authoring.subjects import SUBJECTS, is_settled
from templates_catalog.authoring.words import CONNECTIVE, STOP, TOKEN, clean
from templates_catalog.inputs import Input
from templates_catalog.vocabulary import is_value, mentions

__all__ = ["SUBJECTS", "Values", "read", "same_version"]

PATHS = ("image_repo", "terraform_dir", "changelog_path")
# Where the work goes: "… in eks_live" can mean nothing else when only this is open.
BY_REST = ("workspace", "bucket", "target_schema", "namespace", "target_host", "repo_name")


def read(
    text: str,
    wanted: Mapping[str, Input],
    groups: Iterable[Any] = (),
    known: Iterable[str] = (),
    *,
    eliminate: bool = True,
) -> Values:
    """The values `text` gives for the inputs in `wanted`.

    groups  user groups with identifier and name
    known   identifiers that name something else (templates, environments, infrastructure) and are never a
    service
    eliminate  also take a name nothing else explains as what the request is about
    """
    values = Values()
    for entry in wanted.values():
        found = answered(text, entry)
        if found is None:
            found = special(text, entry, groups, values)
        if found is None:
            found = assigned(text, entry) or by_cue(text, entry, values)
        if found is None and entry.name == "repo_name":
            found = repository(text)
        if found is not None:
            values.take(entry, found)
    if eliminate:
        by_elimination(text, wanted, values, set(known), list(groups))
    return values


def answered(text: str, wanted: Input) -> Any:
    """`replicas is 5`, said last, for an input whose form tells that this is meant and nothing else."""
    if wanted.name not in text or not ("_" in wanted.name or wanted.allowed or wanted.type == "Number"):
        return None
    said = [
        clean(hit[1])
        for hit in re.finditer(rf"(?<![\w-]){re.escape(wanted.name)}\s*(?:=|:|is)\s*{TOKEN}", text)
    ]
    fitting = [value for value in said if value.lower() not in STOP and not wanted.objection(value)]
    return fitting[-1] if fitting else None


def special(text: str, wanted: Input, groups: Iterable[Any], values: Values) -> Any:
    """Values with a form of their own: numbers, versions, cron, regions, groups, one of a list."""
    name = wanted.name
    if name.endswith("_version"):
        return version(text, wanted)
    if "schedule" in name or "cron" in name:
        return schedule(text, values)
    if wanted.type == "Number":
        return number(text, wanted)
    if name == "region":
        return region(text, values)
    if name.split("_")[-1] in ("url", "uri"):
        found = re.search(r"\bhttps?://[^\s`'\",;()]+", text)
        return clean(found[0]) if found else None
    if name == "approver_group":
        return approver(text, groups, values)
    if name == "slack_channel":
        found = re.search(r"(?<![\w&/])#[a-z0-9_-]+", text)
        return found[0] if found else None
    if name == "bundle_id":
        found = BUNDLE.search(text)
        return found[0] if found else None
    if name == "package_name" and (found := PACKAGE.search(text) or BUNDLE.search(text)):
        return found[0]
    return one_of(text, wanted, values) if wanted.allowed else None


def assigned(text: str, wanted: Input) -> str | None:
    """`image_repo: shop/cart` or `image_repo=shop/cart`."""
    if wanted.name not in text:
        return None
    found = re.search(
        rf"(?<![\w-]){re.escape(wanted.name)}\s*(?:=|:|is(?: called| named)?\b)\s*{TOKEN}", text
    )
    return clean(found[1]) if found and clean(found[1]).lower() not in STOP else None


# "Service owners need not approve" speaks of owners.
ACTS = re.compile(
    r"\s+(?:need|must|should|don't|do|does|have|has|are|can|may|will|shall|want|wants|approves?|already|who)\b",
    re.I,
)


def by_cue(text: str, wanted: Input, values: Values) -> str | None:
    """The word that stands where a value of this input is said."""
    told = re.sub(r"[_-]", " ", text.lower())
    for cue in sorted(cues(wanted), key=len, reverse=True):
        # Most inputs of a library are not spoken of; looking first is much cheaper than a pattern for each.
        if re.sub(r"[_-]", " ", cue.lower()) not in told:
            continue
        spoken = re.escape(cue).replace(r"\ ", r"[ _-]")
        for pattern, sure in (
            (rf"(?<![\w/-]){spoken}s?(?: name| id| ref| reference)?{CONNECTIVE}{TOKEN}", True),
            (rf"(?<![\w/-]){spoken} {TOKEN}", False),
        ):
            for found in re.finditer(pattern, text, re.I):
                value = clean(found[1])
                acts = not sure and not ends_clause(found[1]) and ACTS.match(text[found.end() :])
                if acceptable(value, wanted, sure) and not acts:
                    values.unsure |= {wanted.name} if not sure and not is_value(value) else set()
                    return value
        for found in re.finditer(rf"{TOKEN} {spoken}(?![\w/-])", text, re.I):
            value = clean(found[1])
            if is_value(value) and acceptable(value, wanted, True) and not ends_clause(found[1]):
                return value
    return None


def ends_clause(token: str) -> bool:
    return token.rstrip("'\"`").endswith((",", ".", ";", ":", ")"))


def acceptable(value: str, wanted: Input, sure: bool) -> bool:
    """Whether a word can be the value: not a word of the sentence, and of the form the input has."""
    if not value or value.lower() in STOP or len(value) > 200:
        return False
    if wanted.name in SUBJECTS and wanted.name != "dashboard_uid" and value.isdigit():
        return False
    if wanted.name in PATHS:
        return "/" in value or sure or is_value(value)
    if is_value(value):
        return sure or "/" not in value or wanted.name == "package_name"
    if mentions(value) and not sure:
        return False
    return value[0].isalnum() and (
        sure or value.islower() or (value.isdigit() is False and value[0].islower())
    )


# Words of any sentence, which are a choice only where one is made.
EVERYDAY = ("full", "stable", "beta", "default")
CHOSEN = r"\b(?:on|use|using|with) (?:the )?"


def one_of(text: str, wanted: Input, values: Values) -> Any:
    """One of the allowed values by name, or a word in their place that is not allowed."""
    if {str(choice) for choice in wanted.allowed} == {"true", "false"}:
        return switched(text, wanted)
    spoken = "|".join(re.escape(cue) for cue in cues(wanted))
    near = {
        str(choice)
        for choice in wanted.allowed
        if re.search(
            rf"(?<![\w.-]){re.escape(str(choice))}(?![\w-]) (?:{spoken})\b|\b(?:{spoken})(?:{CONNECTIVE}| "
            rf"){re.escape(str(choice))}(?![\w-])",
            text,
            re.I,
        )
    }
    # "A full run": the everyday words among the choices need their noun.
    near |= {
        str(choice)
        for choice in wanted.allowed
        if "suite" in wanted.name
        and re.search(rf"(?<![\w.-]){re.escape(str(choice))} (?:\w+ )?(?:run|suite|tests?)\b", text, re.I)
    }
    anywhere = {
        str(choice)
        for choice in wanted.allowed
        if re.search(
            rf"{'' if str(choice) not in EVERYDAY else CHOSEN}(?<![\w.-]){re.escape(str(choice))}(?![\w-]| (?:version|template|of|release))",
            text,
            re.I,
        )
    }
    for found in (near, anywhere):
        if len(found) == 1:
            return found.pop()
    if len(near or anywhere) > 1:
        return " or ".join(sorted(near or anywhere))
    peers = [
        peer
        for peer, name in PEERS.items()
        if name == wanted.name and re.search(rf"\b(?:with|using|use|by|on) (?:the |a )?{peer}\b", text, re.I)
    ]
    if peers:
        return peers[0]
    return by_cue(text, wanted, values) if not near and not anywhere else None


def by_elimination(
    text: str, wanted: Mapping[str, Input], values: Values, known: set[str], groups: Iterable[Any]
) -> None:
    """What is called by nothing but its form: the one path is the image, the one own name is the subject."""
    free = [token for token in own_names(text) if token not in values.used and token not in known]
    paths = [token for token in free if "/" in token and not token.startswith("@")]
    open_paths = [name for name in PATHS if name in wanted and not is_settled(name, values)]
    # A path belongs to the input that needs one, before one that has a default.
    open_paths = [name for name in open_paths if wanted[name].required] or open_paths
    if len(paths) == 1 and len(open_paths) == 1:
        values.take(wanted[open_paths[0]], paths[0])
    free = [token for token in free if token not in values.used]
    subjects.take(wanted, text, values, free, groups, known)
    the_last(text, wanted, values, [token for token in free if token not in values.used])


def the_last(text: str, wanted: Mapping[str, Input], values: Values, free: list[str]) -> None:
    """The one name that is left, in a place where things are named, for the one input that is still open."""
    still = [entry for entry in wanted.values() if entry.required and entry.default is None
             and not is_settled(entry.name, values)]  # fmt: skip
    free = [token for token in free if re.search(r"[A-Za-z]", token[:1])]
    if len(still) != 1 or len(free) != 1 or still[0].allowed or still[0].name not in BY_REST:
        return
    if re.search(rf"\b(?:in|into|against|on|to|from) {re.escape(free[0])}(?![\w/-])", text):
        values.take(still[0], free[0])
        values.remarks.append(f"“{free[0]}” is read as the {' '.join(cues(still[0])[0].split('_'))}")


def own_names(text: str) -> list[str]:
    """Words that are somebody's own names, in order, each once."""
    hits = re.finditer(rf"(?<!\S){TOKEN}|(?<=[(\"'`]){TOKEN}", text)
    found = (clean(hit[1] or hit[2]) for hit in hits if hit[1] or hit[2])
    # `repo=shop/cart` names shop/cart.
    bare = (re.sub(r"^[a-z_]+=(?=.)", "", token) for token in found)
    return list(dict.fromkeys(token for token in bare if is_value(token)))
