"""The closed list of what can be recorded: the name of every action and its sentence.

A name reads `<noun>.<verb>`; the sentence completes "Dana …" on the page. Plugins add to the list
with `register`; nothing is recorded under a name that is not here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

# Kinds are written as Harness writes them: `gitopsApplication`.
NAME = re.compile(r"[a-z][a-zA-Z_]{0,39}\.[a-z][a-z_]{0,39}")

# Nouns of definitions and rules with their verbs; the sentence is "<verb> a <noun>".
VERBS: Final[dict[str, dict[str, str]]] = {
    "policy": {
        "save": "saved a policy draft",
        "submit": "submitted a policy for review",
        "approve": "approved a policy",
        "request_changes": "asked for changes to a policy",
        "comment": "commented on a policy",
        "replay": "asked for the impact of a policy",
        "cancel_replay": "cancelled the impact of a policy",
        "activate": "activated a policy",
        "retire": "retired a policy",
        "delete": "deleted a policy",
    },
    "exemption": {
        "ask": "asked for an exemption",
        "grant": "granted an exemption",
        "refuse": "refused an exemption",
        "revoke": "revoked an exemption",
    },
    "policy_set": {
        "save": "saved a policy set",
        "request": "asked to weaken a policy set",
        "confirm": "confirmed that a policy set is weakened",
        "decline": "declined to weaken a policy set",
        "enable": "enabled a policy set",
        "disable": "disabled a policy set",
        "delete": "deleted a policy set",
    },
    "template": {
        "save": "saved a template version",
        "set_stable": "set the stable version of a template",
        "retire": "retired a template",
        "delete": "deleted a template",
    },
    "pipeline": {
        "save": "saved a pipeline",
        "run": "ran a pipeline",
        "copy": "copied a pipeline",
        "delete": "deleted a pipeline",
    },
    "service": {"save": "saved a service", "delete": "deleted a service"},
    "environment": {"save": "saved an environment", "delete": "deleted an environment"},
    "infrastructure": {"save": "saved an infrastructure", "delete": "deleted an infrastructure"},
    "connector": {"save": "saved a connector", "delete": "deleted a connector"},
    "role": {"save": "saved a role", "delete": "deleted a role"},
    "user_group": {
        "save": "saved a user group",
        "delete": "deleted a user group",
        "add_member": "added a person to a user group",
        "remove_member": "removed a person from a user group",
    },
    "role_binding": {
        "save": "saved a role binding",
        "grant": "granted a role",
        "revoke": "revoked a role",
        "delete": "deleted a role binding",
    },
    "object_grant": {
        "save": "saved a grant on one object",
        "grant": "granted a permission on one object",
        "revoke": "revoked a permission on one object",
        "delete": "deleted a grant on one object",
    },
    "organization": {
        "save": "saved an organization",
        "archive": "archived an organization",
        "delete": "deleted an organization",
    },
    "project": {
        "save": "saved a project",
        "archive": "archived a project",
        "delete": "deleted a project",
    },
    "account": {"save": "saved the account"},
    "user": {
        "save": "saved a person",
        "deactivate": "deactivated a person",
        "reactivate": "reactivated a person",
    },
    "setting": {"save": "saved a setting", "lock": "locked a setting", "unlock": "unlocked a setting"},
    "exam": {
        "sit": "had an exam sat",
        "cancel": "cancelled an exam",
        "finish": "finished an exam",
    },
    "proposal": {
        "propose": "was given a proposal by the assistant",
        "accept": "accepted a proposal",
        "discard": "discarded a proposal",
    },
    "assistant": {"turn": "asked the assistant", "failed": "got no answer from the model"},
    "execution": {
        "cancel": "cancelled a run",
        "approve": "approved a waiting step",
        "reject": "rejected a waiting step",
        "resolve": "decided what becomes of an interrupted run",
        "queued": "put a run back into the queue",
        "leased": "took a run from the queue",
        "started": "started a run",
        "waiting": "paused a run until a person decides",
        "succeeded": "finished a run",
        "failed": "ended a run as failed",
        "cancelled": "ended a run as cancelled",
        "expired": "ended a run because its time was over",
        "needs_decision": "stopped a run that a person must decide about",
        "download": "downloaded a log",
    },
    "session": {
        "log_in": "logged in",
        "log_out": "logged out",
        "log_in_failed": "failed to log in",
    },
    "token": {
        "create": "created an API token",
        "revoke": "revoked an API token",
        "refused": "used an API token that was refused",
    },
    "access": {"denied": "was denied access"},
    "gate": {
        "dry_run": "asked the policy gate without saving",
        "error": "got no usable answer from the policy gate",
    },
    "bundle": {
        "publish": "published a policy bundle",
        "pin": "made a policy bundle the one in force",
        "sweep": "decided everything stored anew",
    },
    "audit": {
        "export": "exported events",
        "export_finished": "received a complete export",
        "export_failed": "received no complete export",
        "verify": "verified the trail",
        "clock_skew": "saw the clocks of application and database differ",
    },
    "change": {"unknown": "asked for a change that does not exist"},
    "demo": {"start": "began to make demo data", "finish": "finished the demo data"},
}

# Documents that are kept elsewhere; of them only the decisions are recorded.
DECIDED: Final[Mapping[str, str]] = {
    "infrastructure": "an infrastructure definition",
    "secret": "a secret reference",
    "variable": "a variable",
    "override": "a service override",
    "workspace": "a workspace",
    "gitopsApplication": "a GitOps application",
    "token": "a token",
    "apiKey": "an API key",
    "serviceAccount": "a service account",
    "featureFlag": "a feature flag",
    "repository": "a repository",
    "dbSql": "a database change",
    "terraformPlan": "a Terraform plan",
    "terraformPlanCost": "the cost of a Terraform plan",
    "terraformState": "a Terraform state",
    "securityTests": "the results of a scan",
    "sbom": "an SBOM",
    "firewall": "packages at the artifact firewall",
    "custom": "a document",
}
for _noun, _what in DECIDED.items():
    VERBS.setdefault(_noun, {})["evaluate"] = f"had policies decide about {_what}"
    VERBS[_noun]["evaluate_step"] = f"had policies decide about {_what} in a run"

_core: Final = {f"{noun}.{verb}": text for noun, verbs in VERBS.items() for verb, text in verbs.items()}
_sentences: dict[str, str] = dict(_core)
_owners: dict[str, str] = dict.fromkeys(_core, "portcullis")
ACTIONS: Final[Mapping[str, str]] = MappingProxyType(_sentences)


class ActionClash(ValueError):
    """Two parties want the same action, or a name that is not one."""


def register(name: str, sentence: str, *, by: str) -> None:
    """Add one action to the list.

    name: `<noun>.<verb>`, the verb in lower case; sentence: what the page says after the person's name;
    by: the plugin that adds it. Raises ActionClash, which names both sides.
    """
    if not NAME.fullmatch(name):
        raise ActionClash(f"{by}: action {name!r} must read noun.verb in letters, the verb in lower case")
    if not sentence.strip():
        raise ActionClash(f"{by}: action {name!r} needs a sentence")
    if name in _sentences:
        raise ActionClash(f"{by}: action {name!r} is already registered by {_owners[name]}")
    _sentences[name] = sentence
    _owners[name] = by


def unregister(by: str) -> None:
    """Take back everything a plugin registered; used when its registration fails half-way."""
    for name in [n for n, owner in _owners.items() if owner == by and n not in _core]:
        del _sentences[name], _owners[name]


def names() -> list[str]:
    return sorted(_sentences)


def known(name: str) -> bool:
    return name in _sentences


def sentence(name: str) -> str:
    """What the page says for an action; an action of a removed plugin keeps its bare name."""
    return _sentences.get(name, name)


def check(name: str) -> None:
    """Raise ValueError unless the action is in the list."""
    if name not in _sentences:
        near = [known for known in names() if known.split(".")[0] == name.split(".")[0]] or names()
        raise ValueError(f"unknown audit action {name!r}; known ones: {', '.join(near)}")
