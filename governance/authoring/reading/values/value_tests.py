"""Tests of a value as conditions: compared with bounds, among literals, at a host, below a path."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from governance.authoring import measures
from governance.authoring import rule as r
from governance.authoring.reading.meaning.nesting import through
from governance.authoring.reading.meaning.typed import (
    At,
    Pred,
    Prop,
    all_of,
    any_of,
    either,
    kind_at,
    negated,
)
from governance.authoring.reading.values.amounts import Amount, Comparison

LICENCE_FAMILIES = ("GPL", "AGPL", "LGPL", "MPL", "BSD", "Apache", "EPL", "CDDL", "CC", "EUPL")
ValueTest = Callable[[r.Value, At], r.Condition]


def tested_by(prop: Prop, test: ValueTest) -> Pred:
    return lambda at: through(at, prop, test)


def compare(prop: Prop, comparison: Comparison) -> Pred:
    """A test of a value against one or two bounds, under the measure of the value."""
    upper: dict[r.Op, r.Op] = {"at_most": "more_than", "less_than": "at_least"}
    counts = prop.kind.name == "scan_outputs" and prop.type == "number"
    findings = counts and not (prop.spec is not None and "COVERAGE" in prop.spec.path)
    if findings and [(op, a.value) for op, a in comparison.bounds] == [("is", 0)]:
        comparison = Comparison((("at_most", comparison.bounds[0][1]),))  # no findings are zero findings
    if findings and all(op in upper for op, _ in comparison.bounds):
        over = Comparison(tuple((upper[op], a) for op, a in comparison.bounds))
        if len(over.bounds) == 1:  # a result without the number breaks no upper bound
            return negated(compare(prop, over))
    if prop.through and prop.through[-1].name == "cves" and all(op in upper for op, _ in comparison.bounds):
        over = Comparison(tuple((upper[op], a) for op, a in comparison.bounds))
        if len(over.bounds) == 1:  # a CVSS score below 4 is that of all its vulnerabilities
            return negated(compare(prop, over))
    measure = prop.measure
    factor = _per_second(prop)
    if factor and comparison.bounds[0][1].unit == "duration":
        bounds = tuple(
            (op, Amount(a.value * factor, "", f"{a.value * factor:g}")) for op, a in comparison.bounds
        )
        comparison = Comparison(bounds)
    if (own := _unit_of_size(prop)) and comparison.bounds[0][1].unit == "size":
        sized = (
            (op, float(measures.quantity(a.text.removesuffix("i")) or 0) / own) for op, a in comparison.bounds
        )
        comparison = Comparison(tuple((op, Amount(n, "", f"{n:g}")) for op, n in sized))
    if measure == "plain" and prop.type in ("any", "text"):
        measure = "version" if comparison.bounds[0][1].unit == "version" else "number"

    long = prop.type == "text" and comparison.bounds[0][1].unit == "character"  # names longer than 30

    def test(value: r.Value, _: At) -> r.Condition:
        if long and isinstance(value, r.Field):
            value = r.Length(of=value)
        return all_of([
            r.Test(value=value, op=op, to=(amount.written(measure),), measure=measure)
            for op, amount in comparison.bounds
        ])  # fmt: skip

    return lambda at: through(at, prop, test)


def _in_any_link(prop: Prop, to: tuple[r.Scalar, ...]) -> Pred | None:
    """A template a pipeline must not use must not be linked from its stages and steps either."""
    spec = prop.spec
    if (
        spec is None
        or spec.path != "template.templateRef"
        or prop.kind.spec
        or prop.kind.entity.name != "pipeline"
    ):
        return None

    def linked(at: At) -> r.Condition:
        inner = at.fresh("link")
        test = r.Test(value=r.Field(of=inner, path=("templateRef",)), op="is", to=to, measure="reference")
        return r.Exists(each=r.Named(name="templates_used"), name=inner, where=test)

    return linked


def _selected_anywhere(prop: Prop, to: tuple[r.Scalar, ...]) -> Pred | None:
    """A delegate selector a pipeline must not use must not stand at its stages, groups and steps either."""
    spec, entity = prop.spec, prop.kind.entity
    if spec is None or spec.path != "delegateSelectors" or prop.kind.spec or entity.name != "pipeline":
        return None

    def selected(at: At) -> r.Condition:
        found: list[r.Condition] = [through(at, prop, lambda value, _: r.Test(value=value, op="is", to=to))]
        for name in ("stages", "step_groups", "all_steps"):
            inner = at.bind(kind_at(entity.name, name))
            own = [f for f in inner.kind.fields if f.path.endswith("delegateSelectors")]
            tests = [
                r.Exists(each=r.Items(of=inner.ref, path=f.parts), name=inner.fresh("selector"),
                         where=r.Test(value=r.Field(of=inner.fresh("selector")), op="is", to=to))
                for f in own
            ]  # fmt: skip
            found.append(r.Exists(each=r.Named(name=name), name=inner.ref, where=any_of(list(tests))))
        return any_of(found)

    return selected


def tested(prop: Prop, op: r.Op, to: tuple[r.Scalar, ...] = (), *, ignore_case: bool = False) -> Pred:  # noqa: PT028
    if prop.type == "flag" and to == (False,):  # what is not set is off
        return negated(tested(prop, "is", (True,)))

    def test(value: r.Value, _: At) -> r.Condition:
        measure = prop.measure if op in ("is",) else "reference" if prop.type == "reference" else "plain"
        if op == "scope_is":
            measure = "plain"  # the scope is what the prefix says
        if op == "is" and prop.measure in ("number", "duration", "quantity", "version", "instant"):
            measure = prop.measure
        if measure == "version" and any(not re.match(r"v?[0-9]", str(x)) for x in to):
            measure = "plain"
        return r.Test(value=value, op=op, to=to, measure=measure, ignore_case=ignore_case)

    if op == "present" and prop.spec is not None and prop.spec.values == ("true", "false"):
        op, to = "is", ("true",)  # an approved base image is one of which it says "true"
    if patterns := shapes(prop, op, to):
        return lambda at: through(at, prop, lambda value, _: r.Test(value=value, op="matches", to=patterns))
    if prop.type == "licence" and op == "is":
        families = tuple(str(x) for x in to if str(x) in LICENCE_FAMILIES)
        if families:  # GPL alone stands for every version of it
            rest = tuple(x for x in to if x not in families)
            pattern = tuple(f"^{f}-" for f in families)

            def whole(at: At) -> r.Condition:
                return through(at, prop, lambda value, _: r.Test(value=value, op="matches", to=pattern))

            return either(whole, tested(prop, "is", rest)) if rest else whole
    if prop.type == "licence" and op == "present":  # "no assertion" is no information

        def known(value: r.Value, _: At) -> r.Condition:
            nothing = r.Test(value=value, op="is", to=("NOASSERTION", "NONE"))
            return r.All(of=(r.Test(value=value, op="present"), r.Not(of=nothing)))

        return lambda at: through(at, prop, known)
    linked = (_in_any_link(prop, to) or _selected_anywhere(prop, to)) if op == "is" else None
    if linked is not None:  # forbidden, or what is looked for: wherever it is used
        return lambda at: through(at, prop, test) if at.asked else linked(at)
    return lambda at: through(at, prop, test)


def shapes(prop: Prop, op: r.Op, to: tuple[r.Scalar, ...]) -> tuple[str, ...]:
    """Patterns for values that stand for many: names with stars, hosts where the field holds an address."""
    said = tuple(str(x) for x in to)
    if prop.type == "version" and op == "is" and all(ANY_PATCH.fullmatch(x) for x in said):
        return tuple("^v?" + re.escape(x.rstrip("xX*").lstrip("v")) for x in said)
    if prop.type not in ("text", "reference") or op not in ("is", "starts_with"):
        return ()
    if op == "is" and any(re.fullmatch(r"[\w.*-]*\*[\w.*-]*", x) for x in said):
        return tuple("^" + re.escape(x).replace("\\*", ".*") + "$" for x in said)
    address = prop.spec is not None and prop.spec.path.lower().endswith(("url", "source", "full_name"))
    if address and any(re.fullmatch(f"{HOST}|({SCHEME})(://)?", x) for x in said):
        return tuple(_address(x, op) for x in said)
    return ()


# docker.io, github.com/northgate: an address without its scheme
HOST = r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+(:[0-9]+)?(/[^:\s]*)?"

ANY_PATCH = re.compile(r"v?\d+(\.\d+)*\.[xX*]")  # 1.7.x
SCHEME = "https?|ssh"


def _address(text: str, op: r.Op) -> str:
    """The pattern of all addresses at a host, or below a path there; with any scheme, user and port."""
    if re.fullmatch(f"({SCHEME})(://)?", text):
        return f"^{text.removesuffix('://')}://"
    if not re.fullmatch(HOST, text):
        return f"^{re.escape(text)}" + ("$" if op == "is" else "")
    host, _, path = text.rstrip("/").partition("/")
    port = "" if ":" in host else "(:[0-9]+)?"
    below = f"/{re.escape(path)}" if path else ""
    ends = "" if op == "starts_with" and path and not text.endswith("/") else "(/|\\.git$|$)"
    over_ssh = f":{re.escape(path)}" if path else ":"
    return (f"^([a-z+]+::)?([a-z+]+://)?([^/@]*@)?([^/@]*\\.)?{re.escape(host)}"
            f"({port}{below}{ends}|{over_ssh}{ends if path else '[^0-9]'})")  # fmt: skip


def only_among(prop: Prop, to: tuple[r.Scalar, ...], op: r.Op = "is") -> Pred:
    """Every value there is must be one of these; a missing one breaks nothing."""

    def outside(value: r.Value, _: At) -> r.Condition:
        present = r.Test(value=value, op="present")
        patterns = shapes(prop, op, to)
        inside = r.Test(value=value, op="matches", to=patterns) if patterns else \
            r.Test(value=value, op=op, to=to, measure=prop.measure)  # fmt: skip
        return r.All(of=(present, r.Not(of=inside)))

    return lambda at: r.Not(of=through(at.negated(), prop, outside))


@dataclass(frozen=True, eq=False)
class Inside:
    """One of these values, as a phrase that narrows things says it; what "only" makes of it spares the missing."""

    prop: Prop
    found: tuple[r.Scalar, ...]

    def __call__(self, at: At) -> r.Condition:
        return tested(self.prop, "is", self.found)(at)


def or_missing(pred: Pred) -> Pred:
    """What "only resources in region X" demands of each: another region breaks it, none does not."""
    return only_among(pred.prop, pred.found) if isinstance(pred, Inside) else pred


def allowed_up_to(pred: Pred) -> Pred:
    """May be at most X: more than that breaks it, a missing value does not."""
    over: dict[r.Op, r.Op] = {"at_most": "more_than", "less_than": "at_least"}

    def whole(at: At) -> r.Condition:
        found = pred(at)
        if isinstance(found, r.Test) and found.op in over:
            return r.Not(of=found.model_copy(update={"op": over[found.op]}))
        return found

    return whole


def _per_second(prop: Prop) -> float:
    """How often the unit of a plain number goes into a second: days of backups, lifetimes in milliseconds."""
    label = prop.spec.label if prop.spec is not None and prop.type == "number" else ""
    return 1000 if "milliseconds" in label else 1 / 86400 if label.startswith("days") else 0


def _unit_of_size(prop: Prop) -> float:
    """How many thousandths of a byte one of it is: storage in GB, memory in MB."""
    label = prop.spec.label if prop.spec is not None and prop.type == "number" else ""
    return {"GB": 10.0**12, "MB": 10.0**9}.get(label.rpartition(" in ")[2], 0)


def fits(prop: Prop, comparison: Comparison) -> bool:
    """Whether the units of the bounds can be compared with the value."""
    allowed = {
        "duration": {"duration"}, "quantity": {"size", "core", ""}, "version": {"version", ""},
        "number": {"", "percent", "core"}, "money": {"money", ""}, "instant": {"duration"},
        "percent": {"percent"}, "lifetime": {"duration"}, "text": {"version", "character"}, "any": {"", "size", "percent"},
    }  # fmt: skip
    if (
        prop.spec is not None
        and prop.spec.path.endswith("spec.count")
        and comparison.bounds[0][1].unit == "percent"
    ):
        return False  # a share is no number of instances
    kinds = allowed.get(prop.type, set()) | ({"duration"} if _per_second(prop) else set())
    kinds |= {"size"} if _unit_of_size(prop) else set()
    kinds |= {""} if prop.type == "percent" and "percent" in prop.words.lower() else set()
    return all(a.unit in kinds for _, a in comparison.bounds)
