"""Every write of the API: one change, one call of `admit`."""

from __future__ import annotations

from dataclasses import asdict

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from governance.admission import admit, dry_run
from governance.gate import Decision
from governance.kinds import Change
from portal.api.auth import actor_of
from portal.api.serializers import AdmittedAnswer, ChangeRequest, EvaluationAnswer, ProblemAnswer

REFUSALS = {code: ProblemAnswer for code in (403, 404, 409, 422, 503)}
HEADERS = [
    OpenApiParameter("Idempotency-Key", str, OpenApiParameter.HEADER, description="Remembered for 7 days."),
    OpenApiParameter("If-Match", str, OpenApiParameter.HEADER, description="The version you saw."),
]


def change_of(request: Request, scope: str, kind: str, identifier: str, verb: str) -> Change:
    form = ChangeRequest(data=request.data)
    form.is_valid(raise_exception=True)
    given = dict(form.validated_data)
    match = request.headers.get("If-Match", "").strip('"')
    given["expected_version"] = match or given.get("expected_version", "")
    return Change(
        verb=verb,
        kind=kind,
        scope=scope.replace(".", "/"),
        identifier=identifier,
        idempotency_key=request.headers.get("Idempotency-Key", "")[:128],
        **given,
    )


class ChangeView(APIView):
    @extend_schema(
        operation_id="change",
        summary="Make one change",
        description="Save a pipeline, approve a policy, run, cancel, grant: every kind and verb goes here.",
        request=ChangeRequest,
        parameters=HEADERS,
        responses={200: AdmittedAnswer, **REFUSALS},
    )
    def post(self, request: Request, scope: str, kind: str, identifier: str, verb: str) -> Response:
        done = admit(change_of(request, scope, kind, identifier, verb), actor=actor_of(request))
        return Response(asdict(done))


class DryRunView(APIView):
    @extend_schema(
        operation_id="dry_run",
        summary="Ask what the gate would say, changing nothing",
        request=ChangeRequest,
        responses={200: EvaluationAnswer(many=True), **REFUSALS},
    )
    def post(self, request: Request, scope: str, kind: str, identifier: str, verb: str) -> Response:
        decisions = dry_run(change_of(request, scope, kind, identifier, verb), actor=actor_of(request))
        return Response([_evaluation(d) for d in decisions])


def _evaluation(decision: Decision) -> dict[str, object]:
    return {
        "evaluation": str(decision.evaluation_id),
        "event": decision.event,
        "status": decision.status,
        "reason": decision.unavailable,
        "violations": [asdict(v) for v in (*decision.errors, *decision.warnings)],
    }
