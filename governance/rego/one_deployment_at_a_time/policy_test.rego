package starter_one_deployment_at_a_time_test

import data.starter_one_deployment_at_a_time as policy

# breaks: the simultaneous deployments of the infrastructure definition is not true
test_01_deny if {
	count(policy.deny) > 0 with input as {"infrastructureEntity": {"identifier": "example", "name": "example", "allowSimultaneousDeployments": true}, "metadata": {"type": "infrastructure", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# nothing the rule speaks about
test_02_allow if {
	count(policy.deny) == 0 with input as {"infrastructureEntity": {"identifier": "example", "name": "example"}, "metadata": {"type": "infrastructure", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# keeps: the simultaneous deployments of the infrastructure definition is not true
test_03_allow if {
	count(policy.deny) == 0 with input as {"infrastructureEntity": {"identifier": "example", "name": "example", "allowSimultaneousDeployments": false}, "metadata": {"type": "infrastructure", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# keeps: the simultaneous deployments of the infrastructure definition is not true (2)
test_04_allow if {
	count(policy.deny) == 0 with input as {"infrastructureEntity": {"identifier": "example", "name": "example", "allowSimultaneousDeployments": "other"}, "metadata": {"type": "infrastructure", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# keeps: the simultaneous deployments of the infrastructure definition is not true (3)
test_05_allow if {
	count(policy.deny) == 0 with input as {"infrastructureEntity": {"identifier": "example", "name": "example", "allowSimultaneousDeployments": ""}, "metadata": {"type": "infrastructure", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# keeps: the simultaneous deployments of the infrastructure definition is not true (4)
test_06_allow if {
	count(policy.deny) == 0 with input as {"infrastructureEntity": {"identifier": "example", "name": "example", "allowSimultaneousDeployments": "Other-1"}, "metadata": {"type": "infrastructure", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}
