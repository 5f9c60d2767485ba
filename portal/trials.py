"""A draft tried on one document, for pages and API alike: what it was tried on, the verdict, and on which lines."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from governance import kinds, subjects, trying
from governance.actor import Actor
from governance.engines import limited, opa_cli
from governance.errors import Invalid, Problem
from governance.models import Scope
from governance.verdicts import line_of, plain_path
from templates_catalog.documents import write
from templates_catalog.documents.parse import read
from templates_catalog.documents.problems import DocumentError


@dataclass(frozen=True, slots=True)
class Objection:
    """path and line point into the document as it is shown; line is 0 where the policy named no place."""

    message: str
    path: str = ""
    line: int = 0
    code: str = ""
    fix: str = ""


@dataclass(frozen=True, slots=True)
class Subject:
    """What a draft is tried on. input: as the policy sees it; text: as it is shown; lines: path → place in it."""

    name: str
    input: Any
    text: str
    lines: Mapping[str, tuple[int, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Trial:
    """verdict: deny, allow or failed (`problem` says why); reached: lines of the Rego that took part."""

    subject: Subject
    verdict: str
    objections: list[Objection]
    reached: list[int]
    problem: str = ""


def subject(
    actor: Actor, scope: Scope, entity: str, *, stored: str = "", evaluation: str = "", document: str = ""
) -> Subject:
    """The one thing that was named. Raises Invalid, NotFound and Denied."""
    named = [bool(stored), bool(evaluation), bool(document.strip())]
    if sum(named) != 1:
        raise Invalid(["name one thing to try it on: something stored, a past decision, or a document"])
    if stored:
        return _shown(stored.rpartition("/")[2], subjects.of_stored(actor, entity, stored))
    if evaluation:
        return _shown(f"decision {evaluation[:8]}", subjects.of_evaluation(actor, evaluation))
    value, lines = _parsed(document)
    return Subject("your document", subjects.of_document(actor, entity, scope, value), document, lines)


def _parsed(text: str) -> tuple[Any, Mapping[str, tuple[int, int]]]:
    try:
        if text.lstrip().startswith("["):
            # Scan results are lists, which no document of ours is.
            return read('{"input": ' + text + "}").value["input"], {}
        found = read(text)
    except DocumentError as error:
        raise Invalid([Problem(p.message, p.path, p.line, p.column) for p in error.problems]) from error
    return found.value, found.positions


def _shown(name: str, given: Any) -> Subject:
    text = write.dump(given) if isinstance(given, dict) else json.dumps(given, indent=2)
    try:
        return Subject(name, given, text, read(text).positions if isinstance(given, dict) else {})
    except DocumentError:
        # Larger than what people may type; it is shown without places.
        return Subject(name, given, text)


def try_on(actor: Actor, entity: str, rego: str, found: Subject) -> Trial:
    """Decide one subject. Raises Busy, and Invalid with every problem of the Rego."""
    with limited.trying(str(actor.user.pk)):
        try:
            [said] = trying.decide(rego, [found.input])
        except opa_cli.OpaFailed as error:
            raise Invalid(error.problems) from error
    root = kinds.get(entity).root
    objections = [
        Objection(
            message=one["msg"],
            path=plain_path(one["path"]),
            line=line_of(plain_path(one["path"]), entity, found.lines, root=root),
            code=one["code"],
            fix=one["fix"],
        )
        for one in said.said
    ]
    return Trial(found, said.verdict, objections, said.lines, said.problem)
