"""One rule, two modules: self-contained Rego for people, and Rego against the shared library.

Both decide alike. The standalone module runs in a bare `opa eval` and holds the helpers it
needs; the linked one uses `data.portal.lib`, whose sets an engine computes once per decision.
"""

from __future__ import annotations

from governance.authoring.compile.library import blocks_for, library_source
from governance.authoring.compile.module import Module
from governance.authoring.rule import Rule

__all__ = ["library_source", "linked", "standalone"]


def standalone(rule: Rule, package: str = "") -> str:
    """The rule as one self-contained Rego v1 module; the package defaults to the entity's.

    Raises ValueError when a literal does not fit its measure or a time zone does not exist.
    """
    module = Module(rule, prefix="")
    body = module.render(package)
    helpers = blocks_for(module.used, rule.entity)
    return f"{body}\n{helpers}" if helpers else body


def linked(rule: Rule, package: str = "", *, deny: bool = True) -> str:
    """The rule as Rego v1 against the shared library; same verdicts, same messages.

    deny  False leaves out the rule that repeats the messages of `violations`, for who reads those
    """
    return Module(rule, prefix="lib.").render(package, deny=deny)
