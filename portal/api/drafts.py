"""Drafts of policies over REST: read, checked, tried and explained before anything is kept.

Drafts run in limited processes of their own, a few at a time; the engine that gates is never asked.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import asdict
from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from governance import policy_cases, policy_checks, policy_query, policy_reports, rbac, scopes, set_query
from governance.actor import Actor
from governance.authoring.explain import Sentence
from governance.engines import limited, opa_checks, opa_cli
from governance.errors import Invalid, NotFound
from governance.explanations import Explanation, explanation
from portal import library, trials
from portal.api.auth import actor_of
from portal.api.changes import REFUSALS
from portal.api.serializers import Strict


class CaseGiven(Strict):
    name = serializers.CharField(max_length=200)
    document = serializers.JSONField()
    expect = serializers.ChoiceField(["deny", "allow"])


class RegoGiven(Strict):
    rego = serializers.CharField(max_length=policy_checks.MAX_REGO_BYTES, trim_whitespace=False)
    entity = serializers.CharField(max_length=64, default="pipeline")


class CheckGiven(RegoGiven):
    """deep: also the checks that evaluate: examples, ways round it, mutants, breadth, cost."""

    cases = CaseGiven(many=True, required=False)
    deep = serializers.BooleanField(default=False)


class TryGiven(RegoGiven):
    """One thing to try it on: `stored` is "<scope path>/<identifier>", `evaluation` an id, `document` YAML or JSON."""

    stored = serializers.CharField(required=False, max_length=500)
    evaluation = serializers.CharField(required=False, max_length=64)
    document = serializers.CharField(required=False, trim_whitespace=False, max_length=1_000_000)


class CasesGiven(RegoGiven):
    cases = CaseGiven(many=True)


class FindingAnswer(serializers.Serializer[Any]):
    check = serializers.CharField()
    severity = serializers.ChoiceField(["error", "warning"])
    message = serializers.CharField()
    line = serializers.IntegerField()
    column = serializers.IntegerField()
    document = serializers.JSONField(allow_null=True)


class CheckAnswer(serializers.Serializer[Any]):
    findings = FindingAnswer(many=True)
    mutation_score = serializers.FloatField(allow_null=True)
    cost_ratio = serializers.FloatField(allow_null=True)
    covered = serializers.ListField(child=serializers.IntegerField())
    uncovered = serializers.ListField(child=serializers.IntegerField())


class ObjectionAnswer(serializers.Serializer[Any]):
    message = serializers.CharField()
    path = serializers.CharField()
    line = serializers.IntegerField()
    code = serializers.CharField()
    fix = serializers.CharField()


class TrialAnswer(serializers.Serializer[Any]):
    subject = serializers.CharField()
    text = serializers.CharField()
    input = serializers.JSONField()
    verdict = serializers.ChoiceField(["deny", "allow", "failed"])
    objections = ObjectionAnswer(many=True)
    reached = serializers.ListField(child=serializers.IntegerField())
    problem = serializers.CharField()


class CaseAnswer(CaseGiven):
    verdict = serializers.ChoiceField(["deny", "allow", "failed"])
    messages = serializers.ListField(child=serializers.CharField())
    lines = serializers.ListField(child=serializers.IntegerField())
    problem = serializers.CharField()


class CasesAnswer(serializers.Serializer[Any]):
    as_expected = serializers.IntegerField()
    results = CaseAnswer(many=True)


class PartAnswer(serializers.Serializer[Any]):
    text = serializers.CharField()
    lines = serializers.ListField(child=serializers.IntegerField())
    understood = serializers.BooleanField()


class SentenceAnswer(PartAnswer):
    head = serializers.CharField()
    parts = PartAnswer(many=True)


class ExplanationAnswer(serializers.Serializer[Any]):
    sentences = SentenceAnswer(many=True)
    helpers = SentenceAnswer(many=True)
    unclear = serializers.ListField(
        child=serializers.IntegerField(), help_text="Lines there are no words for."
    )
    problem = serializers.CharField()


class CommentAnswer(serializers.Serializer[Any]):
    user = serializers.CharField()
    name = serializers.CharField()
    line = serializers.IntegerField()
    text = serializers.CharField()
    at = serializers.DateTimeField()


class CommentsAnswer(serializers.Serializer[Any]):
    results = CommentAnswer(many=True)


class VersionText(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    state = serializers.CharField()
    rego = serializers.CharField()


class CompareAnswer(serializers.Serializer[Any]):
    before = VersionText()
    after = VersionText()
    diff = serializers.CharField(help_text="Unified, as `diff -u` prints it.")


class UpdateAnswer(serializers.Serializer[Any]):
    starter = serializers.CharField()
    changed_here = serializers.BooleanField(help_text="The text was edited since it was adopted.")
    rego = serializers.CharField()
    fields = serializers.DictField(help_text="Send these with a save to take it.")  # type: ignore[assignment]
    diff = serializers.CharField()


class WaitingAnswer(serializers.Serializer[Any]):
    policy = serializers.CharField()
    scope = serializers.CharField()
    name = serializers.CharField()
    version = serializers.IntegerField()
    waits_for = serializers.ChoiceField(["approve", "activate"])
    author = serializers.CharField()
    created_at = serializers.DateTimeField()


class WaitingSetAnswer(serializers.Serializer[Any]):
    """Send `id` as `request` with `confirm` or `decline`."""

    id = serializers.CharField()
    scope = serializers.CharField()
    identifier = serializers.CharField()
    verb = serializers.CharField()
    weakens = serializers.ListField(child=serializers.CharField())
    reason = serializers.CharField()
    asked_by = serializers.CharField()
    created_at = serializers.DateTimeField()


class ReviewsAnswer(serializers.Serializer[Any]):
    results = WaitingAnswer(many=True)
    sets = WaitingSetAnswer(many=True, help_text="Changes that would weaken a set, for you to confirm.")


def posting(name: str, summary: str, given: type[Strict], answer: type[serializers.Serializer[Any]]) -> Any:
    return extend_schema(
        operation_id=name, summary=summary, request=given, responses={200: answer, **REFUSALS}
    )


def reading(summary: str, answer: type[serializers.Serializer[Any]], *parameters: OpenApiParameter) -> Any:
    return extend_schema(summary=summary, parameters=list(parameters), responses={200: answer, **REFUSALS})


def _path(scope: str) -> str:
    return scope.replace(".", "/")


def _given(request: Request, scope: str, form: type[Strict]) -> tuple[Actor, dict[str, Any]]:
    """Who asks, as one who may edit policies here, and what they sent."""
    actor = actor_of(request)
    rbac.enter(actor, "edit_policy", _path(scope))
    sent = form(data=request.data)
    sent.is_valid(raise_exception=True)
    given = dict(sent.validated_data)
    policy_checks.refuse_unknown_entity(given["entity"])
    return actor, given


class CheckView(APIView):
    @posting("check_policy_draft", "Hold a draft against the checks", CheckGiven, CheckAnswer)
    def post(self, request: Request, scope: str) -> Response:
        actor, given = _given(request, scope, CheckGiven)
        rego, entity = given["rego"], given["entity"]
        with _turn(actor):
            if not given["deep"]:
                found = policy_reports.ReportView(
                    findings=[
                        policy_reports.FindingView(f.check, f.severity, f.message, f.line, f.column)
                        for f in opa_checks.quick(rego, entity)
                    ]
                )
            else:
                cases = policy_reports.cases_of(given.get("cases", []))
                found = policy_reports.of_text(rego, entity, cases=cases, limits=opa_cli.DRAFT)
        wanted = ("findings", "mutation_score", "cost_ratio", "covered", "uncovered")
        return Response({key: value for key, value in asdict(found).items() if key in wanted})


class TryView(APIView):
    @posting("try_policy_draft", "Try a draft on one document", TryGiven, TrialAnswer)
    def post(self, request: Request, scope: str) -> Response:
        actor, given = _given(request, scope, TryGiven)
        on = {key: given.get(key, "") for key in ("stored", "evaluation", "document")}
        subject = trials.subject(actor, scopes.find(_path(scope)), given["entity"], **on)
        tried = trials.try_on(actor, given["entity"], given["rego"], subject)
        return Response(
            {
                "subject": subject.name,
                "text": subject.text,
                "input": subject.input,
                "verdict": tried.verdict,
                "objections": [asdict(o) for o in tried.objections],
                "reached": tried.reached,
                "problem": tried.problem,
            }
        )


class CasesView(APIView):
    @posting("run_policy_cases", "Run all examples of a draft", CasesGiven, CasesAnswer)
    def post(self, request: Request, scope: str) -> Response:
        actor, given = _given(request, scope, CasesGiven)
        with _turn(actor):
            try:
                found = policy_cases.decided(given["rego"], given["cases"])
            except opa_cli.OpaFailed as error:
                raise Invalid(error.problems) from error
        return Response({"as_expected": sum(c["verdict"] == c["expect"] for c in found), "results": found})


class ExplainView(APIView):
    @posting("explain_rego", "Say what a text of Rego refuses, in English", RegoGiven, ExplanationAnswer)
    def post(self, request: Request, scope: str) -> Response:
        actor, given = _given(request, scope, RegoGiven)
        with _turn(actor):
            return Response(_explained(explanation(given["rego"])))


class ExplanationView(APIView):
    @reading("A version of a policy in English, each sentence with its lines", ExplanationAnswer)
    def get(self, request: Request, scope: str, identifier: str, number: int) -> Response:
        version = policy_query.version(actor_of(request), _path(scope), identifier, number)
        return Response(_explained(explanation(version.rego, version.rule)))


class VersionCasesView(APIView):
    @reading("The examples kept with a version, with what the policy said of each", CasesAnswer)
    def get(self, request: Request, scope: str, identifier: str, number: int) -> Response:
        cases = policy_query.version(actor_of(request), _path(scope), identifier, number).cases
        return Response(
            {"as_expected": sum(c.get("verdict") == c.get("expect") for c in cases), "results": cases}
        )


class CommentsView(APIView):
    @reading(
        "What reviewers said of a version; POST changes/policy/{identifier}/comment adds to it",
        CommentsAnswer,
    )
    def get(self, request: Request, scope: str, identifier: str, number: int) -> Response:
        version = policy_query.version(actor_of(request), _path(scope), identifier, number)
        return Response({"results": [asdict(c) for c in version.comments]})


class CompareView(APIView):
    @reading(
        "Any two versions of a policy", CompareAnswer,
        OpenApiParameter("from", int, required=True), OpenApiParameter("to", int, required=True),
    )  # fmt: skip
    def get(self, request: Request, scope: str, identifier: str) -> Response:
        actor = actor_of(request)
        before, after = (
            policy_query.version(actor, _path(scope), identifier, _number(request, key))
            for key in ("from", "to")
        )
        return Response(
            {
                "before": {"number": before.number, "state": before.state, "rego": before.rego},
                "after": {"number": after.number, "state": after.state, "rego": after.rego},
                "diff": library.difference(before.rego, after.rego),
            }
        )


class UpdateView(APIView):
    @reading("The newer text the library has of an adopted policy; 404 when there is none", UpdateAnswer)
    def get(self, request: Request, scope: str, identifier: str) -> Response:
        newest = policy_query.policy(actor_of(request), _path(scope), identifier).versions[0]
        found = library.update_of(newest)
        if found is None:
            raise NotFound("the library has nothing newer for this policy")
        return Response(
            {
                "starter": found.starter.identifier,
                "changed_here": found.changed_here,
                "rego": found.rego,
                "fields": found.fields,
                "diff": library.difference(newest.rego, found.rego),
            }
        )


class ReviewsView(APIView):
    @reading("What waits for you: versions to approve or activate, sets to confirm", ReviewsAnswer)
    def get(self, request: Request, scope: str) -> Response:
        actor = actor_of(request)
        rbac.enter(actor, "view_policy", _path(scope))
        path = _path(scope)
        rows = policy_query.review_queue(actor, scopes.find(path))
        asked = [s for s in set_query.to_confirm(actor) if f"{s.scope}/".startswith(f"{path}/")]
        return Response(
            {
                "results": [
                    {
                        "policy": row.policy.identifier,
                        "scope": row.policy.scope,
                        "name": row.policy.name,
                        "version": row.version.number,
                        "waits_for": row.waits_for,
                        "author": row.version.author,
                        "created_at": row.version.created_at,
                    }
                    for row in rows
                ],
                "sets": WaitingSetAnswer(asked, many=True).data,
            }
        )


def _number(request: Request, key: str) -> int:
    given = request.query_params.get(key, "")
    if not given.isdigit():
        raise Invalid([f"{key}: the number of a version, not {given!r}"])
    return int(given)


def _explained(found: Explanation) -> dict[str, Any]:
    return {
        "sentences": [_sentence(s) for s in found.sentences],
        "helpers": [_sentence(s) for s in found.helpers],
        "unclear": found.unclear,
        "problem": found.problem,
    }


def _sentence(said: Sentence) -> dict[str, Any]:
    parts = [{"text": p.text, "lines": p.lines, "understood": p.understood} for p in said.parts]
    return {
        "text": said.text, "lines": said.lines, "understood": said.understood, "head": said.head, "parts": parts,
    }  # fmt: skip


def _turn(actor: Actor) -> AbstractContextManager[None]:
    """A turn for whoever asks; 429 with when to ask again while others have them all."""
    return limited.trying(str(actor.user.pk))
