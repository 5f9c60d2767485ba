"""Requests about step groups, counts in a stage, templates in use, tags with values and what stands beside a step."""

from __future__ import annotations

from typing import Any

import pytest

from governance.authoring.compile import standalone
from governance.authoring.planner import Draft, plan
from governance.engines import opa_cli
from tests.generation.asked import documents as d
from tests.governance.authoring.reading.decided import FACTS, asked, denied

RUN, SHELL, PLAN, APPLY = (d.st(kind) for kind in ("Run", "ShellScript", "TerraformPlan", "TerraformApply"))
PUSH, TRIVY, HTTP = d.st("BuildAndPushECR"), d.st("AquaTrivy"), d.st("Http")
ROLLING = d.st("K8sRollingDeploy")
BARE = d.st("Run", timeout=None)


def custom(*steps: Any, **more: Any) -> Any:
    return d.stage("Custom", *steps, **more)


def named_group(name: str, *steps: Any) -> Any:
    return {"stepGroup": {"identifier": name, "name": name, "steps": list(steps)}}


def of_template(ref: str, version: str = "1.0.0") -> Any:
    link = {"templateRef": ref, "versionLabel": version}
    return {"stage": {"identifier": "t", "name": "t", "template": link}}


def image(text: str) -> Any:
    return d.pipe(d.ci(d.st("Run", image=text)))


SUNDAY, TUESDAY, FRIDAY = (d.at(f"2026-01-{day}T11:00:00Z") for day in ("11", "13", "16"))
CONTRACTOR = d.meta(groups=("contractors",))

