"""Writing a policy by hand in a real browser: a mistake shows on its line, a stored pipeline tries it, examples stay."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests import running
from tests.governance.draft_doors import PIPELINE
from tests.people import PASSWORD

pytestmark = pytest.mark.browser
PATIENCE_MS = 60_000
BROKEN = """package pipeline

deny contains msg if {
	some entry in input.pipeline.stages
	some item in entry.stage.spec.execution.steps
	item.step.type == "Run"
	msg := sprintf("step %s runs a script", [item.step.name]
}
"""
MENDED = BROKEN.replace("[item.step.name]", "[item.step.name])")


@pytest.fixture
def pat(browser: Browser) -> Iterator[Page]:
    """The policy author's page, in a portal with one stored pipeline; complaints of the browser fail the test."""
    with running.portal(DEMO="no") as portal:
        made = portal.manage("shell", "-c", "from tests.people import move_in; move_in()")
        assert made.returncode == 0, made.stderr
        saved = portal.manage(
            "change", "save", "pipeline", "acme/shop/payments", "nightly", "--user", "dana", "--file", "-",
            stdin=PIPELINE,
        )  # fmt: skip
        assert saved.returncode == 0, saved.stderr
        context = browser.new_context(base_url=portal.address, viewport={"width": 1360, "height": 900})
        page, complaints = context.new_page(), []
        page.set_default_timeout(PATIENCE_MS)
        expect.set_options(timeout=PATIENCE_MS)
        page.on("console", lambda m: complaints.append(m.text) if "Security Policy" in m.text else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto("/accounts/login/")
        page.fill("#id_login", "pat")
        page.fill("#id_password", PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.wait_for_url(lambda url: "login" not in url)
        yield page
        context.close()
        assert complaints == []


def write(page: Page, text: str) -> None:
    """Replace what the editor holds, as a person would."""
    editor = page.locator(".cm-content")
    editor.click()
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    page.keyboard.insert_text(text)


def serious(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [
        f"{v['id']}: {v['nodes'][0]['html'][:200]}" for v in found if v["impact"] in ("serious", "critical")
    ]


def test_a_policy_is_written_tried_held_against_examples_and_saved(pat: Page) -> None:
    pat.goto("/s/acme/policies/new")
    pat.fill("#name", "No scripts")
    pat.fill("#identifier", "no_scripts")

    write(pat, BROKEN)
    mistake = pat.locator(".cm-content .diag").first
    expect(mistake).to_contain_text("expected")
    assert mistake.get_attribute("id") in ("L7", "L8")

    write(pat, MENDED)
    expect(pat.locator("#editor-said")).to_have_text("All checks made")
    expect(pat.locator(".cm-content .diag.diag-inv")).to_have_count(0)
    # It looks at the top of a stage only, and the checks found out.
    expect(pat.locator("#editor-checks")).to_contain_text("put into step groups")

    pat.select_option("#on_stored", "acme/shop/payments/nightly")
    pat.get_by_role("button", name="Try it").click()
    expect(pat.locator("#trial")).to_contain_text("step Sweep runs a script")
    pat.fill("#case_name", "a script at the top")
    pat.get_by_role("button", name="Keep as an example").click()
    expect(pat.locator("#cases-h")).to_have_text("1 example is as expected")

    pat.get_by_role("button", name=re.compile("Keep the document of: .*step groups, ")).or_(
        pat.get_by_role("button", name=re.compile("Keep the document of"))
    ).first.click()
    expect(pat.locator("#cases-h")).to_have_text("1 of 2 examples are not as expected")
    assert serious(pat) == []

    write(pat, MENDED.replace("some item in entry.stage.spec.execution.steps", "walk(entry, [_, item])"))
    expect(pat.locator("#editor-said")).to_have_text("All checks made")
    pat.get_by_role("button", name="Run all").click()
    expect(pat.locator("#cases-h")).to_have_text("2 examples are as expected")
    # Lines that the examples reach are marked beside their numbers.
    expect(pat.locator(".cover-yes").first).to_be_visible()

    pat.get_by_role("button", name="Save draft").click()
    pat.wait_for_url("**/policies/no_scripts/")
    expect(pat.get_by_text("2 of 2 as expected, by OPA")).to_be_visible()

    # A sentence lights its lines, and a line its sentence.
    said = pat.locator(".say-it", has_text='item.step.type is "Run"')
    said.hover()
    expect(pat.locator('[data-linked-lines] .cl[data-n="6"]')).to_have_class(re.compile(r"\blit\b"))
    pat.locator('[data-linked-lines] .cl[data-n="4"]').click()
    expect(pat.locator(".say-it.lit", has_text="for some entry")).to_be_visible()
    assert serious(pat) == []
    pat.get_by_role("button", name="Send to review").click()
    expect(pat.get_by_text("somebody else must approve it").first).to_be_visible()

    pat.goto("/s/acme/policies/no_scripts/edit")
    expect(pat.locator("#cases-h")).to_have_text("2 examples are as expected")


def test_a_session_that_ends_while_somebody_writes_costs_no_text(pat: Page) -> None:
    pat.goto("/s/acme/policies/new")
    pat.fill("#name", "No scripts")
    pat.fill("#identifier", "no_scripts")
    pat.context.clear_cookies(name="sessionid")
    write(pat, MENDED)
    dialog = pat.locator("#signed-out-dialog[open]")
    expect(dialog).to_contain_text("your text is still in this page")
    assert serious(pat) == []
    dialog.get_by_role("button", name="I have signed in").click()
    expect(dialog).to_contain_text("You are not signed in yet")
    dialog.get_by_role("button", name="Close").click()
    pat.get_by_role("button", name="Save draft").click()
    expect(dialog).to_be_visible()
    with pat.context.expect_page() as opened:
        dialog.get_by_role("link", name="Sign in in another tab").click()
    other = opened.value
    other.fill("#id_login", "pat")
    other.fill("#id_password", PASSWORD)
    other.get_by_role("button", name="Sign in", exact=True).click()
    other.wait_for_url(lambda url: "login" not in url)
    dialog.get_by_role("button", name="I have signed in").click()
    expect(dialog).to_have_count(0)
    pat.get_by_role("button", name="Save draft").click()
    pat.wait_for_url("**/policies/no_scripts/")
    expect(pat.locator("body")).to_contain_text("runs a script")
