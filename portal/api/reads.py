"""Every read of the API: the same queries as the pages, scoped to the caller, paged by key."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from django.http import StreamingHttpResponse
from drf_spectacular.utils import OpenApiParameter, OpenApiTypes, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from audit import export as audit_export
from audit import query as audit_query
from governance import (
    access_query,
    evaluation_query,
    exemption_query,
    gate_query,
    grant_query,
    outside,
    policy_query,
    rbac,
    replay_query,
    scopes,
    set_query,
    standing_query,
)
from governance.admission import admit
from governance.errors import Invalid, NotFound
from governance.exam import admitting, configured
from governance.exam import query as exam_query
from governance.kinds import Change
from governance.models import Exemption, PolicyVersion
from governance.settings_kind import setting_for
from portal.api import values
from portal.api.auth import actor_of
from portal.api.drafts import WaitingSetAnswer
from templates_catalog import execution_query, query

PAGE = [
    OpenApiParameter("after", str, description="Cursor of the next page, from `older`."),
    OpenApiParameter("before", str, description="Cursor of the previous page, from `newer`."),
    OpenApiParameter("size", int, description="1 to 200, default 25."),
]
TEXT = OpenApiParameter("text", str, description="Words that must occur.")
MOST = 200


def _paging(request: Request) -> dict[str, Any]:
    size = request.query_params.get("size", "25")
    if not size.isdigit() or not 1 <= int(size) <= MOST:
        raise Invalid([f"size: a whole number from 1 to {MOST}, not {size!r}"])
    found = {key: request.query_params.get(key, "") for key in ("after", "before")}
    return {**found, "size": int(size)}


def _paging_by_time(request: Request) -> dict[str, Any]:
    """The same for runs and events, whose queries mean time by before and after: the next page is older."""
    paging = _paging(request)
    return {"before": paging["after"], "after": paging["before"], "size": paging["size"]}


def _known(request: Request, *names: str) -> dict[str, str]:
    """The filters of a request; an unknown one is an error that lists the known ones."""
    paging = {"after", "before", "size"}
    unknown = sorted(set(request.query_params) - set(names) - paging)
    if unknown:
        raise Invalid([f"no filter {u!r}; known: {', '.join(sorted({*names, *paging}))}" for u in unknown])
    return {n: request.query_params[n] for n in names if request.query_params.get(n)}


def _yes_no(value: str | None) -> bool | None:
    if value is None:
        return None
    if value not in ("yes", "no"):
        raise Invalid([f"yes or no, not {value!r}"])
    return value == "yes"


def _listed(page: Any) -> Response:
    return Response({"results": [asdict(r) for r in page.rows], "newer": page.newer, "older": page.older})


def listing(summary: str, *filters: OpenApiParameter) -> Any:
    return extend_schema(summary=summary, parameters=[*filters, *PAGE], responses={200: OpenApiTypes.OBJECT})


def detail(summary: str) -> Any:
    return extend_schema(summary=summary, responses={200: OpenApiTypes.OBJECT})


def _path(scope: str) -> str:
    return scope.replace(".", "/")


class MeView(APIView):
    @detail("Who am I, and where do I hold what")
    def get(self, request: Request) -> Response:
        actor = actor_of(request)
        found = [asdict(s) for s in access_query.scopes(actor)]
        user = request.user
        return Response({"username": user.get_username(), "name": user.display_name, "scopes": found})


class ScopesView(APIView):
    @detail("The scopes you may know of")
    def get(self, request: Request) -> Response:
        return Response({"results": [asdict(s) for s in access_query.scopes(actor_of(request))]})


class ScopeView(APIView):
    @detail("One scope, and what you may do in it")
    def get(self, request: Request, scope: str) -> Response:
        actor = actor_of(request)
        found = asdict(access_query.scope(actor, _path(scope)))
        return Response({**found, "permissions": sorted(access_query.permissions(actor, _path(scope)))})


class TemplatesView(APIView):
    @listing(
        "Templates usable in a scope", TEXT, OpenApiParameter("type", str), OpenApiParameter("golden", str)
    )
    def get(self, request: Request, scope: str) -> Response:
        given = _known(request, "text", "type", "lifecycle", "golden")
        golden = _yes_no(given.pop("golden", None))
        actor = actor_of(request)
        access_query.scope(actor, _path(scope))
        return _listed(query.templates(actor, _path(scope), golden=golden, **given, **_paging(request)))


class TemplateView(APIView):
    @detail("A template and its versions")
    def get(self, request: Request, scope: str, identifier: str) -> Response:
        found, versions = query.template(actor_of(request), _path(scope), identifier)
        return Response({**asdict(found), "versions": [asdict(v) for v in versions]})


class PipelinesView(APIView):
    @listing("Pipelines of a scope and below", TEXT, OpenApiParameter("ai", str, enum=["yes", "no"]))
    def get(self, request: Request, scope: str) -> Response:
        given = _known(request, "text", "ai")
        ai = _yes_no(given.pop("ai", None))
        actor = actor_of(request)
        access_query.scope(actor, _path(scope))
        return _listed(query.pipelines(actor, _path(scope), ai=ai, **given, **_paging(request)))


class PipelineView(APIView):
    @detail("A pipeline at its latest version, or at ?version=")
    def get(self, request: Request, scope: str, identifier: str) -> Response:
        number = request.query_params.get("version", "")
        return Response(asdict(query.pipeline(actor_of(request), _path(scope), identifier, number)))


class EntitiesView(APIView):
    @listing("Services, environments or connectors usable in a scope", TEXT)
    def get(self, request: Request, scope: str, kind: str) -> Response:
        given = _known(request, "text")
        actor = actor_of(request)
        access_query.scope(actor, _path(scope))
        return _listed(query.entities(actor, _path(scope), kind, **given, **_paging(request)))


class EntityView(APIView):
    @detail("A service, environment or connector and its versions")
    def get(self, request: Request, scope: str, kind: str, identifier: str) -> Response:
        found, versions = query.entity(actor_of(request), _path(scope), kind, identifier)
        return Response({**asdict(found), "versions": [asdict(v) for v in versions]})


class PoliciesView(APIView):
    @listing("Policies of a scope and those inherited from above", TEXT)
    def get(self, request: Request, scope: str) -> Response:
        given = _known(request, "text", "state", "entity", "ai")
        values.one_of(given, "state", PolicyVersion.State.values)
        values.gated(given, "entity")
        ai = _yes_no(given.pop("ai", None))
        paging = _paging(request)
        actor = actor_of(request)
        access_query.scope(actor, _path(scope))
        page = policy_query.policies(actor, scopes.find(_path(scope)), ai=ai, **given, **paging)
        found = [asdict(p) for p in page.policies]
        return Response({"results": found, "newer": page.before, "older": page.after})


class PolicyView(APIView):
    @detail("A policy and its versions")
    def get(self, request: Request, scope: str, identifier: str) -> Response:
        return Response(asdict(policy_query.policy(actor_of(request), _path(scope), identifier)))


class PolicyReportView(APIView):
    @detail("What the checks found about a version of a policy")
    def get(self, request: Request, scope: str, identifier: str, number: int) -> Response:
        found = policy_query.report(actor_of(request), _path(scope), identifier, number)
        return Response({**asdict(found), "coverage": found.coverage})


class ImpactView(APIView):
    @detail("The newest impact of a version: how it goes, and how many documents would be decided otherwise")
    def get(self, request: Request, scope: str, identifier: str, number: int) -> Response:
        found = replay_query.newest(actor_of(request), _path(scope), identifier, number)
        if found is None:
            raise NotFound(f"no impact of version {number} was made; POST changes/policy/{identifier}/replay")
        return Response(asdict(found))


class ImpactRowsView(APIView):
    @extend_schema(
        summary="Documents of an impact, as CSV or JSON lines",
        parameters=[OpenApiParameter("as", str, description="csv or jsonl, default jsonl.")],
        responses={(200, "application/x-ndjson"): OpenApiTypes.STR, (200, "text/csv"): OpenApiTypes.STR},
    )
    def get(self, request: Request, impact: str) -> StreamingHttpResponse:
        wanted = request.query_params.get("as", "jsonl")
        if wanted not in ("csv", "jsonl"):
            raise Invalid([f"as: csv or jsonl, not {wanted!r}"])
        actor = actor_of(request)
        found = replay_query.one(actor, impact)
        media = "text/csv; charset=utf-8" if wanted == "csv" else "application/x-ndjson"
        name = f"impact-{found.policy}-v{found.version}.{wanted}"
        return _attachment(replay_query.export(actor, impact, wanted), media, name)


class ExamsView(APIView):
    @detail("Exams that were sat by planner and models, as they count in a scope, and what can be sat")
    def get(self, request: Request, scope: str) -> Response:
        actor = actor_of(request)
        found = exam_query.exams(actor, _path(scope))
        papers = exam_query.sittable(actor, _path(scope))
        admitted = setting_for(scopes.find(_path(scope)), admitting.SETTING)
        model = {
            "configured": configured.model(),
            "admitted": admitted.value,
            "decided_in": admitted.scope_path,
            "locked": admitted.locked,
        }
        return Response(
            {
                "results": [_exam(e) for e in found],
                "papers": [asdict(p) for p in papers],
                "model": model,
                "newer": "",
                "older": "",
            }
        )


class ExamView(APIView):
    @detail("One exam: its score by category, and the mark of every answer")
    def get(self, request: Request, exam: str) -> Response:
        actor = actor_of(request)
        marks = [asdict(m) for m in exam_query.marks(actor, exam)]
        return Response({**_exam(exam_query.one(actor, exam)), "marks": marks})


def _exam(found: exam_query.ExamView) -> dict[str, Any]:
    return {**asdict(found), "who": found.who, "score": found.score}


class BundleView(APIView):
    @detail("Where any OPA gets the policies of a scope, and what to check them with")
    def get(self, request: Request, scope: str) -> Response:
        actor = actor_of(request)
        revision = outside.revision(actor, _path(scope))
        portal = request.build_absolute_uri("/").rstrip("/")
        found = scopes.find(_path(scope))
        return Response(
            {
                "revision": revision,
                "address": f"{portal}/bundles/{found.dotted}.tar.gz",
                "public_key": outside.public_key_pem(),
                "configuration": outside.configuration(found, portal),
            }
        )


class PolicySetsView(APIView):
    @detail("Policy sets of a scope and those inherited from above")
    def get(self, request: Request, scope: str) -> Response:
        given = _known(request, "entity")
        values.gated(given, "entity")
        actor = actor_of(request)
        access_query.scope(actor, _path(scope))
        found = set_query.sets(actor, scopes.find(_path(scope)), **given)
        return Response({"results": [asdict(s) for s in found], "newer": "", "older": ""})


class PolicySetView(APIView):
    @detail("A policy set, and what somebody asked to weaken in it")
    def get(self, request: Request, scope: str, identifier: str) -> Response:
        actor = actor_of(request)
        found = set_query.policy_set(actor, _path(scope), identifier)
        asked = set_query.requests(actor, _path(scope), identifier)
        return Response({**asdict(found), "requests": WaitingSetAnswer(asked, many=True).data})


class ExemptionsView(APIView):
    @listing(
        "Exemptions of a scope and below", OpenApiParameter("state", str), OpenApiParameter("target", str)
    )
    def get(self, request: Request, scope: str) -> Response:
        given = _known(request, "state", "policy", "target")
        values.one_of(given, "state", Exemption.State.values)
        actor = actor_of(request)
        access_query.scope(actor, _path(scope))
        rbac.enter(actor, "view_exemption", _path(scope))
        return _listed(
            exemption_query.exemptions(actor, scopes.find(_path(scope)), **given, **_paging(request))
        )


class ExemptionView(APIView):
    @detail("An exemption, and whether it still holds")
    def get(self, request: Request, scope: str, identifier: str) -> Response:
        return Response(asdict(exemption_query.exemption(actor_of(request), _path(scope), identifier)))


class AppliesView(APIView):
    @detail("Which policies are asked here about a kind of document, at every event or at ?event=")
    def get(self, request: Request, scope: str, kind: str) -> Response:
        given = _known(request, "event")
        values.gated({"kind": kind}, "kind")
        values.event(given, kind)
        actor = actor_of(request)
        access_query.scope(actor, _path(scope))
        rbac.enter(actor, "view_policy", _path(scope))
        found = gate_query.applies(scopes.find(_path(scope)), kind, **given)
        return Response({"results": [asdict(a) for a in found]})


class StandingView(APIView):
    @listing("What stored would be blocked today: what the last sweep found, here and below")
    def get(self, request: Request, scope: str) -> Response:
        given = _known(request, "kind", "policy")
        values.gated(given, "kind")
        actor = actor_of(request)
        access_query.scope(actor, _path(scope))
        rbac.enter(actor, "view_policy", _path(scope))
        found = asdict(standing_query.overview(actor, scopes.find(_path(scope)), **given, **_paging(request)))
        rows = (dict(zip(("policy_scope", "policy", "blocked"), r, strict=True)) for r in found["by_policy"])
        return Response({**found, "by_policy": list(rows)})


class EvaluationsView(APIView):
    @listing("What the gate was asked and what it said")
    def get(self, request: Request, scope: str) -> Response:
        given = _known(request, "status", "kind", "identifier", "event", "policy")
        values.one_of(given, "status", values.STATUSES)
        paging = _paging_by_time(request)
        actor = actor_of(request)
        access_query.scope(actor, _path(scope))
        page = evaluation_query.evaluations(actor, scopes.find(_path(scope)), **given, **paging)
        found = [asdict(e) for e in page.evaluations]
        return Response({"results": found, "newer": page.after, "older": page.before})


class EvaluationView(APIView):
    @detail("One decision of the gate")
    def get(self, request: Request, evaluation: str) -> Response:
        return Response(asdict(evaluation_query.evaluation(actor_of(request), evaluation)))


class AccessView(APIView):
    @detail("User groups, roles or role bindings that reach a scope, or grants on single objects of it")
    def get(self, request: Request, scope: str, what: str) -> Response:
        read = {
            "user_groups": access_query.groups,
            "roles": access_query.roles,
            "role_bindings": access_query.bindings,
            "object_grants": grant_query.in_scope,
        }[what]
        actor = actor_of(request)
        access_query.scope(actor, _path(scope))
        return Response({"results": [asdict(r) for r in read(actor, _path(scope))]})


class ExecutionsView(APIView):
    @listing("Runs of a scope and below", OpenApiParameter("state", str), OpenApiParameter("pipeline", str))
    def get(self, request: Request, scope: str) -> Response:
        given = _known(request, "state", "pipeline")
        actor = actor_of(request)
        access_query.scope(actor, _path(scope))
        page = execution_query.page(actor, scope=_path(scope), **given, **_paging_by_time(request))
        rows = [asdict(e) for e in page.executions]
        return Response({"results": rows, "newer": page.newer, "older": page.older})


class ExecutionView(APIView):
    @detail("One run with its stages and steps")
    def get(self, request: Request, execution: str) -> Response:
        return Response(asdict(execution_query.run(actor_of(request), execution)))


class ExecutionLogView(APIView):
    @extend_schema(
        summary="Download the log of a run, or of one step (?step=)",
        description="Control sequences are made visible; ?raw=yes gives every byte as the step wrote it.",
        parameters=[OpenApiParameter("step", str), OpenApiParameter("raw", str, enum=["yes", "no"])],
        responses={(200, "text/plain"): OpenApiTypes.STR},
    )
    def get(self, request: Request, execution: str) -> StreamingHttpResponse:
        step = request.query_params.get("step", "")
        raw = bool(_yes_no(request.query_params.get("raw")))
        found = execution_query.download(actor_of(request), execution, step, raw=raw)
        return _attachment(found.chunks, "text/plain; charset=utf-8", found.name)


def _attachment(body: Iterator[bytes] | Iterator[str], content_type: str, name: str) -> StreamingHttpResponse:
    response = StreamingHttpResponse(body, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


class AuditView(APIView):
    @listing("The audit trail, newest first")
    def get(self, request: Request) -> Response:
        paging = _paging_by_time(request)
        given = {k: v for k, v in request.query_params.items() if k not in ("after", "before", "size")}
        filters = audit_query.parse(given)
        page = audit_query.page(filters, access_query.reach(actor_of(request), "view_audit"), **paging)
        rows = [asdict(e) for e in page.events]
        return Response({"results": rows, "newer": page.newer, "older": page.older})


class AuditEventView(APIView):
    @detail("One event and the proof that it is in the sealed log")
    def get(self, request: Request, event: str) -> Response:
        reach = access_query.reach(actor_of(request), "view_audit")
        found = audit_query.get(event, reach)
        if found is None:
            raise NotFound(f"no event {event!r}")
        proof = audit_query.proof(event, reach)
        return Response({**asdict(found), "proof": asdict(proof) if proof else None})


class AuditExportView(APIView):
    @extend_schema(
        summary="Export exactly the filtered events as CSV or JSONL (?format=)",
        request=None,
        responses={(200, "text/csv"): OpenApiTypes.STR},
    )
    def post(self, request: Request, scope: str) -> StreamingHttpResponse:
        given = dict(request.query_params.items())
        form = given.pop("format", "csv")
        actor = actor_of(request)
        change = Change("export", "audit", _path(scope), "trail", fields={"filters": given, "format": form})
        done = admit(change, actor=actor)
        body = audit_export.Export(
            audit_query.parse(done.data["filters"]),
            done.data["scopes"],
            upto=done.data["upto"],
            format=form,
        )
        kind = "text/csv; charset=utf-8" if form == "csv" else "application/x-ndjson"
        return _attachment(iter(body), kind, f"audit-{done.audit_event}.{form}")
