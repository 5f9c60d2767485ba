"""The rules: who may, what must hold, and the one write path."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class GovernanceConfig(AppConfig):
    name = "governance"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Each module registers its kinds when it is imported.
        from governance import (  # noqa: F401
            evidence,
            exemptions,
            groups,
            object_grants,
            policies,
            roles,
            scopes,
            set_requests,
            settings_kind,
        )
        from governance.exam import requests  # noqa: F401

        post_migrate.connect(_refresh_roles, sender=self)


def _refresh_roles(**facts: Any) -> None:
    from governance.founding import refresh_roles

    refresh_roles()
