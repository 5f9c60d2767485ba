"""Django as WSGI: pages and the API."""

import os
from importlib import import_module

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
application = get_wsgi_application()

# What is otherwise imported by the first request that needs it, which would wait a second for it.
for _late in ("portal.urls", "portal.tasks", "portal.assistant.chat"):
    import_module(_late)
