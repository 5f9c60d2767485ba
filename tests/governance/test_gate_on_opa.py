"""The gate against a real OPA: what policies see, what blocks, and what happens when it cannot answer."""

from __future__ import annotations

import os
import signal
import time
from typing import Any

import pytest

from governance import publishing
from governance.admission import admit
from governance.errors import Blocked, GateUnavailable
from governance.kinds import Change
from governance.models import Evaluation, PolicySetMember, PolicyVersion
from templates_catalog.models import Entity
from tests.governance.drafting import NO_LATEST, bind, put_in_force
from tests.people import PROJECT, by_hand, weaken

pytestmark = [pytest.mark.opa, pytest.mark.slow]

GOOD = "service:\n  name: ship\n  identifier: ship\n  tags: {tier: gold}\n"
BAD = "service:\n  name: ship\n  identifier: ship\n  tags: {tier: latest}\n"


def save(gate: Any, source: str = GOOD, who: str = "dana", identifier: str = "ship") -> Any:
    source = source.replace("identifier: ship", f"identifier: {identifier}")
    change = Change("save", "service", PROJECT, identifier, source)
    return admit(change, actor=by_hand(getattr(gate.cast, who)))


def refused_within(gate: Any, seconds: float) -> str:
    """A save is refused as unavailable, in time, and nothing is kept; the reason."""
    started = time.monotonic()
    with pytest.raises(GateUnavailable) as refused:
        save(gate, identifier="refused")
    assert time.monotonic() - started < seconds
    assert not Entity.objects.filter(identifier="refused").exists()
    return str(refused.value)


def test_an_active_policy_in_an_enforced_set_blocks_a_save(gate: Any) -> None:
    put_in_force(gate, "no_latest", NO_LATEST, entity="service")
    bind(gate, "services", "service", ["no_latest"])
    gate.settle()
    with pytest.raises(Blocked) as refused:
        save(gate, BAD)
    assert [(v.policy, v.message, v.line, v.fix) for v in refused.value.violations] == [
        ("no_latest", "tier may not be latest", 4, "name a tier")
    ]
    row = Evaluation.objects.get(kind="service")
    assert (row.status, row.engine) == ("error", "opa 1.22.2")
    assert row.details[0]["digest"] == PolicyVersion.objects.get().content_sha256
    save(gate, GOOD)
    assert Evaluation.objects.latest("at").status == "pass"


@pytest.mark.parametrize(
    ("also", "severity", "status", "blocks"),
    [
        ({"mode": "enforce"}, "error", "error", True),
        ({"mode": "enforce"}, "warning", "warning", False),
        ({"mode": "warn"}, "error", "warning", False),
        ({"mode": "shadow"}, "error", "pass", False),
        ({"mode": "off"}, "error", "pass", False),
        ({"enabled": False}, "error", "pass", False),
    ],
)
def test_mode_and_severity_decide_what_a_denial_does(
    gate: Any, also: dict[str, Any], severity: str, status: str, blocks: bool
) -> None:
    put_in_force(gate, "no_latest", NO_LATEST, entity="service")
    bind(gate, "services", "service", [("no_latest", severity)], **also)
    gate.settle()
    if blocks:
        with pytest.raises(Blocked):
            save(gate, BAD)
    else:
        assert [w.severity for w in save(gate, BAD).warnings] == (["warning"] if status == "warning" else [])
    assert Evaluation.objects.get(kind="service").status == status


def test_a_set_reaches_downwards_and_never_sideways(gate: Any) -> None:
    put_in_force(gate, "no_latest", NO_LATEST, entity="service", scope="acme")
    bind(gate, "of_search", "service", ["acme/no_latest"], scope="acme/shop/search")
    gate.settle()
    save(gate, BAD)
    bind(gate, "of_shop", "service", ["acme/no_latest"], scope="acme/shop")
    gate.settle()
    with pytest.raises(Blocked):
        save(gate, BAD, identifier="second")


