"""What a document refers to: templates, services, places, connectors and groups, each named once."""

from __future__ import annotations

from typing import Any

KEYS = {
    "templateRef": "Templates",
    "serviceRef": "Services",
    "environmentRef": "Places",
    "connectorRef": "Connectors",
    "userGroups": "Groups",
}


def references(value: Any) -> dict[str, list[str]]:
    """{"Services": ["tracking_api"], …} in reading order; open inputs are left out."""
    found: dict[str, list[str]] = {}
    _collect(value, found)
    return {title: found[title] for title in KEYS.values() if title in found}


def _collect(node: Any, found: dict[str, list[str]]) -> None:
    if isinstance(node, list):
        for item in node:
            _collect(item, found)
    if not isinstance(node, dict):
        return
    for key, value in node.items():
        title = KEYS.get(key)
        names = value if isinstance(value, list) else [value]
        if title:
            for name in names:
                if isinstance(name, str) and "<+" not in name and name not in found.setdefault(title, []):
                    found[title].append(name)
        _collect(value, found)
    for title in [t for t, names in found.items() if not names]:
        del found[title]
