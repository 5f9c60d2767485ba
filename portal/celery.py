"""The worker app. A message says only "look at run X"; the database says what is to be done."""

from __future__ import annotations

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
# The set-up and the web server run the checks; they read every page's address, which a worker never needs.
os.environ.setdefault("CELERY_SKIP_CHECKS", "1")

from celery import Celery
from celery.signals import worker_process_init
from django.conf import settings

app = Celery("portal", broker=settings.BROKER_URL, include=["portal.tasks"])
app.conf.update(
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    worker_prefetch_multiplier=1,
    task_ignore_result=True,
    result_backend=None,
    task_serializer="json",
    accept_content=["json"],
    event_serializer="json",
    task_default_queue="runs",
    task_track_started=False,
    timezone="UTC",
    enable_utc=True,
    worker_hijack_root_logger=False,
    broker_connection_retry_on_startup=True,
    # The broker may come back at any time; a worker that gave up would need hands.
    broker_connection_max_retries=None,
    worker_cancel_long_running_tasks_on_connection_loss=False,
    # Unacknowledged messages are looked for often; a message that is delivered twice finds its run taken.
    broker_transport_options={
        "visibility_timeout": 60,
        "unacked_restore_interval": 5,
        "unacked_restore_throttle": 1,
        "socket_connect_timeout": 2,
        "socket_timeout": 10,
        "socket_keepalive": True,
    }
    if settings.BROKER_URL.startswith("redis")
    else {},
)


@worker_process_init.connect
def _fresh_connections(**_: object) -> None:
    """A forked worker must not share its parent's database connection."""
    from django.db import connections

    for connection in connections.all(initialized_only=True):
        connection.inc_thread_sharing()
        connection.connection = None
        connection.dec_thread_sharing()
