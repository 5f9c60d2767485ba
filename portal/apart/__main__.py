"""`python -m portal.apart SOCKET`: steps back behind pages and saves, then serves drafts."""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path

NICENESS = 5


def main(socket: Path) -> None:
    _step_back()
    # One that was killed leaves its socket behind.
    socket.unlink(missing_ok=True)
    command = [
        sys.executable, "-m", "granian", "--interface", "asgi", "portal.apart.server:application",
        "--uds", str(socket), "--uds-permissions", "0600", "--workers", "1", "--loop", "asyncio",
        "--no-ws", "--respawn-failed-workers", "--workers-kill-timeout", "5", "--log-level", "warning",
    ]  # fmt: skip
    os.execv(command[0], command)  # noqa: S606 (our own interpreter)


def _step_back() -> None:
    os.setpriority(os.PRIO_PROCESS, 0, NICENESS)
    # Linux shares time out between sessions first, where each has a niceness of its own.
    with contextlib.suppress(OSError):
        Path("/proc/self/autogroup").write_text(str(NICENESS))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
