"""The few tools a model may call: search, get and check, each made as the user, each only a read.

`propose` is the end of a conversation, not a tool with an effect: what a model proposes is stored as a
Proposal by the loop, and only a person's click admits it.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from governance.actor import Actor
from governance.admission import dry_run
from governance.errors import Refused
from governance.kinds import Change
from portal import facts
from templates_catalog import query
from templates_catalog.search import search

MOST_ANSWER_CHARACTERS = 20_000


class Arguments(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Search(Arguments):
    """Find templates that fit a need. Only what the user may see is found."""

    text: str = Field(max_length=500)


class Get(Arguments):
    """Read one template: its inputs, stages and versions."""

    scope: str = Field(max_length=400)
    identifier: str = Field(max_length=128)


class Check(Arguments):
    """Ask the policy gate about a pipeline document (YAML) without saving it."""

    identifier: str = Field(max_length=128)
    document: str = Field(max_length=500_000)


@dataclass(frozen=True, slots=True)
class Tool:
    name: str
    arguments: type[Arguments]
    call: Callable[[Actor, str, Any], Any]


def _search(actor: Actor, scope: str, given: Search) -> Any:
    found = search(given.text, facts.catalogue_for(actor, scope))
    return [
        {"ref": f.entry.ref, "name": f.entry.name, "version": f.entry.version, "reasons": list(f.reasons)}
        for f in found.best[:8]
    ]


def _get(actor: Actor, scope: str, given: Get) -> Any:
    template, versions = query.template(actor, given.scope, given.identifier)
    return {
        "ref": template.ref,
        "stable": template.stable,
        "inputs": list(template.inputs),
        "stages": list(template.stages),
        "versions": [v.label for v in versions],
        "description": template.description,
    }


def _check(actor: Actor, scope: str, given: Check) -> Any:
    change = Change("save", "pipeline", scope, given.identifier, given.document)
    decisions = dry_run(change, actor=actor)
    return [
        {"policy": v.policy, "severity": v.severity, "message": v.message, "path": v.path, "fix": v.fix}
        for d in decisions
        for v in (*d.errors, *d.warnings)
    ]


TOOLS = {
    tool.name: tool
    for tool in (Tool("search", Search, _search), Tool("get", Get, _get), Tool("check", Check, _check))
}


def definitions() -> list[dict[str, Any]]:
    """The tools as OpenAI function definitions."""
    return [
        {
            "type": "function",
            "function": {
                "name": tool.name,
                "description": (tool.arguments.__doc__ or "").strip(),
                "parameters": tool.arguments.model_json_schema(),
            },
        }
        for tool in TOOLS.values()
    ]


def call(actor: Actor, scope: str, name: str, arguments: str) -> str:
    """Run one tool call and return its answer as JSON text.

    A wrong name, wrong arguments or a refusal come back as text for the model: they are its mistakes,
    and it sees exactly what its user would have seen.
    """
    tool = TOOLS.get(name)
    if tool is None:
        return _error(f"no tool {name!r}; known: {', '.join(TOOLS)}")
    try:
        given = tool.arguments.model_validate_json(arguments)
    except ValidationError as error:
        problems = [f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()]
        return _error(f"wrong arguments for {name}: {'; '.join(problems)}")
    try:
        answer = tool.call(actor, scope, given)
    except Refused as refusal:
        return json.dumps(refusal.as_dict())[:MOST_ANSWER_CHARACTERS]
    return json.dumps(answer, default=str)[:MOST_ANSWER_CHARACTERS]


def _error(text: str) -> str:
    return json.dumps({"error": text})
