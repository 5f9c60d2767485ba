"""Requests about scans, SBOMs, Terraform plans and their costs that were once read wrongly or asked about."""

from __future__ import annotations

from typing import Any

import pytest

from tests.generation.asked import documents as d
from tests.governance.authoring.reading.decided import asked, denied


def costs(**of_each: tuple[str, ...]) -> Any:
    """A plan's cost with what each resource of a type costs a month."""
    whole = d.cost_of(**{kind: str(sum(map(float, each))) for kind, each in of_each.items()})
    for kind, each in of_each.items():
        whole["Diff"][kind]["Diff"] = [
            {"Name": f"{kind}.r{n}", "CurrentMonthlyCost": amount} for n, amount in enumerate(each)
        ]
    return whole


@pytest.mark.parametrize(
    "text",
    [
        "No resource may cost more than 300 dollars a month.",
        "No single resource may cost more than 300 a month.",
        "No EC2 instance may cost more than 300 a month.",
        "EC2 instances may cost at most 300 dollars a month each.",
        "The monthly cost of a resource must not be above 300 dollars.",
    ],
)
def test_the_cost_of_one_resource_is_not_that_of_all_of_its_type(text: str) -> None:
    assert not denied(text, costs(aws_instance=("200", "200")))
    assert denied(text, costs(aws_instance=("50", "301")))


def test_the_cost_of_a_type_stays_the_sum() -> None:
    text = "EC2 instances may cost at most 300 a month altogether."
    assert denied(text, costs(aws_instance=("200", "200")))


def test_the_cost_of_one_resource_is_asked_of_its_own_type_only() -> None:
    text = "No NAT gateway may cost more than 40 a month."
    assert denied(text, costs(aws_nat_gateway=("41",)))
    assert not denied(text, costs(aws_instance=("900",), aws_nat_gateway=("40",)))


def test_a_tag_of_resources_is_asked_of_what_there_will_be() -> None:
    text = "The tag env of EC2 instances must be dev or prod."
    assert denied(text, d.plan(("aws_instance", "create", {"tags": {"env": "lab"}})))
    assert not denied(text, d.plan(("aws_instance", "delete", None)))


@pytest.mark.parametrize(
    "text",
    [
        "Unencrypted EBS volumes are not allowed in terraform plans.",
        "No non-encrypted EBS volumes in Terraform.",
        "EBS volumes must not be unencrypted.",
    ],
)
def test_what_lacks_a_state(text: str) -> None:
    assert denied(text, d.plan(("aws_ebs_volume", "create", {"encrypted": False})))
    assert denied(text, d.plan(("aws_ebs_volume", "create", {})))
    assert not denied(text, d.plan(("aws_ebs_volume", "create", {"encrypted": True})))


def test_a_state_stands_in_front_of_the_resource() -> None:
    text = "Public S3 buckets are forbidden."
    assert denied(text, d.plan(("aws_s3_bucket", "create", {"acl": "public-read"})))
    assert not denied(text, d.plan(("aws_s3_bucket", "create", {"acl": "private"})))


@pytest.mark.parametrize(
    "text", ["Untagged EC2 instances are not allowed.", "All EC2 instances must be tagged."]
)
def test_tagged_at_all(text: str) -> None:
    assert denied(text, d.plan(("aws_instance", "create", {})))
    assert not denied(text, d.plan(("aws_instance", "create", {"tags": {"a": "b"}})))


def test_untagged_is_said_of_everything_with_tags() -> None:
    assert denied("Untagged services are not allowed.", d.service(tags={}))
    assert not denied("Untagged services are not allowed.", d.service(tags={"a": "b"}))


def test_all_resources_of_a_provider() -> None:
    text = "Every AWS resource must be tagged with owner."
    assert denied(text, d.plan(("aws_vpc", "create", {})))
    assert not denied(text, d.plan(("google_storage_bucket", "create", {})))


@pytest.mark.parametrize(
    "text", ["Every resource a plan creates needs the tag owner.", "Resources created by the plan need an owner tag."]
)  # fmt: skip
def test_what_a_plan_creates_without_a_pronoun(text: str) -> None:
    assert denied(text, d.plan(("aws_vpc", "create", {})))
    assert not denied(text, d.plan(("aws_vpc", "update", {})))


