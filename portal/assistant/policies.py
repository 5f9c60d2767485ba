"""From a sentence to a policy draft with its evidence, stored as a Proposal; or to a question."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from governance import policy_query, scopes
from governance.actor import Actor
from governance.authoring import compile as compiler
from governance.authoring.codes import with_codes
from governance.authoring.explain import explain_rule
from governance.authoring.facts import Facts
from governance.authoring.planner import Draft, Question, Refusal, plan
from governance.authoring.rule import Rule
from governance.engines import opa_cli
from governance.proposals import propose
from portal.assistant import checked, prompts, readings
from portal.assistant.answers import PolicyAnswer
from portal.assistant.checked import CaseVerdict, Checked, verdicts
from portal.assistant.loop import Rejected, converse
from portal.assistant.ports import LanguageModel
from portal.assistant.second_opinion import disagreement
from portal.facts import facts_for
from portal.naming import free, identifier_for, title_for


@dataclass(frozen=True, slots=True)
class PolicyDraft:
    """Exactly one of: a draft (`proposal` is its id), a question, or a refusal with its reason.

    fields   what a save of the draft sends beside the Rego: rule, request, reading, cases
    by       "planner", or the model's name
    options  two ways to read the request: label, explanation, verdict on the witness (the document on which
             they differ) and `choose`, which is sent back to take it; of `tried` documents they agree on `agreed`
    disagreement  the document that a model's draft and the planner's decide differently, with both verdicts
    chosen   what was taken where the request left it open
    """

    request: str
    by: str
    understood: list[dict[str, Any]]
    proposal: str = ""
    identifier: str = ""
    rego: str = ""
    explanation: list[dict[str, Any]] = field(default_factory=list)
    cases: list[CaseVerdict] = field(default_factory=list)
    fields: dict[str, Any] = field(default_factory=dict)
    question: str = ""
    options: list[dict[str, Any]] = field(default_factory=list)
    agreed: int = 0
    tried: int = 0
    chosen: list[dict[str, Any]] = field(default_factory=list)
    refusal: str = ""
    disagreement: dict[str, Any] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def draft_policy(
    actor: Actor,
    scope: str,
    text: str,
    *,
    identifier: str = "",
    name: str = "",
    conversation: str = "",
    choose: str = "",
) -> PolicyDraft:
    """Draft a policy without a model. Nothing governed is written; a draft is kept as a Proposal.

    choose  the `choose` of an option that was offered for this text: it is looked up in the text again
    Raises Denied or NotFound when the actor may not see policies in the scope.
    """
    facts = facts_for(actor, scope)
    keys = [key for key in choose.split(".") if key]
    planned = plan(text, facts, keys)
    if isinstance(planned, Question):
        return _asked(text, planned, keys)
    if isinstance(planned, Refusal):
        return PolicyDraft(text, "planner", _phrases(planned.understood), refusal=planned.reason)
    return keep_draft(
        actor, scope, text, planned, facts, identifier=identifier, name=name, conversation=conversation
    )


def _asked(text: str, question: Question, keys: list[str]) -> PolicyDraft:
    """The planner's question with what can be chosen."""
    gone = len(question.chosen) < len(keys)
    notes = ["What was chosen is not offered for this request any more. Please choose again."] if gone else []
    understood = _phrases(question.understood)
    if question.options:
        understood.append(
            {"text": question.said, "meaning": "Two readings: one has to be chosen.", "open": True}
        )
    return PolicyDraft(
        text, "planner", understood,
        question=question.asks, options=readings.offered(question), agreed=question.agreed,
        tried=question.tried, chosen=[asdict(c) for c in question.chosen], notes=notes,
    )  # fmt: skip


