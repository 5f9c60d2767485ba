"""Sockets that keep one deadline for everything: connect, each send and each byte that comes back.

A time-out per read is no time-out at all: a peer that sends one byte at a time never meets it.
"""

from __future__ import annotations

import socket
import ssl
import threading
import time
from typing import Any


class Deadline:
    """A point in time by the monotonic clock, shared by every step of one call."""

    __slots__ = ("_ends",)

    def __init__(self, timeout_ms: float) -> None:
        self._ends = time.monotonic() + timeout_ms / 1000

    def left_s(self) -> float:
        """Seconds that remain. Raises TimeoutError when none do."""
        left = self._ends - time.monotonic()
        if left <= 0:
            raise TimeoutError("the deadline has passed")
        return left


class _Timed:
    """Before each read the socket's own time-out is set to what is left of the deadline."""

    deadline: Deadline | None = None

    def recv_into(self, *words: Any, **named: Any) -> int:
        if self.deadline is not None:
            self.settimeout(self.deadline.left_s())  # type: ignore[attr-defined]
        return int(super().recv_into(*words, **named))  # type: ignore[misc]

    def sendall(self, *words: Any, **named: Any) -> None:
        if self.deadline is not None:
            self.settimeout(self.deadline.left_s())  # type: ignore[attr-defined]
        super().sendall(*words, **named)  # type: ignore[misc]


class TimedSocket(_Timed, socket.socket):
    """A plain socket under a deadline."""


class TimedTlsSocket(_Timed, ssl.SSLSocket):
    """A TLS socket under a deadline; the handshake counts as one step of it."""


def connect_unix(path: str, deadline: Deadline) -> TimedSocket:
    made = TimedSocket(socket.AF_UNIX, socket.SOCK_STREAM)
    return _connect(made, path, deadline)


def connect_tcp(host: str, port: int, deadline: Deadline) -> TimedSocket:
    """The first address of the host that takes a connection. Raises OSError."""
    last: OSError | None = None
    for family, kind, protocol, _, address in _resolve(host, port, deadline):
        made = TimedSocket(family, kind, protocol)
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            return _connect(made, address, deadline)
        except OSError as error:
            last = error
    raise last or OSError(f"no address for {host}")


def wrap_tls(plain: TimedSocket, host: str, deadline: Deadline) -> TimedTlsSocket:
    context = ssl.create_default_context()
    context.sslsocket_class = TimedTlsSocket
    plain.settimeout(deadline.left_s())
    made = context.wrap_socket(plain, server_hostname=host)
    if not isinstance(made, TimedTlsSocket):
        raise TypeError("the TLS context made a socket of another class")
    made.deadline = deadline
    return made


def _connect(made: TimedSocket, address: Any, deadline: Deadline) -> TimedSocket:
    made.deadline = deadline
    try:
        made.settimeout(deadline.left_s())
        made.connect(address)
    except BaseException:
        made.close()
        raise
    return made


def _resolve(host: str, port: int, deadline: Deadline) -> list[Any]:
    """Addresses of a name. The system's resolver knows no deadline: it runs in a thread that may be left."""
    found: list[Any] = []
    failed: list[OSError] = []

    def look_up() -> None:
        try:
            found.extend(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except OSError as error:
            failed.append(error)

    thread = threading.Thread(target=look_up, daemon=True)
    thread.start()
    thread.join(deadline.left_s())
    if failed:
        raise failed[0]
    if not found:
        raise TimeoutError(f"the name {host} was not resolved in time")
    return found
