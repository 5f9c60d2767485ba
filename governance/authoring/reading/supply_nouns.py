"""Nouns of what runs produce: resources, findings, SQL statements, packages and licences."""

from __future__ import annotations

import re
from collections.abc import Iterator

from governance.authoring.reading.base import rule
from governance.authoring.reading.meaning import (
    Things,
    either,
)
from governance.authoring.reading.predicates import (
    ECOSYSTEMS,
    acts,
    does,
    is_licence,
    literal_at,
    of_ecosystem,
    of_provider,
    of_resource,
    refers_to,
    severity,
    sql_matches,
)
from governance.authoring.reading.props import prop_of
from governance.authoring.reading.step_nouns import StepNouns
from governance.authoring.reading.tokens import is_english
from governance.authoring.reading.value_tests import tested
from governance.authoring.reading.value_words import STOP
from governance.authoring.reading.verb_words import AFTER_NAME, COMMON, FINDINGS, SEVERITIES, SQL, SQL_OBJECTS

# where packages come from, not what one is called
MANAGERS = frozenset("npm pypi maven nuget rubygems cargo golang composer".split())


# parts of an image that a scan counts on their own and an SBOM marks its packages with
LAYERS = (
    ("base image|base image layer|base layer|layer of base image", "BASE_"),
    ("application|app|application layer|app layer|application image|layer of application", "APP_"),
)


