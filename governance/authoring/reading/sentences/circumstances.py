"""When, where and for whom a sentence holds, and its exceptions: what stands beside its core."""

from __future__ import annotations

from collections.abc import Iterator

from governance.authoring import rule as r
from governance.authoring.reading.base import rule
from governance.authoring.reading.meaning.adjuncts import Adjuncts
from governance.authoring.reading.meaning.typed import Pred, Things
from governance.authoring.reading.sentences.exceptions import Exceptions
from governance.authoring.reading.values.predicates import constant, on_document
from governance.authoring.reading.values.props import prop_of
from governance.authoring.reading.values.value_tests import tested
from governance.authoring.reading.words.tokens import Token
from governance.authoring.reading.words.values import STOP, VAGUE

DATABASES = ("dbschema.name", "dbschema.identifier", "dbinstance.name", "dbinstance.identifier")
# said of people whom a rule does not bind
SPARED = (
    "may|can|may do it|may do so|may do them|may do this|can do it|can do so|can do them|may still|can still|may still do it|can still do it"
    "|may still do so|can still do so|may still do them|can still do them|may still do this|may anyway|can anyway|be exempt|be exclude"
    "|be not affect|be exempt from this|may override it|can override it|may bypass this|can bypass this|be free to|be free to do so|may at any time"
)


