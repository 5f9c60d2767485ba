"""The rules: who may, what must hold, and the one write path."""

from django.apps import AppConfig


class GovernanceConfig(AppConfig):
    name = "governance"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Each module registers its kinds when it is imported.
        from governance import (  # noqa: F401
            evidence,
            groups,
            object_grants,
            policies,
            policy_sets,
            roles,
            scopes,
            settings_kind,
        )
