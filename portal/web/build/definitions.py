"""Make a service, an environment, a connector or a template, and save a template's next version."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from governance import access_query
from governance.admission import Admitted
from governance.errors import NotFound
from governance.kinds import Change
from governance.models import Scope
from portal.web import doors, verdict
from portal.web.build.catalogue import SECTION
from portal.web.build.template_links import home_of
from portal.web.editor import Editor
from templates_catalog import query
from templates_catalog.documents import parse
from templates_catalog.documents.problems import DocumentError

STARTERS = {
    "service": """service:
  identifier: my_service
  name: My service
  serviceDefinition:
    type: Kubernetes
    spec: {}
""",
    "environment": """environment:
  identifier: my_environment
  name: My environment
  type: PreProduction
""",
    "connector": """connector:
  identifier: my_connector
  name: My connector
  type: DockerRegistry
  spec:
    dockerRegistryUrl: https://registry.example
    providerType: Other
    auth:
      type: UsernamePassword
      spec:
        username: ci
        passwordRef: account.registry_password
""",
    "template": """template:
  identifier: my_template
  name: My template
  versionLabel: 1.0.0
  type: Step
  spec:
    type: Run
    timeout: 10m
    spec:
      shell: Bash
      command: make test
""",
}
LIFECYCLES = ("approved", "draft", "review", "experimental", "deprecated")


@doors.door
def new(request: HttpRequest, dotted: str, kind: str) -> HttpResponse:
    """An empty working form; the document names itself."""
    if kind not in STARTERS:
        raise Http404
    scope = doors.scope_at(doors.actor_of(request), dotted)
    if request.method == "POST":
        return _save(request, scope, kind, None)
    return _show(request, scope, kind, STARTERS[kind], None)


@doors.door
def template_edit(request: HttpRequest, dotted: str, ref: str) -> HttpResponse:
    """The next version of a template, starting from the newest one."""
    actor = doors.actor_of(request)
    scope = doors.scope_at(actor, dotted)
    home, identifier = home_of(scope, ref)
    found, versions = query.template(actor, home, identifier)
    place = doors.scope_at(actor, home.replace("/", "."))
    if request.method == "POST":
        return _save(request, place, "template", found)
    return _show(request, place, "template", versions[0].source, found)


def _identifier_in(text: str, kind: str) -> str:
    try:
        body = parse.read(text).value.get(kind)
    except DocumentError:
        return ""
    found = body.get("identifier") if isinstance(body, dict) else None
    return found if isinstance(found, str) else ""


def _fields(request: HttpRequest, kind: str) -> dict[str, Any]:
    """What a template has outside its document."""
    if kind != "template":
        return {}
    sent = request.POST
    return {
        "golden": sent.get("golden") == "yes",
        "stable": sent.get("stable") == "yes",
        "owner": sent.get("owner", "").strip(),
        "docs": sent.get("docs", "").strip(),
        "lifecycle": sent.get("lifecycle", "approved"),
        "deprecation": sent.get("deprecation", "").strip(),
    }


def _save(request: HttpRequest, scope: Scope, kind: str, found: query.TemplateView | None) -> HttpResponse:
    text = request.POST.get("source", "").replace("\r\n", "\n")
    identifier = found.identifier if found else _identifier_in(text, kind)
    change = Change(
        verb="save",
        kind=kind,
        scope=scope.path,
        identifier=identifier or "unnamed",
        source=text,
        note=request.POST.get("note", "")[:2000],
        fields=_fields(request, kind),
        # A new one never writes over one that is there.
        expected_version="" if found else "0",
        idempotency_key=request.POST.get("key", ""),
    )

    def done(admitted: Admitted) -> HttpResponse:
        return HttpResponseRedirect(_page_of(scope, kind, change.identifier))

    def again(outcome: doors.Outcome) -> HttpResponse:
        assert outcome.refused is not None  # noqa: S101  again is only called with a refusal
        who = f"{request.user.display_name}, from the editor"
        shown = verdict.of_refusal(outcome.refused, change, what=f"The {kind}", who=who)
        return _show(request, scope, kind, text, found, shown=shown, status=outcome.status)

    return doors.admit_or_render(request, change, done=done, again=again)


def _page_of(scope: Scope, kind: str, identifier: str) -> str:
    if kind == "template":
        prefix = {"account": "account.", "organization": "org."}.get(scope.level, "")
        return reverse("template", args=(scope.dotted, f"{prefix}{identifier}"))
    return reverse("entity", args=(scope.dotted, kind, identifier))


def _show(
    request: HttpRequest,
    scope: Scope,
    kind: str,
    text: str,
    found: query.TemplateView | None,
    *,
    shown: verdict.Verdict | None = None,
    status: int = 200,
) -> HttpResponse:
    permission = f"edit_{kind}"
    if (
        found is None
        and permission not in access_query.permissions(doors.actor_of(request), scope.path)
        and not shown
    ):
        raise NotFound(f"you may not make a {kind} in {scope.path}; it needs {permission}")
    findings = verdict.findings_of(shown) if shown else ()
    context = {
        "kind": kind,
        "t": found,
        "editor": Editor(text=text, file=f"{kind}.yaml", label=f"{kind} document", findings=findings),
        "verdict": shown,
        "problems": shown.problems if shown else (),
        "key": doors.one_time_key(),
        "sent": request.POST if shown else None,
        "lifecycles": LIFECYCLES,
        "bar": {
            "icon": "pen",
            "tone": "muted",
            "say": "Saving asks every policy that applies here. A version that is kept never changes.",
            "buttons": [{"text": "Save", "value": "save", "primary": True}],
        },
    }
    return doors.page(
        request, "web/build/definition.html", context, scope=scope, section=SECTION, status=status
    )
