"""A runner that runs nothing: it answers what it was told to. For tests, and for trying out plans."""

from __future__ import annotations

from collections.abc import Callable

from templates_catalog.ports import Command, Ended, Stop, Write

Answer = Callable[[Command, Write, Stop], Ended]


def well(command: Command, write: Write, stop: Stop) -> Ended:
    return Ended(code=0)


class ScriptedRunner:
    """answer: called for every program; refuses: what `why_not` says. `started` keeps what was asked for."""

    def __init__(self, answer: Answer = well, refuses: str = "") -> None:
        self.answer, self.refuses = answer, refuses
        self.started: list[Command] = []

    def why_not(self) -> str:
        return self.refuses

    def start(self, command: Command, *, write: Write, stop: Stop) -> Ended:
        self.started.append(command)
        return self.answer(command, write, stop)
