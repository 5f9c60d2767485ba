"""Expansion: references become content, what a template fixes stays fixed, and nothing is dropped silently."""

import pytest

from templates_catalog.documents.parse import MOST_NODES
from templates_catalog.expand import ExpansionError, TemplateSource, expand, origin_of
from templates_catalog.filling import resolve_variables

DEPLOY = {
    "type": "Deployment",
    "spec": {
        "service": {"serviceRef": "<+stage.variables.service_ref>"},
        "environment": {"environmentRef": "<+stage.variables.environment_ref>"},
        "execution": {"steps": [{"step": {"identifier": "roll", "name": "roll", "type": "K8sRollingDeploy", "timeout": "<+input>.allowedValues(10m,20m)"}}]},
    },
    "failureStrategies": [],
}  # fmt: skip
INPUTS = [
    {"name": "service_ref", "type": "String", "required": True, "value": "<+input>"},
    {
        "name": "environment_ref",
        "type": "String",
        "required": True,
        "value": "<+input>",
        "regex": "^[a-z_]+$",
    },
    {"name": "percent", "type": "Number", "default": 10, "minimum": 1, "maximum": 50, "value": 10},
    {"name": "jdk", "type": "String", "default": "21", "allowedValues": ["17", "21"], "value": "21"},
]


def library(**templates):
    """A lookup over templates given as name=(type, spec, variables, more); `account_x` is `account.x`."""

    def lookup(ref, version):
        found = templates.get(ref.replace("account.", "account_").replace("org.", "org_"))
        if found is None or version not in (None, "1"):
            return None
        kind, spec, *rest = found
        body = {"identifier": ref, "type": kind, "spec": spec, "variables": rest[0] if rest else []}
        body |= rest[1] if len(rest) > 1 else {}
        return TemplateSource(ref, "1", version is None, {"template": body}, "d" * 64, golden=True)

    return lookup


ROLL = library(account_roll=("Stage", DEPLOY, INPUTS))


def using(ref, *, version=None, inputs=None, overrides=None, **beside):
    link = {"templateRef": ref}
    if version:
        link["versionLabel"] = version
    if inputs is not None:
        link["templateInputs"] = inputs
    if overrides is not None:
        link["templateOverrides"] = overrides
    return {"identifier": "deploy", "name": "Deploy", "template": link, **beside}


def values(**given):
    return {"variables": [{"name": name, "type": "String", "value": value} for name, value in given.items()]}


def pipeline(*stages):
    return {"pipeline": {"identifier": "p", "name": "p", "stages": [{"stage": stage} for stage in stages]}}


def refused(document, lookup=ROLL):
    with pytest.raises(ExpansionError) as error:
        expand(document, lookup)
    return error.value.problems


GOOD = values(service_ref="cart", environment_ref="prod")


def test_a_stage_template_becomes_its_content_with_inputs_and_keeps_the_link():
    done = expand(pipeline(using("account.roll", inputs=GOOD)), ROLL)
    stage = done.document["pipeline"]["stages"][0]["stage"]
    assert stage["type"] == "Deployment"
    assert stage["spec"]["environment"]["environmentRef"] == "prod"
    assert stage["template"]["templateRef"] == "account.roll"
    assert {"name": "percent", "type": "Number", "value": 10} in stage["variables"]
    assert (stage["identifier"], stage["name"]) == ("deploy", "Deploy")


def test_what_was_used_is_told_with_version_digest_and_place():
    (used,) = expand(pipeline(using("account.roll", inputs=GOOD)), ROLL).templates
    assert (used.ref, used.version, used.stable, used.golden) == ("account.roll", "1", True, True)
    assert used.path == "pipeline.stages[0].stage"
    (used,) = expand(pipeline(using("account.roll", version="1", inputs=GOOD)), ROLL).templates
    assert not used.stable


def test_the_origin_of_a_path_is_known():
    origins = expand(pipeline(using("account.roll", inputs=GOOD)), ROLL).origins
    at = "pipeline.stages[0].stage"
    assert origin_of(origins, f"{at}.spec.environment.environmentRef") == "template account.roll@1"
    assert origin_of(origins, f"{at}.identifier") == "document"


def test_the_typed_document_is_not_changed():
    document = pipeline(using("account.roll", inputs=GOOD))
    before = str(document)
    expand(document, ROLL)
    assert str(document) == before


def test_a_runtime_input_stays_a_question():
    given = values(service_ref="<+input>", environment_ref="prod")
    stage = expand(pipeline(using("account.roll", inputs=given)), ROLL).document["pipeline"]["stages"][0][
        "stage"
    ]
    assert stage["spec"]["service"]["serviceRef"] == "<+stage.variables.service_ref>"
    assert {"name": "service_ref", "type": "String", "value": "<+input>"} in stage["variables"]


