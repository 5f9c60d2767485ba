"""Whether a document grew out of AI work, also under another name, in another kind, or edited on the way.

Two documents are the same work when most of what makes each its own (values, commands, references; not names,
types or place) is the same. What a person had written before the assistant took part counts for neither side.
Only work that the person could see is looked at: a label must not tell of what is hidden.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from governance import rbac
from governance.actor import Actor
from governance.models import Proposal, Scope
from templates_catalog.documents import parse
from templates_catalog.documents.problems import DocumentError
from templates_catalog.models import EntityVersion, PipelineVersion, TemplateVersion

Features = frozenset[str]

LABEL = "ai_generated"
# What is easily changed, or the same in everybody's work.
COMMON = frozenset(
    {"identifier", "name", "description", "type", "timeout", "shell", "errors", "versionLabel", "tags"}
    | {"orgIdentifier", "projectIdentifier", "deploymentType"}
)
# Fewer features than these tell nobody's work from another's.
FEWEST = 4
ALIKE = 0.6
# So much of a piece of work, when it is this large, is that work inside a larger one.
TAKEN_OVER, LARGE = 0.8, 8
MOST_VERSIONS, MOST_PROPOSALS, MOST_REMEMBERED = 400, 60, 5_000

# kind → (its versions, their way to the definition)
VERSIONS: Mapping[str, tuple[Any, str]] = {
    "pipeline": (PipelineVersion, "pipeline"),
    "template": (TemplateVersion, "template"),
    "service": (EntityVersion, "entity"),
    "environment": (EntityVersion, "entity"),
    "connector": (EntityVersion, "entity"),
}


@dataclass(frozen=True, slots=True)
class Work:
    """What a document says of its own, and whether it carries the label."""

    features: Features
    labelled: bool


def grew_out_of_ai_work(
    kind: str, body: Mapping[str, Any], identifier: str, scope: Scope, actor: Actor
) -> bool:
    """Whether a body of a kind, saved under an identifier, is AI work that the actor could see."""
    new = features(body)
    if len(new) < FEWEST:
        return False
    before = _stored_by_hand(kind, scope, identifier)
    mine = new - before
    near = [(work - before, at) for work, at in (*_labelled(actor), *_proposed(actor, new))]
    near = [(work, at) for work, at in near if alike(mine, work)]
    if not near:
        return False
    known = _written_by_hand(actor)
    return any(alike(_not_known(mine, known, at), _not_known(work, known, at)) for work, at in near)


def _not_known(found: Features, known: Mapping[str, datetime], at: datetime) -> Features:
    """What nobody had written by hand before: what everybody has proves nothing."""
    return frozenset(each for each in found if known.get(each, at) >= at)


def _written_by_hand(actor: Actor) -> dict[str, datetime]:
    """When each feature stood for the first time in what people wrote, as far as the actor sees it."""
    first: dict[str, datetime] = {}
    for kind, (model, definition) in VERSIONS.items():
        seen = rbac.visible(actor, kind).filter(ai_generated=False).values("pk")
        rows = model.objects.filter(**{f"{definition}__in": seen}).order_by("-created_at")
        made = dict(rows.values_list("pk", "created_at")[:MOST_VERSIONS])
        for pk, work in _of_versions(model, made).items():
            for each in work.features:
                first[each] = min(made[pk], first.get(each, made[pk]))
    return first


def alike(new: Features, work: Features) -> bool:
    """Whether what is new is that work, or holds nearly all of it."""
    shared = len(new & work)
    if len(work) < FEWEST or not shared:
        return False
    return shared >= ALIKE * len(new | work) or (len(work) >= LARGE and shared >= TAKEN_OVER * len(work))


def features(body: Mapping[str, Any]) -> Features:
    return frozenset(_walk(body, ""))


def _walk(node: Any, key: str) -> Iterator[str]:
    if isinstance(node, Mapping):
        yield from _walk_object(node)
    elif isinstance(node, list):
        for each in node:
            yield from _walk(each, key)
    elif key not in COMMON and node not in (None, "", True, False):
        for line in str(node).splitlines():
            if said := " ".join(line.split()):
                yield f"{key}={said}"


def _walk_object(node: Mapping[str, Any]) -> Iterator[str]:
    """A row {name, value} says its value under its name, wherever it stands."""
    value = node.get("value")
    if isinstance(node.get("name"), str) and isinstance(value, str | int | float):
        yield f"{node['name']}={value}"
        return
    for key, inner in node.items():
        if key not in COMMON:
            yield from _walk(inner, key)


# By version or proposal, whose text never changes.
_works: dict[Any, Work] = {}


def _remember(key: Any, body: Mapping[str, Any]) -> Work:
    if len(_works) > MOST_REMEMBERED:
        _works.clear()
    tags = body.get("tags")
    labelled = isinstance(tags, Mapping) and tags.get(LABEL) == "true"
    _works[key] = Work(features(body), labelled)
    return _works[key]


def _of_versions(model: Any, keys: Iterable[Any]) -> dict[Any, Work]:
    wanted = list(keys)
    found = {key: _works[key] for key in wanted if key in _works}
    for pk, document in model.objects.filter(pk__in=[k for k in wanted if k not in found]).values_list(
        "pk", "document"
    ):
        found[pk] = _remember(pk, next(iter(document.values()), {}))
    return found


def _stored_by_hand(kind: str, scope: Scope, identifier: str) -> Features:
    """What stands under a name already, as far as people wrote it."""
    model, definition = VERSIONS[kind]
    of_kind = {f"{definition}__kind": kind} if definition == "entity" else {}
    rows = model.objects.filter(
        **{f"{definition}__scope": scope, f"{definition}__identifier": identifier}, **of_kind
    )
    newest = rows.order_by("-number").values_list("pk", flat=True)[:1]
    return frozenset().union(*(w.features for w in _of_versions(model, newest).values() if not w.labelled))


def _labelled(actor: Actor) -> Iterator[tuple[Features, datetime]]:
    """Labelled versions of what the actor may see, each without what people had written in it before."""
    # Asked first without rights: where there is no AI work, working them out cost most of a save.
    tables = {model._meta.get_field(definition).related_model for model, definition in VERSIONS.values()}
    with_work = {table for table in tables if table.objects.filter(ai_generated=True).exists()}
    for kind, (model, definition) in VERSIONS.items():
        if model._meta.get_field(definition).related_model not in with_work:
            continue
        seen = rbac.visible(actor, kind).filter(ai_generated=True).values("pk")
        rows = model.objects.filter(**{f"{definition}__in": seen}).order_by("-created_at")
        owner, made = {}, {}
        for pk, definition_id, at in rows.values_list("pk", f"{definition}_id", "created_at")[:MOST_VERSIONS]:
            owner[pk], made[pk] = definition_id, at
        works = _of_versions(model, owner)
        by_hand: dict[Any, set[str]] = {}
        for pk, work in works.items():
            if not work.labelled:
                by_hand.setdefault(owner[pk], set()).update(work.features)
        for pk, work in works.items():
            if work.labelled:
                yield work.features - by_hand.get(owner[pk], set()), made[pk]


def _proposed(actor: Actor, new: Features) -> Iterator[tuple[Features, datetime]]:
    """What the assistant drafted for the actor and `new` may be, each without the text it was drafted from."""
    rows = Proposal.objects.filter(user=actor.user, kind__in=VERSIONS).order_by("-created_at")
    for row in rows.select_related("scope")[:MOST_PROPOSALS]:
        work = _works.get(row.pk) or _remember(row.pk, _body_of(row.content))
        if len(work.features & new) < ALIKE * FEWEST:
            continue
        base = features(_body_of(str(row.notes.get("drafted_from", ""))))
        yield work.features - base - _stored_by_hand(row.kind, row.scope, row.identifier), row.created_at


def _body_of(source: str) -> Mapping[str, Any]:
    try:
        value = parse.read(source).value if source else {}
    except DocumentError:
        return {}
    body = next(iter(value.values()), {})
    return body if isinstance(body, Mapping) else {}
