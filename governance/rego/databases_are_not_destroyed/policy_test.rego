package starter_databases_are_not_destroyed_test

import data.starter_databases_are_not_destroyed as policy

# breaks: there is none of the actions of the change where the action is "delete"
test_01_deny if {
	count(policy.deny) > 0 with input as {"metadata": {"type": "terraformPlan", "action": "afterTerraformPlan", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}, "resource_changes": [{"type": "aws_db_instance", "change": {"actions": ["delete"]}}]}
}

# breaks it when: the resource type of the change is one of "aws_db_instance" or "aws_s3_bucket" (2)
test_02_deny if {
	count(policy.deny) > 0 with input as {"metadata": {"type": "terraformPlan", "action": "afterTerraformPlan", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}, "resource_changes": [{"type": "aws_s3_bucket", "change": {"actions": ["delete"]}}]}
}

# nothing the rule speaks about
test_03_allow if {
	count(policy.deny) == 0 with input as {"metadata": {"type": "terraformPlan", "action": "afterTerraformPlan", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# keeps: there is none of the actions of the change where the action is "delete"
test_04_allow if {
	count(policy.deny) == 0 with input as {"metadata": {"type": "terraformPlan", "action": "afterTerraformPlan", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}, "resource_changes": [{"type": "aws_db_instance"}]}
}

# keeps: there is none of the actions of the change where the action is "delete" (2)
test_05_allow if {
	count(policy.deny) == 0 with input as {"metadata": {"type": "terraformPlan", "action": "afterTerraformPlan", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}, "resource_changes": [{"type": "aws_db_instance", "change": {"actions": ["xdeletex"]}}]}
}

# keeps: there is none of the actions of the change where the action is "delete" (3)
test_06_allow if {
	count(policy.deny) == 0 with input as {"metadata": {"type": "terraformPlan", "action": "afterTerraformPlan", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}, "resource_changes": [{"type": "aws_db_instance", "change": {"actions": ["DELETE"]}}]}
}

# keeps: there is none of the actions of the change where the action is "delete" (4)
test_07_allow if {
	count(policy.deny) == 0 with input as {"metadata": {"type": "terraformPlan", "action": "afterTerraformPlan", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}, "resource_changes": [{"type": "aws_db_instance", "change": {"actions": ["other"]}}]}
}

# keeps: there is none of the actions of the change where the action is "delete" (5)
test_08_allow if {
	count(policy.deny) == 0 with input as {"metadata": {"type": "terraformPlan", "action": "afterTerraformPlan", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}, "resource_changes": [{"type": "aws_db_instance", "change": {"actions": [""]}}]}
}

# keeps: there is none of the actions of the change where the action is "delete" (6)
test_09_allow if {
	count(policy.deny) == 0 with input as {"metadata": {"type": "terraformPlan", "action": "afterTerraformPlan", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}, "resource_changes": [{"type": "aws_db_instance", "change": {"actions": [null]}}]}
}

# does not apply, not: the resource type of the change is one of "aws_db_instance" or "aws_s3_bucket"
test_10_allow if {
	count(policy.deny) == 0 with input as {"metadata": {"type": "terraformPlan", "action": "afterTerraformPlan", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}, "resource_changes": [{"change": {"actions": ["delete"]}, "type": "xaws_db_instancex"}]}
}

# does not apply, not: the resource type of the change is one of "aws_db_instance" or "aws_s3_bucket" (2)
test_11_allow if {
	count(policy.deny) == 0 with input as {"metadata": {"type": "terraformPlan", "action": "afterTerraformPlan", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}, "resource_changes": [{"change": {"actions": ["delete"]}, "type": "AWS_DB_INSTANCE"}]}
}

# does not apply, not: the resource type of the change is one of "aws_db_instance" or "aws_s3_bucket" (3)
test_12_allow if {
	count(policy.deny) == 0 with input as {"metadata": {"type": "terraformPlan", "action": "afterTerraformPlan", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}, "resource_changes": [{"change": {"actions": ["delete"]}, "type": "xaws_s3_bucketx"}]}
}

# does not apply, not: the resource type of the change is one of "aws_db_instance" or "aws_s3_bucket" (4)
test_13_allow if {
	count(policy.deny) == 0 with input as {"metadata": {"type": "terraformPlan", "action": "afterTerraformPlan", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}, "resource_changes": [{"change": {"actions": ["delete"]}, "type": "AWS_S3_BUCKET"}]}
}

# does not apply, not: the resource type of the change is one of "aws_db_instance" or "aws_s3_bucket" (5)
test_14_allow if {
	count(policy.deny) == 0 with input as {"metadata": {"type": "terraformPlan", "action": "afterTerraformPlan", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}, "resource_changes": [{"change": {"actions": ["delete"]}}]}
}
