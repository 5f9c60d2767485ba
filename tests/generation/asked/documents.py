"""Short builders of policy inputs, so that a reviewer can read a whole case on one line."""

from __future__ import annotations

import itertools
from datetime import datetime
from typing import Any

Json = Any
NOON = 1763460900  # 2025-11-18, a Tuesday, 10:15 UTC


def at(text: str) -> int:
    """Unix seconds of an ISO time with its offset."""
    return int(datetime.fromisoformat(text).timestamp())


def meta(
    ts: int = NOON,
    groups: tuple[str, ...] = (),
    roles: tuple[str, ...] = (),
    email: str = "dana@halden.example",
    project: str = "tracking",
    org: str = "freight",
    action: str = "onsave",
) -> Json:
    """The `metadata` block: who asks, in which groups and roles, when and where."""
    return {
        "action": action,
        "timestamp": ts,
        "principalIdentifier": "u-1",
        "principalType": "USER",
        "user": {"name": "Dana", "email": email, "uuid": "u-1"},
        "userGroups": [{"identifier": g, "name": g.replace("_", " ").title()} for g in groups],
        "roleAssignmentMetadata": [
            {"roleIdentifier": r, "roleName": r.strip("_").replace("_", " ").title()} for r in roles
        ],
        "projectMetadata": {"identifier": project, "name": project.title(), "orgIdentifier": org},
    }


def st(kind: str, ident: str = "", timeout: str | None = "10m", **spec: Json) -> Json:
    """One step entry; keywords are fields of its `spec`."""
    step: Json = {"identifier": ident or kind.lower(), "name": ident or kind, "type": kind}
    if timeout:
        step["timeout"] = timeout
    step["spec"] = spec
    return {"step": step}


def group(*steps: Json) -> Json:
    return {"stepGroup": {"identifier": "g", "name": "G", "steps": list(steps)}}


def par(*entries: Json) -> Json:
    return {"parallel": list(entries)}


def approve(*groups: str, count: int = 1, block_executor: bool = True, **more: Json) -> Json:
    return st(
        "HarnessApproval",
        "approve",
        "1d",
        approvers={
            "userGroups": list(groups),
            "minimumCount": count,
            "disallowPipelineExecutor": block_executor,
        },
        **more,
    )


def stage(kind: str, *steps: Json, ident: str = "", **more: Json) -> Json:
    spec = more.pop("spec", {})
    spec.setdefault("execution", {"steps": list(steps)})
    return {
        "stage": {
            "identifier": ident or kind.lower(),
            "name": ident or kind,
            "type": kind,
            "spec": spec,
            **more,
        }
    }


def ci(*steps: Json, **more: Json) -> Json:
    return stage("CI", *(steps or (st("Run", command="make"),)), **more)


def gate(*groups: str, **more: Json) -> Json:
    return stage("Approval", approve(*groups, **more), ident="gate")


def dep(
    env: str,
    *steps: Json,
    kind: str = "",
    rollback: tuple[Json, ...] = (),
    infra: Json = None,
    service: str = "tracker",
    **more: Json,
) -> Json:
    """A deployment stage to `env`; `kind` is the resolved environment type, if any."""
    spec: Json = {
        "deploymentType": "Kubernetes",
        "service": {"serviceRef": service},
        "environment": {"environmentRef": env},
        "execution": {
            "steps": list(steps) or [st("K8sRollingDeploy", "rollout")],
            "rollbackSteps": list(rollback),
        },
    }
    if kind:
        spec["infrastructure"] = {"environment": {"identifier": env, "name": env, "type": kind}}
    if infra:
        spec.setdefault("infrastructure", {}).update(infra)
    return {
        "stage": {
            "identifier": "d_" + env.replace(".", "_"),
            "name": env,
            "type": "Deployment",
            "spec": spec,
            **more,
        }
    }


def prod(*steps: Json, **more: Json) -> Json:
    return dep("prod", *steps, kind="Production", **more)


def pipe(*stages: Json, m: Json = None, **more: Json) -> Json:
    return {
        "pipeline": {
            "identifier": "shop_release",
            "name": "Shop Release",
            "orgIdentifier": "freight",
            "projectIdentifier": "tracking",
            "stages": list(stages),
            **more,
        },
        "metadata": m or meta(),
    }


