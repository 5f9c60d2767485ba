"""Static files by their hashed names once they are collected, by their plain names before."""

from __future__ import annotations

from whitenoise.storage import CompressedManifestStaticFilesStorage


class Storage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """A page must not break because `collectstatic` has not run yet (tests, the first start)."""

    def stored_name(self, name: str) -> str:
        hashed: str | None = self.hashed_files.get(self.hash_key(self.clean_name(name)))
        return hashed or name
