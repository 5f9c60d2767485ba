"""Halden, a company that never was: what `manage.py demo` makes, all of it through `admit`."""
