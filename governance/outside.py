"""The bundle of one scope, for any OPA or conftest: what applies there, decided as the portal decides.

Made from the revision that is in force: the same policy modules, library and router, with the sets of the
scope and those above it, and a module `main` that asks the router. Exemptions stay inside the portal.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from django.conf import settings

from governance import kinds, publishing, rbac
from governance.actor import Actor
from governance.bundle import SETS, bound_in, pack, sign, unpack
from governance.engines import strict_json
from governance.engines.opa_config import ALGORITHM, KEY_ID
from governance.errors import NotFound
from governance.models import Scope

MAIN = Path(__file__).parent / "outside.rego"
FACTS = "portal/outside/data.json"


def revision(actor: Actor, scope_path: str) -> str:
    """What the bundle of a scope is known by now, "" while nothing is in force.

    Raises NotFound, Denied: reading it takes view_policy there.
    """
    scope = rbac.enter(actor, "view_policy", scope_path)
    pinned = publishing.gate_state().pinned
    return _revision(pinned, scope.path) if pinned else ""


def archive(actor: Actor, scope_path: str) -> tuple[str, bytes]:
    """(revision, signed tar.gz) of what is in force for a scope. Raises NotFound, Denied."""
    scope = rbac.enter(actor, "view_policy", scope_path)
    pinned = publishing.gate_state().pinned
    if not pinned:
        raise NotFound("no policy bundle is in force yet")
    return _revision(pinned, scope.path), _archive(pinned, scope.path, tuple(scope.chain_paths), _key_pem())


def _revision(pinned: str, path: str) -> str:
    return hashlib.sha256(f"{pinned} {path} {_main()}".encode()).hexdigest()


@lru_cache(maxsize=1)
def _main() -> str:
    return MAIN.read_text(encoding="utf-8")


@lru_cache(maxsize=32)
def _archive(pinned: str, path: str, chain: tuple[str, ...], key_pem: bytes) -> bytes:
    held = unpack(publishing.archive_of(pinned))
    table = {name: sets for name, sets in strict_json.loads(held[SETS]).items() if name in chain}
    files = {name: held[name] for name in ("portal/lib.rego", "portal/router.rego")}
    files |= {f"policies/{policy}.rego": held[f"policies/{policy}.rego"] for policy in bound_in(table)}
    files["main.rego"] = _main().encode()
    files[SETS] = strict_json.canonical(table)
    files[FACTS] = strict_json.canonical({"scopes": list(chain), "kinds": _roots(), "events": _events()})
    files[".manifest"] = strict_json.canonical(
        {
            "revision": _revision(pinned, path),
            "roots": ["main", "policies", "portal"],
            "rego_version": 1,
            "metadata": {"scope": path, "portal_revision": pinned},
        }
    )
    files[".signatures.json"] = sign(files, load_pem_private_key(key_pem, password=None))
    return pack(files)


def _roots() -> dict[str, str]:
    """Key of a document → kind."""
    return {
        kind.root or kind.name: kind.name
        for kind in kinds.known().values()
        if kind.events and (kind.root or not kind.whole)
    }


def _events() -> dict[str, list[str]]:
    """Kind → what policies may be bound to."""
    return {kind.name: list(kind.events) for kind in kinds.known().values() if kind.events}


def _key_pem() -> bytes:
    try:
        return bytes(settings.BUNDLE_SIGNING_KEY_FILE.read_bytes())
    except OSError as error:
        raise NotFound(
            f"this server has no key to sign bundles with (BUNDLE_SIGNING_KEY_FILE): {error}"
        ) from error


def public_key_pem() -> str:
    """What the signature is checked with. Raises NotFound where the key is not at hand."""
    return str(
        load_pem_private_key(_key_pem(), password=None)
        .public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        .decode()
    )


def configuration(scope: Scope, portal_url: str) -> dict[str, Any]:
    """By which any OPA follows the bundle of a scope; the token is taken from its environment."""
    return {
        "services": {"portal": {"url": portal_url, "credentials": {"bearer": {"token": "${PORTAL_TOKEN}"}}}},
        "bundles": {
            "portal": {
                "service": "portal",
                "resource": f"/bundles/{scope.dotted}.tar.gz",
                "polling": {"long_polling_timeout_seconds": 30},
                "signing": {"keyid": KEY_ID},
            }
        },
        "keys": {KEY_ID: {"algorithm": ALGORITHM, "key": public_key_pem()}},
    }
