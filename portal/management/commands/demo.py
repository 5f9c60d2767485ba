"""Make the demo data: Halden, a company with two months behind it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from audit.clock import TrailNotEmpty, demo
from governance import access_query
from portal.demo import company, pipelines
from portal.demo.making import Halden
from templates_catalog.runners.demo_repository import make


class Command(BaseCommand):
    help = (
        "Make demo data through the same write path as people. Only in an empty portal, never in production."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--people-only", action="store_true", help="only the people, so that they can sign in"
        )
        parser.add_argument("--runs", type=int, default=60)

    def handle(self, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("demo data is never made in production")
        if access_query.account_path() == company.ACCOUNT[0]:
            self.stdout.write("the demo data is there already")
            return
        try:
            with demo() as clock:
                halden = Halden(clock, self.say)
                halden.people()
                if options["people_only"]:
                    return
                self.make(halden, options["runs"])
        except TrailNotEmpty as error:
            raise CommandError(str(error)) from error

    def make(self, halden: Halden, runs: int) -> None:
        halden.account()
        self.say("scopes, groups and roles are there")
        if not halden.wait_for_gate():
            raise CommandError(
                "the gate did not answer within a minute; is the policy engine running? Try `manage.py doctor`"
            )
        halden.entities()
        folder = settings.GIT_ALLOWED_PATHS[0] / "tracking_eta"
        make(folder)
        halden.repository(f"file://{folder}")
        halden.templates()
        self.say("templates are there")
        rows = list(pipelines.planned())
        first = len(rows) * 4 // 5
        halden.pipelines(rows[:first], 0.1, 0.55)
        halden.policies()
        halden.wait_for_gate()
        self.say("policies are in force")
        halden.pipelines(rows[first:], 0.58, 0.95)
        halden.second_thoughts()
        halden.attempts()
        halden.runs(runs)
        refused = ", ".join(f"{n} {code}" for code, n in sorted(halden.refused.items())) or "none"
        self.say(f"demo data is complete; refused on the way: {refused}")

    def say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()