class SupplyNouns(StepNouns):
    """Grammar of resources, findings, statements and packages."""

    def _resources(self, i: int) -> Iterator[tuple[int, Things]]:
        names = {"terraformPlan": ("planned_resources", "resource_changes"),
                 "terraformState": ("instances",), "terraformPlanCost": ("cost_by_type",)}  # fmt: skip
        for j, literals in self._resource_types(i):
            k = self.skip_all(j, "resource|instance|together|altogether|combined|taken together")
            k = self._resource_bracket(k, literals)
            for name in names.get(self.entity, ()):
                apart = name == "cost_by_type" and self._apart(i, j)
                yield k, self._resource_things("costs" if apart else name, literals)
        yield from self._described_resources(i)
        yield from self._machines(i)
        for k, thing in (
            self._resources(i + 1)
            if self.entity == "terraformPlan" and self.says(i, "new|newly create")
            else []
        ):
            if thing.kind.name == "resource_changes":
                yield k, thing.narrowed(does("create"))
        for j in self.says(i, "change|resource change") if self.entity == "terraformPlan" else []:
            yield (
                j,
                Things(self.kind("resource_changes"), (acts(("create", "update", "delete")),), plain=False),
            )
        for words, action in (("deletion|destruction|removal", "delete"), ("creation", "create"), ("update|modification", "update"),
                              ("replacement", "delete")):  # fmt: skip
            for j in self.says(i, words) if self.entity == "terraformPlan" else []:
                yield j, Things(self.kind("resource_changes"), (does(action),), plain=False)
        yield from self._of_provider(i)
        for j in self.says(i, "resource|terraform resource|cloud resource"):
            for name in names.get(self.entity, ()):
                for m, literals in self._resource_types(self.skip(j, "of type|type")):
                    if m > self.skip(j, "of type|type"):
                        yield m, self._resource_things(name, literals)
                yield j, Things(self.kind("costs" if name == "cost_by_type" else name))

    def _of_provider(self, i: int) -> Iterator[tuple[int, Things]]:
        """AWS resources: by how the names of their types begin."""
        for words, prefix in (
            ("aws|amazon", "aws_"),
            ("gcp|google|google cloud", "google_"),
            ("azure", "azurerm_"),
        ):
            for j in self.says(i, words) if self.entity == "terraformPlan" else []:
                for k in self.says(j, "resource"):
                    for name in ("planned_resources", "resource_changes"):
                        yield k, Things(self.kind(name), (of_provider(prefix),), plain=False)

    def _apart(self, i: int, j: int) -> bool:
        """No EC2 instance, an RDS database, load balancers ... each: what one costs, not all of the type."""
        words = [t.base for t in self.tokens if t.kind == "word"]
        if words and words[-1] in ("each", "apiece", "individually"):
            return True
        one = self.tokens[i].article in ("a", "an") or (
            i > 0 and self.tokens[i - 1].base in ("no", "each", "every", "any", "single", "one", "individual"))  # fmt: skip
        return one and not self.tokens[j - 1].text.lower().endswith("s")

    @rule
    def _described_resources(self, i: int) -> Iterator[tuple[int, Things]]:
        """Unencrypted EBS volumes, public S3 buckets, untagged resources: a state in front of the noun."""
        for j, preds in self._modifier(i):
            for k, more in self._more_modifiers(j + 1 if self.is_punct(j, ",") else j, preds):
                for m, thing in self._resources(k):
                    mine = [p for owner, p in more if owner.name == thing.kind.name]
                    if mine:
                        yield m, thing.narrowed(either(*mine))

    def _machines(self, i: int) -> Iterator[tuple[int, Things]]:
        """M5.24xlarge or p4d.24xlarge instances: sizes of machines in front of the noun."""
        names = {"terraformPlan": "planned_resources", "terraformState": "instances"}
        if self.entity not in names:
            return
        kind = self.kind(names[self.entity])
        ours = (("instance_type", ("aws_instance",), r"[a-z]+[0-9]+[a-z0-9-]*\.[0-9a-z-]+"),
                ("instance_class", ("aws_db_instance", "aws_rds_cluster_instance"), r"db\.[a-z0-9]+\.[0-9a-z-]+"))  # fmt: skip
        for attribute, types, shape in ours:
            spec = next(f for f in kind.fields if f.parts[-1] == attribute)
            for j, found in self.literals(i, prop_of(kind, spec)):
                if all(re.fullmatch(shape, str(x)) for x in found):
                    for k in self.says(
                        j,
                        "instance|machine|ec2 instance|vm|server|database|db instance|rds instance|virtual machine",
                    ):
                        of_type = self._resource_things(kind.name, types)
                        yield k, of_type.narrowed(tested(prop_of(kind, spec), "is", found))

    def _resource_things(self, name: str, literals: tuple[str, ...]) -> Things:
        of_type = of_resource(literals, name)
        if name == "instances":  # the type stands on the resource that holds the instances
            return Things(self.kind(name), outer=(of_type,), types=literals, plain=False)
        return Things(self.kind(name), (of_type,), types=literals, plain=False)

    @rule
    def _resource_types(self, i: int) -> Iterator[tuple[int, tuple[str, ...]]]:
        for j, first in self._resource_type(i):
            k, found = j, [first]
            yield j, (first,)
            while True:
                k = self._resource_bracket(k, tuple(found))
                m = k + 1 if self.is_punct(k, ",") else k
                m = self.skip(self.skip(m, "or|and"), "a")
                nxt = (self._resource_type(m) or self._shared_head(i, m)) if m > k else []
                if not nxt:
                    break
                k = nxt[0][0]
                found.append(nxt[0][1])
                yield k, tuple(found)

    def _shared_head(self, i: int, m: int) -> list[tuple[int, str]]:
        """IAM users or roles: the first word belongs to both."""
        head, token = self.tokens[i], self.token(m)
        if token is None:
            return []
        words = [*head.words, *token.words]
        found = [s for s in self.lexicon.at(words, "resource") if len(s.words) == len(words)]
        return [(m + 1, s.payload) for s in found]

    @rule
    def _resource_type(self, i: int) -> Iterator[tuple[int, str]]:
        for j, sense in self.senses(i, "resource"):
            yield j, sense.payload
        token = self.token(i)
        if token and token.kind == "literal" and token.text.startswith(("aws_", "google_", "azurerm_")):
            yield i + 1, token.text

    def _resource_bracket(self, k: int, literals: tuple[str, ...]) -> int:
        if self.is_punct(k, "(") and self.is_punct(k + 2, ")") and self.tokens[k + 1].text in literals:
            return k + 3
        return k

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

    def _statements(self, i: int) -> Iterator[tuple[int, Things]]:
        for j, pattern in self.sql_words(i):
            k = self.skip(j, "sql statement|statement|query|command|sql|statements")
            yield k, Things(self.kind("statements"), (sql_matches(pattern),), plain=False)

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
            if objects:
                yield k, rf"(?i)\b{verb}\s+({'|'.join(objects)})\b"
            elif (nxt := self.token(i + 1)) is not None and nxt.base in ("all", "from", "into"):
                yield i + 2, rf"(?i)\b{verb}\s+{nxt.base}\b"
            else:
                yield i + 1, rf"(?i)\b{verb}\b"

    def _packages(self, i: int) -> Iterator[tuple[int, Things]]:
        if self.entity == "firewall" and self.tokens[i].base.startswith("cve-"):
            for j, names in self._reference_list(i):
                yield j, Things(self.kind("cves"), only=(literal_at(("id",), names, True),), plain=False)
        package = self.kind("packages")
        name = next(f for f in package.fields if f.label == "name")
        licences = next(f for f in package.fields if f.label == "licences")
        for j in self.says(i, "package|dependency|library|component|artifact"):
            j = self.skip(j, "called|named")
            if self.says(j, "of|in|from"):
                continue  # where it is, not what it is called
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
        for j, found in self.licences(i):
            k = self.skip(j, "licence")
            for m in self.says(k, "package|dependency|library|component|code|software"):
                yield m, Things(package, (), (tested(prop_of(package, licences), "is", found),), plain=False)
        token = self.token(i)
        odd = token is not None and (
            "-" in token.text or token.base.startswith("log4j") or not is_english(token.text)
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
        ):
            j = self.skip(i + 1, "package|library|dependency")
            yield j, Things(package, (tested(prop_of(package, name), "is", (token.text,)),), plain=False)

    @rule
    def ecosystems(self, i: int) -> Iterator[tuple[int, tuple[str, ...]]]:
        """Npm, PyPI or Maven: where packages come from."""
        found: list[str] = []
        while (token := self.token(i)) is not None and token.base in ECOSYSTEMS:
            found.append(token.base)
            yield i + 1, tuple(found)
            i = self.skip(i + 2 if self.is_punct(i + 1, ",/") else i + 1, "or|and|nor")

    def _said_package(self) -> bool:
        return any(t.base in ("package", "dependency", "library", "component", "sbom") for t in self.tokens)

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
        i = self.skip(i, "either|one of|any of")
        k = i
        while (token := self.token(k)) is not None and is_licence(token.text):
            found.append(token.text)
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
