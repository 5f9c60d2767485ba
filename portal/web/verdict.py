"""A refusal or an admission as a page shows it: title, sentence, the six steps, and each objection."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

from governance.admission import Admitted
from governance.errors import Refused, Violation
from governance.kinds import Change
from governance.models import Policy, PolicySet, PolicyVersion
from portal.web.code import Finding
from portal.web.shell import address

STEPS = ("Asked", "You may edit here", "Well formed", "Template expanded", "Policy gate", "Saved")
# How many steps a refusal passed before the one that refused.
REACHED = {
    "denied": 1,
    "not_found": 1,
    "invalid": 2,
    "too_many_requests": 2,
    "blocked": 4,
    "gate_unavailable": 4,
    "conflict": 5,
}
LOOK = {"admitted": "gate-open", "gate_unavailable": "gate-unknown", "blocked": ""}


@dataclass(frozen=True, slots=True)
class Step:
    """One of the steps of admission. state: ok, open, shut, unk (no answer) or off (not reached)."""

    state: str
    title: str
    note: str
    icon: str = ""


@dataclass(frozen=True, slots=True)
class Objection:
    """A violation with the names, the person's sentence and the addresses that a page shows beside it."""

    severity: str
    message: str
    policy_name: str
    line: int = 0
    path: str = ""
    fix: str = ""
    policy_url: str = ""
    set_name: str = ""
    set_url: str = ""
    set_scope: str = ""
    request: str = ""
    because: str = ""
    verb: str = "Blocks the save"
    policy_ref: str = ""
    exempt_url: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    code: str
    title: str
    sentence: str
    spoken: str
    rail: list[Step]
    evaluation: str = ""
    evaluation_url: str = ""
    event: str = ""
    event_url: str = ""
    objections: list[Objection] = field(default_factory=list)
    problems: Sequence[Any] = field(default_factory=tuple)

    @property
    def look(self) -> str:
        return LOOK.get(self.code, "gate-idle")

    @property
    def blocking(self) -> list[Objection]:
        return [o for o in self.objections if o.severity != "warning"]

    @property
    def warning(self) -> list[Objection]:
        return [o for o in self.objections if o.severity == "warning"]


def of_refusal(refusal: Refused, change: Change, *, what: str, who: str, verb: str = "saved") -> Verdict:
    """What to say of a change that was refused. what: "Version 5"; verb: past participle ("saved", "run")."""
    evaluation = str(refusal.decision.evaluation_id) if refusal.decision else ""
    objections = _with_ways_out(objections_of(refusal.violations, change.scope, verb), change, evaluation)
    title, sentence = _words(refusal, objections, what, verb)
    return Verdict(
        code=refusal.code,
        title=title,
        sentence=sentence,
        spoken=f"{title} {sentence}",
        rail=rail_of(refusal.code, who, verb, _asked(refusal.decision)),
        evaluation=evaluation,
        evaluation_url=address("evaluation", change.scope.replace("/", "."), evaluation)
        if evaluation
        else "",
        event=refusal.audit_event,
        event_url=address("audit_event", change.scope.replace("/", "."), refusal.audit_event)
        if refusal.audit_event
        else "",
        objections=objections,
        problems=refusal.problems,
    )


def of_admission(done: Admitted, change: Change, *, title: str, who: str, sentence: str = "") -> Verdict:
    """What to say of a change that was kept."""
    objections = objections_of(done.warnings, change.scope, "saved")
    warned = f"{len(objections)} warned. " if objections else ""
    return Verdict(
        code="admitted",
        title=title,
        sentence=f"{warned}{sentence}".strip(),
        spoken=title,
        rail=rail_of("admitted", who, "saved", ""),
        evaluation=done.evaluation,
        evaluation_url=address("evaluation", change.scope.replace("/", "."), done.evaluation)
        if done.evaluation
        else "",
        event=done.audit_event,
        objections=objections,
    )


def kept_rail(who: str, asked: str = "") -> list[Step]:
    """The six steps of a change that was kept."""
    return rail_of("admitted", who, "saved", asked)


