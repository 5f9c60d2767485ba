"""Deploy steps: what would be applied and where, said and not done. Nothing leaves this machine."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from templates_catalog.documents.step_types import DEPLOYS, PROVISION
from templates_catalog.runners.plan import Stage
from templates_catalog.runners.steps.job import Job, Result

FAMILY = re.compile(
    r"(K8s|Helm|Ecs|Asg|Tas|AzureWebApp|AzureFunction|AwsLambda|AwsSam|Serverless|GoogleCloud"
    r"|Terraform|Terragrunt)[A-Z]\w*"
)
# Of the list of deploy steps, those that run something else than a deployment.
NOT_DEPLOYS = frozenset({"Command", "FetchInstanceScript", "MergePR"})


def covers(kind: str) -> bool:
    """Whether steps of this type deploy or provision."""
    return kind not in NOT_DEPLOYS and (kind in DEPLOYS or kind in PROVISION or bool(FAMILY.fullmatch(kind)))


def show(job: Job) -> Result:
    job.say(f"DRY RUN of {job.step.type}: nothing is deployed, this is what would be applied")
    for line in _where(job.stage):
        job.say(line)
    for key, value in sorted(job.spec.items()):
        job.say(f"  {key}: {_short(value)}")
    job.say(f"DRY RUN of {job.step.type} ended; no cluster, cloud or registry was contacted")
    return Result(outputs={"dryRun": "true"})


def _where(stage: Stage) -> Iterator[str]:
    spec = stage.spec
    for row in [spec.get("service") or {}, *((spec.get("services") or {}).get("values") or [])]:
        if isinstance(row, Mapping) and row.get("serviceRef"):
            yield f"service: {row['serviceRef']}"
    rows = [spec.get("environment") or {}, *((spec.get("environments") or {}).get("values") or [])]
    for row in rows:
        if isinstance(row, Mapping) and row.get("environmentRef"):
            yield f"environment: {row['environmentRef']}{_type(spec)}"
            for infrastructure in row.get("infrastructureDefinitions") or []:
                yield f"infrastructure: {infrastructure.get('identifier')}"


def _type(spec: Mapping[str, Any]) -> str:
    found = ((spec.get("infrastructure") or {}).get("environment") or {}).get("type")
    return f" ({found})" if found else ""


def _short(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, sort_keys=True, ensure_ascii=False)
    return text if len(text) <= 500 else f"{text[:500]}… ({len(text)} characters)"
