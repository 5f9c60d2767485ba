"""The three journeys, through a real browser, real OPA, a real queue and a real sandbox."""

from __future__ import annotations

import csv
import io
import json
import re
import sqlite3
import time
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from playwright.sync_api import Browser, Page, expect

from tests import running
from tests.people import PASSWORD

pytestmark = pytest.mark.browser
PROJECT = "acme.shop.payments"
PATIENCE_MS = 60_000
expect.set_options(timeout=PATIENCE_MS)

MOVE_IN = "from tests.people import move_in; move_in()"
TEMPLATE = """template:
  identifier: java_microservice
  name: Golden Java microservice
  versionLabel: 1.0.0
  type: Pipeline
  description: Our paved road for Java services on Kubernetes.
  tags: {language: java, platform: kubernetes, golden: "true"}
  variables:
    - {name: service_ref, type: String, required: true, description: Service to build and deploy, value: <+input>}
  spec:
    stages:
      - stage:
          identifier: build
          name: Build
          type: CI
          spec:
            execution:
              steps:
                - step:
                    identifier: test
                    name: Test
                    type: Run
                    timeout: 1m
                    spec: {shell: Sh, command: "echo tests of the service passed"}
      - stage:
          identifier: ask
          name: Ask the security team
          type: Approval
          spec:
            execution:
              steps:
                - step:
                    identifier: approve
                    name: Approve production
                    type: HarnessApproval
                    timeout: 1h
                    spec:
                      approvalMessage: Look at the tests first.
                      includePipelineExecutionHistory: true
                      approvers:
                        minimumCount: 1
                        disallowPipelineExecutor: true
                        userGroups: [account.security_team]
      - stage:
          identifier: deploy_prod
          name: Deploy to production
          type: Deployment
          failureStrategies:
            - onFailure: {errors: [AllErrors], action: {type: Abort}}
          spec:
            deploymentType: Kubernetes
            service: {serviceRef: <+pipeline.variables.service_ref>}
            environment:
              environmentRef: prod
              infrastructureDefinitions: [{identifier: k8s}]
            execution:
              steps:
                - step: {identifier: roll_out, name: Roll out, type: K8sRollingDeploy, timeout: 10m, spec: {skipDryRun: false}}
"""
FINE = """pipeline:
  identifier: checks
  name: Checks
  stages:
    - stage:
        identifier: build
        name: Build
        type: CI
        spec:
          execution:
            steps:
              - step:
                  identifier: test
                  name: Test
                  type: Run
                  spec: {shell: Sh, command: make test}
"""
RELEASE = (
    FINE.replace("checks", "release").replace("Checks", "Release")
    + """    - stage:
        identifier: deploy_prod
        name: Deploy prod
        type: Deployment
        failureStrategies:
          - onFailure: {errors: [AllErrors], action: {type: Abort}}
        spec:
          deploymentType: Kubernetes
          service: {serviceRef: cart}   # kept as it is
          environment:
            environmentRef: prod
            infrastructureDefinitions: [{identifier: k8s}]
          execution:
            steps:
              - step: {identifier: roll_out, name: Roll out, type: K8sRollingDeploy, timeout: 10m, spec: {}}
"""
)
PROD = "environment:\n  identifier: prod\n  name: Production\n  type: Production\n"
SignIn = Callable[[str], Page]


@pytest.fixture(scope="module")
def company() -> Iterator[running.Portal]:
    """A portal in which everybody has moved in, with a golden template."""
    with running.portal(DEMO="no") as portal:
        made = portal.manage("shell", "-c", MOVE_IN)
        assert made.returncode == 0, made.stderr
        saved = portal.manage(
            "change", "save", "environment", "acme", "prod", "--user", "ada", "--file", "-", stdin=PROD
        )
        assert saved.returncode == 0, saved.stderr
        saved = portal.manage(
            "change", "save", "template", "acme", "java_microservice", "--user", "tess", "--file", "-",
            "--field", "golden=true", "--field", "stable=true", stdin=TEMPLATE,
        )  # fmt: skip
        assert saved.returncode == 0, saved.stderr
        yield portal


