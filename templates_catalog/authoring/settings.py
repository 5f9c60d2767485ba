"""Wishes about values: set, rename, tag, replace text. The value comes from the words or, failing that, from
the objection.

Every scalar of the document is weighed: does the sentence name its key, was its value quoted in the
objection, does
it stand where the objection points? fixes.py proves which of the likely ones helps.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from templates_catalog.authoring import counting, listed, locating, names, relative
from templates_catalog.authoring.companions import companions
from templates_catalog.authoring.context import REMOVE, Context, Option
from templates_catalog.authoring.describing import descriptions
from templates_catalog.authoring.edits import Edit, SetValue, distinct
from templates_catalog.authoring.locating import Node, quoted
from templates_catalog.authoring.properties import PROPERTIES, Property
from templates_catalog.authoring.renaming import renames
from templates_catalog.authoring.said import NOUNS, bare_values, durations, kind_values, labels, quantities
from templates_catalog.authoring.texts import (
    image_versions,
    replacements,
    scoped,
    tags,
    without_v,
)
from templates_catalog.authoring.words import NUMBERS, STOP, TOKEN, clean, number_of
from templates_catalog.documents import paths

ENOUGH = 4.0
MOST_OPTIONS = 24


def read(text: str, context: Context) -> list[Option]:
    """Every way the sentence can be meant as a change of values, most likely first."""
    options = [
        *tags(text, context),
        *renames(text, context),
        *replacements(text, context),
        *scoped(text, context),
        *image_versions(text, context),
        *without_v(text, context),
    ]
    options += [*listed.read(text, context), *values(text, context)]
    options += [*descriptions(text, context), *together(text, context)]
    return sorted(options, key=lambda option: -option.weight)[:MOST_OPTIONS]


def values(text: str, context: Context) -> list[Option]:
    """Set the scalars the sentence is about; together at every place the objections name, else each alone."""
    taking = REMOVE.search(text) and not re.search(r"\bset\b|\buse\b|\bto\b", text, re.I)
    options: list[Option] = []
    # A value that stands right behind the name of one property is not meant for another.
    owned = {str(value) for prop in PROPERTIES if (value := adjacent(prop, text)) is not None}
    for prop in PROPERTIES:
        # "No parallel deployments" switches something off; it takes nothing out.
        if taking and prop.kind not in ("true", "false"):
            continue
        told = bool(re.search(rf"{prop.words}|\b(?:{'|'.join(prop.keys)})\b", text, re.I))
        meant = bool(
            re.search(prop.words, context.messages, re.I)
            or any(re.search(rf"\b{k}\b", context.messages, re.I) for k in prop.keys)
        )
        if not told and not meant:
            continue
        if (
            (told or (meant and factored(text)))
            and prop.kind in ("duration", "number")
            and relative.is_relative(text)
        ):
            options += changed(prop, text, context)
            continue
        behind = adjacent(prop, text) if told else None
        # Of a property that the sentence does not name, only a value that it does name is meant.
        given = kind_values(prop.kind, text, context) if told else own_values(prop.kind, text, context)
        given = [value for value in given if str(value) not in owned] if behind is not None else given
        if meant and not given and AS_RULED.search(text):
            given = kind_values(prop.kind, "", context)
        said = [*([behind] if behind is not None else []), *given]
        if (
            told
            and "environmentRef" in prop.keys
            and (known := [name for _, _, name in names.environments(text, context.facts)])
        ):
            said = known
        if prop.allowed:
            said = [one for one in prop.allowed if re.search(rf"(?<![\w-]){one}s?(?![\w-])", text, re.I)]
        # An answer that is only a value is meant for what was objected to.
        bare = 2.0 if meant and not told and VALUE_ALONE.fullmatch(text) else 0
        for rank, value in enumerate(list(dict.fromkeys(said))[:4]):
            base = (4.0 if told else 0) + (2.5 if meant else 0) + bare - 0.7 * rank
            options += of_property(prop, value, base, context)
    options += of_quoted(text, context)
    return [option for option in options if option.weight >= ENOUGH and option.edits]


def factored(text: str) -> bool:
    """ "Double it": said of what was objected to."""
    return relative.factor(text) is not None and bool(re.search(r"\b(?:it|them|that)\b", text, re.I))


def changed(prop: Property, text: str, context: Context) -> list[Option]:
    """An amount changed by another one, where it stands in what is objected to."""
    near = [node.path for node in context.blamed]
    held = [
        (path, old, new)
        for path, key, old in context.document.leaves()
        if key in prop.keys
        and any(path.startswith((f"{at}.", f"{at}[")) for at in near)
        and (new := relative.changed(text, old)) is not None
    ]
    return [Option(tuple(SetValue(path, new, old) for path, old, new in held), 8)] if held else []


# The amount is the one that the objection names.
AS_RULED = re.compile(
    r"\b(?:to|just|use|only|at) (?:the |its |what the )?(?:minimum|maximum|least|most|limit|required|allowed|rules?|polic(?:y|ies))\b",
    re.I,
)
VALUE_ALONE = re.compile(
    r"\W*(?:(?:ok|then|just|please|make it|use|to|it is|it's|take)[\s,:]+)*[\w./:@#-]+\W*", re.I
)


def own_values(kind: str, text: str, context: Context) -> list[Any]:
    """The values of one kind that stand in the sentence itself."""
    if kind in ("true", "false"):
        return []
    silent = Context(context.document, [], context.facts, context.request)
    return kind_values(kind, text, silent if kind in ("duration", "number", "quantity") else context)


def of_property(prop: Property, value: Any, base: float, context: Context) -> list[Option]:
    """The ways to give a property a value: at the places objected to, or everywhere it stands."""
    meant = [
        n
        for n in locating.exactly(context.document, context.request)
        if n in context.blamed and n.kind == "step"
    ]
    meant = meant or counting.numbered(context.request, [n for n in context.blamed if n.kind == "step"])
    blamed = meant or context.blamed
    near = [node.path for node in blamed]
    held = [
        (path, old)
        for path, key, old in context.document.leaves()
        if key in prop.keys and same_kind(old, value) and old != value
    ]
    if held and (
        all(is_alike(old, value) for _, old in held) or set(prop.keys) & set(quoted(context.messages))
    ):
        base += 2
    close = [(path, old) for path, old in held if any(path.startswith((f"{at}.", f"{at}[")) for at in near)]
    result = []
    if close:
        first = innermost(close, context)
        own = in_named_stages(first, context)
        if own and own != first:
            # "Half an hour for the prod one": there, and nowhere else.
            result.append(Option(tuple(setting(path, value, old, context) for path, old in own), base + 2.5))
        result.append(Option(tuple(setting(path, value, old, context) for path, old in first), base + 2))
        if first != close:
            result.append(Option(tuple(setting(path, value, old, context) for path, old in close), base + 1))
    elif held:
        result.append(
            Option(
                tuple(setting(path, value, old, context) for path, old in held),
                base + (0.5 if len(held) == 1 else 0),
            )
        )
        if len(held) > 1:
            result += [Option((setting(path, value, old, context),), base - 0.5) for path, old in held]
    result += missing_home(prop, value, base, context, blamed)
    return [Option((*option.edits, *companions(prop, option, context)), option.weight) for option in result]


FORMS = (re.compile(r"[a-z]+://\S+"), re.compile(r"v?\d+(?:\.\d+)+(?:-\w+)?"))


def is_alike(old: Any, value: Any) -> bool:
    """Whether both have the same telling form: addresses, version labels."""
    return any(form.fullmatch(str(old)) and form.fullmatch(str(value)) for form in FORMS)


def in_named_stages(close: list[tuple[str, Any]], context: Context) -> list[tuple[str, Any]]:
    """Of the places found, those in the stages that the clause names."""
    called = [n for n in locating.exactly(context.document, context.request) if n.kind == "stage"]
    named = [stage.path for stage in called or locating.stages_spoken_of(context.document, context.request)]
    return [(path, old) for path, old in close if any(path.startswith(f"{stage}.") for stage in named)]


def innermost(close: list[tuple[str, Any]], context: Context) -> list[tuple[str, Any]]:
    """Of the places found, those that belong to the most exact node objected to (a step rather than its
    stage)."""
    for node in context.blamed:
        if node.kind != "stage":
            inside = [(p, o) for p, o in close if p.startswith((f"{node.path}.", f"{node.path}["))]
            if inside:
                others = [n for n in context.blamed if n.kind == node.kind]
                return [
                    (p, o)
                    for p, o in close
                    if any(p.startswith((f"{n.path}.", f"{n.path}[")) for n in others)
                ]
    return close


def setting(path: str, value: Any, old: Any, context: Context) -> Edit:
    """Keep the scope a reference had when the new name has none and is known at that scope."""
    if isinstance(value, str) and path.endswith("connectorRef") and "." not in value:
        scope = next((c.scope for c in context.facts.connectors if c.identifier == value), "")
        value = {"account": "account.", "org": "org."}.get(scope, "") + value
    if (
        isinstance(value, str)
        and isinstance(old, str)
        and HOST.fullmatch(value)
        and path.endswith((".repo", ".repository"))
    ):
        # Another registry keeps the name of the image.
        first, _, rest = old.partition("/")
        value = f"{value}/{rest if rest and ('.' in first or ':' in first) else old}"
    return SetValue(path, value, old)


HOST = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+(?::\d+)?", re.I)


def same_kind(old: Any, value: Any) -> bool:
    if isinstance(value, bool) or isinstance(old, bool):
        return isinstance(value, bool) and (isinstance(old, bool) or old is None)
    if isinstance(value, int | float):
        return isinstance(old, int | float) or (isinstance(old, str) and old.isdigit())
    return isinstance(old, str) or old is None


def missing_home(
    prop: Property, value: Any, base: float, context: Context, blamed: Sequence[Node]
) -> list[Option]:
    """The property set where it belongs and is missing."""
    if not prop.home:
        return []
    holders = [n for n in blamed if n.kind in prop.nodes and (not prop.types or n.type == prop.types)]
    if prop.home.startswith("template."):
        holders = [n for n in holders if "template" in n.value]
    edits = [
        SetValue(f"{n.path}.{prop.home}", value) for n in holders if not paths.exists(n.value, prop.home)
    ]
    result = [Option(tuple(edits), base + 1.8)] if edits else []
    fits = not prop.roots or context.document.root in prop.roots
    if "body" in prop.nodes and fits and not paths.exists(context.document.body, prop.home):
        result.append(
            Option(
                (SetValue(f"{context.document.root}.{prop.home}", value),), base + (1.8 if not holders else 0)
            )
        )
    if prop.types and not holders:
        every = [
            s for s in context.document.steps if s.type == prop.types and not paths.exists(s.value, prop.home)
        ]
        result += (
            [Option(tuple(SetValue(f"{s.path}.{prop.home}", value) for s in every), base + 1)]
            if every
            else []
        )
    return result


def of_quoted(text: str, context: Context) -> list[Option]:
    """Where the objection quotes a value, that value is what the sentence replaces."""
    bad = {said for said in quoted(context.messages)}
    own = labels(context)
    about = {key for key in ("name", "identifier") if re.search(rf"\b{key}\b", context.messages, re.I)}
    found = [
        (path, old)
        for path, key, old in context.document.leaves()
        if isinstance(old, str)
        and old in bad
        # What an objection quotes as the name of a step is that name, wherever else the word stands.
        and (old not in own or key in about)
    ]
    options = []
    for rank, value in enumerate(bare_values(text, context)[:4]):
        if found:
            options.append(
                Option(
                    tuple(SetValue(path, value, old) for path, old in found if old != value), 7 - 0.5 * rank
                )
            )
    return options


def together(text: str, context: Context) -> list[Option]:
    """Several properties named in one breath, each with the value right behind its name."""
    edits: list[Edit] = []
    for prop in PROPERTIES:
        value = adjacent(prop, text)
        if not value or prop.keys == ("name",):
            continue
        found = of_property(prop, value, 5, context)
        if found:
            edits += found[0].edits
    return [Option(distinct(edits), 9)] if len(edits) > 1 else []


def adjacent(prop: Property, text: str) -> Any:
    """The value that stands right behind the name of a property: `namespace shop`, `timeout: 15m`."""
    if prop.kind in ("true", "false", "sentence"):
        return None
    link = r"(?:\s*[:=]\s*|\s+(?:is|to|should be|must be|be|of|called|named|as)\s+|\s+)(?:the |an? )?"
    for hit in re.finditer(rf"(?:{prop.words}){link}{TOKEN}", text, re.I):
        word = clean(hit[hit.lastindex or 0])
        if prop.kind == "duration":
            return next(iter(durations(text[hit.start() :])), None)
        if prop.kind == "quantity":
            return next(iter(quantities(text[hit.start() :])), None)
        if prop.kind == "number":
            return number_of(word) if re.fullmatch(rf"\d+|{NUMBERS}", word, re.I) else None
        ends = re.match(r"[`'\"”]?\s*(?:[,;.]|$)", text[hit.end() :])
        if (
            word
            and word.lower() not in NOUNS
            and (word.lower() not in STOP or (ends and word.lower() in PLACES))
        ):
            return word
    return None


# Words of any sentence that are good names of namespaces and the like, where they end the clause.
PLACES = frozenset("app apps application applications services jobs teams projects releases".split())
