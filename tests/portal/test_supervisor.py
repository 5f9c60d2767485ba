"""The supervisor restarts what dies and, however it ends itself, leaves no process behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from portal.supervising import tagged
from portal.supervising.process import Process

ROOT = Path(__file__).resolve().parents[2]

# A supervisor of two stand-ins: one that lives, with a child in a session of its own as a sandbox has,
# and one that ignores requests to stop.
SUPERVISOR = """
import os, sys
from pathlib import Path
from portal import supervisor
from portal.supervising import prepare, programs
from portal.supervising.process import Process

folder = Path(sys.argv[1])
parent = "import subprocess,time; subprocess.Popen(['sleep','300'], start_new_session=True); time.sleep(300)"
deaf = "import signal,time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(300)"

def stand_ins(web_answers):
    return [
        Process(name, [sys.executable, "-c", code], folder / f"{name}.log", os.environ)
        for name, code in (("parent", parent), ("deaf", deaf))
    ]

prepare.prepare = lambda: None
programs.all_programs = stand_ins
supervisor.STOP_PATIENCE_S = 0.5
sys.exit(supervisor.main([]))
"""


@dataclass(frozen=True)
class Running:
    """A supervisor, the mark that all it starts carries, and its inner process."""

    outer: subprocess.Popen[str]
    inner: int
    tag: str

    def family(self) -> set[int]:
        return set(tagged.find(self.tag)) | set(_children(self.outer.pid))


@pytest.fixture
def supervisor(tmp_path: Path) -> Iterator[Running]:
    script = tmp_path / "run.py"
    script.write_text(textwrap.dedent(SUPERVISOR))
    env = {name: value for name, value in os.environ.items() if name not in ("MAKELEVEL", tagged.VARIABLE)}
    outer = subprocess.Popen(
        [sys.executable, str(script), str(tmp_path)],
        env=env | {"DATA_DIR": str(tmp_path / "data"), "PYTHONPATH": str(ROOT), "PORT": "21391"},
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    wait_for(lambda: bool(_marks(outer.pid)), "a marked process")
    running = Running(outer, _children(outer.pid)[0], _marks(outer.pid)[0])
    # inner, two stand-ins and the child of one of them
    wait_for(lambda: len(running.family()) == 4, "four processes")
    yield running
    tagged.end_all(running.tag, patience_s=0)
    outer.kill()
    outer.communicate()


def _marks(outer: int) -> list[str]:
    """The mark is set after the start of the outer process, so it is read from those it started."""
    found = []
    for pid in _grandchildren(outer):
        # Between fork and exec a process still shows the environment of its parent.
        environ = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
        found += [entry.decode() for entry in environ if entry.startswith(tagged.VARIABLE.encode())]
    return [mark.partition("=")[2] for mark in found]


def _children(pid: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def _grandchildren(pid: int) -> list[int]:
    return [grandchild for child in _children(pid) for grandchild in _children(child)]


def wait_for(condition: Callable[[], bool], what: str, timeout_s: float = 15.0) -> None:
    until = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < until, f"{what} did not come about"
        time.sleep(0.05)


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
class TestStopping:
    @pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
    def test_a_signal_stops_everything_in_order(self, supervisor: Running, number: int) -> None:
        supervisor.outer.send_signal(number)
        assert supervisor.outer.wait(10) == 0
        assert tagged.find(supervisor.tag) == []

    def test_killing_the_outer_process_stops_everything(self, supervisor: Running) -> None:
        supervisor.outer.kill()
        wait_for(lambda: tagged.find(supervisor.tag) == [], "an end of all")

    def test_killing_the_inner_process_stops_everything(self, supervisor: Running) -> None:
        os.kill(supervisor.inner, signal.SIGKILL)
        assert supervisor.outer.wait(10) == 1
        assert tagged.find(supervisor.tag) == []


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_what_dies_is_started_again(supervisor: Running) -> None:
    victim = _children(supervisor.inner)[0]
    os.kill(victim, signal.SIGKILL)
    wait_for(
        lambda: len(_children(supervisor.inner)) == 2 and victim not in _children(supervisor.inner), "another"
    )


def test_a_second_portal_on_the_same_data_is_refused_in_one_line(supervisor: Running, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(tmp_path / "run.py"), str(tmp_path)],
        env={**os.environ, "DATA_DIR": str(tmp_path / "data"), "PYTHONPATH": str(ROOT), "PORT": "21392"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "already runs" in done.stderr
    assert done.stderr.count("\n") == 1


class TestOneProcess:
    def test_the_pause_grows_with_each_early_death(self, tmp_path: Path) -> None:
        said: list[str] = []
        process = Process(
            "short", [sys.executable, "-c", "raise SystemExit(3)"], tmp_path / "log", os.environ
        )
        wait_for(lambda: process.tick(said.append) or len(said) >= 2, "two deaths")
        assert "code 3" in said[0]
        assert "0.5 s" in said[0]
        assert "1.0 s" in said[1]

    def test_what_cannot_be_started_is_said_and_tried_again(self, tmp_path: Path) -> None:
        said: list[str] = []
        process = Process("none", [str(tmp_path / "none")], tmp_path / "log", os.environ)
        process.tick(said.append)
        assert "could not be started" in said[0]
        assert not process.is_running

    def test_a_single_task_runs_once(self, tmp_path: Path) -> None:
        codes: list[int] = []
        process = Process(
            "once",
            [sys.executable, "-c", ""],
            tmp_path / "log",
            os.environ,
            restarts=False,
            on_exit=codes.append,
        )
        wait_for(lambda: process.tick(lambda text: None) or codes == [0], "its end")
        process.tick(lambda text: None)
        assert process.starts == 1

    def test_a_single_task_says_that_it_is_finished_only_when_it_ended_well(self, tmp_path: Path) -> None:
        for code, expected in ((0, "all there"), (3, "once was not finished (code 3)")):
            said: list[str] = []
            process = Process(
                "once",
                [sys.executable, "-c", f"raise SystemExit({code})"],
                tmp_path / "log",
                os.environ,
                restarts=False,
                finished="all there",
            )
            wait_for(lambda process=process, said=said: process.tick(said.append) or bool(said), "its end")
            assert len(said) == 1
            assert said[0].startswith(expected)

    def test_nothing_starts_before_what_it_waits_for(self, tmp_path: Path) -> None:
        process = Process("late", ["true"], tmp_path / "log", os.environ, waits_for=lambda: False)
        process.tick(lambda text: None)
        assert process.starts == 0


def test_the_models_key_reaches_the_web_server_and_the_examiner_and_nobody_else(monkeypatch):
    from portal.supervising import programs

    monkeypatch.setenv("OPENAI_API_KEY", "k")
    assert "OPENAI_API_KEY" in programs._web().env
    assert "OPENAI_API_KEY" in programs._examiner().env
    assert "OPENAI_API_KEY" not in programs._worker().env
    assert "OPENAI_API_KEY" not in programs._keeper().env
