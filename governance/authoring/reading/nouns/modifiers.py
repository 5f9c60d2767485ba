"""What stands in front of a noun: types, states, levels, providers, values of tags."""

from __future__ import annotations

from collections.abc import Iterator

from governance.authoring.reading.base import rule
from governance.authoring.reading.meaning.choices import fork_at
from governance.authoring.reading.meaning.typed import Kind, Pred, Things, both, either
from governance.authoring.reading.nouns.packages import PackageNouns
from governance.authoring.reading.nouns.resources import ResourceNouns
from governance.authoring.reading.nouns.sql import SqlNouns
from governance.authoring.reading.values.predicates import literal_at, stage_of_type, state_pred
from governance.authoring.reading.values.props import prop_of
from governance.authoring.reading.values.value_tests import tested
from governance.authoring.reading.words.verbs import CLASSIFYING

BEFORE_RUN = frozenset("every each any all no block deny reject stop forbid refuse".split())
# what providers are called in Terraform
PROVIDER_NAMES = frozenset(
    "aws google gcp azure azurerm azuread kubernetes helm github gitlab datadog vault cloudflare null random local tls".split()
)
PROVIDERS = {"azure": "azurerm", "gcp": "google", "amazon": "aws"}


class Modifiers(ResourceNouns, SqlNouns, PackageNouns):
    """Grammar of modifiers."""

    tag_keys: dict[str, str] = {}  # keys of tags the request names, by their base form

    def _typed_noun(self, i: int) -> Iterator[tuple[int, Things]]:
        """SSH keys, secret files: the type is the noun."""
        for j, sense in self.senses(i, "value"):
            owner, spec, literal = sense.payload
            if (
                sense.words[-1] in ("key", "file", "credential")
                and owner.spec is None
                and spec.path == "type"
                and self.entity == "secret"
            ):
                yield j, Things(owner, only=(tested(prop_of(owner, spec), "is", (literal,)),), plain=False)
            if sense.words[-1] in ("chart", "definition") and owner.element == "manifest":  # Helm charts
                yield j, Things(owner, only=(tested(prop_of(owner, spec), "is", (literal,)),), plain=False)

    def _at_level(self, i: int) -> Iterator[tuple[int, Things]]:
        """Account-level variables, project-level secrets."""
        for j, level in self.level_of(i, self.kind("document")):
            for m, thing in self._modified(j, 1):
                if thing.kind.spec is None:
                    yield m, thing.narrowed(level)

    def _provider(self, i: int) -> Iterator[tuple[int, Things]]:
        """The aws provider: one by its name."""
        for j, sense in self.senses(i, "noun"):  # the Terraform provider google
            name = self.token(j)
            if sense.payload.element == "provider" and name is not None and name.base in PROVIDER_NAMES:
                literal = PROVIDERS.get(name.base, name.text.lower())
                yield j + 1, Things(sense.payload, only=(literal_at(("name",), (literal,)),), plain=False)
        token = self.token(i)
        for j, sense in self.senses(i + 1, "noun"):
            if sense.payload.element == "provider" and token and token.kind != "punct" and not self._known(i):
                yield (
                    j,
                    Things(
                        sense.payload,
                        only=(literal_at(("name",), (PROVIDERS.get(token.base, token.text.lower()),)),),
                        plain=False,
                    ),
                )

    def _a_run(self, i: int) -> Iterator[tuple[int, Things]]:
        """Every run, block runs: one of a pipeline, unless a step or a test follows."""
        if self.entity != "pipeline" or not i or self.tokens[i - 1].base not in BEFORE_RUN:
            return
        for j in self.says(i, "run") if self.tokens[i].text.islower() else []:
            if not self.says(j, "step|test|stage|command"):
                yield j, Things(self.kind("document"), words=self.text(i, j))

    def _tag_modified(self, i: int) -> Iterator[tuple[int, Things]]:
        """Tier 1 services: a tag that was named before, with a value, in front of the noun."""
        token, value = self.token(i), self.token(i + 1)
        if token is None or value is None or value.kind == "punct" or token.base not in self.tag_keys:
            return
        for j, sense in self.senses(i + 2, "noun"):
            kind: Kind = sense.payload
            spec = next((f for f in kind.fields if f.path == "tags" and f.type == "map"), None)
            if spec is not None:
                path = (*spec.parts, self.tag_keys[token.base])
                yield j, Things(kind, only=(literal_at(path, (value.text,)),), plain=False)

    def _more_modifiers(self, k: int, preds: tuple[tuple[Kind, Pred], ...]
                        ) -> Iterator[tuple[int, tuple[tuple[Kind, Pred], ...]]]:  # fmt: skip
        m = self.skip(k, "or|and|/")
        if m > k or (k > 0 and self.is_punct(k - 1, ",")):
            for n, nxt in self._modifier(m):
                yield from self._more_modifiers(n + 1 if self.is_punct(n, ",") else n, preds + nxt)
        yield k, preds

    def _of_several_fields(self, j: int, n: int, kind: Kind) -> bool:
        """Whether "A and B" are values of two fields, so that both can hold."""
        if not any(t.base == "and" for t in self.tokens[j:n]):
            return False
        said: list[set[str]] = []
        p = j
        while p < n:
            here = [(end, s.payload) for c in ("value", "state") for end, s in self.senses(p, c) if end <= n]
            mine = [(end, payload[1].label) for end, payload in here if payload[0].name == kind.name]
            if mine:
                longest = max(end for end, _ in mine)
                said.append({label for end, label in mine if end == longest})
                p = longest
            else:
                p += 1
        return len(said) > 1 and not set.intersection(*said)

    def _of_several(self, i: int, j: int, kind: Kind, preds: list[Pred]) -> Pred:
        """Public and unencrypted (buckets): either of the two, or both at once, is left open."""
        if not self._of_several_fields(i, j, kind):
            return either(*preds)
        fork = fork_at(self.tokens, i, j, 'Does "{said}" mean things that are both at once, or either of them?',
                       "Both at once", "Either of them")  # fmt: skip
        return fork.between(both(*preds), either(*preds))

    @rule
    def _modifier(self, i: int) -> Iterator[tuple[int, tuple[tuple[Kind, Pred], ...]]]:
        """A literal of an enumeration, or a state, in front of a noun."""
        ends: dict[int, list[tuple[Kind, Pred]]] = {}
        for j, sense in self.senses(i, "value"):
            kind, spec, literal = sense.payload
            if spec.path == "spec.infrastructure.environment.type" or sense.words == (
                "sync",
            ):  # synced: what is done to it, not how it is
                continue
            if kind.element == "stage" and spec.path == "type":
                ends.setdefault(j, []).append((kind, stage_of_type(literal)))
                continue
            if spec.path.rpartition(".")[2].lower() in CLASSIFYING or "ype" in spec.path:
                ends.setdefault(j, []).append((kind, tested(prop_of(kind, spec), "is", (literal,))))
        for j, sense in self.senses(i, "state"):
            kind, spec, value = sense.payload
            if not self.lacks(kind, spec):
                ends.setdefault(j, []).append((kind, state_pred(kind, spec, value)))
        for j, found in sorted(ends.items(), reverse=True):
            yield j, tuple(found)
