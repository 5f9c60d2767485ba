"""What the sign-in page shows in demo mode."""

from __future__ import annotations

from typing import Any

from django import template

from portal.web import signin

register = template.Library()


@register.simple_tag
def demo_people() -> list[dict[str, Any]]:
    return signin.demo_people()


@register.simple_tag
def demo_progress() -> str:
    return signin.demo_progress()
