"""Step Bandit: scans the run's workspace for real, in the sandbox, and fails by severity."""

from __future__ import annotations

import functools
import io
import json
import sys
import tarfile
import threading
from collections.abc import Iterator, Mapping
from importlib import metadata
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement

from templates_catalog.ports import Command
from templates_catalog.runners.launch import MB, Limits
from templates_catalog.runners.steps.job import Job, Result, judged

# Worst first. Bandit itself knows nothing above high.
SEVERITIES = ("critical", "high", "medium", "low")
# Runs inside: the scanner is our own copy, never one from the workspace, and its answer is data.
START = """\
import json, os, subprocess, sys
code = "import sys; sys.path.insert(0, '/tmp/tools'); from bandit.cli.main import main; main()"
done = subprocess.run([sys.executable, '-I', '-c', code, '-r', '/workspace', '-f', 'json', '-q',
                       '-o', '/tmp/findings.json', '--exit-zero'], cwd='/job')
if done.returncode:
    sys.exit(done.returncode)
found = json.load(open('/tmp/findings.json'))
counts, issues = {}, []
for row in found['results']:
    level = row['issue_severity'].lower()
    counts[level] = counts.get(level, 0) + 1
    place = row['filename'].removeprefix('/workspace/')
    print(f"{row['issue_severity']:<6} {row['test_id']} {place}:{row['line_number']}: {row['issue_text']}")
    cwe = (row.get('issue_cwe') or {}).get('id')
    issues.append([row['test_id'], row['issue_text'][:200], row['issue_severity'], f"{place}:{row['line_number']}", cwe])
issues.sort(key=lambda row: ('HIGH', 'MEDIUM', 'LOW').index(row[2]) if row[2] in ('HIGH', 'MEDIUM', 'LOW') else 3)
if len(issues) > 300:
    print('policies see the 300 worst of', len(issues), 'findings')
skipped = [row['filename'].removeprefix('/workspace/') + ': ' + row['reason'] for row in found['errors']]
for line in skipped:
    print('not scanned:', line)
files = len([name for name in found['metrics'] if name != '_totals'])
with open(os.environ['OUTPUTS_FILE'], 'w') as file:
    json.dump({'counts': counts, 'files': files, 'skipped': len(skipped), 'issues': issues[:300]}, file)
"""
UNPACK = """\
command -v python3 > /dev/null || { echo "Bandit needs python3 in /usr/bin or /usr/local/bin"; exit 127; }
mkdir /tmp/tools && tar -x -f /job/tools -C /tmp/tools && exec python3 -I /job/start
"""
_lock = threading.Lock()


def scan(job: Job) -> Result:
    """Failing: findings at or above `advanced.fail_on_severity`; files that could not be read; no answer."""
    if job.workspace is None:
        return Result("ConfigurationFailure", "there is no workspace to scan: the pipeline names no codebase")
    job.say(f"workspace: {job.workspace.name} at commit {job.workspace.commit}, a fresh copy in /workspace")
    job.say(f"bandit {metadata.version('bandit')} in the sandbox, no network")
    ended = job.runner.start(
        Command(
            program=("/bin/sh", "-c", UNPACK),
            files={"start": START.encode(), "tools": tools()},
            workspace=job.workspace.archive,
            timeout_s=job.timeout_s,
            marker=job.marker,
        ),
        write=job.write,
        stop=job.stop,
    )
    result = judged(ended, job.timeout_s, Limits().memory_bytes // MB)
    if result.failed:
        return result
    try:
        found = json.loads(ended.outputs)
    except ValueError:
        return Result("Unknown", "the scanner ended without an answer")
    return _verdict(job, found)


def _verdict(job: Job, found: Mapping[str, Any]) -> Result:
    counts = {level: int(found["counts"].get(level, 0)) for level in SEVERITIES}
    outputs = {level.upper(): str(count) for level, count in counts.items()}
    outputs |= {"INFO": "0", "TOTAL": str(sum(counts.values())), "FILES": str(found["files"])}
    issues = [_issue(*row) for row in found["issues"]]
    said = ", ".join(f"{count} {level}" for level, count in counts.items() if count) or "none"
    job.say(f"{found['files']} files scanned, findings: {said}")
    limit = str((job.spec.get("advanced") or {}).get("fail_on_severity") or "none").lower()
    if limit != "none" and limit not in SEVERITIES:
        known = ", ".join(SEVERITIES)
        return Result("ConfigurationFailure", f"fail_on_severity {limit!r} is none of {known}", outputs)
    if found["skipped"]:
        return Result("Unknown", f"{found['skipped']} files could not be scanned", outputs)
    if limit != "none":
        bad = sum(counts[level] for level in SEVERITIES[: SEVERITIES.index(limit) + 1])
        if bad:
            return Result("Unknown", f"{bad} findings of severity {limit} or worse", outputs, issues)
    return Result(outputs=outputs, issues=issues)


def _issue(test: str, title: str, severity: str, place: str, cwe: int | None) -> dict[str, Any]:
    """A finding as policies see those of every scanner."""
    references = [{"type": "cwe", "id": str(cwe)}] if cwe else []
    return {
        "id": test,
        "title": title,
        "severityCode": severity.capitalize(),
        "occurrences": [{"fileName": place}],
        "details": {"referenceIdentifiers": references},
    }


def tools() -> bytes:
    """The scanner and what it needs as a tar archive: the sandbox need not reach our folders."""
    with _lock:
        return _tools()


@functools.cache
def _tools() -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name in sorted(_closure("bandit")):
            for file in metadata.distribution(name).files or []:
                source = Path(str(file.locate()))
                if _belongs(str(file)) and source.is_file():
                    archive.add(source, arcname=str(file), filter=_plain)
    return buffer.getvalue()


def _closure(name: str) -> set[str]:
    """The package and everything it requires here, without extras."""
    found: set[str] = set()
    waiting = [name]
    while waiting:
        current = waiting.pop()
        if current in found:
            continue
        try:
            required = metadata.distribution(current).requires or []
        except metadata.PackageNotFoundError:
            continue  # required on other platforms only
        found.add(current)
        waiting += list(_names(required))
    return found


def _names(required: list[str]) -> Iterator[str]:
    for line in required:
        requirement = Requirement(line)
        if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
            yield requirement.name


def _belongs(path: str) -> bool:
    ours = f"cpython-{sys.version_info.major}{sys.version_info.minor}"
    if ".." in path or path.startswith("/"):
        return False
    return "__pycache__" not in path or ours in path


def _plain(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    member.mode = 0o644
    return member
