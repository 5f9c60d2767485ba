package starter_instances_are_small_test

import data.starter_instances_are_small as policy

# breaks: the instance type of the resource starts with "t3."
test_01_deny if {
	count(policy.deny) > 0 with input as {"metadata": {"type": "terraformPlan", "action": "afterTerraformPlan", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}, "planned_values": {"root_module": {"resources": [{"address": "resource.1", "type": "aws_instance", "values": {"instance_type": "xt3.x"}}]}}}
}

# breaks: the instance type of the resource starts with "t3." (2)
test_02_deny if {
	count(policy.deny) > 0 with input as {"metadata": {"type": "terraformPlan", "action": "afterTerraformPlan", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}, "planned_values": {"root_module": {"resources": [{"address": "resource.1", "type": "aws_instance", "values": {"instance_type": "T3."}}]}}}
}

# breaks: the instance type of the resource starts with "t3." (3)
test_03_deny if {
	count(policy.deny) > 0 with input as {"metadata": {"type": "terraformPlan", "action": "afterTerraformPlan", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}, "planned_values": {"root_module": {"resources": [{"address": "resource.1", "type": "aws_instance", "values": {"instance_type": "other"}}]}}}
}

# breaks: the instance type of the resource starts with "t3." (4)
test_04_deny if {
	count(policy.deny) > 0 with input as {"metadata": {"type": "terraformPlan", "action": "afterTerraformPlan", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}, "planned_values": {"root_module": {"resources": [{"address": "resource.1", "type": "aws_instance", "values": {"instance_type": ""}}]}}}
}

# breaks: the instance type of the resource starts with "t3." (5)
test_05_deny if {
	count(policy.deny) > 0 with input as {"metadata": {"type": "terraformPlan", "action": "afterTerraformPlan", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}, "planned_values": {"root_module": {"resources": [{"address": "resource.1", "type": "aws_instance", "values": {}}]}}}
}

# nothing the rule speaks about
test_06_allow if {
	count(policy.deny) == 0 with input as {"metadata": {"type": "terraformPlan", "action": "afterTerraformPlan", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# keeps: the instance type of the resource starts with "t3."
test_07_allow if {
	count(policy.deny) == 0 with input as {"metadata": {"type": "terraformPlan", "action": "afterTerraformPlan", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}, "planned_values": {"root_module": {"resources": [{"address": "resource.1", "type": "aws_instance", "values": {"instance_type": "t3.1"}}]}}}
}

# does not apply, not: the type of the resource is "aws_instance"
test_08_allow if {
	count(policy.deny) == 0 with input as {"metadata": {"type": "terraformPlan", "action": "afterTerraformPlan", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}, "planned_values": {"root_module": {"resources": [{"address": "resource.1", "values": {"instance_type": "xt3.x"}, "type": "xaws_instancex"}]}}}
}

# does not apply, not: the type of the resource is "aws_instance" (2)
test_09_allow if {
	count(policy.deny) == 0 with input as {"metadata": {"type": "terraformPlan", "action": "afterTerraformPlan", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}, "planned_values": {"root_module": {"resources": [{"address": "resource.1", "values": {"instance_type": "xt3.x"}, "type": "AWS_INSTANCE"}]}}}
}

# does not apply, not: the type of the resource is "aws_instance" (3)
test_10_allow if {
	count(policy.deny) == 0 with input as {"metadata": {"type": "terraformPlan", "action": "afterTerraformPlan", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}, "planned_values": {"root_module": {"resources": [{"address": "resource.1", "values": {"instance_type": "xt3.x"}, "type": "other"}]}}}
}

# does not apply, not: the type of the resource is "aws_instance" (4)
test_11_allow if {
	count(policy.deny) == 0 with input as {"metadata": {"type": "terraformPlan", "action": "afterTerraformPlan", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}, "planned_values": {"root_module": {"resources": [{"address": "resource.1", "values": {"instance_type": "xt3.x"}, "type": ""}]}}}
}

# does not apply, not: the type of the resource is "aws_instance" (5)
test_12_allow if {
	count(policy.deny) == 0 with input as {"metadata": {"type": "terraformPlan", "action": "afterTerraformPlan", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}, "planned_values": {"root_module": {"resources": [{"address": "resource.1", "values": {"instance_type": "xt3.x"}}]}}}
}
