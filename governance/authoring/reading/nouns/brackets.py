"""Brackets behind a noun: they say the same again, or which types are meant."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from governance.authoring.reading.meaning.typed import Things, both, either
from governance.authoring.reading.nouns.phrases import Nouns
from governance.authoring.reading.values.props import prop_of
from governance.authoring.reading.values.value_tests import tested


class Brackets(Nouns):
    """Grammar of brackets behind nouns."""

    def _brackets(self, k: int, thing: Things) -> Iterator[tuple[int, Things]]:
        """(type USER), (group External Contractors), (aws_db_instance): says the same again."""
        if not self.is_punct(k, "("):
            return
        for m, prop in self.value_of(k + 1, thing.kind):
            for n, found in self.literals(self.skip(m, "be|="), prop):
                if self.is_punct(n, ")"):
                    yield n + 1, thing.narrowed(tested(prop, "is", found))
            for n, pred in self.about(m, prop):
                if n > m and self.is_punct(n, ")"):
                    yield n + 1, thing.narrowed(pred)
            if self.is_punct(m, ")"):
                yield m + 1, thing
        yield from self._types_in_brackets(k, thing)
        token = self.token(k + 1)
        if token and self.is_punct(k + 2, ")") and token.text in thing.types:
            yield k + 3, thing
        for m in range(k + 2, min(k + 14, self.size)):
            if self.is_punct(m, ")"):
                if self._harmless(k + 1, m):
                    yield m + 1, thing
                break

    def _types_in_brackets(self, k: int, thing: Things) -> Iterator[tuple[int, Things]]:
        """Git connectors (Github, Gitlab): those as well."""
        kinds = next((f for f in thing.kind.fields if f.path == "type" and f.values), None)
        if kinds is None or thing.kind.element == "step":
            return
        prop = prop_of(thing.kind, kinds, "type")
        for m, found in self.literals(k + 1, prop):
            if self.is_punct(m, ")"):
                these = tested(prop, "is", found)
                only = (either(both(*thing.only), these),) if thing.only else (these,)
                yield m + 1, replace(thing, only=only, plain=False)
