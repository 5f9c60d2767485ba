"""Which model this portal is set up to ask, and where it answers: together they are what sits an exam."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings


def model() -> str:
    """The name of the model this process is set up to ask, "" for none."""
    there = settings.OPENAI_BASE_URL or settings.OPENAI_API_KEY
    return str(settings.OPENAI_MODEL) if there else ""


def endpoint() -> str:
    """Host and port of who answers; two servers may give two models the same name."""
    return urlsplit(settings.OPENAI_BASE_URL).netloc.rpartition("@")[2] or "api.openai.com"
