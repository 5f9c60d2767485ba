"""The demo: a lived-in company, made through the same door as everything, with the refusals that belong to it."""

from __future__ import annotations

import json
import os
import re
import time

import pytest

from tests import running
from tests.running import demo_said as said

pytestmark = [
    pytest.mark.journey,
    pytest.mark.skipif(
        os.environ.get("DATABASE_URL", "").startswith("postgres"),
        reason="the demo is made on the trial's database",
    ),
]
COUNT = """
import json
from audit.models import AuditEvent, Execution
from governance.models import Policy, PolicySet, PolicyVersion, Scope
from templates_catalog.models import Pipeline, Template
versions = PolicyVersion.objects
print(json.dumps({
    "scopes": {level: Scope.objects.filter(level=level).count() for level in ("organization", "project")},
    "templates": Template.objects.count(), "pipelines": Pipeline.objects.count(),
    "of AI": Pipeline.objects.filter(ai_generated=True).count(),
    "policies": Policy.objects.count(), "sets": PolicySet.objects.count(),
    "states": sorted(set(versions.values_list("state", flat=True))),
    "active": versions.filter(state="active").count(),
    "unbound": [s.identifier for s in PolicySet.objects.all() if not s.members.exists()],
    "runs": Execution.objects.count(), "events": AuditEvent.objects.count(),
}))
"""


def test_the_company_is_complete_and_only_what_should_be_was_refused(demo: running.Portal) -> None:
    assert "demo data is complete; refused on the way: 2 blocked, 1 conflict, 4 denied, 1 invalid" in said(
        demo
    )
    assert "the planner asks about" not in said(demo)
    done = demo.manage("shell", "-c", COUNT)
    found = json.loads(re.findall(r"^\{.*\}$", done.stdout, re.MULTILINE)[-1])
    assert found["scopes"] == {"organization": 3, "project": 8}
    assert (found["templates"], found["policies"], found["sets"]) == (40, 25, 8)
    assert found["pipelines"] >= 150
    assert found["of AI"] > 10
    assert found["states"] == ["active", "approved", "draft", "in_review"]
    assert found["active"] > 15
    assert found["unbound"] == []
    assert found["runs"] == 60


def test_its_trail_verifies(demo: running.Portal) -> None:
    time.sleep(2)
    verified = demo.manage("verify_audit")
    assert verified.returncode == 0, verified.stdout + verified.stderr
