"""Who is calling the API: the holder of a token, or the person of the browser's session."""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from governance.actor import Actor, Channel
from portal import tokens
from portal.clients import ip_of


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer pcl_…`"""

    def authenticate(self, request: Request) -> tuple[Any, Any] | None:
        parts = get_authorization_header(request).split()
        if not parts or parts[0].lower() != b"bearer":
            return None
        if len(parts) != 2:
            raise AuthenticationFailed("Send the token as: Authorization: Bearer <token>")
        secret = parts[1].decode("latin-1")
        token = tokens.holder_of(secret)
        if token is None:
            tokens.note_refused(secret, ip=ip_of(request))
            raise AuthenticationFailed("This token is unknown, expired or revoked.")
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class TokenScheme(OpenApiAuthenticationExtension):
    target_class = "portal.api.auth.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}


def actor_of(request: Request) -> Actor:
    """The caller as an actor. Provenance of AI is never read from a request."""
    session = f"token:{request.auth.pk}" if request.auth is not None else "session"
    return Actor(
        user=request.user,
        channel=Channel.API,
        request_id=request.headers.get("X-Request-ID", "")[:64],
        ip=ip_of(request),
        session=session,
    )
