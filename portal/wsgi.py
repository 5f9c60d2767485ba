"""Django as WSGI: pages and the API."""

import os
from importlib import import_module

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
application = get_wsgi_application()

# Every page and what it needs: otherwise the first request imports it, and waits seconds for that.
import_module("portal.urls")
