"""Verb phrases: what is said about a thing."""

from __future__ import annotations

from collections.abc import Iterator

from governance.authoring import rule as r
from governance.authoring.fields import FieldSpec
from governance.authoring.reading.base import rule
from governance.authoring.reading.meaning.coordination import Part, Word, joined
from governance.authoring.reading.meaning.nesting import chain
from governance.authoring.reading.meaning.relations import has
from governance.authoring.reading.meaning.typed import (
    Kind,
    Misread,
    Pred,
    Prop,
    Things,
    both,
    either,
    negated,
)
from governance.authoring.reading.nouns.owners import OWNERS
from governance.authoring.reading.values.predicates import flag_tag, of_ecosystem, sql_matches, state_pred
from governance.authoring.reading.values.props import marked, prop_of
from governance.authoring.reading.values.value_tests import tested
from governance.authoring.reading.verbs.complements import Complements
from governance.authoring.reading.words.verbs import EXTENDS, HAVE, LACK, RESULTS, SAYING

AND_OR: tuple[tuple[str, Word], ...] = (("and|but|and also|as well as", "and"), ("or|nor", "or"))

MARKED = {"tagged", "labelled", "labeled"}
LIVING = (
    "live at|live on|live in|be at|be on|be in|be of|exist at|exist on|exist in|be save at|be save on|be save in|be define at|be define on"
    "|be define in|be create at|be create on|be create in|be keep at|be keep on|be store at|be store on|stay at|stay on|belong to|be store in"
    "|be place at|be manage at|be manage on|sit at|sit on|reside at|reside on|belong on|belong at|be scope to"
)
DOING = {"prune", "prunes", "self-heal", "self-heals", "automatically", "auto-sync", "heal"}


