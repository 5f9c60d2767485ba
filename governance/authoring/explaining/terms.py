"""Values of Rego in English: references, calls, literals and comprehensions."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from governance.authoring.explaining import words
from governance.authoring.wording import listed

Node = Mapping[str, Any]
# Longer collections are counted; their lines show the rest.
MOST_NAMED = 8
VERB = re.compile(r"%(?:[-+# 0]*\d*(?:\.\d+)?[a-zA-Z%])")


@dataclass(frozen=True)
class Names:
    """What names stand for in one module: imports by alias, and rules of its own."""

    imported: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    package: tuple[str, ...] = ()
    # name → whether it takes arguments, is a set, or is one value: "function", "test", "set", "value"
    rules: Mapping[str, str] = field(default_factory=dict)

    def path(self, parts: Sequence[Node]) -> tuple[str, ...]:
        """A reference's leading words with imports written out; rules of the module by their own name."""
        said = [str(parts[0].get("value"))]
        for part in parts[1:]:
            if part.get("type") != "string":
                break
            said.append(str(part["value"]))
        found = (*self.imported.get(said[0], (said[0],)), *said[1:])
        home = ("data", *self.package)
        return found[len(home) :] if found[: len(home)] == home and len(found) > len(home) else found


class Terms:
    """Says terms; `unknown` holds what it had no words for, with its line."""

    def __init__(self, names: Names) -> None:
        self.names = names
        self.unknown: list[str] = []

    def term(self, found: Node) -> str:
        """A term as it reads best."""
        kind, value = found.get("type"), found.get("value")
        if kind == "var":
            return self._variable(str(value))
        if kind == "string":
            return f'"{value}"'
        if kind in ("number", "boolean", "null"):
            return "null" if value is None else str(value).lower()
        if kind == "ref":
            return self._reference(found)
        if kind == "call":
            return self.call(value or [], row_of(found))
        if kind in ("array", "set"):
            return self._collection(value or [], str(kind))
        if kind == "object":
            return self._object(value or [])
        if kind in ("arraycomprehension", "setcomprehension", "objectcomprehension"):
            return self._comprehension(str(kind), value or {})
        if kind == "templatestring":
            return self._template(value or {})
        return self.unsaid(f"a {kind or 'part'} ({source_of(found)})", row_of(found))

    def unsaid(self, what: str, row: int) -> str:
        """Name what there are no words for; never guess."""
        self.unknown.append(f"{what} in line {row}" if row else what)
        return what

    def _variable(self, name: str) -> str:
        if name.startswith("$") or name == "_":
            return "anything"
        return ".".join(self.names.imported.get(name, (name,)))

    def _collection(self, items: Sequence[Node], kind: str) -> str:
        if not items:
            return "an empty list" if kind == "array" else "an empty set"
        said = [self.term(item) for item in items]
        if len(said) > MOST_NAMED + 2:
            return f"{', '.join(said[:MOST_NAMED])} and {len(said) - MOST_NAMED} more"
        return listed(said) if kind == "set" or len(said) < 2 else f"({', '.join(said)})"

    def _object(self, pairs: Sequence[Sequence[Node]]) -> str:
        if not pairs:
            return "an empty map"
        said = [f"{self.term(k)}: {self.term(v)}" for k, v in pairs]
        if len(said) > MOST_NAMED + 2:
            said = [*said[:MOST_NAMED], f"and {len(pairs) - MOST_NAMED} more"]
        return f"{{{', '.join(said)}}}"

    def _template(self, value: Any) -> str:
        parts = value.get("parts", []) if isinstance(value, Mapping) else value
        said = ""
        for part in parts:
            one = part.get("terms", part)
            literal = isinstance(one, Mapping) and one.get("type") == "string"
            said += str(one["value"]) if literal else f"‹{self.term(one)}›"
        return f"“{said}”"

    def _reference(self, found: Node) -> str:
        parts: Sequence[Node] = found.get("value") or []
        head, rest = parts[0], list(parts[1:])
        if head.get("type") != "var":
            return self._beyond(self.term(head), rest)
        path = self.names.path(parts)
        while rest and rest[0].get("type") == "string":
            rest.pop(0)
        if ".".join(path).startswith(words.LIBRARY):
            return self._library_set(path, rest, row_of(found))
        return self._beyond(path[0] + "".join(map(stepped, path[1:])), rest)

    def _beyond(self, text: str, steps: Sequence[Node]) -> str:
        for part in steps:
            text = f"the last of {text}" if self._is_last(part, text) else text + self._step(part)
        return text

    def _is_last(self, part: Node, text: str) -> bool:
        """`path[count(path) - 1]`."""
        if part.get("type") != "call" or self.operator(part["value"]) != "minus":
            return False
        whole, one = part["value"][1:]
        counted = whole.get("type") == "call" and self.operator(whole["value"]) == "count"
        return counted and one.get("value") == 1 and self.term(whole["value"][1]) == text

    def _library_set(self, path: tuple[str, ...], beyond: Sequence[Node], row: int) -> str:
        name, steps = path[3], list(path[4:])
        said = words.LIBRARY_SETS.get(name)
        if said is None:
            said = self.unsaid(f"data.portal.lib.{name}", row)
        if name.endswith("_of_type") and steps:
            said = f"{said} {steps.pop(0)}"
        elif name.endswith("_of_type") and beyond:
            said, beyond = f"{said} {self.term(beyond[0])}", beyond[1:]
        if beyond and not steps:
            said, beyond = f"the one at {self.term(beyond[0])} among {said}", beyond[1:]
        return self._beyond(said + "".join(map(stepped, steps)), beyond)

    def _step(self, part: Node) -> str:
        if part.get("type") == "string":
            return stepped(str(part["value"]))
        said = self.term(part)
        return "[any]" if said == "anything" else f"[{said}]"

    def _comprehension(self, kind: str, value: Node) -> str:
        inner = self.body(value.get("body") or [])
        such = f" such that {', and '.join(inner)}" if inner else ""
        if kind == "objectcomprehension":
            return f"the map from {self.term(value['key'])} to {self.term(value['value'])}{such}"
        what = "list" if kind == "arraycomprehension" else "set"
        return f"the {what} of {self.term(value['term'])}{such}"

    def body(self, expressions: Sequence[Node]) -> list[str]:
        """The conditions of an inner body; said by who knows conditions."""
        raise NotImplementedError

    # --- calls --------------------------------------------------------------------------------

    def call(self, terms: Sequence[Node], row: int) -> str:
        """A call where a value is wanted."""
        operator, arguments = self.operator(terms), list(terms[1:])
        if operator in ("sprintf", "object.get"):
            return self._formatted(arguments) if operator == "sprintf" else self._got(arguments)
        if operator == f"{words.LIBRARY}field" and arguments[1].get("type") == "array":
            return self._beyond(self.term(arguments[0]), arguments[1]["value"])
        if operator.startswith("time.") and arguments and arguments[0].get("type") == "array":
            return self._in_zone(operator, arguments, row)
        said = [self.term(a) for a in arguments]
        if operator == "count":
            return f"the number of {said[0].removeprefix('the set of ').removeprefix('the list of ')}"
        if operator.startswith(words.LIBRARY):
            return self._library_call(operator, said, row)
        known = words.CALLS.get(operator)
        if known is not None and len(said) >= slots(known):
            return known.format(*[bracketed(operator, a, t) for a, t in zip(said, arguments, strict=True)])
        test = words.TESTS.get(operator) or self._comparison(operator)
        if test is not None and len(said) >= slots(test[0]):
            return f"whether {test[0].format(*said)}"
        return self._other(operator, said, row)

    def operator(self, terms: Sequence[Node]) -> str:
        """The full name of what is called."""
        head = terms[0]
        parts = head.get("value")
        if isinstance(parts, list):
            return ".".join(self.names.path(parts))
        return str(parts)

    @staticmethod
    def _comparison(operator: str) -> tuple[str, str] | None:
        found = words.COMPARISONS.get(operator)
        return (f"{{0}} {found[0]} {{1}}", f"{{0}} {found[1]} {{1}}") if found else None

    def _other(self, operator: str, said: Sequence[str], row: int) -> str:
        written = f"{operator}({', '.join(said)})"
        if operator not in self.names.rules:
            self.unsaid(operator, row)
        return written

    def _library_call(self, operator: str, said: Sequence[str], row: int) -> str:
        name = operator.removeprefix(words.LIBRARY)
        known = words.LIBRARY_CALLS.get(name)
        if known is not None and len(said) >= slots(known):
            return known.format(*said)
        test = words.LIBRARY_TESTS.get(name)
        if test is not None and len(said) >= slots(test[0]):
            return f"whether {test[0].format(*said)}"
        self.unsaid(operator, row)
        return f"{operator}({', '.join(said)})"

    def _formatted(self, arguments: Sequence[Node]) -> str:
        """The text a sprintf makes, with what goes into it in its places."""
        pattern, given = arguments[0], arguments[1] if len(arguments) > 1 else {}
        if pattern.get("type") != "string" or given.get("type") != "array":
            return f"the text made from {self.term(pattern)} with {self.term(given)}"
        values = iter([self.term(v) for v in given["value"]])
        used = len([m for m in VERB.findall(str(pattern["value"])) if m != "%%"])
        if used != len(given["value"]):
            return f"the text made from {self.term(pattern)} with {self.term(given)}"
        text = VERB.sub(lambda m: "%" if m[0] == "%%" else f"‹{next(values)}›", str(pattern["value"]))
        return f"“{text}”"

    def _got(self, arguments: Sequence[Node]) -> str:
        whole, path, otherwise = arguments
        if path.get("type") == "array":
            steps = "".join(self._step(p) for p in path["value"])
        else:
            steps = self._step(path)
        return f"{self.term(whole)}{steps} (or {self.term(otherwise)} where it is missing)"

    def _in_zone(self, operator: str, arguments: Sequence[Node], row: int) -> str:
        when, *zone = arguments[0]["value"]
        said = f"{self.term(when)} in the time zone {self.term(zone[0])}" if zone else self.term(when)
        known = words.CALLS.get(operator)
        rest = [self.term(a) for a in arguments[1:]]
        return known.format(said, *rest) if known else self._other(operator, [said, *rest], row)


def stepped(name: str) -> str:
    """A name behind what holds it: with a dot where that is possible."""
    return f".{name}" if re.fullmatch(r"[A-Za-z_]\w*", name) else f'["{name}"]'


def slots(pattern: str) -> int:
    """How many arguments a phrase speaks of."""
    return max((int(n) + 1 for n in re.findall(r"\{(\d)\}", pattern)), default=0)


def bracketed(operator: str, said: str, term: Node) -> str:
    """Arithmetic within arithmetic in brackets, so that what belongs together shows."""
    inner = term.get("type") == "call" and said.count(" ") and operator in ("plus", "minus", "mul", "div")
    return f"({said})" if inner else said


def row_of(node: Node) -> int:
    return int((node.get("location") or {}).get("row", 0))


def source_of(node: Node) -> str:
    """The text of a node as it was written, on one line."""
    encoded = (node.get("location") or {}).get("text", "")
    return " ".join(base64.b64decode(encoded).decode("utf-8", "replace").split())[:120]


def last_row(node: Node) -> int:
    """The last line a node stands on."""
    encoded = (node.get("location") or {}).get("text", "")
    return row_of(node) + base64.b64decode(encoded).count(b"\n")