# what was asked, a document that breaks it, a document that does not
READ: list[tuple[str, Any, Any]] = [
    ("No pipeline may have more than 2 steps in one stage.", d.pipe(custom(RUN, RUN, SHELL)), d.pipe(custom(RUN, RUN), custom(SHELL, SHELL))),
    ("Pipelines with more than 2 Run steps in a single stage are not allowed.", d.pipe(custom(RUN, RUN, RUN)), d.pipe(custom(RUN, RUN), custom(RUN))),
    ("Pipelines may contain at most 2 steps per stage.", d.pipe(custom(RUN, RUN, RUN)), d.pipe(custom(RUN, RUN), custom(RUN))),
    ("No more than 2 deployment stages may run in parallel.", d.pipe(d.par(d.dep("qa"), d.dep("dev"), d.prod())), d.pipe(d.par(d.dep("qa"), d.dep("dev"), custom(RUN)))),
    ("Every stage that has a TerraformApply step must have a TerraformPlan step before it.", d.pipe(custom(PLAN), custom(APPLY)), d.pipe(custom(PLAN, APPLY))),
    ("If a stage pushes an image, it must run AquaTrivy afterwards.", d.pipe(d.ci(TRIVY, PUSH)), d.pipe(d.ci(PUSH, TRIVY))),
    ("Stages that push an image must run an AquaTrivy step first.", d.pipe(d.ci(PUSH, TRIVY)), d.pipe(d.ci(TRIVY, PUSH))),
    ("Production may only be deployed Tuesdays and Thursdays.", d.pipe(d.prod(), m=d.meta(FRIDAY)), d.pipe(d.prod(), m=d.meta(TUESDAY))),
    ("Every deployment stage must be preceded by an approval stage, except for deployments to dev.", d.pipe(d.dep("qa")), d.pipe(d.dep("dev"), d.gate(), d.dep("qa"))),
    ("Every deployment stage must have an approval, except those to dev.", d.pipe(d.dep("qa")), d.pipe(d.dep("dev"))),
    ("Step groups must not contain ShellScript steps.", d.pipe(custom(d.group(d.par(SHELL)))), d.pipe(custom(d.group(RUN), SHELL))),
    ("A step group must not have more than 2 steps.", d.pipe(custom(d.group(RUN, RUN, RUN))), d.pipe(custom(d.group(RUN, RUN), RUN))),
    ("Step groups called deploy must contain a K8sRollingDeploy step.", d.pipe(custom(named_group("deploy", RUN), ROLLING)), d.pipe(custom(named_group("deploy", ROLLING), named_group("test", RUN)))),
    ("Steps inside step groups must have a timeout.", d.pipe(custom(d.group(d.group(BARE)))), d.pipe(custom(BARE, d.group(RUN)))),
    ("All steps in the step group \"checks\" need a timeout.", d.pipe(custom(named_group("checks", BARE))), d.pipe(custom(named_group("other", BARE)))),
    ("Approval steps must not be inside a step group.", d.pipe(custom(d.group(d.approve("sre")))), d.pipe(custom(d.approve("sre"), d.group(RUN)))),
    ("Pipelines must have the tag reviewed: true.", d.pipe(custom(RUN), tags={"reviewed": "no"}), d.pipe(custom(RUN), tags={"reviewed": "true"})),
    ("Pipelines tagged tier: gold must have a description.", d.pipe(custom(RUN), tags={"tier": "gold"}), d.pipe(custom(RUN), tags={"tier": "tin"})),
    ("pipelines with more then 1 stage must have a descripton", d.pipe(custom(RUN), custom(RUN)), d.pipe(custom(RUN))),
    ("Pipelines must have a failure strategy on every stage.", d.pipe(custom(RUN)), d.pipe(custom(RUN, failureStrategies=[{"onFailure": {}}]))),
    ("Every stage must be built from a template.", d.pipe(custom(RUN)), d.pipe(of_template("x"))),
    ("Pipelines may only use account-level templates.", d.pipe(of_template("org.x")), d.pipe(of_template("account.x"), custom(RUN))),
    ("Only account level templates may be used in pipelines.", d.pipe(of_template("x")), d.pipe(of_template("account.x"))),
    ("The last stage must be a Custom stage with an Http step.", d.pipe(custom(HTTP), custom(RUN)), d.pipe(d.ci(), custom(HTTP))),
    ("Timeouts of stages may not be longer than the timeout of the pipeline.", d.pipe(custom(RUN, timeout="2h"), timeout="1h"), d.pipe(custom(RUN, timeout="30m"), custom(RUN), timeout="1h")),
    ("Deny pipelines where two stages share the same name.", d.pipe(custom(RUN, ident="a"), custom(RUN, ident="a")), d.pipe(custom(RUN, ident="a"), custom(RUN, ident="b"))),
    ("If a Run step uses an image, the image must have a tag and the tag may not be latest.", image("acme/app:latest"), image("acme/app:1.2")),
    ("Images of Run steps must have a tag.", image("registry.local:5000/app"), image("registry.local:5000/app:1")),
    ("Saving of pipelines is forbidden for contractors.", d.pipe(custom(RUN), m=CONTRACTOR), d.pipe(custom(RUN))),
    ("Running pipelines is forbidden on Sundays.", d.pipe(custom(RUN), m=d.meta(SUNDAY)), d.pipe(custom(RUN), m=d.meta(TUESDAY))),
    ("Step templates of type Http are not allowed.", d.template(type="Step", spec={"type": "Http"}), d.template(type="Step", spec={"type": "Run"})),
    ("Refuse to save stage templates of type Custom.", d.template(spec={"type": "Custom"}), d.template(spec={"type": "CI"})),
    ("Custom stage templates are not allowed.", d.template(childType="Custom"), d.template(spec={"type": "CI"})),
    ("Stage templates must be of type Deployment.", d.template(spec={"type": "CI"}), d.template(spec={"type": "Deployment"})),
    ("Run step templates must not use an image from docker.io.", d.template(type="Step", spec={"type": "Run", "spec": {"image": "docker.io/x:1"}}), d.template(type="Step", spec={"type": "Run", "spec": {"image": "us.gcr.io/x:1"}})),
    ("Any template with a ShellScript step inside must have the tag reviewed: true.", d.template(spec={"type": "Custom", "spec": {"execution": {"steps": [SHELL]}}}), d.template(spec={"type": "CI"})),
    ("Every stage identifier should start with a letter and consist of lower case letters, digits and underscores.", d.pipe(custom(RUN, ident="9a")), d.pipe(custom(RUN, ident="a_9"))),
    ("Pipeline names must begin with a letter, end with a digit, and contain only letters, digits and hyphens.", d.pipe(name="a-b"), d.pipe(name="a-1")),
    ("Run steps must not run as root.", d.pipe(d.ci(d.st("Run", runAsUser="0"))), d.pipe(d.ci(d.st("Run", runAsUser="1000")))),
    ("Run steps must not run as user 0.", d.pipe(d.ci(d.st("Run", runAsUser=0))), d.pipe(d.ci(RUN))),
    ("Block saving of pipelines on 24 and 25 December 2026.", d.pipe(custom(RUN), m=d.meta(d.at("2026-12-25T10:00:00Z"))), d.pipe(custom(RUN), m=d.meta(d.at("2026-12-26T10:00:00Z")))),
    ("Every production deployment needs an approval stage before it, unless the deployment is to freight_live.", d.pipe(d.prod()), d.pipe(d.dep("freight_live", kind="Production"))),
    ("An approval must come before the deploy step in the same stage.", d.pipe(custom(ROLLING)), d.pipe(custom(d.approve("sre"), ROLLING))),
    ("An approval must come before the deploy step in the same stage.", d.pipe(custom(d.approve("sre")), custom(ROLLING)), d.pipe(custom(RUN))),
    ("SAST must run before every deploy step in the same stage.", d.pipe(custom(d.st("Semgrep")), custom(ROLLING)), d.pipe(custom(d.st("Semgrep"), ROLLING))),
    ("A Verify step must come after the deploy step in the same stage.", d.pipe(custom(ROLLING), custom(d.st("Verify"))), d.pipe(custom(ROLLING, d.st("Verify")))),
    ("A TerraformPlan step must precede each TerraformApply step of the same stage.", d.pipe(custom(PLAN), custom(APPLY)), d.pipe(custom(PLAN, APPLY), custom(RUN))),
    ("If a pipeline pushes an image to ECR, it must run AquaTrivy or Grype in a later step of the same stage.", d.pipe(d.ci(TRIVY, PUSH)), d.pipe(d.ci(PUSH, d.st("Grype")))),
    ("If a pipeline pushes an image, it must scan the image with AquaTrivy in a later step of the same stage.", d.pipe(d.ci(PUSH), d.ci(TRIVY)), d.pipe(d.ci(PUSH, TRIVY))),
    ("Deployment stages must have a rollback step, except those of type NativeHelm.", d.pipe(d.dep("qa")), d.pipe({"stage": {**d.dep("qa")["stage"], "spec": {**d.dep("qa")["stage"]["spec"], "deploymentType": "NativeHelm"}}})),
    ("Plugin steps may only use images from us.gcr.io/acme-plugins/.", d.pipe(d.ci(d.st("Plugin", image="us.gcr.io/acme/x"))), d.pipe(d.ci(d.st("Plugin", image="us.gcr.io/acme-plugins/x")))),
    ("Contractors may only run pipelines that don't deploy to production.", d.pipe(d.prod(), m=CONTRACTOR), d.pipe(d.dep("qa"), m=CONTRACTOR)),
    ("Contractors may run pipelines but only those that don't deploy to production.", d.pipe(d.prod(), m=CONTRACTOR), d.pipe(d.prod())),
    ("freight_live is frozen from 1 November to 31 December.", d.pipe(d.dep("freight_live"), m=d.meta(d.at("2026-12-31T10:00:00Z"))), d.pipe(d.dep("freight_live"), m=d.meta(d.at("2026-01-31T10:00:00Z")))),
    ("prod_us is closed for deployments on Sundays.", d.pipe(d.dep("prod_us"), m=d.meta(SUNDAY)), d.pipe(d.dep("prod_us"), m=d.meta(TUESDAY))),
    ("Each pipeline may only have one deployment stage to prod_us.", d.pipe(d.dep("prod_us"), d.dep("prod_us")), d.pipe(d.dep("prod_us"), d.dep("qa"))),
    ("Only one stage of a pipeline may deploy to production.", d.pipe(d.prod(), d.prod()), d.pipe(d.prod(), d.dep("qa"))),
    ("Everything that goes to production needs a ServiceNow approval.", d.pipe(d.gate(), d.prod()), d.pipe(d.stage("Approval", d.st("ServiceNowApproval")), d.prod())),
    ("Production deployments need a Jira approval before them.", d.pipe(d.prod(ROLLING, d.st("JiraApproval"))), d.pipe(d.prod(d.st("JiraApproval"), ROLLING))),
    ("Pipelines may not use the delegate selector \"legacy\".", d.pipe(custom(d.st("ShellScript", delegateSelectors=["legacy"]))), d.pipe(custom(SHELL, delegateSelectors=["new"]))),
    ("Pipelines must use the stage template golden_ci in version 2.0.0 or newer.", d.pipe(of_template("golden_ci", "1.9.0")), d.pipe(of_template("account.golden_ci", "2.1.0"))),
    ("A pipeline may deploy to either prod or prod_us, not both.", d.pipe(d.dep("prod"), d.dep("prod_us")), d.pipe(d.dep("prod_us"))),
    ("staging must be deployed before production", d.pipe(d.prod()), d.pipe(d.dep("staging"), d.dep("freight_live", kind="Production"))),
    ("prod_us must be deployed after prod_nordic.", d.pipe(d.dep("prod_us"), d.dep("prod_nordic")), d.pipe(d.dep("prod_nordic"), d.dep("prod_us"))),
    ("Between the staging deployment and the production deployment there must be an approval by Release Managers.", d.pipe(d.gate("release_managers"), d.dep("staging"), d.prod()), d.pipe(d.dep("staging"), d.gate("release_managers"), d.prod())),
    ("Contractors may deploy to dev and qa only.", d.pipe(d.dep("staging"), m=CONTRACTOR), d.pipe(d.dep("qa"), m=CONTRACTOR)),
    ("Contractors must not be able to change pipelines.", d.pipe(custom(RUN), m=CONTRACTOR), d.pipe(custom(RUN))),
    ("No deployments to prod_us from the 25th until the end of the month.", d.pipe(d.dep("prod_us"), m=d.meta(d.at("2026-01-31T10:00:00Z"))), d.pipe(d.dep("prod_us"), m=d.meta(d.at("2026-02-01T10:00:00Z")))),
    ("Friday afternoon (after 12:00 UTC) is off limits for production deployments.", d.pipe(d.prod(), m=d.meta(d.at("2026-01-16T13:00:00Z"))), d.pipe(d.prod(), m=d.meta(d.at("2026-01-16T09:00:00Z")))),
    ("Each CI stage must set both a cpu and a memory limit on every Run step.", d.pipe(d.ci(d.st("Run", resources={"limits": {"cpu": "1"}}))), d.pipe(custom(RUN))),
    ("Wait steps must not wait longer than 10 minutes.", d.pipe(custom(d.st("Wait", duration="20m"))), d.pipe(custom(d.st("Wait", duration="5m")))),
    ("Pipelines must not deploy the service payments.", d.pipe(d.dep("qa", service="payments")), d.pipe(d.dep("qa", service="cart"))),
    ("Pipeline identifiers should look like abc_12345, i.e. three lower case letters, an underscore and five digits.", d.pipe(identifier="abcd_12345"), d.pipe(identifier="xyz_00001")),
    ("Pipeline names must consist of three letters, a dash and one or more digits.", d.pipe(name="abc-"), d.pipe(name="abc-12")),
    ("Production deployments must happen between 6 and 8 pm UTC.", d.pipe(d.prod(), m=d.meta(d.at("2026-01-16T09:00:00Z"))), d.pipe(d.prod(), m=d.meta(d.at("2026-01-16T19:00:00Z")))),
    ("Production may only be deployed 9-5 on weekdays.", d.pipe(d.prod(), m=d.meta(d.at("2026-01-16T18:00:00Z"))), d.pipe(d.prod(), m=d.meta(d.at("2026-01-16T16:30:00Z")))),
    ("No deployments from 10 to 11 am.", d.pipe(d.prod(), m=d.meta(d.at("2026-01-16T10:30:00Z"))), d.pipe(d.prod(), m=d.meta(d.at("2026-01-16T22:30:00Z")))),
    ("We require three approvers for prod_us.", d.pipe(d.gate("sre"), d.dep("prod_us")), d.pipe(d.dep("qa"))),
    ("We require a minimum of three approvers for deployments to prod_us.", d.pipe(d.gate("sre"), d.dep("prod_us")), d.pipe(d.gate("sre", count=3), d.dep("prod_us"))),
    ("All image pushes have to go to ECR or GAR.", d.pipe(d.ci(d.st("BuildAndPushGCR"))), d.pipe(d.ci(PUSH))),
    ("External Contractors need an approval from the Security Team for every production deployment.", d.pipe(d.prod(), m=CONTRACTOR), d.pipe(d.prod())),
    ("Contractors need an approval by the security team when they deploy to production.", d.pipe(d.gate("sre"), d.prod(), m=CONTRACTOR), d.pipe(d.gate("security_team"), d.prod(), m=CONTRACTOR)),
    ("After 15 December 2026 pipelines may no longer be saved by contractors.", d.pipe(m=d.meta(d.at("2026-12-20T10:00:00Z"), groups=("contractors",))), d.pipe(m=CONTRACTOR)),
    ("Every template used in a pipeline must be pinned to a version.", d.pipe(of_template("x", "")), d.pipe(of_template("x"))),
    ("Pipelines need an approval stage before each production deployment.", d.pipe(d.prod(), d.gate()), d.pipe(d.gate(), d.prod())),
    ("Pipelines need a Gitleaks step before each production deployment.", d.pipe(d.prod(d.st("Gitleaks"))), d.pipe(d.ci(d.st("Gitleaks")), d.prod())),
    ("Pipelines must run Semgrep and Gitleaks before the first deployment.", d.pipe(d.ci(d.st("Gitleaks")), d.prod(), d.ci(d.st("Semgrep"))), d.pipe(d.ci(d.st("Gitleaks"), d.st("Semgrep")), d.prod())),
    ("Pipeline templates need an approval stage before every deployment stage to production.", d.template(type="Pipeline", spec={"stages": [d.prod(), d.gate()]}), d.template(type="Pipeline", spec={"stages": [d.gate(), d.prod()]})),
    ("Templates must not contain the text \"password=\" anywhere.", d.template(spec={"type": "CI", "note": "password=x"}), d.template(spec={"type": "CI"})),
    ("A step template must not contain the text \"password=\".", d.template(type="Step", spec={"type": "Run", "spec": {"command": "echo password=x"}}), d.template(type="Stage", spec={"note": "password=x"})),
    ("Environment variables of steps must not contain the word TOKEN in their name.", d.pipe(d.ci(d.st("Run", envVariables={"MY_TOKEN": "x"}))), d.pipe(d.ci(d.st("Run", envVariables={"A": "TOKEN"})))),
    ("Every pipeline must notify Slack and PagerDuty.", d.pipe(notificationRules=[{"notificationMethod": {"type": "Slack"}}]), d.pipe(notificationRules=[{"notificationMethod": {"type": m}} for m in ("Slack", "PagerDuty")])),
    ("CI stages must not use a VM.", d.pipe(d.ci(spec={"infrastructure": {"type": "VM"}})), d.pipe(d.ci(spec={"runtime": {"type": "Cloud"}}))),
    ("Deployments may only go to dev, not to staging.", d.pipe(d.dep("qa")), d.pipe(d.dep("dev"))),
    ("Pipelines may not contain FeatureFlag stages or IACM stages.", d.pipe(d.stage("FeatureFlag")), d.pipe(d.dep("FeatureFlag"))),
    ("Contractors may not use TerraformApply.", d.pipe(custom(APPLY), m=CONTRACTOR), d.pipe(custom(APPLY))),
    ("Production deployments on Monday mornings before 9:00 UTC are forbidden.", d.pipe(d.prod(), m=d.meta(d.at("2026-01-12T08:00:00Z"))), d.pipe(d.prod(), m=d.meta(d.at("2026-01-12T10:00:00Z")))),
]  # fmt: skip


