"""The input of a policy as a tree of what can be where, made from the field catalogue."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field
from functools import lru_cache

from governance.authoring.fields import KINDS, METADATA_FIELDS, described
from governance.authoring.fields.model import EntityKind, FieldSpec
from governance.authoring.fields.pipeline import GROUP_FIELDS, STAGE_FIELDS
from governance.authoring.fields.steps import STEP_FIELDS

TEXT_NUMBERS = ("securityTests", "terraformPlanCost")
ALWAYS_NUMBERS = ("PercentageChangeTotalMonthlyCost", "PercentageChangeMonthlyCost", "severity")
ELEMENTS = {"stage": STAGE_FIELDS, "step": STEP_FIELDS, "stepGroup": GROUP_FIELDS}


@dataclass
class Shape:
    """One place of the input: its children, its list items, the values it can take.

    `closed` means that all children are known; `anything` that any child may be there.
    """

    name: str = ""
    children: dict[str, Shape] = field(default_factory=dict)
    item: Shape | None = None
    values: tuple[str, ...] = ()
    kind: str = "any"
    closed: bool = False
    anything: bool = False
    text_number: bool = False

    def child(self, key: str) -> Shape | None:
        """What is below a key; None when nothing known is."""
        if key in self.children:
            return self.children[key]
        known = bool(self.children) or self.item is not None or self.kind not in ("map", "any")
        return Shape(name=key, anything=True) if self.anything or not known else None

    def nearest(self, key: str) -> str:
        """A known child that is written alike; "" when there is none."""
        close = difflib.get_close_matches(key, self.children, n=1, cutoff=0.72)
        ends = [c for c in self.children if c.lower().endswith(key.lower())]
        return (close or ends or [""])[0]


@lru_cache(maxsize=64)
def input_shape(entity: str) -> Shape:
    """The input for policies about a kind of entity."""
    kind = described(entity)
    top = Shape(name="input", closed=bool(kind.root), anything=not kind.described)
    if kind.array:
        top.item = _array_item(kind)
        return top
    document = top
    for key in kind.root:
        document = document.children.setdefault(key, Shape(name=key))
    _fill(document, kind.fields, kind)
    for spec in kind.collections:
        if spec.path and spec.of in ("document", "input"):
            _put_items(document if spec.of == "document" else top, spec.path, spec.fields, kind)
    if kind.metadata:
        top.children["metadata"] = _metadata()
    if entity == "secret":
        top.children["secretEntity"] = top.children["secret"]
    if entity in ("pipeline", "template"):
        _add_stages(document if entity == "pipeline" else document.children["spec"])
    if entity == "terraformPlan":
        document.children["planned_values"] = Shape(name="planned_values", anything=True)
    if entity == "featureFlag":
        top.children.setdefault("entityMetadata", Shape()).anything = True
    return top


@lru_cache(maxsize=64)
def element_shapes(entity: str) -> tuple[Shape, ...]:
    """Everything a variable of unknown origin may stand for."""
    kind = described(entity)
    top = input_shape(entity)
    entities = [shape for key, shape in top.children.items() if key != "metadata"]
    shapes = [top, *(s for shape in [*entities, *([top.item] if top.item else [])] for s in _below(shape))]
    for spec in kind.collections:
        shape = Shape(name=spec.element)
        _fill(shape, spec.fields, kind)
        shapes.append(shape)
    return tuple(shapes)


def _below(shape: Shape, seen: frozenset[int] = frozenset()) -> list[Shape]:
    """Every shape below one; stages and steps nest in themselves and are visited once."""
    if id(shape) in seen:
        return []
    inner = [*shape.children.values(), *([shape.item] if shape.item else [])]
    seen = seen | {id(shape)}
    return [shape, *(found for child in inner for found in _below(child, seen))]


def _fill(shape: Shape, fields: tuple[FieldSpec, ...], kind: EntityKind) -> None:
    for spec in fields:
        node = shape
        for key in spec.parts:
            node = node.children.setdefault(key, Shape(name=key))
        _describe(node, spec, kind)


def _describe(node: Shape, spec: FieldSpec, kind: EntityKind) -> None:
    node.kind = spec.type
    node.values = tuple(dict.fromkeys((*node.values, *spec.values))) if spec.values else node.values
    if spec.type in ("map", "any"):
        node.anything = node.anything or spec.path.rpartition(".")[2] != "spec"
    if spec.type == "list":
        node.item = node.item or Shape(name=node.name, anything=True)
    if spec.type == "number" and kind.name in TEXT_NUMBERS and spec.parts[-1] not in ALWAYS_NUMBERS:
        node.text_number = True


def _put_items(top: Shape, path: str, fields: tuple[FieldSpec, ...], kind: EntityKind) -> None:
    node = top
    for key in path.split("."):
        if key == "[]":
            node.anything = False
            node.item = node.item or Shape()
            node = node.item
        elif key:
            node = node.children.setdefault(key, Shape(name=key))
    item = Shape(name=node.name, anything=not fields)
    _fill(item, fields, kind)
    node.item = item
    node.anything = True


def _array_item(kind: EntityKind) -> Shape:
    if kind.name != "securityTests":
        item = Shape(name="package")
        _fill(item, kind.collection("packages").fields, kind)
        for spec in kind.collections:
            if spec.of == "package" and spec.path:
                _put_items(item, spec.path, spec.fields, kind)
        return item
    item = Shape(name="part", closed=True)
    item.children["name"] = Shape(name="name", values=("output", "securityTestData"))
    outcome = item.children["outcome"] = Shape(name="outcome")
    outputs = outcome.children["outputVariables"] = Shape(name="outputVariables")
    _fill(outputs, kind.collection("scan_outputs").fields, kind)
    _put_items(outcome, "issues", kind.collection("scan_issues").fields, kind)
    issue = outcome.children["issues"].item
    if issue is not None:
        references = kind.collection("references")
        _put_items(issue, str(references.path), references.fields, kind)
    return item


def _metadata() -> Shape:
    shape = Shape(name="metadata")
    _fill(shape, METADATA_FIELDS, KINDS["pipeline"])
    groups, roles = shape.children["userGroups"], shape.children["roleAssignmentMetadata"]
    groups.item = _of("userGroup", "identifier", "name", "users")
    roles.item = _of(
        "role", "identifier", "roleIdentifier", "roleName", "roleScopeLevel",
        "resourceGroupIdentifier", "resourceGroupName", "managedRole",
    )  # fmt: skip
    roles.item.children["roleScopeLevel"].values = ("account", "organization", "project")
    for key in ("provenance", "templates", "exemptions", "disabled"):
        shape.children[key] = Shape(name=key, anything=True)
    return shape


def _of(name: str, *keys: str) -> Shape:
    return Shape(name=name, closed=True, children={key: Shape(name=key) for key in keys})


def _add_stages(document: Shape) -> None:
    """Stages and steps as they nest: entries that hold one, a parallel block or an insert."""
    kind = KINDS["pipeline"]
    stage, step, group = (Shape(name=n) for n in ELEMENTS)
    for shape, fields in zip((stage, step, group), ELEMENTS.values(), strict=True):
        _fill(shape, fields, kind)
    step_entry = _entry("step", step)
    step_entry.children["stepGroup"] = group
    group.children["steps"] = Shape(name="steps", kind="list", item=step_entry)
    group.children["rollbackSteps"] = group.children["steps"]
    execution = stage.children["spec"].children["execution"]
    for key in ("steps", "rollbackSteps"):
        execution.children[key] = Shape(name=key, kind="list", item=step_entry)
    for key in ("environments", "services"):
        stage.children["spec"].children[key] = Shape(name=key, anything=True)
    for shape, name in ((stage, "stage"), (step, "step")):
        shape.closed = True
        shape.children["template"].anything = True
        for spec in kind.collections:
            if spec.of == name and spec.path and spec.fields:
                _put_items(shape, spec.path, spec.fields, kind)
    stage_entry = _entry("stage", stage)
    for key in ("stages",):
        document.children[key] = Shape(name=key, kind="list", item=stage_entry)


def _entry(key: str, element: Shape) -> Shape:
    entry = Shape(name="entry", closed=True, children={key: element})
    entry.children["parallel"] = Shape(name="parallel", kind="list", item=entry)
    inner = Shape(name=f"{key}s", kind="list", item=entry)
    entry.children["insert"] = Shape(
        name="insert", children={f"{key}s": inner, "identifier": Shape(), "name": Shape()}
    )
    return entry
