"""Findings of scans as nouns: by severity, by layer of the image, by reference."""

from __future__ import annotations

from collections.abc import Iterator

from governance.authoring.reading.base import rule
from governance.authoring.reading.meaning.typed import Things
from governance.authoring.reading.nouns.steps import StepNouns
from governance.authoring.reading.values.predicates import refers_to, severity
from governance.authoring.reading.words.verbs import FINDINGS, SEVERITIES

# parts of an image that a scan counts on their own and an SBOM marks its packages with
LAYERS = (
    ("base image|base image layer|base layer|layer of base image", "BASE_"),
    ("application|app|application layer|app layer|application image|layer of application", "APP_"),
)


class FindingNouns(StepNouns):
    """Grammar of findings."""

    def _findings(self, i: int) -> Iterator[tuple[int, Things]]:
        issue = self.kind("scan_issues")
        for j, levels in self._levels(i):
            k = self.skip(j, "severity|risk|severity level|level")
            for m in self.says(k, FINDINGS):
                yield m, severity(issue, levels)
                for n, layer in self._layer(m):
                    if not any(level.startswith("NEW_") for level in levels):
                        yield n, severity(issue, tuple(layer + level for level in levels))
            if self.tokens[j - 1].base in ("finding", "one"):
                yield j, severity(issue, levels)
            elif (m_end := self.skip(j, "one")) and (m_end != j or self._ends_here(j)):
                yield m_end, severity(issue, levels)
        references = [t.text.upper() for t in self.tokens[i : i + 8] if t.base.startswith(("cve-", "cwe-"))]
        if references and self.tokens[i].base.startswith(("cve-", "cwe-")):
            for j, names in self._reference_list(i):
                for k in (self.skip(j, FINDINGS), j):
                    yield k, Things(issue, only=(refers_to(names),), plain=False)
        for k in self.says(i, "finding|vulnerability|vuln|security finding|security issue|issue"):
            yield k, Things(issue, role="severity", types=("TOTAL",))
        for k in self.says(
            i, "new finding|new vulnerability|new security finding|new security issue|new issue"
        ):
            yield k, Things(issue, role="severity", types=("NEW_TOTAL",))

    def _layer(self, i: int) -> Iterator[tuple[int, str]]:
        """... in the base image, of the application: the summary counts those apart."""
        for j in self.says(i, "in|of|from|inside|within"):
            for words, layer in LAYERS:
                yield from ((k, layer) for k in self.says(j, words))

    def _reference_list(self, i: int) -> Iterator[tuple[int, tuple[str, ...]]]:
        found: list[str] = []
        k = i
        while (token := self.token(k)) is not None and token.base.startswith(("cve-", "cwe-")):
            found.append(token.text.upper())
            k += 1
            m = k + 1 if self.is_punct(k, ",/") else k
            m = self.skip(m, "or|and|nor")
            if m == k or not (self.token(m) and self.tokens[m].base.startswith(("cve-", "cwe-"))):
                break
            k = m
        yield k, tuple(found)

    def _ends_here(self, j: int) -> bool:
        following = self.token(j + 1)
        more = following is not None and (following.base in SEVERITIES or following.base == "new")
        return (
            j >= self.size
            or (self.tokens[j].text in ".,;" and not more)
            or self.tokens[j].base in ("be", "together")
            or (self.tokens[j].base in ("and", "or", "plus") and not more)
        )

    @rule
    def _levels(self, i: int) -> Iterator[tuple[int, tuple[str, ...]]]:
        found: list[str] = []
        k = i
        fresh = ""
        while (token := self.token(k)) is not None:
            if token.base in ("new", "newly") or self.says(k, "newly find|newly introduce"):
                k, fresh = self.skip(k, "newly find|newly introduce|new|newly"), "NEW_"
                token = self.token(k)
            if token is None or token.base not in SEVERITIES:
                break
            level = fresh + SEVERITIES[token.base]
            if level == "NEW_INFO":
                break
            found.append(level)
            k = self.skip(k + 1, "severity|finding|one")
            yield k, tuple(found)
            m = k + 1 if self.is_punct(k, ",/+") else k
            m = self.skip(m, "or|and|plus")
            if m == k:
                break
            k = m
