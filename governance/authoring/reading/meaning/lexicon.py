"""The words of one kind of entity: nouns, fields, literals and verbs, made from the vocabulary."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from governance.authoring.facts import Facts, Known
from governance.authoring.fields import KINDS, CollectionSpec, EntityKind, FieldSpec
from governance.authoring.reading.meaning.typed import STEPS, Kind, kind_at
from governance.authoring.reading.words import vocabulary as v
from governance.authoring.reading.words.keys import Words, key

PASSIVE = frozenset(
    "in from with by to on through under via into as over".split()
)  # "kept in" is said of what is kept
ATTRIBUTES = ("values", "change.after", "attributes")  # where Terraform keeps the values of a resource
_GENERIC = {"type", "name", "value", "identifier", "id", "spec", "key", "status", "condition"}


def humanise(name: str) -> str:
    """minimumCount -> minimum count, default_branch -> default branch, SSHKey -> SSH key."""
    spaced = re.sub(r"([a-z0-9])([A-Z])|([A-Z])([A-Z][a-z])", r"\1\3 \2\4", name)
    return spaced.replace("_", " ").strip().lower()


@dataclass(frozen=True)
class Lacking:
    """A state that is not there: of the untagged, the value that would make them tagged."""

    value: object


@dataclass(frozen=True)
class Sense:
    """One reading of a phrase: its category and what it stands for."""

    category: str
    payload: Any
    words: Words


class Lexicon:
    """Phrases by their first word, longest first."""

    def __init__(self) -> None:
        self._by_first: dict[str, list[Sense]] = defaultdict(list)
        self._seen: set[tuple[str, Words, Any]] = set()

    def add(self, category: str, phrase: str, payload: Any) -> None:
        words = key(phrase)
        mark = (category, words, payload)
        if words and mark not in self._seen:
            self._seen.add(mark)
            self._by_first[words[0]].append(Sense(category, payload, words))

    def at(self, words: list[str], category: str) -> Iterator[Sense]:
        """Senses of that category that start here, longest phrase first."""
        if not words:
            return
        found = [
            s for s in self._by_first.get(words[0], ())
            if s.category == category and tuple(words[: len(s.words)]) == s.words
        ]  # fmt: skip
        yield from sorted(found, key=lambda s: -len(s.words))

    def all_words(self) -> set[str]:
        return {w for senses in self._by_first.values() for s in senses for w in s.words}


def _said_for(entity: str, spec: FieldSpec) -> list[str]:
    extra = v.FIELDS.get(f"{entity}:{spec.path}") or v.FIELDS.get(spec.path)
    head, _, attribute = spec.path.rpartition(".")
    if extra is None and head in ATTRIBUTES:
        extra = v.ATTRIBUTES.get(attribute)
    return extra.split("|") if extra else []


def _field_phrases(entity: str, spec: FieldSpec, claimed: set[Words]) -> Iterator[str]:
    """Its words of the vocabulary, then its own name where no other field claims it."""
    yield from _said_for(entity, spec)
    yield from (p for p in _own_phrases(spec) if key(p) not in claimed)


def _own_phrases(spec: FieldSpec) -> Iterator[str]:
    last = spec.parts[-1] if spec.parts else ""
    if last and len(last) > 2 and (last not in _GENERIC or len(spec.parts) == 1):
        yield last
        yield humanise(last)
    if spec.label and (spec.label not in _GENERIC or len(spec.parts) == 1):
        yield spec.label


def _literal_phrases(literal: str) -> Iterator[str]:
    yield literal
    if re.fullmatch(r"[A-Za-z0-9_]+", literal):
        yield humanise(literal)
    yield from (p for p in v.VALUES.get(literal, "").split("|") if p)


def _kinds(entity: EntityKind) -> Iterator[Kind]:
    yield kind_at(entity.name, "document")
    for spec in entity.collections:
        if spec.name != "steps":
            yield kind_at(entity.name, spec.name)


@lru_cache(maxsize=64)
def lexicon_of(entity: str) -> Lexicon:  # noqa: C901 - the alternatives of one grammar rule
    """The words of one kind of entity; independent of any installation."""
    out = Lexicon()
    kind = KINDS[entity]
    nouns = v.NOUNS.get(entity, {})
    for thing in _kinds(kind):
        _add_nouns(out, thing, nouns)
        claimed = {key(p) for spec in thing.fields for p in _said_for(entity, spec)}
        for spec in thing.fields:
            for phrase in _field_phrases(entity, spec, claimed):
                out.add("field", phrase, (thing, spec))
            for literal in spec.values:
                if spec.path != "type" or thing.name != STEPS:
                    for phrase in _literal_phrases(literal):
                        out.add("value", phrase, (thing, spec, literal))
            verbs = v.VERBS.get(f"{entity}:{spec.path}") or v.VERBS.get(spec.path, "")
            for phrase in filter(None, verbs.split("|")):
                out.add("verb", phrase, (thing, spec))
                if not phrase.startswith("be ") and phrase.rpartition(" ")[2] in PASSIVE:
                    out.add("verb", "be " + phrase, (thing, spec))
            if spec.type == "flag" and " " in spec.label and spec.label.split()[0].endswith("s"):
                out.add("verb", spec.label, (thing, spec))  # "skips the dry run" is said as a verb
    for phrases, path, value in v.STATES.get(entity, ()):
        for thing in _kinds(kind):
            for spec in thing.fields:
                if spec.path in (path, path.replace("values.", "change.after.")):
                    for phrase in phrases.split("|"):
                        out.add("state", phrase, (thing, spec, value))
                        for lacking in _unlike(phrase):
                            out.add("state", lacking, (thing, spec, Lacking(value)))
    for thing in _kinds(kind):
        for spec in thing.fields:
            if spec.type == "map" and spec.parts[-1:] == ("tags",):
                for state in ("untagged", "unlabelled", "unlabeled"):
                    out.add("state", state, (thing, spec, Lacking("@present")))
    if entity in ("pipeline", "template"):
        _add_steps(out, kind_at(entity, STEPS))
    if entity.startswith("terraform"):
        for literal, phrases in v.RESOURCES.items():
            for phrase in (literal, *phrases.split("|")):
                out.add("resource", phrase, literal)
    return out


def _unlike(phrase: str) -> Iterator[str]:
    """Unencrypted, non-encrypted: what a state is called where it is missing."""
    if " " not in phrase and phrase.endswith("ed"):
        yield from ("un" + phrase, "non-" + phrase, "not-" + phrase)
    elif phrase.startswith("public"):
        yield "non-" + phrase


def _add_nouns(out: Lexicon, thing: Kind, nouns: dict[str, str]) -> None:
    said = nouns.get(thing.name)
    if said is None and thing.name in ("texts", "secret_reads", "expressions"):
        return
    if said is None:
        said = thing.entity.label if thing.spec is None else _spec_noun(thing.spec)
    for phrase in filter(None, said.split("|")):
        out.add("noun", phrase, thing)


def _spec_noun(spec: CollectionSpec) -> str:
    return spec.name.replace("_", " ")


def _add_steps(out: Lexicon, step: Kind) -> None:
    types = next(f for f in step.fields if f.path == "type").values
    for literal in types:
        phrases = [literal, humanise(literal), *v.STEP_TYPES.get(literal, "").split("|")]
        for phrase in filter(None, phrases):
            out.add("step_type", phrase, (literal,))


def facts_lexicon(facts: Facts) -> Lexicon:
    """The names of an installation: groups, environments, roles, connectors, scanners, managers."""
    out = Lexicon()
    for category, known in (
        ("group", facts.groups), ("role", facts.roles), ("environment", facts.environments),
        ("connector", facts.connectors), ("template", facts.templates),
    ):  # fmt: skip
        for entry in known:
            for phrase in _names(entry, category):
                out.add(category, phrase, entry.identifier)
    for manager in facts.secret_managers:
        out.add("manager", manager, manager)
        out.add("manager", humanise(manager), manager)
        for phrase in v.MANAGERS.get(manager, "").split("|"):
            out.add("manager", phrase, manager)
    for scan, types in facts.scan_steps.items():
        for phrase in v.SCAN_WORDS.get(scan, humanise(scan)).split("|"):
            out.add("scan", phrase, (scan, tuple(types)))
    return out


def _names(entry: Known, category: str) -> Iterator[str]:
    yield entry.identifier
    words = humanise(entry.identifier)
    yield words
    if entry.name:
        yield entry.name
    if category == "group":
        for text in (words, entry.name.lower()):
            parts = text.replace("-", " ").split()
            tail = len(parts) > 1 and parts[-1] in ("team", "group", "office", "board", "guild")
            if tail and (len(parts) > 2 or parts[0] not in ("data", "change")):
                yield " ".join(parts[:-1])
            if len(parts) > 1 and parts[0] == "external":
                yield " ".join(parts[1:])
        initials = "".join(word[0] for word in entry.name.split() if word[0].isalpha())
        if len(initials) > 2:
            yield initials  # the CAB
        for text in (words, entry.name.lower()):
            parts = text.replace("-", " ").replace("oncall", "on call").split()
            if len(parts) > 2 and parts[-2:] == ["on", "call"]:
                yield " ".join(parts[:-2])  # the SREs
        if "administrators" in entry.name.lower():
            yield entry.name.lower().replace("administrators", "admins")
            yield "dba" if entry.name.lower().startswith("database") else entry.name
        if "operations" in entry.name.lower():
            yield entry.name.lower().replace("operations", "ops")
        if "developers" in entry.name.lower():
            yield entry.name.lower().replace("developers", "devs")
    if category == "role" and "admin" in entry.name.lower():
        yield entry.name.lower().replace("admin", "administrator")
