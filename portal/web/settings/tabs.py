"""The views of Settings, each with its own address."""

from __future__ import annotations

from django.urls import reverse

from governance.models import Scope

VIEWS = (
    ("settings", "People and access"),
    ("settings_scopes", "Scopes"),
    ("settings_ai", "AI and models"),
    ("settings_gate", "Policy gate"),
    ("settings_health", "Health"),
)


def tabs(scope: Scope, current: str) -> list[dict[str, object]]:
    made: list[dict[str, object]] = [
        {"title": title, "url": reverse(name, args=[scope.dotted]), "current": name == current}
        for name, title in VIEWS
    ]
    return [*made, {"title": "My API tokens", "url": reverse("tokens"), "current": current == "tokens"}]
