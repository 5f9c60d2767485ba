"""Untrusted text made harmless for display. What is stored stays as it came."""

from __future__ import annotations

import re
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


def lines(data: bytes) -> list[str]:
    """The lines of a log's bytes, for display; bytes that are not UTF-8 become replacement signs."""
    text = neutral(data.decode("utf-8", "replace"))
    return text.removesuffix("\n").split("\n") if text else []


def _picture(found: re.Match[str]) -> str:
    code = ord(found.group())
    if code < 0x20:
        return chr(0x2400 + code)
    return "␡" if code == 0x7F else f"⟦U+{code:04X}⟧"
