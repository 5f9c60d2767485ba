"""Rewrites of a document that mean the same: a policy must not change its mind about any.

A denied document that is let through after such a rewrite shows how the policy is evaded.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from governance.authoring.checks.findings import Finding

Decide = Callable[[Sequence[Any]], list[bool]]  # documents -> whether each one is denied
Entries = list[Any]
MOST = 60  # documents per rewrite


@dataclass(frozen=True)
class Rewritten:
    """A document that means the same as the one of that number. how: what was done to it."""

    how: str
    number: int
    document: Any


def rewrites(documents: Sequence[Any]) -> list[Rewritten]:
    """Every rewrite of the first documents."""
    return [
        Rewritten(name, number, changed)
        for name, rewrite in REWRITES.items()
        for number, document in enumerate(documents[:MOST])
        if (changed := rewrite(document)) is not None
    ]


def changed_minds(
    before: Sequence[bool], rewritten: Sequence[Rewritten], after: Sequence[bool]
) -> list[Finding]:
    """One finding for every rewrite that changes the verdict on one of the documents.

    before, after  whether each document was denied, and each rewritten one
    """
    found: dict[tuple[str, bool], Finding] = {}
    for each, denied in zip(rewritten, after, strict=True):
        if denied != before[each.number] and (each.how, denied) not in found:
            found[(each.how, denied)] = _finding(each.how, denied, each.document)
    return list(found.values())


def evasions(decide: Decide, documents: Sequence[Any]) -> list[Finding]:
    """The same for a judge that is asked once about documents and rewrites."""
    rewritten = rewrites(documents)
    verdicts = decide([*documents, *(each.document for each in rewritten)])
    return changed_minds(verdicts[: len(documents)], rewritten, verdicts[len(documents) :])


def _finding(name: str, denied: bool, document: Any) -> Finding:
    if denied:
        message = (
            f"A document that passes is denied when {name}, which does not change what it does. "
            "Look for elements at any depth."
        )
        return Finding("evasion", "warning", message, document=document)
    message = (
        f"A denied document passes when {name}. The policy can be evaded like this: look for "
        "elements at any depth, not at one place."
    )
    return Finding("evasion", "error", message, document=document)


def _stages(document: Any) -> Entries | None:
    """The list of stages of a pipeline or pipeline template."""
    if not isinstance(document, dict):
        return None
    for path in (("pipeline", "stages"), ("template", "spec", "stages")):
        node: Any = document
        for key in path:
            node = node.get(key) if isinstance(node, dict) else None
        if isinstance(node, list) and node:
            return node
    return None


def _step_lists(node: Any) -> Iterator[Entries]:
    """Every list of step entries below a node."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key in ("steps", "rollbackSteps") and isinstance(value, list):
                yield value
            yield from _step_lists(value)
    elif isinstance(node, list):
        for value in node:
            yield from _step_lists(value)


def _in_steps(wrap: Callable[[Any, int], Any]) -> Callable[[Any], Any]:
    """A rewrite that wraps every single step entry."""

    def rewrite(document: Any) -> Any:
        if _stages(document) is None:
            return None
        changed = copy.deepcopy(document)
        touched = False
        for entries in list(_step_lists(_stages(changed))):
            for i, entry in enumerate(entries):
                if isinstance(entry, dict) and "step" in entry:
                    entries[i], touched = wrap(entry, i), True
        return changed if touched else None

    return rewrite


def _in_stages(wrap: Callable[[Any, int], Any]) -> Callable[[Any], Any]:
    """A rewrite that wraps every single stage entry."""

    def rewrite(document: Any) -> Any:
        if _stages(document) is None:
            return None
        changed = copy.deepcopy(document)
        entries = _stages(changed) or []
        for i, entry in enumerate(entries):
            if isinstance(entry, dict) and "stage" in entry:
                entries[i] = wrap(entry, i)
        return changed

    return rewrite


def _group(entry: Any, number: int) -> Any:
    name = f"group_{number}"
    return {"stepGroup": {"identifier": name, "name": name, "steps": [entry]}}


def _template_left(document: Any) -> Any:
    """As after expansion: each stage keeps the link to the template it was resolved from."""
    if _stages(document) is None:
        return None
    changed = copy.deepcopy(document)
    touched = False
    for entry in _stages(changed) or []:
        stage = entry.get("stage") if isinstance(entry, dict) else None
        if isinstance(stage, dict) and "template" not in stage and "spec" in stage:
            for step in _step_lists(stage):
                for inner in step:
                    body = inner.get("step") if isinstance(inner, dict) else None
                    if isinstance(body, dict) and "template" not in body:
                        body["template"] = {"templateRef": "account.example", "versionLabel": "1.0.0"}
                        touched = True
    return changed if touched else None


def _reordered(node: Any) -> Any:
    """The same document with the keys of every map in the opposite order."""
    if isinstance(node, dict):
        return {key: _reordered(node[key]) for key in reversed(list(node))}
    return [_reordered(value) for value in node] if isinstance(node, list) else node


REWRITES: dict[str, Callable[[Any], Any]] = {
    "its steps are put into step groups": _in_steps(_group),
    "its steps are put into step groups inside step groups": _in_steps(
        lambda entry, i: _group(_group(entry, i), i)
    ),
    "its steps are put into parallel blocks": _in_steps(lambda entry, _: {"parallel": [entry]}),
    "its steps are inserted": _in_steps(
        lambda entry, i: {"insert": {"identifier": f"in_{i}", "name": f"in_{i}", "steps": [entry]}}
    ),
    "its stages are put into parallel blocks": _in_stages(lambda entry, _: {"parallel": [entry]}),
    "its stages are inserted": _in_stages(
        lambda entry, i: {"insert": {"identifier": f"in_{i}", "name": f"in_{i}", "stages": [entry]}}
    ),
    "its steps come from a template": _template_left,
    "its keys are in another order": _reordered,
}
