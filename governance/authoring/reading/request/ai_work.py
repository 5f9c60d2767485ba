"""What AI made goes by the label it keeps for ever: "AI-generated pipelines" are pipelines tagged ai_generated."""

from __future__ import annotations

from dataclasses import replace

from governance.authoring.reading.words.tokens import Token

LABEL = "ai_generated"
MADE = frozenset("make generate draft create write produce author build propose".split())
MAKERS = frozenset({"ai", "assistant", "llm", "copilot"})
IN_FRONT = frozenset(f"{maker}-{made}" for maker in ("ai", "llm") for made in ("generated", "made", "written", "drafted", "created"))  # fmt: skip


def labelled(tokens: list[Token]) -> list[Token]:
    """The tokens of a sentence with what it says of AI said of the label."""
    out: list[Token] = []
    n = 0
    while n < len(tokens):
        if (taken := _behind(tokens[n : n + 3])) or (
            (taken := _joined(tokens[n : n + 2])) and out and out[-1].base == "be"
        ):
            out += _tag(tokens[n].start, tokens[n + taken - 1].end, tokens[n])
        elif taken and n + taken < len(tokens) and tokens[n + taken].kind == "word":
            noun = tokens[n + taken]
            out += [replace(noun, start=tokens[n].start), *_tag(noun.end, noun.end, noun)]
            taken += 1
        else:
            out.append(tokens[n])
            taken = 1
        n += taken
    return out


def _behind(near: list[Token]) -> int:
    """Made by AI, drafted with an assistant: so many tokens."""
    if len(near) < 3:
        return 0
    made, by, maker = near
    return (
        3
        if made.base in MADE and by.base in ("by", "with", "through") and maker.text.lower() in MAKERS
        else 0
    )


def _joined(near: list[Token]) -> int:
    """AI-generated, AI generated: so many tokens."""
    texts = [t.text.lower() for t in near]
    return 1 if texts[0] in IN_FRONT else 2 if "-".join(texts) in IN_FRONT else 0


def _tag(start: int, end: int, like: Token) -> list[Token]:
    tagged = replace(like, text="tagged", base="tag", kind="word", start=start, end=end, article="", typed="")
    return [tagged, replace(tagged, text=LABEL, base=LABEL, kind="literal")]
