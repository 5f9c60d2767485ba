"""Send the same change through each door, and read back what it said in the same words."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from io import StringIO
from typing import Any

from django.core.management import CommandError, call_command
from django.test import Client
from rest_framework.test import APIClient

from governance.kinds import Change
from portal import tokens
from tests.people import by_hand

REFUSED = {"denied", "not_found", "conflict", "blocked", "invalid", "gate_unavailable"}
DOORS = ("ui", "api", "cli")


@dataclass(frozen=True, slots=True)
class Said:
    """outcome: "admitted" or the refusal's code; status: of HTTP, or the command's exit code."""

    outcome: str
    status: int
    text: str = ""
    data: dict[str, Any] = field(default_factory=dict)


def send(door: str, change: Change, user: Any) -> Said:
    return {"ui": _ui, "api": _api, "cli": _cli}[door](change, user)


def _api(change: Change, user: Any) -> Said:
    _, secret = tokens.create(by_hand(user), "tests", 1)
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")
    body = {
        "source": change.source,
        "fields": dict(change.fields),
        "note": change.note,
        "expected_version": change.expected_version,
        "proposal": change.proposal,
    }
    dotted = change.scope.replace("/", ".")
    address = f"/api/v1/scopes/{dotted}/changes/{change.kind}/{change.identifier}/{change.verb}"
    answer = client.post(address, body, format="json", headers={"Idempotency-Key": change.idempotency_key})
    found = answer.json()
    return Said(found.get("refused", "admitted"), answer.status_code, found.get("detail", ""), found)


def _cli(change: Change, user: Any) -> Said:
    out = StringIO()
    arguments = [change.verb, change.kind, change.scope, change.identifier, "--user", user.username, "--json"]
    arguments += [
        a for key, value in change.fields.items() for a in ("--field", f"{key}={json.dumps(value)}")
    ]
    arguments += ["--expected-version", change.expected_version, "--idempotency-key", change.idempotency_key]
    if change.source:
        import tempfile

        with tempfile.NamedTemporaryFile("w", suffix=".yaml", delete=False) as file:
            file.write(change.source)
        arguments += ["--file", file.name]
    try:
        call_command("change", *arguments, stdout=out, stderr=StringIO())
    except CommandError as error:
        found = json.loads(out.getvalue() or "{}")
        return Said(found.get("refused", "error"), error.returncode, str(error), found)
    return Said("admitted", 0, "", json.loads(out.getvalue()))


def _ui(change: Change, user: Any) -> Said:
    """The pipeline editor's form, as the browser sends it; a stranger's page carries the refusal in its status."""
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    dotted = change.scope.replace("/", ".")
    form = {
        "source": change.source,
        "note": change.note,
        "expected_version": change.expected_version,
        "key": change.idempotency_key,
        "do": change.verb,
    }
    place = f"pipelines/{change.identifier}/" if change.expected_version else "new-pipeline/"
    answer = client.post(f"/s/{dotted}/{place}", form)
    page = answer.content.decode()
    if answer.status_code in (200, 302, 303):
        return Said("admitted", answer.status_code, page)
    found = re.search(r'data-outcome="(\w+)"', page)
    by_status = {403: "denied", 404: "not_found", 409: "conflict"}
    code = found[1] if found else by_status.get(answer.status_code, f"status {answer.status_code}")
    return Said(code, answer.status_code, page)
