"""A page of the catalogue with permissions against the same SQL without them (PostgreSQL).

    python -m bench.catalogue              10,000 templates, a person with 1,000 object grants
    python -m bench.catalogue --quick      the same sizes, fewer rounds, under a minute

Ours and the control take turns in one process; printed are medians in milliseconds and the ratio of the two.
What is seen is compared with a count by hand first, so that a fast wrong answer is no result.
"""

from __future__ import annotations

import argparse
import os
import platform
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest import mock

ROOT = Path(__file__).resolve().parents[1]
TEMPLATES, GRANTS, PROJECTS, PAGE = 10_000, 1_000, 200, 24


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure the catalogue's pages.")
    parser.add_argument("--quick", action="store_true")
    asked = parser.parse_args()
    sys.path[:0] = [str(ROOT), str(ROOT / "deploy")]
    import postgres  # the cluster that the tests use as well

    with postgres.cluster() as address, tempfile.TemporaryDirectory() as folder:
        os.environ |= {
            "DATABASE_URL": address,
            "DATA_DIR": folder,
            "DJANGO_SETTINGS_MODULE": "portal.settings",
        }
        os.environ.pop("DATABASE_OWNER_URL", None)
        import django

        django.setup()
        for line in measure(rounds=10 if asked.quick else 40):
            print(line, flush=True)
    return 0


def measure(rounds: int) -> Iterator[str]:
    """Make the templates and yield one line of figures after another."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    machine = platform.processor() or platform.machine()
    yield f"{machine}, {os.cpu_count()} cores, {datetime.now(UTC):%Y-%m-%d %H:%M} UTC"
    people = seed()
    yield f"{TEMPLATES:,} templates in {PROJECTS} projects; page of {PAGE}, median of {rounds}"
    yield f"{'who, where':<44}{'ours ms':>9}{'control ms':>12}{'ratio':>8}"
    for name, (user, path, expected) in people.items():
        _check(user, path, expected)
        yield _row(f"{name}, first page", user, path, {}, rounds)
        if expected > 4 * PAGE:
            yield _row(f"{name}, page in the middle", user, path, _middle(user, path), rounds)
    granted = people["1,000 object grants"]
    yield _row("1,000 object grants, two words", granted[0], granted[1], {"text": "java deploy"}, rounds)


# --- what is measured -----------------------------------------------------------------------------
def _row(name: str, user: Any, path: str, where: dict[str, Any], rounds: int) -> str:
    from governance import rbac
    from templates_catalog import query
    from templates_catalog.models import Template

    actor = _actor(user)

    def ours() -> None:
        query.templates(actor, path, size=PAGE, **where)

    def control() -> None:
        with mock.patch.object(rbac, "visible", return_value=Template.objects.all()):
            query.templates(actor, path, size=PAGE, **where)

    for warm in (ours, control):
        warm()
    pairs = [(_ms(ours), _ms(control)) for _ in range(rounds)]
    ratio = statistics.median(a / b for a, b in pairs)
    a, b = (statistics.median(side) for side in zip(*pairs, strict=True))
    return f"{name:<44}{a:>9.1f}{b:>12.1f}{ratio:>8.2f}"


def _middle(user: Any, path: str) -> dict[str, str]:
    """The cursor of a page three pages in: keyset pages cost the same wherever they are."""
    from templates_catalog import query

    cursor = ""
    for _ in range(3):
        cursor = query.templates(_actor(user), path, size=PAGE, after=cursor).older
    return {"after": cursor}


def _check(user: Any, path: str, expected: int) -> None:
    """Walks all pages; raises when the number of templates is not the one counted by hand."""
    from templates_catalog import query

    seen: set[str] = set()
    cursor = ""
    while True:
        page = query.templates(_actor(user), path, size=500, after=cursor)
        seen |= {view.id for view in page.rows}
        cursor = page.older
        if not cursor:
            break
    if len(seen) != expected:
        raise SystemExit(f"{user.username} sees {len(seen)} templates in {path}, by hand it is {expected}")


def _ms(work: Callable[[], None]) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def _actor(user: Any) -> Any:
    from governance.actor import Actor

    return Actor(user=user, channel="ui")


# --- what there is --------------------------------------------------------------------------------
def seed() -> dict[str, tuple[Any, str, int]]:
    """Name → (person, where they look, how many templates they may see there, counted by hand)."""
    from governance.models import Role, RolePermission, Scope, User
    from templates_catalog.models import Template

    chance = random.Random(1)
    account = Scope.objects.create(level="account", identifier="acme", name="Acme", path="acme")
    organization = Scope.objects.create(
        level="organization",
        identifier="shop",
        name="Shop",
        path="acme/shop",
        parent=account,
        account=account,
    )
    projects = [
        Scope(
            level="project", identifier=f"p{n}", name=f"Project {n}", path=f"acme/shop/p{n}",
            parent=organization, organization=organization, account=account,
        )
        for n in range(PROJECTS)
    ]  # fmt: skip
    Scope.objects.bulk_create(projects)
    role = Role.objects.create(scope=account, identifier="reader", name="Reader")
    RolePermission.objects.create(role=role, permission="view_template")
    rows = [
        Template(
            scope=projects[n % PROJECTS], identifier=f"t{n}", name=f"Template {n}", type="Pipeline",
            search_text=chance.choice(("java deploy", "python build", "go scan")), tags={"language": "java"},
        )
        for n in range(TEMPLATES)
    ]  # fmt: skip
    Template.objects.bulk_create(rows, batch_size=1000)
    _spread(rows)
    names = ("grants", "one", "twenty", "everything")
    grants, one, twenty, everything = (User.objects.create(username=name) for name in names)
    _grant(grants, chance.sample(rows, GRANTS))
    _bind(role, one, projects[:1])
    _bind(role, twenty, projects[:20])
    _bind(role, everything, [account])
    _analyse()
    each = TEMPLATES // PROJECTS
    return {
        "1,000 object grants": (grants, "acme", GRANTS),
        "a role in 1 project": (one, "acme", each),
        "a role in 20 projects": (twenty, "acme", 20 * each),
        "a role in the account": (everything, "acme", TEMPLATES),
    }


def _spread(rows: list[Any]) -> None:
    """Different times of the last change, as a page is in that order."""
    from templates_catalog.models import Template

    now = datetime.now(UTC)
    for n, row in enumerate(rows):
        row.updated_at = now - timedelta(minutes=n)
    Template.objects.bulk_update(rows, ["updated_at"], batch_size=1000)


def _grant(user: Any, rows: list[Any]) -> None:
    from django.contrib.auth.models import Permission
    from django.contrib.contenttypes.models import ContentType

    from templates_catalog.models import Template, TemplateUserGrant

    kind = ContentType.objects.get_for_model(Template)
    permission = Permission.objects.get(content_type=kind, codename="view_template")
    TemplateUserGrant.objects.bulk_create(
        [TemplateUserGrant(content_object=row, user=user, permission=permission) for row in rows]
    )


def _bind(role: Any, user: Any, scopes: list[Any]) -> None:
    from governance.models import RoleBinding

    RoleBinding.objects.bulk_create(
        [
            RoleBinding(identifier=f"{user.username}_{s.identifier}", scope=s, role=role, user=user)
            for s in scopes
        ]
    )


def _analyse() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


if __name__ == "__main__":
    sys.exit(main())
