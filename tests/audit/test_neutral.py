"""Text that nobody vouches for does nothing but be read."""

from __future__ import annotations

import pytest

from audit.neutral import neutral, neutral_blocks

HOSTILE = (
    "\x1b[2J\x1b[1;1H\x1b[32mAll checks passed\x1b[0m\x1b]0;owned\x07\x1b]52;c;Y3VybCBhdHRhY2tlcg==\x07\n"
    "good\rbad\nreversed \u202egnp.exe\nplain\ttabbed\r\nhalf \udc80".encode("utf-8", "surrogateescape")
    + b"\x9b2J"
)


@pytest.mark.parametrize("size", [1, 2, 3, 7, 64, 10_000])
def test_pieces_of_any_size_give_what_the_whole_gives(size: int) -> None:
    pieces = [HOSTILE[i : i + size] for i in range(0, len(HOSTILE), size)]
    made = b"".join(neutral_blocks(pieces)).decode()
    assert made == neutral(HOSTILE.decode("utf-8", "replace"))
    assert "All checks passed" in made
    assert not set(made) & {"\x1b", "\x07", "\r", "\x9b", "\u202e"}


def test_plain_blocks_come_through_as_they_are() -> None:
    blocks = [b"a line\nhalf of", b" another\n"]
    assert list(neutral_blocks(blocks)) == blocks


def test_a_line_without_an_end_is_not_held_for_ever() -> None:
    blocks = neutral_blocks(b"\xc3\xa9" * 1000 for _ in range(100))
    first = next(b for b in blocks if b)
    assert first.decode().startswith("é")
