"""Keep secrets out of what is stored: by name and shape in event details, by value in log streams."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import quote, quote_plus

MASK: Final = "•••••"
LOG_MASK: Final = b"[masked]"
# Shorter values would turn every second word of a log into a mask; the log's first line says so.
SHORTEST_SECRET: Final = 4

# Names whose values are never kept, unless the value is only a reference to a secret.
SECRET_NAME: Final = re.compile(
    r"(?i)(^|[_.\-])(password|passwd|passphrase|secret|secret_?key|token|api_?key|apikey|access_?key|"
    r"private_?key|client_?secret|credentials?|authorization|cookie|session_?key)$"
)
REFERENCE: Final = re.compile(r"^(<\+.*>|account\.[\w.\-]+|org\.[\w.\-]+|\$\{.*\})$", re.DOTALL)
# Values that give themselves away.
SECRET_SHAPE: Final = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)"
    r"|\b(?:AKIA|ASIA)[A-Z0-9]{16}\b"
    r"|\bgh[pousr]_[A-Za-z0-9]{36,}\b|\bgithub_pat_[A-Za-z0-9_]{40,}\b|\bglpat-[A-Za-z0-9_\-]{20,}\b"
    r"|\bxox[abprs]-[A-Za-z0-9\-]{10,}|\bsk-[A-Za-z0-9_\-]{20,}\b"
    r"|\beyJ[A-Za-z0-9_\-]{8,}\.eyJ[A-Za-z0-9_\-]{8,}\.[A-Za-z0-9_\-]{8,}"
    r"|(?<=://)[^\s/:@]{1,256}:[^\s/@]{1,256}(?=@)"
)


def mask_text(text: str) -> str:
    """The text with everything replaced that has the shape of a secret."""
    return SECRET_SHAPE.sub(MASK, text)


def mask_data(value: Any, name: str = "") -> Any:
    """A copy of plain data with secrets replaced, by the name they stand under or by their shape."""
    if isinstance(value, Mapping):
        return {mask_text(str(key)): mask_data(item, str(key)) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        items = sorted(value, key=str) if isinstance(value, (set, frozenset)) else value
        return [mask_data(item, name) for item in items]
    if isinstance(value, str):
        if value and SECRET_NAME.search(name) and not REFERENCE.match(value):
            return MASK
        return mask_text(value)
    return value


def forms_of(secret: str) -> set[bytes]:
    """The secret as a program may print it: plain, URL-encoded, base64 at each of three offsets."""
    raw = secret.encode()
    forms = {raw, quote(secret, safe="").encode(), quote(secret).encode(), quote_plus(secret).encode()}
    forms |= {re.sub(rb"%[0-9A-F]{2}", lambda found: found.group().lower(), form) for form in set(forms)}
    for offset in range(3):
        # Inside a longer base64 text only the characters that depend on the secret alone are fixed.
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            encoded = encode(b"\0" * offset + raw)
            start = (offset * 8 + 5) // 6
            fixed = (len(raw) + offset) * 8 // 6
            forms.add(encoded[start:fixed])
    forms |= {line.strip() for line in raw.splitlines() if len(line.strip()) >= 8}
    return {form for form in forms if len(form) >= SHORTEST_SECRET}


class StreamMask:
    """A filter for one byte stream that finds secrets across the borders of its pieces.

    It holds back the last (longest form - 1) bytes, so nothing leaves before it is known not to
    begin a secret. `feed` returns what may be stored now, `end` the rest.
    """

    def __init__(self, secrets: Sequence[str]) -> None:
        forms = {form for secret in secrets if len(secret) >= SHORTEST_SECRET for form in forms_of(secret)}
        # Longest first: at one place the regular expression takes the first alternative that fits.
        ordered = sorted(forms, key=lambda form: (-len(form), form))
        self._pattern = re.compile(b"|".join(map(re.escape, ordered))) if ordered else None
        self._keep = max(map(len, ordered), default=1) - 1
        self._held = b""
        self.masked = 0

    def feed(self, data: bytes) -> bytes:
        if self._pattern is None:
            return data
        held = self._held + data
        return self._emit(held, max(len(held) - self._keep, 0))

    def end(self) -> bytes:
        return self._emit(self._held, len(self._held))

    def _emit(self, held: bytes, safe: int) -> bytes:
        """Everything before `safe`, masked; a secret that begins before it is taken whole."""
        if self._pattern is None:
            return held
        out, done = [], 0
        for found in self._pattern.finditer(held):
            if found.start() >= safe:
                break
            out += [held[done : found.start()], LOG_MASK]
            done = found.end()
            self.masked += 1
        end = max(safe, done)
        out.append(held[done:end])
        self._held = held[end:]
        return b"".join(out)
