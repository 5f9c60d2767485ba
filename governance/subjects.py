"""What a draft can be tried on: something stored, a past decision, or a document somebody brings; as the asker may see it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from governance import evaluation_query, kinds, policy_input, rbac
from governance.actor import Actor
from governance.errors import Invalid, NotFound
from governance.evaluation_query import EvaluationView
from governance.kinds import Change, Document, Kind, Prepared
from governance.models import Scope
from governance.stored import below

MOST_OFFERED = 200
SOMEBODY = {"name": "Somebody", "email": "somebody@example.com", "uuid": "somebody", "username": "somebody"}


@dataclass(frozen=True, slots=True)
class Offered:
    """A stored thing that a draft can be tried on. ref: "<scope path>/<identifier>"."""

    ref: str
    name: str


def stored_choices(actor: Actor, entity: str, scope: Scope) -> list[Offered]:
    """What the actor may see of a kind in a scope and below it, by name; () for a kind that is not stored."""
    kind = kinds.known().get(entity)
    if kind is None or kind.model is None or kind.current is None:
        return []
    rows = rbac.visible(actor, entity).filter(below(scope)).select_related("scope")
    if any(f.name == "deleted" for f in kind.model._meta.get_fields()):
        rows = rows.filter(deleted=False)
    return [
        Offered(f"{row.scope.path}/{row.identifier}", str(getattr(row, "name", "") or row.identifier))
        for row in rows.order_by("scope__path", "identifier")[:MOST_OFFERED]
    ]


def past_choices(actor: Actor, entity: str, scope: Scope, size: int = 15) -> list[EvaluationView]:
    """The newest decisions about a kind whose input the actor may read."""
    if not rbac.holds(actor, "view_audit", scope):
        return []
    page = evaluation_query.evaluations(actor, scope, kind=entity, size=size)
    return [e for e in page.evaluations if e.input_sha256]


def of_stored(actor: Actor, entity: str, ref: str) -> Any:
    """The input of a stored thing as if the actor saved it now. Raises NotFound, also for what they may not see."""
    path, _, identifier = ref.rpartition("/")
    kind = kinds.get(entity)
    if kind.current is None:
        raise NotFound(f"nothing of kind {entity} is stored here")
    row = rbac.visible(actor, entity).filter(scope__path=path, identifier=identifier).first()
    found = kind.current(row.scope, identifier) if row is not None else None
    if row is None or found is None:
        raise NotFound(f"no {entity} {identifier!r} in {path or 'any scope'}")
    templates = [{"ref": used} for used in found.get("templates", [])]
    return _asked(actor, kind, row.scope, identifier, found["document"], templates)


def of_evaluation(actor: Actor, key: str) -> Any:
    """The input of a past decision. Raises NotFound; needs view_audit, as the decision's own page does."""
    return evaluation_query.evaluation_input(actor, key)


def of_document(actor: Actor, entity: str, scope: Scope, document: Any) -> Any:
    """A document somebody brings, as the policy would see it: under its root, with what is said of the asker.

    What has `metadata` of its own, or is no mapping (a scan's result is a list), is taken as it is.
    """
    kind = kinds.get(entity)
    if not isinstance(document, Mapping) or "metadata" in document:
        return document
    if kind.whole:
        return _asked(actor, kind, scope, str(document.get("identifier", "")), dict(document), [])
    root = kind.root or kind.name
    body = document.get(root, document.get(kind.name))
    if not isinstance(body, Mapping):
        raise Invalid(
            [f"a {entity} begins with `{root}:`; this document has {', '.join(document) or 'nothing'}"]
        )
    return _asked(actor, kind, scope, str(body.get("identifier", "")), dict(body), [])


def _asked(
    actor: Actor, kind: Kind, scope: Scope, identifier: str, document: Document, templates: list[Document]
) -> Any:
    change = Change("save", kind.name, scope.path, identifier)
    event = kind.events[0] if kind.events and "onsave" not in kind.events else "onsave"
    prepared = Prepared(document=document, templates=templates)
    return policy_input.build(change, scope, prepared, actor, event=event)


def without_people(given: Any) -> Any:
    """An input to be kept as an example, which everybody who sees the policy will see: who asked is left out.

    Groups and roles stay, because policies decide by them.
    """
    if not isinstance(given, Mapping) or not isinstance(given.get("metadata"), Mapping):
        return given
    said = dict(given["metadata"])
    if isinstance(said.get("user"), Mapping):
        said["user"] = {**said["user"], **SOMEBODY}
    if "principalIdentifier" in said:
        said["principalIdentifier"] = SOMEBODY["uuid"]
    if isinstance(said.get("userGroups"), list):
        said["userGroups"] = [
            {**group, "users": [SOMEBODY["uuid"]]}
            if isinstance(group, Mapping) and "users" in group
            else group
            for group in said["userGroups"]
        ]
    return {**given, "metadata": said}
