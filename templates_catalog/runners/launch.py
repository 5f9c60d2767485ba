"""The command line that puts a program into a sandbox: empty environment, own user, limits, bubblewrap."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

MB = 1024 * 1024
# Places inside the sandbox, not on this machine: memory disks of its own.
TEMPORARY, SHARED_MEMORY = "/tmp", "/dev/shm"  # noqa: S108
PATH = "/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin"
MARKER = "PORTCULLIS_RUN"
# Users that no account file names; each step gets one of its own, so that limits count per step.
FIRST_UID, UIDS = 61184, 4096
# Folders of the machine a program may read. Nothing of /etc but the loader's cache and the alternatives.
SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")
SYSTEM_FILES = ("/etc/ld.so.cache", "/etc/alternatives", "/etc/ssl/certs")

# From here on the program dies with its worker. A worker that died before this point is no longer the
# parent, and nothing is started for it.
STILL_OURS = 'test "$PPID" = "$0" && exec "$@"'


@dataclass(frozen=True, slots=True)
class Limits:
    """What one step may use. `memory_bytes` is for all its processes together, the rest as named."""

    memory_bytes: int = 1024 * MB
    address_space_bytes: int = 4096 * MB
    processes: int = 64
    file_bytes: int = 256 * MB
    open_files: int = 512
    workspace_bytes: int = 512 * MB
    temporary_bytes: int = 128 * MB


def missing_tools() -> list[str]:
    """The programs a sandbox is built from that this machine does not have."""
    needed = ("bwrap", "setpriv", "prlimit", "env", "nice", "sh")
    return [name for name in needed if shutil.which(name, path=PATH) is None]


def own_uid() -> int:
    """The user the next program runs as: an unused one when we are root, else ourselves."""
    return FIRST_UID + secrets.randbelow(UIDS) if os.geteuid() == 0 else os.geteuid()


def outer(limits: Limits, uid: int, timeout_s: float) -> list[str]:
    """Everything in front of bubblewrap. `env -i` comes first: without it the worker's own environment
    could be read at /proc/1/environ. Process limits do not bind the superuser, so root steps down."""
    chain = [
        "env",
        "-i",
        f"PATH={PATH}",
        "nice",
        "-n",
        "5",
        "setpriv",
        "--no-new-privs",
        "--pdeathsig",
        "KILL",
    ]
    if os.geteuid() == 0:
        chain += [f"--reuid={uid}", f"--regid={uid}", "--clear-groups"]
    return [
        *chain, "sh", "-c", STILL_OURS, str(os.getpid()), "prlimit",
        f"--nproc={limits.processes + _already_running(uid)}",
        f"--as={limits.address_space_bytes}", f"--fsize={limits.file_bytes}",
        f"--nofile={limits.open_files}", f"--cpu={int(timeout_s) + 5}", "--core=0",
    ]  # fmt: skip


def _already_running(uid: int) -> int:
    """Threads this user runs outside the sandbox; the limit counts them too when we share the user."""
    if os.geteuid() == 0:
        return 0
    count = 0
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and entry.stat().st_uid == uid:
                count += sum(1 for _ in (entry / "task").iterdir())
        except OSError:
            continue  # the process ended while we counted
    return count


def inner(
    limits: Limits, files: Iterable[tuple[str, int]], args_fd: int, marker: str, filter_fd: int | None
) -> list[str]:
    """Bubblewrap itself: new namespaces of every kind, read-only system, sized memory disks, no network.

    files    (path inside, descriptor to read its content from)
    args_fd  descriptor with the NUL-separated part nobody on the machine should read in a process list
    filter_fd  descriptor of the filter of system calls; None where there is none for this machine
    """
    command = [
        "bwrap", "--unshare-user", "--unshare-all", "--disable-userns", "--die-with-parent", "--new-session",
        "--clearenv", "--cap-drop", "ALL", "--uid", "1000", "--gid", "1000", "--hostname", "step",
        "--proc", "/proc", "--dev", "/dev",
        "--size", str(16 * MB), "--tmpfs", SHARED_MEMORY, "--remount-ro", "/dev",
    ]  # fmt: skip
    for folder in SYSTEM:
        command += _system_folder(folder)
    command += ["--perms", "0755", "--dir", "/etc"]
    for file in SYSTEM_FILES:
        command += ["--ro-bind-try", file, file]
    command += ["--perms", "0755", "--size", str(64 * MB), "--tmpfs", "/job"]
    for path, fd in files:
        command += ["--perms", "0444", "--ro-bind-data", str(fd), path]
    command += ["--remount-ro", "/job"]
    command += [
        "--perms", "0755", "--size", str(limits.workspace_bytes), "--tmpfs", "/workspace",
        "--perms", "1777", "--size", str(limits.temporary_bytes), "--tmpfs", TEMPORARY,
        "--remount-ro", "/", "--chdir", "/workspace", "--setenv", MARKER, marker, "--args", str(args_fd),
    ]  # fmt: skip
    return command if filter_fd is None else [*command, "--seccomp", str(filter_fd)]


def _system_folder(folder: str) -> list[str]:
    if os.path.islink(folder):
        return ["--symlink", os.readlink(folder), folder]
    return ["--ro-bind", folder, folder] if os.path.isdir(folder) else []
