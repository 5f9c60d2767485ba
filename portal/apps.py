"""The doors, the assistant and the wiring."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "portal"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.conf import settings

        from governance.engines import places
        from portal import checks, plugins, session_events, wiring  # noqa: F401

        wiring.connect()
        places.share(settings.DATA_DIR / "places")
        plugins.load()
