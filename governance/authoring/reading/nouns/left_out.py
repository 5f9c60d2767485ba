"""What is left out behind a noun: "other than", "except", "without"."""

from __future__ import annotations

from collections.abc import Iterator

from governance.authoring.reading.base import rule
from governance.authoring.reading.meaning.coordination import Joined, lacking
from governance.authoring.reading.meaning.typed import At, Kind, Pred, Things, both, either, negated
from governance.authoring.reading.nouns.ordinals import FIRST, LAST, at_edge
from governance.authoring.reading.nouns.own_names import OwnNames
from governance.authoring.reading.nouns.owners import Owners
from governance.authoring.reading.values.props import prop_of
from governance.authoring.reading.values.value_tests import tested

DEPLOYING = {"production", "deployment"}


def _part_of(part: Things, whole: Things) -> bool:
    """Whether some of these stages or steps can be among the others: no deployment is an approval stage."""
    if whole.kind.element not in ("stage", "step") or not whole.base or not part.base:
        return True
    if whole.types and part.types:
        return bool(set(part.types) & set(whole.types))
    if {whole.role, part.role} <= DEPLOYING:
        return True
    at = At("thing", whole.kind)
    return any(p(at) == q(at) for p in part.base for q in whole.base)


class LeftOut(OwnNames, Owners):
    """Grammar of what is excepted or lacking."""

    @rule
    def _lacking(self, j: int, kind: Kind) -> Iterator[tuple[int, Pred]]:
        """Without A or B, without A and B: what lacks one of them is meant."""
        j = self.skip(j, "both|either|any of|one of")
        for m, (pred, _) in self._object(j, kind):
            lacks = negated(pred)
            if isinstance(pred, Joined):
                lacks = lacking(
                    tuple(negated(p.pred) for p in pred.parts), pred.parts[-1].word, self.tokens, j, m
                )
            comma = m + 1 if self.is_punct(m, ",") else m
            word = self.skip(comma, "or|and|nor")
            k = self.skip(word, "without|no")
            once = k == word > comma == m and self.tokens[m].base == "and"
            for n, rest in self._lacking(k, kind) if k > m else []:
                yield n, lacking((lacks, rest), "and" if once else "or", self.tokens, j, n)
            yield m, lacks

    def _known_connectors(self, j: int) -> Iterator[tuple[int, tuple[str, ...]]]:
        """Connectors of the installation by their identifiers, in a list."""
        found: tuple[str, ...] = ()
        while sense := next(iter(self.senses(j, "connector", names=True)), None):
            j, found = sense[0], (*found, sense[1].payload)
            yield j, found
            j = self.skip(j + 1 if self.is_punct(j, ",") else j, "and|or")

    def _excepted(self, k: int, thing: Things) -> Iterator[tuple[int, Things]]:
        """Environments other than dev and qa; secrets (except SSH keys); infrastructures, except those for dev."""
        start = k + 1 if self.is_punct(k, ",(-") else k
        for j in self.says(
            start,
            "other than|except for|except|apart from|beside|excluding|but not|not counting|with exception of",
        ):
            plain = Things(thing.kind)
            left_out: list[tuple[int, Pred]] = []
            for m, found in (
                self._known_connectors(j) if self.entity == "connector" and thing.kind.spec is None else []
            ):
                identifier = next(f for f in thing.kind.fields if f.path == "identifier")
                left_out.append((m, tested(prop_of(thing.kind, identifier), "is", found)))
            if self.entity == "environment" and thing.kind.spec is None:
                prop = next(p for _, p in self._name_of(thing.kind))
                spec = next(f for f in thing.kind.fields if f.path == "identifier")
                prop = prop_of(thing.kind, spec, "environment")
                left_out += [(m, tested(prop, "is", found)) for m, found in self._named_environments(j)]
            left_out += [
                (m, t.holds)
                for m, t in self.things(j)
                if t.kind.name == thing.kind.name and not (t.plain or t.outer) and _part_of(t, thing)
            ]
            for m, preds in self._modifier(j):  # except Vault and Github ones
                for n, more in self._more_modifiers(m, preds):
                    mine = [p for owner, p in more if owner.name == thing.kind.name]
                    left_out += [(p, either(*mine)) for p in self.says(n, "one|type") if mine]
            for words, last in (
                ((FIRST, False), (LAST, True)) if thing.kind.element in ("stage", "step") else ()
            ):
                for m in self.says(j, words):  # all stages except the first
                    edge = at_edge(Things(thing.kind), last, whole=thing.kind.element == "stage")
                    left_out.append((self.skip(m, "one"), both(*edge.only)))
            for m in self.says(j, "those|one"):
                left_out += [(n, t.holds) for n, t in self.post(m, plain) if n > m and not t.plain]
            for m, pred in left_out:
                end = m + 1 if start > k and (self.is_punct(m, ")") or self.is_punct(m, ",-")) else m
                yield end, thing.narrowed(negated(pred))
