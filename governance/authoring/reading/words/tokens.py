"""Text to tokens: words with their base form, literals kept as typed, numbers as numbers."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Literal

TokenKind = Literal["word", "literal", "number", "punct"]


@dataclass(frozen=True)
class Token:
    """One token; `text` is as typed, `base` is the lower-case base form used for matching."""

    text: str
    base: str
    kind: TokenKind
    start: int
    end: int
    quoted: bool = False
    typed: str = ""  # what was typed where spelling was repaired
    article: str = ""  # "a", "the" or "its" where one stood in front and was taken out

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The base forms a hyphenated word is made of."""
        return tuple(part for part in self.base.split("-") if part) or (self.base,)


_LEX = re.compile(
    r"""
    (?P<quoted>"[^"\n]*"|“[^”\n]*”|`[^`\n]*`|(?<![\w])'[^'\n]+'(?!\w)|‘[^’\n]+’)
  | (?P<expression><\+[^\s>]*(?:\([^)]*\))?>?)
  | (?P<url>https?://[^\s,;)'"]*)
  | (?P<ratio>\d{1,3}(?:\.\d{1,3}){3}(?:/\d+)?)
  | (?P<date>\d{4}-\d{2}-\d{2}(?:T[\d:]+Z?)?)
  | (?P<clocks>\d{1,2}(?::\d{2})?(?:am|pm)?-\d{1,2}(?::\d{2})?(?:am|pm)(?=[\s,.;)]|$))
  | (?P<clock>\d{1,2}:\d{2})
  | (?P<regex>\^[^\s]+\$|[\w./-]*\[[\w-]+\](?:[+*]|\{\d+(?:,\d*)?\})?(?=[\s.,;)]|$))
  | (?P<range>(?!0-9\b)\d{1,4}-\d{1,4}(?=\s+(?:[a-z]|UTC|GMT|CES?T|BST|[A-Z][a-z]+\stime)))
  | (?P<cve>(?:CVE|cve)-\d+(?:-\d+)?)
  | (?P<number>(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)*(?=[^\w.-]|\.(?:\s|$)|$|-(?!\w)))
  | (?P<measured>\d+(?:\.\d+)?(?:[A-Za-zµ%]+|\s?%)(?=[\s,.;:)!?]|$))
  | (?P<suffix>(?<=[\s(])[-:.][A-Za-z][\w-]*)
  | (?P<word>[A-Za-z0-9_@*^][\w./:@+*<>~^=-]*(?:['’][A-Za-z]+)?)
  | (?P<punct>[.,:;()!?&/+$€£<>=%|-]+|[^\s])
    """,
    re.VERBOSE,
)
_TRAILING = ".,:;"
_ABBREVIATED = re.compile(r"\b(max|min|approx|incl|excl|resp|ca|esp|vs)\.(?=\s+[\da-z])", re.IGNORECASE)
_CONTRACTIONS = {
    "can't": "can not", "cannot": "can not", "won't": "will not", "shan't": "shall not",
    "let's": "let us", "i'm": "i am", "cant": "can not", "dont": "do not", "doesnt": "does not",
    "mustnt": "must not", "shouldnt": "should not", "isnt": "is not", "arent": "are not",
    "wont": "will not", "hasnt": "has not", "gonna": "going to", "wanna": "want to",
}  # fmt: skip
_WEEKDAYS = re.compile(r"((mon|tue|tues|wed|wednes|thu|thur|thurs|fri|sat|satur|sun)(day)?s?(-|$)){2}")
_SUFFIXES = {"n't": "not", "'re": "are", "'ve": "have", "'ll": "will", "'d": "would", "'m": "am"}
_IS_AFTER = {"it", "that", "there", "what", "who", "he", "she", "here"}


def tokenize(text: str) -> list[Token]:
    """Tokens of a request, in order, with their positions in the text."""
    out: list[Token] = []
    text = re.sub(r"(?<=\w)\.\.\.(?=\s|$)|…", lambda m: " - "[: len(m.group())].center(len(m.group())), text)
    text = _ABBREVIATED.sub(lambda m: m.group(1) + " ", text)
    for match in _LEX.finditer(text.replace("’", "'") if "’" in text else text):
        kind = str(match.lastgroup)
        start, raw = match.start(), match.group()
        if kind == "quoted":
            out.append(Token(raw[1:-1], raw[1:-1].lower(), "literal", start, match.end(), True))
        elif kind in ("number", "measured", "clock", "date"):
            out += _number(raw, start)
        elif kind in ("range", "clocks"):
            left, right = raw.split("-")
            middle = start + len(left)
            out += [*_number(left, start), *_punctuation("-", middle), *_number(right, middle + 1)]
        elif kind in ("expression", "url", "ratio", "cve", "regex", "suffix"):
            clean = raw.rstrip(_TRAILING) if kind != "ratio" else raw
            out.append(Token(clean, clean.lower(), "literal", start, start + len(clean)))
            out += _punctuation(raw[len(clean) :], start + len(clean))
        elif kind == "word":
            out += _word(raw, start)
        else:
            out += _punctuation(raw, start)
    return out


