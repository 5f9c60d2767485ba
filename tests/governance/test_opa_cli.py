"""The limited process: what is wrong is said with line and column, what is hostile is stopped."""

from __future__ import annotations

import time

import pytest

from governance.engines import limited, opa_cli
from governance.errors import Busy

pytestmark = pytest.mark.opa
FINE = 'package p\n\ndeny contains "x" if input.a == 1\n'


def test_a_good_module_has_no_problems() -> None:
    assert opa_cli.check(FINE) == []


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("package p\nx :=\n", 3, "unexpected"),
        ("package p\nx if {\n\ty := 1\n}\n", 3, "unused"),
        ("package p\nx := missing(1)\n", 2, "undefined function"),
        ('package p\nx := http.send({"url": "http://a", "method": "get"})\n', 2, "not available"),
        ("package p\nx := opa.runtime()\n", 2, "not available"),
        ("package p\nx := time.now_ns()\n", 2, "input.metadata.timestamp"),
        ('package p\nx := net.lookup_ip_addr("a")\n', 2, "not available"),
        ('package p\nx := rand.intn("a", 3)\n', 2, "not available"),
    ],
)
def test_a_problem_has_its_line_and_says_what_to_do(text: str, line: int, says: str) -> None:
    problems = opa_cli.check(text)
    assert problems
    assert problems[0].line == line
    assert says in problems[0].message


def test_documents_are_decided_in_their_order() -> None:
    assert opa_cli.evaluate(FINE, [{"a": 1}, {"a": 2}, [1], None]) == [{"x"}, set(), set(), set()]


@pytest.mark.parametrize(
    ("deny", "messages"),
    [("deny := true", {"denied"}), ("deny := false", set()), ('deny := "no"', {"no"}),
     ('deny contains {"msg": "m"}', {"m"}), ("other := 1", set())],
)  # fmt: skip
def test_every_shape_of_deny_becomes_messages(deny: str, messages: set[str]) -> None:
    assert opa_cli.evaluate(f"package p\n\n{deny}\n", [{}]) == [messages]


@pytest.mark.parametrize(
    "body",
    [
        "count([1 | some i in numbers.range(1, 100000); some j in numbers.range(1, 100000)]) > 1",
        "count(numbers.range(1, 100000000)) > 1",
        'count(concat("", [t | some i in numbers.range(1, 9000000); t := "aaaaaaaaaaaaaaaaaaaa"])) > 1',
    ],
)
def test_a_hostile_draft_is_stopped_by_the_processor_time_it_takes(body: str) -> None:
    with pytest.raises(opa_cli.DidNotFinish, match=r"did not finish in 2 s|more than 512 MB"):
        opa_cli.evaluate(f'package p\n\ndeny contains "x" if {body}\n', [{}])


def test_where_somebody_waits_the_clock_stops_it_as_well() -> None:
    """On a busy machine it has not used its two seconds of processor time by then."""
    started = time.monotonic()
    body = "count([1 | some i in numbers.range(1, 100000); some j in numbers.range(1, 100000)]) > 1"
    with limited.answering("ann", wall_s=2), pytest.raises((opa_cli.DidNotFinish, Busy)):
        opa_cli.evaluate(f'package p\n\ndeny contains "x" if {body}\n', [{}])
    assert time.monotonic() - started < 4


def test_v0_becomes_v1() -> None:
    assert opa_cli.modernise('package p\ndeny[msg] { input.x == 1; msg := "a" }\n') == (
        'package p\n\ndeny contains msg if {\n\tinput.x == 1\n\tmsg := "a"\n}\n',
        True,
    )
    assert opa_cli.modernise(f"{FINE}\n") == (FINE, False)


def test_tests_tell_what_they_reach() -> None:
    tests = 'package p_test\n\nimport data.p\n\ntest_it if p.deny with input as {"a": 1}\n'
    run = opa_cli.run_tests({"p.rego": FINE, "p_test.rego": tests})
    assert run.ok
    assert run.covered["p.rego"] == [3]
