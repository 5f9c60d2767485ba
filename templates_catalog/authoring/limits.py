"""What a request rules out: what is to stay as it is, and ways it does not want. None of it asks for a change.

"Raise the timeout, the connector stays" and "instead of an approval add a scan" say what an answer must not do.
Such words are read apart from the rest, so that no value is taken from them, and every answer is held against them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from templates_catalog.authoring import locating
from templates_catalog.authoring.locating import Document
from templates_catalog.authoring.words import NUMBERS
from templates_catalog.documents import step_types
from templates_catalog.vocabulary import is_value

# Where something stands: the stage, the step or entry in it ("" for none), and the way to it from there.
Spot = tuple[str, str, tuple[str | int, ...]]

START = r"(?:^|(?<=[,;.!(–—-])\s*|\s+(?=(?:and|but|while|whereas|though|without)\b))(?:and |but |while |whereas |though )*(?:please )?"
END = r"(?=\s*(?:[,;!)]|\.(?!\w)|$)|\s+(?:and|but|then)\b(?! \w+ (?:stays?|remains?)))"
AS_IT_IS = (
    r"(?:as (?:it|they) (?:is|are|was|were)|as[- ]is|alone|unchanged|untouched|in place|where (?:it|they) (?:is|are)|"
    r"the same|that way|intact|out of (?:it|this))"
)
TOUCH = r"(?:touch|chang|alter|modif|edit|mess)\w*(?: with)?"
WHAT = r"(?P<what>(?:[^,;.!()]|\.(?=\w)){2,70}?)"
STAYS = (
    re.compile(rf"{START}(?:keep|leave|preserve|retain) {WHAT} {AS_IT_IS}{END}", re.I),
    re.compile(rf"{START}(?:keep|preserve|retain|leave (?=the rest\b)) ?{WHAT}{END}", re.I),
    re.compile(rf"{START}(?:don'?t|do not|never|without|not) {TOUCH} {WHAT}{END}", re.I),
    re.compile(
        rf"{START}{WHAT} (?:can |may |should |must |shall |has to |have to |is to |are to )?(?:stays?|remains?)"
        rf"(?: {AS_IT_IS})?{END}",
        re.I,
    ),
    re.compile(rf"{START}{WHAT} (?:must not|mustn'?t|should not|shouldn'?t|may not|does not|doesn'?t|won'?t) (?:be )?{TOUCH}{END}", re.I),
    re.compile(rf"{START}{WHAT} (?:is|are) (?:fine|ok|okay|good|right|correct)(?: {AS_IT_IS})?{END}", re.I),
    re.compile(rf"{START}(?:with |use )?(?:the |its )?(?P<what>same (?!for\b|as\b|in\b|on\b|with\b|thing|name)[^,;.!()]{{2,50}}?){END}", re.I),
)  # fmt: skip
# "Keep it open for two days" and "keep it in the vault" ask for something.
ASKS = re.compile(
    rf"(?:\b(?:only|at|to|below|under|above|over|open|it|them|up|down|within|enabled|disabled|not|no|from)\b|\d|\b(?:{NUMBERS}) (?:days?|hours?|minutes?|weeks?))",
    re.I,
)

# What nobody wants changed anyway.
REST = re.compile(r"\b(?:rest|others?|everything|anything|all else|nothing else)\b", re.I)
KEYS = {
    r"time ?outs?": ("timeout",), r"descriptions?": ("description",), r"versions?": ("versionLabel",), r"names?": ("name",),
    r"identifiers?|ids?": ("identifier",), r"images?": ("image", "imageName"), r"tags?": ("tags",),
    r"connectors?": ("connectorRef",), r"namespaces?": ("namespace",), r"url|address": ("url",), r"regions?": ("region",),
    r"memory": ("memory",), r"cpus?": ("cpu",), r"branch(?:es)?": ("branch",), r"messages?": ("approvalMessage",),
    r"environments?": ("environmentRef",), r"infra(?:structure)?|clusters?": ("infrastructureDefinitions",),
    r"services?": ("serviceRef",), r"hosts?|registry": ("host", "repo"), r"approvers?|groups?": ("userGroups",),
    r"people|number of approvers": ("minimumCount",), r"commands?|scripts?": ("command", "script"), r"shells?": ("shell",),
    r"arch(?:itecture)?|amd64|arm64": ("arch",), r"os|linux|windows": ("os",), r"rollbacks?(?: steps?)?": ("rollbackSteps",),
    r"failure strateg\w+": ("failureStrategies",), r"manifests?": ("manifests",), r"credentials?": ("credential",),
    r"paths?": ("paths",), r"severity": ("fail_on_severity",), r"values?": ("value",), r"types?": ("type",),
}  # fmt: skip

APPROVAL = r"approvals?|sign[- ]?offs?|gates?|approvers?"
SCAN = r"scans?|scanners?|checks?|semgrep|codeql|trivy|grype|gitleaks|sonarqube"
UNWANTED = re.compile(
    rf"(?:,\s*)?\b(?:instead of|rather than|in place of|in lieu of|not|don'?t|do not|without)\s+(?:just |simply )?(?:"
    rf"(?P<remove>remov(?:e|ing)|delet(?:e|ing)|drop(?:ping)?|throw(?:ing)? out|tak(?:e|ing) out)(?:\s+(?:it|them|that|this|the \w+(?: (?:step|stage|script))?)\b)?|"
    rf"(?P<move>mov(?:e|ing)|reorder(?:ing)?)(?:\s+(?:it|them|anything|everything)\b|(?!\s+(?:the|our|any|\w+_)))|"
    rf"(?:add(?:ing)?\s+|put(?:ting)?(?: in)?\s+)?(?:an?|the|any|another|more|one more)\s+(?:\w+[ -]){{0,2}}?(?:(?P<approval>{APPROVAL})|(?P<scan>{SCAN}))(?:\s+(?:stage|step|there)\b)?)",
    re.I,
)  # fmt: skip


NAMED = re.compile(r"\bthe (?!\w*(?:approval|gate|scan|check))\w+(?: (?:step|stage|script))?$", re.I)


@dataclass(frozen=True)
class Limits:
    """`rest`: the request without what it rules out; `kept`: the words for what stays; `unwanted`: ways not to go."""

    rest: str
    kept: tuple[str, ...] = ()
    unwanted: frozenset[str] = frozenset()

    def broken(self, document: Document, old: dict[Spot, Any], new: dict[Spot, Any]) -> list[str]:
        """What an answer does although the request rules it out."""
        found = [
            f"“{said}” has to stay as it is" for said in self.kept if is_touched(said, document, old, new)
        ]
        return found + [f"to {way} is not wanted" for way in self.unwanted if GONE[way](old, new, document)]


def read(text: str, document: Document) -> Limits:
    """The limits a request sets. One that asks for nothing else is left as it is: then nothing was asked."""
    kept: list[str] = []
    rest = text
    for pattern in STAYS:
        for hit in reversed(list(pattern.finditer(rest))):
            if is_limit(hit["what"], document):
                # "Keep the approvals, but with two people" lets them change in that.
                if not BUT.match(rest[hit.end() :]) or keys_of(hit["what"], document):
                    kept.append(hit["what"].strip())
                rest = f"{rest[: hit.start()].rstrip(' ,')} {rest[hit.end() :]}"
    unwanted = {name for hit in UNWANTED.finditer(rest) for name, said in hit.groupdict().items() if said}
    # What is not to be removed or moved is what the rest may call "it".
    left = UNWANTED.sub(lambda hit: f" {named[0]} " if (named := NAMED.search(hit[0])) else " ", rest)
    rest = left if re.search(r"\w{3,}", left) else rest
    if not re.search(r"\w{2,}", rest):
        return Limits(text)
    return Limits(" ".join(rest.split()).strip(" ,;"), tuple(kept), frozenset(unwanted))


BUT = re.compile(r"\W*(?:but|except|apart from|other than|save)\b", re.I)


def is_limit(what: str, document: Document) -> bool:
    """Whether this names something of the document, or the rest of it, and gives nothing to set."""
    if REST.search(what):
        return not re.search(r"\d", what)
    held = {str(value).lower() for _, _, value in document.leaves()}
    known = {text.lower() for node in document.nodes for text in (node.identifier, node.name)}
    strange = [word for word in re.findall(r"[\w./@-]+", what)
               if is_value(word) and word.lower() not in held | known]  # fmt: skip
    names = locating.exactly(document, what)
    bare = what
    for node in names:
        bare = re.sub(
            rf"(?<![\w-])(?:{re.escape(node.name)}|{re.escape(node.identifier)})(?![\w-])",
            " ",
            bare,
            flags=re.I,
        )
    for value in sorted((v for v in held if re.search(r"\d", v)), key=len, reverse=True):
        bare = (
            re.sub(rf"(?<![\w.-]){re.escape(value)}(?![\w-]|\.\w)", " ", bare, flags=re.I)
            if value in bare.lower()
            else bare
        )
    if strange or ASKS.search(bare):
        return False
    return bool(keys_of(what, document) or names or nodes_of(what, document) or what.strip().lower() in held)


def keys_of(what: str, document: Document) -> set[str]:
    """The keys that words name: as people call them, or as they stand in the tags."""
    found = {
        key for words, keys in KEYS.items() if re.search(rf"\b(?:{words})\b", what, re.I) for key in keys
    }
    tags = document.body.get("tags") if isinstance(document.body, dict) else None
    lowered = what.lower()
    own = {key for key in tags or {} if isinstance(tags, dict) and locating.stands(key.lower(), lowered)}
    # "The team tag" is one of the tags.
    return (found - {"tags"}) | own if own else found


def nodes_of(what: str, document: Document) -> list[locating.Node]:
    """The stages and steps that are meant: by name, else by what they do."""
    named = [
        node for node in locating.exactly(document, what) if node.kind in ("step", "stage", "group", "entry")
    ]
    if named:
        return named
    if re.search(r"\b(?:stages?|deployments?|builds?|prod|production|staging|qa|uat|dev)\b", what, re.I):
        return locating.stages_spoken_of(document, what)
    return locating.described(document, what)


def spots(
    value: Any, stage: str = "", node: str = "", way: tuple[str | int, ...] = ()
) -> Iterator[tuple[Spot, Any]]:
    """Every scalar of a document with the stage and step it belongs to, wherever these stand in their lists."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == "stage" and isinstance(inner, dict):
                yield from spots(inner, str(inner.get("identifier")))
            elif key in ("step", "stepGroup", "manifest") and isinstance(inner, dict):
                yield from spots(inner, stage, str(inner.get("identifier")))
            else:
                yield from spots(inner, stage, node, (*way, key))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            is_entry = isinstance(inner, dict) and ("identifier" in inner or "name" in inner)
            if is_entry:
                yield from spots(inner, stage, str(inner.get("identifier") or inner.get("name")))
            else:
                # What lists hold only in order has a new number as soon as something is put in.
                wraps = isinstance(inner, dict) and inner.keys() & {
                    "stage",
                    "step",
                    "stepGroup",
                    "parallel",
                    "insert",
                }
                yield from spots(inner, stage, node, way if wraps else (*way, number))
    else:
        yield (stage, node, way), value


