"""Requests about overrides, GitOps, flags, tokens, databases, states and firewalls, with a document on both sides."""

from __future__ import annotations

from typing import Any

import pytest

from tests.generation.asked.documents import (
    api_key,
    at,
    connector,
    cve,
    flag,
    gitops,
    infra,
    manifests,
    meta,
    override,
    pkg,
    repository,
    secret,
    service,
    service_account,
    sql,
    state,
    store,
    token,
    variable,
    workspace,
)
from tests.governance.authoring.reading.decided import asked, denied

DROP, SELECT = "DROP TABLE users", "SELECT 1"


def replacing(text: str, branch: str, environment: str = "qa") -> Any:
    from_git = {"manifest": {"type": text, "spec": {"store": store("Git", branch=branch)}}}
    return override(environmentRef=environment, manifests=[from_git])


def with_files(kind: str) -> Any:
    return override(configFiles=[{"configFile": {"spec": {"store": store(kind)}}}])


def owned(by: str, kind: str = "team") -> Any:
    return flag(owners=[{"id": by, "ownerType": kind}])


def synced(**status: Any) -> Any:
    found = gitops()
    found["gitopsApplication"]["app"]["status"] = status
    return found


def charts(**spec: str) -> Any:
    from_helm = {
        "manifest": {"identifier": "m", "type": "HelmChart", "spec": {"store": store("Git"), **spec}}
    }
    return service(serviceDefinition={"type": "Kubernetes", "spec": {"manifests": [from_helm]}})


def stored_in(kind: str) -> Any:
    return service(serviceDefinition=manifests(store(kind)))


def replaced(cluster: str) -> Any:
    return gitops(spec={"syncPolicy": {"syncOptions": ["Replace=true"]}}, clusterIdentifier=cluster)


def going_to(namespace: str) -> Any:
    return gitops(spec={"destination": {"namespace": namespace}})


def kept(manager: str, project: str) -> Any:
    return secret(spec={"secretManagerIdentifier": manager}, projectIdentifier=project)


def in_state(workspace_name: str, **attributes: Any) -> Any:
    return state(("aws_db_instance", attributes)) | {"iacmMetadata": {"workspace": workspace_name}}


def pruned(project: str) -> Any:
    return gitops(spec={"project": project, "syncPolicy": {"automated": {"prune": True}}})


def variables(*all_of_them: Any) -> Any:
    return service(serviceDefinition={"type": "Kubernetes", "spec": {"variables": list(all_of_them)}})


def images(*specs: Any) -> Any:
    sources = [{"identifier": "s", "type": "DockerRegistry", "spec": spec} for spec in specs]
    return service(serviceDefinition={"spec": {"artifacts": {"primary": {"sources": sources}}}})


def with_variable(key: str, value: str) -> Any:
    return workspace(environment_variables={key: {"key": key, "value": value, "value_type": "string"}})


def by_contractor(document: Any) -> Any:
    return {**document, "metadata": meta(groups=("contractors",))}


