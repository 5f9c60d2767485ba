"""What a request is about: the service, function or package, told by the form of its name or by where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from templates_catalog.authoring import names
from templates_catalog.authoring.forms import Values
from templates_catalog.authoring.said import NOUNS
from templates_catalog.authoring.words import STOP, TOKEN, clean
from templates_catalog.inputs import Input
from templates_catalog.vocabulary import PRAISE, is_value, masked, mentions

# What the first required input of these names is about, so that "called X" means it.
SUBJECTS = (
    "service_ref", "function_name", "package_name", "model_name", "dag_id", "dashboard_uid",
    "db_instance", "bundle_id",
)  # fmt: skip
SPOKEN = {
    "service_ref": "the service", "function_name": "the function", "package_name": "the package", "model_name": "the model",
    "dag_id": "the DAG", "dashboard_uid": "the dashboard", "db_instance": "the database",
}  # fmt: skip
OWN_NAME = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[_-][A-Za-z0-9]+)+")


def take(
    wanted: Mapping[str, Input],
    text: str,
    values: Values,
    free: list[str],
    groups: Iterable[Any],
    known: set[str],
) -> None:
    """Give the subject its value, when exactly one name can be it.

    free   the own names of the text that nothing else explains
    known  identifiers that name something else
    """
    subject = next((name for name in SUBJECTS if name in wanted and not is_settled(name, values)), None)
    better = own_name([token for token in free if "_" in token])
    unsure = next((name for name in SUBJECTS if name in values.unsure and name in wanted), None)
    if unsure and better:
        # "The service owners" are no service where cart_service stands beside them.
        del values.given[unsure]
        values.unsure.discard(unsure)
        values.take(wanted[unsure], better)
        return
    if subject is None:
        return
    if any(name in values.given for name in SUBJECTS):
        # A site with a database of its own is about both.
        if wanted[subject].required and better:
            values.take(wanted[subject], better)
        return
    called = re.search(rf"\b(?:called|named|name is|name it|call it) {TOKEN}", text, re.I)
    if called and clean(called[1]).lower() not in STOP:
        values.take(wanted[subject], clean(called[1]))
        return
    # Ordinary words have hyphens (on-call), none has an underscore.
    name = better or own_name(free)
    if name:
        values.take(wanted[subject], name)
        return
    plain = plain_names(text, groups, known | values.used)
    if len(plain) == 1 and subject in SPOKEN:
        values.take(wanted[subject], plain[0])
        values.remarks.append(f"“{plain[0]}” is read as {SPOKEN[subject]}")


def is_settled(name: str, values: Values) -> bool:
    return name in values.given or name in values.invalid


def own_name(free: Iterable[str]) -> str:
    plain = [token for token in free if OWN_NAME.fullmatch(token)]
    return plain[0] if len(plain) == 1 and ("_" in plain[0] or not mentions(plain[0])) else ""


WORD = r"(?P<name>[a-z][a-z0-9]{2,39})(?![\w/@-]|[.:]\w)"
STAND = r"(?=\s*(?:[,;:.(]|$|→|->)|\s+(?:\w+[_/]\w|v?\d)|\s+(?:to|into|on|onto|in|with|from|using|out|via|at|after|before|and|by|image|img|repo)\b)"
# Where a name can stand without saying what it is the name of.
PLACES = (
    re.compile(rf"\bfor {WORD}{STAND}"),
    re.compile(
        rf"\b(?:[Dd]eploy|[Ss]hip|[Rr]elease|[Pp]ublish|[Rr]oll ?out|[Pp]romote|[Bb]ring|[Pp]ut|[Rr]oll|[Mm]ove|[Ll]aunch) {WORD}{STAND}"
    ),
    re.compile(rf"(?:^|[,;:(]\s*){WORD}(?=\s*[,;:.)]|\s*$)"),
    re.compile(rf"(?<![\w.])v?\d+(?:\.\d+)+,? {WORD}{STAND}"),
)
NO_NAMES = frozenset(
    """
    everything nothing something anything everybody nobody testing deploying building running shipping approval
    traffic users customers people percent today tomorrow tonight later soon afterwards beforehand ahead away back
    hello thanks hey okay yes sorry quickly asap urgent work home development production staging java gradle maven
    example instance sure course once twice weekly nightly daily monthly hourly midnight noon weekend weekday
    monday tuesday wednesday thursday friday saturday sunday morning evening afternoon night scratch docker image
    rollback rollouts updates changes parallel order turn detail details owner owners purposes safety security fun
    review internal external public private live green blue smoke regression full stable latest default small large
    backend frontend website mobile desktop cluster clusters replicas replica region memory storage database kafka
    topic schedule channel message chat email notifications notification result results report reports failure success
    """.split()
) | PRAISE | NOUNS | STOP  # fmt: skip


def plain_names(text: str, groups: Iterable[Any], known: set[str]) -> list[str]:
    """Words in the place of a name that no dictionary of ours explains, each once."""
    told = masked(text)
    spoken = mentions(told)
    taken = [(m.start, m.end) for m in spoken] + [(start, end) for start, end, _ in names.find(text, groups)]
    hits = [hit for pattern in PLACES for hit in pattern.finditer(text)]
    # Right behind what kind of thing it is: "Phoenix backend chatroom".
    behind = re.compile(rf":?\s+{WORD}{STAND}")
    hits += [hit for m in spoken if (hit := behind.match(text, m.end))]
    found = []
    for hit in hits:
        word, start, end = hit["name"], hit.start("name"), hit.end("name")
        inside = any(left < end and start < right for left, right in taken)
        if not inside and word not in NO_NAMES and word not in known and not is_value(word):
            found.append(word)
    return list(dict.fromkeys(found))
