"""All checks of a policy, run on its module in the limited process."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from governance.authoring import checks
from governance.authoring.cases import Case
from governance.authoring.checks import Finding, Report
from governance.authoring.checks.mutation import RegoMutant, Survivor
from governance.authoring.compile import library_source, linked
from governance.authoring.rule import Rule
from governance.engines import opa_cli

CHECKING = opa_cli.Limits(memory_mb=1024)
LEAST_SCORE = 0.9
MEASURED_AGAIN = 2


def check_policy(
    text: str,
    entity: str,
    *,
    cases: Sequence[Case] = (),
    corpus: Sequence[Any] = (),
    rule: Rule | None = None,
    with_cost: bool = True,
    limits: opa_cli.Limits = CHECKING,
) -> Report:
    """Hold a module against everything known: syntax, references, values, evasion, cases, cost.

    entity  the kind of entity the policy decides; `corpus` are example inputs of that kind
    rule    the rule the module was compiled from, if it was; it makes some checks faster
    limits  of each process
    """
    findings, tree = _read(text, entity)
    if tree is None:
        return Report(findings)
    if rule is not None:
        findings += checks.impossible_tests(rule)
    if any(finding.check == "reference" for finding in findings):
        return Report(findings)
    try:
        return _with_documents(text, tree, entity, findings, cases, corpus, rule, with_cost, limits)
    except opa_cli.OpaFailed as error:
        failed = [Finding("cost", "error", p.message, p.line, p.column) for p in error.problems]
        return Report([*findings, *failed])


def quick(text: str, entity: str) -> list[Finding]:
    """What can be said of a module without evaluating it, in a few hundredths of a second."""
    return _read(text, entity)[0]


def _read(text: str, entity: str) -> tuple[list[Finding], dict[str, Any] | None]:
    """What reading a module shows, and its syntax tree, None when it does not compile."""
    if problems := opa_cli.check(text, others=beside(text)):
        return [Finding("parse", "error", p.message, p.line, p.column) for p in problems], None
    try:
        tree = opa_cli.parse(text)
    except opa_cli.OpaFailed as error:
        return [Finding("parse", "error", p.message, p.line, p.column) for p in error.problems], None
    found = [*checks.foreign_references(tree), *checks.unused_deny(tree), *checks.never_fires(tree, entity)]
    return found, tree


def beside(text: str) -> dict[str, str]:
    """The modules a policy may refer to, by file name: the shared library, where it uses that."""
    return {"library.rego": library_source()} if "portal.lib" in text else {}


def _with_documents(
    text: str,
    tree: dict[str, Any],
    entity: str,
    findings: list[Finding],
    cases: Sequence[Case],
    corpus: Sequence[Any],
    rule: Rule | None,
    with_cost: bool,
    limits: opa_cli.Limits,
) -> Report:
    documents = [case.document for case in cases]
    # Two processes for all verdicts: one that tells lines, about the cases alone, and one about everything else.
    said, reached, missed = (
        opa_cli.evaluate_reaching(text, documents, others=beside(text), limits=limits)
        if cases
        else ([], [], [])
    )
    rewritten = checks.rewrites([*documents, *corpus])
    rest = decide(text, [*corpus, *(each.document for each in rewritten)], limits=limits)
    denied = [*map(bool, said), *rest[: len(corpus)]]
    findings += _wrong_cases(cases, denied[: len(cases)])
    findings += checks.too_broad(denied[len(cases) :])
    findings += checks.changed_minds(denied, rewritten, rest[len(corpus) :])
    score = None
    if cases:
        if rule is not None:
            score, survivors = checks.rule_mutation_score(rule, cases)
        else:
            score, survivors = rego_mutation_score(text, tree, cases, limits=limits)
        if score < LEAST_SCORE:
            findings += [survivor.finding() for survivor in survivors]
    ratio = None
    if with_cost:
        policy_ms, simple_ms = evaluation_ms(text, entity, rule, limits=limits)
        ratio = policy_ms / max(simple_ms, 1.0)
        findings += _located(text, entity, checks.too_costly(policy_ms, simple_ms))
    return Report(findings, score, ratio, reached, missed)


def cost(text: str, entity: str, rule: Rule | None = None) -> list[Finding]:
    """A finding when the policy takes far longer than a simple one, or does not finish at all."""
    try:
        return _located(text, entity, checks.too_costly(*evaluation_ms(text, entity, rule)))
    except opa_cli.DidNotFinish as error:
        return [Finding("cost", "error", p.message, p.line, p.column) for p in error.problems]
    except opa_cli.OpaFailed:
        # Failing on a made-up document says nothing of time; failing on real ones is another check.
        return []


def _located(text: str, entity: str, findings: list[Finding]) -> list[Finding]:
    """The findings with the line of the rule that takes most of the time."""
    if not findings:
        return []
    line, source = opa_cli.slowest_line(
        text, checks.large_document(entity), others=beside(text), limits=CHECKING
    )
    said = f" Line {line} takes most of it: {source}" if line else ""
    return [Finding(f.check, f.severity, f.message + said, line or f.line) for f in findings]


def decide_each(
    ids: Iterable[str], documents: Sequence[Any], modules: Mapping[str, str]
) -> dict[str, list[bool]]:
    """Whether each of several policies, as they stand in a bundle, denies each document; in one process."""
    wanted = list(ids)
    if not documents or not wanted:
        return {key: [] for key in wanted}
    listed = json.dumps(wanted)
    ask = (
        "package ask\n\nanswer[id] := true if {\n"
        f"\tsome id in {listed}\n"
        '\tsome said in ["deny", "violations"]\n\tcount(data.policies[id][said]) > 0\n}\n'
    )
    answers = opa_cli.evaluate_rule(ask, "answer", documents, others=modules, limits=CHECKING, strict=False)
    return {key: [bool((answer or {}).get(key)) for answer in answers] for key in wanted}


def decide(text: str, documents: Sequence[Any], *, limits: opa_cli.Limits = CHECKING) -> list[bool]:
    """Whether each document is denied."""
    if not documents:
        return []
    return [bool(f) for f in opa_cli.evaluate(text, documents, others=beside(text), limits=limits)]


def _wrong_cases(cases: Sequence[Case], denied: Sequence[bool]) -> list[Finding]:
    return [
        Finding(
            "case", "error",
            f"The case '{case.name}' should be {'denied' if case.expect == 'deny' else 'allowed'} "
            f"and is {'denied' if no else 'allowed'}.", document=case.document,
        )
        for case, no in zip(cases, denied, strict=True)
        if no != (case.expect == "deny")
    ]  # fmt: skip


def rego_mutation_score(
    text: str, tree: dict[str, Any], cases: Sequence[Case], *, limits: opa_cli.Limits = CHECKING
) -> tuple[float, list[Survivor]]:
    """The share of changed modules that a case tells from the module; all run in one process."""
    mutants = _compiling(checks.rego_mutants(text, tree), tree, beside(text), limits)
    if not mutants:
        return 1.0, []
    modules = {**beside(text), **{name: source for name, (_, source) in mutants.items()}}
    packages = [name.removesuffix(".rego") for name in mutants]
    rules = "".join(f'answer["{p}"] := found if found := data.{p}.deny\n' for p in packages)
    ask = f"package ask\n\n{rules}"
    expected = [case.expect == "deny" for case in cases]
    documents = [case.document for case in cases]
    answers = opa_cli.evaluate_rule(ask, "answer", documents, others=modules, limits=limits, strict=False)
    survivors = [
        Survivor(mutant.what, mutant.line)
        for package, (mutant, _) in zip(packages, mutants.values(), strict=True)
        if all(_denies(a, package) == want for a, want in zip(answers, expected, strict=True))
    ]
    return 1 - len(survivors) / len(mutants), survivors


def _denies(answer: Any, package: str) -> bool:
    return bool((answer or {}).get(package))


def _compiling(
    mutants: list[RegoMutant], tree: dict[str, Any], others: dict[str, str], limits: opa_cli.Limits
) -> dict[str, tuple[RegoMutant, str]]:
    """The mutants that are Rego at all (a changed line may leave a variable unsafe), as modules."""
    found = {
        f"mutant_{i}.rego": (mutant, _renamed(mutant.text, tree, f"mutant_{i}"))
        for i, mutant in enumerate(mutants)
    }
    modules = {name: source for name, (_, source) in found.items()}
    wrong = opa_cli.failing({**others, **modules}, limits=limits)
    return {name: entry for name, entry in found.items() if name not in wrong}


def _renamed(text: str, tree: dict[str, Any], package: str) -> str:
    """The module under another package."""
    row = tree["package"]["location"]["row"]
    rows = text.split("\n")
    rows[row - 1] = f"package {package}"
    return "\n".join(rows)


def evaluation_ms(
    text: str, entity: str, rule: Rule | None = None, *, limits: opa_cli.Limits = CHECKING
) -> tuple[float, float]:
    """Milliseconds this policy, and a simple one, take for a document of about 200 KB.

    A policy compiled from a rule is measured as the engine that gates runs it: against the library. What
    looks too slow is measured again, as a busy machine must not get a policy refused.
    """
    measured = linked(rule, "measured") if rule else text
    package = ("policies", "measured") if rule else ()
    first = _policy_ms(measured, entity, limits, package, runs=1)
    if entity in _least_simple_ms and not checks.too_costly(first, _least_simple_ms[entity]):
        # Cheap beside the best a simple one ever did here: that one need not be run again.
        return first, _least_simple_ms[entity]
    best = (first, _simple_ms(entity, limits))
    for _ in range(MEASURED_AGAIN):
        if not checks.too_costly(*best):
            break
        again = (_policy_ms(measured, entity, limits, package), _simple_ms(entity, limits))
        best = (min(best[0], again[0]), min(best[1], again[1]))
    return best


_least_simple_ms: dict[str, float] = {}


def _simple_ms(entity: str, limits: opa_cli.Limits) -> float:
    document = checks.large_document(entity)
    took = opa_cli.evaluation_ms(checks.simple_policy(entity), document, limits=limits)
    _least_simple_ms[entity] = min(took, _least_simple_ms.get(entity, took))
    return took


def _policy_ms(
    text: str, entity: str, limits: opa_cli.Limits, package: tuple[str, ...], runs: int = 2
) -> float:
    document = checks.large_document(entity)
    return opa_cli.evaluation_ms(
        text, document, others=beside(text), limits=limits, runs=runs, package=package
    )


def size_bytes(document: Any) -> int:
    """How large an input is as JSON."""
    return len(json.dumps(document).encode())
