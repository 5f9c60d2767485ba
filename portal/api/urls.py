"""Addresses of the API."""

from django.urls import path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from portal.api import account, ask, changes, drafts, errors, reads, sources

SCOPE = "v1/scopes/<str:scope>/"
ENTITIES = (("services", "service"), ("environments", "environment"), ("connectors", "connector"))

urlpatterns = [
    path("schema", SpectacularAPIView.as_view(), name="api_schema"),
    path("docs", SpectacularSwaggerSplitView.as_view(url_name="api_schema"), name="api_docs"),
    path("v1/me", reads.MeView.as_view()),
    path("v1/tokens", account.TokensView.as_view()),
    path("v1/tokens/<str:token>", account.TokenView.as_view()),
    path("v1/scopes", reads.ScopesView.as_view()),
    path("v1/scopes/<str:scope>", reads.ScopeView.as_view()),
    path(SCOPE + "templates", reads.TemplatesView.as_view()),
    path(SCOPE + "templates/<str:identifier>", reads.TemplateView.as_view()),
    path(SCOPE + "pipelines", reads.PipelinesView.as_view()),
    path(SCOPE + "pipelines/<str:identifier>", reads.PipelineView.as_view()),
    path(SCOPE + "policies", reads.PoliciesView.as_view()),
    path(SCOPE + "policies/<str:identifier>", reads.PolicyView.as_view()),
    path(SCOPE + "policies/<str:identifier>/versions/<int:number>/report", reads.PolicyReportView.as_view()),
    path(SCOPE + "policies/<str:identifier>/versions/<int:number>/impact", reads.ImpactView.as_view()),
    *(
        path(f"{SCOPE}policies/<str:identifier>/versions/<int:number>/{what}", view.as_view())
        for what, view in (
            ("explanation", drafts.ExplanationView),
            ("cases", drafts.VersionCasesView),
            ("comments", drafts.CommentsView),
        )
    ),
    path(SCOPE + "policies/<str:identifier>/compare", drafts.CompareView.as_view()),
    path(SCOPE + "policies/<str:identifier>/update", drafts.UpdateView.as_view()),
    path(SCOPE + "reviews", drafts.ReviewsView.as_view()),
    path(SCOPE + "drafts/policy/check", drafts.CheckView.as_view()),
    path(SCOPE + "drafts/policy/try", drafts.TryView.as_view()),
    path(SCOPE + "drafts/policy/cases", drafts.CasesView.as_view()),
    path(SCOPE + "drafts/policy/explain", drafts.ExplainView.as_view()),
    path(SCOPE + "drafts/policy/import", sources.ImportView.as_view()),
    path(SCOPE + "library", sources.LibraryView.as_view()),
    path(SCOPE + "library/<str:identifier>", sources.StarterView.as_view()),
    path("v1/impacts/<str:impact>/rows", reads.ImpactRowsView.as_view()),
    path(SCOPE + "exams", reads.ExamsView.as_view()),
    path("v1/exams/<str:exam>", reads.ExamView.as_view()),
    path(SCOPE + "bundle", reads.BundleView.as_view()),
    path(SCOPE + "policy_sets", reads.PolicySetsView.as_view()),
    path(SCOPE + "policy_sets/<str:identifier>", reads.PolicySetView.as_view()),
    path(SCOPE + "exemptions", reads.ExemptionsView.as_view()),
    path(SCOPE + "exemptions/<str:identifier>", reads.ExemptionView.as_view()),
    path(SCOPE + "applies/<str:kind>", reads.AppliesView.as_view()),
    path(SCOPE + "standing", reads.StandingView.as_view()),
    path(SCOPE + "evaluations", reads.EvaluationsView.as_view()),
    path(SCOPE + "executions", reads.ExecutionsView.as_view()),
    path(SCOPE + "audit/export", reads.AuditExportView.as_view()),
    path(SCOPE + "ask/policy", ask.PolicyView.as_view()),
    path(SCOPE + "ask/pipeline", ask.PipelineView.as_view()),
    path(SCOPE + "ask/fix", ask.FixView.as_view()),
    path("v1/evaluations/<str:evaluation>", reads.EvaluationView.as_view()),
    path("v1/executions/<str:execution>", reads.ExecutionView.as_view()),
    path("v1/executions/<str:execution>/log", reads.ExecutionLogView.as_view()),
    path("v1/audit", reads.AuditView.as_view()),
    path("v1/audit/<str:event>", reads.AuditEventView.as_view()),
    *(
        path(SCOPE + what, reads.AccessView.as_view(), {"what": what})
        for what in ("user_groups", "roles", "role_bindings", "object_grants")
    ),
    *(path(SCOPE + plural, reads.EntitiesView.as_view(), {"kind": kind}) for plural, kind in ENTITIES),
    *(
        path(f"{SCOPE}{plural}/<str:identifier>", reads.EntityView.as_view(), {"kind": kind})
        for plural, kind in ENTITIES
    ),
    path(SCOPE + "changes/<str:kind>/<str:identifier>/<str:verb>", changes.ChangeView.as_view()),
    path(SCOPE + "dry-run/<str:kind>/<str:identifier>/<str:verb>", changes.DryRunView.as_view()),
    # Last: an address that is none is answered as an API answers, not with a page.
    path("<path:unknown>", errors.no_such_address),
]
