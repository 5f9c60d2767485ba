"""Rego from elsewhere, v0 or v1, as drafts of v1: what each file says, and what could not be understood."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from governance import kinds, rego_text
from governance.authoring.compile import library_source
from governance.authoring.explain import Sentence, explain_rego
from governance.engines import limited, opa_cli, places
from governance.errors import Busy, Invalid, Problem
from governance.policy_checks import CPU_S, MAX_REGO_BYTES

MOST_FILES = 100
MOST_BYTES = 4 * 1024 * 1024
TOO_MUCH = f"at most {MOST_FILES} files and {MOST_BYTES // 1024 // 1024} MB in one import"
NO_TIME = "There was no time to read it with the others; bring it in once more."


@dataclass(frozen=True, slots=True)
class Found:
    """One file. rego: as v1, formatted, "" when it is no Rego; guessed: nothing in it names its entity.

    problems  why it cannot be kept as it is; sentences: what it says, each with its lines
    unread    there was no time for it, and nothing is known of it
    """

    file: str
    identifier: str
    entity: str
    rego: str
    guessed: bool = False
    was_v0: bool = False
    problems: list[Problem] = field(default_factory=list)
    sentences: list[Sentence] = field(default_factory=list)
    unread: bool = False

    @property
    def understood(self) -> list[Sentence]:
        return [s for s in self.sentences if s.understood]

    @property
    def not_understood(self) -> list[Sentence]:
        return [s for s in self.sentences if not s.understood]


def read(files: Mapping[str, str | bytes], *, taken: Collection[str] = ()) -> list[Found]:
    """Every .rego file (by path) as a policy of its own, in the order of their paths; tests are left out.

    taken  identifiers that are in use; each file gets one that is free
    Raises Invalid when there is nothing to read, or more than one call may bring.
    """
    wanted = {name: _bytes(text) for name, text in sorted(files.items()) if is_policy(name)}
    if not wanted:
        raise Invalid(["there is no .rego file with a policy in it (tests, *_test.rego, are not imported)"])
    if len(wanted) > MOST_FILES or sum(len(t) for t in wanted.values()) > MOST_BYTES:
        raise Invalid([TOO_MUCH])
    names = _names(wanted, set(taken))
    with ThreadPoolExecutor(places.for_drafts()) as readers:
        # What somebody waits for ends in time for the readers as well.
        reading = [
            readers.submit(copy_context().run, _read_in_time, file, text, names[file])
            for file, text in wanted.items()
        ]
        found = [each.result() for each in reading]
    if all(f.unread for f in found):
        raise Busy
    return found


def _bytes(text: str | bytes) -> bytes:
    return text.encode() if isinstance(text, str) else text


def _read_in_time(file: str, text: bytes, identifier: str) -> Found:
    try:
        with limited.budget(CPU_S):
            return _read(file, text.decode(), identifier)
    except UnicodeDecodeError:
        return Found(
            file, identifier, "pipeline", "", guessed=True, problems=[Problem("it is not text in UTF-8")]
        )
    except Busy:
        problems = [Problem(NO_TIME)]
        return Found(file, identifier, "pipeline", "", guessed=True, problems=problems, unread=True)


def is_policy(name: str) -> bool:
    """Whether a file of that name is read at all."""
    return name.endswith(".rego") and not name.endswith("_test.rego")


def _names(files: Iterable[str], taken: set[str]) -> dict[str, str]:
    found = {}
    for file in files:
        path = PurePosixPath(file)
        stem = re.sub(r"[^0-9a-zA-Z_]+", "_", path.stem).strip("_") or "policy"
        if stem in ("policy", "main", "rules") and path.parent.name:
            stem = re.sub(r"[^0-9a-zA-Z_]+", "_", path.parent.name).strip("_") or stem
        name = stem = (f"_{stem}" if stem[0].isdigit() else stem)[:120]
        number = 2
        while name in taken:
            name, number = f"{stem}_{number}", number + 1
        taken.add(name)
        found[file] = name
    return found


def _read(file: str, text: str, identifier: str) -> Found:
    if len(text.encode()) > MAX_REGO_BYTES:
        problem = Problem(f"longer than {MAX_REGO_BYTES // 1024} kB")
        return Found(file, identifier, "pipeline", "", guessed=True, problems=[problem])
    try:
        rego, was_v0 = opa_cli.modernise(text)
        tree = opa_cli.parse(rego)
    except opa_cli.OpaFailed as error:
        return Found(file, identifier, "pipeline", "", guessed=True, problems=error.problems)
    entity = entity_of(tree)
    problems = opa_cli.check(rego, others={"library.rego": library_source()}) or rego_text.problems(tree)
    return Found(
        file=file,
        identifier=identifier,
        entity=entity or "pipeline",
        rego=rego,
        guessed=not entity,
        was_v0=was_v0,
        problems=problems,
        sentences=explain_rego(tree),
    )


def entity_of(tree: Mapping[str, Any]) -> str:
    """The kind a module speaks about: by what it reads of `input`, else by its package; "" when unknown."""
    roots = {kind.root or kind.name: kind.name for kind in kinds.known().values() if kind.events}
    read_roots = [key for key in _input_keys(tree) if key in roots]
    if read_roots:
        return roots[max(set(read_roots), key=read_roots.count)]
    packages = {kind.package or kind.name: kind.name for kind in kinds.known().values() if kind.events}
    for part in reversed([str(term["value"]) for term in tree["package"]["path"][1:]]):
        if part in packages:
            return packages[part]
    return ""


def _input_keys(node: Any) -> Iterator[str]:
    """First keys under `input` in a syntax tree."""
    if isinstance(node, Mapping):
        value = node.get("value")
        if node.get("type") == "ref" and isinstance(value, list) and len(value) > 1:
            head, key = value[0], value[1]
            if head.get("value") == "input" and key.get("type") == "string":
                yield str(key["value"])
        for child in node.values():
            yield from _input_keys(child)
    elif isinstance(node, list):
        for child in node:
            yield from _input_keys(child)
