package starter_service_variables_are_described_test

import data.starter_service_variables_are_described as policy

# breaks: the description of the variable is given
test_01_deny if {
	count(policy.deny) > 0 with input as {"serviceEntity": {"identifier": "example", "name": "example", "serviceDefinition": {"spec": {"variables": [{}]}}}, "metadata": {"type": "service", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# nothing the rule speaks about
test_02_allow if {
	count(policy.deny) == 0 with input as {"serviceEntity": {"identifier": "example", "name": "example"}, "metadata": {"type": "service", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# keeps: the description of the variable is given
test_03_allow if {
	count(policy.deny) == 0 with input as {"serviceEntity": {"identifier": "example", "name": "example", "serviceDefinition": {"spec": {"variables": [{"description": "value"}]}}}, "metadata": {"type": "service", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}
