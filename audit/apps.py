"""The audit app: what happened, or was attempted. It imports nothing of ours."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "audit"
    verbose_name = "Audit trail"
