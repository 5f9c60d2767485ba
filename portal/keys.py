"""The signing keys: made at the first start with mode 0600, given by the operator in production."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from portal import env


def make_missing(files: dict[str, Path], *, production: bool) -> list[Path]:
    """Makes each Ed25519 key that is not there yet; `files` maps a setting's name to its file.

    Returns the keys made. In production a missing one stops the start, since a key made up there would
    leave a trail that nobody else can check.
    """
    made = []
    for name, file in files.items():
        if file.exists():
            continue
        if production:
            raise env.BadSetting(
                name, str(file), "the file of an Ed25519 private key; production makes none up"
            )
        _make(file)
        made.append(file)
    return made


def _make(file: Path) -> None:
    """Writes the key whole or not at all; of two starts at the same time one wins and both use its key."""
    pem = Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor, half = tempfile.mkstemp(dir=file.parent)
    with open(descriptor, "wb") as handle:
        handle.write(pem)
        handle.flush()
        os.fsync(handle.fileno())
    try:
        os.link(half, file)
    except FileExistsError:
        pass
    finally:
        os.unlink(half)


def read_private(file: Path) -> Ed25519PrivateKey:
    """The private key in a file. Raises BadSetting when it holds no Ed25519 key."""
    try:
        key = serialization.load_pem_private_key(file.read_bytes(), password=None)
    except (OSError, ValueError) as error:
        raise env.BadSetting(
            file.name, str(file), f"a readable Ed25519 private key in PEM ({error})"
        ) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise env.BadSetting(file.name, str(file), "an Ed25519 private key")
    return key


def public_pem(file: Path) -> str:
    """What others check our signatures with."""
    return (
        read_private(file)
        .public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        .decode()
    )
