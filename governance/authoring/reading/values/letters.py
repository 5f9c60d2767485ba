"""Kinds of characters: lower case letters, digits, hyphens, as the inside of a pattern's brackets."""

from __future__ import annotations

from collections.abc import Iterator

from governance.authoring.reading.base import rule
from governance.authoring.reading.values.amounts import Amounts

CLASSES: tuple[tuple[str, str], ...] = (
    ("lower-case letter|small letter|lower-case character|lower letter|lower-case|a-z"
     "|lower-case latin letter", "a-z"),
    ("upper-case letter|capital letter|capital|upper-case character|upper-case|A-Z|upper letter"
     "|block letter", "A-Z"),
    ("letter|alphabetic character|latin letter", "A-Za-z"),
    ("alphanumeric character|alphanumeric", "A-Za-z0-9"),
    ("digit|number|numeral|0-9|numeric character", "0-9"),
    ("hyphen|dash|minus|minus sign|-", "-"), ("underscore|_", "_"), ("dot|period|full stop|point", "."),
    ("space|blank|whitespace", " "), ("slash", "/"), ("colon", ":"), ("semicolon", ";"), ("comma", ","), ("a-z0-9", "a-z0-9"),
)  # fmt: skip


class Letters(Amounts):
    """Grammar of kinds of characters."""

    @rule
    def letters(self, i: int) -> Iterator[tuple[int, str]]:
        """A list of character classes as the inside of a regular expression's brackets."""
        found_classes: list[str] = []
        k = i
        while True:
            found = self._class(k)
            if not found:
                break
            k, chars = found
            found_classes.append(chars)
            m = k + 1 if self.is_punct(k, ",/") else k
            m = self.skip(m, "and or|and|or|&|plus|as well as|with")
            if m == k or not self._class(m):
                break
            k = m
        if found_classes:
            yield k, _bracketed(found_classes)

    def _class(self, i: int) -> tuple[int, str] | None:
        i = self.skip(i, "single|simple|plain|ascii|english|either|other")
        best: tuple[int, str] | None = None
        for words, chars in CLASSES:
            for j in self.says(i, words):
                if best is None or j > best[0]:
                    best = (j, chars)
                break
        if best and best[1] in ("a-z", "A-Z", "A-Za-z"):
            return self.skip(best[0], "character"), best[1]
        return best


def _bracketed(classes: list[str]) -> str:
    """The inside of brackets; ranges first, the hyphen last, where it stands for itself."""
    unique = list(dict.fromkeys(classes))
    if "A-Za-z" in unique:
        unique = [c for c in unique if c not in ("a-z", "A-Z")]
    if "a-z" in unique and "A-Z" in unique:
        unique = ["A-Za-z" if c == "a-z" else c for c in unique if c != "A-Z"]
    return "".join(c for c in unique if c != "-") + ("-" if "-" in unique else "")
