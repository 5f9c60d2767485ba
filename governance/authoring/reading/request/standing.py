"""Where phrases stand among the tokens of a sentence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from governance.authoring.reading.base import phrases
from governance.authoring.reading.words.tokens import Token


def _matches_at(tokens: Sequence[Token], i: int, phrase: tuple[str, ...]) -> int:
    """The position after a phrase at i, 0 where it does not stand there."""
    words: list[str] = []
    for j in range(i, min(len(tokens), i + len(phrase))):
        if tokens[j].quoted:
            return 0
        words += tokens[j].words
        if len(words) >= len(phrase):
            return j + 1 if tuple(words) == phrase else 0
    return 0


def standing_at(tokens: Sequence[Token], i: int, text: str) -> Iterator[tuple[int, tuple[str, ...]]]:
    """The phrases that stand at a position, longest first, with the position after them."""
    for phrase in phrases(text).get(tokens[i].words[0], ()) if i < len(tokens) else ():
        if end := _matches_at(tokens, i, phrase):
            yield end, phrase


def phrase_at(tokens: tuple[Token, ...], wanted: str) -> tuple[int, int] | None:
    """The first place where one of the phrases stands, after a comma, dash or the beginning."""
    for i in range(len(tokens)):
        free = i == 0 or (tokens[i - 1].kind == "punct" and tokens[i - 1].text in ",-.(…")
        if not free:
            continue
        for end, phrase in standing_at(tokens, i, wanted):
            single = len(phrase) == 1 and phrase[0] in ("no", "rather", "wait", "sorry", "correction")
            if end and not (single and (i == 0 or (end < len(tokens) and tokens[end].text not in ",-:"))):
                return i, end
    return None


def without(tokens: list[Token], empty: str) -> list[Token]:
    out: list[Token] = []
    i = 0
    while i < len(tokens):
        end = next((e for e, _ in standing_at(tokens, i, empty)), 0)
        if end:
            i = end
        else:
            out.append(tokens[i])
            i += 1
    return out
