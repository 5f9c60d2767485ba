"""Runs a program inside bubblewrap: no network, a read-only system, a clean environment, and limits.

There is no way round: where a sandbox cannot be made, programs are not run, and `why_not` says why.
"""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import subprocess
import threading
import time
from pathlib import Path
from typing import IO

from templates_catalog.ports import Command, Ended, RunnerUnavailable, Stop, Write
from templates_catalog.runners import launch, seccomp
from templates_catalog.runners.launch import MARKER, Limits
from templates_catalog.runners.usage import memory_bytes

READ_BYTES = 64 * 1024
MOST_OUTPUT_BYTES = 256 * 1024
LOOK_S = 0.2
READY = b"the sandbox is there"
# After the program was killed: how long its pipes may take to close before they are left.
DRAIN_S = 2.0
# A failed probe is repeated after this long, so that repairing the machine needs no restart.
PROBE_AGAIN_S = 30.0

_probe_lock = threading.Lock()
_probed: tuple[float, str] | None = None


def why_not() -> str:
    """Why steps cannot run on this machine, and what to do about it; "" when they can."""
    global _probed
    with _probe_lock:
        if _probed is None or (_probed[1] and time.monotonic() - _probed[0] > PROBE_AGAIN_S):
            _probed = (time.monotonic(), _probe())
        return _probed[1]


def _probe() -> str:
    if missing := launch.missing_tools():
        packages = "bubblewrap" if missing == ["bwrap"] else "bubblewrap util-linux coreutils"
        return (
            f"steps run only inside a sandbox, and {', '.join(missing)} is not installed;"
            f" run: sudo apt-get install -y {packages}"
        )
    said: list[bytes] = []
    try:
        ended = Sandbox().start(
            Command(program=("/bin/sh", "-c", "exit 0"), timeout_s=10.0),
            write=lambda _, data: said.append(data),
            stop=lambda: "",
        )
    except RunnerUnavailable as error:
        return str(error)
    if ended.code == 0 and not ended.cause:
        return ""
    reason = b"".join(said).decode("utf-8", "replace").strip().splitlines() or [f"exit code {ended.code}"]
    return (
        f"steps run only inside a sandbox, and bubblewrap cannot make one here ({reason[0]});"
        " allow unprivileged user namespaces, for example: sysctl kernel.unprivileged_userns_clone=1"
    )


