"""Reads the values of a template's inputs from a request. A value is taken from the words or not at all."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from templates_catalog.authoring import names
from templates_catalog.authoring.words import CONNECTIVE, NUMBERS, STOP, TOKEN, clean, number_of
from templates_catalog.inputs import Input
from templates_catalog.vocabulary import is_value, mentions

# How people call the usual inputs. An input that is not here is called by the words of its name.
CUES: dict[str, tuple[str, ...]] = {
    "service_ref": ("service", "microservice", "component", "job", "app", "gateway", "consumer"),
    "image_repo": (
        "image repository", "image repo", "docker image", "container image", "image name", "image", "registry path",
    ),
    "terraform_dir": ("terraform folder", "terraform directory", "folder", "directory", "dir", "path", "code in"),
    "workspace": ("workspace",),
    "bucket": ("bucket",),
    "function_name": ("function", "lambda", "lambda function"),
    "package_name": ("package", "library", "artifact", "cli", "tool", "module", "jar"),
    "topic": ("topic", "kafka topic"),
    "bundle_id": ("bundle id", "bundle identifier", "bundle", "application id", "app id"),
    "model_name": ("model",),
    "dag_id": ("dag id", "dag"),
    "chart_name": ("helm chart", "chart"),
    "namespace": ("namespace", "ns"),
    "db_instance": ("database instance", "db instance", "instance", "database", "db"),
    "changelog_path": ("changelog path", "changelog", "change log"),
    "repo_name": ("code repository", "repository", "repo", "git repo"),
    "target_host": ("host group", "target hosts", "target host", "group of hosts", "hosts", "host", "servers", "inventory"),
    "dashboard_uid": ("dashboard uid", "dashboard", "uid"),
    "slack_channel": ("slack channel", "channel"),
    "infra_ref": ("infrastructure definition", "infrastructure", "infra", "cluster"),
    "environment_ref": ("environment", "env"),
    "approver_group": ("approver group", "approvers", "approver"),
    "memory_mb": ("memory",),
    "replicas": ("replicas", "replica", "instances", "copies", "pods"),
    "canary_percent": ("canary percent", "percent", "per cent", "%"),
    "schedule": ("cron expression", "schedule", "cron"),
    "region": ("aws region", "cloud region", "region"),
    "build_tool": ("build tool",),
    "test_suite": ("test suite", "suite"),
    "rust_channel": ("rust channel", "channel", "toolchain"),
    "gpu": ("gpu", "gpus", "gpu pool"),
}  # fmt: skip
RUNTIMES = {
    "jdk": ("jdk", "java", "jvm", "openjdk"),
    "node": ("node.js", "nodejs", "node js", "node"),
    "python": ("python", "py"),
    "go": ("golang", "go"),
    "dotnet": (".net core", ".net sdk", ".net", "dotnet", "dot net"),
    "ruby": ("ruby",),
    "php": ("php",),
}
# What the first required input of these names is about, so that "called X" means it.
SUBJECTS = (
    "service_ref", "function_name", "package_name", "model_name", "dag_id", "dashboard_uid", "db_instance", "bundle_id",
)  # fmt: skip
PATHS = ("image_repo", "terraform_dir", "changelog_path")
PEERS = {
    "maven": "build_tool",
    "gradle": "build_tool",
    "ant": "build_tool",
    "bazel": "build_tool",
    "sbt": "build_tool",
}
PLACES = {
    "frankfurt": "eu-central-1", "ireland": "eu-west-1", "dublin": "eu-west-1", "london": "eu-west-2",
    "paris": "eu-west-3", "stockholm": "eu-north-1", "virginia": "us-east-1", "ohio": "us-east-2",
    "oregon": "us-west-2", "tokyo": "ap-northeast-1", "singapore": "ap-southeast-1", "sydney": "ap-southeast-2",
}  # fmt: skip
REGION = re.compile(
    r"\b[a-z]{2}(?:-gov)?-(?:north|south|east|west|central|northeast|southeast|northwest|southwest)-\d\b",
    re.I,
)
CRON = re.compile(r"(?<![\w*/.-])((?:[\d*][\d*/,\-]*\s+){4}[\d*A-Za-z][\d*/,\-A-Za-z]*)(?![\w*/-])")
CLOCK = re.compile(
    r"\bat (\d{1,2})(?::(\d{2}))?\s*(am|pm|o'clock|in the morning|in the afternoon|in the evening|at night)?\b",
    re.I,
)
WEEKDAYS = ("sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday")
BUNDLE = re.compile(r"(?<![\w.])(?:[a-z][\w-]*\.){2,}[A-Za-z][\w-]*(?![\w.]*/)")
PACKAGE = re.compile(r"(?<![\w/])@[a-z0-9][\w.-]*/[a-z0-9][\w.-]*")


@dataclass
class Values:
    """What was read: fitting values, values that do not fit with the reason, and remarks on how words were taken."""

    given: dict[str, Any] = field(default_factory=dict)
    invalid: dict[str, tuple[Any, str]] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)
    used: set[str] = field(default_factory=set)

    def take(self, wanted: Input, value: Any) -> None:
        if wanted.name in self.given or wanted.name in self.invalid:
            return
        self.used.add(str(value))
        objection = wanted.objection(value)
        if objection:
            self.invalid[wanted.name] = (value, objection)
        else:
            self.given[wanted.name] = fitted(wanted, value)


def fitted(wanted: Input, value: Any) -> Any:
    """The value in the type the input declares, in the spelling it allows."""
    for choice in wanted.allowed:
        if str(choice).lower() == str(value).lower():
            return choice
    if wanted.type == "Number":
        number = float(value)
        return int(number) if number.is_integer() else number
    return value


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
    known   identifiers that name something else (templates, environments, infrastructure) and are never a service
    eliminate  also take a name nothing else explains as what the request is about
    """
    values = Values()
    for entry in wanted.values():
        found = special(text, entry, groups, values)
        if found is None:
            found = assigned(text, entry) or by_cue(text, entry)
        if found is not None:
            values.take(entry, found)
    if eliminate:
        by_elimination(text, wanted, values, set(known))
    return values


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
    if name == "approver_group":
        return approver(text, groups, values)
    if name == "slack_channel":
        found = re.search(r"(?<![\w&/])#[a-z0-9_-]+", text)
        return found[0] if found else None
    if name == "bundle_id":
        found = BUNDLE.search(text)
        return found[0] if found else None
    if name == "package_name" and PACKAGE.search(text):
        return PACKAGE.search(text)[0]  # type: ignore[index]
    return one_of(text, wanted) if wanted.allowed else None


