"""Which requests are about drafts: whatever plans from English, or reads, checks or tries Rego nobody has approved.

Reading a syntax tree of four megabytes or a sentence of thousands of words holds the interpreter for tenths of a
second, and with it everybody whose page is made by the same process. So these requests go to a process of their own.
"""

from __future__ import annotations

import re

from portal.plainly import App, Receive, Scope, Send

# By path alone, since the body is not looked at here. A list of policies is a page like any other.
ABOUT_DRAFTS = re.compile(
    r"/(s/[^/]+/)?describe/.*"
    r"|/s/[^/]+/policies/.+"
    r"|/s/[^/]+/drafts/.*"
    r"|/api/v1/scopes/[^/]+/(ask|drafts)/.*"
    r"|/api/v1/scopes/[^/]+/policies/.+"
    r"|/api/v1/scopes/[^/]+/(changes|dry-run)/policy/.*",
    re.DOTALL,
)


class Lanes:
    """Requests about drafts to one part, all others to the other."""

    def __init__(self, drafts: App, rest: App) -> None:
        self.drafts = drafts
        self.rest = rest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        chosen = self.drafts if ABOUT_DRAFTS.fullmatch(scope["path"]) else self.rest
        await chosen(scope, receive, send)
