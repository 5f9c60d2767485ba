"""Kind policy: drafted, approved by somebody else, activated, retired; only approved text is activated."""

from __future__ import annotations

from collections.abc import Iterable

from pydantic import Field

from governance import kinds
from governance import policy_deciding as deciding
from governance import policy_replays as replays
from governance import policy_saving as saving
from governance.actor import Actor
from governance.errors import Invalid, Problem
from governance.fields import Fields, read
from governance.kinds import Applied, Change, Document, Kind, Prepared, Verb
from governance.models import (
    Policy,
    PolicyComment,
    Scope,
)
from governance.policy_versions import (
    applied,
    as_document,
    lock,
    newest,
    version_of,
)


class CommentFields(Fields):
    version: int | None = None
    text: str = Field(min_length=1, max_length=4000)
    line: int = Field(default=0, ge=0)


def _prepare_comment(change: Change, scope: Scope, actor: Actor) -> Prepared:
    return Prepared(extra=read(CommentFields, change))


def _comment(change: Change, scope: Scope, prepared: Prepared, actor: Actor) -> Applied:
    wanted: CommentFields = prepared.extra
    version = version_of(lock(scope, change.identifier), wanted.version)
    lines = len(version.rego.splitlines())
    if wanted.line > lines:  # it would stand nowhere on the page
        reason = f"version {version.number} has {lines} lines; name one of them, or 0 for the whole version"
        raise Invalid([Problem(reason, path="line")])
    PolicyComment.objects.create(version=version, user=actor.user, text=wanted.text, line=wanted.line)
    return applied(version, before="", after=f"line {wanted.line}: {wanted.text}")


def _stored(scope: Scope) -> Iterable[tuple[Scope, str, Document]]:
    """The newest version of every policy in a scope and below it."""
    for row in Policy.objects.select_related("scope"):
        version = newest(row)
        if version is not None and scope.pk in row.scope.chain_ids:
            yield row.scope, row.identifier, as_document(row, version)


POLICY = kinds.register(
    Kind(
        name="policy",
        title="Policy",
        plural="Policies",
        root="policy",
        package="policy",
        model=Policy,
        inherited=True,
        stored=_stored,
        verbs={
            "save": Verb("edit_policy", saving.save, saving.prepare_save, event="onsave", label=saving.label),
            "submit": Verb("edit_policy", deciding.submit, deciding.prepare_version),
            "approve": Verb("approve_policy", deciding.approve, deciding.prepare_version),
            "request_changes": Verb("approve_policy", deciding.request_changes, deciding.prepare_reason),
            "comment": Verb("view_policy", _comment, _prepare_comment),
            "replay": Verb("view_policy", replays.replay, replays.prepare_replay, react=replays.wake_replay),
            "cancel_replay": Verb("view_policy", replays.cancel_replay, deciding.prepare_version),
            "activate": Verb(
                "activate_policy",
                deciding.activate,
                deciding.prepare_activate,
                event="onsave",
                label=saving.label,
            ),
            "retire": Verb("retire_policy", deciding.retire),
        },
    )
)
