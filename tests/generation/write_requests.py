"""Write `requests.jsonl` from the readable lists in `asked/`; every third item is held out."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

from tests.generation.asked import entities, findings, pipelines


def items() -> list[dict]:
    numbers: Counter[str] = Counter()
    out = []
    for position, entry in enumerate([*pipelines.ITEMS, *entities.ITEMS, *findings.ITEMS]):
        numbers[entry["category"]] += 1
        name = f"{entry['category']}-{numbers[entry['category']]:02d}"
        out.append({"id": name, "held_out": position % 3 == 2, **entry})
    return out


def main() -> None:
    target = Path(__file__).with_name("requests.jsonl")
    with target.open("w", encoding="utf-8") as file:
        for entry in items():
            file.write(json.dumps(entry) + "\n")


if __name__ == "__main__":
    main()
