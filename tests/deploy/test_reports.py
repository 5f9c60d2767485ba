"""A test that no run executed is found, whatever the reason it gave."""

from __future__ import annotations

from pathlib import Path

from reports import never_ran

RAN = '<testcase classname="a" name="ran"/>'
SKIPPED = '<testcase classname="a" name="{}"><skipped type="pytest.skip" message="why"/></testcase>'
XFAIL = '<testcase classname="a" name="known"><skipped type="pytest.xfail" message="later"/></testcase>'


def report(folder: Path, name: str, *cases: str) -> Path:
    file = folder / name
    file.write_text(f"<testsuites><testsuite>{''.join(cases)}</testsuite></testsuites>")
    return file


def test_a_test_that_ran_on_one_database_has_run(tmp_path: Path) -> None:
    first = report(tmp_path, "1.xml", RAN)
    second = report(tmp_path, "2.xml", SKIPPED.format("ran"))
    assert never_ran([first, second]) == []


def test_a_test_skipped_on_both_is_named_with_its_reason(tmp_path: Path) -> None:
    reports = [report(tmp_path, f"{n}.xml", RAN, SKIPPED.format("lost")) for n in (1, 2)]
    assert never_ran(reports) == [("a.lost", "why")]


def test_an_expected_failure_did_run(tmp_path: Path) -> None:
    assert never_ran([report(tmp_path, "1.xml", XFAIL)]) == []


def test_a_run_that_broke_before_its_report_hides_nothing(tmp_path: Path) -> None:
    assert never_ran([tmp_path / "missing.xml", report(tmp_path, "1.xml", SKIPPED.format("lost"))])