def keep_draft(
    actor: Actor,
    scope: str,
    text: str,
    draft: Draft,
    facts: Facts,
    *,
    identifier: str = "",
    name: str = "",
    conversation: str = "",
    mode: str = "deterministic",
    model: str = "",
) -> PolicyDraft:
    """Compile a rule, try its cases on real OPA and store the result as a Proposal."""
    rule = draft.rule
    rego = opa_cli.fmt(compiler.standalone(rule))
    cases = verdicts(rego, rule, facts)
    wrong = [c.name for c in cases if c.verdict != c.expect]
    reading = [*_phrases(draft.reading), *readings.rows(draft.chosen)]
    if wrong:
        reason = (
            f"the draft did not decide its own examples as it should ({', '.join(wrong)}), so it is not shown"
        )
        return PolicyDraft(text, model or "planner", reading, refusal=reason)
    chosen = identifier or _free_name(actor, scope, text)
    fields = {
        "name": name or title_for(text),
        "entity": rule.entity,
        "rule": rule.model_dump(mode="json"),
        "request": text,
        "reading": reading,
        "cases": [asdict(c) for c in cases],
    }
    kept = propose(
        actor,
        kind="policy",
        scope=scope,
        identifier=chosen,
        content=rego,
        request=text,
        mode=mode,
        model=model,
        conversation=conversation,
        fields=fields,
        notes={"choose": readings.path(draft.chosen)} if draft.chosen else {},
    )
    return PolicyDraft(
        request=text,
        by=model or "planner",
        understood=reading,
        proposal=kept.id,
        identifier=chosen,
        rego=rego,
        explanation=[asdict(s) for s in explain_rule(rule)],
        cases=cases,
        fields=fields,
        chosen=[asdict(c) for c in draft.chosen],
    )


def draft_with_model(
    model: LanguageModel,
    actor: Actor,
    scope: str,
    text: str,
    planned: PolicyDraft,
    *,
    identifier: str,
    conversation: str,
    on_text: Callable[[str], None],
    cancelled: Callable[[], bool],
) -> PolicyDraft:
    """A model's rule or Rego for the same request, through the same compiler and checks.

    What a check finds goes back to the model. Where the planner drafted too and the two decide a document
    differently, that document is shown.
    Raises ModelUnavailable when nothing usable came within three corrections.
    """
    facts = facts_for(actor, scope)

    def accept(answer: PolicyAnswer) -> PolicyDraft:
        if answer.question:
            return PolicyDraft(text, model.name, planned.understood, question=answer.question)
        if answer.rule is None:
            made = checked.rego(answer)
            return _written_by_hand(actor, scope, text, made, planned, model.name, identifier, conversation)
        rule = with_codes(answer.rule)
        checked.rule(rule, facts)
        kept = keep_draft(
            actor, scope, text, Draft(rule=rule, reading=[]), facts, identifier=identifier,
            conversation=conversation, mode="model", model=model.name,
        )  # fmt: skip
        if kept.refusal:
            raise Rejected(kept.refusal)
        apart = disagreement(other, rule=rule, rego=kept.rego) if (other := _rule_of(planned)) else {}
        return replace(kept, disagreement=apart)

    drafted, _ = converse(
        model, actor, scope, prompts.policy(text, facts), PolicyAnswer,
        accept=accept, on_text=on_text, cancelled=cancelled,
    )  # fmt: skip
    return drafted  # type: ignore[no-any-return]


def _written_by_hand(
    actor: Actor,
    scope: str,
    text: str,
    made: Checked,
    planned: PolicyDraft,
    model: str,
    identifier: str,
    conversation: str,
) -> PolicyDraft:
    chosen = identifier or _free_name(actor, scope, text)
    cases = [asdict(c) for c in made.cases]
    fields = {"name": title_for(text), "entity": made.entity, "request": text, "cases": cases}
    kept = propose(
        actor, kind="policy", scope=scope, identifier=chosen, content=made.rego, request=text,
        mode="model", model=model, conversation=conversation, fields=fields,
    )  # fmt: skip
    notes = ["Written as Rego, because the rule language cannot say it: read it closely."]
    other = _rule_of(planned)
    documents = [c.document for c in (*made.cases, *planned.cases)]
    apart = disagreement(other, rego=made.rego, documents=documents) if other is not None else {}
    return PolicyDraft(
        text, model, [], proposal=kept.id, identifier=chosen, rego=kept.content, cases=made.cases,
        fields=fields, notes=notes, disagreement=apart,
    )  # fmt: skip


def _rule_of(planned: PolicyDraft) -> Rule | None:
    return Rule.model_validate(planned.fields["rule"]) if planned.proposal else None


def _free_name(actor: Actor, scope: str, text: str) -> str:
    """Two requests may begin alike: a draft for one never becomes the next version of the other by itself."""
    name = identifier_for(text)
    return free(name, policy_query.names(actor, scopes.find(scope), inherited=False, beginning=name))


def _phrases(found: Any) -> list[dict[str, Any]]:
    return [asdict(p) for p in found]
