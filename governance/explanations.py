"""What a policy says in English: its rule in full, or its text as far as the syntax tree tells; each with its lines."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from governance.authoring.explain import Sentence, explain_rego, explain_rule
from governance.authoring.rule import Rule
from governance.engines import opa_cli


@dataclass(frozen=True, slots=True)
class Explanation:
    """sentences say what is refused; helpers say the other rules of a text that was compiled from a Rule.

    problem: why nothing could be said, "" otherwise.
    """

    sentences: tuple[Sentence, ...] = ()
    helpers: tuple[Sentence, ...] = field(default=())
    problem: str = ""

    @property
    def unclear(self) -> list[int]:
        """Lines there are no words for, which a reader has to read alone."""
        return sorted({n for s in (*self.sentences, *self.helpers) for n in s.unclear})

    @property
    def derived(self) -> bool:
        """Whether it was said from the Rule the text was compiled from."""
        return bool(self.helpers)


def explanation(rego: str, rule: Mapping[str, Any] | None = None) -> Explanation:
    """The same text and rule are always said in the same words."""
    found = _explanation(rego, json.dumps(rule or {}, sort_keys=True))
    if found.problem:
        # It may have been the machine's fault.
        _explanation.cache_clear()
    return found


@lru_cache(maxsize=256)
def _explanation(rego: str, rule: str) -> Explanation:
    try:
        said = tuple(explain_rego(opa_cli.parse(rego)))
    except opa_cli.OpaFailed as error:
        return Explanation(problem=f"It could not be read: {error}")
    if rule == "{}":
        return Explanation(said)
    clauses = tuple(explain_rule(Rule.model_validate_json(rule), rego))
    covered = {n for s in clauses for n in s.lines}
    return Explanation(clauses, tuple(s for s in said if not covered.intersection(s.lines)))
