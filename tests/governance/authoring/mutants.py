"""Odd documents: known ones with values, types and structure changed at random places."""

from __future__ import annotations

import copy
import random
from typing import Any

JUNK: tuple[Any, ...] = (
    None, "", " ", "x", "prod", "account.prod", "non-prod", "pre_prod", "latest", 0, 1, 2, 7.5, -3,
    True, False, [], {}, [1, "a", None], {"name": "n"}, ["account.security_team"], "10m", "1h 30m",
    "5", "79.9%", "2.17.0", "v1.4", "<+input>", '<+secrets.getValue("org.a")>', "500Mi", "2Gi",
    "Deployment", "CI", "Approval", "HarnessApproval", "Semgrep", "K8sRollingDeploy",
    "BuildAndPushGCR", "RunTests", "Gitleaks", "2025-12-24", "2025-12-24T10:00:00+01:00",
    1766400000, 1766400000000, "GPL-3.0-or-later", "(MIT OR AGPL-3.0)", "http://A", "Production",
    {"environment": {"type": "Production"}}, [{"stage": {"type": "Deployment"}}],
)  # fmt: skip


def places(node: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place below a document."""
    inner = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    return [path, *(p for key, value in inner for p in places(value, (*path, key)))]


def mutated(document: Any, chance: random.Random) -> Any:
    """The document with up to three changes."""
    found = copy.deepcopy(document)
    for _ in range(chance.randint(1, 3)):
        *outer, key = chance.choice(places(found)[1:] or [((),)])
        holder = found
        for part in outer:
            holder = holder[part]
        if key == ():
            return chance.choice(JUNK)
        change = chance.randrange(5)
        if change == 0 and isinstance(holder, dict):
            del holder[key]
        elif change == 1 and isinstance(holder[key], dict):
            holder[key][chance.choice(("name", "type", "spec", "tags", "step", "stage"))] = chance.choice(
                JUNK
            )
        elif change == 2 and isinstance(holder, list):
            holder.insert(key, copy.deepcopy(chance.choice(holder)))
        elif change == 3 and isinstance(holder, list) and isinstance(holder[key], dict):
            kind = "stage" if "stage" in holder[key] else "step"
            wrapped = {"parallel": [holder[key]]} if chance.random() < 0.5 else (
                {"stepGroup": {"steps": [holder[key]]}} if kind == "step"
                else {"insert": {"stages": [holder[key]]}}
            )  # fmt: skip
            holder[key] = wrapped
        else:
            holder[key] = copy.deepcopy(chance.choice(JUNK))
    return found
