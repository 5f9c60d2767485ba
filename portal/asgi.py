"""One ASGI application: streams and the engine's addresses natively, drafts elsewhere, the rest to Django in threads.

Django's synchronous views lose most of their throughput under ASGI; in a2wsgi's threads they do not.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module

from a2wsgi import WSGIMiddleware

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

from portal import settings
from portal.apart.forward import Forward
from portal.apart.lanes import Lanes
from portal.dispatch import Dispatcher
from portal.plainly import App
from portal.wsgi import application as django

# A page gives the interpreter away with every query and waits this long to have it back from a thread that
# computes; at the usual five milliseconds a check of one person makes everybody's pages wait.
sys.setswitchinterval(0.001)

# Path prefix -> the small ASGI callable that answers below it. Named by address, so that a missing one
# stops the start instead of turning into a page that is not found.
NATIVE = {
    "/stream/": "portal.web.streams:application",
    "/bundles/": "portal.sidecar:bundles",
    "/opa/status": "portal.sidecar:status",
}


def _load(address: str) -> App:
    module, _, name = address.partition(":")
    return getattr(import_module(module), name)  # type: ignore[no-any-return]


def _django() -> App:
    """Pages and the API; what is about drafts elsewhere, where there is such a place."""
    here: App = WSGIMiddleware(django, workers=settings.WEB_THREADS)  # type: ignore[assignment]
    return Lanes(Forward(settings.DRAFTS_SOCKET), here) if settings.DRAFTS_APART else here


application = Dispatcher({prefix: _load(address) for prefix, address in NATIVE.items()}, _django())
