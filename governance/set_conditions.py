"""When a policy set binds less than always: a selector of documents, and a mode that grows by dates.

Both go into the bundle's table and are decided by the router, so an engine outside decides the same.
"""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, time
from typing import Any, Literal

from pydantic import Field, field_validator

from governance.fields import Fields

MODES = ("off", "shadow", "warn", "enforce")
Mode = Literal["off", "shadow", "warn", "enforce"]
Selection = dict[str, Any]


class Selector(Fields):
    """Documents a set is about; every part that is given must hold, nothing given means all.

    tags               each name with its value, "*" for any value
    templates          identifiers, without prefix: one of them is referenced
    environment_types  the document deploys to, or is, one of them; what is not known yet counts as each
    """

    tags: dict[str, str] = Field(default_factory=dict, max_length=20)
    templates: list[str] = Field(default_factory=list, max_length=50)
    environment_types: list[Literal["Production", "PreProduction"]] = Field(
        default_factory=list, max_length=2
    )

    def plain(self) -> Selection:
        return {key: value for key, value in self.model_dump().items() if value}


class RampStep(Fields):
    """From a day on (00:00 UTC) the set has another mode."""

    on: date
    mode: Mode

    def plain(self) -> dict[str, str]:
        return {"on": self.on.isoformat(), "mode": self.mode}


class Conditions(Fields):
    """selector: which documents; ramp: stricter modes by date, in their order."""

    selector: Selector = Field(default_factory=Selector)
    ramp: list[RampStep] = Field(default_factory=list, max_length=6)

    @field_validator("ramp")
    @classmethod
    def _in_order(cls, steps: list[RampStep]) -> list[RampStep]:
        for earlier, later in itertools.pairwise(steps):
            if later.on <= earlier.on or MODES.index(later.mode) <= MODES.index(earlier.mode):
                raise ValueError("each step of a ramp is later and stricter than the one before it")
        return steps


def refuse_softening(mode: str, ramp: list[RampStep]) -> str:
    """Why a ramp does not go with the mode it starts from; "" when it does."""
    if ramp and MODES.index(ramp[0].mode) <= MODES.index(mode):
        return f"the first step of the ramp, {ramp[0].mode}, is not stricter than the mode, {mode}"
    return ""


def mode_on(mode: str, ramp: list[dict[str, str]], day: date) -> str:
    """The mode of a set on a day."""
    for step in ramp:
        if date.fromisoformat(step["on"]) <= day:
            mode = step["mode"]
    return mode


def tells(mode: str, ramp: list[dict[str, str]]) -> bool:
    """Whether people are told or stopped by a set, now or from a day on."""
    return bool({mode, *(step["mode"] for step in ramp)} & {"warn", "enforce"})


def in_table(selector: Selection, ramp: list[dict[str, str]]) -> dict[str, Any]:
    """What the router needs beside the mode; {} when the set binds always and alike."""
    steps = [[_unix(step["on"]), step["mode"]] for step in ramp]
    found = {"selector": selector, "ramp": steps}
    return {key: value for key, value in found.items() if value}


def _unix(day: str) -> int:
    return int(datetime.combine(date.fromisoformat(day), time(), UTC).timestamp())


def modes_weakened(before: dict[str, Any], after: dict[str, Any], today: date) -> list[str]:
    """Days on which a set would bind less hard than it was going to; each said once, at its first day."""
    days = sorted({today, *(date.fromisoformat(s["on"]) for s in (*before["ramp"], *after["ramp"]))})
    found = []
    said = ("", "")
    for day in (d for d in days if d >= today):
        old, new = mode_on(before["mode"], before["ramp"], day), mode_on(after["mode"], after["ramp"], day)
        if MODES.index(new) < MODES.index(old) and (old, new) != said:
            found.append(_mode_sentence(old, new, day, today))
        said = (old, new)
    return found


def _mode_sentence(old: str, new: str, day: date, today: date) -> str:
    if day == today:
        return f"the mode goes from {old} to {new}"
    return f"from {day.isoformat()} the mode is {new} instead of {old}"


def selects_less(before: Selection, after: Selection) -> bool:
    """Whether some document that was selected may not be selected any more."""
    for key, value in after.items():
        if key not in before:
            return True
        if key == "tags" and any(v not in ("*", before["tags"].get(k)) or k not in before["tags"]
                                 for k, v in value.items()):  # fmt: skip
            return True
        if key != "tags" and not set(before[key]) <= set(value):
            return True
    return False


def in_words(selector: Selection) -> str:
    """ "tagged team=payments, using java_service, deploying to Production"; "" for every document."""
    parts = []
    if tags := selector.get("tags"):
        named = [k if v == "*" else f"{k}={v}" for k, v in sorted(tags.items())]
        parts.append(f"tagged {' and '.join(named)}")
    if templates := selector.get("templates"):
        parts.append(f"using {' or '.join(templates)}")
    if types := selector.get("environment_types"):
        parts.append(f"deploying to {' or '.join(types)}")
    return ", ".join(parts)
