"""Wishes about values: set, rename, tag, replace text. The value comes from the words or, failing that, from the objection.

Every scalar of the document is weighed: does the sentence name its key, was its value quoted in the objection, does
it stand where the objection points? fixes.py proves which of the likely ones helps.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from templates_catalog.authoring import locating, names
from templates_catalog.authoring.edits import AddItem, Edit, Remove, Rename, ReplaceText, SetValue
from templates_catalog.authoring.locating import quoted
from templates_catalog.authoring.wishes import REMOVE, Context, Option, bare
from templates_catalog.authoring.words import NUMBERS, STOP, TOKEN, WORD_NUMBERS, clean, number_of
from templates_catalog.documents import paths
from templates_catalog.vocabulary import is_value

ENOUGH = 4.0
MOST_OPTIONS = 24


@dataclass(frozen=True)
class Property:
    """A value people speak of: its keys, the words for it, its kind, and where it goes when it is missing.

    home is relative to a node of one of `nodes` ("body": the document's root); kind is text, duration, number, yes, no
    """

    keys: tuple[str, ...]
    words: str
    kind: str = "text"
    home: str = ""
    nodes: tuple[str, ...] = ("step",)
    types: str = ""


PROPERTIES = (
    Property(("timeout",), r"\btime[ -]?outs?\b|\btime limit\b|\bminutes\b|\bhours?\b|\bseconds\b", "duration", "timeout", ("step",)),
    Property(("minimumCount",), r"\bapprov\w+|\bminimum\b|\bpeople\b|\bfour[- ]eyes\b|\breviewers\b|\bsign[- ]?offs?\b", "number", "spec.approvers.minimumCount", ("step",), "HarnessApproval"),
    Property(("disallowPipelineExecutor",), r"\bexecutor\b|\b(?:person|who(?:ever)?|one|somebody|someone|user|people)\b.{0,25}\b(?:start\w*|trigger\w*|run|runs|launch\w*|kick\w*)\b|\b(?:own|themsel\w+|himself|herself|self)\b|\bfour[- ]eyes\b|\bstarter\b", "true", "spec.approvers.disallowPipelineExecutor", ("step",), "HarnessApproval"),
    Property(("namespace",), r"\bname ?space\b|\bns\b", "text", "spec.namespace", ("body",)),
    Property(("branch",), r"\bbranch(?:es)?\b", "text"),
    Property(("versionLabel",), r"\bversion(?: label)?\b|\blabel\b", "text", "versionLabel", ("body",)),
    Property(("description",), r"\bdescri\w+\b|\bsays?\b|\bexplain\w*\b|\bpurpose\b", "text", "description", ("entry", "stage", "body")),
    Property(("host", "registryRef", "repo"), r"\bregistr(?:y|ies)\b|\bhost\b|\bgcr\b|\bpush(?:es)? to\b", "text", "spec.host", ("step",)),
    Property(("connectorRef",), r"\bconnectors?\b", "text", "spec.connectorRef", ("step",)),
    Property(("environmentRef",), r"\benvironments?\b|\btarget\w*\b|\bdeploy\w*\b|\bgo to\b|\bpoint\b", "text", "spec.environment.environmentRef", ("stage",)),
    Property(("image",), r"\bimages?\b", "text", "spec.image", ("step",)),
    Property(("privileged",), r"\bprivileged?\b|\broot\b", "false", "spec.privileged", ("step",)),
    Property(("runAsUser",), r"\brun(?:s)? as\b|\buser ?id\b|\buid\b|\bnon-?root\b", "number", "spec.runAsUser", ("step",)),
    Property(("allowSimultaneousDeployments",), r"\bsimultaneous\w*\b|\bat the same time\b|\bparallel deploy\w*|\bone (?:deployment )?at a time\b|\bone after (?:the )?other\b", "false", "allowSimultaneousDeployments", ("body",)),
    Property(("secretManagerIdentifier",), r"\bsecret manager\b|\bvault\b|\bkeep\b|\bkept\b|\bstore\w*\b|\bmanager\b|\bmove\b|\bput\b", "text", "spec.secretManagerIdentifier", ("body",)),
    Property(("type",), r"\btype\b|\bkind\b|\bproduction\b|\bpre-?production\b|\bmake it a\b|\bsecret\b", "text", "type", ("body", "entry")),
    Property(("url", "repoUrl"), r"\burl\b|\baddress\b|\blink\b|\bpoint\w*\b|\borg(?:ani[sz]ation)?\b", "text", "spec.url", ("body",)),
    Property(("region",), r"\bregion\b", "text", "spec.region", ("step",)),
    Property(("memory",), r"\bmemory\b|\bram\b|\bgb\b|\bgi\b|\bmb\b|\bmi\b", "text", "spec.resources.limits.memory", ("step",)),
    Property(("cpu",), r"\bcpus?\b|\bcores?\b", "text", "spec.resources.limits.cpu", ("step",)),
    Property(("imageName", "repository", "repo"), r"\bimage name\b|\brepositor(?:y|ies)\b|\brepo\b", "text"),
    Property(("shell",), r"\bshell\b", "text", "spec.shell", ("step",)),
    Property(("replicas", "instances"), r"\breplicas?\b|\binstances\b|\bcopies\b", "number"),
    Property(("fail_on_severity",), r"\bseverit(?:y|ies)\b|\bcritical\b|\bhigh\b", "text", "spec.advanced.fail_on_severity", ("step",)),
    Property(("skipDryRun",), r"\bdry[- ]?run\b", "false", "spec.skipDryRun", ("step",)),
    Property(("pruningEnabled",), r"\bprun\w+\b", "true", "spec.pruningEnabled", ("step",)),
    Property(("enabled",), r"\benabl\w+\b|\bswitch\w* on\b|\bturn\w* on\b", "true"),
    Property(("cloneCodebase",), r"\bclone\b", "true", "spec.cloneCodebase", ("stage",)),
    Property(("deploymentType",), r"\bdeployment type\b", "text", "spec.deploymentType", ("stage",)),
    Property(("releaseName",), r"\brelease name\b", "text", "spec.releaseName", ("body",)),
    Property(("os",), r"\bos\b|\boperating system\b|\blinux\b|\bwindows\b", "text", "spec.platform.os", ("stage",)),
    Property(("arch",), r"\barch\w*\b|\barm\b|\bamd\b", "text", "spec.platform.arch", ("stage",)),
    Property(("serviceRef",), r"\bservice\b", "text", "spec.service.serviceRef", ("stage",)),
    Property(("templateRef",), r"\btemplate\b", "text", "template.templateRef", ("stage", "step")),
    Property(("value",), r"\bvalue\b|\bvariable\b|\buse\b", "text"),
    Property(("name",), r"\bnames?\b|\bcall(?:ed)?\b|\brenam\w+\b", "text", "name", ("body",)),
)  # fmt: skip
UNITS = {"second": "s", "sec": "s", "s": "s", "minute": "m", "min": "m", "m": "m", "hour": "h", "hr": "h", "h": "h", "day": "d", "d": "d", "week": "w", "w": "w"}  # fmt: skip
DURATION = re.compile(
    rf"(?<![\w.])(\d+|an?|half an?|{NUMBERS})[ -]*(seconds?|secs?|s|minutes?|mins?|m|hours?|hrs?|h|days?|d|weeks?|w)\b",
    re.I,
)
YES = re.compile(r"\b(?:true|yes|on|enable\w*|switch\w* on|turn\w* on)\b", re.I)
NO = re.compile(
    r"\b(?:false|off|no longer|not|never|disable\w*|switch\w* off|turn\w* off|without|don't|stop)\b", re.I
)


def read(text: str, context: Context) -> list[Option]:
    """Every way the sentence can be meant as a change of values, most likely first."""
    options = [
        *tags(text, context),
        *renames(text, context),
        *replacements(text, context),
        *scoped(text, context),
    ]
    options += [*items(text, context), *rights(text, context), *kinds(text, context), *values(text, context)]
    options += [*descriptions(text, context), *together(text, context)]
    return sorted(options, key=lambda option: -option.weight)[:MOST_OPTIONS]


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
    wanted = dict.fromkeys(said for said in wanted_tags(text, context) if said and said.lower() not in ("tag", "tags"))
    edits: list[Edit] = []
    for key in wanted:
        value = tag_value(text, key)
        if value:
            before = (context.document.body.get("tags") or {}).get(key)
            edits.append(SetValue(paths.join(f"{context.document.root}.tags", key), value, before))
    return [Option(tuple(edits), 9)] if edits else []


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
    spoken = "[ _-]?".join(re.escape(part) for part in re.split(r"[-_ ]", key))
    pattern = rf"(?<![\w-])[`'\"“]?(?:{spoken})[`'\"”]?(?: tag)?(?:\s*[:=]\s*|\s+(?:is|should be|must be|to be|to|of|as|with|will be|needs to be|would be|=|:|value|the value)\s+|\s+)(?:the value )?(?:`|'|\"|“)?([^\s,;`'\"”]+)"
    for hit in re.finditer(pattern, text, re.I):
        value = clean(hit[1])
        if (
            value
            and value.lower() not in STOP - {"new", "production", "prod", "staging"}
            and value.lower() not in ("tag", "tags", "value")
        ):
            return value
    reverse = re.search(rf"{TOKEN} (?:as|for) (?:the |its )?(?:tag )?{spoken}(?![\w-])", text, re.I)
    return clean(reverse[1]) if reverse and clean(reverse[1]).lower() not in STOP else ""


def renames(text: str, context: Context) -> list[Option]:
    """A new identifier or name."""
    hit = re.search(
        rf"\b(?:re-?name|call|name)\b(?: it| this| that| the [\w ]+?| [\w'\"-]+)?(?: to| as| into)?\s+{TOKEN}|\b(?:identifier|name|id) (?:is |to |should be |must be |= ?|: ?|becomes? ){TOKEN}|\bchange (?:it|its name|the name|the identifier|the id) to {TOKEN}",
        text, re.I,
    )  # fmt: skip
    if not hit:
        return []
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


def replacements(text: str, context: Context) -> list[Option]:
    """One text for another: `replace A by B`, `B instead of A`, https for http."""
    pairs: list[tuple[str, str]] = []
    for pattern, order in (
        (
            rf"\b(?:replace|swap|exchange|substitute|change|switch)\b (?:the |from )?(?:\w+ )??{TOKEN} (?:by|with|for|to|into|against) (?:the )?{TOKEN}",
            (1, 2),
        ),
        (rf"{TOKEN} (?:instead of|rather than|in place of|and not|not) (?:the )?{TOKEN}", (2, 1)),
        (rf"\bfrom {TOKEN} to {TOKEN}", (1, 2)),
    ):
        for hit in re.finditer(pattern, text, re.I):
            old, new = clean(hit[order[0]]), clean(hit[order[1]])
            if new.lower() not in STOP and (order == (1, 2) or is_value(new) or stands_alone(old, context)):
                pairs.append((old, new))
    if re.search(r"\bhttps\b|\btls\b|\bencrypted\b|\bsecure\b|\bplain http\b", text, re.I):
        pairs.append(("http://", "https://"))
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
    explicit = re.search(r"\bsecret (?:called |named )?[`'\"“]?((?:account\.|org\.)?[A-Za-z_]\w*)", text, re.I) or re.search(r"\b((?:account|org)\.\w+)", text)
    if explicit and explicit[1].lower() not in STOP | {"of", "with", "level", "manager"}:
        named = other_secret(explicit[1], context)
        if named:
            return named
    hit = re.search(r"\b(account|org(?:ani[sz]ation)?)\b[- ]?(?:level|wide|scoped?)?", text, re.I)
    if not hit or not re.search(
        r"\blevel\b|\bscope\b|\bsame name\b|\baccount\.|\bfrom the account\b|\bone from\b|\bshared\b",
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
            called = isinstance(value, str) and re.search(rf"(getValue\(\s*[\"']){re.escape(said)}([\"'])", value)
            if called:
                edits.append(ReplaceText(path, called[0], f"{called[1]}{reference}{called[2]}"))
    return [Option(tuple(edits), 9.5)] if edits else []


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
            if REMOVE.search(text) and len(held) > 1:
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
            SetValue(paths.join(path, number), value, item)
            for path, number, item in blamed_items
            if item != value
        ]
        if edits and not REMOVE.search(text):
            options.append(Option(tuple(edits), 6))
    # The same wish holds for every step the objections name.
    if len(options) > 1 and REMOVE.search(text):
        together = tuple(dict.fromkeys(edit for option in options for edit in option.edits))
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
        rf"\b(?:delegate|delegates|delegate selector|selector)\b (?:called |named |selector )?{TOKEN}|{TOKEN} (?:delegate|selector)\b",
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
        ("Irsa", r"\birsa\b|\bservice account role"), ("InheritFromDelegate", r"\binherit\w*\b|\bfrom the delegate\b|\bdelegate'?s?\b"),
        ("OidcAuthentication", r"\boidc\b|\bopenid\b"), ("ServiceAccount", r"\bservice account\b"), ("ClientKeyCert", r"\bclient (?:key|cert)"),
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


def bare_values(text: str, context: Context) -> list[str]:
    """Words of the sentence that can only be values, in the order they are most likely meant."""
    found: list[str] = [said for said in quoted(text)]
    for pattern in (
        rf"\b(?:to|is|be|as|=|:|into|by|with|called|named|use|using|target|pick|choose|take|want|say|says|make it|in|on|from)\s+(?:the |an? |it )?(?:\w+ ){{0,2}}?{TOKEN}",
        TOKEN,
    ):
        for hit in re.finditer(pattern, text, re.I):
            word = clean(hit[1])
            if is_value(word) or re.fullmatch(r"v?\d+(?:\.\d+)+", word):
                found.append(word)
    for hit in re.finditer(
        rf"\b(?:use|to|is|be|it|called|named|target|choose|pick|take|from|branch|version|into|in|on)\s+(?:the )?{TOKEN}",
        text,
        re.I,
    ):
        word = clean(hit[1])
        if word.lower() not in STOP and word.lower() not in NOUNS and word:
            found.append(word)
    for _, _, identifier in names.find(text, context.facts.environments):
        found.append(identifier)
    # An objection quotes the names of what it objects to; those are not what to put there.
    own = labels(context) if text in context.messages else set()
    return [word for word in dict.fromkeys(found) if word not in own]


def labels(context: Context) -> set[Any]:
    """The names of the document and of the nodes objected to."""
    body = context.document.body
    return {body.get("name"), body.get("identifier"), *(v for n in context.blamed for v in (n.name, n.identifier))}


def kind_values(kind: str, text: str, context: Context) -> list[Any]:
    """The values of one kind that the sentence gives, then those the objection gives."""
    if kind == "duration":
        return durations(text) or durations(context.messages)
    if kind == "number":
        if re.search(r"\bfour[- ]eyes\b", text, re.I):
            return [2]
        numbers = [
            number_of(hit[1]) for hit in re.finditer(rf"(?<![\w.])(\d+|{NUMBERS})(?![\w.-])", text, re.I)
        ]
        return numbers or [
            number_of(h[1])
            for h in re.finditer(rf"(?<![\w.])(\d+|{NUMBERS})(?![\w.-])", context.messages, re.I)
        ]
    if kind == "text" and context.blamed is not None and TYPES.search(text):
        named = [name for name, pattern in TYPE_NAMES if re.search(pattern, text, re.I)]
        return [*named, *bare_values(text, context)]
    if kind in ("true", "false"):
        wanted = kind == "true"
        return (
            [wanted, not wanted] if not (YES.search(text) and not NO.search(text) and not wanted) else [True]
        )
    return bare_values(text, context)


TYPES = re.compile(r"\b(?:secret|string|production|pre-?production)\b", re.I)
TYPE_NAMES = (
    ("PreProduction", r"\b(?:pre-?production|non-?production)\b"), ("Secret", r"\b(?:an? |type |of type |to )secret\b"),
    ("Production", r"(?<!pre-)(?<!pre)(?<!non-)\bproduction\b"), ("String", r"\b(?:a |type )string\b"),
)  # fmt: skip


def durations(text: str) -> list[str]:
    found = []
    text = re.sub(r"\b(?:a |one )?quarter of an hour\b", "15 minutes", text, flags=re.I)
    for hit in DURATION.finditer(text):
        amount, unit = hit[1].lower(), hit[2].lower()
        short = UNITS[unit.rstrip("s") or "s"] if unit not in UNITS else UNITS[unit]
        if amount.startswith("half"):
            found.append("30m" if short == "h" else "12h")
            continue
        number = 1 if amount in ("a", "an") else int(amount) if amount.isdigit() else WORD_NUMBERS[amount]
        found.append(f"{number}{short}")
    return found


def values(text: str, context: Context) -> list[Option]:
    """Set the scalars the sentence is about; together at every place the objections name, else each alone."""
    if REMOVE.search(text) and not re.search(r"\bset\b|\buse\b|\bto\b", text, re.I):
        return []
    options: list[Option] = []
    for prop in PROPERTIES:
        told = bool(re.search(rf"{prop.words}|\b(?:{'|'.join(prop.keys)})\b", text, re.I))
        meant = bool(
            re.search(prop.words, context.messages, re.I)
            or any(re.search(rf"\b{k}\b", context.messages, re.I) for k in prop.keys)
        )
        if not told and not meant:
            continue
        behind = adjacent(prop, text) if told else None
        said = [*([behind] if behind is not None else []), *kind_values(prop.kind, text, context)]
        for rank, value in enumerate(list(dict.fromkeys(said))[:4]):
            base = (4.0 if told else 0) + (2.5 if meant else 0) - 0.7 * rank
            options += of_property(prop, value, base, context)
    options += of_quoted(text, context)
    return [option for option in options if option.weight >= ENOUGH and option.edits]


def of_property(prop: Property, value: Any, base: float, context: Context) -> list[Option]:
    """The ways to give a property a value: at the places objected to, or everywhere it stands."""
    near = [node.path for node in context.blamed]
    held = [
        (path, old)
        for path, key, old in context.document.leaves()
        if key in prop.keys and same_kind(old, value)
    ]
    held = [(path, old) for path, old in held if old != value]
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


def innermost(close: list[tuple[str, Any]], context: Context) -> list[tuple[str, Any]]:
    """Of the places found, those that belong to the most exact node objected to (a step rather than its stage)."""
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
    return SetValue(path, value, old)


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
    edits = [
        SetValue(f"{n.path}.{prop.home}", value) for n in holders if not paths.exists(n.value, prop.home)
    ]
    result = [Option(tuple(edits), base + 1.8)] if edits else []
    if "body" in prop.nodes and not paths.exists(context.document.body, prop.home):
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
    """What changes with an environment: its infrastructure when the sentence names it, and the resolved copy."""
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
        if isinstance(old, str) and old in bad and (old not in own or key not in ("name", "identifier") or key in about)
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


def descriptions(text: str, context: Context) -> list[Option]:
    """A description is a sentence, not a word."""
    value = sentence_value(text) if re.search(r"descri|says?\b|saying|explain", text + context.messages, re.I) else ""
    if not value:
        return []
    spoken = [node for node in locating.named(context.document, text) if node.kind == "entry"]
    holders = [node for node in spoken if node in context.blamed] or [n for n in context.blamed if n.kind == "entry"] or spoken
    stages = [node for node in context.blamed if node.kind != "entry"]
    options = []
    for nodes, weight in ((holders, 9.0), (stages, 7.0)):
        edits = tuple(SetValue(f"{node.path}.description", value, node.value.get("description")) for node in nodes)
        options += [Option(edits, weight)] if edits else []
    root = SetValue(f"{context.document.root}.description", value, context.document.body.get("description"))
    return [*options, Option((root,), 8.0)]


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
    return [Option(tuple(dict.fromkeys(edits)), 9)] if len(edits) > 1 else []


def adjacent(prop: Property, text: str) -> Any:
    """The value that stands right behind the name of a property: `namespace shop`, `timeout: 15m`."""
    if prop.kind in ("true", "false"):
        return None
    link = r"(?:\s*[:=]\s*|\s+(?:is|to|should be|must be|be|of|called|named|as)\s+|\s+)(?:the |an? )?"
    for hit in re.finditer(rf"(?:{prop.words}){link}{TOKEN}", text, re.I):
        word = clean(hit[hit.lastindex or 0])
        if prop.kind == "duration":
            return next(iter(durations(text[hit.start() :])), None)
        if prop.kind == "number":
            return number_of(word) if re.fullmatch(rf"\d+|{NUMBERS}", word, re.I) else None
        if word and word.lower() not in STOP and word.lower() not in NOUNS:
            return word
    return None


# Names of properties are what a value belongs to, never the value.
NOUNS = frozenset(
    """namespace branch version label connector registry host environment region timeout type kind value name identifier
    description image repository repo memory cpu url address secret manager vault infrastructure service stage step tag
    tags production pre-production executor approval approvers minimum minutes hours runtime input level""".split()
)


def sentence_value(text: str) -> str:
    """The words of a description: what is quoted, or what follows the colon, `say` or `it is`."""
    if quoted(text):
        return quoted(text)[0]
    hit = re.search(
        r"\b(?:description|describe it as|say|says|saying|explain)\b(?: (?:is|should be|to|that|it is|as))?\s*:?\s*(.{3,200}?)\s*[.!]?$",
        text,
        re.I,
    )
    return hit[1].strip() if hit else ""
