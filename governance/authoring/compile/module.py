"""A whole Rego module made from a rule: violations, constants, helpers."""

from __future__ import annotations

import textwrap
from typing import Any

from governance.authoring import rule as r
from governance.authoring.compile import conditions
from governance.authoring.compile.body import ROOTS, Body, fresh, uses
from governance.authoring.compile.terms import PlaceTerm, Variable, literal, set_of
from governance.authoring.fields import kind_of
from governance.authoring.scope import PLACEHOLDER, free_names
from governance.authoring.wording import clause_text, condition_text

LINE = 96
MANY = 3  # sets with more entries get a name


class Module:
    """The text of one module; `prefix` is how it calls the library."""

    def __init__(self, rule: r.Rule, prefix: str) -> None:
        self.rule = rule
        self.kind = kind_of(rule.entity)
        self.root = self.kind.root
        self.prefix = prefix
        self.used: set[str] = set()
        self.taken: set[str] = {"deny", "violations"}
        self.helpers: list[str] = []
        self.constants: dict[str, str] = {}
        self.windows: dict[r.During, str] = {}
        self.calls: dict[tuple[Any, ...], tuple[str, list[tuple[str, str]]]] = {}

    def lib(self, name: str) -> str:
        """A library rule as this module calls it."""
        self.used.add(name)
        return f"{self.prefix}{name}"

    def render(self, package: str, *, deny: bool = True) -> str:
        """The module without the helpers of a standalone one."""
        clauses = [self._clause(clause) for clause in self.rule.clauses]
        head = [*_comment(self.rule.title), f"package {package or self.kind.package}"]
        if self.prefix and self.used:
            head += ["", "import data.portal.lib"]
        denies = ["deny contains violation.msg if some violation in violations"] if deny else []
        named = [f"{name} := {terms}" for terms, name in self.constants.items()]
        parts = ["\n".join(head), *named, *denies, *clauses, *self.helpers]
        return "\n\n".join(parts) + "\n"

    def _clause(self, clause: r.Clause) -> str:
        body = Body(self)
        if clause.each is not None:
            body.bind(clause.name, clause.each, clause.where)
        conditions.add(body, clause.where, True)
        if clause.unless is not None:
            conditions.add(body, clause.unless, False)
        conditions.add(body, clause.demand, False)
        fields = {
            "code": literal(clause.code),
            "fix": self._message(body, clause.fix),
            "msg": self._message(body, clause.message),
            "path": self._path(body, clause),
        }
        entries = "".join(f"\t\t{literal(key)}: {term},\n" for key, term in fields.items())
        lines = "".join(f"\t{line}\n" for line in body.finished(entries))
        comment = "\n".join(_comment(clause_text(self.rule, clause)))
        return f"{comment}\nviolations contains violation if {{\n{lines}\tviolation := {{\n{entries}\t}}\n}}"

    def _path(self, body: Body, clause: r.Clause) -> str:
        if clause.each is None:
            return literal(".".join(self.root))
        own = isinstance(clause.each, r.Items) and clause.each.of in ROOTS
        root = ROOTS[clause.each.of] if own else self.root  # type: ignore[union-attr]
        return f"{self.lib('path_text')}({body.place(clause.name).render(root)})"

    def _message(self, body: Body, template: str) -> str:
        """A message template as a text or a sprintf."""
        arguments: list[str] = []
        pieces: list[str] = []
        end = 0
        for match in PLACEHOLDER.finditer(template):
            pieces.append(template[end : match.start()].replace("%", "%%"))
            name, rest = match.group(1), (match.group(2) or "").removeprefix(".")
            if rest == "stage" and name not in r.SPECIAL_NAMES:
                arguments.append(f"{self.lib('label')}({body.node(f'{name}.stage')})")
            elif rest:
                field = r.Field(of=name, path=tuple(rest.split(".")))
                arguments.append(f"{self.lib('shown')}({body.total(field)})")
            else:
                field = r.Field(of=name)
                term = body.total(field) if name not in r.SPECIAL_NAMES else self._whole(name)
                arguments.append(f"{self.lib('label')}({term})")
            pieces.append("%v")
            end = match.end()
        if not arguments:
            return literal(template)
        pieces.append(template[end:].replace("%", "%%"))
        return f"sprintf({literal(''.join(pieces))}, [{', '.join(arguments)}])"

    def _whole(self, name: str) -> str:
        """The entity, the metadata or the input as a term that is always defined."""
        path = self.root if name == "document" else ROOTS[name]
        return f"{self.lib('field')}(input, {literal(list(path))})" if path else "input"

    # --- what bodies ask for ------------------------------------------------------------------

    def helper(self, body: Body, origin: Any, name: str, branches: tuple[Any, ...]) -> str:
        """A helper rule that holds when one of the branches does; gives the call."""
        outer = {n: body.names[n] for n in sorted(free_names(origin)) if n in body.names}
        key = (origin, branches, tuple((n, v.name) for n, v in outer.items()))
        if key not in self.calls:
            rule_name = fresh(conditions.helper_name(name), self.taken | body.variables)
            self.taken.add(rule_name)
            slot = len(self.helpers)
            self.helpers.append("")
            names = {n: _parameter(v) for n, v in outer.items()}
            bodies = [self._branch(names, branch) for branch in branches]
            parameters = [p for p in _parts(names) if any(uses("\n".join(b), p[2]) for b in bodies)]
            listed = f"({', '.join(p[2] for p in parameters)})" if parameters else ""
            rules = [_rule(f"{rule_name}{_unused(listed, parameters, lines)}", lines) for lines in bodies]
            comment = "\n".join(_comment(condition_text(origin, self.kind)))
            self.helpers[slot] = f"{comment}\n" + "\n\n".join(rules)
            self.calls[key] = (rule_name, [(p[0], p[1]) for p in parameters])
        rule_name, asked = self.calls[key]
        return body.call(rule_name, asked)

    def _branch(self, names: dict[str, Variable], branch: Any) -> list[str]:
        inner = Body(self, names={n: Variable(**vars(v)) for n, v in names.items()})
        conditions.add(inner, branch, True)
        return inner.finished() or ["true"]

    def window(self, window: r.During) -> str:
        """The name of the helper that holds inside a time window."""
        if window not in self.windows:
            name = fresh("in_window", self.taken)
            self.taken.add(name)
            self.windows[window] = name
            comment = "\n".join(_comment(condition_text(window, self.kind)))
            lines = conditions.window_lines(Body(self), window)
            self.helpers.append(f"{comment}\n{_rule(name, lines)}")
        return self.windows[window]

    def named_set(self, name: str, values: tuple[str, ...]) -> str:
        """A set of texts, under a name of its own when it has many entries."""
        return self._constant(name, [literal(value) for value in values])

    def constant(self, test: r.Test, terms: list[str]) -> str:
        """The alternatives of a test, under a name of their own when they are many."""
        name = "values"
        if isinstance(test.value, r.Field) and test.value.path:
            last = "".join(c if c.isalnum() else "_" for c in test.value.path[-1]).lower()
            name = f"{last.strip('_') or 'value'}s"
        return self._constant(f"listed_{name}", terms)

    def _constant(self, name: str, terms: list[str]) -> str:
        text = set_of(terms)
        if len(terms) <= MANY:
            return text
        inner = ",\n\t".join(dict.fromkeys(terms))
        block = f"{{\n\t{inner},\n}}"
        if block not in self.constants:
            found = fresh(name, self.taken)
            self.taken.add(found)
            self.constants[block] = found
        return self.constants[block]


