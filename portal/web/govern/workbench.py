"""Beside the editor: the examples a draft must decide as expected, and the box to try it on one document.

Nothing here is kept. The examples travel in the form, and are saved with the draft.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest

from governance import policy_cases, subjects
from governance.actor import Actor
from governance.engines import limited, opa_cli
from governance.errors import Busy, Invalid, Refused
from governance.models import Scope
from portal import trials
from portal.trials import Trial
from portal.web import code, packed
from templates_catalog.documents import write

WORDS = {"deny": "refused", "allow": "passes", "failed": "not decided", "": "not run"}
MOST = 200


@dataclass(frozen=True, slots=True)
class Row:
    """One example. stale: the text changed since it was decided."""

    number: int
    name: str
    expect: str
    verdict: str
    messages: list[str]
    reached: str
    problem: str

    @property
    def ok(self) -> bool:
        return self.expect == self.verdict

    @property
    def said(self) -> str:
        return WORDS.get(self.verdict, self.verdict)


@dataclass(slots=True)
class Bench:
    """What stands beside the editor. on: what is tried next, as the form names it; problem: what went wrong."""

    entity: str
    cases: list[dict[str, Any]]
    stored: list[subjects.Offered] = field(default_factory=list)
    past: list[Any] = field(default_factory=list)
    on_stored: str = ""
    on_evaluation: str = ""
    document: str = ""
    name: str = ""
    trial: Trial | None = None
    shown: list[code.Line] = field(default_factory=list)
    problem: str = ""
    stale: bool = False
    start: bool = False

    @property
    def rows(self) -> list[Row]:
        return [
            Row(
                n, str(c["name"]), str(c["expect"]), str(c.get("verdict", "")),
                [str(m) for m in c.get("messages", [])], ranges(c.get("lines", [])), str(c.get("problem", "")),
            )
            for n, c in enumerate(self.cases)
        ]  # fmt: skip

    @property
    def wrong(self) -> int:
        return sum(not r.ok for r in self.rows)

    @property
    def packed(self) -> str:
        return packed.pack(self.cases)

    @property
    def packed_document(self) -> str:
        return packed.pack(self.trial.subject.input) if self.trial else ""


def ranges(lines: list[int]) -> str:
    """Line numbers as people write them: "9–24, 33"."""
    parts: list[list[int]] = []
    for n in sorted(lines):
        if parts and n == parts[-1][1] + 1:
            parts[-1][1] = n
        else:
            parts.append([n, n])
    return ", ".join(str(a) if a == b else f"{a}–{b}" for a, b in parts)


def bench(request: HttpRequest, actor: Actor, scope: Scope, entity: str, cases: list[Any]) -> Bench:
    """The bench as the form left it, with what its button asked for done. Changes nothing that is kept."""
    found = Bench(
        entity=entity,
        cases=[c for c in cases if isinstance(c, dict) and "document" in c and "name" in c],
        stored=subjects.stored_choices(actor, entity, scope),
        past=subjects.past_choices(actor, entity, scope),
        on_stored=request.POST.get("on_stored", ""),
        on_evaluation=request.POST.get("on_evaluation", request.GET.get("evaluation", "")),
        document=request.POST.get("document", ""),
    )
    found.start = request.method == "GET" and bool(found.on_evaluation)
    if request.method == "POST":
        _act(request, actor, scope, found)
    return found


def given_cases(request: HttpRequest) -> list[dict[str, Any]]:
    """The examples of the form with what was changed in their rows. Raises Invalid."""
    cases: list[dict[str, Any]] = packed.unpack(request.POST.get("cases", ""), [])
    if not isinstance(cases, list):
        raise Invalid(["the examples of this form cannot be read; load the page again"])
    for number, case in enumerate(cases):
        if request.POST.get(f"expect:{number}") in ("deny", "allow"):
            case["expect"] = request.POST[f"expect:{number}"]
    return cases


def _act(request: HttpRequest, actor: Actor, scope: Scope, found: Bench) -> None:
    rego = request.POST.get("source", "")
    verb, _, number = request.POST.get("do", "").partition(":")
    found.stale = request.POST.get("ran", "") not in ("", digest(rego))
    try:
        if verb == "try":
            _try(actor, scope, found, rego)
        elif verb == "open" and number.isdigit():
            _open(found, int(number))
        elif verb == "remove" and number.isdigit():
            found.cases = [c for n, c in enumerate(found.cases) if n != int(number)]
        elif verb == "add":
            _add(request, found, "case_name", "case_expect", "case_document")
            _run(actor, found, rego)
        elif verb == "keep":
            _add(request, found, *(f"found_{what}:{number}" for what in ("name", "expect", "document")))
            _run(actor, found, rego)
        elif verb == "run":
            _run(actor, found, rego)
    except Busy as busy:
        found.problem = f"Not done. {busy}"
    except Refused as refused:
        problems = [str(p) for p in getattr(refused, "problems", [])] or [str(refused)]
        found.problem = "; ".join(problems)


def _try(actor: Actor, scope: Scope, found: Bench, rego: str) -> None:
    subject = trials.subject(
        actor, scope, found.entity,
        stored=found.on_stored if not found.on_evaluation and not found.document.strip() else "",
        evaluation=found.on_evaluation if not found.document.strip() else "", document=found.document,
    )  # fmt: skip
    found.trial = trials.try_on(actor, found.entity, rego, subject)
    marks = [
        code.Finding("error", "Refused:", o.message, o.line, o.path) for o in found.trial.objections if o.line
    ]
    found.shown = code.window(code.lines(subject.text, "yaml", findings=marks), around=8)
    found.name = found.name or f"{subject.name}: {WORDS[found.trial.verdict]}"


def _open(found: Bench, number: int) -> None:
    """An example back in the box, to be changed and added again under its name."""
    if number < len(found.cases):
        case = found.cases[number]
        document = case["document"]
        text = write.dump(document) if isinstance(document, dict) else write.dump({"input": document})
        found.document, found.name = text, str(case["name"])
        found.on_stored = found.on_evaluation = ""


def _add(request: HttpRequest, found: Bench, name_field: str, expect_field: str, document_field: str) -> None:
    name, expect = request.POST.get(name_field, "").strip(), request.POST.get(expect_field, "")
    document = packed.unpack(request.POST.get(document_field, ""), None)
    if not name or document is None or expect not in ("deny", "allow"):
        raise Invalid(["an example needs a name, a document that was tried, and what you expect of it"])
    if len(found.cases) >= MOST:
        raise Invalid([f"a policy keeps at most {MOST} examples; remove one first"])
    added = {"name": name[:200], "document": subjects.without_people(document), "expect": expect}
    same = [n for n, c in enumerate(found.cases) if c["name"] == added["name"]]
    if same:
        found.cases[same[0]] = added
    else:
        found.cases.append(added)


def _run(actor: Actor, found: Bench, rego: str) -> None:
    with limited.trying(str(actor.user.pk)):
        try:
            found.cases = policy_cases.decided(rego, found.cases)
        except opa_cli.OpaFailed as error:
            raise Invalid(error.problems) from error
    found.stale = False


def digest(rego: str) -> str:
    return hashlib.sha256(rego.replace("\r\n", "\n").encode()).hexdigest()[:16]