class Verbs(Complements):
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
                again = before > 0 and self.tokens[before - 1].base in ("that", "which")  # and that has tags
                k = self.skip(k, "also")
                bare = self.tokens[said[0].start].base == "be" and bool(
                    self.says(k, "of")
                )  # be X and of type Y
                also = [(m, (p, ())) for m, p in self._complement(k, kind)] if bare else []
                for m, nxt in [*self._vp_one(k, kind), *also]:
                    parts = (*said, Part(nxt[0], k, m, word, comma > j or again, modal))
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
        for j in self.says(i, "neither"):
            for k in self.says(j, HAVE):  # that neither name a service nor an owner
                for m, (pred, via) in self._any_object(k, kind):
                    yield m, (negated(pred), via)
        for j in self.says(i, LACK):
            for k, pred in self._lacking(j, kind):
                yield k, (pred, ())
        for j in (
            self.says(i, "be for|be in|be make for|target|apply to|be of|be mean for")
            if kind.spec is None
            else []
        ):
            for k, there in self._in_environment(j, Things(kind)):  # if it is for production
                yield self.skip(k, "environment"), (both(*there.only), ())
        for k, pred in self._field_verb(i, kind):
            yield k, (pred, ())
        for j in self.says(i, "be not|be never"):  # that are not stored in X
            for k, pred in self._field_verb(j, kind):
                yield k, (negated(pred), ())
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
        for j in (
            self.says(i, "be run by|be apply by|be start by|be trigger by")
            if kind.spec is None and self.entity in RESULTS
            else []
        ):
            yield from ((k, (who, ())) for k, who in self.who(j))
        for j in (
            self.says(i, "come from|originate from|be publish on|be host on|be pull from")
            if kind.element == "package" and self.entity == "sbom"
            else []
        ):
            yield from ((k, (of_ecosystem(*names), ())) for k, names in self.ecosystems(j))
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
                    belongs = self._belongs(kind, parent) if self.holds_steps(parent) else None
                    if belongs is not None and not parent.none:
                        yield m, (belongs, ())
        for j in self.says(i, "allow|permit|enable|support|turn on|switch on|activate"):
            for k, prop in self.field(j, kind):
                if prop.type == "flag":
                    yield k, (tested(prop, "is", (True,)), ())
        for j in self.says(i, LIVING) if kind.spec is None else []:
            for k, pred in self.level_of(self.skip(j, "only"), kind):
                yield self.skip(k, "only"), (pred, ())
        marks = self.entity == "featureFlag" or any(
            f.type == "map" and f.parts[-1] in ("tags", "labels") for f in kind.fields
        )
        for j in self.says(i, LIVING) if kind.spec is None else []:
            known = {f.path: prop_of(kind, f) for f in kind.fields if f.path in OWNERS}
            yield from ((k, (pred, ())) for k, pred in self._owner(j, known))
        for j in self.says(i, "be tag with|be tag as|be label with") if marks else []:
            pair = self.token(j)
            if pair is not None and ("=" in pair.text or ":" in pair.text):  # tagged with env=prod
                yield from ((k, (pred, ())) for k, pred in self._carrying(j, kind))
        tagging = "be tag with|be tag as|be tag by|be label with|be label by"
        if (
            0 < i < self.size
            and self.tokens[i].text.lower() in MARKED
            and self.tokens[i - 1].base in ("and", "or", ",")
        ):
            tagging += "|tag with|label with"  # must be encrypted and tagged with owner
        for j in self.says(i, tagging) if marks else []:
            labels = any(t.base == "label" for t in self.tokens[i:j])
            for k, keys, how in self._keys(self.skip(j, "name of")):
                combine = both if how == "and" else either
                yield k, (combine(*(self._tagged(kind, key, labels) for key in keys)), ())
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
            "|touch|change|override|alter|overwrite|modify|redefine|replace|set"
            if self.entity == "override"
            else ""
        )
        for j in self.says(i, HAVE + changing):
            if kind.element == "statement":
                for k, patterns in self.sql_words(j):
                    yield k, (sql_matches(patterns), ())
                yield from ((k, (pred, ())) for k, pred in self._clauses(j))
            yield from self.objects(j, kind)
        verb = self.token(i)
        needed = bool(
            self.says(
                i,
                "be mandatory|be require|be compulsory|be obligatory|be need|be necessary|be must|be set|be present",
            )
        )
        if (
            kind.spec is not None
            and kind.spec.scalar
            and verb is not None
            and verb.base in SAYING
            and not needed
        ):
            own = Prop(kind, lambda at: r.Field(of=at.ref), "licence" if kind.element == "licence" else "text",
                       FieldSpec("", "text", kind.element), kind.element)  # fmt: skip
            for j in self.says(i, "start with|begin with") if kind.element == "statement" else []:
                for k, patterns in self.sql_words(j):
                    begins = tuple(p.replace(r"(?i)\b", r"(?i)^\s*", 1) for p in patterns)
                    yield k, (sql_matches(begins), ())
            by_name = [p for _, p in self._name_of(kind)] if kind.spec.by_key else []
            for k, pred in self.about(i, own):
                if not (by_name and self.tokens[k - 1].base == "name"):
                    yield k, (pred, ())
            for k, pred in self.about(i, by_name[0]) if by_name else []:  # contain TOKEN in their name
                if self.tokens[k - 1].base == "name":
                    yield k, (pred, ())
        for k, pred in self._own_measure(i, kind):
            yield k, (pred, ())
        for k, pred in self._any_text(i, kind):
            yield k, (pred, ())
        for k, pred in self._own_script(i, kind):
            yield k, (pred, ())
        for k, pred in self._own_name(i, kind):
            yield k, (pred, ())

    def _tagged(self, kind: Kind, key: str, labels: bool = False) -> Pred:
        """It has the tag or label with this key."""
        if self.entity == "featureFlag":
            return flag_tag(key)
        found = [f for f in kind.fields if f.type == "map" and f.parts[-1] in ("tags", "labels")]
        spec = next((f for f in found if labels == (f.parts[-1] == "labels")), next(iter(found), None))
        if spec is None:
            raise Misread("it has no tags")
        return marked(kind, spec, key)

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
            for j in self.says(i, "be owned by|belong to|have as owner"):
                yield from self.owned_by(j)
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
            yield from ((j, (pred, ())) for j, pred in self.touches(i))
            for j, patterns in self.sql_words(i) if i else []:  # "deletes as well" demands nothing
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

    def _clauses(self, j: int) -> Iterator[tuple[int, Pred]]:
        """(Must have) a WHERE clause and a LIMIT: all of them, or one."""
        for k, patterns in self.sql_keywords(j):
            for words, combine in (("and", both), ("or", either)):
                for m in self.says(k + 1 if self.is_punct(k, ",") else k, words):
                    for n, rest in self._clauses(m):
                        yield n, combine(sql_matches(patterns), rest)
            yield k, sql_matches(patterns)

    def owned_by(self, j: int) -> Iterator[tuple[int, tuple[Pred, tuple[Things, ...]]]]:
        """(A flag that is owned) by a user, by the platform team, by the owner X: one of its owners is that one."""
        kind = self.kind("owners")
        j = self.skip(j, "at least one|one|some|single")
        for k, preds in self._modifier(j):
            mine = [p for owner, p in preds if owner.name == "owners"]
            if mine:
                owners = Things(kind, (either(*mine),), plain=False)
                yield k, (has(owners, self.facts), (owners,))
        named = [prop_of(kind, f) for f in kind.fields if f.path in ("id", "ownerId", "ownerName")]
        found: list[tuple[int, tuple[str, ...]]] = list(self.groups(j))
        start = self.skip(j, "team|user|owner|group")
        token = self.token(start)
        if token is not None and (token.quoted or token.kind == "literal"):
            found.append((start + 1, (token.text,)))
        for k, names in found:
            known = tuple(g.name for g in self.facts.groups if g.identifier in names and g.name)
            owners = Things(kind, (either(*(tested(p, "is", (*names, *known)) for p in named)),), plain=False)
            yield k, (has(owners, self.facts), (owners,))

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
