"""Doubts about words that say much and left no trace in a finished rule: order, uses, literals that are none."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise
from typing import TYPE_CHECKING

from governance.authoring import rule as r
from governance.authoring.fields import KINDS
from governance.authoring.reading.words.tokens import Token, is_english
from governance.authoring.rule import Rule
from governance.authoring.scope import nodes

if TYPE_CHECKING:
    from governance.authoring.reading.request.preparing import Sentence

ORDER = frozenset("earlier previous preceding prior beforehand preceded afterwards afterward".split())
ORDERED = ('"kind":"order"', '"kind":"ran_before"', '"kind":"approved_before"', '"kind":"during"')
SHAPED = ('"op":"starts_with"', '"op":"ends_with"', '"op":"matches"', '"measure":"version"')
VERDICTS = frozenset("fail forbid block deny reject refuse ban unacceptable".split())
ASSERTING = frozenset(
    "be have must may can should need shall will do fail block deny forbid require not no".split()
)
UNSEEN = frozenset("delete rename remove destroy restore view read".split())
SAVING = frozenset("save create edit change modify update add make alter write store configure define set manage maintain "
                   "administer touch register submit run use put introduce".split())  # fmt: skip
TYPES_OF_ENVIRONMENT = frozenset("production preproduction nonproduction nonprod".split())


def unordered(rule: Rule, sentences: Iterable[Sentence]) -> str:
    """A request that says what comes earlier or first, and a rule without any order."""
    if rule.entity not in ("pipeline", "template"):
        return ""
    for sentence in sentences:
        if _comes_first(sentence.tokens):
            return "What has to come first, and before what? Please say it as a sentence of its own."
    dump = rule.model_dump_json()
    if any(mark in dump for mark in (*ORDERED, *SHAPED)):
        return ""
    for sentence in sentences:
        for n, token in enumerate(sentence.tokens):
            if token.kind == "word" and (token.base in ORDER or _starts_with_things(sentence.tokens, n)):
                return f'What has to come before what? I could not place "{token.text}" in the rule.'
    return ""


def apart(rule: Rule, sentences: Iterable[Sentence]) -> str:
    """An order "in the same stage" or "in its stage", and a rule that looks into all stages."""
    dump = rule.model_dump_json()
    if '"kind":"order"' not in dump or '"how":"same_stage"' in dump or '"within":"' in dump:
        return ""
    for sentence in sentences:
        for before, token in pairwise(sentence.tokens):
            own = token.article in ("its", "their") and before.base in ("in", "within")
            if token.base == "stage" and (own or before.base in ("same", "own")):
                return (
                    "Must both stand in one stage? Then please say of the later one that it must have the earlier "
                    'one before it "in the same stage", which I could not place.'
                )
    return ""


def either_way(rule: Rule, sentences: Iterable[Sentence]) -> str:
    """Every X must come before a Y: a Y behind each X, or an X in front of each Y?"""
    if '"kind":"order"' not in rule.model_dump_json():
        return ""
    for sentence in sentences:
        tokens = sentence.tokens
        if not tokens or tokens[0].base not in ("every", "each"):
            continue
        for before, token in pairwise(tokens):
            if before.base == "before" and token.article == "a" and token.base not in ("it", "that"):
                return (
                    f"Must every one have a {token.text} behind it, or must every {token.text} have one in front of it?"
                    ' Please say it as "every … must have … before it" or "… after it".'
                )
    return ""


def pointed(sentences: Iterable[Sentence]) -> str:
    """... an approval, and that approval must come later: of what was asked for something more is asked."""
    said: set[str] = set()
    for sentence in sentences:
        for n, token in enumerate(sentence.tokens):
            nouns = sentence.tokens[n + 1 : n + 3]
            if token.base in ("that", "this") and nouns and nouns[0].base in said & POINTED:
                following = nouns[1].base if len(nouns) > 1 else ""
                if following in ("must", "have", "may", "should", "need", "can", "step"):
                    return f'Which {nouns[0].text} does "{token.text} {nouns[0].text}" mean? Please say all that it must be in one sentence.'
            said.add(token.base)
    return ""


def labels(rule: Rule, sentences: Iterable[Sentence]) -> str:
    """A tag of a pipeline, read as a tag of the images its steps push."""
    if rule.entity not in ("pipeline", "template") or '"spec","tags"' not in rule.model_dump_json():
        return ""
    words = {w for s in sentences for t in s.tokens for w in t.words}
    if words & {
        "image",
        "push",
        "registry",
        "docker",
        "build",
        "buildandpush",
        "latest",
        "repository",
        "container",
    }:
        return ""
    if any("buildandpush" in t.text.lower() for s in sentences for t in s.tokens):
        return ""
    return "Is a tag of the pipeline meant, or a tag of the images that are pushed?"


POINTED = frozenset("approval scan check step test verification sign-off".split())


def _comes_first(tokens: tuple[Token, ...]) -> bool:
    """... a scan and an approval, the scan first: the order of things that were named."""
    if len(tokens) < 3 or tokens[-1].base != "first":
        return False
    noun = next((t for t in reversed(tokens[:-1]) if t.article == "the"), None)
    return noun is not None and noun.base in {t.base for t in tokens if t.start < noun.start}


def _starts_with_things(tokens: tuple[Token, ...], n: int) -> bool:
    """Starts with a scan: things, where "starts with rel-" would be text."""
    if (
        n + 2 >= len(tokens)
        or tokens[n].base not in ("start", "begin", "end")
        or tokens[n + 1].base != "with"
    ):
        return False
    return bool(tokens[n + 2].article)


def whose_variables(rule: Rule, sentences: Iterable[Sentence]) -> str:
    """Environment variables: of the environments that are saved, or of the steps that run?"""
    named = all(isinstance(t.value, r.Field) and t.value.path[-1:] == ("name",) for t in _tests(rule))
    for sentence in sentences if rule.entity == "environment" and named else ():
        if any(a.base == "environment" and b.base == "variable" for a, b in pairwise(sentence.tokens)):
            return (
                "Are the variables of environments meant, or those that steps run with? Please say"
                " \u201cvariables of environments\u201d or \u201cenvironment variables of Run steps\u201d."
            )
    return ""


KEPT = frozenset({"template", "connector", "secret", "environment", "infrastructure", "service"})


def unused(rule: Rule, sentences: Iterable[Sentence]) -> str:
    """Templates that may not be used, in a rule about saving them."""
    for sentence in sentences if rule.entity in KEPT else ():
        words = [t.base for t in sentence.tokens]
        if rule.entity in words and any(a == "be" and b == "use" for a, b in pairwise(words)):
            kept = f"A policy of {rule.entity}s decides about saving them."
            return f"{kept} Which pipelines may not use them, or what must the {rule.entity} hold?"
    return ""


def everybody(rule: Rule, sentences: Iterable[Sentence]) -> str:
    """Developers may not run X: if that were everybody, nobody could."""
    first = [s.tokens[0].base for s in sentences if s.tokens]
    who = next((word for word in first if word in ("developer", "engineer")), "")
    timely = any(isinstance(n, r.During | r.UserInGroup | r.UserHasRole) for n in _nodes(rule))
    if not who or timely or not any(c.demand == r.Any() for c in rule.clauses):
        return ""
    return f"Who is meant by {who}s: which group, or everybody? Please name the group, or say \u201cnobody may\u201d."


def no_literal(rule: Rule, sentences: Iterable[Sentence]) -> str:
    """A word of plain English taken for a value, a host for a template, a type for an environment."""
    common = {
        t.text
        for s in sentences
        for t in s.tokens
        if t.article == "a" and t.kind == "word" and not t.quoted and t.text.islower() and is_english(t.text)
    }
    kind = KINDS[rule.entity]
    fields = [f for owner in kind.collections for f in owner.fields]
    known = {value for spec in (*kind.fields, *fields) for value in spec.values}
    for test in _tests(rule):
        path = test.value.path if isinstance(test.value, r.Field) else ()
        if path[-2:] in (("tags", "latest"), ("tags", "image")):
            return f'Does "{path[-1]} tag" mean the tag of an image? Please say which images must (not) be tagged how.'
        for literal in (x for x in test.to if isinstance(x, str)):
            if test.measure == "plain" and literal in common and path and literal not in known:
                return f'Is "{literal}" the value itself, or does it describe something? I cannot look into what it describes.'
            if path[-1:] == ("secretManagerIdentifier",) and literal.islower() and is_english(literal):
                return f'Is "{literal}" the identifier of a secret manager? I know none that is called so.'
            if path[-1:] == ("environmentRef",) and re.fullmatch(
                r"(?i)(blue-?green|canary|rolling|basic)", literal
            ):
                return (
                    f'Is "{literal}" an environment, or the way to deploy? Please name the steps that do it.'
                )
            if re.search(r"[-_](something|whatever|anything)$", literal):
                return f'Does "{literal}" stand for all that begins so? Please say "starts with".'
            if path[-1:] == ("templateRef",) and re.fullmatch(
                r"[\w-]+(\.[\w-]+)*\.(io|com|dev|net|org|example|local)(/.*)?", literal
            ):
                return f'"{literal}" looks like a host, and I read it as a template. Which field is meant?'
            bare = re.sub(r"[^a-z]", "", literal.lower())
            if (
                path[-1:] == ("workspace",)
                and bare in TYPES_OF_ENVIRONMENT
                and _several_workspaces(sentences)
            ):
                return f'Is "{literal}" the name of a workspace? I cannot see which workspaces are of a type.'
            environment = path[-1:] == ("environmentRef",) or getattr(test.value, "of", "") == "environment"
            if environment and bare in TYPES_OF_ENVIRONMENT and "-" in literal:
                return f'Is "{literal}" the name of one environment, or a type of environments?'
    return ""


def _several_workspaces(sentences: Iterable[Sentence]) -> bool:
    return any(t.text.lower() == "workspaces" for s in sentences for t in s.tokens)


def elliptic(sentences: Iterable[Sentence]) -> str:
    """X is a fail, Y between 60 and 70 percent as well: a demand of its own, or the same verdict?"""
    for sentence in sentences:
        words = [t.base for t in sentence.tokens]
        for n in (p for p, word in enumerate(words) if word == ","):
            ends = [p for p, word in enumerate(words) if p > n and word in ("if", "when", "unless", "where")]
            half = words[n + 1 : min(ends, default=len(words))]
            if set(words[:n]) & VERDICTS and "between" in half and not set(half) & ASSERTING:
                return (
                    "What is to happen in the second half of the sentence? Please say it as one of its own."
                )
    return ""


def excepted_findings(rule: Rule) -> str:
    """Counts of a summary with an exception for single findings: the summary does not say which they are."""
    for clause in rule.clauses:
        counted = '"scan_outputs"' in _dumped(clause.where) + _dumped(clause.demand)
        if counted and '"scan_issues"' in _dumped(clause.unless):
            return "The summary of a scan only counts findings. Is one such finding enough to spare the whole result, or is only that finding spared?"
    return ""


def _dumped(condition: r.Condition | None) -> str:
    return condition.model_dump_json() if condition is not None else ""


def anything(rule: Rule, sentences: Iterable[Sentence]) -> str:
    """Nobody may run anything: which kind of thing, where nothing of the kind is named?"""
    whole = all(c.each is None and not isinstance(c.where, r.Test | r.Exists) for c in rule.clauses)
    said = any(t.base in ("anything", "everything", "something") for s in sentences for t in s.tokens)
    words = {t.base for s in sentences for t in s.tokens}
    saved = bool(words & {"save", "create", "edit", "change", "modify"}) and "pipeline" not in words
    if (rule.entity == "pipeline" and not saved) or not whole or not said or list(_tests(rule)):
        return ""
    return "What does this speak of: pipelines, services, environments or something else?"


def unseen(rule: Rule, sentences: Iterable[Sentence]) -> str:
    """Who may delete or rename what is saved: a policy is asked when something is saved and sees neither."""
    people = any(isinstance(n, r.UserInGroup | r.UserHasRole) for n in _nodes(rule))
    words = {t.base for s in sentences for t in s.tokens if t.kind == "word"}
    gone = words & UNSEEN
    if (
        not people
        or not gone
        or words & SAVING
        or rule.entity == "dbSql"
        or "onsave" not in KINDS[rule.entity].events
    ):
        return ""
    return f"A policy is asked when something is saved; it does not see who wants to {min(gone)} it. Is everybody meant who saves it?"


def several(rule: Rule) -> str:
    """At most two environments: two stages that go to the same one are counted as two."""
    for value in _counts(rule):
        if isinstance(value.each, r.Named) and value.each.name in (
            "environments",
            "services",
            "infrastructures",
        ):
            return f"I can count references, not different {value.each.name}: a second stage with the same one counts again. What must hold for each stage?"
    return ""


def severity(rule: Rule, sentences: Iterable[Sentence]) -> str:
    """A severity that was named, in a rule that only counts all findings."""
    paths = {".".join(t.value.path) for t in _tests(rule) if isinstance(t.value, r.Field)}
    if rule.entity != "securityTests" or not paths & {"TOTAL", "NEW_TOTAL"}:
        return ""
    for sentence in sentences:
        for token in sentence.tokens:
            level = token.base.upper()
            if level in ("CRITICAL", "HIGH", "MEDIUM", "LOW") and not paths & {
                level,
                f"NEW_{level}",
                "severityCode",
            }:
                return f'How do "{token.text}" findings count? I could not place them in the rule.'
    return ""


def itself(rule: Rule) -> str:
    """Each step must have one: a demand that the thing itself fulfils."""
    steps = ("steps", "all_steps", "rollback_steps")
    for clause in rule.clauses:
        demand = clause.demand
        if (
            isinstance(clause.each, r.Named)
            and isinstance(demand, r.Exists)
            and isinstance(demand.each, r.Named)
        ):
            same = clause.each.name == demand.each.name or {clause.each.name, demand.each.name} <= set(steps)
            if same and demand.where in (None, r.All()):
                return "As I read it, each of these things only has to exist. What must each of them have?"
    return ""


def _counts(rule: Rule) -> Iterable[r.CountOf]:
    return (n for n in _nodes(rule) if isinstance(n, r.CountOf))


def _tests(rule: Rule) -> Iterable[r.Test]:
    return (n for n in _nodes(rule) if isinstance(n, r.Test))


def _nodes(rule: Rule) -> Iterable[r.Node]:
    return (node for clause in rule.clauses for node in nodes(clause))
