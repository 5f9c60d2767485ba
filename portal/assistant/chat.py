"""One entry for the doors: a sentence in, a draft or a question out. With a model when one is configured
and admitted here, else with the planner; a model that fails is named, and the planner answers."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache

from django.conf import settings
from django.db import transaction

from audit.record import record
from governance import kinds, rbac, scopes
from governance.actor import Actor
from governance.errors import Denied
from governance.exam import admitting, configured, query
from governance.settings_kind import setting_for
from portal.assistant import documents, policies
from portal.assistant.documents import FixDraft, PipelineDraft
from portal.assistant.policies import PolicyDraft
from portal.assistant.ports import LanguageModel, ModelUnavailable

OnText = Callable[[str], None]
Cancelled = Callable[[], bool]


def model_in_use() -> LanguageModel | None:
    """The configured model, or None: then the planner answers alone."""
    if not (settings.OPENAI_BASE_URL or settings.OPENAI_API_KEY) or not settings.OPENAI_MODEL:
        return None
    return _openai(settings.OPENAI_BASE_URL, settings.OPENAI_API_KEY, settings.OPENAI_MODEL)


def model_here(path: str) -> tuple[LanguageModel | None, str]:
    """The configured model where it is admitted; else None, and why the planner answers ("" without a model)."""
    model = model_in_use()
    if model is None:
        return None, ""
    scope = scopes.find(path)
    admitted = setting_for(scope, admitting.SETTING).value == model.name
    if admitted and query.newest_of(scope, model.name):
        return model, ""
    if admitted:
        return None, (
            f"{model.name} sat no exam at {configured.endpoint()}, where it is asked now, so this is the planner's"
            " answer; it can sit one in Settings, AI and models."
        )
    return None, (
        f"{model.name} is not admitted to {path}, so this is the planner's answer; somebody who administers"
        " it can admit the model in Settings, AI and models."
    )


@lru_cache(maxsize=4)
def _openai(base_url: str, api_key: str, name: str) -> LanguageModel:
    from portal.assistant.models.openai import OpenAIModel

    return OpenAIModel(base_url or "https://api.openai.com/v1", api_key, name)


def policy(
    actor: Actor,
    scope: str,
    text: str,
    *,
    identifier: str = "",
    conversation: str = "",
    choose: str = "",
    on_text: OnText = lambda text: None,
    cancelled: Cancelled = lambda: False,
) -> PolicyDraft:
    """Draft a policy. Raises Denied where the assistant is switched off, NotFound for an unknown scope.

    A request that can be read in two ways is asked about, whoever drafts: a model would take one of them unasked.
    """
    _may_ask(actor, scope, "policy")
    planned = policies.draft_policy(
        actor, scope, text, identifier=identifier, conversation=conversation, choose=choose
    )
    model, note = model_here(scope)
    if model is not None and not planned.options and not planned.chosen:
        try:
            drafted = policies.draft_with_model(
                model, actor, scope, text, planned, identifier=identifier, conversation=conversation,
                on_text=on_text, cancelled=cancelled,
            )  # fmt: skip
            _turn(actor, scope, "policy", text, drafted.by)
            return drafted
        except ModelUnavailable as error:
            note = f"{error}; this is the planner's answer."
            _failed(actor, scope, "policy", text, model.name, str(error))
    _turn(actor, scope, "policy", text, "planner")
    return replace(planned, notes=[*planned.notes, note]) if note else planned


def pipeline(
    actor: Actor,
    scope: str,
    text: str,
    *,
    identifier: str = "",
    conversation: str = "",
    on_text: OnText = lambda text: None,
    cancelled: Cancelled = lambda: False,
) -> PipelineDraft:
    """Build a pipeline from a sentence and ask the gate about it, keeping nothing but a Proposal."""
    _may_ask(actor, scope, "pipeline")
    model, note = model_here(scope)
    if model is not None:
        try:
            drafted = documents.pipeline_with_model(
                model, actor, scope, text, identifier=identifier, conversation=conversation,
                on_text=on_text, cancelled=cancelled,
            )  # fmt: skip
            _turn(actor, scope, "pipeline", text, drafted.by)
            return drafted
        except ModelUnavailable as error:
            note = f"{error}; this is the planner's answer."
            _failed(actor, scope, "pipeline", text, model.name, str(error))
    drafted = documents.draft_pipeline(actor, scope, text, identifier=identifier, conversation=conversation)
    _turn(actor, scope, "pipeline", text, "planner")
    return replace(drafted, notes=f"{drafted.notes} {note}".strip()) if note else drafted


def fix(
    actor: Actor,
    scope: str,
    *,
    identifier: str,
    source: str,
    request: str = "",
    conversation: str = "",
    on_text: OnText = lambda text: None,
    cancelled: Cancelled = lambda: False,
) -> FixDraft:
    """Repair a document so that every policy passes: proved by a dry run, offered, never saved."""
    _may_ask(actor, scope, "pipeline")
    drafted = documents.draft_fix(
        actor, scope, identifier=identifier, source=source, request=request, conversation=conversation
    )
    model, why = model_here(scope)
    if drafted.proposal or model is None:
        _turn(actor, scope, "fix", request, "planner")
        if drafted.proposal or not why:
            return drafted
        return replace(drafted, question=f"{drafted.question} {why}".strip())
    try:
        drafted = documents.fix_with_model(
            model, actor, scope, drafted, identifier=identifier, source=source, request=request,
            conversation=conversation, on_text=on_text, cancelled=cancelled,
        )  # fmt: skip
        _turn(actor, scope, "fix", request, drafted.by)
        return drafted
    except ModelUnavailable as error:
        _failed(actor, scope, "fix", request, model.name, str(error))
        return replace(drafted, question=f"{drafted.question} ({error})".strip())


def _may_ask(actor: Actor, path: str, about: str) -> None:
    """Asking takes the right to see what would be drafted; a scope one knows nothing of is not there."""
    setting = setting_for(rbac.enter(actor, kinds.get(about).view, path), "ai_enabled")
    if not setting.value:
        raise Denied(
            f"The assistant is switched off in {path}; that was decided at {setting.scope_path}.",
            permission="administer_setting",
            scope=path,
        )


def _turn(actor: Actor, scope: str, about: str, text: str, by: str) -> None:
    _record("assistant.turn", actor, scope, about, text, {"by": by})


def _failed(actor: Actor, scope: str, about: str, text: str, model: str, why: str) -> None:
    _record("assistant.failed", actor, scope, about, text, {"model": model, "reason": why})


def _record(action: str, actor: Actor, scope: str, about: str, text: str, data: dict[str, str]) -> None:
    digest = hashlib.sha256(text.encode()).hexdigest()
    with transaction.atomic():
        record(
            action=action,
            outcome="admitted",
            resource=f"assistant:{scope}/{about}",
            scope=scope,
            data={**data, "prompt_sha256": digest},
            **actor.audit_fields(),
        )
