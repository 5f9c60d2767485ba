"""`manage.py draft --model` against a server that speaks the wire protocol: the model's answer, or the planner's."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.model_server import Hang, ModelServer, calls, model_server

pytestmark = pytest.mark.opa

ROOT = Path(__file__).parents[2]
WORLD = Path(__file__).with_name("world.json")
OWNER = {"id": "one", "prompt": "Every service needs an owner tag."}
REGO = 'package service\n\ndeny contains "no owner" if not input.serviceEntity.tags.owner\n'
RULE = json.dumps(
    {
        "rego": REGO,
        "entity": "service",
        "examples": [
            {"name": "none", "document": '{"serviceEntity": {"name": "a"}}', "expect": "deny"},
            {"name": "one", "document": '{"serviceEntity": {"tags": {"owner": "ada"}}}', "expect": "allow"},
        ],
    }
)
CATALOG = """templates:
- stable: true
  template:
    identifier: java_service
    name: Java service
    versionLabel: 1.0.0
    type: Pipeline
    tags: {language: java}
    spec: {stages: []}
- stable: true
  access: {groups: [security_team]}
  template:
    identifier: hidden_java
    name: Hidden Java service
    versionLabel: 1.0.0
    type: Pipeline
    tags: {language: java}
    spec: {stages: []}
"""
PIPELINE = "pipeline: {identifier: a, name: A, template: {templateRef: account.%s, versionLabel: 1.0.0}}"


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with model_server() as made:
        yield made


def draft(
    server: ModelServer | None, what: str, *questions: Any, more: tuple[str, ...] = ()
) -> list[dict[str, Any]]:
    env = {name: os.environ[name] for name in ("PATH", "OPA_BIN", "HOME") if name in os.environ}
    if server is not None:
        env |= {"OPENAI_BASE_URL": server.address, "OPENAI_MODEL": "double", "ASSISTANT_DEADLINE_S": "4"}
    done = subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), "draft", what, "--world", str(WORLD), "--model", *more],
        input="\n".join(map(json.dumps, questions)) + "\n",
        capture_output=True, text=True, env=env, cwd=ROOT, timeout=120, check=False,
    )  # fmt: skip
    if done.returncode:
        raise AssertionError(done.stderr)
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_what_the_model_cannot_do_the_planner_does_and_the_line_says_so(server: ModelServer) -> None:
    server.answers += [
        RULE,
        "I think you should", *[RULE],  # corrected in the second round
        json.dumps({"question": "Which owner?"}),
        500,
        Hang,
        *["no JSON at all"] * 4,
    ]  # fmt: skip
    found = draft(server, "policy", *[{**OWNER, "id": str(n)} for n in range(6)])
    assert [(a["id"], a["by"], a["outcome"]) for a in found] == [
        ("0", "double", "policy"),
        ("1", "double", "policy"),
        ("2", "double", "clarify"),
        ("3", "planner", "policy"),
        ("4", "planner", "policy"),
        ("5", "planner", "policy"),
    ]
    assert [a.get("rounds") for a in found[:3]] == [1, 2, 1]
    assert found[0]["rego"].startswith("package service")
    assert found[2]["question"] == "Which owner?"
    assert "status 500; this is the planner's answer." in found[3]["notes"]
    assert "in time" in found[4]["notes"] or "time was over" in found[4]["notes"]
    assert "no usable answer after 3 corrections" in found[5]["notes"]
    assert "Every service needs an owner tag." in json.dumps(server.asked[0]["messages"])


def test_a_pipeline_uses_what_was_found_among_what_the_person_may_see(
    server: ModelServer, tmp_path: Path
) -> None:
    (tmp_path / "java.yaml").write_text(CATALOG)
    server.answers += [
        calls("search", text="java service"),
        json.dumps({"document": PIPELINE % "hidden_java"}),
        json.dumps({"document": PIPELINE % "java_service", "missing": ["region"], "sentence": "Built."}),
        json.dumps({"none_fits": True, "sentence": "Nothing is for Cobol."}),
    ]
    question = {"prompt": "A pipeline for a Java service", "catalog": "java", "user": {"groups": ["dev"]}}
    built, none = draft(
        server,
        "pipeline",
        {"id": "a", **question},
        {"id": "b", **question},
        more=("--catalogs", str(tmp_path)),
    )
    assert built["document"]["pipeline"]["template"]["templateRef"] == "account.java_service"
    assert (built["asked"], built["missing"], built["by"]) == (True, ["region"], "double")
    assert (none["document"], none["none_fits"]) == (None, True)
    told = json.dumps([m for m in server.asked[1]["messages"] if m["role"] == "tool"])
    assert "java_service" in told
    assert "hidden_java" not in told
    assert "there is no template account.hidden_java" in server.asked[2]["messages"][-1]["content"]


def test_a_repair_counts_only_when_every_policy_lets_it_pass(server: ModelServer, tmp_path: Path) -> None:
    (tmp_path / "owner.rego").write_text(REGO)
    question = {
        "id": "f",
        "request": "Add the owner ada.",
        "document": {"serviceEntity": {"name": "cart", "identifier": "cart"}},
        "violations": [{"policy": "owner", "messages": ["no owner"]}],
        "policies": ["owner"],
    }
    good = {"serviceEntity": {"name": "cart", "identifier": "cart", "tags": {"owner": "ada"}}}
    server.answers += [
        json.dumps({"document": json.dumps({"serviceEntity": {"name": "cart"}})}),
        json.dumps({"document": json.dumps(good), "sentence": "Added."}),
    ]
    (found,) = draft(server, "fix", question, more=("--policies", str(tmp_path)))
    assert (found["document"], found["by"]) == (good, "double")
    assert "still does not pass: no owner" in server.asked[1]["messages"][-1]["content"]


def test_without_a_configured_model_the_option_is_refused_in_one_sentence() -> None:
    with pytest.raises(AssertionError, match=r"no model is configured\. Set OPENAI_MODEL"):
        draft(None, "policy", OWNER)
