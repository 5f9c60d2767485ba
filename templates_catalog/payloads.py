"""Kinds that are kept elsewhere: plans, scan results, SBOMs, secrets. Policies decide about them when somebody asks.

What is stored is the decision with its input, as of every other; the thing itself stays where it is.
"""

from __future__ import annotations

from pydantic import Field

from governance import kinds
from governance.actor import Actor, Channel
from governance.authoring.fields import KINDS
from governance.errors import Denied, Invalid, Problem
from governance.fields import Fields, read
from governance.kinds import Applied, Change, Kind, Prepared, Verb
from governance.models import Scope
from templates_catalog.documents import parse, write
from templates_catalog.documents.problems import DocumentError

# What a step hands to a policy set by name; it may be anything.
CUSTOM = "custom"
ONSTEP = "onstep"


class EvaluateFields(Fields):
    """event: which of the kind's events it is, "" = its first."""

    event: str = ""


class StepFields(Fields):
    """A step of a run asks. sets: "<scope path>/<identifier>" of those it names, [] = all that are bound."""

    execution: str
    step: str
    sets: list[str] = Field(default_factory=list, max_length=50)


def _prepare(change: Change, scope: Scope, actor: Actor) -> Prepared:
    wanted = read(EvaluateFields, change)
    known = EVENTS[change.kind]
    if wanted.event and wanted.event not in known:
        raise Invalid(
            [Problem(f"{change.kind} has no event {wanted.event!r}; known: {', '.join(known)}", path="event")]
        )
    return _read(change, event=wanted.event or known[0])


def _prepare_step(change: Change, scope: Scope, actor: Actor) -> Prepared:
    if actor.channel is not Channel.SYSTEM:
        raise Denied("Only a run may say that its step was decided about; use the verb evaluate.")
    wanted = read(StepFields, change)
    return _read(change, event=ONSTEP, sets=tuple(wanted.sets), extra=wanted)


def _read(change: Change, *, event: str, sets: tuple[str, ...] = (), extra: object = None) -> Prepared:
    try:
        parsed = parse.read(change.source, lists=True)
    except DocumentError as error:
        raise Invalid([Problem(p.message, p.path, p.line, p.column) for p in error.problems]) from error
    _refuse_other_shape(change.kind, parsed.value)
    return Prepared(
        document=parsed.value,
        source=change.source,
        content_sha256=write.digest(parsed.value),
        lines=parsed.positions,
        event=event,
        sets=sets,
        extra=extra,
    )


def _refuse_other_shape(name: str, value: object) -> None:
    """A document of another shape would pass every policy, because nothing in it is looked at."""
    if name == CUSTOM:
        return
    kind = KINDS[name]
    if kind.array and not isinstance(value, list):
        raise Invalid([f"a document of kind {name} is a list of entries"])
    if not kind.array and not isinstance(value, dict):
        raise Invalid([f"a document of kind {name} is a mapping"])
    if kind.root and kind.root[0] not in value:  # type: ignore[operator]
        raise Invalid([f"a document of kind {name} must start with the key {kind.root[0]!r}"])


def _keep(change: Change, scope: Scope, prepared: Prepared, actor: Actor) -> Applied:
    """Nothing but the decision, which admission keeps."""
    asked = prepared.extra
    data = {"execution": asked.execution, "step": asked.step} if isinstance(asked, StepFields) else {}
    return Applied(version="", data={"event": prepared.event, "sha256": prepared.content_sha256, **data})


def _kind(name: str, label: str, root: str, package: str, events: tuple[str, ...], told: bool) -> Kind:
    evaluate = Verb("evaluate_document", _keep, _prepare, event=events[0], other_events=events[1:])
    verbs = {"evaluate": evaluate}
    if ONSTEP in events:
        # Whoever may run a pipeline lets its steps be decided about; no further right is asked.
        verbs["evaluate_step"] = Verb("execute_pipeline", _keep, _prepare_step, event=ONSTEP)
    title = label[:1].upper() + label[1:]
    return Kind(
        name=name, title=title, plural=f"{title}s", root=root, package=package, whole=True, told=told,
        verbs=verbs, view_permission="view_evaluation",
    )  # fmt: skip


# What this app keeps itself has kinds of its own.
STORED = ("pipeline", "template", "service", "environment", "connector")
EVENTS = {name: kind.events for name, kind in KINDS.items() if name not in STORED} | {CUSTOM: (ONSTEP,)}
for _name in EVENTS:
    if _name == CUSTOM:
        kinds.register(_kind(CUSTOM, "custom document", "", CUSTOM, (ONSTEP,), told=False))
    else:
        _spec = KINDS[_name]
        _root = _spec.root[0] if _spec.root else ""
        kinds.register(_kind(_name, _spec.label, _root, _spec.package, _spec.events, told=_spec.metadata))
