"""Values with a form of their own: versions, numbers, cron, regions, groups, yes or no; and how inputs are
called."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from templates_catalog.authoring import names
from templates_catalog.authoring.schedules import schedule as schedule
from templates_catalog.authoring.words import NUMBERS, TOKEN, clean, number_of
from templates_catalog.catalogue import LANGUAGE_OF
from templates_catalog.inputs import Input
from templates_catalog.vocabulary import closure, is_value, mentions

# How people call the usual inputs. An input that is not here is called by the words of its name.
CUES: dict[str, tuple[str, ...]] = {
    "service_ref": ("service", "microservice", "component", "job", "app", "gateway", "consumer", "svc"),
    "image_repo": (
        "image repository", "image repo", "docker image", "container "
                                                          "image", "image name", "image", "registry path",
    ),
    "terraform_dir": ("terraform folder", "terraform "
                                          "directory", "folder", "directory", "dir", "path", "code in"),
    "workspace": ("workspace", "ws"),
    "bucket": ("bucket",),
    "function_name": ("function", "lambda", "lambda function"),
    "package_name": ("package", "library", "artifact", "cli", "tool", "module", "jar"),
    "topic": (
        "topic", "kafka topic", "reads from", "reads", "reading", "listens to", "listening to", "subscribes to",
        "subscribed to", "consumes", "consuming",
    ),
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
    "canary_percent": ("canary percent", "percent", "per cent", "%", "share"),
    "consumer_group": ("consumer group", "group id", "group"),
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


PEERS = {
    "maven": "build_tool",
    "gradle": "build_tool",
    "ant": "build_tool",
    "bazel": "build_tool",
    "sbt": "build_tool",
    "nightly": "rust_channel",
}


PLACES = {
    "frankfurt": "eu-central-1", "ireland": "eu-west-1", "dublin": "eu-west-1", "london": "eu-west-2",
    "paris": "eu-west-3", "stockholm": "eu-north-1", "virginia": "us-east-1", "ohio": "us-east-2",
    "oregon": "us-west-2", "tokyo": "ap-northeast-1", "singapore": "ap-southeast-1", "sydney":
    "ap-southeast-2",
}  # fmt: skip


REGION = re.compile(
    r"\b[a-z]{2}(?:-gov)?[- ](?:north|south|east|west|central|northeast|southeast|northwest|southwest)[- ]\d\b",
    re.I,
)


BUNDLE = re.compile(r"(?<![\w.])(?:[a-z][\w-]*\.){2,}[A-Za-z][\w-]*(?![\w.]*/)")


PACKAGE = re.compile(r"(?<![\w/])@[a-z0-9][\w.-]*/[a-z0-9][\w.-]*")


@dataclass
class Values:
    """What was read: fitting values, values that do not fit with the reason, and remarks on how words were taken.

    unsure  inputs whose value is a plain word, which may be a word of the sentence
    """

    given: dict[str, Any] = field(default_factory=dict)
    invalid: dict[str, tuple[Any, str]] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)
    used: set[str] = field(default_factory=set)
    unsure: set[str] = field(default_factory=set)

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


def cues(wanted: Input) -> tuple[str, ...]:
    spoken = wanted.name.replace("_", " ")
    short = re.sub(r" (ref|name|id|repo|dir|path|uid)$", "", spoken)
    # `target_schema` is called the schema.
    last = [spoken.split()[-1]] if spoken.startswith("target ") else []
    # "Terraform: …" says nothing of a folder.
    return tuple(
        dict.fromkeys(cue for cue in (*CUES.get(wanted.name, ()), spoken, short, *last) if cue != "terraform")
    )


def amount_cues(wanted: Input) -> tuple[str, ...]:
    """`min_coverage` is said as coverage, `virtual_users` as users."""
    words = [
        w
        for w in wanted.name.split("_")
        if w not in ("min", "max", "least", "most", "count", "number", "percent", "mb", "of")
    ]
    return tuple(dict.fromkeys((" ".join(words), *words[-1:]))) if words else ()


def version(text: str, wanted: Input) -> str | None:
    """The number behind the runtime's name: JDK 17, Python 3.13, .NET 9; two different ones fit nothing."""
    runtime = wanted.name.removesuffix("_version")
    spoken = "|".join(
        re.escape(cue) for cue in (*RUNTIMES.get(runtime, (runtime,)), wanted.name.replace("_", " "))
    )
    pattern = (
        rf"(?<![\w.])(?:{spoken})[ -]?(?:version|v)?[ :=]*(?:is )?[`'\"“]?v?(\d+(?:\.\d+)*)(?![\w%/])(?! "
        rf"(?:replicas|percent|instances|pods|mb))"
    )
    # "Node twenty".
    text = re.sub(
        rf"(?<![\w.])((?:{spoken}) )({NUMBERS})",
        lambda hit: (
            f"{hit[1]}{said}" if (said := str(number_of(hit[2]))) in map(str, wanted.allowed) else hit[0]
        ),
        text,
        flags=re.I,
    )
    found = {hit[1] for hit in re.finditer(pattern, text, re.I)}
    if not found:
        # "17 JDK": only a version there is, for a number in front can count anything.
        ahead = re.finditer(rf"(?<![\w.])v?(\d+(?:\.\d+)*) (?:{spoken})(?!\w)", text, re.I)
        found = {hit[1] for hit in ahead if any(same_version(str(c), hit[1]) for c in wanted.allowed)}
    language = {LANGUAGE_OF.get(wanted.name)}
    if not found and any(language & closure([m.notion]) for m in mentions(text)):
        # A number with a point that is one of the versions can hardly be anything else.
        pointed = re.findall(r"(?<![\w./:-])(\d+\.\d+)(?![\w/-]|\.\w)", text)
        found = {said for said in pointed if said in map(str, wanted.allowed)}
    if len(found) > 1:
        return " or ".join(sorted(found))
    if not found:
        return None
    (number,) = found
    same = [str(c) for c in wanted.allowed if same_version(str(c), number)]
    return same[0] if len(same) == 1 else number


