"""`make bench`: every measurement, one after the other, each in a process of its own.

python -m bench              all of them, at full size
python -m bench --quick      small sizes, about two minutes; without `hostile`
python -m bench gate logs    only these
"""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
KNOWN = sorted(file.stem for file in Path(__file__).parent.glob("*.py") if not file.stem.startswith("_"))

ONLY_WHEN_NAMED = {"hostile"}


def main(arguments: list[str]) -> int:
    options = [word for word in arguments if word.startswith("-")]
    asked = [word for word in arguments if not word.startswith("-")]
    if not asked:
        asked = [name for name in KNOWN if "--quick" not in options or name not in ONLY_WHEN_NAMED]
        if left_out := sorted(set(KNOWN) - set(asked)):
            print(f"Left out of the quick run, as it takes minutes of its own: {', '.join(left_out)}")
    unknown = sorted(set(asked) - set(KNOWN)) + [word for word in options if word != "--quick"]
    if unknown:
        print(f"Unknown: {', '.join(unknown)}. Known: --quick, {', '.join(KNOWN)}", file=sys.stderr)
        return 2
    failed = []
    for name in asked:
        print(f"\n=== {name}", flush=True)
        began = time.monotonic()
        if subprocess.run(
            [sys.executable, "-m", f"bench.{name}", *options], cwd=ROOT, check=False
        ).returncode:
            failed.append(name)
        print(f"--- {name}: {'FAILED' if name in failed else 'done'} ({time.monotonic() - began:.0f} s)")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
