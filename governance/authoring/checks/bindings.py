"""What every name of a module may stand for: variables, arguments of functions, members of sets, by their shapes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from governance.authoring.checks import handed
from governance.authoring.checks import tree as t
from governance.authoring.checks.schema import Shape, element_shapes, input_shape

# Keys that older examples use, and what the documents really have.
RENAMED = {"body": "requestBody", "inputVariables": "outputVariables", "delegates": "delegateSelectors"}
ROUNDS = 3  # how many functions deep a value is followed


@dataclass(frozen=True)
class Found:
    """What a reference may stand for; `broken` is the key at which it leaves the known input."""

    shapes: tuple[Shape, ...] = ()
    broken: str = ""
    near: str = ""
    certain: bool = True
    closed: bool = False


@dataclass
class Bindings:
    """Read rule by rule; what is `followed` knows what the rules hand each other."""

    entity: str
    own_keys: frozenset[str]
    aliases: dict[str, tuple[str, ...]]
    given: dict[tuple[str, int], tuple[Shape, ...]] = field(default_factory=dict)
    held: dict[str, tuple[Shape, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, tree: t.Tree, entity: str) -> Bindings:
        return cls(entity, _own_keys(tree), _aliases(tree))

    @classmethod
    def followed(cls, tree: t.Tree, entity: str) -> Bindings:
        found = cls.of(tree, entity)
        found.follow(tree)
        return found

    # --- between rules ------------------------------------------------------------------------

    def follow(self, tree: t.Tree) -> None:
        """Learns what arguments and members of the module's own sets are, where every one of them is known."""
        functions = handed.functions(tree)
        for _ in range(ROUNDS):
            given: dict[tuple[str, int], list[tuple[Shape, ...]]] = {}
            held: dict[str, list[tuple[Shape, ...]]] = {}
            for rule in t.rules(tree):
                self.enter(rule)
                for name, args in handed.calls(rule, functions):
                    for place, arg in enumerate(args):
                        given.setdefault((name, place), []).append(self._surely(arg))
                if added := handed.member(rule):
                    held.setdefault(added[0], []).append(self._surely(added[1]))
            self.given = {key: _union(found) for key, found in given.items() if all(found)}
            self.held = {key: _union(found) for key, found in held.items() if all(found)}

    def _surely(self, term: t.Tree) -> tuple[Shape, ...]:
        """What a term is, () when that is not sure."""
        if term.get("type") == "var":
            name = str(term["value"])
            return () if name in self.guessed | self.unsure else self.variables.get(name, ())
        if term.get("type") != "ref":
            return ()
        found = self.resolve(term)
        vague = t.head_of(term) in self.guessed | self.unsure
        return found.shapes if found.certain and not vague else ()

    def _note(self, name: str, sure: bool) -> None:
        (self.unsure.discard if sure else self.unsure.add)(name)

    def enter(self, rule: t.Tree) -> list[dict[str, Any]]:
        """Binds the variables of a rule; its expressions."""
        self.variables: dict[str, tuple[Shape, ...]] = {}
        self.guessed: set[str] = set()
        self.unsure: set[str] = set()  # what no argument or member is known by
        for place, arg in enumerate(rule["head"].get("args") or []):
            if arg.get("type") == "var" and (shapes := self.given.get((t.name_of(rule), place))):
                self.variables[str(arg["value"])] = shapes
        body = [
            node for node in t.nodes({k: v for k, v in rule.items() if k != "else"})
            if isinstance(node, dict) and "terms" in node
        ]  # fmt: skip
        for _ in range(2):  # a line may use a variable that a later one binds
            for node in sorted(body, key=t.row):
                self._bind(node["terms"])
        return body

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
                found = self.resolve(value)
                self.variables[str(name["value"])] = found.shapes
                self._note(str(name["value"]), found.certain)

    def _bind_items(self, name: Any, source: Any) -> None:
        if name.get("type") != "var" or source.get("type") not in ("ref", "var"):
            return
        whole = (
            source["value"]
            if source["type"] == "var"
            else t.head_of(source)
            if len(source["value"]) == 1
            else ""
        )
        if whole in self.held and whole not in self.variables:
            self.guessed.discard(str(name["value"]))
            self.variables[str(name["value"])] = self.held[whole]
            return
        if source["type"] == "var":
            # A rule of the module may hold objects of its own making.
            holders, sure = self._start(str(source["value"]))
        else:
            found = self.resolve(source)
            holders, sure = found.shapes, True
            self._note(str(name["value"]), found.certain and t.head_of(source) not in self.unsure)
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

    def resolve(self, reference: t.Tree) -> Found:
        head = t.head_of(reference)
        if head == "data":
            return Found(certain=False)
        shapes, sure = self._start(head)
        keys = list(reference["value"][1:])
        if keys and head in self.held and head not in self.variables:
            shapes, sure = self.held[head], True
            keys.pop(0)
            if not keys:
                return Found(shapes)
        while (not sure or head in self.guessed) and keys and _key(keys[0]) in self.own_keys:
            keys.pop(0)
        if not keys:
            return Found(shapes if sure else (), certain=sure)
        for number, key in enumerate(keys):
            following = tuple(self._step(shapes, key, sure or number > 0))
            if not following:
                return self._broken(shapes, key, sure or number > 0)
            shapes = following
        return Found(shapes, certain=sure)

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

    def _broken(self, shapes: tuple[Shape, ...], key: Any, sure: bool) -> Found:
        name = str(key.get("value"))
        if key.get("type") != "string":
            return Found(certain=False)
        near = ""
        if sure:
            renamed = RENAMED.get(name, "")
            near = next((renamed for s in shapes if renamed in s.children), "") or next(
                (n for s in shapes if (n := s.nearest(name))), ""
            )
        closed = sure and bool(shapes) and all(shape.closed for shape in shapes)
        return Found(broken=name, near=near, certain=sure, closed=closed)


def _union(found: list[tuple[Shape, ...]]) -> tuple[Shape, ...]:
    return tuple({id(shape): shape for shapes in found for shape in shapes}.values())


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