def is_touched(said: str, document: Document, old: dict[Spot, Any], new: dict[Spot, Any]) -> bool:
    """Whether an answer changes, takes or adds something that was to stay."""
    keys, nodes = keys_of(said, document), nodes_of(said, document)
    if REST.search(said):
        return False
    # "Keep the 1.0 tag": that one, and not all of them.
    lowered = said.lower()
    spoken = {
        str(v).lower()
        for v in old.values()
        if re.search(r"\d", str(v)) and locating.stands(str(v).lower(), lowered)
    }
    if spoken and not locating.exactly(document, said):
        left = [str(v).lower() for v in new.values()]
        return any(left.count(v) < [str(o).lower() for o in old.values()].count(v) for v in spoken)
    if not keys and not nodes:
        held = said.strip().lower()
        return any(str(value).lower() == held and new.get(spot) != value for spot, value in old.items())
    stages = {node.identifier for node in nodes if node.kind == "stage"}
    inner = {node.identifier or node.name for node in nodes if node.kind != "stage"}
    described = not locating.exactly(document, said)
    if nodes and keys and described and not re.search(r"\b(?:of|in|'s|for)\b", said, re.I):
        # "The image" is the value of that name, and "the approval" the step.
        keys = keys if not re.search(r"\b(?:step|stage|approval|push|tests?)s?\b", said, re.I) else set()
        stages, inner = (set(), set()) if keys else (stages, inner)

    def is_meant(spot: Spot) -> bool:
        stage, node, way = spot
        there = not (stages or inner) or node in inner or (stage in stages and not inner)
        return there and (not keys or bool(keys & set(way)))

    return any(old.get(spot) != new.get(spot) for spot in old.keys() | new.keys() if is_meant(spot)
               and (spot in old or is_held(spot, old)))  # fmt: skip


