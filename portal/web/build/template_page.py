"""A template's page: its inputs as a form, the exact YAML they make, and what the gate would say of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from governance import access_query, scopes
from governance.admission import Admitted
from governance.errors import NotFound
from governance.kinds import Change
from governance.models import Scope
from portal import naming
from portal.web import code, doors, shell, verdict
from portal.web.build import bound, pipeline_form, strips
from portal.web.build.catalogue import SECTION, origin
from portal.web.build.pipelines import keep_admitted
from portal.web.build.template_links import home_of
from templates_catalog import query
from templates_catalog.documents import write
from templates_catalog.inputs import Input, typed


@dataclass(frozen=True, slots=True)
class Field:
    """One input of a template in the form."""

    input: Input
    value: str
    objection: str
    number: int

    @property
    def hint(self) -> str:
        said = [self.input.description] if self.input.description else []
        said.append(self.input.type)
        if self.input.pattern:
            said.append(f"pattern {self.input.pattern}")
        if self.input.default not in (None, ""):
            said.append(f"{self.input.default} if empty")
        return ", ".join(said)


@doors.door
def template(request: HttpRequest, dotted: str, ref: str, label: str = "") -> HttpResponse:
    """Fill in the inputs, see the exact YAML and what the gate would say, then save."""
    actor = doors.actor_of(request)
    scope = doors.scope_at(actor, dotted)
    home, identifier = home_of(scope, ref)
    found, versions = query.template(actor, home, identifier)
    chosen = next((v for v in versions if v.label == (label or found.stable)), None)
    if label and chosen is None:
        raise NotFound(f"no version {label!r} of {ref}")
    chosen = chosen or versions[0]
    shell.visit(request, found.name, "Template", "tmpl", request.path)
    made = _made(request, scope, found, chosen, pinned=bool(label))
    if request.method == "POST" and request.POST.get("do") == "save":
        return _create(request, scope, found, versions, chosen, made)
    return _show_template(request, scope, found, versions, chosen, made)


@dataclass(frozen=True, slots=True)
class Made:
    """The form as sent, and the pipeline it stands for."""

    name: str
    identifier: str
    fields: list[Field]
    source: str
    sent: bool
    pinned: bool

    @property
    def open(self) -> int:
        return sum(bool(f.objection) for f in self.fields) + (not self.name and self.sent)


def _made(
    request: HttpRequest, scope: Scope, found: query.TemplateView, version: query.VersionView, *, pinned: bool
) -> Made:
    sent = request.method == "POST"
    body = version.document.get("template", {})
    declared = typed(body.get("variables"))
    fields = [_field(request, item, number, sent) for number, item in enumerate(declared.values(), 1)]
    name = request.POST.get("name", "").strip() if sent else f"New {found.name}"
    identifier = naming.identifier_of(name, "new_pipeline")
    follow = request.POST.get("version", "stable") if sent else ("pinned" if pinned else "stable")
    source = _source(scope, found, version, name or identifier, identifier, fields, follow == "pinned")
    return Made(name, identifier, fields, source, sent, follow == "pinned")


def _field(request: HttpRequest, item: Input, number: int, sent: bool) -> Field:
    value = request.POST.get(f"input:{item.name}", "").strip() if sent else ""
    objection = ""
    if sent:
        objection = item.objection(value) if value else ("needs a value" if item.required else "")
    return Field(item, value, objection, number)


def _source(
    scope: Scope, found: query.TemplateView, version: query.VersionView, name: str, identifier: str,
    fields: list[Field], pinned: bool,
) -> str:  # fmt: skip
    link: dict[str, Any] = {"templateRef": found.ref}
    if pinned:
        link["versionLabel"] = version.label
    given = [{"name": f.input.name, "type": f.input.type, "value": _typed(f)} for f in fields if f.value]
    if given:
        link["templateInputs"] = {"variables": given}
    parts = [*scope.path.split("/"), "", ""]
    top = {"identifier": identifier, "name": name, "orgIdentifier": parts[1], "projectIdentifier": parts[2]}
    if found.type == "Pipeline":
        return write.dump({"pipeline": {**top, "template": link}})
    if found.type == "Stage":
        stage = {"identifier": "main", "name": found.name, "template": link}
        return write.dump({"pipeline": {**top, "stages": [{"stage": stage}]}})
    key = "step" if found.type == "Step" else "stepGroup"
    return write.dump({key: {"identifier": found.identifier, "name": found.name, "template": link}})


def _typed(item: Field) -> Any:
    if item.input.type == "Number" and "<+" not in item.value:
        return (
            float(item.value)
            if "." in item.value
            else (int(item.value) if item.value.lstrip("-").isdigit() else item.value)
        )
    return item.value


def _show_template(
    request: HttpRequest,
    scope: Scope,
    found: query.TemplateView,
    versions: list[query.VersionView],
    version: query.VersionView,
    made: Made,
    *,
    shown: Any = None,
    status: int = 200,
) -> HttpResponse:
    actor = doors.actor_of(request)
    body = version.document.get("template", {})
    consumers = query.consumers(actor, found.scope, found.identifier)
    context = {
        "t": found,
        "version": version,
        "versions": versions,
        "names": access_query.display_names(v.author for v in versions),
        "strip": strips.strip(body.get("spec") or {}) or strips.of_types(found.stages),
        "made": made,
        "origin": origin(scope, found.scope),
        "consumers": [
            {"p": p, "label": lab, "stable": s, "dotted": p.scope.replace("/", ".")}
            for p, lab, s in consumers[:40]
        ],
        "consumer_count": len(consumers),
        "used_by": {
            label: sum(1 for _, lab, _ in consumers if lab == label) for label in {v.label for v in versions}
        },
        "grants_url": doors.grants_url(actor, found.scope, "template", found.identifier),
        "may_edit": "edit_template" in access_query.permissions(actor, found.scope),
        "view": request.GET.get("view", "use"),
        "bound": bound.sets(actor, scopes.find(found.scope), "template"),
        "verdict": shown,
        "key": doors.one_time_key(),
        "usable": found.type in ("Pipeline", "Stage") and scope.level == "project",
        **_preview(request, scope, made),
    }
    return doors.page(
        request, "web/build/template.html", context, scope=scope, section=SECTION, status=status
    )


def _preview(request: HttpRequest, scope: Scope, made: Made) -> dict[str, Any]:
    """The exact YAML with what is still open on its lines, and what the gate would say of it."""
    tried = None
    if made.sent and scope.level == "project" and made.source.startswith("pipeline"):
        change = Change("save", "pipeline", scope.path, made.identifier, source=made.source)
        tried = pipeline_form.attempt(request, change, "The pipeline")
    findings = verdict.findings_of(tried.verdict) if tried and tried.verdict else []
    return {"rows": code.lines(made.source, findings=findings), "tried": tried, "made": made}


@require_POST
@doors.door
def preview(request: HttpRequest, dotted: str, ref: str) -> HttpResponse:
    """The preview alone, while the form is filled in."""
    actor = doors.actor_of(request)
    scope = doors.scope_at(actor, dotted)
    home, identifier = home_of(scope, ref)
    found, versions = query.template(actor, home, identifier)
    label = request.POST.get("label", "") or found.stable
    version = next((v for v in versions if v.label == label), versions[0])
    made = _made(request, scope, found, version, pinned=False)
    return render(
        request, "web/build/_template_preview.html", _preview(request, scope, made) | {"scope": scope}
    )


def _create(
    request: HttpRequest, scope: Scope, found: query.TemplateView, versions: Any, version: Any, made: Made
) -> HttpResponse:
    if made.open:
        return _show_template(request, scope, found, versions, version, made, status=422)
    change = Change(
        verb="save", kind="pipeline", scope=scope.path, identifier=made.identifier, source=made.source,
        # Only a new one: an existing pipeline of this name is never written over from here.
        expected_version="0", idempotency_key=request.POST.get("key", ""),
    )  # fmt: skip

    def done(admitted: Admitted) -> HttpResponse:
        keep_admitted(request, scope, admitted)
        return HttpResponseRedirect(reverse("pipeline", args=(scope.dotted, made.identifier)))

    def again(outcome: doors.Outcome) -> HttpResponse:
        assert outcome.refused is not None  # noqa: S101  again is only called with a refusal
        shown = verdict.of_refusal(
            outcome.refused, change, what="The pipeline", who=request.user.display_name
        )
        return _show_template(
            request, scope, found, versions, version, made, shown=shown, status=outcome.status
        )

    return doors.admit_or_render(request, change, done=done, again=again)
