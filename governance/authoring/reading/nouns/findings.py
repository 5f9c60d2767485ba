"""Findings of scans as nouns: by severity, by layer of the image, by reference."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from governance.authoring.reading.base import rule
from governance.authoring.reading.meaning.choices import fork_at
from governance.authoring.reading.meaning.typed import Things
from governance.authoring.reading.nouns.steps import StepNouns
from governance.authoring.reading.values.predicates import refers_to, severity, state_pred
from governance.authoring.reading.words.verbs import FINDINGS, SEVERITIES

# parts of an image that a scan counts on their own and an SBOM marks its packages with
LAYERS = (
    ("base image|base image layer|base layer|layer of base image", "BASE_"),
    ("application|app|application layer|app layer|application image|layer of application", "APP_"),
)


# severities from the least to the worst; what only informs is below all of them
RANKS = ("LOW", "MEDIUM", "HIGH", "CRITICAL")
# what new findings are new to; the scanner compares them with its baseline
SINCE = "|".join(
    f"{word} {what}"
    for word in (
        "compare to",
        "compare with",
        "against",
        "since",
        "than in",
        "in comparison to",
        "in comparison with",
        "over",
        "on top of",
    )
    for what in (
        "baseline",
        "last scan",
        "previous scan",
        "last run",
        "base branch",
        "scan before",
        "main branch",
    )
)
WORSE_THAN = "above|over|higher than|more severe than|worse than|greater than|more than|exceed|beyond|more critical than|more serious than"
OR_WORSE = (
    "or above|and above|or higher|and higher|or worse|and worse|or more severe|and more severe|or up|and up|or more|or greater|upwards"
    "|or more serious|or more critical"
)


class FindingNouns(StepNouns):
    """Grammar of findings."""

    def _findings(self, i: int) -> Iterator[tuple[int, Things]]:
        issue = self.kind("scan_issues")
        yield from self._rated(i)
        for j, sense in self.senses(i, "state"):  # reachable highs
            owner, spec, value = sense.payload
            for k, thing in self._findings(j) if owner.name == issue.name else ():
                if thing.types and thing.base:
                    yield k, thing.narrowed(state_pred(owner, spec, value))
        for j, levels in (*self._ranked(i), *self._levels(i)):
            k = self.skip(j, "severity|risk|severity level|level")
            counted = self._either_new(i, j, levels)
            plural = self.tokens[j - 1].base in SEVERITIES and self.tokens[j - 1].text.lower().endswith("s")
            named = plural or self.tokens[j - 1].base in ("finding", "one")  # criticals, highs
            fresh = any(level.startswith("NEW_") for level in levels)
            for m in [*self.says(k, FINDINGS), *([j] if named else [])]:
                m = self.skip(m, SINCE) if fresh else m
                yield m, counted
                for n, layer in self._layer(m) if not fresh else ():
                    yield n, severity(issue, tuple(layer + level for level in levels))
            if named:
                continue
            if (m_end := self.skip(j, "one")) and (m_end != j or self._ends_here(j)):
                yield m_end, counted
        references = [t.text.upper() for t in self.tokens[i : i + 8] if t.base.startswith(("cve-", "cwe-"))]
        if references and self.tokens[i].base.startswith(("cve-", "cwe-")):
            for j, names in self._reference_list(i):
                for k in (self.skip(j, FINDINGS), j):
                    yield k, Things(issue, only=(refers_to(names),), plain=False)
        for k in self.says(i, "finding|vulnerability|vuln|security finding|security issue|issue"):
            yield k, Things(issue, role="severity", types=("TOTAL",))
        for k in self.says(
            i, "new finding|new vulnerability|new security finding|new security issue|new issue|new vuln"
        ):
            k = self.skip(k, SINCE)
            yield from self._new_rated(k)
            yield k, Things(issue, role="severity", types=("NEW_TOTAL",))

    def _new_rated(self, k: int) -> Iterator[tuple[int, Things]]:
        """(New findings) of severity high or critical: what the summary counts as new of them."""
        rated = self.skip(
            self.skip(k, "that be|which be|with|of|at|rated|rate"), "severity of|severity level|severity"
        )
        for m, levels in (*self._ranked(rated), *reversed(self._levels(rated))) if rated > k else ():
            if not any(level.startswith("NEW_") for level in levels) and "INFO" not in levels:
                new = tuple(f"NEW_{level}" for level in levels)
                yield self.skip(m, "severity"), severity(self.kind("scan_issues"), new)

    def _either_new(self, i: int, j: int, levels: tuple[str, ...]) -> Things:
        """New critical or new high findings: so many of both together, or of one of them."""
        together = severity(self.kind("scan_issues"), levels)
        if len(levels) < 2 or sum(t.base in ("new", "newly") for t in self.tokens[i:j]) < 2:
            return together
        fork = fork_at(self.tokens, i, j, 'Does "{said}" count them together, or each kind by itself?',
                       "Together", "Each kind by itself")  # fmt: skip
        return replace(together, apart=fork)

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

    def _rated(self, i: int) -> Iterator[tuple[int, Things]]:
        """Findings above medium, vulnerabilities of severity high or worse, anything rated at least high."""
        issue = self.kind("scan_issues")
        for j in self.says(
            i, FINDINGS + "|security issue|security finding|anything|everything|something|whatever"
        ):
            k = self.skip_all(
                j, "that be|which be|that have|which have|with|of|at|have|rated|rate|rate as|classify as|on"
            )
            named = self.skip(
                k, "severity of|severity level of|severity level|severity|risk of|risk level|risk"
            )
            for m, levels in self._ranked(named):
                yield self.skip(m, "severity|in severity|on severity"), severity(issue, levels)
            anything = self.tokens[j - 1].base in ("anything", "everything", "something", "whatever")
            for m, levels in self._levels(named) if anything else []:
                yield m, severity(issue, levels)
        for j in self.says(i, "anything|something|everything"):
            for k in self.says(j, "for|like|with|about|list as|known as|know as|match|matching|under"):
                for m, names in self._reference_list(k):
                    if names:
                        yield m, Things(issue, only=(refers_to(names),), plain=False)

    def _ranked(self, i: int) -> Iterator[tuple[int, tuple[str, ...]]]:
        """High or worse, above medium, at least high: the severities from one upwards."""
        for words, above in ((WORSE_THAN, 1), ("at least|from|minimum", 0)):
            for j in self.says(i, words):
                token = self.token(j)
                if token is not None and SEVERITIES.get(token.base) in RANKS:
                    end = self.skip(j + 1, "severity|upwards|up|on|on up|and up" if not above else "severity")
                    yield end, RANKS[RANKS.index(SEVERITIES[token.base]) + above :]
        token = self.token(i)
        if token is not None and SEVERITIES.get(token.base) in RANKS:
            for j in self.says(self.skip(i + 1, "severity"), OR_WORSE):
                yield j, RANKS[RANKS.index(SEVERITIES[token.base]) :]

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
