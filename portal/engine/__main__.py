"""python -m portal.engine SETUP.json: keeps a policy engine behind `opa.sock` until it is told to stop."""

from __future__ import annotations

import json
import signal
import sys
import threading
from pathlib import Path

from portal.engine.changeover import Changeover, Setup


def main(arguments: list[str]) -> int:
    if len(arguments) != 1:
        print("Usage: python -m portal.engine SETUP.json", file=sys.stderr)
        return 2
    given = json.loads(Path(arguments[0]).read_text(encoding="utf-8"))
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    Changeover(Setup(**{**given, "folder": Path(given["folder"])})).run(stop.is_set)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
