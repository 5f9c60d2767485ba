"""The rules: who may, what must hold, and the one write path."""

from django.apps import AppConfig


class GovernanceConfig(AppConfig):
    name = "governance"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Each module registers its kinds when it is imported.
        from governance import evidence, policies, policy_sets, roles, settings_kind  # noqa: F401
