"""Requests about connectors, environments, infrastructure, services and secrets: known names, values of fields, what a policy does not see."""

from __future__ import annotations

import pytest

from tests.generation.asked import documents as d
from tests.governance.authoring.reading.decided import asked, denied


def test_a_connector_the_installation_knows_is_excepted_by_its_identifier() -> None:
    text = "No docker hub connectors except hub_mirror."
    hub = {"spec": {"providerType": "DockerHub"}}
    assert denied(text, d.connector("DockerRegistry", name="hub_mirror", **hub))
    assert not denied(text, d.connector("DockerRegistry", identifier="hub_mirror", name="Hub mirror", **hub))


def test_https_and_not_http() -> None:
    text = "URLs of connectors have to start with https and not http."
    assert denied(text, d.connector("Github", spec={"url": "http://git.example.com/a"}))
    assert not denied(text, d.connector("Github", spec={"url": "https://git.example.com/a"}))


def test_a_heading_of_documents_is_about_those_documents() -> None:
    text = "environments: every variable must have a value and it cannot be the word TODO"
    assert denied(text, d.environment(variables=[{"name": "A", "type": "String", "value": "TODO"}]))
    assert not denied(text, d.environment(variables=[{"name": "A", "type": "String", "value": "x"}]))
    assert not denied(text, d.pipe(variables=[{"name": "A", "type": "String", "value": ""}]))


def test_environments_in_a_list_by_their_identifiers() -> None:
    text = "Only release managers may edit the environments prod_nordic and prod_us."
    assert denied(text, d.environment(identifier="prod_us"))
    assert not denied(text, d.environment(identifier="dev"))


def test_infrastructure_is_excepted_by_its_environment() -> None:
    text = (
        "Infrastructures whose deployment type is not Kubernetes are forbidden except in the environment qa."
    )
    assert denied(text, d.infra(deploymentType="ECS", environmentRef="dev"))
    assert not denied(text, d.infra(deploymentType="ECS", environmentRef="qa"))


def test_artifacts_come_from_a_connector() -> None:
    text = "Service artifacts may only come from the connector harbor_main."

    def serving(connector: str) -> dict[str, object]:
        source = {"identifier": "a", "type": "DockerRegistry", "spec": {"connectorRef": connector}}
        return d.service(
            serviceDefinition={
                "type": "Kubernetes",
                "spec": {"artifacts": {"primary": {"sources": [source]}}},
            }
        )  # type: ignore[no-any-return]

    assert denied(text, serving("account.hub_mirror"))
    assert not denied(text, serving("account.harbor_main"))


def test_infrastructure_in_prod_is_in_any_production_environment() -> None:
    text = "Infrastructure in prod must not allow simultaneous deployments."
    on = {"allowSimultaneousDeployments": True}
    assert denied(text, d.infra(environmentRef="freight_live", **on))
    assert not denied(text, d.infra(environmentRef="product_catalog_dev", **on))
    assert not denied(
        "Infrastructure in the environment prod must not allow simultaneous deployments.",
        d.infra(environmentRef="prod_us", **on),
    )


def test_a_type_behind_another_demand_is_that_of_the_thing() -> None:
    text = "Service definitions must have the description filled in and be of type Kubernetes or NativeHelm."
    good = {"description": "ours", "serviceDefinition": {"type": "NativeHelm"}}
    assert not denied(text, d.service(**good))
    assert denied(text, d.service(**{**good, "serviceDefinition": {"type": "ECS"}}))
    assert denied(text, d.service(**{**good, "description": ""}))


def test_types_that_live_at_one_level_only() -> None:
    text = "Connectors of type Vault and AwsSecretManager may only exist at account level."
    assert denied(text, d.connector("Vault"))
    assert not denied(text, d.connector("Vault", orgIdentifier="", projectIdentifier=""))
    assert not denied(text, d.connector("Github"))


@pytest.mark.parametrize(
    "text",
    [
        "Environments may only be called dev, qa, staging or prod",
        "The name of an environment may only be dev, qa or prod.",
    ],
)
def test_names_among_those_of_the_installation(text: str) -> None:
    assert denied(text, d.environment(name="lab"))
    assert not denied(text, d.environment(name="prod"))


