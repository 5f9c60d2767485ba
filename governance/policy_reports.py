"""What is known about a version before anybody reads it: checks, coverage, cost, and whether it fits what is in force.

A report is made when it is first asked for, in the limited process, and kept until what it rests on changes.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from itertools import islice
from typing import Any

from django.utils import timezone

from audit.record import digest_of
from governance import corpus, kinds, policy_checks
from governance.authoring.cases import Case
from governance.authoring.checks import Finding, Report, conflicts
from governance.authoring.compile import library_source
from governance.authoring.compile.library import own_lines
from governance.authoring.rule import Rule
from governance.bundle import BrokenPolicy, Source, module, mover
from governance.engines import limited, opa_checks, opa_cli
from governance.errors import Conflict
from governance.models import Policy, PolicyReport, PolicySetMember, PolicyVersion

# How many stored documents, and how many policies in force, one report looks at.
MOST_STORED = 40
MOST_NEIGHBOURS = 60
# Processor time of all checks together: twice what a policy beside sixty others takes.
REPORT_CPU_S = 3.0


@dataclass(frozen=True, slots=True)
class FindingView:
    """severity: error or warning; document: the one that shows it, None where there is none."""

    check: str
    severity: str
    message: str
    line: int = 0
    column: int = 0
    document: Any = None


@dataclass(frozen=True, slots=True)
class ReportView:
    """mutation_score: 0 to 1; cost_ratio: times a simple policy; both None where they could not be taken.

    covered and uncovered are line numbers of the Rego that the cases reach, and do not; finished: no check was
    stopped for the time it took, or for others that were being made.
    """

    findings: list[FindingView] = field(default_factory=list)
    mutation_score: float | None = None
    cost_ratio: float | None = None
    covered: list[int] = field(default_factory=list)
    uncovered: list[int] = field(default_factory=list)
    cases: int = 0
    neighbours: int = 0
    documents: int = 0
    took_ms: int = 0
    made_at: datetime | None = None
    finished: bool = True

    @property
    def errors(self) -> int:
        return sum(f.severity == "error" for f in self.findings)

    @property
    def warnings(self) -> int:
        return sum(f.severity == "warning" for f in self.findings)

    @property
    def coverage(self) -> float | None:
        """The share of lines that the cases reach, 0 to 1."""
        total = len(self.covered) + len(self.uncovered)
        return len(self.covered) / total if total else None


def report(version: PolicyVersion) -> ReportView:
    """The report of a version, made now if there is none that still holds. Takes about a second then."""
    neighbours = _neighbours(version)
    basis = _basis(version, neighbours)
    kept = PolicyReport.objects.filter(version=version, basis=basis).first()
    if kept is not None:
        return _view(kept.body, kept.took_ms, kept.made_at)
    started = time.monotonic()
    made = make(
        version.rego,
        version.policy.entity,
        cases=cases_of(version.cases),
        rule=version.rule,
        stored=_stored(version),
        name=version.policy.identifier,
        neighbours=neighbours,
    )
    took_ms = int((time.monotonic() - started) * 1000)
    if not made.finished:
        # A busy machine may be the reason: the next reader has it made again.
        return replace(made, took_ms=took_ms)
    kept, _ = PolicyReport.objects.update_or_create(
        version=version, defaults={"basis": basis, "body": _body(made), "took_ms": took_ms}
    )
    return _view(kept.body, took_ms, kept.made_at)


def of_text(
    rego: str,
    entity: str,
    *,
    cases: Sequence[Case] = (),
    rule: Mapping[str, Any] | None = None,
    limits: opa_cli.Limits = opa_checks.CHECKING,
) -> ReportView:
    """The report of a text that is not kept, beside nothing that is in force."""
    return make(rego, entity, cases=cases, rule=rule or {}, limits=limits)


def make(
    rego: str,
    entity: str,
    *,
    cases: Sequence[Case],
    rule: Mapping[str, Any],
    stored: Sequence[Any] = (),
    name: str = "policy",
    neighbours: Sequence[Neighbour] = (),
    limits: opa_cli.Limits = opa_checks.CHECKING,
) -> ReportView:
    """Run every check on a module. Evaluates only in limited processes."""
    typed = Rule.model_validate(rule) if rule else None
    examples = corpus.documents(entity)
    covered: list[int] = []
    uncovered: list[int] = []
    # What a compiled policy brings from the shared library is left out.
    own = own_lines(rego)
    with limited.budget(REPORT_CPU_S) as budget:
        checked = opa_checks.check_policy(
            rego, entity, cases=cases, corpus=examples, rule=typed, limits=limits
        )
        found = [*_narrowed(checked, cases)]
        if budget.left_s > 0 and not any(f.check in ("parse", "reference") for f in found):
            covered, uncovered = (sorted(set(rows) & own) for rows in (checked.reached, checked.missed))
            found += _fit(name, rego, cases, [*stored, *examples[:MOST_STORED]], neighbours)
    return ReportView(
        findings=[FindingView(**asdict(f)) for f in found],
        mutation_score=checked.mutation_score,
        cost_ratio=checked.cost_ratio,
        covered=covered,
        uncovered=uncovered,
        cases=len(cases),
        neighbours=len(neighbours),
        documents=len(stored) + len(examples),
        made_at=timezone.now(),
        finished=budget.left_s > 0,
    )


def refuse_costly(version: PolicyVersion) -> None:
    """Raises Conflict when a large document would take far longer than with another policy.

    One slow policy slows every save it applies to.
    """
    for finding in _cost_of(version.rego, version.policy.entity, json.dumps(version.rule)):
        raise Conflict(f"version {version.number} cannot be put in force: {finding}")


def _cost_of(rego: str, entity: str, rule: str) -> tuple[str, ...]:
    """What passed once passes again; a refusal is found anew, as it may be a time-out."""
    if len(_cheap) > MOST_REMEMBERED:
        _cheap.clear()
    if (rego, entity, rule) in _cheap:
        return ()
    typed = Rule.model_validate(json.loads(rule)) if json.loads(rule) else None
    found = tuple(f.message for f in opa_checks.cost(rego, entity, typed))
    if not found:
        _cheap.add((rego, entity, rule))
    return found


_cheap: set[tuple[str, str, str]] = set()
MOST_REMEMBERED = 500


def cases_of(kept: Sequence[Any]) -> list[Case]:
    """The cases of a version as the checks take them; what is not one is left out."""
    return [
        Case(str(c.get("name", "")), c["document"], c["expect"])
        for c in kept
        if isinstance(c, dict) and "document" in c and c.get("expect") in ("deny", "allow")
    ]


def _narrowed(checked: Report, cases: Sequence[Case]) -> list[Finding]:
    """What denies every example but lets one of its own cases pass asks for much; it is not broken."""
    if not any(case.expect == "allow" for case in cases):
        return list(checked.findings)
    return [
        Finding("breadth", "warning", f"{f.message} Only documents made for this policy pass it.")
        if f.check == "breadth"
        else f
        for f in checked.findings
    ]


# --- beside what is in force --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A policy in force that is asked about the same documents. passing: documents it lets pass."""

    name: str
    source: Source
    passing: tuple[Any, ...]


