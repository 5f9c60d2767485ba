"""The caller's own API tokens."""

from __future__ import annotations

from dataclasses import asdict

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from portal import tokens
from portal.api.auth import actor_of
from portal.api.serializers import TokenAnswer, TokenRequest


class TokensView(APIView):
    @extend_schema(summary="Your API tokens", responses={200: TokenAnswer(many=True)})
    def get(self, request: Request) -> Response:
        return Response([asdict(t) for t in tokens.mine(actor_of(request))])

    @extend_schema(
        summary="Make an API token; its secret is in this answer and nowhere else",
        request=TokenRequest,
        responses={201: TokenAnswer},
    )
    def post(self, request: Request) -> Response:
        form = TokenRequest(data=request.data)
        form.is_valid(raise_exception=True)
        made, secret = tokens.create(
            actor_of(request), form.validated_data["name"], form.validated_data["days"]
        )
        return Response({**asdict(made), "secret": secret}, status=201)


class TokenView(APIView):
    @extend_schema(summary="Revoke one of your API tokens", responses={204: None})
    def delete(self, request: Request, token: str) -> Response:
        tokens.revoke(actor_of(request), token)
        return Response(status=204)