def _number(raw: str, start: int) -> list[Token]:
    clean = raw.rstrip(".")
    out = [Token(clean, clean.lower().replace(",", ""), "number", start, start + len(clean))]
    return out + _punctuation(raw[len(clean) :], start + len(clean))


def _punctuation(raw: str, start: int) -> list[Token]:
    return [Token(c, c, "punct", start + i, start + i + 1) for i, c in enumerate(raw)]


def _word(raw: str, start: int) -> list[Token]:
    clean = raw.rstrip(_TRAILING)
    after = _punctuation(raw[len(clean) :], start + len(clean))
    end = start + len(clean)
    lower = clean.lower()
    if lower in ("w/o", "w/"):
        return [_plain("without" if lower == "w/o" else "with", start, end)]
    if lower in ("i.e", "e.g"):
        return [Token(clean, lower, "word", start, end)]
    if lower in _CONTRACTIONS:
        return [_plain(w, start, end) for w in _CONTRACTIONS[lower].split()] + after
    for suffix, word in _SUFFIXES.items():
        if lower.endswith(suffix) and len(lower) > len(suffix):
            return [_plain(clean[: -len(suffix)], start, end), _plain(word, start, end), *after]
    if lower.endswith("'s"):
        stem = clean[:-2]
        if stem.lower() in _IS_AFTER:
            return [_plain(stem, start, end), _plain("is", start, end), *after]
        return [_plain(stem, start, end - 2), Token("'s", "'s", "punct", end - 2, end), *after]
    sign = "-" if _WEEKDAYS.fullmatch(lower) else "/"  # Tue-Thu
    if sign in clean and all(p.isalpha() for p in clean.split(sign)) and clean.count(sign) == 1:
        left, right = clean.split(sign)
        middle = start + len(left)
        return [_plain(left, start, middle), Token(sign, sign, "punct", middle, middle + 1),
                _plain(right, middle + 1, end), *after]  # fmt: skip
    return [_plain(clean, start, end), *after]


def _plain(text: str, start: int, end: int) -> Token:
    if _is_identifier(text):
        return Token(text, text.lower(), "literal", start, end)
    return Token(text, lemma(text), "word", start, end)


def _is_identifier(text: str) -> bool:
    """Whether something is a name rather than a word: prod_eu, minimumCount, t3.micro, svc-."""
    if re.fullmatch(r"[A-Za-z]+(-[A-Za-z]+)*", text):
        return bool(re.search(r"[a-z][A-Z]", text))
    return not re.fullmatch(r"[A-Za-z]+('[a-z]+)?", text)


