"""The front-end bundle: libraries from the lock file, then esbuild into static/dist."""

from __future__ import annotations

import python_packages
from machine import ROOT, CommandFailed, Stop, digest, is_done, mark_done, run, step

STATIC = ROOT / "static"
DIST = STATIC / "dist"
MODULES = STATIC / "node_modules"
LOCK = STATIC / "package-lock.json"


def provide() -> None:
    wanted = digest(
        [path for path in (STATIC / "src").rglob("*") if path.is_file()],
        digest([LOCK, STATIC / "build.mjs"]),
    )
    if is_done(DIST / ".done", wanted):
        return
    env = python_packages.provide_node()
    _libraries(env)
    with step("Front end"):
        try:
            run(["node", "build.mjs"], cwd=STATIC, env=env, timeout_s=300)
        except CommandFailed as failed:
            raise Stop(f"The front end could not be built:\n{failed.output.strip()}") from failed
    mark_done(DIST / ".done", wanted)


def _libraries(env: dict[str, str]) -> None:
    wanted = digest([LOCK])
    if is_done(MODULES / ".done", wanted):
        return
    with step("Front-end libraries"):
        try:
            # Packages run no scripts of theirs; the lock file's digests say what each one must be.
            run(
                ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
                cwd=STATIC,
                env=env,
                timeout_s=900,
            )
        except CommandFailed as failed:
            raise _explain(failed) from failed
    mark_done(MODULES / ".done", wanted)


def _explain(failed: CommandFailed) -> Stop:
    if "EINTEGRITY" in failed.output:
        return Stop(
            "A front-end package is not the one that was pinned, so it was not installed.",
            "Try again on another network; if it stays so, report it. Details: var/log/setup.log",
        )
    if any(
        sign in failed.output
        for sign in ("ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ETIMEDOUT", "not finished after")
    ):
        return Stop(
            "Front-end packages could not be fetched: no npm registry was reached.",
            "Check the network, or point npm at a mirror (npm config set registry …), and run it again.",
        )
    return Stop(
        f"Front-end packages could not be installed: {failed.last_line}", "Details: var/log/setup.log"
    )
