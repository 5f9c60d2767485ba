"""Requests about scans, SBOMs, Terraform plans, their costs and connectors: severities in order, verdicts in short, what only spares."""

from __future__ import annotations

import pytest

from tests.generation.asked import documents as d
from tests.governance.authoring.reading.decided import asked, denied


@pytest.mark.parametrize(
    "text",
    [
        "Scans may not have findings with a severity above medium.",
        "Findings of severity high or worse are not allowed.",
        "Block anything rated higher than medium in a security scan.",
        "No vulnerabilities above medium in scan results.",
    ],
)
def test_a_severity_stands_for_those_above_it(text: str) -> None:
    assert denied(text, d.scan([d.issue("High")], HIGH="1"))
    assert denied(text, d.scan([d.issue("Critical")], CRITICAL="1"))
    assert not denied(text, d.scan([d.issue("Medium")], MEDIUM="4"))


@pytest.mark.parametrize(
    "text",
    [
        "more than 3 criticals or more than 9 highs -> fail",
        "More than 3 critical or more than 9 high findings fail the scan.",
    ],
)
def test_each_of_two_numbers_of_findings_fails(text: str) -> None:
    assert denied(text, d.scan([], CRITICAL="4"))
    assert denied(text, d.scan([], HIGH="10"))
    assert not denied(text, d.scan([], CRITICAL="3", HIGH="9"))


def test_so_many_of_two_kinds_of_new_findings_are_asked_about() -> None:
    assert asked("more than 4 new critical or new high findings block the run")
    assert denied("No new critical or new high findings in a scan.", d.scan([], NEW_HIGH="1"))


@pytest.mark.parametrize(
    "text",
    [
        "A scan may report at most 2 high findings and none that are critical.",
        "We tolerate up to 2 high vulnerabilities and no critical ones.",
    ],
)
def test_none_is_a_number_of_findings(text: str) -> None:
    assert denied(text, d.scan([], HIGH="3"))
    assert denied(text, d.scan([], CRITICAL="1"))
    assert not denied(text, d.scan([], HIGH="2"))


def test_a_verdict_on_the_run_behind_its_conditions() -> None:
    text = "If the code coverage is below 70 or there is a critical finding, the pipeline has to stop."
    assert denied(text, d.scan([], CODE_COVERAGE="69"))
    assert denied(text, d.scan([], CODE_COVERAGE="90", CRITICAL="1"))
    assert not denied(text, d.scan([], CODE_COVERAGE="70"))


def test_findings_counted_in_total() -> None:
    text = "Scan results with more than 50 issues in total are rejected."
    assert denied(text, d.scan([], TOTAL="51"))
    assert not denied(text, d.scan([], TOTAL="50"))


def test_new_findings_are_new_to_a_baseline() -> None:
    text = "The scan must not find new high vulnerabilities compared to the baseline."
    assert denied(text, d.scan([], NEW_HIGH="1"))
    assert not denied(text, d.scan([], HIGH="1", NEW_HIGH="0"))


def test_anything_for_a_reference() -> None:
    text = "Reject a scan that found anything for CWE-79."
    assert denied(text, d.scan([d.issue("Low", refs=("CWE-79",))]))
    assert not denied(text, d.scan([d.issue("High", refs=("CWE-80",))]))


def test_those_with_something_else_get_the_same_verdict() -> None:
    text = "SBOM packages without a licence are forbidden, and those under SSPL-1.0 as well."
    assert denied(text, d.bom(("a", "1.0.0", "")))
    assert denied(text, d.bom(("a", "1.0.0", "SSPL-1.0")))
    assert not denied(text, d.bom(("a", "1.0.0", "MIT")))


@pytest.mark.parametrize("text", ["libfoo must be at least 3.0.9", "Nobody may ship libfoo older than 3.0.9"])
def test_what_has_a_name_and_a_version_is_a_package(text: str) -> None:
    assert denied(text, d.bom(("libfoo", "3.0.8", "MIT")))
    assert not denied(text, d.bom(("libfoo", "3.0.10", "MIT"), ("other", "1.0.0", "MIT")))


