"""Steps Run and ShellScript: a script in the sandbox, and the variables it hands on."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from typing import Any

from templates_catalog.ports import Command
from templates_catalog.runners.launch import MB, Limits
from templates_catalog.runners.steps.job import Job, Result, judged

MOST_OUTPUT_TEXT = 32 * 1024
SHELLS = {"Sh": "sh", "Bash": "bash"}
# Reads the names from the file beside it, so that nothing of the document becomes part of a program.
PYTHON_START = """\
import atexit, os, runpy, sys
names = open('/job/names').read().split()
def hand_on():
    with open(os.environ['OUTPUTS_FILE'], 'wb') as file:
        for name in names:
            file.write(name.encode() + b'=' + os.environb.get(name.encode(), b'') + b'\\0')
atexit.register(hand_on)
sys.argv = ['/job/script']
runpy.run_path('/job/script', run_name='__main__')
"""


def run(job: Job) -> Result:
    """Step Run. Its shell stops at the first command that fails."""
    names = [(str(row["name"]), str(row["name"])) for row in _rows(job.spec.get("outputVariables"))]
    return _execute(job, str(job.spec.get("command", "")), str(job.spec.get("shell", "Sh")), names, "-e")


def shell_script(job: Job) -> Result:
    """Step ShellScript. An output variable names the shell variable it is read from."""
    source = (job.spec.get("source") or {}).get("spec") or {}
    rows = _rows(job.spec.get("outputVariables"))
    names = [(str(row["name"]), str(row.get("value") or row["name"])) for row in rows]
    return _execute(job, str(source.get("script", "")), str(job.spec.get("shell", "Bash")), names, "")


def _rows(value: Any) -> Sequence[Mapping[str, Any]]:
    return [row if isinstance(row, Mapping) else {"name": row} for row in value or []]


def _execute(job: Job, text: str, shell: str, names: Sequence[tuple[str, str]], flags: str) -> Result:
    _introduce(job)
    program, files = _program(shell, [source for _, source in names], flags)
    ended = job.runner.start(
        Command(
            program=program,
            files={**files, "script": text.encode()},
            environment=_environment(job.spec),
            workspace=job.workspace.archive if job.workspace else None,
            timeout_s=job.timeout_s,
            marker=job.marker,
        ),
        write=job.write,
        stop=job.stop,
    )
    result = judged(ended, job.timeout_s, Limits().memory_bytes // MB)
    if result.failed:
        return result
    found = _handed_on(ended.outputs)
    return Result(outputs={name: found.get(source, "") for name, source in names})


def _introduce(job: Job) -> None:
    """The first lines of the log: on what this runs, and what of the document is not used."""
    if job.workspace:
        job.say(f"workspace: {job.workspace.name} at commit {job.workspace.commit}, copied to /workspace")
    else:
        job.say("workspace: none, /workspace is empty; the pipeline names no codebase")
    if image := job.spec.get("image"):
        job.say(f"image {image} is not used: steps run in the portal's own sandbox")
    job.say(f"sandbox: no network, read-only system, {Limits().memory_bytes // MB} MB, {job.timeout_s:.0f} s")
    if job.spec.get("reports"):
        job.say("reports are not collected")


def _program(shell: str, names: Sequence[str], flags: str) -> tuple[tuple[str, ...], dict[str, bytes]]:
    if shell == "Python":
        files = {"names": "\n".join(names).encode(), "start": PYTHON_START.encode()}
        return ("python3", "/job/start"), files
    values = " ".join(f'"{name}=${{{name}-}}"' for name in names)
    print_all = f"printf '%s\\000' {values} > \"$OUTPUTS_FILE\"" if names else ":"
    start = "\n".join(
        [
            f"hand_on() {{ code=$?; trap - EXIT; {print_all}; exit $code; }}",
            "trap hand_on EXIT",
            f"set {shlex.quote(flags)}" if flags else ":",
            ". /job/script",
        ]
    )
    return (SHELLS[shell], "/job/start"), {"start": start.encode()}


def _environment(spec: Mapping[str, Any]) -> dict[str, str]:
    """`envVariables` of Run is a map, `environmentVariables` of ShellScript a list."""
    given = {str(k): str(v) for k, v in (spec.get("envVariables") or {}).items()}
    for row in _rows(spec.get("environmentVariables")):
        given[str(row["name"])] = str(row.get("value", ""))
    return {k: v for k, v in given.items() if "=" not in k and "\0" not in k + v and k}


def _handed_on(data: bytes) -> dict[str, str]:
    found = {}
    for piece in data.split(b"\0"):
        name, separator, value = piece.partition(b"=")
        if separator:
            found[name.decode("utf-8", "replace")] = value.decode("utf-8", "replace")[:MOST_OUTPUT_TEXT]
    return found
