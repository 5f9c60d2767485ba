"""Which engine is started when, as the changeover decides it; the engines themselves are played."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from portal.engine import changeover, upstream
from portal.engine.changeover import Changeover, Setup
from portal.engine.process import Engine
from portal.engine.upstream import Offered

OLD, NEW = Offered("old", b""), Offered("new", b"")


class Played:
    """Comes to whatever the test says of its revision."""

    says: dict[str, dict[str, Any]] = {}
    started: list[Played] = []
    pid = 0
    age_s = 0.0

    def __init__(self, opa: str, folder: Path, number: int, offered: Offered, public_key_pem: str) -> None:
        self.offered, self.socket, self.code = offered, folder / f"opa-{number}.sock", None
        self.silent = False
        self.started.append(self)

    def ended(self) -> int | None:
        return self.code

    def outcome(self) -> dict[str, Any]:
        return self.says.get(self.offered.revision, {})

    def state(self) -> dict[str, Any] | None:
        return None if self.silent else self.outcome()

    def retire(self) -> None:
        """It goes on for a while."""

    def end(self, *, within_s: float = 4.0) -> None:
        self.code = self.code if self.code is not None else -9


@pytest.fixture
def played(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Changeover:
    monkeypatch.setattr(changeover, "Engine", Played)
    monkeypatch.setattr(changeover, "AGAIN_AFTER_S", 0.2)
    monkeypatch.setattr(Played, "says", {"old": {"active_revision": "old"}})
    monkeypatch.setattr(Played, "started", [])
    return Changeover(Setup("opa", tmp_path, "http://127.0.0.1:9", "", "", "one"))


def offer(portal: Changeover, offered: Offered) -> None:
    portal._bundles._untaken.append(offered)


def tick(portal: Changeover, for_s: float = 0.0) -> None:
    ends = time.monotonic() + for_s
    portal.tick()
    while time.monotonic() < ends:
        portal.tick()
        time.sleep(0.005)


def begun() -> list[str]:
    return [engine.offered.revision for engine in Played.started]


def test_the_newest_bundle_is_tried_again_although_the_one_before_had_to_be_revived(
    played: Changeover,
) -> None:
    offer(played, OLD)
    tick(played, 0.02)
    Played.says["new"] = {"code": "bundle_error", "message": "no memory"}
    offer(played, NEW)
    tick(played, 0.02)
    Played.started[0].code = -9
    tick(played, 0.3)
    report = played.report()
    assert report is not None
    said = report["bundles"]["portal"]
    assert (said["active_revision"], said["message"]) == ("old", "no memory")
    Played.says["new"] = {"active_revision": "new"}
    tick(played, 0.4)
    report = played.report()
    assert report is not None
    assert report["bundles"]["portal"] == {"active_revision": "new"}


def test_an_engine_that_dies_while_a_bundle_fails_to_load_comes_back(played: Changeover) -> None:
    offer(played, OLD)
    tick(played, 0.02)
    offer(played, NEW)
    tick(played)
    Played.started[0].code = -9
    tick(played)
    Played.says["new"] = {"code": "bundle_error", "message": "it does not compile"}
    tick(played, 0.3)
    assert begun()[:3] == ["old", "new", "old"]
    report = played.report()
    assert report is not None
    assert report["bundles"]["portal"]["active_revision"] == "old"


IN_FORCE = Offered("old", b"", in_force=True)


def test_at_the_start_the_bundle_in_force_answers_while_the_newest_fails_to_load(played: Changeover) -> None:
    Played.says["new"] = {"code": "bundle_error", "message": "it does not compile"}
    offer(played, IN_FORCE)
    offer(played, NEW)
    tick(played, 0.1)
    assert begun()[:2] == ["old", "new"]
    report = played.report()
    assert report is not None
    said = report["bundles"]["portal"]
    assert (said["active_revision"], said["message"]) == ("old", "it does not compile")
    Played.says["new"] = {"active_revision": "new"}
    tick(played, 0.4)
    report = played.report()
    assert report is not None
    assert report["bundles"]["portal"] == {"active_revision": "new"}


def test_at_the_start_what_is_in_force_is_not_given_up_for_a_newer_bundle_while_it_loads(
    played: Changeover,
) -> None:
    Played.says = {}
    offer(played, IN_FORCE)
    tick(played)
    offer(played, NEW)
    tick(played, 0.05)
    assert begun() == ["old"]
    assert Played.started[0].code is None
    Played.says["old"] = {"active_revision": "old"}
    tick(played, 0.05)
    assert begun() == ["old", "new"]
    assert (played._setup.folder / "opa.sock").readlink() == Path("opa-1.sock")


def test_a_newer_bundle_mends_one_in_force_that_cannot_be_loaded_any_more(played: Changeover) -> None:
    Played.says = {"old": {"code": "bundle_error", "message": "damaged"}, "new": {"active_revision": "new"}}
    offer(played, IN_FORCE)
    offer(played, NEW)
    tick(played, 0.1)
    report = played.report()
    assert report is not None
    assert report["bundles"]["portal"] == {"active_revision": "new"}


class Told:
    """The portal as the follower asks it: one bundle in force, then one on its way."""

    def in_force(self) -> Offered | None:
        return IN_FORCE

    def newer_than(self, revision: str) -> Offered | None:
        return NEW if revision == "old" else None


def test_the_bundle_in_force_is_asked_for_once_and_handed_over_before_any_newer_one() -> None:
    follower = upstream.Follower(Told())  # type: ignore[arg-type]
    for _ in range(3):
        follower.look()
    assert [follower.take(), follower.take(), follower.take()] == [IN_FORCE, NEW, None]


def test_a_hung_engine_is_replaced_by_another_with_the_same_bundle(
    played: Changeover, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changeover, "SILENT_S", 0.05)
    offer(played, OLD)
    tick(played, 0.02)
    Played.started[0].silent = True
    assert played.report() is None
    time.sleep(0.06)
    tick(played)
    tick(played)
    assert begun() == ["old", "old"]
    assert (played._setup.folder / "opa.sock").readlink() == Path("opa-2.sock")
    assert played.report() is not None


def test_an_address_that_cannot_be_moved_leaves_the_engine_that_answers(
    played: Changeover, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    offer(played, OLD)
    tick(played, 0.02)
    monkeypatch.setattr(Path, "symlink_to", full)
    Played.says["new"] = {"active_revision": "new"}
    offer(played, NEW)
    tick(played, 0.02)
    report = played.report()
    assert report is not None
    assert report["bundles"]["portal"]["active_revision"] == "old"
    assert "No space left" in report["bundles"]["portal"]["message"]


def test_an_engine_that_cannot_be_started_leaves_no_files(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Engine(str(tmp_path / "missing"), tmp_path, 1, Offered("r", b"archive"), "")
    assert not list(tmp_path.glob("opa-*"))


def test_what_is_repeated_goes_on_after_any_error_and_without_a_log(monkeypatch: pytest.MonkeyPatch) -> None:
    class Enough(BaseException):
        pass

    tries = [MemoryError("a large bundle"), OSError(28, "No space left on device"), Enough()]

    def work() -> None:
        raise tries.pop(0)

    class Full:
        def write(self, _: str) -> None:
            raise OSError(28, "No space left on device")

        flush = write

    monkeypatch.setattr(upstream, "AFTER_TROUBLE_S", 0)
    monkeypatch.setattr(upstream.sys, "stderr", Full())
    with pytest.raises(Enough):
        upstream.repeat(work)
    assert tries == []
