"""Twenty-five policies as sentences somebody typed, the states they are in, and eight sets."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Asked:
    """One policy: what was typed, by whom, how far it got ("draft", "in_review", "approved", "active")."""

    identifier: str
    name: str
    sentence: str
    state: str = "active"
    author: str = "mira"
    scope: str = "halden"
    entity: str = "pipeline"


ASKED: tuple[Asked, ...] = (
    Asked("security_approval_prod", "Security approval before production",
          "Create a policy that requires approval from the security team for any deployment to production that hasn't passed a SAST scan."),
    Asked("failure_strategy", "Deployments know what to do when they fail", "Every deployment stage must have a failure strategy."),
    Asked("no_latest_tag", "No image tag latest", "Nobody may push an image with the tag latest."),
    Asked("owner_tags", "Pipelines name their owner", "Every pipeline must have the tags owner and cost-center."),
    Asked("executor_may_not_approve", "Nobody approves their own run", "Harness approval steps must not let the person who started the run approve it."),
    Asked("deploy_timeout", "Deploy steps have a time limit", "Every K8sRollingDeploy step must have a timeout of at most 30 minutes."),
    Asked("no_shell_in_prod", "No shell scripts in production", "Shell script steps are forbidden in production deployment stages."),
    Asked("allowed_environments", "Known environments only", "Deployment stages may only deploy to dev, qa, staging_eu, preprod, production_eu or production_us."),
    Asked("at_most_eight_stages", "Pipelines stay readable", "A pipeline may have at most 10 stages."),
    Asked("secret_scan", "Secret detection in every build", "Every CI stage must contain a Gitleaks step.", state="in_review"),
    Asked("weekend_freeze", "No release at the weekend", "No production deployments on Saturday or Sunday.", state="approved"),
    Asked("quarter_end_freeze", "No release in the quarter-end freeze",
          "No production deployments from 27 December 2026 18:00 UTC until 4 January 2027 06:00 UTC."),
    Asked("memory_limit", "Run steps ask for at most 4 GiB", "Run steps must not have a memory limit above 4Gi.", author="rune", state="draft"),
    Asked("contractors_no_prod", "Release managers run production", "Only members of Release Managers may run a pipeline that deploys to production.", state="draft", author="rune"),
    Asked("pipeline_names", "Pipeline identifiers", "Pipeline identifiers must be lower case letters, digits and underscores, at most 40 characters."),
    Asked("two_approvers", "Two people approve production", "If a pipeline deploys to production, its approval steps need a minimum count of 2.", state="in_review", author="rune"),
    Asked("service_names", "Service identifiers", "Service identifiers must be lower case letters, digits and underscores, at most 40 characters.", entity="service"),
    Asked("service_owner", "Services name their owner", "Every service must have the tag owner.", entity="service"),
    Asked("prod_names", "Production environments are named so", "An environment of type Production must have a name that starts with Production.", entity="environment"),
    Asked("environment_admins", "The platform team keeps production", "Only members of the Platform Team may change environments of type Production.", entity="environment", state="draft"),
    Asked("connector_types", "Known connector types", "Only connectors of type K8sCluster, Github, Git and DockerRegistry are allowed.", entity="connector"),
    Asked("no_k8s_passwords", "Clusters without passwords", "Kubernetes cluster connectors must not use username and password authentication.", entity="connector"),
    Asked("connector_description", "Connectors say what they are for", "Every connector needs a description.", entity="connector", state="draft"),
    Asked("template_versions", "Template versions are three numbers", "Template version labels must be three numbers separated by dots.", entity="template"),
    Asked("no_shell_templates", "No shell templates", "Step templates must not be of step type ShellScript.", entity="template"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Bound:
    """A set: kind, event, mode and members (policy, severity). enforced_in: days until its ramp says so."""

    identifier: str
    name: str
    entity: str
    event: str
    members: tuple[tuple[str, str], ...]
    mode: str = "enforce"
    scope: str = "halden"
    enforced_in: int = 0
    environment_types: tuple[str, ...] = ()


SETS: tuple[Bound, ...] = (
    Bound("release_safety", "Release safety", "pipeline", "onsave",
          (("security_approval_prod", "error"), ("failure_strategy", "error"), ("deploy_timeout", "warning"), ("executor_may_not_approve", "error"))),
    Bound("release_safety_run", "Release safety on run", "pipeline", "onrun",
          (("security_approval_prod", "error"), ("quarter_end_freeze", "error")), environment_types=("Production",)),
    Bound("supply_chain", "Supply chain", "pipeline", "onsave", (("no_latest_tag", "error"), ("no_shell_in_prod", "error"))),
    Bound("good_manners", "Good manners", "pipeline", "onsave",
          (("owner_tags", "warning"), ("pipeline_names", "error"), ("at_most_eight_stages", "warning"))),
    Bound("places", "Known places", "pipeline", "onsave", (("allowed_environments", "error"),)),
    Bound("services", "Services", "service", "onsave", (("service_names", "error"), ("service_owner", "warning"))),
    Bound("credentials", "Connectors without passwords", "connector", "onsave", (("connector_types", "error"), ("no_k8s_passwords", "error"))),
    Bound("golden_templates", "Golden templates", "template", "onsave", (("template_versions", "error"), ("no_shell_templates", "error")), mode="warn", enforced_in=30),
)  # fmt: skip