def _entity(root: str, defaults: Json, fields: Json) -> Json:
    m = fields.pop("m", None)
    return {root: {**defaults, **fields}, "metadata": m or meta()}


_WHERE = {"orgIdentifier": "freight", "projectIdentifier": "tracking"}


def service(**fields: Json) -> Json:
    return _entity("serviceEntity", {"identifier": "cart", "name": "cart", **_WHERE}, fields)


def manifests(*stores: Json, kind: str = "K8sManifest") -> Json:
    return {
        "type": "Kubernetes",
        "spec": {
            "manifests": [
                {"manifest": {"identifier": f"m{i}", "type": kind, "spec": {"store": s}}}
                for i, s in enumerate(stores)
            ]
        },
    }


def store(kind: str = "Github", **spec: Json) -> Json:
    return {"type": kind, "spec": spec}


def environment(**fields: Json) -> Json:
    return _entity(
        "environmentEntity", {"identifier": "qa_1", "name": "qa-1", "type": "PreProduction", **_WHERE}, fields
    )


def infra(**fields: Json) -> Json:
    return _entity(
        "infrastructureEntity",
        {
            "identifier": "k8s_x",
            "name": "k8s-x",
            "environmentRef": "dev",
            "type": "KubernetesDirect",
            "deploymentType": "Kubernetes",
            **_WHERE,
        },
        fields,
    )


def connector(kind: str, **fields: Json) -> Json:
    return _entity("entity", {"identifier": "c1", "name": "c1", "type": kind, **_WHERE}, fields)


def secret(**fields: Json) -> Json:
    return _entity("secret", {"identifier": "s1", "name": "s1", "type": "SecretText", **_WHERE}, fields)


def variable(**fields: Json) -> Json:
    return _entity(
        "variable", {"identifier": "V", "name": "V", "type": "String", "value": "x", **_WHERE}, fields
    )


def template(**fields: Json) -> Json:
    return _entity(
        "template",
        {"identifier": "t1", "name": "T1", "versionLabel": "1.0.0", "type": "Stage", "spec": {}, **_WHERE},
        fields,
    )


def override(**fields: Json) -> Json:
    return _entity(
        "overrideEntity",
        {
            "identifier": "o1",
            "environmentRef": "qa",
            "serviceRef": "cart",
            "type": "ENV_SERVICE_OVERRIDE",
            **_WHERE,
        },
        fields,
    )


def workspace(**fields: Json) -> Json:
    return _entity(
        "workspace",
        {
            "identifier": "w1",
            "name": "w1",
            "provisioner": "terraform",
            "provisioner_version": "1.6.0",
            "repository_branch": "main",
        },
        fields,
    )


def gitops(labels: Json = None, spec: Json = None, m: Json = None, **fields: Json) -> Json:
    return {
        "gitopsApplication": {
            "name": "web",
            "agentIdentifier": "account.agent",
            "app": {
                "metadata": {"name": "web", "namespace": "argocd", "labels": labels or {}},
                "spec": {
                    "project": "default",
                    "source": {"repoURL": "https://github.com/halden/web", "targetRevision": "main"},
                    "destination": {"namespace": "web"},
                    **(spec or {}),
                },
            },
            **fields,
        },
        "metadata": m or meta(),
    }


def flag(owners: Json = None, **fields: Json) -> Json:
    return {
        "featureFlag": {
            "name": "new_checkout",
            "status": "ACTIVE",
            "trafficTypeName": "user",
            "tags": [],
            **fields,
        },
        "entityMetadata": {
            "actor": {"type": "user", "id": "u"},
            "owners": owners or [],
            "changeTrigger": "update",
        },
    }


def token(**fields: Json) -> Json:
    return _entity(
        "token",
        {
            "identifier": "t",
            "name": "t",
            "apiKeyType": "USER",
            "validFrom": NOON * 1000,
            "validTo": (NOON + 86400) * 1000,
        },
        fields,
    )


def api_key(**fields: Json) -> Json:
    return _entity("apiKey", {"identifier": "k", "name": "k", "apiKeyType": "SERVICE_ACCOUNT"}, fields)


def service_account(**fields: Json) -> Json:
    return _entity("serviceAccount", {"identifier": "sa", "name": "sa", "email": "sa@halden.example"}, fields)


