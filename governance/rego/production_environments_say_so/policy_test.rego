package starter_production_environments_say_so_test

import data.starter_production_environments_say_so as policy

# breaks: the name of the environment contains the word "prod" or "production"
test_01_deny if {
	count(policy.deny) > 0 with input as {"environmentEntity": {"identifier": "example", "name": "example", "type": "Production"}, "metadata": {"type": "environment", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# breaks: the name of the environment contains the word "prod" or "production" (2)
test_02_deny if {
	count(policy.deny) > 0 with input as {"environmentEntity": {"identifier": "example", "name": "", "type": "Production"}, "metadata": {"type": "environment", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# breaks: the name of the environment contains the word "prod" or "production" (3)
test_03_deny if {
	count(policy.deny) > 0 with input as {"environmentEntity": {"identifier": "example", "name": "Other-1", "type": "Production"}, "metadata": {"type": "environment", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# breaks: the name of the environment contains the word "prod" or "production" (4)
test_04_deny if {
	count(policy.deny) > 0 with input as {"environmentEntity": {"identifier": "example", "name": "another.value", "type": "Production"}, "metadata": {"type": "environment", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# breaks: the name of the environment contains the word "prod" or "production" (5)
test_05_deny if {
	count(policy.deny) > 0 with input as {"environmentEntity": {"identifier": "example", "type": "Production"}, "metadata": {"type": "environment", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# nothing the rule speaks about
test_06_allow if {
	count(policy.deny) == 0 with input as {"environmentEntity": {"identifier": "example", "name": "example"}, "metadata": {"type": "environment", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# keeps: the name of the environment contains the word "prod" or "production"
test_07_allow if {
	count(policy.deny) == 0 with input as {"environmentEntity": {"identifier": "example", "name": "a prod b", "type": "Production"}, "metadata": {"type": "environment", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# keeps: the name of the environment contains the word "prod" or "production" (2)
test_08_allow if {
	count(policy.deny) == 0 with input as {"environmentEntity": {"identifier": "example", "name": "a production b", "type": "Production"}, "metadata": {"type": "environment", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# does not apply, not: the type of the environment is "Production"
test_09_allow if {
	count(policy.deny) == 0 with input as {"environmentEntity": {"identifier": "example", "name": "example", "type": "xProductionx"}, "metadata": {"type": "environment", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# does not apply, not: the type of the environment is "Production" (2)
test_10_allow if {
	count(policy.deny) == 0 with input as {"environmentEntity": {"identifier": "example", "name": "example", "type": "pRODUCTION"}, "metadata": {"type": "environment", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# does not apply, not: the type of the environment is "Production" (3)
test_11_allow if {
	count(policy.deny) == 0 with input as {"environmentEntity": {"identifier": "example", "name": "example", "type": "other"}, "metadata": {"type": "environment", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# does not apply, not: the type of the environment is "Production" (4)
test_12_allow if {
	count(policy.deny) == 0 with input as {"environmentEntity": {"identifier": "example", "name": "example", "type": ""}, "metadata": {"type": "environment", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}
