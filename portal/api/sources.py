"""Where policies come from besides a sentence: the library, and Rego from elsewhere. Kept by a save, like any draft."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from drf_spectacular.utils import OpenApiParameter, OpenApiTypes, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from governance import policy_query, rbac, rego_import, scopes, starters
from governance.authoring.explain import explain_rule
from portal import library
from portal.api.auth import actor_of
from portal.api.changes import REFUSALS
from portal.api.serializers import Strict


class ImportGiven(Strict):
    """files: text by path; what is no `.rego` file, and tests, are left out."""

    files = serializers.DictField(child=serializers.CharField(trim_whitespace=False, allow_blank=True))


class FileAnswer(serializers.Serializer[Any]):
    file = serializers.CharField()
    identifier = serializers.CharField(help_text="One that is free here.")
    entity = serializers.CharField()
    guessed = serializers.BooleanField(help_text="Nothing in it says what it is about: choose.")
    was_v0 = serializers.BooleanField()
    rego = serializers.CharField(help_text="As v1; send it with a save.")
    problems = serializers.ListField(child=serializers.DictField())
    understood = serializers.ListField(child=serializers.CharField())
    not_understood = serializers.ListField(child=serializers.CharField())
    unread = serializers.BooleanField(help_text="There was no time for it: send it once more.")


class ImportAnswer(serializers.Serializer[Any]):
    results = FileAnswer(many=True)


class ImportView(APIView):
    @extend_schema(
        operation_id="read_rego_files",
        summary="Read files of Rego v0 or v1: each as v1, what it says, and what could not be understood",
        request=ImportGiven,
        responses={200: ImportAnswer, **REFUSALS},
    )
    def post(self, request: Request, scope: str) -> Response:
        actor, path = actor_of(request), scope.replace(".", "/")
        rbac.enter(actor, "edit_policy", path)
        sent = ImportGiven(data=request.data)
        sent.is_valid(raise_exception=True)
        taken = policy_query.names(actor, scopes.find(path))
        found = rego_import.read(sent.validated_data["files"], taken=taken)
        return Response({"results": [_file(one) for one in found]})


def _file(one: rego_import.Found) -> dict[str, Any]:
    said = {"understood": one.understood, "not_understood": one.not_understood}
    kept = ("file", "identifier", "entity", "guessed", "was_v0", "rego", "unread")
    return {
        **{key: getattr(one, key) for key in kept},
        "problems": [asdict(p) for p in one.problems],
        **{key: [s.text for s in sentences] for key, sentences in said.items()},
    }


class LibraryView(APIView):
    @extend_schema(
        operation_id="list_starter_policies",
        summary="Starter policies, by pack",
        parameters=[OpenApiParameter("pack", str), OpenApiParameter("entity", str)],
        responses={200: OpenApiTypes.OBJECT, **REFUSALS},
    )
    def get(self, request: Request, scope: str) -> Response:
        rbac.enter(actor_of(request), "view_policy", scope.replace(".", "/"))
        pack, entity = (request.query_params.get(key, "") for key in ("pack", "entity"))
        found = [
            _starter(s)
            for s in library.every().values()
            if pack in ("", s.pack) and entity in ("", s.rule.entity)
        ]
        return Response({"results": sorted(found, key=lambda s: (s["pack"], s["identifier"]))})


class StarterView(APIView):
    @extend_schema(
        operation_id="starter_policy",
        summary="A starter policy: its Rego, and the fields of the save that adopts it",
        responses={200: OpenApiTypes.OBJECT, **REFUSALS},
    )
    def get(self, request: Request, scope: str, identifier: str) -> Response:
        rbac.enter(actor_of(request), "view_policy", scope.replace(".", "/"))
        starter = library.one(identifier)
        return Response(
            {
                **_starter(starter),
                "rego": library.text_of(identifier),
                "fields": library.adopting(starter),
            }
        )


def _starter(starter: starters.Starter) -> dict[str, Any]:
    return {
        "identifier": starter.identifier,
        "pack": starter.pack,
        "name": starter.rule.title,
        "about": starter.about,
        "entity": starter.rule.entity,
        "controls": list(starter.controls),
        "explanation": [s.text for s in explain_rule(starter.rule)],
    }
