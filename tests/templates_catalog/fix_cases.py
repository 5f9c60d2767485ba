"""Requests for repairs with the policy that objects and what must hold afterwards; the last third is held out.

Policies are Python here: each returns its messages for a document. The held-out requests were written once and are
not to be tuned for; they guard that readers of requests stay general.
"""

from __future__ import annotations

import copy
import re

from templates_catalog.documents.walk import stages, steps


def step(identifier, kind, spec=None, **more):
    return {
        "step": {
            "identifier": identifier,
            "name": identifier.replace("_", " ").capitalize(),
            "type": kind,
            "spec": spec or {},
            **more,
        }
    }


def pipeline():
    run = {"shell": "Bash", "command": "make test"}
    push = {
        "connectorRef": "account.gcr_push",
        "host": "eu.gcr.io",
        "projectID": "p",
        "imageName": "cart",
        "tags": ["1.0", "latest"],
    }
    ask = {
        "approvers": {
            "minimumCount": 1,
            "disallowPipelineExecutor": False,
            "userGroups": ["account.qa_leads"],
        }
    }
    fail = [{"onFailure": {"errors": ["AllErrors"], "action": {"type": "StageRollback"}}}]

    def deploy(name, environment, infra):
        return {"stage": {"identifier": name, "name": name.replace("_", " ").capitalize(), "type": "Deployment", "failureStrategies": copy.deepcopy(fail), "spec": {
            "deploymentType": "Kubernetes", "service": {"serviceRef": "cart"},
            "environment": {"environmentRef": environment, "infrastructureDefinitions": [{"identifier": infra}]},
            "execution": {"steps": [step("rollout", "K8sRollingDeploy", {"skipDryRun": False}, timeout="5m"), step("smoke", "ShellScript", {"shell": "Bash", "source": {"type": "Inline", "spec": {"script": "curl http://x.example"}}})],
                          "rollbackSteps": [step("undo", "K8sRollingRollback", {})]}}}}  # fmt: skip

    return {"pipeline": {"identifier": "CartRelease", "name": "Cart Release", "tags": {"team": "cart"}, "stages": [
        {"stage": {"identifier": "build", "name": "Build", "type": "CI", "spec": {"cloneCodebase": True,
            "infrastructure": {"type": "KubernetesDirect", "spec": {"connectorRef": "account.k8s_shared", "namespace": "default"}},
            "execution": {"steps": [step("lint", "Run", {"shell": "Bash", "command": "make lint"}), step("push_image", "BuildAndPushGCR", push), step("unit_tests", "Run", run)]}}}},
        deploy("deploy_staging", "staging", "k8s_staging"),
        {"stage": {"identifier": "gate", "name": "Gate", "type": "Approval", "spec": {"execution": {"steps": [step("ask", "HarnessApproval", ask)]}}}},
        deploy("deploy_prod", "prod", "k8s_prod"),
    ]}}  # fmt: skip


def by_identifier(document, identifier):
    """Every stage and step of that identifier."""
    body = document["pipeline"]
    found = [stage for stage in stages(body) if stage["identifier"] == identifier]
    return found + [s for stage in stages(body) for s in steps(stage) if s["identifier"] == identifier]


def stage_named(document, identifier):
    return next(stage for stage in stages(document["pipeline"]) if stage["identifier"] == identifier)


def types(document, stage):
    return [s["type"] for s in steps(stage_named(document, stage))]


def slot(document, identifier):
    entries = document["pipeline"]["stages"]
    return next(n for n, entry in enumerate(entries) if entry["stage"]["identifier"] == identifier)


def groups_before(document, identifier):
    entries = document["pipeline"]["stages"][: slot(document, identifier)]
    return [
        g.split(".")[-1]
        for e in entries
        for s in steps(e["stage"])
        for g in s["spec"].get("approvers", {}).get("userGroups", [])
    ]


# Policies: document → messages.
def approved_by_security(d):
    return (
        []
        if "security_team" in groups_before(d, "deploy_prod")
        else ["stage 'Deploy prod' goes to production without approval by the security team"]
    )


