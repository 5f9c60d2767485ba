"""The sentences of a request before they are read: spelling repaired, articles remembered, fillers taken out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from governance.authoring.facts import Facts
from governance.authoring.fields import KINDS
from governance.authoring.reading.meaning.lexicon import facts_lexicon, lexicon_of
from governance.authoring.reading.request.ai_work import labelled
from governance.authoring.reading.request.standing import without
from governance.authoring.reading.values.amounts import WORDS
from governance.authoring.reading.words.function_words import CORRECTIONS, FILLERS, FRAMES, KNOWN
from governance.authoring.reading.words.keys import EMPTY_WORDS, key
from governance.authoring.reading.words.tokens import Token, repair, tokenize
from governance.authoring.reading.words.values import STOP

ENDS = ".;!?"
HAVING = frozenset("must should have to need include contain be comprise carry".split())
NO_KEYS = frozenset("tag call name and or".split())


@dataclass(frozen=True)
class Sentence:
    """Tokens of one sentence and the part of the request they come from."""

    tokens: tuple[Token, ...]
    start: int
    end: int


@lru_cache(maxsize=1)
def _all_words() -> tuple[str, ...]:
    words: set[str] = set(KNOWN)
    for entity in KINDS:
        words |= lexicon_of(entity).all_words()
    for module in _grammar_texts():
        words |= {w for phrase in module.split("|") for w in key(phrase)}
    return tuple(sorted(w for w in words if len(w) > 3 and w.isalpha()))


def _grammar_texts() -> Iterator[str]:
    """Phrases of the grammar modules, so that their words can be repaired to as well."""
    from governance.authoring.reading.values import amounts
    from governance.authoring.reading.words import sentences as said
    from governance.authoring.reading.words import verbs as verb_words

    yield from (FILLERS, FRAMES, CORRECTIONS)
    yield from (w for w, _ in (*amounts.BEFORE, *amounts.AFTER))
    yield from (said.FORBID, said.FORBIDDEN, said.ALLOWED, said.ACTIONS, said.MODALS)
    yield from (verb_words.HAVE, verb_words.INSIDE, "approval|between|before|anybody|somebody")


class Preparing:
    """Takes requests apart, with the words of one installation."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.names = facts_lexicon(facts)
        self._known = frozenset(_all_words()) | self.names.all_words()
        self._vocabulary = [w for w in _all_words()] + [
            w for w in self.names.all_words() if len(w) > 3 and w.isalpha()
        ]

    def sentences(self, text: str) -> list[Sentence]:
        """The sentences of a request with spelling repaired and fillers taken out."""
        tokens = repair(tokenize(text), lambda w: w in self._known, self._vocabulary)
        out: list[Sentence] = []
        current: list[Token] = []
        for n, token in enumerate(tokens):
            if token.kind == "punct" and token.text in ENDS and not self._inside_brackets(tokens, n):
                out += _sentence(current)
                current = []
            else:
                current.append(token)
        return out + _sentence(current)

    @staticmethod
    def _inside_brackets(tokens: list[Token], n: int) -> bool:
        depth = 0
        for token in tokens[:n]:
            depth += {"(": 1, ")": -1}.get(token.text, 0) if token.kind == "punct" else 0
        return depth > 0


def _without_articles(tokens: list[Token]) -> list[Token]:
    """Tokens without empty words; what stood behind an article remembers it."""
    kept: list[Token] = []
    article = ""
    for t in tokens:
        if (
            t.kind == "literal"
            or t.quoted
            or not {t.base, t.text.lower()} <= EMPTY_WORDS  # "owned" says more than "own"
            or (t.text.isupper() and len(t.text) > 1)
        ):
            kept.append(replace(t, article=article) if article else t)
            article = ""
        else:
            article = {"an": "a", "a": "a", "the": "the", "its": "its", "their": "their"}.get(t.base, article)
    return kept


COMPARING = frozenset(
    "more less fewer longer shorter greater higher lower larger bigger smaller newer older earlier later other rather".split()
)
AFTER_VALUE = frozenset("must may have should need can be and or to do shall will deploy run".split())


def _compared(tokens: list[Token]) -> list[Token]:
    """More then five: "then" behind a comparative is "than"."""
    out: list[Token] = []
    for n, t in enumerate(tokens):
        after = tokens[n + 1] if n + 1 < len(tokens) else None
        counted = after is not None and (after.kind == "number" or after.base in WORDS)
        mistyped = t.base == "then" and out and out[-1].base in COMPARING and counted
        out.append(replace(t, base="than", typed=t.text) if mistyped else t)
    return out


def _tag_pairs(tokens: list[Token]) -> list[Token]:
    """The tag tier: gold, the tag hotfix = "true": a key and its value as one literal."""
    out: list[Token] = []
    n = 0
    while n < len(tokens):
        pair = tokens[n : n + 3]
        if (
            out
            and out[-1].base in ("tag", "label")
            and len(pair) == 3
            and _is_pair(pair, tokens[n + 3 : n + 4])
        ):
            key, _, value = pair
            text = f"{key.text}={value.text}"
            out.append(Token(text, text.lower(), "literal", key.start, value.end))
            n += 3
        else:
            out.append(tokens[n])
            n += 1
    return out


def _is_pair(pair: list[Token], behind: list[Token]) -> bool:
    key, sign, value = pair
    ends = not behind or behind[0].kind == "punct" or behind[0].base in AFTER_VALUE
    named = key.kind != "punct" and value.kind != "punct" and key.base not in NO_KEYS | STOP
    return (
        named
        and sign.kind == "punct"
        and sign.text in (":", "=")
        and (value.quoted or value.base not in STOP)
        and ends
    )


def _sentence(tokens: list[Token]) -> list[Sentence]:
    kept = _without_articles(_compared(tokens))
    kept = _tag_pairs(labelled(without(kept, FILLERS)))
    while kept and kept[-1].kind == "punct" and kept[-1].text in ",-:":
        kept.pop()
    while kept and kept[0].kind == "punct" and kept[0].text in ",-:)":
        kept.pop(0)
    if not kept:
        return []
    return [Sentence(tuple(kept), tokens[0].start, tokens[-1].end)]


def tag_keys(sentences: list[Sentence]) -> dict[str, str]:
    """Keys that stand beside the word tag anywhere in the request."""
    out: dict[str, str] = {}
    for sentence in sentences:
        for n, token in enumerate(sentence.tokens):
            if token.base == "tag":
                rest = sentence.tokens[n + 1 :]
                skipped = next((m for m, t in enumerate(rest) if t.base not in HAVING), 0)
                listed = _listed(rest[skipped:] if skipped < 4 else rest)
                for near in (*sentence.tokens[max(0, n - 1) : n], *sentence.tokens[n + 1 : n + 3], *listed):
                    if near.kind != "punct" and near.base not in NO_KEYS | STOP:
                        out[near.base] = near.text
    return out


def _listed(tokens: Sequence[Token]) -> Iterator[Token]:
    """The words of a list: owner, team and tier."""
    for n, token in enumerate(tokens):
        joint = token.base in NO_KEYS or token.text in (",", ":")
        if not joint and n and not (tokens[n - 1].base in NO_KEYS or tokens[n - 1].text in (",", ":")):
            return
        following = tokens[n + 1] if n + 1 < len(tokens) else None
        if not joint and n and following is not None and following.kind == "word" and following.text.islower() \
                and following.base not in NO_KEYS | STOP:  # fmt: skip
            return  # tags owner and expiry, SSH keys ...: what follows is no key
        if not joint:
            yield token
