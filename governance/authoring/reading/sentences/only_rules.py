"""What "only" makes of a sentence: only these licences, only from there, only such stages may."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from governance.authoring.reading.meaning.relations import has
from governance.authoring.reading.meaning.statements import Statement
from governance.authoring.reading.meaning.typed import Things, both, either, negated
from governance.authoring.reading.sentences.value_subjects import ValueSubjects
from governance.authoring.reading.values.predicates import sql_matches
from governance.authoring.reading.values.props import prop_of
from governance.authoring.reading.values.value_tests import only_among, or_missing, tested
from governance.authoring.reading.words.sentences import MODALS


class OnlyRules(ValueSubjects):
    """Grammar of rules that begin with "only"."""

    def _only_core(self, i: int) -> Iterator[tuple[int, tuple[Statement, ...]]]:  # noqa: C901 - the alternatives of one grammar rule
        """Only MIT packages are allowed; only allow connectors of type …; only push to …"""
        if self.entity in ("sbom", "firewall"):
            yield from self._sole_licences(i)
            yield from self._lets_through(i)
        yield from self._kept_for(i)
        for j in self.says(
            i,
            "we only ship|only ship|we ship only|ship only|we only accept|we only allow|we only permit|we accept only|we allow only|only have|have only|only want|want only|only see|only keep|only allow|allow only|only permit|permit only|only accept|accept only|only|nothing but|use only|only use|we only use|we only want",
        ):
            j = self.skip(j, "allow|permit|accept|use")
            ends = "be allow|be permit|be ok|be okay|be fine|may be use|can be use|be accept|be acceptable|should be allow" \
                   "|may exist|be use|should be use|can exist|may be create|shall be use|be to be use|may be save" \
                   "|must be use|may ship|can ship|should exist|be good|be legal|be valid|allow|may come in|may be in it"  # fmt: skip
            if self.entity in ("sbom", "firewall"):
                yield from self._only_licences(j, ends)
            yield from self._only_so_many(j)
            for k, thing in self.things(j):
                for m in self.says(
                    k,
                    "may contain|may have|can contain|can have|may use|can use|should contain|may include|may hold|may run",
                ):
                    for n, inner in self.things(m):
                        pred = self._belongs(inner.kind, thing)
                        if (
                            pred is not None
                            and inner.kind.element == "step"
                            and thing.kind.element == "stage"
                        ):
                            yield n, (Statement(inner, pred),)
                yield from self._only_these(k, thing)
                if thing.only:
                    subject = Things(thing.kind, thing.base, words=thing.words)
                    demand = both(*map(or_missing, thing.only))
                    for m in [*self.says(k, ends), *self.accepted(k), k]:
                        yield m, (Statement(subject, demand),)
            yield from self._only_statements(j, ends)
            yield from self._only_known_name(j)
            yield from self._only_from(j, ends)
            for kind in self._all_kinds():
                for k, prop in self.field(j, kind):
                    for m, found in self.literals(k, prop):
                        for n in [*self.says(m, ends), *self.accepted(m), m]:
                            yield n, (Statement(Things(kind), only_among(prop, found)),)
                            for p in self.says(n, "for|in|on"):
                                for q, thing in self.things(p):
                                    if thing.kind.name == kind.name:
                                        yield q, (Statement(thing, only_among(prop, found)),)

    def _lets_through(self, i: int) -> Iterator[tuple[int, tuple[Statement, ...]]]:
        """The firewall lets only X through, must allow only X: packages have to be X."""
        for j, document in self.things(i):
            if document.kind.spec is not None or not document.plain or document.none:
                continue
            for k in self.says(self.skip(j, MODALS), "only let|only allow|only accept|only admit|only permit|let only|allow only"
                               "|accept only|admit only|permit only|let nothing but|allow nothing but"):  # fmt: skip
                for m, thing in self.things(k):
                    if thing.kind.spec is not None and thing.only and not thing.none and not thing.how_many:
                        end = self.skip(m, "through|in|pass|pass through|come through|get through")
                        yield end, (Statement(Things(thing.kind, thing.base), both(*thing.only)),)

    def _only_statements(self, j: int, ends: str) -> Iterator[tuple[int, tuple[Statement, ...]]]:
        """Only SELECT and INSERT statements are allowed: every statement begins with one of them."""
        for k, patterns in self.sql_words(j) if self.entity == "dbSql" else []:
            begins = tuple(p.replace(r"(?i)\b", r"(?i)^\s*", 1) for p in patterns)
            k = self.skip(k, "sql statement|statement|query|command")
            for m in [*self.says(k, ends), *self.accepted(k)]:
                yield m, (Statement(Things(self.kind("statements")), sql_matches(begins)),)

    def _only_so_many(self, j: int) -> Iterator[tuple[int, tuple[Statement, ...]]]:
        """Only one stage may deploy to production; only two approval stages are allowed."""
        for k, number in (
            *self.number(j),
            *((k, 1.0) for k in self.says(j, "one|single|one single|a single")),
        ):
            for m, thing in self._one(self.skip(k, "of|of the")):
                if thing.kind.spec is None or thing.none or thing.how_many:
                    continue
                ends = [(n, thing) for n in self.accepted(m)]
                for n in self.says(m, "may|can|should|must|be allow to|be permit to"):
                    ends += [(p, thing.narrowed(pred)) for p, pred in self.vp(n, thing.kind)]
                for n, counted in ends:
                    limited = replace(counted, how_many=(("at_most", number),))
                    yield n, (Statement(Things(self.kind("document")), has(limited, self.facts)),)

    def _only_from(self, j: int, ends: str) -> Iterator[tuple[int, tuple[Statement, ...]]]:
        """Only images from X may be used in Run steps: a value by where it comes from."""
        for kind in self._all_kinds():
            for k, prop in self.field(j, kind):
                if not self.says(k, "from|pull from|host on|out of"):
                    continue
                for m, pred in self._prop_tail(k, prop):
                    inside = either(negated(tested(prop, "present")), pred)
                    for n in self.says(m, ends):
                        yield n, (Statement(Things(kind), inside),)
                        for p in self.says(n, "for|in|on|by"):
                            for q, thing in self.things(p):
                                if thing.kind.name == kind.name:
                                    yield q, (Statement(thing, inside),)

    def _only_these(self, k: int, thing: Things) -> Iterator[tuple[int, tuple[Statement, ...]]]:
        """Only CI stages may push images: whatever does it has to be one of them."""
        what = (*thing.base, *thing.only)
        if not what or thing.none or thing.how_many:
            return
        for m in [*self.says(k, "may|can|should|must|shall|be allow to|be permit to"), k]:
            for n, (pred, via) in self.vp_with_things(m, thing.kind):
                doing = replace(Things(thing.kind, via=via), only=(pred,), plain=False)
                yield n, (Statement(doing, both(*what)),)

    def _only_known_name(self, j: int) -> Iterator[tuple[int, tuple[Statement, ...]]]:
        """Only vault_main may be used: the name of something the installation has stands for its field."""
        document = self.kind("document")
        for spec in document.fields:
            prop = prop_of(document, spec)
            for k, _ in self._from_facts(j, prop) if spec.type == "reference" else []:
                for m, found in self.literals(j, prop):
                    for n in self.accepted(m) if m >= k else []:
                        yield n, (Statement(self.topic or Things(document), only_among(prop, found)),)

    def _kept_for(self, i: int) -> Iterator[tuple[int, tuple[Statement, ...]]]:
        """vault_pci is only for secrets of X: what is kept there has to be one of those."""
        document = self.kind("document")
        for spec in (f for f in document.fields if f.type == "reference"):
            prop = prop_of(document, spec)
            for j, found in self._from_facts(i, prop):
                for k in self.says(j, "be only for|be for|may only be use for|may only be use by|can only be use by|can only be use for"
                                      "|be reserve for|be only mean for|be only to be use for|may only hold|may only keep|may only store"):  # fmt: skip
                    k = self.skip(k, "only")
                    said = any(t.base in ("only", "reserve") for t in self.tokens[j:k])
                    for m, thing in self.things(k) if said else []:
                        if thing.kind.spec is None and thing.only and not thing.none:
                            there = Things(document).narrowed(tested(prop, "is", (found,)))
                            yield m, (Statement(there, both(*thing.only)),)

    def _only_licences(self, j: int, ends: str) -> Iterator[tuple[int, tuple[Statement, ...]]]:
        """Only MIT and Apache-2.0 (packages) are allowed: each licence has to be one of them."""

        package = self.kind("packages")
        spec = next(f for f in package.fields if f.label == "licences")
        start = self.skip(j, "following licence|these licence|approve licence|permissive licence|licence|package under"
                             "|package with licence|package licence under")  # fmt: skip
        for k, found in self.licences(start + 1 if self.is_punct(start, ":") else start):
            k = self.skip_all(k, "licence|license|package|dependency|library|component")
            for m in [*self.says(k, ends), *self.accepted(k), k]:
                m = self.skip(m, "as licence|for licence|as package licence")
                for n in (m, *self._in_document(m)):
                    yield n, (Statement(Things(package), only_among(prop_of(package, spec), found)),)

    def _sole_licences(self, i: int) -> Iterator[tuple[int, tuple[Statement, ...]]]:
        """MIT and Apache-2.0 are the only licences we allow: each licence has to be one of them."""
        package = self.kind("packages")
        spec = next(f for f in package.fields if f.label == "licences")
        for j, found in self.licences(i):
            bound = Things(package, only=(tested(prop_of(package, spec), "is", found),), plain=False)
            for k in self.says(j, "be only allow|be allow only|may only be use|may only appear|be only acceptable|be acceptable only"
                                  "|be only ok|be ok only|be only permit|be permit only|be only fine|may only occur"):  # fmt: skip
                for m in self.says(k, "for|in|by|on"):
                    for n, thing in self.things(m):
                        mine = (*thing.base, *thing.only)
                        if thing.kind.name == package.name and mine and not thing.none:
                            yield n, (Statement(bound, both(*mine)),)
            for k in self.says(j, "be only|be sole"):
                for m in self.says(
                    k, "licence|accept licence|allow licence|permit licence|acceptable licence|valid licence"
                ):
                    m = self.skip(m, "we|that be|which be|that may be|that we")
                    m = self.skip(m, "allow|accept|permit|acceptable|use|tolerate|want|ok|okay")
                    for n in (m, *self._in_document(m)):
                        yield n, (Statement(Things(package), only_among(prop_of(package, spec), found)),)
