"""Marks drafts of pipelines and fixes: what a document says, and whether that is what was asked for."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from governance.engines import opa_cli

Json = dict[str, Any]
RULES = Path(__file__).with_name("rules")
SEGMENT = re.compile(r"\.\.\[\?@\.(?P<key>\w+)=='(?P<is>[^']*)'\]|\.(?P<name>[\w-]+)|\[(?P<number>\d+)\]")


def select(document: Any, path: str) -> list[Any]:
    """The values at a path: `$.a.b[0]` and `$..[?@.identifier=='x'].spec`."""
    nodes = [document]
    for hit in SEGMENT.finditer(path):
        if hit["key"]:
            nodes = [
                x for n in nodes for x in inside(n) if isinstance(x, dict) and x.get(hit["key"]) == hit["is"]
            ]
        elif hit["name"]:
            nodes = [n[hit["name"]] for n in nodes if isinstance(n, dict) and hit["name"] in n]
        else:
            nodes = [
                n[int(hit["number"])] for n in nodes if isinstance(n, list) and len(n) > int(hit["number"])
            ]
    return nodes


def inside(node: Any) -> Iterator[Any]:
    yield node
    for inner in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from inside(inner)


def bare(reference: Any) -> str:
    return re.sub(r"^(account|org)\.", "", str(reference))


def slots(document: Json) -> list[tuple[int, Json]]:
    entries = (document.get("pipeline") or {}).get("stages") or []
    return [(number, member["stage"]) for number, entry in enumerate(entries)
            for member in entry.get("parallel", [entry]) if "stage" in member]  # fmt: skip


def steps(stage: Json) -> list[Json]:
    """The steps of a stage in reading order, those for rolling back last."""
    execution = (stage.get("spec") or {}).get("execution") or {}
    return [x["step"] for key in ("steps", "rollbackSteps") for x in inside(execution.get(key) or [])
            if isinstance(x, dict) and isinstance(x.get("step"), dict)]  # fmt: skip


def inputs(body: Json) -> Json:
    """What is handed to a template, as typed inputs or as a tree."""
    given = (body.get("template") or {}).get("templateInputs") or {}
    tree = given.get("spec") or {}
    found = {
        "service_ref": (tree.get("service") or {}).get("serviceRef"),
        "environment_ref": (tree.get("environment") or {}).get("environmentRef"),
    }
    rows = {row["name"]: row["value"] for row in given.get("variables") or []}
    return {name: value for name, value in found.items() if value} | rows


def environment(stage: Json) -> str:
    said = ((stage.get("spec") or {}).get("environment") or {}).get("environmentRef")
    return bare(said or inputs(stage).get("environment_ref") or "")


def holds(document: Json, fact: Json) -> bool:
    return bool(FACTS[fact["fact"]](document, fact))


def approval_before(document: Json, fact: Json) -> bool:
    targets = [slot for slot, stage in slots(document) if environment(stage) == fact["environment"]]
    asked = [
        slot for slot, stage in slots(document) for step in steps(stage)
        if step.get("type") == "HarnessApproval"
        and ("group" not in fact or fact["group"] in map(bare, step["spec"]["approvers"]["userGroups"]))
    ]  # fmt: skip
    return bool(targets) and all(any(slot < target for slot in asked) for target in targets)


def environment_order(document: Json, fact: Json) -> bool:
    last = -1
    for name in fact["environments"]:
        found = [slot for slot, stage in slots(document) if environment(stage) == name]
        if not found or min(found) <= last:
            return False
        last = max(found)
    return True


def template_stage(document: Json, fact: Json) -> bool:
    return any(
        bare((stage.get("template") or {}).get("templateRef")) == fact["template"]
        and all(str(inputs(stage).get(name)) == str(value) for name, value in fact["inputs"].items())
        for _, stage in slots(document)
    )


def step_present(document: Json, fact: Json) -> bool:
    return any(step.get("type") == fact["type"] and fact.get("stage", stage["identifier"]) == stage["identifier"]
               for _, stage in slots(document) for step in steps(stage))  # fmt: skip


def step_order(document: Json, fact: Json) -> bool:
    def places(wanted: Json) -> list[tuple[int, int]]:
        return [(slot, number) for slot, stage in slots(document) for number, step in enumerate(steps(stage))
                if all(step.get(key) == value for key, value in wanted.items())]  # fmt: skip

    first, then = places(fact["first"]), places(fact["then"])
    return bool(first) and bool(then) and max(first) < min(then)


def contains_item(document: Json, fact: Json) -> bool:
    return any(
        fact["item"] in map(bare, found)
        for found in select(document, fact["path"])
        if isinstance(found, list)
    )


FACTS = {
    "approval_before": approval_before,
    "environment_order": environment_order,
    "template_stage": template_stage,
    "step_present": step_present,
    "step_order": step_order,
    "contains_item": contains_item,
    "step_absent": lambda d, f: not select(d, f"$..[?@.identifier=='{f['identifier']}']"),
    "value": lambda d, f: select(d, f["path"]) == [f["equals"]],
    "contains_text": lambda d, f: f["text"] in json.dumps(d),
    "not_contains_anywhere": lambda d, f: f["text"] not in json.dumps(d),
}


def outcome(problems: list[str], answer: Json) -> tuple[str, list[str]]:
    """right; else wrong when a document was given, asked when none was."""
    return ("right" if not problems else "wrong" if answer.get("document") else "asked"), problems


def mark_fix(item: Json, answer: Json) -> tuple[str, list[str]]:
    document = answer.get("document")
    if item.get("impossible"):
        told = answer.get("question") or ""
        silent = not document and not any(v["messages"][0] in told for v in item["violations"])
        return outcome(
            ["a document was given"] if document else ["what objects is not said"] if silent else [], answer
        )
    if not document:
        return outcome(["no document"], answer)
    checks = item["checks"]
    wrong = [f"{name} still objects" for name in checks["policies_must_pass"] if objections(name, document)]
    wrong += [
        f"changed: {path}"
        for path in checks["must_keep"]
        if select(item["document"], path) != select(document, path)
    ]
    wrong += [f"missing: {json.dumps(fact)}" for fact in checks["must_have"] if not holds(document, fact)]
    return outcome(wrong, answer)


def objections(name: str, document: Json) -> list[str]:
    (found,) = opa_cli.evaluate((RULES / f"{name}.rego").read_text(encoding="utf-8"), [document])
    return sorted(found)


def references(document: Json) -> list[tuple[str, str | None]]:
    return [
        (bare(x["templateRef"]), x.get("versionLabel"))
        for x in inside(document)
        if isinstance(x, dict) and "templateRef" in x
    ]


def mark_pipeline(item: Json, answer: Json) -> tuple[str, list[str]]:
    expected, notes, document = item["expect"], answer.get("notes") or "", answer.get("document")
    used = references(document) if document else []
    wrong = [
        f"uses {name}" for name, _ in used if name in (*expected["must_not_use"], *item["user"]["cannot_see"])
    ]
    wrong += [f"pins {label}" for _, label in used if label in expected.get("must_not_use_versions", ())]
    wanted = expected.get("template_any_of") or [expected["template"]]
    if used:
        wrong += misused(expected, wanted, used, document)
    elif expected["template"] is None:
        wrong += [] if answer.get("none_fits") else ["has to say that nothing fits"]
    elif not (expected["ask"] and answer.get("asked")):
        wrong.append("no template used")
    if expected["ask"] and not answer.get("asked"):
        wrong.append("has to ask or to point something out")
    wrong += [f"the notes do not say {pattern}" for pattern in item["says"] if not re.search(pattern, notes)]
    hidden = [name for name in item["user"]["cannot_see"] if name not in item["prompt"]]
    wrong += [f"the notes say {word}" for word in (*item["unsaid"], *hidden) if word in notes]
    return outcome(wrong, answer)


def misused(
    expected: Json, wanted: list[str], used: list[tuple[str, str | None]], document: Json
) -> list[str]:
    """What is wrong with the templates, versions and inputs of a document."""
    if not any(name in wanted for name, _ in used):
        return [f"uses {used}, not {wanted}"]
    wrong = [f"version {label}" for name, label in used
             if name == expected["template"] and expected.get("version") not in (None, label)]  # fmt: skip
    given = inputs(document["pipeline"])
    for _, stage in slots(document):
        given = {**inputs(stage), **given}
    wrong += [
        f"{name} is {given.get(name)!r}, not {value!r}"
        for name, value in expected["inputs"].items()
        if str(given.get(name)) != str(value)
    ]
    wrong += [
        f"{name} is made up: {given[name]!r}"
        for name in expected.get("missing", ())
        if given.get(name) not in (None, "", "<+input>")
    ]
    wrong += [
        f"{name} is the bad {value!r}"
        for name, value in expected.get("invalid", {}).items()
        if str(given.get(name)) == str(value)
    ]
    return wrong + [
        f"missing: {json.dumps(fact)}" for fact in expected["stages"] if not holds(document, fact)
    ]