@pytest.mark.parametrize(("text", "broken", "kept"), READ, ids=[r[0][:60] for r in READ])
def test_what_is_denied_and_what_is_not(text: str, broken: Any, kept: Any) -> None:
    assert denied(text, broken)
    assert not denied(text, kept)


def test_an_image_without_a_tag_is_denied_as_well() -> None:
    text = "If a Run step uses an image, the image must have a tag and the tag may not be latest."
    assert denied(text, image("acme/app"))
    assert not denied(text, d.pipe(d.ci(RUN)))


def test_an_approval_in_front_of_a_step_may_stand_in_an_earlier_stage() -> None:
    text = "Every stage that has a TerraformApply step must have an approval before it."
    assert denied(text, d.pipe(custom(APPLY), d.gate()))
    assert not denied(text, d.pipe(d.gate(), custom(APPLY)))


def test_the_engine_agrees_on_what_lies_in_a_step_group() -> None:
    planned = plan("Steps inside step groups must have a timeout.", FACTS)
    assert isinstance(planned, Draft)
    documents = [
        d.pipe(custom(d.group(d.par(BARE)))),
        d.pipe(custom(BARE, d.group(RUN))),
        d.pipe(d.prod(rollback=(d.group(BARE),))),
    ]
    found = [bool(messages) for messages in opa_cli.evaluate(standalone(planned.rule), documents)]
    assert found == [True, False, True]


def test_a_step_of_two_types_is_asked_about() -> None:
    assert asked("Run steps must have an image tag.")


def test_two_environments_under_a_not_are_asked_about() -> None:
    assert asked("A pipeline must not deploy to prod and prod_us.")
    assert denied("A pipeline must not deploy to prod or prod_us.", d.pipe(d.dep("prod_us")))


def test_a_verb_left_out_between_two_times_is_asked_about() -> None:
    assert asked(
        "Block production deployments on the last day of each month, and on 31 December all deployments."
    )


@pytest.mark.parametrize(
    "text",
    [
        "Contractors can only deploy on weekdays and never to prod_us.",
        "No stage of type Pipeline may call a pipeline of another project.",
        "Every TerraformApply must come after a TerraformPlan and an approval in the same stage.",
        "A build step must have a Gitleaks step before it in its stage.",
        "Every TerraformPlan step must come before a TerraformApply step.",
    ],
)
def test_what_would_lose_a_part_is_asked_about(text: str) -> None:
    assert asked(text)
