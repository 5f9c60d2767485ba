"""Conditions that phrases stand for, ready to be asked of a thing."""

from __future__ import annotations

import re
from dataclasses import replace

from governance.authoring import rule as r
from governance.authoring.fields import FieldSpec
from governance.authoring.reading.meaning.lexicon import Lacking
from governance.authoring.reading.meaning.nesting import document_at
from governance.authoring.reading.meaning.typed import (
    At,
    Kind,
    Misread,
    Pred,
    Prop,
    Things,
    all_of,
    any_of,
    both,
    negated,
)
from governance.authoring.reading.values.props import prop_of
from governance.authoring.reading.values.value_tests import tested

LICENCES = "MIT ISC BSD Unlicense Zlib CC0 MPL EPL GPL AGPL LGPL SSPL BUSL WTFPL Artistic Apache CDDL EUPL Elastic CC".split()
_LOWER = {name.lower(): name for name in LICENCES}
# of those without a version only these are no words of English
_BARE = frozenset("mit isc bsd gpl agpl lgpl mpl sspl busl cddl eupl".split())


def licence_of(text: str) -> str:
    """The identifier of a licence in its usual spelling (gpl-3.0 is GPL-3.0); "" for what is none."""
    if is_licence(text):
        return text
    head, dash, rest = text.partition("-")
    known = _LOWER.get(head) if (dash and rest[:1].isdigit()) or text in _BARE else None
    return known + dash + rest.replace("clause", "Clause") if known else ""


def is_licence(text: str) -> bool:
    return bool(re.fullmatch(r"(MIT|ISC|BSD|Unlicense|Zlib|CC0|MPL|EPL|GPL|AGPL|LGPL|SSPL|BUSL|WTFPL|Artistic"
                             r"|Apache|CDDL|EUPL|NOASSERTION|NONE|Elastic|CC)([-.][A-Za-z0-9.+-]+)*", text))  # fmt: skip


def type_is(at: At, path: tuple[str, ...], literal: str) -> r.Condition:
    return r.Test(value=r.Field(of=at.ref, path=path), op="is", to=(literal,))


def literal_at(path: tuple[str, ...], to: tuple[str, ...], ignore_case: bool = False) -> Pred:
    """The value at a path is one of these."""
    return lambda at: r.Test(value=r.Field(of=at.ref, path=path), op="is", to=to, ignore_case=ignore_case)


def in_production(at: At) -> r.Condition:
    return r.DeploysToProduction(stage=at.ref)


def stage_of_type(literal: str) -> Pred:
    """Stages of a type; one from a template says it in the template's inputs."""

    def pred(at: At) -> r.Condition:
        return r.Any(
            of=(type_is(at, ("type",), literal), type_is(at, ("template", "templateInputs", "type"), literal))
        )

    return pred


def of_types(types: tuple[str, ...]) -> Pred:
    return lambda at: r.Test(value=r.Field(of=at.ref, path=("type",)), op="is", to=types)


# where packages come from, by the type of their package URL
ECOSYSTEMS = {"npm": "npm", "pypi": "pypi", "maven": "maven", "nuget": "nuget", "cargo": "cargo", "golang": "golang",
              "go": "golang", "rubygems": "gem", "gem": "gem", "composer": "composer", "debian": "deb", "deb": "deb",
              "rpm": "rpm", "alpine": "apk", "apk": "apk", "python": "pypi", "java": "maven", "conda": "conda"}  # fmt: skip


def of_ecosystem(*words: str) -> Pred:
    prefixes = tuple(dict.fromkeys(f"pkg:{ECOSYSTEMS[w]}/" for w in words))
    return lambda at: r.Test(value=r.Field(of=at.ref, path=("purl",)), op="starts_with", to=prefixes)


def of_provider(prefix: str) -> Pred:
    return lambda at: r.Test(value=r.Field(of=at.ref, path=("type",)), op="starts_with", to=(prefix,))


def of_resource(literals: tuple[str, ...], collection: str) -> Pred:
    if collection == "costs":  # what costs something is named by its address
        addresses = tuple(rf"(^|\.){re.escape(x)}\." for x in literals)
        return lambda at: r.Test(value=r.Field(of=at.ref, path=("Name",)), op="matches", to=addresses)
    if collection == "cost_by_type":
        return lambda at: r.Test(value=r.Field(of=at.ref, path=("@key",)), op="is", to=literals)
    return of_types(literals)


def to_environment(identifiers: tuple[str, ...]) -> Pred:
    path = ("spec", "environment", "environmentRef")
    return lambda at: r.Test(
        value=r.Field(of=at.ref, path=path), op="is", to=identifiers, measure="reference"
    )