def test_a_tree_of_inputs_fills_what_the_template_leaves_open():
    steps = [{"step": {"identifier": "roll", "timeout": "20m"}}]
    tree = {**GOOD, "type": "Deployment", "spec": {"execution": {"steps": steps}}}
    stage = expand(pipeline(using("account.roll", inputs=tree)), ROLL).document["pipeline"]["stages"][0][
        "stage"
    ]
    assert stage["spec"]["execution"]["steps"][0]["step"]["timeout"] == "20m"


@pytest.mark.parametrize(
    ("inputs", "words"),
    [
        (values(service_ref="cart"), "'environment_ref' of account.roll needs a value"),
        (values(service_ref="cart", environment_ref="Prod 1"), "does not match the pattern"),
        ({**values(service_ref="c", environment_ref="p", jdk="11")}, "choose one of 17, 21"),
        ({**values(service_ref="c", environment_ref="p", percent="90")}, "the largest is 50"),
        ({**values(service_ref="c", environment_ref="p", percent="many")}, "is not a number"),
        ({**values(service_ref="c", environment_ref="p", memory="1")}, "has no input 'memory'"),
        ({**values(service_ref="c" * 5000, environment_ref="p")}, "longer than"),
        ({**GOOD, "spec": {"environment": {"environmentRef": "dev"}}}, "the template fixes this value"),
        ({**GOOD, "spec": {"extra": 1}}, "nothing here to fill"),
        (
            {**GOOD, "spec": {"execution": {"steps": [{"step": {"identifier": "other"}}]}}},
            "nothing in the template",
        ),
        (
            {**GOOD, "spec": {"execution": {"steps": [{"step": {"identifier": "roll", "timeout": "1m"}}]}}},
            "10m, 20m",
        ),
    ],
)
def test_inputs_that_do_not_fit_are_errors(inputs, words):
    problems = refused(pipeline(using("account.roll", inputs=inputs)))
    assert any(words in problem.message for problem in problems), problems
    assert all(problem.path.startswith("pipeline.stages[0].stage.template") for problem in problems)


def test_overrides_hold_only_where_the_template_allows_them():
    when = {"pipelineStatus": "All"}
    document = pipeline(using("account.roll", inputs=GOOD, overrides={"when": when}))
    assert "does not allow overriding when" in refused(document)[0].message
    allowing = library(account_roll=("Stage", DEPLOY, INPUTS, {"allowedOverrides": ["ConditionalExecution"]}))
    assert expand(document, allowing).document["pipeline"]["stages"][0]["stage"]["when"] == when


def test_policy_enforcement_is_never_overridable():
    allowing = library(account_roll=("Stage", DEPLOY, INPUTS, {"allowedOverrides": ["PolicyEnforcement"]}))
    document = pipeline(using("account.roll", inputs=GOOD, overrides={"enforce": {"policySets": []}}))
    assert "never be overridden" in refused(document, allowing)[0].message


@pytest.mark.parametrize(
    "beside", [{"failureStrategies": [1]}, {"spec": {}}, {"when": {}}, {"type": "CI"}, {"odd": 1}]
)
def test_content_beside_a_template_is_an_error_and_not_ignored(beside):
    assert "beside a template" in refused(pipeline(using("account.roll", inputs=GOOD, **beside)))[0].message


def test_an_unknown_template_or_version_is_an_error_that_names_it():
    assert "no template account.nope" in refused(pipeline(using("account.nope")))[0].message
    assert "version 9" in refused(pipeline(using("account.roll", version="9")))[0].message


def test_the_type_of_the_template_must_fit_the_place():
    lookup = library(account_roll=("Step", {"type": "Run"}))
    assert "here a Stage template is needed" in refused(pipeline(using("account.roll")), lookup)[0].message


def test_a_whole_pipeline_a_group_and_a_step_come_from_templates():
    lookup = library(
        account_all=("Pipeline", {"stages": [{"stage": {"identifier": "build", "name": "Build", "type": "CI", "spec": {
            "execution": {"steps": [
                {"stepGroup": {"identifier": "scan", "name": "Scan", "template": {"templateRef": "account.scan"}}},
                {"step": {"identifier": "tell", "name": "Tell", "template": {"templateRef": "account.tell"}}},
                {"step": {"identifier": "img", "type": "Run", "spec": {"command": "push <+pipeline.variables.image>:1"}}},
            ]}}}}]}, [{"name": "image", "type": "String", "required": True, "value": "<+input>"}]),
        account_scan=("StepGroup", {"steps": [{"step": {"identifier": "sast", "type": "Semgrep"}}]}),
        account_tell=("Step", {"type": "Http", "spec": {"url": "https://x.example", "method": "POST"}}),
    )  # fmt: skip
    document = {"pipeline": using("account.all", inputs=values(image="shop/cart"))}
    done = expand(document, lookup)
    steps = done.document["pipeline"]["stages"][0]["stage"]["spec"]["execution"]["steps"]
    assert steps[0]["stepGroup"]["steps"][0]["step"]["type"] == "Semgrep"
    assert steps[1]["step"]["type"] == "Http"
    assert steps[2]["step"]["spec"]["command"] == "push shop/cart:1"
    assert [used.ref for used in done.templates] == ["account.all", "account.scan", "account.tell"]