BOTH_SIDES = [
    # overrides by their type
    ("Service overrides must have a description.", override(), override(type="ENV_GLOBAL_OVERRIDE")),
    ("Infrastructure-level overrides are forbidden.", override(type="INFRA_SERVICE_OVERRIDE"), override()),
    ("Global overrides are not allowed.", override(type="INFRA_GLOBAL_OVERRIDE"), override()),
    ("Overrides may not replace config files stored inline.", with_files("Inline"), with_files("Harness")),
    # exceptions by a field and its value, by an environment
    ("Manifests in overrides have to come from the trunk branch, except for the dev and perf environments.",
     replacing("Values", "next"), replacing("Values", "next", "perf")),
    ("Overrides need a description, except those for dev.", override(), override(environmentRef="dev")),
    ("DROP TABLE statements are forbidden, except in the schema main.",
     sql(DROP) | {"dbSchema": {"name": "billing"}}, sql(DROP)),
    ("The sync option Replace=true is forbidden, except for the cluster shared_1, for GitOps applications.",
     replaced("live_1"), replaced("shared_1")),
    ("Workspaces need a description, the tracking project excepted.",
     workspace(projectIdentifier="shop"), workspace(projectIdentifier="tracking")),
    # a mistyped "except" is no name
    ("Secrets must not live in harnessSecretManager, exept for project lab.",
     kept("harnessSecretManager", "tracking"), kept("harnessSecretManager", "lab")),
    # what the installation knows as a connector is no environment
    ("Infrastructure must not use k8s_shared.",
     infra(spec={"connectorRef": "account.k8s_shared"}), infra(spec={"connectorRef": "k8s_nordic"})),
    ("GitOps applications must not deploy to kube-system.", going_to("kube-system"), going_to("web")),
    ("Degraded GitOps applications must not be synced.",
     synced(health={"status": "Degraded"}), synced(health={"status": "Healthy"})),
    ("No ECS infrastructure outside eu-north-1.",
     infra(type="ECS", deploymentType="ECS", spec={"region": "us-east-1"}),
     infra(type="ECS", deploymentType="ECS", spec={"region": "eu-north-1"})),
    # who owns a flag is not who saves it
    ("Flags owned by contractors are forbidden.", owned("contractors"), by_contractor(owned("sre"))),
    ("Flags owned by individual users are not allowed.", owned("ann", "user"), owned("sre")),
    ("Feature flags need one of the tags lasting, probe or trial.", flag(tags=["risky"]), flag(tags=["trial"])),
    # tokens
    ("Tokens must belong to the API key robots.",
     token(apiKeyIdentifier="mine"), token(apiKeyIdentifier="robots")),
    ("Invalid tokens may not be saved.", token(valid=False), token()),
    ("Service accounts need an e-mail address in our domain halden.example.",
     service_account(email="a@nothalden.example"), service_account()),
    # statements
    ("DROP TABLE statements must use IF EXISTS.", sql(DROP), sql("drop table if exists users")),
    ("CREATE INDEX on postgres must use CONCURRENTLY.",
     sql("create index a on b"), sql("create index a on b", type="jdbc:mysql")),
    ("SQL that touches the table customers is forbidden.",
     sql("UPDATE customers SET a = 1"), sql("UPDATE customers_log SET a = 1")),
    ("Instances tagged pci=true may not receive DELETE statements.",
     sql("DELETE FROM a WHERE b", tags={"pci": "true"}), sql("DELETE FROM a WHERE b", tags={"pci": "no"})),
    ("Connection URLs of database instances have to use ssl=true.",
     sql(SELECT, dbConnectionUrl="jdbc:x://db?ssl=false"), sql(SELECT, dbConnectionUrl="jdbc:x://db?ssl=true")),
    ("DROP statements on the database instance orders are forbidden.",
     sql(DROP, identifier="o1"), sql(DROP, identifier="o1", name="carts")),
    # services
    ("Helm charts in services must pin the chart version.", charts(), charts(chartVersion="1.2.0")),
    ("Kubernetes services need at least one manifest from Git.", stored_in("Github"), stored_in("Git")),
    ("Services need a description, and it must not contain TODO.",
     service(description="TODO"), service(description="Takes orders")),
    ("Repositories have to use the Terraform gitignore template.",
     repository(git_ignore="Go"), repository(git_ignore="Terraform")),
    # the firewall
    ("Only npm and pypi packages may pass the artifact firewall.",
     [pkg("a", package_manager="maven")], [pkg("a", package_manager="pypi")]),
    ("The artifact firewall lets only npm packages through.", [pkg("a", package_manager="gem")], [pkg("a")]),
    ("Quarantine packages with more than 1 critical CVEs in the artifact firewall.",
     [pkg("a", cves=[cve("CVE-1-1", 9.8, "CRITICAL"), cve("CVE-1-2", 9.9, "CRITICAL")])],
     [pkg("a", cves=[cve("CVE-1-1", 9.8, "CRITICAL"), cve("CVE-1-2", 5, "MEDIUM")])]),
    ("Artifact firewall: anything with critical OSS risk is denied, unless it is from maven.",
     [pkg("a", oss_risk={"level": "critical"})],
     [pkg("a", oss_risk={"level": "critical"}, package_manager="maven")]),
    # Terraform states
    ("At most 1 resource may be kept in one Terraform state.",
     state(("aws_vpc", {}), ("aws_subnet", {})), state(("aws_vpc", {}))),
    ("RDS instances in the state need encrypted storage; the ones in workspace lab are exempt.",
     in_state("live", storage_encrypted=False), in_state("lab", storage_encrypted=False)),
    # what is allowed in some places alone
    ("Pruning may only be enabled for applications of the Argo project lab.",
     pruned("shop"), pruned("lab")),
    ("DROP TABLE is only allowed in the schema main.",
     sql(DROP) | {"dbSchema": {"name": "billing"}}, sql(DROP)),
    ("Inline secrets are allowed in the lab project only.",
     secret(spec={"valueType": "Inline"}),
     secret(spec={"valueType": "Inline"}, projectIdentifier="lab")),
    ("Connectors with basic auth are only allowed in the lab project.",
     connector("DockerRegistry", spec={"auth": {"type": "UsernamePassword"}}),
     connector("DockerRegistry", spec={"auth": {"type": "UsernamePassword"}}, projectIdentifier="lab")),
    ("vault_pci is only for secrets whose name starts with pci_.",
     secret(spec={"secretManagerIdentifier": "vault_pci"}),
     secret(spec={"secretManagerIdentifier": "vault_pci"}, name="pci_key")),
    ("In production, overrides of the service cart are off limits.",
     override(environmentRef="prod"), override(environmentRef="prod", serviceRef="web")),
    ("Infrastructure definitions in non-production must not use the namespace live.",
     infra(spec={"namespace": "live"}), infra(environmentRef="prod", spec={"namespace": "live"})),
    # "each of them" are the things named last
    ("Services may not have more than 2 variables, and each of them needs a description.",
     variables({"name": "A"}), variables({"name": "A", "description": "x"})),
    ("Each SQL change must have at most 2 statements and none of them may be longer than 20 characters.",
     sql("SELECT 1234567890123456"), sql(SELECT, SELECT)),
    # two states of two fields hold together, and letters of any case are no words
    ("GitOps applications must be in sync and healthy.",
     synced(sync={"status": "OutOfSync"}, health={"status": "Healthy"}),
     synced(sync={"status": "Synced"}, health={"status": "Healthy"})),
    ("The name of a secret must not contain the word test, upper or lower case.",
     secret(name="My_Test"), secret(name="upper_A")),
    # values of variables, and what they are called
    ("Workspaces must have the environment variable TF_LOG with the value ERROR.",
     with_variable("TF_LOG", "DEBUG"), with_variable("TF_LOG", "ERROR")),
    ("Every workspace must have the Terraform variables owner and tier.",
     workspace(terraform_variables={"owner": {"value": "a"}}),
     workspace(terraform_variables={"owner": {"value": "a"}, "tier": {"value": "1"}})),
    ("In workspaces the Terraform variable region must be eu-north-1.",
     workspace(terraform_variables={"region": {"value": "us-east-1"}}),
     workspace(terraform_variables={"region": {"value": "eu-north-1"}})),
    ("Workspaces must never be on the branch develop or on anything starting with feature/.",
     workspace(repository_branch="feature/x"), workspace()),
    ("gitops: block apps whose repo URL uses plain http",
     gitops(spec={"source": {"repoURL": "http://git.halden.example/web"}}), gitops()),
    ("The database type must be postgres or mysql.", sql(SELECT, type="oracle"), sql(SELECT, type="postgres")),
    ("SELECT * is not allowed.", sql("select  * from a"), sql("select a from b")),
    ("No schema changes (ALTER, CREATE) at all.", sql("alter table a"), sql(SELECT)),
    ("The JDBC url has to start with jdbc:postgresql://",
     sql(SELECT, dbConnectionUrl="jdbc:mysql://x"), sql(SELECT, dbConnectionUrl="jdbc:postgresql://x")),
    ("Flag tags are limited to two.", flag(tags=["a", "b", "c"]), flag(tags=["a", "b"])),
    ("Flags need at least two key metrics.", flag(keyMetrics=["a"]), flag(keyMetrics=["a", "b"])),
    ("Don't allow killed feature flags to be edited.", flag(status="KILLED"), flag()),
    ("Tokens must have a start date and an end date.", token(validFrom=None), token()),
    ("Namespace and release name of an infrastructure definition must be the same.",
     infra(spec={"namespace": "a", "releaseName": "b"}), infra(spec={"namespace": "a", "releaseName": "a"})),
    ("Infrastructures have to set a namespace other than default.",
     infra(spec={"namespace": "default"}), infra(spec={"namespace": "web"})),
    ("All RDS databases in state must keep backups for at least 14 days.",
     state(("aws_db_instance", {"backup_retention_period": 7})),
     state(("aws_db_instance", {"backup_retention_period": 14}))),
    # of a type is not called so
    ("No workspace may use a provider connector of type Azure.",
     workspace(provider_connector={"identifier": "a", "type": "Azure"}),
     workspace(provider_connector={"identifier": "Azure", "type": "Aws"})),
    ("Workspaces must take their code from the repository infra-live.",
     workspace(repository="other"), workspace(repository="infra-live")),
    ("GitOps applications must be labelled with tier and owner.",
     gitops(labels={"tier": "1"}), gitops(labels={"tier": "1", "owner": "a"})),
    ("No GitOps application may go to a server other than https://kubernetes.default.svc.",
     gitops(spec={"destination": {"server": "https://other.example"}}),
     gitops(spec={"destination": {"server": "https://kubernetes.default.svc"}})),
    ("Every feature flag must carry the tag owner or team.", flag(tags=["x"]), flag(tags=["team:sre"])),
    ("Every CREATE TABLE must contain a primary key.",
     sql("create table a (b int)"), sql("create table a (b int primary key)")),
    ("No statement may mention the schema hidden.", sql("select 1 from hidden.a"), sql(SELECT)),
    ("Database changes without any statements make no sense, reject them.", sql(), sql(SELECT)),
    ("State must not contain sensitive outputs.",
     state() | {"outputs": {"a": {"sensitive": True}}}, state() | {"outputs": {"a": {"sensitive": False}}}),
    ("No S3 bucket in the state may have a public ACL.",
     state(("aws_s3_bucket", {"acl": "public-read"})), state(("aws_s3_bucket", {"acl": "private"}))),
    ("The terraform state must have been written with version 1.7.x.",
     state() | {"terraform_version": "1.70.0"}, state() | {"terraform_version": "1.7.4"}),
    # the score of a package is that of its worst vulnerability
    ("Packages must have a CVSS score below 7 in the firewall.",
     [pkg("a", cves=[cve("CVE-1-1", 3), cve("CVE-1-2", 9)])], [pkg("a")]),
    ("Docker images in services must be pinned by digest.",
     images({"imagePath": "a"}), images({"imagePath": "a", "digest": "sha256:1"})),
    # where a value may be, and where it may not
    ("The target revision of a GitOps application may be main only in the namespaces dev and qa.",
     gitops(), gitops(spec={"destination": {"namespace": "qa"}, "source": {"targetRevision": "main"}})),
    ("The source path of GitOps apps must start with apps/.",
     gitops(spec={"source": {"path": "lib/web"}}), gitops(spec={"source": {"path": "apps/web"}})),
    ("No GitOps application outside the Argo project infra may deploy to kube-system.",
     going_to("kube-system"),
     gitops(spec={"destination": {"namespace": "kube-system"}, "project": "infra"})),
    ("Every GitOps application must have a repository URL ending in .git.",
     gitops(), gitops(spec={"source": {"repoURL": "https://github.com/halden/web.git"}})),
    ("Overrides may only be made for the services cart and ledger.",
     override(serviceRef="web"), override(serviceRef="ledger")),
    ("Only SELECT statements are allowed.", sql("insert into a select 1"), sql(" select 1")),
    ("Every statement must end with a semicolon.", sql(SELECT), sql(SELECT + ";")),
    ("Licenses other than MIT and Apache-2.0 are not allowed for repositories.",
     repository(license="GPL-3.0"), repository(license="MIT")),
    ("The firewall must not allow packages licensed under SSPL-1.0.",
     [pkg("a", licenses=["SSPL-1.0"])], [pkg("a")]),
    ("Block packages affected by CVE-2024-3094 in the firewall.",
     [pkg("a", cves=[cve("CVE-2024-3094", 10)])], [pkg("a", cves=[cve("CVE-2024-3095", 10)])]),
    ("Variables must not contain spaces in their name.", variable(name="A B"), variable(name="spaces")),
    ("Artifacts in services must not be pulled from hub_mirror.",
     images({"connectorRef": "account.hub_mirror"}), images({"connectorRef": "harbor_main"})),
    ("No API key may have a default lifetime of less than a day.",
     api_key(defaultTimeToExpireToken=3_600_000), api_key(defaultTimeToExpireToken=86_400_000)),
    # conditions go on behind "where"; what is lacked belongs to what is had
    ("Deny workspaces where cost estimation is disabled and the budget is higher than 100.",
     workspace(budget=200), workspace(budget=50)),
    ("Reject a workspace that has no budget or a budget of 0.", workspace(budget=0), workspace(budget=5)),
    ("A service must not have a variable without a description.",
     variables({"name": "A"}), variables({"name": "A", "description": "x"})),
    ("Block overrides that neither name a service nor an infrastructure.",
     override(serviceRef=None), override(serviceRef=None, infraIdentifier="i")),
    ("Deny services whose manifests come from the branch develop.",
     service(serviceDefinition=manifests(store("Git", branch="main"), store("Git", branch="develop"))),
     service(serviceDefinition=manifests(store("Git", branch="main")))),
    ("Deny secrets that are not stored in vault_main or vault_pci.",
     kept("aws_sm", "tracking"), kept("vault_pci", "tracking")),
    ("Secrets in projects other than lab must not use vault_pci.",
     kept("vault_pci", "tracking"), kept("vault_pci", "lab")),
    ("Service accounts must not use an email outside halden.example.",
     service_account(email="a@other.example"), service_account()),
    ("Statements may not reference the table users unless they are SELECTs.",
     sql("update users set a = 1"), sql("select a from users")),
    ("Deny statements starting with DROP.", sql("drop table a"), sql("create table drop_zone (a int)")),
    ("UPDATE statements must contain a WHERE clause and a LIMIT.",
     sql("update a set b = 1 where c"), sql("update a set b = 1 where c limit 1")),
    ("CREATE TABLE is only allowed in schemas starting with app_.",
     sql("create table a (b int)"), sql("create table a (b int)") | {"dbSchema": {"name": "app_a"}}),
    # resources of several types, also as exceptions
    ("Every resource in the state needs the tag owner, except aws_iam_role and aws_iam_policy.",
     state(("aws_vpc", {})), state(("aws_iam_role", {}), ("aws_iam_policy", {}))),
    ("The Terraform state may only contain aws_s3_bucket and aws_sqs_queue resources.",
     state(("aws_vpc", {})), state(("aws_sqs_queue", {}), ("aws_s3_bucket", {}))),
    ("An override in prod must use manifests of type Values only.",
     override(environmentRef="prod", manifests=[{"manifest": {"type": "Kustomize"}}]),
     override(environmentRef="prod", manifests=[{"manifest": {"type": "Values"}}])),
    ("A repository must have a description, a license and the default branch main.",
     repository(license=None), repository(license="MIT")),
    ("The Terraform state must not use a version older than 1.4.",
     state() | {"terraform_version": "1.3.9"}, state() | {"terraform_version": "1.4.0"}),
    ("Reject every override whose environment is preprod and which has config files.",
     override(environmentRef="preprod", configFiles=[{"configFile": {"spec": {}}}]), with_files("Harness")),
    ("Database changes on oracle may contain at most one statement.",
     sql(SELECT, SELECT, type="jdbc:oracle:thin"), sql(SELECT, SELECT)),
    # "its" is what the sentence is about; what is for production is no service of that name
    ("Overrides: no variable may be of type String if its name ends with _KEY.",
     override(variables=[{"name": "A_KEY", "type": "String"}]),
     override(name="A_KEY", variables=[{"name": "A", "type": "String"}])),
    ("If an override is for production, it needs a description.",
     override(environmentRef="prod"), override(serviceRef="production")),
    ("Terraform state: no aws_db_instance with less than 20 GB of storage.",
     state(("aws_db_instance", {"allocated_storage": 10})), state(("aws_db_instance", {"allocated_storage": 20}))),
    ("Deny services whose artifact tag is latest or empty.",
     images({"tag": "1.0"}, {"tag": "latest"}), images({"tag": "1.0"})),
    ("No package younger than its latest version... I mean, packages must be up to date at the firewall.",
     [pkg("a", "1.0.0", latest_version="1.1.0")], [pkg("a", "1.1.0", latest_version="1.1.0")]),
    ("No secret may be changed by anybody except the security team.",
     secret(m=meta(groups=("sre",))), secret(m=meta(groups=("security_team",)))),
    ("Firewall: packages from npm must have a license and their risk level must not be high.",
     [pkg("a", oss_risk={"level": "high"})], [pkg("a", package_manager="maven", oss_risk={"level": "high"})]),
    ("Workspaces need a repository connector and it must be github_halden.",
     workspace(repository_connector={"identifier": "other"}),
     workspace(repository_connector={"identifier": "github_halden"})),
    ("Service accounts must be described and tagged with owner.",
     service_account(description="x"), service_account(description="x", tags={"owner": "a"})),
]  # fmt: skip


