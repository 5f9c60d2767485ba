"""The only module that knows which adapter stands behind which port."""

from __future__ import annotations

from templates_catalog import wiring as definitions


def connect() -> None:
    definitions.set_wake(_wake_worker)


def _wake_worker(execution_id: str) -> None:
    from portal.tasks import run_execution

    run_execution.apply_async((execution_id,), retry=False, ignore_result=True)
