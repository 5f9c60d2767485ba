package starter_environments_belong_to_somebody_test

import data.starter_environments_belong_to_somebody as policy

# breaks: the tag owner of the environment is given
test_01_deny if {
	count(policy.deny) > 0 with input as {"environmentEntity": {"identifier": "example", "name": "example", "type": "Production", "tags": {}}, "metadata": {"type": "environment", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# breaks: the tag owner of the environment is given (3)
test_02_deny if {
	count(policy.deny) > 0 with input as {"environmentEntity": {"identifier": "example", "name": "example", "type": "Production"}, "metadata": {"type": "environment", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# nothing the rule speaks about
test_03_allow if {
	count(policy.deny) == 0 with input as {"environmentEntity": {"identifier": "example", "name": "example"}, "metadata": {"type": "environment", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# keeps: the tag owner of the environment is given
test_04_allow if {
	count(policy.deny) == 0 with input as {"environmentEntity": {"identifier": "example", "name": "example", "type": "Production", "tags": {"owner": "value"}}, "metadata": {"type": "environment", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# does not apply, not: the type of the environment is "Production"
test_05_allow if {
	count(policy.deny) == 0 with input as {"environmentEntity": {"identifier": "example", "name": "example", "tags": {}, "type": "xProductionx"}, "metadata": {"type": "environment", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# does not apply, not: the type of the environment is "Production" (2)
test_06_allow if {
	count(policy.deny) == 0 with input as {"environmentEntity": {"identifier": "example", "name": "example", "tags": {}, "type": "pRODUCTION"}, "metadata": {"type": "environment", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# does not apply, not: the type of the environment is "Production" (3)
test_07_allow if {
	count(policy.deny) == 0 with input as {"environmentEntity": {"identifier": "example", "name": "example", "tags": {}, "type": "other"}, "metadata": {"type": "environment", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# does not apply, not: the type of the environment is "Production" (4)
test_08_allow if {
	count(policy.deny) == 0 with input as {"environmentEntity": {"identifier": "example", "name": "example", "tags": {}, "type": ""}, "metadata": {"type": "environment", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# does not apply, not: the type of the environment is "Production" (5)
test_09_allow if {
	count(policy.deny) == 0 with input as {"environmentEntity": {"identifier": "example", "name": "example", "tags": {}}, "metadata": {"type": "environment", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}
