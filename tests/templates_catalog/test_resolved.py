"""What policies see of a fixed reference to an environment."""

from __future__ import annotations

import pytest

from governance.admission import admit
from governance.errors import Invalid
from governance.kinds import Change
from governance.scopes import find
from templates_catalog.resolved import unknown_environments, with_environments
from tests.people import PROJECT, by_hand

pytestmark = pytest.mark.django_db

LIVE = "environment:\n  identifier: live\n  name: Live\n  type: {kind}\n"


def seen(reference: str) -> object:
    stage = {"identifier": "d", "type": "Deployment", "spec": {"environment": {"environmentRef": reference}}}
    body = with_environments({"stages": [{"stage": stage}]}, find(PROJECT))
    return body["stages"][0]["stage"]["spec"].get("infrastructure", {}).get("environment", {}).get("type")


def keep(cast, scope: str, kind: str) -> None:
    change = Change("save", "environment", scope, "live", LIVE.format(kind=kind))
    admit(change, actor=by_hand(cast.ada))


def test_a_prefixed_reference_is_resolved_where_it_says(cast, stub_gate):
    keep(cast, "acme", "Production")
    keep(cast, PROJECT, "PreProduction")
    assert seen("account.live") == "Production"


def test_a_bare_reference_means_the_nearest(cast, stub_gate):
    keep(cast, "acme", "Production")
    assert seen("live") == "Production"
    keep(cast, PROJECT, "PreProduction")
    assert seen("live") == "PreProduction"


@pytest.mark.parametrize("reference", ["<+input>", "nowhere", "org.live"])
def test_what_cannot_be_resolved_stays_as_it_is(cast, stub_gate, reference):
    keep(cast, "acme", "Production")
    assert seen(reference) is None


def test_of_several_environments_the_production_one_is_seen(cast, stub_gate):
    keep(cast, "acme", "Production")
    admit(
        Change(
            "save",
            "environment",
            PROJECT,
            "test",
            "environment:\n  identifier: test\n  name: Test\n  type: PreProduction\n",
        ),
        actor=by_hand(cast.ada),
    )
    spec = {"environments": {"values": [{"environmentRef": "test"}, {"environmentRef": "account.live"}]}}
    body = {"stages": [{"stage": {"identifier": "d", "type": "Deployment", "spec": spec}}]}
    done = with_environments(body, find(PROJECT))
    assert done["stages"][0]["stage"]["spec"]["infrastructure"]["environment"]["type"] == "Production"


SHIP = """pipeline:
  identifier: ship
  name: Ship
  stages:
    - stage:
        identifier: d
        name: D
        type: Deployment
        failureStrategies:
          - onFailure: {{errors: [AllErrors], action: {{type: Abort}}}}
        spec:
          deploymentType: Kubernetes
          service: {{serviceRef: cart}}
          environment:
            environmentRef: {reference}
          execution:
            steps:
              - step: {{identifier: r, name: R, type: K8sRollingDeploy, timeout: 10m, spec: {{}}}}
"""


def save(cast, reference: str):
    change = Change("save", "pipeline", PROJECT, "ship", SHIP.format(reference=reference))
    return admit(change, actor=by_hand(cast.dana))


def test_a_pipeline_that_names_no_environment_there_is_is_refused_with_its_line_and_the_near_ones(
    cast, stub_gate
):
    keep(cast, "acme", "Production")
    with pytest.raises(Invalid) as refused:
        save(cast, "account.lives")
    (problem,) = refused.value.problems
    assert "account.live?" in problem.message
    assert (problem.path, problem.line) == ("pipeline.stages[0].stage.spec.environment.environmentRef", 15)


@pytest.mark.parametrize("reference", ["account.live", "live", "<+input>"])
def test_what_exists_or_is_left_open_is_saved(cast, stub_gate, reference):
    keep(cast, "acme", "Production")
    assert save(cast, reference).version == "1"


def test_a_run_whose_input_names_no_environment_there_is_is_refused(cast, stub_gate):
    keep(cast, "acme", "Production")
    save(cast, "<+input>")
    change = Change(
        "run",
        "pipeline",
        PROJECT,
        "ship",
        fields={"inputs": {"environmentRef": "elsewhere"}},
    )
    with pytest.raises(Invalid) as refused:
        admit(change, actor=by_hand(cast.dana))
    assert "'elsewhere' does not exist" in str(refused.value.problems)


def test_environments_that_the_asker_may_not_see_are_not_named(cast, stub_gate):
    keep(cast, "acme", "Production")
    body = {"stages": [{"stage": {"spec": {"environment": {"environmentRef": "account.lives"}}}}]}
    (problem,) = unknown_environments(body, "pipeline", find(PROJECT), by_hand(cast.sam))
    assert "Did you mean" not in problem.message
