package starter_repositories_are_private_test

import data.starter_repositories_are_private as policy

# breaks: the public of the repository is not true
test_01_deny if {
	count(policy.deny) > 0 with input as {"metadata": {"type": "repository", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}, "is_public": true}
}

# nothing the rule speaks about
test_02_allow if {
	count(policy.deny) == 0 with input as {"metadata": {"type": "repository", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# keeps: the public of the repository is not true
test_03_allow if {
	count(policy.deny) == 0 with input as {"metadata": {"type": "repository", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}, "is_public": false}
}

# keeps: the public of the repository is not true (2)
test_04_allow if {
	count(policy.deny) == 0 with input as {"metadata": {"type": "repository", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}, "is_public": "other"}
}

# keeps: the public of the repository is not true (3)
test_05_allow if {
	count(policy.deny) == 0 with input as {"metadata": {"type": "repository", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}, "is_public": ""}
}

# keeps: the public of the repository is not true (4)
test_06_allow if {
	count(policy.deny) == 0 with input as {"metadata": {"type": "repository", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}, "is_public": "Other-1"}
}