def test_sizes_of_machines_in_front_of_the_noun() -> None:
    text = "no m5.24xlarge or p4d.24xlarge instances in plans"
    assert denied(text, d.plan(("aws_instance", "create", {"instance_type": "p4d.24xlarge"})))
    assert not denied(text, d.plan(("aws_instance", "create", {"instance_type": "t3.small"})))


def opened(addresses: list[str], low: int = 443, high: int = 443, **more: Any) -> Any:
    values = {
        "type": "ingress",
        "cidr_blocks": addresses,
        "from_port": low,
        "to_port": high,
        "protocol": "tcp",
    }
    return d.plan(("aws_security_group_rule", "create", {**values, **more}))


def grouped(addresses: list[str], low: int, high: int) -> Any:
    rule = {"cidr_blocks": addresses, "from_port": low, "to_port": high, "protocol": "tcp"}
    return d.plan(("aws_security_group", "create", {"ingress": [rule]}))


def test_security_groups_are_no_user_groups_and_have_rules_of_their_own() -> None:
    text = "Security groups must not be open to the internet."
    assert denied(text, grouped(["0.0.0.0/0"], 443, 443))
    assert denied(text, grouped(["::/0"], 443, 443))
    assert not denied(text, grouped(["10.0.0.0/8"], 443, 443))


@pytest.mark.parametrize(
    "text",
    [
        "Security group rules must not allow ingress from 0.0.0.0/0 on port 22.",
        "Block security group rules that expose SSH to the whole internet (0.0.0.0/0).",
        "No security group rule may open port 22 to the world.",
    ],
)
def test_ports_are_open_where_they_lie_between_the_first_and_the_last(text: str) -> None:
    assert denied(text, opened(["0.0.0.0/0"], 22, 22))
    assert denied(text, opened(["0.0.0.0/0"], 0, 1024))
    assert denied(text, opened(["0.0.0.0/0"], 0, 0, protocol="-1"))
    assert not denied(text, opened(["0.0.0.0/0"], 443, 443))
    assert not denied(text, opened(["10.0.0.0/8"], 22, 22))
    assert not denied(text, opened(["0.0.0.0/0"], 22, 22, type="egress"))


def test_where_packages_come_from() -> None:
    text = "Deny any package from npm in an SBOM."
    assert denied(text, d.bom(("got", "1.0.0", "MIT")))
    assert not denied("PyPI packages must have a licence.", d.bom(("got", "1.0.0", "")))


@pytest.mark.parametrize(
    "text",
    [
        "only MIT and ISC are ok as licences in the bill of materials",
        "MIT and ISC are the only licences allowed in SBOMs.",
    ],
)
def test_the_only_licences(text: str) -> None:
    assert denied(text, d.bom(("got", "1.0.0", "Apache-2.0")))
    assert not denied(text, d.bom(("got", "1.0.0", "ISC")))


def test_an_unknown_licence_is_none() -> None:
    text = "Block an SBOM that has more than 1 package with unknown licence."
    assert denied(text, d.bom(("a", "1", ""), ("b", "1", "NOASSERTION")))
    assert not denied(text, d.bom(("a", "1", ""), ("b", "1", "MIT")))


@pytest.mark.parametrize(
    "text",
    [
        "if code coverage is below 50 percent, block the pipeline",
        "When code coverage is below 50 percent, deny.",
        "Code coverage below 50 percent must fail the build.",
    ],
)
def test_a_result_stops_the_run_it_comes_from(text: str) -> None:
    assert denied(text, d.scan(CODE_COVERAGE="49"))
    assert not denied(text, d.scan(CODE_COVERAGE="50"))


def test_findings_of_a_layer_and_in_a_file() -> None:
    text = "Stop when there are critical vulns in the base image."
    assert denied(text, d.scan(BASE_CRITICAL="1"))
    assert not denied(text, d.scan(CRITICAL="1", BASE_CRITICAL="0"))
    text = "Critical findings in files under src/payments/ are not allowed."
    inside = d.issue("Critical", occurrences=[{"fileName": "src/payments/card.py"}])
    assert denied(text, d.scan([inside]))
    assert not denied(text, d.scan([d.issue("Critical", occurrences=[{"fileName": "src/search/a.py"}])]))