def _neighbours(version: PolicyVersion) -> list[Neighbour]:
    """The active policies that sets of this scope and those above bind to the same kind, as errors."""
    scope = version.policy.scope
    members = PolicySetMember.objects.filter(
        policy_set__scope__in=scope.chain_ids,
        policy_set__entity=version.policy.entity,
        policy_set__enabled=True,
        policy_set__mode="enforce",
        severity="error",
    ).exclude(policy=version.policy)
    rows = Policy.objects.filter(pk__in=members.values("policy")).select_related("scope")
    active = PolicyVersion.objects.filter(policy__in=rows, state=PolicyVersion.State.ACTIVE)
    found = active.select_related("policy__scope").order_by("policy__scope__path", "policy__identifier")
    return [
        Neighbour(
            row.policy.name or row.policy.identifier,
            Source(
                f"{row.policy.scope.path}/{row.policy.identifier}", row.rego, row.content_sha256, row.rule
            ),
            tuple(c.document for c in cases_of(row.cases) if c.expect == "allow"),
        )
        for row in found[:MOST_NEIGHBOURS]
    ]


def _fit(
    name: str, rego: str, cases: Sequence[Case], documents: Sequence[Any], neighbours: Sequence[Neighbour]
) -> list[Finding]:
    if not neighbours:
        return []
    names = {n.source.id: n.name for n in neighbours}
    modules = {}
    for number, neighbour in enumerate(neighbours):
        try:
            modules[f"n{number}.rego"] = module(neighbour.source)
        except BrokenPolicy:
            # It keeps the bundle from being built at all, which the gate says loudly elsewhere.
            names.pop(neighbour.source.id)

    def decide(given: Sequence[Any]) -> dict[str, list[bool]]:
        said = opa_checks.decide_each(names, given, {"library.rego": library_source(), **modules})
        return {name: opa_checks.decide(rego, given), **{names[k]: v for k, v in said.items()}}

    passing = {n.name: n.passing for n in neighbours}
    passing[name] = tuple(c.document for c in cases if c.expect == "allow")
    try:
        return conflicts(name, passing, documents, decide)
    except opa_cli.OpaFailed as error:
        return [Finding("conflict", "warning", f"Could not be tried beside the policies in force: {error}")]


def _stored(version: PolicyVersion) -> list[Any]:
    kind = kinds.known().get(version.policy.entity)
    if kind is None or kind.stored is None:
        return []
    stored = islice(kind.stored(version.policy.scope), MOST_STORED)
    return [{kind.root or kind.name: document, "metadata": {}} for _, _, document in stored]


# --- kept ---------------------------------------------------------------------------------------


def _basis(version: PolicyVersion, neighbours: Sequence[Neighbour]) -> str:
    """Names everything a report rests on, but for stored documents: those move all the time."""
    parts = [
        version.content_sha256, version.policy.entity, version.policy.name, version.rule, version.cases,
        sorted((n.source.id, n.source.digest) for n in neighbours), mover(), policy_checks.MAX_REGO_BYTES,
    ]  # fmt: skip
    return digest_of(json.dumps(parts, sort_keys=True, default=str))


def _body(made: ReportView) -> dict[str, Any]:
    return {k: v for k, v in asdict(made).items() if k not in ("made_at", "took_ms")}


def _view(body: Mapping[str, Any], took_ms: int, made_at: datetime) -> ReportView:
    findings = [FindingView(**f) for f in body["findings"]]
    return ReportView(**{**body, "findings": findings}, took_ms=took_ms, made_at=made_at)
