"""What has to be there before the first process: folders, keys, migrated database, static files."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

from portal import env, keys, settings
from portal.supervising import programs

DONE = settings.DATA_DIR / "prepared"
SIGNING_KEYS = {
    "AUDIT_SIGNING_KEY_FILE": (settings.AUDIT_SIGNING_KEY_FILE, keys.new_ed25519),
    "BUNDLE_SIGNING_KEY_FILE": (settings.BUNDLE_SIGNING_KEY_FILE, keys.new_rsa),
}
# Which setting stands behind a folder that is not simply below DATA_DIR.
SETTING_OF = {settings.RUN_DIR: "RUN_DIR", settings.AUDIT_WITNESS_FILE.parent: "AUDIT_WITNESS_FILE"}


def prepare() -> None:
    """Safe to call at every start; what is done already takes no time."""
    _folders()
    keys.make_missing(SIGNING_KEYS, production=settings.PRODUCTION)
    keys.refuse_unusable(SIGNING_KEYS)
    wanted = _state()
    if _is_done(wanted):
        return
    # Migrations run as the owner of the tables; the product itself may not change audit rows.
    _manage("migrate", "--verbosity", "0", DATABASE_URL=settings.DATABASE_OWNER_URL)
    if settings.DATABASE_OWNER_URL != settings.DATABASE_URL:
        role = str(settings.DATABASES["default"]["USER"])
        _manage("grant_product", role, DATABASE_URL=settings.DATABASE_OWNER_URL)
    _manage("collectstatic", "--no-input", "--verbosity", "0")
    DONE.write_text(wanted, encoding="utf-8")


def _folders() -> None:
    for folder in (
        settings.RUN_DIR,
        programs.TEMPORARY,
        settings.DATA_DIR / "log",
        settings.AUDIT_WITNESS_FILE.parent,
    ):
        env.made(SETTING_OF.get(folder, "DATA_DIR"), folder)
        if folder.stat().st_uid != os.geteuid():
            raise env.BadSetting("RUN_DIR", str(folder), "a folder of the user who starts the portal")


def _is_done(wanted: str) -> bool:
    """Only an embedded database can be known to be the one that was migrated; another is asked each time."""
    database = settings.DATABASES["default"]
    if "sqlite" not in str(database["ENGINE"]) or not Path(str(database["NAME"])).exists():
        return False
    try:
        return DONE.read_text(encoding="utf-8") == wanted
    except OSError:
        return False


def _state() -> str:
    """Changes when a migration, the front end or a package does, or when the database is another file."""
    total = hashlib.sha256(settings.DATABASE_URL.encode())
    for app in ("portal", "templates_catalog", "governance", "audit"):
        for file in sorted((settings.ROOT / app / "migrations").glob("*.py")):
            total.update(file.name.encode() + file.read_bytes())
    for stamp in (settings.ROOT / "static/dist/.done", settings.ROOT / "deploy/requirements/run.txt"):
        total.update(stamp.read_bytes() if stamp.exists() else b"")
    return total.hexdigest()


def _manage(*words: str, **environment: str) -> None:
    done = subprocess.run(
        [sys.executable, str(settings.ROOT / "manage.py"), *words],
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        log = settings.DATA_DIR / "log" / "prepare.log"
        log.write_text(done.stdout + done.stderr, encoding="utf-8")
        raise SystemExit(f"manage.py {words[0]} failed: {_reason(done.stdout + done.stderr)}. Details: {log}")


def _reason(output: str) -> str:
    """The line that names the error: the last one that is not indented, as what explains it follows it."""
    lines = [line for line in output.splitlines() if line.strip() and not line[0].isspace()]
    return lines[-1].rstrip(".") if lines else "it said nothing"
