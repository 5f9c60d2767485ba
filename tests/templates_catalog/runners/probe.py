"""Runs one script in the sandbox and prints how it went as JSON.

Needs nothing but Python, so that it can be started as any user. In: {"script", "timeout_s", "memory_mb",
"marker"} on stdin; out: {"code", "cause", "outputs", "seconds", "said"}.
"""

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from templates_catalog.ports import Command
from templates_catalog.runners.launch import MB, Limits
from templates_catalog.runners.sandbox import Sandbox

asked = json.load(sys.stdin)
said: list[bytes] = []
ended = Sandbox(Limits(memory_bytes=asked.get("memory_mb", 1024) * MB)).start(
    Command(
        program=("/bin/sh", "/job/script"),
        files={"script": asked["script"].encode()},
        timeout_s=asked.get("timeout_s", 20.0),
        marker=asked.get("marker", ""),
    ),
    write=lambda stream, data: said.append(data),
    stop=lambda: "",
)
print(
    json.dumps(
        {
            "code": ended.code,
            "cause": ended.cause,
            "outputs": ended.outputs.decode(),
            "seconds": ended.seconds,
            "said": b"".join(said)[:200_000].decode("utf-8", "replace"),
        }
    )
)
