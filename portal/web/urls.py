"""Addresses of the pages. Objects stand under `/s/<scope, dotted>/`; lists carry their state in the query."""

from __future__ import annotations

from typing import Any

from allauth.account import views as account
from django.urls import path

from portal.web import around, converters  # noqa: F401
from portal.web.build import urls as build
from portal.web.govern import urls as govern
from portal.web.prove import urls as prove
from portal.web.settings import urls as settings

urlpatterns: list[Any] = [
    path("", around.home, name="home"),
    path("s/<scope:dotted>/", around.scope_home, name="scope_home"),
    path("jump/", around.jump, name="jump"),
    path("theme/", around.theme, name="theme"),
    path("session/", around.session, name="session"),
    # Only these two of allauth: an address or name that policies know somebody by is no change of their own.
    path("accounts/login/", account.login, name="account_login"),
    path("accounts/logout/", account.logout, name="account_logout"),
    *build.urlpatterns,
    *govern.urlpatterns,
    *prove.urlpatterns,
    *settings.urlpatterns,
]
handler404 = "portal.web.around.not_found"
handler403 = "portal.web.around.forbidden"
handler500 = "portal.web.around.broken"
