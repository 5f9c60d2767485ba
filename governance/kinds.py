"""What can be changed, and by which verbs. Admission knows nothing else about a noun."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import models

from governance.actor import Actor
from governance.errors import Invalid
from governance.models import Scope

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Change:
    """A request to do one verb to one thing. Plain values only: it travels through any door unchanged.

    scope             path of the scope, "account/organization/project"
    source            the document as text, exactly as typed (YAML, JSON or Rego)
    fields            what is not a document: {"severity": "error"}; each kind names the keys it knows
    expected_version  version the asker saw; "" = does not matter
    proposal          id of the Proposal this accepts, whose provenance the change then carries; a save without
                      a source saves its text
    """

    verb: str
    kind: str
    scope: str
    identifier: str
    source: str = ""
    note: str = ""
    expected_version: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)
    proposal: str = ""
    idempotency_key: str = ""

    @property
    def resource(self) -> str:
        return f"{self.kind}:{self.scope}/{self.identifier}"

    @property
    def action(self) -> str:
        return f"{self.kind}.{self.verb}"


@dataclass(frozen=True, slots=True)
class Prepared:
    """A well-formed change: what policy sees, what will be kept, and the digest both are known by.

    document     what stands under the kind's root in the gate's input; None when the verb is not gated
    templates    [{"ref", "version", "stable", "digest", "golden"}] for `metadata.templates`
    lines        path → (line, column) in the source, so that a violation can name its line
    event        which of the verb's events it is, where there are several
    also_events  further events whose sets are asked ("onsave" again when a stable template moved)
    sets         only these policy sets are asked ("<scope path>/<identifier>"); () = all that are bound
    extra        whatever the kind's own `apply` needs
    evaluation   the gate's first answer about it, known once it was asked ("" = not asked)
    """

    document: Any = None
    source: str = ""
    content_sha256: str = ""
    templates: list[Document] = field(default_factory=list)
    lines: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    event: str = ""
    also_events: tuple[str, ...] = ()
    sets: tuple[str, ...] = ()
    extra: Any = None
    evaluation: str = ""


@dataclass(frozen=True, slots=True)
class Applied:
    """What was kept. `before` and `after` are texts; their difference goes on the trail."""

    version: str
    before: str = ""
    after: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)


Prepare = Callable[[Change, Scope, Actor], Prepared]
Label = Callable[[Change, Scope, Prepared, Actor], Prepared]
Apply = Callable[[Change, Scope, Prepared, Actor], Applied]
React = Callable[[Change, Applied], None]


def nothing(change: Change, scope: Scope, actor: Actor) -> Prepared:
    return Prepared(source=change.source)


def as_it_is(change: Change, scope: Scope, prepared: Prepared, actor: Actor) -> Prepared:
    return prepared


def text_digest(source: str) -> str:
    return hashlib.sha256(source.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Verb:
    """One thing that can be done to a kind.

    event  name of the policy event that gates it ("onsave", "onrun"); "" = not gated
    other_events  further ones of which `prepare` may choose one instead (Prepared.event)
    label  called once it is known whether AI took part; marks the document so that policy sees the mark
    react  called after the commit; it may be lost in a crash, so it only wakes, never works
    """

    permission: str
    apply: Apply
    prepare: Prepare = nothing
    event: str = ""
    other_events: tuple[str, ...] = ()
    label: Label = as_it_is
    react: React | None = None


@dataclass(frozen=True, slots=True)
class Kind:
    """A noun: its verbs, how policies see it, and where its objects are.

    root       key under `input` that holds the document ("serviceEntity"); package: of Harness's policies
    whole      the document is the whole input, its root included, and is put under no key
    told       policies are told who asks and when, in `metadata`; lists have no place for it
    model      table with `scope` and `identifier`; with `user_grants`/`group_grants` it takes object grants
    inherited  objects of a scope may be seen and used by everyone who works below it
    digest     digest of a source by which a Proposal and a pasted copy of it are known to be the same
    stored     every stored document below a scope, for sweeps and replay: (scope, identifier, document)
    current    what is stored under one name: {"document", "templates": [identifiers],
               "at": when it was kept}; None when nothing is
    """

    name: str
    title: str
    plural: str
    verbs: Mapping[str, Verb]
    root: str = ""
    package: str = ""
    whole: bool = False
    told: bool = True
    model: type[models.Model] | None = None
    inherited: bool = False
    stored: Callable[[Scope], Iterable[tuple[Scope, str, Document]]] | None = None
    current: Callable[[Scope, str], Document | None] | None = None
    view_permission: str = ""
    digest: Callable[[str], str] = text_digest

    @property
    def view(self) -> str:
        return self.view_permission or f"view_{self.name}"

    @property
    def events(self) -> tuple[str, ...]:
        verbs = [v for v in self.verbs.values() if v.event]
        return tuple(sorted({e for v in verbs for e in (v.event, *v.other_events)}))

    @property
    def takes_object_grants(self) -> bool:
        return self.model is not None and hasattr(self.model, "user_grants")


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> Kind:
    if kind.name in _kinds:
        raise ValueError(
            f"kind {kind.name!r} is registered twice: {_kinds[kind.name].title!r} and {kind.title!r}"
        )
    _kinds[kind.name] = kind
    return kind


def unregister(name: str) -> None:
    """Take back a registration that was part of a failed plugin. Never called for our own kinds."""
    _kinds.pop(name, None)


def known() -> dict[str, Kind]:
    return dict(_kinds)


def get(name: str) -> Kind:
    try:
        return _kinds[name]
    except KeyError:
        raise Invalid([f"no kind {name!r}; known: {', '.join(sorted(_kinds))}"]) from None


def verb(change: Change) -> Verb:
    """The verb of a change; Invalid names the kinds there are, or what the kind knows."""
    found = get(change.kind)
    if change.verb not in found.verbs:
        raise Invalid([f"no action {change.action!r}; {found.name} knows: {', '.join(sorted(found.verbs))}"])
    return found.verbs[change.verb]


def permissions() -> frozenset[str]:
    """Every permission a role may hold: the closed list."""
    verbs = {v.permission for k in _kinds.values() for v in k.verbs.values()}
    return frozenset(verbs | {k.view for k in _kinds.values()})
