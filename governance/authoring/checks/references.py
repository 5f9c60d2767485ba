"""What a module may refer to: its own package, the shared library, the input."""

from __future__ import annotations

from governance.authoring.checks import tree as t
from governance.authoring.checks.findings import Finding

LIBRARY = ("portal", "lib")


def foreign_references(tree: t.Tree) -> list[Finding]:
    """References to data of others: they would be undefined, or somebody else's to change."""
    own = tuple(str(part["value"]) for part in tree["package"]["path"][1:])
    found = []
    for reference in t.references({"rules": tree.get("rules"), "imports": tree.get("imports")}):
        if t.head_of(reference) != "data":
            continue
        path = tuple(str(part.get("value")) for part in reference["value"][1:])
        if path[: len(own)] == own or path[:2] == LIBRARY:
            continue
        name = ".".join(("data", *path))
        found.append(
            Finding(
                "reference", "error",
                f"{name} belongs to another package. A policy may use its own package "
                f"(data.{'.'.join(own)}) and data.portal.lib; copy what you need.",
                t.row(reference), t.column(reference),
            )
        )  # fmt: skip
    return found


def unused_deny(tree: t.Tree) -> list[Finding]:
    """A module without `deny` never refuses anything."""
    names = {t.name_of(rule) for rule in t.rules(tree)}
    if "deny" in names:
        return []
    near = sorted(names & {"denied", "Deny", "violation", "violations", "warn", "reject", "block"})
    hint = f" Rename {near[0]} to deny." if near else " Add: deny contains message if { ... }"
    return [Finding("reference", "error", f"There is no rule named deny, so nothing is refused.{hint}")]
