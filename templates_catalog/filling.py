"""Fills a template's content: the tree of `templateInputs`, and expressions that name a typed input."""

from __future__ import annotations

import re
from typing import Any

from templates_catalog import inputs
from templates_catalog.documents import paths
from templates_catalog.documents.fields import is_expression, is_runtime_input
from templates_catalog.documents.problems import Problem
from templates_catalog.documents.walk import stages

SCOPES = {
    "pipeline": ("pipeline.variables", "template.variables", "template.inputs"),
    "stage": ("stage.variables", "template.variables", "template.inputs"),
    "stepGroup": ("stepGroup.variables", "template.variables", "template.inputs"),
    "step": ("step.variables", "template.variables", "template.inputs"),
}


def plain_copy(value: Any) -> Any:
    """A copy in which nothing is shared, so that each place can be changed and counted on its own."""
    if isinstance(value, dict):
        return {key: plain_copy(inner) for key, inner in value.items()}
    return [plain_copy(inner) for inner in value] if isinstance(value, list) else value


def given_variables(link: dict[str, Any]) -> dict[str, Any]:
    """name → value of `templateInputs.variables`, written as a list of {name, value} or as a mapping."""
    rows = (link.get("templateInputs") or {}).get("variables")
    if isinstance(rows, dict):
        return dict(rows)
    if not isinstance(rows, list):
        return {}
    return {
        row["name"]: row.get("value")
        for row in rows
        if isinstance(row, dict) and isinstance(row.get("name"), str)
    }


def substitute(content: Any, key: str, values: dict[str, Any]) -> Any:
    """`content` with `<+stage.variables.x>` and the like replaced by fixed values of the template's
    own inputs.

    An input that is asked for at run stays an expression: `variables` carries the question, once.
    """
    fixed = {name: value for name, value in values.items() if not is_runtime_input(value)}
    if not fixed:
        return content
    scopes = "|".join(re.escape(scope) for scope in SCOPES[key])
    names = "|".join(re.escape(name) for name in sorted(fixed, key=len, reverse=True))
    pattern = re.compile(rf"<\+(?:{scopes})\.({names})>")
    return replaced(content, pattern, fixed)


def replaced(node: Any, pattern: re.Pattern[str], values: dict[str, Any]) -> Any:
    if isinstance(node, dict):
        return {name: replaced(inner, pattern, values) for name, inner in node.items()}
    if isinstance(node, list):
        return [replaced(inner, pattern, values) for inner in node]
    if not isinstance(node, str):
        return node
    whole = pattern.fullmatch(node)
    if whole:
        return plain_copy(values[whole[1]])
    return pattern.sub(lambda found: str(values[found[1]]), node)


def fill_tree(content: Any, given: Any, at: str) -> list[Problem]:
    """Put the values of `given`, which mirrors `content`, where the content asks `<+input>`; changes
    `content`.

    Returns a problem for every value that has no place, does not fit, or would change what the template
    fixes.
    """
    problems: list[Problem] = []
    if isinstance(given, dict) and isinstance(content, dict):
        for name, value in given.items():
            problems += fill_key(content, name, value, paths.join(at, name))
    elif isinstance(given, list) and isinstance(content, list):
        for number, value in enumerate(given):
            place = partner(content, value, number)
            if place is None:
                problems.append(
                    Problem("nothing in the template corresponds to this entry; remove it", f"{at}[{number}]")
                )
                continue
            problems += fill_key(content, place, value, f"{at}[{number}]")
    return problems


def fill_key(content: Any, key: Any, value: Any, at: str) -> list[Problem]:
    if isinstance(content, dict) and key not in content:
        said = (
            "the template has nothing here to fill; remove it, or use templateOverrides if the "
            "template allows it"
        )
        return [Problem(said, at)]
    held = content[key]
    if is_runtime_input(held):
        objection = inputs.from_runtime_input(str(key), held).objection(value)
        if objection:
            return [Problem(f"{str(value)[:60]!r} {objection}", at)]
        content[key] = plain_copy(value)
        return []
    if is_open_insert(content, key, value):
        content[key] = plain_copy(value)
        return []
    if isinstance(held, dict | list) and isinstance(value, type(held)):
        return fill_tree(held, value, at)
    if held == value:
        return []
    return [Problem("the template fixes this value; remove it here", at)]


def is_open_insert(content: Any, key: Any, value: Any) -> bool:
    """Whether `content` is an insert point that the template left empty for consumers' stages or steps."""
    if key not in ("stages", "steps") or not isinstance(value, list) or not isinstance(content, dict):
        return False
    return not content[key] and set(content) <= {"identifier", "name", "stages", "steps", "description"}


def partner(content: list[Any], value: Any, number: int) -> int | None:
    """Which entry of the template's list an entry of the inputs is for: same name, else an open one in its
    place."""
    wanted = label(value)
    if wanted:
        named = next((place for place, entry in enumerate(content) if label(entry) == wanted), None)
        is_open = number < len(content) and "<+input>" in label(content[number])
        return number if named is None and is_open else named
    return number if number < len(content) else None


def label(entry: Any) -> str:
    if not isinstance(entry, dict):
        return ""
    for key in ("identifier", "name"):
        if isinstance(entry.get(key), str):
            return f"{key} {entry[key]}"
    if len(entry) == 1:
        ((key, inner),) = entry.items()
        if isinstance(inner, list):
            return f"{key}:{label(inner[0])}" if inner and label(inner[0]) else ""
        named = label(inner)
        return f"{key}:{named}" if named else ""
    return ""


def resolve_variables(body: dict[str, Any]) -> dict[str, Any]:
    """A copy of a pipeline body in which `<+pipeline.variables.x>` and `<+stage.variables.x>` with a
    fixed value
    are that value: what a run would use, and what policies should see once the inputs are known."""
    done = with_variables(body, "pipeline.variables", body.get("variables"))
    for stage in stages(done):
        resolved = with_variables(stage, "stage.variables", stage.get("variables"))
        stage.clear()
        stage.update(resolved)
    return done


def with_variables(body: dict[str, Any], scope: str, rows: Any) -> dict[str, Any]:
    fixed = {
        row["name"]: row["value"]
        for row in (rows if isinstance(rows, list) else [])
        if isinstance(row, dict) and row.get("name") and row.get("value") is not None
        and row.get("type") != "Secret" and not is_expression(row["value"])
    }  # fmt: skip
    if not fixed:
        return plain_copy(body)
    names = "|".join(re.escape(name) for name in sorted(fixed, key=len, reverse=True))
    result: dict[str, Any] = replaced(body, re.compile(rf"<\+{re.escape(scope)}\.({names})>"), fixed)
    return result
