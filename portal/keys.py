"""The signing keys: made at the first start with mode 0600, given by the operator in production."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes

from portal import env

PrivateKey = Ed25519PrivateKey | rsa.RSAPrivateKey
RSA_BITS = 3072
NAMES = {Ed25519PrivateKey: "Ed25519", rsa.RSAPrivateKey: "RSA"}


def new_ed25519() -> PrivateKey:
    """For the trail's checkpoints."""
    return Ed25519PrivateKey.generate()


def new_rsa() -> PrivateKey:
    """For bundles: OPA takes no Ed25519 key there, and RSA signs the same bytes the same way twice."""
    return rsa.generate_private_key(public_exponent=65537, key_size=RSA_BITS)


def make_missing(wanted: dict[str, tuple[Path, Callable[[], PrivateKey]]], *, production: bool) -> list[Path]:
    """Makes each key that is not there yet; `wanted` maps a setting's name to its file and its kind.

    Returns the files made. In production a missing one stops the start, since a key made up there would
    leave a trail that nobody else can check.
    """
    made = []
    for name, (file, new) in wanted.items():
        if file.exists():
            continue
        if production:
            raise env.BadSetting(
                name, str(file), "the file of a private key in PEM; production makes none up"
            )
        env.made(name, file.parent)
        _keep(file, new())
        made.append(file)
    return made


def refuse_unusable(wanted: dict[str, tuple[Path, Callable[[], PrivateKey]]]) -> None:
    """Stops the start at a file that holds no key, or one of another kind than is signed with."""
    for name, (file, new) in wanted.items():
        kind = {new_ed25519: Ed25519PrivateKey, new_rsa: rsa.RSAPrivateKey}[new]
        if not isinstance(_load(name, file), kind):
            raise env.BadSetting(name, str(file), f"the file of an {NAMES[kind]} key, which it is not")


def _keep(file: Path, key: PrivateKey) -> None:
    """Writes the key whole or not at all; of two starts at the same time one wins and both use its key."""
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
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


def public_pem(file: Path) -> str:
    """What others check our signatures with. Raises BadSetting when the file holds no private key."""
    return (
        _load(file.name, file)
        .public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        .decode()
    )


def _load(name: str, file: Path) -> PrivateKeyTypes:
    try:
        return serialization.load_pem_private_key(file.read_bytes(), password=None)
    except OSError as error:
        raise env.BadSetting(name, str(file), f"a readable private key in PEM ({error.strerror})") from error
    except (TypeError, ValueError) as error:
        raise env.BadSetting(name, str(file), "a private key in PEM that no password protects") from error