def cues(wanted: Input) -> tuple[str, ...]:
    spoken = wanted.name.replace("_", " ")
    short = re.sub(r" (ref|name|id|repo|dir|path|uid)$", "", spoken)
    return tuple(dict.fromkeys((*CUES.get(wanted.name, ()), spoken, short)))


def assigned(text: str, wanted: Input) -> str | None:
    """`image_repo: shop/cart` or `image_repo=shop/cart`."""
    found = re.search(rf"(?<![\w-]){re.escape(wanted.name)}\s*(?:=|:|is)\s*{TOKEN}", text)
    return clean(found[1]) if found else None


def by_cue(text: str, wanted: Input) -> str | None:
    """The word that stands where a value of this input is said."""
    for cue in sorted(cues(wanted), key=len, reverse=True):
        spoken = re.escape(cue).replace(r"\ ", r"[ _-]")
        for pattern, sure in (
            (rf"(?<![\w/-]){spoken}s?(?: name| id| ref| reference)?{CONNECTIVE}{TOKEN}", True),
            (rf"(?<![\w/-]){spoken} {TOKEN}", False),
        ):
            for found in re.finditer(pattern, text, re.I):
                value = clean(found[1])
                if acceptable(value, wanted, sure):
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
    if wanted.name in PATHS:
        return "/" in value or sure or is_value(value)
    if is_value(value):
        return sure or "/" not in value or wanted.name == "package_name"
    if mentions(value) and not sure:
        return False
    return value[0].isalnum() and (
        sure or value.islower() or (value.isdigit() is False and value[0].islower())
    )


