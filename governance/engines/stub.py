"""An engine whose policies are Python functions: for tests, and for trying the portal without OPA."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from governance.engines.answers import messages
from governance.ports import Answer, EngineUnavailable, Question

# From a policy's whole input to what `deny` would be: false, text, a list of texts or objects.
Rule = Callable[[Mapping[str, Any]], Any]


@dataclass
class StubEngine:
    """Asks the rules bound to a kind and event, whatever the scope. `down` says why it does not answer."""

    loaded: str = "stub"
    down: str = ""
    asked: list[tuple[Question, dict[str, Any]]] = field(default_factory=list)
    _bound: list[tuple[str, str, dict[str, Any], Rule]] = field(default_factory=list)

    def bind(
        self, policy: str, rule: Rule, *, kind: str, event: str = "onsave", severity: str = "error"
    ) -> None:
        row = {
            "id": f"stub/{policy}",
            "policy": policy,
            "policy_scope": "stub",
            "set": "stub",
            "scope": "stub",
            "severity": severity,
            "mode": "enforce",
            "digest": "stub",
        }
        self._bound.append((kind, event, row, rule))

    def decide(self, question: Question, body: bytes, *, timeout_ms: int) -> Answer:
        if self.down:
            raise EngineUnavailable(self.down)
        document = json.loads(body)
        self.asked.append((question, document))
        here = [(row, rule) for k, e, row, rule in self._bound if (k, e) == (question.kind, question.event)]
        return Answer(
            applicable=[dict(row) for row, _ in here],
            found={row["id"]: messages(row["id"], rule(document), None) for row, rule in here},
            revision=self.loaded,
            engine="stub",
            duration_us=1,
        )

    def revision(self, *, timeout_ms: int) -> str:
        if self.down:
            raise EngineUnavailable(self.down)
        return self.loaded
