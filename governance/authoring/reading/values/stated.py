"""What can be said about the value of a field: that it is set, what it equals, on or off, one thing and another."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from governance.authoring import rule as r
from governance.authoring.reading.base import rule
from governance.authoring.reading.meaning.typed import At, Pred, Prop, both, either, negated
from governance.authoring.reading.values.bounds import Bounds
from governance.authoring.reading.values.images import Images
from governance.authoring.reading.values.naming import example_of, matches
from governance.authoring.reading.values.texts import Texts
from governance.authoring.reading.values.value_tests import only_among, tested, tested_by
from governance.authoring.reading.words.values import FALSE, LONG, TRUE

FORMS = (
    "email address|mail address|url|address|name|text|string|value|identifier|path|number|word|version|date"
)


def _part_of_address(prop: Prop, found: tuple[r.Scalar, ...]) -> bool:
    """Whether literals are settings of a URL (ssl=true), not the whole of it."""
    address = prop.spec is not None and prop.spec.path.lower().endswith("url")
    return address and all(re.fullmatch(r"[\w.-]+=[\w.-]*", str(x)) for x in found)


class Values(Texts, Images, Bounds):
    """Grammar of what is said about values."""

    @rule
    def about(self, i: int, prop: Prop, modals: bool = True) -> Iterator[tuple[int, Pred]]:
        """A predicate on a value, after the modal: "be at least 2", "start with prod-".

        Without `modals` a second modal ends it: "not be empty | and may not contain X".
        """
        for j, pred in self._about_one(i, prop, modals):
            yield from self._about_more(j, pred, prop, modals)

    def _about_more(self, j: int, pred: Pred, prop: Prop, modals: bool) -> Iterator[tuple[int, Pred]]:
        comma = j + 1 if self.is_punct(j, ",") else j
        for words, joined in (("and|but|and also|and have to|and must|and should", both),
                              ("or|nor|or have to|or must", either)):  # fmt: skip
            for k in self.says(comma, words):
                k2 = self.skip(k, "it must|they must|it|they|must|should|may|can")
                if not modals and (k2 > k or self.tokens[k - 1].base in ("to", "must", "should")):
                    continue
                for m, nxt in self._about_one(k2, prop, modals):
                    yield from self._about_more(m, joined(pred, nxt), prop, modals)
        if prop.type == "text":
            for m, nxt in self.naming(comma, prop) if comma > j and modals else []:
                yield m, both(pred, nxt)
            for m, nxt in self._refined(j, pred, prop, 0) if modals else []:
                said = self.tokens[j:m]
                if m > j and (all(t.kind != "number" for t in said) or any(t.base in LONG for t in said)):
                    yield m, nxt
        yield j, pred

    @rule
    def _about_one(self, i: int, prop: Prop, refined: bool = True) -> Iterator[tuple[int, Pred]]:
        for j in self.says(i, "not|never|no|be not|be never"):
            if self.tokens[j - 1].base == "no" and self.letters(j):
                continue  # no spaces: not one of them, rather than not of them alone
            for k, pred in self._about_one(j, prop, False):
                yield k, negated(pred)
        for j in self.says(i, "be"):
            for k in self.says(self.skip(j, FORMS), "that|which") if self.skip(j, FORMS) > j else []:
                yield from self._about_one(self.skip(k, "must|have to|should"), prop, refined)
        if prop.spec is not None and prop.spec.path == "BASE_IMAGE_APPROVED":
            for j in self.says(
                i,
                "approve|be approve|be approve one|be one of approve one|be approve by us|be on approve list",
            ):
                yield j, tested(prop, "is", ("true",))
        family = self.token(self.skip(i, "be|be at|be on"))
        if prop.type == "version" and family is not None and re.fullmatch(r"\d+(\.\d+)*\.[xX*]", family.text):
            head = re.escape(family.text.rstrip("xX*"))
            yield self.skip(i, "be|be at|be on") + 1, matches(replace(prop, type="text"), f"^v?{head}")
        yield from self._presence(i, prop)
        yield from self.mail_domain(self.skip(i, "be|end|belong|come|stay"), prop)
        yield from self._of_image(i, prop)
        yield from self._shape_of_text(i, prop, refined)
        yield from self._bounds(i, prop)
        closed = prop.spec is not None and bool(prop.spec.values)  # "of type Number" is no shape
        if prop.type in ("text", "version", "reference", "any", "list") and not closed:
            yield from self.naming(i, prop, refined)
        if prop.type != "flag":
            yield from self._equal(i, prop)
        yield from self._flags(i, prop)

    def mail_domain(self, i: int, prop: Prop) -> Iterator[tuple[int, Pred]]:
        """(An address) in our domain example.com, from @example.com."""
        if prop.spec is None or prop.spec.path.rpartition(".")[2].lower() != "email":
            return
        for j in self.says(i, "outside of|outside|not in|not at|not from"):
            for k, pred in self._mail_domains(j, prop):
                yield k, both(tested(prop, "present"), negated(pred))
        for j in self.says(i, "in|at|from|of|on|with|under|to|within"):
            yield from self._mail_domains(j, prop)

    def _mail_domains(self, j: int, prop: Prop) -> Iterator[tuple[int, Pred]]:
        j = self.skip(j, "company domain|domain|mail domain|email domain|company")
        domains: list[str] = []
        while (token := self.token(j)) is not None and re.fullmatch(r"@?[\w-]+(\.[\w-]+)+", token.text):
            domains.append("@" + token.text.lstrip("@"))
            j = self.skip(j + 1, "domain")
            yield j, tested(prop, "ends_with", tuple(domains))
            j = self.skip(j + 1 if self.is_punct(j, ",") else j, "or|and")

    def _presence(self, i: int, prop: Prop) -> Iterator[tuple[int, Pred]]:
        if prop.type == "flag":
            return
        k = self.skip(i, "be|have to be|stay|remain|count as")
        for j in self.says(k, "set|present|give|fill|fill in|define|specify|declare|provide|non-empty|there"
                              "|not empty|not blank|mandatory|require|compulsory|know|exist"
                              "|set explicitly|explicitly set|report|available|measure"):  # fmt: skip
            yield self.skip(j, "explicitly|always"), tested(prop, "present")
        constraint = prop.spec is not None and prop.spec.path == "version_constraint"
        for j in self.says(k, "pin|fix|pin down|constrain") if constraint else []:
            yield j, tested(prop, "present")
        for j in self.says(k, "miss|missing|empty|blank|absent|unset|null|lack|undefined|leave empty|leave blank"
                              "|leave out|unspecified"):  # fmt: skip
            j = self.skip(j, "or empty|or blank|or missing|or null")
            yield j, negated(tested(prop, "present"))
        for j in self.says(k, "runtime input|a runtime input|<+input>|as a runtime input"):
            yield j, tested(prop, "runtime_input")
        for j in self.says(k, "expression|an expression"):
            yield j, tested(prop, "expression")
        yield from self.level(k, prop)

    def level(self, k: int, prop: Prop) -> Iterator[tuple[int, Pred]]:
        """At account level: the scope a reference points to."""
        for words, scope in (("account", "account"), ("organisation", "org"), ("project", "project")):
            for j in self.says(self.skip(k, "on|of|at|from|in|define on|define at"), f"{words} level|{words} scope|{words}-level|level of {words}"
                               f"|{words}-wide|scope to {words}"):  # fmt: skip
                yield j, tested(prop, "scope_is", (scope,))

    def _equal(self, i: int, prop: Prop) -> Iterator[tuple[int, Pred]]:
        if prop.type == "map":
            return
        for j in self.says(
            i,
            "be same as|be equal to|equal|match|be identical to|be identical with|be exactly|coincide with|agree with",
        ):
            yield from self._other_field(j, prop)
        k = self.skip(i, "go over|be over|run over|have to be set to|be set to|set to|be equal to|equal|be exactly|be|read|be call|be name"
                         "|have value|have the value|use|have|be of|be one of|be either|=|carry"
                         "|be from|point to|refer to|take")  # fmt: skip
        if prop.spec is not None and prop.spec.parts[-1:] and "ype" in prop.spec.parts[-1]:
            k = (
                self.skip(i, "have to be of type|be of type")
                if self.says(i, "have to be of type|be of type")
                else k
            )
        bare = k == i and prop.type in ("money", "percent")  # "or 100 dollars" is no value a cost has to have
        for op, j in self._only(k) if not bare else ():
            if prop.spec is not None and prop.spec.path.lower().endswith("url"):
                yield from self._address(j, prop, ())  # over plain http
            for m, found in self.literals(j, prop):
                yield from self._followed(m, prop, found)
                if _part_of_address(prop, found):
                    yield m, tested(prop, "contains", found)
                    continue
                for n, ignore in self._case(m):
                    n = self._nothing_else(n)
                    if op == "only":
                        yield n, only_among(prop, found)
                    else:
                        yield n, tested(prop, "is", found, ignore_case=ignore)
        for j in self.says(i, "look like|be like|be of form|have form|have format|be in format"):
            token = self.token(j)
            if token and token.kind in ("number", "literal"):
                yield j + 1, matches(prop, f"^{example_of(token.text)}$")
        for j in self.says(k, "exactly"):
            for m, found in self.literals(j, prop):
                yield m, tested(prop, "is", found)

    def _nothing_else(self, n: int) -> int:
        """Behind "and nothing else", "only"; but "only in X" says where, not what."""
        k = self.skip(n, "and nothing else|nothing else|only|be allow|exactly")
        following = self.token(k)
        places = ("in", "on", "at", "for", "by", "if", "when", "during", "between", "with", "within", "from")
        where = (
            k > n and self.tokens[k - 1].base == "only" and following is not None and following.base in places
        )
        return n if where else k

    def _other_field(self, j: int, prop: Prop) -> Iterator[tuple[int, Pred]]:
        """... the same as the name: a value compared with another one of the same thing."""
        for k, other in self.field(j, prop.kind):
            if other.type == prop.type and not other.through and not prop.through and other.spec != prop.spec:

                def same(value: r.Value, at: At, other: Prop = other) -> r.Condition:
                    return r.Test(value=value, op="is", to_value=other.build(at), measure=prop.measure)

                yield k, tested_by(prop, same)

    def _only(self, k: int) -> Iterator[tuple[str, int]]:
        for j in self.says(k, "only|nothing but|exclusively|only be|only have|nothing other than|solely"):
            yield "only", self.skip(j, "be|have|use|one of")
        yield "is", k

    def _flags(self, i: int, prop: Prop) -> Iterator[tuple[int, Pred]]:
        if prop.type != "flag":
            if prop.spec and prop.spec.type in ("map", "list"):
                k = self.skip(i, "be|have to be|stay")
                for j in self.says(k, TRUE):
                    yield j, tested(prop, "present")
                for j in self.says(k, FALSE):
                    yield j, negated(tested(prop, "present"))
            return
        k = self.skip(i, "be set to|be|have to be|stay|remain|equal|=|set to")
        for j in self.says(k, TRUE):
            yield j, tested(prop, "is", (True,))
        for j in self.says(k, FALSE):
            yield j, negated(tested(prop, "is", (True,)))
        for j in self.says(k, "set|allow|use|permit|possible|require"):
            yield j, tested(prop, "is", (True,))
