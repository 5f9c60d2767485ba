"""Takes the README's pictures from a running demo: `make pictures`, with the portal started by `make run`.

deploy/pictures.py [http://127.0.0.1:8000] [folder]
"""

from __future__ import annotations

import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parent))

import system
from machine import ROOT, is_root

PASSWORD = "demo"  # noqa: S105  of the demo's people, who exist nowhere else
# picture → who looks, at which page, and the link they follow there ("" = none)
PICTURES = {
    "home": ("eli", "/s/halden.freight/", ""),
    "catalogue": ("dana", "/s/halden.freight.tracking/catalogue/", ""),
    "review": ("eli", "/s/halden.freight/", "Review policy"),
    "audit": ("cora", "/s/halden/audit/", "Refused"),
}
SIZE = {"width": 1360, "height": 860}


def take(address: str, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        sandbox = ["--no-sandbox"] if is_root() else []
        browser = playwright.chromium.launch(executable_path=system.find_browser(), args=sandbox)
        for name, (person, path, link) in PICTURES.items():
            page = browser.new_context(viewport=SIZE, color_scheme="light").new_page()  # type: ignore[arg-type]
            sign_in(page, address, person)
            answer = page.goto(address + path, wait_until="networkidle")
            if answer is None or answer.status != 200:
                raise SystemExit(
                    f"{path} answers {answer.status if answer else 'nothing'}; is the demo's data complete?"
                )
            if link:
                page.get_by_role("link", name=link).first.click()
                page.wait_for_load_state("networkidle")
            page.screenshot(path=folder / f"{name}.png")
            page.context.close()
            print(folder / f"{name}.png")
        browser.close()


def sign_in(page: Page, address: str, person: str) -> None:
    page.goto(f"{address}/accounts/login/")
    page.get_by_label("User name").fill(person)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_load_state("networkidle")


if __name__ == "__main__":
    given = sys.argv[1:]
    take(
        (given or ["http://127.0.0.1:8000"])[0].rstrip("/"),
        Path(given[1]) if given[1:] else ROOT / "docs" / "pictures",
    )
