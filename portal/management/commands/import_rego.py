"""Bring Rego from a file or a folder in as drafts, as a named person."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser

from governance import rego_import
from governance.actor import Actor, Channel
from governance.admission import admit
from governance.errors import Invalid, Refused
from governance.kinds import Change


class Command(BaseCommand):
    help = "Import Rego, v0 or v1, as drafts of v1. Exit 1 when a file was not kept."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", help="a .rego file, or a folder with some")
        parser.add_argument("--scope", required=True, help="halden, halden/freight …")
        parser.add_argument("--user", required=True, help="a shell is not an identity: say who is asking")
        parser.add_argument("--dry-run", action="store_true", help="only say what each file says")

    def handle(self, **options: Any) -> None:
        person = get_user_model().objects.filter(username=options["user"], is_active=True).first()
        if person is None:
            raise CommandError(f"no active user {options['user']!r}", returncode=2)
        try:
            found = rego_import.read(_files(Path(options["path"])))
        except (Invalid, OSError) as error:
            raise CommandError(str(error), returncode=2) from error
        kept = [self._one(each, Actor(person, Channel.CLI), options) for each in found]
        self.stdout.write(f"{sum(kept)} of {len(found)} {'could be kept' if options['dry_run'] else 'kept'}")
        if not all(kept):
            raise CommandError("some files were not kept", returncode=1)

    def _one(self, each: rego_import.Found, actor: Actor, options: dict[str, Any]) -> bool:
        self.stdout.write(f"{each.file} → {each.identifier}, about {each.entity}")
        for sentence in each.sentences:
            self.stdout.write(f"  {'' if sentence.understood else 'not understood: '}{sentence.text}")
        for problem in each.problems:
            self.stdout.write(f"  cannot be kept: {problem}")
        if each.problems or options["dry_run"]:
            return not each.problems
        change = Change(
            "save", "policy", options["scope"].replace(".", "/"), each.identifier, each.rego,
            fields={"entity": each.entity}, note=f"imported from {each.file}", expected_version="0",
        )  # fmt: skip
        try:
            admit(change, actor=actor)
        except Refused as refusal:
            self.stdout.write(f"  not kept: {refusal}")
            return False
        return True


def _files(path: Path) -> dict[str, bytes]:
    if path.is_file():
        return {path.name: path.read_bytes()}
    return {str(p.relative_to(path)): p.read_bytes() for p in sorted(path.rglob("*.rego"))}
