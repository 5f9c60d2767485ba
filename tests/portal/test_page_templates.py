"""Rules every template keeps: nothing inline, fragments that stand alone, plain words."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.template.loader import get_template
from django.test import RequestFactory

from portal.web import code

FOLDER = Path(__file__).resolve().parents[2] / "portal" / "templates"
TEMPLATES = sorted(FOLDER.rglob("*.html"))
# These say something about the signed-in person, so they are only ever part of a page.
OF_A_PAGE = {"_bar.html", "_theme.html"}
FRAGMENTS = sorted(f for f in (FOLDER / "web" / "parts").glob("_*.html") if f.name not in OF_A_PAGE)


@pytest.mark.parametrize("file", TEMPLATES, ids=lambda f: str(f.relative_to(FOLDER)))
def test_a_template_has_nothing_the_content_policy_forbids(file):
    text = file.read_text(encoding="utf-8")
    assert not re.search(r"\sstyle\s*=", text)
    assert not re.search(r"\s(on[a-z]+|hx-on[^=\s]*)\s*=", text)
    assert "js:" not in text
    for tag in re.findall(r"<script[^>]*>", text):
        assert "src=" in tag


@pytest.mark.parametrize("file", TEMPLATES, ids=lambda f: str(f.relative_to(FOLDER)))
def test_a_template_shows_nothing_unescaped(file):
    assert "|safe" not in file.read_text(encoding="utf-8")


@pytest.mark.parametrize("file", TEMPLATES, ids=lambda f: str(f.relative_to(FOLDER)))
def test_words_are_plain(file):
    text = file.read_text(encoding="utf-8").lower()
    for word in ("oops", "successfully", "please "):
        assert word not in text


@pytest.mark.parametrize("file", FRAGMENTS, ids=lambda f: f.name)
def test_a_fragment_renders_alone(file, db):
    get_template(f"web/parts/{file.name}").render({}, RequestFactory().get("/"))


def test_a_listing_escapes_what_it_shows():
    rows = code.lines('name: "<script>alert(1)</script>" # <b>')
    assert "<script>" not in rows[0].html
    assert "&lt;script&gt;" in rows[0].html


def test_a_finding_colours_its_line_and_stands_below_it():
    finding = code.Finding("error", "Blocked.", "No.", 2)
    rows = code.lines("a: 1\nb: 2\n", findings=[finding])
    assert [r.kind for r in rows] == ["", "err"]
    assert rows[1].findings == (finding,)


def test_a_comparison_counts_and_folds():
    before = "\n".join(f"line {n}" for n in range(40))
    after = before.replace("line 20", "line twenty")
    found = code.compare(before, after)
    assert (found.added, found.removed) == (1, 1)
    assert [r.kind for r in found.rows].count("fold") == 2
    assert len(found.pairs) == 40


def test_a_comparison_with_nothing_before_is_all_added():
    found = code.compare("", "a: 1\nb: 2\n")
    assert (found.added, found.removed) == (2, 0)
