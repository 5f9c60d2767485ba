"""What follows SQL statements: clauses they have or lack, tables they touch, the database they run on."""

from __future__ import annotations

import re
from collections.abc import Iterator

from governance.authoring.reading.meaning.typed import Kind, Pred, Things, negated
from governance.authoring.reading.nouns.phrases import Nouns
from governance.authoring.reading.values.predicates import on_document, sql_matches
from governance.authoring.reading.values.props import prop_of
from governance.authoring.reading.values.value_tests import tested
from governance.authoring.reading.words.values import STOP

WHERE = (r"(?i)\bwhere\b",)
TOUCH = "touch|mention|name|refer to|reference|access|change|modify|alter|affect|concern|hit|read|read from|write to|use|target|involve"


class StatementPostmods(Nouns):
    """Grammar of what narrows statements."""

    def _of_statement(self, k: int, thing: Things) -> Iterator[tuple[int, Things]]:
        for j in self.says(k, "without|with no|that have no|that lack|lacking|which have no"):
            for m in self.says(j, "where clause|where|where condition|where-clause"):
                yield m, thing.narrowed(negated(sql_matches(WHERE)))
            for m, words in self.sql_keywords(j):
                yield m, thing.narrowed(negated(sql_matches(words)))
        for j in self.says(k, "with|use|using|that have|that use|containing"):
            for m, words in self.sql_keywords(j):
                yield m, thing.narrowed(sql_matches(words))
        for j in self.says(k, "on|in|against|for|of|from|into|to"):
            for m, name in self._table(j):
                yield m, thing.narrowed(name)
            for m, place in self._database(j):
                yield m, thing.narrowed(on_document(place))

    def _on_database(self, k: int, thing: Things) -> Iterator[tuple[int, Things]]:
        """Database changes on oracle."""
        for j in self.says(k, "on|against"):
            yield from ((m, thing.narrowed(place)) for m, place in self._database(j))

    def touches(self, i: int) -> Iterator[tuple[int, Pred]]:
        """(SQL that) touches the table customers: its name stands in the statement."""
        for j in self.says(i, TOUCH):
            yield from self._table(j)

    def _table(self, i: int) -> Iterator[tuple[int, Pred]]:
        names: list[str] = []
        for j in self.says(i, "table|one of table|either of table|schema|view|column"):
            while (token := self.token(j)) is not None and (
                token.quoted or token.kind == "literal" or (token.kind == "word" and token.base not in STOP)
            ):
                names.append(rf"(?i)\b{re.escape(token.text)}\b")
                yield j + 1, sql_matches(tuple(names))
                following = self.skip(j + 2 if self.is_punct(j + 1, ",") else j + 1, "or|and")
                if following == j + 1:
                    break
                j = following

    def _database(self, i: int) -> Iterator[tuple[int, Pred]]:
        """On postgres, against the instance orders, in the schema billing."""
        document: Kind = self.kind("document")
        kinds = next(f for f in document.fields if f.path == "dbInstance.type")
        for j, found in self.literals(i, prop_of(document, kinds)):
            yield self.skip(j, "database|instance"), tested(prop_of(document, kinds), "is", found)
        for j, prop in self.field(i, document):
            if prop.spec is not None and prop.spec.path.endswith((".name", ".identifier")):
                for m, found in self.literals(j, prop):
                    yield m, tested(prop, "is", found)
