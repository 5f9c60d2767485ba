"""Rules about values: the timeout of X must be Y; only A and B are allowed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from governance.authoring.reading.base import rule
from governance.authoring.reading.meaning.statements import Statement
from governance.authoring.reading.meaning.typed import Pred, Prop, Things, both, negated
from governance.authoring.reading.sentences.only_rules import OnlyRules
from governance.authoring.reading.sentences.uniqueness import Uniqueness
from governance.authoring.reading.values.amounts import Comparison
from governance.authoring.reading.values.props import entry_of
from governance.authoring.reading.values.value_tests import allowed_up_to, compare, fits, only_among, tested
from governance.authoring.reading.words.sentences import MODALS


class ValueRules(OnlyRules, Uniqueness):
    """Grammar of sentences whose subject is a value."""

    def _value_core(self, i: int) -> Iterator[tuple[int, tuple[Statement, ...]]]:
        """The timeout of X must …; X names must …; X's url …; the total cost may not …"""
        for j, thing, prop, none in self._value_subject(i):
            if thing.plain and prop.others and prop.spec is not None and prop.spec.label == "URL":
                thing = thing.narrowed(tested(prop, "present"))  # not every type of connector has one
            weak = bool(self.says(j, "may|can"))
            for k, pred in self._modal_about(j, prop):
                pred = allowed_up_to(pred) if weak else pred
                yield k, (Statement(thing, negated(pred) if none else pred),)
            for k in self.says(j, "be mandatory|be require|be compulsory|be need|must be set|must be give|have to be set|be a must"
                                  "|be obligatory|have to be present|must be present|be necessary|need to be set"):  # fmt: skip
                yield (
                    k,
                    (
                        Statement(
                            thing,
                            tested(prop, "is", (True,)) if prop.type == "flag" else tested(prop, "present"),
                        ),
                    ),
                )
            for k, _ in self.forbidden(j):
                pred = tested(prop, "is", (True,)) if prop.type == "flag" else tested(prop, "present")
                yield k, (Statement(thing, pred if none else negated(pred)),)
            yield from self._forbidden_value(j, thing, prop)
            yield from self._limit_of(j, thing, prop)
            if prop.spec is not None and prop.spec.path == "TotalMonthlyCost":
                for k in self.says(j, MODALS):  # the cost must not increase
                    for m, (pred, _) in self._raising(self.skip(k, "not|never"), thing.kind):
                        denied = self.skip(k, "not|never") > k
                        yield m, (Statement(thing, negated(pred) if denied else pred),)
            yield from self._unique(j, thing, prop)
        yield from self._no_two(i)
        yield from self._same_values(i)
        yield from self._placed_value(i)
        for kind in self._all_kinds():  # anonymous authentication is not allowed
            for j, (pred, _) in self._value_first(i, kind):
                for k, _ in self.forbidden(j):
                    yield k, (Statement(Things(kind), negated(pred)),)

    def _limit_of(self, j: int, thing: Things, prop: Prop) -> Iterator[tuple[int, tuple[Statement, ...]]]:
        """Monthly cost limit: 12,000 USD; a cap of 300 dollars."""
        if prop.type not in ("money", "percent"):
            return
        colon = j + 1 if self.is_punct(j, ":") else j
        for k in self.says(colon, "hard limit|limit|upper limit|cap|ceiling|hard cap"):
            k = self.skip(k + 1 if self.is_punct(k, ":") else k, "of|be|at")
            for m, amount in self.amount(k):
                bound = Comparison((("at_most", amount),))
                if fits(prop, bound):
                    yield m, (Statement(thing, compare(prop, bound)),)

    def _all_others(self, j: int, thing: Things, prop: Prop) -> Iterator[tuple[int, tuple[Statement, ...]]]:
        """Licences other than A and B are not allowed (for X): each has to be one of them."""
        for k in self.says(j, "other than|except for|except|apart from|but|different from"):
            for m, found in self.literals(k, prop) if prop.type not in ("flag", "map") else []:
                for n, _ in self.forbidden(m):
                    yield n, (Statement(thing, only_among(prop, found)),)
                    for p in self.says(n, "for|in|on|of"):
                        for q, whole in self.things(p):
                            if whole.kind.name == thing.kind.name and thing.plain and not whole.none:
                                yield q, (Statement(replace(whole, how_many=()), only_among(prop, found)),)

    def _forbidden_value(
        self, j: int, thing: Things, prop: Prop
    ) -> Iterator[tuple[int, tuple[Statement, ...]]]:
        """The connector X is off limits; a score of 7 or more is refused; values above 5 must fail."""
        for k, found in self.literals(j, prop) if prop.type not in ("flag", "map") else []:
            for m, _ in self.forbidden(k):
                yield m, (Statement(thing, negated(tested(prop, "is", found))),)
        yield from self._all_others(j, thing, prop)
        for k, comparison in self.comparison(self.skip(j, "of|that be|which be|with|by|be")):
            if fits(prop, comparison):
                for m, _ in self.forbidden(k):
                    yield m, (Statement(thing, negated(compare(prop, comparison))),)
        for k in self.says(
            j,
            "as|give as|provide as|set as|pass as|leave as|take as|that be|which be|that be give as|which be give as|that be leave as",
        ):
            for m in self.says(
                k, "runtime input|runtime parameter|input at run time|run time input|<+input>"
            ):
                for n, _ in self.forbidden(m):
                    yield n, (Statement(thing, negated(tested(prop, "runtime_input"))),)
        for k in self.says(j, "that|which|with"):
            for m, pred in self.about(self._modal_free(k), prop):
                for n, _ in self.forbidden(m):
                    yield n, (Statement(thing, negated(pred)),)

    def _capped(self, i: int) -> Iterator[tuple[int, tuple[Statement, ...]]]:
        """Cap the monthly bill at N; limit the number of X to N; keep X below N; restrict X to A and B."""
        for words, links in (
            ("cap|limit|restrict|hold|constrain|confine", "at|to"),
            ("keep|hold|leave|stay", ""),
        ):
            for j in self.says(i, words):
                for k, thing, prop, _ in self._value_subject(j):
                    for m in self.says(k, links) if links else [k]:
                        for n, comparison in self.comparison(m):
                            if fits(prop, comparison):
                                yield n, (Statement(thing, compare(prop, comparison)),)
                        if not links:
                            continue
                        for n, amount in self.amount(m):
                            bound = Comparison((("at_most", amount),))
                            if fits(prop, bound):
                                yield n, (Statement(thing, compare(prop, bound)),)
                        for n, found in (
                            self.literals(m, prop)
                            if prop.measure in ("plain", "reference", "licence")
                            else []
                        ):
                            yield n, (Statement(thing, only_among(prop, found)),)

    def _placed_value(self, i: int) -> Iterator[tuple[int, tuple[Statement, ...]]]:
        """Caching has to be turned on in CI stages: the thing is named behind the demand."""
        for kind in self._all_kinds():
            entries = [(j, props[0]) for j, (props, _) in self.map_entries(i, kind) if len(props) == 1]
            for j, prop in [*entries, *(self.value_of(i, kind) if kind.spec is not None else [])]:
                for k, pred in self._modal_about(j, prop):
                    for m in self.says(k, "in|on|for|of|inside|within|at"):
                        for n, thing in self.things(m):
                            if thing.kind.name == kind.name and not thing.none:
                                yield n, (Statement(replace(thing, how_many=()), pred),)

    def _all_entries(self, j: int, prop: Prop) -> Iterator[tuple[int, Pred]]:
        """Licences must be A or B: each entry of the list, and there must be one."""
        if not prop.through or prop.spec is None or prop.spec.type != "list":
            return
        start = self.skip(j + 1 if self.is_punct(j, ":") else j, MODALS)
        for k in [*self.says(start, "be one of|be either|be"), start]:
            for m, found in self.literals(k, prop):
                m = self.skip(m, "only|and nothing else|nothing else|and no other|exclusively")
                yield m, both(tested(prop, "is", found), only_among(prop, found))

    @rule
    def _modal_about(self, j: int, prop: Prop) -> Iterator[tuple[int, Pred]]:
        yield from self._all_entries(j, prop)
        if self.is_punct(j, ":"):
            yield from self.about(j + 1, prop)
        modal = self.skip(j, MODALS)
        k = self.skip(modal, "always|all|in any case|each")
        neg = self.skip(k, "not|never")
        for m, pred in self.strategy_taken(max(k, neg), prop):
            yield m, negated(pred) if neg > k else pred
        if neg > k:
            for m, pred in self.about(self.skip(neg, "be allow to"), prop, False):
                k2 = self.skip(self.skip(m + 1 if self.is_punct(m, ",") else m, "and|but"), "it|they")
                for n, rest in self._modal_about(k2, prop) if self.skip(k2, MODALS) > k2 > m else []:
                    yield n, both(negated(pred), rest)  # must not be empty and may not contain X
                yield m, negated(pred)
        only = self.skip(k, "only|exclusively")
        if only > k:
            for n in dict.fromkeys(
                (self.skip(only, "be|use|point to|refer to|come from|take value|have|be set to|target"), only)
            ):
                for m, found in self.literals(n, prop):
                    yield m, only_among(prop, found)
            yield from self.naming(only, prop)
            if prop.type != "flag" and not self.says(
                only, "contain|have|include"
            ):  # only letters: nothing but them
                yield from self.about(only, prop)
        yield from self.about(k, prop)
        yield from self._with_keys(k, prop)
        if modal == j:
            for k2, comparison in self.comparison(j):
                if fits(prop, comparison):
                    yield k2, compare(prop, comparison)

    def _with_keys(self, k: int, prop: Prop) -> Iterator[tuple[int, Pred]]:
        """(Tags must) include team and service."""
        if prop.type == "map" and prop.spec is not None and prop.spec.type == "map":
            for m in self.says(k, "include|contain|have|comprise|carry"):
                for n, keys, _ in self._keys(self.skip(m, "at least|both|key")):
                    entries = (entry_of(prop.kind, prop.spec, key) for key in keys)
                    yield n, both(*(tested(e, "present") for e in entries))
