"""The working form of a pipeline: read what was sent, try it, save it, ask for a change."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest

from governance import admission
from governance.errors import Refused
from governance.kinds import Change
from governance.models import Scope
from governance.proposals import stands_since
from portal.web import doors, verdict
from portal.web.verdict import Verdict
from templates_catalog.documents import parse
from templates_catalog.documents.problems import DocumentError

EMPTY = """pipeline:
  identifier: {identifier}
  name: {name}
  orgIdentifier: {org}
  projectIdentifier: {project}
  stages:
    - stage:
        identifier: build
        name: Build
        type: CI
        spec:
          execution:
            steps:
              - step:
                  identifier: test
                  name: Test
                  type: Run
                  spec:
                    shell: Bash
                    command: echo "say what to run"
"""


@dataclass(frozen=True, slots=True)
class Form:
    """What the page sent. do: save, ask, apply, take, discard or check."""

    do: str
    text: str
    key: str
    expected_version: str
    proposal: str
    ask: str
    note: str


@dataclass(frozen=True, slots=True)
class Tried:
    """A text held against everything a save would meet, nothing kept but the evaluation."""

    verdict: Verdict | None
    asked: int = 0
    passed: int = 0
    warned: int = 0
    blocked: int = 0
    evaluation: str = ""
    document: dict[str, Any] = field(default_factory=dict)

    @property
    def would_pass(self) -> bool:
        return self.verdict is None or self.verdict.code == "admitted"


def read(request: HttpRequest) -> Form:
    sent = request.POST
    do = sent.get("do", "check")
    ask = sent.get("ask", "").strip()
    return Form(
        # Enter in the field of the question means the question.
        do="ask" if do == "check" and ask else do,
        text=sent.get("source", "").replace("\r\n", "\n"),
        key=sent.get("key", ""),
        expected_version=sent.get("expected_version", ""),
        proposal=sent.get("proposal", ""),
        ask=ask,
        note=sent.get("note", "")[:2000],
    )


def identifier_in(text: str) -> str:
    """The identifier a document gives itself, "" when it gives none that can be read."""
    try:
        body = parse.read(text).value.get("pipeline")
    except DocumentError:
        return ""
    found = body.get("identifier") if isinstance(body, dict) else None
    return found if isinstance(found, str) else ""


def value_of(text: str) -> dict[str, Any]:
    try:
        return parse.read(text).value
    except DocumentError:
        return {}


def save_change(scope: Scope, identifier: str, form: Form, *, text: str = "", proposal: str = "") -> Change:
    return Change(
        verb="save",
        kind="pipeline",
        scope=scope.path,
        identifier=identifier or "unnamed",
        source=text or form.text,
        note=form.note,
        expected_version=form.expected_version,
        proposal=proposal,
        idempotency_key=form.key,
    )


def attempt(request: HttpRequest, change: Change, what: str) -> Tried:
    """A dry run as this person. A refusal becomes a verdict of what would happen."""
    who = request.user.display_name
    try:
        decisions = admission.dry_run(change, actor=doors.actor_of(request))
    except Refused as refusal:
        return Tried(verdict.of_refusal(refusal, change, what=what, who=who))
    shown = verdict.of_dry_run(decisions, change, what=what, who=who)
    rows = [row for d in decisions for row in d.details]
    states = [row.get("status", "pass") for row in rows]
    return Tried(
        shown,
        asked=len(rows),
        passed=states.count("pass"),
        warned=states.count("warning"),
        blocked=states.count("error"),
        evaluation=str(decisions[0].evaluation_id) if decisions else "",
    )


def starter(scope: Scope) -> str:
    """The smallest well-formed pipeline of a project, under a name that is free there."""
    parts = scope.path.split("/")
    identifier, number = "my_pipeline", 1
    while stands_since("pipeline", scope, identifier):
        number += 1
        identifier = f"my_pipeline_{number}"
    name = identifier.replace("_", " ").capitalize()
    return EMPTY.format(identifier=identifier, name=name, org=parts[1], project=parts[2])
