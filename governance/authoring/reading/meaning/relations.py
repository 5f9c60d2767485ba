"""What it means that a thing has others: inside it, before it, approved, scanned, counted."""

from __future__ import annotations

from dataclasses import replace

from governance.authoring import rule as r
from governance.authoring.facts import Facts
from governance.authoring.reading.meaning.nesting import count, document_at, exists
from governance.authoring.reading.meaning.typed import (
    STEPS,
    At,
    Kind,
    Misread,
    Pred,
    Things,
    all_of,
    any_of,
    negate,
)

SUMMARY = "scan_outputs"
DEPLOYING = ("production", "deployment")


def has(things: Things, facts: Facts) -> Pred:
    """The thing at hand has these things: at least one, none, or as many as was said."""

    def pred(at: At) -> r.Condition:
        if things.none:
            return negate(_has_some(replace(things, none=False), at.negated(), facts))
        return _has_some(things, at, facts)

    return pred


def _has_some(things: Things, at: At, facts: Facts) -> r.Condition:
    if things.role == "severity" and not things.only:
        return _findings(things, at)
    if things.types[:1] and things.types[0].startswith("NEW_"):
        raise Misread("which of the findings are new is only counted")
    if things.how_many and things.kind.name == "approver_groups" and "group" not in things.words:
        return _approvers(things, at, facts)
    if things.how_many and things.role == "approval" and not things.order and at.kind.spec is not None:
        return _approvals(things, at, facts)
    if things.how_many:
        return all_of([_counted(op, n, things, at) for op, n in things.how_many])
    if things.each_type and at.asked:
        one = [replace(things, base=(of_type(t),), types=(t,), each_type=False) for t in things.types]
        return all_of([_has_some(t, at, facts) for t in one])
    if _in_front(things, at):
        return approved(replace(things, order=""), at, facts)
    if things.order:
        return ordered(things, at, facts)
    if things.role == "approval" or things.groups:
        return approved(things, at, facts)
    if things.role == "scan" and at.kind.element == "step":
        return ordered(replace(things, order="before"), at, facts)
    if things.role == "scan" and at.kind.element == "stage" and at.role in ("production", "deployment"):
        return r.RanBefore(stage=at.ref, types=things.types)
    return exists(at, things)


def _in_front(things: Things, at: At) -> bool:
    """An approval before a deployment stage: in an earlier one, or in front of all that deploys in it."""
    approval = bool(things.types) and all(t.endswith("Approval") for t in things.types)
    return things.order == "before" and approval and at.kind.element == "stage" and at.role in DEPLOYING


def of_type(literal: str) -> Pred:
    return lambda at: r.Test(value=r.Field(of=at.ref, path=("type",)), op="is", to=(literal,))


def _approvers(things: Things, at: At, facts: Facts) -> r.Condition:
    """Two approvers: the number an approval step asks for, here or in front of a deployment."""

    def enough(step: At) -> r.Condition:
        value = r.Field(of=step.ref, path=("spec", "approvers", "minimumCount"))
        return all_of(
            [r.Test(value=value, op=op, to=(int(n),), measure="number") for op, n in things.how_many]
        )

    if at.kind.element == "step":
        return enough(at)
    step = Kind(at.kind.entity, at.kind.entity.collection(STEPS))
    types = ("HarnessApproval",)
    return approved(Things(step, only=(enough,), types=types, role="approval"), at, facts)