def test_policies_see_who_asks_in_harness_words(gate: Any) -> None:
    rego = """package service

deny contains sprintf("%s %s %s %s %s", [m.user.username, m.action, m.channel, g, r]) if {
	m := input.metadata
	g := concat(",", [x.identifier | some x in m.userGroups])
	r := concat(",", [x.roleIdentifier | some x in m.roleAssignmentMetadata])
	m.projectMetadata.identifier == "payments"
	m.ai.generated == false
	m.timestamp > 1700000000
}
"""
    put_in_force(gate, "who", rego, entity="service")
    bind(gate, "services", "service", ["who"])
    gate.settle()
    with pytest.raises(Blocked, match="dana onsave ui  developer"):
        save(gate)


def test_an_engine_that_is_stopped_frozen_or_restarted_refuses_and_recovers(gate: Any) -> None:
    gate.stop_opa()
    assert "could not be asked" in refused_within(gate, 2.5)
    gate.start_opa()
    gate.wait_until_loaded()
    save(gate)

    assert gate.process is not None
    os.kill(gate.process.pid, signal.SIGSTOP)
    try:
        assert "did not answer within 2000 ms" in refused_within(gate, 2.5)
    finally:
        os.kill(gate.process.pid, signal.SIGCONT)
    save(gate)


def test_an_engine_without_a_bundle_refuses(gate: Any) -> None:
    gate.front.closing.set()
    gate.stop_opa()
    gate.start_opa(fetches=False)
    gate.wait_until_up()
    assert "holds no policy bundle" in refused_within(gate, 2.5)


def test_an_engine_that_stayed_behind_is_refused(gate: Any) -> None:
    save(gate)
    assert gate.process is not None
    state = publishing.gate_state()
    publishing.GateState.objects.filter(name="gate").update(pinned="f" * 64)
    publishing.Bundle.objects.create(revision="f" * 64, serial=99, sha256="f" * 64, archive=b"")
    assert f"answered from revision {state.pinned[:12]}" in refused_within(gate, 2.5)


def test_a_policy_that_a_set_names_and_the_bundle_lacks_refuses(gate: Any, monkeypatch: Any) -> None:
    put_in_force(gate, "no_latest", NO_LATEST, entity="service")
    bind(gate, "services", "service", ["no_latest"])
    whole = gate.builder.files

    def without(policies: Any, table: Any) -> Any:
        return {k: v for k, v in whole(policies, table).items() if "no_latest" not in k}

    monkeypatch.setattr(gate.builder, "files", without)
    gate.settle()
    assert "names acme/no_latest, which the policy engine has not loaded" in refused_within(gate, 2.5)


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ('deny contains "x" if 1 / to_number(input.serviceEntity.tags.zero) == 1', "divide by zero"),
        ('deny := "a" if input.serviceEntity\n\ndeny := "b" if input.metadata', "conflicting values"),
        ("deny := 3 if input.serviceEntity", "means nothing"),
    ],
)
def test_a_policy_that_fails_refuses_and_is_named(gate: Any, body: str, says: str) -> None:
    put_in_force(gate, "broken", f"package service\n\n{body}\n", entity="service")
    bind(gate, "services", "service", ["broken"])
    gate.settle()
    with pytest.raises(GateUnavailable, match=says) as refused:
        save(gate, GOOD.replace("tier: gold", 'zero: "0"'))
    assert "acme/broken" in str(refused.value)
    assert not Entity.objects.exists()
    weaken(gate.cast, "save", "acme", "services", entity="service", event="onsave")
    gate.settle()
    save(gate)


def test_while_a_revision_is_on_its_way_answers_from_both_count(gate: Any) -> None:
    put_in_force(gate, "no_latest", NO_LATEST, entity="service")
    bind(gate, "services", "service", ["no_latest"])
    before = publishing.gate_state().pinned
    while not publishing.publish_if_due(gate.builder, gate.publisher):
        # Pins keep a second apart.
        time.sleep(0.05)
    assert publishing.gate_state().pending not in {"", before}
    first = save(gate)
    gate.wait_for_revision(publishing.gate_state().pending)
    second = save(gate)
    used = [Evaluation.objects.get(pk=s.evaluation).revision for s in (first, second)]
    assert used[1] == publishing.gate_state().pending
    assert publishing.gate_state().pinned == before
    assert gate.settle() == used[1]


