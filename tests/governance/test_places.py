"""Places for drafts are counted over all processes of a portal, and whoever dies gives his back."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from governance.engines import limited, places
from governance.errors import Busy

HOLD = """
import sys, time
from pathlib import Path
from governance.engines import places
places._DRAFTS = places._Kind("drafts", 1)
places.share(Path(sys.argv[1]))
with places.place(until=time.monotonic() + 5):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def one_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A portal with a single place, shared through a folder."""
    monkeypatch.setattr(places, "_DRAFTS", places._Kind("drafts", 1))
    monkeypatch.setattr(places, "_folder", [tmp_path])
    return tmp_path


def soon(seconds: float = 0.1) -> float:
    return time.monotonic() + seconds


def test_another_process_that_holds_the_place_keeps_us_out_until_it_dies(one_place: Path) -> None:
    other = subprocess.Popen([sys.executable, "-c", HOLD, str(one_place)], stdout=subprocess.PIPE, text=True)
    try:
        assert other.stdout
        assert other.stdout.readline() == "held\n"
        with pytest.raises(Busy, match="Try again"), places.place(until=soon()):
            pass
        with places.place(bulk=True, until=soon()):
            pass
    finally:
        other.kill()
        other.wait()
    with places.place(until=soon(5)):
        pass


def test_a_place_comes_free_when_its_work_fails(one_place: Path) -> None:
    with pytest.raises(ValueError, match="a fault"), places.place(until=soon()):
        raise ValueError("a fault")
    with places.place(until=soon()):
        pass


def test_an_answer_that_is_late_starts_no_further_process(tmp_path: Path) -> None:
    mark = tmp_path / "started"
    touch = ["/bin/sh", "-c", f"touch {mark}; sleep 0.5"]
    with limited.answering("ann", wall_s=0.3):
        with pytest.raises(Busy):
            limited.run(touch, tmp_path, limited.Limits(), {})
        assert mark.exists()
        mark.unlink()
        with pytest.raises(Busy):
            limited.run(touch, tmp_path, limited.Limits(), {})
    assert not mark.exists()


def test_what_burns_processor_time_steps_aside_for_everybody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the kernel sees it while it runs: 5 is SCHED_IDLE."""
    monkeypatch.setattr(limited, "LONG_S", 0.2)
    look = "import time, os\nwhile time.process_time() < 0.8: pass\nprint(os.sched_getscheduler(0))"
    done = limited.run([sys.executable, "-c", look], tmp_path, limited.Limits(), {})
    assert done.stdout.strip() == "5"
    brief = limited.run(
        [sys.executable, "-c", "import os; print(os.sched_getscheduler(0))"], tmp_path, limited.Limits(), {}
    )
    assert brief.stdout.strip() == "0"


def test_the_wait_for_a_turn_is_time_of_the_answer(tmp_path: Path) -> None:
    """Who waited for his last draft has what is left, not two waits one after the other."""
    limits = limited.Limits()
    others, mine = limited.TURNS.turn("pat"), limited.trying("pat")
    with limited.answering("pat", 0.3), pytest.raises(Busy), others, mine:
        pass
    with limited.answering("pat", 0.3), limited.trying("pat"):
        time.sleep(0.4)
        with pytest.raises(Busy):
            limited.run(["/bin/true"], tmp_path, limits, {})
