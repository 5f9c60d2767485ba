"""Answers for `manage.py draft`: questions as plain mappings in, drafts as plain mappings out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from governance.authoring.facts import Facts
from governance.engines import opa_cli
from governance.errors import Violation
from templates_catalog.authoring.fixes import fix
from templates_catalog.authoring.planner import plan
from templates_catalog.documents.parse import read
from templates_catalog.search import CatalogueEntry


def answer(question: dict[str, Any], catalogs: Path, world: dict[str, Any]) -> dict[str, Any]:
    """A pipeline for one question {"id", "prompt", "catalog", "user": {"groups", "cannot_see"}}.

    catalogs  a folder with <catalog>.yaml; entries the user may not see are left out before anything is read
    of them
    returns   {"id", "document", "asked", "none_fits", "notes", …}
    """
    user = question.get("user") or {}
    entries = visible(catalogs / f"{question['catalog']}.yaml", user)
    made = plan(question["prompt"], entries, Facts.from_world(world))
    return {
        "id": question.get("id"),
        "document": made.document,
        "asked": made.asked,
        "none_fits": made.none_fits,
        "notes": made.notes,
        "template": made.template,
        "version": made.version,
        "missing": made.missing,
        "invalid": {name: {"value": value, "why": why} for name, (value, why) in made.invalid.items()},
        "runners_up": [{"template": name, "why_not": why} for name, why in made.runners_up],
    }


def visible(path: Path, user: Mapping[str, Any]) -> list[CatalogueEntry]:
    groups, hidden = set(user.get("groups") or ()), set(user.get("cannot_see") or ())
    found = []
    for row in rows(path):
        allowed = set((row.get("access") or {}).get("groups") or ("*",))
        if row["template"]["identifier"] not in hidden and ("*" in allowed or allowed & groups):
            found.append(entry_of(row))
    return found


@cache
def rows(path: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = read(path.read_text(encoding="utf-8")).value["templates"]
    return found


def entry_of(row: Mapping[str, Any]) -> CatalogueEntry:
    deprecation = row.get("deprecation") or {}
    return CatalogueEntry.from_template(
        row["template"],
        stable=bool(row.get("stable")),
        lifecycle=row.get("lifecycle", "active"),
        replaced_by=deprecation.get("replacedBy") or "",
        deprecation_message=deprecation.get("message") or "",
        owner=row.get("owner", ""),
    )


def fix_answer(question: dict[str, Any], policies: Path, world: dict[str, Any]) -> dict[str, Any]:
    """A repaired document for one question {"id", "request", "document", "violations", "policies"}.

    policies  a folder with <policy>.rego, evaluated by OPA, one process per policy for a batch of tries
    returns   {"id", "document" (None when no proved fix was found), "edits", "sentence", "question"}
    """
    evaluate_many = evaluator(question, policies)
    document = question["document"]
    made = fix(
        document,
        told(question) or evaluate_many([document])[0],
        str(question.get("request") or ""),
        Facts.from_world(world),
        lambda one: evaluate_many([one])[0],
        evaluate_many=evaluate_many,
    )
    return {
        "id": question.get("id"),
        "document": made.document,
        "edits": [edit.words() for edit in made.edits],
        "sentence": made.sentence,
        "question": made.question,
    }


def evaluator(
    question: Mapping[str, Any], policies: Path
) -> Callable[[list[dict[str, Any]]], list[list[Violation]]]:
    """What the policies of a question say of documents, one process per policy for a batch of them."""
    texts = {name: (policies / f"{name}.rego").read_text(encoding="utf-8") for name in applicable(question)}

    def evaluate_many(documents: list[dict[str, Any]]) -> list[list[Violation]]:
        left: list[list[Violation]] = [[] for _ in documents]
        for name, text in texts.items():
            for found, messages in zip(left, judged(text, documents), strict=True):
                found += [Violation(name, "error", message) for message in sorted(messages)]
        return left

    return evaluate_many


def judged(text: str, documents: list[dict[str, Any]]) -> list[list[str]]:
    """What one policy says of each document; one that it cannot be asked about is not passed by it."""
    try:
        return [list(messages) for messages in opa_cli.evaluate(text, documents)]
    except opa_cli.OpaFailed as failure:
        if len(documents) == 1:
            return [[f"the policy could not be evaluated: {failure}"]]
        return [found for document in documents for found in judged(text, [document])]


def applicable(question: Mapping[str, Any]) -> list[str]:
    """The policies to pass: those named, and those that were violated. Only plain names reach the folder."""
    named = [*(question.get("policies") or ()), *(v["policy"] for v in question.get("violations") or ())]
    return [name for name in dict.fromkeys(named) if name.replace("-", "").replace("_", "").isalnum()]


def told(question: Mapping[str, Any]) -> list[Violation]:
    """The violations as the person saw them, one for each message."""
    return [
        Violation(row["policy"], "error", message, path=row.get("path", ""), fix=row.get("fix", ""))
        for row in question.get("violations") or ()
        for message in row.get("messages") or [row.get("message", "")]
    ]
