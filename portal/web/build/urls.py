"""Addresses of Build."""

from __future__ import annotations

from typing import Any

from django.urls import path

from portal.web import converters  # noqa: F401
from portal.web.build import placeholder

urlpatterns: list[Any] = [
    path("approvals/", placeholder.page, name="approvals"),
    path("s/<scope:dotted>/catalogue/", placeholder.page, name="catalogue"),
    path("s/<scope:dotted>/pipelines/", placeholder.page, name="pipelines"),
    path("s/<scope:dotted>/runs/", placeholder.page, name="executions"),
]
