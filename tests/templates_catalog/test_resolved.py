"""What policies see of a fixed reference to an environment."""

from __future__ import annotations

import pytest

from governance.admission import admit
from governance.errors import Blocked, Invalid
from governance.kinds import Change
from governance.scopes import find
from templates_catalog.resolved import unknown_environments, with_environments
from templates_catalog.runners import sandbox
from tests.people import PROJECT, by_hand

pytestmark = pytest.mark.django_db

TEST = "environment:\n  identifier: test\n  name: Test\n  type: PreProduction\n"
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


def prod_needs_a_ticket(seen):
    """Bound at a save alone: nothing deploys to production without a ticket."""
    for entry in seen["pipeline"]["stages"]:
        infrastructure = entry["stage"]["spec"].get("infrastructure") or {}
        said = infrastructure.get("environment", {}) if isinstance(infrastructure, dict) else {}
        if said.get("type") == "Production":
            return ["production needs a ticket"]
    return []


def run(cast, **inputs):
    change = Change("run", "pipeline", PROJECT, "ship", fields={"inputs": inputs})
    return admit(change, actor=by_hand(cast.dana))


@pytest.fixture
def guarded(cast, stub_gate, monkeypatch):
    monkeypatch.setattr(sandbox, "why_not", lambda: "")
    keep(cast, "acme", "Production")
    stub_gate.bind("ticket", prod_needs_a_ticket, kind="pipeline", event="onsave")
    return cast


def test_an_input_does_not_lead_round_what_is_asked_at_a_save(guarded):
    save(guarded, "<+input>")
    with pytest.raises(Blocked, match="needs a ticket"):
        run(guarded, environmentRef="account.live")


def test_neither_does_a_variable(guarded):
    variable = "\n  variables:\n    - {name: where, type: String, value: account.live}\n  stages:"
    source = SHIP.format(reference="<+pipeline.variables.where>").replace("\n  stages:", variable)
    admit(Change("save", "pipeline", PROJECT, "ship", source), actor=by_hand(guarded.dana))
    with pytest.raises(Blocked, match="needs a ticket"):
        run(guarded)


@pytest.mark.parametrize(
    "holder",
    [
        "environment: {environmentRef: <+execution.somewhere>}",
        "environments: {values: [{environmentRef: test}, {environmentRef: <+matrix.env>}]}",
        "environmentGroup: {envGroupRef: all_of_them}",
    ],
)
def test_a_run_does_not_start_while_nobody_knows_what_it_deploys_to(guarded, holder):
    admit(Change("save", "environment", PROJECT, "test", TEST), actor=by_hand(guarded.ada))
    source = SHIP.format(reference="x").replace("environment:\n            environmentRef: x", holder)
    admit(Change("save", "pipeline", PROJECT, "ship", source), actor=by_hand(guarded.dana))
    with pytest.raises(Invalid, match="still open when the run starts"):
        run(guarded)


def test_no_document_says_itself_what_its_environment_is(guarded):
    lie = "infrastructure: {environment: {identifier: test, type: PreProduction}}\n          environment:"
    source = SHIP.format(reference="<+input>").replace("environment:", lie, 1)
    with pytest.raises(Invalid) as refused:
        admit(Change("save", "pipeline", PROJECT, "ship", source), actor=by_hand(guarded.dana))
    (problem,) = refused.value.problems
    assert problem.path == "pipeline.stages[0].stage.spec.infrastructure.environment"
    assert "filled in by the portal" in problem.message


def test_no_input_says_it_either(guarded):
    opened = "infrastructure: <+input>\n          environment:"
    source = SHIP.format(reference="<+input>").replace("environment:", opened, 1)
    admit(Change("save", "pipeline", PROJECT, "ship", source), actor=by_hand(guarded.dana))
    with pytest.raises(Invalid, match="filled in by the portal"):
        run(guarded, environmentRef="account.live", infrastructure={"environment": {"type": "PreProduction"}})


def test_an_open_reference_beside_a_known_one_hides_nothing(cast, stub_gate):
    admit(Change("save", "environment", PROJECT, "test", TEST), actor=by_hand(cast.ada))
    spec = {"environments": {"values": [{"environmentRef": "test"}, {"environmentRef": "<+input>"}]}}
    body = {"stages": [{"stage": {"identifier": "d", "type": "Deployment", "spec": spec}}]}
    done = with_environments(body, find(PROJECT))
    assert "infrastructure" not in done["stages"][0]["stage"]["spec"]


def test_an_input_that_a_run_does_not_ask_for_is_refused_by_name(cast, stub_gate):
    from tests.test_doors import SHIP

    admit(Change("save", "pipeline", PROJECT, "ship", SHIP), actor=by_hand(cast.dana))
    change = Change("run", "pipeline", PROJECT, "ship", fields={"inputs": {"reigon": "eu"}})
    with pytest.raises(Invalid, match="no input 'reigon'; this pipeline asks for nothing"):
        admit(change, actor=by_hand(cast.dana))
