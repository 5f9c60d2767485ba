"""Write `requests.jsonl` from the readable lists in `asked/`; every third item of a set is held out."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

from tests.generation.asked import (
    access,
    delivery,
    delivery_fields,
    deployed,
    entities,
    findings,
    pipelines,
    platform,
    results,
)

# Sets are counted on their own, so that one that grows moves no item of another in or out of the
# held-out third. The name stands in front of the ids of all sets but the first.
SETS = {
    "": [*pipelines.ITEMS, *entities.ITEMS, *findings.ITEMS],
    "wide": [*deployed.ITEMS, *access.ITEMS, *platform.ITEMS, *results.ITEMS],
    "delivery": [*delivery.ITEMS, *delivery_fields.ITEMS],
}


def items() -> list[dict]:
    out = []
    for name, entries in SETS.items():
        numbers: Counter[str] = Counter()
        for position, entry in enumerate(entries):
            numbers[entry["category"]] += 1
            mark = f"{entry['category']}-{numbers[entry['category']]:02d}"
            out.append({"id": "-".join(filter(None, (name, mark))), "held_out": position % 3 == 2, **entry})
    return out


def main() -> None:
    target = Path(__file__).with_name("requests.jsonl")
    with target.open("w", encoding="utf-8") as file:
        for entry in items():
            file.write(json.dumps(entry) + "\n")


if __name__ == "__main__":
    main()
