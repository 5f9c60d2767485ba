"""The server for drafts: Django behind a socket that only our own web server reaches."""

from __future__ import annotations

from a2wsgi import WSGIMiddleware

from portal import settings
from portal.apart.visitor import Told
from portal.dispatch import Dispatcher
from portal.wsgi import application as django

application = Dispatcher({}, Told(WSGIMiddleware(django, workers=settings.WEB_THREADS)))  # type: ignore[arg-type]
