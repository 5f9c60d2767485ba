"""The elements of a document by collection: the Python side of the library's sets.

An element is its place (the path in the document) and its value.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

Place = tuple[str | int, ...]
Elements = dict[Place, Any]
STAGE_KEYS = frozenset({"spec", "stages", "stage", "parallel", "insert"})
OFF_THE_RUN = frozenset({"rollbackSteps", "template", "templateInputs", "provisioner"})
RESOLVED_TYPES = ("Production", "PreProduction")
ENTITY_ROOTS = (
    "pipeline", "template", "serviceEntity", "environmentEntity", "infrastructureEntity",
    "entity", "secret", "variable", "overrideEntity", "workspace", "gitopsApplication",
    "featureFlag", "token", "apiKey", "serviceAccount",
)  # fmt: skip
SECRET_READ = re.compile(r"""secrets\.getValue\(\s*["']([^"']*)["']""")
EXPRESSION = re.compile(r"<\+([^<>]*)>")


def field(node: Any, path: tuple[str, ...]) -> Any:
    """The value at a path of mappings; None when it is missing or null."""
    for key in path:
        if not isinstance(node, Mapping) or key not in node:
            return None
        node = node[key]
    return node


def entries(node: Any) -> Iterator[tuple[str | int, Any]]:
    """Keys and values of a list or map; nothing of anything else."""
    if isinstance(node, Mapping):
        yield from node.items()
    elif isinstance(node, list):
        yield from enumerate(node)


def walk(node: Any, place: Place = ()) -> Iterator[tuple[Place, Any]]:
    """Every place below a node, itself first; without recursion, so that depth is no danger."""
    waiting: list[tuple[Place, Any]] = [(place, node)]
    while waiting:
        here, value = waiting.pop()
        yield here, value
        waiting.extend(((*here, key), inner) for key, inner in entries(value))


def production_name(ref: Any) -> bool:
    """One of its words is prod or production, and it is not a pre-prod or non-prod one."""
    if not isinstance(ref, str):
        return False
    names = set(re.split(r"[^a-z0-9]+", ref.lower()))
    return bool(names & {"prod", "production", "prd"}) and not names & {"pre", "non", "not"}


class Found:
    """The collections of one input document, each found when it is first asked for."""

    def __init__(self, document: Any) -> None:
        self.input = document

    @cached_property
    def document(self) -> Any:
        """The entity the policy speaks about."""
        for name in ENTITY_ROOTS:
            if isinstance(inner := field(self.input, (name,)), Mapping):
                return inner
        return self.input

    def named(self, name: str) -> Elements:
        """The collection of that name; KeyError when there is none."""
        if name not in COLLECTIONS:
            raise KeyError(f"There is no collection '{name}'; known: {', '.join(COLLECTIONS)}")
        found: Elements = getattr(self, name)
        return found

    @cached_property
    def found(self) -> Elements:
        """Stages, steps and step groups by their place, wherever they are nested."""
        roots: list[tuple[Place, Any]] = []
        if isinstance(stages := field(self.input, ("pipeline", "stages")), list):
            roots.append((("stages",), stages))
        spec = field(self.input, ("template", "spec"))
        if isinstance(spec, Mapping):
            roots.append((("spec",), spec))
        result: Elements = {
            place: node
            for root, top in roots
            for place, node in walk(top, root)
            if place[-1] in ("stage", "step", "stepGroup")
            and len(place) > len(root)
            and isinstance(node, Mapping)
        }
        if isinstance(spec, Mapping) and self._template_type in ("Stage", "Step"):
            result[("spec",)] = spec
        return result

    @property
    def _template_type(self) -> Any:
        return field(self.input, ("template", "type"))

    @cached_property
    def stages(self) -> Elements:
        result = {
            place: stage
            for place, stage in self.found.items()
            if place[-1] == "stage" and all(isinstance(k, int) or k in STAGE_KEYS for k in place)
        }
        if self._template_type == "Stage" and ("spec",) in self.found:
            result[("spec",)] = self.found[("spec",)]
        return result

    @cached_property
    def all_steps(self) -> Elements:
        result = {place: step for place, step in self.found.items() if place[-1] == "step"}
        if self._template_type == "Step" and ("spec",) in self.found:
            result[("spec",)] = self.found[("spec",)]
        return result

    @cached_property
    def steps(self) -> Elements:
        return {p: step for p, step in self.all_steps.items() if not OFF_THE_RUN.intersection(p)}

    @cached_property
    def rollback_steps(self) -> Elements:
        return {p: step for p, step in self.all_steps.items() if "rollbackSteps" in p}

    @cached_property
    def step_groups(self) -> Elements:
        return {p: group for p, group in self.found.items() if p[-1] == "stepGroup"}

    def stage_of(self, place: Place) -> Place:
        """The place of the stage that holds an element."""
        if "stage" in place:
            return place[: place.index("stage") + 1]
        return ("spec",) if ("spec",) in self.stages else ("no stage",)

    def holder(self, place: Place) -> Any:
        """The stage that holds an element; {} when there is none."""
        return self.stages.get(self.stage_of(place), {})

    def _targets(self, *patterns: tuple[str, ...]) -> Elements:
        """Texts at the patterns below every stage; `[]` walks a list."""
        return {
            place: ref
            for stage_place, stage in self.stages.items()
            for pattern in patterns
            for place, ref in _at(stage, pattern, stage_place)
            if isinstance(ref, str)
        }

    @cached_property
    def environments(self) -> Elements:
        return self._targets(
            ("spec", "environment", "environmentRef"),
            ("spec", "environments", "values", "[]", "environmentRef"),
            ("spec", "environmentGroup", "environments", "[]", "environmentRef"),
            ("spec", "infrastructure", "environmentRef"),
        )

    @cached_property
    def services(self) -> Elements:
        return self._targets(
            ("spec", "service", "serviceRef"), ("spec", "services", "values", "[]", "serviceRef")
        )

    @cached_property
    def infrastructures(self) -> Elements:
        return self._targets(
            ("spec", "environment", "infrastructureDefinitions", "[]", "identifier"),
            ("spec", "environments", "values", "[]", "infrastructureDefinitions", "[]",
             "identifier"),
        )  # fmt: skip

    @cached_property
    def templates_used(self) -> Elements:
        return {
            place: link
            for place, link in walk(self.document)
            if place and place[-1] == "template" and isinstance(field(link, ("templateRef",)), str)
        }

    @cached_property
    def production(self) -> frozenset[Place]:
        """Places of the stages that deploy to production."""
        return frozenset(
            place
            for place, stage in self.stages.items()
            if field(stage, ("type",)) == "Deployment" and self._targets_production(place, stage)
        )

    def _targets_production(self, place: Place, stage: Any) -> bool:
        resolved = field(stage, ("spec", "infrastructure", "environment", "type"))
        if resolved in RESOLVED_TYPES:
            return bool(resolved == "Production")
        group = field(stage, ("spec", "environmentGroup", "envGroupRef"))
        return production_name(group) or any(
            production_name(ref) for other, ref in self.environments.items() if other[: len(place)] == place
        )

    @cached_property
    def texts(self) -> Elements:
        return {place: text for place, text in walk(self.document) if isinstance(text, str)}

    def _matches(self, pattern: re.Pattern[str]) -> Elements:
        return {
            (*place, i): found
            for place, text in self.texts.items()
            for i, found in enumerate(pattern.findall(text))
        }

    @cached_property
    def secret_reads(self) -> Elements:
        return self._matches(SECRET_READ)

    @cached_property
    def expressions(self) -> Elements:
        return self._matches(EXPRESSION)

    @cached_property
    def planned_resources(self) -> Elements:
        return {
            (*place, i): resource
            for place, top in walk(field(self.input, ("planned_values",)), ("planned_values",))
            if place[-1] == "resources"
            for i, resource in entries(top)
            if isinstance(resource, Mapping)
        }

    @cached_property
    def scan_outputs(self) -> Elements:
        pattern = ("outcome", "outputVariables")
        return {
            (i, *pattern): field(part, pattern)
            for i, part in entries(self.input)
            if field(part, ("name",)) == "output" and isinstance(field(part, pattern), Mapping)
        }

    @cached_property
    def scan_issues(self) -> Elements:
        return {
            (i, "outcome", "issues", j): issue
            for i, part in entries(self.input)
            if field(part, ("name",)) == "securityTestData"
            for j, issue in entries(field(part, ("outcome", "issues")))
            if isinstance(issue, Mapping)
        }


COLLECTIONS = (
    "stages", "steps", "all_steps", "rollback_steps", "step_groups", "environments", "services",
    "infrastructures", "templates_used", "texts", "secret_reads", "expressions",
    "planned_resources", "scan_outputs", "scan_issues",
)  # fmt: skip


def _at(node: Any, pattern: tuple[str, ...], place: Place) -> Iterator[tuple[Place, Any]]:
    if not pattern:
        yield place, node
    elif pattern[0] == "[]":
        for key, value in entries(node):
            yield from _at(value, pattern[1:], (*place, key))
    elif isinstance(node, Mapping) and pattern[0] in node:
        yield from _at(node[pattern[0]], pattern[1:], (*place, pattern[0]))


def items_at(node: Any, path: tuple[str, ...], place: Place) -> Elements:
    """The entries of the list or map at a path; `[]` inside the path walks a nested list."""
    return dict(_at(node, (*path, "[]"), place))


def before(first: Place, second: Place) -> bool:
    """The first is over when the second starts; members of a parallel block are not."""
    gap = _gap(first, second)
    return gap is not None and gap > 0


def directly_before(first: Place, second: Place) -> bool:
    """The first stands in the entry right in front of the second."""
    return _gap(first, second) == 1


def _gap(first: Place, second: Place) -> int | None:
    """How many entries the second is behind the first where their places part."""
    for i, (a, b) in enumerate(zip(first, second, strict=False)):
        if a != b:
            apart = i == 0 or first[i - 1] == "parallel"
            if apart or not isinstance(a, int) or not isinstance(b, int):
                return None
            return b - a
    return None
