"""Write `builds.jsonl`, `repairs.jsonl` and `catalogs/halden.yaml` from the readable lists in `asked/`.

Every third item is held out. The objections of the rules to a document are those OPA gives.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tests.generation.asked import builds, library, repairs
from tests.generation.marking import objections

HERE = Path(__file__).parent


def numbered(entries: Iterable[dict[str, Any]], kind: str) -> list[dict[str, Any]]:
    numbers: Counter[str] = Counter()
    out = []
    for position, entry in enumerate(entries):
        numbers[entry["category"]] += 1
        name = f"{kind}-{entry['category'].replace(' ', '-')}-{numbers[entry['category']]:02d}"
        out.append({"id": name, "held_out": position % 3 == 2, **entry})
    return out


def pipelines() -> list[dict[str, Any]]:
    return numbered(builds.ITEMS, "build")


def fixes() -> list[dict[str, Any]]:
    return numbered(repairs.ITEMS, "fix")


def objected(item: dict[str, Any]) -> dict[str, Any]:
    found = {name: objections(name, item["document"]) for name in item["policies"]}
    if not any(found.values()):
        raise SystemExit(f"{item['id']}: nothing objects to the document")
    return {
        **item,
        "violations": [{"policy": name, "messages": said} for name, said in found.items() if said],
    }


def written(name: str, items: Iterable[dict[str, Any]]) -> None:
    (HERE / name).write_text("".join(json.dumps(item) + "\n" for item in items), encoding="utf-8")


def main() -> None:
    (HERE / "catalogs").mkdir(exist_ok=True)
    # JSON is YAML, too.
    (HERE / "catalogs" / "halden.yaml").write_text(
        json.dumps(library.catalogue(), indent=1) + "\n", encoding="utf-8"
    )
    written("builds.jsonl", pipelines())
    written("repairs.jsonl", map(objected, fixes()))


if __name__ == "__main__":
    main()
