"""Typed edits on a document: each changes one thing, says itself in words, and the whole is
shown as a diff."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from templates_catalog.documents import paths, write
from templates_catalog.filling import plain_copy

__all__ = [
    "AddItem", "AddStage", "AddStep", "Beside", "Change", "Edit", "Move", "Moves", "Remove", "Rename", "ReplaceText", "SetValue",
    "apply", "contradict", "diff", "distinct",
    "in_safe_order", "title",
]  # fmt: skip


class EditError(ValueError):
    """The edit does not fit the document it is applied to."""


@dataclass(frozen=True)
class Edit:
    """One change. `apply` changes the document in place; `words` says it as an instruction."""

    def apply(self, document: dict[str, Any]) -> None:
        raise NotImplementedError

    def words(self) -> str:
        raise NotImplementedError


@dataclass(frozen=True)
class SetValue(Edit):
    """Set what stands at `path`, making the mappings on the way."""

    path: str
    value: Any
    before: Any = None
    of: str = ""

    def apply(self, document: dict[str, Any]) -> None:
        paths.put(document, self.path, plain_copy(self.value))

    def words(self) -> str:
        was = (
            f" from {shown(self.before)}"
            if self.before is not None and not isinstance(self.before, dict | list)
            else ""
        )
        return f"set {spoken(self.path)}{owner(self.of)}{was} to {shown(self.value)}"


@dataclass(frozen=True)
class Rename(SetValue):
    """Give something another identifier or name."""

    def words(self) -> str:
        return (
            f"change the {spoken(self.path)}{owner(self.of)} from {shown(self.before)} to {shown(self.value)}"
        )


@dataclass(frozen=True)
class Beside(SetValue):
    """Put a step that is there and a new one into one parallel block."""

    label: str = ""
    other_label: str = ""

    def words(self) -> str:
        return f"run {self.label} in parallel with {self.other_label}"


@dataclass(frozen=True)
class Remove(Edit):
    """Take away the key or list item at `path`, and the step group that would be left empty."""

    path: str
    label: str = ""

    def apply(self, document: dict[str, Any]) -> None:
        parts = paths.to_parts(self.path)
        holder = paths.find(document, paths.to_text(parts[:-1])) if len(parts) > 1 else document
        try:
            del holder[parts[-1]]
        except (KeyError, IndexError, TypeError):
            raise EditError(f"nothing to remove at {self.path}") from None
        above = paths.to_text(parts[:-2]) if len(parts) > 2 else ""
        if (
            holder == []
            and parts[-2] in ("steps", "parallel")
            and re.search(r"(?:stepGroup|parallel|insert)$", above or self.path)
        ):
            Remove(enclosing_entry(above)).apply(document)

    def words(self) -> str:
        return f"remove {self.label or spoken(self.path)}"


def contradict(edits: Iterable[Edit]) -> bool:
    """Whether two edits set the same place to different values."""
    seen: dict[str, Any] = {}
    return any(
        seen.setdefault(edit.path, edit.value) != edit.value for edit in edits if isinstance(edit, SetValue)
    )


def enclosing_entry(path: str) -> str:
    """The list entry that a path inside a step group or parallel block belongs to."""
    parts = list(paths.to_parts(path))
    while parts and not isinstance(parts[-1], int):
        parts.pop()
    return paths.to_text(parts)


@dataclass(frozen=True)
class AddItem(Edit):
    """Put an item into the list at `path`, at its end or at `place`; the list is made when it is missing."""

    path: str
    item: Any
    place: int | None = None
    label: str = ""

    def apply(self, document: dict[str, Any]) -> None:
        held = paths.find(document, self.path)
        if held is None:
            paths.put(document, self.path, [])
            held = paths.find(document, self.path)
        if not isinstance(held, list):
            raise EditError(f"{self.path} is not a list")
        held.insert(len(held) if self.place is None else self.place, plain_copy(self.item))

    def words(self) -> str:
        return f"add {self.label or shown(self.item)} to {spoken(self.path)}"


@dataclass(frozen=True)
class AddStage(AddItem):
    """Put a stage before the entry number `place` of a list of stages."""

    where: str = ""

    def words(self) -> str:
        stage = self.item.get("stage", {})
        return f"add the {stage.get('type', '')} stage “{stage.get('name', '')}” {self.where}".replace(
            "  ", " "
        ).strip()


@dataclass(frozen=True)
class AddStep(AddItem):
    """Put a step at `place` of a list of steps."""

    where: str = ""

    def words(self) -> str:
        step = self.item.get("step", {})
        return f"add the {step.get('type', '')} step “{step.get('name', '')}” {self.where}".replace(
            "  ", " "
        ).strip()


@dataclass(frozen=True)
class Move(Edit):
    """Move a list entry to before or after another one, in the same list or another."""

    path: str
    other: str
    after: bool
    label: str = ""
    other_label: str = ""

    def apply(self, document: dict[str, Any]) -> None:
        entry, anchor = paths.find(document, self.path), paths.find(document, self.other)
        source, target = (
            paths.find(document, paths.parent(self.path)),
            paths.find(document, paths.parent(self.other)),
        )
        if not isinstance(source, list) or not isinstance(target, list) or entry is anchor:
            raise EditError(f"cannot move {self.path}")
        source[:] = [held for held in source if held is not entry]
        at = next(number for number, held in enumerate(target) if held is anchor)
        target.insert(at + self.after, entry)

    def words(self) -> str:
        side = "after" if self.after else "before"
        return f"move {self.label or spoken(self.path)} {side} {self.other_label or spoken(self.other)}"


@dataclass(frozen=True)
class Moves(Move):
    """Several moves that were read against one document: each takes the entries it was read of, wherever they are by then."""

    each: tuple[Move, ...] = ()

    def apply(self, document: dict[str, Any]) -> None:
        held = [(paths.find(document, move.path), paths.find(document, move.other)) for move in self.each]
        lists = [
            tuple(paths.find(document, paths.parent(path)) for path in (move.path, move.other))
            for move in self.each
        ]
        for move, (entry, anchor), (source, target) in zip(self.each, held, lists, strict=True):
            if not isinstance(source, list) or not isinstance(target, list) or entry is anchor:
                raise EditError(f"cannot move {move.path}")
            source[:] = [one for one in source if one is not entry]
            at = next(number for number, one in enumerate(target) if one is anchor)
            target.insert(at + move.after, entry)

    def words(self) -> str:
        return " and ".join(move.words() for move in self.each)


@dataclass(frozen=True)
class ReplaceText(Edit):
    """Replace a piece of the text at `path`."""

    path: str
    old: str
    new: str
    of: str = ""

    def apply(self, document: dict[str, Any]) -> None:
        text = paths.find(document, self.path)
        if not isinstance(text, str) or self.old not in text:
            raise EditError(f"{self.old!r} is not at {self.path}")
        paths.put(document, self.path, text.replace(self.old, self.new))

    def words(self) -> str:
        return f"replace {shown(self.old)} by {shown(self.new)} in {spoken(self.path)}{owner(self.of)}"


@dataclass(frozen=True)
class Change:
    """A list of edits as it is shown: what changes in words, and the lines that change."""

    title: str
    diff: str


def distinct(edits: Iterable[Edit]) -> tuple[Edit, ...]:
    """The edits, each once, in order. What they set may be a mapping, so they are compared and not hashed."""
    found: list[Edit] = []
    for edit in edits:
        if edit not in found:
            found.append(edit)
    return tuple(found)


def in_safe_order(edits: Iterable[Edit]) -> tuple[Edit, ...]:
    """Edits that were each read against the same document, the last place first, so that their paths stay true.

    () when a move and another edit meet in one list, where no order keeps both true.
    """
    each = distinct(edits)
    moves = [edit for edit in each if isinstance(edit, Move)]
    others = [edit for edit in each if not isinstance(edit, Move)]
    for move in moves:
        if any(getattr(edit, "path", "").startswith(paths.parent(move.path)) for edit in others):
            return ()
    if len(moves) > 1:
        moves = [Moves(moves[0].path, moves[0].other, moves[0].after, each=tuple(moves))]
    return (*moves, *sorted(others, key=position, reverse=True))


def position(edit: Edit) -> list[tuple[int, int, str]]:
    """Where in the document an edit acts; a place in a list counts, the end of a list is behind all its items."""
    parts: list[str | int] = list(paths.to_parts(getattr(edit, "path", "")))
    if isinstance(edit, AddItem):
        parts.append(10**6 if edit.place is None else edit.place)
    return [(0, part, "") if isinstance(part, int) else (1, 0, part) for part in parts]


def apply(document: dict[str, Any], edits: Sequence[Edit]) -> dict[str, Any]:
    """A copy of the document with the edits made in order; EditError when one does not fit."""
    result: dict[str, Any] = plain_copy(document)
    for edit in edits:
        try:
            edit.apply(result)
        except (KeyError, StopIteration, IndexError, AttributeError) as error:
            raise EditError(f"{edit.words()}: {error}") from error
    return result


def title(edits: Sequence[Edit]) -> str:
    """The edits as one sentence."""
    said = list(dict.fromkeys(edit.words() for edit in edits))
    if not said:
        return "Nothing changes."
    text = said[0] if len(said) == 1 else ", ".join(said[:-1]) + " and " + said[-1]
    return text[:1].upper() + text[1:] + "."


def diff(before: str, after: dict[str, Any], edits: Sequence[Edit]) -> Change:
    """How the typed text `before` changes into one that reads as `after`: unified diff with three lines
    around."""
    changed = write.rewrite(before, after)
    lines = difflib.unified_diff(before.splitlines(), changed.splitlines(), "before", "after", lineterm="")
    return Change(title(edits), "\n".join(lines))


def shown(value: Any) -> str:
    if isinstance(value, dict | list):
        return summary(value)
    if isinstance(value, bool):
        return str(value).lower()
    text = str(value)
    return f"“{text[:80]}”" if isinstance(value, str) else text


def summary(value: Any) -> str:
    """A mapping or a list in a few words: the template it references, what it does on failure, its type."""
    if not value:
        return "nothing"
    waiting = [value]
    while waiting:
        node = waiting.pop(0)
        if isinstance(node, dict):
            if "templateRef" in node:
                return f"the template “{node['templateRef']}”"
            if isinstance(node.get("action"), dict):
                return f"“{node['action'].get('type')}”"
            if isinstance(node.get("type"), str):
                return f"“{node['type']}”"
            waiting += node.values()
        elif isinstance(node, list):
            waiting += [item for item in node if isinstance(item, dict)] if node else []
            if all(isinstance(item, str) for item in node):
                return ", ".join(f"“{item}”" for item in node[:4])
    return "a new value"


def owner(of: str) -> str:
    return f" of {of}" if of else ""


def spoken(path: str) -> str:
    """The end of a path, which is what people call a value: `timeout` of …, `tags.owner`."""
    parts = [part for part in paths.to_parts(path) if isinstance(part, str)]
    return (
        ".".join(parts[-2:])
        if len(parts) > 1 and parts[-2] in ("tags", "approvers", "limits", "store")
        else parts[-1]
        if parts
        else path
    )
