"""Which model this portal is set up to ask, and where it answers: together they are what sits an exam."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings


def model() -> str:
    """The name of the model this process is set up to ask, "" for none."""
    there = settings.OPENAI_BASE_URL or settings.OPENAI_API_KEY
    return str(settings.OPENAI_MODEL) if there else ""


def endpoint() -> str:
    """Who answers: host, port and path, as servers and gateways may give several models the same name."""
    asked = urlsplit(settings.OPENAI_BASE_URL)
    path = asked.path.rstrip("/").removesuffix("/v1")
    return (asked.netloc.rpartition("@")[2] + path)[:255] or "api.openai.com"