def staging_approved(d):
    before = d["pipeline"]["stages"][max(slot(d, "deploy_staging") - 1, 0)]["stage"]
    return (
        [] if before["type"] == "Approval" else ["no Approval stage directly before stage 'Deploy staging'"]
    )


def leaks_checked(d):
    return [] if "Gitleaks" in types(d, "build") else ["CI stage 'Build' has no Gitleaks step"]


def sast(d):
    return (
        []
        if {"Semgrep", "HarnessSAST", "Sonarqube", "Bandit"} & set(types(d, "build"))
        else ["stage 'Build' runs no SAST scan"]
    )


def image_scan(d):
    kinds = types(d, "build")
    ok = any(k in ("AquaTrivy", "Grype") for k in kinds[kinds.index("BuildAndPushGCR") :])
    return [] if ok else ["the image of step 'Push image' is not scanned after the push"]


def tests_first(d):
    order = [s["identifier"] for s in steps(stage_named(d, "build"))]
    return (
        []
        if order.index("unit_tests") < order.index("push_image")
        else ["stage 'Build' pushes an image before its tests have run"]
    )


def no_shell(d):
    return [
        f"production stage 'Deploy prod' uses the shell script step '{s['name']}'"
        for s in steps(stage_named(d, "deploy_prod"))
        if s["type"] == "ShellScript"
    ]


def no_shell_anywhere(d):
    return [
        f"stage '{stage['name']}' uses the shell script step '{s['name']}'"
        for stage in stages(d["pipeline"])
        for s in steps(stage)
        if s["type"] == "ShellScript"
    ]


def no_latest(d):
    return (
        ["step 'Push image' pushes the tag latest"]
        if "latest" in by_identifier(d, "push_image")[0]["spec"]["tags"]
        else []
    )


def gcr_us(d):
    return (
        []
        if by_identifier(d, "push_image")[0]["spec"]["host"] == "us.gcr.io"
        else ["step 'Push image' does not push to us.gcr.io"]
    )


def two_approvers(d):
    return (
        []
        if by_identifier(d, "ask")[0]["spec"]["approvers"]["minimumCount"] >= 2
        else ["approval step 'Ask' needs two approvers"]
    )


def no_own_approval(d):
    return (
        []
        if by_identifier(d, "ask")[0]["spec"]["approvers"]["disallowPipelineExecutor"]
        else ["approval step 'Ask' lets the executor approve"]
    )


def long_timeouts(d):
    return [f"step 'Rollout' of stage '{stage['name']}' needs a timeout of at least 10m" for stage in stages(d["pipeline"])
            for s in steps(stage) if s["identifier"] == "rollout" and minutes(s.get("timeout", "")) < 10]  # fmt: skip


def minutes(text):
    found = re.fullmatch(r"(\d+)([mh])", text)
    return int(found[1]) * (60 if found[2] == "h" else 1) if found else 0


def farm(d):
    return (
        []
        if stage_named(d, "build")["spec"]["infrastructure"]["spec"]["namespace"].startswith("ci-")
        else ["CI stage 'Build' must run in the namespace ci-builds or ci-arm"]
    )


def owner_tags(d):
    return [
        f"pipeline 'Cart Release' needs a value for the tag '{t}'"
        for t in ("owner", "cost-center")
        if not d["pipeline"].get("tags", {}).get(t)
    ]


def snake(d):
    name = d["pipeline"]["identifier"]
    return (
        []
        if re.fullmatch(r"[a-z0-9]+(_[a-z0-9]+)+", name)
        else [f"identifier '{name}' must be lower case words joined by underscores"]
    )


def described(d):
    return [] if d["pipeline"].get("description") else ["pipeline 'Cart Release' has no description"]


def no_staging(d):
    return (
        []
        if stage_named(d, "deploy_staging")["spec"]["environment"]["environmentRef"] in ("qa", "uat")
        else ["deployment stage 'Deploy staging' has no permitted environment"]
    )