def of_dry_run(decisions: Sequence[Any], change: Change, *, what: str, who: str) -> Verdict:
    """What the gate would say of a change that was only tried: never more than "would"."""
    violations = [v for d in decisions for v in (*d.errors, *d.warnings)]
    objections = objections_of(violations, change.scope)
    silent = next((d for d in decisions if d.unavailable), None)
    stops = sum(o.severity != "warning" for o in objections)
    code = "gate_unavailable" if silent else ("blocked" if stops else "admitted")
    if silent:
        title, sentence = "The gate gave no answer", str(silent.unavailable)
    elif stops:
        title = f"{what} would be blocked"
        sentence = "One policy would block it." if stops == 1 else f"{stops} policies would block it."
    else:
        title, sentence = f"{what} would pass the gate", "Nothing was saved."
    evaluation = str(decisions[0].evaluation_id) if decisions else ""
    return Verdict(
        code=code,
        title=title,
        sentence=sentence,
        spoken=title,
        rail=rail_of(code, who, "saved", _asked(decisions[0]) if decisions else "not gated")[:5],
        evaluation=evaluation,
        evaluation_url=address("evaluation", change.scope.replace("/", "."), evaluation)
        if evaluation
        else "",
        objections=objections,
    )


def _words(refusal: Refused, objections: list[Objection], what: str, verb: str) -> tuple[str, str]:
    kept = "Your text is still here." if verb == "saved" else "What you filled in is still here."
    if refusal.code == "blocked":
        stops = sum(o.severity != "warning" for o in objections)
        warns = len(objections) - stops
        who = "One policy blocks this" if stops == 1 else f"{stops} policies block this"
        more = "" if not warns else (" and one warns" if warns == 1 else f" and {warns} warn")
        return f"The gate stayed closed. {what} was not {verb}.", f"{who}{more}. {kept}"
    if refusal.code == "gate_unavailable":
        return (
            f"Not {verb}: the gate gave no answer",
            f"{refusal} Without an answer nothing is {verb}. {kept} Try again in a moment.",
        )
    if refusal.code == "invalid":
        count = len(refusal.problems)
        things = "One thing is" if count == 1 else f"{count} things are"
        return (
            f"{what} was not {verb}: not well formed",
            f"{things} to correct; the gate was not asked. {kept}",
        )
    if refusal.code == "too_many_requests":
        return f"Not {verb}: the server is busy", f"{_sentence(refusal)} {kept}"
    if refusal.code == "conflict":
        return f"{what} was not {verb}: somebody was faster", f"{_sentence(refusal)} {kept}"
    if refusal.code == "denied":
        return f"{what} was not {verb}: you may not do this here", f"{_sentence(refusal)} {kept}"
    return f"{what} was not {verb}", f"{_sentence(refusal)} {kept}"


def _sentence(refusal: Refused) -> str:
    text = str(refusal).strip()
    text = text[:1].upper() + text[1:]
    return text if text.endswith(".") else f"{text}."


def _asked(decision: Any) -> str:
    if decision is None:
        return ""
    details = getattr(decision, "details", None) or []
    took_ms = getattr(decision, "duration_us", 0) / 1000
    count = len(details)
    asked = f"{count} {'policy' if count == 1 else 'policies'} asked" if count else "asked"
    return f"{asked} · {took_ms:.0f}\u202fms" if took_ms else asked


def rail_of(code: str, who: str, verb: str, asked: str) -> list[Step]:
    reached = REACHED.get(code, 6)
    last = verb.capitalize()
    titles = [*STEPS[:5], last]
    if verb != "saved":
        titles[1] = "You may do this here"
    steps = []
    for index, title in enumerate(titles):
        if index < reached:
            note = who if index == 0 else (asked if index == 4 else "")
            state, icon = ("ok open", "open") if index == 4 else ("ok", "check")
            steps.append(Step(state, title + (": open" if index == 4 else ""), note, icon))
        elif index == reached:
            steps.append(_stopped(code, title, asked))
        else:
            steps.append(Step("off", title, "not reached"))
    return steps


