"""Requests about Terraform plans and their costs: what changes, who makes it, sizes, regions, modules and bills."""

from __future__ import annotations

import pytest

from tests.generation.asked import documents as d
from tests.governance.authoring.reading.decided import asked, denied


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
    ["Public and unencrypted RDS instances are forbidden.", "critical and reachable issues are forbidden"],
)
def test_two_states_in_front_of_a_noun_are_asked_about(text: str) -> None:
    assert asked(text)


def test_create_or_change_leaves_deleting_alone() -> None:
    text = "Terraform plans must not create or change aws_iam_policy resources; deleting them is fine."
    assert denied(text, d.plan(("aws_iam_policy", "update", {})))
    assert not denied(text, d.plan(("aws_iam_policy", "delete", None)))
    assert asked("Terraform plans must not change aws_iam_policy resources; deleting them is fine.")


def test_a_plan_that_needs_somebody() -> None:
    text = "A plan costing more than 1000 dollars needs someone from finance operations."
    dear = d.cost("1001", "1000", "1", 0.1)
    assert denied(text, dear)
    assert not denied(text, d.cost("1000", "1000", "0", 0))
    dear["metadata"] = d.meta(groups=("finance_ops",))
    assert not denied(text, dear)


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


def test_who_may_make_what_is_open_to_all() -> None:
    text = "Only the security team may create security groups which are open to the internet."
    opened = {"ingress": [{"cidr_blocks": ["0.0.0.0/0"], "from_port": 22, "to_port": 22, "protocol": "tcp"}]}
    assert denied(text, d.plan(("aws_security_group", "create", opened)))
    assert not denied(text, d.plan(("aws_security_group", "no-op", opened)))


def test_every_resource_in_a_region_spares_what_has_none() -> None:
    text = "Every resource must be in eu-north-1."
    assert denied(text, d.plan(("aws_instance", "create", {"region": "us-east-1"})))
    assert not denied(text, d.plan(("aws_iam_role", "create", {})))


def test_the_tag_that_is_called_name() -> None:
    text = "EC2 instances need the tags Name and Owner, and Owner must end with @halden.example"
    assert denied(text, d.plan(("aws_instance", "create", {"tags": {"Owner": "a@halden.example"}})))
    assert denied(text, d.plan(("aws_instance", "create", {"tags": {"Name": "x", "Owner": "a"}})))
    assert not denied(
        text, d.plan(("aws_instance", "create", {"tags": {"Name": "x", "Owner": "a@halden.example"}}))
    )


def test_how_much_more_a_plan_may_cost() -> None:
    text = "Plans may cost at most 50 dollars more per month."
    assert denied(text, d.cost("1000", "949", "51", 5))
    assert not denied(text, d.cost("1000", "950", "50", 5))


def test_dollars_are_no_percents() -> None:
    assert asked("The increase must stay below 15 percent or 200 dollars.")


@pytest.mark.parametrize(
    "text",
    [
        "The cost must not increase by more than 300 dollars.",
        "The monthly cost must not rise by more than 300.",
        "The bill may not go up more than 300 dollars.",
    ],
)
def test_how_much_a_cost_goes_up_is_not_what_it_is(text: str) -> None:
    assert denied(text, d.cost("400", "99", "301", 300))
    assert not denied(text, d.cost("4000", "3800", "200", 5))


def test_to_rise_above_an_amount_is_to_cost_more() -> None:
    text = "The cost must not rise above 300 dollars."
    assert denied(text, d.cost("301", "300", "1", 0.3))
    assert not denied(text, d.cost("300", "1", "299", 29900))


def test_how_much_the_cost_of_a_type_goes_up() -> None:
    text = "Costs for aws_instance must not increase by more than 300 dollars."
    whole = d.cost_of(aws_instance="900")
    whole["Diff"]["aws_instance"]["DiffMonthlyCost"] = "10"
    assert not denied(text, whole)
    whole["Diff"]["aws_instance"]["DiffMonthlyCost"] = "301"
    assert denied(text, whole)


