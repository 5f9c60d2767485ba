"""Values and tests of a rule as Rego terms and lines."""

from __future__ import annotations

from typing import Any

from governance.authoring import measures
from governance.authoring import rule as r
from governance.authoring.compile.body import Body
from governance.authoring.compile.terms import literal, raw, set_of

FUNCTIONS = {
    "number": "number", "duration": "seconds", "quantity": "quantity", "version": "version",
    "instant": "instant", "reference": "bare",
}  # fmt: skip
ARITHMETIC = {"minus": "difference", "plus": "total", "times": "product_of", "over": "ratio"}
OPERATORS = {"less_than": "<", "at_most": "<=", "more_than": ">", "at_least": ">="}
FLIPPED = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!="}
TEXT_FUNCTIONS = {
    "starts_with": "starts_with", "ends_with": "ends_with", "contains": "contains_text",
    "has_word": "has_word", "matches": "matches", "present": "present",
    "runtime_input": "runtime_input", "expression": "has_expression",
}  # fmt: skip


def value_term(body: Body, value: Any, measure: str) -> str:
    """A value under a measure as a term that is always defined."""
    lib = body.module.lib
    match value:
        case r.Field():
            term = body.total(value)
            return f"{lib(FUNCTIONS[measure])}({term})" if measure in FUNCTIONS else term
        case r.Constant():
            return constant(body, value.value, measure)
        case r.Length():
            return f"{lib('size')}({body.total(value.of)})"
        case r.CountOf():
            return f"count({_collected(body, value, '1')})"
        case r.Fold():
            return _fold(body, value, measure)
        case r.Arithmetic():
            left = value_term(body, value.left, measure)
            right = value_term(body, value.right, measure)
            return f"{lib(ARITHMETIC[value.op])}({left}, {right})"
    raise TypeError(f"{value!r} is not a value")


def constant(body: Body, value: Any, measure: str) -> str:
    """A literal under a measure; durations, quantities and versions stay as people wrote them."""
    parsed = measures.parse_literal(value, measure)
    if isinstance(value, str) and measure in ("duration", "quantity", "version", "instant"):
        return f"{body.module.lib(FUNCTIONS[measure])}({literal(value)})"
    return literal(parsed)


def _collected(body: Body, over: Any, head: str, value: Any = None, measure: str = "") -> str:
    """An array comprehension over the elements of a quantifier that satisfy its `where`."""
    from governance.authoring.compile.conditions import add

    inner = body.inner()
    inner.bind(over.name, over.each, over.where)
    if over.where is not None:
        add(inner, over.where, True)
    if value is not None:
        inner.lines.append(f"{head} := {value_term(inner, value, measure)}")
        inner.lines.append(f"{head} != null")
    return f"[{head} | {'; '.join(inner.finished())}]"


def _fold(body: Body, fold: r.Fold, measure: str) -> str:
    as_number = "number" if measure == "plain" else measure
    collected = _collected(body, fold, "amount", fold.value, as_number)
    if fold.how == "sum":
        return f"sum({collected})"
    return f"{body.module.lib(fold.how)}({collected})"


def add_test(body: Body, test: r.Test, want: bool) -> None:
    """Add the line for a comparison, or for its opposite."""
    if test.op in OPERATORS:
        _add_comparison(body, test, want)
    elif test.op == "is" and test.measure != "licence":
        _add_equality(body, test, want)
    else:
        _add_text_test(body, test, want)


def _line(body: Body, line: str, want: bool) -> None:
    body.add(line if want else f"not {line}")


