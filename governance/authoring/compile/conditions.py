"""Conditions of a rule as lines of a Rego body.

Rego knows "undefined" besides true and false. Every line written here is either true or fails,
and what is negated is only ever applied to terms that are always defined.
"""

from __future__ import annotations

from typing import Any

from governance.authoring import clock, measures
from governance.authoring import rule as r
from governance.authoring.compile.body import Body
from governance.authoring.compile.terms import literal, safe_name, set_of
from governance.authoring.compile.values import add_test
from governance.authoring.fields.steps import DEPLOY_TYPES


def add(body: Body, condition: Any, want: bool) -> None:
    """Add lines that hold exactly when the condition does (`want`) or does not."""
    match condition:
        case r.Not():
            add(body, condition.of, not want)
        case r.All():
            _add_all(body, condition, want)
        case r.Any():
            _add_any(body, condition, want)
        case r.Test():
            add_test(body, condition, want)
        case r.Exists():
            _add_exists(body, condition, want)
        case r.Every():
            breach = r.Exists(
                each=condition.each,
                name=condition.name,
                where=_both(condition.where, r.Not(of=condition.demand)),
            )
            _add_exists(body, breach, not want, origin=condition)
        case _:
            line = _predicate(body, condition)
            if not want:
                body.add(f"not {line}")
            elif f"some {line}" not in body.lines:  # the loop goes through just these already
                body.add(line)


def _both(first: Any, second: Any) -> Any:
    return second if first is None else r.All(of=(first, second))


def _add_all(body: Body, condition: r.All, want: bool) -> None:
    if want:
        for part in condition.of:
            add(body, part, True)
    elif not condition.of:
        body.add("false")
    elif len(condition.of) == 1:
        add(body, condition.of[0], False)
    else:
        body.add(f"not {body.module.helper(body, condition, 'complies', (condition,))}")


def _add_any(body: Body, condition: r.Any, want: bool) -> None:
    if not want:
        for part in condition.of:
            add(body, part, False)
    elif not condition.of:
        body.add("false")
    elif len(condition.of) == 1:
        add(body, condition.of[0], True)
    else:
        body.add(body.module.helper(body, condition, "either", condition.of))


def _add_exists(body: Body, condition: r.Exists, want: bool, origin: Any = None) -> None:
    """A quantifier inline where it must hold, else as a helper that is negated."""
    if want and condition.name not in body.names:
        kept = dict(body.names)
        body.bind(condition.name, condition.each, condition.where)
        if condition.where is not None:
            add(body, condition.where, True)
        body.names = kept
        return
    prefix = "has" if origin is None else "has_bad"
    name = f"{prefix}_{condition.name}"
    call = body.module.helper(body, origin or condition, name, (condition,))
    body.add(call if want else f"not {call}")


def _predicate(body: Body, condition: Any) -> str:
    lib = body.module.lib
    match condition:
        case r.Order():
            return _order(body, condition)
        case r.DeploysToProduction():
            return f"{body.place(condition.stage).render()} in {lib('production')}"
        case r.RanBefore():
            types = body.module.named_set("earlier_types", condition.types)
            return f"{lib('ran_before')}({body.place(condition.stage).render()}, {types})"
        case r.ApprovedBefore():
            groups = [literal(measures.bare(group)) for group in condition.groups]
            deploys = condition.deploy_types or DEPLOY_TYPES
            arguments = (
                body.place(condition.stage).render(),
                set_of(groups),
                body.module.named_set("approval_types", condition.types),
                body.module.named_set("deploy_types", deploys),
            )
            return f"{lib('approved_before')}({', '.join(arguments)})"
        case r.UserInGroup():
            groups = [literal(measures.bare(group)) for group in condition.groups]
            return f"{lib('user_in_group')}({set_of(groups)})"
        case r.UserHasRole():
            return f"{lib('user_has_role')}({set_of([literal(x) for x in condition.roles])})"
        case r.During():
            return body.module.window(condition)
    raise TypeError(f"{condition!r} is not a condition")


def _order(body: Body, order: r.Order) -> str:
    lib = body.module.lib
    first, second = body.place(order.first).render(), body.place(order.second).render()
    if order.how == "same_stage":
        return f"{lib('stage_of')}({first}) == {lib('stage_of')}({second})"
    if order.how == "inside":
        return f"{lib('within')}({first}, {second})"
    if order.how == "in_front_of_deploys":
        types = body.module.named_set("deploy_types", order.deploy_types or DEPLOY_TYPES)
        return f"{lib('in_front')}({first}, {second}, {types})"
    return f"{lib(order.how)}({first}, {second})"


def window_lines(body: Body, window: r.During) -> list[str]:
    """The lines of a helper that holds inside a time window."""
    lib = body.module.lib
    clock.zone_of(window.zone)
    lines = [f"now := {lib('local_time')}({literal(window.zone)})"]
    if window.weekdays:
        lines.append(f"now.weekday in {set_of([literal(day) for day in window.weekdays])}")
    ranges = {
        "in_daily": clock.daily_minutes(window),
        "in_weekly": clock.weekly_minutes(window),
        "in_dates": clock.date_ranges(window),
        "in_yearly": list(window.yearly),
    }
    lines += [f"{lib(name)}(now, {literal(given)})" for name, given in ranges.items() if given]
    if window.months:
        lines.append(f"now.month in {set_of([literal(month) for month in window.months])}")
    if window.days_of_month:
        lines.append(f"now.day in {set_of([literal(day) for day in window.days_of_month])}")
    if window.last_days_of_month:
        lines.append(f"now.days_left < {window.last_days_of_month}")
    return lines if len(lines) > 1 else [*lines, "now.day > 0"]


def helper_name(name: str) -> str:
    """A name for a helper rule that shadows nothing."""
    return safe_name(name)