def test_what_stands_behind_a_group_is_not_what_lets_traffic_in() -> None:
    assert asked("EC2 instances must not be reachable from the internet.")
    text = "RDS instances must not be reachable from the internet."
    assert denied(text, d.plan(("aws_db_instance", "create", {"publicly_accessible": True})))
    assert not denied(text, d.plan(("aws_db_instance", "create", {"publicly_accessible": False})))


def test_resources_that_are_going_to_be_destroyed() -> None:
    text = "Deny the plan if more than two resources are going to be destroyed."
    assert denied(text, d.plan(*(("aws_vpc", "delete", None) for _ in range(3))))
    assert not denied(
        text, d.plan(*(("aws_vpc", "delete", None) for _ in range(2)), ("aws_vpc", "create", {}))
    )


def test_replacing_counts_as_deleting_adds_nothing() -> None:
    text = "Nobody may delete an aws_kms_key with Terraform, and replacing it counts as deleting."
    assert denied(text, d.plan(("aws_kms_key", "delete+create", {})))
    assert not denied(text, d.plan(("aws_kms_key", "update", {})))


def test_what_the_value_of_a_tag_starts_with() -> None:
    text = "All resources need the tag CostCenter with a value starting with CC-."
    assert denied(text, d.plan(("aws_vpc", "create", {"tags": {"CostCenter": "12"}})))
    assert denied(text, d.plan(("aws_vpc", "create", {"tags": {}})))
    assert not denied(text, d.plan(("aws_vpc", "create", {"tags": {"CostCenter": "CC-12"}})))


def test_who_has_to_run_plans() -> None:
    text = "The security team has to run every plan that costs more than 5000 a month."
    dear = d.cost("5001", "5000", "1", 0.1)
    assert denied(text, dear)
    dear["metadata"] = d.meta(groups=("security_team",))
    assert not denied(text, dear)


def test_a_provider_by_its_name() -> None:
    text = "The Terraform provider google must not be used."
    plan = d.plan()
    plan["configuration"] = {"provider_config": {"google": {"name": "google"}}}
    assert denied(text, plan)
    plan["configuration"] = {"provider_config": {"aws": {"name": "aws"}}}
    assert not denied(text, plan)


@pytest.mark.parametrize(
    "text",
    [
        "A plan must not delete resources tagged protected=true.",
        "Resources tagged protected=true must not be deleted by Terraform.",
        "Deny plans that delete resources whose tag protected is true.",
    ],
)
def test_what_is_destroyed_is_looked_at_as_it_was(text: str) -> None:
    plan = d.plan(("aws_vpc", "delete", None))
    assert not denied(text, plan)
    plan["resource_changes"][0]["change"]["before"] = {"tags": {"protected": "true"}}
    assert denied(text, plan)
    plan["resource_changes"][0]["change"]["actions"] = ["no-op"]
    assert not denied(text, plan)


def test_a_resource_is_no_attribute_of_another() -> None:
    assert asked("aws_s3_bucket_public_access_block must exist for every bucket.")


def test_two_numbers_of_two_resources_are_no_sum() -> None:
    assert asked("Terraform must not create more than two EC2 instances and one RDS instance.")


@pytest.mark.parametrize(
    ("text", "both"),
    [
        ("Deny plans where the monthly cost goes up by more than 30 % and more than 250 dollars.", True),
        ("The cost must not grow by more than 30 percent or 250 dollars.", False),
    ],
)
def test_two_bounds_of_one_increase(text: str, both: bool) -> None:
    assert denied(text, d.cost("1000", "600", "400", 66))
    assert denied(text, d.cost("1000", "700", "300", 20)) is not both
    assert not denied(text, d.cost("9000", "8800", "200", 2))


@pytest.mark.parametrize(
    "text",
    [
        "RDS instances that are encrypted may only be destroyed by the security team.",
        "Only the security team may destroy RDS instances.",
    ],
)
def test_who_destroys_is_asked_of_what_is_destroyed(text: str) -> None:
    plan = d.plan(("aws_db_instance", "delete", None))
    plan["resource_changes"][0]["change"]["before"] = {"storage_encrypted": True}
    assert denied(text, plan)
    plan["metadata"] = d.meta(groups=("security_team",))
    assert not denied(text, plan)
    assert not denied(text, d.plan(("aws_db_instance", "create", {"storage_encrypted": True})))
