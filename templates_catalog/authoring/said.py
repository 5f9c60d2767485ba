"""What a sentence gives as values: durations, numbers, names, yes and no, sentences for descriptions."""

from __future__ import annotations

import re
from typing import Any

from templates_catalog.authoring import intent, names
from templates_catalog.authoring.context import Context
from templates_catalog.authoring.locating import quoted
from templates_catalog.authoring.words import NUMBERS, STOP, TOKEN, clean, number_of
from templates_catalog.vocabulary import PRAISE, is_value

UNITS = {
    "second": "s", "sec": "s", "s": "s", "minute": "m", "min": "m", "m": "m", "hour": "h", "hr": "h", "h": "h",
    "day": "d", "d": "d", "week": "w", "w": "w",
}  # fmt: skip


DURATION = re.compile(
    rf"(?<![\w.])(?:(\d+)[ -]*|(an?|half an?|{NUMBERS})[ -]+)(seconds?|secs?|s|minutes?|mins?|m|hours?|hrs?|h|"
    rf"days?|d|weeks?|w)\b",
    re.I,
)


YES = re.compile(r"\b(?:true|yes|on|enable\w*|switch\w* on|turn\w* on)\b", re.I)


NO = re.compile(
    r"\b(?:false|off|no longer|not|never|disable\w*|switch\w* off|turn\w* off|without|don't|stop)\b", re.I
)


def bare_values(text: str, context: Context) -> list[str]:
    """Words of the sentence that can only be values, in the order they are most likely meant."""
    found: list[str] = [*quoted(text), *expressions(text)]
    for pattern in (
        rf"\b(?:to|is|be|as|=|:|into|by|with|called|named|use|using|target|pick|choose|take|want|say|says|"
        rf"make it|in|on|from)\s+(?:the |an? |it )?(?:\w+ ){{0,2}}?{TOKEN}",
        TOKEN,
    ):
        for hit in re.finditer(pattern, text, re.I):
            word = clean(hit[1])
            if is_value(word) or re.fullmatch(r"v?\d+(?:\.\d+)+|v\d+", word):
                found.append(word)
    for hit in re.finditer(
        rf"\b(?:use|to|is|be|it|called|named|target|choose|pick|take|from|branch|version|into|in|"
        rf"on)\s+(?:the )?{TOKEN}",
        text,
        re.I,
    ):
        word = clean(hit[1])
        if word and word.lower() not in STOP | NOUNS | PRAISE:
            found.append(word)
    # "Main for both manifests", "main please": the value comes first.
    ahead = re.match(
        rf"\W*(?:(?:ok|please|just|then)[, ]+)*{TOKEN}(?: (?:for|in|everywhere|instead)\b|(?: please| pls| then| it is)?\W*$)",
        text,
        re.I,
    )
    if ahead and clean(ahead[1]).lower() not in STOP | NOUNS | PRAISE | intent.VERB_WORDS | intent.VAGUE:
        found.append(clean(ahead[1]))
    for _, _, identifier in names.environments(text, context.facts):
        found.append(identifier)
    # An objection quotes the names of what it objects to; those are not what to put there.
    own = labels(context) if text in context.messages else set()
    return [word for word in dict.fromkeys(found) if word not in own]


# Values that Harness fills in at run time, as people call them.
FILLED_IN = (
    (r"\b(?:pipeline )?sequence (?:id|number)\b|\b(?:run|build) number\b", "<+pipeline.sequenceId>"),
    (r"\b(?:git |full )?(?:commit )?sha\b|\bcommit (?:hash|id)\b", "<+codebase.commitSha>"),
    (r"\bshort (?:commit )?sha\b", "<+codebase.shortCommitSha>"),
    (r"\bbranch name\b", "<+codebase.branch>"),
    (r"\bas an? (?:run ?time )?input\b|\brun ?time input\b|\basked? (?:for )?(?:it )?(?:at|when) (?:run ?time|running)\b", "<+input>"),
)  # fmt: skip


def expressions(text: str) -> list[str]:
    """Expressions as typed, then those that are spoken of."""
    typed = re.findall(r"<\+[\w.]+>", text)
    return typed or [value for words, value in FILLED_IN if re.search(words, text, re.I)]


def labels(context: Context) -> set[Any]:
    """The names of the document and of the nodes objected to."""
    body = context.document.body
    return {
        body.get("name"),
        body.get("identifier"),
        *(v for n in context.blamed for v in (n.name, n.identifier)),
    }


# "12 hours" counts no people.
COUNT = re.compile(
    rf"(?<![\w.])(\d+|{NUMBERS})(?![\w-]|\.\w| ?(?:%|percent\b|seconds?\b|secs?\b|minutes?\b|mins?\b|hours?\b|hrs?\b|days?\b|weeks?\b|[gm]i?b?\b))",
    re.I,
)
FIGURE = re.compile(rf"(?<![\w.-])(?:\d|(?:{NUMBERS}))", re.I)


def kind_values(kind: str, text: str, context: Context) -> list[Any]:
    """The values of one kind that the sentence gives, then those the objection gives."""
    # What the sentence gives itself is never replaced by what an objection gives.
    told = text if FIGURE.search(text) else context.messages
    if kind == "duration":
        return durations(text) or durations(told)
    if kind == "sentence":
        return [said] if (said := sentence_value(text)) else []
    if kind == "quantity":
        return quantities(text) or quantities(told)
    if kind == "number":
        if re.search(r"\bfour[- ]eyes\b", text, re.I):
            return [2]
        numbers = [number_of(hit[1]) for hit in COUNT.finditer(text)]
        return numbers or [number_of(hit[1]) for hit in COUNT.finditer(told)]
    if kind == "text" and context.blamed is not None and TYPES.search(text):
        named = [name for name, pattern in TYPE_NAMES if re.search(pattern, text, re.I)]
        return [*named, *bare_values(text, context)]
    if kind in ("true", "false"):
        wanted = kind == "true"
        return (
            [wanted, not wanted] if not (YES.search(text) and not NO.search(text) and not wanted) else [True]
        )
    said = bare_values(text, context)
    return [*(AS_WRITTEN[word.lower()] for word in said if word.lower() in AS_WRITTEN), *said]


