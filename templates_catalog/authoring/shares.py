"""Values said for one place each: "30m for the load step, 10m for the others" gives no place the amount of another."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from templates_catalog.authoring import limits
from templates_catalog.authoring.limits import Spot
from templates_catalog.authoring.locating import Document, Node
from templates_catalog.authoring.said import durations, quantities
from templates_catalog.authoring.words import NUMBERS, number_of

CUT = re.compile(r"[,;.]\s+|\s+(?:and|but|while|whereas)\s+", re.I)


def amounts(text: str) -> set[str]:
    """Every amount of a piece of text, as it would stand in a document."""
    numbers = re.findall(rf"(?<![\w.])(?:\d+(?:\.\d+)*|(?:{NUMBERS}))(?![\w.])", text, re.I)
    plain = {str(number_of(word)) if word.count(".") < 2 else word for word in numbers}
    return {*durations(text), *quantities(text), *plain}


Place = tuple[str, str]


def shares(text: str, document: Document) -> list[tuple[set[Place], set[str]]]:
    """For each clause that speaks of its own stages or steps: which ones, and the amounts it gives."""
    found = []
    for clause in CUT.split(text):
        nodes = limits.nodes_of(clause, document) if clause.strip() else []
        meant = {
            place for node in nodes if node.kind in ("stage", "step") for place in places_of(node, document)
        }
        if meant:
            found.append((meant, amounts(clause)))
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
