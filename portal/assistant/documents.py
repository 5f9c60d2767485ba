"""From a sentence to a pipeline, and from a blocked document to one that passes."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

from audit.record import text_diff
from governance.actor import Actor
from governance.admission import dry_run
from governance.errors import Invalid, Problem, Violation
from governance.gate import Decision
from governance.kinds import Change
from governance.models import Scope
from governance.proposals import propose, stands_since
from portal import facts
from portal.assistant import prompts
from portal.assistant.answers import FixAnswer, PipelineAnswer
from portal.assistant.loop import Rejected, converse
from portal.assistant.ports import LanguageModel
from templates_catalog.authoring.fixes import fix as find_fix
from templates_catalog.authoring.planner import plan
from templates_catalog.documents import parse, write
from templates_catalog.documents.problems import DocumentError

OnText = Callable[[str], None]
Cancelled = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class PipelineDraft:
    """A pipeline that references a template, what is missing in it and what the gate says of it.

    decisions  the dry run's decisions, [] when there is no document
    """

    request: str
    by: str
    proposal: str = ""
    identifier: str = ""
    source: str = ""
    template: str = ""
    version: str = ""
    reasons: list[str] = field(default_factory=list)
    inputs: dict[str, Any] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    invalid: dict[str, Any] = field(default_factory=dict)
    runners_up: list[Any] = field(default_factory=list)
    asks: list[dict[str, Any]] = field(default_factory=list)
    none_fits: bool = False
    question: str = ""
    notes: str = ""
    problems: list[Problem] = field(default_factory=list)
    violations: list[Violation] = field(default_factory=list)
    evaluation: str = ""


@dataclass(frozen=True, slots=True)
class FixDraft:
    """A repair that passes, or the question that stands in its way and the policy that still blocks."""

    request: str
    by: str
    proposal: str = ""
    source: str = ""
    sentence: str = ""
    diff: str = ""
    question: str = ""
    violations: list[Violation] = field(default_factory=list)
    evaluation: str = ""


def draft_pipeline(
    actor: Actor, scope: str, text: str, *, identifier: str = "", conversation: str = ""
) -> PipelineDraft:
    """Plan without a model: template, inputs, extra stages; ask the gate; keep a Proposal."""
    planned = plan(text, facts.catalogue_for(actor, scope), facts.facts_for(actor, scope))
    shown = {
        "template": planned.template,
        "reasons": list(planned.reasons),
        "inputs": dict(planned.inputs),
        "missing": list(planned.missing),
        "invalid": dict(planned.invalid),
        "runners_up": list(planned.runners_up),
        "asks": [asdict(ask) for ask in planned.asks],
        "none_fits": planned.none_fits,
        "notes": planned.notes,
    }
    if planned.document is None:
        # What is asked is shown once: as the question, or as a note.
        asked = planned.notes if planned.asked else ""
        return PipelineDraft(
            text, "planner", question=asked, **{**shown, "notes": "" if asked else planned.notes}
        )
    source = write.dump(_placed(planned.document, scope, identifier))
    return _kept(actor, scope, text, source, shown, conversation=conversation)


def _placed(document: dict[str, Any], scope: str, identifier: str) -> dict[str, Any]:
    """The document with the organization and project it is drafted for."""
    _, organization, project = scope.split("/")
    body = {**document["pipeline"]}
    body["identifier"] = identifier or body.get("identifier") or "new_pipeline"
    body.setdefault("name", body["identifier"].replace("_", " ").capitalize())
    body |= {"orgIdentifier": organization, "projectIdentifier": project}
    first = ("name", "identifier", "orgIdentifier", "projectIdentifier")
    return {"pipeline": {**{k: body[k] for k in first}, **{k: v for k, v in body.items() if k not in first}}}


def _kept(
    actor: Actor,
    scope: str,
    text: str,
    source: str,
    shown: dict[str, Any],
    *,
    conversation: str,
    mode: str = "deterministic",
    model: str = "",
) -> PipelineDraft:
    identifier = str(parse.read(source).value["pipeline"]["identifier"])
    problems, decisions = _asked(actor, scope, identifier, source)
    if taken := _taken(scope, identifier):
        shown = {**shown, "notes": "\n".join(filter(None, (taken, shown.get("notes", ""))))}
    kept = propose(
        actor, kind="pipeline", scope=scope, identifier=identifier, content=source, request=text,
        mode=mode, model=model, conversation=conversation,
    )  # fmt: skip
    return PipelineDraft(
        request=text,
        by=model or "planner",
        proposal=kept.id,
        identifier=identifier,
        source=source,
        problems=problems,
        violations=_violations(decisions),
        evaluation=str(decisions[0].evaluation_id) if decisions else "",
        **shown,
    )


def _taken(scope: str, identifier: str) -> str:
    """Says that a save would replace something, as nobody asked for that; "" when the name is free."""
    where = Scope.objects.filter(path=scope).first()
    if where is None or not stands_since("pipeline", where, identifier):
        return ""
    return (
        f"A pipeline {identifier} is here already: saving this draft makes its next version. "
        "To keep both, open it in the editor and give it another identifier."
    )


def _asked(actor: Actor, scope: str, identifier: str, source: str) -> tuple[list[Problem], list[Decision]]:
    """What a save would be told: form problems, or the gate's decisions."""
    try:
        return [], dry_run(Change("save", "pipeline", scope, identifier, source), actor=actor)
    except Invalid as error:
        return error.problems, []


def _violations(decisions: list[Decision]) -> list[Violation]:
    return [v for d in decisions for v in (*d.errors, *d.warnings)]


