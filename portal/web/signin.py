"""Who may sign up (nobody) and which demo people the sign-in page offers."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """People are added by administrators; nobody signs up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return str(settings.LOGIN_REDIRECT_URL)


def demo_people() -> list[dict[str, Any]]:
    """The people of the demo company and what each is there to show; nothing outside demo mode."""
    if not settings.DEMO:
        return []
    from governance.models import User
    from portal.demo import company

    shown = {p.username: p.shown for p in company.PEOPLE if p.shown}
    present = User.objects.filter(username__in=shown, is_active=True)
    found = {u.username: u for u in present}
    return [
        {"username": name, "name": found[name].display_name, "what": what, "password": company.PASSWORD}
        for name, what in shown.items()
        if name in found
    ]


def demo_progress() -> str:
    """A sentence while the demo data is being made, else nothing."""
    if not settings.DEMO or (settings.DATA_DIR / "demo.done").exists():
        return ""
    from governance.models import User

    if not User.objects.exists():
        return ""
    return "Demo data is being made; lists fill as it goes. Its policies come last: until then they block nothing."
