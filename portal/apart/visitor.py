"""Who asks, and how, told from the web server to the one for drafts: only the two can reach its socket."""

from __future__ import annotations

from portal.plainly import App, Receive, Scope, Send

CLIENT, SCHEME = b"x-portcullis-client", b"x-portcullis-scheme"
OWN = frozenset({CLIENT, SCHEME})


def headers_of(scope: Scope) -> list[tuple[bytes, bytes]]:
    """What the server behind the socket cannot see for itself."""
    host, port = scope.get("client") or ("", 0)
    return [(CLIENT, f"{host} {port}".encode()), (SCHEME, scope["scheme"].encode())]


def without_own(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """What a visitor says in our name is not passed on."""
    return [(name, value) for name, value in headers if name.lower() not in OWN]


class Told:
    """Puts what `headers_of` said back to where applications look for it."""

    def __init__(self, app: App) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            said = {name: value.decode() for name, value in scope["headers"] if name in OWN}
            if said:
                host, _, port = said[CLIENT].rpartition(" ")
                told = {"client": (host, int(port)), "scheme": said[SCHEME]}
                scope = {**scope, **told, "headers": without_own(scope["headers"])}
        await self.app(scope, receive, send)
