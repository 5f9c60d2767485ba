"""Time zones: by their own names, by cities, countries and short forms."""

from __future__ import annotations

import re
from collections.abc import Iterator
from zoneinfo import available_timezones

from governance.authoring.reading.base import rule
from governance.authoring.reading.forward import Forward

ZONES = {
    "utc": "UTC", "gmt": "UTC", "z": "UTC", "berlin": "Europe/Berlin", "oslo": "Europe/Oslo",
    "london": "Europe/London", "paris": "Europe/Paris", "madrid": "Europe/Madrid",
    "rome": "Europe/Rome", "vienna": "Europe/Vienna", "zurich": "Europe/Zurich",
    "amsterdam": "Europe/Amsterdam", "brussels": "Europe/Brussels", "stockholm": "Europe/Stockholm",
    "copenhagen": "Europe/Copenhagen", "helsinki": "Europe/Helsinki", "warsaw": "Europe/Warsaw",
    "prague": "Europe/Prague", "lisbon": "Europe/Lisbon", "dublin": "Europe/Dublin",
    "athens": "Europe/Athens", "istanbul": "Europe/Istanbul", "kyiv": "Europe/Kyiv",
    "new york": "America/New_York", "eastern": "America/New_York", "boston": "America/New_York",
    "chicago": "America/Chicago", "central": "America/Chicago", "denver": "America/Denver",
    "los angeles": "America/Los_Angeles", "san francisco": "America/Los_Angeles",
    "seattle": "America/Los_Angeles", "pacific": "America/Los_Angeles", "toronto": "America/Toronto",
    "sao paulo": "America/Sao_Paulo", "mexico city": "America/Mexico_City", "tokyo": "Asia/Tokyo",
    "singapore": "Asia/Singapore", "hong kong": "Asia/Hong_Kong", "shanghai": "Asia/Shanghai",
    "mumbai": "Asia/Kolkata", "delhi": "Asia/Kolkata", "bangalore": "Asia/Kolkata",
    "india": "Asia/Kolkata", "indian": "Asia/Kolkata", "dubai": "Asia/Dubai",
    "sydney": "Australia/Sydney", "melbourne": "Australia/Melbourne", "auckland": "Pacific/Auckland",
    "germany": "Europe/Berlin", "german": "Europe/Berlin", "norway": "Europe/Oslo",
    "munich": "Europe/Berlin", "hamburg": "Europe/Berlin", "frankfurt": "Europe/Berlin",
    "japan": "Asia/Tokyo", "france": "Europe/Paris", "norwegian": "Europe/Oslo",
    "cet": "Europe/Berlin", "cest": "Europe/Berlin", "bst": "Europe/London",
}  # fmt: skip


class Zones(Forward):
    """Grammar of time zones."""

    @rule
    def _zone(self, i: int) -> Iterator[tuple[int, str]]:
        i = self.skip_all(i, "we go by|in|by|at|local time in|time in|local time of|as in|of|time"
                             "|everything be in|be in|timezone|time zone|measured in|based on")  # fmt: skip
        token = self.token(i)
        if token is None:
            return
        if re.fullmatch(r"[A-Z][A-Za-z]+/[A-Z][A-Za-z_/]+", token.text):
            yield self.skip(i + 1, "time"), token.text
        if token.text.isalpha() and token.text.istitle() and self.is_punct(i + 1, "/") and i + 2 < self.size:
            named = f"{token.text}/{self.tokens[i + 2].text}"  # Europe/Berlin
            if named in available_timezones():
                yield self.skip(i + 3, "time"), named
                return
        for words, zone in sorted(ZONES.items(), key=lambda z: -len(z[0])):
            for j in self.says(i, words):
                yield self.skip_all(j, "local time|time zone|timezone|time|standard time"), zone
                return

    def _zone_skip(self, k: int) -> int:
        for j, _ in self._zone(k):
            if self.tokens[k].base in ZONES:
                return j
        return k
