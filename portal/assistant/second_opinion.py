"""Where a model's policy and the planner's decide one document differently, for a person to judge."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from governance.authoring.judge import judge
from governance.authoring.readings import difference
from governance.authoring.rule import Rule
from governance.engines import opa_cli

Disagreement = dict[str, Any]


def disagreement(
    planned: Rule, *, rule: Rule | None = None, rego: str = "", documents: Sequence[Mapping[str, Any]] = ()
) -> Disagreement:
    """{"document", "planner", "model", "agreed", "tried"}; {} where none was found.

    The model's side is its rule, or else its Rego, which is decided on the documents given.
    """
    if rule is not None and rule.entity == planned.entity:
        found = difference(planned, rule)
        if found is None:
            return {}
        refused = bool(judge(planned, found.document))
        return _shown(found.document, refused, not refused, found.agreed, found.tried)
    answers = [bool(found) for found in opa_cli.evaluate(rego, list(documents))]
    pairs = [(d, bool(judge(planned, d)), no) for d, no in zip(documents, answers, strict=True)]
    apart = [pair for pair in pairs if pair[1] is not pair[2]]
    if not apart:
        return {}
    document, planner, model = min(apart, key=lambda pair: len(json.dumps(pair[0])))
    return _shown(document, planner, model, len(pairs) - len(apart), len(pairs))


def _shown(document: Any, planner: bool, model: bool, agreed: int, tried: int) -> Disagreement:
    return {
        "document": document, "planner": "deny" if planner else "allow", "model": "deny" if model else "allow",
        "agreed": agreed, "tried": tried,
    }  # fmt: skip
