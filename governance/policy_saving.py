"""A policy's text is saved: a draft, whatever it is an edit of, that ends what was on its way."""

from __future__ import annotations

import re
from dataclasses import replace

from pydantic import Field, JsonValue

from governance import kinds, policy_cases, policy_checks
from governance.actor import Actor
from governance.engines import limited
from governance.errors import Conflict, Invalid, Problem
from governance.fields import IDENTIFIER, Fields, VerbatimFields, read
from governance.four_eyes import touched_by
from governance.kinds import Applied, Change, Document, Prepared
from governance.models import Policy, PolicySetMember, PolicyVersion, Proposal, Scope
from governance.policy_versions import (
    OPEN,
    State,
    applied,
    described,
    lock_if_there,
    newest,
    take_back,
)


class Origin(Fields):
    """The starter policy a text was adopted from, and the digest of the text as it was shipped then."""

    starter: str = Field(min_length=1, max_length=128)
    digest: str = Field(pattern=r"^[0-9a-f]{64}$")


class PolicyFields(VerbatimFields):
    """rule: the Rule it was compiled from; request: the sentence as typed; reading: how it was understood.

    origin: by default that of the version before; tags too.
    """

    name: str = Field(default="", max_length=128)
    description: str = Field(default="", max_length=4000)
    entity: str = "pipeline"
    tags: dict[str, str] = Field(default_factory=dict)
    rule: dict[str, JsonValue] = Field(default_factory=dict)
    request: str = Field(default="", max_length=8000)
    reading: list[JsonValue] = Field(default_factory=list, max_length=200)
    cases: list[JsonValue] = Field(default_factory=list, max_length=200)
    checks: list[JsonValue] = Field(default_factory=list, max_length=200)
    origin: Origin | None = None


def prepare_save(change: Change, scope: Scope, actor: Actor) -> Prepared:
    wanted = read(PolicyFields, change)
    if not re.match(IDENTIFIER, change.identifier):
        raise Invalid([f"identifier {change.identifier!r}: letters, digits and _, not starting with a digit"])
    policy_checks.refuse_unknown_entity(wanted.entity)
    with limited.budget(policy_checks.CPU_S):
        policy_checks.refuse_bad_rego(change.source)
        rule = policy_checks.rule_of(wanted.rule, change.source)
        policy_checks.refuse_unmovable(f"{scope.path}/{change.identifier}", change.source, rule)
        _refuse_made_up(wanted.reading, kinds.text_digest(change.source))
        cases = policy_cases.decided(change.source, wanted.cases)
    tags = wanted.tags if "tags" in wanted.model_fields_set else _tags_of(scope, change.identifier)
    wanted = wanted.model_copy(
        update={"rule": rule, "cases": cases, "tags": tags, "name": wanted.name.strip() or change.identifier}
    )
    return Prepared(
        document=_draft_document(change, scope, wanted),
        source=change.source,
        content_sha256=kinds.text_digest(change.source),
        extra=wanted,
    )


def _refuse_made_up(reading: list[JsonValue], content_sha256: str) -> None:
    """How a sentence was read is what reviewers go by: only what the planner or a model said of this text."""
    drafted = Proposal.objects.filter(kind="policy", content_sha256=content_sha256)
    kept = PolicyVersion.objects.filter(content_sha256=content_sha256)
    known = [*(fields.get("reading") for fields in drafted.values_list("fields", flat=True)),
             *kept.values_list("reading", flat=True)]  # fmt: skip
    if reading and reading not in known:
        said = "is not how this text was read by anybody; leave it out, or draft the policy from a sentence"
        raise Invalid([Problem(said, path="reading")])


def _tags_of(scope: Scope, identifier: str) -> dict[str, str]:
    found = Policy.objects.filter(scope=scope, identifier=identifier).values_list("tags", flat=True).first()
    return dict(found or {})


def _draft_document(change: Change, scope: Scope, wanted: PolicyFields) -> Document:
    return {
        "identifier": change.identifier,
        "scope": scope.path,
        "name": wanted.name,
        "description": wanted.description,
        "entity": wanted.entity,
        "tags": wanted.tags,
        "rego": change.source,
        "rule": wanted.rule,
        "state": "draft",
        "ai_generated": False,
    }


def label(change: Change, scope: Scope, prepared: Prepared, actor: Actor) -> Prepared:
    """A policy's label is its row's, not in its text; policies about policies see it as a field."""
    was_ai = Policy.objects.filter(scope=scope, identifier=change.identifier, ai_generated=True).exists()
    if prepared.document is None or not (was_ai or actor.ai_generated):
        return prepared
    return replace(prepared, document={**prepared.document, "ai_generated": True})


def save(change: Change, scope: Scope, prepared: Prepared, actor: Actor) -> Applied:
    wanted: PolicyFields = prepared.extra
    row = lock_if_there(scope, change.identifier) or Policy(scope=scope, identifier=change.identifier)
    last = newest(row)
    _refuse_stale(change, last)
    _refuse_other_entity(row, wanted.entity)
    before = described(row, last)
    if not row.pk or not row.versions.filter(state=State.ACTIVE).exists():  # else once this one is in force
        row.name, row.description = wanted.name, wanted.description
    row.tags, row.entity, row.retired = wanted.tags, wanted.entity, False
    row.ai_generated = row.ai_generated or actor.ai_generated
    row.save()
    # Co-editors stay excluded while one text grows out of another; what was active had its own approval.
    earlier = last.touched_by if last is not None and last.state in OPEN else []
    _supersede(row)
    made = PolicyVersion.objects.create(
        policy=row,
        number=last.number + 1 if last else 1,
        name=wanted.name,
        description=wanted.description,
        rego=change.source,
        rule=wanted.rule,
        request=wanted.request,
        reading=wanted.reading,
        cases=wanted.cases,
        checks=wanted.checks,
        origin=wanted.origin.model_dump() if wanted.origin else last.origin if last else {},
        content_sha256=prepared.content_sha256,
        author=actor.user,
        touched_by=touched_by(prepared.content_sha256, actor.user, earlier),
        ai=actor.ai,
    )
    return applied(made, before=before, after=described(row, made))


def _refuse_stale(change: Change, last: PolicyVersion | None) -> None:
    number = str(last.number) if last else "0"
    if change.expected_version and change.expected_version != number:
        raise Conflict(
            f"{change.resource} is at version {number}, not {change.expected_version};"
            " somebody was faster: compare, then save again"
        )


def _refuse_other_entity(row: Policy, entity: str) -> None:
    if row.pk and row.entity != entity and PolicySetMember.objects.filter(policy=row).exists():
        raise Conflict(
            f"{row.identifier} is in policy sets for {row.entity} documents and cannot speak about {entity};"
            " take it out of them first, or save it under a new name"
        )


def _supersede(row: Policy) -> None:
    """An edit ends whatever was on its way, approvals included."""
    for version in row.versions.filter(state__in=OPEN):
        take_back(version, State.RETIRED)
