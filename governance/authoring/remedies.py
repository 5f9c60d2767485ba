"""How to mend what a clause denies, said from what it demands: for clauses whose author said nothing."""

from __future__ import annotations

from governance.authoring import rule as r
from governance.authoring.fields import kind_of
from governance.authoring.scope import PLACEHOLDER
from governance.authoring.wording import Words

# A demand with many parts is said by the policy's page; here it would be a wall of words.
LONGEST = 300


def remedy(entity: str, clause: r.Clause) -> str:
    """One sentence, or "" where it would say too much to help."""
    kind = kind_of(entity)
    words = Words(kind)
    if clause.each is not None:
        words = words.bind(clause.name, clause.each)
    thing = kind.label if clause.each is None else words.thing(clause.name)
    if clause.demand != r.Any():
        text = f"See that {words.say(clause.demand)}"
    elif isinstance(clause.where, r.Test):
        text = f"Take the {thing} out, or see that {words.say(clause.where, want=False)}"
    else:
        text = f"Take the {thing} out, or change it so that the rule is not about it"
    if clause.unless is not None:
        text += f"; it is also fine where {words.say(clause.unless)}"
    # A pattern's "{2,30}" stays; what a clause would fill in as the name of a thing does not.
    plain = PLACEHOLDER.sub(lambda found: f"({found[0][1:-1]})", text)
    return f"{plain}." if len(plain) < LONGEST else ""
