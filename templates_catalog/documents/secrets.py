"""Finds credentials written out in a document; only references to secrets may be stored."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from templates_catalog.documents import walk
from templates_catalog.documents.fields import SCOPED_REF, is_expression
from templates_catalog.documents.problems import Problem

# Shapes that providers give their credentials; each is long enough not to occur by accident.
KNOWN_SHAPES = (
    ("an AWS access key", re.compile(r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b")),
    ("a GitHub token", re.compile(r"\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{60,})\b")),
    ("a GitLab token", re.compile(r"\bglpat-[A-Za-z0-9_-]{20,}\b")),
    ("a Slack token", re.compile(r"\bxox[abposr]-[A-Za-z0-9-]{10,}\b")),
    ("a Slack webhook", re.compile(r"hooks\.slack\.com/services/T[A-Z0-9]{6,}/B[A-Z0-9]{6,}/[A-Za-z0-9]{16,}")),
    ("a Google API key", re.compile(r"\bAIza[0-9A-Za-z_-]{35}\b")),
    ("a Stripe key", re.compile(r"\b[rs]k_live_[0-9A-Za-z]{16,}\b")),
    ("an npm token", re.compile(r"\bnpm_[A-Za-z0-9]{36}\b")),
    ("a PyPI token", re.compile(r"\bpypi-[A-Za-z0-9_-]{40,}\b")),
    ("an Anthropic or OpenAI key", re.compile(r"\bsk-(?:ant-|proj-)?[A-Za-z0-9_-]{32,}\b")),
    ("a private key", re.compile(r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----")),
    ("a JSON web token", re.compile(r"\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}")),
    ("a password in an address", re.compile(r"\b[a-z][a-z0-9+.-]*://[^\s/:@<>$]+:[^\s/:@<>$]{3,}@")),
)  # fmt: skip
SECRET_KEY = re.compile(
    r"(?:^|[_\-.])(?:password|passwd|passphrase|pwd|secret|token|api_?key|access_?key|secret_?key|private_?key|"
    r"client_?secret|access_?token|auth_?token|credentials?)$",
    re.IGNORECASE,
)
CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
SECRET_REF = re.compile(SCOPED_REF)
# Keys of credentials inside connectors that must name a secret. Plain names such as `username` are no
# secrets.
CREDENTIAL_FIELDS = re.compile(
    r"(?:(?:password|token|accessKey|secretKey|passphrase|privateKey|key|secret|credentials?|authToken|webhook)Ref"
    r"|password|token|accessKey|secretKey|privateKey|apiKey|passphrase|clientSecret|accessToken)$"
)
HOW = (
    "store it as a secret and write a reference, for example account.name or "
    '<+secrets.getValue("account.name")>'
)


def literal_secrets(document: Any, *, is_connector: bool) -> Iterator[Problem]:
    """A problem for every text that is, or by its key must be, a credential and is not a reference."""
    for path, key, text in walk.strings(document):
        found = next((what for what, shape in KNOWN_SHAPES if shape.search(text)), None)
        if found:
            yield Problem(f"this looks like {found} written out; {HOW}", path)
        elif is_connector and CREDENTIAL_FIELDS.search(key) and not is_reference(text):
            yield Problem(f"{key} must be a reference to a secret, not the value itself; {HOW}", path)
        elif not is_connector and has_secret_key(key) and is_literal_secret(text):
            yield Problem(f"{key} holds a value in plain text; {HOW}", path)
    yield from named_pairs(document)


def is_reference(text: str) -> bool:
    return is_expression(text) or (bool(SECRET_REF.match(text)) and not looks_random(text))


def has_secret_key(key: str) -> bool:
    return bool(SECRET_KEY.search(CAMEL.sub("_", key)))


def is_literal_secret(text: str) -> bool:
    """Whether a text under a secret-sounding key is a value: references, paths and variables are not."""
    if len(text) < 6 or is_expression(text) or text.startswith(("$", "account.", "org.", "/", "./")):
        return False
    return not SECRET_REF.match(text) or looks_random(text)


def looks_random(text: str) -> bool:
    """Long, without words: many changes between letters and digits."""
    if len(text) < 20 or "_" in text:
        return False
    switches = sum(a.isdigit() != b.isdigit() for a, b in pairwise(text))
    return switches >= 5


def named_pairs(document: Any) -> Iterator[Problem]:
    """Variables written as {name, value}: a Secret variable, or one named like a secret, holds only a
    reference."""
    waiting: list[tuple[str, Any]] = [("", document)]
    while waiting:
        path, node = waiting.pop()
        if isinstance(node, list):
            waiting.extend((f"{path}[{number}]", inner) for number, inner in enumerate(node))
        if not isinstance(node, dict):
            continue
        waiting.extend((f"{path}.{key}".lstrip("."), inner) for key, inner in node.items())
        name, value = node.get("name"), node.get("value")
        if isinstance(name, str) and isinstance(value, str) and value:
            if node.get("type") == "Secret" and not is_reference(value):
                yield Problem(
                    f"the secret variable {name!r} must hold a reference to a secret; {HOW}", f"{path}.value"
                )
            elif node.get("type") != "Secret" and has_secret_key(name) and is_literal_secret(value):
                yield Problem(f"the variable {name!r} holds a value in plain text; {HOW}", f"{path}.value")
