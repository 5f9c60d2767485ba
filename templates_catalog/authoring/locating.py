"""Finds what a request or a violation speaks about: stages, steps and named entries of a document."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from templates_catalog.authoring import names
from templates_catalog.documents import paths, step_types

# Beside the document a policy input carries facts about the request; those are never edited.
NOT_DOCUMENT = frozenset({"metadata", "entityMetadata", "action"})


@dataclass(frozen=True)
class Node:
    """A stage, step, step group or named entry: `path` is its body, `entry` the list item that holds it."""

    kind: str
    path: str
    entry: str
    value: Any
    stage: str = ""
    rollback: bool = False

    @property
    def identifier(self) -> str:
        return str(self.value.get("identifier") or "")

    @property
    def name(self) -> str:
        return str(self.value.get("name") or "")

    @property
    def type(self) -> str:
        return str(self.value.get("type") or "")

    @property
    def label(self) -> str:
        return f"the {self.kind} “{self.name or self.identifier}”"


class Document:
    """A document with an index of its nodes."""

    def __init__(self, value: dict[str, Any], facts: Any) -> None:
        self.value = value
        self.facts = facts
        self.root = next((key for key in value if key not in NOT_DOCUMENT), "")

    @property
    def body(self) -> Any:
        return self.value.get(self.root, {})

    @cached_property
    def nodes(self) -> list[Node]:
        found = list(walk(self.body, self.root, self.root, ""))
        body = self.body
        if self.root == "template" and isinstance(body, dict) and isinstance(body.get("spec"), dict):
            kind = {"Stage": "stage", "Step": "step"}.get(str(body.get("type")))
            if kind:
                found.insert(0, Node(kind, "template.spec", "template.spec", body["spec"], "template.spec"))
                below = [n for n in found[1:] if n.kind in ("step", "group") and not n.stage]
                found = [found[0]] + [
                    Node(n.kind, n.path, n.entry, n.value, "template.spec", n.rollback) if n in below else n
                    for n in found[1:]
                ]
        return found

    @cached_property
    def stages(self) -> list[Node]:
        return [node for node in self.nodes if node.kind == "stage"]

    @cached_property
    def steps(self) -> list[Node]:
        return [node for node in self.nodes if node.kind == "step"]

    def stage_of(self, node: Node) -> Node | None:
        return next((stage for stage in self.stages if stage.path == node.stage), None)

    def environment(self, stage: Node) -> str:
        """The identifier of the environment a stage deploys to, without its scope."""
        spec = stage.value.get("spec") if isinstance(stage.value.get("spec"), dict) else {}
        found = paths.find(spec, "environment.environmentRef") or paths.find(
            spec, "infrastructure.environment.identifier"
        )
        if found is None:
            rows = paths.find(stage.value, "template.templateInputs.variables") or []
            found = next(
                (r.get("value") for r in rows if isinstance(r, dict) and r.get("name") == "environment_ref"),
                None,
            )
        return re.sub(r"^(account|org)\.", "", found) if isinstance(found, str) else ""

    def is_production(self, stage: Node) -> bool:
        if stage.type not in ("Deployment", ""):
            return False
        kind = paths.find(stage.value, "spec.infrastructure.environment.type")
        if kind:
            return bool(kind == "Production")
        environment = self.environment(stage)
        known = next((e.type for e in self.facts.environments if e.identifier == environment), "")
        return known == "Production" if known else names.production_word(environment)

    def leaves(self, path: str = "") -> Iterator[tuple[str, str, Any]]:
        """(path, key, value) of every scalar of the document at or below `path`."""
        waiting = [(path or self.root, "", paths.find(self.value, path or self.root))]
        while waiting:
            at, key, value = waiting.pop(0)
            if isinstance(value, dict):
                waiting = [(paths.join(at, name), name, inner) for name, inner in value.items()] + waiting
            elif isinstance(value, list):
                waiting = [
                    (paths.join(at, number), key, inner) for number, inner in enumerate(value)
                ] + waiting
            else:
                yield at, key, value


def walk(value: Any, path: str, entry: str, stage: str, rollback: bool = False) -> Iterator[Node]:
    """Every named mapping of a document with its kind and place."""
    if isinstance(value, list):
        for number, inner in enumerate(value):
            at = paths.join(path, number)
            if isinstance(inner, dict) and ("identifier" in inner or "name" in inner):
                yield Node("entry", at, at, inner, stage, rollback)
            yield from walk(inner, at, at, stage, rollback)
    elif isinstance(value, dict):
        for key, inner in value.items():
            at = paths.join(path, key)
            kind = {"stage": "stage", "step": "step", "stepGroup": "group", "manifest": "entry"}.get(key, "")
            if kind and isinstance(inner, dict):
                yield Node(kind, at, entry, inner, at if kind == "stage" else stage, rollback)
            below = at if kind == "stage" else stage
            yield from walk(inner, at, entry, below, rollback or key == "rollbackSteps")


QUOTED = re.compile(r"(?<![\w])['‘“\"`]([^'’”\"`]+)['’”\"`](?![\w])")


def quoted(text: str) -> list[str]:
    """What stands in quotes."""
    return QUOTED.findall(text)


def blamed(document: Document, violations: Sequence[Any]) -> list[Node]:
    """The nodes that violations name or point at, steps and entries before the stages that hold them."""
    found: list[Node] = []
    for violation in violations:
        said = {text.strip().lower() for text in quoted(violation.message)}
        called = [n for n in document.nodes if {n.name.lower(), n.identifier.lower()} & said - {""}]
        called = called or [n for n in document.nodes if template_of(n) in said - {""}]
        stages = {node.path for node in called if node.kind == "stage"}
        # "stage 'Deploy prod' uses the step 'Smoke'" is about the Smoke of that stage, not of another.
        inside = [node for node in called if node.kind == "stage" or node.stage in stages]
        found += inside if any(node.kind != "stage" for node in inside) else called
        if violation.path:
            at = violation.path.removeprefix("input.")
            above = [
                node
                for node in document.nodes
                if at == node.path or at.startswith((f"{node.path}.", f"{node.path}["))
            ]
            found += sorted(above, key=lambda node: -len(node.path))[:1]
    unique = list({node.path: node for node in found}.values())
    return sorted(unique, key=lambda node: node.kind == "stage")


def template_of(node: Node) -> str:
    link = node.value.get("template")
    return str(link.get("templateRef", "")).lower() if isinstance(link, dict) else ""


WHAT = (
    (r"\b(?:unit |integration |the )?tests?\b|\btesting\b", lambda n: is_test(n)),
    (r"\b(?:image )?push(?:es|ed|ing)?\b|\bimage is (?:pushed|built)\b|\bbuild and push\b|\bpublish(?:ed|"
     r"es|ing)?\b", lambda n: n.type.startswith("BuildAndPush")),
    (r"\b(?:secret|secrets|leak|leaks|gitleaks) (?:scan\w*|check|detection)\b|"
     r"\bgitleaks\b", lambda n: n.type == "Gitleaks"),
    (r"\b(?:image|container|trivy|grype) scan\w*\b|\bscan\w* the (?:container |docker )?image\b|\btrivy\b|"
     r"\bgrype\b", lambda n: n.type in ("AquaTrivy", "Grype", "PrismaCloud", "AnchoreEnterprise")),
    (r"\bscan(?:s|ner|ning)?\b|\bsast\b|\bsca\b", lambda n: n.type in step_types.SCANNERS),
    (r"\bshell[ -]?(?:scripts?|steps?)\b|\bscripts?\b", lambda n: n.type == "ShellScript"),
    (r"\b(?:e-?mails?|mail)\b", lambda n: n.type == "Email"),
    (r"\bapprov\w+\b|\bgate\b|"
     r"\bsign[- ]?off\b", lambda n: n.type in step_types.APPROVALS or n.type == "Approval"),
    (r"\b(?:roll(?:ing|ed)?[ -]?out|deploy(?:s|ing|ment)?(?: step)?|rollout)\b", lambda n: is_deploy(n)),
    (r"\bhttp (?:step|call|request)s?\b|\bwebhook\b", lambda n: n.type == "Http"),
    (r"\bterraform destroy\b|\bdestroy\b", lambda n: n.type == "TerraformDestroy"),
    (r"\bterraform apply\b|\bapply\b", lambda n: n.type in ("TerraformApply", "K8sApply")),
    (r"\bplugins?\b", lambda n: n.type == "Plugin"),
    (r"\bwait\b|\bpause\b", lambda n: n.type == "Wait"),
)  # fmt: skip


def is_test(node: Node) -> bool:
    if node.kind != "step":
        return False
    if node.type in ("Test", "RunTests", "RunTestsV2"):
        return True
    command = str(paths.find(node.value, "spec.command") or "")
    words = re.split(r"[^a-z]+", f"{node.identifier} {node.name} {command}".lower())
    return node.type == "Run" and bool({"test", "tests", "unit", "pytest", "verify"} & set(words))


def is_deploy(node: Node) -> bool:
    return (node.kind == "step" and node.type in step_types.DEPLOYS and "Rollback" not in node.type) or (
        node.kind == "stage" and node.type == "Deployment"
    )


# Step types whose names are words of any sentence.
EVERYDAY = frozenset(
    "Run Test Wait Policy Verify Queue Barrier Command Container Plugin Background Action Email "
    "Security".split()
)  # fmt: skip


def named(document: Document, text: str) -> list[Node]:
    """The nodes whose identifier, name or type the text says outright; the longest wording first."""
    found: list[tuple[int, Node]] = []
    lowered = text.lower()
    for node in document.nodes:
        spellings = {node.identifier.lower(), node.name.lower(), node.identifier.lower().replace("_", " ")}
        if node.kind == "step" and node.type not in EVERYDAY:
            spellings |= {node.type.lower(), spaced(node.type).lower()}
        for said in spellings - {""}:
            if len(said) > 1 and (stands(said, lowered) or stands(f"{said}s", lowered)):
                found.append((-len(said), node))
                break
    found.sort(key=lambda pair: pair[0])
    return [node for _, node in found]


def exactly(document: Document, text: str) -> list[Node]:
    """The nodes named in full; "Roll two" does not name a step that is called Roll."""
    found = []
    lowered = text.lower()
    for node in sorted(named(document, text), key=lambda n: -len(n.name)):
        places = [at for said in (node.name, node.identifier) if said for at in stands(said.lower(), lowered)]
        if node.name and places:
            found.append(node)
            for start, end in places:
                lowered = lowered[:start] + " " * (end - start) + lowered[end:]
    return found


def stands(said: str, text: str) -> list[tuple[int, int]]:
    """Where words stand in a text, not as a part of others. Looked for letter by letter: a large document has more
    names than patterns are remembered."""
    found = []
    start = text.find(said)
    while start >= 0:
        end = start + len(said)
        if not (is_inner(text[start - 1 : start]) or is_inner(text[end : end + 1])):
            found.append((start, end))
        start = text.find(said, start + 1)
    return found


def is_inner(letter: str) -> bool:
    return letter.isalnum() or letter in ("_", "-")


def spaced(kind: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", kind)


def described(document: Document, text: str) -> list[Node]:
    """The steps and stages that the text describes: "the tests", "the push", "the shell script"."""
    lowered = text.lower()
    for pattern, holds in WHAT:
        if re.search(pattern, lowered):
            found = [node for node in document.nodes if node.kind in ("step", "stage") and holds(node)]
            steps = [node for node in found if node.kind == "step"]
            if found:
                return steps or found
    return []


def spoken_of(document: Document, text: str) -> list[Node]:
    """Everything a piece of text is about: named outright first, then described."""
    return list({node.path: node for node in [*named(document, text), *described(document, text)]}.values())


def stages_spoken_of(document: Document, text: str) -> list[Node]:
    """The stages a text names: by name, by environment, as production, as build."""
    lowered = text.lower()
    by_name = [node for node in named(document, text) if node.kind == "stage"]
    if by_name and re.search(r"\bstages?\b|\bdeploy", lowered):
        exact = [
            n
            for n in by_name
            if stands(n.identifier.lower(), lowered) or (n.name and stands(n.name.lower(), lowered))
        ]
        if exact:
            return exact
    environments = {identifier for _, _, identifier in names.environments(text, document.facts)}
    found = [stage for stage in document.stages if document.environment(stage) in environments - {""}]
    if found:
        return found
    if re.search(r"\b(?:prod|production|live)\b", lowered):
        return [stage for stage in document.stages if document.is_production(stage)]
    if re.search(r"\bbuild(?: stage|s)?\b|\bci\b", lowered):
        return [
            s for s in document.stages if s.type == "CI" and "build" in f"{s.identifier} {s.name}".lower()
        ] or [s for s in document.stages if s.type == "CI"]
    if re.search(r"\bdeploy\w*\b", lowered):
        return [stage for stage in document.stages if stage.type == "Deployment"]
    return by_name
