"""Where the opa program is, and what policies may not ask of it."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

OLDEST = (1, 22)
# Built-ins that reach outside, tell the time of the machine or give another answer every time. Those with
# schemas follow a `$ref` to a file of the machine they run on, whatever networks are allowed.
FORBIDDEN = (
    "http.send", "opa.runtime", "time.now_ns", "uuid.rfc4122", "json.match_schema", "json.verify_schema",
    "net.", "rand.",
)  # fmt: skip


class OpaMissing(RuntimeError):
    """No usable opa program was found."""


def find_opa() -> str:
    """The path of opa: OPA_BIN, the PATH, then the cache folder; OpaMissing when there is none."""
    for candidate in _candidates():
        found = version_of(candidate)
        if found is not None and found >= OLDEST:
            return candidate
    raise OpaMissing(
        "No opa of version 1.22 or newer was found in OPA_BIN, on the PATH or in the cache folder. "
        "Run: make setup"
    )


def _candidates() -> Iterator[str]:
    if given := os.environ.get("OPA_BIN"):
        yield given
    if on_path := shutil.which("opa"):
        yield on_path
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    yield from sorted(map(str, cache.glob("portcullis/opa/*/opa")), reverse=True)


@lru_cache(maxsize=8)
def version_of(binary: str) -> tuple[int, int] | None:
    """Major and minor version of an opa program; None when it does not run."""
    try:
        done = subprocess.run(
            [binary, "version"], capture_output=True, text=True, timeout=20, check=False, env={}
        )
    except OSError:
        return None
    found = re.search(r"Version: (\d+)\.(\d+)", done.stdout)
    return (int(found.group(1)), int(found.group(2))) if found else None


def forbidden(builtin: str) -> bool:
    """Whether a built-in is one that no policy may use."""
    return any(builtin.startswith(name) if name.endswith(".") else builtin == name for name in FORBIDDEN)


def _short(node: Any) -> Any:
    """Without what is there for readers: every process reads the file, and half of it are descriptions."""
    if isinstance(node, dict):
        return {key: _short(value) for key, value in node.items() if key not in ("description", "categories")}
    return [_short(v) for v in node] if isinstance(node, list) else node


@lru_cache(maxsize=4)
def capabilities_file(binary: str) -> str:
    """A capabilities file of this opa without the forbidden built-ins and without network."""
    done = subprocess.run(
        [binary, "capabilities", "--current"],
        capture_output=True, text=True, timeout=20, check=True, env={},
    )  # fmt: skip
    capabilities: dict[str, Any] = json.loads(done.stdout)
    capabilities["builtins"] = [_short(b) for b in capabilities["builtins"] if not forbidden(b["name"])]
    capabilities["allow_net"] = []
    handle, path = tempfile.mkstemp(prefix="portcullis-capabilities-", suffix=".json")
    with os.fdopen(handle, "w") as file:
        json.dump(capabilities, file)
    return path
