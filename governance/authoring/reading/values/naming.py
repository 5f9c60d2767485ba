"""Naming rules in words: "lower case letters, digits and dashes, starting with a letter, at most 30"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from governance.authoring import rule as r
from governance.authoring.reading.base import rule
from governance.authoring.reading.meaning.nesting import through
from governance.authoring.reading.meaning.typed import At, Pred, Prop, both, negated
from governance.authoring.reading.values.letters import Letters

if TYPE_CHECKING:
    from governance.authoring.reading.values.amounts import Comparison

STYLES: tuple[tuple[str, str], ...] = (
    ("kebab case|kebab-case|lower-kebab-case|lower kebab case|lower-case kebab case|lower-case kebab-case|dash case", "^[a-z0-9]+(-[a-z0-9]+)*$"),
    ("snake case|snake_case|lower_snake_case|lower snake case|lower-case snake case|lower-case snake_case", "^[a-z0-9]+(_[a-z0-9]+)*$"),
    ("screaming snake case|upper snake case|SCREAMING_SNAKE_CASE|constant case|UPPER_SNAKE_CASE|upper-case snake case|upper-case snake_case", "^[A-Z0-9]+(_[A-Z0-9]+)*$"),
    ("camel case|camelCase|lower camel case", "^[a-z][a-z0-9]*([A-Z][a-z0-9]*)*$"),
    ("pascal case|PascalCase|upper camel case", "^([A-Z][a-z0-9]*)+$"),
    ("title case|Title Case|title-case", "^[A-Z0-9][^ ]*( [A-Z0-9][^ ]*)*$"),
    ("train case|train-case", "^[A-Z][a-z0-9]*(-[A-Z][a-z0-9]*)*$"),
    ("email address|email|mail address|valid email address", "^[^@ ]+@[^@ ]+[.][^@ ]+$"),
    ("semantic versioning|semantic version|semver|a semver version|proper semantic version",
     "^[0-9]+\\.[0-9]+\\.[0-9]+$"),
    ("lower-case|all lower-case|in lower-case|completely lower-case|entirely lower-case|small letter"
     "|all lower-case letter|lower-case only", "^[^A-Z]*$"),
    ("upper-case|all upper-case|in upper-case|completely upper-case|entirely upper-case"
     "|capital letter|all capital|upper-case only", "^[^a-z]*$"),
)  # fmt: skip
SEPARATORS = {"underscore": "_", "_": "_", "dash": "-", "hyphen": "-", "-": "-", "dot": "\\.", ".": "\\.",
              "slash": "/", "colon": ":", "period": "\\.", "point": "\\.", "space": " "}  # fmt: skip
MOST_REFINEMENTS = 6
PARTS = "part|number|segment|word|section|piece|block|component|group|element"


def matches(prop: Prop, pattern: str) -> Pred:
    return lambda at: through(at, prop, lambda value, _: r.Test(value=value, op="matches", to=(pattern,)))


def length(prop: Prop, comparison: Comparison) -> Pred:
    def test(value: r.Value, at: At) -> r.Condition:
        if not isinstance(value, r.Field):
            raise ValueError("only the length of a field can be tested")
        parts = tuple(
            r.Test(value=r.Length(of=value), op=op, to=(int(a.value),)) for op, a in comparison.bounds
        )
        return parts[0] if len(parts) == 1 else r.All(of=parts)

    return lambda at: through(at, prop, test)


def pattern_like(example: str) -> str:
    """The pattern an example stands for: digits stand for digits, capital letters for capitals."""
    out = ""
    for run in re.findall(r"^v(?=[0-9])|[0-9]+|[A-Z]+|[a-z]+|[^A-Za-z0-9]", example):
        if run == "v" and not out:  # v1.2.3: what a version begins with
            out = "v"
            continue
        kinds = ((r"[0-9]+", "[0-9]+"), (r"[A-Z]+", "[A-Z]+"), (r"[a-z]+", "[a-z]+"))
        out += next((to for kind, to in kinds if re.fullmatch(kind, run)), re.escape(run))
    return out


class Naming(Letters):
    """Grammar of naming rules; every rule yields a predicate on the value they are about."""

    @rule
    def naming(self, i: int, prop: Prop, refined: bool = True) -> Iterator[tuple[int, Pred]]:
        """A description of how a text has to look, with its refinements.

        Under a "not" there are none: what follows a comma there is no part of what is denied.
        """
        for j, first in (*self._shape(i, prop), *self.sign_count(i, prop), *self._no_signs(i, prop)):
            yield from self._refined(j, first, prop, 0 if refined else MOST_REFINEMENTS)
        for j, first in self._edges(i, prop) if refined else []:
            yield from self._refined(j, first, prop, 0)

    def _edges(self, i: int, prop: Prop) -> Iterator[tuple[int, Pred]]:
        """Start with a letter and consist of small letters and digits: the edge before the whole."""
        for j, edge in self._refinement(i, prop) if self.says(i, "start|begin|end") else []:
            k = self.skip(j + 1 if self.is_punct(j, ",") else j, "and|but|then")
            k = self.skip(k, "must|may|should|can|have to|otherwise|it|they|for rest")
            for m, rest in (*self._shape(k, prop), *self._edges(k, prop)) if k > j else ():
                yield m, both(edge, rest)

    def _refined(self, j: int, pred: Pred, prop: Prop, depth: int) -> Iterator[tuple[int, Pred]]:
        if depth < MOST_REFINEMENTS:
            k = j
            if self.is_punct(k, ",;-:("):
                k += 1
            k = self.skip(
                k, "and it must|and they must|it must|they must|and must|must|and should|and|but|with"
            )
            k = self.skip(k, "it|they")
            for m, extra in self._refinement(k, prop):
                if self.is_punct(m, ")"):
                    m += 1
                yield from self._refined(m, both(pred, extra), prop, depth + 1)
        yield j, pred

    @rule
    def _refinement(self, i: int, prop: Prop) -> Iterator[tuple[int, Pred]]:
        for j in self.says(
            i, "start with|begin with|start by|beginning with|first character be|have to start with"
        ):
            for k, letters in self.letters(j):
                yield k, matches(prop, f"^[{letters}]")
        for j in self.says(i, "end with|end in|have to end with"):
            for k, letters in self.letters(j):
                yield k, matches(prop, f"[{letters}]$")
        for j in self.says(i, "not start with|not begin with|never start with"):
            for k, letters in self.letters(j):
                yield k, negated(matches(prop, f"^[{letters}]"))
        for j in self.says(i, "not end with|not end in|never end with"):
            for k, letters in self.letters(j):
                yield k, negated(matches(prop, f"[{letters}]$"))
        yield from self.text_length(i, prop)
        yield from self.sign_count(i, prop)
        for j in self.says(i, "no v in front|no leading v|without leading v|no v prefix|no prefix"
                              "|nothing in front|no v"):  # fmt: skip
            yield j, negated(matches(prop, "^[A-Za-z]"))
        for j in self.says(i, "no suffix|nothing behind|nothing after it|no pre-release suffix|no trailing text"
                              "|nothing else|only|no other character|nothing more|no other sign"
                              "|and nothing else|no special character"):  # fmt: skip
            yield j, _true
        for j in self.says(i, "no word such as|no word like"):
            token = self.token(j)
            if token:
                yield j + 1, negated(matches(prop, f"^{re.escape(token.text)}$"))

    @rule
    def sign_count(self, i: int, prop: Prop) -> Iterator[tuple[int, Pred]]:
        """A bound on how often a kind of character occurs: at most 3 underscores."""
        i = self.skip(i, "contain|have|include|use|with|need")
        for j, comparison in self.comparison(i) if prop.type in ("text", "reference") else []:
            found = self._class(j)
            if found is None or len(comparison.bounds) > 1 or comparison.bounds[0][1].unit:
                continue
            op, number = comparison.bounds[0][0], int(comparison.bounds[0][1].value)
            times = {"at_most": f"0,{number}", "less_than": f"0,{number - 1}", "at_least": f"{number},",
                     "more_than": f"{number + 1},", "is": f"{number}"}[op]  # fmt: skip
            sign, other = f"[{found[1]}]", f"[^{found[1]}]*"
            yield found[0], matches(prop, f"^{other}({sign}{other}){{{times}}}$")

    def _without(self, i: int, prop: Prop) -> Iterator[tuple[int, Pred]]:
        """..., no spaces, no underscores, without capital letters."""
        for j in self.says(i, "no|without|not contain|not contain any|neither"):
            for k, letters in self.letters(j):
                yield k, negated(matches(prop, f"[{letters}]"))
        yield from self._no_signs(i, prop)

    def _no_signs(self, i: int, prop: Prop) -> Iterator[tuple[int, Pred]]:
        """No spaces, no dots and no hyphens; begins with the letter e."""
        for j in self.says(
            i, "no|without|without any|not contain|free of|contain no|have no|use no|include no"
        ):
            for k, letters in self.letters(j):
                if len(letters) <= 3:
                    yield k, negated(matches(prop, f"[{letters}]"))
        for j in self.says(
            i, "start with letter|begin with letter|start with character|begin with character"
        ):
            token = self.token(j)
            if token is not None and len(token.text) == 1 and token.text.isalnum():
                yield j + 1, matches(prop, f"^{token.text}")

    @rule
    def text_length(self, i: int, prop: Prop) -> Iterator[tuple[int, Pred]]:
        """A bound on the number of characters."""
        i = self.skip(i, "need|contain|be|have|of|with a length of|a length of|length|with|have length of")
        for j, comparison in self.comparison(i):
            unit = comparison.bounds[-1][1].unit
            k = self.skip(j, "long|in length|characters long|of length")
            if unit in ("character", "") and (unit or k > j or prop.type == "text"):
                yield k, length(prop, comparison)

    @rule
    def _shape(self, i: int, prop: Prop) -> Iterator[tuple[int, Pred]]:
        i = self.skip(i, "be|be write in|be make of|be make up of|consist of|consist only of|only consist of|follow"
                         "|use|contain|have|be compose of|only contain|only use|use only|be in|contain only"
                         "|only have|have only|look like|match|be all|comply with|be in format|follow pattern"
                         "|consist solely of|comprise|be write as|be limit to")  # fmt: skip
        i = self.skip(i, "only|solely|nothing but|exclusively|just")
        listed = max((j for j, _ in self.letters(i)), default=i)
        for words, pattern in STYLES:
            for j in self.says(i, words):
                if j < listed:
                    continue  # capital letters, digits and dashes: the first of several kinds of characters
                yield self.skip(j, "only|convention|style|notation|format"), matches(prop, pattern)
        for j, letters in self.letters(i):
            if letters in ("a-z", "A-Z") and self.tokens[j - 1].base not in (
                "letter",
                "character",
                "capital",
                "a-z",
                "A-Z",
            ):
                continue  # "lower case" alone says nothing about digits
            j = self.skip(j, "only|and nothing else|be allow|be permit|solely|exclusively|no other character")
            yield j, matches(prop, f"^[{letters}]+$")
        yield from self._sequence(i, prop)
        yield from self._parts(i, prop)
        for j, count in self.number(i):  # a four digit number
            for k in self.says(j, "digit number|digit code|digit|figure number"):
                yield k, matches(prop, f"^[0-9]{{{int(count)}}}$")
        for j in self.says(i, "pattern|regex|regular expression|format"):
            token = self.token(j)
            if token and (token.quoted or token.kind == "literal"):
                yield j + 1, matches(prop, token.text)

    def _sequence(self, i: int, prop: Prop) -> Iterator[tuple[int, Pred]]:
        """Three lower case letters, an underscore and five digits: one after the other."""
        parts: list[str] = []
        counted = False
        whole: list[tuple[int, Pred]] = []
        j = i
        while found := self._item(self.skip(j, "exactly")):
            j, part, told = found
            parts.append(part)
            counted = counted or told
            if counted and len(parts) > 1:
                whole = [(j, matches(prop, f"^{''.join(parts)}$"))]
            k = j + 1 if self.is_punct(j, ",") else j
            k = self.skip(k, "and then|then|and|follow by|plus|and finally|finally")
            if k == j:
                break
            j = k
        yield from whole

    def _item(self, i: int) -> tuple[int, str, bool] | None:
        """One part of a sequence: so many characters of a kind, a sign, a quoted text."""
        token = self.token(i)
        if token is None:
            return None
        if token.quoted:
            return i + 1, re.escape(token.text), False
        if token.article == "a" and token.base in SEPARATORS:
            return i + 1, SEPARATORS[token.base], False
        single = self._class(i) if token.article == "a" else None
        if single is not None:
            return single[0], f"[{single[1]}]", False
        for words, times in (("one or more|at least one", "+"), ("any number of", "*")):
            for j in self.says(i, words):
                if several := self._class(j):
                    return several[0], f"[{several[1]}]{times}", True
        plural = self.tokens[i - 1].base in ("by", "then") and token.text.lower().endswith("s")
        if plural and (several := self._class(i)):  # followed by digits
            return several[0], f"[{several[1]}]+", True
        for j, number in self.number(i):
            if several := self._class(j):
                return several[0], f"[{several[1]}]{{{int(number)}}}", True
            sign = self.token(j)
            if sign is not None and sign.base in SEPARATORS:
                return j + 1, SEPARATORS[sign.base] + (f"{{{int(number)}}}" if number > 1 else ""), False
        return None

    @rule
    def _parts(self, i: int, prop: Prop) -> Iterator[tuple[int, Pred]]:
        """Three numbers separated by dots; exactly three parts joined by underscores, each …"""
        start = max(0, i - 3)
        i = self.skip_all(i, "like|look like|form|format|of form|exactly|consist of|follow|pattern|make of")
        example: str | None = None
        token = self.token(i)
        like = any(t.base in ("like", "form", "format", "pattern") for t in self.tokens[start:i])
        if (
            like
            and token
            and (token.kind in ("literal", "number") or token.quoted)
            and re.search(r"[-_.:]", token.text)
        ):
            yield i + 1, matches(prop, f"^{example_of(token.text)}$")
            example, i = token.text, i + 1
            i = self.skip(i + 1 if self.is_punct(i, ":,(") else i, "i.e.|i.e|that be|mean|so|which mean")
            i = self.skip(i, "exactly|consist of")
            yield from self._sequence(i, prop)
        for j, count in self.number(i):
            for k in self.says(j, PARTS):
                inner = "[0-9]+" if self.tokens[j].base == "number" else "[A-Za-z0-9]+"
                k = self.skip(k, "which be|that be")
                k = self.skip(k, "separate|join|connect|split|divide|delimit|link")
                for m in self.says(k, "by|with"):
                    m = self.skip(m, "single|one")
                    sep = self.token(m)
                    if sep is None or sep.base not in SEPARATORS:
                        continue
                    mark = SEPARATORS[sep.base]
                    for n, cls in self._each_part(m + 1):
                        text = mark.join([cls or inner] * int(count))
                        yield n, matches(prop, f"^{text}$")
                    n = self.skip(m + 1, "like|as in|e.g.|such as|for example|for instance")
                    example_token = self.token(n)
                    if n > m + 1 and example_token and example_token.kind != "punct":
                        yield n + 1, matches(prop, f"^{mark.join([inner] * int(count))}$")
                    yield m + 1, matches(prop, f"^{mark.join([inner] * int(count))}$")
        del example

    def _each_part(self, m: int) -> Iterator[tuple[int, str]]:
        k = m + 1 if self.is_punct(m, ",") else m
        for j in self.says(k, "each part|each|every part|all part|where each part|with each part|each of them"
                              "|each segment|every segment|each one"):  # fmt: skip
            j = self.skip(j, "be|make of|consist of|contain|have|use|in|be make of|with")
            j = self.skip(j, "only")
            for n, letters in self.letters(j):
                yield self.skip(n, "only|and nothing else"), f"[{letters}]+"


def example_of(text: str) -> str:
    if re.search(r"[0-9]", text):
        return pattern_like(text)
    return re.sub(r"[A-Za-z0-9]+", "[A-Za-z0-9]+", re.sub(r"([.^$*+?()])", r"\\\1", text))


def _true(_: At) -> r.Condition:
    return r.All()
