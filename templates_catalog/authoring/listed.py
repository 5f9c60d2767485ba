"""Wishes about lists of plain values: take an entry out, exchange it, put another one in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from templates_catalog.authoring.context import REMOVE, Context, Option
from templates_catalog.authoring.edits import AddItem, Remove, SetValue, distinct
from templates_catalog.authoring.said import bare_values
from templates_catalog.authoring.words import STOP, TOKEN, clean
from templates_catalog.documents import paths


def read(text: str, context: Context) -> list[Option]:
    """Every way the sentence can be meant as a change of a list."""
    return [*several(text, context), *items(text, context), *rights(text, context)]


SEVERAL = re.compile(
    rf"\b(?:use|set|tag it with|take|with|push|put) {TOKEN}((?:, {TOKEN})*),? and {TOKEN} as (?:the |its )?tags?\b",
    re.I,
)


def several(text: str, context: Context) -> list[Option]:
    """ "Use v5 and v5.1 as tags": these and no others."""
    hit = SEVERAL.search(text)
    if not hit:
        return []
    said = [
        clean(word)
        for word in re.split(r",\s*|\s+and\s+", hit[0].split(" as ")[0].split(" ", 1)[1])
        if clean(word)
    ]
    said = [word.removeprefix("it with ").strip() for word in said]
    near = [node.path for node in context.blamed]
    edits = [
        SetValue(path, said, None)
        for path, held in lists(context, near)
        if path.endswith(".tags") and held != said
    ]
    return [Option(tuple(edits), 9.8)] if edits else []


INSTEAD = re.compile(r"\b(?:add|put|use|set|instead|replace|by|with|take)\b", re.I)


def items(text: str, context: Context) -> list[Option]:
    """Take one entry out of a list of plain values, or replace it."""
    options: list[Option] = []
    near = [node.path for node in context.blamed] or [context.document.root]
    for list_path, held in lists(context, near):
        for number, item in enumerate(held):
            if not isinstance(item, str) or not re.search(
                rf"(?<![\w.-]){re.escape(item)}(?![\w-])", text, re.I
            ):
                continue
            at = paths.join(list_path, number)
            unwanted = REMOVE.search(text) or re.search(
                rf"\b(?:not?|never|except|don't \w+) {re.escape(item)}\b", text
            )
            instead = [value for value in bare_values(text, context) if value != item and value not in held]
            if unwanted and instead and INSTEAD.search(text):
                options.append(Option((SetValue(at, instead[0], item),), 9.7))
            if unwanted and len(held) > 1:
                options.append(Option((Remove(at, f"“{item}” from {list_path.rsplit('.', 1)[-1]}"),), 9.5))
    said = bare_values(text, context)
    blamed_items = [
        (p, n, i)
        for p, held in lists(context, near)
        for n, i in enumerate(held)
        if isinstance(i, str) and mentioned(i, context)
    ]
    for value in said[:2]:
        edits = [
            # A list that holds the value already only loses the other one.
            Remove(paths.join(path, number), f"“{item}” from {path.rsplit('.', 1)[-1]}")
            if value in (paths.find(context.document.value, path) or [])
            else SetValue(paths.join(path, number), value, item)
            for path, number, item in blamed_items
            if item != value
        ]
        if edits and not REMOVE.search(text):
            options.append(Option(tuple(edits), 6))
    # The same wish holds for every step the objections name.
    if len(options) > 1 and REMOVE.search(text):
        together = distinct(edit for option in options for edit in option.edits)
        options.append(Option(tuple(sorted(together, key=lambda e: e.path, reverse=True)), 9.6))  # type: ignore[attr-defined]
    return options


def mentioned(value: str, context: Context) -> bool:
    return bool(re.search(rf"(?<![\w.-]){re.escape(value)}(?![\w-])", context.messages))


def lists(context: Context, near: Sequence[str]) -> Iterator[tuple[str, list[Any]]]:
    """Lists of plain values below the given paths."""
    for start in near:
        waiting = [(start, paths.find(context.document.value, start))]
        while waiting:
            at, value = waiting.pop(0)
            if isinstance(value, list) and value and all(not isinstance(item, dict | list) for item in value):
                yield at, value
            elif isinstance(value, dict):
                waiting += [(paths.join(at, key), inner) for key, inner in value.items()]
            elif isinstance(value, list):
                waiting += [(paths.join(at, number), inner) for number, inner in enumerate(value)]


def rights(text: str, context: Context) -> list[Option]:
    """Delegate selectors and approving groups: lists that the sentence names an entry for."""
    options: list[Option] = []
    hit = re.search(
        rf"\b(?:delegate|delegates|delegate selector|selector)\b (?:called |named |selector )?{TOKEN}|"
        rf"{TOKEN} (?:delegate|selector)\b",
        text,
        re.I,
    )
    if hit:
        value = clean(hit[1] or hit[2])
        nodes = context.blamed or []
        edits = [
            SetValue(f"{n.path}.{'spec.' if n.kind == 'step' else ''}delegateSelectors", [value])
            for n in nodes
        ]
        edits = edits or [AddItem(f"{context.document.root}.delegateSelectors", value)]  # type: ignore[list-item]
        if value.lower() not in STOP:
            options.append(Option(tuple(edits), 6.5))
    return options
