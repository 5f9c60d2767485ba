"""The repository of a run, archived at one commit. Only local repositories under allow-listed folders."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any
from urllib.parse import unquote, urlsplit

GIT_TIMEOUT_S = 60
LARGEST_ARCHIVE_BYTES = 400 * 1024 * 1024
COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
# A branch, tag or commit as people write it; never something git could read as an option or a range.
REVISION = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_./-]{0,200}")


class WorkspaceError(Exception):
    """The workspace cannot be made; the message says what to change."""


@dataclass(frozen=True, slots=True)
class Workspace:
    """name: of the repository, as shown; commit: full hash; tar: an open tar file of that commit.

    The file has no name on disk, so it is gone with the process that opened it, however that ends.
    """

    name: str
    commit: str
    tar: IO[bytes]
    branch: str = ""

    @property
    def archive(self) -> Path:
        """A path under which this process, and only it, can open the tar file anew."""
        return Path(f"/proc/self/fd/{self.tar.fileno()}")


def repository(connector: Mapping[str, Any], repo_name: str, allowed: Sequence[Path]) -> Path:
    """The local repository a Git connector names. Raises WorkspaceError.

    connector: the document's body, {"type": "Git", "spec": {"url", "connectionType"}}; an account-wide
    connector names a folder, and `repo_name` the repository in it.
    """
    spec = connector.get("spec") or {}
    url = str(spec.get("url", ""))
    parts = urlsplit(url)
    local = parts.scheme in ("", "file") and parts.netloc in ("", "localhost")
    if connector.get("type") != "Git" or not local:
        raise WorkspaceError(
            f"connector {connector.get('identifier')!r} ({connector.get('type')}, {url}) is not a local Git"
            " repository; runs have no network, so only connectors of type Git with a file:// address work"
        )
    folder = Path(unquote(parts.path))
    if repo_name and (spec.get("connectionType") == "Account" or not _is_repository(folder)):
        folder = folder / repo_name
    found = Path(os.path.realpath(folder))
    if not any(found.is_relative_to(Path(os.path.realpath(root))) for root in allowed):
        raise WorkspaceError(
            f"{folder} is not below a folder that runs may read; an operator can add it to GIT_ALLOWED_PATHS"
        )
    if not _is_repository(found):
        raise WorkspaceError(f"there is no Git repository at {folder}")
    return found


def _is_repository(folder: Path) -> bool:
    return (folder / ".git").is_dir() or ((folder / "HEAD").is_file() and (folder / "objects").is_dir())


def commit_of(folder: Path, build: Mapping[str, Any] | None) -> tuple[str, str]:
    """(full hash, branch) of what `build` names, the default branch without one. Raises WorkspaceError."""
    kind = (build or {}).get("type", "")
    spec = (build or {}).get("spec") or {}
    wanted = str(spec.get(kind) or "HEAD") if kind in ("branch", "tag", "commitSha") else "HEAD"
    if not REVISION.fullmatch(wanted) or ".." in wanted:
        raise WorkspaceError(f"{wanted!r} is not the name of a branch, tag or commit")
    prefix = {"branch": "refs/heads/", "tag": "refs/tags/"}.get(kind, "") if wanted != "HEAD" else ""
    try:
        name = f"{prefix}{wanted}^{{commit}}"
        found = _git(folder, "rev-parse", "--verify", "--quiet", "--end-of-options", name)
    except WorkspaceError as error:
        raise WorkspaceError(f"{folder.name} has no {kind or 'commit'} {wanted!r}") from error
    commit = found.decode().strip()
    if not COMMIT.fullmatch(commit):
        raise WorkspaceError(f"{folder.name}: git answered {commit[:80]!r} for {wanted!r}")
    return commit, wanted if kind == "branch" else ""


def archive(folder: Path, commit: str) -> IO[bytes]:
    """The tree of a commit as a tar file; nothing of the repository's own folder is in it."""
    file = tempfile.TemporaryFile(prefix="portcullis-")  # noqa: SIM115  (the run closes it)
    try:
        _git(folder, "archive", "--format=tar", commit, into=file)
        if os.fstat(file.fileno()).st_size > LARGEST_ARCHIVE_BYTES:
            raise WorkspaceError(f"{folder.name} is larger than {LARGEST_ARCHIVE_BYTES // 1024**2} MB")
    except BaseException:
        file.close()
        raise
    return file


def _git(folder: Path, *arguments: str, into: IO[bytes] | None = None) -> bytes:
    program = shutil.which("git")
    if program is None:
        raise WorkspaceError("git is not installed on this machine; run: sudo apt-get install -y git")
    command = [
        program, "-c", f"safe.directory={folder}", "-c", "core.fsmonitor=false",
        "-c", "core.hooksPath=/dev/null", "-C", str(folder), *arguments,
    ]  # fmt: skip
    clean = {"PATH": os.defpath, "LC_ALL": "C", "GIT_CONFIG_NOSYSTEM": "1", "GIT_TERMINAL_PROMPT": "0"}
    try:
        done = subprocess.run(
            command, env=clean, stdout=into or subprocess.PIPE, stderr=subprocess.PIPE,
            timeout=GIT_TIMEOUT_S, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise WorkspaceError(f"git did not finish within {GIT_TIMEOUT_S} s on {folder.name}") from error
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines() or [f"exit code {done.returncode}"]
        raise WorkspaceError(f"git {arguments[0]} failed on {folder.name}: {said[0][:300]}")
    return done.stdout or b""
