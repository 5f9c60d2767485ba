"""The front door: YAML 1.2 and JSON in, values and places out, and nothing hostile gets far."""

import time

import pytest

from templates_catalog.documents import paths
from templates_catalog.documents.parse import DocumentError, count_nodes, located, read
from templates_catalog.documents.problems import Problem

HOSTILE = {
    "nested brackets": ("[" * 400_000, "deeper than 32"),
    "nested braces": ('{"a":' * 80_000, "deeper than 32"),
    "nested dashes": ("- " * 200_000, "deeper than 32"),
    "nested complex keys": ("? " * 200_000, "a key must be plain text"),
    "alias bomb": ("a: &a [x,x]\nb: &b [*a,*a]\nc: [*b,*b]", "anchor"),
    "alias": ("a: 1\nb: *a", "alias"),
    "too many values": ("a: [" + "1," * 200_000 + "]", "50,000"),
    "too large": ("a: " + "x" * 512_001, "at most 512 kB"),
    "huge integer": ("a: " + "9" * 400_000, "2^53"),
    "huge float": ("a: 1e999", "2^53"),
    "just above 2^53": ("a: 9007199254740993", "2^53"),
    "infinity": ("a: .inf", "not a number"),
    "not a number": ("a: .NaN", "not a number"),
    "merge key": ("a: {<<: {b: 1}}", "merge key"),
    "tag": ("a: !!python/object/apply:os.system ['x']", "tag"),
    "string tag": ("a: !!str 1", "tag"),
    "directive": ("%YAML 1.1\n---\na: 1", "directives"),
    "two documents": ("a: 1\n---\nb: 2", "second document"),
    "tab": ("a:\n\tb: 1", "tab"),
    "control character": ("a: \0", "control character"),
    "lone surrogate": ("a: \ud800", "surrogate"),
    "list key": ("? [a]\n: b", "a key must be plain text"),
    "missing key": ("? \n: 1", "key is missing"),
    "empty": ("", "empty"),
    "only a comment": ("# hello\n", "empty"),
    "a list": ("- a", "must be a mapping"),
    "a word": ("hello", "must be a mapping"),
    "unfinished quote": ('a: "' + "x" * 400_000, "end of stream"),
    "many lone words": ("a\n" * 200_000, "must be a mapping"),
    "many anchors": ("&a " * 100_000, "anchor"),
    "commas": ("[" + "," * 400_000, "not valid"),
}


def slowness() -> float:
    """How much slower than usual this machine counts right now; 1 when it is idle."""
    start = time.process_time()
    total = 0
    for number in range(300_000):
        total += number
    return max(1.0, (time.process_time() - start) / 0.012)


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_is_refused_with_a_reason_and_quickly(name):
    text, expected = HOSTILE[name]
    # Only this one is refused late: the first 50,000 values are as good as any document's.
    allowed_ms = (1_000 if name == "too many values" else 500) * slowness()
    best_ms = 1e9
    for _ in range(8):
        start = time.process_time()
        with pytest.raises(DocumentError) as refused:
            read(text)
        best_ms = min(best_ms, (time.process_time() - start) * 1000)
        if best_ms <= allowed_ms:
            break
    assert any(expected in problem.message for problem in refused.value.problems)
    assert best_ms <= allowed_ms


def test_plain_scalars_follow_yaml_1_2():
    text = (
        "on: no\nyes: y\na: 1_0\nb: 010\nc: 0o10\nd: 0x1F\ne: 2026-01-01\nf: 12:30:00\ng: ~\nh: True\ni: 1.50"
    )
    assert read(text).value == {
        "on": "no", "yes": "y", "a": "1_0", "b": 10, "c": 8, "d": 31, "e": "2026-01-01",
        "f": "12:30:00", "g": None, "h": True, "i": 1.5,
    }  # fmt: skip


def test_quoted_scalars_stay_text():
    assert read("a: '1'\nb: \"true\"\nc: ''").value == {"a": "1", "b": "true", "c": ""}


def test_json_is_read_with_tabs_and_surrogate_pairs():
    text = '{"a":"\\ud83d\\ude00","b":[1,2.5,true,null],\n\t"c":{"d":"x"}}'
    assert read(text).value == {"a": "😀", "b": [1, 2.5, True, None], "c": {"d": "x"}}


def test_a_byte_order_mark_is_not_part_of_the_document():
    assert read("\ufeffa: 1").value == {"a": 1}


def test_keys_and_items_have_positions():
    parsed = read("pipeline:\n  stages:\n    - stage:\n        name: x\n    - {a: 1}\n")
    assert parsed.positions["pipeline"] == (1, 1)
    assert parsed.positions["pipeline.stages[0].stage.name"] == (4, 9)
    assert parsed.positions["pipeline.stages[1]"] == (5, 7)
    assert "pipeline.stages[2]" not in parsed.positions
    assert set(parsed.positions) >= {"pipeline.stages", "pipeline.stages[1].a"}


def test_a_problem_takes_the_place_of_what_holds_it():
    parsed = read("pipeline:\n  stages:\n    - stage:\n        name: x\n")
    (placed,) = located([Problem("missing", "pipeline.stages[0].stage.identifier")], parsed.positions)
    assert (placed.line, placed.column) == (3, 7)


def test_duplicate_keys_name_both_lines_and_the_path():
    with pytest.raises(DocumentError) as refused:
        read("a:\n  b: 1\n  c: 2\n  b: 3\n")
    (problem,) = refused.value.problems
    assert (problem.path, problem.line) == ("a.b", 4)
    assert "first on line 2" in problem.message


def test_several_problems_are_told_at_once():
    with pytest.raises(DocumentError) as refused:
        read("a: .inf\nb: 1\nb: 2\nc: !x 1\n")
    assert len(refused.value.problems) == 3


def test_nodes_are_counted_without_recursion():
    deep: list = []
    for _ in range(100_000):
        deep = [deep]
    assert count_nodes(deep) == 100_001
    assert count_nodes({"a": [1, 2], "b": {"c": 3}}) == 6


@pytest.mark.parametrize("path", ["a.b[0].c", 'a["x.y"][12].z', 'tags["cost-center"]', "cost-center"])
def test_paths_survive_being_taken_apart(path):
    assert paths.to_text(paths.to_parts(path)) in (path, path.replace('["cost-center"]', ".cost-center"))


def test_a_value_is_put_at_a_path():
    document = {"a": [{"b": 1}]}
    paths.put(document, "a[0].c.d", 2)
    assert paths.find(document, "a[0].c.d") == 2
    assert paths.find(document, "a[3].c", "none") == "none"
    with pytest.raises(KeyError):
        paths.put(document, "a[7].c", 2)
