"""What changes together with a value: the cluster of an environment, the secret that a variable becomes."""

from __future__ import annotations

import re

from templates_catalog.authoring import clusters
from templates_catalog.authoring.context import Context, Option
from templates_catalog.authoring.edits import Edit, SetValue
from templates_catalog.authoring.properties import Property
from templates_catalog.authoring.words import TOKEN, clean
from templates_catalog.documents import paths
from templates_catalog.vocabulary import is_value


def companions(prop: Property, option: Option, context: Context) -> list[Edit]:
    """What changes with an environment: its infrastructure when the sentence names it, and the
    resolved copy."""
    if prop.keys == ("type",):
        return secrets_named(option, context)
    if "environmentRef" not in prop.keys:
        return []
    edits: list[Edit] = []
    for edit in option.edits:
        if not isinstance(edit, SetValue):
            continue
        holder = paths.parent(edit.path)
        infra = re.search(
            rf"\b(?:infrastructure|infra|cluster)\b(?: definition)?(?: is| called| becomes| should be| will be| to)*[ :]*{TOKEN}|\(\s*{TOKEN}\s*\)",
            context.whole or context.request,
            re.I,
        )
        spots = clusters.read(
            context.whole or context.request, {e.identifier for e in context.facts.environments}
        )
        named = [name for _, _, name in spots if clusters.IS_CLUSTER.fullmatch(name)]
        said = clean(infra[1] or infra[2]) if infra else ""
        said = said if is_value(said) else named[0] if len(named) == 1 else ""
        rows = paths.find(context.document.value, f"{holder}.infrastructureDefinitions")
        if said and isinstance(rows, list) and rows:
            old = rows[0].get("identifier") if isinstance(rows[0], dict) else None
            edits.append(SetValue(f"{holder}.infrastructureDefinitions[0].identifier", said, old))
        known = next((e for e in context.facts.environments if e.identifier == edit.value), None)
        resolved = f"{paths.parent(holder)}.infrastructure.environment"
        if known and paths.exists(context.document.value, resolved):
            edits.append(
                SetValue(resolved, {"identifier": known.identifier, "name": known.name, "type": known.type})
            )
    return edits


SECRET = re.compile(rf"\bsecret (?:called |named )?(?!at\b|of\b|on\b|in\b){TOKEN}", re.I)


def secrets_named(option: Option, context: Context) -> list[Edit]:
    """A variable that becomes a secret refers to the secret that is named, and its old value goes."""
    said = context.whole or context.request
    hit = SECRET.search(said)
    name = clean(hit[1]) if hit else ""
    if not is_value(name):
        return []
    scope = re.search(r"\b(account|org(?:ani[sz]ation)?)\b[- ]?(?:level|wide|scope)", said, re.I)
    prefix = "" if "." in name or not scope else "account." if scope[1].lower() == "account" else "org."
    return [
        SetValue(
            f"{paths.parent(edit.path)}.value",
            prefix + name,
            paths.find(context.document.value, f"{paths.parent(edit.path)}.value"),
        )
        for edit in option.edits
        if isinstance(edit, SetValue) and edit.value == "Secret"
    ]
