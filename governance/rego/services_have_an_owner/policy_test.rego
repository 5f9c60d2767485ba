package starter_services_have_an_owner_test

import data.starter_services_have_an_owner as policy

# breaks: the tag owner of the service is given
test_01_deny if {
	count(policy.deny) > 0 with input as {"serviceEntity": {"identifier": "example", "name": "example", "tags": {}}, "metadata": {"type": "service", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# nothing the rule speaks about (decided by another part)
test_02_deny if {
	count(policy.deny) > 0 with input as {"serviceEntity": {"identifier": "example", "name": "example"}, "metadata": {"type": "service", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# keeps: the tag owner of the service is given
test_03_allow if {
	count(policy.deny) == 0 with input as {"serviceEntity": {"identifier": "example", "name": "example", "tags": {"owner": "value"}}, "metadata": {"type": "service", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}