def sql(*statements: str, **instance: Json) -> Json:
    return {
        "dbInstance": {"identifier": "orders", "name": "orders", "type": "jdbc:postgresql", **instance},
        "dbSchema": {"identifier": "main", "name": "main"},
        "sqlStatements": list(statements),
        "metadata": meta(),
    }


def repository(**fields: Json) -> Json:
    return {
        "identifier": "shop-api",
        "default_branch": "main",
        "description": "x",
        "is_public": False,
        **fields,
        "metadata": meta(),
    }


def scan(issues: Json = None, **counts: str) -> Json:
    base = {k: "0" for k in ("CRITICAL", "HIGH", "MEDIUM", "LOW", "INFO", "TOTAL")}
    return [
        {"name": "output", "outcome": {"outputVariables": {**base, **counts}}},
        {"name": "securityTestData", "outcome": {"issues": issues or []}},
    ]


def issue(severity: str, title: str = "x", refs: tuple[str, ...] = (), **more: Json) -> Json:
    return {
        "id": title,
        "title": title,
        "severityCode": severity,
        "occurrences": [{}],
        "details": {"referenceIdentifiers": [{"type": r.split("-")[0].lower(), "id": r} for r in refs]},
        "reachability": "unknown",
        **more,
    }


def bom(*packages: tuple[str, str, str]) -> Json:
    """Packages as (name, version, licence)."""
    return [
        {
            "packageName": n,
            "packageVersion": v,
            "packageLicense": [lic] if lic else [],
            "purl": f"pkg:npm/{n}@{v}",
            "uuid": f"{n}{v}",
            "filterTags": ["APP"],
        }
        for n, v, lic in packages
    ]


def pkg(name: str, version: str = "1.0.0", **fields: Json) -> Json:
    return {
        "name": name,
        "version": version,
        "licenses": ["MIT"],
        "package_manager": "npm",
        "cves": [],
        "oss_risk": {"level": "low", "score": 1},
        **fields,
    }


def cve(ident: str, score: float, severity: str = "HIGH") -> Json:
    return {"id": ident, "impact": {"base_score": score, "base_severity": severity}}


_numbers = itertools.count(1)


def plan(*changes: tuple[str, str, Json]) -> Json:
    """A Terraform plan of (resource type, action, values after); a delete has no values after."""
    out, planned = [], []
    for kind, action, after in changes:
        name = f"r{next(_numbers)}"
        actions = action.split("+")
        gone = actions == ["delete"]
        out.append(
            {
                "address": f"{kind}.{name}",
                "type": kind,
                "name": name,
                "mode": "managed",
                "change": {
                    "actions": actions,
                    "before": {} if "create" not in actions else None,
                    "after": None if gone else after,
                },
            }
        )
        if not gone:
            planned.append(
                {"address": f"{kind}.{name}", "type": kind, "name": name, "mode": "managed", "values": after}
            )
    return {
        "format_version": "1.2",
        "terraform_version": "1.6.2",
        "resource_changes": out,
        "planned_values": {"root_module": {"resources": planned}},
        "metadata": meta(),
    }


def state(*resources: tuple[str, Json]) -> Json:
    return {
        "version": 4,
        "resources": [
            {"type": kind, "name": f"r{i}", "mode": "managed", "instances": [{"attributes": values}]}
            for i, (kind, values) in enumerate(resources)
        ],
        "metadata": meta(),
    }


def cost(total: str, past: str, diff: str, percent: float) -> Json:
    return {
        "Currency": "USD",
        "TotalMonthlyCost": total,
        "PastTotalMonthlyCost": past,
        "DiffTotalMonthlyCost": diff,
        "PercentageChangeTotalMonthlyCost": percent,
        "Diff": {},
        "metadata": meta(),
    }


def cost_of(**monthly: str) -> Json:
    """A plan's cost with what each type of resource costs a month."""
    whole = cost(str(sum(float(x) for x in monthly.values())), "0", "0", 0)
    whole["Diff"] = {
        kind: {
            "CurrentMonthlyCost": value,
            "PreviousMonthlyCost": "0",
            "DiffMonthlyCost": value,
            "PercentageChangeMonthlyCost": 100,
            "Diff": [{"Name": f"{kind}.a", "CurrentMonthlyCost": value}],
        }
        for kind, value in monthly.items()
    }
    return whole
