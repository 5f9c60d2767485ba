"""An evidence bundle: events with everything that is needed to prove them where no portal is."""

from __future__ import annotations

import base64
import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from django.db import connection, transaction

from audit import verify
from audit.export import Export, Result
from audit.filters import Filters
from audit.models import AuditLeaf, Checkpoint

README: Final = """This folder proves audit events without the portal they came from.

events.jsonl      the events, one a line, in canonical JSON
leaves.txt        the hash of every event of the log, also of those that are not in this folder
checkpoints.txt   what the portal signed: size and root of the log, again and again
keys.txt          the public keys. Trust them only after comparing them with the ones you were given.
manifest.json     which filters, how many events, SHA-256 of events.jsonl
verify.py         the verifier; it needs Python 3.11 and nothing else

    python3 verify.py . --key keys.txt [--witness FILE]
"""


def write_bundle(
    folder: Path, filters: Filters, scopes: Sequence[str], keys: Sequence[bytes], *, upto: int
) -> Result:
    """Write the bundle of exactly the filtered events with seq <= upto into a new, empty folder.

    upto: the size of a checkpoint (`export.bound().seq`). Raises FileExistsError when the folder is
    not empty. Leaves are hashes: they tell how many events there are, and nothing of their content.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise FileExistsError(f"{folder} is not empty")
    export = Export(filters, scopes, upto=upto, format="jsonl")
    with (folder / "events.jsonl").open("wb") as events:
        for block in export:
            events.write(block)
    with transaction.atomic(), (folder / "leaves.txt").open("w", encoding="ascii") as leaves:
        rows = AuditLeaf.objects.filter(seq__lte=upto).order_by("seq").values_list("leaf", flat=True)
        for leaf in rows.iterator(chunk_size=10_000):
            leaves.write(f"{bytes(leaf).hex()}\n")
    with (folder / "checkpoints.txt").open("w", encoding="utf-8") as notes:
        for note in Checkpoint.objects.filter(size__lte=upto).order_by("size").values_list("note", flat=True):
            notes.write(f"{note}\n\n")
    (folder / "keys.txt").write_text("".join(f"{base64.b64encode(key).decode()}\n" for key in keys), "ascii")
    result = export.result
    manifest = {
        "filters": filters.as_params(),
        "upto": upto,
        "events": result.rows,
        "sha256": result.sha256,
        "altered": result.altered,
        "database": connection.vendor,
    }
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=2, sort_keys=True) + "\n", "utf-8")
    (folder / "README.txt").write_text(README, "utf-8")
    shutil.copyfile(verify.__file__, folder / "verify.py")
    return result
