"""Parse, check, format, evaluate and test Rego in a separate, limited process.

Drafts never reach the engine that decides. Every call here is one short-lived `opa` with an empty
environment, 2 s of processor time, 512 MB of memory, 16 MB of answer and a limit on the clock; a
hostile draft gives "did not finish in 2 s" and nobody else notices.
"""

from __future__ import annotations

import hashlib
import json
import re
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from governance.engines import limited
from governance.engines.limited import Limits as Limits
from governance.engines.opa_binary import capabilities_file, find_opa, forbidden
from governance.errors import Problem

POLICY = "policy.rego"
# Lists and objects of a syntax tree inside each other; policies that people write stay below a hundred.
MOST_NESTED = 400
# Characters of a syntax tree, as some 50 kB of Rego have: ten times the largest starter policy. Reading one takes
# our own time, which the limits of the process do not count: about a second for this much.
MOST_TREE = 4_000_000
TOO_LARGE = "The policy has too many rules and expressions to be read. Split it into several."
TOO_DEEP = "The policy is nested too deeply, or holds too long a number, to be read. Give parts of it names of their own."
DRAFT = Limits()
BULK = Limits(cpu_s=60, wall_s=90, memory_mb=2048, bulk=True)  # for our own modules over many documents


class OpaFailed(ValueError):
    """The module is not right; `problems` say what, with line and column."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(str(problem) for problem in problems))
        self.problems = list(problems)


class DidNotFinish(OpaFailed):
    """The call used more time, memory or answer than it may."""


@dataclass(frozen=True)
class TestRun:
    """What the tests of a module gave. Lines are 1-based, by file."""

    __test__ = False
    passed: list[str]
    failed: list[str]
    covered: Mapping[str, list[int]] = field(default_factory=dict)
    uncovered: Mapping[str, list[int]] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        return bool(self.passed) and not self.failed


def check(
    text: str,
    *,
    others: Mapping[str, str] | None = None,
    strict: bool = True,
    schema: Mapping[str, Any] | None = None,
) -> list[Problem]:
    """Problems of a module: syntax, types, strictness, forbidden built-ins. [] is fine.

    `others` are modules it may refer to, by file name; `schema` is a JSON Schema of the input.
    """
    if "METADATA" in text and (found := _schemas_of_its_own(text)):
        return found
    flags = ["--strict"] if strict else []
    with _Folder({**(others or {}), POLICY: text}) as folder:
        if schema is not None:
            folder.write("schema.json", json.dumps(schema))
            flags += ["--schema", "schema.json"]
        names = [*(others or {}), POLICY]
        capabilities = ["--capabilities", capabilities_file(find_opa())]
        try:
            done = folder.run(["check", "--format", "json", *capabilities, *flags, *names], DRAFT)
        except DidNotFinish as error:
            return error.problems
        return [] if done.returncode == 0 else _problems(done)


def _schemas_of_its_own(text: str) -> list[Problem]:
    """Annotations that name schemas: those are fetched while compiling, from files as well."""
    try:
        annotations = parse(text).get("annotations") or []
    except OpaFailed as error:
        return error.problems
    return [
        Problem("Annotations may not bring schemas: they are read from other places.", line=_row_of(a))
        for a in annotations
        if a.get("schemas")
    ]


def _row_of(node: Mapping[str, Any]) -> int:
    return int((node.get("location") or {}).get("row", 0))


def failing(
    modules: Mapping[str, str], *, others: Mapping[str, str] | None = None, limits: Limits = DRAFT
) -> set[str]:
    """Names of the modules (text by file name) that do not compile, found in few processes."""
    wrong: set[str] = set()
    with _Folder({**(others or {}), **modules}) as folder:
        for _ in range(4):  # parse errors hide type errors, and those hide others
            names = [name for name in modules if name not in wrong]
            if not names:
                break
            flags = ["--format", "json", "--max-errors", "1000"]
            done = folder.run(["check", *flags, *(others or {}), *names], limits)
            if done.returncode == 0:
                break
            found = set(re.findall(r'"file": "([^"]+)"', done.stderr + done.stdout))
            wrong |= found & set(names) or set(names)
    return wrong


def fmt(text: str) -> str:
    """The module as `opa fmt` writes it; OpaFailed when it does not parse."""
    with _Folder({POLICY: text}) as folder:
        return _good(folder.run(["fmt", POLICY], DRAFT)).stdout


def parse(text: str) -> dict[str, Any]:
    """The syntax tree with locations; OpaFailed when it does not parse."""
    with _Folder({POLICY: text}) as folder:
        flags = ["--format", "json", "--json-include", "locations,comments"]
        done = _good(folder.run(["parse", *flags, POLICY], DRAFT))
    if len(done.stdout) > MOST_TREE:
        raise OpaFailed([Problem(TOO_LARGE)])
    try:
        tree: dict[str, Any] = json.loads(done.stdout)
    except (RecursionError, ValueError):
        # Python reads no numbers of more than 4,300 digits.
        raise OpaFailed([Problem(TOO_DEEP)]) from None
    if _deeper_than(MOST_NESTED, tree):
        raise OpaFailed([Problem(TOO_DEEP)])
    _remember(text, tree)
    return tree


def _deeper_than(most: int, tree: Any) -> bool:
    """Whether lists and objects stand in each other more than so many times; without recursion itself."""
    level, deep = [tree], 0
    while level:
        deep += 1
        if deep > most:
            return True
        inside = [list(n.values()) if isinstance(n, dict) else n for n in level if isinstance(n, dict | list)]
        level = [child for children in inside for child in children if isinstance(child, dict | list)]
    return False


def modernise(text: str) -> tuple[str, bool]:
    """A module of Rego v0 as v1 alone, and whether it was v0; one of v1 comes back formatted. OpaFailed when it
    is neither."""
    with _Folder({POLICY: text}) as folder:
        first = folder.run(["fmt", "--v0-v1", POLICY], DRAFT)
        if first.returncode != 0:
            # Not v0, so it is v1 or nothing.
            return _without_v0_imports(folder) or fmt(text), False
        was_v0 = folder.run(["fmt", "--list", POLICY], DRAFT).returncode != 0
        folder.write(POLICY, first.stdout)
        return _without_v0_imports(folder) or first.stdout, was_v0


def _without_v0_imports(folder: _Folder) -> str:
    """ "" when that cannot be."""
    done = folder.run(["fmt", "--drop-v0-imports", POLICY], DRAFT)
    return done.stdout if done.returncode == 0 else ""


def evaluate(
    text: str,
    documents: Sequence[Any],
    *,
    others: Mapping[str, str] | None = None,
    limits: Limits = DRAFT,
) -> list[set[str]]:
    """The messages of `deny` for every input document, in their order, in one process.

    A failing built-in is an error, as in the gate. Raises OpaFailed or DidNotFinish.
    """
    return [set(map(message_of, _as_list(found))) for found in
            evaluate_rule(text, "deny", documents, others=others, limits=limits)]  # fmt: skip


def evaluate_rule(
    text: str,
    rule: str,
    documents: Sequence[Any],
    *,
    others: Mapping[str, str] | None = None,
    limits: Limits = DRAFT,
    strict: bool = True,
) -> list[Any]:
    """The value of one rule of the module for every input document; None where undefined.

    strict  a failing built-in is an error; otherwise what it gives is undefined
    """
    query = _for_each(text, rule)
    with _Folder({**(others or {}), POLICY: text}) as folder:
        folder.write("input.json", json.dumps(list(documents)))
        files = [flag for name in (*(others or {}), POLICY) for flag in ("--data", name)]
        capabilities = ["--capabilities", capabilities_file(find_opa())]
        done = _good(
            folder.run(
                ["eval", "--format", "json", *(["--strict-builtin-errors"] if strict else []),
                 *capabilities, *files, "--input", "input.json", query], limits,
            )
        )  # fmt: skip
    answer = _read(done.stdout)
    values: dict[str, Any] = answer["result"][0]["expressions"][0]["value"]
    return [values.get(str(i)) for i in range(len(documents))]


def evaluate_reaching(
    text: str,
    documents: Sequence[Any],
    *,
    others: Mapping[str, str] | None = None,
    limits: Limits = DRAFT,
) -> tuple[list[set[str]], list[int], list[int]]:
    """As `evaluate`, with the lines of the module that all documents together reached, and those they did not.

    Telling lines takes the engine several times as long, so ask it about few documents.
    """
    found, reached, missed = ask(
        _for_each(text, "deny"), {**(others or {}), POLICY: text}, list(documents), limits=limits
    )
    said = [set(map(message_of, _as_list(found.get(str(i))))) for i in range(len(documents))]
    return said, reached.get(POLICY, []), missed.get(POLICY, [])


def _for_each(text: str, rule: str) -> str:
    """A query for the value of a rule of the module on each of a list of inputs, by its number."""
    return (
        f'{{sprintf("%d", [i]): found | some i, document in input; '
        f"found := {reference(package_of(text))}[{json.dumps(rule)}] with input as document}}"
    )


def ask(
    query: str, modules: Mapping[str, str], given: Any, *, limits: Limits = DRAFT
) -> tuple[Any, Mapping[str, list[int]], Mapping[str, list[int]]]:
    """The value of a query over modules (text by file name), None where undefined; lines reached, and not.

    A failing built-in is an error, as in the gate. Raises OpaFailed or DidNotFinish.
    """
    with _Folder(modules) as folder:
        folder.write("input.json", json.dumps(given))
        files = [flag for name in modules for flag in ("--data", name)]
        capabilities = ["--capabilities", capabilities_file(find_opa())]
        arguments = ["eval", "--format", "json", "--coverage", "--strict-builtin-errors", *capabilities]
        done = _good(folder.run([*arguments, *files, "--input", "input.json", query], limits))
    answer = _read(done.stdout)
    found = answer.get("result") or []
    covered = answer.get("coverage", {}).get("files") or {}
    value = found[0]["expressions"][0]["value"] if found else None
    return value, _lines(covered, "covered"), _lines(covered, "not_covered")


def evaluation_ms(
    text: str,
    document: Any,
    *,
    others: Mapping[str, str] | None = None,
    limits: Limits = DRAFT,
    runs: int = 2,
    package: Sequence[str] = (),
) -> float:
    """Milliseconds the engine itself takes to decide one document, the best of so many runs."""
    query = f"{reference(package or package_of(text))}.deny"
    with _Folder({**(others or {}), POLICY: text}) as folder:
        files = [flag for name in (*(others or {}), POLICY) for flag in ("--data", name)]
        folder.write("input.json", json.dumps(document))
        arguments = ["eval", "--format", "json", "--metrics", "--capabilities", capabilities_file(find_opa()),
                     *files, "--input", "input.json", query]  # fmt: skip
        took = [json.loads(_good(folder.run(arguments, limits)).stdout) for _ in range(runs)]
    return min(float(run["metrics"]["timer_rego_query_eval_ns"]) for run in took) / 1e6


def slowest_line(
    text: str, document: Any, *, others: Mapping[str, str] | None = None, limits: Limits = DRAFT
) -> tuple[int, str]:
    """Number and text of the line that takes most of the time for one document; (0, "") when unknown."""
    query = f"{reference(package_of(text))}.deny"
    with _Folder({**(others or {}), POLICY: text}) as folder:
        files = [flag for name in (*(others or {}), POLICY) for flag in ("--data", name)]
        folder.write("input.json", json.dumps(document))
        arguments = ["eval", "--format", "json", "--profile", "--profile-limit", "50",
                     "--capabilities", capabilities_file(find_opa()), *files,
                     "--input", "input.json", query]  # fmt: skip
        answer = json.loads(_good(folder.run(arguments, limits)).stdout)
    spent: dict[int, int] = {}
    for row in answer.get("profile") or []:
        if row.get("location", {}).get("file") == POLICY:
            at = int(row["location"]["row"])
            spent[at] = spent.get(at, 0) + int(row["total_time_ns"])
    if not spent:
        return 0, ""
    line = max(spent, key=lambda at: spent[at])
    return line, text.splitlines()[line - 1].strip()[:200]


def run_tests(modules: Mapping[str, str], *, limits: Limits = DRAFT) -> TestRun:
    """Run the `test_` rules of the modules (text by file name) and tell which lines they reach."""
    with _Folder(modules) as folder:
        capabilities = ["--capabilities", capabilities_file(find_opa())]
        done = folder.run(["test", "--format", "json", *capabilities, "."], limits)
        if done.returncode not in (0, 2):
            raise OpaFailed(_problems(done))
        tests = json.loads(done.stdout or "[]") or []
        failed = [t["name"] for t in tests if t.get("fail") or t.get("error")]
        passed = [t["name"] for t in tests if not (t.get("fail") or t.get("error"))]
        if not tests:
            return TestRun([], [])
        report = folder.run(["test", "--coverage", "--format", "json", *capabilities, "."], limits)
        files = json.loads(report.stdout or "{}").get("files", {})
        return TestRun(passed, failed, _lines(files, "covered"), _lines(files, "not_covered"))


def package_of(text: str) -> tuple[str, ...]:
    """The package path of a module; OpaFailed when it does not parse."""
    if (known := _packages.get(_digest(text))) is not None:
        return known
    return _remember(text, parse(text))


def _remember(text: str, tree: Mapping[str, Any]) -> tuple[str, ...]:
    if len(_packages) > MOST_REMEMBERED:
        _packages.clear()
    found = tuple(part["value"] for part in tree["package"]["path"][1:])
    _packages[_digest(text)] = found
    return found


# By the text's digest: everything that decides with a module asks for its package, and reading takes a process.
_packages: dict[bytes, tuple[str, ...]] = {}
MOST_REMEMBERED = 1000


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


def reference(package: Sequence[str]) -> str:
    """A package path as a reference in data."""
    return "data" + "".join(f"[{json.dumps(part)}]" for part in package)


def message_of(found: Any) -> str:
    """One entry of `deny` as a message: a text, or the `msg` of a structured violation."""
    if isinstance(found, str):
        return found
    if isinstance(found, Mapping) and isinstance(found.get("msg"), str):
        return str(found["msg"])
    return "denied" if found is True else json.dumps(found, sort_keys=True)


def _as_list(found: Any) -> list[Any]:
    """`deny` as a list: sets as they are, true and texts as one entry, false and null as none."""
    if found is None or found is False:
        return []
    if isinstance(found, list):
        return found
    if isinstance(found, Mapping):  # an object of messages, as partial objects give
        return list(found) if all(v is True for v in found.values()) else [found]
    return [found]


class _Folder:
    """A folder of one call with the modules in it; nothing stays behind."""

    def __init__(self, files: Mapping[str, str]) -> None:
        self._temporary = tempfile.TemporaryDirectory(prefix="portcullis-rego-")
        self.path = Path(self._temporary.name)
        for name, text in files.items():
            self.write(name, text)

    def __enter__(self) -> _Folder:
        return self

    def __exit__(self, *_: object) -> None:
        self._temporary.cleanup()

    def write(self, name: str, text: str) -> None:
        (self.path / name).write_text(text, encoding="utf-8")

    def run(self, arguments: list[str], limits: Limits) -> limited.Done:
        """Run opa in the folder under the limits; DidNotFinish when it exceeds one."""
        environment = {"GOMEMLIMIT": f"{limits.memory_mb * 3 // 4}MiB", "GOMAXPROCS": "2"}
        # Most processes end before collecting pays.
        environment["GOGC"] = "400"
        try:
            done = limited.run([find_opa(), *arguments], self.path, limits, environment)
        except limited.TooLong:
            raise DidNotFinish([_too_long(limits)]) from None
        if any(sign in done.stderr for sign in ("fatal error:", "runtime: ", "\ngoroutine ")):
            # The runtime of opa gives up in several ways when it may have no more memory.
            raise DidNotFinish(
                [Problem(f"The policy needs more than {limits.memory_mb} MB. Build smaller sets.")]
            )
        return done


def _too_long(limits: Limits) -> Problem:
    return Problem(
        f"The policy did not finish in {limits.cpu_s:.0f} s. Look for loops over large ranges and "
        "for products of collections, and bound them."
    )


def _read(answer: str) -> Any:
    """What opa printed, as JSON; OpaFailed for values in each other without end."""
    try:
        return json.loads(answer)
    except (RecursionError, ValueError):
        raise OpaFailed([Problem("What the policy answers cannot be read: it is nested too deeply, or a number in it "
                                 "is too long.")]) from None  # fmt: skip


def _good(done: limited.Done) -> limited.Done:
    if done.returncode != 0:
        raise OpaFailed(_problems(done))
    return done


def _problems(done: limited.Done) -> list[Problem]:
    """Problems from what opa printed, as JSON or as text."""
    for text in (done.stderr, done.stdout):
        try:
            errors = json.loads(text).get("errors", [])
        except (ValueError, AttributeError):
            continue
        if errors:
            return [_problem(error) for error in errors]
    found = [
        Problem(_explained(m.group(3)), line=int(m.group(1)), column=int(m.group(2) or 0))
        for m in re.finditer(rf"{POLICY}:(\d+)(?::(\d+))?: (.+)", done.stderr + done.stdout)
    ]
    return found or [Problem((done.stderr or done.stdout).strip()[:2000] or "opa failed")]


def _problem(error: Mapping[str, Any]) -> Problem:
    where = error.get("location") or {}
    message = str(error.get("message", "")).strip()
    return Problem(_explained(message), line=where.get("row", 0), column=where.get("col", 0))


def _explained(message: str) -> str:
    """OPA's message with what to do about it, where that is known."""
    found = re.search(r"undefined function ([\w.]+)", message)
    if found and forbidden(found.group(1)):
        return (
            f"{found.group(1)} is not available to policies. Take the time from "
            "input.metadata.timestamp and everything else from the input."
        )
    return message


def _lines(files: Mapping[str, Any], key: str) -> dict[str, list[int]]:
    return {name: _rows(entry.get(key) or []) for name, entry in files.items()}


def _rows(spans: Sequence[Mapping[str, Any]]) -> list[int]:
    found = (range(span["start"]["row"], span["end"]["row"] + 1) for span in spans)
    return sorted({row for rows in found for row in rows})
