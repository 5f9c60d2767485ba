"""Every address that changes something goes through `admit`, or stands in the short list with its reason."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

# Addresses that may answer a POST without a change passing `admit`, each with the reason.
EXEMPT = {
    "portal.web.around.theme": "a person's own look; nothing governed",
    "portal.web.settings.tokens.page": "a person's own tokens; leaves its own event",
    "portal.api.account.TokensView": "a person's own tokens; leaves its own event",
    "portal.api.account.TokenView": "a person's own tokens; leaves its own event",
    "portal.web.build.pipelines.check": "tries a text as this person and keeps nothing but the evaluation",
    "portal.web.build.template_page.preview": "tries a template's inputs and keeps nothing but the evaluation",
    "portal.web.govern.policy_editor.check": "reads and tries a text in processes of its own and keeps nothing",
    "portal.web.govern.policy_editor.bench": "tries a text in processes of its own and keeps nothing",
    "portal.api.drafts.CheckView": "tries a text in processes of its own and keeps nothing",
    "portal.api.drafts.TryView": "tries a text in processes of its own and keeps nothing",
    "portal.api.drafts.CasesView": "tries a text in processes of its own and keeps nothing",
    "portal.api.sources.ImportView": "reads files in processes of their own and keeps nothing",
    "portal.api.drafts.ExplainView": "reads a text and keeps nothing",
    "portal.api.changes.DryRunView": "asks the gate and keeps nothing but the evaluation",
    "portal.api.ask.PolicyView": "stores a Proposal; nothing governed",
    "portal.api.ask.PipelineView": "stores a Proposal; nothing governed",
    "portal.api.ask.FixView": "stores a Proposal; nothing governed",
}
# Foreign views: signing in and out, and Django's own machinery.
FOREIGN = ("allauth.", "django.", "drf_spectacular.", "django_prometheus.")
DOORS_TO_ADMIT = ("admit", "admit_or_render", "try_admit")


def patterns(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, object]]:
    for entry in resolver.url_patterns:
        address = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from patterns(entry, address)
        elif isinstance(entry, URLPattern):
            yield address, entry.callback


def view_of(callback) -> object:
    return inspect.unwrap(getattr(callback, "view_class", callback))


def name_of(view) -> str:
    return f"{view.__module__}.{view.__qualname__}"


ROUTES = sorted({(name_of(view_of(c)), a) for a, c in patterns(get_resolver())})


def reached(view) -> list[ast.AST]:
    """The view and the functions of its module that it reaches."""
    tree = ast.parse(inspect.getsource(inspect.getmodule(view)))
    bodies = {n.name: n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.ClassDef)}
    seen: dict[str, ast.AST] = {}
    waiting = [view.__qualname__.split(".")[0]]
    while waiting:
        name = waiting.pop()
        if name in seen or name not in bodies:
            continue
        seen[name] = bodies[name]
        waiting += [n.id for n in ast.walk(bodies[name]) if isinstance(n, ast.Name)]
    return list(seen.values())


def calls(view) -> set[str]:
    nodes = [n for body in reached(view) for n in ast.walk(body)]
    return {n.id for n in nodes if isinstance(n, ast.Name)} | {
        n.attr for n in nodes if isinstance(n, ast.Attribute)
    }


def changes_something(view) -> bool:
    """Whether a view reads what a form sent, or is one of REST's writing verbs."""
    if inspect.isclass(view):
        return any(hasattr(view, verb) for verb in ("post", "put", "patch", "delete"))
    nodes = [n for body in reached(view) for n in ast.walk(body)]
    said = {n.value for n in nodes if isinstance(n, ast.Constant) and isinstance(n.value, str)}
    return "POST" in said or bool({"POST", "require_POST"} & calls(view))


@pytest.mark.parametrize(("name", "address"), ROUTES)
def test_an_address_that_changes_something_goes_through_admission(name, address):
    view = next(view_of(c) for a, c in patterns(get_resolver()) if a == address)
    if name.startswith(FOREIGN) or name in EXEMPT or not changes_something(view):
        return
    assert calls(view) & set(DOORS_TO_ADMIT), f"{address} ({name}) answers a POST without `admit`"


def test_every_exemption_is_still_an_address():
    known = {name for name, _ in ROUTES}
    assert set(EXEMPT) <= known, sorted(set(EXEMPT) - known)


def test_a_get_changes_nothing(client, cast, stub_gate):
    """Every list and form is opened by somebody who may do everything; only looking may leave no version."""
    from audit.models import AuditEvent

    client.force_login(cast.ada, backend="allauth.account.auth_backends.AuthenticationBackend")
    before = AuditEvent.objects.exclude(action__startswith="session.").count()
    for address in (
        "/",
        "/approvals/",
        "/s/acme/policies/",
        "/s/acme/audit/",
        "/s/acme.shop.payments/pipelines/",
        "/s/acme/settings/",
        "/tokens/",
        "/describe/pipeline/",
    ):
        assert client.get(address).status_code in (200, 302), address
    assert AuditEvent.objects.exclude(action__startswith="session.").count() == before
