"""Requests about scan results and SBOMs: severities in order, verdicts in short, counts, packages and their licences."""

from __future__ import annotations

import pytest

from tests.generation.asked import documents as d
from tests.governance.authoring.reading.decided import asked, denied


@pytest.mark.parametrize(
    "text",
    [
        "Scans may not have findings with a severity above medium.",
        "Findings of severity high or worse are not allowed.",
        "Block anything rated higher than medium in a security scan.",
        "No vulnerabilities above medium in scan results.",
    ],
)
def test_a_severity_stands_for_those_above_it(text: str) -> None:
    assert denied(text, d.scan([d.issue("High")], HIGH="1"))
    assert denied(text, d.scan([d.issue("Critical")], CRITICAL="1"))
    assert not denied(text, d.scan([d.issue("Medium")], MEDIUM="4"))


@pytest.mark.parametrize(
    "text",
    [
        "more than 3 criticals or more than 9 highs -> fail",
        "More than 3 critical or more than 9 high findings fail the scan.",
    ],
)
def test_each_of_two_numbers_of_findings_fails(text: str) -> None:
    assert denied(text, d.scan([], CRITICAL="4"))
    assert denied(text, d.scan([], HIGH="10"))
    assert not denied(text, d.scan([], CRITICAL="3", HIGH="9"))


def test_so_many_of_two_kinds_of_new_findings_are_asked_about() -> None:
    assert asked("more than 4 new critical or new high findings block the run")
    assert denied("No new critical or new high findings in a scan.", d.scan([], NEW_HIGH="1"))


@pytest.mark.parametrize(
    "text",
    [
        "A scan may report at most 2 high findings and none that are critical.",
        "We tolerate up to 2 high vulnerabilities and no critical ones.",
    ],
)
def test_none_is_a_number_of_findings(text: str) -> None:
    assert denied(text, d.scan([], HIGH="3"))
    assert denied(text, d.scan([], CRITICAL="1"))
    assert not denied(text, d.scan([], HIGH="2"))


def test_a_verdict_on_the_run_behind_its_conditions() -> None:
    text = "If the code coverage is below 70 or there is a critical finding, the pipeline has to stop."
    assert denied(text, d.scan([], CODE_COVERAGE="69"))
    assert denied(text, d.scan([], CODE_COVERAGE="90", CRITICAL="1"))
    assert not denied(text, d.scan([], CODE_COVERAGE="70"))


def test_findings_counted_in_total() -> None:
    text = "Scan results with more than 50 issues in total are rejected."
    assert denied(text, d.scan([], TOTAL="51"))
    assert not denied(text, d.scan([], TOTAL="50"))


def test_new_findings_are_new_to_a_baseline() -> None:
    text = "The scan must not find new high vulnerabilities compared to the baseline."
    assert denied(text, d.scan([], NEW_HIGH="1"))
    assert not denied(text, d.scan([], HIGH="1", NEW_HIGH="0"))


def test_anything_for_a_reference() -> None:
    text = "Reject a scan that found anything for CWE-79."
    assert denied(text, d.scan([d.issue("Low", refs=("CWE-79",))]))
    assert not denied(text, d.scan([d.issue("High", refs=("CWE-80",))]))


def test_those_with_something_else_get_the_same_verdict() -> None:
    text = "SBOM packages without a licence are forbidden, and those under SSPL-1.0 as well."
    assert denied(text, d.bom(("a", "1.0.0", "")))
    assert denied(text, d.bom(("a", "1.0.0", "SSPL-1.0")))
    assert not denied(text, d.bom(("a", "1.0.0", "MIT")))


@pytest.mark.parametrize("text", ["libfoo must be at least 3.0.9", "Nobody may ship libfoo older than 3.0.9"])
def test_what_has_a_name_and_a_version_is_a_package(text: str) -> None:
    assert denied(text, d.bom(("libfoo", "3.0.8", "MIT")))
    assert not denied(text, d.bom(("libfoo", "3.0.10", "MIT"), ("other", "1.0.0", "MIT")))


def test_brackets_say_which_packages_are_meant() -> None:
    text = "A python package (purl begins with pkg:pypi/) must have a licence."
    assert denied(text, [{**d.bom(("a", "1.0.0", ""))[0], "purl": "pkg:pypi/a@1.0.0"}])
    assert not denied(text, d.bom(("a", "1.0.0", "")))