def version(text: str, wanted: Input) -> str | None:
    """The number behind the runtime's name: JDK 17, Python 3.13, .NET 9; two different ones are no answer."""
    runtime = wanted.name.removesuffix("_version")
    spoken = "|".join(
        re.escape(cue) for cue in (*RUNTIMES.get(runtime, (runtime,)), wanted.name.replace("_", " "))
    )
    pattern = rf"(?<![\w.])(?:{spoken})[ -]?(?:version|v)?[ :=]*(?:is )?v?(\d+(?:\.\d+)*)(?![\w%/])(?! (?:replicas|percent|instances|pods|mb))"
    found = {hit[1] for hit in re.finditer(pattern, text, re.I)}
    if len(found) != 1:
        return None
    (number,) = found
    same = [str(c) for c in wanted.allowed if same_version(str(c), number)]
    return same[0] if len(same) == 1 else number


def same_version(allowed: str, said: str) -> bool:
    """8 and 8.0 are one version; 3.12 and 3.1 are not, nor are 17 and 17.0.2."""
    first, second = allowed.split("."), said.split(".")
    longest = max(len(first), len(second))
    return first + ["0"] * (longest - len(first)) == second + ["0"] * (longest - len(second))


def number(text: str, wanted: Input) -> Any:
    figure = rf"(\d+(?:\.\d+)?|{NUMBERS})"
    if "mb" in wanted.name.split("_"):
        found = re.search(rf"{figure}\s*(gb|gib|mb|mib|gigs?|megs?|gigabytes?|megabytes?)\b", text, re.I)
        if found:
            amount = number_of(found[1])
            return int(amount * 1024) if found[2].lower().startswith("g") else number_of(found[1])
    for cue in cues(wanted):
        spoken = re.escape(cue)
        edge = "" if cue == "%" else r"(?!\w)"
        found = re.search(rf"{figure}[ -]?{spoken}{edge}", text, re.I) or re.search(
            rf"(?<!\w){spoken}(?:\s*(?:=|:|is|of|to|at|count))*\s*{figure}(?![\w.])", text, re.I
        )
        if found:
            return number_of(found[1])
    return None


def schedule(text: str, values: Values) -> str | None:
    found = CRON.search(text)
    if found:
        return " ".join(found[1].split())
    clock = CLOCK.search(text)
    rhythm = re.search(
        r"\b(nightly|daily|every (?:night|day|morning|evening)|each (?:night|day)|weekly|every (\w+day)s?|on (\w+day)s)\b",
        text,
        re.I,
    )
    if re.search(r"\b(hourly|every hour|each hour)\b", text, re.I) and not clock:
        values.remarks.append("“hourly” is read as the cron expression 0 * * * *")
        return "0 * * * *"
    if not clock or not rhythm:
        return None
    return clock_cron(clock, rhythm, values)


def clock_cron(clock: re.Match[str], rhythm: re.Match[str], values: Values) -> str | None:
    hour, minute, half = int(clock[1]), int(clock[2] or 0), (clock[3] or "").lower()
    if half in ("pm", "in the afternoon", "in the evening") and hour < 12:
        hour += 12
    if half == "am" and hour == 12:
        hour = 0
    day = (rhythm[2] or rhythm[3] or "").lower()
    weekday = str(WEEKDAYS.index(day)) if day in WEEKDAYS else "*"
    if hour > 23 or minute > 59 or (rhythm[0].lower() == "weekly" and weekday == "*"):
        return None
    said = f"{minute} {hour} * * {weekday}"
    values.remarks.append(f"“{rhythm[0]} … {clock[0]}” is read as the cron expression {said}")
    return said


