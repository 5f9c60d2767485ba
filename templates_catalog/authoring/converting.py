"""Wishes to have the same done another way: from a template, on the build farm, to another registry, by another log-in."""

from __future__ import annotations

import re
from typing import Any

from templates_catalog.authoring import locating, pieces
from templates_catalog.authoring.context import Context, Option
from templates_catalog.authoring.edits import Edit, Remove, SetValue
from templates_catalog.authoring.locating import Node
from templates_catalog.authoring.words import TOKEN, clean
from templates_catalog.documents import paths
from templates_catalog.filling import plain_copy
from templates_catalog.vocabulary import is_value

IDENTITY = ("identifier", "name", "description", "tags")
PUSHES = {
    "BuildAndPushGCR": (r"\bgcr\b|gcr\.io", ("host", "projectID", "imageName"), "Gcp"),
    "BuildAndPushGAR": (r"\bgar\b|\bartifact registry\b|pkg\.dev", ("host", "projectID", "imageName"), "Gcp"),
    "BuildAndPushECR": (r"\becr\b|\.dkr\.ecr\.", ("region", "account", "imageName"), "Aws"),
    "BuildAndPushACR": (r"\bacr\b|azurecr\.io", ("repository",), "Azure"),
    "BuildAndPushDockerRegistry": (r"\bdocker hub\b|\bdockerhub\b|\bharbor\b|\bdocker registry\b", ("repo",), "DockerRegistry"),
}  # fmt: skip
HOST = re.compile(r"(?<![\w./])(?:[a-z0-9-]+\.)*(?:gcr\.io|pkg\.dev|azurecr\.io)(?![\w.]*\w/)", re.I)


def read(text: str, context: Context) -> list[Option]:
    """Every conversion the sentence, or the objection, can mean."""
    return [
        *from_template(text, context),
        *onto_farm(text, context),
        *to_registry(text, context),
        *kinds(text, context),
        *http_calls(text, context),
        *verified(text, context),
        *moved_repository(text, context),
    ]


def from_template(text: str, context: Context) -> list[Option]:
    """Stages built from the template that is named, with their service and environment as its inputs."""
    if not re.search(
        r"\btemplate\b|\bbuilt from\b|\bbuild (?:it |them )?from\b", f"{text} {context.messages}", re.I
    ):
        return []
    said = [
        clean(hit[1]) for hit in re.finditer(TOKEN, f"{text} {locating.QUOTED.sub(' ', context.messages)}")
    ]
    named = next((word for word in said if re.fullmatch(r"(?:account\.|org\.)?[A-Za-z]\w*_\w+", word)), "")
    stages = [stage for stage in context.blamed_stages if stage.type and "template" not in stage.value]
    if not named or not stages:
        return []
    version = re.search(r"(?<![\w.])v?(\d+\.\d+\.\d+(?:-[\w.]+)?)(?![\w.]*\w)", text)
    label = {"versionLabel": version[1]} if version else {}
    refs = [named] if "." in named else [f"account.{named}", f"org.{named}", named]
    options = []
    for rank, ref in enumerate(refs):
        for number, typed in enumerate((False, True)):
            edits = tuple(SetValue(stage.path, linked(stage, ref, typed, label)) for stage in stages)
            options.append(Option(edits, 8 - 0.4 * rank - 0.2 * number))
    return options


def linked(stage: Node, ref: str, typed: bool, label: dict[str, str]) -> dict[str, Any]:
    """The stage as a link to a template; `typed`: inputs as variables rather than as a tree."""
    body = {key: plain_copy(stage.value[key]) for key in IDENTITY if key in stage.value}
    spec = stage.value.get("spec") or {}
    if typed:
        given = {
            "service_ref": paths.find(spec, "service.serviceRef"),
            "environment_ref": paths.find(spec, "environment.environmentRef"),
            "infra_ref": paths.find(spec, "environment.infrastructureDefinitions[0].identifier"),
        }
        rows = [pieces.input_row(name, "String", value) for name, value in given.items() if value]
        return {**body, "template": {"templateRef": ref, **label, "templateInputs": {"variables": rows}}}
    tree = {key: plain_copy(spec[key]) for key in ("service", "environment") if key in spec}
    return {
        **body,
        "template": {"templateRef": ref, **label, "templateInputs": {"type": stage.type, "spec": tree}},
    }


