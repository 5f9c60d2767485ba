"""What an installation knows, as one plain value for the planners: only what the actor may see."""

from __future__ import annotations

from governance import access_query
from governance.actor import Actor
from governance.authoring.facts import Facts, Known
from templates_catalog import query
from templates_catalog.search import CatalogueEntry

# Step types by what they do; the field's own words, shared by every installation.
SCAN_STEPS = {
    "sast": (
        "HarnessSAST",
        "Semgrep",
        "Sonarqube",
        "Checkmarx",
        "CheckmarxOne",
        "CodeQL",
        "Bandit",
        "Brakeman",
        "Coverity",
        "FortifyOnDemand",
        "Snyk",
        "Veracode",
    ),
    "sca": ("HarnessSCA", "BlackDuck", "Mend", "Fossa", "Owasp", "OsvScanner"),
    "container": ("AquaTrivy", "Grype", "PrismaCloud", "Sysdig", "Wiz"),
    "dast": ("Zap", "Burp", "Nikto", "Traceable"),
    "secret": ("Gitleaks",),
}
APPROVAL_STEPS = ("HarnessApproval", "JiraApproval", "ServiceNowApproval", "CustomApproval")
IMAGE_PUSH_STEPS = (
    "BuildAndPushDockerRegistry",
    "BuildAndPushECR",
    "BuildAndPushGCR",
    "BuildAndPushACR",
    "BuildAndPushGAR",
)
DEPLOY_STEPS = (
    "K8sRollingDeploy",
    "K8sBlueGreenDeploy",
    "K8sCanaryDeploy",
    "K8sApply",
    "HelmDeploy",
    "EcsRollingDeploy",
    "EcsBlueGreenCreateService",
    "ServerlessAwsLambdaDeploy",
    "AzureWebAppSlotDeployment",
    "GoogleCloudRunDeploy",
)
SECRET_MANAGERS = ("harnessSecretManager",)
MOST_ENTRIES = 2_000
# Search proposes active versions only; a draft or a review is as little finished as an experiment.
LIFECYCLE = {
    "deprecated": "deprecated",
    "experimental": "experimental",
    "draft": "experimental",
    "review": "experimental",
}


def facts_for(actor: Actor, path: str) -> Facts:
    """Groups, environments, roles and connectors as seen from a scope by the actor."""
    return Facts(
        groups=tuple(
            Known(g.identifier, g.name, scope=_level(g.scope)) for g in access_query.groups(actor, path)
        ),
        environments=_entities(actor, path, "environment"),
        connectors=_entities(actor, path, "connector"),
        roles=tuple(Known(r.identifier, r.name) for r in access_query.roles(actor, path)),
        scan_steps=SCAN_STEPS,
        approval_steps=APPROVAL_STEPS,
        image_push_steps=IMAGE_PUSH_STEPS,
        deploy_steps=DEPLOY_STEPS,
        secret_managers=SECRET_MANAGERS,
    )


def _entities(actor: Actor, path: str, kind: str) -> tuple[Known, ...]:
    rows = query.entities(actor, path, kind, size=500).rows
    return tuple(Known(e.identifier, e.name, e.type, _level(e.scope)) for e in rows)


def _level(path: str) -> str:
    return ("account", "org", "project")[min(path.count("/"), 2)]


def catalogue_for(actor: Actor, path: str) -> list[CatalogueEntry]:
    """Every template version the actor may see from a scope, as search reads it."""
    return [
        CatalogueEntry.from_template(
            version.document["template"],
            ref=template.ref,
            stable=version.label == template.stable,
            lifecycle=LIFECYCLE.get(template.lifecycle, "active"),
            deprecation_message=template.deprecation,
            owner=template.owner,
            golden=template.golden,
        )
        for template, version in query.catalogue(actor, path, MOST_ENTRIES)
    ]
