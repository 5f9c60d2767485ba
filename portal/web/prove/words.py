"""An event in a person's words: what happened, to what, and how far it came."""

from __future__ import annotations

from dataclasses import dataclass

from audit import actions
from audit.events import EventView
from portal.web import verdict
from portal.web.shell import address
from portal.web.verdict import Step

NAMES_OF_PAGES = {
    "pipeline": "pipeline",
    "template": "template",
    "policy": "policy",
    "policy_set": "policy_set",
}


@dataclass(frozen=True, slots=True)
class Headline:
    """verb: "Saved a pipeline", or "Tried to …" for what was refused; name: what it was done to."""

    verb: str
    name: str


def headline(event: EventView) -> Headline:
    sentence = actions.sentence(event.action)
    refused = event.outcome != "admitted"
    verb = f"Tried: {sentence}" if refused else sentence[:1].upper() + sentence[1:]
    return Headline(verb, event.identifier or event.resource.partition(":")[2])


def link_of(event: EventView) -> str:
    """The page of what the event is about, "" when there is none."""
    name = NAMES_OF_PAGES.get(event.kind)
    if not name or not event.identifier or not event.scope:
        return ""
    return address(name, event.scope.replace("/", "."), event.identifier)


def rail_of(event: EventView) -> list[Step]:
    """How far a change came; nothing for events that are not changes."""
    if event.kind in ("session", "token", "assistant", "bundle", "access", "gate"):
        return []
    return verdict.rail_of(
        event.outcome, event.channel, "kept", f"evaluation {event.evaluation[:8]}" if event.evaluation else ""
    )
