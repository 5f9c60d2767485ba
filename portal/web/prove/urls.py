"""Addresses of Prove."""

from __future__ import annotations

from typing import Any

from django.urls import path

from portal.web import converters  # noqa: F401
from portal.web.prove import audit

urlpatterns: list[Any] = [
    path("s/<scope:dotted>/audit/", audit.trail, name="audit"),
    path("s/<scope:dotted>/audit/export/", audit.export, name="audit_export"),
    path("s/<scope:dotted>/audit/<str:event>/", audit.event, name="audit_event"),
    path("s/<scope:dotted>/audit/<str:event>/proof.json", audit.proof, name="audit_proof"),
]