def same_version(allowed: str, said: str) -> bool:
    """8 and 8.0 are one version; 3.12 and 3.1 are not, nor are 17 and 17.0.2."""
    first, second = allowed.split("."), said.split(".")
    longest = max(len(first), len(second))
    return first + ["0"] * (longest - len(first)) == second + ["0"] * (longest - len(second))


PARTS = {"half": 50, "quarter": 25, "fifth": 20, "tenth": 10}
PART = re.compile(
    r"\b(half|an? quarter|one quarter|an? fifth|an? tenth)(?: of)? (?:the |our |all )?(?:traffic|users|requests|load|customers)\b",
    re.I,
)


def number(text: str, wanted: Input) -> Any:
    figure = rf"(-?\d+(?:\.\d+)?|{NUMBERS})"
    if "mb" in wanted.name.split("_"):
        found = re.search(rf"{figure}\s*(gb|gib|mb|mib|gigs?|megs?|gigabytes?|megabytes?)\b", text, re.I)
        if re.search(r"\bhalf an? (?:gb|gig|gigabyte)\b", text, re.I):
            return 512
        if found:
            amount = number_of(found[1])
            return int(amount * 1024) if found[2].lower().startswith("g") else number_of(found[1])
    if "percent" in wanted.name.split("_") and (part := PART.search(text)):
        return PARTS[part[1].lower().split()[-1]]
    for cue in (*cues(wanted), *amount_cues(wanted)):
        if cue.lower() not in text.lower():
            continue
        spoken = re.escape(cue)
        edge = "" if cue == "%" else r"(?!\w)"
        found = re.search(
            rf"{figure}(?: ?%| percent| per cent)?[ -]?(?:\w+ )??{spoken}{edge}", text, re.I
        ) or re.search(
            rf"(?<!\w){spoken}(?:\s*(?:=|:|>=|(?:is|of|to|at|least|most|count|about|up|exactly|limit|should|must|be|has|have|needs?|reach|minimum|min)\b))*\s*{figure}(?![\w.])",
            text,
            re.I,
        )
        if found:
            return number_of(found[1])
    return None


def region(text: str, values: Values) -> str | None:
    found = REGION.search(text)
    if found:
        return found[0].lower().replace(" ", "-")
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


SCANNED = re.compile(
    rf"\b(?:scan|scans|scanning|check) (?:the )?(?:repo |repository |code of )?(?:the )?{TOKEN}", re.I
)


def repository(text: str) -> str | None:
    """What is to be scanned, or what is called a repository by its own name: shop-repo."""
    hit = SCANNED.search(text) or re.search(r"(?<![\w/-])([a-z][\w-]*[_-]repo)(?![\w/-])", text)
    return clean(hit[1]) if hit and is_value(clean(hit[1])) else None


NOT = (
    r"\b(?:without|no|not|never|skip|not on|not use|don'?t use|don'?t|do not|not to)(?: an?| the| any| be)? "
)
OFF = r"(?: (?:is|are|should be|must be|stays?|switched|turned))* (?:off|false|disabled|out)\b"


def switched(text: str, wanted: Input) -> str | None:
    """A yes or no input that is mentioned at all is yes, unless it is denied."""
    spoken = "|".join((*(re.escape(cue) for cue in cues(wanted)), *as_deeds(wanted)))
    if re.search(rf"{NOT}(?:{spoken})\b|\b(?:{spoken}){OFF}", text, re.I):
        return "false"
    return "true" if re.search(rf"\b(?:{spoken})\b", text, re.I) else None


def as_deeds(wanted: Input) -> tuple[str, ...]:
    """`invalidate_cache` is said as "invalidate the cache", `auto_apply` as "apply automatically"."""
    parts = wanted.name.split("_")
    if len(parts) != 2:
        return ()
    first, second = (re.escape(part.removesuffix("e")) for part in parts)
    return rf"{first}\w* (?:the |our |any )?{second}\w*", rf"{second}\w* (?:it |them )?{first}\w*"