def test_brackets_say_which_packages_are_meant() -> None:
    text = "A python package (purl begins with pkg:pypi/) must have a licence."
    assert denied(text, [{**d.bom(("a", "1.0.0", ""))[0], "purl": "pkg:pypi/a@1.0.0"}])
    assert not denied(text, d.bom(("a", "1.0.0", "")))


def test_only_a_region_spares_what_has_none() -> None:
    text = "Terraform plans may only use resources in the region eu-north-1 or eu-west-1."
    assert denied(text, d.plan(("aws_instance", "create", {"region": "us-east-1"})))
    assert not denied(
        text, d.plan(("aws_iam_role", "create", {}), ("aws_instance", "create", {"region": "eu-west-1"}))
    )


@pytest.mark.parametrize(
    "text",
    ["EBS volumes may be no larger than 300 GB.", "The size of EBS volumes may be at most 300 GB."],
)
def test_a_bound_that_is_allowed_spares_what_has_no_value(text: str) -> None:
    assert denied(text, d.plan(("aws_ebs_volume", "create", {"size": 301})))
    assert not denied(
        text, d.plan(("aws_ebs_volume", "create", {"size": 300}), ("aws_ebs_volume", "create", {}))
    )


def test_a_state_of_what_a_plan_creates() -> None:
    text = "Terraform plans must not create public S3 buckets."
    assert denied(text, d.plan(("aws_s3_bucket", "create", {"acl": "public-read"})))
    assert not denied(text, d.plan(("aws_s3_bucket", "create", {"acl": "private"})))


def test_an_attribute_by_its_own_name_in_brackets() -> None:
    text = "RDS instances in a plan must be encrypted (storage_encrypted)."
    assert denied(text, d.plan(("aws_db_instance", "create", {"storage_encrypted": False})))
    assert not denied(text, d.plan(("aws_db_instance", "create", {"storage_encrypted": True})))


def test_resources_of_a_module_and_the_modules_in_it() -> None:
    text = "Terraform plans must not change anything in module.network."
    touched = d.plan(("aws_vpc", "update", {}))
    change = touched["resource_changes"][0]
    assert not denied(text, touched)
    change["module_address"] = "module.network.module.subnets[0]"
    assert denied(text, touched)
    change["module_address"] = "module.network_old"
    assert not denied(text, touched)


def test_a_second_relative_clause_holds_for_all_of_the_first() -> None:
    text = "Every resource that a Terraform plan creates or updates and that has tags must have the tag env."
    assert denied(text, d.plan(("aws_vpc", "create", {"tags": {"a": "b"}})))
    assert denied(text, d.plan(("aws_vpc", "update", {"tags": {"a": "b"}})))
    assert not denied(text, d.plan(("aws_vpc", "create", {}), ("aws_vpc", "update", {"tags": {"env": "x"}})))


def test_what_buckets_are_called() -> None:
    text = "S3 bucket names in a plan must start with halden-"
    assert denied(text, d.plan(("aws_s3_bucket", "create", {"bucket": "logs"})))
    assert not denied(text, d.plan(("aws_s3_bucket", "create", {"bucket": "halden-logs"})))
    assert asked("aws_db_instance must have deletion protection turned on, unless its name starts with tmp")


def test_how_long_backups_are_kept_behind_a_heading() -> None:
    text = "RDS: backups must be kept for at least 14 days and multi az must be on."
    good = {"backup_retention_period": 14, "multi_az": True}
    assert not denied(text, d.plan(("aws_db_instance", "create", good)))
    assert denied(text, d.plan(("aws_db_instance", "create", {**good, "multi_az": False})))
    assert denied(text, d.plan(("aws_db_instance", "create", {**good, "backup_retention_period": 13})))


def test_a_bill_that_grows_by_half() -> None:
    text = "Any plan that makes the monthly bill go up by half or more has to be stopped."
    assert denied(text, d.cost("150", "100", "50", 50))
    assert not denied(text, d.cost("149", "100", "49", 49))


