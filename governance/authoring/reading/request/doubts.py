"""Checks of a finished reading: whatever looks wrong in it becomes a question instead of a draft."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from governance.authoring import rule as r
from governance.authoring.reading.meaning.lexicon import lexicon_of
from governance.authoring.reading.meaning.paths import STAGES, STEPS, paths_of
from governance.authoring.reading.request import lost
from governance.authoring.reading.values.naming import STYLES
from governance.authoring.rule import Rule
from governance.authoring.scope import nodes

if TYPE_CHECKING:
    from governance.authoring.reading.request.preparing import Sentence


def about(rule: Rule, sentences: Iterable[Sentence]) -> str:
    """What to ask about a rule before it is shown; "" when nothing is in doubt."""
    return (
        contradiction(rule)
        or both_at_once(rule, sentences)
        or unplaced(rule, sentences)
        or swallowed(rule)
        or granted(rule)
        or nameless(rule)
        or apiece(rule, sentences)
        or needless(rule, sentences)
        or provisioned(rule, sentences)
        or empty(rule)
        or void(rule)
        or impossible(rule)
        or misplaced(rule)
        or unreadable(rule)
        or lost.unordered(rule, sentences)
        or lost.apart(rule, sentences)
        or lost.either_way(rule, sentences)
        or lost.pointed(sentences)
        or lost.labels(rule, sentences)
        or lost.unused(rule, sentences)
        or lost.everybody(rule, sentences)
        or lost.whose_variables(rule, sentences)
        or lost.elliptic(sentences)
        or lost.excepted_findings(rule)
        or lost.no_literal(rule, sentences)
        or lost.itself(rule)
        or lost.several(rule)
        or lost.unseen(rule, sentences)
        or lost.anything(rule, sentences)
        or lost.severity(rule, sentences)
    )


def _exemplary(sentence: Sentence, n: int) -> bool:
    """Whether a name is an example: ", like DB_HOST"."""
    before = sentence.tokens[:n]
    while before and (before[-1].kind == "literal" or before[-1].quoted or before[-1].base in ("or", "and")):
        before = before[:-1]
    said = [t.base for t in before[-3:]]
    return "," in said[:-1] and said[-1] in ("like", "e.g", "e.g.", "as", "example", "instance")


def contradiction(rule: Rule) -> str:
    """Two demands on the same things that cannot both hold."""
    for n, first in enumerate(rule.clauses):
        for part in _parts(first.demand):
            if _opposite(part) in _parts(first.demand):
                return "The request asks for something and for its opposite. Which of the two is meant?"
        for second in rule.clauses[n + 1 :]:
            if (first.each, first.where) != (second.each, second.where):
                continue
            if any(_opposite(p) in _parts(second.demand) for p in _parts(first.demand)):
                return "Two parts of the request contradict each other. Which of them is meant?"
    return ""


def _parts(condition: r.Condition) -> list[r.Condition]:
    return list(condition.of) if isinstance(condition, r.All) else [condition]


def _opposite(condition: r.Condition) -> r.Condition:
    return condition.of if isinstance(condition, r.Not) else r.Not(of=condition)


# names of styles of writing that are words of their own: camelCase
CASES = frozenset(word.lower() for words, _ in STYLES for word in words.split("|") if " " not in word)


def unplaced(rule: Rule, sentences: Iterable[Sentence]) -> str:
    """A name, address or quoted text of the request that is nowhere in the rule."""
    dump = rule.model_dump_json(exclude={"title": True, "clauses": {"__all__": {"message", "fix"}}})
    flat = re.sub(r"[^a-z0-9]", "", json.loads(json.dumps(dump)).lower())
    for sentence in sentences:
        for n, token in enumerate(sentence.tokens):
            if (token.kind != "literal" and not token.quoted) or token.text.startswith("<+"):
                continue
            if _exemplary(sentence, n):
                continue
            core = re.sub(r"[^a-z0-9]", "", token.text.lower())
            parts = [re.sub(r"[^a-z0-9]", "", p.lower()) for p in re.split("[=:]", token.text)]
            if len(parts) > 1 and all(p in flat for p in parts):
                continue  # tier=critical: a key and its value
            quarter = re.fullmatch(r"q[1-4]", token.base) and re.search(r'"months":\[\d', dump)
            if (
                quarter
                or token.base in ("-only", "-or-later")
                or token.base in CASES
                or token.base in lexicon_of(rule.entity).all_words()
            ):
                continue
            pair = [re.sub(r"[^a-z0-9]", "", part) for part in re.split("[=:]", token.text.lower())]
            if len(pair) == 2 and all(part in flat for part in pair):
                continue  # a tag and its value
            if "/" in token.text and all(
                re.sub(r"[^a-z0-9]", "", p.lower()) in flat for p in token.text.split("/")
            ):
                continue  # a host and a path below it
            if core and core not in flat and not _pattern_like(token.text):
                return f'Where does "{token.text}" belong? I could not place it in the rule.'
    return ""


def _pattern_like(text: str) -> bool:
    """Examples of names turn into patterns; character classes and cases into regular expressions."""
    return bool(re.fullmatch(r"[A-Za-z0-9]+([-_.:][A-Za-z0-9]+)+|[a-zA-Z]-[a-zA-Z]|0-9", text))


AT_ONCE = ('"kind":"all","of":[{', '"kind":"any","of":[{"kind":"not"')


def both_at_once(rule: Rule, sentences: Iterable[Sentence]) -> str:
    """Not both A and B, where the rule forbids each of them."""
    for sentence in sentences:
        words = [t.base for t in sentence.tokens]
        at = words.index("both") if "both" in words else 0
        forbids = bool({"no", "not", "never", "forbid", "block"} & set(words[:at]))
        if (
            at
            and forbids
            and "and" in words[at:]
            and not any(mark in rule.model_dump_json() for mark in AT_ONCE)
        ):
            return "Is it forbidden to have both at once, or either of them?"
    return ""


def nameless(rule: Rule) -> str:
    """The name of a resource of one type: of the block in the code, or of the thing in the cloud?"""
    for clause in rule.clauses if rule.entity.startswith("terraform") else ():
        parts = (clause.demand, clause.where, clause.unless)
        named = {path for part in parts if part is not None for path in paths_of(part, clause.name)}
        if _types(clause.where, clause.name) and "name" in named:
            return "Is the name of the block in the code meant, or an attribute such as bucket or identifier?"
    return ""


def provisioned(rule: Rule, sentences: Iterable[Sentence]) -> str:
    """OpenTofu named as what workspaces run on, where the rule only looks at versions or elsewhere."""
    if rule.entity != "workspace" or '"opentofu"' in rule.model_dump_json(exclude={"title"}):
        return ""
    for sentence in sentences:
        words = [t.base for t in sentence.tokens]
        for word, following in zip(words, [*words[1:], ""], strict=True):
            if word in ("opentofu", "tofu") and following != "version":
                return "Must the provisioner be opentofu, or does the rule only hold where it is?"
    return ""


NEEDLESS = re.compile(r"\b(?:(?:need|require) no|do not (?:need|require|have to)|need not)\b")


def needless(rule: Rule, sentences: Iterable[Sentence]) -> str:
    """What is not needed, read as what must not be there."""
    banned = any(isinstance(part, r.Not) for clause in rule.clauses for part in _parts(clause.demand))
    for sentence in sentences if banned else ():
        said = " ".join(t.base for t in sentence.tokens)
        if found := NEEDLESS.search(said):
            return f'Does "{found.group()}" mean that it may be missing, or that it must not be there?'
    return ""


def apiece(rule: Rule, sentences: Iterable[Sentence]) -> str:
    """A limit on what resources of a type cost together, where each of them was meant."""
    together = any(isinstance(c.each, r.Items) and c.each.path == ("Diff",) for c in rule.clauses)
    for sentence in sentences if together else ():
        words = [t.base for t in sentence.tokens if t.kind == "word"]
        if "type" in words:
            continue  # a single resource type
        if words and (
            words[-1] in ("each", "apiece", "individually") or "single" in words or "individual" in words
        ):
            return "Is the limit for all resources of the type together, or for each of them?"
    return ""


def granted(rule: Rule) -> str:
    """A demand that its own condition already grants: (executeOnDelegate true) read as when, not as what."""
    for clause in rule.clauses:
        for part in _parts(clause.demand):
            if isinstance(part, r.Test) and part in _parts(clause.where):
                return "As I read it the request demands what is its own condition. What must hold, and when?"
    return ""


def swallowed(rule: Rule) -> str:
    """An exception that takes back all the clause demands."""
    for clause in rule.clauses:
        for part in (
            []
            if clause.unless is None
            else clause.unless.of
            if isinstance(clause.unless, r.Any)
            else [clause.unless]
        ):
            if (
                part == r.All()
                or part == clause.where
                or (clause.where != r.All() and part in _parts(clause.where))
            ):
                return "As I read it the exception covers everything the rule is about. What should stay forbidden?"
    return ""


def empty(rule: Rule) -> str:
    """A clause that can never deny anything, or that denies everything there is."""
    for clause in rule.clauses:
        if clause.demand == r.All() or clause.where == r.Any():
            return "As I read it the request demands nothing. What must hold?"
        if (
            clause.each is None
            and clause.where == r.All()
            and clause.unless is None
            and clause.demand == r.Any()
        ):
            return "As I read it the request forbids everything of this kind. Is that meant, or was a condition lost?"
    return ""


def void(rule: Rule) -> str:
    """A part of a list that always or never holds, so that the rest of it says nothing."""
    for clause in rule.clauses:
        for top in (clause.where, clause.demand, clause.unless):
            if top is not None and any(_void(node) for node in nodes(top)):
                return "As I read it, one part of the request makes the rest of it say nothing. Please say it differently."
    return ""


def impossible(rule: Rule) -> str:
    """Things of two types at once: a Run step that is a step that pushes images."""
    for clause in rule.clauses:
        for top in (clause.where, clause.demand, clause.unless):
            for node in nodes(top) if top is not None else ():
                if isinstance(node, r.All) and _of_two_types(node):
                    return "As I read it, the rule speaks of something that is of two types at once. What is it about?"
        if _of_two_types(r.All(of=(*_parts(clause.where), *_parts(clause.demand)))):
            return "As I read it, what is of one type must be of another, so that nothing would pass. What must it have?"
    return ""


def _of_two_types(whole: r.All) -> bool:
    found: dict[str, set[str]] = {}
    for part in whole.of:
        first = part.of[0] if isinstance(part, r.Any) and part.of else part
        if isinstance(part, r.DeploysToProduction):
            named, types = part.stage, {"Deployment"}
        elif (
            isinstance(first, r.Test)
            and first.op == "is"
            and isinstance(first.value, r.Field)
            and first.value.path == ("type",)
        ):
            named, types = first.value.of, {str(x) for x in first.to}
            several = part.of if isinstance(part, r.Any) else ()
            if any(
                isinstance(p, r.Test) and p.value != first.value and "templateInputs" not in str(p.value)
                for p in several
            ):
                continue
            types |= {str(x) for p in several if isinstance(p, r.Test) for x in p.to}
        else:
            continue
        found[named] = found[named] & types if named in found else types
        if not found[named]:
            return True
    return False


def _void(node: r.Node) -> bool:
    if isinstance(node, r.Any):
        return len(node.of) > 1 and r.All() in node.of
    return (
        isinstance(node, r.All) and len(node.of) > 1 and (r.Any() in node.of or r.Not(of=r.All()) in node.of)
    )


def unreadable(rule: Rule) -> str:
    """A literal that its field cannot hold: "soon" for a duration."""
    from governance.authoring.compile import standalone

    try:
        standalone(rule)
    except ValueError as problem:
        return f"A value does not fit its field: {problem}. What should it be?"
    return ""


def misplaced(rule: Rule) -> str:
    """A field asked of steps or stages of a type that do not have it."""
    kinds = {"stages": STAGES, "all_steps": STEPS}
    for clause in rule.clauses:
        known = kinds.get(getattr(clause.each, "name", ""))
        types = _types(clause.where, clause.name) if known else frozenset()
        if known is None or not types:
            continue
        for path in paths_of(clause.demand, clause.name):
            spec = known.get(path)
            if spec is not None and spec.of_types and not types & set(spec.of_types):
                return f"{', '.join(sorted(types))} has no {spec.label}. Which field is meant?"
    return ""


def _types(where: r.Condition, name: str) -> frozenset[str]:
    """The types a condition limits the things to; empty where it does not."""
    for part in _parts(where):
        if isinstance(part, r.DeploysToProduction) and part.stage == name:
            return frozenset({"Deployment"})
        first = part.of[0] if isinstance(part, r.Any) and part.of else part
        if isinstance(first, r.Test) and first.op == "is" and first.value == r.Field(of=name, path=("type",)):
            return frozenset(str(x) for x in first.to)
    return frozenset()