@pytest.mark.parametrize(
    "text",
    [
        "Scan results may have at most 1 critical, 2 high and 5 medium findings.",
        "No more than 1 critical, 2 high or 5 medium findings.",
        "Block when there are more than 1 critical, 2 high or 5 medium findings.",
        "maximum 1 critical, 2 high, 5 medium",
    ],
)
def test_a_bound_holds_for_every_number_of_its_list(text: str) -> None:
    assert not denied(text, d.scan(CRITICAL="1", HIGH="2", MEDIUM="5"))
    for over in ({"CRITICAL": "2"}, {"HIGH": "3"}, {"MEDIUM": "6"}):
        assert denied(text, d.scan(**over))


def test_none_of_them_is_no_bound_from_below() -> None:
    text = "Scan results may have at most 2 high and 0 critical findings."
    assert denied(text, d.scan(CRITICAL="1"))
    assert not denied(text, d.scan(CRITICAL="0", HIGH="2"))


def test_the_version_of_a_database_is_not_that_of_terraform() -> None:
    text = "RDS: engine must be postgres, version 14 or newer"
    assert denied(
        text, d.plan(("aws_db_instance", "create", {"engine": "postgres", "engine_version": "13.4"}))
    )
    assert not denied(
        text, d.plan(("aws_db_instance", "create", {"engine": "postgres", "engine_version": "14.1"}))
    )


def test_versioning_of_a_bucket_is_no_version() -> None:
    assert asked("All S3 buckets must have versioning.")


def test_sizes_are_compared_in_the_unit_of_the_field() -> None:
    text = "EBS volumes larger than 1 TB are not allowed."
    assert denied(text, d.plan(("aws_ebs_volume", "create", {"size": 1001})))
    assert not denied(text, d.plan(("aws_ebs_volume", "create", {"size": 1000})))
    text = "RDS databases must keep backups for at least 7 days."
    assert denied(text, d.plan(("aws_db_instance", "create", {"backup_retention_period": 6})))
    assert not denied(text, d.plan(("aws_db_instance", "create", {"backup_retention_period": 7})))


def tagged(*keys: str) -> Any:
    return d.plan(("aws_vpc", "create", {"tags": dict.fromkeys(keys, "x")}))


def test_so_many_of_some_tags() -> None:
    text = "Every resource a plan creates needs at least two of the tags owner, team and tier."
    assert denied(text, tagged("owner"))
    assert not denied(text, tagged("owner", "tier"))
    text = "Services must have exactly one of the tags team or squad."
    assert denied(text, d.service(tags={"team": "a", "squad": "b"}))
    assert denied(text, d.service(tags={}))
    assert not denied(text, d.service(tags={"squad": "b"}))


def test_a_tag_whose_thing_is_named_behind_it() -> None:
    text = "Tag env must be dev or prod on all EC2 instances."
    assert denied(text, d.plan(("aws_instance", "create", {"tags": {"env": "lab"}})))
    assert not denied(text, d.plan(("aws_vpc", "create", {"tags": {"env": "lab"}})))


def test_the_value_of_a_tag_has_a_shape() -> None:
    text = "Services need the tag CostCenter, whose value has to match CC-[0-9]{4}."
    assert denied(text, d.service(tags={"CostCenter": "CC-12345"}))
    assert not denied(text, d.service(tags={"CostCenter": "CC-1234"}))


def test_only_changes_that_change_something_count() -> None:
    text = "Terraform plans with more than 2 changes must not go through."
    assert denied(text, d.plan(*[("aws_vpc", "update", {})] * 3))
    assert not denied(text, d.plan(*[("aws_vpc", "no-op", {})] * 3))


