"""Phrases for values of things: fields, tags, numbers of things, lengths, sums."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator
from dataclasses import replace

from governance.authoring import rule as r
from governance.authoring.fields import CollectionSpec, FieldSpec
from governance.authoring.fields.model import FieldType
from governance.authoring.fields.supply_chain import RESOURCE_FIELDS
from governance.authoring.reading.base import rule
from governance.authoring.reading.meaning.nesting import chain, collection_at, count
from governance.authoring.reading.meaning.typed import At, Kind, Misread, Pred, Prop, Things
from governance.authoring.reading.times.joined import Times
from governance.authoring.reading.values.stated import Values
from governance.authoring.reading.values.value_tests import tested
from governance.authoring.reading.words.values import LEVELS, STOP, VAGUE

MAP_NOUNS = {"tags": "tag", "labels": "label", "envVariables": "environment variable",
             "environment_variables": "environment variable", "terraform_variables": "terraform variable",
             "buildArgs": "build argument"}  # fmt: skip
MONEY_FIELDS = ("DiffTotalMonthlyCost", "DiffMonthlyCost", "TotalMonthlyCost", "PastTotalMonthlyCost",
                "CurrentMonthlyCost", "PreviousMonthlyCost", "budget")  # fmt: skip


# "the schema X" is one by its identifier or by its name
ALIKE = {"dbInstance.name": "database instance", "dbSchema.name": "schema", "spec.type": "child type"}


def prop_of(kind: Kind, spec: FieldSpec, words: str = "", way: tuple[CollectionSpec, ...] = ()) -> Prop:
    """The value of one field; lists are walked through, their entries are what is tested."""
    path = spec.parts
    kind_of_value = str(spec.type)
    if spec.path in MONEY_FIELDS:
        kind_of_value = "money"
    elif spec.path.startswith("Percentage"):
        kind_of_value = "percent"
    if spec.path in _LISTS_OF_THINGS:
        kind_of_value = "map"  # only whether there is one can be asked of it
    if spec.type == "list" and spec.path not in _LISTS_OF_THINGS:
        entries = CollectionSpec(f"entries of {spec.path}", spec.label, "entry", path=spec.path,
                                 of=kind.element, scalar=True)  # fmt: skip
        inner = "licence" if "icense" in spec.path else "reference" if "userGroups" in spec.path else "text"
        return Prop(kind, lambda at: r.Field(of=at.ref), inner, spec, words, (*way, entries))
    return Prop(kind, lambda at: r.Field(of=at.ref, path=path), kind_of_value, spec, words, way)


_LISTS_OF_THINGS = {"pipelineEvents", "stages", "variables", "failureStrategies", "notificationRules",
                    "spec.failureStrategies", "spec.execution.steps", "spec.execution.rollbackSteps",
                    "serviceDefinition.spec.manifests", "serviceDefinition.spec.variables", "cves",
                    "serviceDefinition.spec.artifacts.primary.sources", "details.referenceIdentifiers", "occurrences", "instances", "sqlStatements", "resources", "resource_changes"}  # fmt: skip


def child_type(document: Kind) -> Prop:
    """The type of the step or stage a template holds, at either of its places."""
    first, second = (
        prop_of(document, next(f for f in document.fields if f.path == path), "type")
        for path in ("childType", "spec.type")
    )
    return replace(first, others=(second,))


class Props(Values, Times):
    """Grammar of value phrases."""

    topic: Things | None = None  # what the sentence before was about
    earlier: tuple[Things, ...] = ()  # what all sentences before were about

    @rule
    def field(self, i: int, kind: Kind) -> Iterator[tuple[int, Prop]]:
        """A field of a thing by one of its names."""
        found: dict[tuple[int, str], list[tuple[Kind, FieldSpec]]] = defaultdict(list)
        for j, sense in self.senses(i, "field"):
            owner, spec = sense.payload
            if owner == kind and self.lacks(kind, spec):
                continue
            inner = "stage" in sense.words or "step" in sense.words
            if (
                spec.path == "template.templateRef"
                and inner
                and (kind.spec is None or self.entity == "template")
            ):
                continue  # a stage template is what a stage of the pipeline uses
            if spec.path in _LISTS_OF_THINGS and spec.path not in (
                "failureStrategies",
                "spec.failureStrategies",
            ):
                continue  # what is in it has a noun of its own
            found[(j, ALIKE.get(spec.path, spec.label))].append((owner, spec))
        for (j, _), specs in sorted(found.items(), key=lambda f: -f[0][0]):
            props = [p for owner, spec in specs if (p := self._reach(kind, owner, spec, self.text(i, j)))]
            if props and props[0].spec is not None and props[0].spec.label == "URL":
                yield j, self.url_of(props[0].kind, props[0].spec)
            elif props:
                yield j, replace(props[0], others=tuple(props[1:]))
        yield from self._by_identifier(i, kind)

    def url_of(self, owner: Kind, spec: FieldSpec) -> Prop:
        """The address of a thing: every type of connector keeps it in a field of its own."""
        all_of_them = [
            f for f in owner.fields if f == spec or (f.label.endswith(" URL") and f.type == spec.type)
        ]
        types = self.types_said(owner)
        own = [f for f in all_of_them if types & set(f.of_types)]
        homeless = types - {t for f in own for t in f.of_types}
        chosen = ([spec, *own] if homeless else own) if types else all_of_them
        first, *others = (prop_of(owner, f, spec.label) for f in chosen)
        return replace(first, others=tuple(others))

    def lacks(self, kind: Kind, spec: FieldSpec) -> bool:
        """Whether no resource the sentence is about has this field: a function has no instance type."""
        if not spec.of_types or kind.element not in ("resource", "change", "instance"):
            return False
        said = {s.payload for n in range(self.size) for _, s in self.senses(n, "resource")}
        said |= set(self.topic.types) if self.topic is not None and not said else set()
        return bool(said) and not said & set(spec.of_types)

    def types_said(self, owner: Kind) -> frozenset[str]:
        """The types the sentence names in front of the noun: Github and Gitlab connectors."""
        found: set[str] = set()
        for n in range(self.size):
            for end, literal in self._type_at(n, owner):
                found.add(literal)
                behind = self._past_types(end, owner)
                typed = n and self.tokens[n - 1].base in ("type", "kind")
                if not typed and not any(s.payload == owner for _, s in self.senses(behind, "noun")):
                    return frozenset()  # the word may stand for something else
        return frozenset(found)

    def _type_at(self, n: int, owner: Kind) -> list[tuple[int, str]]:
        senses = [(end, s) for end, s in self.senses(n, "value") if s.payload[1].path == "type"]
        longest = max((end for end, _ in senses), default=0)
        return [(end, s.payload[2]) for end, s in senses if end == longest and s.payload[0] == owner]

    def _past_types(self, end: int, owner: Kind) -> int:
        following = self.skip(end + 1 if self.is_punct(end, ",/") else end, "and|or")
        for further, _ in self._type_at(following, owner) if following > end else []:
            return self._past_types(further, owner)
        return end

    def _reach(self, kind: Kind, owner: Kind, spec: FieldSpec, words: str) -> Prop | None:
        if (
            self.entity == "pipeline"
            and owner.spec is None
            and spec.path.startswith("template.")
            and "pipeline" not in words
        ):
            return None  # the templates of a pipeline are those its stages and steps use
        if owner.name == kind.name:
            return prop_of(kind, spec, words)
        inside = ((self.entity == "securityTests" and kind.spec is None and owner.name == "scan_outputs")
                  or (self.entity == "firewall" and kind.name == "packages" and owner.name == "cves"
                  and spec.label != "identifier"))  # fmt: skip
        if inside:
            return prop_of(owner, spec, words, chain(kind, owner) or ())
        return None

    def _by_identifier(self, i: int, kind: Kind) -> Iterator[tuple[int, Prop]]:
        """Attributes of Terraform resources by their own names, and paths typed out."""
        token = self.token(i)
        named = token is not None and token.kind == "word" and self.says(i + 1, "set to|be set to|=")
        if token is None or (token.kind != "literal" and not named):
            return
        if next(self.senses(i, "resource"), None) or token.text.startswith(("aws_", "google_", "azurerm_")):
            return  # a resource, no attribute of one
        prefix = {"resource": ("values",), "change": ("change", "after"), "instance": ("attributes",)}
        if kind.element in prefix and self.entity.startswith("terraform") and (named or "_" in token.text):
            path = (*prefix[kind.element], token.text)
            known: FieldType = next((f.type for f in RESOURCE_FIELDS if f.parts[-1] == token.text), "any")
            spec = FieldSpec(".".join(path), known, token.text)
            yield i + 1, Prop(kind, lambda at: r.Field(of=at.ref, path=path), known, spec, token.text)
        for spec in kind.fields:
            if "." in token.text and token.text in (spec.path, "input." + spec.path):
                yield i + 1, prop_of(kind, spec, token.text)

    @rule
    def value_of(self, i: int, kind: Kind) -> Iterator[tuple[int, Prop]]:
        """Any value phrase of a thing: a field, the length of one, a lifetime, a count."""
        start = self.skip_all(i, "value of|value for|setting|the value of|field")
        if start != i:
            yield from self.value_of(start, kind)
        yield from self._lifetime(i, kind)
        for j in self.says(i, "length of|number of character of|number of character in"):
            for k, prop in self.field(j, kind):
                yield k, _length(prop)
        for j in self.says(i, "number of|total number of|count of|total count of|sum of|total of|amount of"):
            for k, thing in self.things(j):
                number = None if thing.none or thing.how_many else self._number_of(kind, thing)
                if number is not None:
                    yield self.skip(k, "together|combined|taken together|in total|altogether|overall"), number
        for j, prop in self.field(i, kind):
            for k in self.says(j, "length"):
                yield k, _length(prop)
            end = (
                self.skip(j, "value|setting|field|attribute|property|flag|option") if not prop.through else j
            )
            if end == j and self.is_punct(j, "("):
                token = self.token(j + 1)
                if (
                    token
                    and self.is_punct(j + 2, ")")
                    and prop.spec
                    and token.text.lower() in prop.spec.path.lower()
                ):
                    end = j + 3
            yield end, prop
            if end != j:
                yield j, prop

    def _number_of(self, kind: Kind, thing: Things) -> Prop | None:
        """How many of these a thing has; of findings by severity the summary of the scan says it."""
        if thing.role == "severity" and not thing.only and kind.spec is None:
            summary = self.kind("scan_outputs")
            return Prop(summary, summed(thing.types), "number", None, "findings", chain(kind, summary) or ())
        if not chain(kind, thing.kind):
            return None
        return Prop(kind, lambda at: count(at, thing), "number", None, "number")

    def _lifetime(self, i: int, kind: Kind) -> Iterator[tuple[int, Prop]]:
        if self.entity != "token" or kind.spec is not None:
            return
        for j in self.says(i, "lifetime|life time|validity|validity period|life|lifespan|duration"
                              "|period of validity|validity time|age|maximum lifetime"):  # fmt: skip
            yield j, lifetime(kind)

    @rule
    def map_entries(self, i: int, kind: Kind) -> Iterator[tuple[int, tuple[tuple[Prop, ...], str]]]:
        """Entries of a map by their keys: "an owner tag", "tags owner and team"; with and / or."""
        for spec in kind.fields:
            noun = MAP_NOUNS.get(spec.parts[-1] if spec.parts else "")
            if spec.type != "map" or noun is None:
                continue
            noun = f"{noun}|{noun} key|resource {noun}"
            for j in self.says(i, noun) if self.token(i) and self.tokens[i].text.lower() != "tagged" else []:
                named = self.token(j)
                if named is not None and named.text == "Name":  # the tag AWS shows
                    for m, keys, how in self._keys(j):
                        yield m, (tuple(entry_of(kind, spec, key) for key in keys), how)
                k = self.skip_all(
                    j, "called|name|with name|with key|key|namely|:|with the name|both|which be"
                )
                k = k + 1 if self.is_punct(k, ":(") else k
                for m, keys, how in self._keys(k):
                    m = m + 1 if self.is_punct(k - 1, "(") and self.is_punct(m, ")") else m
                    yield m, (tuple(entry_of(kind, spec, key) for key in keys), how)
            for m, keys, how in self._keys(i):
                for n in self.says(m, noun):
                    if n > m and not self._tag_of_part(i, m, kind):
                        yield n, (tuple(entry_of(kind, spec, key) for key in keys), how)

    def _tag_of_part(self, i: int, m: int, kind: Kind) -> bool:
        """Whether "artifact tag" is a field of the artifacts a service has, no tag of the service."""
        inner = [s.payload for end, s in self.senses(i, "noun") if end == m and s.payload.spec is not None]
        fields = [s.payload[0] for _, s in self.senses(m, "field")]
        return kind.spec is None and any(part == owner for part in inner for owner in fields)

    def _keys(self, i: int) -> Iterator[tuple[int, tuple[str, ...], str]]:
        """Keys of a map in a list."""
        found: list[str] = []
        how, k = "and", i
        while True:
            token = self.token(k)
            if token is None or token.kind == "punct" or not (token.quoted or self._is_key(k)):
                return
            found.append(token.text)
            k += 1
            following = self.token(k)
            if (
                len(found) == 1
                or following is None
                or following.base not in ("tag", "label")
                or following.text.endswith("s")
            ):
                yield k, tuple(found), how
            m = k + 1 if self.is_punct(k, ",/") else k
            n = self.skip(m, "and|plus|as well as|&")
            if n == m:
                n = self.skip(m, "or")
                how = "or" if n > m else how
            if n == k:
                return
            k = self.skip(n, "called|tag|label")

    def _is_key(self, k: int) -> bool:
        token = self.tokens[k]
        if token.kind == "literal":
            return "=" not in token.text and not token.text.startswith("<")
        soft = {"team", "environment", "user", "version", "stage", "type", "name"}
        return token.kind == "word" and token.base not in ((STOP | VAGUE) - soft - LEVELS)


SIZES = {"aws_lambda_function": "memory in MB", "aws_ebs_volume": "size in GB"}


def size_of(kind: Kind, types: Collection[str]) -> Prop | None:
    """What a number of gigabytes says of a resource of these types: its memory, its size or its storage."""
    if kind.element not in ("resource", "change", "instance"):
        return None
    label = next((SIZES[t] for t in types if t in SIZES), "storage in GB")
    return next((prop_of(kind, f) for f in kind.fields if f.label == label), None)


def number_of_entries(prop: Prop) -> Prop:
    """How many entries the list of the field has."""
    spec = prop.through[0]

    def build(at: At) -> r.Value:
        inner = at.bind(Kind(at.kind.entity, spec))
        return r.CountOf(each=collection_at(spec, at), name=inner.ref)

    return Prop(prop.kind, build, "number", None, "number")


# maps whose entries are no texts but hold one
_WITH_VALUES = ("environment_variables", "terraform_variables")


def entry_of(kind: Kind, spec: FieldSpec, key: str) -> Prop:
    path = (*spec.parts, key, *(("value",) if spec.path in _WITH_VALUES else ()))
    return Prop(kind, lambda at: r.Field(of=at.ref, path=path), "text",
                FieldSpec(".".join(path), "text", key), key)  # fmt: skip


def marked(kind: Kind, spec: FieldSpec, key: str) -> Pred:
    """It carries this tag: where it is asked for, with something in it; where it is looked for, blank as well."""
    entry = entry_of(kind, spec, key)
    return lambda at: tested(entry, "present" if at.asked and not at.excepted else "exists")(at)


def summed(fields: tuple[str, ...]) -> Callable[[At], r.Value]:
    def build(at: At) -> r.Value:
        value: r.Value = r.Field(of=at.ref, path=(fields[0],))
        for field in fields[1:]:
            value = r.Arithmetic(op="plus", left=value, right=r.Field(of=at.ref, path=(field,)))
        return value

    return build


def _length(prop: Prop) -> Prop:
    def build(at: At) -> r.Value:
        value = prop.build(at)
        if not isinstance(value, r.Field):
            raise Misread("only a field has a length")
        return r.Length(of=value)

    return replace(prop, build=build, type="number", spec=None)


def lifetime(kind: Kind) -> Prop:
    """How long a token is valid: seconds between its two dates."""

    def build(at: At) -> r.Value:
        return r.Arithmetic(op="minus", left=r.Field(of=at.ref, path=("validTo",)),
                            right=r.Field(of=at.ref, path=("validFrom",)))  # fmt: skip

    return Prop(kind, build, "lifetime", None, "lifetime")
