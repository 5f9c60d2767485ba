"""Names of operations in the OpenAPI document: the verb of HTTP and the nouns of the address."""

from __future__ import annotations

from drf_spectacular.openapi import AutoSchema

VERBS = {"get": "read", "post": "make", "delete": "end"}


class Schema(AutoSchema):
    """`read_pipelines` for a list, `read_pipelines_one` for one of them; no two addresses share a name."""

    def get_operation_id(self) -> str:
        parts = [p for p in self.path.strip("/").split("/") if p not in ("api", "v1")]
        nouns = [p.replace("-", "_") for p in parts if not p.startswith("{")]
        if nouns[0] == "scopes" and len(nouns) > 1:
            nouns = nouns[1:]
        one = "_one" if parts[-1].startswith("{") else ""
        return f"{VERBS.get(self.method.lower(), self.method.lower())}_{'_'.join(nouns)}{one}"