def test_a_bundle_older_than_the_pinned_one_is_never_pinned(gate: Any) -> None:
    first = publishing.gate_state().pinned
    put_in_force(gate, "no_latest", NO_LATEST, entity="service")
    assert gate.settle() != first
    publishing.GateState.objects.filter(name="gate").update(pending=first)
    publishing.report("one", first, "")
    with pytest.raises(RuntimeError, match="older than the pinned one"):
        publishing.pin_if_ready()


def test_a_bundle_signed_by_another_key_is_not_loaded(gate: Any) -> None:
    from governance.bundle import Builder
    from tests.governance.sidecars import key_pair

    before = publishing.gate_state().pinned
    gate.builder = Builder(key_pair()[0])
    put_in_force(gate, "no_latest", NO_LATEST, entity="service")
    with pytest.raises(AssertionError, match="nothing was pinned"):
        gate.settle(timeout_s=4)
    assert publishing.gate_state().pinned == before
    assert any("verif" in r.error for r in publishing.heard())
    save(gate)


def test_an_unchanged_content_is_not_published_again(gate: Any) -> None:
    before = publishing.gate_state().pinned
    publishing.mark_changed()
    time.sleep(publishing.BETWEEN_PINS.total_seconds())
    assert gate.settle() == before
    assert publishing.publish_if_due(gate.builder, gate.publisher, always=True) == ""


def test_a_policy_without_an_active_version_binds_nothing(gate: Any) -> None:
    pat = by_hand(gate.cast.pat)
    admit(Change("save", "policy", "acme", "draft", NO_LATEST, fields={"entity": "service"}), actor=pat)
    bind(gate, "services", "service", ["draft"])
    gate.settle()
    save(gate, BAD)
    assert PolicySetMember.objects.count() == 1


def test_the_sidecar_answers_nothing_but_decisions(gate: Any) -> None:
    from governance.engines.deadline import Deadline
    from governance.engines.opa import _Connection

    for path in ("/v1/data", "/v1/policies", "/v1/query", "/v1/config", "/v1/data/policies"):
        status, _ = _Connection(gate.url).exchange(path, b"{}", {}, Deadline(2000))
        assert status == 401, path


def test_a_new_keeper_takes_written_policies_from_the_latest_bundle(gate: Any, monkeypatch: Any) -> None:
    from governance import rego_text
    from governance.bundle import Builder

    put_in_force(gate, "no_latest", NO_LATEST, entity="service")
    before = gate.settle()
    fresh = Builder(gate.private)
    publishing.recall(fresh)
    monkeypatch.setattr(rego_text, "nest", lambda *_: pytest.fail("moved anew"))
    time.sleep(publishing.BETWEEN_PINS.total_seconds())
    assert publishing.publish_if_due(fresh, gate.publisher, always=True) == "", "the content is the same"
    assert publishing.gate_state().pinned == before


def test_a_stored_decision_can_be_taken_again_from_what_was_kept(gate: Any, tmp_path: Any) -> None:
    import json
    import subprocess
    import zlib

    from governance.models import Bundle, EvaluationInput
    from tests.governance.sidecars import opa_binary

    put_in_force(gate, "no_latest", NO_LATEST, entity="service")
    bind(gate, "services", "service", ["no_latest"])
    gate.settle()
    with pytest.raises(Blocked):
        save(gate, BAD)
    row = Evaluation.objects.get(kind="service")
    (tmp_path / "bundle.tar.gz").write_bytes(bytes(Bundle.objects.get(revision=row.revision).archive))
    body = EvaluationInput.objects.get(sha256=row.input_sha256).body
    question = {"scopes": row.scope.chain_paths, "kind": row.kind, "event": row.event}
    asked = {"question": question, "document": json.loads(zlib.decompress(bytes(body)))}
    (tmp_path / "input.json").write_text(json.dumps(asked))
    done = subprocess.run(
        [opa_binary(), "eval", "-b", "bundle.tar.gz", "-i", "input.json", "-f", "json", "data.portal.router.decide"],
        cwd=tmp_path,
        capture_output=True,
        check=True,
    )  # fmt: skip
    again = json.loads(done.stdout)["result"][0]["expressions"][0]["value"]
    assert again["said"]["deny"] == {"acme/no_latest": [row.details[0]["violations"][0]["message"]]}
    assert list(again["loaded"]) == ["acme/no_latest"]