def onto_farm(text: str, context: Context) -> list[Option]:
    """Builds moved from a hosted runner onto a cluster of one's own."""
    stages = [s for s in context.blamed_stages if s.type in ("CI", "SecurityTests") and is_hosted(s)]
    told = f"{text} {context.whole} {context.messages}"
    if not stages or not re.search(
        r"\bfarm\b|\bcluster\b|\bnamespace\b|\bown\b|\bkubernetes\b|\brunners?\b", told, re.I
    ):
        return []
    known = next(
        (found for s in context.document.stages if (found := paths.find(s.value, "spec.infrastructure"))
         and s.type in ("CI", "SecurityTests")), None,
    )  # fmt: skip
    spec = plain_copy(known) if known else {"type": "KubernetesDirect", "spec": {"os": "Linux"}}
    namespace = re.search(
        rf"\bnamespaces? {TOKEN}|\bin (?:the )?{TOKEN} namespace\b|\bin (ci[\w-]+)", told, re.I
    )
    connector = next(
        (c for c in context.facts.connectors if re.search(rf"\b{re.escape(c.identifier)}\b", told)), None
    )
    if namespace:
        spec["spec"]["namespace"] = clean(next(group for group in namespace.groups() if group))
    if connector:
        spec["spec"]["connectorRef"] = pieces.scoped_group(
            connector.identifier, {connector.identifier: connector.scope}
        )
    for key in ("connectorRef", "namespace"):
        spec["spec"].setdefault(key, pieces.OPEN_INPUT)
    edits: list[Edit] = []
    for stage in stages:
        edits.append(Remove(f"{stage.path}.spec.runtime", f"the hosted runner of “{stage.name}”"))
        edits.append(SetValue(f"{stage.path}.spec.infrastructure", spec))
    return [Option(tuple(edits), 8)]


def is_hosted(stage: Node) -> bool:
    return paths.find(stage.value, "spec.runtime.type") is not None


def to_registry(text: str, context: Context) -> list[Option]:
    """Push steps for one registry turned into push steps for another; what cannot be known is asked at run."""
    kind = next((name for name, row in PUSHES.items() if re.search(row[0], text, re.I)), "")
    kind = kind or next(
        (name for name, row in PUSHES.items() if re.search(row[0], context.messages, re.I)), ""
    )
    steps = [n for n in context.blamed if n.type.startswith("BuildAndPush") and n.type != kind]
    if not kind or not steps:
        return []
    edits = tuple(SetValue(step.path, pushed(step, kind, text, context)) for step in steps)
    return [Option(edits, 7.5)]


def pushed(step: Node, kind: str, text: str, context: Context) -> dict[str, Any]:
    """The step as one of another push type, filled from the document, the sentence and what is known."""
    _, fields, connector_type = PUSHES[kind]
    other = next((s.value.get("spec") or {} for s in context.document.steps if s.type == kind), {})
    old = step.value.get("spec") or {}
    image = str(old.get("imageName") or old.get("repo") or old.get("repository") or pieces.OPEN_INPUT)
    host = HOST.search(f"{text} {context.messages}")
    connectors = [c for c in context.facts.connectors if c.type == connector_type]
    spec: dict[str, Any] = {"connectorRef": other.get("connectorRef", pieces.OPEN_INPUT)}
    if "connectorRef" not in other and len(connectors) == 1:
        spec["connectorRef"] = pieces.scoped_group(
            connectors[0].identifier, {connectors[0].identifier: connectors[0].scope}
        )
    for name in fields:
        spec[name] = other.get(name, pieces.OPEN_INPUT)
    if "host" in spec and host:
        spec["host"] = host[0]
    said = f"{context.whole or text}"
    for name, words in (("projectID", "project(?: id)?"), ("connectorRef", "connector"), ("region", "region"),
                        ("account", "account(?: id| number)?"), ("repository", "repository"), ("repo", "repo(?:sitory)?")):  # fmt: skip
        hit = (
            re.search(rf"\b{words}(?: is| =|:|=| called| named)? {TOKEN}", said, re.I)
            if name in spec
            else None
        )
        if hit and (is_value(clean(hit[1])) or re.search(r"\d", hit[1])):
            spec[name] = clean(hit[1])
    name = {"BuildAndPushDockerRegistry": "repo", "BuildAndPushACR": "repository"}.get(kind, "imageName")
    spec[name] = image.rsplit("/", 1)[-1] if name == "imageName" else image
    kept = {
        key: plain_copy(value)
        for key, value in old.items()
        if key in ("tags", "dockerfile", "context", "buildArgs", "labels")
    }
    return {**plain_copy(step.value), "type": kind, "spec": {**spec, **kept}}