@pytest.mark.parametrize(
    "text",
    [
        "The scan step should fail if more than 12 medium findings are reported.",
        "Don't let a build through when a scan has more than 12 medium findings.",
        "The pipeline must stop when the scan found more than 12 medium issues.",
    ],
)
def test_what_stops_is_the_run_and_what_is_tested_the_result(text: str) -> None:
    assert denied(text, d.scan([], MEDIUM="13"))
    assert not denied(text, d.scan([], MEDIUM="12"))


def test_a_text_that_says_true_or_false_is_no_mere_presence() -> None:
    text = "Only scans with an approved base image may pass."
    assert denied(text, d.scan([], BASE_IMAGE_APPROVED="false"))
    assert not denied(text, d.scan([], BASE_IMAGE_APPROVED="true"))


@pytest.mark.parametrize(
    "text", ["No critical findings in the base image.", "There should be no criticals in the base image."]
)
def test_findings_of_a_layer_are_counted_apart(text: str) -> None:
    assert denied(text, d.scan([], BASE_CRITICAL="1"))
    assert not denied(text, d.scan([], CRITICAL="1", BASE_CRITICAL="0"))


def test_findings_with_a_reference() -> None:
    text = "Findings tagged CWE-200 must never show up in a scan."
    assert denied(text, d.scan([d.issue("Low", refs=("CWE-200",))]))
    assert not denied(text, d.scan([d.issue("Critical", refs=("CWE-201",))]))


def test_none_of_what_a_heading_names_is_allowed() -> None:
    text = "new findings: none allowed, whatever the severity"
    assert denied(text, d.scan([], NEW_TOTAL="1"))
    assert not denied(text, d.scan([], TOTAL="5", NEW_TOTAL="0"))


def test_a_version_number_is_a_version() -> None:
    text = "Every dependency has to have a version number and a license."
    assert not denied(text, d.bom(("a", "1.0.0-beta", "MIT")))
    assert denied(text, d.bom(("a", "", "MIT")))
    assert denied(text, d.bom(("a", "1.0.0", "")))


def test_a_licence_that_is_known_is_any() -> None:
    text = "The licence must be known for all packages except those starting with @halden/"
    assert not denied(text, d.bom(("a", "1.0.0", "MIT"), ("@halden/b", "1.0.0", "")))
    assert denied(text, d.bom(("a", "1.0.0", "NOASSERTION")))


def test_versions_from_one_on_and_up_to_one() -> None:
    text = "lodash is only allowed from 4.17.20 on"
    assert denied(text, d.bom(("lodash", "4.17.19", "MIT")))
    assert not denied(text, d.bom(("lodash", "4.17.20", "MIT")))
    text = "Reject commons-beanutils 3.2.1 and older in SBOMs."
    assert denied(text, d.bom(("commons-beanutils", "3.2.1", "MIT")))
    assert not denied(text, d.bom(("commons-beanutils", "3.2.2", "MIT")))


@pytest.mark.parametrize("text", ["sboms: deny gpl-2.0, gpl-3.0", "No GPL-2.0 or GPL-3.0 in the SBOM."])
def test_a_licence_alone_stands_for_packages_under_it(text: str) -> None:
    assert denied(text, d.bom(("a", "1.0.0", "GPL-3.0")))
    assert not denied(text, d.bom(("gpl-3.0", "1.0.0", "MIT")))


def test_how_often_is_not_what_a_package_is_called() -> None:
    assert asked("There must be no package twice in the SBOM.")


def test_a_plain_word_with_a_version_is_a_package() -> None:
    text = "No jquery below 3.5 and no bootstrap below 4.3.1 in our boms."
    assert denied(text, d.bom(("bootstrap", "4.3.0", "MIT")))
    assert denied(text, d.bom(("jquery", "3.4.9", "MIT")))
    assert not denied(text, d.bom(("bootstrap", "4.3.1", "MIT"), ("jquery", "3.5.0", "MIT")))


def test_a_state_in_front_of_a_list_of_severities_holds_for_all_of_them() -> None:
    text = "Reachable highs or criticals -> block"
    assert denied(text, d.scan([d.issue("Critical", reachability="reachable")], CRITICAL="1"))
    assert denied(text, d.scan([d.issue("High", reachability="reachable")], HIGH="1"))
    assert not denied(text, d.scan([d.issue("Critical"), d.issue("High")], CRITICAL="1", HIGH="1"))


