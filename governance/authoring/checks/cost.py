"""What a policy costs: its evaluation of a large document against that of a simple policy."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from governance.authoring import rule as r
from governance.authoring.checks.findings import Finding
from governance.authoring.compile import standalone
from governance.authoring.fields import described

MOST = 10.0  # times a simple policy
SIZE_BYTES = 200_000
SIMPLE = "Every step has a name"
ONE_WALK = """package simple

deny contains "no" if {
	walk(input, [_, value])
	value == "never there"
}
"""


@lru_cache(maxsize=32)
def sample_size(entity: str) -> int:
    """How many elements a sample of the size we measure with has."""
    return 480 if entity in ("pipeline", "template") else 1200


def large_document(entity: str) -> Any:
    """An input of about 200 KB of that kind of entity."""
    kind = described(entity)
    number = sample_size(entity)
    if entity in ("pipeline", "template"):
        stages = [_stage(i) for i in range(number // 8)]
        inner: dict[str, Any] = {"identifier": "large", "name": "large", "stages": stages}
        if entity == "template":
            inner = {"type": "Pipeline", "identifier": "large", "spec": {"stages": stages}}
        return {kind.root[0]: inner, "metadata": {"timestamp": 1763460900}}
    entries = [
        {"name": f"entry_{i}", "type": "String", "value": f"value {i}", "packageName": f"p{i}",
         "packageVersion": "1.0.0", "packageLicense": ["MIT"], "description": "an entry"}
        for i in range(number)
    ]  # fmt: skip
    if kind.array:
        return entries
    document: Any = {"metadata": {"timestamp": 1763460900}}
    node = document
    for key in kind.root:
        node = node.setdefault(key, {})
    node.update(identifier="large", name="large", variables=entries, tags={})
    return document


def _stage(number: int) -> dict[str, Any]:
    steps = [
        {"step": {
            "identifier": f"step_{number}_{i}", "name": f"step {i}", "type": "Run",
            "timeout": "10m", "spec": {"shell": "Bash", "image": "registry.example/tool:1.2.3",
                                       "command": "make test\nmake build\n" * 10},
        }}
        for i in range(8)
    ]  # fmt: skip
    return {"stage": {
        "identifier": f"stage_{number}", "name": f"stage {number}", "type": "Custom",
        "spec": {"execution": {"steps": [{"stepGroup": {"identifier": "g", "name": "g",
                                                        "steps": steps}}]}},
    }}  # fmt: skip


@lru_cache(maxsize=32)
def simple_policy(entity: str) -> str:
    """The policy others are measured against: one look at everything of the kind."""
    if entity not in ("pipeline", "template"):
        return ONE_WALK
    named = r.Test(value=r.Field(of="step", path=("name",)), op="present")
    clause = r.Clause(each=r.Named(name="steps"), name="step", demand=named, message="{step}")
    return standalone(r.Rule(entity=entity, title=SIMPLE, clauses=(clause,)), "simple")


def too_costly(policy_ms: float, simple_ms: float) -> list[Finding]:
    """A finding when a policy takes more than ten times what a simple one does."""
    ratio = policy_ms / max(simple_ms, 1.0)
    if ratio <= MOST:
        return []
    message = (
        f"The policy takes {policy_ms:.0f} ms for a document of 200 KB, {ratio:.0f} times as long "
        "as a simple one. Look for loops inside loops over all steps, and for `walk` inside them."
    )
    return [Finding("cost", "error", message)]
