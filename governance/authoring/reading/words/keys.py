"""Keys: the base forms a phrase is matched by, without the words that carry no meaning."""

from __future__ import annotations

from functools import lru_cache

from governance.authoring.reading.words.tokens import tokenize

Words = tuple[str, ...]

# single words that carry no meaning; they are taken out of requests and of phrases alike
EMPTY_WORDS = frozenset(
    "the a an our my your their its his her also too own just really please then already simply".split()
)


@lru_cache(maxsize=16384)
def key(phrase: str) -> Words:
    """The base forms a phrase is matched by."""
    tokens = [t for t in tokenize(phrase) if t.text != "'s"]
    kept = [t for t in tokens if t.text.lower() not in EMPTY_WORDS] or tokens
    return tuple(w for t in kept for w in t.words)
