"""Values said for one place each: "30m for the load step, 10m for the others" gives no place the amount of another."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from templates_catalog.authoring import counting, limits, relative
from templates_catalog.authoring.context import Context, bare
from templates_catalog.authoring.limits import Spot
from templates_catalog.authoring.locating import Document, Node
from templates_catalog.authoring.said import durations, quantities
from templates_catalog.authoring.words import NUMBERS, TOKEN, clean, number_of
from templates_catalog.documents import paths
from templates_catalog.vocabulary import is_value, is_word

CUT = re.compile(r"[,;.]\s+|\s+(?:and|but|while|whereas)\s+", re.I)


REST = re.compile(r"\b(?:others?|the rest|everything else|all else)\b", re.I)


def amounts(text: str) -> set[str]:
    """Every amount of a piece of text, as it would stand in a document."""
    numbers = re.findall(rf"(?<![\w.])(?:\d+(?:\.\d+)*|(?:{NUMBERS}))(?![\w.])", text, re.I)
    plain = {str(number_of(word)) if word.count(".") < 2 else word for word in numbers}
    return {*durations(text), *quantities(text), *plain}


def own_words(text: str) -> set[str]:
    """The names that somebody typed."""
    return {word for hit in re.finditer(TOKEN, text) if is_value(word := clean(hit[1]))}


Place = tuple[str, str]


def shares(text: str, document: Document, blamed: Sequence[Node] = ()) -> list[tuple[set[Place], set[str]]]:
    """For each clause that speaks of its own stages or steps: which ones, and the amounts it gives."""
    found: list[tuple[set[Place], set[str]]] = []
    rest: list[set[str]] = []
    for clause in CUT.split(text):
        counted = counting.numbered(clause, [node for node in blamed if node.kind == "step"])
        nodes = counted or (limits.nodes_of(clause, document) if clause.strip() else [])
        meant = {
            place for node in nodes if node.kind in ("stage", "step") for place in places_of(node, document)
        }
        if meant:
            known = {text for node in document.nodes for text in (node.identifier, node.name)}
            found.append((meant, amounts(clause) | (own_words(clause) - known)))
        elif REST.search(clause):
            rest.append(amounts(clause))
    if rest and found:
        # "All others the maximum": what was objected to and is named nowhere.
        named = set[Place]().union(*(places for places, _ in found))
        left = {
            place for node in blamed if node.kind == "step" for place in places_of(node, document)
        } - named
        found += [(left, given) for given in rest[:1] if left]
    return found


def places_of(node: Node, document: Document) -> set[Place]:
    """A step with its stage; a stage with everything in it."""
    home = document.stage_of(node)
    stage = node.identifier if node.kind == "stage" else home.identifier if home else ""
    if node.kind != "stage":
        return {(stage, node.identifier)}
    return {(stage, ""), *((stage, step.identifier) for step in document.steps if step.stage == node.path)}


def misplaced(
    own: Sequence[tuple[set[Place], set[str]]], old: dict[Spot, Any], new: dict[Spot, Any]
) -> list[str]:
    """What an answer gives to a place although the request gives it to another one; `own` are the shares."""
    if len(own) < 2 or not apart([places for places, _ in own]):
        return []
    found = []
    for spot, value in new.items():
        if (spot in old and old[spot] == value) or not limits.is_held(spot, old):
            continue
        mine = [given for places, given in own if spot[:2] in places]
        others = [given for places, given in own if spot[:2] not in places]
        said = str(value)
        if mine and any(said in given for given in others) and not any(said in given for given in mine):
            found.append(f"“{said}” was said for another place than {spot[1] or spot[0]}")
    return found


def apart(places: Sequence[set[Place]]) -> bool:
    return all(not one & other for number, one in enumerate(places) for other in places[number + 1 :])


# Tickets, and numbers with what they count.
TICKET = re.compile(r"[A-Z][A-Z0-9]+-\d+|\d[\d.:/-]*[A-Za-z]{0,7}")


def letters(text: str) -> str:
    """What tells one name from another: cost-center and cost_center are one."""
    return re.sub(r"[-_\s]|(?<![\w.])v(?=\d)", "", text.lower())


def names_to_place(text: str, context: Context) -> list[str]:
    """What is to stand in the answer: names and times that nothing in the document or the objections explains."""
    facts = context.facts
    things = [thing.identifier for thing in (*facts.groups, *facts.environments)]
    keys = [part for path, _, _ in context.document.leaves() for part in paths.to_parts(path)]
    known = letters(
        " ".join(map(str, (context.messages, *things, *keys, *(v for _, _, v in context.document.leaves()))))
    )
    spoken = [] if relative.is_relative(text) else [said for said in durations(text) if said not in known]
    return spoken + sorted(
        word for word in own_words(text)
        if not TICKET.fullmatch(word) and letters(bare(word)) not in known and not is_plain(word)
    )  # fmt: skip


def is_plain(word: str) -> bool:
    """Whether a word with a hyphen, a point or a stroke in it is made of words of the language: sign-off, and/or."""
    parts = [part for part in re.split(r"[-./]", word.lower()) if part]
    return "_" not in word and "@" not in word and "<" not in word and all(is_word(part) for part in parts)


def left_out(typed: Sequence[str], new: dict[Spot, Any]) -> list[str]:
    """What of it stands nowhere in an answer."""
    if not typed:
        return []
    held = letters(" ".join(str(part) for spot, value in new.items() for part in (*spot[2], value)))
    return [word for word in typed if letters(bare(word)) not in held]
