"""Small words of requests: what can stand for a value, what links a name to its value, numbers as words."""

from __future__ import annotations

import re

from templates_catalog.vocabulary import masked

# One word as people type values: names, paths, versions, @packages, #channels; quotes around it are not part
# of it.
TOKEN = r"[`'\"“]?([@#]?(?:<\+)?[A-Za-z0-9][^\s`'\"”,;()]{0,160})"  # noqa: S105 - a word of text, not a credential
CONNECTIVE = (
    r"(?:\s*[:=]\s*|\s+(?:is|are|called|named|will be|should be|must be|to be|=)\s+|"
    r",?\s+(?:namely|i\.e\.)\s+)(?:called |named )?"
)
STOP_WORDS = """
    a an the this that these those it its our my your their his her and or but not no nor so if then
    else than for of to in on at by from with without into onto over under via as is are was were be
    been being am do does did has have had will would shall should can could may might must please pls
    plz thanks thank kindly just only also too very really i we you they he she us them me who which
    what when where why how all any some each every both either neither one two new old own same other
    another such more most less least first last next before after during while until because use used
    uses using make makes made create creates build builds built deploy deploys deployed ship ships set
    sets up run runs running start starts give gives get gets need needs want wants like let lets put
    puts add adds take takes go goes come comes work works keep keeps called named name names version
    versions template templates pipeline pipelines stage stages step steps repo repository folder image
    service services environment infrastructure infra cluster branch production prod staging approval
    approve approved approver approvers group groups there here now always never still again team teams
    app apps application applications project code definition id stuff thing things way it's that's
    behind between through across out off down about around against per plus via there's we're i'd i'm
    etc golden deployment deployments release releases rollout job jobs instance instances migrations
    migration written
"""
STOP = frozenset(STOP_WORDS.split())
COUNTED = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen "
    "eighteen nineteen twenty"
)
TENS = {
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
    "sixty": 60,
    "seventy": 70,
    "eighty": 80,
    "ninety": 90,
    "hundred": 100,
}
WORD_NUMBERS = {word: number for number, word in enumerate(COUNTED.split())} | TENS | {"dozen": 12}
# "Twenty-one" is one number.
WORD_NUMBERS |= {
    f"{ten}{link}{one}": 10 * tens + ones
    for tens, ten in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)
    for ones, one in enumerate(COUNTED.split()[1:10], 1)
    for link in "- "
}
NUMBERS = "|".join(rf"{word}\b" for word in sorted(WORD_NUMBERS, key=len, reverse=True))
LONGEST_REQUEST = 2_000
REST = r"(?:(?![.!?](?:\s|$)|\n).)*[.!?]?"
COMMAND = re.compile(
    r"[^.;!?\n]*\b(?:step|stage|command|script|job)s?\b[^.;!?\n]{0,40}\b(?:runs?(?! (?:every|each|at|on|in|with|under|as|once|nightly|hourly|daily|weekly|for|before|after|when|from|against)\b)|running|prints?|printing|executes?|"
    rf"echo(?:es)?|sends?|posts?|uploads?|dumps?|logs?|shows?)\b{REST}",
    re.I,
)
DICTATED = re.compile(rf"[^.;!?\n]*(?:<\+secrets\.|\bcurl\b|\bwget\b|\| ?(?:ba)?sh\b){REST}", re.I)

# Verbs that ask for something to be there.
ADD = (
    r"\b(?:add|put|insert|include|introduce|place|run|need|needs|want|require|use|do|have|get|let|ask|"
    r"make|with|give|create|set up|perform|wait)\b"
)


def printable(text: str) -> str:
    """The text without control characters; tabs and line ends become spaces."""
    return "".join(char if char.isprintable() else " " for char in text).strip()


def without_commands(text: str) -> tuple[str, str]:
    """The request without wishes for steps with commands of their own, and the sentence that tells so.

    Pipelines are put together from the library's templates; what a prompt dictates is never run.
    """
    # Own names (billing/run) are no verbs; the text and its masked form have the same length.
    spans = [hit.span() for hit in COMMAND.finditer(masked(text))]
    spans += [hit.span() for hit in DICTATED.finditer(text)]
    if not spans:
        return text, ""
    said = (
        "A step with a command of its own is left out: pipelines are drafted from the library's templates "
        "only, and no "
        "step that prints or sends secrets or the environment is ever drafted."
    )
    kept = "".join(
        " " if any(start <= at < end for start, end in spans) else char for at, char in enumerate(text)
    )
    return kept.strip(), said


def clean(token: str) -> str:
    """The word without the punctuation of its sentence."""
    return token.strip("`'\"“”").rstrip(".,;:!?)").strip("`'\"“”")


def number_of(text: str) -> int | float:
    """3, 2.5 or twelve as a number."""
    word = text.lower().strip()
    if word in WORD_NUMBERS:
        return WORD_NUMBERS[word]
    number = float(word)
    return int(number) if number.is_integer() else number


def sentences(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"(?<=[.!?])\s+(?=[A-Z])|\n+", text) if part.strip()]
