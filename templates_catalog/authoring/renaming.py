"""Wishes about names: another identifier or name, the same in lower case, something in front of it or behind."""

from __future__ import annotations

import re

from templates_catalog.authoring import locating
from templates_catalog.authoring.context import Context, Option
from templates_catalog.authoring.edits import Rename
from templates_catalog.authoring.locating import quoted
from templates_catalog.authoring.words import STOP, TOKEN, clean


def renames(text: str, context: Context) -> list[Option]:
    """A new identifier or name."""
    if both := identifier_and_name(text, context):
        return both
    if named := stage_or_step(text, context):
        return named
    hit = re.search(
        rf"(?<![\w-])(?:re-?name|call|name)\b(?: it| this| that| the [\w ]+?| [\w'\"-]+)?(?: to| as| "
        rf"into)?\s+{TOKEN}|\b(?:identifier|name|id)(?: (?:is|to|should be|must be|becomes?) | ?[=:] ?)"
        rf"{TOKEN}|\bchange (?:it|its name|the name|the identifier|the id) to {TOKEN}",
        text, re.I,
    )  # fmt: skip
    if not hit:
        return [*spelt(text, context), *affixes(text, context), *shortened(text, context)]
    value = clean(next(group for group in hit.groups() if group))
    if value.lower() in STOP or value.lower() in ("identifier", "name"):
        return []
    keys = ["identifier", "name"]
    by_identifier = re.search(r"\bidentifier\b|\bid\b", text, re.I) or (
        re.search(r"\bidentifier\b", context.messages, re.I)
        and not re.search(r"\bname\b", context.messages, re.I)
    )
    keys = keys if by_identifier else ["name", "identifier"]
    nodes = [
        (node.path, node.value)
        for node in locating.named(context.document, text) + context.blamed
        if node.kind != "stage"
    ]
    holders = [*nodes, (context.document.root, context.document.body)]
    options = []
    for number, (path, body) in enumerate(holders):
        for rank, key in enumerate(keys):
            if isinstance(body.get(key), str) and body[key] != value:
                blamed = body[key] in quoted(context.messages)
                weight = 7 - rank - 0.2 * number + (1.5 if blamed else 0)
                options.append(Option((Rename(f"{path}.{key}", value, body[key]),), weight))
    return options


def stage_or_step(text: str, context: Context) -> list[Option]:
    """ "Rename the stage to Deploy dev": the name of the one that was objected to, or that is named."""
    hit = re.search(
        r"\bre-?name\b (?:the )?([\w -]*?)\b(stage|step)\b([\w -]*?) (?:to|as|into) [`'\"“]?([\w][\w .-]{1,60}?)[`'\"”]?\s*[.!]?$",
        text,
        re.I,
    )
    if not hit:
        return []
    kind = hit[2].lower()
    nodes = [n for n in locating.exactly(context.document, f"{hit[1]} {hit[3]}") if n.kind == kind]
    nodes = nodes or (
        context.blamed_stages if kind == "stage" else [n for n in context.blamed if n.kind == kind]
    )
    return [Option((Rename(f"{nodes[0].path}.name", hit[4], nodes[0].name),), 9)] if len(nodes) == 1 else []


def identifier_and_name(text: str, context: Context) -> list[Option]:
    """`identifier: x_y; name: X Y`, each as written."""
    said = re.findall(
        r"\b(identifier|id|name)\s*[:=]\s*[`'\"“]?([\w][\w .-]*[\w])[`'\"”]?\s*(?:[;,]|$|\band\b)", text, re.I
    )
    given = {("name" if key.lower() == "name" else "identifier"): value.strip() for key, value in said}
    body = context.document.body
    if set(given) != {"identifier", "name"} or not re.fullmatch(r"\w+", given["identifier"]):
        return []
    at = context.document.root
    return [Option(tuple(Rename(f"{at}.{key}", value, body.get(key)) for key, value in given.items()), 9.5)]


def affixes(text: str, context: Context) -> list[Option]:
    """The name that was objected to with something in front of it, or behind."""
    front = re.search(
        rf"\b(?:prefix|begin|start)\w*\b (?:it |the name |its name |them )?(?:with |by )?{TOKEN}", text, re.I
    )
    front = front or re.search(
        rf"\b(?:put|add|set|insert)\b {TOKEN} (?:in front of|before|to the (?:front|start|beginning) of)\b",
        text,
        re.I,
    )
    behind = re.search(
        rf"\b(?:append|suffix|end)\w*\b (?:it |the name |its name )?(?:with |in |by )?{TOKEN}", text, re.I
    )
    hit = front or behind
    if not hit or not re.fullmatch(r"[\w-]+[-_]|[-_]?[\w-]+", clean(hit[1])) or clean(hit[1]).lower() in STOP:
        return []
    said, part = set(quoted(context.messages)), clean(hit[1])
    return [
        Option((Rename(path, part + value if front else value + part, value),), 8)
        for path, key, value in context.document.leaves()
        if key in ("identifier", "name") and value in said and part not in value
    ]


JOINTS = (("-", r"hyphens?|dash(?:es)?"), ("_", r"underscores?"))


def spelt(text: str, context: Context) -> list[Option]:
    """The name that was objected to in lower case, with hyphens or underscores: spellings that need no new name."""
    lower = re.search(r"\blower ?-?case(?:d|s)?\b|\bsmall letters\b", text, re.I)
    joints = [
        sign for sign, word in JOINTS
        if re.search(rf"\b(?:{word}) (?:instead of|rather than|for|in place of|not)\b|\b(?:by|with|to|into|use) (?:an? )?(?:{word})\b", text, re.I)
    ]  # fmt: skip
    if not lower and not joints:
        return []
    said = set(quoted(context.messages))
    options = []
    for path, key, value in context.document.leaves():
        if key in ("identifier", "name") and value in said:
            new = value.lower() if lower else value
            new = re.sub(r"[\s_-]+", joints[0], new) if len(joints) == 1 else new
            options += [Option((Rename(path, new, value),), 8)] if new != value else []
    return options


def shortened(text: str, context: Context) -> list[Option]:
    """The name that was objected to without a part of it: "drop the test from the name"."""
    hit = re.search(
        rf"\b(?:drop|remove|delete|cut|strip|take|leave|lose)\b (?:out )?(?:the )?(?:word |part )?{TOKEN} (?:out )?(?:from|of|in) (?:the |its )?(?:name|identifier)\b",
        text, re.I,
    )  # fmt: skip
    part = clean(hit[1]) if hit else ""
    if not part or part.lower() in STOP:
        return []
    options = []
    for path, key, value in context.document.leaves():
        if (
            key in ("identifier", "name")
            and value in quoted(context.messages)
            and re.search(re.escape(part), value, re.I)
        ):
            rest = re.sub(
                rf"(?:[\s_-]*){re.escape(part)}(?=[\s_-]|$)|^{re.escape(part)}[\s_-]*", "", value, flags=re.I
            )
            options += [Option((Rename(path, rest, value),), 8.5)] if rest and rest != value else []
    return options
