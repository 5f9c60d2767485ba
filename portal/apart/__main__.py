"""`python -m portal.apart SOCKET COMMAND…`: steps back behind pages and saves, then becomes the server for drafts."""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path

NICENESS = 5


def main(socket: Path, command: list[str]) -> None:
    _step_back()
    # One that was killed leaves its socket behind.
    socket.unlink(missing_ok=True)
    os.execv(command[0], command)  # noqa: S606 (given by the supervisor)


def _step_back() -> None:
    os.setpriority(os.PRIO_PROCESS, 0, NICENESS)
    # Linux shares time out between sessions first, where each has a niceness of its own.
    with contextlib.suppress(OSError):
        Path("/proc/self/autogroup").write_text(str(NICENESS))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