def test_what_a_single_resource_stays_under() -> None:
    text = "A single aws_instance must stay under 150 dollars monthly."
    assert denied(text, d.cost_of(aws_instance="150"))
    assert not denied(text, d.cost_of(aws_instance="149", aws_eks_cluster="900"))


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


@pytest.mark.parametrize(
    "text",
    [
        "Nobody but the release managers is allowed to delete or rename a production environment.",
        "Only the security team may delete secrets.",
    ],
)
def test_what_a_policy_does_not_see_is_asked_about(text: str) -> None:
    assert asked(text)


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


@pytest.mark.parametrize(
    "text",
    [
        "The scan step should fail if more than 12 medium findings are reported.",
        "Don't let a build through when a scan has more than 12 medium findings.",
        "The pipeline must stop when the scan found more than 12 medium issues.",
    ],
)
def test_what_stops_is_the_run_and_what_is_tested_the_result(text: str) -> None:
    assert denied(text, d.scan([], MEDIUM="13"))
    assert not denied(text, d.scan([], MEDIUM="12"))


def test_a_text_that_says_true_or_false_is_no_mere_presence() -> None:
    text = "Only scans with an approved base image may pass."
    assert denied(text, d.scan([], BASE_IMAGE_APPROVED="false"))
    assert not denied(text, d.scan([], BASE_IMAGE_APPROVED="true"))


@pytest.mark.parametrize(
    "text", ["No critical findings in the base image.", "There should be no criticals in the base image."]
)
def test_findings_of_a_layer_are_counted_apart(text: str) -> None:
    assert denied(text, d.scan([], BASE_CRITICAL="1"))
    assert not denied(text, d.scan([], CRITICAL="1", BASE_CRITICAL="0"))


def test_findings_with_a_reference() -> None:
    text = "Findings tagged CWE-200 must never show up in a scan."
    assert denied(text, d.scan([d.issue("Low", refs=("CWE-200",))]))
    assert not denied(text, d.scan([d.issue("Critical", refs=("CWE-201",))]))


def test_none_of_what_a_heading_names_is_allowed() -> None:
    text = "new findings: none allowed, whatever the severity"
    assert denied(text, d.scan([], NEW_TOTAL="1"))
    assert not denied(text, d.scan([], TOTAL="5", NEW_TOTAL="0"))


def test_a_version_number_is_a_version() -> None:
    text = "Every dependency has to have a version number and a license."
    assert not denied(text, d.bom(("a", "1.0.0-beta", "MIT")))
    assert denied(text, d.bom(("a", "", "MIT")))
    assert denied(text, d.bom(("a", "1.0.0", "")))


def test_a_licence_that_is_known_is_any() -> None:
    text = "The licence must be known for all packages except those starting with @halden/"
    assert not denied(text, d.bom(("a", "1.0.0", "MIT"), ("@halden/b", "1.0.0", "")))
    assert denied(text, d.bom(("a", "1.0.0", "NOASSERTION")))


def test_versions_from_one_on_and_up_to_one() -> None:
    text = "lodash is only allowed from 4.17.20 on"
    assert denied(text, d.bom(("lodash", "4.17.19", "MIT")))
    assert not denied(text, d.bom(("lodash", "4.17.20", "MIT")))
    text = "Reject commons-beanutils 3.2.1 and older in SBOMs."
    assert denied(text, d.bom(("commons-beanutils", "3.2.1", "MIT")))
    assert not denied(text, d.bom(("commons-beanutils", "3.2.2", "MIT")))


def test_dollars_are_no_percents() -> None:
    assert asked("The increase must stay below 15 percent or 200 dollars.")


def test_how_many_resources_a_plan_replaces() -> None:
    text = "A Terraform plan must not replace more than one resource at once."
    assert denied(text, d.plan(*(("aws_instance", "delete+create", {}) for _ in range(2))))
    assert not denied(text, d.plan(("aws_instance", "delete+create", {}), ("aws_instance", "create", {})))


