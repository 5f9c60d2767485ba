"""JSON bodies as the API reads them: what nests without end or is no text is refused like any other body that is not JSON."""

from __future__ import annotations

import json
from typing import Any

from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser


class Parser(JSONParser):
    def parse(self, *args: Any, **kwargs: Any) -> Any:
        try:
            found = super().parse(*args, **kwargs)
            # Keys as well: an answer that names one could not be written.
            json.dumps(found, ensure_ascii=False).encode()
        except RecursionError:
            raise ParseError("The body is nested too deeply.") from None
        except UnicodeEncodeError:
            raise ParseError("The body holds half of a character (U+D800 to U+DFFF).") from None
        return found
