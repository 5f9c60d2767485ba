"""The shared library as text, and the part of it a module needs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

LIBRARY = Path(__file__).parent.parent / "library.rego"
HEAD = re.compile(r"^([a-z][a-z0-9_]*)")
NAME = re.compile(r"[a-z][a-z0-9_]*")
TEXT = re.compile(r'"(?:[^"\\]|\\.)*"|`[^`]*`|#[^\n]*')


@dataclass(frozen=True)
class Block:
    """The rules of one name with the comment above them."""

    name: str
    text: str
    needs: frozenset[str]


def library_source() -> str:
    """The library module as it goes into a bundle (package portal.lib)."""
    return LIBRARY.read_text()


@lru_cache(maxsize=1)
def library_blocks() -> dict[str, Block]:
    """The library by rule name, in the order of the file."""
    _, _, body = library_source().partition("package portal.lib\n")
    texts: dict[str, str] = {}
    name = ""
    for paragraph in re.split(r"\n\n+", body.strip()):
        code = "\n".join(line for line in paragraph.splitlines() if not line.startswith("#"))
        head = HEAD.match(code)
        if head is None or head.group(1) == "else":
            texts[name] += f"\n\n{paragraph}"
        else:
            name = head.group(1)
            texts[name] = f"{texts[name]}\n\n{paragraph}" if name in texts else paragraph
    return {
        name: Block(name, text, frozenset(NAME.findall(TEXT.sub("", text))) & (texts.keys() - {name}))
        for name, text in texts.items()
    }  # fmt: skip


def own_lines(text: str) -> set[int]:
    """Numbers of the lines of a module that are not copied from the library, which has tests of its own."""
    copied = _paragraphs()
    found: set[int] = set()
    number = 1
    for paragraph in re.split(r"(\n\n+)", text):
        rows = paragraph.split("\n")
        if paragraph.strip() and paragraph.strip() not in copied:
            found |= {number + i for i, row in enumerate(rows) if row.strip()}
        number += len(rows) - 1
    return found


@lru_cache(maxsize=1)
def _paragraphs() -> frozenset[str]:
    return frozenset(p.strip() for p in re.split(r"\n\n+", library_source()))


def blocks_for(names: set[str], entity: str) -> str:
    """The named rules of the library with all they need, in the order of the library.

    What only speaks of another kind of entity is left out.
    """
    blocks = library_blocks()
    wanted: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in wanted:
            wanted.add(name)
            waiting.extend(blocks[name].needs)
    texts = (_about(block.text, entity) for name, block in blocks.items() if name in wanted)
    return "\n\n".join(texts) + ("\n" if wanted else "")


def _about(text: str, entity: str) -> str:
    """The paragraphs of a block that can matter for a kind of entity."""
    other = {"pipeline": "input.template", "template": "input.pipeline"}.get(entity)
    paragraphs = text.split("\n\n")
    kept = [p for p in paragraphs if other is None or other not in p]
    return "\n\n".join(kept or paragraphs)