def is_held(spot: Spot, old: dict[Spot, Any]) -> bool:
    """Whether what a new value stands in was there before: a new step has values of its own."""
    return any(spot[0] == stage and (spot[1] == node) for stage, node, _ in old)


def kinds(spots_of: dict[Spot, Any]) -> list[str]:
    return [str(value) for (_, node, way), value in spots_of.items() if node and way == ("type",)]


def more(kept: frozenset[str] | set[str]) -> Callable[[dict[Spot, Any], dict[Spot, Any], Document], bool]:
    return lambda old, new, _: sum(k in kept for k in kinds(new)) > sum(k in kept for k in kinds(old))


def lost(old: dict[Spot, Any], new: dict[Spot, Any], _: Document) -> bool:
    # What went to another stage is not lost.
    return bool({spot[1] or spot[0] for spot in old} - {spot[1] or spot[0] for spot in new})


def moved(old: dict[Spot, Any], new: dict[Spot, Any], _: Document) -> bool:
    before = list(dict.fromkeys(spot[:2] for spot in old))
    after = [place for place in dict.fromkeys(spot[:2] for spot in new) if place in before]
    return after != [place for place in before if place in after]


GONE = {
    "approval": more(frozenset(step_types.APPROVALS)),
    "scan": more(frozenset(step_types.SCANNERS)),
    "remove": lost,
    "move": moved,
}