def region(text: str, values: Values) -> str | None:
    found = REGION.search(text)
    if found:
        return found[0].lower()
    named = [place for place in PLACES if re.search(rf"\b{place}\b", text, re.I)]
    if len(named) != 1:
        return None
    values.remarks.append(f"{named[0].capitalize()} is read as the region {PLACES[named[0]]}")
    return PLACES[named[0]]


def approver(text: str, groups: Iterable[Any], values: Values) -> str | None:
    """The group named together with approving; a name that is no group is pointed out."""
    said = names.approving(text, list(groups))
    if said.unknown:
        values.invalid["approver_group"] = (said.unknown, "is not a user group I know")
    return said.group


def one_of(text: str, wanted: Input) -> Any:
    """One of the allowed values by name, or a word in their place that is not allowed."""
    if {str(choice) for choice in wanted.allowed} == {"true", "false"}:
        return switched(text, wanted)
    spoken = "|".join(re.escape(cue) for cue in cues(wanted))
    near = {
        str(choice)
        for choice in wanted.allowed
        if re.search(
            rf"(?<![\w.-]){re.escape(str(choice))}(?![\w-]) (?:{spoken})\b|\b(?:{spoken})(?:{CONNECTIVE}| ){re.escape(str(choice))}(?![\w-])",
            text,
            re.I,
        )
    }
    anywhere = {
        str(choice)
        for choice in wanted.allowed
        if str(choice) not in ("full", "stable", "beta", "default")
        and re.search(rf"(?<![\w.-]){re.escape(str(choice))}(?![\w-])", text, re.I)
    }
    for found in (near, anywhere):
        if len(found) == 1:
            return found.pop()
    peers = [
        peer
        for peer, name in PEERS.items()
        if name == wanted.name and re.search(rf"\b(?:with|using|use|by|on) {peer}\b", text, re.I)
    ]
    if peers:
        return peers[0]
    return by_cue(text, wanted) if not near and not anywhere else None


def switched(text: str, wanted: Input) -> str | None:
    """A yes or no input that is mentioned at all is yes, unless it is denied."""
    spoken = "|".join(re.escape(cue) for cue in cues(wanted))
    if re.search(rf"\b(?:without|no|not on|not use|don't use)(?: an?| the| any)? (?:{spoken})\b", text, re.I):
        return "false"
    return "true" if re.search(rf"\b(?:{spoken})\b", text, re.I) else None


def by_elimination(text: str, wanted: Mapping[str, Input], values: Values, known: set[str]) -> None:
    """What is called by nothing but its form: the one path is the image, the one own name is the subject."""
    free = [token for token in own_names(text) if token not in values.used and token not in known]
    paths = [token for token in free if "/" in token and not token.startswith("@")]
    open_paths = [
        name for name in PATHS if name in wanted and wanted[name].required and not is_settled(name, values)
    ]
    if len(paths) == 1 and len(open_paths) == 1:
        values.take(wanted[open_paths[0]], paths[0])
    subject = next((name for name in SUBJECTS if name in wanted and not is_settled(name, values)), None)
    if subject is None or any(name in values.given for name in SUBJECTS):
        return
    called = re.search(rf"\b(?:called|named|name is|name it|call it) {TOKEN}", text, re.I)
    if called and clean(called[1]).lower() not in STOP:
        values.take(wanted[subject], clean(called[1]))
        return
    plain = [token for token in free if re.fullmatch(r"[A-Za-z][A-Za-z0-9]*(?:[_-][A-Za-z0-9]+)+", token)]
    # Ordinary words have hyphens (on-call), none has an underscore.
    for names_left in ([token for token in plain if "_" in token], plain):
        if len(names_left) == 1 and not mentions(names_left[0]):
            values.take(wanted[subject], names_left[0])
            return


def is_settled(name: str, values: Values) -> bool:
    return name in values.given or name in values.invalid


def own_names(text: str) -> list[str]:
    """Words that are somebody's own names, in order, each once."""
    found = (clean(hit[1]) for hit in re.finditer(rf"(?<!\S){TOKEN}|(?<=[(\"'`]){TOKEN}", text) if hit[1])
    return list(dict.fromkeys(token for token in found if is_value(token)))
