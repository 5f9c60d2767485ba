"""Where a sentence may be cut: behind its introduction, at a heading, at a comma, at an "and" between two limits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from governance.authoring.reading.request.standing import standing_at
from governance.authoring.reading.words.function_words import FRAMES
from governance.authoring.reading.words.tokens import Token


def without_frames(tokens: tuple[Token, ...]) -> Iterator[tuple[Token, ...]]:
    """The sentence without its introduction first, then as it stands."""
    rest = tokens
    shorter: list[tuple[Token, ...]] = []
    for _ in range(4):
        end = next((e for e, _ in standing_at(rest, 0, FRAMES)), 0)
        if not end or end >= len(rest):
            break
        rest = rest[end:]
        while rest and rest[0].kind == "punct" and rest[0].text in ",:-":
            rest = rest[1:]
        shorter.append(rest)
    yield from reversed(shorter)
    yield tokens


def headings(tokens: tuple[Token, ...]) -> Iterator[tuple[tuple[Token, ...], tuple[Token, ...] | None]]:
    if not any(t.kind == "punct" and t.text == ":" for t in tokens):
        yield tokens, None
    for n, token in enumerate(tokens):
        if token.kind == "punct" and token.text in ":" and 0 < n <= 7:
            rest = tokens[n + 1 :]
            must = replace(token, text="must", base="must", kind="word")
            be = replace(token, text="be", base="be", kind="word")
            yield rest, tokens[:n]
            yield (*tokens[:n], *rest), None
            yield (*tokens[:n], must, *rest), None
            yield (*tokens[:n], must, be, *rest), None
            yield (*tokens[:n], must, replace(token, text="have", base="have", kind="word"), *rest), None
            break
    yield tokens, None


def splits(tokens: tuple[Token, ...]) -> Iterator[tuple[tuple[Token, ...], tuple[Token, ...]]]:
    """The sentence in two at a comma, a dash or a colon, later ones first."""
    depth = 0
    for n in range(len(tokens) - 1, 0, -1):
        token = tokens[n]
        depth += {")": 1, "(": -1}.get(token.text, 0) if token.kind == "punct" else 0
        if token.kind == "punct" and token.text in ",-:" and not depth and n + 1 < len(tokens):
            rest = tokens[n + 1 :]
            yield tokens[:n], rest
            if rest[0].base in ("and", "but", "so") and len(rest) > 1:
                yield tokens[:n], rest[1:]
    for n in range(len(tokens) - 2, 1, -1):
        if tokens[n].base == "and" and tokens[n + 1].base in ("it", "they"):
            yield tokens[:n], tokens[n + 1 :]


def halves(tokens: tuple[Token, ...]) -> Iterator[tuple[tuple[Token, ...], tuple[Token, ...]]]:
    """The sentence in two at an "and" behind which numbers stand."""
    for n in range(len(tokens) - 2, 1, -1):
        if tokens[n].base in ("and", "while", "whereas") and any(t.kind == "number" for t in tokens[n:]):
            yield tokens[:n], tokens[n + 1 :]
