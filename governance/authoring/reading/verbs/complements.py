"""What a thing is: in a state, of a type, in a place, one of several kinds."""

from __future__ import annotations

import re
from collections.abc import Iterator

from governance.authoring import rule as r
from governance.authoring.reading.base import rule
from governance.authoring.reading.meaning.relations import has
from governance.authoring.reading.meaning.typed import Kind, Pred, Prop, Things, both, either, negated
from governance.authoring.reading.values.predicates import of_ecosystem, of_types, sql_matches, state_pred
from governance.authoring.reading.values.props import child_type, prop_of
from governance.authoring.reading.values.value_tests import compare, fits, only_among, tested
from governance.authoring.reading.verbs.implied import Implied


def _like_instances(found: tuple[r.Scalar, ...]) -> bool:
    """Whether literals look like sizes of machines: t3.micro, db.r5.large, Standard_D2s_v3."""
    return all(re.fullmatch(r"[a-z]+[0-9a-z-]*(\.[0-9a-z-]+)+|[A-Z][a-z]+_\w+", str(x)) for x in found)


class Complements(Implied):
    """Grammar of what follows "be"."""

    @rule
    def _being(self, i: int, kind: Kind) -> Iterator[tuple[int, Pred]]:
        for j in self.says(i, "be describe|be document"):
            yield from (
                (j, tested(prop_of(kind, f), "present")) for f in kind.fields if f.path == "description"
            )
        for j in self.says(i, "be|remain|stay|be keep|become|run as|run"):
            if self.tokens[j - 1].base in ("run", "as") and next(self.senses(j, "state"), None) is None:
                continue
            for words in ("not|never",):
                for k in self.says(j, words):
                    for m, pred in self._complement(k, kind):
                        yield m, negated(pred)
            yield from self._complement(j, kind)

    @rule
    def _complement(self, j: int, kind: Kind) -> Iterator[tuple[int, Pred]]:  # noqa: C901 - the alternatives of one grammar rule
        """What a thing is: a state, of a type, in a place, one of several kinds."""
        latest = next((f for f in kind.fields if f.path == "latest_version"), None)
        for k in self.says(j, "at latest version|latest version|up to date|up-to-date|on latest version|in latest version"
                              "|latest|at newest version|newest version|current") if latest else []:  # fmt: skip
            yield k, self._at_latest(kind)
        for k in (
            self.says(j, "outdated|out of date|out-of-date|behind latest version|older than latest version")
            if latest
            else []
        ):
            yield k, negated(self._at_latest(kind))
        for k, prop in self.field(self.skip(j, "mark as|mark|flag as|declare|declare as|set to"), kind):
            if prop.type == "flag" and not self.says(k, "TRUE|true|false|enable|disable|on|off"):
                yield k, tested(prop, "is", (True,))
        for k, levels in self._ranked(j) if kind.name == "scan_issues" else []:
            code = next(prop_of(kind, f) for f in kind.fields if f.path == "severityCode")
            yield k, tested(code, "is", tuple(level.capitalize() for level in levels))
        if self.entity == "sbom" and kind.element == "package":
            for k, names in self.ecosystems(self.skip(j, "from|of|on|in")):
                yield self.skip(k, "package|dependency|library|module|one"), of_ecosystem(*names)
        if self.entity == "sbom" and kind.spec is None:
            nothing = negated(has(Things(self.kind("packages")), self.facts))
            for k in self.says(j, "empty|without package|without any package"):
                yield k, nothing
        said = self.token(j)
        if said is not None and said.text.lower() == "deployed":
            return  # what is done, not what it is
        for k, sense in self.senses(j, "state"):
            owner, spec, value = sense.payload
            if owner.name == kind.name and not self.lacks(kind, spec):
                yield k, state_pred(owner, spec, value)
        both_said = self.skip(j, "both")
        if both_said > j:  # both critical and reachable
            yield from self._complement(both_said, kind)
        only = self.skip(j, "only|exclusively")
        for m in {j, only}:
            for k, preds in self._modifier(m):
                if m == j:
                    for n, more in self._more_modifiers(k, preds):
                        named = [p for owner, p in more if owner.name == kind.name]
                        denied = any(t.base in ("not", "never") for t in self.tokens[max(0, j - 2) : j])
                        if n > k and not denied and self._of_several_fields(j, n, kind):
                            yield n, both(*named)  # in sync and healthy
                            return
                        if n > k and len(named) > len([p for owner, p in preds if owner.name == kind.name]):
                            yield n, either(*named)
                mine = [p for owner, p in preds if owner.name == kind.name]
                if mine and m == j:
                    for n, all_of_them in self._more_modifiers(k, preds):
                        mine = [p for owner, p in all_of_them if owner.name == kind.name]
                        for q, sense in self.senses(n, "noun"):
                            if sense.payload.name == kind.name:
                                yield q, either(*mine)
                        yield n, either(*mine)
        for k in self.says(j, "of"):
            for m, prop in self.field(k, kind):
                for n, found in self.literals(m, prop):
                    yield n, tested(prop, "is", found)
        for k in self.says(j, "in|on|within|at|under"):
            for m, prop in self.value_of(k, kind):
                for n, found in self.literals(m, prop):
                    yield n, tested(prop, "is", found)
                for n, comparison in self.comparison(m) if prop.type == "version" else []:
                    if fits(prop, comparison):
                        yield n, compare(prop, comparison)
                for n in self.says(m, "that|which|whose name"):
                    yield from self.about(self._modal_free(n), prop)
        if kind.element == "step":
            for k in self.says(j, "in|inside|within|part of"):
                for m, parent in self.things(k):
                    belongs = self._belongs(kind, parent)
                    if belongs is not None and self.holds_steps(parent):
                        yield m, belongs
        if self.entity == "template" and kind.spec is None:
            start = self.skip(j, "of type|of kind|of step type")
            for k, (types, _, _) in self._step_words(start):
                if types:
                    yield self.skip(k, "step"), tested(child_type(kind), "is", types)
            for k, types in self.stage_types(self.skip(j, "of type|of kind|of stage type")):
                yield self.skip(k, "stage"), tested(child_type(kind), "is", types)
        if kind.element == "step":
            for k, (types, _, _) in self._step_words(j):
                if types:
                    yield self.skip(k, "step"), of_types(types)
        if kind.element in ("stage", "step"):  # be a Custom stage with an Http step
            for k, thing in self._one(j):
                told = not thing.plain and thing.role not in ("approval", "scan", "push")
                if thing.kind.name == kind.name and told and not thing.none and not thing.how_many:
                    yield k, thing.holds
        for k, patterns in self.sql_words(j) if kind.element == "statement" else []:
            begins = tuple(p.replace(r"(?i)\b", r"(?i)^\s*", 1) for p in patterns)
            yield self.skip(k, "sql statement|statement|query"), sql_matches(begins)
        yield from self._value_itself(j, kind)
        for prop in self._default_value(kind):
            for k, comparison in self.comparison(j):
                if fits(prop, comparison) and comparison.bounds[0][1].unit == "version":
                    yield k, compare(prop, comparison)
            if kind.element in ("resource", "change", "instance"):
                for k, found in self.literals(j, prop):
                    if _like_instances(found):
                        yield k, tested(prop, "is", found)
                for k in self.says(j, "only"):
                    for n, found in self.literals(k, prop):
                        if _like_instances(found):
                            yield n, only_among(prop, found)

    def _value_itself(self, j: int, kind: Kind) -> Iterator[tuple[int, Pred]]:
        """(A variable called LEVEL must) be one of DEBUG or INFO: its value."""
        if not (kind.element == "variable" or (self.entity == "variable" and kind.spec is None)):
            return
        value = next(prop_of(kind, f) for f in kind.fields if f.path == "value")
        yield from (
            (k, tested(value, "runtime_input")) for k in self.says(j, "runtime input|given at run time")
        )
        start = self.skip_all(j, "one of|either|set to|text|word|string")
        token = self.token(start)
        if token is not None and (
            token.quoted
            or token.kind in ("literal", "number")
            or (token.text.isupper() and len(token.text) > 1)
        ):
            for k, found in self.literals(start, value):
                yield k, tested(value, "is", found)

    def _at_latest(self, kind: Kind) -> Pred:
        return lambda at: r.Test(
            value=r.Field(of=at.ref, path=("version",)), op="is", measure="version",
            to_value=r.Field(of=at.ref, path=("latest_version",)),
        )  # fmt: skip

    def _default_value(self, kind: Kind) -> list[Prop]:
        """The value people mean when they name a thing and a number: its version, its size."""
        if kind.element == "package":
            return [prop_of(kind, f) for f in kind.fields if f.label == "version"]
        if kind.element in ("resource", "change", "instance"):
            return [prop_of(kind, f) for f in kind.fields
                    if f.path.endswith("instance_type") and not self.lacks(kind, f)]  # fmt: skip
        return []
