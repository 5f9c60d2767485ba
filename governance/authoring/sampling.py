"""Values that satisfy a test, and values that just miss it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from re import _constants, _parser  # type: ignore[attr-defined]  # no public name
from typing import Any

from governance.authoring import measures
from governance.authoring import rule as r

codes: Any = _constants
parser: Any = _parser
FITTING: dict[str, tuple[str, ...]] = {
    "starts_with": ("{}1", "{}a"), "ends_with": ("a{}",), "contains": ("a{}b", "{}"),
    "has_word": ("a {} b", "{}"), "runtime_input": ("<+input>",), "expression": ("<+pipeline.name>",),
}  # fmt: skip
COMPARISONS = ("less_than", "at_most", "more_than", "at_least")
CATEGORIES = {codes.CATEGORY_DIGIT: "0", codes.CATEGORY_SPACE: " ", codes.CATEGORY_NOT_WORD: "-"}
OTHERS: tuple[Any, ...] = ("other", "", "Other-1", "another.value")


def samples(test: r.Test, want: bool, *, as_text: bool = False) -> Iterator[Any]:
    """Values for the tested field that may satisfy the test (or not, `want`), likeliest first.

    Whoever uses them asks the judge whether they do. `as_text` writes numbers as text.
    """
    for value in _samples(test, want):
        numeric = isinstance(value, int | float) and not isinstance(value, bool)
        yield str(value) if as_text and numeric else value


def _samples(test: r.Test, want: bool) -> Iterator[Any]:
    if test.op in COMPARISONS:
        yield from _around(test)
        return
    if want:
        yield from _fitting(test)
        return
    if test.op in ("present", "exists"):
        yield from ("", None)
        return
    yield from _missing(test)


def _fitting(test: r.Test) -> Iterator[Any]:
    for option in test.to or ("value",):
        text = str(option)
        if test.op == "is":
            yield option
        elif test.op == "matches":
            yield from texts_matching(text)
        elif test.op == "scope_is":
            yield "shared" if text == "project" else f"{text}.shared"
        else:
            yield from (pattern.format(text) for pattern in FITTING.get(test.op, ("value",)))


def _missing(test: r.Test) -> Iterator[Any]:
    """Values near to the ones that fit: what people confuse with them first."""
    for option in test.to:
        if isinstance(option, bool):
            yield not option
        elif isinstance(option, int | float):
            yield option + 1
        elif test.op in ("is", "starts_with", "ends_with", "contains") and option:
            yield f"x{option}x" if test.op != "contains" else option[:-1]
            yield option.swapcase()
        elif test.op == "matches":
            for text in reversed(list(texts_matching(option))):
                yield from (f"{text}!", f" {text}", text.upper(), text[:-1])
        elif test.op == "scope_is":
            yield "account.shared" if option != "account" else "shared"
    yield from OTHERS


def _around(test: r.Test) -> Iterator[Any]:
    """The limit itself, a bit less and a bit more, written under the measure."""
    for option in test.to:
        match test.measure:
            case "duration":
                limit = measures.parse_literal(option, "duration")
                for seconds in (limit, limit - 60, limit + 60, limit - 1, limit + 1):
                    if seconds >= 0:
                        yield _duration(int(seconds))
            case "version":
                yield from _versions(str(option))
            case "quantity":
                exact = measures.parse_literal(option, "quantity") / 1000
                yield from (option, _plain(exact / 2), _plain(exact * 2))
            case _:
                exact = measures.parse_literal(option, test.measure)
                if not isinstance(exact, Fraction):
                    yield from (option, "", "~")
                    continue
                yield from (_plain(exact + delta) for delta in (0, -1, 1))


def _duration(seconds: int) -> str:
    return f"{seconds // 60}m" if seconds % 60 == 0 else f"{seconds}s"


def _versions(text: str) -> Iterator[str]:
    yield text
    numbers = [int(n) for n in re.findall(r"\d+", text)] or [0]
    yield ".".join(map(str, [*numbers[:-1], numbers[-1] + 10]))
    lower = list(numbers)
    for i in reversed(range(len(lower))):
        if lower[i] > 0:
            lower[i] -= 1
            break
    yield ".".join(map(str, lower))


def _plain(exact: Fraction) -> int | float:
    return exact.numerator if exact.denominator == 1 else float(exact)


def texts_matching(pattern: str) -> Iterator[str]:
    """Texts a regular expression finds: as short as it allows, then a bit longer."""
    try:
        tree = parser.parse(pattern)
    except re.error:
        return
    for extra in (0, 1, 4):
        text = "".join(_piece(op, argument, extra) for op, argument in tree)
        if re.search(pattern, text):
            yield text


def _piece(op: Any, argument: Any, extra: int) -> str:
    """One part of a parsed pattern as text."""
    if op is codes.LITERAL:
        return chr(argument)
    if op is codes.NOT_LITERAL:
        return "a" if argument != ord("a") else "b"
    if op is codes.ANY:
        return "a"
    if op is codes.IN:
        return _from_class(argument)
    if op in (codes.MAX_REPEAT, codes.MIN_REPEAT):
        low, high, inner = argument
        times: int = min(low + extra, int(high)) if high is not codes.MAXREPEAT else low + extra
        return "".join(_piece(part[0], part[1], extra) for part in inner) * times
    if op is codes.SUBPATTERN:
        return "".join(_piece(part[0], part[1], extra) for part in argument[-1])
    if op is codes.BRANCH:
        return "".join(_piece(part[0], part[1], extra) for part in argument[1][0])
    return ""


def _from_class(entries: Any) -> str:
    negated = entries and entries[0][0] is codes.NEGATE
    if negated:
        banned = {chr(a) for op, a in entries if op is codes.LITERAL}
        return next((c for c in "a0-_ " if c not in banned), "~")
    for op, argument in entries:
        if op is codes.LITERAL:
            return chr(argument)
        if op is codes.RANGE:
            return chr(argument[0])
        if op is codes.CATEGORY:
            return CATEGORIES.get(argument, "a")
    return "a"
