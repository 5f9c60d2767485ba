package starter_tokens_expire_test

import data.starter_tokens_expire as policy

# breaks: the valid until of the token minus the valid from of the token is at most 90 days
test_01_deny if {
	count(policy.deny) > 0 with input as {"token": {"identifier": "example", "name": "example", "validFrom": 1763460900, "validTo": 1771236901}, "metadata": {"type": "token", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# nothing the rule speaks about (decided by another part)
test_02_deny if {
	count(policy.deny) > 0 with input as {"token": {"identifier": "example", "name": "example"}, "metadata": {"type": "token", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# keeps: the valid until of the token minus the valid from of the token is at most 90 days
test_03_allow if {
	count(policy.deny) == 0 with input as {"token": {"identifier": "example", "name": "example", "validFrom": 1763460900, "validTo": 1771236900}, "metadata": {"type": "token", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# keeps: the valid until of the token minus the valid from of the token is at most 90 days (2)
test_04_allow if {
	count(policy.deny) == 0 with input as {"token": {"identifier": "example", "name": "example", "validFrom": 1763460900, "validTo": 1771236899}, "metadata": {"type": "token", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}