def _stopped(code: str, title: str, asked: str) -> Step:
    if code == "blocked":
        return Step("shut", f"{title}: closed", asked, "shut")
    if code == "gate_unavailable":
        return Step("unk", f"{title}: no answer", asked or "nobody knows", "plug")
    icon = {"denied": "lock", "too_many_requests": "clock", "invalid": "braces", "conflict": "swap"}.get(
        code, "x"
    )
    note = {
        "too_many_requests": "no turn was free",
        "denied": "you may not",
        "invalid": "not well formed",
        "conflict": "somebody was faster",
    }
    return Step(f"shut shut-{code}", title, note.get(code, "refused"), icon)


def objections_of(violations: Iterable[Violation], scope: str, verb: str = "saved") -> list[Objection]:
    """Violations with what people need beside them; errors before warnings."""
    found = list(violations)
    policies = _policies(found)
    sets = _sets(found)
    shown = [_objection(v, policies, sets, scope, verb) for v in found]
    return sorted(shown, key=lambda o: (o.severity == "warning", o.line or 1 << 30))


def _with_ways_out(found: list[Objection], change: Change, evaluation: str) -> list[Objection]:
    """Each objection that blocks, with where an exemption from it is asked for."""
    form = address("exemption_new", change.scope.replace("/", "."))
    if not form or not evaluation:
        return found
    return [
        replace(o, exempt_url=f"{form}?{_asked_of(o, evaluation)}")
        if o.policy_ref and o.severity != "warning"
        else o
        for o in found
    ]


def _asked_of(objection: Objection, evaluation: str) -> str:
    return urlencode({"evaluation": evaluation, "policy": objection.policy_ref, "path": objection.path})


def _policies(found: list[Violation]) -> dict[str, tuple[Policy, PolicyVersion | None]]:
    wanted = {v.policy.rpartition("/")[2] for v in found}
    rows = Policy.objects.filter(identifier__in=wanted).select_related("scope")
    active = PolicyVersion.objects.filter(policy__in=rows, state="active").select_related("author")
    by_policy = {v.policy_id: v for v in active}
    return {f"{p.scope.path}/{p.identifier}": (p, by_policy.get(p.pk)) for p in rows}


def _sets(found: list[Violation]) -> dict[str, PolicySet]:
    wanted = {v.policy_set.rpartition("/")[2] for v in found if v.policy_set}
    rows = PolicySet.objects.filter(identifier__in=wanted).select_related("scope")
    return {f"{s.scope.path}/{s.identifier}": s for s in rows}


def _of(table: dict[str, Any], scope: str, identifier: str) -> Any:
    """By full path, else by identifier when only one has it."""
    if found := table.get(f"{scope}/{identifier}") or table.get(identifier):
        return found
    alike = [value for key, value in table.items() if key.rpartition("/")[2] == identifier.rpartition("/")[2]]
    return alike[0] if len(alike) == 1 else None


def _objection(v: Violation, policies: Any, sets: Any, scope: str, verb: str) -> Objection:
    policy, version = _of(policies, v.policy_scope, v.policy) or (None, None)
    bound = _of(sets, v.scope, v.policy_set)
    return Objection(
        severity=v.severity,
        message=v.message,
        policy_name=policy.name if policy else v.policy,
        line=v.line,
        path=v.path,
        fix=v.fix,
        policy_url=address("policy", policy.scope.dotted, policy.identifier) if policy else "",
        set_name=bound.name if bound else v.policy_set,
        set_url=address("policy_set", bound.scope.dotted, bound.identifier) if bound else "",
        set_scope=bound.scope.path if bound else v.scope,
        request=version.request if version else "",
        because=f"Asked for by {version.author.display_name}." if version and version.request else "",
        verb={"saved": "Blocks the save", "run": "Blocks the run"}.get(verb, "Blocks this"),
        policy_ref=f"{policy.scope.path}/{policy.identifier}" if policy else "",
    )


def findings_of(verdict: Verdict) -> list[Finding]:
    """The same objections for the editor's lines."""
    rows = [Finding("invalid", "Not well formed:", p.message, p.line, p.path) for p in verdict.problems]
    for o in verdict.objections:
        lead = f"Warning from {o.policy_name}." if o.severity == "warning" else f"Blocked by {o.policy_name}."
        rows.append(
            Finding("warning" if o.severity == "warning" else "error", lead, o.message, o.line, o.path)
        )
    return rows
