"""Addresses of Govern."""

from __future__ import annotations

from typing import Any

from django.urls import path

from portal.web import converters  # noqa: F401
from portal.web.govern import (
    checks,
    describe,
    evaluate,
    evaluations,
    exemptions,
    impact,
    importing,
    library,
    policies,
    policy_compare,
    policy_editor,
    reviews,
    sets,
    standing,
)

urlpatterns: list[Any] = [
    path("describe/policy", describe.here, name="describe_policy_here"),
    path("s/<scope:dotted>/describe/policy", describe.page, name="describe_policy"),
    path("s/<scope:dotted>/policies/", policies.listing, name="policies"),
    path("s/<scope:dotted>/policies/new", policy_editor.new, name="policy_new"),
    path("s/<scope:dotted>/policies/import", importing.page, name="policy_import"),
    path("s/<scope:dotted>/policies/check", policy_editor.check, name="policy_check"),
    path("s/<scope:dotted>/policies/bench", policy_editor.bench, name="policy_bench"),
    path("s/<scope:dotted>/policies/library/", library.listing, name="policy_library"),
    path("s/<scope:dotted>/policies/library/<str:identifier>/", library.detail, name="policy_starter"),
    path("s/<scope:dotted>/policies/<str:identifier>/", policies.detail, name="policy"),
    path("s/<scope:dotted>/policies/<str:identifier>/edit", policy_editor.edit, name="policy_edit"),
    path(
        "s/<scope:dotted>/policies/<str:identifier>/compare", policy_compare.versions, name="policy_compare"
    ),
    path("s/<scope:dotted>/policies/<str:identifier>/update", policy_compare.update, name="policy_update"),
    path("s/<scope:dotted>/policies/<str:identifier>/retire", policies.retire, name="policy_retire"),
    path(
        "s/<scope:dotted>/policies/<str:identifier>/v<int:number>/review",
        reviews.review,
        name="policy_review",
    ),
    path(
        "s/<scope:dotted>/policies/<str:identifier>/v<int:number>/checks",
        checks.of_version,
        name="policy_checks",
    ),
    path(
        "s/<scope:dotted>/policies/<str:identifier>/v<int:number>/impact",
        impact.panel,
        name="policy_impact_panel",
    ),
    path(
        "s/<scope:dotted>/policies/<str:identifier>/v<int:number>/impact/start",
        impact.start,
        name="policy_impact_start",
    ),
    path("s/<scope:dotted>/impacts/<str:key>/", impact.page, name="impact"),
    path("s/<scope:dotted>/impacts/<str:key>/impact.<str:format>", impact.export, name="impact_export"),
    path("s/<scope:dotted>/drafts/<str:proposal>/checks", checks.of_proposal, name="draft_checks"),
    path("s/<scope:dotted>/evaluate/", evaluate.page, name="evaluate"),
    path("s/<scope:dotted>/standing/", standing.listing, name="standing"),
    path("s/<scope:dotted>/exemptions/", exemptions.listing, name="exemptions"),
    path("s/<scope:dotted>/exemptions/new", exemptions.new, name="exemption_new"),
    path("s/<scope:dotted>/exemptions/<str:identifier>/", exemptions.detail, name="exemption"),
    path("s/<scope:dotted>/sets/new", sets.new, name="policy_set_new"),
    path("s/<scope:dotted>/sets/<str:identifier>/", sets.detail, name="policy_set"),
    path("s/<scope:dotted>/evaluations/", evaluations.listing, name="evaluations"),
    path("s/<scope:dotted>/evaluations/<str:key>/", evaluations.detail, name="evaluation"),
]