@pytest.mark.parametrize(("text", "refused", "accepted"), BOTH_SIDES, ids=[text for text, _, _ in BOTH_SIDES])
def test_requests_decide_documents_on_both_sides(text: str, refused: Any, accepted: Any) -> None:
    assert denied(text, refused)
    assert not denied(text, accepted)


def test_times_behind_only_are_what_it_limits() -> None:
    assert asked("Secrets may be changed by the security team only between 8:00 and 10:00 UTC.")


def test_a_request_that_fits_nothing_is_asked_about() -> None:
    assert asked('Service variables must be tagged with a team that is not "unknown".')


def test_a_number_is_no_package_manager() -> None:
    assert asked(
        "Packages with a risk score of 8 or more are rejected by the firewall, npm ones already from 6."
    )


def test_never_on_a_day_speaks_of_what_was_spoken_of() -> None:
    text = "GRANT may only be run by the DBAs, and never on Fridays."
    friday = meta(at("2026-11-27T12:00:00+00:00"), ("dba",))
    assert denied(text, sql("grant all on a to b") | {"metadata": friday})
    assert not denied(text, sql(SELECT) | {"metadata": friday})


def test_the_case_of_letters_is_not_dropped() -> None:
    assert asked("Terraform variables must not be called access_key in a workspace, upper or lower case.")


@pytest.mark.parametrize(
    "text",
    [
        "Public repositories must be named oss-something.",
        "Secrets need the tags owner and expiry, SSH keys only owner.",
        "Firewall: block log4j-core 2.14.1 and everything older than 2.12.",
    ],
)
def test_what_cannot_be_told_is_asked_about(text: str) -> None:
    assert asked(text)


def test_a_verb_of_sql_alone_demands_nothing() -> None:
    assert asked("Updates without a where are a no go, deletes as well.")


def test_versioning_of_buckets_is_no_version_of_an_engine() -> None:
    assert asked("S3 buckets in the state need versioning.")


def test_the_owner_of_what_has_none_is_not_the_one_who_saves_it() -> None:
    assert asked("Services owned by contractors are forbidden.")
