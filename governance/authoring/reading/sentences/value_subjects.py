"""Values that sentences are about: the timeout of X, X names, the total cost, a tag named before."""

from __future__ import annotations

from collections.abc import Iterator

from governance.authoring.fields import FieldSpec
from governance.authoring.reading.meaning.typed import STEPS, Kind, Prop, Things, either
from governance.authoring.reading.sentences.people_rules import PeopleRules
from governance.authoring.reading.values.images import HOSTED, MODALS
from governance.authoring.reading.values.predicates import of_types, stage_of_type
from governance.authoring.reading.values.props import entry_of, prop_of

OF = "of|on|in|for|at|from|inside"
USED_FOR = "use for|use by|use in|that be use for|use to make|use to create"


class ValueSubjects(PeopleRules):
    """Grammar of values as subjects."""

    def _value_subject(self, i: int) -> Iterator[tuple[int, Things, Prop, bool]]:
        """The value a sentence is about, of which things; whether none is said of it."""
        for j, thing, prop, none in self._value_subjects(i):
            yield j, thing, self._bucket_name(thing, prop), none

    def _bucket_name(self, thing: Things, prop: Prop) -> Prop:
        """What buckets are called stands in their attribute bucket, not in the name of the block."""
        named = prop.spec is not None and prop.spec.path == "name"
        bucket = next((f for f in thing.kind.fields if f.label == "bucket name"), None)
        if not named or bucket is None or set(thing.types) != {"aws_s3_bucket"}:
            return prop
        return prop_of(thing.kind, bucket, "name")

    def _value_subjects(self, i: int) -> Iterator[tuple[int, Things, Prop, bool]]:  # noqa: C901 - the alternatives of one grammar rule
        j0 = self.skip(i, "no")
        start = self.skip_all(j0, "every|each|all|any")
        if self.topic is not None:
            for m, prop in self._named_tag(start, self.topic.kind):
                yield m, self.topic, prop, j0 > i
        if self.topic is not None and self.entity.startswith("terraform"):
            for m, prop in self.value_of(
                start, self.topic.kind
            ):  # the bucket name: a field, no name of a bucket
                if m > start + 1:
                    yield m, self.topic, prop, j0 > i
        for j, thing in self.bare(start):  # "pipeline names", "the step's timeout"
            k = j + 1 if self.token(j) and self.tokens[j].text == "'s" else j
            for m, prop in self.value_of(k, thing.kind):
                if thing.kind.spec is not None and self._of_document(start, m):
                    continue  # "source path" is a field of its own
                for n, prop2, thing2 in self._value_detail(m, prop, thing):
                    yield n, thing2, prop2, j0 > i
            for m, (props, _) in self.map_entries(k, thing.kind):
                if len(props) == 1:
                    yield m, thing, props[0], j0 > i
        if self.topic is not None:
            for m, (props, _) in self.map_entries(start, self.topic.kind):
                if len(props) == 1:
                    yield m, self.topic, props[0], j0 > i
            for m, prop in self.value_of(start, self.topic.kind):
                yield m, self.topic, prop, j0 > i
        if self.entity == "pipeline":  # "the command of Run steps", "Run commands"
            step = self.kind(STEPS)
            named = {j for j, _ in self.value_of(start, step)}  # "container memory" is the memory of any step
            for j, (types, _, _) in self._step_words(start):
                for m, prop in self.value_of(j, step) if types else []:
                    if m in named:
                        continue
                    yield m, Things(step, (of_types(types),), types=types, plain=False), prop, j0 > i
        for kind in self._all_kinds():  # "the tag region of an environment"
            for j, (props, _) in self.map_entries(start, kind):
                for k in self.says(j, "of|on|in|for|at") if len(props) == 1 else []:
                    for m, thing in self.things(k):
                        if thing.kind.name == kind.name:
                            yield m, thing, props[0], j0 > i
        for kind in self._all_kinds():  # "the timeout of a step"
            for j, prop in self.value_of(start, kind):
                for k in self.says(j, OF + ("|" + USED_FOR if kind.spec is None else "")):
                    for m, thing in self.things(k):
                        if thing.kind.name == kind.name:
                            yield m, thing, prop, j0 > i
                        elif kind.spec is not None and thing.kind.spec is None and self._belongs(kind, thing):
                            pred = self._belongs(kind, thing)
                            own = Things(kind) if thing.plain or pred is None else Things(kind).narrowed(pred)
                            yield m, own, prop, j0 > i
                said = prop.spec.path if prop.spec else ""
                if kind.name == "all_steps" and not said.startswith("spec.resources"):
                    plain = j > start + 1 or self._comes_from(j, said)
                    if prop.spec is not None and prop.spec.of_types and plain and not prop.others:
                        yield j, self._of_its_types(kind, prop.spec), prop, j0 > i
                    continue
                if (
                    kind.name == "stages"
                    and prop.spec is not None
                    and prop.spec.of_types
                    and j > start + 1
                    and not prop.others
                ):
                    having = either(*(stage_of_type(t) for t in prop.spec.of_types))
                    yield j, Things(kind, (having,), plain=False), prop, j0 > i
                if kind.spec is None or self._only_home(kind):
                    yield j, Things(kind), prop, j0 > i

    def _comes_from(self, i: int, path: str) -> bool:
        """Images must come from …: what steps run in, not what they push."""
        return path.endswith("image") and bool(self.says(self.skip(i, MODALS), HOSTED))

    def _of_document(self, start: int, end: int) -> bool:
        """Whether the words between are the name of one field of the document."""
        saved = self.entity not in ("pipeline", "template")
        return saved and any(m == end and s.payload[0].spec is None for m, s in self.senses(start, "field"))

    def _of_its_types(self, kind: Kind, spec: FieldSpec) -> Things:
        """Approval messages: the steps that can have one."""
        return Things(kind, (of_types(spec.of_types),), types=spec.of_types, plain=False)

    def _named_tag(self, i: int, kind: Kind) -> Iterator[tuple[int, Prop]]:
        """The owner must be …: a tag that was named before."""
        token = self.token(i)
        spec = next((f for f in kind.fields if f.type == "map" and f.parts[-1] == "tags"), None)
        if token is None or spec is None:
            return
        if token.base in self.tag_keys:
            yield self.skip(i + 1, "tag|tag value|value"), entry_of(kind, spec, self.tag_keys[token.base])
        only = set(self.tag_keys.values())
        for j in (
            self.says(i, "tag value|value of tag|value of that tag|that tag|this tag|tag")
            if len(only) == 1
            else []
        ):
            if token.article != "a" and token.text.lower() != "tags":  # the tag must be ...
                yield j, entry_of(kind, spec, next(iter(only)))

    def _value_detail(self, m: int, prop: Prop, thing: Things) -> Iterator[tuple[int, Prop, Things]]:
        yield m, prop, thing
        for k in self.says(m, "of|in|for|on"):
            for n, parent in self.things(k):
                pred = self._belongs(thing.kind, parent)
                if pred is not None:
                    yield n, prop, thing if self.anywhere(parent) else thing.narrowed(pred)

    def _only_home(self, kind: Kind) -> bool:
        if self.entity == "pipeline" and kind.name == "all_steps":
            return True
        return self.entity in ("sbom", "firewall", "securityTests") and kind.name in (
            "packages",
            "cves",
            "scan_outputs",
        )

    def _all_kinds(self) -> list[Kind]:
        from governance.authoring.reading.meaning.lexicon import _kinds

        found = list(_kinds(self.kind("document").entity))  # what there will be, before what changes
        return sorted(found, key=lambda kind: kind.name == "resource_changes")
