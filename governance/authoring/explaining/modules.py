"""A parsed module in English, rule by rule, each condition with its lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from governance.authoring.explaining.conditions import Conditions
from governance.authoring.explaining.sentence import Sentence
from governance.authoring.explaining.terms import Names, Node, last_row, row_of
from governance.authoring.wording import listed

REFUSES = {"deny", "violations", "violation"}
WARNS = {"warn", "warning", "warnings"}


def explain_rego(tree: Node) -> list[Sentence]:
    """A parsed module (`opa parse` with locations): its package, then one sentence a rule.

    What there are no words for is named with its line, and its sentence is not `understood`.
    """
    names = _names(tree)
    package = tree["package"]
    sentences = [Sentence(f"The policy is the package {'.'.join(names.package)}.", (row_of(package) or 1,))]
    seen: set[str] = set()
    for rule in tree.get("rules") or []:
        sentences.append(_Rule(names, rule).sentence(again=_name(rule) in seen and not rule.get("default")))
        if not rule.get("default"):
            seen.add(_name(rule))
    return sentences


def _names(tree: Node) -> Names:
    imported = {}
    for one in tree.get("imports") or []:
        path = tuple(str(part.get("value")) for part in one["path"]["value"])
        if path[0] in ("data", "input"):
            imported[str(one.get("alias") or path[-1])] = path
    rules = {_name(rule): _kind(rule) for rule in tree.get("rules") or []}
    package = tuple(str(part["value"]) for part in tree["package"]["path"][1:])
    return Names(imported, package, rules)


def _name(rule: Node) -> str:
    head = rule["head"]
    return str(head.get("name") or (head.get("ref") or [{}])[0].get("value", ""))


def _kind(rule: Node) -> str:
    head = rule["head"]
    if head.get("args"):
        return "function"
    return "set" if "key" in head else "value"


class _Rule:
    """Says one rule."""

    def __init__(self, names: Names, rule: Node) -> None:
        self.rule = rule
        self.head = rule["head"]
        self.body: Sequence[Node] = rule.get("body") or []
        self.say = Conditions(names)

    def sentence(self, *, again: bool) -> Sentence:
        said = self._message_lines()
        head = self._head(again)
        if self.rule.get("default"):
            text = f"Where nothing else says so, {head}"
            return self._made(text, ())
        parts = self.say.parts(self.body, without=said)
        return self._made(head, (*parts, *self._otherwise()))

    def _made(self, head: str, parts: tuple[Sentence, ...]) -> Sentence:
        first = [p.text for p in parts if not p.head]
        later = [p.text for p in parts if p.head]
        text = f"{head} when {'; and '.join(first)}" if first else head
        text = ". ".join([text, *later]) + "."
        if unknown := sorted(set(self.say.unknown)):
            text += f" I cannot explain: {listed(unknown)}."
        lines = tuple(range(row_of(self.rule), max(self._end(), row_of(self.rule)) + 1))
        return Sentence(text, lines, not self.say.unknown, head, parts)

    def _end(self) -> int:
        """The last line of the rule, its `else` branches included."""
        rows = [last_row(self.rule), *(last_row(e) for e in self.body)]
        branch = self.rule.get("else")
        while branch:
            rows += [last_row(branch), *(last_row(e) for e in branch.get("body") or [])]
            branch = branch.get("else")
        return max(rows)

    # --- what it gives ------------------------------------------------------------------------

    def _head(self, again: bool) -> str:
        name, also = _name(self.rule), "also " if again else ""
        if "key" in self.head and "value" not in self.head and (name in REFUSES or name in WARNS):
            verb = "refuses" if name in REFUSES else "warns"
            return f"It {also}{verb}, saying {self._message(self.head['key'])},"
        if "key" in self.head and "value" not in self.head:
            return f"{self._place()} {also}holds {self.say.term(self.head['key'])}"
        arguments = [self.say.term(a) for a in self.head.get("args") or []]
        called = f"{name}({', '.join(arguments)})" if arguments else self._place()
        value = self.head.get("value")
        if value is None or (value.get("type") == "boolean" and value["value"] is True):
            return f"It {also}refuses" if name in REFUSES and not arguments else f"{called} {also}holds"
        if value.get("type") == "set" and value.get("value"):
            return f"{called} is {also}the set of {self.say.term(value)}"
        return f"{called} is {also}{self.say.term(value)}"

    def _place(self) -> str:
        """The name of a rule with what follows it: `m[k]`, `f.g.h`."""
        parts = self.head.get("ref") or []
        if "key" in self.head and "value" not in self.head:
            parts = parts[:1] if len(parts) < 2 else parts
        if len(parts) < 2:
            return _name(self.rule) or str(parts[0].get("value", ""))
        text = str(parts[0].get("value"))
        for part in parts[1:]:
            text += f".{part['value']}" if part.get("type") == "string" else f"[{self.say.term(part)}]"
        return text

    def _message(self, key: Node) -> str:
        """What a refusal says: its text, where it points and what it advises."""
        if key.get("type") == "var" and (made := self._assigned(str(key.get("value")))) is not None:
            key = made
        if key.get("type") != "object":
            return self.say.term(key)
        fields: dict[str, Any] = {str(k.get("value")): v for k, v in key.get("value") or []}
        said = [self.say.term(fields.pop("msg"))] if "msg" in fields else []
        if "path" in fields:
            said.append(f"at {self.say.term(fields.pop('path'))}")
        if "fix" in fields:
            said.append(f"with the advice {self.say.term(fields.pop('fix'))}")
        said += [f"{name} {self.say.term(value)}" for name, value in fields.items()]
        return ", ".join(said)

    def _assigned(self, variable: str) -> Node | None:
        for expression in self.body:
            found = _assignment(expression)
            if found is not None and found[0] == variable:
                return found[1]
        return None

    def _message_lines(self) -> frozenset[int]:
        """Expressions that only make the message: they are said with the head."""
        key = self.head.get("key")
        if key is None or key.get("type") != "var" or _name(self.rule) not in REFUSES | WARNS:
            return frozenset()
        wanted = str(key.get("value"))
        return frozenset(
            i for i, e in enumerate(self.body) if (found := _assignment(e)) is not None and found[0] == wanted
        )

    # --- and otherwise ------------------------------------------------------------------------

    def _otherwise(self) -> tuple[Sentence, ...]:
        found, branch = [], self.rule.get("else")
        while branch:
            inner = self.say.parts(branch.get("body") or [])
            value = branch["head"].get("value", {"type": "boolean", "value": True})
            holds = value.get("type") == "boolean" and value.get("value") is True
            head = "Otherwise it holds" if holds else f"Otherwise it is {self.say.term(value)}"
            text = f"{head} when {'; and '.join(p.text for p in inner)}" if inner else head
            rows = range(row_of(branch), max(last_row(branch), *(p.lines[-1] for p in inner), 0) + 1)
            understood = all(p.understood for p in inner)
            found.append(Sentence(text, tuple(rows), understood, head, inner))
            branch = branch.get("else")
        return tuple(found)


def _assignment(expression: Node) -> tuple[str, Node] | None:
    terms = expression.get("terms")
    if not isinstance(terms, Sequence) or isinstance(terms, Mapping) or len(terms) != 3:
        return None
    operator = terms[0].get("value")
    name = operator[0].get("value") if isinstance(operator, list) and len(operator) == 1 else ""
    if name not in ("assign", "eq") or terms[1].get("type") != "var":
        return None
    return str(terms[1].get("value")), terms[2]