def _approvals(things: Things, at: At, facts: Facts) -> r.Condition:
    """Two approvals in front: one step that asks for two approvers, or two steps."""
    if at.kind.element != "stage" or any(op not in ("at_least", "is") for op, _ in things.how_many):
        raise Misread("so many approvals of one step")
    number = things.how_many[0][1]
    one = replace(things, how_many=(("at_least", number),))
    path = ("spec", "approvers", "minimumCount")

    def enough(step: At) -> r.Condition:
        return r.Test(
            value=r.Field(of=step.ref, path=path), op="at_least", to=(int(number),), measure="number"
        )

    single = approved(replace(one, how_many=(), only=(*things.only, enough)), at, facts)
    inner = replace(document_at(at), asked=True).bind(things.kind)
    parts = [p(inner) for p in (*things.base, *things.only)]
    if things.groups:
        parts.append(approver_in(things.groups)(inner))
    parts.append(any_of([
        r.Order(first=inner.ref, second=at.ref, how="before"),
        r.Order(first=inner.ref, second=at.ref, how="in_front_of_deploys", deploy_types=facts.deploy_steps),
    ]))  # fmt: skip
    several = r.CountOf(each=r.Named(name="steps"), name=inner.ref, where=all_of(parts))
    many = r.Test(value=several, op="at_least", to=(int(number),), measure="number")
    return any_of([single, many])


def _counted(op: r.Op, number: float, things: Things, at: At) -> r.Condition:
    to = int(number) if number == int(number) else number
    return r.Test(value=count(at, things), op=op, to=(to,), measure="number")


def _findings(things: Things, at: At) -> r.Condition:
    """So many findings of several severities: together, or of each where that is chosen."""
    if things.apart is None or not things.how_many or not at.choices.second(things.apart):
        return _summary(things, at)
    each = [_summary(replace(things, types=(level,)), at) for level in things.types]
    upper = all(op in ("at_most", "less_than") for op, _ in things.how_many)
    return (all_of if upper else any_of)(each)


def _summary(things: Things, at: At) -> r.Condition:
    """Findings by severity are counted in the summary of the scan, as texts."""
    entity = at.kind.entity
    kind = Kind(entity, entity.collection(SUMMARY))
    inner = at.bind(kind)
    fields = [r.Field(of=inner.ref, path=(level,)) for level in things.types]
    bounds = things.how_many or (("more_than", 0.0),)
    upper: dict[r.Op, r.Op] = {"at_most": "more_than", "less_than": "at_least"}
    if all(op in upper for op, _ in bounds):  # a result without the number breaks no upper bound
        broken = tuple((upper[op], n) for op, n in bounds)
        return negate(_summary(replace(things, how_many=broken), at))
    tests = [_sum_is(fields, op, n) for op, n in bounds]
    return r.Exists(each=r.Named(name=SUMMARY), name=inner.ref, where=all_of(tests))


def _sum_is(fields: list[r.Field], op: r.Op, number: float) -> r.Condition:
    """Several counts together are so many; where one of them is not reported the others still count."""

    def reaches(value: r.Value) -> r.Condition:
        return r.Test(value=value, op=op, to=(int(number),), measure="number")

    together: r.Value = fields[0]
    for field in fields[1:]:
        together = r.Arithmetic(op="plus", left=together, right=field)
    lower = op in ("more_than", "at_least") and len(fields) > 1
    each = [reaches(field) for field in fields] if lower else []
    none_at_all = lower and (op, number) in (("more_than", 0), ("at_least", 1))
    return any_of(each if none_at_all else [reaches(together), *each])


def approver_in(groups: tuple[str, ...]) -> Pred:
    """The approval step lists one of the groups."""

    def pred(at: At) -> r.Condition:
        inner = at.fresh("approver")
        each = r.Items(of=at.ref, path=("spec", "approvers", "userGroups"))
        test = r.Test(value=r.Field(of=inner), op="is", to=groups, measure="reference")
        return r.Exists(each=each, name=inner, where=test)

    return pred


