"""When a row was made or changed, by the application's clock, which is the demo's while it is made."""

from __future__ import annotations

from typing import Any

from django.db import models

from audit import clock


class ClockField(models.DateTimeField):  # type: ignore[type-arg]  # Django gives it none at run time
    """A DateTimeField whose `auto_now` and `auto_now_add` ask `audit.clock`."""

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        if not (self.auto_now or (self.auto_now_add and add)):
            return super().pre_save(model_instance, add)
        value = clock.now()
        setattr(model_instance, self.attname, value)
        return value

    def deconstruct(self) -> Any:
        # The column is Django's own, so migrations need not know.
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.DateTimeField", args, kwargs
