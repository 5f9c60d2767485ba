"""What a policy's text must pass before it is kept, and before it is put in force."""

from __future__ import annotations

from itertools import islice
from typing import Any

from governance import kinds, rego_text
from governance.authoring.compile import library_source, standalone
from governance.authoring.rule import Rule
from governance.bundle import BrokenPolicy, Source, module
from governance.engines import answers, opa_cli
from governance.errors import Busy, Conflict, Invalid, Problem
from governance.models import PolicyVersion
from governance.ports import BadDecision

MAX_REGO_BYTES = 256 * 1024
# Of one policy about one document; all policies share an answer of 256 kB.
MAX_SAID_BYTES = 32 * 1024
# Processor time of all that a save or an activation tries.
CPU_S = 2.5
# How many stored documents a policy is tried on before it is activated.
TRIED_ON = 20


def refuse_unknown_entity(entity: str) -> None:
    """A policy speaks about a kind of document that is gated at all."""
    gated = entities()
    if entity not in gated:
        raise Invalid([Problem(f"no documents of kind {entity!r}; known: {', '.join(gated)}", path="entity")])


def entities() -> list[str]:
    """The kinds of documents a policy can be about."""
    return sorted(k.name for k in kinds.known().values() if k.events)


def refuse_bad_rego(text: str) -> None:
    """Raises Invalid with every problem: syntax, types, forbidden built-ins, foreign data, no rule `deny`."""
    if not text.strip():
        raise Invalid(["the policy is empty: write Rego with a rule `deny`"])
    if len(text.encode()) > MAX_REGO_BYTES:
        raise Invalid([f"the policy is longer than {MAX_REGO_BYTES // 1024} kB"])
    if _known_fine("text", text):
        return
    if found := opa_cli.check(text, others=_library()):
        raise Invalid([*_of_another_version(text), *found])
    if bad := _strays(text):
        raise Invalid(bad)
    _fine[("text", text)] = True


def _of_another_version(text: str) -> list[Problem]:
    """What does not read as Rego v1 and does as v0 need not be mended by hand."""
    try:
        _, was_v0 = opa_cli.modernise(text)
    except (opa_cli.OpaFailed, Busy):
        return []
    said = (
        "this is Rego v0, and policies are kept as v1: Import (over REST drafts/policy/import) reads it and gives"
        " it back as v1"
    )
    return [Problem(said)] if was_v0 else []


def _strays(text: str) -> list[Problem]:
    try:
        return rego_text.problems(opa_cli.parse(text))
    except opa_cli.OpaFailed as error:
        return error.problems


def refuse_unmovable(policy: str, text: str, rule: dict[str, Any]) -> None:
    """As part of the bundle it must compile as well: one module that does not keeps all others out."""
    compiled = f"{policy}, {'compiled from its rule' if rule else 'as written'}"
    if _known_fine(compiled, text):
        return
    try:
        moved = module(Source(policy, text, "0", rule))
    except BrokenPolicy as error:
        raise Invalid([str(error)]) from error
    if found := opa_cli.check(moved, others=_library(), strict=False):
        raise Invalid([Problem(f"in the bundle: {p.message}", line=p.line, column=p.column) for p in found])
    _fine[(compiled, text)] = True


# What passed once passes again: the same text against the same library. Refusals are always found anew,
# as one may be a time-out.
_fine: dict[tuple[str, str], bool] = {}
MOST_REMEMBERED = 500


def _known_fine(what: str, text: str) -> bool:
    if len(_fine) > MOST_REMEMBERED:
        _fine.clear()
    return (what, text) in _fine


def _library() -> dict[str, str]:
    return {"library.rego": library_source()}


def rule_of(given: dict[str, Any], text: str) -> dict[str, Any]:
    """The Rule the text was compiled from; {} when a person changed the text, so that only it counts."""
    if not given:
        return {}
    try:
        rule = Rule.model_validate(given)
        same = standalone(rule)
    except ValueError as error:
        raise Invalid([Problem(f"not a rule: {error}", path="rule")]) from error
    if same.strip() == text.strip():
        return dict(given)
    try:
        return dict(given) if opa_cli.fmt(same) == opa_cli.fmt(text) else {}
    except opa_cli.OpaFailed as error:
        raise Invalid(error.problems) from error


def refuse_conflicts(version: PolicyVersion) -> None:
    """Raises Conflict when the policy fails on one of its cases or on what is stored.

    In force it would close the gate for everybody: an engine error in one policy is no answer at all.
    """
    documents = [*_case_documents(version), *_stored_documents(version)]
    try:
        said = [
            opa_cli.evaluate_rule(version.rego, rule, documents, others=_library())
            for rule in ("deny", "violations")
        ]
        for deny, violations in zip(*said, strict=True):
            _refuse_unusable(version.policy.identifier, deny, violations)
    except (opa_cli.OpaFailed, BadDecision) as error:
        raise Conflict(
            f"version {version.number} cannot be put in force: it fails on documents it would be asked about"
            f" ({error}); an engine error would stop every save it applies to"
        ) from error


def _refuse_unusable(policy: str, deny: Any, violations: Any) -> None:
    """An answer the gate could not use: one that means nothing, or is too long for all policies' to fit."""
    found = answers.messages(policy, deny, violations)
    size = sum(len(text.encode()) for message in found for text in message.values())
    if size > MAX_SAID_BYTES:
        raise BadDecision(
            f"policy {policy} says {size // 1024} kB about one document; at most {MAX_SAID_BYTES // 1024} kB"
        )


def _case_documents(version: PolicyVersion) -> list[Any]:
    found = [c.get("document") for c in version.cases if isinstance(c, dict)]
    return [document for document in found if isinstance(document, dict | list)]


def _stored_documents(version: PolicyVersion) -> list[Any]:
    """A few stored documents of the kind it speaks about, as its input would hold them."""
    kind = kinds.get(version.policy.entity)
    if kind.stored is None:
        return []
    stored = islice(kind.stored(version.policy.scope), TRIED_ON)
    return [{kind.root or kind.name: document, "metadata": {}} for _, _, document in stored]