def test_the_version_of_kubernetes_a_cluster_runs() -> None:
    text = "EKS clusters have to run Kubernetes 1.28 or later."
    assert denied(text, d.plan(("aws_eks_cluster", "create", {"version": "1.27"})))
    assert not denied(text, d.plan(("aws_eks_cluster", "create", {"version": "1.28"})))


def test_the_cost_of_a_type_of_resources() -> None:
    text = "The cost of load balancers must not go above 90 per month."
    assert denied(text, d.cost_of(aws_lb="91"))
    assert not denied(text, d.cost_of(aws_lb="90", aws_instance="500"))


def test_infrastructure_in_prod_is_in_any_production_environment() -> None:
    text = "Infrastructure in prod must not allow simultaneous deployments."
    on = {"allowSimultaneousDeployments": True}
    assert denied(text, d.infra(environmentRef="freight_live", **on))
    assert not denied(text, d.infra(environmentRef="product_catalog_dev", **on))
    assert not denied(
        "Infrastructure in the environment prod must not allow simultaneous deployments.",
        d.infra(environmentRef="prod_us", **on),
    )


@pytest.mark.parametrize("text", ["sboms: deny gpl-2.0, gpl-3.0", "No GPL-2.0 or GPL-3.0 in the SBOM."])
def test_a_licence_alone_stands_for_packages_under_it(text: str) -> None:
    assert denied(text, d.bom(("a", "1.0.0", "GPL-3.0")))
    assert not denied(text, d.bom(("gpl-3.0", "1.0.0", "MIT")))


def test_how_often_is_not_what_a_package_is_called() -> None:
    assert asked("There must be no package twice in the SBOM.")


def test_a_plain_word_with_a_version_is_a_package() -> None:
    text = "No jquery below 3.5 and no bootstrap below 4.3.1 in our boms."
    assert denied(text, d.bom(("bootstrap", "4.3.0", "MIT")))
    assert denied(text, d.bom(("jquery", "3.4.9", "MIT")))
    assert not denied(text, d.bom(("bootstrap", "4.3.1", "MIT"), ("jquery", "3.5.0", "MIT")))


def test_a_state_in_front_of_a_list_of_severities_holds_for_all_of_them() -> None:
    text = "Reachable highs or criticals -> block"
    assert denied(text, d.scan([d.issue("Critical", reachability="reachable")], CRITICAL="1"))
    assert denied(text, d.scan([d.issue("High", reachability="reachable")], HIGH="1"))
    assert not denied(text, d.scan([d.issue("Critical"), d.issue("High")], CRITICAL="1", HIGH="1"))


def test_a_bound_of_its_own_is_not_turned_round_by_a_not_in_front() -> None:
    text = "A scan must not report any critical vulnerabilities and no more than 8 high ones."
    assert denied(text, d.scan([], CRITICAL="1"))
    assert denied(text, d.scan([], HIGH="9"))
    assert not denied(text, d.scan([], HIGH="8"))


def test_findings_by_their_title() -> None:
    text = 'Deny scan results containing an issue titled "Hardcoded key".'
    assert denied(text, d.scan([d.issue("Low", title="Hardcoded key")]))
    assert not denied(text, d.scan([d.issue("Critical", title="Another")]))


@pytest.mark.parametrize(
    "text",
    [
        "VPCs may only be created by the Security Team.",
        "Only the security team may create VPCs in Terraform.",
        "Only members of the security team may create or delete VPCs in Terraform.",
    ],
)
def test_who_makes_resources_is_asked_of_the_changes_of_a_plan(text: str) -> None:
    made, kept = (d.plan(("aws_vpc", action, {})) for action in ("create", "no-op"))
    assert denied(text, made)
    assert not denied(text, kept)
    made["metadata"] = d.meta(groups=("security_team",))
    assert not denied(text, made)


def test_changes_of_resources_have_nothing_to_do_with_costs() -> None:
    text = "RDS instances may only be changed by the security team."
    assert denied(text, d.plan(("aws_db_instance", "update", {})))
    assert not denied(text, d.cost_of(aws_db_instance="10"))


