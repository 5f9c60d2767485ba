"""Fill what a pipeline leaves open (`<+input>`) with the values given for one run."""

from __future__ import annotations

import copy
import re
from typing import Any

OPEN = re.compile(r"^<\+input>(?P<rest>.*)$", re.S)
DEFAULT = re.compile(r"\.default\((?P<value>[^)]*)\)")
ALLOWED = re.compile(r"\.(?:allowedValues|selectOneFrom)\((?P<values>[^)]*)\)")


def fill(body: dict[str, Any], inputs: dict[str, Any]) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """A copy with each open value replaced, and the (name, path) of those nobody gave.

    A value is looked up by its path first, then by the name of the variable it belongs to.
    """
    done = copy.deepcopy(body)
    missing: list[tuple[str, str]] = []
    _fill(done, "pipeline", "", inputs, missing)
    return done, missing


def open_inputs(body: dict[str, Any]) -> list[dict[str, Any]]:
    """What a run of this pipeline asks for: [{"path", "name", "default", "allowed"}]."""
    found: list[dict[str, Any]] = []
    _collect(body, "pipeline", "", found)
    return found


def not_asked(body: dict[str, Any], inputs: dict[str, Any]) -> list[str]:
    """The objections to values that no open place of this pipeline takes: a misspelt one must not be ignored."""
    wanted = open_inputs(body)
    known = {i["path"] for i in wanted} | {i["name"] for i in wanted}
    asks = ", ".join(sorted({i["name"] for i in wanted})) or "nothing"
    return [f"no input {name!r}; this pipeline asks for {asks}" for name in inputs if name not in known]


def _entries(node: Any, path: str) -> list[tuple[Any, Any, str]]:
    if isinstance(node, dict):
        return [(key, value, f"{path}.{key}") for key, value in node.items()]
    if isinstance(node, list):
        return [(i, value, f"{path}[{i}]") for i, value in enumerate(node)]
    return []


def _name(node: Any, key: Any, name: str) -> str:
    if isinstance(node, dict) and key == "value" and isinstance(node.get("name"), str):
        return str(node["name"])
    return str(key) if isinstance(key, str) else name


def _fill(node: Any, path: str, name: str, inputs: dict[str, Any], missing: list[tuple[str, str]]) -> None:
    for key, value, here in _entries(node, path):
        # The template block is kept for the record; what runs is the resolved content beside it.
        if key == "template" and isinstance(node, dict):
            continue
        called = _name(node, key, name)
        if isinstance(value, str) and OPEN.match(value):
            given = inputs.get(here, inputs.get(called, _default(value)))
            if given is None or not _allowed(value, given):
                missing.append((called, here))
            else:
                node[key] = given
        else:
            _fill(value, here, called, inputs, missing)


def _collect(node: Any, path: str, name: str, found: list[dict[str, Any]]) -> None:
    for key, value, here in _entries(node, path):
        if key == "template" and isinstance(node, dict):
            continue
        called = _name(node, key, name)
        if isinstance(value, str) and OPEN.match(value):
            allowed = ALLOWED.search(value)
            found.append(
                {
                    "path": here,
                    "name": called,
                    "default": _default(value),
                    "allowed": [v.strip() for v in allowed["values"].split(",")] if allowed else [],
                }
            )
        else:
            _collect(value, here, called, found)


def _default(value: str) -> str | None:
    found = DEFAULT.search(value)
    return found["value"] if found else None


def _allowed(value: str, given: Any) -> bool:
    allowed = ALLOWED.search(value)
    return allowed is None or str(given) in [v.strip() for v in allowed["values"].split(",")]
