"""Requests about freezes, times and who may do what that were once asked about needlessly or read wrongly."""

from __future__ import annotations

from typing import Any

import pytest

from tests.generation.asked import documents as d
from tests.governance.authoring.reading.decided import asked, denied


def production(moment: str, *groups: str) -> Any:
    return d.pipe(d.prod(d.st("K8sRollingDeploy")), m=d.meta(d.at(moment), groups=groups))


@pytest.mark.parametrize(
    "text",
    [
        "Freeze production deployments from 20 December 2026 to 4 January 2027.",
        "Production freeze from 20 December 2026 to 4 January 2027.",
        "There is a production freeze from 20 December 2026 until 4 January 2027.",
        "Code freeze for production from 20 December 2026 to 4 January 2027.",
        "Nothing may be deployed to production from 20 December 2026 to 4 January 2027.",
    ],
)
def test_a_freeze_by_its_name(text: str) -> None:
    assert denied(text, production("2026-12-20T00:00:00Z"))
    assert denied(text, production("2027-01-04T23:59:00Z"))
    assert not denied(text, production("2027-01-05T00:00:00Z"))


@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [
        ("Production deploys only Tue-Thu, 9am to 4pm London time.", "2026-07-07T08:30:00Z", "2026-07-07T15:30:00Z"),
        ("Production deploys only Mon-Fri 9-17 CET.", "2026-01-07T08:30:00Z", "2026-01-07T17:30:00Z"),
        ("Deploy to production only between 9:00 and 17:00 Europe/Berlin.", "2026-01-07T08:30:00Z", "2026-01-07T16:30:00Z"),
    ],
)  # fmt: skip
def test_days_in_short_and_zones_by_their_name(text: str, inside: str, outside: str) -> None:
    assert not denied(text, production(inside))
    assert denied(text, production(outside))


@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [
        ("No production deployments every day between 22:00 and 06:00 UTC.", "2026-01-07T23:00:00Z", "2026-01-07T12:00:00Z"),
        ("No production deployments on the last three days of any month.", "2026-01-29T12:00:00Z", "2026-01-28T12:00:00Z"),
        ("No production deployments on the first two days of a month.", "2026-01-02T12:00:00Z", "2026-01-03T12:00:00Z"),
        ("No production deployments on the 1st and 15th of each month.", "2026-01-15T12:00:00Z", "2026-01-14T12:00:00Z"),
        ("No production deployments between the 28th and the 31st of every month.", "2026-01-31T12:00:00Z", "2026-01-27T12:00:00Z"),
    ],
)  # fmt: skip
def test_days_of_the_month_and_every_day(text: str, inside: str, outside: str) -> None:
    assert denied(text, production(inside))
    assert not denied(text, production(outside))


def test_during_a_month_in_front() -> None:
    text = "During December nobody may deploy to production."
    assert denied(text, production("2026-12-10T12:00:00Z"))
    assert not denied(text, production("2026-11-10T12:00:00Z"))


@pytest.mark.parametrize(
    "text",
    [
        "Block pipeline runs on weekends unless it's the Site Reliability group running them.",
        "Pipelines must not be run on weekends unless they are run by the Site Reliability group.",
    ],
)
def test_who_runs_it_is_an_exception(text: str) -> None:
    assert denied(text, production("2026-01-10T12:00:00Z"))
    assert not denied(text, production("2026-01-10T12:00:00Z", "sre"))


def test_they_are_the_people_the_sentence_is_about() -> None:
    text = "Contractors may not deploy to production unless they are also in Release Managers."
    assert denied(text, production("2026-01-07T12:00:00Z", "contractors"))
    assert not denied(text, production("2026-01-07T12:00:00Z", "contractors", "release_managers"))


@pytest.mark.parametrize("who", ["Whoever triggers a pipeline", "The person who launched the run", "Anyone who starts a deployment"])  # fmt: skip
def test_whoever_starts_it_must_not_approve_it(who: str) -> None:
    own = d.pipe(d.gate("release_managers", block_executor=False))
    assert denied(f"{who} must not be able to approve it.", own)
    assert not denied(f"{who} must not be able to approve it.", d.pipe(d.gate("release_managers")))


def test_a_word_of_an_enumeration_is_a_value() -> None:
    text = "Feature flags must be owned by a team."
    person = [{"id": "u1", "ownerType": "user"}]
    assert denied(text, d.flag(owners=person))
    assert not denied(text, d.flag(owners=[{"id": "t1", "ownerType": "team"}]))


@pytest.mark.parametrize(
    "text",
    [
        "Feature flags may be killed only by the Site Reliability group.",
        "Only members of Site Reliability may kill feature flags.",
    ],
)
def test_who_may_bring_a_flag_into_a_state(text: str) -> None:
    killed = d.flag(status="KILLED")
    assert "metadata" not in killed or killed["metadata"]["userGroups"] == []
    assert denied(text, {**killed, "metadata": d.meta(groups=("contractors",))})
    assert not denied(text, {**killed, "metadata": d.meta(groups=("sre",))})
    assert not denied(text, {**d.flag(status="ACTIVE"), "metadata": d.meta(groups=("contractors",))})