def test_a_type_behind_another_demand_is_that_of_the_thing() -> None:
    text = "Service definitions must have the description filled in and be of type Kubernetes or NativeHelm."
    good = {"description": "ours", "serviceDefinition": {"type": "NativeHelm"}}
    assert not denied(text, d.service(**good))
    assert denied(text, d.service(**{**good, "serviceDefinition": {"type": "ECS"}}))
    assert denied(text, d.service(**{**good, "description": ""}))


def test_volumes_by_their_type() -> None:
    text = "EBS volumes must be encrypted and of type gp3."
    assert denied(text, d.plan(("aws_ebs_volume", "create", {"encrypted": True, "volume_type": "io1"})))
    assert denied(text, d.plan(("aws_ebs_volume", "create", {"encrypted": False, "volume_type": "gp3"})))
    assert not denied(text, d.plan(("aws_ebs_volume", "create", {"encrypted": True, "volume_type": "gp3"})))


def test_a_port_is_open_in_whatever_opens_it() -> None:
    text = "No plan should open port 3389 to 0.0.0.0/0."
    opened = {
        "ingress": [{"from_port": 3389, "to_port": 3389, "protocol": "tcp", "cidr_blocks": ["0.0.0.0/0"]}]
    }
    assert denied(text, d.plan(("aws_security_group", "create", opened)))
    opened["ingress"][0]["cidr_blocks"] = ["10.0.0.0/8"]
    assert not denied(text, d.plan(("aws_security_group", "create", opened)))


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


def test_costs_with_the_currency_in_front_and_a_bill_after_the_change() -> None:
    assert denied("The monthly total has to stay under EUR 900.", d.cost("900", "1", "899", 1))
    assert not denied("The monthly total has to stay under EUR 900.", d.cost("899", "1", "898", 1))
    text = (
        "If the total monthly cost after the change is above 2500 then the increase may be at most 5 percent."
    )
    assert denied(text, d.cost("2600", "2400", "200", 8))
    assert not denied(text, d.cost("2400", "2000", "400", 20))


@pytest.mark.parametrize(
    "text",
    [
        "A scan must not have a critical or high vulnerability except CVE-2022-0777.",
        "No critical or high findings except for the ones with the reference CVE-2022-0777.",
    ],
)
def test_an_excepted_reference_spares_each_of_the_severities(text: str) -> None:
    spared = ("CVE-2022-0777",)
    assert denied(text, d.scan([d.issue("Critical")], CRITICAL="1"))
    assert denied(text, d.scan([d.issue("High")], HIGH="1"))
    assert not denied(text, d.scan([d.issue("Critical", refs=spared)], CRITICAL="1"))


def test_two_fields_of_one_thing_hold_at_once() -> None:
    text = "Issues that are critical and reachable are forbidden."
    assert denied(text, d.scan([d.issue("Critical", reachability="reachable")], CRITICAL="1"))
    assert not denied(
        text, d.scan([d.issue("Critical"), d.issue("Low", reachability="reachable")], CRITICAL="1")
    )


@pytest.mark.parametrize(
    "text",
    ["Public and unencrypted RDS instances are forbidden.", "critical and reachable issues are forbidden"],
)
def test_two_states_in_front_of_a_noun_are_asked_about(text: str) -> None:
    assert asked(text)


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


def test_create_or_change_leaves_deleting_alone() -> None:
    text = "Terraform plans must not create or change aws_iam_policy resources; deleting them is fine."
    assert denied(text, d.plan(("aws_iam_policy", "update", {})))
    assert not denied(text, d.plan(("aws_iam_policy", "delete", None)))
    assert asked("Terraform plans must not change aws_iam_policy resources; deleting them is fine.")


def test_a_value_said_behind_a_plain_verb_is_one_of_its_field() -> None:
    text = "AWS connectors may only use IRSA."
    assert denied(text, d.connector("Aws", spec={"credential": {"type": "ManualConfig"}}))
    assert not denied(text, d.connector("Aws", spec={"credential": {"type": "Irsa"}}))