def secure_addresses(d):
    return ["step 'Smoke' calls a plain http address"] if "http://" in str(d["pipeline"]) else []


def build_fails_loudly(d):
    return (
        []
        if stage_named(d, "build").get("failureStrategies")
        else ["CI stage 'Build' has no failure strategy"]
    )


def released_by(d):
    return ["only the release managers may save this pipeline"]


def env(stage):
    return stage["spec"]["environment"]["environmentRef"]


# (request, policies, check on the repaired document or None when a question is right)
CASES = [
    ("Add an approval by the security team before the production stage", [approved_by_security], lambda d: slot(d, "deploy_prod") == 4),
    ("the security team should also approve", [approved_by_security], lambda d: "security_team" in groups_before(d, "deploy_prod")),
    ("let security sign off prod", [approved_by_security], lambda d: slot(d, "deploy_staging") == 1),
    ("put an approval stage in front of staging", [staging_approved], lambda d: slot(d, "deploy_staging") == 2),
    ("add a secret scan to the build stage as the first step", [leaks_checked], lambda d: types(d, "build")[0] == "Gitleaks"),
    ("scan for secrets too", [leaks_checked], lambda d: "Gitleaks" in types(d, "build")),
    ("add bandit at the end of the build", [sast], lambda d: types(d, "build")[-1] == "Bandit"),
    ("run sonarqube before the image is pushed", [sast], lambda d: types(d, "build").index("Sonarqube") < types(d, "build").index("BuildAndPushGCR")),
    ("scan the image with grype after the push", [image_scan], lambda d: types(d, "build")[2] == "Grype"),
    ("run the unit tests before the push", [tests_first], lambda d: len(types(d, "build")) == 3),
    ("move push_image behind unit_tests", [tests_first], lambda d: types(d, "build")[-1] == "BuildAndPushGCR"),
    ("the shell script in production has to go, remove it", [no_shell], lambda d: "ShellScript" in types(d, "deploy_staging")),
    ("remove all shell scripts", [no_shell_anywhere], lambda d: "undo" in str(d)),
    ("drop latest", [no_latest], lambda d: by_identifier(d, "push_image")[0]["spec"]["tags"] == ["1.0"]),
    ("push to us.gcr.io instead", [gcr_us], lambda d: by_identifier(d, "push_image")[0]["spec"]["imageName"] == "cart"),
    ("replace eu.gcr.io by us.gcr.io", [gcr_us], lambda d: True),
    ("require two people to approve", [two_approvers], lambda d: by_identifier(d, "ask")[0]["spec"]["approvers"]["minimumCount"] == 2),
    ("whoever starts it must not approve it", [no_own_approval], lambda d: by_identifier(d, "ask")[0]["spec"]["approvers"]["minimumCount"] == 1),
    ("make both timeouts 20 minutes", [long_timeouts], lambda d: [s["timeout"] for s in by_identifier(d, "rollout")] == ["20m", "20m"]),
    ("fix it", [long_timeouts], lambda d: [s["timeout"] for s in by_identifier(d, "rollout")] == ["10m", "10m"]),
    ("build in the namespace ci-arm", [farm], lambda d: stage_named(d, "build")["spec"]["infrastructure"]["spec"]["namespace"] == "ci-arm"),
    ("the owner is team-cart, cost-center is 4711", [owner_tags], lambda d: d["pipeline"]["tags"] == {"team": "cart", "owner": "team-cart", "cost-center": "4711"}),
    ("change the identifier to cart_release", [snake], lambda d: d["pipeline"]["name"] == "Cart Release"),
    ("describe it as: Releases the cart service", [described], lambda d: d["pipeline"]["description"] == "Releases the cart service"),
    ("deploy that one to qa, infrastructure k8s_qa", [no_staging], lambda d: env(stage_named(d, "deploy_prod")) == "prod" and "k8s_qa" in str(stage_named(d, "deploy_staging"))),
    ("use https there", [secure_addresses], lambda d: "https://x.example" in str(d)),
    ("", [no_own_approval, leaks_checked], lambda d: True),
    ("fix it please", [build_fails_loudly], lambda d: stage_named(d, "build")["failureStrategies"][0]["onFailure"]["action"]["type"] == "MarkAsFailure"),
    ("fix it", [released_by], None),
    ("tag it with owner: team-cart and cost-center: 12, and drop the latest tag of the image", [owner_tags, no_latest], lambda d: d["pipeline"]["tags"]["cost-center"] == "12"),
    ("production needs a go from security_team", [approved_by_security], lambda d: "security_team" in groups_before(d, "deploy_prod")),
    ("trivy the image once it has been pushed", [image_scan], lambda d: types(d, "build")[2] == "AquaTrivy"),
    ("tests first, then push", [tests_first], lambda d: len(types(d, "build")) == 3),
    ("we want four eyes on it", [two_approvers], lambda d: by_identifier(d, "ask")[0]["spec"]["approvers"]["minimumCount"] == 2),
    ("set minimumCount to 3", [two_approvers], lambda d: by_identifier(d, "ask")[0]["spec"]["approvers"]["minimumCount"] == 3),
]  # fmt: skip

