"""Conditions that can never come true (or are always true): wrong paths, impossible values.

Every `input.` path and every compared literal of a module is held against what the input can
hold. `opa check --schema` finds neither impossible literals nor anything below `walk`.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from governance.authoring.checks import tree as t
from governance.authoring.checks.findings import Finding
from governance.authoring.checks.schema import Shape, element_shapes, input_shape

EQUALITIES = ("eq", "equal", "neq")
ORDERINGS = ("lt", "lte", "gt", "gte")
PARTS = {"startswith": str.startswith, "endswith": str.endswith, "contains": str.__contains__}
# Keys that older examples use, and what the documents really have.
RENAMED = {"body": "requestBody", "inputVariables": "outputVariables", "delegates": "delegateSelectors"}


def never_fires(tree: t.Tree, entity: str) -> list[Finding]:
    """Findings for a parsed module about a kind of entity."""
    reader = _Reader(entity, t.constants(tree), _own_keys(tree), _aliases(tree))
    for rule in t.rules(tree):
        reader.read(rule)
    return list(dict.fromkeys(reader.findings))


@dataclass(frozen=True)
class _Found:
    """What a reference may stand for; `broken` is the key at which it leaves the known input."""

    shapes: tuple[Shape, ...] = ()
    broken: str = ""
    near: str = ""
    certain: bool = True
    closed: bool = False


@dataclass
class _Reader:
    entity: str
    constants: dict[str, list[str]]
    own_keys: frozenset[str]
    aliases: dict[str, tuple[str, ...]]
    findings: list[Finding] = field(default_factory=list)

    def read(self, rule: t.Tree) -> None:
        """Hold every reference and comparison of one rule against the input."""
        self.variables: dict[str, tuple[Shape, ...]] = {}
        self.guessed: set[str] = set()
        body = [
            node for node in t.nodes({k: v for k, v in rule.items() if k != "else"})
            if isinstance(node, dict) and "terms" in node
        ]  # fmt: skip
        for _ in range(2):  # a line may use a variable that a later one binds
            for node in sorted(body, key=t.row):
                self._bind(node["terms"])
        for reference in t.references({k: v for k, v in rule.items() if k != "else"}):
            self._path(reference)
        for node in body:
            self._comparison(node)

    # --- variables ----------------------------------------------------------------------------

    def _bind(self, terms: Any) -> None:
        if isinstance(terms, dict) and "symbols" in terms:
            for symbol in terms["symbols"]:
                if symbol.get("type") == "call":
                    *names, source = symbol["value"][1:]
                    self._bind_items(names[-1], source)
        elif isinstance(terms, dict) and "domain" in terms:
            self._bind_items(terms["value"], terms["domain"])
        elif t.operator_of(terms) in ("assign", "eq"):
            name, value = terms[1], terms[2]
            if name.get("type") == "var" and value.get("type") == "ref":
                self.variables[str(name["value"])] = self._resolve(value).shapes

    def _bind_items(self, name: Any, source: Any) -> None:
        if name.get("type") != "var" or source.get("type") not in ("ref", "var"):
            return
        if source["type"] == "var":
            # A rule of the module may hold objects of its own making.
            holders, sure = self._start(str(source["value"]))
        else:
            holders, sure = self._resolve(source).shapes, True
        (self.guessed.discard if sure else self.guessed.add)(str(name["value"]))
        self.variables[str(name["value"])] = tuple(s for h in holders for s in _items(h))

    def _start(self, head: str) -> tuple[tuple[Shape, ...], bool]:
        """What a reference starts from, and whether that is sure."""
        if head == "input":
            return (input_shape(self.entity),), True
        if head in self.aliases:
            shapes: tuple[Shape, ...] = (input_shape(self.entity),)
            for key in self.aliases[head]:
                shapes = tuple(c for s in shapes if (c := s.child(key)) is not None)
            return shapes, True
        if self.variables.get(head):
            return self.variables[head], True
        return element_shapes(self.entity), False

    # --- paths --------------------------------------------------------------------------------

    def _resolve(self, reference: t.Tree) -> _Found:
        head = t.head_of(reference)
        if head == "data":
            return _Found(certain=False)
        shapes, sure = self._start(head)
        keys = list(reference["value"][1:])
        while (not sure or head in self.guessed) and keys and _key(keys[0]) in self.own_keys:
            keys.pop(0)
        if not keys:
            return _Found(shapes if sure else (), certain=sure)
        for number, key in enumerate(keys):
            following = tuple(self._step(shapes, key, sure or number > 0))
            if not following:
                return self._broken(shapes, key, sure or number > 0)
            shapes = following
        return _Found(shapes, certain=sure)

    def _step(self, shapes: tuple[Shape, ...], key: Any, sure: bool) -> Iterator[Shape]:
        for shape in shapes:
            if key.get("type") != "string":
                yield from _items(shape)
            elif sure:
                child = shape.child(str(key["value"]))
                if child is not None:
                    yield child
            elif str(key["value"]) in shape.children:
                yield shape.children[str(key["value"])]

    def _broken(self, shapes: tuple[Shape, ...], key: Any, sure: bool) -> _Found:
        name = str(key.get("value"))
        if key.get("type") != "string":
            return _Found(certain=False)
        near = ""
        if sure:
            renamed = RENAMED.get(name, "")
            near = next((renamed for s in shapes if renamed in s.children), "") or next(
                (n for s in shapes if (n := s.nearest(name))), ""
            )
        closed = sure and bool(shapes) and all(shape.closed for shape in shapes)
        return _Found(broken=name, near=near, certain=sure, closed=closed)

    def _path(self, reference: t.Tree) -> None:
        found = self._resolve(reference)
        if not found.broken or (not found.certain and t.head_of(reference) != "input"):
            return
        text = _text(reference)
        hint = f" Did you mean '{found.near}'?" if found.near else " Look at the input of an example."
        self.findings.append(
            Finding(
                "never_fires", "error" if found.near or found.closed else "warning",
                f"{text}: nothing known of a {self.entity} has '{found.broken}' there, so this is "
                f"undefined and the line never holds.{hint}",
                t.row(reference), t.column(reference),
            )
        )  # fmt: skip

    # --- comparisons --------------------------------------------------------------------------

    def _comparison(self, node: t.Tree) -> None:
        terms = node["terms"]
        operator = t.operator_of(terms)
        if operator in EQUALITIES or operator in PARTS or operator == "internal.member_2":
            first, second = terms[1], terms[2]
            if first.get("type") != "ref":
                first, second = second, first
            if first.get("type") == "ref":
                self._literals(node, operator, first, self._texts(second))
        elif operator in ORDERINGS:
            self._ordering(node, terms[1], terms[2])

    def _texts(self, term: Any) -> list[str]:
        if term.get("type") == "var":
            return self.constants.get(str(term["value"]), [])
        return t.strings(term)

    def _literals(self, node: t.Tree, operator: str, reference: t.Tree, texts: list[str]) -> None:
        shapes = self._resolve(reference).shapes
        if not shapes or not all(shape.values for shape in shapes):
            return
        values = tuple(dict.fromkeys(v for shape in shapes for v in shape.values))
        fits = PARTS.get(operator, str.__eq__)
        wrong = [text for text in texts if not any(fits(value, text) for value in values)]
        if not wrong or any("<+" in text for text in wrong):
            return
        negative = (operator == "neq") != bool(node.get("negated"))
        every = len(wrong) == len(texts)
        effect = ("always" if negative else "never") + " holds" if every else "is never true for it"
        near = [difflib.get_close_matches(text, values, n=1, cutoff=0.55) for text in wrong]
        hints = [f" Did you mean '{n[0]}'?" for n in near if n]
        names = ", ".join(f"'{text}'" for text in wrong)
        self.findings.append(
            Finding(
                "never_fires", "error" if hints else "warning",
                f"{_text(reference)} is never {names}, so the comparison {effect}."
                + (hints[0] if hints else f" It can be: {', '.join(values[:8])}"
                   + (", …" if len(values) > 8 else "") + "."),
                t.row(node), t.column(node),
            )
        )  # fmt: skip

    def _ordering(self, node: t.Tree, left: Any, right: Any) -> None:
        for reference, other in ((left, right), (right, left)):
            if reference.get("type") != "ref" or other.get("type") not in ("number", "string"):
                continue
            shapes = self._resolve(reference).shapes
            if shapes and all(s.text_number for s in shapes) and other["type"] == "number":
                advice = f"It is a text. Write to_number({_text(reference)})."
            elif shapes and all(s.kind == "duration" for s in shapes):
                advice = "It is a duration such as 10m, and texts compare by letters. Parse it first."
            else:
                continue
            self.findings.append(
                Finding("never_fires", "error",
                        f"{_text(reference)} cannot be compared like this. {advice}",
                        t.row(node), t.column(node))
            )  # fmt: skip


def _key(term: Any) -> str:
    """A text key of a reference; "" for a variable or a computed one."""
    return str(term["value"]) if term.get("type") == "string" else ""


def _items(shape: Shape) -> Iterator[Shape]:
    if shape.item is not None:
        yield shape.item
    elif shape.anything:
        yield Shape(name=shape.name, anything=True)
    elif shape.kind in ("map", "any"):
        yield from shape.children.values()


def _own_keys(tree: t.Tree) -> frozenset[str]:
    """Keys of objects the module makes itself."""
    return frozenset(
        str(key["value"])
        for node in t.nodes(tree.get("rules"))
        if isinstance(node, dict) and node.get("type") == "object"
        for key, _ in node["value"]
        if key.get("type") == "string"
    )


def _aliases(tree: t.Tree) -> dict[str, tuple[str, ...]]:
    """`import input.pipeline as p` and `p := input.pipeline` at the top, by name."""
    found: dict[str, tuple[str, ...]] = {}
    for entry in tree.get("imports") or []:
        parts = [str(p.get("value")) for p in entry["path"]["value"]]
        if parts[0] == "input":
            found[str(entry.get("alias") or parts[-1])] = tuple(parts[1:])
    for rule in t.rules(tree):
        value = rule["head"].get("value") or {}
        if value.get("type") == "ref" and t.head_of(value) == "input" and not rule["head"].get("args"):
            keys = value["value"][1:]
            if all(key.get("type") == "string" for key in keys):
                found[t.name_of(rule)] = tuple(str(key["value"]) for key in keys)
    return found


def _text(reference: t.Tree) -> str:
    parts = reference["value"]
    keys = (f".{p['value']}" if p.get("type") == "string" else "[_]" for p in parts[1:])
    return str(parts[0].get("value")) + "".join(keys)
