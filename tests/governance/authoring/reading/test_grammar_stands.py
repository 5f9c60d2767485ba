"""The grammar is one chain of classes; what one calls its own must not silently replace another's."""

from __future__ import annotations

from collections import defaultdict

from governance.authoring.reading.request.whole import Requests


def test_no_module_of_the_grammar_replaces_a_rule_of_another() -> None:
    owners: dict[str, list[str]] = defaultdict(list)
    for owner in Requests.__mro__[:-1]:
        for name, value in vars(owner).items():
            if callable(value) and not name.startswith("__"):
                owners[name].append(f"{owner.__module__}.{owner.__name__}")
    assert {name: found for name, found in owners.items() if len(found) > 1} == {}