def test_modules_come_from_a_registry_or_a_host() -> None:
    text = "Terraform modules must come from app.terraform.io/halden."
    calls = {
        "configuration": {
            "root_module": {"module_calls": {"net": {"source": "app.terraform.io/halden/vpc/aws"}}}
        }
    }
    assert not denied(text, {**d.plan(), **calls})
    calls["configuration"]["root_module"]["module_calls"]["net"]["source"] = (
        "git::https://github.com/halden/vpc"
    )
    assert denied(text, {**d.plan(), **calls})


def test_exact_versions_behind_a_package() -> None:
    text = "Block if the SBOM includes xz-utils 5.6.0 or 5.6.1."
    assert denied(text, d.bom(("xz-utils", "5.6.1", "MIT")))
    assert not denied(text, d.bom(("xz-utils", "5.6.2", "MIT")))


def test_a_cost_that_must_not_rise_and_a_plan_over_an_amount() -> None:
    assert denied("The cost must not increase at all.", d.cost("110", "100", "10", 10))
    assert not denied("The cost must not increase at all.", d.cost("90", "100", "-10", -10))
    text = "Only the Site Reliability group may apply plans over 5k a month."
    assert denied(text, d.cost("5001", "0", "5001", 100))
    assert not denied(text, {**d.cost("5001", "0", "5001", 100), "metadata": d.meta(groups=("sre",))})


@pytest.mark.parametrize(
    "text",
    [
        "If the SBOM contains openssl, its version has to be 3.0.7 or higher.",
        "If the SBOM contains openssl, it must be at version 3.0.7 or higher.",
    ],
)
def test_its_version_is_that_of_what_the_document_contains(text: str) -> None:
    assert denied(text, d.bom(("openssl", "3.0.6", "MIT")))
    assert not denied(text, d.bom(("openssl", "3.0.7", "MIT"), ("zlib", "1.2.0", "MIT")))


def test_packages_of_an_ecosystem_by_name_and_what_versions_end_with() -> None:
    text = "Reject any SBOM that contains the npm package event-stream in version 3.3.6."
    assert denied(text, d.bom(("event-stream", "3.3.6", "MIT")))
    assert not denied(text, d.bom(("event-stream", "4.0.0", "MIT")))
    text = "No package may have a version that ends with -SNAPSHOT."
    assert denied(text, d.bom(("a", "1.0-SNAPSHOT", "MIT")))
    assert not denied(text, d.bom(("a", "1.0", "MIT")))


def test_the_base_image_has_to_be_approved() -> None:
    assert denied("The base image has to be approved.", d.scan(BASE_IMAGE_APPROVED="false"))
    assert not denied("The base image has to be approved.", d.scan(BASE_IMAGE_APPROVED="true"))


def test_attributes_set_to_a_value() -> None:
    text = "In Terraform, every aws_instance must have monitoring set to true."
    assert denied(text, d.plan(("aws_instance", "create", {"monitoring": False})))
    assert not denied(text, d.plan(("aws_instance", "create", {"monitoring": True})))
    text = "Every S3 bucket in a Terraform plan must use the acl private."
    assert denied(text, d.plan(("aws_s3_bucket", "create", {"acl": "public-read"})))
    assert not denied(text, d.plan(("aws_s3_bucket", "create", {"acl": "private"})))


@pytest.mark.parametrize(
    "text",
    [
        "NAT gateways may cost at most 150 USD a month and load balancers at most 300.",
        "NAT gateways may not cost more than 150 USD a month and load balancers not more than 300.",
    ],
)
def test_two_limits_and_one_verb(text: str) -> None:
    assert denied(text, costs(aws_nat_gateway=("151",)))
    assert denied(text, costs(aws_lb=("301",)))
    assert not denied(text, costs(aws_nat_gateway=("150",), aws_lb=("300",)))


def test_each_of_two_limits_keeps_its_own_bound() -> None:
    text = "NAT gateways must cost at least 10 USD a month, load balancers at most 300 USD a month."
    assert denied(text, costs(aws_nat_gateway=("9",), aws_lb=("1",)))
    assert denied(text, costs(aws_nat_gateway=("10",), aws_lb=("301",)))
    assert not denied(text, costs(aws_nat_gateway=("10",), aws_lb=("1",)))


