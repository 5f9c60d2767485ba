"""The lines of a rule's body in English: tests and their negations, `some`, `every`, `walk`, assignments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from governance.authoring.explaining import words
from governance.authoring.explaining.sentence import Sentence
from governance.authoring.explaining.terms import Node, Terms, last_row, row_of, slots, source_of

WHOLE_TREE = "{0} is anything inside {1}, at any depth"


class Conditions(Terms):
    """Says expressions. A negation says as well what happens when the value is missing: then it is met."""

    def parts(self, body: Sequence[Node], *, without: frozenset[int] = frozenset()) -> tuple[Sentence, ...]:
        """One sentence for each expression of a body; `without` are indexes said elsewhere."""
        found = []
        for index, expression in enumerate(body):
            if index in without:
                continue
            before = len(self.unknown)
            text = self.expression(expression)
            if text:
                lines = tuple(range(row_of(expression), last_row(expression) + 1))
                found.append(Sentence(text, lines, len(self.unknown) == before))
        return tuple(found)

    def body(self, expressions: Sequence[Node]) -> list[str]:
        return [text for e in expressions if (text := self.expression(e))]

    def expression(self, found: Node) -> str:
        """One expression; "" for one that says nothing."""
        terms, negated = found.get("terms"), bool(found.get("negated"))
        if isinstance(terms, Mapping) and "symbols" in terms:
            text = self._some(terms["symbols"])
        elif isinstance(terms, Mapping) and "domain" in terms:
            text = self._every(terms, negated)
        elif isinstance(terms, Mapping):
            text = self._alone(terms, negated)
        elif isinstance(terms, Sequence):
            text = self._test(terms, negated, row_of(found))
        else:
            return self.unsaid(f"“{source_of(found)}”", row_of(found))
        for changed in found.get("with") or []:
            text += f" (asked with {self.term(changed['target'])} being {self.term(changed['value'])})"
        return text

    def _some(self, symbols: Sequence[Node]) -> str:
        first = symbols[0]
        if first.get("type") != "call":
            return f"for some {', '.join(self.term(s) for s in symbols)}"
        arguments = first["value"][1:]
        source = self.term(arguments[-1])
        said = [self.term(a) for a in arguments[:-1]]
        if len(said) == 2:
            at, what = said
            what = "something" if what == "anything" else what
            return f"for some {what} in {source}" + ("" if at == "anything" else f", at {at}")
        return f"for some {'member' if said[0] == 'anything' else said[0]} in {source}"

    def _every(self, terms: Node, negated: bool) -> str:
        inner = self.body(terms.get("body") or [])
        key = terms.get("key")
        at = f", at {self.term(key)}" if key and not str(key.get("value", "")).startswith("$") else ""
        text = f"for every {self.term(terms['value'])} in {self.term(terms['domain'])}{at}: {', and '.join(inner)}"
        return f"it is not so that {text}" if negated else text

    def _alone(self, term: Node, negated: bool) -> str:
        """An expression that is one term: it holds unless it is false or missing."""
        kind = term.get("type")
        if kind == "boolean":
            return "" if bool(term["value"]) is not negated else "never"
        if kind == "call":
            return self._test(term["value"], negated, row_of(term))
        said = self.term(term)
        name = self._own(term)
        if name in self.names.rules:
            return f"{said} does not hold" if negated else f"{said} holds"
        return f"{said} is missing or false" if negated else f"{said} is given and not false"

    def _own(self, term: Node) -> str:
        if term.get("type") == "var":
            return str(term.get("value"))
        return self.names.path(term["value"])[0] if term.get("type") == "ref" else ""

    def _test(self, terms: Sequence[Node], negated: bool, row: int) -> str:
        operator, arguments = self.operator(terms), list(terms[1:])
        if operator == "assign" or (operator == "eq" and not negated and self._binds(arguments)):
            return self._assigned(arguments)
        if operator == "walk" and len(arguments) == 2:
            return self._walked(arguments, negated, row)
        if operator in words.COMPARISONS and len(arguments) == 2:
            return self._compared(operator, arguments, negated)
        said = [self.term(a) for a in arguments]
        known = words.TESTS.get(operator)
        if operator.startswith(words.LIBRARY):
            known = words.LIBRARY_TESTS.get(operator.removeprefix(words.LIBRARY))
        if known is not None and len(said) >= slots(known[0]):
            return known[negated].format(*said) + self._or_missing(arguments, negated)
        if operator in self.names.rules:
            return f"{operator}({', '.join(said)}) {'does not hold' if negated else 'holds'}"
        if len(arguments) >= 2 and operator in words.CALLS and slots(words.CALLS[operator]) == len(said) - 1:
            # A call with one argument more than it takes binds its result to the last.
            return f"{said[-1]} is {self.call(terms[:-1], row)}"
        text = self.call(terms, row)
        return f"{text} is missing or false" if negated else f"{text} is not false"

    @staticmethod
    def _binds(arguments: Sequence[Node]) -> bool:
        return arguments[0].get("type") == "var" and not str(arguments[0].get("value")).startswith("$")

    def _assigned(self, arguments: Sequence[Node]) -> str:
        left, right = arguments
        return f"{self.term(left)} is {self.term(right)}"

    def _walked(self, arguments: Sequence[Node], negated: bool, row: int) -> str:
        whole, found = arguments
        if negated or found.get("type") != "array" or len(found["value"]) != 2:
            return self.unsaid(f"“walk({self.term(whole)}, {self.term(found)})”", row)
        path, node = (self.term(v) for v in found["value"])
        said = WHOLE_TREE.format("something" if node == "anything" else node, self.term(whole))
        return said if path == "anything" else f"{said} ({path} says where)"

    def _compared(self, operator: str, arguments: Sequence[Node], negated: bool) -> str:
        left, right = arguments
        if (special := self._counted(operator, left, right, negated)) or (
            special := self._versions(operator, left, right, negated)
        ):
            return special
        text = f"{self.term(left)} {words.COMPARISONS[operator][negated]} {self.term(right)}"
        return text + self._or_missing(arguments, negated)

    def _counted(self, operator: str, left: Node, right: Node, negated: bool) -> str:
        """`count(x) == 0` and `count(x) > 0` as none and some."""
        if left.get("type") != "call" or self.operator(left["value"]) != "count" or right.get("value") != 0:
            return ""
        none = {"eq": True, "equal": True, "gt": False, "neq": False, "lte": True}.get(operator)
        if none is None or negated:
            return ""
        what = self.term(left["value"][1])
        return f"{what} is empty" if none else f"{what} is not empty"

    def _versions(self, operator: str, left: Node, right: Node, negated: bool) -> str:
        if left.get("type") != "call" or self.operator(left["value"]) != "semver.compare":
            return ""
        if right.get("type") != "number" or right.get("value") != 0 or negated:
            return ""
        first, second = (self.term(a) for a in left["value"][1:3])
        return words.VERSIONS[operator].format(first, second)

    def _or_missing(self, arguments: Sequence[Any], negated: bool) -> str:
        """`not f(x.y)` is met, too, where x.y is missing: that must be said."""
        return ", or that is missing" if negated and any(map(_may_miss, arguments)) else ""


def _may_miss(node: Any) -> bool:
    """Whether a term looks something up that need not be there."""
    if isinstance(node, list):
        return any(map(_may_miss, node))
    if not isinstance(node, Mapping):
        return False
    kind, value = node.get("type"), node.get("value")
    if kind == "ref":
        return len(value or []) > 1
    # The first term of a call is the name of what is called.
    return (
        _may_miss(value[1:]) if kind == "call" and value else _may_miss(value) if kind == "array" else False
    )
