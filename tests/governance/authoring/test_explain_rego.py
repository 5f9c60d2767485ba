"""Hand-written Rego in English: golden sentences, every shipped policy, and nothing guessed."""

from __future__ import annotations

import pytest

from governance.authoring.compile import library_source
from governance.authoring.explain import Sentence, explain_rego
from governance.authoring.explaining import words
from governance.engines import opa_cli
from governance.starters import FOLDER
from tests.conftest import SHARED_EXAM

pytestmark = pytest.mark.opa

# What the module says → what the last rule is said as.
GOLDEN = {
    "comparison and negation": (
        """deny contains msg if {
	input.pipeline.name == "x"
	not startswith(input.pipeline.identifier, "team_")
	msg := "no"
}""",
        'It refuses, saying "no", when input.pipeline.name is "x"; and input.pipeline.identifier does not'
        ' start with "team_", or that is missing.',
    ),
    "some with its place, and a text that is made": (
        """deny contains msg if {
	some i, entry in input.pipeline.stages
	entry.stage.type != "CI"
	msg := sprintf("stage %d '%s' is no CI, 100%%", [i, entry.stage.name])
}""",
        "It refuses, saying “stage ‹i› '‹entry.stage.name›' is no CI, 100%”, when for some entry in"
        ' input.pipeline.stages, at i; and entry.stage.type is something other than "CI".',
    ),
    "a structured refusal": (
        """deny contains violation if {
	count(input.pipeline.stages) > 8
	violation := {"msg": "too long", "path": "pipeline.stages", "fix": "Split it.", "code": "long"}
}""",
        'It refuses, saying "too long", at "pipeline.stages", with the advice "Split it.", code "long", when the'
        " number of input.pipeline.stages is more than 8.",
    ),
    "every": (
        """deny contains "all" if {
	every s in input.pipeline.stages { s.stage.type == "CI"; not s.stage.when }
}""",
        'It refuses, saying "all", when for every s in input.pipeline.stages: s.stage.type is "CI", and'
        " s.stage.when is missing or false.",
    ),
    "walk": (
        """deny contains "deep" if {
	walk(input, [path, node])
	path[count(path) - 1] == "step"
	node.type in {"Run", "ShellScript"}
}""",
        'It refuses, saying "deep", when node is anything inside input, at any depth (path says where); and the last'
        ' of path is "step"; and node.type is one of "Run" or "ShellScript".',
    ),
    "comprehension and count": (
        """deny contains "many" if count({s | some s in input.pipeline.stages; s.stage.type == "CI"}) == 0""",
        'It refuses, saying "many", when the set of s such that for some s in input.pipeline.stages, and s.stage.type'
        ' is "CI" is empty.',
    ),
    "object.get with a path": (
        """deny contains "none" if object.get(input, ["pipeline", "tags", "team"], "") == \"\"""",
        'It refuses, saying "none", when input.pipeline.tags.team (or "" where it is missing) is "".',
    ),
    "patterns": (
        """deny contains "odd" if {
	not regex.match(`^[a-z]+$`, input.pipeline.name)
	glob.match("prod-*", [], input.pipeline.identifier)
}""",
        'It refuses, saying "odd", when input.pipeline.name does not match the pattern "^[a-z]+$", or that is missing;'
        ' and input.pipeline.identifier matches the glob "prod-*".',
    ),
    "versions": (
        """deny contains "old" if semver.compare(input.template.versionLabel, "2.0.0") < 0""",
        'It refuses, saying "old", when version input.template.versionLabel is before version "2.0.0".',
    ),
    "times": (
        """deny contains "friday" if {
	now := input.metadata.timestamp * 1000000000
	time.weekday([now, "Europe/Oslo"]) == "Friday"
	[hour, _, _] := time.clock(now)
	hour >= 16
}""",
        'It refuses, saying "friday", when now is input.metadata.timestamp × 1000000000; and the weekday of now in the'
        ' time zone "Europe/Oslo" is "Friday"; and (hour, anything, anything) is the hour, minute and second of now;'
        " and hour is at least 16.",
    ),
    "a function with other branches": (
        """level(x) := "high" if x > 5

else := "middle" if x > 2

else := "low\"""",
        'level(x) is "high" when x is more than 5. Otherwise it is "middle" when x is more than 2. Otherwise it is "low".',
    ),
    "a set of the module, and calls into it": (
        """deny contains msg if some msg in problems

problems contains "p" if not fine(input.pipeline)

fine(p) if p.tags""",
        "fine(p) holds when p.tags is given and not false.",
    ),
    "a value, and what it is without any rule": (
        """default strict := false""",
        "Where nothing else says so, strict is false.",
    ),
    "what input is replaced by": (
        """deny contains "w" if data.pipeline.fine with input as {"a": 1}

fine if input.a""",
        "fine holds when input.a is given and not false.",
    ),
    "any of a list, the old way": (
        """deny contains "v" if input.pipeline.stages[_].stage.spec.steps[i].name == "bad\"""",
        'It refuses, saying "v", when input.pipeline.stages[any].stage.spec.steps[i].name is "bad".',
    ),
    "a map": (
        """by_name[s.name] := s if some s in input.list""",
        "by_name[s.name] is s when for some s in input.list.",
    ),
}


