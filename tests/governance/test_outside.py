"""A bundle of one scope decides outside as the gate decides inside: real opa, and conftest where it is."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from governance import corpus, outside, wiring
from governance.bundle import pack, unpack
from governance.engines import opa_cli
from governance.engines.opa_binary import find_opa
from governance.errors import NotFound
from governance.kinds import Change, Prepared
from governance.ports import Question
from governance.starters import starters
from governance.verdicts import Verdict
from portal import sidecar, tokens
from tests.governance.drafting import NO_LATEST, bind, put_in_force
from tests.governance.random_documents import random_document
from tests.people import PROJECT, by_hand
from tests.portal.test_sidecar import call

VERSION = "v0.68.2"
pytestmark = [pytest.mark.opa, pytest.mark.slow]


@pytest.fixture
def bundle(gate: Any, settings: Any, tmp_path: Path) -> Any:
    """Ten starters in an enforced set, one that only warns, one in shadow; the bundle of the project."""
    settings.BUNDLE_SIGNING_KEY_FILE = tmp_path / "bundle_rsa.pem"
    settings.BUNDLE_SIGNING_KEY_FILE.write_bytes(gate.private)
    chosen = [s for s in starters() if s.rule.entity == "pipeline"][:12]
    for starter in chosen:
        rule = starter.rule.model_dump(mode="json")
        put_in_force(gate, starter.identifier, opa_cli.fmt(starter.rego), rule=rule)
    put_in_force(gate, "no_latest", NO_LATEST, entity="service", scope="acme/shop")
    names = [s.identifier for s in chosen]
    bind(gate, "all", "pipeline", [*names[:9], (names[9], "warning")])
    bind(gate, "watched", "pipeline", [names[10]], mode="shadow")
    bind(gate, "production", "pipeline", [names[11]], selector={"environment_types": ["Production"]})
    bind(gate, "services", "service", ["no_latest"], scope="acme/shop")
    gate.settle()
    file = tmp_path / "bundle.tar.gz"
    file.write_bytes(outside.archive(by_hand(gate.cast.dana), PROJECT)[1])
    (tmp_path / "bundle.pem").write_text(outside.public_key_pem())
    return file


def said(bundle: Path, documents: list[Any], rule: str = "deny") -> list[set[str]]:
    """By `opa eval` of the bundle once its signature was checked, all documents in one go."""
    checked = verified(bundle)
    assert checked.returncode == 0, checked.stderr
    (bundle.parent / "input.json").write_text(json.dumps(documents))
    done = subprocess.run(
        [find_opa(), "eval", "--format", "json", "--bundle", str(bundle.parent / "verified.tar.gz"),
         "--input", str(bundle.parent / "input.json"),
         f'{{sprintf("%d", [i]): found | some i, d in input; found := data.main.{rule} with input as d}}'],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    found = json.loads(done.stdout)["result"][0]["expressions"][0]["value"]
    return [set(found[str(n)]) for n in range(len(documents))]


def verified(bundle: Path) -> Any:
    return subprocess.run(
        [find_opa(), "build", "--bundle", str(bundle), "--verification-key", str(bundle.parent / "bundle.pem"),
         "--verification-key-id", "portal", "--output", str(bundle.parent / "verified.tar.gz")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_another_text_under_the_same_signature_is_refused(bundle: Path) -> None:
    files = unpack(bundle.read_bytes())
    files["main.rego"] += b"\n# changed\n"
    bundle.write_bytes(pack(files))
    refused = verified(bundle)
    assert refused.returncode != 0
    assert "digest" in refused.stdout + refused.stderr


def inside(document: Any, kind: str = "pipeline") -> Verdict:
    question = Question(scopes=(PROJECT, "acme/shop", "acme"), kind=kind, event="onsave")
    answer = wiring.engine().decide(question, json.dumps(document).encode(), timeout_ms=5000)
    return Verdict.of(answer, Change("save", kind, PROJECT, "x"), Prepared(), [], document)


def test_opa_outside_says_what_the_gate_says(bundle: Path) -> None:
    examples = corpus.documents("pipeline")
    documents = [random_document(random.Random(seed), examples) for seed in range(150)]
    for document in documents:
        document["metadata"] = {**document.get("metadata", {}), "action": "onsave"}
    denied, warned = said(bundle, documents), said(bundle, documents, "warn")
    expected = [inside(d) for d in documents]
    # The portal decides on what references stand for; outside nobody knows it, so they are denied.
    known = [n for n, d in enumerate(denied) if not any("is a reference to a template" in m for m in d)]
    assert len(known) > 50
    documents, denied, warned, expected = (
        [found[n] for n in known] for found in (documents, denied, warned, expected)
    )
    assert denied == [{v.message for v in e.errors} for e in expected]
    assert warned == [{v.message for v in e.warnings} for e in expected]
    assert any(denied)
    assert not all(denied)


def test_a_set_of_an_organization_is_in_it_and_an_unknown_document_is_denied(bundle: Path) -> None:
    service = {"serviceEntity": {"tags": {"tier": "latest"}}}
    assert said(bundle, [service]) == [{"tier may not be latest"}]
    assert (
        said(bundle, [{"spaceship": {}}, {}]) == [{"this document is of no kind that the portal gates"}] * 2
    )


def test_a_document_does_not_choose_not_to_be_asked(bundle: Path) -> None:
    service = {"serviceEntity": {"tags": {"tier": "latest"}}}
    linked = {
        "pipeline": {"stages": [{"stage": {"identifier": "s", "template": {"templateRef": "account.x"}}}]}
    }
    for document, says in (
        ({**service, "metadata": {"action": "none"}}, "no event none"),
        ({**service, "metadata": {"action": ["onsave"]}}, "no event"),
        ({**service, "metadata": "none"}, "no decision"),
        ({**service, "pipeline": {}}, "several documents: pipeline, service"),
        (linked, "account.x is a reference to a template"),
    ):
        (found,) = said(bundle, [document])
        assert any(says in message for message in found), (document, found)


def test_who_may_not_see_policies_there_gets_no_bundle(bundle: Path, gate: Any) -> None:
    with pytest.raises(NotFound):
        outside.archive(by_hand(gate.cast.sam), PROJECT)


def find_conftest() -> str | None:
    """On PATH, in the user's cache, or built with Go where its modules can be had; else None."""
    home = (
        Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "portcullis" / "conftest" / VERSION
    )
    if found := shutil.which("conftest") or shutil.which("conftest", path=str(home)):
        return found
    if go := shutil.which("go"):
        module = f"github.com/open-policy-agent/conftest@{VERSION}"
        done = subprocess.run(
            [go, "install", module], env={**os.environ, "GOBIN": str(home), "GOFLAGS": "-mod=mod"},
            capture_output=True, timeout=300, check=False,
        )  # fmt: skip
        if done.returncode == 0:
            return str(home / "conftest")
    return None