class Circumstances(Exceptions):
    """Grammar of adjuncts."""

    @rule
    def adjuncts(self, i: int, subject: Things) -> Iterator[tuple[int, Adjuncts]]:
        """Any number of adjuncts in any order."""
        for j, first in self._adjunct(i, subject):
            if j > i:
                for k, rest in self.adjuncts(j, subject):
                    yield k, first.plus(rest)
        yield i, Adjuncts()

    @rule
    def _adjunct(self, i: int, subject: Things) -> Iterator[tuple[int, Adjuncts]]:  # noqa: C901 - the alternatives of one grammar rule
        comma = i + 1 if self.is_punct(i, ",-:(") else i
        comma = self.skip(comma, "and|but") if comma > i else comma
        for j, pred in self.windows(self.skip(comma, "start|run|happen|take place|go out")):
            yield self._close(i, j), Adjuncts(where=(pred,))
        for j in self.says(
            comma,
            "to pass|to get through|to be let through|to be allow through|to be save|to be accept|to be create",
        ):
            ends = [k for k, thing in self.bare(j) if thing.plain and thing.kind.spec is None]
            yield from ((self._close(i, k), Adjuncts()) for k in (*ends, j))
        places = "in|on|against|for|of|at" if self.entity == "dbSql" else "in"
        for j in self.says(comma, places):
            for k, prop in self.field(j, self.kind("document") if self.entity == "dbSql" else subject.kind):
                path = (prop.spec.path if prop.spec else "").lower()
                if path == "app.spec.project" and prop.words.lower() == "project":
                    continue  # the project it is saved in, not the one of Argo
                if path.endswith(("namespace", "environmentref", "region", "project", "branch", *DATABASES)):
                    for m, found in self.literals(k, prop):
                        yield (
                            self._close(i, m),
                            Adjuncts(
                                where=(
                                    on_document(tested(prop, "is", found))
                                    if self.entity == "dbSql"
                                    else tested(prop, "is", found),
                                )
                            ),
                        )
        for j in self.says(
            comma, "while|as long as" if comma == i else "as long as"
        ):  # not: ..., while others may
            for k, (pred, via) in self.condition(j, subject):
                yield self._close(i, k), Adjuncts(where=(pred,), via=via)
        for j in self.says(comma, "if|when|whenever|where|provided that|provided|as long as|in case|once|in case that"
                                  "|only if|only when|should|given that"):  # fmt: skip
            for k, (pred, via) in self.condition(j, subject):
                yield self._close(i, k), Adjuncts(where=(pred,), via=via)
        for j in self.says(comma, "but do not bother when|but do not bother if|do not bother when|do not bother if|but never mind if|never mind when"
                                  "|but ignore it if|but ignore it when|but it be fine if|but it be ok if|but that be ok if|but it be ok when"
                                  "|unless|except if|except when|if not|other than when|but not if|but not when"
                                  "|except where|except in case that|save when|until"):  # fmt: skip
            for k, (pred, _) in self.condition(j, subject):
                yield self._close(i, k), Adjuncts(unless=(pred,))
        yield from self._exceptions(i, comma, subject)
        for j in self.says(
            comma if comma == i or self.is_punct(i, ",-") else i, "but|however|though|although|only"
        ):
            for k, pred in self.who(j):
                for m in self.says(k, SPARED):
                    yield self._close(i, m), Adjuncts(unless=(pred,))
        if comma > i and self.tokens[comma - 1].base == "but":
            for k, pred in self.who(comma):
                for m in self.says(k, SPARED):
                    yield self._close(i, m), Adjuncts(unless=(pred,))
        for j in self.says(comma, "by|through|in|on|at" if self.entity == "firewall" else "by|through|in|on"):
            for k, thing in self.bare(j):
                if thing.plain and thing.kind.spec is None:
                    yield self._close(i, k), Adjuncts()
        for j in self.says(comma, "per|for each|for every|in each|in every|in single|in any one"):
            for k, parent in self.bare(j):
                if parent.plain and parent.kind.name == subject.kind.name:
                    yield self._close(i, k), Adjuncts()
        approval = i > 0 and self.tokens[i - 1].base in ("approval", "approve", "off", "sign-off", "signoff")
        only = comma > 0 and self.tokens[comma - 1].base in ("only", "exclusively")  # that asks for them
        for j in self.says(comma, "by|for|through") if not approval and not only else []:
            for k, pred in self.who(j):
                yield self._close(i, k), Adjuncts(where=(pred,))
        for j in self.says(comma, "for|in|within|inside|on|of|across|to"):
            for k, parent in self.things(j):
                if parent.kind.name == subject.kind.name and subject.kind.spec is not None:
                    yield self._close(i, k), Adjuncts(where=(parent.holds,))
                pred = self._belongs(subject.kind, parent)
                if pred is not None:
                    yield (
                        self._close(i, k),
                        Adjuncts(where=() if self.anywhere(parent) else (pred,)),
                    )
            for k, pred in self.scope(j):
                yield self._close(i, k), Adjuncts(where=(pred,))
        for j in self.says(comma, "at|on|in|from|of"):
            for k, pred in self.level_of(j, subject.kind):
                yield self._close(i, k), Adjuncts(where=(pred,))
        if self.is_punct(i, "("):
            for kind in (subject.kind, self.kind("document")):
                for j, prop in self.value_of(i + 1, kind):
                    for k, found in self.literals(self.skip(j, "be|="), prop):
                        if self.is_punct(k, ")"):
                            pred = tested(prop, "is", found)
                            same = kind.name == subject.kind.name
                            yield k + 1, Adjuncts(where=(pred if same else on_document(pred),))
        for j in self.says(comma, "outside|outside of|anywhere outside|anywhere but in|except in|but not in"):
            for k, pred in self.scope(j):
                yield self._close(i, k), Adjuncts(unless=(pred,))
        seen = Things(subject.kind, role=subject.role)
        said_for = comma < self.size and self.tokens[comma].base == "for"
        for k, nxt in self._after_noun(comma, seen) if said_for else []:
            added = (*nxt.only, *nxt.base)
            if added and k > comma:
                yield self._close(i, k), Adjuncts(where=added)
        yield from self._remarks(i, comma, subject)

    def _close(self, i: int, k: int) -> int:
        return k + 1 if self.is_punct(i, "(") and self.is_punct(k, ")") else k

    @rule
    def scope(self, i: int) -> Iterator[tuple[int, Pred]]:
        """The project or organisation something is saved in."""
        document = self.kind("document")
        own = {f.path: f for f in document.fields} if self.entity not in ("pipeline", "template") else {}
        for words, path, kept in (
            ("project", "identifier", ("projectIdentifier", "iacmMetadata.project")),
            ("organisation", "orgIdentifier", ("orgIdentifier", "iacmMetadata.org")),
            ("workspace", "", ("iacmMetadata.workspace",)),
        ):
            held = next((own[p] for p in kept if p in own), None)
            for j, token in self._owned(i, words) if path or held else []:
                if (
                    token
                    and (token.quoted or token.kind != "punct")
                    and token.base not in ("setting", "level", "scope")
                ):
                    value = r.Field(of="metadata", path=("projectMetadata", path))
                    asked = constant(r.Test(value=value, op="is", to=(token.text,)))
                    here = tested(prop_of(document, held), "is", (token.text,)) if held else asked
                    yield j, on_document(here) if held else asked

    def _owned(self, i: int, words: str) -> Iterator[tuple[int, Token | None]]:
        """Project payments, the payments project: the name, and the position behind both."""
        for j in self.says(i, words):
            yield j + 1, self.token(j)
        name = self.token(i)
        if name is not None and name.kind in ("word", "literal") and name.base not in STOP | VAGUE:
            yield from ((j, name) for j in self.says(i + 1, words) if not self.says(j, "level|scope|setting"))
