"""Sentences and clauses that give a reason or a name and demand nothing: "they leak secrets", "four-eyes principle: ..."."""

from __future__ import annotations

from governance.authoring.reading.sentences.forms import Sentences
from governance.authoring.reading.values.amounts import DURATIONS, WORDS
from governance.authoring.reading.words.sentences import ALLOWED, FORBID, FORBIDDEN
from governance.authoring.reading.words.verbs import EXTENDS

# what introduces a reason; what follows may say anything that is no rule of its own
REASONS = (
    "because|because of|reason be|reason be that|reason for this be|reason for that be|reason for this be that|this be because"
    "|that be because|that be why|this be why|reason for it be|background be|background|why|due to|thanks to|given that we"
    "|since we|since they|since it|since this|since there|since that|since our|since nobody|since people|since somebody"
    "|as we|as they|as it|as this|as there|as that|as people|as nobody|so that we|so that nobody|so that people|so we"
    "|in order to|to avoid|to prevent|to protect|to keep|to reduce|to comply with|to satisfy|to help|for reason of|for sake of"
    "|for compliance reason|for security reason|for cost reason|for audit reason|for safety reason|that way|this way"
)
SPEAKERS = "we|i|our team|our auditor|auditor|audit|security|team|people|developer|everyone|somebody|last year|last week|last month"
THINGS_SAID = "it|they|this|that|these|those|such thing|doing so|there"
# verbs that tell what something leads to; they state an effect and cannot be meant as a demand
EFFECTS = (
    "break|cause|cost|expose|leak|bypass|circumvent|hide|slow|waste|hurt|harm|help|tend|confuse|clutter|bite|burn|crash|surprise"
    "|lead|result|make|save|mask|undermine|endanger|threaten|annoy|delay|overload|eat|drain|pollute|fill|ruin|destabilise|invite"
    "|give|let|keep|become|get|turn|seem|look|happen|stand|serve|protect|belong|come|remain"
)
# words of rules: where one of them stands the sentence may be a rule that was not understood
RULES = frozenset("must should shall only unless except require need allow forbid ban block deny reject refuse every each "
                  "any no none never want expect prohibit permit mandatory optional exempt otherwise".split())  # fmt: skip
WISHES = frozenset(
    "want need require expect insist ask demand forbid allow use accept tolerate like prefer".split()
)


def explains(parser: Sentences) -> bool:
    """Whether the words only give a reason: they state something and could not be a rule."""
    if parser.size < 2 or _names_something(parser):
        return False
    for j in parser.says(0, REASONS):
        if j < parser.size and not _rules(parser, j):
            return True
    if any(parser.says(n, f"{ALLOWED}|{FORBIDDEN}|{FORBID}|{EXTENDS}") for n in range(parser.size)):
        return False
    for j in parser.says(0, SPEAKERS):
        verb = parser.token(j)
        if verb is not None and verb.base not in WISHES and not _modal(parser, j) and not _rules(parser, j):
            return True
    for j in parser.says(0, THINGS_SAID):
        if _rules(parser, j):
            continue
        if (parser.says(j, EFFECTS) and j + 1 < parser.size) or _is_something(parser, j):
            return True
    return False


def only_names(heading: Sentences, rest: Sentences) -> bool:
    """Whether what stands before a colon is a title: every word that could narrow the rule is said again."""
    said = {w for t in rest.tokens for w in t.words}
    typed = " ".join(t.text.lower() for t in rest.tokens)
    for n, token in enumerate(heading.tokens):
        if token.kind == "punct" or token.base in said or (len(token.base) > 3 and token.base in typed):
            continue
        narrows = any(next(heading.senses(n, c), None) for c in ("noun", "value", "state", "step_type"))
        if narrows or _is_name(heading, n) or token.kind in ("literal", "number") or token.base in WORDS:
            return False
        if token.base in ("unless", "except", "if", "when", "while", "during", "until"):
            return False
    return heading.size <= 8


def _names_something(parser: Sentences) -> bool:
    for n, token in enumerate(parser.tokens):
        if token.kind in ("literal", "number") or token.quoted or _is_name(parser, n):
            return True
        amount = token.base in WORDS or (token.article == "a" and token.base in DURATIONS)
        if (amount and token.base != "one") or parser.windows(n):
            return True
    return False


def _is_name(parser: Sentences, n: int) -> bool:
    """A group, role, environment or connector of the installation."""
    return any(
        next(parser.senses(n, c, names=True), None) is not None
        for c in ("group", "role", "environment", "connector", "template", "manager")
    )


def _rules(parser: Sentences, j: int) -> bool:
    """A word of rules in the main clause; what a relative clause says is part of the reason."""
    for token in parser.tokens[j:]:
        if token.base in ("that", "which", "who", "because", "why", "how", "where", "whether"):
            return False
        if token.base in RULES:
            return True
    return False


def _modal(parser: Sentences, j: int) -> bool:
    return bool(parser.says(j, "may|might|will|shall|can|have to|do not|be to|be not"))


def _is_something(parser: Sentences, j: int) -> bool:
    """It is our national day; they are flaky: a description in words that are no values."""
    for k in parser.says(j, "be|be not|be often|be far|be still"):
        words = [t for t in parser.tokens[k:] if t.kind == "word"]
        known = any(
            next(parser.senses(n, c), None) for n in range(k, parser.size) for c in ("value", "state")
        )
        if words and not known:
            return True
    return False
