"""Addresses of Build."""

from __future__ import annotations

from typing import Any

from django.urls import path

from portal.web import converters  # noqa: F401
from portal.web.build import (
    catalogue,
    definitions,
    describe,
    executions,
    pipeline_list,
    pipeline_views,
    pipelines,
    running,
    template_page,
)

_PIPELINE = "s/<scope:dotted>/pipelines/<str:identifier>/"
_RUN = "s/<scope:dotted>/runs/<str:identifier>/<int:number>/"

urlpatterns: list[Any] = [
    path("describe/pipeline/", describe.pipeline, name="describe_pipeline"),
    path("s/<scope:dotted>/catalogue/", catalogue.templates, name="catalogue"),
    path("s/<scope:dotted>/catalogue/services/", catalogue.entities, {"kind": "service"}, name="services"),
    path(
        "s/<scope:dotted>/catalogue/environments/",
        catalogue.entities,
        {"kind": "environment"},
        name="environments",
    ),
    path(
        "s/<scope:dotted>/catalogue/connectors/", catalogue.entities, {"kind": "connector"}, name="connectors"
    ),
    path("s/<scope:dotted>/catalogue/<str:kind>s/<str:identifier>/", catalogue.entity, name="entity"),
    path("s/<scope:dotted>/catalogue/new/<str:kind>/", definitions.new, name="definition_new"),
    path("s/<scope:dotted>/catalogue/<str:ref>/", template_page.template, name="template"),
    path("s/<scope:dotted>/catalogue/<str:ref>/edit/", definitions.template_edit, name="template_edit"),
    path("s/<scope:dotted>/catalogue/<str:ref>/preview/", template_page.preview, name="template_preview"),
    path(
        "s/<scope:dotted>/catalogue/<str:ref>/v/<str:label>/", template_page.template, name="template_version"
    ),
    path("s/<scope:dotted>/pipelines/", pipeline_list.index, name="pipelines"),
    path("s/<scope:dotted>/new-pipeline/", pipelines.new, name="pipeline_new"),
    path("s/<scope:dotted>/check/pipeline/", pipelines.check, name="pipeline_check"),
    path(_PIPELINE, pipelines.detail, name="pipeline"),
    path(f"{_PIPELINE}source/", pipelines.source, name="pipeline_source"),
    path(f"{_PIPELINE}expanded/", pipeline_views.expanded, name="pipeline_expanded"),
    path(f"{_PIPELINE}policies/", pipeline_views.policies, name="pipeline_policies"),
    path(f"{_PIPELINE}versions/", pipeline_views.versions, name="pipeline_versions"),
    path(f"{_PIPELINE}versions/<int:number>/", pipeline_views.version, name="pipeline_version"),
    path(f"{_PIPELINE}diff/<int:a>..<int:b>/", pipeline_views.diff, name="pipeline_diff"),
    path(f"{_PIPELINE}runs/", running.runs, name="pipeline_runs"),
    path(f"{_PIPELINE}run/", running.run, name="pipeline_run"),
    path("s/<scope:dotted>/runs/", executions.index, name="executions"),
    path(_RUN, executions.detail, name="execution"),
    path(f"{_RUN}status/", executions.status, name="execution_status"),
    path(f"{_RUN}log/", executions.log_tail, name="execution_log"),
    path(f"{_RUN}download/", executions.download, name="execution_download"),
    path("approvals/", executions.approvals, name="approvals"),
]
