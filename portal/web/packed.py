"""Values that a form carries from page to page: compressed, so that many examples fit into one request."""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from typing import Any

from governance.errors import Invalid

MOST_BYTES = 8 * 1024 * 1024


def pack(value: Any) -> str:
    return base64.b64encode(zlib.compress(json.dumps(value).encode(), 6)).decode()


def unpack(text: str, otherwise: Any) -> Any:
    """What was packed; `otherwise` for nothing. Raises Invalid for what is not ours or far too large."""
    if not text:
        return otherwise
    try:
        opened = zlib.decompressobj()
        raw = opened.decompress(base64.b64decode(text, validate=True), MOST_BYTES)
        if opened.unconsumed_tail:
            raise Invalid(["the examples are too large to be carried by a form; remove some"])
        return json.loads(raw)
    except (binascii.Error, zlib.error, ValueError) as error:
        raise Invalid(["the examples of this form cannot be read; load the page again"]) from error
