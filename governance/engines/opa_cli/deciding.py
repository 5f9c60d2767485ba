"""What a module says of documents."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from governance.engines.limited import Limits
from governance.engines.opa_binary import capabilities_file, find_opa
from governance.engines.opa_cli.modules import package_of, reference
from governance.engines.opa_cli.process import (
    DRAFT,
    POLICY,
    Folder,
    good,
    lines_of,
    read,
)


def evaluate(
    text: str,
    documents: Sequence[Any],
    *,
    others: Mapping[str, str] | None = None,
    limits: Limits = DRAFT,
) -> list[set[str]]:
    """The messages of `deny` for every input document, in their order, in one process.

    A failing built-in is an error, as in the gate. Raises OpaFailed or DidNotFinish.
    """
    return [set(map(message_of, _as_list(found))) for found in
            evaluate_rule(text, "deny", documents, others=others, limits=limits)]  # fmt: skip


def evaluate_rule(
    text: str,
    rule: str,
    documents: Sequence[Any],
    *,
    others: Mapping[str, str] | None = None,
    limits: Limits = DRAFT,
    strict: bool = True,
) -> list[Any]:
    """The value of one rule of the module for every input document; None where undefined.

    strict  a failing built-in is an error; otherwise what it gives is undefined
    """
    query = _for_each(text, rule)
    with Folder({**(others or {}), POLICY: text}) as folder:
        folder.write("input.json", json.dumps(list(documents)))
        files = [flag for name in (*(others or {}), POLICY) for flag in ("--data", name)]
        capabilities = ["--capabilities", capabilities_file(find_opa())]
        done = good(
            folder.run(
                ["eval", "--format", "json", *(["--strict-builtin-errors"] if strict else []),
                 *capabilities, *files, "--input", "input.json", query], limits,
            )
        )  # fmt: skip
    answer = read(done.stdout)
    values: dict[str, Any] = answer["result"][0]["expressions"][0]["value"]
    return [values.get(str(i)) for i in range(len(documents))]


def evaluate_reaching(
    text: str,
    documents: Sequence[Any],
    *,
    others: Mapping[str, str] | None = None,
    limits: Limits = DRAFT,
) -> tuple[list[set[str]], list[int], list[int]]:
    """As `evaluate`, with the lines of the module that all documents together reached, and those they did not.

    Telling lines takes the engine several times as long, so ask it about few documents.
    """
    found, reached, missed = ask(
        _for_each(text, "deny"), {**(others or {}), POLICY: text}, list(documents), limits=limits
    )
    said = [set(map(message_of, _as_list(found.get(str(i))))) for i in range(len(documents))]
    return said, reached.get(POLICY, []), missed.get(POLICY, [])


def _for_each(text: str, rule: str) -> str:
    """A query for the value of a rule of the module on each of a list of inputs, by its number."""
    return (
        f'{{sprintf("%d", [i]): found | some i, document in input; '
        f"found := {reference(package_of(text))}[{json.dumps(rule)}] with input as document}}"
    )


def ask(
    query: str, modules: Mapping[str, str], given: Any, *, limits: Limits = DRAFT
) -> tuple[Any, Mapping[str, list[int]], Mapping[str, list[int]]]:
    """The value of a query over modules (text by file name), None where undefined; lines reached, and not.

    A failing built-in is an error, as in the gate. Raises OpaFailed or DidNotFinish.
    """
    with Folder(modules) as folder:
        folder.write("input.json", json.dumps(given))
        files = [flag for name in modules for flag in ("--data", name)]
        capabilities = ["--capabilities", capabilities_file(find_opa())]
        arguments = ["eval", "--format", "json", "--coverage", "--strict-builtin-errors", *capabilities]
        done = good(folder.run([*arguments, *files, "--input", "input.json", query], limits))
    answer = read(done.stdout)
    found = answer.get("result") or []
    covered = answer.get("coverage", {}).get("files") or {}
    value = found[0]["expressions"][0]["value"] if found else None
    return value, lines_of(covered, "covered"), lines_of(covered, "not_covered")


def message_of(found: Any) -> str:
    """One entry of `deny` as a message: a text, or the `msg` of a structured violation."""
    if isinstance(found, str):
        return found
    if isinstance(found, Mapping) and isinstance(found.get("msg"), str):
        return str(found["msg"])
    return "denied" if found is True else json.dumps(found, sort_keys=True)


def _as_list(found: Any) -> list[Any]:
    """`deny` as a list: sets as they are, true and texts as one entry, false and null as none."""
    if found is None or found is False:
        return []
    if isinstance(found, list):
        return found
    if isinstance(found, Mapping):  # an object of messages, as partial objects give
        return list(found) if all(v is True for v in found.values()) else [found]
    return [found]
