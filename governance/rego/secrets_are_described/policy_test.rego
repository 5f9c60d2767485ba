package starter_secrets_are_described_test

import data.starter_secrets_are_described as policy

# nothing the rule speaks about (decided by another part)
test_01_deny if {
	count(policy.deny) > 0 with input as {"secret": {"identifier": "example", "name": "example"}, "metadata": {"type": "secret", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# keeps: the description of the secret is given
test_02_allow if {
	count(policy.deny) == 0 with input as {"secret": {"identifier": "example", "name": "example", "description": "value"}, "metadata": {"type": "secret", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}
