"""One call of `opa`: a folder with the modules, a limited process, and what it printed as problems.

Empty environment, 2 s of processor time, 512 MB of memory, 16 MB of answer and a limit on the clock.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from governance.engines import limited
from governance.engines.limited import Limits
from governance.engines.opa_binary import find_opa, forbidden
from governance.errors import Problem

POLICY = "policy.rego"
DRAFT = Limits()
BULK = Limits(cpu_s=60, wall_s=90, memory_mb=2048, bulk=True)  # for our own modules over many documents


class OpaFailed(ValueError):
    """The module is not right; `problems` say what, with line and column."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(str(problem) for problem in problems))
        self.problems = list(problems)


class DidNotFinish(OpaFailed):
    """The call used more time, memory or answer than it may."""


class Folder:
    """A folder of one call with the modules in it; nothing stays behind."""

    def __init__(self, files: Mapping[str, str]) -> None:
        self._temporary = tempfile.TemporaryDirectory(prefix="portcullis-rego-")
        self.path = Path(self._temporary.name)
        for name, text in files.items():
            self.write(name, text)

    def __enter__(self) -> Folder:
        return self

    def __exit__(self, *_: object) -> None:
        self._temporary.cleanup()

    def write(self, name: str, text: str) -> None:
        (self.path / name).write_text(text, encoding="utf-8")

    def run(self, arguments: list[str], limits: Limits) -> limited.Done:
        """Run opa in the folder under the limits; DidNotFinish when it exceeds one."""
        environment = {"GOMEMLIMIT": f"{limits.memory_mb * 3 // 4}MiB", "GOMAXPROCS": "2"}
        # Most processes end before collecting pays.
        environment["GOGC"] = "400"
        try:
            done = limited.run([find_opa(), *arguments], self.path, limits, environment)
        except limited.TooLong:
            raise DidNotFinish([_too_long(limits)]) from None
        if any(sign in done.stderr for sign in ("fatal error:", "runtime: ", "\ngoroutine ")):
            # The runtime of opa gives up in several ways when it may have no more memory.
            raise DidNotFinish(
                [Problem(f"The policy needs more than {limits.memory_mb} MB. Build smaller sets.")]
            )
        return done


def _too_long(limits: Limits) -> Problem:
    return Problem(
        f"The policy did not finish in {limits.cpu_s:.0f} s. Look for loops over large ranges and "
        "for products of collections, and bound them."
    )


def good(done: limited.Done) -> limited.Done:
    if done.returncode != 0:
        raise OpaFailed(problems_of(done))
    return done


def read(answer: str) -> Any:
    """What opa printed, as JSON; OpaFailed for values in each other without end."""
    try:
        return json.loads(answer)
    except (RecursionError, ValueError):
        raise OpaFailed([Problem("What the policy answers cannot be read: it is nested too deeply, or a number in it "
                                 "is too long.")]) from None  # fmt: skip


def problems_of(done: limited.Done) -> list[Problem]:
    """Problems from what opa printed, as JSON or as text."""
    for text in (done.stderr, done.stdout):
        try:
            errors = json.loads(text).get("errors", [])
        except (ValueError, AttributeError):
            continue
        if errors:
            return [_problem(error) for error in errors]
    found = [
        Problem(_explained(m.group(3)), line=int(m.group(1)), column=int(m.group(2) or 0))
        for m in re.finditer(rf"{POLICY}:(\d+)(?::(\d+))?: (.+)", done.stderr + done.stdout)
    ]
    return found or [Problem((done.stderr or done.stdout).strip()[:2000] or "opa failed")]


def _problem(error: Mapping[str, Any]) -> Problem:
    where = error.get("location") or {}
    message = str(error.get("message", "")).strip()
    return Problem(_explained(message), line=where.get("row", 0), column=where.get("col", 0))


def _explained(message: str) -> str:
    """OPA's message with what to do about it, where that is known."""
    found = re.search(r"undefined function ([\w.]+)", message)
    if found and forbidden(found.group(1)):
        return (
            f"{found.group(1)} is not available to policies. Take the time from "
            "input.metadata.timestamp and everything else from the input."
        )
    return message


def lines_of(files: Mapping[str, Any], key: str) -> dict[str, list[int]]:
    return {name: _rows(entry.get(key) or []) for name, entry in files.items()}


def _rows(spans: Sequence[Mapping[str, Any]]) -> list[int]:
    found = (range(span["start"]["row"], span["end"]["row"] + 1) for span in spans)
    return sorted({row for rows in found for row in rows})
