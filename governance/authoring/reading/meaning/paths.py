"""Paths: which fields of a stage or step a condition asks about."""

from __future__ import annotations

from collections.abc import Iterable

from governance.authoring import rule as r
from governance.authoring.fields.pipeline import PIPELINE

STAGES = {spec.path: spec for spec in PIPELINE.collection("stages").fields}
STEPS = {spec.path: spec for spec in PIPELINE.collection("all_steps").fields}


def paths_of(condition: r.Node, name: str) -> Iterable[str]:
    if isinstance(condition, r.Test) and isinstance(condition.value, r.Field) and condition.value.of == name:
        yield ".".join(condition.value.path)
    each = getattr(condition, "each", None)
    if isinstance(each, r.Items) and each.of == name:
        yield ".".join(each.path)
    inner = getattr(condition, "of", None)
    for part in inner if isinstance(inner, tuple) else (inner,):
        if isinstance(part, r.Node) and not isinstance(condition, r.Test):
            yield from paths_of(part, name)