@pytest.mark.parametrize(
    ("text", "bad"),
    [
        ("Deny a package if it's from PyPI and has no version.", {"purl": "pkg:pypi/a", "packageVersion": ""}),
        ("The SBOM must not contain anything from the vendor Oracle.", {"packageOriginatorName": "Oracle"}),
        ("A package version must not contain alpha, beta or rc.", {"packageVersion": "2.0.0-rc1"}),
        ("Any package whose supplier is missing has to be rejected, unless it is an npm package.",
         {"packageOriginatorName": "", "purl": "pkg:maven/a"}),
    ],
)  # fmt: skip
def test_packages_by_where_they_come_from(text: str, bad: dict[str, str]) -> None:
    package = {**d.bom(("a", "1.0.0", "MIT"))[0], "packageOriginatorName": "npm"}
    assert not denied(text, [package])
    assert denied(text, [{**package, **bad}])


def test_a_plan_that_needs_somebody() -> None:
    text = "A plan costing more than 1000 dollars needs someone from finance operations."
    dear = d.cost("1001", "1000", "1", 0.1)
    assert denied(text, dear)
    assert not denied(text, d.cost("1000", "1000", "0", 0))
    dear["metadata"] = d.meta(groups=("finance_ops",))
    assert not denied(text, dear)


def test_low_findings_only_are_no_others() -> None:
    text = "The scan may contain low findings only."
    assert denied(text, d.scan([], MEDIUM="1"))
    assert not denied(text, d.scan([], LOW="4"))
    assert not denied(text, d.scan([]))


def test_findings_counted_from_one_severity_up() -> None:
    text = "If more than 2 issues are medium or worse, fail."
    assert denied(text, d.scan([d.issue("Medium"), d.issue("High"), d.issue("Critical")]))
    assert not denied(text, d.scan([d.issue("Medium"), d.issue("High"), d.issue("Low")]))


def test_limits_in_sentences_of_their_own() -> None:
    text = "High findings: at most 2. Critical findings: none."
    assert denied(text, d.scan([], HIGH="3"))
    assert denied(text, d.scan([], CRITICAL="1"))
    assert not denied(text, d.scan([], HIGH="2"))


def test_no_failures_beside_a_coverage() -> None:
    text = "Scan results need a coverage of 70 or more and zero external policy failures."
    good = {"CODE_COVERAGE": "70", "EXTERNAL_POLICY_FAILURES": "0"}
    assert not denied(text, d.scan([], **good))
    assert denied(text, d.scan([], **{**good, "EXTERNAL_POLICY_FAILURES": "1"}))
    assert denied(text, d.scan([], **{**good, "CODE_COVERAGE": "69"}))


def test_exactly_once_is_no_version() -> None:
    assert asked("The SBOM has to list the package halden-base exactly once.")


def test_a_family_of_versions() -> None:
    text = "Refuse an SBOM when any package version is 0.x"
    assert denied(text, d.bom(("a", "0.9.1", "MIT")))
    assert not denied(text, d.bom(("a", "10.0.1", "MIT")))


def test_plans_that_change_both_of_two_resources() -> None:
    text = "Plans that change both aws_iam_role and aws_iam_policy must be run by the Security Team."
    assert denied(text, d.plan(("aws_iam_role", "update", {}), ("aws_iam_policy", "create", {})))
    assert not denied(text, d.plan(("aws_iam_role", "update", {})))


def test_how_long_logs_are_kept() -> None:
    text = "Log groups need a retention of at least 30 days."
    assert denied(text, d.plan(("aws_cloudwatch_log_group", "create", {"retention_in_days": 14})))
    assert not denied(text, d.plan(("aws_cloudwatch_log_group", "create", {"retention_in_days": 30})))


def test_a_percentage_without_its_sign() -> None:
    text = "The percentage increase must not exceed 8."
    assert denied(text, d.cost("200", "100", "9", 9))
    assert not denied(text, d.cost("200", "100", "80", 8))


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


def test_what_a_reference_points_to_is_asked_about() -> None:
    assert asked("Infrastructures with the deployment type ECS need a connector of type Aws.")
