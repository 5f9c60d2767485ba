"""Well-formed documents pass; each problem says what, where and how to put it right."""

import copy
import json

import jsonschema_rs
import pytest

from templates_catalog.documents.models import KINDS, ROOTS, json_schema, validate, warnings


def step(identifier, kind="Run", **spec):
    return {
        "step": {
            "identifier": identifier,
            "name": identifier,
            "type": kind,
            "spec": spec or {"command": "make"},
        }
    }


def stage(identifier, kind="CI", steps=None, **spec):
    execution = {"steps": steps if steps is not None else [step("one")]}
    body = {
        "identifier": identifier,
        "name": identifier,
        "type": kind,
        "spec": {"execution": execution, **spec},
    }
    if kind == "Deployment":
        body["failureStrategies"] = [
            {"onFailure": {"errors": ["AllErrors"], "action": {"type": "StageRollback"}}}
        ]
    return {"stage": body}


def pipeline(*stages, **more):
    return {"pipeline": {"identifier": "ship", "name": "Ship", "stages": list(stages), **more}}


DEPLOY = stage(
    "deploy", "Deployment", [step("roll", "K8sRollingDeploy", skipDryRun=False)],
    service={"serviceRef": "cart"}, environment={"environmentRef": "prod"}, deploymentType="Kubernetes",
)  # fmt: skip


def with_change(change, document=None):
    document = copy.deepcopy(document or pipeline(stage("build"), DEPLOY))
    change(document)
    return document


def test_a_usual_pipeline_is_well_formed():
    assert validate("pipeline", pipeline(stage("build"), DEPLOY)) == []


def test_parallel_insert_and_groups_are_well_formed():
    group = {
        "stepGroup": {
            "identifier": "g",
            "name": "g",
            "steps": [step("a"), {"parallel": [step("b"), step("c")]}],
        }
    }
    insert = {"insert": {"identifier": "here", "name": "here", "steps": []}}
    document = pipeline({"parallel": [stage("x", steps=[group, insert]), stage("y")]})
    assert validate("pipeline", document) == []


def test_expressions_and_runtime_inputs_take_any_place():
    document = pipeline(
        stage("deploy", "Deployment", "<+input>", service="<+input>", environment="<+input>"),
        timeout="<+input>",
    )
    document["pipeline"]["stages"][0]["stage"]["failureStrategies"] = "<+input>"
    assert validate("pipeline", document) == []


def set_at(*keys):
    *way, last, value = keys

    def change(document):
        for key in way:
            document = document[key]
        if value is ...:
            del document[last]
        else:
            document[last] = value

    return change


STAGE0 = ("pipeline", "stages", 0, "stage")
STAGE1 = ("pipeline", "stages", 1, "stage")
STEP0 = (*STAGE0, "spec", "execution", "steps", 0)

WRONG = [
    (set_at(*STAGE1, "failureStrategies", ...), "pipeline.stages[1].stage", "needs failureStrategies; add one"),
    (set_at(*STAGE1, "spec", "service", ...), "pipeline.stages[1].stage.spec", "needs spec.service"),
    (set_at(*STAGE1, "spec", "environments", {"values": []}), "pipeline.stages[1].stage.spec", "has one of"),
    (set_at("pipeline", "identifier", "a b"), "pipeline.identifier", "not an identifier"),
    (set_at("pipeline", "name", 12), "pipeline.name", "must be text, not the number 12; put it in quotes"),
    (set_at("pipeline", "tags", {"cost-center": 4711}), "pipeline.tags.cost-center", "put it in quotes"),
    (set_at("pipeline", "name", ...), "pipeline", "pipeline needs name"),
    (set_at("pipeline", "stages", []), "pipeline.stages", "must not be empty"),
    (set_at("pipeline", "template", {"templateRef": "x"}), "pipeline", "exactly one of stages or template"),
    (set_at(*STAGE0, "type", "Deploy"), "pipeline.stages[0].stage.type", "did you mean 'Deployment'"),
    (set_at(*STAGE0, "identifier", "deploy"), "pipeline.stages[1].stage", "used twice"),
    (set_at("pipeline", "stages", 0, "parallel", []), "pipeline.stages[0]", "exactly one of"),
    (set_at(*STEP0, "step", "type", "Semgrap"), "pipeline.stages[0].stage.spec.execution.steps[0].step.type", "Semgrep"),
    (set_at(*STEP0, "step", "type", "K8sRollingDeploy"), "pipeline.stages[0].stage.spec.execution.steps[0].step", "Deployment"),
    (set_at(*STEP0, "step", "timeout", "5s"), "pipeline.stages[0].stage.spec.execution.steps[0].step.timeout", "duration"),
    (set_at(*STEP0, "step", "spec", {}), "pipeline.stages[0].stage.spec.execution.steps[0].step.spec", "a Run step needs command"),
    (set_at(*STEP0, "step", "when", {"pipelineStatus": "All"}), "pipeline.stages[0].stage.spec.execution.steps[0].step.when", "needs stageStatus"),
    (set_at("metadata", {"user": {}}), "metadata", "not known there"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "path", "words"), WRONG)
def test_a_problem_is_located_and_explained(change, path, words):
    problems = validate("pipeline", with_change(change))
    assert any(problem.path == path and words in problem.message for problem in problems), problems


