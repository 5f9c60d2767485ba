"""Requests about what is deployed and where, second set: services, environments, infrastructures, overrides."""

from __future__ import annotations

from .documents import NOON, at, environment, infra, manifests, meta, override, service, store
from .item import allow, ask, deny, item


def _defined(kind: str = "Kubernetes", **spec: object) -> dict[str, object]:
    return {"type": kind, "spec": spec}


def _image(kind: str = "DockerRegistry", **spec: object) -> dict[str, object]:
    return _defined(artifacts={"primary": {"sources": [{"identifier": "a", "type": kind, "spec": spec}]}})


def _chart(version: str, helm: str = "V3") -> dict[str, object]:
    spec = {"store": store("Http"), "chartName": "web", "chartVersion": version, "helmVersion": helm}
    return _defined(
        "NativeHelm", manifests=[{"manifest": {"identifier": "m", "type": "HelmChart", "spec": spec}}]
    )


ITEMS = [
    item(
        "entity_service",
        1,
        "I'd like services without a description to be turned down.",
        deny(service()),
        deny(service(description="")),
        allow(service(description="shopping cart")),
    ),
    item(
        "entity_service",
        2,
        "Whoever saves a service has to fill in the cost-centre and owner tags; a service missing either one is refused.",
        deny(service(tags={"owner": "a"})),
        deny(service(tags={"cost-centre": "7", "owner": ""})),
        allow(service(tags={"cost-centre": "7", "owner": "a"})),
    ),
    item(
        "entity_service",
        2,
        "Helm charts referenced by a service must be pinned at chart version 2.0.0 or above",
        deny(service(serviceDefinition=_chart("1.9.4"))),
        allow(service(serviceDefinition=_chart("2.0.0"))),
        allow(service(serviceDefinition=_chart("10.1.0"))),
    ),
    item(
        "entity_service",
        1,
        "ban the deployment types Ssh and WinRm for services",
        deny(service(serviceDefinition=_defined("Ssh"))),
        deny(service(serviceDefinition=_defined("WinRm"))),
        allow(service(serviceDefinition=_defined("ECS"))),
        allow(service()),
    ),
    item(
        "entity_service",
        2,
        "Artifacts of a service must never use the tag latest.",
        deny(service(serviceDefinition=_image(imagePath="shop/cart", tag="latest"))),
        allow(service(serviceDefinition=_image(imagePath="shop/cart", tag="1.4.2"))),
        allow(service()),
    ),
    item(
        "entity_service",
        2,
        "Where do our images come from? Services should only have artifact sources of type Ecr or Gcr.",
        deny(service(serviceDefinition=_image("DockerRegistry"))),
        allow(service(serviceDefinition=_image("Ecr"))),
        allow(service()),
    ),
    item(
        "entity_service",
        2,
        "Every service manifest must be fetched with the connector github_halden",
        deny(service(serviceDefinition=manifests(store(connectorRef="account.other")))),
        allow(service(serviceDefinition=manifests(store(connectorRef="account.github_halden")))),
    ),
    item(
        "entity_service",
        2,
        "A service may have no more than 10 variables.",
        deny(service(serviceDefinition=_defined(variables=[{"name": f"V{n}"} for n in range(11)]))),
        allow(service(serviceDefinition=_defined(variables=[{"name": f"V{n}"} for n in range(10)]))),
        allow(service()),
    ),
    item(
        "entity_service",
        2,
        "Service variables called *_TOKEN need type Secret. In other words a variable whose name ends with _TOKEN must not be of type String.",
        deny(service(serviceDefinition=_defined(variables=[{"name": "API_TOKEN", "type": "String"}]))),
        allow(service(serviceDefinition=_defined(variables=[{"name": "API_TOKEN", "type": "Secret"}]))),
        allow(service(serviceDefinition=_defined(variables=[{"name": "TOKEN_URL", "type": "String"}]))),
    ),
    item(
        "entity_service",
        3,
        "Services in the project billing need a tag compliance with the value pci, everywhere else it's optional.",
        deny(service(projectIdentifier="billing", m=meta(project="billing"))),
        deny(service(projectIdentifier="billing", tags={"compliance": "sox"}, m=meta(project="billing"))),
        allow(service(projectIdentifier="billing", tags={"compliance": "pci"}, m=meta(project="billing"))),
        allow(service()),
    ),
    item(
        "entity_service",
        1,
        "Name of a service: max. 24 chars",
        deny(service(name="c" * 25)),
        allow(service(name="c" * 24)),
    ),
    item(
        "entity_environment",
        2,
        "An environment's type can't be Production unless it's got a tag 'approved-by'.",
        deny(environment(type="Production")),
        allow(environment(type="Production", tags={"approved-by": "x"})),
        allow(environment()),
    ),
    item(
        "entity_environment",
        1,
        "environmnts must have a descripton",
        deny(environment()),
        allow(environment(description="d")),
    ),
    item(
        "entity_environment",
        2,
        "Only the release managers and the SRE people are allowed to modify production environments.",
        deny(environment(type="Production", m=meta(groups=("freight_devs",)))),
        allow(environment(type="Production", m=meta(groups=("sre",)))),
        allow(environment(type="Production", m=meta(groups=("release_managers", "freight_devs")))),
        allow(environment(m=meta(groups=("freight_devs",)))),
    ),
    item(
        "entity_environment",
        2,
        "Pre-production environments mustn't contain the word prod in their name.",
        deny(environment(name="my-prod-copy")),
        allow(environment(name="qa-1")),
        allow(environment(name="prod-eu", type="Production")),
    ),
    item(
        "entity_environment",
        2,
        "Environment identifiers are lowercase letters, digits and underscores only, 2 to 20 characters.",
        deny(environment(identifier="QA_1")),
        deny(environment(identifier="q")),
        deny(environment(identifier="q" * 21)),
        allow(environment(identifier="qa_1")),
    ),
    item(
        "entity_environment",
        2,
        "It should be impossible to save an environment that has a variable without a description.",
        deny(environment(variables=[{"name": "A", "value": "1"}])),
        allow(environment(variables=[{"name": "A", "value": "1", "description": "d"}])),
        allow(environment()),
    ),
    item(
        "entity_environment",
        2,
        "Manifest overrides on environments have to come from the branch release.",
        deny(
            environment(
                overrides={
                    "manifests": [
                        {"manifest": {"identifier": "m", "spec": {"store": store("Git", branch="main")}}}
                    ]
                }
            )
        ),
        allow(
            environment(
                overrides={
                    "manifests": [
                        {"manifest": {"identifier": "m", "spec": {"store": store("Git", branch="release")}}}
                    ]
                }
            )
        ),
        allow(environment()),
    ),
    item(
        "entity_environment",
        2,
        "tag region of any production environment: one of eu-north-1, eu-west-1",
        deny(environment(type="Production", tags={"region": "us-east-1"})),
        allow(environment(type="Production", tags={"region": "eu-west-1"})),
        allow(environment(tags={"region": "us-east-1"})),
    ),
    item(
        "entity_infrastructure",
        1,
        "All infrastructures must be KubernetesDirect or KubernetesGcp.",
        deny(infra(type="ECS")),
        allow(infra()),
        allow(infra(type="KubernetesGcp")),
    ),
    item(
        "entity_infrastructure",
        2,
        "Please see to it that infrastructure definitions never get a namespace beginning with kube-.",
        deny(infra(spec={"namespace": "kube-public"})),
        allow(infra(spec={"namespace": "my-kube"})),
        allow(infra()),
    ),
    item(
        "entity_infrastructure",
        2,
        "An infrastructure definition needs both a namespace and a release name.",
        deny(infra(spec={"namespace": "shop"})),
        deny(infra(spec={"namespace": "", "releaseName": "r"})),
        allow(infra(spec={"namespace": "shop", "releaseName": "r"})),
    ),
    item(
        "entity_infrastructure",
        2,
        "For infrastructure that isn't in the environment prod or prod_us the connector k8s_nordic is off limits.",
        deny(infra(environmentRef="dev", spec={"connectorRef": "account.k8s_nordic"})),
        allow(infra(environmentRef="prod", spec={"connectorRef": "account.k8s_nordic"})),
        allow(infra(environmentRef="dev", spec={"connectorRef": "account.k8s_shared"})),
    ),
    item(
        "entity_infrastructure",
        1,
        "No infrastructure may allow simultaneous deployments",
        deny(infra(allowSimultaneousDeployments=True)),
        allow(infra(allowSimultaneousDeployments=False)),
        allow(infra()),
    ),
    item(
        "entity_infrastructure",
        2,
        "Infra: region must be eu-north-1 or eu-central-1, no other region is OK.",
        deny(infra(type="ECS", spec={"region": "us-east-1"})),
        allow(infra(type="ECS", spec={"region": "eu-north-1"})),
    ),
    item(
        "entity_infrastructure",
        2,
        "The namespace of an infrastructure must end with the name of the environment kind, i.e. in -dev, -qa or -live",
        deny(infra(spec={"namespace": "shop"})),
        allow(infra(spec={"namespace": "shop-qa"})),
        allow(infra(spec={"namespace": "shop-live"})),
    ),
    item(
        "override",
        1,
        "An override must not contain more than 5 variables",
        deny(override(variables=[{"name": f"V{n}"} for n in range(6)])),
        allow(override(variables=[{"name": f"V{n}"} for n in range(5)])),
    ),
    item(
        "override",
        2,
        "Overrides that apply to the environment prod can only be saved by SRE.",
        deny(override(environmentRef="prod", m=meta(groups=("freight_devs",)))),
        allow(override(environmentRef="prod", m=meta(groups=("sre",)))),
        allow(override(m=meta(groups=("freight_devs",)))),
    ),
    item(
        "override",
        2,
        "Forbid global environment overrides (type ENV_GLOBAL_OVERRIDE).",
        deny(override(type="ENV_GLOBAL_OVERRIDE")),
        allow(override()),
    ),
    item(
        "override",
        2,
        "override variables: names in upper case letters, digits and underscores",
        deny(override(variables=[{"name": "dbHost"}])),
        allow(override(variables=[{"name": "DB_HOST_2"}])),
        allow(override()),
    ),
    item(
        "override",
        2,
        "If an override sets a variable with 'secret' or 'password' in its name, upper or lower case, that variable has to be a Secret.",
        deny(override(variables=[{"name": "DB_Password", "type": "String", "value": "x"}])),
        allow(override(variables=[{"name": "DB_PASSWORD", "type": "Secret", "value": "x"}])),
        allow(override(variables=[{"name": "HOST", "type": "String", "value": "x"}])),
    ),
    item(
        "freeze_time",
        2,
        "No one saves services on Saturdays or Sundays, Oslo time.",
        deny(service(m=meta(at("2025-11-22T12:00:00+01:00")))),
        deny(service(m=meta(at("2025-11-22T00:30:00+01:00")))),
        allow(service(m=meta(at("2025-11-21T23:00:00+01:00")))),
        allow(service(m=meta(NOON))),
    ),
    item(
        "freeze_time",
        2,
        "Production environments are frozen between 1 December 2025 and 7 December 2025 (both days included, UTC).",
        deny(environment(type="Production", m=meta(at("2025-12-07T23:00:00+00:00")))),
        deny(environment(type="Production", m=meta(at("2025-12-01T00:00:00+00:00")))),
        allow(environment(type="Production", m=meta(at("2025-12-08T00:00:01+00:00")))),
        allow(environment(m=meta(at("2025-12-03T00:00:00+00:00")))),
    ),
    item("entity_service", 2, "Services need enough replicas.", ask()),
    item("entity_environment", 2, "Environments that haven't been used for a year must go.", ask()),
    item("entity_infrastructure", 2, "infrastructure must be sized appropriately", ask()),
]
