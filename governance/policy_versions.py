"""Find, lock and describe the versions of a policy."""

from __future__ import annotations

from governance import locks
from governance.errors import Conflict, NotFound
from governance.kinds import Applied, Document
from governance.models import Policy, PolicyVersion, Scope

State = PolicyVersion.State
# On their way to being in force.
OPEN = (State.DRAFT, State.IN_REVIEW, State.APPROVED)


def lock(scope: Scope, identifier: str) -> Policy:
    """The policy's row, ours until the transaction ends. Raises NotFound."""
    found = lock_if_there(scope, identifier)
    if found is None:
        raise NotFound(f"no policy {identifier!r} in {scope.path}")
    return found


def lock_if_there(scope: Scope, identifier: str) -> Policy | None:
    rows = Policy.objects.filter(scope=scope, identifier=identifier)
    locks.update(rows)
    return rows.select_related("scope").first()


def newest(row: Policy) -> PolicyVersion | None:
    return row.versions.order_by("-number").first() if row.pk and not row._state.adding else None


def version_of(row: Policy, number: int | None) -> PolicyVersion:
    """One version, by default the newest. Raises NotFound, Conflict when there is none at all."""
    if number is None:
        last = newest(row)
        if last is None:
            raise Conflict(f"{row.identifier} has no version yet")
        return last
    found = row.versions.filter(number=number).first()
    if found is None:
        raise NotFound(f"no version {number} of policy {row.identifier!r}")
    return found


def take_back(version: PolicyVersion, state: str) -> None:
    """Move a version back; the approvals it had count no longer."""
    version.approvals.filter(withdrawn=False).update(withdrawn=True)
    version.state = state
    version.save(update_fields=["state"])


def called(row: Policy, version: PolicyVersion) -> tuple[str, str]:
    """Name and description as a version gives them."""
    return (version.name, version.description) if version.name else (row.name, row.description)


def as_document(row: Policy, version: PolicyVersion) -> Document:
    """What policies about policies see."""
    name, description = called(row, version)
    return {
        "identifier": row.identifier,
        "scope": row.scope.path,
        "name": name,
        "description": description,
        "entity": row.entity,
        "tags": row.tags,
        "rego": version.rego,
        "rule": version.rule,
        "state": str(version.state),
        "ai_generated": row.ai_generated,
        "version": version.number,
        "author": version.author.get_username(),
    }


def described(row: Policy, version: PolicyVersion | None) -> str:
    """The text whose difference goes on the trail."""
    if version is None:
        return ""
    name, description = called(row, version)
    head = f"name: {name}\nentity: {row.entity}\ndescription: {description}\nstate: {version.state}\n"
    return f"{head}\n{version.rego}"


def applied(version: PolicyVersion, *, before: str, after: str) -> Applied:
    return Applied(
        version=str(version.number),
        before=before,
        after=after,
        data={
            "number": version.number,
            "state": str(version.state),
            "content_sha256": version.content_sha256,
        },
    )
