"""How much memory a process and everything it started use, read from /proc."""

from __future__ import annotations

from pathlib import Path


def memory_bytes(pid: int) -> int:
    """Anonymous and shared memory of the whole family; what ended meanwhile counts nothing."""
    total = 0
    waiting = [pid]
    while waiting:
        current = waiting.pop()
        total += _own_bytes(current)
        waiting += _children(current)
    return total


def _own_bytes(pid: int) -> int:
    try:
        text = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace")
    except OSError:
        return 0
    kilobytes = 0
    for line in text.splitlines():
        if line.startswith(("RssAnon:", "RssShmem:")):
            kilobytes += int(line.split()[1])
    return kilobytes * 1024


def _children(pid: int) -> list[int]:
    found: list[int] = []
    try:
        for task in Path(f"/proc/{pid}/task").iterdir():
            found += [int(word) for word in (task / "children").read_text(encoding="ascii").split()]
    except OSError:
        return found
    return found
