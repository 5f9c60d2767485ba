"""Wishes about values: set, rename, tag, replace text. The value comes from the words or, failing that, from
the objection.

Every scalar of the document is weighed: does the sentence name its key, was its value quoted in the
objection, does
it stand where the objection points? fixes.py proves which of the likely ones helps.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from templates_catalog.authoring import names
from templates_catalog.authoring.context import REMOVE, Context, Option
from templates_catalog.authoring.edits import AddItem, Edit, Remove, SetValue, distinct
from templates_catalog.authoring.locating import quoted
from templates_catalog.authoring.properties import PROPERTIES, Property
from templates_catalog.authoring.said import NOUNS, bare_values, durations, kind_values, labels, quantities
from templates_catalog.authoring.texts import (
    descriptions,
    image_versions,
    renames,
    replacements,
    scoped,
    tags,
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
    ]
    options += [*items(text, context), *rights(text, context), *kinds(text, context), *values(text, context)]
    options += [*descriptions(text, context), *together(text, context)]
    return sorted(options, key=lambda option: -option.weight)[:MOST_OPTIONS]


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


def kinds(text: str, context: Context) -> list[Option]:
    """How a connector logs in: the keys of the old way go with it."""
    ways = (
        ("Irsa", r"\birsa\b|\bservice account role"), ("InheritFromDelegate", r"\binherit\w*\b|\bfrom the "
                                                                              r"delegate\b|\bdelegate'?s?\b"),
        ("OidcAuthentication", r"\boidc\b|\bopenid\b"), ("ServiceAccount", r"\bservice "
                                                                           r"account\b"), ("ClientKeyCert",
                                                                           r"\bclient (?:key|cert)"),
    )  # fmt: skip
    way = next((name for name, pattern in ways if re.search(pattern, text, re.I)), "")
    spec = context.document.body.get("spec")
    if not way or not isinstance(spec, dict):
        return []
    options = []
    at = f"{context.document.root}.spec.credential"
    credential = spec.get("credential")
    if isinstance(credential, dict):
        inner = credential.get("spec")
        nested = isinstance(inner, dict) and isinstance(inner.get("auth"), dict)
        edits: list[Edit] = [SetValue(f"{at}.type", way, credential.get("type"))]
        if "spec" in credential and way in ("Irsa", "InheritFromDelegate", "OidcAuthentication"):
            edits.append(Remove(f"{at}.spec", "the old credentials"))
        options.append(Option(tuple(edits), 8))
        if nested:
            options.append(Option((SetValue(f"{at}.spec.auth", {"type": way, "spec": {}}),), 6))
    return options


def values(text: str, context: Context) -> list[Option]:
    """Set the scalars the sentence is about; together at every place the objections name, else each alone."""
    taking = REMOVE.search(text) and not re.search(r"\bset\b|\buse\b|\bto\b", text, re.I)
    options: list[Option] = []
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
        behind = adjacent(prop, text) if told else None
        # Of a property that the sentence does not name, only a value that it does name is meant.
        given = kind_values(prop.kind, text, context) if told else own_values(prop.kind, text, context)
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
    near = [node.path for node in context.blamed]
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
    result += missing_home(prop, value, base, context)
    return [Option((*option.edits, *companions(prop, option, context)), option.weight) for option in result]


FORMS = (re.compile(r"[a-z]+://\S+"), re.compile(r"v?\d+(?:\.\d+)+(?:-\w+)?"))


def is_alike(old: Any, value: Any) -> bool:
    """Whether both have the same telling form: addresses, version labels."""
    return any(form.fullmatch(str(old)) and form.fullmatch(str(value)) for form in FORMS)


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


def missing_home(prop: Property, value: Any, base: float, context: Context) -> list[Option]:
    """The property set where it belongs and is missing."""
    if not prop.home:
        return []
    holders = [n for n in context.blamed if n.kind in prop.nodes and (not prop.types or n.type == prop.types)]
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


def companions(prop: Property, option: Option, context: Context) -> list[Edit]:
    """What changes with an environment: its infrastructure when the sentence names it, and the
    resolved copy."""
    if "environmentRef" not in prop.keys:
        return []
    edits: list[Edit] = []
    for edit in option.edits:
        if not isinstance(edit, SetValue):
            continue
        holder = paths.parent(edit.path)
        infra = re.search(
            rf"\b(?:infrastructure|infra|cluster)\b(?: definition)?(?: is| called)?[ :]*{TOKEN}",
            context.request,
            re.I,
        )
        rows = paths.find(context.document.value, f"{holder}.infrastructureDefinitions")
        if infra and isinstance(rows, list) and rows:
            old = rows[0].get("identifier") if isinstance(rows[0], dict) else None
            edits.append(SetValue(f"{holder}.infrastructureDefinitions[0].identifier", clean(infra[1]), old))
        known = next((e for e in context.facts.environments if e.identifier == edit.value), None)
        resolved = f"{paths.parent(holder)}.infrastructure.environment"
        if known and paths.exists(context.document.value, resolved):
            edits.append(
                SetValue(resolved, {"identifier": known.identifier, "name": known.name, "type": known.type})
            )
    return edits


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
        if word and word.lower() not in STOP and word.lower() not in NOUNS:
            return word
    return None
