"""What follows nouns of the supply chain and of infrastructure: versions, sizes, regions, where packages come from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from governance.authoring.reading.meaning.relations import has
from governance.authoring.reading.meaning.typed import Pred, Things, both, negated
from governance.authoring.reading.nouns.phrases import Nouns
from governance.authoring.reading.values.amounts import WORDS
from governance.authoring.reading.values.predicates import of_ecosystem, refers_to
from governance.authoring.reading.values.props import prop_of, size_of
from governance.authoring.reading.values.value_tests import Inside, compare, tested
from governance.authoring.reading.words.values import STOP


class SupplyPostmods(Nouns):
    """Grammar of what narrows packages, findings and resources."""

    def _supplied(self, k: int, thing: Things) -> Iterator[tuple[int, Things]]:
        """Packages from npm, packages in the base image; findings in a file."""
        if thing.kind.name == "packages" and self.entity == "sbom":
            for j in self.says(k, "from|of type|of kind|of|on|in|that come from|come from|that be from"):
                for m, names in self.ecosystems(j):
                    yield m, thing.narrowed(of_ecosystem(*names))
            kept = next(f for f in thing.kind.fields if f.path == "filterTags")
            for j in self.says(k, "that be|which be|") or [k]:
                for m, layer in self._layer(j):
                    tags = (layer.rstrip("_"),)
                    yield m, thing.narrowed(tested(prop_of(thing.kind, kept), "is", tags))
        if thing.kind.name == "scan_issues":
            for j in self.says(
                k,
                "tag|tag with|tag as|label|label as|classify as|list as|list under|for|with|about|of|under|refer to|reference",
            ):
                for m, names in self._reference_list(self.skip(j, "reference|identifier|id|number")):
                    if names:
                        yield m, replace(thing.narrowed(refers_to(names)), role="")
        if thing.kind.name == "scan_issues" and not thing.how_many:
            files = self.kind("occurrences")
            prop = next(prop_of(files, f) for f in files.fields)
            for j in self.says(k, "in|inside|under|below|within|locate in|find in|that be in|from|of"):
                m = self.skip(j, "file under|file in|file below|file|folder|directory|source file|path")
                token = self.token(m)
                if (
                    token is not None
                    and ("/" in token.text or "." in token.text)
                    and (token.quoted or token.kind == "literal")
                ):
                    whole = self.tokens[m - 1].base == "file" or not (m > j or token.text.endswith("/"))
                    where = tested(prop, "is" if whole else "starts_with", (token.text,))
                    yield (
                        m + 1,
                        replace(
                            thing.narrowed(has(Things(files, only=(where,), plain=False), self.facts)),
                            role="",
                        ),
                    )

    def _affected(self, k: int, thing: Things) -> Iterator[tuple[int, Things]]:
        """Packages affected by CVE-2024-3094: one of their vulnerabilities is that."""
        for j in self.says(
            k, "affect by|vulnerable to|that be affect by|that be vulnerable to|suffer from|hit by"
        ):
            for m, inner in self.things(j):
                if inner.kind.name == "cves" and not inner.none:
                    yield m, thing.narrowed(has(inner, self.facts))

    def _of_store(self, k: int, thing: Things) -> Iterator[tuple[int, Things]]:
        """Manifests from Git, config files in the Harness file store."""
        for j in self.says(k, "from|in|on|that come from|that be in"):
            for m, sense in self.senses(j, "value"):
                owner, spec, literal = sense.payload
                if owner.name == thing.kind.name and spec.path.endswith("store.type"):
                    yield m, thing.narrowed(tested(prop_of(owner, spec), "is", (literal,)))

    def _in_region(self, k: int, thing: Things) -> Iterator[tuple[int, Things]]:
        """Resources in us-east-1, outside of eu-west-1."""
        if thing.kind.element not in ("resource", "change", "instance", "document"):
            return
        spec = next((f for f in thing.kind.fields if f.parts and f.parts[-1] == "region"), None)
        if spec is None:
            return
        prop = prop_of(thing.kind, spec, "region")
        for j in self.says(k, "in|outside|outside of|not in"):
            j = self.skip(j, "region")
            token = self.token(j)
            if token is None or not re.fullmatch(r"[a-z]{2}(-gov)?-[a-z]+-?[0-9]", token.text):
                continue
            away = any(t.base in ("outside", "not") for t in self.tokens[k:j])
            for m, found in self.literals(j, prop):
                inside: Pred = Inside(prop, found)
                yield m, thing.narrowed(both(tested(prop, "present"), negated(inside)) if away else inside)

    def _made_with(self, k: int, thing: Things) -> Iterator[tuple[int, Things]]:
        """Buckets made with Terraform: a plan speaks of no others."""
        if self.entity.startswith("terraform") and thing.kind.element in ("resource", "change"):
            for j in self.says(k, "that be|which be") or [k]:
                for m in self.says(
                    j, "make|manage|provision|define|maintain|set up|build|declare|describe|write"
                ):
                    for n in self.says(
                        m,
                        "with terraform|by terraform|through terraform|via terraform|in terraform|using terraform",
                    ):
                        yield n, replace(thing, plain=False)

    def _in_module(self, k: int, thing: Things) -> Iterator[tuple[int, Things]]:
        """Resources in module.network, of the module vpc: what the module holds, and the modules in it."""
        spec = next((f for f in thing.kind.fields if f.path == "module_address"), None)
        if spec is None:
            return
        for j in self.says(k, "in|inside|within|of|from|below|under"):
            named = self.skip(j, "module|module called|module named|module with the name")
            token = self.token(named)
            if token is None or token.kind == "punct" or not (named > j or token.text.startswith("module.")):
                continue
            if (
                token.kind != "literal"
                and not token.quoted
                and (token.base in STOP or self.says(named, "with|that|which|from"))
            ):
                continue
            address = re.escape("module." + token.text.removeprefix("module."))
            held = tested(prop_of(thing.kind, spec), "matches", (rf"(^|\.){address}(\.|\[|$)",))
            yield named + 1, thing.narrowed(held)

    def _measured_noun(self, k: int, thing: Things) -> Iterator[tuple[int, Things]]:
        """log4j-core older than 2.17.1; packages below version 2."""
        named = ("version", "version label") if thing.kind.name == "templates_used" else ("version",)
        version = next((f for f in thing.kind.fields if f.type == "version" and f.label in named), None)
        yield from self._sized(k, thing)
        if version is None:
            return
        pattern = self.token(self.skip(k, "in version|of version|version|at version|with version"))
        if pattern is not None and re.fullmatch(r"\d+(\.\d+)*\.[xX*]", pattern.text):  # version 0.x
            head = re.escape(pattern.text.rstrip("xX*"))
            end = self.skip(k, "in version|of version|version|at version|with version") + 1
            yield (
                end,
                thing.narrowed(
                    tested(replace(prop_of(thing.kind, version), type="text"), "matches", (f"^v?{head}",))
                ),
            )
        for j in self.says(k, "in any version|of any version|in whatever version|of whatever version|at any version|whatever version"
                              "|any version|regardless of version|no matter which version|in all version"):  # fmt: skip
            yield j, thing
        prop = prop_of(thing.kind, version, "version")
        j = self.skip(k, "in version|of version|version|at|in a version|with version|in")
        for m, comparison in self.comparison(self.skip(j, "be")):
            counted = any(t.base in WORDS for t in self.tokens[j:m])  # "exactly once" is no version
            if (
                comparison.bounds[0][1].unit in ("version", "")
                and comparison.bounds[0][1].text
                and not counted
            ):
                yield self.skip(m, "version"), thing.narrowed(compare(prop, comparison))
        token = self.token(j)
        exact = token is not None and re.fullmatch(r"v?\d+(\.\d+)+[\w.+-]*", token.text)
        for m, found in self.literals(j, prop) if exact and thing.kind.element == "package" else []:
            if any(not re.match(r"v?\d", str(x)) for x in found):
                continue  # openssl 1.1.1 or log4j-core 2.14.1: the next package
            yield m, thing.narrowed(tested(prop, "is", found))

    def _sized(self, k: int, thing: Things) -> Iterator[tuple[int, Things]]:
        """EBS volumes larger than 500 GB, functions with more than 2 GB: what a size is compared with."""
        prop = size_of(thing.kind, thing.types)
        for m, comparison in self.comparison(self.skip(k, "of|with")) if prop is not None else []:
            if prop is not None and comparison.bounds[0][1].unit == "size":
                yield m, thing.narrowed(compare(prop, comparison))
