"""Sentences beside the rule: that the empty counts as missing, that all else is free, what was meant."""

from __future__ import annotations

from dataclasses import replace

from governance.authoring.reading.meaning.paths import paths_of
from governance.authoring.reading.meaning.statements import Statement
from governance.authoring.reading.meaning.typed import At, Things, either, negated
from governance.authoring.reading.sentences.actions import DOES
from governance.authoring.reading.sentences.asides import NOT_BLANK
from governance.authoring.reading.sentences.forms import Sentences
from governance.authoring.reading.values.value_tests import tested
from governance.authoring.reading.words.sentences import ALLOWED

NOTHING = (
    "empty|empty list|empty one|empty value|empty text|blank|blank value|blank description|blank one|null|empty string"
    "|whitespace|only space|missing one|empty description|blank text|not set|missing|empty list or null|empty tag|blank tag"
    "|empty map|unset|missing value|empty name|list missing|list empty|missing list|no value|no list|one that be empty"
    "|only noassertion|noassertion|value missing|field missing|none|whitespace only"
)
SAME_AS_MISSING = (
    "count as not have one|count as missing|do not count|count as none|count as no one|be same as missing|do not count either"
    "|count as absent|be not enough|be no good|be no good either|be not ok|be not okay|count as not having one|count as empty"
    "|be treat as missing|be not accept|be not allow|mean missing|be missing|be not good enough|count as not there|will not do"
    "|will not do either|be not ok either|be not valid|be fail|be not sufficient|be not acceptable|be not fine|be bad"
    "|be as bad as none|be as bad as no one|be as good as none|be as bad as missing|be as bad|be violation|be block|have to be block|must be block|be a violation|be forbid|be out|be reject"
)
MEANS_OFF = "mean off|be off|count as off|mean disable|mean false|be fine|be ok|mean not|count as false|be okay|be as good as off"
OTHERS = (
    "everywhere else|elsewhere|anywhere else|other|everything else|anything else|all other|rest|others|everybody else|everyone else|all others|anyone else|any other"
    "|every other|another|different|hand-written|handwritten|self-made|custom|no other|nobody else|no one else|nothing else"
)
FREE = (
    "be up to team|be not affect|be free|be fine|be ok|be allow|do not matter|be unaffected|be free to use|be not concern"
    "|be out of scope|be not restrict|be unrestricted|be okay|be open to everyone|be not cover|be exempt|may stay|be not subject"
    "|can do what they want|be not relevant|be none of business|be acceptable|be permit|be all right|be leave alone|be irrelevant"
    "|be optional|be voluntary|be not need|be not require|be not necessary|need not|do not need it|do not need one"
    "|can stay|may use|be free to|be of no interest|be not in scope|can use what they like|may do as they like|be as before|stay as it be"
    "|need not|do not need to|do not have to|do not need it|do not need one|do not|be not bind by this|need nothing"
)
# what the field catalogue already holds; saying it again adds nothing
TRUISMS = (
    "replacement destroy|replacement delete|replacement count|replacement be destruction|replace be destroy|replace destroy"
    "|replacement count as destruction|replacement count as destroy|replacement be deletion|replace count as destroy"
    "|replacing count as destroy|replace it destroy it|replace them count as delete|"
    + "|".join(
        f"{what} {says} {as_what}"
        for what in (
            "replace it",
            "replace one",
            "replace them",
            "replacing it",
            "replacing one",
            "replacement",
            "replace",
            "a replace",
        )
        for says in ("count as", "be same as", "be as bad as", "mean", "be also", "be")
        for as_what in (
            "delete",
            "deleting",
            "deletion",
            "destroy",
            "destroying",
            "destruction",
            "delete it",
            "destroy it",
            "delete too",
            "destroy too",
        )
    )
)
BEYOND = "more than that|more than this|above that|anything above|anything more|beyond that|everything above|everything more|any more"
RATIONALE = "we only use|we use|we only have|we have|we work with|we are on|we run|we only deploy|we prefer|we only work with|we all use"


def remark(parser: Sentences, before: tuple[Statement, ...]) -> tuple[Statement, ...] | None:
    """() for a sentence that changes nothing, None for one that has to be read as a rule."""
    if not before and parser.topic is None:
        return None
    if _about_nothing(parser) or _about_others(parser) or _restated(parser):
        return ()
    if _said_again(parser, before) or parser.size in parser.filled(0):
        return ()
    if any(k == parser.size for k in parser.says(0, TRUISMS)) or any(
        k == parser.size for k in parser.says(0, NOT_BLANK)
    ):
        return ()
    if _spared(parser, before):
        return ()
    for j in parser.says(0, "i mean|we mean|that be|this mean|meaning"):
        for k, thing in parser.things(j):
            same = before and thing.kind.name == before[-1].subject.kind.name
            if same and (k == parser.size or parser._harmless(k, parser.size)):
                return ()
    return _allowed_value(parser, before)


