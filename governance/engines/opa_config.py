"""How a sidecar is set up: where it fetches signed bundles, whom it tells, and what it may be asked."""

from __future__ import annotations

import hashlib
import json
import os
import socket
from typing import Any

from governance.engines.answers import BUNDLE

KEY_ID = "portal"
# OPA verifies bundles by the keys of its configuration, and that knows no EdDSA (1.22).
ALGORITHM = "RS256"
BUNDLE_PATH = "/bundles/portal.tar.gz"
# What decisions rest on already: an engine that starts takes it first, whatever becomes of a newer one.
IN_FORCE_PATH = "/bundles/in-force.tar.gz"
# Shorter than the time after which a silent sidecar no longer counts: each poll's end is a sign of life.
LONG_POLL_S = 4
# Above this the runtime collects garbage all the time; ten thousand policies need less while they change.
MOST_MEMORY_MB = 3072
MOST_BUNDLE_BYTES = 512 * 1024 * 1024


def sidecar_config(
    *, portal_url: str, token: str, public_key_pem: str, name: str = "", long_poll_s: int = LONG_POLL_S
) -> dict[str, Any]:
    """OPA's configuration. `name` tells sidecars apart in status reports; by default that of the host."""
    bearer = {"bearer": {"token": token}}
    return {
        "labels": {"sidecar": name or socket.gethostname()},
        "services": {
            "portal": {"url": portal_url, "credentials": bearer, "response_header_timeout_seconds": 30},
            "portal_status": {"url": f"{portal_url}/opa", "credentials": bearer},
        },
        "keys": {KEY_ID: {"algorithm": ALGORITHM, "key": public_key_pem}},
        "bundles": {
            BUNDLE: {
                "service": "portal",
                "resource": BUNDLE_PATH,
                "polling": {
                    "min_delay_seconds": 1,
                    "max_delay_seconds": 2,
                    "long_polling_timeout_seconds": long_poll_s,
                },
                "signing": {"keyid": KEY_ID},
                "size_limit_bytes": MOST_BUNDLE_BYTES,
            }
        },
        "status": {"service": "portal_status"},
        "decision_logs": {"console": False},
    }


def fixed_config(archive: str, *, public_key_pem: str) -> dict[str, Any]:
    """OPA's configuration for one signed bundle from a file; it tells of it when it is asked at /v1/status."""
    return {
        "keys": {KEY_ID: {"algorithm": ALGORITHM, "key": public_key_pem}},
        "bundles": {
            BUNDLE: {
                "resource": f"file://{archive}",
                "signing": {"keyid": KEY_ID},
                "size_limit_bytes": MOST_BUNDLE_BYTES,
            }
        },
        # Without a service to tell, this is what keeps the state.
        "status": {"prometheus": True},
        "decision_logs": {"console": False},
    }


def authorization(token: str) -> str:
    """Rego by which the sidecar answers nothing but the router's decisions and how it is, and only to us.

    `token` "" leaves out the question who asks: on a unix socket the folder's mode decides that.
    """
    asked_by_us = ""
    if token:
        digest = hashlib.sha256(token.encode()).hexdigest()
        asked_by_us = f"\tcrypto.sha256(input.identity) == {json.dumps(digest)}\n"
    return f"""package system.authz

default allow := false

allow if {{
	input.method == "POST"
	input.path == ["v1", "data", "portal", "router", "decide"]
{asked_by_us}}}

allow if {{
	input.method == "POST"
	input.path == ["v1", "data", "portal", "router", "ready"]
{asked_by_us}}}

allow if {{
	input.method == "GET"
	input.path == ["v1", "status"]
{asked_by_us}}}

allow if {{
	input.method == "GET"
	input.path == ["health"]
}}
"""


def environment() -> dict[str, str]:
    """How the sidecar's runtime uses memory: it compiles all policies at once whenever one changes, and a third
    of that time is the collection of garbage unless it may keep more of it for a while."""
    mebibytes = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    return {"GOGC": "400", "GOMEMLIMIT": f"{min(MOST_MEMORY_MB, mebibytes // 2)}MiB"}


def command(opa: str, *, address: str, config_file: str, authorization_file: str = "") -> list[str]:
    """The command line of a sidecar; `address` is unix:///path or host:port."""
    words = [
        opa, "run", "--server", "--addr", address, "--config-file", config_file,
        "--log-level", "error", "--log-format", "text", "--skip-version-check",
        "--shutdown-grace-period", "2",
    ]  # fmt: skip
    if address.startswith("unix:"):
        words += ["--unix-socket-perm", "700"]
    if authorization_file:
        words += ["--authentication=token", "--authorization=basic", authorization_file]
    return words
