"""While one OPA answers, the next revision loads in another; then the address moves and the first one ends.

An OPA that is handed a new bundle compiles every policy anew in the process that decides. At ten thousand
policies that takes seconds, twice the memory, and decisions wait for longer than the gate's deadline.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from governance.engines.answers import BUNDLE
from portal.engine.process import Engine
from portal.engine.upstream import Follower, Offered, Portal, Reporter, say

TICK_S, IDLE_TICK_S = 0.02, 0.1
# A bundle that could not be loaded is tried again after this: memory may have been short for a moment.
AGAIN_AFTER_S = 10.0
# Longer than the gate's deadline: who is asked when the next one takes over still answers.
LEAVE_WITHIN_S = 4.0
# Who had begun to connect when the address moved is still let in.
RETIRE_AFTER_S = 0.3
LOAD_WITHIN_S = 300.0
# Who runs and says nothing for so long is hung: another one loads the same bundle and takes over.
SILENT_S = 30.0
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.1, 5.0
# Who lived this long was well; its next death starts with the short pause again.
WELL_AFTER_S = 30.0


@dataclass(frozen=True, slots=True)
class Setup:
    """folder: only ours, holds the address `opa.sock`; name: tells engines apart in reports."""

    opa: str
    folder: Path
    portal_url: str
    token: str
    public_key_pem: str
    name: str


class Changeover:
    """At most three engines: the one that answers, the one that loads, and one that is about to end."""

    def __init__(self, setup: Setup) -> None:
        portal = Portal(setup.portal_url, setup.token)
        self._setup = setup
        self._bundles = Follower(portal)
        self._reports = Reporter(portal, self.report)
        self._answering: Engine | None = None
        self._loading: Engine | None = None
        self._leaving: Engine | None = None
        self._leave_by = 0.0
        self._retire_at = math.inf
        self._started = 0
        self._refused: dict[str, Any] = {}
        # The newest bundle that was offered and the last one that answered, which at the start is the one in
        # force; both are tried until they load.
        self._newest: Offered | None = None
        self._good: Offered | None = None
        self._due: dict[str, tuple[float, Offered]] = {}
        self._heard_at = 0.0
        self._pause_s = FIRST_PAUSE_S
        self._well_at = 0.0

    def run(self, stop: Callable[[], bool]) -> None:
        self._clear()
        self._bundles.start()
        self._reports.start()
        try:
            while not stop():
                self.tick()
                self._bundles.wait(IDLE_TICK_S if self._loading is None else TICK_S)
        finally:
            for engine in (self._loading, self._leaving, self._answering):
                if engine is not None:
                    engine.end(within_s=2.0)

    def tick(self) -> None:
        if (offered := self._bundles.take()) is not None:
            self._take_up(offered)
        self._watch_loading()
        self._watch_answering()
        self._see_off()
        self._try_again()

    def report(self) -> dict[str, Any] | None:
        """As OPA would report it: the revision that answers and, if the newest could not be loaded, why.

        None when an engine should answer and does not.
        """
        answering = self._answering
        state: dict[str, Any] | None = {} if answering is None else answering.state()
        if state is None or (answering is None and not self._refused):
            return None
        self._heard_at = time.monotonic()
        found = {"active_revision": state.get("active_revision", ""), **self._refused}
        return {"labels": {"sidecar": self._setup.name}, "bundles": {BUNDLE: found}}

    def _take_up(self, offered: Offered) -> None:
        """What is in force comes first: decisions may rest on it for as long as the newer one takes, or fails."""
        if offered.in_force:
            self._good = offered
        else:
            self._newest = offered
        loading = self._loading
        if self._answering is None and loading is not None and loading.offered is self._good:
            self._later(offered, 0.0)
        else:
            self._load(offered)

    def _load(self, offered: Offered) -> None:
        """Start an engine for a bundle; one that was loading another has become pointless."""
        self._due.pop(offered.revision, None)
        if self._loading is not None:
            self._loading.end(within_s=0)
            if self._answering is None:
                self._later(self._loading.offered, 0.0)
        self._started += 1
        setup = self._setup
        try:
            self._loading = Engine(setup.opa, setup.folder, self._started, offered, setup.public_key_pem)
        except OSError as error:
            self._loading = None
            self._refuse(offered, {"code": "not started", "message": f"no engine could be started: {error}"})

    def _later(self, offered: Offered, after_s: float) -> None:
        """Only what was offered last and what answered last are worth another try."""
        self._due[offered.revision] = (time.monotonic() + after_s, offered)
        wanted = {o.revision for o in (self._newest, self._good) if o is not None}
        self._due = {revision: due for revision, due in self._due.items() if revision in wanted}

    def _try_again(self) -> None:
        """One at a time, the one that waits longest first."""
        if self._loading is None and self._due:
            at, offered = min(self._due.values(), key=lambda due: due[0])
            if time.monotonic() >= at:
                self._load(offered)

    def _watch_loading(self) -> None:
        engine = self._loading
        if engine is None:
            return
        state = _state_of(engine)
        if state.get("active_revision") == engine.offered.revision:
            self._take_over(engine)
        elif state.get("code"):
            self._loading = None
            engine.end()
            self._refuse(engine.offered, state)

    def _take_over(self, engine: Engine) -> None:
        """The address first, then the report: until it is pinned both revisions are good answers."""
        half = engine.socket.with_name(".opa.sock")
        self._loading = None
        try:
            half.unlink(missing_ok=True)
            half.symlink_to(engine.socket.name)
            half.replace(self._setup.folder / "opa.sock")
        except OSError as error:
            engine.end(within_s=0)
            self._refuse(
                engine.offered, {"code": "no address", "message": f"the address did not move: {error}"}
            )
            return
        before, self._answering, self._good = self._answering, engine, engine.offered
        self._heard_at = time.monotonic()
        self._well_at = self._heard_at + WELL_AFTER_S
        if self._newest is None or engine.offered.revision == self._newest.revision:
            # Otherwise it stands in for a newer one, of which the report goes on to say what is wrong.
            self._refused, self._due = {}, {}
        self._reports.wake()
        if before is not None:
            if self._leaving is not None:
                self._leaving.end(within_s=0)
            self._leaving, self._leave_by = before, time.monotonic() + LEAVE_WITHIN_S
            self._retire_at = time.monotonic() + RETIRE_AFTER_S

    def _refuse(self, offered: Offered, state: dict[str, Any]) -> None:
        """What answers goes on answering; the report says what is wrong with the newest bundle."""
        self._refused = {key: state[key] for key in ("code", "message", "errors") if key in state}
        self._later(offered, AGAIN_AFTER_S)
        say(f"bundle {offered.revision[:12]} was not loaded: {state.get('message')}")
        self._reports.wake()

    def _watch_answering(self) -> None:
        """One that died is started again from the same bundle; one that is hung is replaced by its like."""
        engine = self._answering
        if engine is None:
            return
        if (code := engine.ended()) is None:
            if self._loading is None and time.monotonic() > self._heard_at + SILENT_S:
                say(f"opa says nothing for {SILENT_S:.0f} s, another one is started")
                self._load(engine.offered)
            return
        say(f"opa ended with code {code}, starting it again")
        self._answering = None
        if time.monotonic() >= self._well_at:
            self._pause_s = FIRST_PAUSE_S
        self._later(engine.offered, self._pause_s)
        self._pause_s = min(self._pause_s * 2, LONGEST_PAUSE_S)
        engine.end()

    def _see_off(self) -> None:
        engine = self._leaving
        if engine is not None and time.monotonic() >= self._retire_at:
            # Kept connections are closed as they fall idle; whoever finds one closed takes the new address.
            engine.retire()
            self._retire_at = math.inf
        if engine is not None and (engine.ended() is not None or time.monotonic() >= self._leave_by):
            self._leaving = None
            engine.end(within_s=0)

    def _clear(self) -> None:
        """What an earlier run left behind when it was killed."""
        for file in self._setup.folder.glob("opa-*"):
            file.unlink(missing_ok=True)


def _state_of(engine: Engine) -> dict[str, Any]:
    """What an engine that loads has come to; {} while it is at work."""
    code = engine.ended()
    if code is not None:
        return {
            "code": "ended",
            "message": f"the policy engine ended with code {code} while it loaded the bundle",
        }
    if engine.age_s > LOAD_WITHIN_S:
        return {"code": "late", "message": f"the bundle was not loaded within {LOAD_WITHIN_S:.0f} s"}
    return engine.outcome()
