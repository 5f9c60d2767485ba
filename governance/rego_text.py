"""Move a policy's text into the bundle: its package becomes policies["<id>"], its own references follow.

Only places that the engine's parser reports are changed; everything else stays byte for byte.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from governance.engines import opa_cli
from governance.errors import Problem

LIBRARY = ("portal", "lib")
RESERVED = "meta"


@dataclass(frozen=True, slots=True)
class _Edit:
    start: int
    end: int
    text: str


def nest(text: str, policy: str, digest: str) -> str:
    """The text as it stands in the bundle, with the digest it is known by. `text` must have no `problems`."""
    tree = opa_cli.parse(text)
    own = _package(tree)
    home = f"policies[{json.dumps(policy)}]"
    offsets = _Offsets(text)
    edits = [_move_package(tree["package"], home, offsets)]
    aliased = {id(i["path"]): i for i in tree.get("imports", [])}
    for ref in _data_refs(tree):
        if _starts_with(ref, own):
            edits.append(_move(ref, own, f"data.{home}", aliased.get(id(ref)), offsets))
    for edit in sorted(edits, key=lambda e: e.start, reverse=True):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text.rstrip("\n") + "\n" + meta(digest)


def meta(digest: str) -> str:
    """The rule by which the gate knows that a policy is loaded, and with which content."""
    return f'\n{RESERVED} := {{"digest": {json.dumps(digest)}}}\n'


def problems(tree: dict[str, Any]) -> list[Problem]:
    """Why a parsed policy may not be kept: what it reads outside itself and the library, names we need."""
    own = _package(tree)
    found = []
    for ref in _data_refs(tree):
        if not _starts_with(ref, own) and not _starts_with(ref, LIBRARY):
            found.append(
                Problem(
                    f"a policy may read its own package and data.portal.lib, not {_written(ref)};"
                    " what it decides on comes in `input`",
                    line=_row(ref),
                    column=_column(ref),
                )
            )
    for rule in tree.get("rules", []):
        if _rule_name(rule) == RESERVED:
            found.append(
                Problem(
                    f"a rule may not be called {RESERVED}: the portal adds one of that name", line=_row(rule)
                )
            )
    if not any(_rule_name(rule) in {"deny", "violations"} for rule in tree.get("rules", [])):
        found.append(Problem("there is no rule `deny`, so this policy could never refuse anything"))
    return found


def _package(tree: dict[str, Any]) -> tuple[str, ...]:
    return tuple(str(term["value"]) for term in tree["package"]["path"][1:])


def _rule_name(rule: dict[str, Any]) -> str:
    head = rule.get("head", {})
    ref = head.get("ref") or []
    return str(ref[0].get("value", "")) if ref else str(head.get("name", ""))


def _data_refs(node: Any) -> Iterator[dict[str, Any]]:
    """Every use of `data`: references that start with it, and the bare word."""
    if isinstance(node, dict):
        if node.get("type") == "ref" and _is_data(node["value"][0]):
            yield node
            yield from _data_refs(node["value"][1:])
            return
        if _is_data(node):
            yield node
            return
        for key, child in node.items():
            # The package's own path starts with `data` as well.
            if key not in {"package", "comments", "annotations"}:
                yield from _data_refs(child)
    elif isinstance(node, list):
        for child in node:
            yield from _data_refs(child)


def _is_data(term: Any) -> bool:
    return isinstance(term, dict) and term.get("type") == "var" and term.get("value") == "data"


def _starts_with(ref: dict[str, Any], path: tuple[str, ...]) -> bool:
    if ref.get("type") != "ref":
        return False
    steps = ref["value"][1 : len(path) + 1]
    return len(steps) == len(path) and all(
        s.get("type") == "string" and s.get("value") == p for s, p in zip(steps, path, strict=True)
    )


def _written(ref: dict[str, Any]) -> str:
    return base64.b64decode(ref["location"]["text"]).decode("utf-8", "replace")[:80]


def _row(node: dict[str, Any]) -> int:
    return int(node.get("location", {}).get("row", 0))


def _column(node: dict[str, Any]) -> int:
    return int(node.get("location", {}).get("col", 0))


class _Offsets:
    """From the parser's row and column (1-based, in characters) to an offset in the text."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts = [0]
        for line in text.split("\n"):
            self._starts.append(self._starts[-1] + len(line) + 1)

    def start(self, node: dict[str, Any]) -> int:
        return self._starts[_row(node) - 1] + _column(node) - 1

    def end(self, term: dict[str, Any]) -> int:
        """Just behind a term, its closing bracket included. Raises ValueError when it is not found there."""
        start, written = self.start(term), base64.b64decode(term["location"]["text"]).decode("utf-8")
        if not self._text.startswith(written, start):
            raise ValueError(f"line {_row(term)}: the parser's place of {written!r} is not where it stands")
        end = start + len(written)
        if written[:1] in {'"', "`"}:
            return self._text.index("]", end) + 1
        return end


def _move_package(package: dict[str, Any], home: str, offsets: _Offsets) -> _Edit:
    last = package["path"][-1]
    return _Edit(offsets.start(package), offsets.end(last), f"package {home}")


def _move(
    ref: dict[str, Any], own: tuple[str, ...], home: str, imported: dict[str, Any] | None, offsets: _Offsets
) -> _Edit:
    last = ref["value"][len(own)]
    whole = len(ref["value"]) == len(own) + 1
    # `import data.pipeline` names the package `pipeline`; its new path has no name of its own.
    alias = f" as {own[-1]}" if imported is not None and whole and not imported.get("alias") else ""
    return _Edit(offsets.start(ref), offsets.end(last), home + alias)