def test_a_list_that_is_mandatory_is_missing_where_there_is_none() -> None:
    text = "Delegate selectors are mandatory on K8sCluster and Aws connectors."
    assert denied(text, d.connector("Aws", spec={}))
    assert not denied(text, d.connector("Aws", spec={"delegateSelectors": ["a"]}))
    assert not denied(text, d.connector("Github", spec={}))


def test_what_is_edited_is_the_environment_itself() -> None:
    text = "Production environments may only be edited by release managers, and need the tag change_board."
    assert denied(text, d.environment(type="Production", tags={"change_board": "x"}))
    good = d.environment(type="Production", tags={"change_board": "x"})
    good["metadata"] = d.meta(groups=("release_managers",))
    assert not denied(text, good)


def test_names_with_capitals_are_those_that_have_one() -> None:
    text = "No secret may have an identifier with upper-case letters."
    assert denied(text, d.secret(identifier="dbPass"))
    assert not denied(text, d.secret(identifier="db_pass"))


def test_a_value_said_behind_a_plain_verb_is_one_of_its_field() -> None:
    text = "AWS connectors may only use IRSA."
    assert denied(text, d.connector("Aws", spec={"credential": {"type": "ManualConfig"}}))
    assert not denied(text, d.connector("Aws", spec={"credential": {"type": "Irsa"}}))


def test_the_value_of_variables_that_are_called_so() -> None:
    text = "Environment variables called *_URL must start with https://"
    assert denied(text, d.environment(variables=[{"name": "A_URL", "type": "String", "value": "http://a"}]))
    assert not denied(
        text, d.environment(variables=[{"name": "A_URL", "type": "String", "value": "https://a"}])
    )


def test_environments_by_name_in_front_of_their_noun() -> None:
    text = "Dev and qa environments may not be of type Production."
    assert denied(text, d.environment(identifier="qa", type="Production"))
    assert not denied(text, d.environment(identifier="prod", type="Production"))


def test_values_of_tags_that_were_to_be_included() -> None:
    text = "Service tags must include owner and tier; tier is one of gold, silver, bronze."
    assert denied(text, d.service(tags={"owner": "a", "tier": "tin"}))
    assert denied(text, d.service(tags={"tier": "gold"}))
    assert not denied(text, d.service(tags={"owner": "a", "tier": "gold"}))


def test_infrastructure_of_production_in_front_of_its_noun() -> None:
    text = "Each production infrastructure must have the connector k8s_nordic or k8s_shared."
    assert denied(text, d.infra(environmentRef="freight_live", spec={"connectorRef": "mine"}))
    assert not denied(
        text, d.infra(environmentRef="freight_live", spec={"connectorRef": "account.k8s_shared"})
    )
    assert not denied(text, d.infra(environmentRef="dev", spec={"connectorRef": "mine"}))


def test_what_a_reference_points_to_is_asked_about() -> None:
    assert asked("Infrastructures with the deployment type ECS need a connector of type Aws.")


@pytest.mark.parametrize(
    "text",
    [
        "Nobody but the release managers is allowed to delete or rename a production environment.",
        "Only the security team may delete secrets.",
    ],
)
def test_what_a_policy_does_not_see_is_asked_about(text: str) -> None:
    assert asked(text)


def test_a_connector_the_installation_knows_is_left_out_behind_its_noun() -> None:
    text = "Every Github connector except github_halden must have a description."
    assert denied(text, d.connector("Github"))
    assert not denied(text, d.connector("Github", identifier="github_halden"))


def test_a_secret_that_belongs_to_a_project() -> None:
    text = "A secret must not be stored in aws_sm if it belongs to the project payments."
    kept = {"secretManagerIdentifier": "account.aws_sm"}
    assert denied(text, d.secret(projectIdentifier="payments", spec=kept))
    assert not denied(text, d.secret(projectIdentifier="tracking", spec=kept))


def test_tagged_with_a_pair_and_kept_somewhere() -> None:
    text = "Secrets whose name contains prod must be tagged with env=prod and kept in vault_main."
    good = {"name": "prod_key", "tags": {"env": "prod"}, "spec": {"secretManagerIdentifier": "vault_main"}}
    assert not denied(text, d.secret(**good))
    assert denied(text, d.secret(**{**good, "tags": {"env": "qa"}}))
    assert denied(text, d.secret(**{**good, "spec": {"secretManagerIdentifier": "aws_sm"}}))
