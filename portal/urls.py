"""Every door's addresses."""

from django.urls import include, path

from portal import operations

urlpatterns = [
    path("healthz", operations.healthz, name="healthz"),
    path("readyz", operations.readyz, name="readyz"),
    path("metrics", operations.metrics, name="metrics"),
    path("api/", include("portal.api.urls")),
    path("", include("portal.web.urls")),
]
