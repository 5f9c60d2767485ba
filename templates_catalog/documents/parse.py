"""The one front door for YAML and JSON: text in, plain values and positions out, within limits checked first.

Values are built from libyaml's events in one loop without recursion, so nothing a person can type makes the
process grow or die: the size is checked before reading, depth and nodes while reading, and aliases, which
multiply, are refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml
from yaml.cyaml import CParser

from templates_catalog.documents import paths
from templates_catalog.documents.problems import DocumentError, Problem, located
from templates_catalog.documents.scalars import ScalarError, read_plain

__all__ = [
    "LARGEST_TEXT_BYTES",
    "MOST_NODES",
    "DocumentError",
    "Parsed",
    "Problem",
    "count_nodes",
    "located",
    "read",
]

LARGEST_TEXT_BYTES = 512 * 1000
DEEPEST = 32
MOST_NODES = 50_000
MOST_PROBLEMS = 20
SURROGATES = re.compile(r"(?<!\\)((?:\\\\)*)\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})")
MISSING = object()


class Positions(Mapping[str, tuple[int, int]]):
    """(line, column) by path, kept as a tree beside the value because writing every path out costs more than
    reading.

    `marks` has the shape of the value: a mapping holds key → (mark, inner), a list (mark, inner).
    """

    def __init__(self, marks: Any) -> None:
        self.marks = marks

    def __getitem__(self, path: str) -> tuple[int, int]:
        inner, mark = self.marks, None
        try:
            for part in paths.to_parts(path):
                if isinstance(part, int) != isinstance(inner, list):
                    raise KeyError(path)
                mark, inner = inner[part]
        except (ValueError, IndexError, TypeError):
            raise KeyError(path) from None
        if mark is None:
            raise KeyError(path)
        return (mark.line + 1, mark.column + 1)

    def __iter__(self) -> Iterator[str]:
        waiting = [("", self.marks)]
        while waiting:
            path, inner = waiting.pop()
            for part, held in inner.items() if isinstance(inner, dict) else enumerate(inner or []):
                deeper = paths.join(path, part)
                yield deeper
                waiting.append((deeper, held[1]))

    def __len__(self) -> int:
        return sum(1 for _ in self)


@dataclass(frozen=True)
class Parsed:
    """`value` in plain dicts, lists and scalars; `positions` maps a path to (line, column) of its key or
    item."""

    value: Any
    positions: Mapping[str, tuple[int, int]]


def read(text: str, *, lists: bool = False) -> Parsed:
    """Read one YAML or JSON document whose top is a mapping; DocumentError lists every problem found.

    lists  whether its top may be a list as well
    """
    text = text.removeprefix("\ufeff")
    check_text(text)
    if text.lstrip()[:1] in ("{", "["):
        text = SURROGATES.sub(joined_surrogates, text)
    builder = Builder()
    try:
        builder.run(CParser(text))
    except yaml.YAMLError as error:
        builder.problems.append(syntax_problem(error, text))
    if not builder.problems:
        builder.check_top(lists)
    if builder.problems:
        raise DocumentError(builder.problems)
    return Parsed(builder.top, Positions(builder.marks))


def count_nodes(value: Any) -> int:
    """How many values `value` is made of, itself included, without recursion; for the limit
    after expansion."""
    count, waiting = 0, [value]
    while waiting:
        node = waiting.pop()
        count += 1
        if isinstance(node, dict):
            waiting.extend(node.values())
        elif isinstance(node, list):
            waiting.extend(node)
    return count


def check_text(text: str) -> None:
    try:
        size = len(text.encode("utf-8"))
    except UnicodeEncodeError as error:
        line = text.count("\n", 0, error.start) + 1
        raise DocumentError(
            [Problem("half a character (a lone surrogate) cannot be stored; remove it", line=line)]
        ) from None
    if size > LARGEST_TEXT_BYTES:
        kilobytes = LARGEST_TEXT_BYTES // 1000
        raise DocumentError(
            [
                Problem(
                    f"the text is {size // 1000} kB, at most {kilobytes} kB are read; split it or use "
                    f"templates"
                )
            ]
        )


def joined_surrogates(found: re.Match[str]) -> str:
    high, low = int(found[2], 16), int(found[3], 16)
    return f"{found[1]}\\U{0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00):08X}"


def character_at(text: str, line: int, column: int) -> str:
    lines = text.split("\n", line)
    return lines[line - 1][column - 1 : column] if len(lines) >= line else ""


def syntax_problem(error: yaml.YAMLError, text: str) -> Problem:
    """libyaml's complaint in our words, with the place it names."""
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
    said = getattr(error, "problem", None) or getattr(error, "reason", None) or "it cannot be read"
    if mark and "cannot start any token" in said and character_at(text, line, column) == "\t":
        said = "a tab is used for indentation; use spaces"
    elif "control characters" in said or isinstance(error, yaml.reader.ReaderError):
        said = (
            "a control character that YAML does not allow; remove it or write it as an escape in "
            "double quotes"
        )
    elif "mapping values are not allowed" in said:
        said = "a ':' where none is allowed; indent the line correctly, or quote the text before it"
    elif "could not find expected ':'" in said:
        said = "a key without ':'; write `key: value`"
    elif "did not find expected" in said:
        said = f"{said}; check the indentation and closed brackets and quotes above this line"
    return Problem(f"not valid YAML or JSON: {said}", line=line, column=column)


@dataclass(slots=True)
class Open:
    """A mapping or list that is being filled."""

    node: Any
    marks: Any
    key: str | None = None
    key_mark: Any = None


class Limit(Exception):
    """Reading stops at once: a limit was passed."""


