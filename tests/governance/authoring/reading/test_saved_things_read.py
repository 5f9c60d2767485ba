"""Requests about connectors, environments and what else is saved that were once read wrongly."""

from __future__ import annotations

from typing import Any

import pytest

from tests.generation.asked.documents import connector, environment, infra, meta, secret
from tests.governance.authoring.reading.decided import asked, denied


def docker(url: str) -> Any:
    return connector("DockerRegistry", spec={"dockerRegistryUrl": url})


def github(url: str) -> Any:
    return connector("Github", spec={"url": url})


def test_the_url_of_a_connector_is_the_one_its_type_has() -> None:
    text = "Docker registry connectors must not have quay.io anywhere in their URL."
    assert denied(text, docker("https://quay.io/halden"))
    assert not denied(text, docker("https://harbor.halden.example"))


def test_all_urls_of_connectors_are_meant_and_what_has_none_breaks_nothing() -> None:
    text = "Connector URLs must start with https://"
    assert denied(text, docker("http://harbor.halden.example"))
    assert denied(text, github("http://github.com/halden"))
    assert not denied(text, github("https://github.com/halden"))
    assert not denied(text, connector("Aws", spec={"credential": {"type": "Irsa"}}))


@pytest.mark.parametrize(
    ("url", "there"),
    [
        ("https://docker.io", True),
        ("https://index.docker.io/v2/", True),
        ("https://robot@docker.io:443/v2", True),
        ("https://docker.io.halden.example/v2/", False),
        ("https://harbor.halden.example/docker.io", False),
        ("https://notdocker.io", False),
    ],
)
def test_a_host_stands_for_every_address_there(url: str, there: bool) -> None:
    assert denied("Docker registry connectors must not point to docker.io.", docker(url)) == there
    assert denied("Docker registry connectors may only point to docker.io.", docker(url)) != there


def test_a_host_with_a_path_stands_for_what_is_below_it() -> None:
    text = "Github connectors may only point to github.com/halden."
    assert not denied(text, github("https://github.com/halden/infra"))
    assert not denied(text, github("git@github.com:halden/infra.git"))
    assert denied(text, github("https://github.com/halden-leaks/infra"))
    assert denied(text, github("https://github.com/other"))


def test_brackets_say_which_name_is_meant() -> None:
    text = "PreProduction environments must start with np_ (the identifier)."
    assert denied(text, environment(type="PreProduction", identifier="lab", name="np_lab"))
    assert not denied(text, environment(type="PreProduction", identifier="np_lab", name="Lab"))


def test_brackets_with_a_field_nobody_spoke_of_are_not_dropped() -> None:
    assert asked("Secrets must not be longer than 20 characters (the description).")


def test_a_name_with_stars_stands_for_many() -> None:
    text = "Secrets named *legacy* are forbidden."
    assert denied(text, secret(name="db_legacy_key"))
    assert not denied(text, secret(name="db_key"))


def test_only_buckets_have_access_lists_and_only_databases_are_publicly_accessible() -> None:
    text = "S3 buckets must not be public."
    assert denied(text, planned("aws_s3_bucket", acl="public-read"))
    assert not denied(text, planned("aws_s3_bucket", acl="private"))
    text = "RDS instances must not be public."
    assert denied(text, planned("aws_db_instance", publicly_accessible=True))
    assert not denied(text, planned("aws_db_instance", publicly_accessible=False))


def test_a_function_runs_on_a_runtime_not_on_an_instance_type() -> None:
    text = "Lambda functions must not run on python3.7."
    assert denied(text, planned("aws_lambda_function", runtime="python3.7"))
    assert not denied(text, planned("aws_lambda_function", runtime="python3.12"))


def planned(kind: str, **values: Any) -> Any:
    resource = {"address": f"{kind}.a", "type": kind, "name": "a", "mode": "managed", "values": values}
    return {"planned_values": {"root_module": {"resources": [resource]}}}


def test_kinds_of_characters_are_one_list() -> None:
    text = "Secret names may contain only capital letters, digits and dashes and must start with a letter."
    assert not denied(text, secret(name="DB-KEY-2"))
    assert denied(text, secret(name="db-key"))
    assert denied(text, secret(name="2-DB"))


def test_what_is_not_a_value_may_be_any_other() -> None:
    text = "Environments whose type is not Production must be tagged temporary."
    assert denied(text, environment(type="PreProduction"))
    assert not denied(text, environment(type="PreProduction", tags={"temporary": "yes"}))
    assert not denied(text, environment(type="Production"))


def test_a_value_that_is_needed_and_must_not_be_something_is_there() -> None:
    text = 'Secrets need a description that is not "todo".'
    assert denied(text, secret())
    assert denied(text, secret(description="todo"))
    assert not denied(text, secret(description="The key of the ledger"))


def test_a_project_can_stand_in_front_of_its_noun() -> None:
    text = "Secrets in the billing project must be tagged pci."
    assert denied(text, secret(projectIdentifier="billing"))
    assert not denied(text, secret(projectIdentifier="tracking"))


def test_at_account_level_is_what_no_organisation_and_no_project_owns() -> None:
    text = "Connectors at account level must have a description."
    assert denied(text, connector("Aws", orgIdentifier=None, projectIdentifier=None))
    assert not denied(text, connector("Aws"))


def test_everybody_but_somebody() -> None:
    contractor = meta(groups=("contractors",))
    for text in (
        "Everyone except contractors may change secrets.",
        "Secrets may be created and changed by everybody but contractors.",
    ):
        assert denied(text, {**secret(), "metadata": contractor})
        assert not denied(text, {**secret(), "metadata": meta(groups=("sre",))})


def test_the_name_of_a_resource_in_a_condition_is_asked_about() -> None:
    assert asked("RDS instances named prod_* must not be destroyed.")


def test_tagged_with_a_value_and_tagged_as_a_condition() -> None:
    assert denied("Secrets must be tagged tier=gold.", secret(tags={"tier": "iron"}))
    assert not denied("Secrets must be tagged tier=gold.", secret(tags={"tier": "gold"}))
    assert not denied("Secrets need a description unless tagged legacy.", secret(tags={"legacy": "yes"}))
    assert denied("Secrets need a description unless tagged legacy.", secret())


def test_an_exception_for_a_project_is_about_where_the_thing_is_saved() -> None:
    text = "Secrets must have a description except in the project playground."
    assert not denied(text, secret(projectIdentifier="playground"))
    assert denied(text, secret(projectIdentifier="tracking"))


def test_the_workspace_of_a_plan_can_be_named() -> None:
    text = "Plans in the workspace sandbox must not destroy any aws_db_instance."
    gone = {"type": "aws_db_instance", "name": "a", "mode": "managed", "change": {"actions": ["delete"]}}
    assert denied(text, {"resource_changes": [gone], "iacmMetadata": {"workspace": "sandbox"}})
    assert not denied(text, {"resource_changes": [gone], "iacmMetadata": {"workspace": "core"}})


def test_one_of_the_things_a_field_holds() -> None:
    text = "Infrastructure definitions must use one of the namespaces blue and green."
    assert not denied(text, infra(spec={"namespace": "green"}))
    assert denied(text, infra(spec={"namespace": "red"}))


@pytest.mark.parametrize("needless", ["need no", "do not need a", "don't have to have a"])
def test_what_is_not_needed_is_not_forbidden(needless: str) -> None:
    assert asked(f"Services in the org retail {needless} description.")


def test_opentofu_is_a_provisioner_and_not_only_a_version() -> None:
    assert asked("Workspaces must be on OpenTofu.")
    assert asked("Workspaces using OpenTofu must have version 1.7 or newer.")