def _spared(parser: Sentences, before: tuple[Statement, ...]) -> bool:
    """Deleting them is fine; a runtime input is okay: what the rule does not speak of."""
    first = parser.token(0)
    acting = (
        first is not None
        and first.text.lower().endswith("ing")
        and not _speaks_of(before, DOES.get(first.base, ()))
    )
    starts = parser.says(1, "it|them|those|one|these") if acting else []
    starts = starts or parser.says(0, "runtime input|expression|input at run time")
    return any(k == parser.size for j in starts for k in parser.says(j, ALLOWED + "|" + FREE))


def _speaks_of(before: tuple[Statement, ...], actions: tuple[str, ...]) -> bool:
    """Whether the rule before is about one of these actions of a plan."""
    for statement in before:
        at = At("asked", statement.subject.kind)
        parts = [p for p in (statement.demand, statement.subject.holds) if p is not None]
        if any(f'"{action}"' in p(at).model_dump_json() for p in parts for action in actions):
            return True
    return False


def _said_again(parser: Sentences, before: tuple[Statement, ...]) -> bool:
    """Deny it; use X instead; we mean the type X: what a prohibition says in other words."""
    forbidden = bool(before) and before[-1].demand is None
    for j in parser._forbidding(0) if forbidden else []:
        if any(k == parser.size for k in parser.says(j, "it|them|that|those|these|this")):
            return True
    advice = parser.says(0, "use|prefer|take|rather use|instead use|choose")
    if advice and forbidden and parser._harmless(advice[0], parser.size):
        return True
    for k, thing in parser.things(advice[0]) if advice and forbidden else []:
        if (
            thing.kind.name == before[-1].subject.kind.name
            and parser.skip(k, "instead|for that|only") == parser.size
        ):
            return True  # use HarnessApproval instead
    for j in parser.says(0, "i mean|we mean|that be|this mean"):
        for kind in parser._all_kinds():
            for k, prop in parser.field(j, kind):
                if any(m == parser.size for m, _ in parser.literals(k, prop)):
                    return True
    return False


def _about_nothing(parser: Sentences) -> bool:
    """Empty counts as missing; not set means off; list missing, list empty or only NOASSERTION."""
    first = parser.token(0)
    if first is not None and first.base in ("empty", "blank", "missing", "leave"):
        for j in range(1, min(4, parser.size)):
            ends = [parser.skip(k, "either") for k in parser.says(j, SAME_AS_MISSING)]
            if parser.size in ends and parser._only_known(0, j):
                return True
    j = 0
    while True:
        found = parser.says(j, NOTHING)
        if not found:
            return False
        j = found[0]
        if j == parser.size:
            return parser.size > 1
        for k in parser.says(j, SAME_AS_MISSING):
            if k == parser.size:
                return True
        for k in parser.says(j, MEANS_OFF):
            if k == parser.size and parser.tokens[0].base in ("not", "missing", "unset"):
                return True
        k = j + 1 if parser.is_punct(j, ",") else j
        k = parser.skip(k, "or|and")
        if k == j:
            return False
        j = k


def _about_others(parser: Sentences) -> bool:
    """Everything else is up to the teams; other parts don't matter."""
    for j in parser.says(0, OTHERS):
        for m in range(j, min(j + 6, parser.size)):
            for k in parser.says(m, FREE):
                free = parser._only_known(k, parser.size) and not parser.says(k, "if|unless|only|when|except")
                if k == parser.size or (free and parser.size - k <= 4):
                    return True
    return False


