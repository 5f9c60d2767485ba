"""What the engine loads: the policies that sets name, the library, the router and the table of sets, signed.

An active policy that no set names can never be asked, so the engine need not compile it. The same content,
serial and predecessor give the same bytes. Only changed policies are rewritten.
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
from governance.engines.opa_config import ALGORITHM, KEY_ID

HERE = Path(__file__).parent
ROUTER = HERE / "router.rego"
SETS = "portal/sets/data.json"
# What a written policy is remembered by: its id, the digest of its text, whether a Rule stands behind it.
Key = tuple[str, str, bool]
# More files than a bundle of ten thousand policies has: what did not change is not digested and packed anew.
MOST_REMEMBERED = 16_384


@dataclass(frozen=True, slots=True)
class Source:
    """An active policy. `id` is "<scope path>/<identifier>"; `rule` is empty when a person wrote the Rego."""

    id: str
    rego: str
    digest: str
    rule: Mapping[str, Any]

    @property
    def key(self) -> Key:
        return self.id, self.digest, bool(self.rule)


@dataclass(frozen=True, slots=True)
class Built:
    """revision and sha256 are hex digests: of the content with its serial, and of the archive.

    policies  all that are active, id → digest of the text, bound or not
    """

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
        self._modules: dict[Key, bytes] = {}

    def recall(self, archive: bytes, digests: Mapping[str, str]) -> None:
        """Take written policies as an earlier bundle holds them, if it was made by the same code as ours.

        Moving a thousand of them anew takes half a minute; compiling rules takes no time worth saving.
        """
        files = unpack(archive)
        if strict_json.loads(files[".manifest"])["metadata"].get("mover") != mover():
            return
        for policy, digest in digests.items():
            if (text := files.get(f"policies/{policy}.rego")) is not None:
                self._modules[(policy, digest, False)] = text

    def knows(self, key: Key) -> bool:
        return key in self._modules

    def learn(self, policies: Iterable[Source]) -> None:
        """Write policies for the bundle. Raises BrokenPolicy."""
        for policy in policies:
            self._modules[policy.key] = module(policy).encode()

    def files(self, bound: Iterable[Key], table: dict[str, Any]) -> dict[str, bytes]:
        """Path → content of everything but manifest and signature; all other policies are forgotten.

        bound  policies this builder has learnt; KeyError for one that it has not
        """
        self._modules = {key: self._modules[key] for key in bound}
        return {
            "portal/router.rego": ROUTER.read_bytes(),
            "portal/lib.rego": library_source().encode(),
            SETS: strict_json.canonical(table),
            **{f"policies/{policy}.rego": text for (policy, _, _), text in self._modules.items()},
        }

    def pack(self, files: dict[str, bytes], policies: dict[str, str], *, serial: int, previous: str) -> Built:
        content = content_digest(files, policies)
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
            # The router reads `violations`; a fifth of the engine's work on a small policy went into `deny`.
            text = linked(rule, home, deny=False)
            return text.rstrip("\n") + "\n" + rego_text.meta(policy.digest)
        return rego_text.nest(policy.rego, policy.id, policy.digest)
    except ValueError as error:
        raise BrokenPolicy(f"policy {policy.id} cannot be published: {error}") from error


def content_digest(files: Mapping[str, bytes], policies: Mapping[str, str]) -> str:
    """Of names and contents, and of all policies that are active; whatever the serial."""
    listed = [[name, _sha256(files[name])] for name in sorted(files)]
    return hashlib.sha256(strict_json.canonical([listed, dict(policies)])).hexdigest()


def bound_in(table: Mapping[str, Any]) -> set[str]:
    """Ids of the policies that a table of sets names."""
    events = [by_event for by_kind in table.values() for by_event in by_kind.values()]
    return {str(row["id"]) for by_event in events for rows in by_event.values() for row in rows}


@lru_cache(maxsize=1)
def mover() -> str:
    """Names the code that moves policies into bundles."""
    return hashlib.sha256(Path(rego_text.__file__).read_bytes()).hexdigest()[:16]


def sign(files: Mapping[str, bytes], key: Any) -> bytes:
    """OPA's signature file: a JWT over the digest of each file, by RSA: the same files, the same bytes."""
    listed = [{"name": name, "hash": _sha256(files[name]), "algorithm": "SHA-256"} for name in sorted(files)]
    token = jwt.encode({"files": listed}, key, algorithm=ALGORITHM, headers={"kid": KEY_ID})
    return strict_json.canonical({"signatures": [token]})


def pack(files: Mapping[str, bytes]) -> bytes:
    """A tar.gz with sorted names and no times, owners or modes of the machine."""
    entries = b"".join(_entry(name, files[name]) for name in sorted(files))
    size = len(entries) + 2 * tarfile.BLOCKSIZE
    plain = entries + b"\0" * (2 * tarfile.BLOCKSIZE + -size % tarfile.RECORDSIZE)
    return gzip.compress(plain, compresslevel=1, mtime=0)


@lru_cache(maxsize=MOST_REMEMBERED)
def _entry(name: str, content: bytes) -> bytes:
    """A file as it stands in a tar archive."""
    head = tarfile.TarInfo(name)
    head.size = len(content)
    head.mode = 0o444
    padding = b"\0" * (-len(content) % tarfile.BLOCKSIZE)
    return head.tobuf(tarfile.PAX_FORMAT, "utf-8") + content + padding


@lru_cache(maxsize=MOST_REMEMBERED)
def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def unpack(archive: bytes) -> dict[str, bytes]:
    """Path → content of a bundle we made."""
    found = {}
    with tarfile.open(fileobj=io.BytesIO(archive), mode="r:gz") as tar:
        for entry in tar.getmembers():
            content = tar.extractfile(entry)
            if content is not None:
                found[entry.name] = content.read()
    return found
