"""Addresses of Settings."""

from __future__ import annotations

from typing import Any

from django.urls import path

from portal.web import converters  # noqa: F401
from portal.web.settings import access, assistant, exams, grants, health, policy_gate, roles, scopes, tokens

urlpatterns: list[Any] = [
    path("tokens/", tokens.page, name="tokens"),
    path("s/<scope:dotted>/settings/", access.page, name="settings"),
    path("s/<scope:dotted>/settings/groups/<str:identifier>", access.group, name="settings_group"),
    path("s/<scope:dotted>/settings/roles/<str:identifier>", roles.role, name="settings_role"),
    path("s/<scope:dotted>/settings/grants/<str:kind>/<str:identifier>/", grants.page, name="object_grants"),
    path("s/<scope:dotted>/settings/scopes/", scopes.page, name="settings_scopes"),
    path("s/<scope:dotted>/settings/ai/", assistant.page, name="settings_ai"),
    path("s/<scope:dotted>/settings/ai/exams/", exams.panel, name="settings_exams"),
    path("s/<scope:dotted>/settings/ai/exams/<str:key>", exams.page, name="settings_exam"),
    path("s/<scope:dotted>/settings/gate/", policy_gate.page, name="settings_gate"),
    path("s/<scope:dotted>/settings/health/", health.page, name="settings_health"),
]
