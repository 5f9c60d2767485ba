"""Terraform resources as nouns: types, states in front of them, sizes of machines, providers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from governance.authoring.reading.base import rule
from governance.authoring.reading.meaning.typed import Things
from governance.authoring.reading.nouns.steps import StepNouns
from governance.authoring.reading.values.predicates import acts, does, of_provider, of_resource
from governance.authoring.reading.values.props import prop_of
from governance.authoring.reading.values.value_tests import tested

# how the types of resources begin, by their provider
PREFIXES = ("aws_", "google_", "azurerm_", "azuread_", "null_", "random_", "local_", "tls_", "time_", "kubernetes_", "helm_",
            "github_", "gitlab_", "datadog_", "vault_", "cloudflare_", "archive_", "oci_", "alicloud_", "digitalocean_",
            "postgresql_", "mysql_", "grafana_", "harness_", "pagerduty_", "okta_")  # fmt: skip


class ResourceNouns(StepNouns):
    """Grammar of resources."""

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
                        yield m, thing.narrowed(self._of_several(i, k, thing.kind, mine))

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
        if token and token.kind == "literal" and token.text.startswith(PREFIXES):
            yield i + 1, token.text

    def _resource_bracket(self, k: int, literals: tuple[str, ...]) -> int:
        if self.is_punct(k, "(") and self.is_punct(k + 2, ")") and self.tokens[k + 1].text in literals:
            return k + 3
        return k