def test_who_must_hold_a_role_does_not_speak_of_projects() -> None:
    text = "Whoever runs a pipeline with a shell script must hold Project Admin or Account Admin."
    script = d.pipe(d.stage("Custom", d.st("ShellScript")), m=d.meta(roles=("_project_viewer",)))
    assert denied(text, script)
    assert not denied(text, {**script, "metadata": d.meta(roles=("_account_admin",))})


@pytest.mark.parametrize(
    "text",
    [
        "Saving templates is for members of Platform Engineering only.",
        "Templates may only be managed by Platform Engineering.",
        "Anyone outside Platform Engineering who saves a template must be stopped.",
    ],
)
def test_what_is_for_somebody_only(text: str) -> None:
    assert denied(text, {**d.template(), "metadata": d.meta(groups=("contractors",))})
    assert not denied(text, {**d.template(), "metadata": d.meta(groups=("platform_engineering",))})


@pytest.mark.parametrize(
    "text",
    ["Neither contractors nor the freight developers may touch secrets.", "Changing secrets is not for contractors or freight_devs."],
)  # fmt: skip
def test_neither_of_two_groups(text: str) -> None:
    for group in ("contractors", "freight_devs"):
        assert denied(text, {**d.secret(), "metadata": d.meta(groups=(group,))})
    assert not denied(text, {**d.secret(), "metadata": d.meta(groups=("sre",))})


def test_what_somebody_may_run_but_not_all_of_it() -> None:
    text = "Freight developers may run pipelines, but not those that deploy to production."
    assert denied(text, production("2026-01-07T12:00:00Z", "freight_devs"))
    assert not denied(text, production("2026-01-07T12:00:00Z", "sre"))
    assert not denied(text, d.pipe(d.ci(d.st("Run")), m=d.meta(groups=("freight_devs",))))


@pytest.mark.parametrize(
    "text",
    [
        "Contractors may not approve production deployments.",
        "No contractor may be an approver anywhere.",
        "External Contractors must not be listed as approvers.",
    ],
)
def test_who_may_not_approve(text: str) -> None:
    assert denied(text, d.pipe(d.gate("contractors"), d.prod(d.st("K8sRollingDeploy"))))
    assert not denied(text, d.pipe(d.gate("release_managers"), d.prod(d.st("K8sRollingDeploy"))))


@pytest.mark.parametrize("said", ["answered", "given", "signed off"])
def test_only_one_group_may_approve(said: str) -> None:
    text = f"Approvals may only be {said} by Release Managers."
    assert denied(text, d.pipe(d.gate("release_managers", "contractors")))
    assert not denied(text, d.pipe(d.gate("release_managers")))


def test_the_approver_is_not_who_started_it() -> None:
    text = "The approver of a production deployment must not be the one who started the pipeline."
    assert denied(text, d.pipe(d.gate("sre", block_executor=False), d.prod(d.st("K8sRollingDeploy"))))
    assert denied(text, d.pipe(d.prod(d.approve("sre", block_executor=False), d.st("K8sRollingDeploy"))))
    assert not denied(text, d.pipe(d.gate("sre"), d.prod(d.st("K8sRollingDeploy"))))


def test_people_of_two_groups_and_addresses() -> None:
    text = "Contractors who are not in Release Managers may not deploy to production."
    assert denied(text, production("2026-01-07T12:00:00Z", "contractors"))
    assert not denied(text, production("2026-01-07T12:00:00Z", "contractors", "release_managers"))
    text = "Deny pipelines run by users whose email doesn't end in @halden.example."
    assert denied(text, d.pipe(d.ci(d.st("Run")), m=d.meta(email="x@elsewhere.example")))
    assert not denied(text, d.pipe(d.ci(d.st("Run"))))


def test_two_different_groups_have_to_approve() -> None:
    text = "Every production deployment has to be approved by two different groups: Release Managers and Security Team."
    assert denied(text, d.pipe(d.gate("release_managers"), d.prod(d.st("K8sRollingDeploy"))))
    assert not denied(
        text, d.pipe(d.gate("release_managers"), d.gate("security_team"), d.prod(d.st("K8sRollingDeploy")))
    )


def test_the_verb_in_front_of_its_subject() -> None:
    text = "Only on the second day of a month may production deployments be run."
    assert not denied(text, production("2026-01-02T12:00:00Z"))
    assert denied(text, production("2026-01-03T12:00:00Z"))


def test_who_is_neither_in_one_nor_in_the_other() -> None:
    text = "A user who is neither in Release Managers nor in Site Reliability must not deploy to production."
    assert denied(text, production("2026-01-02T12:00:00Z", "contractors"))
    assert not denied(text, production("2026-01-02T12:00:00Z", "sre"))


def test_saving_anything_names_no_kind() -> None:
    assert asked("Account Viewers may not save anything.")