def _parameter(variable: Variable) -> Variable:
    """The same name inside a helper, where place, key and stage are parameters."""
    name = variable.name
    return Variable(name, PlaceTerm(f"{name}_place"), f"{name}_key", f"{name}_stage")


def _parts(names: dict[str, Variable]) -> list[tuple[str, str, str]]:
    """Possible parameters: (bound name, part, variable)."""
    return [
        (n, part, f"{v.name}{'' if part == 'node' else '_' + part}")
        for n, v in names.items()
        for part in ("place", "key", "stage", "node")
    ]


def _unused(listed: str, parameters: list[tuple[str, str, str]], lines: list[str]) -> str:
    """The parameter list of one body, with `_` for what this body does not use."""
    text = "\n".join(lines)
    names = [p[2] if uses(text, p[2]) else "_" for p in parameters]
    return f"({', '.join(names)})" if listed else ""


def _rule(head: str, lines: list[str]) -> str:
    if len(lines) == 1:
        return f"{head} if {lines[0]}" if lines[0] != "true" else f"{head} if true"
    return f"{head} if {{\n" + "".join(f"\t{line}\n" for line in lines) + "}"


def _comment(text: str) -> list[str]:
    """Text as comment lines; a line break in it starts a new one."""
    return [
        f"# {line}".rstrip()
        for paragraph in text.splitlines() or [""]
        for line in textwrap.wrap(paragraph, LINE, break_on_hyphens=False) or [""]
    ]
