"""What the objections themselves ask for: the wish behind "has no scan", and the order behind "before it is tested"."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from templates_catalog.authoring import listed, locating
from templates_catalog.authoring.context import Context, Option
from templates_catalog.authoring.edits import Move, Remove
from templates_catalog.documents import paths, step_types

# How a rule says what is not there or may not be, and the verb that answers it.
ANSWERS = (
    (r"\b(?:has|have|with|there is|contains?|that|by) no\b|\blacks?\b|\bneeds?\b|\bis missing\b|\bwithout\b|^no\b|"
     r"\b(?:does|do) not (?:have|contain|use|run)\b|\bnobody (?:of|from)\b", " add "),
    (r"\b(?:does|do|is|are|has|have) not (?:been )?(?=\w+)", " must "),
    (r"\bmust not (?:use|contain|have|hold|be)\b|(?<!must )(?<!should )(?<!may only )(?<!to )\buses?\b (?=the |an? )|"
     r"\bis not allowed\b|\bare not allowed\b|\bis forbidden\b|\bare forbidden\b", " remove "),
    (r"\blets? the executor approve\b", "the executor must not approve: switch on"),
    (r"\bwhoever started .* could approve\b", "the executor must not approve: switch on"),
)  # fmt: skip


def options(context: Context, options_of: Callable[[str, Context], list[Option]]) -> list[Option]:
    """The ways to answer the objections from their own words, and the hints that come with them."""
    found: list[Option] = []
    for violation in context.violations:
        for said in (violation.fix, violation.message):
            single = Context(context.document, [violation], context.facts)
            if said:
                meant = [o for wish in wishes(said) for o in options_of(wish, single)]
                found += [*meant, *turned(meant), *reordered(single), *without_items(single)]
    return sorted((option for option in found if option.edits), key=lambda option: -option.weight)


def wishes(message: str) -> list[str]:
    """An objection turned into what would answer it: "has no Gitleaks step" → "add a Gitleaks step"."""
    # "has no HarnessApproval step" is about an approval step.
    whole = re.sub(r"\bHarness(?=[A-Z])", "Harness ", message)
    made = []
    for pattern, answer in ANSWERS:
        text = re.sub(pattern, answer, whole, flags=re.I)
        if text != whole:
            made.append(text)
            # One message may say two things that are wrong; the first is answered first.
            whole = text if answer.strip() == "add" else whole
    return list(dict.fromkeys(made)) or [message]


def turned(meant: list[Option]) -> Iterator[Option]:
    """An objection says the order there is; what answers it is the other one."""
    for option in meant:
        if len(option.edits) == 1 and isinstance(move := option.edits[0], Move):
            other = Move(move.path, move.other, not move.after, move.label, move.other_label)
            yield Option((other,), option.weight - 1)


def without_items(context: Context) -> Iterator[Option]:
    """The entry of a plain list that the objection names, taken out when others stay."""
    for node in context.blamed:
        for path, held in listed.lists(context, [node.path]):
            for number, item in enumerate(held):
                if isinstance(item, str) and len(held) > 1 and listed.mentioned(item, context):
                    yield Option(
                        (Remove(paths.join(path, number), f"“{item}” from {path.rsplit('.', 1)[-1]}"),), 4
                    )


def reordered(context: Context) -> Iterator[Option]:
    """Tests and scans of the same stage put before, or behind, the step that is objected to."""
    for blamed in context.blamed:
        if blamed.kind != "step" or not blamed.type.startswith("BuildAndPush"):
            continue
        for step in context.document.steps:
            watching = locating.is_test(step) or step.type in step_types.SCANNERS
            if watching and step.stage == blamed.stage and not step.rollback:
                for after in (False, True):
                    yield Option((Move(step.entry, blamed.entry, after, step.label, blamed.label),), 3)
