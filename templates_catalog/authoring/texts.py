"""Wishes about texts: tags, names, one text for another, references at another scope, descriptions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from templates_catalog.authoring.context import REMOVE, Context, Option, bare
from templates_catalog.authoring.edits import Edit, Remove, ReplaceText, SetValue
from templates_catalog.authoring.locating import quoted
from templates_catalog.authoring.said import NOUNS, expressions
from templates_catalog.authoring.words import STOP, TOKEN, WORD_NUMBERS, clean, number_of
from templates_catalog.documents import paths
from templates_catalog.vocabulary import is_value


def tags(text: str, context: Context) -> list[Option]:
    """Tags by name: those the objection asks for, and those the sentence calls tags."""
    if REMOVE.search(text) and re.search(r"\btags?\b", text, re.I):
        held = context.document.body.get("tags") or {}
        gone = [key for key in held if re.search(rf"(?<![\w-]){re.escape(key)}(?![\w-])", text, re.I)]
        return (
            [
                Option(
                    tuple(
                        Remove(paths.join(f"{context.document.root}.tags", key), f"the tag {key}")
                        for key in gone
                    ),
                    9,
                )
            ]
            if gone
            else []
        )
    if not re.search(r"\btags?\b", f"{text} {context.messages}", re.I):
        return []
    wanted = dict.fromkeys(
        said for said in wanted_tags(text, context) if said and said.lower() not in ("tag", "tags")
    )
    edits: list[Edit] = []
    for key in wanted:
        if is_tail(key, wanted):
            continue
        value = tag_value(text, key)
        before = (context.document.body.get("tags") or {}).get(key)
        if value and value != before:
            edits.append(SetValue(paths.join(f"{context.document.root}.tags", key), value, before))
    return [Option(tuple(edits), 9)] if edits else []


def is_tail(key: str, wanted: Iterable[str]) -> bool:
    """Whether a word is only the end of another tag: the center of "cost center"."""
    return any(other != key and re.search(rf"[-_ ]{re.escape(key)}$", other, re.I) for other in wanted)


def wanted_tags(text: str, context: Context) -> Iterator[str]:
    held = context.document.body.get("tags") or {}
    for violation in context.violations:
        if re.search(r"\btags?\b", violation.message, re.I):
            called = [said for said in quoted(violation.message) if said != context.document.body.get("name")]
            yield from called
            hit = re.search(
                r"\b(?:the |an? )?tag (?:called |named )?([a-z][\w-]*)|\b(?:an? |the )?([a-z][\w-]*) tag\b",
                violation.message,
                re.I,
            )
            if hit and not called:
                yield hit[1] or hit[2]
            for pair in re.finditer(
                r"\btags ([a-z][\w-]*)(?:, ([a-z][\w-]*))? and ([a-z][\w-]*)", violation.message, re.I
            ):
                yield from (said for said in pair.groups() if said)
    yield from held
    for hit in re.finditer(rf"\btag (?:it )?(?:with |as |called |named )?{TOKEN}", text, re.I):
        said = re.split(r"[:=]", clean(hit[1]))[0]
        if said.lower() not in STOP:
            yield said
    for hit in re.finditer(r"(?<![\w-])([a-z][\w-]*)\s*[:=]\s*\S", text):
        yield hit[1]


def tag_value(text: str, key: str) -> str:
    """What the sentence says a tag is: `owner is team-cart`, `cost-center: 4711`, `tier 2`."""
    letters = re.sub(r"[-_ ]", "", key)
    # on-call, oncall and on_call are one tag to a person.
    spoken = "[ _-]?".join(re.escape(letter) for letter in letters)
    pattern = (
        rf"(?<![\w-])[`'\"“]?(?:{spoken})[`'\"”]?(?: tag)?(?:\s*[:=]\s*|\s+(?:is|should be|must be|"
        rf"to be|to|of|as|with|will be|needs to be|would be|=|:|value|the value)\s+|\s+)(?:the value "
        rf")?(?:`|'|\"|“)?([^\s,;`'\"”]+)"
    )
    for hit in re.finditer(pattern, text, re.I):
        value = clean(hit[1])
        if value.lower() in NOUNS:
            continue
        # Behind a colon stands all of it, and a name of several words begins with a capital in each of them.
        whole = re.match(
            r"[\w-]+(?: (?!and\b|but\b|please\b|pls\b|thanks?\b|for\b|the\b|is\b)[\w-]+)+(?=\s*(?:[;,.]|$| and\b))",
            text[hit.start(1) :],
        )
        if whole and re.search(r"[:=]\s*[`'\"“]?$", text[: hit.start(1)]):
            return whole[0]
        several = re.match(r"[A-Z][\w-]*(?: [A-Z][\w-]*)+", text[hit.start(1) :])
        if several:
            return several[0]
        if value.lower() in WORD_NUMBERS:
            return str(number_of(value))
        if (
            value
            and value.lower() not in STOP - {"new", "production", "prod", "staging"}
            and value.lower() not in ("tag", "tags", "value")
        ):
            return value
    reverse = re.search(
        rf"{TOKEN} (?:as|for|is|are) (?:the |its |our )?(?:tag )?{spoken}(?![\w-])", text, re.I
    )
    return clean(reverse[1]) if reverse and clean(reverse[1]).lower() not in STOP else ""


def replacements(text: str, context: Context) -> list[Option]:
    """One text for another: `replace A by B`, `B instead of A`, https for http."""
    pairs: list[tuple[str, str]] = []
    for pattern, order in (
        (
            rf"\b(?:replace|swap|exchange|substitute|change|switch)\b (?:the |from )?(?:\w+ )??{TOKEN} "
            rf"(?:by|with|for|to|into|against) (?:the )?{TOKEN}",
            (1, 2),
        ),
        (rf"{TOKEN} (?:instead of|rather than|in place of|and not|not) (?:the )?{TOKEN}", (2, 1)),
        (rf"\bfrom {TOKEN} to {TOKEN}", (1, 2)),
    ):
        for hit in re.finditer(pattern, text, re.I):
            old, new = clean(hit[order[0]]), clean(hit[order[1]])
            if new.lower() in NOUNS:
                # "The commit sha as tag instead of latest": the value stands before the word for it.
                new = next(iter(expressions(text)), "")
            if not new:
                continue
            if new.lower() not in STOP and (order == (1, 2) or is_value(new) or stands_alone(old, context)):
                pairs.append((old, new))
    if re.search(r"\bhttps\b|\btls\b|\bencrypted\b|\bsecure\b|\bplain http\b", text, re.I):
        typed = {hit for _, _, value in context.document.leaves() if isinstance(value, str)
                 for hit in re.findall(r"http://", value, re.I)}  # fmt: skip
        pairs += [(plain, "https://") for plain in sorted(typed) or ["http://"]]
    options = []
    for old, new in pairs:
        if old.lower() in STOP or not old or old == new:
            continue
        blamed = old in quoted(context.messages)
        edits = [
            change_text(path, value, old, new)
            for path, key, value in context.document.leaves()
            if isinstance(value, str) and holds(value, old) and (blamed or key not in ("name", "identifier"))
        ]
        if edits:
            options.append(Option(tuple(edits), 8.5))
    return options


IMAGE = re.compile(r"^(?P<path>(?:[\w.:-]+/)*)(?P<name>[\w.-]+)(?::(?P<tag>[\w.-]+))?$")
VERSION = r"v?(\d+(?:\.\d+)*(?:-[\w.]+)?)(?![\w%]|\.\d)"


def image_versions(text: str, context: Context) -> list[Option]:
    """The tags of images: `pin node to 22.11`, or only a version when one image was objected to."""
    near = [node.path for node in context.blamed] or [context.document.root]
    images = [(path, value, found) for at in near for path, key, value in context.document.leaves(at)
              if key == "image" and isinstance(value, str) and (found := IMAGE.match(value))]  # fmt: skip
    edits: list[Edit] = []
    for path, value, found in dict((row[0], row) for row in images).values():
        hit = re.search(
            rf"(?<![\w-]){re.escape(found['name'])}(?: image)?(?:\s+(?:to|at|in|with|on|version|tag|is)\b)*[ :=@]+{VERSION}",
            text,
            re.I,
        )
        alone = re.findall(rf"(?<![\w.:/-]){VERSION}", text) if len(images) == 1 else []
        version = hit[1] if hit else alone[0] if len(alone) == 1 else ""
        if version:
            edits.append(SetValue(path, f"{found['path']}{found['name']}:{version}", value))
    return [Option(tuple(edits), 8.2)] if edits else []


def without_v(text: str, context: Context) -> list[Option]:
    """ "Without the v": the label that was objected to as it is but for that."""
    if not re.search(
        r"\b(?:without|no|drop|remove|minus|lose|strip)\b (?:the )?(?:leading )?['\"“]?v\b", text, re.I
    ):
        return []
    path = f"{context.document.root}.versionLabel"
    held = context.document.body.get("versionLabel")
    plain = re.fullmatch(r"[vV](\d[\w.-]*)", str(held))
    return [Option((SetValue(path, plain[1], held),), 9)] if plain else []


def stands_alone(word: str, context: Context) -> bool:
    """Whether some value of the document is exactly this word."""
    return any(value == word for _, _, value in context.document.leaves())


def holds(value: str, old: str) -> bool:
    edge = r"(?<![\w])" if old[0].isalnum() else ""
    return bool(re.search(rf"{edge}{re.escape(old)}", value))


def change_text(path: str, value: str, old: str, new: str) -> Edit:
    return SetValue(path, new, value) if value == old else ReplaceText(path, old, new)


def scoped(text: str, context: Context) -> list[Option]:
    """The same reference at another scope: `use the account level secret of the same name`."""
    if re.search(r"\baccount\b", text, re.I) and re.search(r"\borg(?:ani[sz]ation)?\b(?!\.)", text, re.I):
        # One for each: which is which is not told apart here.
        return []
    explicit = re.search(
        r"\bsecret (?:called |named )?[`'\"“]?((?:account\.|org\.)?[A-Za-z_]\w*)", text, re.I
    ) or re.search(r"\b((?:account|org)\.\w+)", text)
    same = explicit and bare(explicit[1]) in [bare(said) for said in quoted(context.messages)]
    if explicit and not same and explicit[1].lower() not in STOP | {"of", "with", "level", "manager"}:
        named = other_secret(explicit[1], context)
        if named:
            return named
    hit = re.search(r"\b(account|org(?:ani[sz]ation)?)\b[- ]?(?:level|wide|scoped?)?", text, re.I)
    if not hit or not re.search(
        r"\blevel\b|\bscope\b|\bsame name\b|\baccount\.|\bfrom the account\b|\bone from\b|\baccount(?:'s)? (?:one|secret)\b|\bshared\b",
        text,
        re.I,
    ):
        return []
    prefix = "account." if hit[1].lower() == "account" else "org."
    wanted = [said for said in quoted(context.messages) if re.fullmatch(r"[\w.]+", said)]
    edits: list[Edit] = []
    for path, key, value in context.document.leaves():
        if not isinstance(value, str):
            continue
        for said in wanted:
            called = re.search(rf"(getValue\(\s*[\"']){re.escape(said)}([\"'])", value)
            if called:
                edits.append(ReplaceText(path, called[0], f"{called[1]}{prefix}{bare(said)}{called[2]}"))
            elif value == said and key.endswith(("Ref", "Identifier", "policySets", "userGroups")):
                edits.append(SetValue(path, prefix + bare(said), value))
    return [Option(tuple(edits), 9)] if edits else []


def other_secret(reference: str, context: Context) -> list[Option]:
    """The secret that was objected to exchanged for another one, wherever it is read."""
    edits: list[Edit] = []
    for path, _, value in context.document.leaves():
        for said in quoted(context.messages):
            called = isinstance(value, str) and re.search(
                rf"(getValue\(\s*[\"']){re.escape(said)}([\"'])", value
            )
            if called:
                edits.append(ReplaceText(path, called[0], f"{called[1]}{reference}{called[2]}"))
    return [Option(tuple(edits), 9.5)] if edits else []
