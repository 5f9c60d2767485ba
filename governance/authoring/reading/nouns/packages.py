"""Packages as nouns: by name, by where they come from, by licence."""

from __future__ import annotations

from collections.abc import Iterator

from governance.authoring.reading.base import rule
from governance.authoring.reading.meaning.typed import Kind, Things
from governance.authoring.reading.nouns.findings import FindingNouns
from governance.authoring.reading.values.predicates import ECOSYSTEMS, licence_of, literal_at, of_ecosystem
from governance.authoring.reading.values.props import prop_of
from governance.authoring.reading.values.value_tests import tested
from governance.authoring.reading.words.tokens import is_english
from governance.authoring.reading.words.values import STOP
from governance.authoring.reading.words.verbs import AFTER_NAME, COMMON

# where packages come from, not what one is called
MANAGERS = frozenset("npm pypi maven nuget rubygems cargo golang composer".split())


class PackageNouns(FindingNouns):
    """Grammar of packages."""

    def _packages(self, i: int) -> Iterator[tuple[int, Things]]:
        if self.entity == "firewall" and self.tokens[i].base.startswith("cve-"):
            for j, names in self._reference_list(i):
                yield j, Things(self.kind("cves"), only=(literal_at(("id",), names, True),), plain=False)
        package = self.kind("packages")
        for j in self.says(i, "anything|everything|something"):
            if self.entity == "firewall" or self.says(
                j, "from|by|under|licence|with|without|that|whose|supply"
            ):
                following = self.token(j)
            if following is None or following.base not in (
                "old",
                "older",
                "new",
                "newer",
                "below",
                "before",
                "else",
                "other",
            ):
                yield j, Things(package)
        name = next(f for f in package.fields if f.label == "name")
        for j in self.says(i, "package|dependency|library|component|artifact"):
            j = self.skip(j, "called|named")
            if self.says(j, "of|in|from|twice|once|again|alone|anywhere|either|more than once"):
                continue  # where it is and how often, not what it is called
            for k, found in self.literals(j, prop_of(package, name)):
                if self.tokens[j].kind == "literal" or self.tokens[j].quoted or "-" in self.tokens[j].text \
                        or k >= self.size or self.tokens[k].base in AFTER_NAME:  # fmt: skip
                    yield k, Things(package, (tested(prop_of(package, name), "is", found),), plain=False)
        token = self.token(i)
        for j, names in self.ecosystems(i) if self.entity == "sbom" else []:
            for k in self.says(j, "package|dependency|library|component|module|artifact"):
                yield k, Things(package, only=(of_ecosystem(*names),), plain=False)
            for k, thing in self._packages(j):  # the npm package event-stream
                yield k, thing.narrowed(of_ecosystem(*names))
        yield from self._licensed(i, package)
        token = self.token(i)
        odd = token is not None and (
            "-" in token.text
            or token.base.startswith("log4j")
            or not is_english(token.text)
            or (self._said_package() and self._version_at(i + 1))
        )
        if (
            token
            and not token.base.startswith(("cve-", "cwe-"))
            and (
                token.quoted
                or token.kind == "literal"
                or (token.kind == "word" and odd and not self._known(i))
            )
            and ("_" not in token.text or self._said_package())
            and not token.text.isupper()
            and token.base not in MANAGERS
            and not licence_of(token.text)
        ):
            j = self.skip(i + 1, "package|library|dependency")
            yield j, Things(package, (tested(prop_of(package, name), "is", (token.text,)),), plain=False)

    def _licensed(self, i: int, package: Kind) -> Iterator[tuple[int, Things]]:
        """MIT packages; (no) GPL-3.0 in the SBOM."""
        licences = prop_of(package, next(f for f in package.fields if f.label == "licences"))
        for j, found in self.licences(i):
            under = Things(package, (), (tested(licences, "is", found),), plain=False)
            for m in self.says(self.skip(j, "licence"), "package|dependency|library|component|code|software"):
                yield m, under
            if self.entity == "sbom" and (
                j >= self.size or self.says(j, "in|from|anywhere") or self.is_punct(j, ".;")
            ):
                yield j, under

    @rule
    def ecosystems(self, i: int) -> Iterator[tuple[int, tuple[str, ...]]]:
        """Npm, PyPI or Maven: where packages come from."""
        found: list[str] = []
        while (token := self.token(i)) is not None and token.base in ECOSYSTEMS:
            found.append(token.base)
            yield i + 1, tuple(found)
            i = self.skip(i + 2 if self.is_punct(i + 1, ",/") else i + 1, "or|and|nor")

    def _version_at(self, i: int) -> bool:
        """Whether "below 4.3.1" follows, so that even a plain word is what a package is called."""
        return any(c.bounds[0][1].unit == "version" for _, c in self.comparison(i))

    def _said_package(self) -> bool:
        return any(
            t.base in ("package", "dependency", "library", "component", "sbom", "bom") for t in self.tokens
        )

    def _known(self, i: int) -> bool:

        token = self.tokens[i]
        if "-" in token.text:
            return False
        return (
            token.base in STOP
            or any(
                next(self.senses(i, c), None) is not None for c in ("noun", "field", "value", "verb", "state")
            )
            or not token.text.isalpha()
            or token.base in COMMON
        )

    @rule
    def licences(self, i: int) -> Iterator[tuple[int, tuple[str, ...]]]:
        """Licence identifiers in a list: MIT, Apache-2.0 or GPL-3.0."""
        found: list[str] = []
        listed = self.skip(
            i, "approve licence|permit licence|allow licence|accept licence|following licence|follow licence"
        )
        i = listed + 1 if listed > i and self.is_punct(listed, ":") else i
        i = self.skip(i, "either|one of|any of")
        k = i
        while (token := self.token(k)) is not None and (named := licence_of(token.text)):
            found.append(named)
            k = self.skip(
                k + 1,
                "licence of any version|licence in any version|of any version|in any version|any version|licence"
                "|whatever version|of whatever version|in all version",
            )
            yield k, tuple(found)
            m = k + 1 if self.is_punct(k, ",/") else k
            m = self.skip(self.skip(m, "or|and|nor|and/or"), "under|the")
            if m == k:
                break
            k = m