def severity(issue: Kind, levels: tuple[str, ...]) -> Things:
    names = tuple(level.capitalize() for level in levels)
    return Things(issue, (lambda at: r.Test(value=r.Field(of=at.ref, path=("severityCode",)), op="is", to=names),),
                  role="severity", types=levels, plain=True)  # fmt: skip


def refers_to(names: tuple[str, ...]) -> Pred:
    """The finding names one of these references (CVE or CWE)."""

    def pred(at: At) -> r.Condition:
        inner = at.fresh("reference")
        each = r.Items(of=at.ref, path=("details", "referenceIdentifiers"))
        return r.Exists(each=each, name=inner, where=r.Test(
            value=r.Field(of=inner, path=("id",)), op="is", to=names, ignore_case=True))  # fmt: skip

    return pred


def does(action: str) -> Pred:
    """The change does this to the resource."""

    def pred(at: At) -> r.Condition:
        inner = at.fresh("action")
        each = r.Items(of=at.ref, path=("change", "actions"))
        return r.Exists(each=each, name=inner, where=r.Test(value=r.Field(of=inner), op="is", to=(action,)))

    return pred


def sql_matches(patterns: tuple[str, ...]) -> Pred:
    return lambda at: r.Test(value=r.Field(of=at.ref), op="matches", to=patterns)


def state_pred(kind: Kind, spec: FieldSpec, value: object) -> Pred:
    if isinstance(value, Lacking):
        return negated(state_pred(kind, spec, value.value))
    same = [
        prop_of(kind, f) for f in kind.fields if f.label == spec.label and f.type == spec.type and f != spec
    ]
    prop = replace(prop_of(kind, spec), others=tuple(same))
    if value == "@present":
        return tested(prop, "present")
    if value == "@off":  # said to be off; what says nothing is not meant
        return lambda at: r.Test(value=prop.build(at), op="is", to=(False,))
    if value is False:
        return negated(tested(prop, "is", (True,)))
    return tested(prop, "is", (value,))  # type: ignore[arg-type]


def outside(prop: Prop, found: tuple[r.Scalar, ...]) -> Pred:
    """There is a value, and it is none of these."""
    return both(tested(prop, "present"), negated(tested(prop, "is", found)))


def executor_blocked(at: At) -> r.Condition:
    path = ("spec", "approvers", "disallowPipelineExecutor")
    return r.Test(value=r.Field(of=at.ref, path=path), op="is", to=(True,))


def only_approvers(groups: tuple[str, ...]) -> Pred:
    def pred(at: At) -> r.Condition:
        inner = at.fresh("approver")
        each = r.Items(of=at.ref, path=("spec", "approvers", "userGroups"))
        test = r.Test(value=r.Field(of=inner), op="is", to=groups, measure="reference")
        return r.Every(each=each, name=inner, demand=test)

    return pred


def acts(actions: tuple[str, ...]) -> Pred:
    """The change does one of these; a replacement deletes and creates."""

    def does_one(at: At, wanted: tuple[str, ...]) -> r.Condition:
        inner = at.fresh("action")
        each = r.Items(of=at.ref, path=("change", "actions"))
        return r.Exists(each=each, name=inner, where=r.Test(value=r.Field(of=inner), op="is", to=wanted))

    def pred(at: At) -> r.Condition:
        plain = tuple(a for a in actions if a != "replace")
        parts = [does_one(at, plain)] if plain else []
        if "replace" in actions:
            parts.append(all_of([does_one(at, ("delete",)), does_one(at, ("create",))]))
        return any_of(parts)

    return pred


def flag_tag(key: str) -> Pred:
    def pred(at: At) -> r.Condition:
        inner = at.fresh("tag")
        test = r.Test(value=r.Field(of=inner), op="matches", to=(f"^{key}(:.*)?$",))
        return r.Exists(each=r.Items(of="document", path=("tags",)), name=inner, where=test)

    return pred


def of_its_stage(stage: Things, pred: Pred) -> Pred:
    def whole(at: At) -> r.Condition:
        inside = at.parent_stage(stage.kind)
        return all_of([stage.holds(inside), pred(inside)])

    return whole


def on_document(pred: Pred, thing: Things | None = None) -> Pred:
    """A predicate on the document, wherever it is asked."""

    def whole(at: At) -> r.Condition:
        document = document_at(at)
        try:
            found = pred(document)
        except Misread:
            if at.kind.spec is None:
                raise
            found = pred(at)  # "it deployed to staging before": before the deployment at hand
        return all_of([thing.holds(document), found]) if thing is not None else found

    return whole


def constant(condition: r.Condition) -> Pred:
    def pred(_: At) -> r.Condition:
        return condition

    return pred


def environment_of(kind: Kind) -> Prop:
    path = ("spec", "environment", "environmentRef")
    return Prop(kind, lambda at: r.Field(of=at.ref, path=path), "reference")


deployment = stage_of_type("Deployment")