def test_a_licence_only_some_packages_may_have() -> None:
    text = "GPL-3.0 is allowed only for packages whose name begins with gnu-."
    assert denied(text, d.bom(("got", "1", "GPL-3.0")))
    assert not denied(text, d.bom(("gnu-tar", "1", "GPL-3.0"), ("got", "1", "MIT")))


def test_so_many_may_be_without() -> None:
    text = "At most one package in an SBOM may be without licence."
    assert denied(text, d.bom(("a", "1", ""), ("b", "1", "")))
    assert not denied(text, d.bom(("a", "1", ""), ("b", "1", "MIT")))


def test_anything_of_a_type_and_outputs_by_name() -> None:
    text = "Plans may not create or modify anything of type aws_iam_user."
    assert denied(text, d.plan(("aws_iam_user", "update", {})))
    assert not denied(text, d.plan(("aws_iam_user", "delete", None), ("aws_vpc", "create", {})))
    text = "Load balancers must not be internet-facing."
    assert denied(text, d.plan(("aws_lb", "create", {"internal": False})))
    assert not denied(text, d.plan(("aws_lb", "create", {"internal": True})))


def test_who_may_go_on() -> None:
    text = "If the total monthly cost exceeds 8000, only users with the role Account Admin may go on."
    assert denied(text, d.cost("8001", "0", "0", 0))
    assert not denied(text, {**d.cost("8001", "0", "0", 0), "metadata": d.meta(roles=("_account_admin",))})
    assert denied("Deny a plan when the cost more than doubles.", d.cost("201", "100", "101", 101))
    assert not denied("Deny a plan when the cost more than doubles.", d.cost("200", "100", "100", 100))


@pytest.mark.parametrize(
    "text",
    [
        "Coverage below 60 percent is a fail, coverage between 60 and 70 percent too if there are high findings.",
        "A scan result with a critical finding must be blocked, unless the finding's reference is CVE-2020-8908.",
        "Deny all plans that change a security group in production workspaces.",
    ],
)
def test_what_leaves_its_meaning_open_is_asked_about(text: str) -> None:
    assert asked(text)


def test_providers_and_regions_by_the_names_people_use() -> None:
    text = "The Google provider may not be used in Terraform."
    used = {"configuration": {"provider_config": {"google": {"name": "google"}}}}
    assert denied(text, {**d.plan(), **used})
    text = "Plans must not contain resources in us-east-1."
    assert denied(text, d.plan(("aws_vpc", "create", {"region": "us-east-1"})))
    assert not denied(text, d.plan(("aws_vpc", "create", {"region": "eu-west-1"})))


def test_a_limit_as_a_noun() -> None:
    assert denied("Monthly costs: hard limit 12,000 USD.", d.cost("12001", "0", "0", 0))
    assert not denied("Monthly costs: hard limit 12,000 USD.", d.cost("12000", "0", "0", 0))


def test_two_relative_clauses_and_versions_left_out() -> None:
    text = 'Fail if the SBOM has a package whose name starts with "internal-" and whose supplier is missing.'
    assert denied(text, d.bom(("internal-auth", "1", "MIT")))
    assert not denied(text, d.bom(("got", "1", "MIT")))
    text = "jackson-databind in the SBOM must be 2.15.0 or newer, except versions 2.14.3 and 2.14.4."
    assert denied(text, d.bom(("jackson-databind", "2.14.2", "MIT")))
    assert not denied(text, d.bom(("jackson-databind", "2.14.4", "MIT")))


def test_the_increase_of_a_cost_in_percent_and_what_terraform_must_not_create() -> None:
    assert denied(
        "The increase of the monthly cost must not exceed 15 percent.", d.cost("116", "100", "16", 16)
    )
    assert not denied(
        "The increase of the monthly cost must not exceed 15 percent.", d.cost("115", "100", "15", 15)
    )
    assert denied("IAM users must not be created with Terraform.", d.plan(("aws_iam_user", "create", {})))
    assert not denied("IAM users must not be created with Terraform.", d.plan(("aws_iam_user", "update", {})))
    assert denied(
        "EC2 instances together may cost 400 dollars a month at most.", costs(aws_instance=("250", "151"))
    )
