"""One rule body under construction: its lines, the names bound in it, the helpers it calls."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from governance.authoring import rule as r
from governance.authoring.compile.terms import PlaceTerm, Variable, dotted, literal, safe_name

if TYPE_CHECKING:
    from governance.authoring.compile.module import Module

TYPED = ("stages", "steps", "all_steps")
ROOTS = {"metadata": ("metadata",), "input": ()}


class Body:
    """Lines that must all hold, with the variables they may use."""

    def __init__(self, module: Module, names: dict[str, Variable] | None = None) -> None:
        self.module = module
        self.names = dict(names or {})
        self.lines: list[str] = []
        self.variables = {v.name for v in self.names.values()}

    def inner(self) -> Body:
        """A comprehension inside this body: it sees all names, its own stay inside."""
        body = Body(self.module, {k: Variable(**vars(v)) for k, v in self.names.items()})
        body.variables = set(self.variables)
        return body

    def add(self, *lines: str) -> None:
        self.lines.extend(line for line in lines if line not in self.lines)

    # --- names --------------------------------------------------------------------------------

    def bind(self, name: str, each: r.Named | r.Items, where: Any = None) -> str:
        """Bind a name to the elements of a collection; gives the variable.

        A linked module uses the condition on them to look only at what the library has sorted
        already; the condition itself is added all the same.
        """
        variable = fresh(safe_name(name), self.variables)
        self.variables.add(variable)
        if isinstance(each, r.Named):
            place = f"{variable}_place"
            self.lines.extend(self._loop(name, variable, each.name, where))
            self.names[name] = Variable(variable, PlaceTerm(place), f"{place}[count({place}) - 1]")
            if each.within is not None:
                outer = self.place(each.within).render()
                self.add(f"{self.module.lib('within')}({place}, {outer})")
            return variable
        self._bind_items(name, variable, each)
        return variable

    def _loop(self, name: str, variable: str, collection: str, where: Any) -> list[str]:
        """The lines that go through a named collection."""
        place, lib = f"{variable}_place", self.module.lib
        parts = where.of if isinstance(where, r.All) else (where,)
        if self.module.prefix and collection == "stages" and r.DeploysToProduction(stage=name) in parts:
            return [f"some {place} in {lib('production')}", f"{variable} := {lib('stages')}[{place}]"]
        types = next((t for part in parts if (t := types_of(part, name, "is"))), ())
        starts = next((t for part in parts if (t := types_of(part, name, "starts_with"))), ())
        if not self.module.prefix or collection not in TYPED or not (types or starts):
            return [f"some {place}, {variable} in {lib(collection)}"]
        typed = lib(f"{collection}_of_type")
        if not types:
            options = "{" + ", ".join(literal(text) for text in starts) + "}"
            return [
                f"some {variable}_type, {variable}_group in {typed}",
                f"{lib('starts_with')}({variable}_type, {options})",
                f"some {place}, {variable} in {variable}_group",
            ]
        if len(types) == 1:
            return [f"some {place}, {variable} in {dotted(typed, types[:1])}"]
        listed = self.module.named_set(f"{variable}_types", types)
        return [
            f"some {variable}_type in {listed}",
            f"some {place}, {variable} in {typed}[{variable}_type]",
        ]

    def _bind_items(self, name: str, variable: str, each: r.Items) -> None:
        node, path = self.root_and_path(each.of, each.path)
        place = self.place(each.of)
        parts: list[str] = []
        level = 0
        for part in path[len(path) - len(each.path) :]:
            if part != "[]":
                parts.append(part)
                continue
            level += 1
            key, group = f"{variable}_outer{level}_key", f"{variable}_outer{level}"
            prefix = path[: len(path) - len(each.path)] if level == 1 else ()
            self.lines.append(f"some {key}, {group} in {dotted(node, (*prefix, *parts))}")
            place = place.plus(*(literal(p) for p in parts), key)
            node, parts = group, []
        prefix = path[: len(path) - len(each.path)] if level == 0 else ()
        key = f"{variable}_key"
        self.lines.append(f"some {key}, {variable} in {dotted(node, (*prefix, *parts))}")
        self.names[name] = Variable(variable, place.plus(*(literal(p) for p in parts), key), key)

    def node(self, ref: str) -> str:
        """A variable (or input reference) for what a name stands for."""
        if ref in r.SPECIAL_NAMES:
            node, path = self.root_and_path(ref, ())
            return dotted(node, path)
        name, dot, _ = ref.partition(".")
        variable = self.names[name]
        if not dot:
            return variable.name
        if not variable.stage:
            variable.stage = f"{variable.name}_stage"
            self.lines.append(f"{variable.stage} := {self.module.lib('holder')}({variable.place.render()})")
        return variable.stage

    def place(self, ref: str) -> PlaceTerm:
        """Where the element a name stands for is."""
        if ref in r.SPECIAL_NAMES:
            return PlaceTerm()
        name, dot, _ = ref.partition(".")
        place = self.names[name].place
        if dot:
            return PlaceTerm(f"{self.module.lib('stage_of')}({place.render()})")
        return place

    def root_and_path(self, ref: str, path: r.Path) -> tuple[str, r.Path]:
        """A term that is always defined, and the path from it."""
        if ref == "document":
            return "input", (*self.module.root, *path)
        if ref in ROOTS:
            return "input", (*ROOTS[ref], *path)
        return self.node(ref), path

    # --- fields -------------------------------------------------------------------------------

    def reference(self, field: r.Field) -> str:
        """The field as a reference: undefined where something is missing."""
        if field.path == ("@key",):
            return self.key(field.of)
        node, path = self.root_and_path(field.of, field.path)
        return dotted(node, path)

    def total(self, field: r.Field) -> str:
        """The field as a term that is always defined: null where something is missing."""
        if field.path == ("@key",):
            return self.key(field.of)
        node, path = self.root_and_path(field.of, field.path)
        if not path:
            return node
        return f"{self.module.lib('field')}({node}, {literal(list(path))})"

    def key(self, ref: str) -> str:
        return self.names[ref.partition(".")[0]].key if ref not in r.SPECIAL_NAMES else "null"

    # --- calling helpers ----------------------------------------------------------------------

    def call(self, name: str, parameters: list[tuple[str, str]]) -> str:
        """A call of a helper; parameters are (bound name, "node" | "place" | "key" | "stage")."""
        return f"{name}({', '.join(self._argument(*p) for p in parameters)})" if parameters else name

    def _argument(self, name: str, part: str) -> str:
        if part == "place":
            return self.place(name).render()
        if part == "key":
            return self.key(name)
        return self.node(f"{name}.stage" if part == "stage" else name)

    def finished(self, after: str = "") -> list[str]:
        """The lines, without the places and keys that neither they nor `after` use."""
        return [
            self._trimmed(i, line, after)
            for i, line in enumerate(self.lines)
            if not self._idle(i, line, after)
        ]

    def _idle(self, index: int, line: str, after: str) -> bool:
        """A value that is bound and never used."""
        found = re.match(r"(\w+) := ", line)
        rest = "\n".join([*self.lines[:index], *self.lines[index + 1 :], after])
        return found is not None and not uses(rest, found.group(1))

    def _trimmed(self, index: int, line: str, after: str) -> str:
        found = re.match(r"some (\w+), (\w+) in (.*)$", line)
        if not found:
            return line
        key, value, rest = found.groups()
        others = "\n".join(self.lines[:index] + self.lines[index + 1 :] + [after])
        if not uses(others, key):
            return f"some {value} in {rest}"
        return line if uses(others, value) else f"some {key}, _ in {rest}"


def types_of(condition: Any, name: str, op: str) -> tuple[str, ...]:
    """The types (or beginnings of types) a condition limits an element to; () when it does not."""
    if not isinstance(condition, r.Test) or condition.value != r.Field(of=name, path=("type",)):
        return ()
    plain = condition.op == op and condition.measure == "plain" and not condition.ignore_case
    texts = tuple(option for option in condition.to if isinstance(option, str))
    return texts if plain and len(texts) == len(condition.to) else ()


def uses(text: str, name: str) -> bool:
    """Whether a Rego text uses the variable (not a field of that name)."""
    return re.search(rf"(?<![\w.\"]){re.escape(name)}(?![\w\"])", text) is not None


def fresh(name: str, taken: set[str]) -> str:
    """The name, numbered when it is taken."""
    number, found = 2, name
    while found in taken:
        found, number = f"{name}_{number}", number + 1
    return found
