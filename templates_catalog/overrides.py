"""What a consumer may change of a template's content: only what the template lists, never its policies."""

from __future__ import annotations

from typing import Any

from templates_catalog.documents import paths
from templates_catalog.documents.problems import Problem
from templates_catalog.filling import plain_copy

# What the consumer names its use of a template with; it is never the template's.
IDENTITY = frozenset(
    {"identifier", "name", "description", "tags", "orgIdentifier", "projectIdentifier", "template"}
)
# Only a pipeline has these beside its template: they say where it runs from and whom it tells.
PIPELINE_OWN = frozenset({"notificationRules", "properties", "gitConfig", "delegateSelectors"})
OVERRIDE_OF = {
    "when": "ConditionalExecution",
    "strategy": "LoopingStrategy",
    "failureStrategies": "FailureStrategy",
    "delegateSelectors": "DelegateSelectors",
    "spec": "ExecutionStrategy",
    "timeout": "PipelineTimeout",
    "allowStageExecutions": "AllowStageExecutions",
    "fixedInputsOnRerun": "FixedInputsOnRerun",
}
NEVER = "enforce"


def permitted(
    node: dict[str, Any],
    content: dict[str, Any],
    key: str,
    allowed: list[str],
    path: str,
    declared: frozenset[str] = frozenset(),
) -> tuple[dict[str, Any], list[Problem]]:
    """The changes to make to the template's content, and a problem for each change that is not allowed.

    node     the stage, step, group or pipeline that holds the reference, as typed
    content  the template's content, inputs filled
    declared the template's typed inputs, which are set through templateInputs only
    """
    changes: dict[str, Any] = {}
    problems: list[Problem] = []
    asked = (
        (node["template"].get("templateOverrides") or {}) if isinstance(node.get("template"), dict) else {}
    )
    for name, value in asked.items():
        at = paths.join(f"{path}.template.templateOverrides", name)
        said = objection(name, allowed)
        if said:
            problems.append(Problem(said, at))
        elif name == "spec":
            changes["spec"] = with_execution(content, value)
        else:
            changes[name] = plain_copy(value)
    for name, value in node.items():
        if name in IDENTITY or (key == "pipeline" and name in PIPELINE_OWN and name not in content):
            continue
        if name == "variables" and isinstance(value, list) and isinstance(content.get(name, []), list):
            changes[name], clash = joined(content.get(name, []), value, paths.join(path, name), declared)
            problems += clash
        elif name in content and content[name] == value:
            continue
        else:
            said = objection(name, allowed)
            hint = said or "move it under template.templateOverrides"
            problems.append(
                Problem(f"{name} beside a template has no effect; {hint}", paths.join(path, name))
            )
    return changes, problems


def objection(name: str, allowed: list[str]) -> str:
    if name == NEVER:
        return "policy enforcement of a template can never be overridden; remove it"
    kind = OVERRIDE_OF.get(name)
    if kind is None:
        known = ", ".join(sorted(OVERRIDE_OF))
        return f"{name} cannot be overridden; what can be is {known}, where the template allows it"
    if kind in allowed or (name == "timeout" and "Timeout" in allowed):
        return ""
    listed = ", ".join(allowed) if allowed else "no overrides"
    return (
        f"the template does not allow overriding {name} ({kind}); it allows {listed}; ask its owner or "
        f"remove it"
    )


def with_execution(content: dict[str, Any], value: Any) -> Any:
    """ExecutionStrategy replaces the steps of a stage and nothing else of its spec."""
    spec = plain_copy(content.get("spec") or {})
    if isinstance(value, dict) and "execution" in value:
        spec["execution"] = plain_copy(value["execution"])
    return spec


def joined(
    fixed: list[Any], added: list[Any], path: str, declared: frozenset[str]
) -> tuple[list[Any], list[Problem]]:
    """The template's variables and the consumer's own; one the template fixes cannot be set again."""
    names = {row.get("name") for row in fixed if isinstance(row, dict)} | declared
    problems = [
        Problem(
            f"the variable {row.get('name')!r} belongs to the template; set it in templateInputs or "
            f"remove it",
            f"{path}[{number}]",
        )
        for number, row in enumerate(added)
        if isinstance(row, dict) and row.get("name") in names and row not in fixed
    ]
    return [*fixed, *(row for row in added if row not in fixed)], problems
