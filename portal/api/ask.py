"""Ask the assistant. It answers with drafts and proposals; a change is a second, separate request."""

from __future__ import annotations

from dataclasses import asdict

from drf_spectacular.utils import OpenApiTypes, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from portal.api.auth import actor_of
from portal.api.changes import REFUSALS
from portal.api.serializers import AskRequest
from portal.assistant import chat


def asking(summary: str) -> object:
    return extend_schema(
        summary=summary, request=AskRequest, responses={200: OpenApiTypes.OBJECT, **REFUSALS}
    )


def _given(request: Request) -> dict[str, str]:
    form = AskRequest(data=request.data)
    form.is_valid(raise_exception=True)
    return dict(form.validated_data)


class PolicyView(APIView):
    @asking("Describe a policy in plain English")
    def post(self, request: Request, scope: str) -> Response:
        given = _given(request)
        path = scope.replace(".", "/")
        draft = chat.policy(
            actor_of(request), path, given["text"],
            identifier=given.get("identifier", ""), choose=given.get("choose", ""),
        )  # fmt: skip
        return Response(asdict(draft))


class PipelineView(APIView):
    @asking("Describe a pipeline in plain English")
    def post(self, request: Request, scope: str) -> Response:
        given = _given(request)
        path = scope.replace(".", "/")
        draft = chat.pipeline(actor_of(request), path, given["text"], identifier=given.get("identifier", ""))
        return Response(asdict(draft))


class FixView(APIView):
    @asking("Ask for the fix of a blocked document")
    def post(self, request: Request, scope: str) -> Response:
        given = _given(request)
        fixed = chat.fix(
            actor_of(request),
            scope.replace(".", "/"),
            identifier=given.get("identifier", ""),
            source=given.get("document", ""),
            request=given["text"],
        )
        return Response(asdict(fixed))