def test_a_mistyped_key_names_the_key_that_was_meant():
    document = with_change(set_at(*STAGE1, "failureStrategies", ...))
    document["pipeline"]["stages"][1]["stage"]["failureStratgies"] = []
    said = [problem.message for problem in validate("pipeline", document)]
    assert any("did you mean 'failureStrategies'" in message for message in said)


def test_a_template_may_leave_to_consumers_what_a_pipeline_needs():
    body = copy.deepcopy(DEPLOY["stage"])
    del body["failureStrategies"], body["identifier"], body["name"]
    document = {
        "template": {
            "identifier": "t",
            "name": "C++ Blue/Green",
            "versionLabel": "1.0",
            "type": "Stage",
            "spec": body,
        }
    }
    assert validate("template", document) == []
    assert [problem.severity for problem in warnings("template", document)] == ["warning"]


def test_policy_enforcement_can_never_be_overridden():
    document = {"template": {"identifier": "t", "name": "T", "versionLabel": "1", "type": "Step",
                             "allowedOverrides": ["PolicyEnforcement"], "spec": {"type": "Run"}}}  # fmt: skip
    assert "switch a policy off" in validate("template", document)[0].message


ENTITIES = [
    ("service", {"service": {"identifier": "a", "name": "a", "serviceDefinition": {"type": "Kubernetes", "spec": {}}}}),
    ("environment", {"environment": {"identifier": "a", "name": "a", "type": "Production"}}),
    ("infrastructure", {"infrastructureDefinition": {"identifier": "a", "name": "a", "environmentRef": "prod",
                        "type": "KubernetesDirect", "deploymentType": "Kubernetes", "spec": {"namespace": "x"}}}),
    ("connector", {"connector": {"identifier": "a", "name": "a", "type": "Github", "spec": {
        "url": "https://git.example/x", "authentication": {"type": "Http", "spec": {"type": "UsernameToken",
        "spec": {"username": "ci", "tokenRef": "account.github_token"}}}}}}),
    ("secret", {"secret": {"identifier": "a", "name": "a", "type": "SecretText",
                "spec": {"secretManagerIdentifier": "vault", "valueType": "Reference", "value": "path/to/it"}}}),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "document"), ENTITIES)
def test_entities_are_well_formed_and_match_the_emitted_schema(kind, document):
    assert validate(kind, document) == []
    jsonschema_rs.validator_for(json_schema(kind)).validate(document)


@pytest.mark.parametrize(
    "field", ["tokenRef", "passwordRef", "password", "token", "accessKey", "secretKeyRef"]
)
@pytest.mark.parametrize("value", ["hunter2!", "s3cr3t-value", "ghp_" + "a1" * 20])
def test_a_credential_written_out_in_a_connector_is_refused(field, value):
    document = copy.deepcopy(ENTITIES[3][1])
    document["connector"]["spec"]["authentication"]["spec"]["spec"][field] = value
    assert validate("connector", document)


@pytest.mark.parametrize("text", [
    "export AWS=AKIAABCDEFGHIJKLMNOP", "curl -H 'Authorization: ghp_" + "a1B2" * 10 + "'",
    "-----BEGIN RSA PRIVATE KEY-----", "xoxb-1234567890-abcdef", "https://ci:hunter2@git.example/x",
])  # fmt: skip
def test_what_looks_like_a_secret_is_refused_anywhere(text):
    assert validate("pipeline", pipeline(stage("build", steps=[step("one", command=text)])))


@pytest.mark.parametrize("text", [
    '<+secrets.getValue("account.key")>', "make test", "$TOKEN", "https://user@git.example/x", "ghp_short",
])  # fmt: skip
def test_references_and_plain_commands_are_no_secrets(text):
    spec = {"command": text, "envVariables": {"API_TOKEN": '<+secrets.getValue("account.key")>'}}
    assert validate("pipeline", pipeline(stage("build", steps=[step("one", **spec)]))) == []


def test_secret_variables_hold_references_only():
    variables = [{"name": "x", "type": "Secret", "value": "not a reference!"}]
    assert validate("pipeline", pipeline(stage("build"), variables=variables))
    variables[0]["value"] = "account.x"
    assert validate("pipeline", pipeline(stage("build"), variables=variables)) == []


def test_an_inline_secret_value_is_never_stored():
    document = {
        "secret": {"identifier": "a", "name": "a", "type": "SecretText", "spec": {"value": "hunter2"}}
    }
    assert "never stored" in validate("secret", document)[0].message


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_crashes_on_odd_shapes(kind):
    root = ROOTS[kind]
    for odd in ({}, {root: None}, {root: []}, {root: {}}, {root: {"stages": 3}}, {root: {"stages": [None, {"stage": 1}]}},
                {root: {"spec": []}}, {root: {"identifier": {}, "type": [], "spec": {"stages": "x"}}}):  # fmt: skip
        assert validate(kind, odd)


@pytest.mark.parametrize("kind", KINDS)
def test_the_schema_is_valid_json_schema(kind):
    jsonschema_rs.meta.validate(json.loads(json.dumps(json_schema(kind))))


def test_the_schema_knows_the_spec_of_a_step_type():
    checker = jsonschema_rs.validator_for(json_schema("pipeline"))
    assert checker.is_valid(pipeline(stage("build"), DEPLOY))
    assert not checker.is_valid(pipeline(stage("build", steps=[step("one", command=3)])))
