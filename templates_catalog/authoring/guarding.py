"""Holds back edits that no policy should even be asked about."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from templates_catalog.authoring import edits as editing
from templates_catalog.authoring.edits import Edit, EditError
from templates_catalog.authoring.locating import Document
from templates_catalog.documents import models, write


class Guard:
    """Makes edits and holds back results no policy should even be asked about.

    Held back are: edits that do not fit, a result seen before, work hollowed out, the mark of AI changed,
    and a
    document that is less well formed than the one the person wrote.
    """

    def __init__(self, original: dict[str, Any]) -> None:
        self.known = objections(original)
        self.label = ai_label(original)
        self.seen = {write.digest(original)}

    def apply(self, value: dict[str, Any], edits: Sequence[Edit]) -> dict[str, Any] | None:
        try:
            document = editing.apply(value, edits)
        except (EditError, ValueError, TypeError):
            return None
        mark = write.digest(document)
        if mark in self.seen or not is_whole(document) or ai_label(document) != self.label:
            return None
        if objections(document) - self.known:
            return None
        self.seen.add(mark)
        return document


KIND_OF = {
    "serviceEntity": "service", "environmentEntity": "environment", "infrastructureEntity": "infrastructure",
    "entity": "connector", "secretEntity": "secret", "infrastructureDefinition": "infrastructure",
}  # fmt: skip


def ai_label(document: dict[str, Any]) -> Any:
    """The mark that AI took part; the portal sets it and no edit changes it."""
    body = Document(document, None).body
    tags = body.get("tags") if isinstance(body, dict) else None
    return tags.get("ai_generated") if isinstance(tags, dict) else None


def objections(document: dict[str, Any]) -> set[str]:
    """What is not well formed, so that no edit makes a document worse. Policy inputs name some roots
    differently."""
    root = Document(document, None).root
    kind = KIND_OF.get(root, root)
    if kind not in models.KINDS:
        return set()
    problems = models.validate(kind, {models.root_of(kind): document[root]})
    return {problem.message for problem in problems}


def is_whole(document: dict[str, Any]) -> bool:
    """Whether nothing was hollowed out: a policy that passes because the work is gone is no fix."""
    root = Document(document, None).body
    entries = root.get("stages") if isinstance(root, dict) else None
    if entries == []:
        return False
    waiting: list[Any] = [root]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            execution = node.get("execution")
            if isinstance(execution, dict) and execution.get("steps") == []:
                return False
            waiting += node.values()
        elif isinstance(node, list):
            waiting += node
    return True
