"""Holds back edits that no policy should even be asked about."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from templates_catalog.authoring import clusters, locating
from templates_catalog.authoring import edits as editing
from templates_catalog.authoring.context import Context, bare
from templates_catalog.authoring.edits import Edit, EditError, Remove, SetValue
from templates_catalog.authoring.locating import Document
from templates_catalog.documents import models, paths, step_types, write
from templates_catalog.vocabulary import is_value


class Guard:
    """Makes edits and holds back results no policy should even be asked about.

    Held back are: edits that do not fit, a result seen before, work hollowed out, the mark of AI changed,
    and a
    document that is less well formed than the one the person wrote.
    """

    def __init__(self, original: dict[str, Any], context: Context) -> None:
        self.context = context
        self.known = objections(original)
        self.label = ai_label(original)
        self.seen = {write.digest(original)}

    def apply(self, value: dict[str, Any], edits: Sequence[Edit]) -> dict[str, Any] | None:
        if not all(is_honest(edit, self.context) for edit in edits):
            return None
        try:
            document = editing.apply(value, edits)
        except (EditError, ValueError, TypeError):
            return None
        mark = write.digest(document)
        if mark in self.seen or not is_whole(document) or ai_label(document) != self.label:
            return None
        if objections(document) - self.known:
            return None
        self.seen.add(mark)
        return document


# What an objection alone never takes away: the work itself, and what watches over it.
WORK = frozenset(step_types.DEPLOYS) | frozenset(step_types.SCANNERS) | frozenset(step_types.APPROVALS)
OTHER_WORK = re.compile(
    r"^(?:Run|RunTests.*|Test|BuildAndPush.*|Background|Plugin|Action|Terraform(?:Plan|Apply))$"
)


def is_honest(edit: Edit, context: Context) -> bool:
    """Whether an edit answers an objection rather than slipping out from under it.

    A stage that names another environment, or is no deployment any more, is no longer objected to, and nothing
    is better. Such a change is only made when it is asked for, and to something that exists.
    """
    if isinstance(edit, Remove) and not context.request:
        node = next((n for n in context.document.nodes if edit.path in (n.path, n.entry)), None)
        return node is None or (
            node.kind == "step" and node.type not in WORK and not OTHER_WORK.match(node.type)
        )
    if isinstance(edit, SetValue) and not isinstance(edit.value, dict | list):
        key = paths.to_parts(edit.path)[-1]
        if key == "type":
            if edit.path in ("pipeline.type", "template.type"):
                return False
            return not any(edit.path == f"{n.path}.type" for n in context.document.nodes if n.kind != "entry")
        if key == "versionLabel" and not re.search(r"\d|^<\+", str(edit.value)):
            return False
        if not context.request and not is_told(str(key), edit, context):
            return False
        if key == "environmentRef":
            if ORDER.search(context.request) and not TURNED.search(context.request):
                # "Staging goes in front" asks for an order, and never to turn a stage away from where it deploys.
                return False
            return is_environment(str(edit.value), context) and not is_taken(edit, context)
    return True


ORDER = re.compile(r"\b(?:in front|before|first|ahead|earlier|beforehand|between|after)\b", re.I)
TURNED = re.compile(
    r"\b(?:instead|target\w*|point\w*|send\w*|switch\w*|change|redirect\w*|deploy(?:s|ing)? (?:it |this |that )?(?:in)?to|go(?:es)? to|use)\b",
    re.I,
)
# What nobody can know from an objection: what a thing is called, what it is for, where it goes.
NEVER_GUESSED = frozenset(
    ("environmentRef", "serviceRef", "identifier", "name", "description", "url", "repoUrl")
)
EXAMPLES = re.compile(
    r"\b(?:like|e\.g\.|for example|for instance|such as|of the form|in the form)\b[^;]*", re.I
)


def is_told(key: str, edit: SetValue, context: Context) -> bool:
    """Whether an objection gives this value, as one to use and not as an example or a word of its sentence."""
    value = edit.value
    if key in NEVER_GUESSED:
        return False
    if not isinstance(value, str):
        return True
    messages = EXAMPLES.sub(" ", context.messages)
    known = {thing.identifier for thing in (*context.facts.connectors, *context.facts.groups)}
    if (
        bare(value) in known
        or value in context.facts.secret_managers
        or any(letter.isupper() for letter in value)
    ):
        return True
    if isinstance(edit.before, str) and value in edit.before:
        return True
    spoken = bool(re.search(rf"(?<![\w.-]){re.escape(value)}(?![\w-]|\.\w)", messages))
    return spoken and (is_value(value) or value in locating.quoted(messages) or bool(re.search(r"\d", value)))


def is_taken(edit: SetValue, context: Context) -> bool:
    """Whether another stage deploys to that environment already: then the order is meant, not the place."""
    others = [stage for stage in context.document.stages if not edit.path.startswith(f"{stage.path}.")]
    return any(context.document.environment(stage) == bare(edit.value) for stage in others)


def is_environment(reference: str, context: Context) -> bool:
    known = {environment.identifier for environment in context.facts.environments}
    spots = {name for _, _, name in clusters.read(context.request, known)}
    return not known or bare(reference) in known or (is_value(reference) and reference not in spots)


KIND_OF = {
    "serviceEntity": "service", "environmentEntity": "environment", "infrastructureEntity": "infrastructure",
    "entity": "connector", "secretEntity": "secret", "infrastructureDefinition": "infrastructure",
}  # fmt: skip


def ai_label(document: dict[str, Any]) -> Any:
    """The mark that AI took part; the portal sets it and no edit changes it."""
    body = Document(document, None).body
    tags = body.get("tags") if isinstance(body, dict) else None
    return tags.get("ai_generated") if isinstance(tags, dict) else None


def objections(document: dict[str, Any]) -> set[str]:
    """What is not well formed, so that no edit makes a document worse. Policy inputs name some roots
    differently."""
    root = Document(document, None).root
    kind = KIND_OF.get(root, root)
    if kind not in models.KINDS:
        return set()
    problems = models.validate(kind, {models.root_of(kind): document[root]})
    return {problem.message for problem in problems}


def is_whole(document: dict[str, Any]) -> bool:
    """Whether nothing was hollowed out: a policy that passes because the work is gone is no fix."""
    root = Document(document, None).body
    entries = root.get("stages") if isinstance(root, dict) else None
    if entries == []:
        return False
    waiting: list[Any] = [root]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            execution = node.get("execution")
            if isinstance(execution, dict) and execution.get("steps") == []:
                return False
            waiting += node.values()
        elif isinstance(node, list):
            waiting += node
    return True