def test_conftest_says_the_same(bundle: Path) -> None:
    conftest = find_conftest()
    if conftest is None:
        pytest.skip("conftest is not here")
    shutil.unpack_archive(bundle, bundle.parent / "policies")
    document = bundle.parent / "document.json"
    for tier in ("latest", "gold"):
        document.write_text(json.dumps({"serviceEntity": {"tags": {"tier": tier}}}))
        done = subprocess.run(
            [conftest, "test", "--policy", "policies", "--data", "policies", "document.json", "--output", "json"],
            cwd=bundle.parent, capture_output=True, text=True, check=False,
        )  # fmt: skip
        failures = [f["msg"] for row in json.loads(done.stdout) for f in row.get("failures", [])]
        assert failures == (["tier may not be latest"] if tier == "latest" else []), done.stderr


def test_a_token_fetches_it_by_its_address_and_waits_for_the_next(bundle: Path, gate: Any) -> None:
    def fetch(
        who: str, scope: str = "acme.shop.payments", **headers: str
    ) -> tuple[int, dict[str, str], bytes]:
        secret = tokens.create(by_hand(getattr(gate.cast, who)), "ci", 1)[1]
        return call(sidecar.bundles, token=secret, path=f"/bundles/{scope}.tar.gz", **headers)

    status, headers, body = fetch("dana")
    assert (status, body) == (200, bundle.read_bytes())
    etag = headers["etag"]
    assert fetch("dana", if_none_match=etag, prefer="wait=1")[0] == 304
    assert fetch("sam")[0] == 404
    assert fetch("dana", "nowhere")[0] == 404
    assert call(sidecar.bundles, token="pcl_wrong", path="/bundles/acme.tar.gz")[0] == 401
    put_in_force(gate, "another", NO_LATEST, entity="service")
    bind(gate, "more", "service", ["another"])
    gate.settle()
    changed = fetch("dana", if_none_match=etag, prefer="wait=5")
    assert changed[0] == 200
    assert changed[1]["etag"] != etag