def approved(things: Things, at: At, facts: Facts) -> r.Condition:
    """An approval, by one of the groups if some are named, before what is approved."""
    if things.each_group:
        one = [replace(things, groups=(g,), each_group=False) for g in things.groups]
        return all_of([approved(t, at, facts) for t in one])
    if at.kind.spec is None and at.deploys:
        raise Misread("an approval stands in front of what is deployed")
    types = ("HarnessApproval",) if things.groups else things.types or ("HarnessApproval",)
    if at.kind.element == "stage" and not things.only:
        return r.ApprovedBefore(
            stage=at.ref, groups=things.groups, types=types, deploy_types=facts.deploy_steps
        )
    step = Kind(at.kind.entity, at.kind.entity.collection(STEPS))
    inner = replace(document_at(at), asked=True).bind(step)
    parts: list[r.Condition] = [r.Test(value=r.Field(of=inner.ref, path=("type",)), op="is", to=types)]
    if things.groups:
        parts.append(approver_in(things.groups)(inner))
    parts += [p(inner) for p in things.only]
    if at.kind.element == "stage":
        parts.append(any_of([
            r.Order(first=inner.ref, second=at.ref, how="before"),
            r.Order(first=inner.ref, second=at.ref, how="in_front_of_deploys", deploy_types=facts.deploy_steps),
        ]))  # fmt: skip
    elif at.kind.element == "step":
        parts.append(r.Order(first=inner.ref, second=at.ref, how="before"))
    return r.Exists(each=r.Named(name="steps"), name=inner.ref, where=all_of(parts))


def _behind_deploys(step: At, stage: At, facts: Facts) -> r.Condition:
    """A step of the deployment stage itself, behind a step that deploys."""
    deploy = replace(step, ref=step.fresh("deploy"))
    return all_of([
        r.Order(first=step.ref, second=stage.ref, how="same_stage"),
        r.Exists(each=r.Named(name="steps", within=stage.ref), name=deploy.ref, where=all_of([
            of_type_among(facts.deploy_steps)(deploy),
            r.Order(first=deploy.ref, second=step.ref, how="before"),
        ])),
    ])  # fmt: skip


def of_type_among(types: tuple[str, ...]) -> Pred:
    return lambda at: r.Test(value=r.Field(of=at.ref, path=("type",)), op="is", to=types)


def ordered(things: Things, at: At, facts: Facts) -> r.Condition:
    """Some of these things stand before, after or in the same stage as the thing at hand."""
    if at.kind.spec is None:
        raise Misread("there is nothing to stand before or after")
    way, wanted = things.order.partition("+")[0], things.order
    inner = replace(document_at(at), asked=True).bind(things.kind)
    parts: list[r.Condition] = [p(inner) for p in (*things.base, *things.only)]
    if things.groups:
        parts = [of_type("HarnessApproval")(inner), approver_in(things.groups)(inner)]
        parts += [p(inner) for p in things.only]
    mine = inner.ref
    if "directly" in way and things.kind.element == "step" and at.kind.element == "stage":
        mine = f"{inner.ref}.stage"
    if way.startswith("stage_") and things.kind.element == "step":
        mine = f"{inner.ref}.stage"
    theirs = f"{at.ref}.stage" if way.startswith("stage_") and at.kind.element == "step" else at.ref
    how = way.removeprefix("stage_")
    if how == "before":
        parts.append(r.Order(first=mine, second=theirs, how="before"))
    elif how == "after":
        later = r.Order(first=theirs, second=mine, how="before")
        inside = things.kind.element == "step" and at.role in ("production", "deployment")
        parts.append(
            any_of([later, _behind_deploys(inner, at, facts)]) if inside and mine == inner.ref else later
        )
    elif how == "directly_before":
        parts.append(r.Order(first=mine, second=theirs, how="directly_before"))
    elif how == "directly_after":
        parts.append(r.Order(first=theirs, second=mine, how="directly_before"))
    if wanted.endswith("+same_stage") or how == "same_stage" or at.same_stage:
        parts.append(r.Order(first=inner.ref, second=at.ref, how="same_stage"))
    if inner.ref != at.ref and things.kind.spec is not None:
        name = "steps" if things.kind.name == STEPS else things.kind.name
        return r.Exists(each=r.Named(name=name), name=inner.ref, where=all_of(parts))
    return exists(at, replace(things, order=""))
