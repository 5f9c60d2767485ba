"""A code for each clause of a rule: what the portal and its clients know a violation by, whatever it is worded like.

It is made of what the clause demands, not of the sentence it was read from: the same rule said otherwise has the
same codes.
"""

from __future__ import annotations

import re

from governance.authoring import rule as r
from governance.authoring.fields import kind_of
from governance.authoring.wording import Words

LONGEST = 48
# Words that tell nothing apart.
FILLING = frozenset(
    "a all an any are as at be by depth each either every for given hold holds in is it its of on one or"
    " rollback some that the their there they this to too where which with".split()
)


def with_codes(rule: r.Rule) -> r.Rule:
    """The rule with a code for every clause that has none, each another one."""
    taken = {clause.code for clause in rule.clauses}
    clauses = []
    for clause in rule.clauses:
        if not clause.code:
            clause = clause.model_copy(update={"code": _free(code_of(rule.entity, clause), taken)})
            taken.add(clause.code)
        clauses.append(clause)
    return rule.model_copy(update={"clauses": tuple(clauses)})


def code_of(entity: str, clause: r.Clause) -> str:
    """ "step-type-not-shellscript" """
    kind = kind_of(entity)
    words = Words(kind)
    if clause.each is not None:
        words = words.bind(clause.name, clause.each)
    thing = kind.label if clause.each is None else words.thing(clause.name)
    demand = words.say(clause.demand) if clause.demand != r.Any() else f"no {words.say(clause.where)}"
    return _cut(f"{thing} {demand}")


def _cut(text: str) -> str:
    """Whole words, each once; a pattern says nothing as words."""
    text = re.sub(r'"[^"]*[^"\w .:/-][^"]*"', "pattern", text)
    found: list[str] = []
    for word in re.findall(r"[a-z0-9_]+", text.lower()):
        if word in FILLING or word in found:
            continue
        if len("-".join([*found, word])) > LONGEST:
            break
        found.append(word)
    return "-".join(found)[:LONGEST] or "rule"


def _free(code: str, taken: set[str]) -> str:
    return code if code not in taken else next(c for n in range(2, 999) if (c := f"{code}-{n}") not in taken)
