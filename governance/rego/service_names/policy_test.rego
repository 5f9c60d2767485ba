package starter_service_names_test

import data.starter_service_names as policy

# breaks: the name of the service matches "^[a-z][a-z0-9-]{2,29}$"
test_01_deny if {
	count(policy.deny) > 0 with input as {"serviceEntity": {"identifier": "example", "name": "aaaaaaa!"}, "metadata": {"type": "service", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# breaks: the name of the service matches "^[a-z][a-z0-9-]{2,29}$" (2)
test_02_deny if {
	count(policy.deny) > 0 with input as {"serviceEntity": {"identifier": "example", "name": " aaaaaaa"}, "metadata": {"type": "service", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# breaks: the name of the service matches "^[a-z][a-z0-9-]{2,29}$" (3)
test_03_deny if {
	count(policy.deny) > 0 with input as {"serviceEntity": {"identifier": "example", "name": "AAAAAAA"}, "metadata": {"type": "service", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# breaks: the name of the service matches "^[a-z][a-z0-9-]{2,29}$" (4)
test_04_deny if {
	count(policy.deny) > 0 with input as {"serviceEntity": {"identifier": "example", "name": "aaaa!"}, "metadata": {"type": "service", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# breaks: the name of the service matches "^[a-z][a-z0-9-]{2,29}$" (5)
test_05_deny if {
	count(policy.deny) > 0 with input as {"serviceEntity": {"identifier": "example"}, "metadata": {"type": "service", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# nothing the rule speaks about
test_06_allow if {
	count(policy.deny) == 0 with input as {"serviceEntity": {"identifier": "example", "name": "example"}, "metadata": {"type": "service", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# keeps: the name of the service matches "^[a-z][a-z0-9-]{2,29}$" (2)
test_07_allow if {
	count(policy.deny) == 0 with input as {"serviceEntity": {"identifier": "example", "name": "aaaa"}, "metadata": {"type": "service", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# keeps: the name of the service matches "^[a-z][a-z0-9-]{2,29}$" (3)
test_08_allow if {
	count(policy.deny) == 0 with input as {"serviceEntity": {"identifier": "example", "name": "aaaaaaa"}, "metadata": {"type": "service", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}
