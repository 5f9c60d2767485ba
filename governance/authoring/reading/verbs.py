"""Verb phrases: what is said about a thing."""

from __future__ import annotations

import re
from collections.abc import Iterator

from governance.authoring import rule as r
from governance.authoring.fields import FieldSpec
from governance.authoring.reading.amounts import Amount, Comparison
from governance.authoring.reading.base import rule
from governance.authoring.reading.coordination import Part, Word, joined
from governance.authoring.reading.meaning import (
    Kind,
    Misread,
    Pred,
    Prop,
    Things,
    both,
    chain,
    either,
    negated,
)
from governance.authoring.reading.openings import Openings
from governance.authoring.reading.predicates import acts, flag_tag, of_types, sql_matches, state_pred
from governance.authoring.reading.props import lifetime, marked, prop_of
from governance.authoring.reading.relations import has
from governance.authoring.reading.value_tests import _fits, compare, only_among, tested
from governance.authoring.reading.verb_words import EXTENDS, HAVE, LACK, SAYING

CASES = {
    "screaming_snake_case",
    "title-case",
    "case",
    "lower-case",
    "upper-case",
    "kebab-case",
    "snake_case",
    "camelcase",
    "pascalcase",
    "snake-case",
}

AND_OR: tuple[tuple[str, Word], ...] = (("and|but|and also|as well as", "and"), ("or|nor", "or"))


def _like_instances(found: tuple[r.Scalar, ...]) -> bool:
    """Whether literals look like sizes of machines: t3.micro, db.r5.large, Standard_D2s_v3."""
    return all(re.fullmatch(r"[a-z]+[0-9a-z-]*(\.[0-9a-z-]+)+|[A-Z][a-z]+_\w+", str(x)) for x in found)


MARKED = {"tagged", "labelled", "labeled"}
LIVING = (
    "live at|live on|live in|be at|be on|be in|be of|exist at|exist on|exist in|be save at|be save on|be save in|be define at|be define on"
    "|be define in|be create at|be create on|be create in|be keep at|be keep on|be store at|be store on|stay at|stay on|belong to|be store in"
    "|be place at|be manage at|be manage on|sit at|sit on|reside at|reside on|belong on|belong at|be scope to"
)
DOING = {"prune", "prunes", "self-heal", "self-heals", "automatically", "auto-sync", "heal"}