_KEPT = {
    "ai": "ai", "means": "mean", "meant": "mean", "is": "be", "are": "be", "was": "be", "were": "be", "been": "be", "being": "be", "am": "be",
    "has": "have", "had": "have", "having": "have", "does": "do", "did": "do", "done": "do",
    "doing": "do", "latest": "latest", "more": "more", "less": "less", "least": "least",
    "most": "most", "later": "later", "latter": "latter", "earlier": "earlier", "higher": "higher",
    "lower": "lower", "fewer": "fewer", "newer": "newer", "older": "older", "longer": "longer",
    "shorter": "shorter", "bigger": "bigger", "larger": "larger", "greater": "greater",
    "smaller": "smaller", "better": "better", "cheaper": "cheaper", "united": "united",
    "people": "people", "else": "else", "us": "us", "as": "as", "his": "his", "its": "its",
    "this": "this", "always": "always", "thus": "thus", "plus": "plus", "minus": "minus",
    "unless": "unless", "regardless": "regardless", "harness": "harness", "kubernetes": "kubernetes",
    "aws": "aws", "dns": "dns", "https": "https", "sms": "sms", "sas": "sas", "process": "process",
    "access": "access", "address": "address", "licenses": "licence", "license": "licence",
    "licences": "licence", "licensed": "licence", "licence": "licence", "staging": "staging",
    "naming": "naming", "building": "build", "left": "left", "found": "find", "data": "data",
    "datum": "data", "media": "media", "criteria": "criteria", "ids": "id", "crit": "critical",
    "prod": "prod", "pre": "pre", "non": "non", "dev": "dev", "qa": "qa", "uat": "uat", "os": "os",
    "pls": "please", "plz": "please", "thx": "thanks", "env": "environment", "envs": "environment",
    "repo": "repository", "repos": "repository", "infra": "infrastructure", "org": "organisation",
    "organization": "organisation", "max": "maximum", "min": "minimum", "desc": "description",
    "deploys": "deploy", "costing": "cost", "vulns": "vulnerability", "vuln": "vulnerability", "apps": "application",
    "app": "application", "config": "config", "configs": "config", "db": "database",
    "k8s": "kubernetes", "tf": "terraform", "centre": "center", "capitals": "capital",
    "lowercase": "lower-case", "uppercase": "upper-case", "secs": "second", "sec": "second",
    "mins": "minute", "hrs": "hour", "hr": "hour", "bucks": "dollar", "ending": "end", "beginning": "begin", "may": "may", "used": "use",
    "allowed": "allow", "approved": "approve", "run": "run", "runs": "run", "set": "set",
    "unset": "unset", "needed": "need", "required": "require", "born": "born", "thing": "thing",
    "nothing": "nothing", "anything": "anything", "something": "something", "unscanned": "unscanned",
    "sbom": "sbom", "sboms": "sbom", "ci": "ci", "cd": "cd", "cves": "cve", "iams": "iam",
    "dbs": "database", "ssh": "ssh", "sca": "sca", "sast": "sast", "dast": "dast", "urls": "url",
    "gitops": "gitops", "apis": "api", "vms": "vm", "s3": "s3", "ec2": "ec2", "rds": "rds",
    "weekends": "weekend", "closed": "close", "opened": "open", "open": "open", "off": "off",
    "on": "on", "in": "in", "out": "out", "forbidden": "forbid", "frozen": "freeze", "leave": "leave",
    "last": "last", "under": "under", "upper": "upper", "up": "up", "whatever": "whatever",
    "capitalisation": "case", "capitalization": "case", "capitalised": "capitalise",
    "capitalized": "capitalise", "unsigned": "unsigned", "others": "other", "either": "either",
    "neither": "neither", "every": "every", "ever": "ever", "never": "never", "only": "only",
    "any": "any", "early": "early", "earliest": "earliest", "needs": "need", "need": "need",
    "worth": "worth", "underscores": "underscore", "dashes": "dash",
    "versioning": "versioning", "labelled": "label", "labeled": "label", "hyphens": "hyphen", "digits": "digit", "letters": "letter", "numbers": "number",
}  # fmt: skip


@lru_cache(maxsize=4096)
def lemma(word: str) -> str:
    """The lower-case base form of an English word; hyphenated words part by part."""
    lower = word.lower()
    if lower in _KEPT:
        return _KEPT[lower]
    if "-" in lower:
        return "-".join(lemma(part) for part in lower.split("-") if part) or lower
    import simplemma

    found = str(simplemma.lemmatize(lower, lang="en")).lower()
    plural = lower.endswith("s") and len(lower) > 3 and not lower.endswith("ss")
    if found == lower and plural and not simplemma.is_known(lower, lang="en"):
        return lower[:-1]
    return _KEPT.get(found, found)


@lru_cache(maxsize=4096)
def is_english(word: str) -> bool:
    """Whether the dictionary knows the word, so that it must not be taken for a misspelling."""
    import simplemma

    return bool(simplemma.is_known(word.lower(), lang="en"))


def repair(tokens: list[Token], known: Callable[[str], bool], vocabulary: list[str]) -> list[Token]:
    """Tokens with misspelt words put right.

    Only words that are in no dictionary, look like words (no capitals inside, digits or signs) and
    are one or two letters away from a word of the vocabulary with the same first letter.
    """
    return [_repaired(t, known, vocabulary) for t in tokens]


def _repaired(token: Token, known: Callable[[str], bool], vocabulary: list[str]) -> Token:
    if token.kind != "word" or min(len(token.text), len(token.base)) < 4 or not token.text.isalpha():
        return token  # CVEs are no misspelt CVSS
    if token.text.isupper() or known(token.base) or is_english(token.text):
        return token
    fixed = _nearest(token.text.lower(), tuple(vocabulary))
    return replace(token, base=lemma(fixed), typed=token.text) if fixed else token


@lru_cache(maxsize=2048)
def _nearest(word: str, vocabulary: tuple[str, ...]) -> str:
    from rapidfuzz.distance import OSA

    limit = 1 if len(word) < 7 else 2
    best, distance = "", limit + 1
    for candidate in vocabulary:
        if candidate[:1] != word[:1] or abs(len(candidate) - len(word)) > limit:
            continue
        d = OSA.distance(word, candidate, score_cutoff=limit)
        if d < distance:
            best, distance = candidate, d
    return best
