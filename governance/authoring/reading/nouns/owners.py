"""What a document belongs to: its organisation, project, account level or environment."""

from __future__ import annotations

from collections.abc import Iterator

from governance.authoring.reading.meaning.typed import Kind, Pred, Prop, Things, both, either, negated
from governance.authoring.reading.nouns.phrases import Nouns
from governance.authoring.reading.values.predicates import on_document
from governance.authoring.reading.values.props import prop_of
from governance.authoring.reading.values.value_tests import tested
from governance.authoring.reading.words.values import STOP, VAGUE

# who owns a document, by the field that names it
OWNERS = {"orgIdentifier": "organisation|org", "projectIdentifier": "project"}
IN_CLOUD = {"iacmMetadata.org": "organisation|org", "iacmMetadata.project": "project",
            "iacmMetadata.workspace": "workspace"}  # fmt: skip


class Owners(Nouns):
    """Grammar of where documents are kept."""

    def _kept(self, k: int, thing: Things) -> Iterator[tuple[int, Things]]:
        """Secrets in the payments project, environments outside the org retail, connectors at account level."""
        if thing.kind.spec is not None and not self.entity.startswith("terraform"):
            return
        document = self.kind("document")
        known = {f.path: prop_of(document, f, f.label) for f in document.fields}
        table = OWNERS if "orgIdentifier" in known else IN_CLOUD
        owners = {path: known[path] for path in table if path in known}
        for j in self.says(
            k, "in|of|from|for|inside|within|belong to|that belong to|outside|outside of|not in"
        ):
            away = any(t.base in ("outside", "not") for t in self.tokens[k:j])
            for m, pred in self._owner(j, owners):
                pred = negated(pred) if away else pred
                yield m, thing.narrowed(on_document(pred) if thing.kind.spec is not None else pred)
        for j in self.says(k, "at|on|of|from|define on|define at|in"):
            for m, level in self.account_level(j, owners) if table is OWNERS and len(owners) == 2 else []:
                yield m, thing.narrowed(level)

    def _owner(self, j: int, owners: dict[str, Prop]) -> Iterator[tuple[int, Pred]]:
        for path in owners:
            words = OWNERS.get(path) or IN_CLOUD[path]
            name = self.token(j)
            field = max((m for m, _ in self.senses(j, "field")), default=j)
            if name is not None and name.kind in ("word", "literal") and name.base not in STOP | VAGUE:
                plural = j + 1 < self.size and self.tokens[j + 1].text.lower().endswith(
                    "s"
                )  # production workspaces
                for m in self.says(j + 1, words) if field <= j and not plural else []:
                    if not self.says(m, "level|scope"):
                        yield m, tested(owners[path], "is", (name.text,))
            for m in self.says(self.skip(j, "all|any|every"), words):
                for m2 in self.says(m, "other than|except for|except|apart from|but"):
                    for n, found in self.literals(m2, owners[path]):
                        yield n, negated(tested(owners[path], "is", found))
            for m in self.says(j, words):
                for n, found in self.literals(m, owners[path]) if not self.says(m, "level|scope") else []:
                    yield n, tested(owners[path], "is", found)

    def account_level(self, j: int, owners: dict[str, Prop]) -> Iterator[tuple[int, Pred]]:
        """Saved in the account itself, in an organisation, in a project."""
        org, project = (tested(owners[path], "present") for path in OWNERS)
        levels = {"account": both(negated(org), negated(project)), "organisation": both(org, negated(project)),
                  "project": project}  # fmt: skip
        token = self.token(j)
        for words, pred in levels.items():
            if (
                token is not None
                and token.text.lower() in (words + "s", "orgs", "organizations")
                and token.base.startswith(words[:3])
            ):
                yield j + 1, pred  # in projects
            if token is not None and token.base == words and token.article == "a" and words != "account":
                yield j + 1, pred  # (belong to) a project
            for m in self.says(
                j, f"{words} level|{words} scope|{words}-level|level of {words}|{words}-scope|{words} itself"
            ):
                yield m, pred

    def level_of(self, j: int, kind: Kind) -> Iterator[tuple[int, Pred]]:
        """Account level, project scope: where a document of this kind is saved."""
        known = {f.path: prop_of(kind, f, f.label) for f in kind.fields}
        if kind.spec is None and all(path in known for path in OWNERS):
            owners = {path: known[path] for path in OWNERS}
            for m, first in self.account_level(j, owners):
                k = self.skip(m, "or on|or at|or in|or")
                for n, second in self.account_level(k, owners) if k > m else []:
                    yield n, either(first, second)
                yield m, first

    def _in_environment(self, j: int, thing: Things) -> Iterator[tuple[int, Things]]:
        """Overrides and infrastructures in production, or in an environment by its name."""
        spec = next((f for f in thing.kind.fields if f.path == "environmentRef"), None)
        if spec is None or thing.kind.spec is not None:
            return
        prop = prop_of(thing.kind, spec, "environment")
        named = j > 0 and self.tokens[j - 1].base == "environment"
        general = "production|production environment|prod environment|production environments" + (
            "" if named else "|prod"
        )
        for m in self.says(j, general):
            yield m, thing.narrowed(self._production_reference(prop))
        for m in self.says(j, "non-production environment|non-production|nonproduction|non-prod|nonprod|nonprod environment"
                              "|pre-production environment|lower environment"):  # fmt: skip
            yield m, thing.narrowed(both(tested(prop, "present"), negated(self._production_reference(prop))))
        for m, found in self._named_environments(self.skip(j, "environment|production environment")):
            yield m, thing.narrowed(tested(prop, "is", found))

    def _named_environments(self, i: int) -> Iterator[tuple[int, tuple[str, ...]]]:
        found: tuple[str, ...] = ()
        while sense := next(iter(self.senses(i, "environment", names=True)), None):
            i, found = sense[0], (*found, sense[1].payload)
            yield i, found
            i = self.skip(i + 1 if self.is_punct(i, ",") else i, "and|or")

    def _production_reference(self, prop: Prop) -> Pred:
        """A reference to an environment of type Production, or one whose words say so."""
        known = tuple(e.identifier for e in self.facts.environments if e.type == "Production")
        words = both(
            tested(prop, "has_word", ("prod", "production")),
            negated(tested(prop, "has_word", ("pre", "non"))),
        )
        return either(tested(prop, "is", known), words) if known else words
