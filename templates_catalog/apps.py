"""The definitions: golden templates and what is built from them."""

from django.apps import AppConfig


class TemplatesCatalogConfig(AppConfig):
    name = "templates_catalog"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Each module registers its kinds with `governance.kinds` when it is imported.
        from templates_catalog import entities, executions, payloads, pipelines, templates  # noqa: F401