def test_an_insert_point_takes_the_consumers_stages_and_resolves_them():
    spec = {"stages": [{"insert": {"identifier": "more", "name": "more", "stages": []}}]}
    lookup = library(account_all=("Pipeline", spec), own=("Stage", {"type": "Custom", "spec": {}}))
    inner = {"identifier": "mine", "name": "mine", "template": {"templateRef": "own"}}
    tree = {"stages": [{"insert": {"identifier": "more", "stages": [{"stage": inner}]}}]}
    done = expand({"pipeline": using("account.all", inputs=tree)}, lookup).document["pipeline"]
    assert done["stages"][0]["insert"]["stages"][0]["stage"]["type"] == "Custom"


def stage_of(ref):
    return {"stages": [{"stage": {"identifier": "s", "name": "s", "template": {"templateRef": ref}}}]}


def test_a_circle_is_an_error():
    group = {
        "steps": [{"stepGroup": {"identifier": "g", "name": "g", "template": {"templateRef": "account.g"}}}]
    }
    lookup = library(
        account_s=("Stage", {"type": "CI", "spec": {"execution": group}}), account_g=("StepGroup", group)
    )
    assert "circle" in refused(pipeline(using("account.s")), lookup)[0].message


def test_nesting_is_limited():
    def lookup(ref, version):
        number = int(ref.rsplit("_", 1)[1])
        inner = {"identifier": "g", "name": "g", "template": {"templateRef": f"account.g_{number + 1}"}}
        body = {"type": "StepGroup", "spec": {"steps": [{"stepGroup": inner}]}}
        return TemplateSource(ref, "1", True, {"template": body}, "")

    stage = {"identifier": "s", "name": "s", "type": "CI", "spec": {"execution": {"steps": [
        {"stepGroup": {"identifier": "g", "name": "g", "template": {"templateRef": "account.g_0"}}}]}}}  # fmt: skip
    assert "nested deeper than 8" in refused(pipeline(stage), lookup)[0].message


def test_templates_that_multiply_are_stopped_at_the_limit_of_values():
    def lookup(ref, version):
        number = int(ref.rsplit("_", 1)[1])
        inner = {"identifier": "g", "name": "g", "template": {"templateRef": f"account.g_{number + 1}"}}
        steps = [{"stepGroup": inner}] * 100 if number < 6 else []
        body = {"type": "StepGroup", "spec": {"steps": steps}}
        return TemplateSource(ref, "1", True, {"template": body}, "")

    stage = {"identifier": "s", "name": "s", "type": "CI", "spec": {"execution": {"steps": [
        {"stepGroup": {"identifier": "g", "name": "g", "template": {"templateRef": "account.g_0"}}}]}}}  # fmt: skip
    assert f"{MOST_NODES:,}" in refused(pipeline(stage), lookup)[0].message


def test_a_template_cannot_reach_into_a_narrower_scope():
    group = {"steps": [{"stepGroup": {"identifier": "g", "name": "g", "template": {"templateRef": "mine"}}}]}
    lookup = library(
        account_s=("Stage", {"type": "CI", "spec": {"execution": group}}), mine=("StepGroup", {"steps": []})
    )
    assert "narrower scope" in refused(pipeline(using("account.s")), lookup)[0].message


def test_a_reference_where_none_can_stand_is_an_error():
    document = pipeline(
        {"identifier": "s", "name": "s", "type": "CI", "spec": {"odd": {"template": {"templateRef": "x"}}}}
    )
    assert "cannot stand here" in refused(document)[0].message


def test_a_consumer_cannot_set_an_input_through_its_own_variables():
    lookup = library(account_all=("Pipeline", {"stages": []}, INPUTS[:1]))
    document = {
        "pipeline": using(
            "account.all", inputs=values(service_ref="a"), variables=[{"name": "service_ref", "value": "b"}]
        )
    }
    assert "belongs to the template" in refused(document, lookup)[0].message


def test_variables_with_a_fixed_value_are_resolved_for_a_run():
    body = {
        "variables": [{"name": "a", "type": "String", "value": "x"}, {"name": "b", "type": "Secret", "value": "account.s"}],
        "stages": [{"stage": {"variables": [{"name": "c", "type": "String", "value": "y"}],
                              "spec": {"t": "<+pipeline.variables.a>-<+stage.variables.c>-<+pipeline.variables.b>"}}}],
    }  # fmt: skip
    resolved = resolve_variables(body)["stages"][0]["stage"]["spec"]["t"]
    assert resolved == "x-y-<+pipeline.variables.b>"