@pytest.fixture
def sign_in(company: running.Portal, browser: Browser) -> Iterator[SignIn]:
    """A page of its own for each person; complaints of the browser fail the test."""
    contexts, complaints = [], []

    def signed_in(name: str) -> Page:
        context = browser.new_context(base_url=company.address, viewport={"width": 1360, "height": 900})
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.on(
            "console", lambda said: complaints.append(said.text) if "Security Policy" in said.text else None
        )
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto("/accounts/login/")
        page.fill("#id_login", name)
        page.fill("#id_password", PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.wait_for_url(lambda url: "login" not in url)
        return page

    yield signed_in
    for context in contexts:
        context.close()
    assert complaints == []


def change(portal: running.Portal, *words: str, stdin: str = "") -> dict[str, Any]:
    """One change from the command line, as JSON; refusals too."""
    done = portal.manage("change", *words, "--json", stdin=stdin)
    return json.loads(done.stdout.splitlines()[-1]) if done.stdout.strip() else {"error": done.stderr}


def type_source(page: Page, text: str) -> None:
    """Put a text where the editor keeps it, and tell the editor, as pasting would."""
    page.locator("textarea[name=source]").evaluate(
        """(area, text) => { const view = area.cmView || window.portcullisEditor?.(area);
        if (view) view.dispatch({changes: {from: 0, to: view.state.doc.length, insert: text}});
        area.value = text; area.dispatchEvent(new Event('input', {bubbles: true})); }""",
        text,
    )


def activate(
    portal: running.Portal, sign_in: SignIn, sentence: str, identifier: str, entity: str = "pipeline"
) -> None:
    """From a sentence to an active policy in an enforced set: pat asks, eli decides, nobody alone."""
    pat = sign_in("pat")
    pat.goto("/s/acme/describe/policy")
    pat.fill("#text", sentence)
    pat.get_by_role("button", name="Draft it").click()
    expect(pat.locator("#draft")).to_be_visible()
    expect(pat.get_by_text("examples as read, decided by OPA")).to_be_visible()
    pat.fill("#identifier", identifier)
    pat.get_by_role("button", name="Save draft").click()
    pat.wait_for_url(f"**/policies/{identifier}/")
    pat.get_by_role("button", name="Send to review").click()
    expect(pat.get_by_text("You wrote this version; somebody else must approve it.").first).to_be_visible()
    refused = change(portal, "approve", "policy", "acme", identifier, "--user", "pat")
    assert refused["refused"] == "denied"

    eli = sign_in("eli")
    eli.goto("/s/acme/policies/")
    eli.get_by_role("complementary").get_by_role("link").first.click()
    eli.wait_for_url("**/review")
    for box in eli.locator("input[name=ticked]").all():
        box.check()
    eli.get_by_role("button", name=re.compile("Approve version")).click()
    eli.wait_for_url(f"**/policies/{identifier}/")
    eli.get_by_role("button", name="Activate").click()
    expect(eli.get_by_text("This version is active")).to_be_visible()
    # What is stored already would be blocked, so the set watches first and is enforced then.
    for mode in ("shadow", "enforce"):
        bound = _bind(portal, identifier, entity, mode)
        assert "version" in bound, bound


def _bind(portal: running.Portal, identifier: str, entity: str, mode: str) -> dict[str, Any]:
    members = json.dumps([{"policy": identifier, "severity": "error"}])
    return change(
        portal, "save", "policy_set", "acme", f"{identifier}_set", "--user", "eli", "--field", f"name={identifier}",
        "--field", f"entity={entity}", "--field", "event=onsave", "--field", f"members={members}",
        "--field", f"mode={mode}",
    )  # fmt: skip


def wait_until_blocked(portal: running.Portal, source: str, identifier: str) -> dict[str, Any]:
    """The same save again until the new revision is in force: seconds, not minutes."""
    until = time.monotonic() + 20
    said: dict[str, Any] = {}
    while time.monotonic() < until:
        said = change(
            portal,
            "save",
            "pipeline",
            "acme/shop/payments",
            identifier,
            "--user",
            "dana",
            "--file",
            "-",
            stdin=source,
        )
        if said.get("refused") == "blocked":
            return said
        time.sleep(0.5)
    raise AssertionError(f"never blocked: {said}")


def test_a_sentence_becomes_an_active_policy_and_a_fine_save_is_blocked(company, sign_in):
    before = change(
        company,
        "save",
        "pipeline",
        "acme/shop/payments",
        "checks",
        "--user",
        "dana",
        "--file",
        "-",
        stdin=FINE,
    )
    assert before.get("version") == "1", before
    activate(company, sign_in, "Every pipeline must have the tag owner.", "owner_tag")
    said = wait_until_blocked(company, FINE, "checks")
    assert "owner_tag" in [v["policy"] for v in said["violations"]]

    dana = sign_in("dana")
    dana.goto(f"/s/{PROJECT}/pipelines/checks/")
    dana.get_by_role("button", name=re.compile("^Save")).first.click()
    verdict = dana.locator("#verdict")
    expect(verdict).to_have_attribute("data-outcome", "blocked")
    expect(dana.locator("article.vio").first).to_contain_text("owner")


def test_a_prompt_becomes_a_pipeline_is_blocked_fixed_saved_run_approved_and_its_log_downloaded(
    company, sign_in
):
    dana = sign_in("dana")
    dana.goto(f"/describe/pipeline/?at={PROJECT}")
    dana.fill(
        "#p",
        "Build me a deployment pipeline for the service cart that references our golden Java microservices template.",
    )
    dana.get_by_role("button", name="Draft it").click()
    expect(dana.get_by_text("Draft, not saved")).to_be_visible()
    expect(dana.get_by_text("Would be blocked")).to_be_visible()
    dana.get_by_role("button", name="Save pipeline").click()
    expect(dana.locator("#verdict")).to_have_attribute("data-outcome", "blocked")

    dana.fill("#ask", "the owner is team-cart")
    dana.get_by_role("button", name="Ask", exact=True).click()
    expect(dana.get_by_text("Checked before it was offered.")).to_be_visible()
    dana.get_by_role("button", name=re.compile("Apply and save")).click()
    dana.wait_for_url(re.compile(r"/pipelines/\w+/$"))
    identifier = dana.url.rstrip("/").rpartition("/")[2]
    kept = dana.locator("textarea[name=source]").input_value()
    assert 'ai_generated: "true"' in kept
    assert "owner: team-cart" in kept

    dana.goto(f"/s/{PROJECT}/pipelines/{identifier}/run/")
    dana.get_by_role("button", name="Run it").click()
    dana.wait_for_url(re.compile(r"/runs/\w+/\d+/"))
    expect(dana.locator("#run-state")).to_contain_text("Waits for approval", timeout=40_000)
    run_url = dana.url

    eli = sign_in("eli")
    eli.goto("/approvals/")
    eli.locator("input[name=comment]").first.fill("tests looked at")
    eli.get_by_role("button", name="Approve").first.click()
    dana.goto(run_url)
    expect(dana.locator("#run-state")).to_contain_text("Passed", timeout=40_000)
    with dana.expect_download() as download:
        dana.get_by_role("link", name="All logs").click()
    log = download.value.path().read_bytes()
    assert b"tests of the service passed" in log
    assert b"dry run" in log.lower()


def test_a_manual_approval_stage_is_added_by_asking(company, sign_in):
    sentence = "Requires approval from the security team for any deployment to production that hasn't passed a SAST scan."
    activate(company, sign_in, sentence, "security_approval")
    owned = RELEASE.replace("  name: Release\n", "  name: Release\n  tags: {owner: cart}\n")
    wait_until_blocked(company, owned, "release")
    dana = sign_in("dana")
    dana.goto(f"/s/{PROJECT}/new-pipeline/")
    type_source(dana, owned)
    dana.get_by_role("button", name=re.compile("^Save")).first.click()
    expect(dana.locator("#verdict")).to_have_attribute("data-outcome", "blocked")
    dana.fill("#ask", "Add a manual approval stage by the security team before the production deployment.")
    dana.get_by_role("button", name="Ask", exact=True).click()
    expect(dana.get_by_text("Checked before it was offered.")).to_be_visible()
    dana.get_by_role("button", name=re.compile("Apply and save")).click()
    dana.wait_for_url(f"**/s/{PROJECT}/pipelines/release/")
    kept = company.manage(
        "shell",
        "-c",
        "from templates_catalog.models import PipelineVersion as V; print(V.objects.filter(pipeline__identifier='release').latest('number').source)",
    ).stdout
    assert "HarnessApproval" in kept
    assert "# kept as it is" in kept
    assert 'ai_generated: "true"' in kept


def test_a_filtered_export_is_exactly_the_filter_and_a_changed_row_is_found(company, sign_in, tmp_path):
    cora = sign_in("cora")
    cora.goto("/s/acme/audit/?outcome=blocked&kind=pipeline")
    with cora.expect_download() as download:
        cora.get_by_role("button", name="CSV").click()
    rows = list(csv.DictReader(io.StringIO(download.value.path().read_text(encoding="utf-8"))))
    assert rows
    assert {row["outcome"] for row in rows} == {"blocked"}
    assert {row["kind"] for row in rows} == {"pipeline"}
    wanted = company.manage(
        "shell",
        "-c",
        "from audit.models import AuditEvent as A; print(A.objects.filter(outcome='blocked', kind='pipeline').count())",
    ).stdout
    assert len(rows) == int(wanted.split()[-1])

    time.sleep(1.5)
    verified = company.manage("verify_audit")
    assert verified.returncode == 0, verified.stdout + verified.stderr
    tamper(company, rows[0]["id"])
    found = company.manage("verify_audit")
    assert found.returncode != 0
    assert rows[0]["id"].replace("-", "") in (found.stdout + found.stderr).replace("-", "")


def tamper(portal: running.Portal, event: str) -> None:
    """What an owner of the database could do: take the trigger away, then rewrite history."""
    address = portal.env.get("DATABASE_URL", "")
    if address.startswith("postgres"):
        with psycopg.connect(address, autocommit=True) as link:
            link.execute("ALTER TABLE audit_auditevent DISABLE TRIGGER USER")
            link.execute("UPDATE audit_auditevent SET actor_name = 'nobody' WHERE id = %s", (event,))
        return
    with sqlite3.connect(portal.data / "portal.sqlite3", timeout=20) as link:
        names = [
            n
            for (n,) in link.execute(
                "SELECT name FROM sqlite_master WHERE type='trigger' AND tbl_name='audit_auditevent'"
            )
        ]
        for name in names:
            link.execute(f'DROP TRIGGER "{name}"')
        done = link.execute(
            "UPDATE audit_auditevent SET actor_name = 'nobody' WHERE replace(id, '-', '') = ?",
            (event.replace("-", ""),),
        )
        assert done.rowcount == 1
