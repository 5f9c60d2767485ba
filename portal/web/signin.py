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

    present = {u.username: u for u in User.objects.filter(username__in=DEMO_PEOPLE, is_active=True)}
    return [
        {"username": name, "name": present[name].display_name, "what": what, "password": DEMO_PASSWORD}
        for name, what in DEMO_PEOPLE.items()
        if name in present
    ]


DEMO_PEOPLE = {
    "dana": "developer in Tracking: asks for a pipeline, is blocked, fixes it",
    "mira": "policy author of Halden: writes a rule in English, may not approve it",
    "eli": "policy approver, security_team: reviews the rule, approves the run",
    "jonas": "template author, Platform team: owns the golden templates",
    "cora": "account admin and auditor: roles, trail, evidence",
}


def demo_progress() -> str:
    """A sentence while the demo data is being made, else nothing."""
    if not settings.DEMO or (settings.DATA_DIR / "demo.done").exists():
        return ""
    from governance.models import User

    if not User.objects.exists():
        return ""
    return "Demo data is being made. You can sign in now; lists fill as it goes."


DEMO_PASSWORD = "demo"  # noqa: S105  shown on the page, in demo mode alone
