"""SQL statements as nouns: verbs with their objects, as patterns."""

from __future__ import annotations

from collections.abc import Iterator

from governance.authoring.reading.base import rule
from governance.authoring.reading.meaning.typed import Things
from governance.authoring.reading.nouns.steps import StepNouns
from governance.authoring.reading.values.predicates import sql_matches
from governance.authoring.reading.words.verbs import SQL, SQL_OBJECTS

# statements that change what tables there are
CLAUSES = (
    "where",
    "primary key",
    "foreign key",
    "if exists",
    "if not exists",
    "on delete cascade",
    "limit",
    "cascade",
    "not null",
)
DDL = (r"(?i)^\s*(create|alter|drop|truncate|rename)\b",)


class SqlNouns(StepNouns):
    """Grammar of statements."""

    def _statements(self, i: int) -> Iterator[tuple[int, Things]]:
        for j, pattern in self.sql_words(i):
            k = self.skip(j, "sql statement|statement|query|command|sql|statements")
            yield k, Things(self.kind("statements"), (sql_matches(pattern),), plain=False)
        for j in self.says(i, "ddl statement|ddl change|ddl command|ddl|schema change|change of schema"):
            end = self.token(j)
            for k, named in self.sql_words(j + 1) if end is not None and end.text == "(" else []:
                if self.is_punct(k, ")"):  # schema changes (ALTER, DROP)
                    yield k + 1, Things(self.kind("statements"), (sql_matches(named),), plain=False)
            if self.tokens[i].base == "ddl":
                yield j, Things(self.kind("statements"), (sql_matches(DDL),), plain=False)

    @rule
    def sql_words(self, i: int) -> Iterator[tuple[int, tuple[str, ...]]]:
        """SQL verbs with their objects as patterns: DROP TABLE, TRUNCATE, DELETE or UPDATE."""
        first_token, second = self.token(i), self.token(i + 2)
        if (
            first_token
            and second
            and first_token.base in SQL
            and second.base in SQL
            and self.says(i + 1, "or|and")
        ):
            for j, shared in self._sql_word(i + 2):  # "alter or drop a column": the object belongs to both
                if r"\s+(" in shared:
                    yield j, (shared, shared.replace(second.base, first_token.base, 1))
        for j, first in self._sql_word(i):
            found, k = [first], j
            while True:
                m = k + 1 if self.is_punct(k, ",/") else k
                m = self.skip(m, "or|and|nor")
                nxt = self._sql_word(m) if m > k else []
                if not nxt:
                    break
                k = nxt[0][0]
                found.append(nxt[0][1])
            if len(found) > 1:
                yield k, tuple(found)
            yield j, (first,)

    def sql_keywords(self, i: int) -> Iterator[tuple[int, tuple[str, ...]]]:
        """(Must use) CONCURRENTLY, IF EXISTS: words in capitals, as they stand in a statement."""
        k, said = i, []
        while (token := self.token(k)) is not None and token.text.isupper() and token.text.isalpha():
            said.append(token.text.lower())
            k += 1
        for clause in CLAUSES:
            for j in self.says(i, clause):
                yield (
                    self.skip(j, "clause|constraint|condition|option"),
                    (r"(?i)\b" + r"\s+".join(clause.split()) + r"\b",),
                )
        if said:
            yield self.skip(k, "clause|keyword|option"), (r"(?i)\b" + r"\s+".join(said) + r"\b",)

    @rule
    def _sql_word(self, i: int) -> Iterator[tuple[int, str]]:
        token = self.token(i)
        if token is None:
            return
        verb = token.base if token.kind == "word" else token.text.lower()
        if token.quoted and verb.split() and verb.split()[0] in SQL:
            yield i + 1, r"(?i)\b" + r"\s+".join(verb.split()) + r"\b"
        if verb in SQL:
            k = self.skip(i + 1, "any|all|whole|existing")
            objects: list[str] = []
            while (nxt := self.token(k)) is not None and nxt.base in SQL_OBJECTS:
                objects.append(nxt.base)
                m = self.skip(k + 1 if not self.is_punct(k + 1, ",") else k + 2, "or|and")
                after = self.token(m)
                if m == k + 1 or after is None or after.base not in SQL_OBJECTS:
                    k += 1
                    break
                k = m
            if self.token(i + 1) is not None and self.tokens[i + 1].text == "*":
                yield i + 2, rf"(?i)\b{verb}\s+\*"
            elif objects:
                yield k, rf"(?i)\b{verb}\s+({'|'.join(objects)})\b"
            elif (nxt := self.token(i + 1)) is not None and nxt.base in ("all", "from", "into"):
                yield i + 2, rf"(?i)\b{verb}\s+{nxt.base}\b"
            else:
                yield i + 1, rf"(?i)\b{verb}\b"