@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [
        ("No production deployments from 6pm Friday to 6am Monday.", "2026-01-11T12:00:00Z", "2026-01-09T12:00:00Z"),
        ("No production deployments in Q4.", "2026-10-01T12:00:00Z", "2026-09-30T12:00:00Z"),
        ("No production deployments in December 2026.", "2026-12-01T12:00:00Z", "2027-12-01T12:00:00Z"),
        ("From 1 June 2026 on, nobody may deploy to production.", "2026-06-01T12:00:00Z", "2026-05-31T12:00:00Z"),
        ("Until 31 March 2026 nobody may deploy to production.", "2026-03-31T12:00:00Z", "2026-04-01T12:00:00Z"),
        ("On the last Friday of the month no production deployments.", "2026-01-30T12:00:00Z", "2026-01-23T12:00:00Z"),
        ("On the first Monday of each month no production deployments.", "2026-01-05T12:00:00Z", "2026-01-12T12:00:00Z"),
        ("Deployments to production on sat/sun are a no-go.", "2026-01-11T12:00:00Z", "2026-01-09T12:00:00Z"),
        ("Production freeze: 2026-12-18 through 2027-01-04.", "2027-01-04T12:00:00Z", "2027-01-05T12:00:00Z"),
        ("Between 12:00 and 13:00 UTC nothing must run in production.", "2026-01-05T12:30:00Z", "2026-01-05T13:30:00Z"),
        ("Production deployments are fine any time except on Fridays.", "2026-01-09T12:00:00Z", "2026-01-08T12:00:00Z"),
        ("Deny every run after 8 pm UTC unless the pipeline is tagged nightly.", "2026-01-09T20:00:00Z", "2026-01-09T19:00:00Z"),
    ],
)  # fmt: skip
def test_when_production_is_closed(text: str, inside: str, outside: str) -> None:
    assert denied(text, production(inside))
    assert not denied(text, production(outside))


def test_what_business_hours_are_stands_in_brackets() -> None:
    text = "No production deployments outside business hours (9-18 UTC, Monday to Friday)."
    assert denied(text, production("2026-01-10T12:00:00Z"))
    assert denied(text, production("2026-01-09T19:00:00Z"))
    assert not denied(text, production("2026-01-09T12:00:00Z"))


def test_only_at_a_time_and_by_somebody_asks_for_both() -> None:
    text = "Production may only be deployed between 08:00 and 18:00 by members of Site Reliability."
    assert not denied(text, production("2026-01-09T12:00:00Z", "sre"))
    assert denied(text, production("2026-01-09T12:00:00Z", "contractors"))
    assert denied(text, production("2026-01-09T19:00:00Z", "sre"))


def test_and_only_at_a_time_is_one_more_demand() -> None:
    text = "Only Site Reliability may deploy to production, and only on weekdays."
    assert denied(text, production("2026-01-09T12:00:00Z", "contractors"))
    assert denied(text, production("2026-01-10T12:00:00Z", "sre"))
    assert not denied(text, production("2026-01-09T12:00:00Z", "sre"))


def test_approvers_are_from_a_group_and_approvals_in_front_of_production() -> None:
    text = "Approvers of production deployments must be from Release Managers or Security Team, nobody else."
    assert denied(text, d.pipe(d.gate("release_managers", "sre"), d.prod(d.st("K8sRollingDeploy"))))
    assert not denied(text, d.pipe(d.gate("security_team"), d.prod(d.st("K8sRollingDeploy"))))
    text = "HarnessApproval steps before production require at least 2 approvers."
    assert denied(text, d.pipe(d.prod(d.approve("sre", count=1), d.st("K8sRollingDeploy"))))
    assert not denied(text, d.pipe(d.gate("sre", count=2), d.prod(d.st("K8sRollingDeploy"))))


def test_who_has_no_right_to_do_something() -> None:
    text = "Contractors have no right to save pipelines."
    assert denied(text, d.pipe(d.ci(d.st("Run")), m=d.meta(groups=("contractors",))))
    assert not denied(text, d.pipe(d.ci(d.st("Run"))))


def test_nobody_approves_their_own_run() -> None:
    text = "Nobody may approve their own pipeline."
    assert denied(text, d.pipe(d.gate("sre", block_executor=False)))
    assert not denied(text, d.pipe(d.gate("sre")))


def test_these_may_and_nobody_else() -> None:
    text = "Release Managers and Site Reliability may deploy to production, nobody else."
    assert denied(text, production("2026-01-09T12:00:00Z", "contractors"))
    assert not denied(text, production("2026-01-09T12:00:00Z", "sre"))


def test_an_exception_at_two_times_is_asked_about() -> None:
    assert asked(
        "Production deployments need an approval by the security team except on Fridays and in December."
    )
    text = "Nobody may deploy to production except on Fridays."
    assert not denied(text, production("2026-01-09T12:00:00Z"))
    assert denied(text, production("2026-01-08T12:00:00Z"))