def draft_fix(
    actor: Actor, scope: str, *, identifier: str, source: str, request: str, conversation: str = ""
) -> FixDraft:
    """The smallest edit after which every policy passes, proved on the gate before it is offered."""
    try:
        document = parse.read(source).value
    except DocumentError as error:
        raise Invalid([Problem(p.message, p.path, p.line, p.column) for p in error.problems]) from error
    proofs: list[Decision] = []

    def evaluate(candidate: dict[str, Any]) -> list[Violation]:
        problems, decisions = _asked(actor, scope, identifier, write.rewrite(source, candidate))
        proofs[:] = decisions
        unusable = [Violation("form", "error", str(p), p.path) for p in problems]
        silent = [Violation("gate", "error", d.unavailable) for d in decisions if d.unavailable]
        return [*unusable, *silent, *(v for d in decisions for v in d.errors)]

    found = evaluate(document)
    if any(violation.policy == "gate" for violation in found):
        # Nothing can be proved now; asking again for every try would only take long.
        silent = "; ".join(violation.message for violation in found if violation.policy == "gate")
        return FixDraft(
            request, "planner", question=f"Nothing can be tried while the gate does not answer: {silent}"
        )
    fixed = find_fix(document, found, request, facts.facts_for(actor, scope), evaluate)
    if fixed.document is None:
        return FixDraft(request, "planner", question=fixed.question, violations=found)
    repaired = write.rewrite(source, fixed.document)
    left = evaluate(fixed.document)
    if left:
        return FixDraft(request, "planner", question=fixed.question, violations=left)
    return _fix_kept(
        actor, scope, identifier, source, repaired, request, fixed.sentence, proofs, conversation=conversation
    )


def _fix_kept(
    actor: Actor,
    scope: str,
    identifier: str,
    source: str,
    repaired: str,
    request: str,
    sentence: str,
    proofs: list[Decision],
    *,
    conversation: str,
    mode: str = "deterministic",
    model: str = "",
) -> FixDraft:
    kept = propose(
        actor, kind="pipeline", scope=scope, identifier=identifier, content=repaired, request=request,
        mode=mode, model=model, conversation=conversation, base=source,
    )  # fmt: skip
    return FixDraft(
        request=request,
        by=model or "planner",
        proposal=kept.id,
        source=repaired,
        sentence=sentence,
        diff=text_diff(source, repaired),
        violations=[v for d in proofs for v in d.warnings],
        evaluation=str(proofs[0].evaluation_id) if proofs else "",
    )


def pipeline_with_model(
    model: LanguageModel,
    actor: Actor,
    scope: str,
    text: str,
    *,
    identifier: str,
    conversation: str,
    on_text: OnText,
    cancelled: Cancelled,
) -> PipelineDraft:
    """The same draft from a model. Raises ModelUnavailable when it gives nothing usable."""

    def accept(answer: PipelineAnswer) -> PipelineDraft:
        if answer.none_fits or answer.question:
            return PipelineDraft(text, model.name, none_fits=answer.none_fits, question=answer.question)
        source = _readable(answer.document, "pipeline")
        source = write.dump(_placed(parse.read(source).value, scope, identifier))
        problems, _ = _asked(actor, scope, str(parse.read(source).value["pipeline"]["identifier"]), source)
        if problems:
            raise Rejected("; ".join(str(p) for p in problems[:10]))
        shown = {"missing": answer.missing, "notes": answer.sentence, "template": _template_of(source)}
        return _kept(
            actor, scope, text, source, shown, conversation=conversation, mode="model", model=model.name
        )

    messages = prompts.pipeline(text, scope)
    drafted, _ = converse(
        model, actor, scope, messages, PipelineAnswer, accept=accept, on_text=on_text, cancelled=cancelled
    )
    return drafted  # type: ignore[no-any-return]


def fix_with_model(
    model: LanguageModel,
    actor: Actor,
    scope: str,
    planned: FixDraft,
    *,
    identifier: str,
    source: str,
    request: str,
    conversation: str,
    on_text: OnText,
    cancelled: Cancelled,
) -> FixDraft:
    """A repair from a model, offered only when the gate lets it pass."""

    def accept(answer: FixAnswer) -> FixDraft:
        if answer.question:
            return FixDraft(request, model.name, question=answer.question, violations=planned.violations)
        repaired = write.rewrite(source, parse.read(_readable(answer.document, "pipeline")).value)
        problems, decisions = _asked(actor, scope, identifier, repaired)
        errors = [v.message for d in decisions for v in d.errors] + [str(p) for p in problems]
        errors += [d.unavailable for d in decisions if d.unavailable]
        if errors:
            raise Rejected("it still does not pass: " + "; ".join(errors[:10]))
        return _fix_kept(
            actor, scope, identifier, source, repaired, request, answer.sentence, decisions,
            conversation=conversation, mode="model", model=model.name,
        )  # fmt: skip

    messages = prompts.fix(request, source, [asdict(v) for v in planned.violations])
    drafted, _ = converse(
        model, actor, scope, messages, FixAnswer, accept=accept, on_text=on_text, cancelled=cancelled
    )
    return drafted  # type: ignore[no-any-return]


def _readable(text: str, root: str) -> str:
    try:
        value = parse.read(text).value
    except DocumentError as error:
        raise Rejected(str(error)) from error
    if not isinstance(value.get(root), dict):
        raise Rejected(f"the document must start with the key {root!r}")
    return text


def _template_of(source: str) -> str:
    found = re.search(r"templateRef:\s*(\S+)", source)
    return found[1] if found else ""
