"""What requests and answers look like. A serializer describes the request, never a table."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers


class Strict(serializers.Serializer[Any]):
    """Refuses keys it does not know: a misspelt field must not pass as not given."""

    def to_internal_value(self, data: Any) -> Any:
        unknown = sorted(set(data) - set(self.fields)) if isinstance(data, dict) else []
        if unknown:
            known = ", ".join(self.fields)
            raise serializers.ValidationError({key: f"unknown field; known: {known}" for key in unknown})
        return super().to_internal_value(data)


class ChangeRequest(Strict):
    """One change. `Idempotency-Key` and `If-Match` go into headers."""

    source = serializers.CharField(
        required=False, allow_blank=True, trim_whitespace=False, max_length=2_000_000
    )
    fields = serializers.DictField(required=False, child=serializers.JSONField())  # type: ignore[assignment]
    note = serializers.CharField(required=False, allow_blank=True, max_length=2000)
    expected_version = serializers.CharField(required=False, allow_blank=True, max_length=32)
    proposal = serializers.CharField(required=False, allow_blank=True, max_length=64)


class ViolationAnswer(serializers.Serializer[Any]):
    policy = serializers.CharField()
    severity = serializers.CharField()
    message = serializers.CharField()
    path = serializers.CharField()
    line = serializers.IntegerField()
    fix = serializers.CharField()
    policy_set = serializers.CharField()
    scope = serializers.CharField()
    policy_scope = serializers.CharField()
    code = serializers.CharField()


class AdmittedAnswer(serializers.Serializer[Any]):
    resource = serializers.CharField()
    version = serializers.CharField()
    audit_event = serializers.CharField()
    evaluation = serializers.CharField()
    warnings = ViolationAnswer(many=True)
    replayed = serializers.BooleanField()
    data = serializers.DictField()  # type: ignore[assignment]


class ProblemPlace(serializers.Serializer[Any]):
    message = serializers.CharField()
    path = serializers.CharField()
    line = serializers.IntegerField()
    column = serializers.IntegerField()


class ProblemAnswer(serializers.Serializer[Any]):
    """problem+json: the stable code is in `refused`."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    refused = serializers.ChoiceField(
        ["denied", "not_found", "conflict", "blocked", "invalid", "gate_unavailable", "too_many_requests"]
    )
    detail = serializers.CharField()
    problems = ProblemPlace(many=True)
    violations = ViolationAnswer(many=True)
    evaluation = serializers.CharField()
    audit_event = serializers.CharField()


class EvaluationAnswer(serializers.Serializer[Any]):
    evaluation = serializers.CharField()
    event = serializers.CharField()
    status = serializers.ChoiceField(["pass", "warning", "error", "unavailable"])
    reason = serializers.CharField()
    violations = ViolationAnswer(many=True)


class TokenRequest(Strict):
    name = serializers.CharField(max_length=128)
    days = serializers.IntegerField(default=90)


class TokenAnswer(serializers.Serializer[Any]):
    id = serializers.CharField()
    name = serializers.CharField()
    prefix = serializers.CharField()
    created_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()
    last_used_at = serializers.DateTimeField(allow_null=True)
    revoked_at = serializers.DateTimeField(allow_null=True)
    secret = serializers.CharField(required=False, help_text="Only in the answer to the creation.")


class AskRequest(Strict):
    """A sentence for the assistant. Nothing governed is written; the answer may hold a proposal."""

    text = serializers.CharField(max_length=8000)
    document = serializers.CharField(required=False, allow_blank=True, trim_whitespace=False)
    identifier = serializers.CharField(required=False, allow_blank=True, max_length=128)
    conversation = serializers.CharField(required=False, allow_blank=True)
    choose = serializers.RegexField(
        r"^[0-9a-f]{12}(\.[0-9a-f]{12}){0,5}$", required=False,
        help_text="Policies: the `choose` of the option that is meant, where the answer asked which.",
    )  # fmt: skip