URL = re.compile(r"https?://[^\s`'\",;()]+")


def http_calls(text: str, context: Context) -> list[Option]:
    """A script that only calls an address, turned into a step for that."""
    url = URL.search(text)
    steps = [
        n for n in context.blamed if n.kind == "step" and n.type in ("ShellScript", "Run", "Command", "Email")
    ]
    if (
        not url
        or not steps
        or not re.search(r"\bhttp (?:check|call|step|request)\b|\bhttp\b.*\binstead\b", text, re.I)
    ):
        return []
    spec = {"url": clean(url[0]), "method": "GET", "headers": [], "outputVariables": []}
    edits = tuple(
        SetValue(step.path, {**plain_copy(step.value), "type": "Http", "spec": spec}) for step in steps
    )
    return [Option(edits, 8)]


def verified(text: str, context: Context) -> list[Option]:
    """A script that checks a deployment, turned into the step that is there for that."""
    steps = [
        n for n in context.blamed if n.kind == "step" and n.type in ("ShellScript", "Run", "Command", "Http")
    ]
    if not steps or not re.search(
        r"\b(?:by|with|into|to) an? verif(?:y|ication)\b(?: step)?|\bverif(?:y|ication)(?: step)? instead\b",
        text,
        re.I,
    ):
        return []
    edits = tuple(
        SetValue(s.path, {**plain_copy(s.value), "type": "Verify", "spec": {"type": "Auto"}}) for s in steps
    )
    return [Option(edits, 8)]


def moved_repository(text: str, context: Context) -> list[Option]:
    """The same repository, or the one that is named, below the address that the objection gives."""
    at = f"{context.document.root}.spec.url"
    held = paths.find(context.document.value, at)
    base = URL.search(context.messages)
    if context.document.root != "entity" or not isinstance(held, str) or not base:
        return []
    if not re.search(r"\borg(?:ani[sz]ation)?\b|\bours?\b|\bpoint\b|\brepo\w*\b", text, re.I) or URL.search(
        text
    ):
        return []
    named = re.search(rf"\brepo(?:sitory)?(?: is| called| named|:)? {TOKEN}", context.whole or text, re.I)
    name = clean(named[1]) if named and is_value(clean(named[1])) else held.rstrip("/").rsplit("/", 1)[-1]
    return [Option((SetValue(at, f"{clean(base[0]).rstrip('/')}/{name}", held),), 8.5)]


def kinds(text: str, context: Context) -> list[Option]:
    """How a connector logs in: the keys of the old way go with it."""
    ways = (
        ("Irsa", r"\birsa\b|\bservice account role"), ("InheritFromDelegate", r"\binherit\w*\b|\bfrom the "
                                                                              r"delegate\b|\bdelegate'?s?\b"),
        ("OidcAuthentication", r"\boidc\b|\bopenid\b"), ("ServiceAccount", r"\bservice "
                                                                           r"account\b"), ("ClientKeyCert",
                                                                           r"\bclient (?:key|cert)"),
    )  # fmt: skip
    way = next((name for name, pattern in ways if re.search(pattern, text, re.I)), "")
    spec = context.document.body.get("spec")
    if not way or not isinstance(spec, dict):
        return []
    options = []
    at = f"{context.document.root}.spec.credential"
    credential = spec.get("credential")
    if isinstance(credential, dict):
        inner = credential.get("spec")
        nested = isinstance(inner, dict) and isinstance(inner.get("auth"), dict)
        edits: list[Edit] = [SetValue(f"{at}.type", way, credential.get("type"))]
        if "spec" in credential and way in ("Irsa", "InheritFromDelegate", "OidcAuthentication"):
            edits.append(Remove(f"{at}.spec", "the old credentials"))
        options.append(Option(tuple(edits), 8))
        if nested:
            options.append(Option((SetValue(f"{at}.spec.auth", {"type": way, "spec": {}}),), 6))
    return options
