"""Steps and stages that are counted out: "for the second", "the last stage"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from templates_catalog.authoring.locating import Document, Node, is_deploy
from templates_catalog.documents import paths

ORDINALS = ("first", "second", "third", "fourth", "fifth")
ORDINAL = re.compile(
    rf"\b(?:for|in|of|from|to|on|with) the ({'|'.join(ORDINALS)}|last)\b(?! thing| place| step of)", re.I
)


def numbered(text: str, among: Sequence[Node]) -> list[Node]:
    """ "For the second" of several: the one that a clause counts out, in the order of the document."""
    hit = ORDINAL.search(text)
    places = sorted({node.path: node for node in among}.values(), key=lambda node: paths.to_parts(node.path))  # type: ignore[arg-type,return-value]
    if not hit or len(places) < 2:
        return []
    at = len(places) - 1 if hit[1].lower() == "last" else ORDINALS.index(hit[1].lower())
    return [places[at]] if at < len(places) else []


def counted_stage(document: Document, text: str) -> Node | None:
    """The stage of "the last stage", when the stages stand one after the other."""
    hit = re.search(rf"\b({'|'.join(ORDINALS)}|last) (?:stage|deployment)\b", text, re.I)
    stages = (
        document.stages
        if hit and hit[0].lower().endswith("stage")
        else [s for s in document.stages if is_deploy(s)]
    )
    at = (-1 if hit[1].lower() == "last" else ORDINALS.index(hit[1].lower())) if hit else 0
    return stages[at] if hit and at < len(stages) and stages else None
