"""What a refused person is told to do, from the rule itself."""

from __future__ import annotations

import pytest

from governance.authoring.facts import Facts
from governance.authoring.planner import plan


@pytest.mark.parametrize(
    ("request_text", "fix"),
    [
        ("Services must have an owner tag.", "See that the tag owner of the service is given."),
        (
            "Pipelines may have at most 10 stages.",
            "See that the number of stages, parallel ones too is at most 10.",
        ),
        (
            "Pipeline identifiers must match ^[a-z]{2,30}$.",
            'See that the identifier of the pipeline matches "^[a-z]{2,30}$".',
        ),
        (
            "Pipelines must not have steps of type ShellScript.",
            "See that there is none of the steps at any depth, rollback too where the type of the step is"
            ' "ShellScript".',
        ),
        (
            "ShellScript steps are forbidden.",
            'Take the step out, or see that the type of the step is not "ShellScript".',
        ),
    ],
)
def test_a_draft_says_how_to_mend_what_it_denies(request_text: str, fix: str) -> None:
    drafted = plan(request_text, Facts())
    assert drafted.rule is not None
    assert [clause.fix for clause in drafted.rule.clauses] == [fix]