def _add_comparison(body: Body, test: r.Test, want: bool) -> None:
    term = value_term(body, test.value, test.measure)
    if test.to_value is not None:
        other = value_term(body, test.to_value, test.measure)
    elif not test.to:
        body.add(*([] if not want else ["false"]))
        return
    else:
        # Any of several limits: the loosest decides.
        loosest = max if test.op in ("less_than", "at_most") else min
        chosen = loosest(test.to, key=lambda limit: measures.parse_literal(limit, test.measure))
        other = constant(body, chosen, test.measure)
        if isinstance(test.value, r.CountOf | r.Length) and test.measure in ("plain", "number"):
            operator = OPERATORS[test.op]
            body.add(f"{term} {operator if want else FLIPPED[operator]} {other}")
            return
    if test.ignore_case:
        lowered = body.module.lib("lowered")
        term, other = f"{lowered}({term})", f"{lowered}({other})"
    _line(body, f"{body.module.lib(test.op)}({term}, {other})", want)


def _add_equality(body: Body, test: r.Test, want: bool) -> None:
    lib = body.module.lib
    if test.to_value is not None:
        sides = [value_term(body, side, test.measure) for side in (test.value, test.to_value)]
        if test.ignore_case:
            sides = [f"{lib('lowered')}({side})" for side in sides]
        _line(body, f"{lib('same')}({sides[0]}, {sides[1]})", want)
        return
    options = [measures.parse_literal(option, test.measure) for option in test.to]
    if test.ignore_case:
        options = [o.lower() if isinstance(o, str) else o for o in options]
    terms = list(dict.fromkeys(literal(option) for option in options))
    if not terms:
        body.add(*([] if not want else ["false"]))
        return
    value = test.value
    direct = value if test.measure == "plain" and not test.ignore_case else None
    if isinstance(direct, r.Field) and len(terms) == 1 and (want or direct.path):
        _line(body, f"{body.reference(direct)} == {terms[0]}", want)
        return
    if isinstance(direct, r.Field) and want:
        term = body.reference(direct)
    else:
        term = value_term(body, test.value, test.measure)
        term = f"{lib('lowered')}({term})" if test.ignore_case else term
    if len(terms) == 1:
        body.add(f"{term} {'==' if want else '!='} {terms[0]}")
    else:
        _line(body, f"{term} in {body.module.constant(test, terms)}", want)


def _add_text_test(body: Body, test: r.Test, want: bool) -> None:
    lib = body.module.lib
    prefixed = test.op == "scope_is"  # the prefix is what is asked for
    measure = test.measure if test.measure == "reference" and not prefixed else "plain"
    term = value_term(body, test.value, measure)
    if test.op == "exists":
        body.add(f"{term} {'!=' if want else '=='} null")
        return
    if test.ignore_case and test.op not in ("matches", "has_word", "is"):
        term = f"{lib('lowered')}({term})"
    if test.op in ("present", "runtime_input", "expression"):
        _line(body, f"{lib(TEXT_FUNCTIONS[test.op])}({term})", want)
        return
    options = _options(body, test, measure)
    if test.op == "scope_is":
        _line(body, f"{lib('scope_of')}({term}) in {options}", want)
    elif test.op == "is":
        _line(body, f"{lib('licensed')}({term}, {options})", want)
    else:
        _line(body, f"{lib(TEXT_FUNCTIONS[test.op])}({term}, {options})", want)


def _options(body: Body, test: r.Test, measure: str) -> str:
    """The alternatives of a test on text as a set."""
    if test.to_value is not None:
        other = value_term(body, test.to_value, measure)
        if test.measure == "licence":
            return f"{body.module.lib('licence_ids')}({other})"
        if test.ignore_case and test.op != "matches":
            other = f"{body.module.lib('lowered')}({other})"
        return set_of([other])
    if test.measure == "licence":
        terms = [literal(measures.licence_id(str(text))) for text in test.to]
    elif test.op == "matches":
        patterns = (text for text in test.to if isinstance(text, str))
        terms = [raw(f"(?i){p}" if test.ignore_case else p) for p in patterns]
    else:
        texts = [measures.bare(t) if measure == "reference" else t for t in test.to]
        texts = [t.lower() if test.ignore_case and isinstance(t, str) else t for t in texts]
        terms = [literal(text) for text in texts if isinstance(text, str)]
    return body.module.constant(test, terms)
