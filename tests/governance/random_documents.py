"""Documents nobody wrote: examples joined, with parts taken out."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

from governance.authoring.checks.together import join


def random_document(chance: random.Random, examples: Sequence[Any]) -> Any:
    """Two to four example documents in one, with some parts taken out."""
    found = chance.choice(examples)
    for _ in range(chance.randint(1, 3)):
        found = join(found, chance.choice(examples))
    return thinned(found, chance)


def thinned(node: Any, chance: random.Random) -> Any:
    if isinstance(node, dict):
        return {
            k: thinned(v, chance)
            for k, v in node.items()
            if k in ("pipeline", "metadata") or chance.random() > 0.04
        }
    if isinstance(node, list):
        return [thinned(v, chance) for v in node if chance.random() > 0.1]
    return node
