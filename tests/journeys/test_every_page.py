"""Every page of a lived-in portal, as people reach it by its links: light and wide, dark and narrow.

PAGE_PICTURES=folder keeps a picture of each, for people to look at.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import Resolver404, resolve
from playwright.sync_api import Browser, BrowserContext, Page

from tests import running
from tests.test_mutations import ROUTES, name_of, view_of

pytestmark = pytest.mark.browser
# Who looks: all of them together see every page there is.
PEOPLE = ("cora", "dana", "eli", "mira", "jonas")
LOOKS = {"light": {"width": 1360, "height": 900}, "dark": {"width": 390, "height": 844}}
# Home, what home does not lead to, and a comparison, for which a policy of the demo has too few versions.
STARTS = (
    "/", "/s/halden.freight.tracking/policies/", "/s/halden/policies/",
    "/s/halden/policies/deploy_timeout/compare", "/s/halden/settings/",
    "/s/halden.freight.tracking/pipelines/", "/s/halden.freight.tracking/exemptions/", "/s/halden.freight.tracking/pipelines/tracking_api_release/versions/",
)  # fmt: skip
SERIOUS = ("serious", "critical")
# Where links do not lead, or nothing is to be looked at; each with the reason.
NO_PAGES = {
    "portal.web.around.theme": "a button",
    "portal.web.around.session": "what a page's script asks",
    "portal.web.around.scope_home": "home, by another address",
    "portal.web.build.template_page.preview": "a fragment that follows typing",
    "portal.web.build.pipelines.check": "a fragment that follows typing",
    "portal.web.build.pipelines.source": "a file",
    "portal.web.build.executions.status": "a fragment that follows a run",
    "portal.web.build.executions.log_tail": "a fragment that follows a log",
    "portal.web.build.executions.download": "a file",
    "portal.web.govern.describe.here": "leads to the page of a scope",
    "portal.web.govern.policy_editor.check": "a fragment that follows typing",
    "portal.web.govern.policy_editor.bench": "a fragment beside the editor",
    "portal.web.govern.policy_compare.update": "there once the library ships a newer text",
    "portal.web.govern.policies.retire": "a button",
    "portal.web.govern.checks.of_version": "a fragment",
    "portal.web.govern.checks.of_proposal": "a fragment",
    "portal.web.govern.impact.panel": "a fragment",
    "portal.web.govern.impact.start": "a button",
    "portal.web.govern.impact.page": "there once somebody asks for an impact",
    "portal.web.govern.impact.export": "a file",
    "portal.web.govern.exemptions.new": "beside an objection to a change",
    "portal.web.prove.audit.export": "a file",
    "portal.web.prove.audit.proof": "a file",
    "portal.web.settings.exams.panel": "a fragment",
    "portal.web.settings.exams.page": "there once somebody sat an exam",
}


@dataclass
class Looked:
    """What was seen. views: view → address of the page that showed it."""

    views: dict[str, str] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)


@pytest.fixture
def contexts(demo: running.Portal, browser: Browser) -> Iterator[dict[str, list[BrowserContext]]]:
    made: dict[str, list[BrowserContext]] = {}
    for person in PEOPLE:
        made[person] = []
        for theme, size in LOOKS.items():
            context = browser.new_context(
                base_url=demo.address, viewport=size, color_scheme=theme, reduced_motion="reduce"
            )
            sign_in(context, person)
            made[person].append(context)
    yield made
    for each in made.values():
        for context in each:
            context.close()


def sign_in(context: BrowserContext, person: str) -> None:
    page = context.new_page()
    page.goto("/accounts/login/")
    page.fill("#id_login", person)
    page.fill("#id_password", "demo")
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(lambda url: "login" not in url)
    page.close()


@pytest.mark.skipif(
    os.environ.get("DATABASE_URL", "").startswith("postgres"), reason="pages look the same on any database"
)
def test_every_page_is_accessible_fits_a_phone_and_keeps_to_its_policy(contexts) -> None:
    looked = Looked()
    for person in PEOPLE:
        walk(contexts[person], person, looked)
    assert looked.faults == []
    pages = {view for view, _ in ROUTES if view.startswith("portal.web.")}
    unseen = sorted(pages - set(looked.views) - set(NO_PAGES))
    assert unseen == [], "no link leads there, or it is no page: say so in NO_PAGES"


def walk(contexts: list[BrowserContext], person: str, looked: Looked) -> None:
    """Follow links from home; of every view the first address is looked at.

    A view that was looked at is opened again where a walk starts, for where it leads this person, and nowhere else.
    """
    waiting, tried = list(STARTS), set()
    for address in STARTS:
        waiting += links_of(contexts[0], address)
    for address in waiting:
        view = view_at(address)
        if view is None or view in NO_PAGES or view in looked.views or (view, person) in tried:
            continue
        tried.add((view, person))
        waiting += look(contexts, address, view, looked)


def view_at(address: str) -> str | None:
    """The page of ours that an address shows; None for what is not ours, such as the API's own pages."""
    try:
        view = name_of(view_of(resolve(urlsplit(address).path).func))
    except Resolver404:
        return None
    return view if view.startswith("portal.web.") else None


def links_of(context: BrowserContext, address: str) -> list[str]:
    """Where a page leads whose like was looked at already."""
    page = context.new_page()
    page.goto(address)
    found = links(page)
    page.close()
    return found


def links(page: Page) -> list[str]:
    found = page.eval_on_selector_all("a[href]", "links => links.map(a => a.getAttribute('href'))")
    return [link for link in found if link.startswith("/")]


def look(contexts: list[BrowserContext], address: str, view: str, looked: Looked) -> list[str]:
    """Open a page in every look; its links."""
    found: list[str] = []
    for context, theme in zip(contexts, LOOKS, strict=True):
        page = context.new_page()
        said: list[str] = []
        page.on("console", lambda m, said=said: said.append(m.text) if "Security Policy" in m.text else None)
        page.on("pageerror", lambda e, said=said: said.append(str(e)))
        answer = page.goto(address)
        if answer is None or answer.status != 200:
            if answer is None or answer.status >= 500:
                looked.faults.append(f"{address} ({view}, {theme}): {answer and answer.status}")
            page.close()
            return []
        page.wait_for_load_state("load")
        page.wait_for_timeout(250)
        looked.views.setdefault(view, address)
        where = f"{address} ({view}, {theme})"
        looked.faults += [f"{where}: {text}" for text in said]
        looked.faults += [f"{where}: {fault}" for fault in [*unreadable(page), *too_wide(page)]]
        keep_picture(page, view, theme)
        found = links(page)
        page.close()
    return found


def unreadable(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{v['id']}: {v['help']}: {v['nodes'][0]['html'][:160]}" for v in found if v["impact"] in SERIOUS]


def too_wide(page: Page) -> list[str]:
    """Tables and code scroll inside their boxes; the page itself never sideways."""
    wide, has = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    return [f"scrolls sideways: {wide} of {has} px"] if wide > has + 1 else []


def keep_picture(page: Page, view: str, theme: str) -> None:
    if folder := os.environ.get("PAGE_PICTURES"):
        name = re.sub(r"\W+", "-", view.removeprefix("portal.web."))
        page.screenshot(path=Path(folder) / f"{name}-{theme}.png", full_page=True)
