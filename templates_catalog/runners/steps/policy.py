"""Step Policy: policy sets, named by the step, decide about a document that the step brings."""

from __future__ import annotations

from templates_catalog.payloads import CUSTOM
from templates_catalog.runners.steps.job import Job, Refused, Result

FAILED = "PolicyEvaluationFailure"


def decide(job: Job) -> Result:
    """Failing: a policy of the named sets says no; the document is none; the gate gives no answer."""
    sets = tuple(str(ref) for ref in job.spec.get("policySets") or [])
    payload = str((job.spec.get("policySpec") or {}).get("payload") or "")
    job.say(f"policy sets: {', '.join(sets)}")
    try:
        warnings = job.decide(CUSTOM, payload, sets)
    except Refused as refused:
        return Result(FAILED, str(refused), {"status": "error"})
    for warning in warnings:
        job.say(f"warning: {warning}")
    return Result(outputs={"status": "warning" if warnings else "pass"})
