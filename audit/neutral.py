"""Untrusted text made harmless for display. What is stored stays as it came."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

# Colours and cursor movements carry no text; they are left out.
_CSI: Final = re.compile(r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]")
# Characters that change the direction or order in which text is read, or that nobody sees.
_HIDDEN: Final = re.compile("[\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\U000e0000-\U000e007f]")
_CONTROL: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def neutral(text: str) -> str:
    """Text without control: colours removed, control characters and hidden ones made visible.

    Line feeds and tabs stay; a carriage return before a line feed is dropped.
    """
    text = _CSI.sub("", text.replace("\r\n", "\n"))
    text = _HIDDEN.sub(lambda found: f"⟦U+{ord(found.group()):04X}⟧", text)
    return _CONTROL.sub(_picture, text)


# Blocks without one of these are harmless as they are, and most are.
_DOUBTFUL: Final = re.compile(rb"[^\x09\x0a\x20-\x7e]")
# A line that has no end is made harmless in pieces of this size.
_LONGEST: Final = 64 * 1024


def neutral_blocks(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """The same for a text that comes in pieces, whole lines at a time; bytes that are no UTF-8 become signs."""
    held = b""
    for block in blocks:
        if not held and not _DOUBTFUL.search(block):
            yield block
            continue
        text = held + block
        end = text.rfind(b"\n") + 1
        if not end and len(text) >= _LONGEST:
            end = len(text)
        held = text[end:]
        yield neutral(text[:end].decode("utf-8", "replace")).encode()
    if held:
        yield neutral(held.decode("utf-8", "replace")).encode()


def lines(data: bytes) -> list[str]:
    """The lines of a log's bytes, for display; bytes that are not UTF-8 become replacement signs."""
    text = neutral(data.decode("utf-8", "replace"))
    return text.removesuffix("\n").split("\n") if text else []


def _picture(found: re.Match[str]) -> str:
    code = ord(found.group())
    if code < 0x20:
        return chr(0x2400 + code)
    return "␡" if code == 0x7F else f"⟦U+{code:04X}⟧"