class Sandbox:
    """The runner that executes for real. One value serves any number of programs at once."""

    def __init__(self, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()

    def why_not(self) -> str:
        return why_not()

    def start(self, command: Command, *, write: Write, stop: Stop) -> Ended:
        started = time.monotonic()
        with _Pipes(command, self.limits) as pipes:
            try:
                process = subprocess.Popen(
                    pipes.arguments,
                    stdin=pipes.workspace,
                    stdout=subprocess.PIPE,
                    # One pipe for both: only so do lines stay in the order in which they were said.
                    stderr=subprocess.STDOUT,
                    pass_fds=pipes.given,
                    start_new_session=True,
                    env={},
                    cwd="/",
                )
            except OSError as error:
                raise RunnerUnavailable(f"the sandbox could not be started: {error}") from error
            pipes.close_given()
            watch = _Watch(process, pipes, command, self.limits, write, stop, started)
            try:
                cause = watch.until_the_end()
            finally:
                _kill(process)
                assert process.stdout is not None  # noqa: S101  (asked for with PIPE above)
                process.stdout.close()
        return Ended(process.returncode, cause, bytes(watch.outputs), time.monotonic() - started)


class _Pipes:
    """The descriptors a sandbox is given, closed on our side as soon as it has them."""

    def __init__(self, command: Command, limits: Limits) -> None:
        self.command, self.limits = command, limits
        self.stack = contextlib.ExitStack()
        self.given: list[int] = []
        self.workspace: IO[bytes] | int = subprocess.DEVNULL

    def __enter__(self) -> _Pipes:
        try:
            self._open()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stack.close()
        self.close_given()

    def _open(self) -> None:
        uid = launch.own_uid()
        if self.command.workspace is not None:
            self.workspace = self.stack.enter_context(self.command.workspace.open("rb"))
        reader, writer = os.pipe()
        self.outputs = self.stack.enter_context(os.fdopen(reader, "rb", buffering=0))
        waits, go = os.pipe()
        self.go = self.stack.enter_context(os.fdopen(go, "wb", buffering=0))
        self.given += [writer, waits]
        if os.geteuid() == 0:
            os.fchown(writer, uid, uid)
            os.fchown(waits, uid, uid)
        files = [(f"/job/{name}", self._memory(data)) for name, data in self.command.files.items()]
        environment = {
            "PATH": launch.PATH, "HOME": launch.TEMPORARY, "TMPDIR": launch.TEMPORARY, "LANG": "C.UTF-8",
            **self.command.environment, "OUTPUTS_FILE": f"/proc/self/fd/{writer}",
        }  # fmt: skip
        hidden = [word for name, value in environment.items() for word in ("--setenv", name, value)]
        filter_program = seccomp.program()
        closed = self._memory(filter_program) if filter_program else None
        args = self._memory(b"".join(os.fsencode(word) + b"\0" for word in hidden))
        self.arguments = [
            *launch.outer(self.limits, uid, self.command.timeout_s),
            *launch.inner(self.limits, files, args, self.command.marker or "none", closed),
            "--", *self._program(waits),
        ]  # fmt: skip

    def _program(self, waits: int) -> list[str]:
        """The program, once we say go; with the workspace, which comes in on stdin, unpacked first.

        While bubblewrap makes the sandbox, our death does not yet end it. So the first thing inside says
        that it is there and waits for our word; if we died meanwhile, it reads the end and goes no further.
        """
        steps = [f'printf "{READY.decode()}\\n" > "$OUTPUTS_FILE"', f"read -r go < /proc/self/fd/{waits}"]
        if self.command.workspace is not None:
            steps.append("tar -x -f - --no-same-owner --no-same-permissions -C /workspace")
        return [
            "/bin/sh",
            "-c",
            " && ".join([*steps, 'exec "$@" </dev/null']),
            "start",
            *self.command.program,
        ]

    def _memory(self, data: bytes) -> int:
        fd = os.memfd_create("portcullis", 0)
        self.given.append(fd)
        with os.fdopen(os.dup(fd), "wb") as file:
            file.write(data)
        os.lseek(fd, 0, os.SEEK_SET)
        return fd

    def close_given(self) -> None:
        while self.given:
            os.close(self.given.pop())


class _Watch:
    """Reads what a program says, and ends it when its time, its memory or our patience is over."""

    def __init__(
        self, process: subprocess.Popen[bytes], pipes: _Pipes, command: Command, limits: Limits,
        write: Write, stop: Stop, started: float,
    ) -> None:  # fmt: skip
        self.process, self.limits, self.write, self.stop = process, limits, write, stop
        self.deadline = started + command.timeout_s
        self.pipes = pipes
        self.gone_on = False
        self.outputs = bytearray()
        self.selector = selectors.DefaultSelector()
        for file, name in ((process.stdout, "stdout"), (pipes.outputs, "outputs")):
            assert file is not None  # noqa: S101  (asked for with PIPE above)
            os.set_blocking(file.fileno(), False)
            self.selector.register(file, selectors.EVENT_READ, name)

    def until_the_end(self) -> str:
        """Returns why it was ended, "" when it ended by itself."""
        cause = ""
        next_look = 0.0
        with self.selector:
            while self.selector.get_map():
                self._read_for(LOOK_S)
                now = time.monotonic()
                if now >= next_look:
                    next_look = now + LOOK_S
                    cause = self._why_stop(now)
                    if cause:
                        break
                if self.process.poll() is not None:
                    break
            if cause:
                _kill(self.process)
            self._drain()
        self.process.wait()
        return cause

    def _why_stop(self, now: float) -> str:
        if now >= self.deadline:
            return "timeout"
        if memory_bytes(self.process.pid) > self.limits.memory_bytes:
            return "memory"
        return self.stop()

    def _read_for(self, seconds: float) -> bool:
        events = self.selector.select(seconds)
        for key, _ in events:
            try:
                data = os.read(key.fd, READ_BYTES)
            except BlockingIOError:
                continue
            if not data:
                self.selector.unregister(key.fileobj)
            elif key.data == "outputs":
                self._hand_on(data)
            else:
                self.write(key.data, data)
        return bool(events)

    def _hand_on(self, data: bytes) -> None:
        if not self.gone_on:
            _, found, data = data.partition(READY + b"\n")
            if not found:
                return
            self.gone_on = True
            with contextlib.suppress(BrokenPipeError):
                self.pipes.go.write(b"go\n")
        self.outputs += data[: MOST_OUTPUT_BYTES - len(self.outputs)]

    def _drain(self) -> None:
        """What was already said when it ended. Nothing inside outlives bubblewrap, so the pipes close."""
        until = time.monotonic() + DRAIN_S
        while self.selector.get_map() and time.monotonic() < until:
            self._read_for(0.1)


def _kill(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def end_strays(execution_id: str, fence: int) -> int:
    """Kill the sandboxes an older attempt of this run left on this machine (its worker may be frozen).

    Half-made sandboxes of any run go too: a worker that was killed while bubblewrap prepared one leaves a
    process that waits for ever for its outer half. How many were ended.
    """
    ended = 0
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        with contextlib.suppress(OSError, ValueError, IndexError):
            run, _, number = _marker(entry).rpartition("/")
            if (run == execution_id and int(number) < fence) or (number and _is_half(entry)):
                os.kill(int(entry.name), signal.SIGKILL)
                ended += 1
    return ended


def _marker(process: Path) -> str:
    """Whose sandbox a process is, "" when it is none of ours."""
    words = (process / "cmdline").read_bytes().split(b"\0")
    if words[0] != b"bwrap" or MARKER.encode() not in words:
        return ""
    return words[words.index(MARKER.encode()) + 1].decode()


def _is_half(process: Path) -> bool:
    """Whether this is the inner half of a sandbox whose outer half is gone."""
    facts = dict(
        line.split(":", 1)
        for line in (process / "status").read_text(encoding="ascii").splitlines()
        if ":" in line
    )
    parent = Path("/proc") / facts["PPid"].strip() / "cmdline"
    return len(facts["NSpid"].split()) > 1 and not parent.read_bytes().startswith(b"bwrap\0")
