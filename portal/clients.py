"""Where a request comes from, as far as it can be believed."""

from __future__ import annotations

import ipaddress

from django.conf import settings
from django.http import HttpRequest


def ip_of(request: HttpRequest) -> str:
    """The client's address: as many forwarded entries are believed as proxies are ours."""
    direct = str(request.META.get("REMOTE_ADDR", ""))
    hops = settings.TRUSTED_PROXY_COUNT
    if not hops:
        return direct
    forwarded = [p.strip() for p in request.headers.get("X-Forwarded-For", "").split(",") if p.strip()]
    said = forwarded[-hops] if len(forwarded) >= hops else direct
    try:
        return str(ipaddress.ip_address(said))
    except ValueError:
        return direct
