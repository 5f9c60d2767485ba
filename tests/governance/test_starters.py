"""Starter policies: what is in the folders is what their rules say, tested to the last line."""

from __future__ import annotations

import json

import pytest

from governance import policy_reports
from governance.authoring import checks
from governance.authoring.compile import library_source
from governance.authoring.judge import judge
from governance.engines import opa_checks, opa_cli
from governance.starters import FOLDER, PACKS, Starter, files_of, read, starters

EVERY = list(starters())


def test_there_are_at_least_forty_in_all_packs() -> None:
    assert len(EVERY) >= 40
    assert {starter.pack for starter in EVERY} == set(PACKS)


@pytest.mark.opa
@pytest.mark.parametrize("starter", EVERY, ids=lambda starter: starter.identifier)
def test_the_folder_holds_what_the_rule_says(starter: Starter) -> None:
    folder = FOLDER / starter.identifier
    made = files_of(starter)
    assert {name: (folder / name).read_text() for name in made} == made


@pytest.mark.parametrize("starter", EVERY, ids=lambda starter: starter.identifier)
def test_its_cases_notice_changes_and_nothing_evades_it(starter: Starter) -> None:
    cases = starter.cases()
    score, survivors = checks.rule_mutation_score(starter.rule, cases)
    assert score >= 0.9, [survivor.what for survivor in survivors]
    documents = [case.document for case in cases]
    assert checks.evasions(lambda d: [bool(judge(starter.rule, x)) for x in d], documents) == []
    assert checks.impossible_tests(starter.rule) == []
    assert all(clause.fix and clause.code for clause in starter.rule.clauses)


@pytest.mark.opa
@pytest.mark.parametrize("starter", EVERY, ids=lambda starter: starter.identifier)
def test_every_check_that_people_see_finds_nothing_in_it(starter: Starter) -> None:
    """What adopting gives, checked as the product checks it; what lies in the folder, as if written by hand."""
    entity, rule = starter.rule.entity, starter.rule.model_dump(mode="json")
    seen = policy_reports.make(opa_cli.fmt(starter.rego), entity, cases=starter.cases(), rule=rule)
    assert [f.message for f in seen.findings] == []
    assert (seen.coverage, seen.uncovered) == (1.0, [])
    assert seen.mutation_score is not None
    assert seen.mutation_score >= 0.9
    assert seen.finished
    linked = (FOLDER / starter.identifier / "policy.rego").read_text()
    assert opa_cli.check(linked, others=opa_checks.beside(linked)) == []
    assert checks.never_fires(opa_cli.parse(linked), entity) == []


@pytest.mark.opa
def test_every_line_of_every_starter_is_reached_by_its_tests() -> None:
    modules = {"library.rego": library_source()}
    for starter in EVERY:
        for name in ("policy.rego", "policy_test.rego"):
            modules[f"{starter.identifier}_{name}"] = (FOLDER / starter.identifier / name).read_text()
    run = opa_cli.run_tests(modules, limits=opa_cli.BULK)
    assert run.failed == []
    assert len(run.passed) > 4 * len(EVERY)
    missed = {name: lines for name, lines in run.uncovered.items() if name.endswith("policy.rego") and lines}
    assert missed == {}


def test_a_folder_with_an_unknown_pack_is_named(tmp_path) -> None:
    given = json.loads((FOLDER / EVERY[0].identifier / "policy.json").read_text())
    (tmp_path / "odd").mkdir()
    (tmp_path / "odd" / "policy.json").write_text(json.dumps({**given, "pack": "misc"}))
    with pytest.raises(ValueError, match="odd: there is no pack 'misc'"):
        read(tmp_path / "odd")