def _restated(parser: Sentences) -> bool:
    """Anything else is not ok; hand-written ones are rejected: the rule from the other side."""
    at = 0
    for words in (RATIONALE,):
        for j in parser.says(0, words):
            at = j
            while at < parser.size and not parser.is_punct(at, ","):
                at += 1
            if at >= parser.size:
                return parser._only_known(j, parser.size) or parser.size - j <= 2
            at = parser.skip(at + 1, "so|therefore|hence|and")
    other = any(parser.says(k, OTHERS + "|" + BEYOND) for k in range(at, parser.size))
    if any(t.kind in ("literal", "number") for t in parser.tokens[at:]):
        return False
    for k in parser.says(at, "no other|nothing other|none other|no further|nothing beside|none beside"):
        for m in range(k, parser.size):
            if any(n == parser.size for n in parser.says(m, ALLOWED)) and parser._only_known(k, m):
                return True
            if m > k and parser.says(m, "may|can|must|should|be") and parser._only_known(k, parser.size):
                return True
    lacking = any(
        parser._ends_subject(n)
        for k in range(at, parser.size)
        for m in parser.says(k, "without|miss|lack|have none of|have no|with none of")
        for n in parser.says(
            m, "them|it|one|those|either|either one|any|any of them|both|one of them|these|any of these"
        )
    )
    lacking = lacking or any(parser.says(k, "without them|without it|without one|without that|without those|without any of them|that lack them"
                                 "|that lack it|that have none|that do not have them|that do not have it|that do not")
                  for k in range(at, parser.size))  # fmt: skip
    if not other and not lacking:
        return False
    for m in range(at + 1, parser.size):
        for k, _ in parser.forbidden(m):
            if k == parser.size and parser._only_known(at, m):
                return True
    return False


def _refused_value(parser: Sentences) -> tuple[Statement, ...] | None:
    """PowerShell is not allowed, Inline and Reference are forbidden: values of what was spoken of before."""
    subject = parser.topic
    if subject is None or subject.none or subject.how_many:
        return None
    for spec in subject.kind.fields:
        if not spec.values or (spec.path == "type" and subject.kind.element == "step"):
            continue
        prop = parser._grouped(subject.kind, spec)
        start = parser.skip(0, "no|not")
        for j, found in parser.literals(start, prop):
            if not {str(x) for x in found} <= {str(v) for v in spec.values}:
                continue
            if (start and j == parser.size) or any(k == parser.size for k, _ in parser.forbidden(j)):
                return (Statement(subject, negated(tested(prop, "is", found))),)
    return None


def _refused_text(parser: Sentences, before: tuple[Statement, ...]) -> tuple[Statement, ...] | None:
    """... must name a namespace; "default" is not acceptable: a value of the field just asked for."""
    token, last = parser.token(0), before[-1] if before else None
    named = token is not None and (token.quoted or token.kind == "literal")
    if (
        not named
        or last is None
        or last.demand is None
        or not any(k == parser.size for k, _ in parser.forbidden(1))
    ):
        return None
    at = At("asked", last.subject.kind)
    try:
        paths = set(paths_of(last.demand(at), at.ref))
    except ValueError:
        return None
    fields = [f for f in at.kind.fields if f.path in paths and f.type in ("text", "reference", "version")]
    if len(paths) != 1 or len(fields) != 1 or token is None:
        return None
    prop = parser._grouped(at.kind, fields[0])
    return (replace(last, demand=negated(tested(prop, "is", (token.text,)))),)


def _allowed_value(parser: Sentences, before: tuple[Statement, ...]) -> tuple[Statement, ...] | None:
    """IRSA is what we want; https:// is fine; LGPL is acceptable; pre-production is open to everyone."""
    refused = _refused_value(parser) or _refused_text(parser, before)
    if refused is not None:
        return refused
    for j, preds in parser._modifier(0):
        j = parser.skip(j, "one")
        k = parser.skip(j, "or")
        more = parser._modifier(k) if k > j else []
        for m in (j, *(e for e, _ in more)):
            shrug = "|be not" if before and before[-1].demand is not None else ""
            shrug += "|do not|do not have to|do not need to|need not|may go without|may do without"
            for n in parser.says(m, ALLOWED + "|" + FREE + shrug + "|only|please"):
                if n == parser.size or parser._harmless(n, parser.size):
                    kinds = {kind.name for kind, _ in preds}
                    kind = next(
                        (k2 for k2, _ in preds if parser.topic and k2.name == parser.topic.kind.name),
                        preds[0][0],
                    )
                    del kinds
                    mine = [p for k2, p in preds if k2.name == kind.name]
                    return (Statement(Things(kind, plain=False, only=(either(*mine),)), None, permits=True),)
    token = parser.token(0)
    if token is not None and (token.kind == "literal" or token.quoted or token.text.isupper()):
        j = 1
        while parser.is_punct(j, ",") or parser.says(j, "and|or"):
            j = parser.skip(j + 1 if parser.is_punct(j, ",") else j, "and|or") + 1
        for k in parser.says(j, ALLOWED + "|" + FREE):
            if k == parser.size:
                return ()
    return None