HELD_OUT = [
    ("Could you have the security people approve before anything reaches production?", [approved_by_security], lambda d: slot(d, "deploy_prod") == 4),
    ("insert gitleaks right after lint", [leaks_checked], lambda d: types(d, "build")[1] == "Gitleaks"),
    ("include a static code scan ahead of the push", [sast], lambda d: len(types(d, "build")) == 4),
    ("delete the smoke step from deploy_prod", [no_shell], lambda d: "ShellScript" in types(d, "deploy_staging")),
    ("no more latest tag please", [no_latest], lambda d: by_identifier(d, "push_image")[0]["spec"]["tags"] == ["1.0"]),
    ("switch the registry host to us.gcr.io", [gcr_us], lambda d: True),
    ("give the rollouts half an hour", [long_timeouts], lambda d: [s["timeout"] for s in by_identifier(d, "rollout")] == ["30m", "30m"]),
    ("rename the pipeline to cart_release_prod", [snake], lambda d: d["pipeline"]["identifier"] == "cart_release_prod"),
    ("staging should go to uat (infra k8s_uat)", [no_staging], lambda d: env(stage_named(d, "deploy_staging")) == "uat"),
    ("mark the build as failed when something breaks", [build_fails_loudly], lambda d: True),
    ("owner team-cart, cost center 99", [owner_tags], lambda d: d["pipeline"]["tags"]["cost-center"] == "99"),
    ("security_team has to okay prod first", [approved_by_security], lambda d: slot(d, "deploy_prod") == 4),
    ("do a gitleaks run before anything else in the build", [leaks_checked], lambda d: types(d, "build")[0] == "Gitleaks"),
    ("we'd like semgrep to look at the code in Build", [sast], lambda d: "Semgrep" in types(d, "build")),
    ("the push should come last", [tests_first], lambda d: types(d, "build")[-1] == "BuildAndPushGCR"),
    ("take Smoke out of the prod deployment", [no_shell], lambda d: "ShellScript" in types(d, "deploy_staging")),
    ("only tag it 1.0", [no_latest], lambda d: by_identifier(d, "push_image")[0]["spec"]["tags"] == ["1.0"]),
    ("our images belong on us.gcr.io", [gcr_us], lambda d: True),
    ("let's have a second approver", [two_approvers], lambda d: by_identifier(d, "ask")[0]["spec"]["approvers"]["minimumCount"] == 2),
    ("increase it to 15 minutes everywhere", [long_timeouts], lambda d: [s["timeout"] for s in by_identifier(d, "rollout")] == ["15m", "15m"]),
    ("this is owned by team-cart and billed to cost center 77", [owner_tags], lambda d: d["pipeline"]["tags"].get("cost-center") == "77"),
    ("self-approval must be off", [no_own_approval], lambda d: True),
    ("the id has to be cart_release", [snake], lambda d: d["pipeline"]["identifier"] == "cart_release"),
]  # fmt: skip
