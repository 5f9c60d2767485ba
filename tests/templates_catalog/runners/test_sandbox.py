"""What a step cannot do: reach the network, the machine's files, the worker's secrets, too much of anything.

Every probe runs twice: as the user of the tests and, when that is root, as somebody without rights.
"""

from __future__ import annotations

import atexit
import functools
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from templates_catalog.ports import Command
from templates_catalog.runners import launch, sandbox
from templates_catalog.runners.sandbox import Sandbox, end_strays

PROBE = Path(__file__).with_name("probe.py")
NOBODY = "61000"

if why := sandbox.why_not():
    pytest.fail(f"these tests need a sandbox: {why}", pytrace=False)


def command_for(who: str) -> list[str]:
    if who == "ourselves":
        return [sys.executable, str(PROBE)]
    drop = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", "--no-new-privs"]
    return [*drop, "/usr/bin/python3", str(readable_by_all())]


@functools.cache
def readable_by_all() -> Path:
    """A copy of the probe and of what it imports: the repository may stand where nobody else may look."""
    root = PROBE.parents[3]
    copy = Path(tempfile.mkdtemp(prefix="pc-probe-"))
    atexit.register(shutil.rmtree, copy, ignore_errors=True)
    shutil.copytree(
        root / "templates_catalog", copy / "templates_catalog", ignore=shutil.ignore_patterns("*.pyc")
    )
    probe = copy / PROBE.relative_to(root)
    probe.parent.mkdir(parents=True)
    shutil.copy(PROBE, probe)
    for path in (copy, *copy.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    return probe


@pytest.fixture(params=["ourselves", "nobody"])
def probe(request):
    """Run a script in the sandbox as ourselves, or as an unprivileged user."""
    if request.param == "nobody" and os.geteuid() != 0:
        pytest.skip("only root can become somebody else; the tests already run without rights")

    def _probe(script: str, **asked: object) -> SimpleNamespace:
        done = subprocess.run(
            command_for(request.param), input=json.dumps({"script": script, **asked}),
            env={"PATH": os.environ["PATH"], "WORKER_SECRET": "s3cr3t-of-the-worker"},
            capture_output=True, text=True, timeout=60, check=False, cwd="/",
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return SimpleNamespace(**json.loads(done.stdout))

    return _probe


def python(source: str) -> str:
    return f"python3 - <<'END'\n{source}\nEND\n"


def test_no_network_of_any_kind_is_reachable(probe):
    with socket.socket() as listener, socket.socket(socket.AF_UNIX) as hidden:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        name = f"\0portcullis-{os.getpid()}"
        hidden.bind(name)
        hidden.listen()
        source = f"""
import socket
def attempt(what, family, address):
    with socket.socket(family) as s:
        s.settimeout(2)
        try:
            s.connect(address)
            print(what, "REACHED")
        except OSError as error:
            print(what, "refused")
attempt("host", socket.AF_INET, ("127.0.0.1", {listener.getsockname()[1]}))
attempt("metadata", socket.AF_INET, ("169.254.169.254", 80))
attempt("abstract", socket.AF_UNIX, {name!r})
try:
    socket.getaddrinfo("example.org", 80); print("dns REACHED")
except OSError:
    print("dns refused")
"""
        said = probe(python(source)).said
    assert said.count("refused") == 4, said
    assert "REACHED" not in said


def test_only_the_system_is_there_and_nothing_of_the_machine(probe):
    script = """
for path in /etc/passwd /etc/shadow /root /home /var /work /run /sys /srv /opt /mnt; do
    [ -e "$path" ] && echo "FOUND $path"
done
for path in /x /usr/x /bin/x /dev/x /job/x /proc/sys/kernel/hostname; do
    (echo y > "$path") 2>/dev/null && echo "WROTE $path"
done
echo done
"""
    assert probe(script).said == "done\n"


def test_the_environment_is_empty_also_that_of_the_first_process(probe):
    found = probe("env; cat /proc/*/environ | tr '\\0' '\\n'")
    assert "s3cr3t" not in found.said
    names = {line.split("=")[0] for line in found.said.splitlines()}
    assert names <= {
        "PATH",
        "HOME",
        "TMPDIR",
        "LANG",
        "PWD",
        "OLDPWD",
        "OUTPUTS_FILE",
        "PORTCULLIS_RUN",
        "_",
        "SHLVL",
    }


def test_there_are_no_capabilities_and_no_way_to_new_ones(probe):
    said = probe(
        "grep -E 'CapEff|CapBnd|NoNewPrivs' /proc/self/status; unshare -U true 2>&1 || echo no namespace"
    ).said
    assert "CapEff:\t0000000000000000" in said
    assert "CapBnd:\t0000000000000000" in said
    assert "NoNewPrivs:\t1" in said
    assert "no namespace" in said


def test_dangerous_services_of_the_kernel_are_closed(probe):
    source = """
import ctypes, errno, os
libc = ctypes.CDLL(None, use_errno=True)
# keyctl, bpf, perf_event_open, io_uring_setup, ptrace, mount
calls = [250, 321, 298, 425, 101, 165] if os.uname().machine == "x86_64" else [219, 280, 241, 425, 117, 40]
for number in calls:
    answer = libc.syscall(number, 0, 0, 0, 0, 0)
    print(number, answer, errno.errorcode.get(ctypes.get_errno()))
print(open("/proc/self/status").read())
"""
    said = probe(python(source)).said
    assert said.count("-1 EPERM") == 6, said
    assert "Seccomp:\t2" in said


def test_a_fork_bomb_is_bounded(probe):
    source = """
import os, time
count = 0
try:
    while count < 5000:
        if os.fork() == 0:
            time.sleep(20); os._exit(0)
        count += 1
except OSError:
    pass
print(count, flush=True)
os._exit(0)
"""
    found = probe(python(source))
    assert int(found.said.splitlines()[-1]) <= launch.Limits().processes
    assert found.seconds < 10


def test_memory_is_bounded_for_one_process_and_for_all_together(probe):
    greedy = "import time; x = bytearray(300 * 1024 * 1024); time.sleep(15)"
    one = probe(python(greedy), memory_mb=128)
    assert one.cause == "memory"
    assert one.seconds < 10
    greedy = "import time; x = bytearray(60 << 20); time.sleep(15)"
    many = f"for i in 1 2 3 4 5 6 7 8; do python3 -c '{greedy}' & done; wait"
    all_together = probe(many, memory_mb=256)
    assert all_together.cause == "memory"
    assert all_together.seconds < 10


def test_every_disk_is_bounded(probe):
    script = """
for place in /tmp /workspace /dev/shm; do
    i=0
    while [ $i -lt 12 ]; do
        dd if=/dev/zero of=$place/$i bs=1M count=100 2>/dev/null || break
        i=$((i + 1))
    done
    echo $place $i
done
"""
    lines = dict(line.split() for line in probe(script).said.splitlines())
    assert int(lines["/tmp"]) <= 1
    assert int(lines["/workspace"]) <= 5
    assert int(lines["/dev/shm"]) == 0


def test_time_is_bounded_by_the_wall(probe):
    found = probe("trap '' TERM INT HUP; sleep 60 & wait", timeout_s=1.0)
    assert found.cause == "timeout"
    assert found.seconds < 3


def test_a_daemon_is_gone_with_its_step(probe):
    marker = f"portcullis-daemon-{os.getpid()}-{time.time_ns()}"
    found = probe(
        f"setsid sh -c 'exec -a {marker} sleep 300' </dev/null >/dev/null 2>&1 &\nsleep 0.2; echo bye"
    )
    assert found.said == "bye\n"
    time.sleep(0.3)
    assert not running(marker)


def running(marker: str) -> list[str]:
    lines = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                lines.append((entry / "cmdline").read_bytes().decode("utf-8", "replace"))
            except OSError:
                continue
    return [line for line in lines if marker in line and "probe.py" not in line]


@pytest.mark.parametrize("who", ["ourselves", "nobody"])
def test_a_step_dies_with_its_worker(who):
    if who == "nobody" and os.geteuid() != 0:
        pytest.skip("only root can become somebody else")
    unique = time.time_ns()
    marker, program = f"orphan-{unique}/1", f"sleep\0300.{unique}"
    for pause in (0.0, 0.005, 0.02, 0.3):
        worker = subprocess.Popen(
            command_for(who), stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True, cwd="/"
        )
        json.dump({"script": f"sleep 300.{unique}", "marker": marker}, worker.stdin)
        worker.stdin.close()
        wait_for(lambda: running(marker))
        time.sleep(pause)
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        wait_for(lambda: not running(program), seconds=2)
    # A sandbox that was only half made runs nothing; the next claim on this machine takes it away.
    time.sleep(0.5)
    assert not running(program)
    end_strays("another run", 1)
    wait_for(lambda: not running(marker), seconds=2)


def test_what_an_older_attempt_left_is_ended_and_a_newer_one_is_not():
    run = f"stray-{time.time_ns()}"
    workers = []
    for fence in (1, 3):
        worker = subprocess.Popen(
            command_for("ourselves"), stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True, cwd="/"
        )
        json.dump({"script": "sleep 300", "marker": f"{run}/{fence}"}, worker.stdin)
        worker.stdin.close()
        workers.append(worker)
    wait_for(lambda: running(f"{run}/1") and running(f"{run}/3"))
    workers[0].send_signal(signal.SIGSTOP)
    assert end_strays(run, 3) >= 1
    wait_for(lambda: not running(f"{run}/1"), seconds=2)
    assert running(f"{run}/3")
    for worker in workers:
        worker.kill()
        worker.wait()


def wait_for(true, seconds=10.0):
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.05)


def test_output_that_never_ends_stops_at_its_cap():
    ended = Sandbox().start(
        Command(program=("/bin/sh", "-c", 'yes | head -c 3000000 > "$OUTPUTS_FILE"'), timeout_s=20.0),
        write=lambda stream, data: None,
        stop=lambda: "",
    )
    assert len(ended.outputs) == 256 * 1024


def test_a_log_that_cannot_be_written_ends_the_program_too():
    def broken(stream, data):
        raise OSError("disk full")

    marker = f"broken-{time.time_ns()}/1"
    with pytest.raises(OSError, match="disk full"):
        Sandbox().start(
            Command(program=("/bin/sh", "-c", "echo x; sleep 300"), timeout_s=20.0, marker=marker),
            write=broken,
            stop=lambda: "",
        )
    wait_for(lambda: not running(marker), seconds=2)


def test_missing_tools_are_named_with_the_way_to_get_them(monkeypatch):
    monkeypatch.setattr(launch, "missing_tools", lambda: ["bwrap"])
    monkeypatch.setattr(sandbox, "_probed", None)
    assert sandbox.why_not() == (
        "steps run only inside a sandbox, and bwrap is not installed; run: sudo apt-get install -y bubblewrap"
    )
    monkeypatch.setattr(sandbox, "_probed", None)


def test_a_sandbox_that_cannot_be_made_is_told_with_its_reason(monkeypatch):
    real = launch.inner
    monkeypatch.setattr(
        launch, "inner", lambda *a: ["sh", "-c", "echo No permissions to create a new namespace; exit 1"]
    )
    monkeypatch.setattr(sandbox, "_probed", None)
    assert "bubblewrap cannot make one here (No permissions" in sandbox.why_not()
    monkeypatch.setattr(launch, "inner", real)
    monkeypatch.setattr(sandbox, "_probed", None)
    assert sandbox.why_not() == ""