class Builder:
    """Builds the value from events. `stack` holds what is open, the innermost last."""

    def __init__(self) -> None:
        self.top: Any = MISSING
        self.marks: Any = {}
        self.problems: list[Problem] = []
        self.stack: list[Open] = []
        self.nodes = 0
        self.documents = 0

    def run(self, parser: Any) -> None:
        handlers = {
            yaml.ScalarEvent: self.on_scalar,
            yaml.MappingStartEvent: self.on_start,
            yaml.SequenceStartEvent: self.on_start,
            yaml.MappingEndEvent: self.on_end,
            yaml.SequenceEndEvent: self.on_end,
            yaml.AliasEvent: self.on_alias,
            yaml.DocumentStartEvent: self.on_document,
        }
        get_event = parser.get_event
        try:
            while (event := get_event()) is not None:
                handler = handlers.get(type(event))
                if handler:
                    handler(event)
                if len(self.problems) >= MOST_PROBLEMS:
                    break
        except Limit:
            pass

    def say(self, message: str, event: Any, path: str | None = None) -> None:
        mark = event.start_mark
        self.problems.append(
            Problem(message, self.where() if path is None else path, mark.line + 1, mark.column + 1)
        )

    def where(self) -> str:
        """The path of what is being read."""
        path = ""
        for inner in self.stack:
            if isinstance(inner.node, list):
                path = paths.join(path, len(inner.node) - (inner is not self.stack[-1]))
            elif inner.key is not None:
                path = paths.join(path, inner.key)
        return path

    def on_document(self, event: Any) -> None:
        self.documents += 1
        if self.documents > 1:
            self.say("a second document starts here (`---`); save one document at a time", event, "")
            raise Limit
        if event.version or event.tags:
            self.say("directives (lines starting with %) are not read; remove them", event)

    def on_alias(self, event: Any) -> None:
        self.say(f"the alias *{event.anchor[:40]} is not allowed; write the value out", event)
        if self.expects_key():
            raise Limit
        self.place(None, None, event)

    def check_node(self, event: Any) -> None:
        if event.anchor is not None:
            self.say(
                f"the anchor &{event.anchor[:40]} is not allowed; write the value out where it is used", event
            )
        if event.tag is not None:
            self.say(
                f"the tag {event.tag[:40]} is not allowed; remove it, values keep their plain type", event
            )

    def expects_key(self) -> bool:
        if not self.stack:
            return False
        inner = self.stack[-1]
        return inner.key is None and type(inner.node) is dict

    def on_scalar(self, event: Any) -> None:
        if event.anchor is not None or event.tag is not None:
            self.check_node(event)
        stack = self.stack
        inner = stack[-1] if stack else None
        if inner is not None and inner.key is None and type(inner.node) is dict:
            self.take_key(event)
            return
        self.nodes += 1
        if self.nodes > MOST_NODES:
            self.too_many(event)
        value: Any = event.value
        if event.implicit[0]:
            try:
                value = read_plain(value)
            except ScalarError as error:
                self.say(str(error), event)
        if inner is not None and type(inner.node) is list:
            # The common case of `place`, written out because long lists are the slowest thing to read.
            inner.marks.append((event.start_mark, None))
            inner.node.append(value)
        else:
            self.place(value, None, event)

    def take_key(self, event: Any) -> None:
        inner, key = self.stack[-1], event.value
        if event.implicit[0] and key == "":
            self.say("a key is missing before ':'", event)
        if event.implicit[0] and key == "<<":
            self.say("the merge key << is not allowed; write the values out", event)
        inner.key, inner.key_mark = key, event.start_mark
        if key in inner.marks:
            first = inner.marks[key][0].line + 1
            self.say(f"the key {key[:80]!r} is here twice (first on line {first}); remove one of them", event)

    def on_start(self, event: Any) -> None:
        if self.expects_key():
            self.say("a key must be plain text, not a list or mapping", event)
            raise Limit
        self.check_node(event)
        self.count(event)
        if len(self.stack) >= DEEPEST:
            self.say(f"nested deeper than {DEEPEST} levels; flatten it or use a template", event)
            raise Limit
        is_mapping = isinstance(event, yaml.MappingStartEvent)
        node: Any = {} if is_mapping else []
        marks: Any = {} if is_mapping else []
        if not self.stack:
            self.marks = marks
        self.place(node, marks, event)
        self.stack.append(Open(node, marks))

    def on_end(self, event: Any) -> None:
        self.stack.pop()
        if self.stack and isinstance(self.stack[-1].node, dict):
            self.stack[-1].key = None

    def count(self, event: Any) -> None:
        self.nodes += 1
        if self.nodes > MOST_NODES:
            self.too_many(event)

    def too_many(self, event: Any) -> None:
        self.say(f"more than {MOST_NODES:,} values; split the document or use templates", event)
        raise Limit

    def place(self, value: Any, marks: Any, event: Any) -> None:
        """Put `value` where the reader is and note its position; a mapping's key stays until its
        value ends."""
        if not self.stack:
            self.top = value
            return
        inner = self.stack[-1]
        if type(inner.node) is list:
            inner.marks.append((event.start_mark, marks))
            inner.node.append(value)
        else:
            key = inner.key or ""
            inner.marks[key] = (inner.key_mark, marks)
            inner.node[key] = value
            if marks is None:
                inner.key = None

    def check_top(self, lists: bool = False) -> None:
        if self.top is MISSING or self.top is None:
            said = "the document is empty; start with its kind, for example `pipeline:`"
            self.problems.append(Problem(said, line=1, column=1))
        elif not isinstance(self.top, (dict, list) if lists else dict):
            kind = "a list" if isinstance(self.top, list) else "plain text or a number"
            said = f"the document is {kind}; it must be a mapping such as `pipeline: …`"
            self.problems.append(Problem(said, line=1, column=1))
