"""What a module is: whether it compiles, how it is formatted, its syntax tree and its package."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from governance.engines.limited import Limits
from governance.engines.opa_binary import capabilities_file, find_opa
from governance.engines.opa_cli.process import (
    DRAFT,
    POLICY,
    DidNotFinish,
    Folder,
    OpaFailed,
    good,
    problems_of,
)
from governance.errors import Problem

# Lists and objects of a syntax tree inside each other; policies that people write stay below a hundred.
MOST_NESTED = 400
# Characters of a syntax tree, as some 50 kB of Rego have: ten times the largest starter policy. Reading one takes
# our own time, which the limits of the process do not count: about a second for this much.
MOST_TREE = 4_000_000
TOO_LARGE = "The policy has too many rules and expressions to be read. Split it into several."
TOO_DEEP = "The policy is nested too deeply, or holds too long a number, to be read. Give parts of it names of their own."


def check(
    text: str,
    *,
    others: Mapping[str, str] | None = None,
    strict: bool = True,
    schema: Mapping[str, Any] | None = None,
) -> list[Problem]:
    """Problems of a module: syntax, types, strictness, forbidden built-ins. [] is fine.

    `others` are modules it may refer to, by file name; `schema` is a JSON Schema of the input.
    """
    if "METADATA" in text and (found := _schemas_of_its_own(text)):
        return found
    flags = ["--strict"] if strict else []
    with Folder({**(others or {}), POLICY: text}) as folder:
        if schema is not None:
            folder.write("schema.json", json.dumps(schema))
            flags += ["--schema", "schema.json"]
        names = [*(others or {}), POLICY]
        capabilities = ["--capabilities", capabilities_file(find_opa())]
        try:
            done = folder.run(["check", "--format", "json", *capabilities, *flags, *names], DRAFT)
        except DidNotFinish as error:
            return error.problems
        return [] if done.returncode == 0 else problems_of(done)


def _schemas_of_its_own(text: str) -> list[Problem]:
    """Annotations that name schemas: those are fetched while compiling, from files as well."""
    try:
        annotations = parse(text).get("annotations") or []
    except OpaFailed as error:
        return error.problems
    return [
        Problem("Annotations may not bring schemas: they are read from other places.", line=_row_of(a))
        for a in annotations
        if a.get("schemas")
    ]


def _row_of(node: Mapping[str, Any]) -> int:
    return int((node.get("location") or {}).get("row", 0))


def failing(
    modules: Mapping[str, str], *, others: Mapping[str, str] | None = None, limits: Limits = DRAFT
) -> set[str]:
    """Names of the modules (text by file name) that do not compile, found in few processes."""
    wrong: set[str] = set()
    with Folder({**(others or {}), **modules}) as folder:
        for _ in range(4):  # parse errors hide type errors, and those hide others
            names = [name for name in modules if name not in wrong]
            if not names:
                break
            flags = ["--format", "json", "--max-errors", "1000"]
            done = folder.run(["check", *flags, *(others or {}), *names], limits)
            if done.returncode == 0:
                break
            found = set(re.findall(r'"file": "([^"]+)"', done.stderr + done.stdout))
            wrong |= found & set(names) or set(names)
    return wrong


def fmt(text: str) -> str:
    """The module as `opa fmt` writes it; OpaFailed when it does not parse."""
    with Folder({POLICY: text}) as folder:
        return good(folder.run(["fmt", POLICY], DRAFT)).stdout


def parse(text: str) -> dict[str, Any]:
    """The syntax tree with locations; OpaFailed when it does not parse."""
    with Folder({POLICY: text}) as folder:
        flags = ["--format", "json", "--json-include", "locations,comments"]
        done = good(folder.run(["parse", *flags, POLICY], DRAFT))
    if len(done.stdout) > MOST_TREE:
        raise OpaFailed([Problem(TOO_LARGE)])
    try:
        tree: dict[str, Any] = json.loads(done.stdout)
    except (RecursionError, ValueError):
        # Python reads no numbers of more than 4,300 digits.
        raise OpaFailed([Problem(TOO_DEEP)]) from None
    if _deeper_than(MOST_NESTED, tree):
        raise OpaFailed([Problem(TOO_DEEP)])
    _remember(text, tree)
    return tree


def _deeper_than(most: int, tree: Any) -> bool:
    """Whether lists and objects stand in each other more than so many times; without recursion itself."""
    level, deep = [tree], 0
    while level:
        deep += 1
        if deep > most:
            return True
        inside = [list(n.values()) if isinstance(n, dict) else n for n in level if isinstance(n, dict | list)]
        level = [child for children in inside for child in children if isinstance(child, dict | list)]
    return False


def modernise(text: str) -> tuple[str, bool]:
    """A module of Rego v0 as v1 alone, and whether it was v0; one of v1 comes back formatted. OpaFailed when it
    is neither."""
    with Folder({POLICY: text}) as folder:
        first = folder.run(["fmt", "--v0-v1", POLICY], DRAFT)
        if first.returncode != 0:
            # Not v0, so it is v1 or nothing.
            return _without_v0_imports(folder) or fmt(text), False
        was_v0 = folder.run(["fmt", "--list", POLICY], DRAFT).returncode != 0
        folder.write(POLICY, first.stdout)
        return _without_v0_imports(folder) or first.stdout, was_v0


def _without_v0_imports(folder: Folder) -> str:
    """ "" when that cannot be."""
    done = folder.run(["fmt", "--drop-v0-imports", POLICY], DRAFT)
    return done.stdout if done.returncode == 0 else ""


def package_of(text: str) -> tuple[str, ...]:
    """The package path of a module; OpaFailed when it does not parse."""
    if (known := _packages.get(_digest(text))) is not None:
        return known
    return _remember(text, parse(text))


def _remember(text: str, tree: Mapping[str, Any]) -> tuple[str, ...]:
    if len(_packages) > MOST_REMEMBERED:
        _packages.clear()
    found = tuple(part["value"] for part in tree["package"]["path"][1:])
    _packages[_digest(text)] = found
    return found


# By the text's digest: everything that decides with a module asks for its package, and reading takes a process.
_packages: dict[bytes, tuple[str, ...]] = {}


MOST_REMEMBERED = 1000


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


def reference(package: Sequence[str]) -> str:
    """A package path as a reference in data."""
    return "data" + "".join(f"[{json.dumps(part)}]" for part in package)
