"""The kinds of things a request may be about, by the words in it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from governance.authoring.fields import KINDS
from governance.authoring.reading.meaning.lexicon import lexicon_of
from governance.authoring.reading.request.preparing import Sentence
from governance.authoring.reading.words import vocabulary as v
from governance.authoring.reading.words.keys import key
from governance.authoring.reading.words.tokens import Token, is_english

VERSION = re.compile(r"v?\d+(\.\d+){2,}[\w.-]*")
# things that are saved one at a time: a rule about them names them
SAVED = frozenset(
    "service environment infrastructure connector secret variable override workspace template apiKey "
    "serviceAccount repository featureFlag token gitopsApplication".split()
)
EDITING = frozenset("edit create save modify change".split())
RUNNING = frozenset("pipeline stage step deploy deployment run rollback".split())
# kinds of things that are only meant where one of these words is said
GATES = {
    "firewall": {"firewall", "upstream", "cvss", "oss", "registry", "proxy"},
    "terraformState": {"state"},
    "apiKey": {"api"},
    "terraformPlanCost": set(
        "cost bill budget spend spending dollar usd euro eur price month monthly expensive cheap costly currency increase rise double"
        " triple percent % $ € money".split()
    ),
}


def candidates(sentences: list[Sentence]) -> list[tuple[str, int]]:
    """Kinds of entities a request may be about, with how much of it points to them."""
    scored = []
    words = [w for s in sentences for t in s.tokens for w in t.words]
    for entity in KINDS:
        score = _score(entity, words)
        if entity in GATES and not GATES[entity] & set(words):
            continue
        if entity in SAVED and not _names_document(entity, words):
            continue
        if score:
            scored.append((entity, score))
    # "openssl has to be at least 3.0.7": what has a name and a version, and nothing else, is a package
    alone = not scored or ("ship" in words and not any(_names_document(e, words) for e, _ in scored))
    if alone and any(_versioned(s.tokens) for s in sentences):
        scored = [("sbom", 1)]
    if "state" in words and "plan" not in words and any(e == "terraformState" for e, _ in scored):
        scored = [e for e in scored if e[0] != "terraformPlan"]
    if "codebase" in words:  # only pipelines have one
        scored = [e for e in scored if e[0] in ("pipeline", "template")]
    if "firewall" in words and "sbom" not in words:  # packages are what passes it, not what it is about
        scored = [e for e in scored if e[0] != "sbom"]
    saved = EDITING & set(words) and not RUNNING & set(words)  # what is edited is saved, not deployed to
    scored.sort(key=lambda e: (-e[1], bool(saved) and e[0] not in SAVED))
    likely = scored[0][1] / 2 if scored and scored[0][0] in SAVED else 0
    return [e for e in scored[:7] if e[1] >= likely]


def _versioned(tokens: Sequence[Token]) -> bool:
    """Whether a version with two dots stands behind a name in no dictionary."""
    version = next((n for n, t in enumerate(tokens) if VERSION.fullmatch(t.text)), 0)
    return any(t.kind == "literal" or not is_english(t.text) for t in tokens[:version] if t.kind != "punct")


@lru_cache(maxsize=64)
def _hints(entity: str) -> frozenset[str]:
    return frozenset(w for p in v.HINTS.get(entity, "").split("|") for w in key(p))


def _score(entity: str, words: list[str]) -> int:
    score = 0
    lexicon = lexicon_of(entity)
    i = 0
    if any(tuple(words[i : i + len(p)]) == p for i in range(len(words)) for p in _document_nouns(entity)):
        score += 3
    while i < len(words):
        best = 0
        for sense in lexicon.at(words[i : i + 6], "noun"):
            weight = 4 if sense.payload.spec is None else 2
            score += weight + len(sense.words)
            best = max(best, len(sense.words))
            break
        if not best and next(lexicon.at(words[i : i + 6], "field"), None) is not None:
            score += 1
        if (
            entity.startswith("terraform")
            and next(lexicon.at(words[i : i + 6], "resource"), None) is not None
        ):
            score += 2
        if words[i] in _hints(entity):
            score += 2
        i += max(best, 1)
    return score


def _names_document(entity: str, words: list[str]) -> bool:
    return any(tuple(words[i : i + len(p)]) == p for i in range(len(words)) for p in _document_nouns(entity))


def names_other_document(entity: str, heading: Sequence[Token]) -> bool:
    """Whether a heading is the plural of what another kind of document is called: "environments:"."""
    words = tuple(w for t in heading for w in t.words)
    plural = bool(heading) and heading[-1].text.lower().endswith("s")
    return plural and any(words in _document_nouns(other) for other in SAVED if other != entity)


@lru_cache(maxsize=64)
def _document_nouns(entity: str) -> tuple[tuple[str, ...], ...]:
    said = v.NOUNS.get(entity, {}).get("document") or KINDS[entity].label
    said += "|" + v.KINDS_BY_TYPE[entity] if entity in v.KINDS_BY_TYPE else ""
    return tuple(key(p) for p in said.split("|"))
