"""A pipeline at a glance: its stages with what kind each is, and pips for a run."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from templates_catalog.documents.walk import stages


@dataclass(frozen=True, slots=True)
class Stage:
    """kind: "man" a person decides, "prod" deploys to production, "new" proposed, "" anything else."""

    name: str
    kind: str = ""


def strip(body: dict[str, Any], *, new: Iterable[str] = ()) -> list[Stage]:
    """The stages of a pipeline body (what stands under `pipeline:`), expanded for the best answer."""
    fresh = set(new)
    return [
        Stage(_name(s), "new" if s.get("identifier") in fresh else kind_of(str(s.get("type", "")), s))
        for s in stages(body)
    ]


def of_types(pairs: Iterable[tuple[str, str]]) -> list[Stage]:
    """From (name, type) pairs, for template cards."""
    return [Stage(name, kind_of(kind, {"name": name})) for name, kind in pairs]


def kind_of(type_: str, stage: dict[str, Any]) -> str:
    if type_ == "Approval":
        return "man"
    spec = stage.get("spec") or {}
    place = ((spec.get("infrastructure") or {}).get("environment") or {}) if isinstance(spec, dict) else {}
    if place.get("type") == "Production" or (type_ == "Deployment" and "prod" in _name(stage).lower()):
        return "prod"
    return ""


def _name(stage: dict[str, Any]) -> str:
    return str(stage.get("name") or stage.get("identifier") or "stage")


FILLS = {"succeeded": "admitted", "failed": "blocked", "waiting": "warning", "running": "running"}


def pips(states: list[str]) -> dict[str, Any]:
    """One block per stage, coloured by its state, and the sentence that says the same."""
    blocks = []
    for index, state in enumerate(states):
        fill = FILLS.get(state, "soft")
        low = fill == "soft"
        blocks.append({"x": index * 16, "fill": fill, "y": 3 if low else 0, "height": 4 if low else 10})
    done = sum(s == "succeeded" for s in states)
    return {
        "blocks": blocks,
        "width": max(len(states) * 16, 16),
        "words": f"{done} of {len(states)} stages done",
    }
