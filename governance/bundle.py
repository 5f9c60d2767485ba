"""What the engine loads: every active policy, the library, the router and the table of sets, signed.

The same content, serial and predecessor give the same bytes. Only changed policies are rewritten.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import tarfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import jwt
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from governance import rego_text
from governance.authoring.compile import library_source, linked
from governance.authoring.rule import Rule
from governance.engines import strict_json

HERE = Path(__file__).parent
ROUTER = HERE / "router.rego"
KEY_ID = "portal"
# OPA verifies bundles by the keys of its configuration, and that knows no EdDSA (1.22).
ALGORITHM = "RS256"
SETS = "portal/sets/data.json"


@dataclass(frozen=True, slots=True)
class Source:
    """An active policy. `id` is "<scope path>/<identifier>"; `rule` is empty when a person wrote the Rego."""

    id: str
    rego: str
    digest: str
    rule: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Built:
    """revision and sha256 are hex digests: of the content with its serial, and of the archive."""

    revision: str
    content: str
    sha256: str
    archive: bytes
    policies: dict[str, str]


class BrokenPolicy(Exception):
    """An active policy cannot be written into the bundle. Names it."""


class Builder:
    """Builds bundles; remembers what it made of each policy's text."""

    def __init__(self, signing_key_pem: bytes) -> None:
        # Reading a key checks it, which takes longer than signing does.
        self._key = load_pem_private_key(signing_key_pem, password=None)
        self._modules: dict[tuple[str, str, bool], str] = {}

    def recall(self, archive: bytes, digests: Mapping[str, str]) -> None:
        """Take written policies as an earlier bundle holds them, if it was made by the same code as ours.

        Moving a thousand of them anew takes half a minute; compiling rules takes no time worth saving.
        """
        files = unpack(archive)
        if strict_json.loads(files[".manifest"])["metadata"].get("mover") != mover():
            return
        for policy, digest in digests.items():
            if (text := files.get(f"policies/{policy}.rego")) is not None:
                self._modules[(policy, digest, False)] = text.decode()

    def files(self, policies: Iterable[Source], table: dict[str, Any]) -> dict[str, bytes]:
        """Path → content of everything but manifest and signature. Raises BrokenPolicy."""
        found = {
            "portal/router.rego": ROUTER.read_bytes(),
            "portal/lib.rego": library_source().encode(),
            SETS: strict_json.canonical(table),
        }
        modules = {}
        for policy in policies:
            key = (policy.id, policy.digest, bool(policy.rule))
            modules[key] = self._modules.get(key) or module(policy)
            found[f"policies/{policy.id}.rego"] = modules[key].encode()
        self._modules = modules
        return found

    def build(self, policies: list[Source], table: dict[str, Any], *, serial: int, previous: str) -> Built:
        return self.pack(
            self.files(policies, table),
            {p.id: p.digest for p in policies},
            serial=serial,
            previous=previous,
        )

    def pack(self, files: dict[str, bytes], policies: dict[str, str], *, serial: int, previous: str) -> Built:
        content = content_digest(files)
        revision = hashlib.sha256(strict_json.canonical([content, serial, previous])).hexdigest()
        manifest = {
            "revision": revision,
            "roots": ["policies", "portal"],
            "rego_version": 1,
            "metadata": {"serial": serial, "previous": previous, "content": content, "mover": mover()},
        }
        files = {**files, ".manifest": strict_json.canonical(manifest)}
        files[".signatures.json"] = sign(files, self._key)
        archive = pack(files)
        return Built(revision, content, hashlib.sha256(archive).hexdigest(), archive, policies)


def module(policy: Source) -> str:
    """A policy's text for the bundle: a Rule is compiled against the library, written Rego moved as it is."""
    try:
        if policy.rule:
            rule = Rule.model_validate(policy.rule)
            home = f"policies[{json.dumps(policy.id)}]"
            return linked(rule, home).rstrip("\n") + "\n" + rego_text.meta(policy.digest)
        return rego_text.nest(policy.rego, policy.id, policy.digest)
    except ValueError as error:
        raise BrokenPolicy(f"policy {policy.id} cannot be published: {error}") from error


def content_digest(files: Mapping[str, bytes]) -> str:
    """Of names and contents; what the bundle says, whatever its serial."""
    listed = [[name, hashlib.sha256(files[name]).hexdigest()] for name in sorted(files)]
    return hashlib.sha256(strict_json.canonical(listed)).hexdigest()


@lru_cache(maxsize=1)
def mover() -> str:
    """Names the code that moves policies into bundles."""
    return hashlib.sha256(Path(rego_text.__file__).read_bytes()).hexdigest()[:16]


def sign(files: Mapping[str, bytes], key: Any) -> bytes:
    """OPA's signature file: a JWT over the digest of each file, by RSA: the same files, the same bytes."""
    listed = [
        {"name": name, "hash": hashlib.sha256(files[name]).hexdigest(), "algorithm": "SHA-256"}
        for name in sorted(files)
    ]
    token = jwt.encode({"files": listed}, key, algorithm=ALGORITHM, headers={"kid": KEY_ID})
    return strict_json.canonical({"signatures": [token]})


def pack(files: Mapping[str, bytes]) -> bytes:
    """A tar.gz with sorted names and no times, owners or modes of the machine."""
    plain = io.BytesIO()
    with tarfile.open(fileobj=plain, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for name in sorted(files):
            entry = tarfile.TarInfo(name)
            entry.size = len(files[name])
            entry.mode = 0o444
            tar.addfile(entry, io.BytesIO(files[name]))
    return gzip.compress(plain.getvalue(), compresslevel=1, mtime=0)


def unpack(archive: bytes) -> dict[str, bytes]:
    """Path → content of a bundle we made."""
    found = {}
    with tarfile.open(fileobj=io.BytesIO(archive), mode="r:gz") as tar:
        for entry in tar.getmembers():
            content = tar.extractfile(entry)
            if content is not None:
                found[entry.name] = content.read()
    return found
