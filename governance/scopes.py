"""Kinds organization and project, and the account they stand in."""

from __future__ import annotations

import re

from pydantic import Field

from governance import kinds
from governance.actor import Actor
from governance.errors import Conflict, Invalid, NotFound
from governance.fields import IDENTIFIER, Fields, read
from governance.kinds import Applied, Change, Kind, Prepared, Verb
from governance.models import Epoch, Scope

CHILD_LEVEL = {"organization": Scope.Level.ACCOUNT, "project": Scope.Level.ORGANIZATION}


class ScopeFields(Fields):
    name: str = Field(min_length=1, max_length=128)
    description: str = Field(default="", max_length=2000)


def find(path: str) -> Scope:
    """The scope at a path. Raises NotFound; says nothing of rights."""
    found = Scope.objects.filter(path=path).first()
    if found is None:
        raise NotFound(f"no scope {path!r}")
    return found


def add(parent: Scope | None, identifier: str, name: str, description: str = "") -> Scope:
    """Insert a scope below `parent`, or an account when there is none."""
    levels = {
        None: Scope.Level.ACCOUNT,
        "account": Scope.Level.ORGANIZATION,
        "organization": Scope.Level.PROJECT,
    }
    level = levels[parent.level if parent else None]
    account = None if parent is None else (parent.account or parent)
    organization = parent if level == Scope.Level.PROJECT else None
    made = Scope.objects.create(
        level=level,
        identifier=identifier,
        name=name,
        description=description,
        path=f"{parent.path}/{identifier}" if parent else identifier,
        parent=parent,
        account=account,
        organization=organization,
    )
    Epoch.objects.get_or_create(subject=f"scope:{made.pk}")
    return made


def _prepare(change: Change, scope: Scope, actor: Actor) -> Prepared:
    if scope.level != CHILD_LEVEL[change.kind]:
        article = "an account" if change.kind == "organization" else "an organization"
        raise Invalid([f"{change.kind} {change.identifier!r} must be made in {article}, not in {scope.path}"])
    if not re.match(IDENTIFIER, change.identifier):
        raise Invalid([f"identifier {change.identifier!r}: letters, digits and _, not starting with a digit"])
    return Prepared(extra=read(ScopeFields, change))


def _save(change: Change, scope: Scope, prepared: Prepared, actor: Actor) -> Applied:
    wanted: ScopeFields = prepared.extra
    found = Scope.objects.filter(path=f"{scope.path}/{change.identifier}").first()
    if found is None:
        add(scope, change.identifier, wanted.name, wanted.description)
        return Applied(version="1", after=f"name: {wanted.name}\ndescription: {wanted.description}")
    before = f"name: {found.name}\ndescription: {found.description}"
    found.name, found.description, found.archived = wanted.name, wanted.description, False
    found.save(update_fields=["name", "description", "archived"])
    return Applied(version="", before=before, after=f"name: {wanted.name}\ndescription: {wanted.description}")


def _archive(change: Change, scope: Scope, prepared: Prepared, actor: Actor) -> Applied:
    found = find(f"{scope.path}/{change.identifier}")
    if found.archived:
        raise Conflict(f"{found.path} is archived already")
    found.archived = True
    found.save(update_fields=["archived"])
    Epoch.bump([f"scope:{found.pk}"])
    return Applied(version="", before="archived: false", after="archived: true")


def _kind(name: str, title: str, plural: str) -> Kind:
    return kinds.register(
        Kind(
            name=name,
            title=title,
            plural=plural,
            verbs={
                "save": Verb(f"edit_{name}", _save, _prepare),
                "archive": Verb(f"edit_{name}", _archive),
            },
        )
    )


ORGANIZATION = _kind("organization", "Organization", "Organizations")
PROJECT = _kind("project", "Project", "Projects")
