"""Is a document well formed? One answer per kind, with located, friendly problems; and the JSON Schema for
editors."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from pydantic import ValidationError

from templates_catalog.documents import checks, entities, paths, pipeline
from templates_catalog.documents.fields import Part
from templates_catalog.documents.problems import Problem
from templates_catalog.documents.secrets import literal_secrets
from templates_catalog.documents.specs import SPECS
from templates_catalog.documents.wording import told

__all__ = ["KINDS", "ROOTS", "json_schema", "root_of", "validate", "warnings"]

KINDS: dict[str, type[Part]] = {
    "pipeline": pipeline.PipelineDocument,
    "template": entities.TemplateDocument,
    "service": entities.ServiceDocument,
    "environment": entities.EnvironmentDocument,
    "infrastructure": entities.InfrastructureDocument,
    "connector": entities.ConnectorDocument,
    "secret": entities.SecretDocument,
}
ROOTS = {kind: next(iter(model.model_fields)) for kind, model in KINDS.items()}


def root_of(kind: str) -> str:
    """The key at the top of a document of this kind; KeyError for a kind without documents."""
    return ROOTS[kind]


def validate(kind: str, value: dict[str, Any]) -> list[Problem]:
    """What keeps `value` from being stored as a document of this kind; [] means it is well formed."""
    return [problem for problem in every_problem(kind, value) if problem.severity == "error"]


def warnings(kind: str, value: dict[str, Any]) -> list[Problem]:
    """What is worth telling but keeps nothing from being stored."""
    return [problem for problem in every_problem(kind, value) if problem.severity != "error"]


def every_problem(kind: str, value: dict[str, Any]) -> list[Problem]:
    if kind not in KINDS:
        return [Problem(f"there is no document kind {kind!r}; known kinds: {', '.join(KINDS)}")]
    problems = list(check_root(kind, value))
    if not problems:
        problems += check_model(KINDS[kind], value, "")
        problems += check_content(kind, value[ROOTS[kind]])
        problems += check_typos(kind, value[ROOTS[kind]])
    problems += checks.strange_letters(value)
    problems += literal_secrets(value, is_connector=kind == "connector")
    return sorted(dict.fromkeys(problems), key=lambda problem: natural(problem.path))


def natural(path: str) -> list[tuple[int, int, str]]:
    """Sorts stages[2] before stages[10]."""
    return [(0, p, "") if isinstance(p, int) else (1, 0, p) for p in paths.to_parts(path)]


def check_root(kind: str, value: Any) -> Iterator[Problem]:
    root = ROOTS[kind]
    if not isinstance(value, dict) or not value:
        yield Problem(f"the document is empty; start with `{root}:`")
        return
    for key in value:
        if key != root:
            yield Problem(
                f"the top of a {kind} document is `{root}:`; {key!r} is not known there", paths.join("", key)
            )
    if root in value and not isinstance(value[root], dict):
        yield Problem(f"{root} must be a mapping with identifier and name", root)
    elif root not in value:
        yield Problem(f"a {kind} document starts with `{root}:`; add it")


def check_model(model: type[Part], value: Any, path: str, subject: str = "") -> list[Problem]:
    try:
        model.model_validate(value)
    except ValidationError as error:
        return list(told(error, path, subject))
    return []


def check_content(kind: str, body: dict[str, Any]) -> list[Problem]:
    if kind == "pipeline":
        return list(checks.check_body(body, "pipeline", "error"))
    if kind == "template":
        return check_template(body)
    return check_secret(body) if kind == "secret" else []


def check_template(body: dict[str, Any]) -> list[Problem]:
    """A template may leave to its consumers what a complete pipeline needs, so that is a warning here."""
    kind, spec, path = body.get("type"), body.get("spec"), "template.spec"
    if not isinstance(spec, dict) or not isinstance(kind, str) or kind not in entities.TEMPLATE_SPECS:
        return []
    problems = check_model(entities.TEMPLATE_SPECS[kind], spec, path, f"a {kind} template's spec")
    if kind == "Pipeline":
        problems += checks.check_body(spec, path, "warning")
        if "notificationRules" in spec:
            problems.append(Problem("a pipeline template cannot hold notificationRules; remove them", path))
    elif kind == "Stage":
        problems += checks.check_stage(spec, path, "warning")
    elif kind == "Step":
        problems += checks.check_step(spec, path, None, "warning")
    return problems


def check_secret(body: dict[str, Any]) -> list[Problem]:
    spec = body.get("spec")
    if isinstance(spec, dict) and spec.get("value") and spec.get("valueType", "Inline") == "Inline":
        said = (
            "a secret's value is never stored here; put it into the secret manager and set valueType: "
            "Reference"
        )
        return [Problem(said, "secret.spec.value")]
    return []


def check_typos(kind: str, body: dict[str, Any]) -> Iterator[Problem]:
    root = ROOTS[kind]
    inner = KINDS[kind].model_fields[root].annotation
    if isinstance(inner, type) and issubclass(inner, Part):
        yield from checks.mistyped(body, inner, root)
    holder = body.get("spec") if kind == "template" else body
    at = f"{root}.spec" if kind == "template" else root
    if kind not in ("pipeline", "template"):
        return
    for stage in checks.walk.stages_at(holder, at):
        yield from checks.mistyped(stage.stage, pipeline.Stage, stage.path)
        yield from checks.mistyped(stage.stage.get("spec"), pipeline.StageSpec, f"{stage.path}.spec")
        for step in checks.walk.steps_at(stage.stage, stage.path, groups=True):
            model = pipeline.StepGroup if step.is_group else pipeline.Step
            yield from checks.mistyped(step.step, model, step.path)


@cache
def json_schema(kind: str) -> dict[str, Any]:
    """JSON Schema (2020-12) of a document of this kind, for editors and structured output."""
    schema = KINDS[kind].model_json_schema()
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = kind
    step = schema.get("$defs", {}).get("Step")
    if step is not None:
        step["allOf"] = [spec_rule(name, model, schema["$defs"]) for name, model in SPECS.items()]
    return schema


def spec_rule(name: str, model: type[Part], definitions: dict[str, Any]) -> dict[str, Any]:
    """ "If the step is of this type, its spec looks like this"."""
    title = f"{model.__name__}Spec"
    if title not in definitions:
        inner = model.model_json_schema(ref_template="#/$defs/{model}")
        definitions.update(inner.pop("$defs", {}))
        definitions[title] = inner
    return {
        "if": {"properties": {"type": {"const": name}}, "required": ["type"]},
        "then": {"properties": {"spec": {"$ref": f"#/$defs/{title}"}}},
    }
