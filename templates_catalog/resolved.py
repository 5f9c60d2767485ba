"""What a fixed reference to an environment stands for, put where policies look for it."""

from __future__ import annotations

import copy
import difflib
from collections.abc import Iterator
from typing import Any

from governance import rbac
from governance.actor import Actor
from governance.errors import Problem
from governance.models import Scope
from templates_catalog.documents.walk import stages, stages_at
from templates_catalog.models import EntityVersion

PRODUCTION = "Production"


def with_environments(body: dict[str, Any], scope: Scope) -> dict[str, Any]:
    """A copy in which each deployment stage holds its environment's identifier, name, type and tags
    at `spec.infrastructure.environment`; references that are expressions or unknown stay as they are.

    A stage that deploys to several shows the first that is production, else the first: what a policy is
    stricter about must not hide behind a neighbour, and neither may what nobody can know yet.
    """
    done = copy.deepcopy(body)
    for stage in stages(done):
        named = [environment(reference, scope) for reference, _ in _references(stage)]
        found = [each for each in named if each is not None]
        production = [each for each in found if each.get("type") == PRODUCTION]
        if production or (found and not any(_open(stage))):
            _object(stage["spec"], "infrastructure")["environment"] = (production or found)[0]
    return done


def claimed_environments(body: dict[str, Any], root: str) -> list[Problem]:
    """Places where a document says itself what its environment is: policies believe what stands there."""
    said = "is filled in by the portal from what the stage deploys to; remove it"
    return [
        Problem(f"infrastructure.environment {said}", f"{at.path}.spec.infrastructure.environment")
        for at in stages_at(body, root)
        if "environment" in _mapping(_mapping(at.stage.get("spec")).get("infrastructure"))
    ]


def open_environments(body: dict[str, Any], root: str) -> list[Problem]:
    """What a run would deploy to without anybody knowing it before: an expression that is left, or a group."""
    return [
        Problem(
            "what this stage deploys to is still open when the run starts, so no policy could tell; give it a"
            " fixed value, a variable or an input",
            f"{at.path}.{place}",
        )
        for at in stages_at(body, root)
        for place in _open(at.stage)
    ]


def _open(stage: dict[str, Any]) -> Iterator[str]:
    """Paths below a stage at which it deploys to something that no fixed reference names."""
    spec = _mapping(stage.get("spec"))
    fixed = {place for _, place in _references(stage)}
    for name in ("environment", "environments", "environmentGroup"):
        if spec.get(name) and not any(place.startswith(f"spec.{name}.") for place in fixed):
            yield f"spec.{name}"
    for key, inner in (("environments", "values"), ("environmentGroup", "environments")):
        for place, _ in _entries(spec, key, inner):
            if f"{place}.environmentRef" not in fixed and any(f.startswith(f"spec.{key}.") for f in fixed):
                yield place


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def unknown_environments(body: dict[str, Any], root: str, scope: Scope, actor: Actor) -> list[Problem]:
    """Fixed references that name no environment: policies could not tell what is deployed to."""
    problems = []
    for at in stages_at(body, root):
        for reference, place in _references(at.stage):
            if environment(reference, scope) is None:
                problems.append(Problem(_unknown(reference, scope, actor), f"{at.path}.{place}"))
    return problems


def _unknown(reference: str, scope: Scope, actor: Actor) -> str:
    near = difflib.get_close_matches(reference, _known(scope, actor), n=3, cutoff=0.5)
    hint = f" Did you mean {' or '.join(near)}?" if near else ""
    return (
        f"environment {reference!r} does not exist in {scope.path} or above.{hint}"
        " Name one that exists, leave it open with <+input>, or save the environment first."
    )


def _known(scope: Scope, actor: Actor) -> list[str]:
    """References to the environments that somebody may see, as they are written from a scope."""
    prefixes = {Scope.Level.ACCOUNT: "account.", Scope.Level.ORGANIZATION: "org.", Scope.Level.PROJECT: ""}
    rows = rbac.visible(actor, "environment").filter(scope_id__in=scope.chain_ids)
    return [prefixes[Scope.Level(row.scope.level)] + row.identifier for row in rows.select_related("scope")]


def _references(stage: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """(reference, its path below the stage) of each fixed environment a deployment stage names."""
    spec = stage.get("spec")
    if not isinstance(spec, dict):
        return
    several = _entries(spec, "environments", "values")
    group = _entries(spec, "environmentGroup", "environments")
    places = [("spec.environment", spec.get("environment")), *several, *group]
    for place, holder in places:
        reference = holder.get("environmentRef") if isinstance(holder, dict) else None
        if isinstance(reference, str) and reference and "<+" not in reference:
            yield reference, f"{place}.environmentRef"


def _entries(spec: dict[str, Any], key: str, inner: str) -> list[tuple[str, Any]]:
    holder = spec.get(key)
    entries = holder.get(inner) if isinstance(holder, dict) else None
    listed = entries if isinstance(entries, list) else []
    return [(f"spec.{key}.{inner}[{number}]", entry) for number, entry in enumerate(listed)]


def _object(holder: dict[str, Any], key: str) -> dict[str, Any]:
    if not isinstance(holder.get(key), dict):
        holder[key] = {}
    found: dict[str, Any] = holder[key]
    return found


def environment(reference: str, scope: Scope) -> dict[str, Any] | None:
    """The stored environment that a reference names, seen from a scope; None when there is none.

    A bare reference means the nearest one up the chain: policies must not miss a production environment
    because somebody left its prefix out.
    """
    prefix, _, rest = reference.partition(".")
    homes: list[Any] = list(scope.chain_ids)
    identifier = reference
    if rest and prefix in ("account", "org"):
        homes = [scope.account_id or scope.id] if prefix == "account" else [scope.organization_id or scope.id]
        identifier = rest
    rows = EntityVersion.objects.filter(
        entity__kind="environment",
        entity__deleted=False,
        entity__scope_id__in=homes,
        entity__identifier=identifier,
    )
    found = sorted(rows.select_related("entity"), key=lambda v: (homes.index(v.entity.scope_id), -v.number))
    if not found:
        return None
    body = found[0].document["environment"]
    return {key: body.get(key) for key in ("identifier", "name", "type", "tags") if body.get(key)}
