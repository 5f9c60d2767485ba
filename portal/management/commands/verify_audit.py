"""Check the audit trail against its seals and the witness, and name the first event that does not fit."""

from __future__ import annotations

import json
import shutil
import time
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from audit.bundle import write_bundle
from audit.checking import verify_database
from audit.export import bound
from audit.filters import Filters
from audit.keys import KeyUnusable, public_keys
from audit.query import accounts
from audit.seal import new_witness
from audit.verify import Report


class Command(BaseCommand):
    help = "Verify the audit trail: every event, leaf, checkpoint and signature, and the witness file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print the report as one JSON object")
        parser.add_argument("--no-witness", action="store_true", help="do not read the witness file")
        parser.add_argument(
            "--new-witness",
            action="store_true",
            help="set the witness file aside and start a new one from this database; do this only when you "
            "know why the two differ",
        )

        parser.add_argument(
            "--bundle",
            type=Path,
            metavar="FOLDER",
            help="write the whole trail with its proofs into this new folder, for checking elsewhere",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        witness = None if options["no_witness"] else Path(settings.AUDIT_WITNESS_FILE)
        if options["new_witness"]:
            self._new_witness(Path(settings.AUDIT_WITNESS_FILE))
        try:
            keys = public_keys(Path(settings.AUDIT_SIGNING_KEY_FILE))
        except KeyUnusable as error:
            raise CommandError(str(error)) from error
        if options["bundle"]:
            self._write_bundle(options["bundle"], keys)
            return
        began = time.monotonic()
        report = verify_database(keys, witness, progress=None if options["json"] else self._progress)
        if options["json"]:
            self.stdout.write(json.dumps({**asdict(report), "ok": report.ok}))
        else:
            self._say(report, time.monotonic() - began)
        if not report.ok:
            raise CommandError("the trail does not verify", returncode=1)

    def _progress(self, done: int, total: int) -> None:
        if self.stderr.isatty():
            self.stderr.write(f"\r{done} of {total} events", ending="")

    def _say(self, report: Report, seconds: float) -> None:
        for problem in report.problems:
            self.stdout.write(f"BAD   {problem}")
        for note in report.notes:
            self.stdout.write(f"note  {note}")
        if report.first_bad_seq:
            named = f" ({report.first_bad_event})" if report.first_bad_event else ""
            self.stdout.write(f"The first event that cannot be trusted is {report.first_bad_seq}{named}.")
        self.stdout.write(
            f"{'Verified' if report.ok else 'NOT verified'}: {report.events} events under "
            f"{report.checkpoints} checkpoints in {seconds:.1f} s; "
            f"trustworthy up to event {report.trustworthy_seq}."
        )

    def _write_bundle(self, folder: Path, keys: list[bytes]) -> None:
        try:
            result = write_bundle(folder, Filters(), accounts(), keys, upto=bound().seq)
        except OSError as error:
            raise CommandError(f"the bundle cannot be written: {error}") from error
        self.stdout.write(f"{result.rows} events, sha256 {result.sha256}; see {folder / 'README.txt'}.")

    def _new_witness(self, file: Path) -> None:
        if file.exists():
            aside = file.with_name(f"{file.name}.{int(time.time())}")
            shutil.move(file, aside)
            self.stdout.write(f"The old witness is kept as {aside}.")
        written = new_witness(file)
        self.stdout.write(f"{written} checkpoint(s) written to {file}.")
