"""What is asked in an exam: requests, and the documents on which a right policy decides so; read from JSON lines."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, Field, ValidationError, model_validator

from governance.errors import Invalid, Problem

SHIPPED = Path(__file__).with_name("papers")
MOST_BYTES = 8 * 1024 * 1024
MOST_ITEMS = 2_000
MOST_PROBLEMS = 20
PRINTABLE = r"^[^\x00-\x1f\x7f]*$"
# Items that a person would have to be asked about are reported apart from those that can be decided.
TO_BE_ASKED = "to be asked"


class Case(BaseModel):
    """A document, and whether a right policy refuses it."""

    name: str = Field(default="", max_length=200)
    input: Any
    expect: Literal["deny", "allow"]


class Item(BaseModel):
    """One request with its cases, or one that cannot be decided without asking."""

    id: str = Field(min_length=1, max_length=128, pattern=PRINTABLE)
    category: str = Field(default="other", max_length=64, pattern=PRINTABLE)
    prompt: str = Field(min_length=1, max_length=10_000)
    expect_clarify: bool = False
    cases: list[Case] = Field(default_factory=list, max_length=200)

    @model_validator(mode="after")
    def decidable_or_to_be_asked(self) -> Item:
        if bool(self.cases) == self.expect_clarify:
            raise ValueError("give either cases, or expect_clarify: true")
        return self

    @property
    def group(self) -> str:
        return TO_BE_ASKED if self.expect_clarify else self.category


@dataclass(frozen=True, slots=True)
class Paper:
    """The items of a file and the facts of the installation they speak about.

    sha256, world_sha256  of the file's and of the facts' text: the same two are the same exam
    """

    name: str
    content: str
    world: dict[str, Any]
    items: tuple[Item, ...]

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content.encode()).hexdigest()

    @property
    def world_sha256(self) -> str:
        return hashlib.sha256(json.dumps(self.world, sort_keys=True).encode()).hexdigest()


def read(name: str, content: str, world: dict[str, Any]) -> Paper:
    """A paper from JSON lines. Raises Invalid, which names each line that is no item."""
    if len(content) > MOST_BYTES:
        raise Invalid([f"{name}: larger than {MOST_BYTES // 1024 // 1024} MB"])
    if "\x00" in content or not _can_be_kept(world):
        raise Invalid([f"{name} or its facts hold a character that cannot be kept (U+0000, half a pair)"])
    lines = [(n, line) for n, line in enumerate(content.splitlines(), 1) if line.strip()]
    if not lines or len(lines) > MOST_ITEMS:
        raise Invalid(
            [f"{name}: an exam has from 1 to {MOST_ITEMS} items, one a line; here are {len(lines)}"]
        )
    problems: list[Problem] = []
    items = []
    for number, line in lines:
        try:
            items.append(Item.model_validate(json.loads(line)))
        except (ValueError, RecursionError) as error:
            problems.append(Problem(_why(error), line=number))
    twice = [key for key, count in Counter(item.id for item in items).items() if count > 1]
    problems += [Problem(f"two items are called {key!r}") for key in twice]
    if problems:
        raise Invalid(problems[:MOST_PROBLEMS])
    return Paper(name, content, world, tuple(items))


def _can_be_kept(world: dict[str, Any]) -> bool:
    try:
        return b"\x00" not in json.dumps(world, ensure_ascii=False).encode().replace(b"\\u0000", b"\x00")
    except UnicodeEncodeError:
        return False


@cache
def shipped() -> Paper:
    """The exam that comes with the product, for an installation without one of its own."""
    world = json.loads((SHIPPED / "world.json").read_text(encoding="utf-8"))
    content = (SHIPPED / "policies.jsonl").read_text(encoding="utf-8")
    return read("the shipped exam", content, world)


def _why(error: ValueError | RecursionError) -> str:
    if isinstance(error, ValidationError):
        return "; ".join(_sentences(error))
    return f"is no JSON: {error}" if isinstance(error, json.JSONDecodeError) else str(error)


def _sentences(error: ValidationError) -> Iterator[str]:
    for each in error.errors()[:3]:
        where = ".".join(map(str, each["loc"]))
        yield f"{where}: {each['msg']}" if where else str(each["msg"])
