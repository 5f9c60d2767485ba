"""Addresses of template pages, from wherever somebody stands."""

from __future__ import annotations

from django.urls import reverse

from governance.models import Scope
from templates_catalog.query import TemplateView


def template_url(here: Scope, template: TemplateView) -> str:
    """Inherited templates are opened from here; those of a scope below, from their own."""
    inherited = here.path == template.scope or here.path.startswith(f"{template.scope}/")
    dotted = here.dotted if inherited else template.scope.replace("/", ".")
    return reverse("template", args=(dotted, template.ref))


def home_of(here: Scope, ref: str) -> tuple[str, str]:
    """(path of the scope a reference speaks of, identifier), as seen from here."""
    prefix, _, rest = ref.partition(".")
    parts = here.path.split("/")
    if rest and prefix == "account":
        return parts[0], rest
    if rest and prefix == "org":
        return "/".join(parts[:2]), rest
    return here.path, ref
