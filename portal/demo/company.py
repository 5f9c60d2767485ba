"""Scopes, people, groups and who holds which role where."""

from __future__ import annotations

from dataclasses import dataclass

ACCOUNT = ("halden", "Halden")
ADMIN = "cora"
PASSWORD = "demo"  # noqa: S105 - the demo's people are public; production never has them


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody to sign in as. shown: what they are there to show, for the sign-in page."""

    username: str
    first: str
    last: str
    shown: str = ""


PEOPLE = (
    Person("dana", "Dana", "Okafor", "developer in Tracking: asks for a pipeline, is blocked, fixes it"),
    Person("mira", "Mira", "Sato", "policy author of Halden: writes a rule in English, may not approve it"),
    Person("eli", "Eli", "Brandt", "policy approver, security team: reviews the rule, approves the run"),
    Person("jonas", "Jonas", "Weil", "template author, platform team: owns the golden templates"),
    Person("cora", "Cora", "Lindqvist", "account admin and auditor: roles, trail, evidence"),
    Person("rune", "Rune", "Olsen"),
    Person("priya", "Priya", "Raman"),
    Person("sam", "Sam", "Reyes"),
    Person("ana", "Ana", "Petrov"),
    Person("tomas", "Tomas", "Kral"),
    Person("ines", "Ines", "Duarte"),
    Person("noor", "Noor", "Haddad"),
    Person("viktor", "Viktor", "Lund"),
)

# organization → (name, {project: name})
ORGANIZATIONS = {
    "freight": (
        "Freight",
        {"tracking": "Tracking", "billing": "Billing", "customs": "Customs", "platform": "Platform"},
    ),
    "yard": ("Yard", {"devices": "Devices", "lab": "Lab"}),
    "corporate": ("Corporate", {"payroll": "Payroll", "intranet": "Intranet"}),
}
PROJECTS = tuple(f"halden/{org}/{p}" for org, (_, projects) in ORGANIZATIONS.items() for p in projects)

# identifier → (scope, name, members)
GROUPS = {
    "security_team": ("halden", "Security Team", ["eli", "viktor"]),
    "release_managers": ("halden", "Release Managers", ["ana", "priya"]),
    "platform_team": ("halden", "Platform Team", ["jonas", "tomas"]),
    "audit_office": ("halden", "Audit Office", ["ines"]),
    "finops": ("halden", "FinOps", ["noor"]),
    "tracking_devs": ("halden/freight/tracking", "Tracking Developers", ["dana", "sam"]),
    "billing_devs": ("halden/freight/billing", "Billing Developers", ["priya", "sam"]),
}

# (scope, role, principal)
BINDINGS = (
    ("halden", "policy_author", "user:mira"),
    ("halden", "policy_author", "user:rune"),
    ("halden", "policy_approver", "user_group:security_team"),
    ("halden", "template_author", "user_group:platform_team"),
    ("halden", "compliance_auditor", "user_group:audit_office"),
    ("halden", "viewer", "user_group:finops"),
    ("halden/freight", "developer", "user:ana"),
    ("halden/freight/tracking", "developer", "user_group:tracking_devs"),
    ("halden/freight/tracking", "project_admin", "user:ana"),
    ("halden/freight/billing", "developer", "user_group:billing_devs"),
    ("halden/freight/billing", "project_admin", "user:priya"),
    ("halden/freight/customs", "developer", "user:priya"),
    ("halden/freight/platform", "developer", "user_group:platform_team"),
    ("halden/yard", "developer", "user:tomas"),
    ("halden/yard/lab", "developer", "user:dana"),
    ("halden/corporate", "developer", "user:noor"),
    ("halden", "viewer", "user_group:release_managers"),
)

# Who writes the pipelines of a project.
DEVELOPERS = {
    "halden/freight/tracking": ("dana", "ana", "sam"),
    "halden/freight/billing": ("priya", "sam"),
    "halden/freight/customs": ("priya", "ana"),
    "halden/freight/platform": ("jonas", "tomas"),
    "halden/yard/devices": ("tomas",),
    "halden/yard/lab": ("dana", "tomas"),
    "halden/corporate/payroll": ("noor",),
    "halden/corporate/intranet": ("noor",),
}

# identifier → (name, type)
ENVIRONMENTS = {
    "dev": ("Development", "PreProduction"),
    "qa": ("QA", "PreProduction"),
    "staging_eu": ("Staging EU", "PreProduction"),
    "preprod": ("Pre-production", "PreProduction"),
    "production_eu": ("Production EU", "Production"),
    "production_us": ("Production US", "Production"),
}

# identifier → (name, type, spec)
CONNECTORS = {
    "registry": (
        "Halden registry",
        "DockerRegistry",
        {
            "dockerRegistryUrl": "https://registry.halden.example",
            "providerType": "Other",
            "auth": {"type": "UsernamePassword", "spec": {"username": "ci", "passwordRef": "account.registry_ci"}},
        },
    ),
    "github_main": (
        "GitHub of Halden",
        "Github",
        {
            "url": "https://github.example/halden",
            "type": "Account",
            "authentication": {
                "type": "Http",
                "spec": {"type": "UsernameToken", "spec": {"username": "ci", "tokenRef": "account.github_ci"}},
            },
        },
    ),
    "k8s_eu": (
        "Kubernetes EU", "K8sCluster", {"credential": {"type": "InheritFromDelegate"}, "delegateSelectors": ["eu"]},
    ),
    "k8s_us": (
        "Kubernetes US", "K8sCluster", {"credential": {"type": "InheritFromDelegate"}, "delegateSelectors": ["us"]},
    ),
}  # fmt: skip