def test_a_bound_of_its_own_is_not_turned_round_by_a_not_in_front() -> None:
    text = "A scan must not report any critical vulnerabilities and no more than 8 high ones."
    assert denied(text, d.scan([], CRITICAL="1"))
    assert denied(text, d.scan([], HIGH="9"))
    assert not denied(text, d.scan([], HIGH="8"))


def test_findings_by_their_title() -> None:
    text = 'Deny scan results containing an issue titled "Hardcoded key".'
    assert denied(text, d.scan([d.issue("Low", title="Hardcoded key")]))
    assert not denied(text, d.scan([d.issue("Critical", title="Another")]))


@pytest.mark.parametrize(
    "text",
    [
        "A scan must not have a critical or high vulnerability except CVE-2022-0777.",
        "No critical or high findings except for the ones with the reference CVE-2022-0777.",
    ],
)
def test_an_excepted_reference_spares_each_of_the_severities(text: str) -> None:
    spared = ("CVE-2022-0777",)
    assert denied(text, d.scan([d.issue("Critical")], CRITICAL="1"))
    assert denied(text, d.scan([d.issue("High")], HIGH="1"))
    assert not denied(text, d.scan([d.issue("Critical", refs=spared)], CRITICAL="1"))


def test_two_fields_of_one_thing_hold_at_once() -> None:
    text = "Issues that are critical and reachable are forbidden."
    assert denied(text, d.scan([d.issue("Critical", reachability="reachable")], CRITICAL="1"))
    assert not denied(
        text, d.scan([d.issue("Critical"), d.issue("Low", reachability="reachable")], CRITICAL="1")
    )


@pytest.mark.parametrize(
    ("text", "bad"),
    [
        ("Deny a package if it's from PyPI and has no version.", {"purl": "pkg:pypi/a", "packageVersion": ""}),
        ("The SBOM must not contain anything from the vendor Oracle.", {"packageOriginatorName": "Oracle"}),
        ("A package version must not contain alpha, beta or rc.", {"packageVersion": "2.0.0-rc1"}),
        ("Any package whose supplier is missing has to be rejected, unless it is an npm package.",
         {"packageOriginatorName": "", "purl": "pkg:maven/a"}),
    ],
)  # fmt: skip
def test_packages_by_where_they_come_from(text: str, bad: dict[str, str]) -> None:
    package = {**d.bom(("a", "1.0.0", "MIT"))[0], "packageOriginatorName": "npm"}
    assert not denied(text, [package])
    assert denied(text, [{**package, **bad}])


def test_low_findings_only_are_no_others() -> None:
    text = "The scan may contain low findings only."
    assert denied(text, d.scan([], MEDIUM="1"))
    assert not denied(text, d.scan([], LOW="4"))
    assert not denied(text, d.scan([]))


def test_findings_counted_from_one_severity_up() -> None:
    text = "If more than 2 issues are medium or worse, fail."
    assert denied(text, d.scan([d.issue("Medium"), d.issue("High"), d.issue("Critical")]))
    assert not denied(text, d.scan([d.issue("Medium"), d.issue("High"), d.issue("Low")]))


def test_limits_in_sentences_of_their_own() -> None:
    text = "High findings: at most 2. Critical findings: none."
    assert denied(text, d.scan([], HIGH="3"))
    assert denied(text, d.scan([], CRITICAL="1"))
    assert not denied(text, d.scan([], HIGH="2"))


def test_no_failures_beside_a_coverage() -> None:
    text = "Scan results need a coverage of 70 or more and zero external policy failures."
    good = {"CODE_COVERAGE": "70", "EXTERNAL_POLICY_FAILURES": "0"}
    assert not denied(text, d.scan([], **good))
    assert denied(text, d.scan([], **{**good, "EXTERNAL_POLICY_FAILURES": "1"}))
    assert denied(text, d.scan([], **{**good, "CODE_COVERAGE": "69"}))


def test_exactly_once_is_no_version() -> None:
    assert asked("The SBOM has to list the package halden-base exactly once.")


def test_a_family_of_versions() -> None:
    text = "Refuse an SBOM when any package version is 0.x"
    assert denied(text, d.bom(("a", "0.9.1", "MIT")))
    assert not denied(text, d.bom(("a", "10.0.1", "MIT")))


