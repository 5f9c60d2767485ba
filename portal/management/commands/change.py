"""Make one change from the command line, as a named person."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser

from governance.actor import Actor, Channel
from governance.admission import admit
from governance.errors import Refused
from governance.kinds import Change


class Command(BaseCommand):
    help = "Make one change as a named user. Exit 0 admitted, 1 refused, 2 wrong usage."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("verb", help="save, run, approve …")
        parser.add_argument("kind", help="pipeline, policy, template …")
        parser.add_argument("scope", help="halden/freight/tracking")
        parser.add_argument("identifier")
        parser.add_argument("--user", required=True, help="a shell is not an identity: say who is asking")
        parser.add_argument("--file", help="the document; - for standard input")
        parser.add_argument(
            "--field", action="append", default=[], metavar="KEY=VALUE", help="VALUE may be JSON"
        )
        parser.add_argument("--note", default="")
        parser.add_argument("--expected-version", default="")
        parser.add_argument("--idempotency-key", default="")
        parser.add_argument("--proposal", default="")
        parser.add_argument("--json", action="store_true", help="answer as JSON, refusals too")

    def handle(self, **options: Any) -> None:
        person = get_user_model().objects.filter(username=options["user"], is_active=True).first()
        if person is None:
            raise CommandError(f"no active user {options['user']!r}", returncode=2)
        change = Change(
            verb=options["verb"],
            kind=options["kind"],
            scope=options["scope"].replace(".", "/"),
            identifier=options["identifier"],
            source=_source(options["file"]),
            note=options["note"],
            expected_version=options["expected_version"],
            fields=dict(_field(f) for f in options["field"]),
            proposal=options["proposal"],
            idempotency_key=options["idempotency_key"],
        )
        try:
            done = admit(change, actor=Actor(person, Channel.CLI))
        except Refused as refusal:
            if options["json"]:
                self.stdout.write(json.dumps(refusal.as_dict()))
            raise CommandError(_sentence(refusal), returncode=1) from refusal
        if options["json"]:
            kept = {"resource": done.resource, "version": done.version, "data": dict(done.data)}
            self.stdout.write(
                json.dumps({**kept, "audit_event": done.audit_event, "replayed": done.replayed})
            )
        else:
            self.stdout.write(f"{done.resource}@{done.version}" if done.version else done.resource)
        for warning in done.warnings:
            self.stderr.write(f"warning by {warning.policy}: {warning.message}")


def _source(file: str | None) -> str:
    if not file:
        return ""
    if file == "-":
        return sys.stdin.read()
    try:
        return Path(file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{file}: {error}", returncode=2) from error


def _field(text: str) -> tuple[str, Any]:
    key, equals, value = text.partition("=")
    if not equals:
        raise CommandError(f"--field {text!r}: write KEY=VALUE", returncode=2)
    try:
        return key, json.loads(value)
    except ValueError:
        return key, value


def _sentence(refusal: Refused) -> str:
    lines = [f"{refusal.code}: {refusal}"]
    for violation in refusal.violations:
        where = f" at {violation.path}" if violation.path else ""
        lines.append(f"  {violation.severity} by {violation.policy}{where}: {violation.message}")
        if violation.fix:
            lines.append(f"    fix: {violation.fix}")
    return "\n".join(lines)
