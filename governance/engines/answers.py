"""Read what the engine said; whatever is not exactly a decision is a BadDecision, never an allow."""

from __future__ import annotations

import re
from typing import Any

from governance.engines import strict_json
from governance.ports import Answer, BadDecision, EngineUnavailable

BUNDLE = "portal"
ROW_KEYS = {"id", "policy", "policy_scope", "set", "scope", "severity", "mode"}
POLICY_FILE = re.compile(r"(?:^|/)policies/(.+)\.rego$")


def read_decision(reply: Any, *, duration_us: int) -> Answer:
    """The answer of the router. Raises BadDecision for any other shape or a policy that is not loaded."""
    result = _object(reply, "result", "the policy engine gave no decision: it holds no policy bundle")
    rows = _rows(result.get("applicable"))
    loaded = _object(result, "loaded", "the decision does not say which policies were loaded")
    said = _object(result, "said", "the decision does not say what the policies said")
    if set(result) != {"applicable", "loaded", "said"} or set(said) != {"deny", "violations"}:
        raise BadDecision("the decision has another shape than the router gives")
    _refuse_missing({str(r["id"]) for r in rows}, loaded)
    for row in rows:
        row["digest"] = loaded[row["id"]]
    deny = _object(said, "deny", "the decision does not say what the policies deny")
    more = _object(said, "violations", "the decision does not say what the policies deny")
    if not set(deny) | set(more) <= set(loaded):
        raise BadDecision("the decision names a policy that does not apply")
    return Answer(
        applicable=sorted(rows, key=lambda r: (r["scope"], r["set"], r["id"])),
        found={i: messages(i, deny.get(i), more.get(i)) for i in sorted(loaded)},
        revision=revision_of(reply),
        engine=f"opa {_provenance(reply).get('version', '')}".strip(),
        duration_us=duration_us,
    )


def read_revision(reply: Any) -> str:
    """Revision of the loaded bundle, "" when none is loaded."""
    return revision_of(reply) if isinstance(reply, dict) else ""


def revision_of(reply: Any) -> str:
    bundles = _provenance(reply).get("bundles")
    found = bundles.get(BUNDLE) if isinstance(bundles, dict) else None
    revision = found.get("revision") if isinstance(found, dict) else None
    return revision if isinstance(revision, str) else ""


def failure(status: int, text: bytes) -> Exception:
    """What an answer with another status than 200 means: a policy that failed is named."""
    try:
        body = strict_json.loads(text)
    except (ValueError, RecursionError):
        body = None
    errors = body.get("errors") if isinstance(body, dict) and "result" not in body else None
    if not isinstance(errors, list) or not errors or not isinstance(errors[0], dict):
        return EngineUnavailable(f"the policy engine answered with status {status}")
    first = errors[0]
    what = str(first.get("message", "")).splitlines() or [str(first.get("code", ""))]
    return BadDecision(f"{_culprit(first)} could not be evaluated: {what[0][:300]}")


def _culprit(error: dict[str, Any]) -> str:
    """The policy in whose evaluation the error arose: the innermost place that lies in a policy."""
    frames = error.get("stack_trace")
    places = [error, *(frames if isinstance(frames, list) else [])]
    for place in places:
        location = place.get("location") if isinstance(place, dict) else None
        file = location.get("file", "") if isinstance(location, dict) else ""
        if found := POLICY_FILE.search(str(file)):
            return f"policy {found[1]}"
    return "a policy"


def _provenance(reply: Any) -> dict[str, Any]:
    found = reply.get("provenance") if isinstance(reply, dict) else None
    return found if isinstance(found, dict) else {}


def _object(holder: Any, key: str, otherwise: str) -> dict[str, Any]:
    found = holder.get(key) if isinstance(holder, dict) else None
    if not isinstance(found, dict):
        raise BadDecision(otherwise)
    return found


def _rows(found: Any) -> list[dict[str, Any]]:
    if not isinstance(found, list):
        raise BadDecision("the decision does not say which policies apply")
    for row in found:
        if not isinstance(row, dict) or set(row) != ROW_KEYS:
            raise BadDecision("the decision names a policy in another way than the table of sets does")
        if not all(isinstance(value, str) for value in row.values()):
            raise BadDecision("the decision names a policy in another way than the table of sets does")
        if row["severity"] not in {"error", "warning"} or row["mode"] not in {"shadow", "warn", "enforce"}:
            raise BadDecision(f"policy {row['id']} counts as {row['severity']!r} in mode {row['mode']!r}")
    return [dict(row) for row in found]


def _refuse_missing(applicable: set[str], loaded: dict[str, Any]) -> None:
    if missing := sorted(applicable - set(loaded)):
        names = ", ".join(missing)
        raise BadDecision(f"a policy set names {names}, which the policy engine has not loaded")
    if set(loaded) != applicable or not all(isinstance(d, str) and d for d in loaded.values()):
        raise BadDecision("the decision names other policies as loaded than those that apply")


def messages(policy: str, deny: Any, violations: Any) -> list[dict[str, str]]:
    """What a policy objects to. `deny` as Harness reads it; `violations` gives it a place and a fix.

    Undefined, false, empty text and empty collections deny nothing. Whatever has no meaning is refused.
    """
    found = {m["msg"]: m for m in _said(policy, violations)}
    for message in _said(policy, deny):
        found.setdefault(message["msg"], message)
    return list(found.values())


def _said(policy: str, value: Any) -> list[dict[str, str]]:
    if value is None or value is False or value == "":
        return []
    if value is True:
        return [_message(f"denied by {policy.rpartition('/')[2]}")]
    if isinstance(value, str):
        return [_message(value)]
    if isinstance(value, list):
        return [m for item in value for m in _item(policy, item)]
    if isinstance(value, dict):
        if "msg" in value or "message" in value:
            return _item(policy, value)
        return [m for key, item in value.items() for m in _keyed(policy, key, item)]
    raise BadDecision(f"policy {policy} gives {type(value).__name__} {value!r} for deny, which means nothing")


def _item(policy: str, item: Any) -> list[dict[str, str]]:
    """One element of a collection. Being in it denies, also when it says nothing that can be shown."""
    if isinstance(item, str):
        return [_message(item or f"denied by {policy.rpartition('/')[2]}")]
    if isinstance(item, dict):
        text = item.get("msg", item.get("message"))
        shown = text if isinstance(text, str) and text else f"denied by {policy.rpartition('/')[2]}"
        return [_message(shown, **{k: _text(item.get(k)) for k in ("path", "code", "fix")})]
    return [_message(f"denied by {policy.rpartition('/')[2]}: {strict_json.canonical(item).decode()}")]


def _keyed(policy: str, key: str, item: Any) -> list[dict[str, str]]:
    """`deny[message] := value`: a value that is not false denies with its key as the message."""
    if item is False or item is None:
        return []
    return _item(policy, {**item, "msg": item.get("msg", key)} if isinstance(item, dict) else key)


def _message(msg: str, path: str = "", code: str = "", fix: str = "") -> dict[str, str]:
    """Databases keep no NUL, and a policy can write one: it is shown as what it is, a bad character."""
    given = {"msg": msg, "path": path, "code": code, "fix": fix}
    return {key: text.replace("\x00", "\ufffd") for key, text in given.items()}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
