"""Requests about first and last, beside and between, all others and levels: each with documents on both sides."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from governance.authoring.compile import standalone
from governance.authoring.facts import Facts
from governance.authoring.judge import judge
from governance.authoring.planner import Draft, Question, plan
from governance.engines import opa_cli
from tests.generation.asked.documents import (
    at,
    ci,
    connector,
    dep,
    environment,
    gate,
    infra,
    manifests,
    meta,
    par,
    pipe,
    prod,
    secret,
    service,
    st,
    stage,
    store,
    template,
    variable,
)

WORLD = Path(__file__).parents[3] / "generation" / "world.json"
FACTS = Facts.from_world(json.loads(WORLD.read_text(encoding="utf-8")))
SHELL, RUN, LEAKS, VERIFY = st("ShellScript"), st("Run"), st("Gitleaks"), st("Verify")
ROLLING = st("K8sRollingDeploy")


def custom(*steps: Any, **more: Any) -> Any:
    return stage("Custom", *steps, **more)


def strategies(*actions: str) -> list[Any]:
    return [{"onFailure": {"errors": ["AllErrors"], "action": {"type": a}}} for a in actions]


def canary(**spec: Any) -> Any:
    return st("K8sCanaryDeploy", instanceSelection={"type": "Percentage", "spec": spec})


def dep_with(**spec: Any) -> Any:
    out = dep("qa")
    out["stage"]["spec"].update(spec)
    return out


# what was asked, a document that breaks it, a document that does not
READ: list[tuple[str, Any, Any]] = [
    ("The first stage of every pipeline has to be a CI stage.", pipe(custom(), ci()), pipe(ci(), custom())),
    ("The last stage of a pipeline must not be an Approval stage.", pipe(ci(), gate()), pipe(gate(), ci())),
    ("In each build stage the first step must be Gitleaks.", pipe(ci(RUN, LEAKS)), pipe(ci(LEAKS, RUN), custom(SHELL))),
    ("Every pipeline must start with a CI stage.", pipe(custom(), ci()), pipe(ci())),
    ("Every pipeline starts with a security scan.", pipe(ci(RUN, LEAKS)), pipe(ci(LEAKS, RUN))),
    ("CI stages must end with a Gitleaks step.", pipe(ci(LEAKS, RUN)), pipe(ci(RUN, LEAKS))),
    ("A staging deployment has to precede any production deployment.", pipe(prod()), pipe(dep("staging"), prod())),
    (
        "After each production deployment there must be a Verify step in the same stage.",
        pipe(prod(ROLLING), custom(VERIFY)),
        pipe(prod(ROLLING, VERIFY)),
    ),
    (
        "There must be an approval between the qa deployment and the staging deployment.",
        pipe(gate(), dep("qa"), dep("staging")),
        pipe(dep("qa"), gate(), dep("staging")),
    ),
    (
        "A pipeline may not deploy to production unless it deployed to staging before, in an earlier stage.",
        pipe(prod(), dep("staging")),
        pipe(dep("staging"), prod()),
    ),
    (
        "For production deployments we require two different approvals: one by sre, one by change_board.",
        pipe(gate("sre"), prod()),
        pipe(gate("sre"), gate("change_board"), prod()),
    ),
    ("Production stages must not be inside a parallel block.", pipe(par(prod(), ci())), pipe(ci(), prod())),
    (
        "Production deployments must not run in parallel with each other.",
        pipe(par(prod(), dep("prod_us", kind="Production"))),
        pipe(par(prod(), ci()), dep("prod_us", kind="Production")),
    ),
    ("No more than two stages may run in parallel.", pipe(par(ci(), prod(), custom())), pipe(par(ci(), prod()), custom())),
    ("Stage names must be unique within a pipeline.", pipe(ci(), ci()), pipe(ci(), custom())),
    ("No two stages may have the same identifier.", pipe(ci(), ci()), pipe(ci(), custom())),
    (
        "HarnessApproval steps need a timeout of at most 1 day. Other steps need a timeout of at most 2 hours.",
        pipe(ci(st("Run", timeout="3h"))),
        pipe(gate(), ci(st("Run", timeout="1h"))),
    ),
    (
        "Deployment stages need a timeout of at most 2h, other stages 1h.",
        pipe(custom(timeout="90m")),
        pipe(dep("qa", timeout="90m"), custom(timeout="30m")),
    ),
    (
        "The timeout of a HarnessApproval step must be at most 1 day, for other steps at most 2 hours.",
        pipe(ci(st("Run", timeout="3h"))),
        pipe(gate()),
    ),
    (
        "Steps may not have a timeout above 1h unless they are approval steps, which may wait up to 3 days.",
        pipe(ci(st("Run", timeout="2h"))),
        pipe(gate()),
    ),
    (
        "Secrets in project payments must be kept in vault_pci, all others in vault_main.",
        secret(projectIdentifier="web", spec={"secretManagerIdentifier": "vault_pci"}),
        secret(projectIdentifier="web", spec={"secretManagerIdentifier": "vault_main"}),
    ),
    ("Github connectors need the tag owner. Other connectors need the tag team.",
     connector("Aws", tags={"owner": "a"}), connector("Github", tags={"owner": "a"})),
    ("Every step needs a timeout, and no timeout may be more than 2 hours.",
     pipe(ci(st("Run", timeout="3h"))), pipe(ci(), timeout="5h")),
    ("Stage identifiers must not be longer than 30 characters and may not start with a digit.",
     pipe(ci(ident="1build")), pipe(stage("CI", RUN, ident="build", name="1 build"))),
    ("Pipelines may only contain stages of the types CI and Approval.", pipe(ci(), custom()), pipe(ci(), gate())),
    ("Pipelines must not deploy only to dev.", pipe(dep("dev")), pipe(dep("dev"), dep("qa"))),
    ("Each deployment stage's failure strategy has to include StageRollback or PipelineRollback.",
     pipe(dep("qa", failureStrategies=strategies("Ignore"))), pipe(dep("qa", failureStrategies=strategies("StageRollback")))),
    ("Every pipeline with a production stage must have a rollback failure strategy in that stage.",
     pipe(ci(failureStrategies=strategies("StageRollback")), prod()), pipe(prod(failureStrategies=strategies("StageRollback")))),
    ("A dependency scan (Owasp or BlackDuck) is mandatory in every pipeline.", pipe(ci(st("Mend"))), pipe(ci(st("Owasp")))),
    ("Do not allow Run steps with privileged containers in CI stages.",
     pipe(ci(st("Run", privileged=True))), pipe(ci(RUN), custom(st("Plugin", privileged=True)))),
    ("Do not use K8sDelete or TerraformDestroy steps in production.", pipe(prod(st("K8sDelete"))), pipe(dep("qa", st("K8sDelete")))),
    ("Images in Run steps must be pulled from harbor.halden.io and must not be tagged latest.",
     pipe(ci(st("Run", image="harbor.halden.io/a:latest"))), pipe(ci(st("Run", image="harbor.halden.io/a:1")))),
    ("Shell scripts must not contain \"curl\" or \"wget\".",
     pipe(ci(st("ShellScript", source={"spec": {"script": "wget x"}}))), pipe(ci(st("ShellScript", source={"spec": {"script": "ls"}})))),
    ("Approval messages must contain the word \"risk\".", pipe(gate(approvalMessage="go")), pipe(gate(approvalMessage="the risk"), ci())),
    ("Nobody in the contractors group may create or change secrets.",
     secret(m=meta(groups=("contractors",))), secret(m=meta(groups=("sre",)))),
    ("File secrets are not allowed in project scope.", secret(type="SecretFile"), secret(type="SecretFile", projectIdentifier=None)),
    ("Account-level variables may only be changed by sre.",
     variable(orgIdentifier=None, projectIdentifier=None), variable()),
    ("Templates whose identifier starts with golden_ must live on account level.",
     template(identifier="golden_a"), template(identifier="golden_a", orgIdentifier=None, projectIdentifier=None)),
    ("Text secrets must have the value type Reference, Inline is not allowed.",
     secret(spec={"valueType": "Inline"}), secret(spec={"valueType": "Reference"})),
    ("Service variables must not have names with PASSWORD in them.",
     service(serviceDefinition={"spec": {"variables": [{"name": "DB_PASSWORD"}]}}),
     service(serviceDefinition={"spec": {"variables": [{"name": "DB_USER"}]}})),
    ("Environments of type PreProduction must not have names containing prod as a word.",
     environment(name="prod-2"), environment(name="product")),
    ("Environments must have at least one of the tags gdpr or pci.", environment(tags={"a": "b"}), environment(tags={"pci": "y"})),
    ("Services must have at least two of the tags team, tier and owner.",
     service(tags={"team": "a"}), service(tags={"team": "a", "owner": "b"})),
    ("Services need the tags team and tier; tier is 1, 2 or 3.",
     service(tags={"team": "a", "tier": "4"}), service(tags={"team": "a", "tier": "2"})),
    ("Services must have the tag owner, but not the tag deprecated.",
     service(tags={"owner": "a", "deprecated": "x"}), service(tags={"owner": "a"})),
    ("Services must not use artifact sources of the types Ecr or Gcr.",
     service(serviceDefinition={"spec": {"artifacts": {"primary": {"sources": [{"type": "Ecr"}]}}}}),
     service(serviceDefinition={"spec": {"artifacts": {"primary": {"sources": [{"type": "Acr"}]}}}})),
    ("Service manifests must be stored in Github, inline is not allowed.",
     service(serviceDefinition=manifests(store("Inline"))), service(serviceDefinition=manifests(store("Github")))),
    ("Connectors pointing at http:// urls are rejected.",
     connector("Github", spec={"url": "http://a.example/x"}), connector("Github", spec={"url": "https://a.example/x"})),
    ("Connector names have to follow type_purpose, lower case with underscores only.",
     connector("Github", name="github"), connector("Github", name="github_build")),
    ("Variables at organisation level must have the tag owner... sorry, a description.",
     variable(projectIdentifier=None, tags={"description": "x"}), variable(projectIdentifier=None, description="x")),
    ("Pipeline templates must have a notification rule... no, at least two stages.",
     template(type="Pipeline", spec={"stages": [ci()]}), template(type="Stage")),
    ("Every secret must belong to a project.", secret(projectIdentifier=None), secret()),
    ("Secrets created by contractors must have the tag external.",
     secret(m=meta(groups=("contractors",))), secret(m=meta(groups=("sre",)))),
    ("The value of shared variables must not contain the words secret, token or password, in any case.",
     variable(value="my Token"), variable(value="x")),
    ("Shared variables called LOG_LEVEL must be one of DEBUG, INFO or WARN.",
     variable(name="LOG_LEVEL", value="TRACE"), variable(name="LOG_LEVEL", value="INFO")),
    ("Environments in the payments project: only sre may edit.", environment(projectIdentifier="payments"), environment()),
    ("Environments must have the tag tier with gold, silver or bronze.", environment(tags={"tier": "tin"}), environment(tags={"tier": "gold"})),
    ("Template identifiers and names must be identical.", template(), template(name="t1")),
    ("An infrastructure's name must start with its environment.", infra(), infra(name="dev-a")),
    ("Kubernetes infrastructure must not allow simultaneous deployments unless the namespace starts with preview-.",
     infra(allowSimultaneousDeployments=True), infra(allowSimultaneousDeployments=True, spec={"namespace": "preview-1"})),
    ("Infrastructure for prod has to use the connector k8s_nordic; infrastructure for dev the connector k8s_shared.",
     infra(spec={"connectorRef": "k8s_nordic"}), infra(spec={"connectorRef": "account.k8s_shared"})),
    ("We want a Gitleaks and a Semgrep scan in each CI stage.", pipe(ci(LEAKS), ci(st("Semgrep"))), pipe(ci(LEAKS, st("Semgrep")), custom())),
    ("Each rollback must contain a K8sRollingRollback step.",
     pipe(dep("qa", rollback=(SHELL,))), pipe(dep("qa", rollback=(SHELL, st("K8sRollingRollback"))))),
    ("Deployment stages may not use GitOps.", pipe(dep_with(gitOpsEnabled=True)), pipe(dep("qa"))),
    ("Production stages must have delegateSelectors that contain \"prod\".",
     pipe(prod(delegateSelectors=["preprod"])), pipe(prod(delegateSelectors=["prod"]))),
    ("Only Kubernetes and NativeHelm deployments are allowed.", pipe(dep_with(deploymentType="ECS")), pipe(dep("qa"), ci())),
    ("Deploy steps in production need a timeout of at least 10 and at most 60 minutes.",
     pipe(prod(st("K8sRollingDeploy", timeout="2h"))), pipe(prod(st("K8sRollingDeploy", timeout="20m")))),
    ("No step after the production deployment may be a ShellScript.", pipe(prod(), custom(SHELL)), pipe(custom(SHELL), prod())),
    ("Stages after production may only be Custom stages.", pipe(prod(), ci()), pipe(ci(), prod(), custom())),
    ("Pipelines with the tag regulated set to yes need an approval from sre for each deployment.",
     pipe(dep("qa"), tags={"regulated": "yes"}), pipe(dep("qa"))),
    ("Database administrators are the only ones who may run pipelines with a DBSchemaApply step.",
     pipe(custom(st("DBSchemaApply"))), pipe(custom(st("DBSchemaApply")), m=meta(groups=("dba",)))),
    ("Approval stages must not have a timeout of more than 3 days and need at least one approval step.",
     pipe(gate(), stage("Approval", SHELL)), pipe(ci(), gate())),
    ("Stage names must be written in kebab-case; step identifiers in snake_case.",
     pipe(stage("CI", st("Run", "a-b"), name="ok")), pipe(stage("CI", st("Run", "a_b"), name="ok"))),
    ("Pipelines must contain a dependency scan and a secret scan if they build an image.",
     pipe(ci(st("BuildAndPushECR"), LEAKS)), pipe(ci(LEAKS))),
    ("If a stage deploys to an environment of type Production, its steps must not be ShellScript or Http steps.",
     pipe(prod(SHELL)), pipe(dep("qa", SHELL), prod())),
    ("The K8sCanaryDeploy step must use at most 25 percent of the instances.",
     pipe(dep("qa", canary(percentage=50))), pipe(dep("qa", canary(percentage=20)))),
    ("Deny pipelines that run Terraform destroy anywhere, rollback included.",
     pipe(dep("qa", rollback=(st("TerraformDestroy"),))), pipe(dep("qa"))),
    ("Container steps (Run, Plugin, Background) must set imagePullPolicy to Always.",
     pipe(ci(st("Plugin"))), pipe(ci(st("Run", imagePullPolicy="Always"), st("Container")))),
    ("Stages of type Approval should contain nothing but approval steps.", pipe(stage("Approval", SHELL)), pipe(gate(), ci(SHELL))),
    ("In CI pipelines, the clone depth must be at most 100.",
     pipe(ci(), properties={"ci": {"codebase": {"depth": 500}}}), pipe(dep("qa"), properties={"ci": {"codebase": {"depth": 500}}})),
    ("Production deployment: Monday to Thursday only.",
     pipe(prod(), m=meta(ts=at("2025-11-21T10:00:00+00:00"))), pipe(prod())),
    ("HarnessApproval steps may only list groups out of sre and release_managers.", pipe(gate("sre", "dba")), pipe(gate("sre"))),
    ("Only Linux build stages are allowed.",
     pipe(ci(spec={"platform": {"os": "Windows"}})), pipe(ci(spec={"platform": {"os": "Linux"}}), custom())),
    ("No Http step may use a plain http:// URL.", pipe(ci(st("Http", url="http://a"))), pipe(ci(st("Http", url="https://a")))),
    ("A template's version label must not contain the words latest, beta or snapshot.",
     template(versionLabel="1-beta"), template(versionLabel="1.0.0")),
    ("Shared variables need names in capital letters with underscores, like DB_HOST.", variable(name="db_host"), variable(name="DB_HOST")),
    ("Every connector must have delegate selectors, at least one.",
     connector("Aws"), connector("Aws", spec={"delegateSelectors": ["a"]})),
    ("Docker registry connectors must point to https://harbor.halden.io or a path below it.",
     connector("DockerRegistry", spec={"dockerRegistryUrl": "https://harbor.halden.io.evil.example"}),
     connector("DockerRegistry", spec={"dockerRegistryUrl": "https://harbor.halden.io/v2"})),
    ("Production environments may only be created by sre and never by contractors.",
     environment(type="Production", m=meta(groups=("sre", "contractors"))), environment(type="Production", m=meta(groups=("sre",)))),
    ("Infrastructure definitions must name a namespace; \"default\" is not acceptable.",
     infra(spec={"namespace": "default"}), infra(spec={"namespace": "web"})),
    ("Each environment variable needs a description and must not be a runtime input.",
     environment(variables=[{"name": "A", "description": "x", "value": "<+input>"}]),
     environment(variables=[{"name": "A", "description": "x", "value": "1"}])),
    ("A Barrier step is only allowed in stages that run in parallel.",
     pipe(custom(st("Barrier"))), pipe(par(custom(st("Barrier")), ci()))),
    ("Custom approval steps aren't allowed; use HarnessApproval.", pipe(custom(st("CustomApproval"))), pipe(ci())),
    ("Pipelines in project payments must only deploy to prod or qa.",
     pipe(dep("dev"), projectIdentifier="payments"), pipe(ci(), projectIdentifier="payments")),
    ("Pipeline variables of type Number must have a default value.",
     pipe(variables=[{"name": "a", "type": "Number"}]), pipe(variables=[{"name": "a", "type": "String"}])),
    ("No JiraUpdate or JiraCreate steps outside Approval stages.",
     pipe(ci(st("JiraUpdate"))), pipe(stage("Approval", st("JiraUpdate"), st("JiraCreate")))),
    ("All stages except the first need a description.", pipe(ci(), custom()), pipe(ci(), custom(description="x"))),
    ("Every infrastructure of prod or dev must live in a namespace beginning with prod-.",
     infra(spec={"namespace": "web"}), infra(environmentRef="qa", identifier="dev")),
    ("Infrastructures may use the namespace default only in the environment qa.",
     infra(spec={"namespace": "default"}), infra(environmentRef="qa", spec={"namespace": "web"})),
    ("Pipelines with the tag frozen must not be run.", pipe(tags={"frozen": "x"}), pipe(ci(st("BuildAndPushECR", tags=["frozen"])))),
    ("Only account-level connectors may exist; connectors in projects are refused.",
     connector("Aws"), connector("Aws", orgIdentifier=None, projectIdentifier=None)),
]  # fmt: skip


def ruled(text: str) -> Any:
    planned = plan(text, FACTS)
    assert isinstance(planned, Draft), planned
    return planned.rule


@pytest.mark.parametrize(("text", "broken", "kept"), READ, ids=[text for text, _, _ in READ])
def test_what_was_asked_is_read(text: str, broken: Any, kept: Any) -> None:
    rule = ruled(text)
    assert judge(rule, broken)
    assert not judge(rule, kept)


@pytest.mark.parametrize(
    "text",
    [
        "Any other stage may not contain ShellScript steps.",
        "Production stages need an approval by sre before them, and that approval has to come after the staging deployment.",
        "Every CI stage needs a Gitleaks step. It has to be the first step.",
        "Production stages: HarnessApproval with a minimum of 2 approvers, and not by contractors.",
        "Connectors of type Github must not use username and password, only SSH keys or GitHub Apps.",
        "Build stages must use Linux/Amd64.",
        "Block runs of pipelines with the tag frozen on weekends.",
        "Pipeline identifiers must start with the project identifier, then an underscore.",
    ],
)
def test_what_points_at_nothing_named_is_asked_about(text: str) -> None:
    assert isinstance(plan(text, FACTS), Question)


def test_the_engine_sees_the_same_stages_side_by_side() -> None:
    documents = [pipe(par(prod(), ci())), pipe(ci(), prod()), pipe(par(ci(), custom()), prod())]
    rule = ruled("Production stages must not be inside a parallel block.")
    found = opa_cli.evaluate(standalone(rule), documents)
    assert [bool(x) for x in found] == [bool(judge(rule, d)) for d in documents] == [True, False, False]
