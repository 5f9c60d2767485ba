"""Paths inside a document, such as `pipeline.stages[0].stage.spec`, as text and as parts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

Part = str | int

PLAIN_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*\Z")
TOKEN = re.compile(r"""\.?([A-Za-z_][A-Za-z0-9_-]*)|\[(\d+)\]|\["((?:[^"\\]|\\.)*)"\]""")


def join(path: str, part: Part) -> str:
    """`path` one level deeper: `a` and `b` give `a.b`, `a` and 0 give `a[0]`, odd keys are quoted."""
    if isinstance(part, int):
        return f"{path}[{part}]"
    if PLAIN_KEY.match(part):
        return f"{path}.{part}" if path else part
    quoted = part.replace("\\", "\\\\").replace('"', '\\"')
    return f'{path}["{quoted}"]'


def to_text(parts: Iterable[Part]) -> str:
    """The parts as one path text."""
    path = ""
    for part in parts:
        path = join(path, part)
    return path


def to_parts(path: str) -> tuple[Part, ...]:
    """The path text as parts; ValueError names the place that is not understood."""
    parts: list[Part] = []
    at = 0
    while at < len(path):
        found = TOKEN.match(path, at)
        if not found:
            raise ValueError(f"path not understood at {path[at:]!r}; write it like a.b[0].c")
        key, index, quoted = found.groups()
        if key is not None:
            parts.append(key)
        elif index is not None:
            parts.append(int(index))
        else:
            parts.append(re.sub(r"\\(.)", r"\1", quoted))
        at = found.end()
    return tuple(parts)


def find(value: Any, path: str, default: Any = None) -> Any:
    """The value at `path`, or `default` when nothing is there."""
    for part in to_parts(path):
        if (isinstance(part, str) and isinstance(value, Mapping) and part in value) or (
            isinstance(part, int) and isinstance(value, list) and part < len(value)
        ):
            value = value[part]
        else:
            return default
    return value


def exists(value: Any, path: str) -> bool:
    """Whether something, even null, is at `path`."""
    missing = object()
    return find(value, path, missing) is not missing


def put(value: Any, path: str, new: Any) -> None:
    """Set `new` at `path` in place; missing mappings on the way are made, missing list items are not."""
    parts = to_parts(path)
    if not parts:
        raise ValueError("the whole document cannot be replaced in place")
    for part in parts[:-1]:
        if isinstance(part, str) and isinstance(value, dict):
            if not isinstance(value.get(part), dict | list):
                value[part] = {}
            value = value[part]
        elif isinstance(part, int) and isinstance(value, list) and part < len(value):
            value = value[part]
        else:
            raise KeyError(f"nothing at {part!r} of {path}")
    last = parts[-1]
    if (isinstance(last, str) and isinstance(value, dict)) or (
        isinstance(last, int) and isinstance(value, list) and last < len(value)
    ):
        value[last] = new
    else:
        raise KeyError(f"nothing at {last!r} of {path}")


def parent(path: str) -> str:
    """The path one level up; "" above the first key."""
    return to_text(to_parts(path)[:-1])


def nearest(positions: Mapping[str, tuple[int, int]], path: str) -> tuple[int, int]:
    """The position of `path` or of the closest thing above it that was typed; (0, 0) when there is none."""
    try:
        parts = to_parts(path)
    except ValueError:
        return (0, 0)
    for length in range(len(parts), 0, -1):
        found = positions.get(to_text(parts[:length]))
        if found:
            return found
    return (0, 0)
