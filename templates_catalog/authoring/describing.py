"""Wishes about descriptions: a sentence for what has none, or one for each entry."""

from __future__ import annotations

import re

from templates_catalog.authoring import intent, locating
from templates_catalog.authoring.context import Context, Option
from templates_catalog.authoring.edits import Edit, SetValue
from templates_catalog.authoring.said import sentence_value


def one_by_one(text: str, context: Context) -> list[Option]:
    """`DB_HOST is the database host, MODE the run mode`: each entry that was objected to with words of its own."""
    entries = [node for node in context.blamed if node.kind == "entry"]
    if not entries or not re.search(r"descri", context.messages, re.I):
        return []
    edits: list[Edit] = []
    for node in entries:
        name = re.escape(node.name or node.identifier)
        hit = re.search(
            rf"(?<![\w-])[`'\"“]?{name}[`'\"”]?\s*(?:is|=|:|means|holds|stands for|as)\s*([^,;]{{3,200}})",
            text,
            re.I,
        )
        # "HOST is the relay; PORT its port": the verb is said once.
        hit = hit or re.search(
            rf"(?:[,;]\s*|\band )[`'\"“]?{name}[`'\"”]?\s+((?:its|the|an?|his|for|where)\b[^,;]{{3,200}})",
            text,
        )
        said = re.split(r"\band (?=\w+ (?:is|means|holds)\b)", hit[1])[0].strip(" .'\"") if hit else ""
        if said:
            edits.append(SetValue(f"{node.path}.description", said, node.value.get("description")))
    return [Option(tuple(edits), 9.6)] if len(edits) == len(entries) else []


# How a sentence begins that asks for something, or answers, instead of describing.
NO_DESCRIPTION = frozenset(
    f"{intent.VERBS} i we you it its it's this that they there no not yes ok okay just please can could should may would let's what "
    "which who why how whatever any anything something maybe perhaps sorry write say none nothing same dont don't".split()
)


def is_for(text: str, context: Context) -> str:
    """ "It's the token of the release bot", where a description is missing."""
    hit = re.search(
        r"\b(?:it(?:'s| is)|this is) (?:for )?((?:the|an?|our|used|where)\b[^;.]{3,200})", text, re.I
    )
    return hit[1].strip(" '") if hit and re.search(r"\bdescri(?:ption|bed)\b", context.messages, re.I) else ""


def only_words(text: str, context: Context) -> str:
    """An answer that is nothing but the words that were missing: "Password of the orders database"."""
    words = re.findall(r"[\w'-]+", text)
    missing = re.search(r"\bdescri(?:ption|bed)\b", context.messages, re.I)
    if not missing or text.strip() != context.whole.strip() or not 3 <= len(words) <= 25:
        return ""
    several = [node for node in context.blamed if node.kind == "entry"]
    if len(several) > 1 or locating.named(context.document, text):
        return ""
    plain = words[0].lower() not in NO_DESCRIPTION and not re.search(r"[?:=]|\bdescri|\bsame\b", text, re.I)
    return text.strip(" .!") if plain else ""


def descriptions(text: str, context: Context) -> list[Option]:
    """A description is a sentence, not a word."""
    if each := one_by_one(text, context):
        return each
    value = (
        sentence_value(text)
        if re.search(r"descri|\bwrite\b|says?\b|saying|explain", text + context.messages, re.I)
        else ""
    )
    value = value or is_for(text, context) or only_words(text, context)
    if not value:
        return []
    spoken = [node for node in locating.named(context.document, text) if node.kind == "entry"]
    holders = (
        [node for node in spoken if node in context.blamed]
        or [n for n in context.blamed if n.kind == "entry"]
        or spoken
    )
    stages = [node for node in context.blamed if node.kind != "entry"]
    options = []
    for nodes, weight in ((holders, 9.0), (stages, 7.0)):
        edits = tuple(
            SetValue(f"{node.path}.description", value, node.value.get("description")) for node in nodes
        )
        options += [Option(edits, weight)] if edits else []
    root = SetValue(f"{context.document.root}.description", value, context.document.body.get("description"))
    return [*options, Option((root,), 8.0)]
