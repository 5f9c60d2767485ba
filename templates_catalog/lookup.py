"""Find the template a reference names, for somebody, from somewhere."""

from __future__ import annotations

from governance import rbac
from governance.actor import Actor
from governance.models import Scope
from templates_catalog.expand import Lookup, TemplateSource
from templates_catalog.models import Template


def lookup_for(actor: Actor, scope: Scope) -> Lookup:
    """Resolve `id`, `org.id` and `account.id` as seen from `scope`, only among what the actor may see.

    A bare reference means this very project; nearer scopes never shadow a prefixed one.
    """
    visible = rbac.visible(actor, "template")

    def find(ref: str, version: str | None) -> TemplateSource | None:
        prefix, _, rest = ref.partition(".")
        home, identifier = _home(scope, prefix, rest or ref, bool(rest))
        row: Template | None = visible.filter(scope_id=home, identifier=identifier).first()
        if row is None:
            return None
        label = version or row.stable_label
        found = row.versions.filter(label=label).first()
        if found is None:
            return None
        return TemplateSource(
            ref=ref,
            version=label,
            stable=version is None,
            document=found.document,
            digest=found.content_sha256,
            golden=row.golden,
        )

    return find


def _home(scope: Scope, prefix: str, identifier: str, prefixed: bool) -> tuple[object, str]:
    if prefixed and prefix == "account":
        return scope.account_id or scope.id, identifier
    if prefixed and prefix == "org":
        return scope.organization_id or scope.id, identifier
    return scope.id, identifier
