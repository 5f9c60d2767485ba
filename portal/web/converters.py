"""Parts of addresses; importing this module registers them."""

from __future__ import annotations

from django.urls import register_converter


class DottedScope:
    """`halden.freight.tracking`: account, organization, project."""

    regex = r"[A-Za-z_][\w$-]*(?:\.[A-Za-z_][\w$-]*){0,2}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(DottedScope, "scope")
