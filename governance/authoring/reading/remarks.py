"""Sentences beside the rule: that the empty counts as missing, that all else is free, what was meant."""

from __future__ import annotations

from governance.authoring.reading.meaning import Statement
from governance.authoring.reading.sentences import Sentences

NOTHING = (
    "empty|empty list|empty one|empty value|empty text|blank|blank value|blank description|blank one|null|empty string"
    "|whitespace|only space|missing one|empty description|blank text|not set|missing|empty list or null|empty tag|blank tag"
    "|empty map|unset|missing value|empty name"
)
SAME_AS_MISSING = (
    "count as not have one|count as missing|do not count|count as none|count as no one|be same as missing|do not count either"
    "|count as absent|be not enough|be no good|be no good either|be not ok|be not okay|count as not having one|count as empty"
    "|be treat as missing|be not accept|be not allow|mean missing|be missing|be not good enough|count as not there|will not do"
    "|will not do either|be not ok either|be not valid|be fail|be not sufficient|be not acceptable|be not fine|be bad"
)
MEANS_OFF = "mean off|be off|count as off|mean disable|mean false|be fine|be ok|mean not|count as false|be okay|be as good as off"
OTHERS = "other|everything else|anything else|all other|the rest|rest|others|everybody else|everyone else|all others|anyone else|any other|every other"
FREE = (
    "be up to team|be not affect|be free|be fine|be ok|be allow|do not matter|be unaffected|be free to use|be not concern"
    "|be out of scope|be not restrict|be unrestricted|be okay|be open to everyone|be not cover|be exempt|may stay|be not subject"
    "|can do what they want|be not relevant|be none of our business|be acceptable|be permit|be all right|be leave alone|be irrelevant"
)


def remark(parser: Sentences, before: tuple[Statement, ...]) -> tuple[Statement, ...] | None:
    """() for a sentence that changes nothing, None for one that has to be read as a rule."""
    if not before and parser.topic is None:
        return None
    for j in parser.says(0, NOTHING):
        for k in parser.says(j, SAME_AS_MISSING):
            if k == parser.size:
                return ()
        for k in parser.says(j, MEANS_OFF):
            if k == parser.size and parser.tokens[0].base in ("not", "missing", "unset"):
                return ()
    for j in parser.says(0, OTHERS):
        ends = [j] + [m for m, _ in parser.things(j)] + [m for m, _ in parser.bare(j)]
        for m in ends:
            for k in parser.says(m, FREE):
                if k == parser.size or parser._only_known(k, parser.size):
                    return ()
    for j in parser.says(0, "i mean|we mean|that be|this mean|meaning"):
        for k, thing in parser.things(j):
            if before and thing.kind.name == before[-1].subject.kind.name and k == parser.size:
                return ()
    return None