class Verbs(Openings):
    """Grammar of verb phrases."""

    def _modal_free(self, j: int) -> int:
        return self.skip(
            j, "must|have to|should|need to|can|may|will|shall|do|be to|would|could|ought to|might"
        )

    @rule
    def vp(self, i: int, kind: Kind) -> Iterator[tuple[int, Pred]]:
        """What is said about a thing of this kind, without the modal."""
        for j, (pred, _) in self.vp_with_things(i, kind):
            yield j, pred

    @rule
    def vp_with_things(self, i: int, kind: Kind) -> Iterator[tuple[int, tuple[Pred, tuple[Things, ...]]]]:
        for j, first in self._vp_one(i, kind):
            yield from self._more_vp(j, first, kind, (Part(first[0], i, j),))

    def _more_vp(self, j: int, found: tuple[Pred, tuple[Things, ...]], kind: Kind, said: tuple[Part, ...]
                 ) -> Iterator[tuple[int, tuple[Pred, tuple[Things, ...]]]]:  # fmt: skip
        comma = j + 1 if self.is_punct(j, ",") else j
        if comma > j:
            for k in self.says(comma, "in|on|with|using"):
                for m, prop in self.field(k, kind):
                    for n, values in self.literals(m, prop):
                        pred = both(found[0], tested(prop, "is", values))
                        yield from self._more_vp(n, (pred, found[1]), kind, (Part(pred, said[0].start, n),))
        for words, word in AND_OR:
            for k in self.says(comma, words):
                if self.says(k, EXTENDS):
                    continue  # "and that includes rollback" says something about the rule
                before = self.skip(k, "it|they|that|which|also|to")
                k = self._modal_free(before)
                modal = k > before
                k = self.skip(k, "also")
                for m, nxt in self._vp_one(k, kind):
                    parts = (*said, Part(nxt[0], k, m, word, comma > j, modal))
                    yield from self._more_vp(m, (joined(parts, self.tokens), found[1] + nxt[1]), kind, parts)
        yield j, found

    @rule
    def _vp_one(self, i: int, kind: Kind) -> Iterator[tuple[int, tuple[Pred, tuple[Things, ...]]]]:  # noqa: C901 - the alternatives of one grammar rule
        for j in self.says(
            i, "do not|not|never|do never|no longer|in no case|have not|have never|be not|have not yet"
        ):
            if self.tokens[j - 1].base in ("not", "never") and self.tokens[i].base == "be":
                continue
            for k, (pred, _) in self._vp_one(self.skip(j, "ever"), kind):
                yield k, (negated(pred), ())
        for j in self.says(i, "also|always|explicitly|only ever|all|themselves|actually|directly|either"):
            yield from self._vp_one(j, kind)
        for j in self.says(i, LACK):
            for k, pred in self._lacking(j, kind):
                yield k, (pred, ())
        for k, pred in self._field_verb(i, kind):
            yield k, (pred, ())
        for k, found in self._split_verb(i, kind):
            yield k, found
        for k, sense in self.senses(i, "value"):
            owner, spec, literal = sense.payload
            if (
                sense.words[0] in ("inherit", "roll", "mark", "retry", "ignore")
                and chain(kind, owner) is not None
            ):
                wanted = Things(owner, (tested(prop_of(owner, spec), "is", (literal,)),), plain=False)
                k = self.skip(k, "on failure|when it fail|on error|if it fail|when they fail|on any failure|when failing"
                                 "|in case of failure|if something fail|when something fail")  # fmt: skip
                pred = has(wanted, self.facts) if owner.name != kind.name else wanted.base[0]
                yield k, (pred, ())
        for k, pred in self._being(i, kind):
            yield k, (pred, ())
        for k, sense in self.senses(i, "state"):  # prune, self-heal: a state that is a verb
            if sense.payload[0].name == kind.name and self.tokens[k - 1].text.lower() in DOING:
                yield k, (state_pred(*sense.payload), ())
        for j in (
            self.says(
                i, "run|execute|be execute|be run|occur|appear|be use|stand|happen|sit|be place|run inside"
            )
            if kind.element == "step"
            else []
        ):
            for k in self.says(j, "in|inside|within"):
                for m, parent in self.things(k):
                    belongs = self._belongs(kind, parent) if parent.kind.element == "stage" else None
                    if belongs is not None and not parent.none:
                        yield m, (belongs, ())
        for j in self.says(i, "allow|permit|enable|support|turn on|switch on|activate"):
            for k, prop in self.field(j, kind):
                if prop.type == "flag":
                    yield k, (tested(prop, "is", (True,)), ())
        for j in self.says(i, LIVING) if kind.spec is None else []:
            for k, pred in self.level_of(self.skip(j, "only"), kind):
                yield self.skip(k, "only"), (pred, ())
        for j in self.says(i, "be tag with|be tag as|be tag by|be label with|be label by"):
            for k, keys, how in self._keys(self.skip(j, "name of")):
                yield k, ((both if how == "and" else either)(*(self._tagged(kind, key) for key in keys)), ())
        for j in self.says(i, "be tag|be label"):
            if self.entity == "featureFlag":
                for k, keys, how in self._keys(j):
                    yield (
                        k,
                        ((both if how == "and" else either)(*(self._tagged(kind, key) for key in keys)), ()),
                    )
            for k, pred in self._carrying(j, kind):
                yield k, (pred, ())
            for spec in kind.fields if self.tokens[j - 1].text.lower() in MARKED else ():
                if spec.type == "map" and spec.parts[-1] == "tags":  # it is tagged at all
                    yield j, (tested(prop_of(kind, spec), "present"), ())
        for k, found in self._domain(i, kind):
            yield k, found
        changing = (
            "|touch|change|override|alter|overwrite|modify|redefine" if self.entity == "override" else ""
        )
        for j in self.says(i, HAVE + changing):
            if kind.element == "statement":
                for k, patterns in self.sql_words(j):
                    yield k, (sql_matches(patterns), ())
            yield from self.objects(j, kind)
        verb = self.token(i)
        if kind.spec is not None and kind.spec.scalar and verb is not None and verb.base in SAYING:
            own = Prop(kind, lambda at: r.Field(of=at.ref), "licence" if kind.element == "licence" else "text",
                       FieldSpec("", "text", kind.element), kind.element)  # fmt: skip
            for k, pred in self.about(i, own):
                yield k, (pred, ())
        for k, pred in self._own_measure(i, kind):
            yield k, (pred, ())
        for k, pred in self._own_script(i, kind):
            yield k, (pred, ())
        for k, pred in self._own_name(i, kind):
            yield k, (pred, ())

    def _tagged(self, kind: Kind, key: str) -> Pred:
        """It has the tag or label with this key."""
        if self.entity == "featureFlag":
            return flag_tag(key)
        found = (f for f in kind.fields if f.type == "map" and f.parts[-1] in ("tags", "labels"))
        spec = next(found, None)
        if spec is None:
            raise Misread("it has no tags")
        return marked(kind, spec, key)

    def _own_name(self, i: int, kind: Kind) -> Iterator[tuple[int, Pred]]:
        """Variables that begin with X: the name is meant."""
        verb = self.token(i)
        for _, prop in self._name_of(kind):
            said = verb is not None and verb.base in ("be", "follow", "use", "have", "write")
            for j, pred in self.naming(i, prop) if said else []:
                if any(t.base in CASES or any(w in CASES for w in t.words) for t in self.tokens[i:j]):
                    yield j, pred
        if any(
            self.says(i, w) for w in ("start with|begin with|end with|end in|be prefix with|be call|be name",)
        ):
            for _, prop in self._name_of(kind):
                yield from self.about(i, prop, False)

    def _own_script(self, i: int, kind: Kind) -> Iterator[tuple[int, Pred]]:
        """Shell scripts that call "curl": the text of the step."""
        said = [t.words for t in self.tokens[:i]]
        if kind.element != "step" or not any("script" in w or "shellscript" in w for w in said):
            return
        script = next(prop_of(kind, f) for f in kind.fields if f.path == "spec.source.spec.script")
        for j in self.says(i, "contain|include|mention|call|use|have|run|execute|invoke"):
            token = self.token(self.skip(j, "word|text|command|string|either"))
            if token is not None and token.quoted:
                for k, found in self.literals(self.skip(j, "word|text|command|string|either"), script):
                    yield k, tested(script, "contains", found)

    def _own_measure(self, i: int, kind: Kind) -> Iterator[tuple[int, Pred]]:
        """Values a verb alone speaks about: run for 5 minutes, cost 800, live 30 days."""

        table = [("run for|run|take|last|time out|finish|complete|be do|end|be finish", "timeout"), ("cost|be worth|account for|amount to|come to|add up to", "cost"),
                 ("live for|live|be valid for|be valid|last for|last|expire|remain valid for|be good for|exist for|exist"
                  "|be issue for|stay valid for", "lifetime")]  # fmt: skip
        if kind.element == "step":
            yield from self._resources_used(i, kind)
        for words, what in table:
            for j in self.says(i, words):
                for prop in self._props_named(what, kind):
                    for k, comparison in [
                        *self.comparison(j),
                        *self.comparison(self.skip(j, "after|in|for")),
                    ]:
                        if _fits(prop, comparison):
                            yield k, compare(prop, comparison)
                    for m in self.says(j, "after|in"):
                        for k, amount in self.amount(m):
                            if amount.unit == "duration" and self.tokens[j - 1].base in (
                                "expire",
                                "out",
                                "end",
                            ):
                                yield k, compare(prop, Comparison((("at_most", amount),)))

    def _resources_used(self, i: int, kind: Kind) -> Iterator[tuple[int, Pred]]:
        """Request more than 2 cores, use up to 4Gi: the unit tells which resource is meant."""
        for words, part in (("request", "requests"), ("use|consume|take|get|need|claim|have", "limits")):
            for j in self.says(i, words):
                for k, comparison in self.comparison(j):
                    unit = comparison.bounds[0][1].unit
                    if unit in ("core", "size"):
                        path = f"spec.resources.{part}.{'cpu' if unit == 'core' else 'memory'}"
                        yield (
                            k,
                            compare(
                                next(prop_of(kind, f) for f in kind.fields if f.path == path), comparison
                            ),
                        )

    def _props_named(self, what: str, kind: Kind) -> list[Prop]:

        if what == "lifetime":
            return [lifetime(kind)] if self.entity == "token" and kind.spec is None else []
        paths = {"timeout": ("timeout",), "cost": ("TotalMonthlyCost", "CurrentMonthlyCost")}[what]
        return [prop_of(kind, f, what) for f in kind.fields if f.path in paths]

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
        only = self.skip(j, "only|exclusively")
        for m in {j, only}:
            for k, preds in self._modifier(m):
                if m == j:
                    for n, more in self._more_modifiers(k, preds):
                        named = [p for owner, p in more if owner.name == kind.name]
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
                    if _fits(prop, comparison):
                        yield n, compare(prop, comparison)
                for n in self.says(m, "that|which|whose name"):
                    yield from self.about(self._modal_free(n), prop)
        if kind.element == "step":
            for k in self.says(j, "in|inside|within|part of"):
                for m, parent in self.things(k):
                    belongs = self._belongs(kind, parent)
                    if belongs is not None and parent.kind.element == "stage":
                        yield m, belongs
        if self.entity == "template" and kind.spec is None:
            for k, (types, _, _) in self._step_words(j):
                if types:
                    child = next(f for f in kind.fields if f.path == "childType")
                    yield self.skip(k, "step"), tested(prop_of(kind, child), "is", types)
        if kind.element == "step":
            for k, (types, _, _) in self._step_words(j):
                if types:
                    yield self.skip(k, "step"), of_types(types)
        yield from self._value_itself(j, kind)
        for prop in self._default_value(kind):
            for k, comparison in self.comparison(j):
                if _fits(prop, comparison) and comparison.bounds[0][1].unit == "version":
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
        start = self.skip(j, "one of|either|set to")
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

    @rule
    def _domain(self, i: int, kind: Kind) -> Iterator[tuple[int, tuple[Pred, tuple[Things, ...]]]]:  # noqa: C901 - the alternatives of one grammar rule
        """Relations of the field: deploying, approving, scanning, pushing, order."""
        if self.entity in ("pipeline", "template"):
            yield from self._deploying(i, kind)
            yield from self._approving(i, kind)
            yield from self._scanning(i, kind)
            yield from self._pushing(i, kind)
            yield from self._order_verb(i, kind)
            yield from self._edge_verb(i, kind)
            yield from self._beside(i, kind)
        if self.entity == "pipeline" and kind.spec is None:
            yield from self._notifying(i)
        if kind.spec is None and self.entity in ("pipeline", "template"):
            yield from self._reading_secrets(i)
        if self.entity == "featureFlag" and kind.spec is None:
            for j in self.says(i, "be own by|belong to|have as owner"):
                for k, preds in self._modifier(j):
                    mine = [p for owner, p in preds if owner.name == "owners"]
                    if mine:
                        owners = Things(self.kind("owners"), (either(*mine),), plain=False)
                        yield k, (has(owners, self.facts), (owners,))
        if self.entity == "terraformPlan":
            yield from self._opening(i, kind)
        if self.entity == "terraformPlan" and kind.spec is None:
            yield from self._changing(i)
        if self.entity == "terraformPlan" and kind.element == "change":
            yield from self._made_by_plan(i)
        if self.entity == "dbSql" and kind.spec is None:
            for j, patterns in self.sql_words(i):
                yield self.skip(j, "row|record|data"), (self._sql(patterns), ())
        if self.entity == "dbSql" and kind.element == "statement":
            for j, patterns in self.sql_words(i):
                yield self.skip(j, "row|record|data"), (sql_matches(patterns), ())
            for j in self.says(
                i,
                "|".join(
                    f"{verb} {what}"
                    for verb in ("have", "contain", "use", "include", "need", "require", "carry", "come with")
                    for what in ("where clause", "where", "where condition")
                ),
            ):
                yield j, (sql_matches((r"(?i)\bwhere\b",)), ())
        if self.entity == "token" and kind.spec is None:
            for j in self.says(i, "expire|run out"):
                end = next(prop_of(kind, f) for f in kind.fields if f.path == "validTo")
                yield j, (tested(end, "present"), ())
        if self.entity == "terraformPlanCost" and kind.spec is None:
            yield from self._raising(i, kind)

    def _reading_secrets(self, i: int) -> Iterator[tuple[int, tuple[Pred, tuple[Things, ...]]]]:
        for j in self.says(
            i,
            "read secret|use secret|reference secret|access secret|resolve secret|read any secret|get secret",
        ):
            k = self.skip(j, "with|through|via|by|using")
            token = self.token(k)
            if k > j and token is not None and "getvalue" in token.base:
                j = k + 1
            things = Things(self.kind("secret_reads"), plain=False)
            yield j, (has(things, self.facts), (things,))

    def _sql(self, patterns: tuple[str, ...]) -> Pred:

        things = Things(self.kind("statements"), (sql_matches(patterns),), plain=False)
        return has(things, self.facts)

    def _raising(self, i: int, kind: Kind) -> Iterator[tuple[int, tuple[Pred, tuple[Things, ...]]]]:
        """Raise the monthly bill by more than 20 percent."""

        for words, op, times in (("more than double", "more_than", 100), ("double", "at_least", 100),
                                 ("more than triple", "more_than", 200), ("triple", "at_least", 200)):  # fmt: skip
            for j in self.says(i, words):
                rise = next(
                    prop_of(kind, f) for f in kind.fields if f.path == "PercentageChangeTotalMonthlyCost"
                )
                bound = Comparison(((op, Amount(times, "percent", str(times))),))  # type: ignore[arg-type]
                yield (
                    self.skip(j, "it|monthly cost|cost|bill|monthly bill|total cost"),
                    (compare(rise, bound), ()),
                )
        for j in self.says(
            i, "raise|increase|grow|push up|drive up|add to|bump|rise|go up|lift|climb|jump|exceed"
        ):
            k = self.skip(j, "total monthly cost|monthly cost|monthly bill|bill|cost|total cost|monthly total|spend|it"
                             "|monthly spend|total monthly bill")  # fmt: skip
            for m, pred in self._raised_by(self.skip(k, "by"), kind):
                yield m, (pred, ())
            if k >= self.size or self.is_punct(k, ",."):  # must not rise at all
                more = next(prop_of(kind, f) for f in kind.fields if f.path == "DiffTotalMonthlyCost")
                yield k, (compare(more, Comparison((("more_than", Amount(0, "money", "0")),))), ())

    def _raised_by(self, k: int, kind: Kind) -> Iterator[tuple[int, Pred]]:
        """More than 10 % and by more than 100 dollars: the unit says which increase is meant."""
        for path in ("DiffTotalMonthlyCost", "PercentageChangeTotalMonthlyCost"):
            prop = next(prop_of(kind, f) for f in kind.fields if f.path == path)
            for m, comparison in self.comparison(k):
                if not _fits(prop, comparison):
                    continue
                pred = compare(prop, comparison)
                comma = m + 1 if self.is_punct(m, ",") else m
                for words, combine in (("and by|and also by|and", both), ("or by|or", either)):
                    for n in self.says(comma, words):
                        for p, rest in self._raised_by(n, kind):
                            yield p, combine(pred, rest)
                yield m, pred

    def _changing(self, i: int) -> Iterator[tuple[int, tuple[Pred, tuple[Things, ...]]]]:
        for j, actions in self._actions(i):
            for m in self.says(j, "anything|something|any resource|resource at all"):
                anything = Things(self.kind("resource_changes"), (acts(actions),), plain=False)
                for n, which in self.post(m, anything):
                    yield n, (has(which, self.facts), (which,))
            for m, thing in self.things(j):
                if thing.kind.element != "change" and not (thing.plain and thing.kind.element == "resource"):
                    continue
                wanted = Things(self.kind("resource_changes"), (*(thing.base if thing.kind.element == "change" else ()),
                                acts(actions)), thing.only, how_many=thing.how_many, none=thing.none, plain=False)  # fmt: skip
                m = self.skip(
                    m, "through terraform|with terraform|via terraform|by terraform|using terraform"
                )
                yield m, (has(wanted, self.facts), (wanted,))

    @rule
    def _actions(self, i: int) -> Iterator[tuple[int, tuple[str, ...]]]:
        table = {"destroy": ("delete",), "delete": ("delete",), "remove": ("delete",), "create": ("create",),
                 "add": ("create",), "update": ("update",), "modify": ("update",), "drop": ("delete",),
                 "change": ("update", "create", "delete"), "replace": ("replace",), "touch": ("update", "create", "delete")}  # fmt: skip
        found: list[str] = []
        k = i
        while (token := self.token(k)) is not None and token.base in table:
            found += table[token.base]
            k += 1
            yield k, tuple(dict.fromkeys(found))
            m = self.skip(k + 1 if self.is_punct(k, ",/") else k, "or|and")
            if m == k:
                break
            k = m

    def _made_by_plan(self, i: int) -> Iterator[tuple[int, tuple[Pred, tuple[Things, ...]]]]:
        """(buckets) a plan creates; (instances) being destroyed."""
        j = self.skip(i, "be|get|plan|terraform plan|terraform|a terraform plan|a plan|that be")
        for k, actions in self._actions(j):
            yield (
                self.skip(
                    k,
                    "by plan|by terraform plan|by a plan|in plan|by terraform|with terraform|through terraform|via terraform|using terraform|in terraform",
                ),
                (acts(actions), ()),
            )
