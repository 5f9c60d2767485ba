"""What a text starts with, ends with, contains and lies below."""

from __future__ import annotations

import re
from collections.abc import Iterator

from governance.authoring import rule as r
from governance.authoring.reading.meaning.typed import At, Pred, Prop
from governance.authoring.reading.values.literals import Literals
from governance.authoring.reading.values.naming import example_of, matches, pattern_like
from governance.authoring.reading.values.value_tests import tested, tested_by
from governance.authoring.reading.words.values import CASE, STOP, VAGUE

PARTED = re.compile(r"[A-Za-z0-9]+([-_.:/][A-Za-z0-9]+)+")


# words that names of things are kept free of
TRIALS = frozenset(
    "test temp demo draft copy sample example dummy backup debug prototype trial experiment".split()
)


class Texts(Literals):
    """Grammar of the parts of a text."""

    def _below(self, i: int, prop: Prop) -> Iterator[tuple[int, Pred]]:
        """Under infra/: a folder or an address stands for all below it."""
        for j in self.says(self.skip(i, "be|live|lie|sit|reside|stay|be locate|be place"),
                           "under|below|in|inside|within|beneath|underneath|somewhere under|somewhere below"):  # fmt: skip
            token = self.token(j)
            if token and token.text.endswith("/"):  # a folder or an address stands for all below it
                for k, found in self.literals(j, prop):
                    yield k, tested(prop, "starts_with", found)

    def _shape_of_text(self, i: int, prop: Prop, positive: bool) -> Iterator[tuple[int, Pred]]:
        if prop.type in ("duration", "quantity", "number", "money", "percent", "instant", "lifetime", "flag"):
            return  # an amount has no beginning: "under 1 day" bounds it
        i = self.skip(i, "have to|have prefix that")
        yield from self._below(i, prop)
        for words, op in (
            ("start with|begin with|start by|be prefix with|be prefix|have prefix|have the prefix|carry prefix"
             "|be under|live under|start off with|prefix with", "starts_with"),
            ("end with|end in|finish with|have suffix|carry suffix|be suffix with", "ends_with"),
            ("contain|include|have|mention|contain anywhere|have in it|carry", "contains"),
        ):  # fmt: skip
            for j in self.says(i, words):
                if op != "contains":
                    yield from self._edge_of_text(j, prop, op)
                elif prop.type in ("text", "any", "reference", "version"):
                    yield from self._holding(j, prop)
                    yield from self._containing(j, prop, positive)
                elif prop.type == "list":
                    for k, found in self.literals(j, prop):
                        yield k, tested(prop, "is", found)
        for j in self.says(i, "match|satisfy|follow|comply with|conform to"):
            k = self.skip(j, "regex|pattern|regular expression|expression|format|against")
            token = self.token(k)
            if token and not token.quoted and PARTED.fullmatch(token.text):
                yield k + 1, matches(prop, f"^{example_of(token.text)}$")  # type_purpose stands for its parts
            elif token and (token.quoted or token.kind == "literal"):
                whole = k == j and not token.quoted and not token.text.startswith("^")
                yield k + 1, matches(prop, f"^{token.text}$" if whole else token.text)

    def _holding(self, j: int, prop: Prop) -> Iterator[tuple[int, Pred]]:
        """Delegate selectors must contain "prod": a list holds the whole of it, not a part of an entry."""
        token = self.token(j)
        if (
            prop.through
            and prop.spec is not None
            and prop.spec.type == "list"
            and token
            and "<+" not in token.text
        ):
            for k, found in self.literals(j, prop):
                yield k, tested(prop, "is", found)

    def _edge_of_text(self, j: int, prop: Prop, op: str) -> Iterator[tuple[int, Pred]]:
        """Start (or end) with prod-, with a letter, with the value of another field."""
        yield from self._edge_of_field(j, prop, op)
        words = "prefix|suffix|letter|text|string|word|either|team name|name of team|environment|name of environment"
        j = self.skip_all(j, words)
        j = j + 1 if self.is_punct(j, ":,") else j
        j = self.skip(j, "either|i.e.|i.e|that be|namely|so")
        for k, letters in self.letters(j):
            yield k, matches(prop, f"^[{letters}]" if op == "starts_with" else f"[{letters}]$")
        for k, found in self.literals(j, prop):
            for m, ignore in self._case(k):
                if op == "starts_with":
                    yield from self._followed(m, prop, found)
                m = self.skip(m, "and nothing else|and with nothing else|nothing else")
                yield m, tested(prop, op, found, ignore_case=ignore)  # type: ignore[arg-type]

    def _edge_of_field(self, j: int, prop: Prop, op: str) -> Iterator[tuple[int, Pred]]:
        """A name that starts with its environment: the value of another field."""
        for k, other in self.field(j, prop.kind):
            same = other.spec == prop.spec or other.through or prop.through or other.others
            more = self.says(
                k + 1 if self.is_punct(k, ",") else k, "then|follow by|and then|plus|and|with|join"
            )
            classes = self.letters(k + 1) if self.is_punct(k, ",") else []
            if (
                same
                or more
                or classes
                or other.type not in ("text", "reference")
                or self.tokens[j].kind != "word"
            ):
                continue

            def test(value: r.Value, at: At, other: Prop = other) -> r.Condition:
                return r.Test(value=value, op=op, to_value=other.build(at))  # type: ignore[arg-type]

            yield k, tested_by(prop, test)

    def _followed(self, m: int, prop: Prop, found: tuple[r.Scalar, ...]) -> Iterator[tuple[int, Pred]]:
        """vault- followed by lower case letters: what the whole text looks like."""
        for k in self.says(m + 1 if self.is_punct(m, ",") else m, "follow by|and then|then|plus"):
            for n, letters in self.letters(self.skip(k, "only|at least one|one or more")):
                heads = "|".join(re.escape(str(x)) for x in found)
                yield n, matches(prop, f"^({heads})[{letters}]+$")

    def _containing(self, j: int, prop: Prop, positive: bool) -> Iterator[tuple[int, Pred]]:
        words = self.says(j, "word|either word|any of word|one of word")
        start = words[0] if words else self.skip_all(j, "text|string|substring|letter|sequence|either|any of")
        for k, found in self.literals(start, prop):
            for m, ignore in self._case(k):
                whole = self.skip(
                    m,
                    "as word|as whole word|as separate word|as word of its own|as one of words|as full word",
                )
                if whole > m:
                    yield whole, tested(prop, "has_word", found)
                    continue
                m = self.skip(m, "in it|in them|anywhere|in its name")
                yield m, tested(prop, "contains", found, ignore_case=ignore)
        yield from self._doubled(j, prop)
        for k, found in self._telling_words(start):
            for m, ignore in self._case(k):
                yield m, tested(prop, "contains", found, ignore_case=ignore)
        named = self.skip_all(
            j, "ticket|issue|jira|reference|number|id|key|change|incident|something|pattern|link to|string"
        )
        for k in self.says(named, "like|such as|of form|in form|e.g.|e.g|for example|as in|of kind"):
            token = self.token(k)
            if token:
                yield k + 1, matches(prop, pattern_like(token.text))
        for k in self.says(
            self.skip(j, "link|url|address|reference|text"),
            "that start with|that begin with|which start with|to",
        ):
            if k > j + 1:
                for m, found in self.literals(k, prop):
                    yield m, tested(prop, "contains", found)
        for k in self.says(j, "expression|an expression|harness expression|variable expression"):
            yield k, tested(prop, "expression")
        for k, letters in self.letters(j):
            if not positive or len(letters) <= 3:  # "contain letters and digits" says what it is made of
                yield k, matches(prop, f"[{letters}]")
        yield from self._plain_http(j, prop)

    def _plain_http(self, j: int, prop: Prop) -> Iterator[tuple[int, Pred]]:
        for k in self.says(j, "http address|http:// url|http url|plain http url|http:// address|http link"
                              "|unencrypted url|plain http address"):  # fmt: skip
            yield k, tested(prop, "contains", ("http://",))
        for k in self.says(j, "http://"):
            k = self.skip(k, "address|url|link")
            yield k, tested(prop, "contains", ("http://",))

    def _doubled(self, j: int, prop: Prop) -> Iterator[tuple[int, Pred]]:
        """Two underscores in a row, consecutive hyphens."""
        for names, sign in (("underscore", "_"), ("hyphen|dash", "-"), ("dot", "."), ("space", " ")):
            for one in names.split("|"):
                said = ("double {}", "consecutive {}", "repeated {}", "two {} in row", "two consecutive {}")
                for k in self.says(j, "|".join(words.format(one) for words in said)):
                    yield k, tested(prop, "contains", (sign * 2,))

    def _telling_words(self, i: int) -> Iterator[tuple[int, tuple[str, ...]]]:
        """(A name that contains) secret, old or test: words that elsewhere stand for no value."""
        found: list[str] = []
        i = self.skip(i, "either|neither")
        while (token := self.token(i)) is not None and token.kind == "word" and token.text.islower():
            if (
                token.base in STOP
                or self._class(i) is not None
                or (token.base not in VAGUE and token.text.endswith("ly"))
            ):
                return
            found.append(token.text)
            i += 1
            joint = self.skip(i + 1 if self.is_punct(i, ",") else i, "or|and|nor")
            if joint == i:
                break
            i = joint
        following = self.token(i)
        ends = (
            following is None
            or following.kind == "punct"
            or following.base in (*STOP, "must", "may", "should")
        )
        if found and ends and any(word in VAGUE or word in TRIALS for word in found):
            yield i, tuple(found)

    def _case(self, k: int) -> Iterator[tuple[int, bool]]:
        m = k
        if self.is_punct(m, ",(-"):
            m += 1
        for n in self.says(m, CASE):
            while self.is_punct(n, ")-,"):
                n += 1
                if self.tokens[n - 1].text == ",":
                    break
            yield n, True
        yield k, False
