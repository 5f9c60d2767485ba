"""A model's answers without a person, a scope or a database: for exams, and for measuring from outside.

What it says is checked as it is for people; only where its answer would be looked up and kept is different.
Each function raises ModelUnavailable when nothing usable came within the corrections and the deadline.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from governance.authoring.facts import Facts
from governance.engines import opa_cli
from governance.errors import Violation
from portal import tools
from portal.assistant import checked, prompts
from portal.assistant.answers import FixAnswer, PipelineAnswer, PolicyAnswer
from portal.assistant.loop import Rejected, Talk, converse_with
from portal.assistant.ports import LanguageModel
from templates_catalog.documents import parse
from templates_catalog.documents.problems import DocumentError
from templates_catalog.expand import references
from templates_catalog.search import CatalogueEntry, search

MOST_FOUND = 8
Cancelled = Callable[[], bool]
Evaluate = Callable[[dict[str, Any]], list[Violation]]


@dataclass(frozen=True, slots=True)
class Drafted:
    """Either Rego that passed its checks, or the model's question."""

    rego: str = ""
    question: str = ""


@dataclass(frozen=True, slots=True)
class Bag:
    """Tools by name, each answered from what the question brought along."""

    calls: dict[str, Callable[[Any], Any]] = field(default_factory=dict)

    def definitions(self) -> Sequence[dict[str, Any]]:
        return [d for d in tools.definitions() if d["function"]["name"] in self.calls]

    def call(self, name: str, arguments: str) -> str:
        if name not in self.calls:
            return json.dumps({"error": f"no tool {name!r}; known: {', '.join(self.calls) or 'none'}"})
        try:
            given = tools.TOOLS[name].arguments.model_validate_json(arguments)
        except ValidationError as error:
            return json.dumps({"error": f"wrong arguments for {name}: {error.error_count()} problems"})
        answer = json.dumps(self.calls[name](given), default=str)
        return answer[: tools.MOST_ANSWER_CHARACTERS]


def policy(
    model: LanguageModel,
    facts: Facts,
    text: str,
    *,
    talk: Talk,
    cancelled: Cancelled = lambda: False,
) -> Drafted:
    """A policy for a request, or a question about it."""

    def accept(answer: PolicyAnswer) -> Drafted:
        if answer.question:
            return Drafted(question=answer.question)
        passed = checked.rule(answer.rule, facts) if answer.rule is not None else checked.rego(answer)
        return Drafted(passed.rego)

    messages = prompts.policy(text, facts)
    made: Drafted = converse_with(
        model, Bag(), messages, PolicyAnswer, accept=accept, talk=talk, cancelled=cancelled
    )
    return made


def pipeline(model: LanguageModel, entries: Sequence[CatalogueEntry], text: str) -> dict[str, Any]:
    """{"document", "asked", "none_fits", "notes", "missing"} from the templates given."""
    known = {name for e in entries for name in (e.ref, e.identifier)}

    def accept(answer: PipelineAnswer) -> dict[str, Any]:
        if answer.none_fits or answer.question:
            said = answer.question or answer.sentence
            return _pipeline(None, asked=bool(answer.question), none_fits=answer.none_fits, notes=said)
        document = _readable(answer.document)
        unknown = sorted(set(references(document)) - known)
        if unknown:
            raise Rejected(f"there is no template {', '.join(unknown)}; find one with `search`")
        missing = answer.missing
        notes = f"{answer.sentence} Missing: {', '.join(missing)}." if missing else answer.sentence
        return _pipeline(document, asked=bool(missing), notes=notes, missing=missing)

    made: dict[str, Any] = converse_with(
        model, _library(entries), prompts.pipeline(text, "the catalogue at hand"), PipelineAnswer,
        accept=accept, talk=Talk(),
    )  # fmt: skip
    return made


def _pipeline(document: dict[str, Any] | None, **more: Any) -> dict[str, Any]:
    return {"document": document, "asked": False, "none_fits": False, "notes": "", "missing": [], **more}


def _library(entries: Sequence[CatalogueEntry]) -> Bag:
    def find(given: tools.Search) -> Any:
        found = search(given.text, list(entries)).best[:MOST_FOUND]
        return [
            {"ref": f.entry.ref, "name": f.entry.name, "version": f.entry.version, "reasons": list(f.reasons)}
            for f in found
        ]

    def get(given: tools.Get) -> Any:
        rows = [e for e in entries if given.identifier in (e.identifier, e.ref)]
        return [
            {"ref": e.ref, "version": e.version, "stable": e.stable, "lifecycle": e.lifecycle,
             "type": e.type, "inputs": list(e.variables), "description": e.description}
            for e in rows
        ] or {"error": f"no template {given.identifier!r}"}  # fmt: skip

    def check(given: tools.Check) -> Any:
        try:
            _readable(given.document)
        except Rejected as problem:
            return {"error": str(problem)}
        return []

    return Bag({"search": find, "get": get, "check": check})


def fix(
    model: LanguageModel,
    document: dict[str, Any],
    request: str,
    violations: Sequence[Violation],
    evaluate: Evaluate,
) -> dict[str, Any]:
    """{"document", "sentence", "question"}; a document is given only when `evaluate` has nothing against it."""
    root = next(iter(document), "pipeline")

    def accept(answer: FixAnswer) -> dict[str, Any]:
        if answer.question:
            return {"document": None, "sentence": "", "question": answer.question}
        repaired = _readable(answer.document, root)
        left = _left(repaired)
        if left:
            raise Rejected("it still does not pass: " + "; ".join(left[:10]))
        return {"document": repaired, "sentence": answer.sentence, "question": ""}

    def _left(candidate: dict[str, Any]) -> list[str]:
        try:
            return [v.message for v in evaluate(candidate)]
        except opa_cli.OpaFailed as error:
            return [str(error)]

    def check(given: tools.Check) -> Any:
        try:
            return _left(_readable(given.document, root))
        except Rejected as problem:
            return {"error": str(problem)}

    told = [{"policy": v.policy, "message": v.message, "path": v.path, "fix": v.fix} for v in violations]
    source = json.dumps(document, indent=1, ensure_ascii=False)
    made: dict[str, Any] = converse_with(
        model, Bag({"check": check}), prompts.fix(request, source, told), FixAnswer,
        accept=accept, talk=Talk(),
    )  # fmt: skip
    return made


def _readable(text: str, root: str = "pipeline") -> dict[str, Any]:
    try:
        value: Any = parse.read(text).value
    except DocumentError as error:
        raise Rejected(str(error)) from error
    if not isinstance(value, dict) or not isinstance(value.get(root), dict):
        raise Rejected(f"the document must start with the key {root!r}")
    return value
