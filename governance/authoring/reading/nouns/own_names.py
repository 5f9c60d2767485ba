"""Things by their own name or identifier: which of the two is meant, and a literal behind its noun."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from governance.authoring import rule as r
from governance.authoring.fields import FieldSpec
from governance.authoring.reading.meaning.typed import Kind, Prop, Things
from governance.authoring.reading.nouns.phrases import Nouns
from governance.authoring.reading.values.props import prop_of
from governance.authoring.reading.values.value_tests import tested


class OwnNames(Nouns):
    """Grammar of the names things have."""

    def _own_literal(self, k: int, thing: Things) -> Iterator[tuple[int, Things]]:
        """The environment prod, the pipeline nightly_build: a document by its identifier."""
        token = self.token(k)
        inner = token is not None and token.quoted and thing.kind.name in ("stages", "step_groups")
        if (thing.kind.spec is not None and not inner) or not thing.plain:
            return
        spec = next((f for f in thing.kind.fields if f.path == "identifier"), None)
        if spec is None or token is None:
            return
        prop = prop_of(thing.kind, spec, "identifier")
        name = next((f for f in thing.kind.fields if f.path == "name"), spec)
        either_way = replace(prop, others=() if name is spec else (prop_of(thing.kind, name, "name"),))
        if token.quoted or (token.kind == "literal" and re.fullmatch(r"[A-Za-z0-9_-]+", token.text)):
            yield k + 1, thing.narrowed(tested(either_way, "is", (token.text,)))
        if self.entity == "environment":
            for j, found in self._named_environments(k):
                yield j, thing.narrowed(tested(prop, "is", found))

    def _in_brackets(self, kind: Kind) -> list[str]:
        """Called prod or prod_eu (the identifier): which of its names is meant."""
        found = []
        for i in range(self.size):
            start = self.skip(i + 1, "i.e.|i.e|meaning|by|in|go by|that be|mean be|in the")
            for j, sense in (
                self.senses(self.skip(start, "its|their|the"), "field") if self.is_punct(i, "(") else []
            ):
                owner, spec = sense.payload
                if self.is_punct(j, ")") and owner == kind and spec.path in ("identifier", "name"):
                    found.append(spec.path)
        return found

    def _name_of(self, kind: Kind) -> list[tuple[int, Prop]]:
        if kind.spec is not None and kind.spec.by_key and kind.element != "cost":
            spec = FieldSpec("@key", "text", "name")
            return [(0, Prop(kind, lambda at: r.Field(of=at.ref, path=("@key",)), "text", spec, "name"))]
        order = ("identifier",) if self.entity == "repository" else ("name", "identifier")
        for wanted in (*self._in_brackets(kind), *order):
            for spec in kind.fields:
                if spec.path == wanted or (spec.label == wanted and wanted == "name"):
                    return [(0, prop_of(kind, spec, "name"))]
        return []