# Values that have one spelling, whatever way people type them.
AS_WRITTEN = {
    value.lower(): value
    for value in ("Linux", "Windows", "MacOS", "Amd64", "Arm64", "Bash", "Sh", "PowerShell", "Python")
}


TYPES = re.compile(r"\b(?:secret|string|production|pre-?production)\b", re.I)


TYPE_NAMES = (
    ("PreProduction", r"\b(?:pre-?production|"
                      r"non-?production)\b"), ("Secret", r"\b(?:an? |type |of type |to )secret\b|"
                r"\b(?:make|turn)\w* (?:it|them|both|these|those|all)(?: of them)?(?: all)?(?: into)? secrets?\b"),
    ("Production", r"(?<!pre-)(?<!pre)(?<!non-)\bproduction\b"), ("String", r"\b(?:a |type )string\b"),
)  # fmt: skip


QUANTITY = re.compile(
    r"(?<![\w.])(\d+(?:\.\d+)?) ?(?:(gi|mi|ki|gib|mib|gb|mb|gigabytes?|megabytes?|gigs?|megs?)\b|(m|cores?|cpus?)\b)?",
    re.I,
)


def quantities(text: str) -> list[str]:
    """Amounts of memory and of processors as Kubernetes writes them: 2Gi, 512Mi, 500m, 2."""
    found = []
    for hit in QUANTITY.finditer(text):
        if hit[2]:
            found.append(hit[1] + {"g": "Gi", "m": "Mi", "k": "Ki"}[hit[2][0].lower()])
        elif hit[3]:
            found.append(hit[1] + ("m" if hit[3].lower() == "m" else ""))
    return found


HALVES = re.compile(
    rf"(?<![\w.])(?:(\d+|an?|{NUMBERS}) and a half|(\d+\.\d+)) ?(minutes?|mins?|hours?|hrs?|h|days?|d)\b",
    re.I,
)


def durations(text: str) -> list[str]:
    found = []
    text = re.sub(r"\b(?:a |one )?quarter of an hour\b", "15 minutes", text, flags=re.I)
    found += re.findall(r"(?<![\w.])\d+[hdw]\d+[mhd]\b", text)
    for hit in HALVES.finditer(text):
        whole = (1 if hit[1].lower() in ("a", "an") else number_of(hit[1])) if hit[1] else float(hit[2])
        minutes = (whole + 0.5 if hit[1] else whole) * {"m": 1, "h": 60, "d": 1440}[hit[3][0].lower()]
        found += [f"{int(minutes)}m"] if minutes == int(minutes) else [f"{int(minutes * 60)}s"]
    text = HALVES.sub(" ", text)
    for hit in DURATION.finditer(text):
        amount, unit = (hit[1] or hit[2]).lower(), hit[3].lower()
        short = UNITS[unit.rstrip("s") or "s"] if unit not in UNITS else UNITS[unit]
        if amount.startswith("half"):
            found.append("30m" if short == "h" else "12h")
            continue
        number = 1 if amount in ("a", "an") else number_of(amount)
        found.append(f"{number}{short}")
    better = re.search(r"\b(?:say|rather|better|preferably|or even) (\d+)(?![\w.]| ?[a-z])", text, re.I)
    return [better[1] + found[-1].lstrip("0123456789"), *found] if better and found else found


# Names of properties are what a value belongs to, never the value.
NOUN_WORDS = """
    namespace branch version label connector registry host environment region timeout type kind
    value name identifier description image repository repo memory cpu url address secret manager
    vault infrastructure service stage step tag tags production pre-production executor approval
    approvers minimum minutes hours runtime input level
    lower upper case lowercase uppercase hyphen hyphens dash dashes space spaces underscore underscores letters capital capitals
    stay stays remain remains unchanged untouched
"""
NOUNS = frozenset(NOUN_WORDS.split())


def sentence_value(text: str) -> str:
    """The words of a description: what is quoted, or what follows the colon, `say` or `it is`."""
    if quoted(text):
        return quoted(text)[0]
    so = re.match(
        r"\W*(.{10,200}?)\s*[;,.:–-]+\s*(?:please )?(?:say|write|put|note) (?:so|that|this)\b", text, re.I
    )
    if so:
        return so[1].strip()
    dictated = re.match(
        r"\W*(?:please )?(?:just )?(?:write|put|note|use)\s*:\s*(.{3,200}?)\s*[.!]?$", text, re.I
    )
    if dictated:
        return dictated[1]
    hit = re.search(
        r"\b(?:description|message)\b (?:should|must|has to|shall) (?:say|read|be)\b\s*[:=]?\s*(.{3,200}?)\s*[.!]?$",
        text,
        re.I,
    ) or re.search(
        r"\b(?:description|describe it as|say|says|saying|explain|message)\b(?: (?:is|should be|to|that|it is|"
        r"as))?\s*[:=]?\s*(.{3,200}?)\s*[.!]?$",
        text,
        re.I,
    )
    # "Say 12" gives a number and no sentence.
    told = hit[1].strip() if hit else ""
    return told if re.search(r"[^\W\d]{3}", told) else ""
