"""What every step of the set-up needs: run a command, remember what is done, stop with one line."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
LOG = ROOT / "var" / "log" / "setup.log"


class Stop(Exception):
    """The set-up cannot go on: one line that says what is wrong, one that says what to do."""

    def __init__(self, what: str, how: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.how = how


class CommandFailed(Exception):
    """A command ended badly; `output` is all it said, newest last."""

    def __init__(self, command: Sequence[str], code: int | None, output: str) -> None:
        super().__init__(f"{command[0]} ended with {code}")
        self.command = command
        self.code = code
        self.output = output

    @property
    def last_line(self) -> str:
        lines = [line.strip() for line in self.output.splitlines() if line.strip()]
        return lines[-1][:300] if lines else f"it said nothing and ended with {self.code}"


def say(text: str) -> None:
    print(text, flush=True)


@contextlib.contextmanager
def step(what: str) -> Iterator[None]:
    """Names a step that takes a while and, once it is over, how long it took."""
    print(f"  {what} … ", end="", flush=True)
    began = time.monotonic()
    try:
        yield
    except BaseException:
        print("failed", flush=True)
        raise
    print(f"{time.monotonic() - began:.0f} s", flush=True)


def run(
    command: Sequence[str | os.PathLike[str]],
    *,
    env: Mapping[str, str] | None = None,
    cwd: Path = ROOT,
    timeout_s: float | None = None,
) -> str:
    """Runs to the end and returns what it printed; everything also goes to the set-up's log.

    Raises CommandFailed when it ends badly, cannot be started or takes longer than allowed.
    """
    words = [os.fspath(word) for word in command]
    try:
        done = subprocess.run(
            words, cwd=cwd, env=dict(env) if env is not None else None, timeout=timeout_s,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            encoding="utf-8", errors="replace", check=False,
        )  # fmt: skip
    except OSError as error:
        raise CommandFailed(words, None, str(error)) from error
    except subprocess.TimeoutExpired as error:
        raise CommandFailed(words, None, f"not finished after {timeout_s:.0f} s") from error
    _log(words, done.returncode, done.stdout)
    if done.returncode != 0:
        raise CommandFailed(words, done.returncode, done.stdout)
    return done.stdout


def _log(words: Sequence[str], code: int, output: str) -> None:
    LOG.parent.mkdir(parents=True, exist_ok=True)
    with LOG.open("a", encoding="utf-8") as log:
        log.write(f"$ {' '.join(words)}\n{output}\n-> {code}\n")


def digest(paths: Iterable[Path], *words: str) -> str:
    """One digest over names and contents, so that a step is done again exactly when its inputs changed."""
    total = hashlib.sha256()
    for word in words:
        total.update(word.encode() + b"\0")
    for path in sorted(paths):
        total.update(path.name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def is_done(stamp: Path, wanted: str) -> bool:
    try:
        return stamp.read_text(encoding="utf-8") == wanted
    except OSError:
        return False


def mark_done(stamp: Path, wanted: str) -> None:
    """Written last and whole: a step that was interrupted has no stamp and is done again."""
    stamp.parent.mkdir(parents=True, exist_ok=True)
    half = stamp.with_name(stamp.name + ".half")
    half.write_text(wanted, encoding="utf-8")
    half.replace(stamp)


def find(program: str) -> str | None:
    return shutil.which(program)


def cache_dir() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "portcullis"


def is_root() -> bool:
    return os.geteuid() == 0


def require_python() -> None:
    """Only the standard library may be needed up to here, and only syntax that old Pythons can read."""
    if sys.version_info < (3, 11):  # noqa: UP036
        raise Stop(
            f"Python {sys.version.split()[0]} is too old: 3.11 or newer is needed.",
            "Install python3.11 (or newer) and run: make PYTHON=python3.11 …",
        )