def test_more_than_so_many_of_each_is_too_many() -> None:
    text = "Don't allow more than 1 new critical and 4 new high findings in a scan."
    assert denied(text, d.scan([], NEW_CRITICAL="2", NEW_HIGH="0"))
    assert denied(text, d.scan([], NEW_CRITICAL="0", NEW_HIGH="5"))
    assert not denied(text, d.scan([], NEW_CRITICAL="1", NEW_HIGH="4"))


@pytest.mark.parametrize(
    ("text", "bad"),
    [("The number of low findings must stay below 200.", "200"), ("APP_CRITICAL must be zero.", "1")],
)
def test_a_result_without_the_number_breaks_no_upper_bound(text: str, bad: str) -> None:
    assert denied(text, d.scan([], LOW=bad, APP_CRITICAL=bad))
    assert not denied(text, [{"name": "output", "outcome": {"outputVariables": {"HIGH": "3"}}}])


def test_what_is_shipped_in_a_version_is_a_package() -> None:
    text = "Don't ship struts2-core before version 2.5.33"
    assert denied(text, d.bom(("struts2-core", "2.5.32", "MIT")))
    assert not denied(text, d.bom(("struts2-core", "2.5.33", "MIT")))


def test_neither_nor_is_both_missing() -> None:
    text = "Reject any SBOM that has a component with neither a version nor a purl."
    bare = {**d.bom(("a", "", "MIT"))[0], "purl": ""}
    assert denied(text, [bare])
    assert not denied(text, [{**bare, "purl": "pkg:npm/a"}])


def test_a_licence_under_a_condition() -> None:
    text = "A package may be licensed under LGPL-3.0 only if it comes from Maven."
    package = d.bom(("a", "1.0.0", "LGPL-3.0"))[0]
    assert denied(text, [package])
    assert not denied(text, [{**package, "purl": "pkg:maven/a"}])


@pytest.mark.parametrize(
    "text",
    [
        "An SBOM with fewer than 2 packages is suspicious, deny it.",
        "SBOMs with fewer than 2 packages are useless, so block them.",
    ],
)
def test_what_is_thought_of_things_stands_in_front_of_the_verdict(text: str) -> None:
    assert denied(text, d.bom(("a", "1.0.0", "MIT")))
    assert not denied(text, d.bom(("a", "1.0.0", "MIT"), ("b", "1.0.0", "MIT")))


def test_as_soon_as_there_are_so_many() -> None:
    text = "Halt the run as soon as a scan has at least one critical vulnerability or ten or more high ones."
    assert denied(text, d.scan([], CRITICAL="1"))
    assert denied(text, d.scan([], HIGH="10"))
    assert not denied(text, d.scan([], HIGH="9"))


def test_otherwise_stop_says_it_again() -> None:
    text = "All issues with severity Critical must have reachability not_reachable, otherwise stop."
    assert denied(text, d.scan([d.issue("Critical")]))
    assert not denied(text, d.scan([d.issue("Critical", reachability="not_reachable"), d.issue("Low")]))


def test_a_field_by_its_short_name_in_brackets() -> None:
    text = "Any finding whose exploit probability (EPSS) is above 0.9 has to stop the build."
    likely = {"details": {"epss": {"score": 0.95}}}
    assert denied(text, d.scan([d.issue("Low", **likely)]))
    assert not denied(text, d.scan([d.issue("Critical")]))


def test_each_package_of_a_list_has_its_own_version() -> None:
    text = "Deny an SBOM when it has openssl 1.1.1 or log4j-core 2.14.1."
    assert denied(text, d.bom(("log4j-core", "2.14.1", "MIT")))
    assert denied(text, d.bom(("openssl", "1.1.1", "MIT")))
    assert not denied(text, d.bom(("openssl", "2.14.1", "MIT")))


def test_new_findings_of_a_severity_are_new() -> None:
    text = "Scans must not contain new findings of severity High or Critical."
    old = d.scan([d.issue("High")], HIGH="1", NEW_HIGH="0", NEW_CRITICAL="0")
    assert not denied(text, old)
    assert denied(text, d.scan([], NEW_HIGH="1"))
    assert denied(text, d.scan([], NEW_CRITICAL="1"))
