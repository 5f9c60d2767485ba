"""What machines ask: is it alive, is it ready, how is it doing."""

from __future__ import annotations

import hmac
import ipaddress

import django_prometheus.exports
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal import health, lately
from portal import metrics as own_metrics

# Whoever comes through a proxy on this machine is not this machine.
OF_A_PROXY = ("X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Forwarded", "Via")


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers; nothing else is asked."""
    return JsonResponse({"status": "alive"})


@require_safe
@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """Database, migrations, engine at the pinned revision, broker and worker; 503 names what is missing.

    How to repair it is for the operator and only told by `manage.py doctor`.
    """
    checks = lately.of(health.READY).look()
    ready = all(check.ok for check in checks)
    shown = [{"name": check.name, "ok": check.ok, "problem": check.problem} for check in checks]
    return JsonResponse({"ready": ready, "checks": shown}, status=200 if ready else 503)


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """Figures for Prometheus: with the token where one is set, else for this machine alone."""
    if not _may_read_metrics(request):
        return HttpResponse(
            "A bearer token is needed: METRICS_TOKEN.\n", status=403, content_type="text/plain"
        )
    answer = django_prometheus.exports.ExportToDjangoView(request)
    answer.content += own_metrics.text()
    return answer


def _may_read_metrics(request: HttpRequest) -> bool:
    if settings.METRICS_TOKEN:
        given = request.headers.get("Authorization", "")
        return hmac.compare_digest(given.encode(), f"Bearer {settings.METRICS_TOKEN}".encode())
    if any(name in request.headers for name in OF_A_PROXY):
        return False
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False