def said(text: str) -> list[Sentence]:
    return explain_rego(opa_cli.parse(f"package pipeline\n\n{text}\n"))


@pytest.mark.parametrize(("text", "english"), GOLDEN.values(), ids=GOLDEN)
def test_a_shape_is_said_in_these_words(text: str, english: str) -> None:
    sentences = said(text)
    assert sentences[-1].text == english
    assert all(s.understood for s in sentences)


def test_what_has_no_words_is_named_with_its_line_and_never_guessed() -> None:
    sentence = said("""deny contains "h" if {
	input.pipeline.name
	crypto.sha256(input.pipeline.name) != "abc"
}""")[-1]
    assert not sentence.understood
    assert "I cannot explain: crypto.sha256 in line 5" in sentence.text
    assert sentence.unclear == (5,)
    assert [p.understood for p in sentence.parts] == [True, False]


def test_each_condition_has_its_own_lines_and_a_rule_all_of_them() -> None:
    sentence = said("""deny contains msg if {
	some stage in input.pipeline.stages
	stage.kind in {
		"a",
		"b",
	}
	msg := "no"
}""")[-1]
    assert sentence.lines == tuple(range(3, 11))
    assert [p.lines for p in sentence.parts] == [(4,), (5, 6, 7, 8)]


def test_an_import_under_another_name_is_said_by_what_it_stands_for() -> None:
    sentence = said("import input.pipeline as p\nimport data.portal.lib as l\n\n"
                    'deny contains "x" if { p.name; some s in l.production }')[-1]  # fmt: skip
    assert "input.pipeline.name is given" in sentence.text
    assert "the stages that deploy to production" in sentence.text


def test_a_second_rule_of_a_name_says_that_it_comes_on_top() -> None:
    first, second = said('deny contains "a" if input.a\n\ndeny contains "b" if input.b')[1:]
    assert first.text.startswith("It refuses")
    assert second.text.startswith("It also refuses")


def test_every_name_of_the_shared_library_has_words() -> None:
    names = {
        r["head"].get("name") or r["head"]["ref"][0]["value"]
        for r in opa_cli.parse(library_source())["rules"]
    }
    said_names = set(words.LIBRARY_SETS) | set(words.LIBRARY_CALLS) | set(words.LIBRARY_TESTS)
    assert names - said_names == set()


SHIPPED = sorted(FOLDER.glob("*/policy.rego"))


@pytest.mark.parametrize("file", SHIPPED, ids=lambda f: f.parent.name)
def test_every_starter_policy_is_explained_completely(file) -> None:
    check_complete(file.read_text())


@pytest.mark.skipif(not SHARED_EXAM.is_dir(), reason="the exam's references are not here")
def test_every_reference_of_the_exam_is_explained_completely() -> None:
    files = sorted((SHARED_EXAM / "policies_reference").glob("*.rego"))
    assert files
    for file in files:
        check_complete(file.read_text())


def check_complete(text: str) -> None:
    """Everything is understood, and every line of a rule belongs to its sentence."""
    sentences = explain_rego(opa_cli.parse(text))
    assert [s.text for s in sentences if not s.understood] == []
    spoken = {n for s in sentences for n in s.lines}
    rows = [r.strip() for r in text.splitlines()]
    silent = [
        n for n, row in enumerate(rows, start=1)
        if row and not row.startswith(("#", "import ")) and n not in spoken
    ]  # fmt: skip
    assert silent == []
