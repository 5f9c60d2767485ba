"""`manage.py doctor`: asks every dependency how it is and says how to repair what is not well."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from portal import health


class Command(BaseCommand):
    help = "Check every dependency and say how to repair what is wrong. Ends with 1 if anything is."
    # A doctor that refuses to look because the patient is ill would be of little use.
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="the same as one JSON document")

    def handle(self, *args: Any, **options: Any) -> None:
        checks = health.look(health.ALL)
        if options["json"]:
            self.stdout.write(json.dumps([asdict(check) for check in checks], indent=2))
        else:
            self._tell(checks)
        if not all(check.ok for check in checks):
            raise SystemExit(1)

    def _tell(self, checks: list[health.Check]) -> None:
        width = max(len(check.name) for check in checks)
        for check in checks:
            name = check.name.replace("_", " ").ljust(width)
            if check.ok:
                self.stdout.write(f"  well   {name}")
                continue
            self.stdout.write(f"  wrong  {name}  {check.problem}")
            self.stdout.write(f"         {' ' * width}  {check.repair}")
        wrong = sum(not check.ok for check in checks)
        self.stdout.write("Everything is well." if not wrong else f"{wrong} of {len(checks)} need repair.")
