"""Verbs that stand for a field: stored in X, points to Y, runs on Z."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from governance.authoring.fields import FieldSpec
from governance.authoring.reading.base import rule
from governance.authoring.reading.meaning.nesting import chain, every
from governance.authoring.reading.meaning.relations import has
from governance.authoring.reading.meaning.typed import Kind, Pred, Prop, Things, both, either, negated
from governance.authoring.reading.values.naming import matches
from governance.authoring.reading.values.predicates import of_types, outside
from governance.authoring.reading.values.props import prop_of
from governance.authoring.reading.values.value_tests import compare, only_among, tested
from governance.authoring.reading.verbs.objects import Objects
from governance.authoring.reading.words.verbs import GENERIC_VERBS, PLACES

CAPITAL = re.compile(r"[A-Z]")
BELOW_IT = (
    "or path below it|or something below it|or anything below it|or below it|or path under it|or under it|or address below it|or path below|or below"
    "|or something under it|or anything under it|and everything below it|and what be below it|or address under it|or subpath|or path beneath it"
)
PLACING = (
    "push to|be push to|push into|run in|run on|be run in|deploy to|deploy into|be deploy to|be deploy into|be in|go to|point to|live in|be create in"
    "|be pull from|come from|be fetch from|work in|stay in|be limit to|be restrict to|build in|land in"
)


# what "belongs to X" only speaks of where the field is said: belongs to the API key X
SAID = {"apiKeyIdentifier", "repository"}


class FieldVerbs(Objects):
    """Grammar of verbs that stand for a field."""

    def _split_verb(self, i: int, kind: Kind) -> Iterator[tuple[int, tuple[Pred, tuple[Things, ...]]]]:
        """Load manifests from branch X: a verb whose object stands inside it."""
        token = self.token(i)
        if token is None or token.kind != "word":
            return
        for j, thing in self._one(i + 1):
            if thing.kind.spec is None or chain(kind, thing.kind) is None:
                continue
            for k in self.says(j, "from|in|to|with|through|on|at|under"):
                said = [token.base, *(t.base for t in self.tokens[j:k])]
                for spec in thing.kind.fields:
                    if tuple(said) in self._verbs_of(thing.kind, spec):
                        prop = self._grouped(thing.kind, spec)
                        for m, pred in self._verb_value(k, prop, spec, thing.kind):
                            yield m, (has(thing.narrowed(pred), self.facts), (thing,))

    def _known_name(self, j: int, prop: Prop) -> bool:
        """Whether the installation has something of this name."""
        start = self.skip(j, "only|other than|anything other than|anything but|connector")
        return any(True for _ in self._from_facts(start, prop))

    def field_echo(self, k: int, prop: Prop) -> int:
        """The position after (executeOnDelegate true): the same said by the field's own name."""
        if not self.is_punct(k, "("):
            return k
        for m, said in self.field(k + 1, prop.kind):
            if said.spec == prop.spec:
                for n in (m, *(e for e, _ in self.literals(self.skip(m, "be|=|:|set to"), prop))):
                    if self.is_punct(n, ")"):
                        return n + 1
        return k

    def _registry(self, j: int) -> Iterator[tuple[int, Pred]]:
        """(Pushed) to ECR or GAR, to anything other than ECR: the steps that push there."""
        for k, types in self.registries(self.skip(j, "only")):
            yield self.skip(k, "only"), of_types(types)
        apart = "anywhere other than|anything other than|anything but|anywhere but|any registry other than|registry other than"
        for n in self.says(j, apart):
            for k, types in self.registries(n):
                yield k, negated(of_types(types))

    @staticmethod
    def _on_machine(kind: Kind) -> Pred | None:
        """(A stage that) runs on a VM, whichever of its fields says so."""
        paths = ("spec.runtime.type", "spec.infrastructure.type")
        own = [prop_of(kind, f) for f in kind.fields if f.path in paths]
        return either(*(tested(p, "is", ("VM",)) for p in own)) if own else None

    def _says_inner_template(self, k: int, spec: FieldSpec, kind: Kind) -> bool:
        """Whether a pipeline is told to use a stage or step template, which its stages and steps do."""
        said = self.tokens[k : self._skip_field(k, spec, kind)]
        return (
            spec.path == "template.templateRef"
            and kind.spec is None
            and any(t.base in ("stage", "step") for t in said)
        )

    def _by_link(self, k: int) -> Iterator[tuple[int, Pred]]:
        """(A pipeline uses the stage template) X, in version Y: one of its stages or steps does."""
        links = self.kind("templates_used")
        link, version = (
            prop_of(links, next(f for f in links.fields if f.path == path))
            for path in ("templateRef", "versionLabel")
        )
        for m, found in self.literals(k, link):
            used = Things(links).narrowed(tested(link, "is", found))
            for j in self.says(m, "in version|at version|with version|in a version|version|in version of"):
                for n, comparison in self.comparison(j):
                    if comparison.bounds[0][1].unit == "version":
                        yield n, has(used.narrowed(compare(version, comparison)), self.facts)
            yield m, has(used, self.facts)

    def _links_level(self, k: int) -> Iterator[tuple[int, Pred]]:
        """(Use only templates) at account level: wherever one is used."""
        links = self.kind("templates_used")
        link = next(prop_of(links, f) for f in links.fields if f.path == "templateRef")

        def everywhere(pred: Pred) -> Pred:
            return lambda at: every(at, Things(links), pred)

        yield from ((m, everywhere(pred)) for m, pred in self.level(k, link))

    def _verbs_of(self, kind: Kind, spec: FieldSpec) -> set[tuple[str, ...]]:
        from governance.authoring.reading.words import vocabulary
        from governance.authoring.reading.words.keys import key

        said = vocabulary.VERBS.get(f"{self.entity}:{spec.path}") or vocabulary.VERBS.get(spec.path, "")
        return {key(phrase) for phrase in said.split("|") if phrase}

    def _verb_value(self, k: int, prop: Prop, spec: FieldSpec, kind: Kind) -> Iterator[tuple[int, Pred]]:
        """The value a verb points to, also "any branch other than main"."""
        k = self.skip(k, "any|other|a|anything|anywhere|something|any place|somewhere|any other|anyone")
        k = self._skip_field(k, spec, kind)
        for j in self.says(k, "other than|but|except|apart from|different from|beside|than"):
            for m, found in self.literals(self._skip_field(j, spec, kind), prop):
                yield m, outside(prop, found)
            for m, pred in self._address(j, prop, ("under",)):
                yield m, both(tested(prop, "present"), negated(pred))
        for m, found in self.literals(k, prop):
            if spec.path.endswith("fail_on_severity"):
                m = self.skip(m, "finding|vulnerability|issue|severity")
            placed = kind.element in ("resource", "change", "instance") and spec.parts[-1] == "region"
            in_it = (
                only_among(prop, found) if placed else tested(prop, "is", found)
            )  # none is in no other one
            if found == ("VM",) and (machine := self._on_machine(kind)):
                in_it = machine  # as the runtime, or as the build infrastructure
            yield self._skip_noun_after(m, spec), in_it

    @rule
    def _field_verb(self, i: int, kind: Kind) -> Iterator[tuple[int, Pred]]:  # noqa: C901 - the alternatives of one grammar rule
        """A verb that stands for a field: stored in X, points to Y, runs on Z."""
        yield from self._in_place(i, kind)
        yield from self._from_connector(i, kind)
        for j, sense in self.senses(i, "verb"):
            owner, spec = sense.payload
            if owner.name != kind.name or self.lacks(kind, spec):
                continue
            gone = "go" in sense.words and owner.element == "step" and self.registries(self.skip(j, "only"))
            if "push" in sense.words or "publish" in sense.words or gone:
                named = next(self.senses(self.skip(j, "only"), "connector", names=True), None) is not None
                if named != (spec.path == "spec.connectorRef"):
                    continue  # a registry by its host, or by the connector that knows it
                for m, pred in self._registry(j):
                    yield m, pred
                if self.registries(self.skip(j, "only")):
                    continue  # ECR is no host
            if spec.path in SAID and self._skip_field(j, spec, kind) == j:
                continue
            prop = self._grouped(owner, spec)
            if (
                spec.path == "spec.connectorRef"
                and sense.words[-1] == "from"
                and not self._known_name(j, prop)
            ):
                continue  # where an image comes from is a connector only where one is named
            if prop.type == "flag":
                yield self.field_echo(j, prop), tested(prop, "is", (True,))
                continue
            for op, k in self._only(self.skip(j, "be") if sense.words[-1] != "be" else j):
                among = self.skip(k, "one of|any of|either of")
                k = among if self._skip_field(among, spec, kind) > among > k else k
                if (
                    sense.words[-1] in GENERIC_VERBS
                    and len(sense.words) == 1
                    and self._plain_word(k, spec, kind)
                ):
                    continue
                if spec.path == "template.templateRef" and self._skip_field(k, spec, kind) == k:
                    op = "is"  # "only created from X": what comes from no template does not either
                if self._says_inner_template(k, spec, kind) and op != "only":
                    yield from self._by_link(self._skip_field(k, spec, kind))
                    continue
                for m, pred in self._address(self._skip_field(k, spec, kind), prop, sense.words):
                    yield m, pred
                for m, pred in self._verb_value(k, prop, spec, kind):
                    if op != "only":
                        yield m, pred
                start, k = k, self._skip_field(k, spec, kind)
                if op == "only" and spec.path == "template.templateRef" and kind.spec is None:
                    yield from self._links_level(k)
                elif prop.type == "reference":
                    yield from self.level(k, prop)
                if spec.path == "template.templateRef" and k > start and sense.words != ("use",):
                    yield k, tested(prop, "present")  # come from a template
                for m in self.says(k, "that|which|whose name"):  # a branch that starts with release/
                    yield from self.about(self._modal_free(m), prop)
                for m, found in self.literals(k, prop):
                    m = self._skip_noun_after(m, spec)
                    if spec.path == "template.templateRef":
                        yield from self._in_version(m, tested(prop, "is", found), kind)
                    if op == "only":
                        yield m, only_among(prop, found)
                    else:
                        yield from self._or_any_other(m, tested(prop, "is", found), prop, spec, kind)
                        yield m, tested(prop, "is", found)
                yield from self._verb_with_prefix(k, prop, sense.words, op)
                if prop.measure in ("version", "number"):
                    for m, pred in self.about(k, prop):
                        yield m, pred

    def _in_place(self, i: int, kind: Kind) -> Iterator[tuple[int, Pred]]:
        """Push to the region X, run in the namespace Y: the place is said by its field."""
        for j in self.says(i, PLACING):
            for op, k in self._only(j):
                for m, prop in self.field(k, kind):
                    where = prop.spec.parts[-1].lower() if prop.spec is not None else ""
                    for n, found in self.literals(m, prop) if where.endswith(PLACES) else []:
                        yield n, only_among(prop, found) if op == "only" else tested(prop, "is", found)

    def _from_connector(self, i: int, kind: Kind) -> Iterator[tuple[int, Pred]]:
        """Artifacts that come from harbor_main: through the connector the installation knows by that name."""
        spec = next((f for f in kind.fields if f.path == "spec.connectorRef"), None)
        if kind.element != "artifact" or spec is None:
            return
        prop = prop_of(kind, spec, "connector")
        for j in self.says(
            i, "come from|be pull from|be take from|be load from|be fetch from|be get from|be from"
        ):
            for op, k in self._only(j):
                known = next(self.senses(k, "connector", names=True), None)
                for m, found in self.literals(k, prop) if known is not None else []:
                    yield m, only_among(prop, found) if op == "only" else tested(prop, "is", found)

    def _verb_with_prefix(
        self, k: int, prop: Prop, words: tuple[str, ...], op: str
    ) -> Iterator[tuple[int, Pred]]:
        yield from self.about(k, prop)

    def _or_any_other(
        self, m: int, pred: Pred, prop: Prop, spec: FieldSpec, kind: Kind
    ) -> Iterator[tuple[int, Pred]]:
        """... a, b or any other namespace that starts with c."""
        comma = m + 1 if self.is_punct(m, ",") else m
        for j in self.says(comma, "or any other|or any|or another|nor any|nor any other|nor"):
            k = self._skip_field(j, spec, kind)
            for n in self.says(k, "that|which|whose name") if k > j else []:
                for p, more in self.about(n, prop):
                    yield p, either(pred, more)
        for j in self.says(
            comma, "or anything|or on anything|or from anything|or in anything|or something|or anywhere"
        ):
            for p, more in self.about(self.skip(j, "that|which"), prop):
                yield p, either(pred, more)

    def _in_version(self, m: int, pred: Pred, kind: Kind) -> Iterator[tuple[int, Pred]]:
        """... the template X in version 2.1.0 or newer."""

        spec = next((f for f in kind.fields if f.path == "template.versionLabel"), None)
        if spec is None:
            return
        for j in self.says(m, "in version|at version|with version|in a version|version|in version of"):
            for k, comparison in self.comparison(j):
                if comparison.bounds[0][1].unit == "version":
                    yield k, both(pred, compare(prop_of(kind, spec), comparison))

    def _plain_word(self, k: int, spec: FieldSpec, kind: Kind) -> bool:
        """A plain word behind "use" or "have" names no value unless its field is said."""
        if self._skip_field(k, spec, kind) != k:
            return False
        token = self.token(self.skip(k, "only|either"))
        known = any(s.payload[1] == spec for _, s in self.senses(k, "value"))
        if (
            not known
            and token is not None
            and any(s.payload[0] == token.text for _, s in self.senses(k, "step_type"))
        ):
            return True  # "use K8sCanaryDeploy" names a step
        fact = any(
            next(self.senses(k, c, names=True), None)
            for c in ("connector", "manager", "template", "environment")
        )
        if token is not None and not token.quoted and not known and not fact and CAPITAL.search(token.text):
            return True  # GitOps, Linux/Amd64: neither a template nor a namespace is called so
        return token is None or (token.kind == "word" and not token.quoted and not known and not fact)

    def _address(self, k: int, prop: Prop, words: tuple[str, ...]) -> Iterator[tuple[int, Pred]]:
        """An address that ends with a slash stands for everything below it."""
        k = self.skip_all(
            k, "repository of organisation|repository|organisation|address|in|under|below|of|at|from"
        )
        k = k + 1 if self.is_punct(k, ":") else k
        token = self.token(k)
        if token is None:
            return
        if token.text.startswith("http"):
            for m in self.says(k + 1, BELOW_IT):
                yield m, matches(prop, f"^{re.escape(token.text.rstrip('/'))}(/|$)")
        if token.text.startswith("http") and (token.text.endswith("/") or "under" in words):
            yield k + 1, tested(prop, "starts_with", (token.text,))
        elif re.fullmatch(r"https?://[^/]+", token.text) and self.tokens[k - 1].base != "exactly":
            yield k + 1, matches(prop, f"^{re.escape(token.text)}(/|$)")
        if prop.spec is not None and "rl" in prop.spec.path[-6:].lower():
            for scheme in ("https", "http"):
                for m in self.says(
                    k,
                    f"{scheme}:// url|{scheme}:// address|{scheme}:// link|plain {scheme}:// url|plain {scheme}:// address|{scheme} url|{scheme} address|{scheme}|plain {scheme}|{scheme} link",
                ):
                    pred = tested(prop, "starts_with", (scheme + "://",))
                    if scheme == "https" and prop.others:  # what has no address does not use plain http
                        pred = either(pred, negated(tested(prop, "present")))
                    yield m, pred

    def _grouped(self, owner: Kind, spec: FieldSpec) -> Prop:
        mark = (owner.name, spec.path)
        if mark not in self.props:
            self.props[mark] = self._group(owner, spec)
        return self.props[mark]

    def _group(self, owner: Kind, spec: FieldSpec) -> Prop:
        if spec.label == "URL":
            return self.url_of(owner, spec)
        same = [f for f in owner.fields if f.label == spec.label and f.type == spec.type]
        props = [prop_of(owner, f, spec.label) for f in same if f != spec]
        return replace(prop_of(owner, spec, spec.label), others=tuple(props))

    def _skip_field(self, k: int, spec: FieldSpec, kind: Kind) -> int:
        best = k
        for m, sense in self.senses(k, "field"):
            if sense.payload[1] == spec or (
                sense.payload[1].label == spec.label and sense.payload[0].name == kind.name
            ):
                best = max(best, m)
        return self.skip(best, "called|named|with the name|of|with identifier")

    def _skip_noun_after(self, m: int, spec: FieldSpec) -> int:
        for n, sense in self.senses(m, "field"):
            if sense.payload[1] == spec:
                return n
        return m
