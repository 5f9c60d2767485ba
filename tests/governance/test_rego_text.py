"""Moving a policy's text into the bundle changes its package and its own references, and nothing else."""

from __future__ import annotations

import pytest

from governance import rego_text
from governance.engines import opa_cli

pytestmark = pytest.mark.opa

TEXT = """# data.pipeline in a comment stays, é too
package pipeline

import data.portal.lib
import data.pipeline.helper as h

deny contains msg if {
	some stage in data["pipeline"].stages
	h(stage)
	msg := sprintf("é data.pipeline.x %v", [data.pipeline.name])
}

stages := input.pipeline.stages

name := "n"

helper(stage) if stage.bad
"""


def test_the_moved_text_decides_as_the_stored_one() -> None:
    moved = rego_text.nest(TEXT, "acme/shop/rule", "d1")
    library = {"library.rego": "package portal.lib\n"}
    documents = [{"pipeline": {"stages": [{"bad": True}]}}, {"pipeline": {"stages": []}}]
    kept = TEXT.replace("import data.portal.lib\n", "")
    assert opa_cli.check(moved, others=library, strict=False) == []
    assert opa_cli.evaluate(moved, documents, others=library) == opa_cli.evaluate(kept, documents)
    assert opa_cli.evaluate_rule(moved, "meta", [{}], others=library) == [{"digest": "d1"}]


def test_comments_and_texts_stay_as_they_are() -> None:
    moved = rego_text.nest(TEXT, "acme/rule", "d1")
    assert "# data.pipeline in a comment stays, é too" in moved
    assert '"é data.pipeline.x %v", [data.policies["acme/rule"].name]' in moved
    assert 'some stage in data.policies["acme/rule"].stages' in moved


def test_an_import_of_the_own_package_keeps_its_name() -> None:
    text = "package a.b\n\nimport data.a.b\n\ndeny contains b.x\n\nx := 1\n"
    moved = rego_text.nest(text, "acme/rule", "d")
    assert 'import data.policies["acme/rule"] as b' in moved
    assert opa_cli.check(moved, strict=False) == []


def test_an_id_cannot_break_out_of_its_package() -> None:
    moved = rego_text.nest('package a\n\ndeny contains "x" if input.y\n', 'x"] #', "d")
    assert opa_cli.package_of(moved) == ("policies", 'x"] #')


@pytest.mark.parametrize(
    "body",
    [
        'deny contains "x" if data.other.y',
        'deny contains "x" if data[input.name]',
        'deny contains "x" if data.portal.sets',
        'deny contains "x" if data.system.authz.allow',
        'deny contains "x" if walk(data, _)',
        'deny contains "x" if {\n\td := data\n\td.other\n}',
        'deny contains "x" if y with data.portal.sets as {}\n\ny if input.z',
    ],
)
def test_other_data_is_refused_however_it_is_reached(body: str) -> None:
    found = rego_text.problems(opa_cli.parse(f"package a\n\n{body}\n"))
    assert any("may read its own package" in p.message for p in found)
    assert found[0].line > 0
