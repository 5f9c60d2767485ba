"""What the readers of a request share: the document, the objections, and the ways a wish can be met."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from templates_catalog.authoring import locating
from templates_catalog.authoring.edits import Edit
from templates_catalog.authoring.locating import Document, Node
from templates_catalog.documents import paths

REMOVE = re.compile(
    r"\b(?:remove|delete|drop|get rid of|(?:take|throw|kick)(?= (?:[\w -]{1,40}? )?out\b)|strip|"
    r"cut|no more(?! than)|lose|leave out|without|take away|eliminate)\b|^\W*(?:please )?no (?!(?:more|longer|less|fewer) than)(?=\w)|"
    r"(?:(?<=step )|(?<=steps )|(?<=stage )|(?<=stages )|(?<=script )|(?<=scripts )|(?<=tag )|(?<=tags ))out\b|\bout with\b|"
    r"\b(?:has to|have to|must|needs? to|should) go(?: away)?(?=\W*$|[,.;!])",
    re.I,
)


BEFORE = r"\b(?:before|in front of|ahead of|prior to|earlier than|precedes?)\b"


AFTER = r"\b(?:after|behind|following|later than|once|waits? (?:for|until))\b"


FIRST = re.compile(
    r"\b(?:first(?: step| thing)?|before (?:anything|everything|all)(?: else)?|to (?:begin|start) with|at the (?:very )?(?:start|beginning|top)|to the (?:start|front|top|"
    r"beginning))\b",
    re.I,
)


LAST = re.compile(r"\b(?:last(?: step| thing)?|at the (?:very )?(?:end|bottom)|to the end|finally)\b", re.I)


EVERYWHERE = re.compile(
    r"\b(?:all|every|each|everywhere|both|wherever|where (?:it is|it's|they are|they're)? ?missing|any)\b",
    re.I,
)


@dataclass(frozen=True)
class Option:
    """One way to meet a wish."""

    edits: tuple[Edit, ...]
    weight: float


@dataclass
class Context:
    """What a reader looks at: the document, what was objected to, and the nodes the objections name.

    request  the clause being read; `whole` everything that was typed
    read     what clauses were found to mean, because each is asked about several times
    """

    document: Document
    violations: Sequence[Any]
    facts: Any
    request: str = ""
    whole: str = ""
    read: dict[str, Any] = field(default_factory=dict)

    def of(self, text: str) -> Context:
        """The same for one clause of the request; what is known of the objections is not looked for again."""
        local = replace(self, request=text, whole=self.request)
        for name in ("blamed", "messages", "blamed_stages"):
            local.__dict__[name] = getattr(self, name)
        return local

    @cached_property
    def blamed(self) -> list[Node]:
        return locating.blamed(self.document, self.violations)

    @cached_property
    def messages(self) -> str:
        return " . ".join(f"{v.message} {v.fix}" for v in self.violations)

    @cached_property
    def blamed_stages(self) -> list[Node]:
        found = [node if node.kind == "stage" else self.document.stage_of(node) for node in self.blamed]
        return list({node.path: node for node in found if node is not None}.values())


def bare(reference: Any) -> str:
    return re.sub(r"^(account|org)\.", "", str(reference))


def entry_of(node: Node) -> str:
    """The entry of the top list of stages that a stage stands in, also out of a parallel block."""
    parts = paths.to_parts(node.path)
    at = next((n for n, part in enumerate(parts) if part == "stages"), None)
    return paths.to_text(parts[: at + 2]) if at is not None and len(parts) > at + 1 else node.entry


def slot_of(node: Node) -> int:
    last = paths.to_parts(entry_of(node))[-1]
    return last if isinstance(last, int) else 0


def unique(document: Document, wanted: str) -> str:
    taken = {node.identifier for node in document.nodes}
    name, number = wanted, 2
    while name in taken:
        name, number = f"{wanted}_{number}", number + 1
    return name
