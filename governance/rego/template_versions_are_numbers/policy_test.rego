package starter_template_versions_are_numbers_test

import data.starter_template_versions_are_numbers as policy

# breaks: the version label of the template matches "^[0-9]+\.[0-9]+\.[0-9]+$"
test_01_deny if {
	count(policy.deny) > 0 with input as {"template": {"identifier": "example", "name": "example", "versionLabel": "00000.00000.00000!"}, "metadata": {"type": "template", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# breaks: the version label of the template matches "^[0-9]+\.[0-9]+\.[0-9]+$" (2)
test_02_deny if {
	count(policy.deny) > 0 with input as {"template": {"identifier": "example", "name": "example", "versionLabel": " 00000.00000.00000"}, "metadata": {"type": "template", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# breaks: the version label of the template matches "^[0-9]+\.[0-9]+\.[0-9]+$" (3)
test_03_deny if {
	count(policy.deny) > 0 with input as {"template": {"identifier": "example", "name": "example", "versionLabel": "00.00.00!"}, "metadata": {"type": "template", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# breaks: the version label of the template matches "^[0-9]+\.[0-9]+\.[0-9]+$" (4)
test_04_deny if {
	count(policy.deny) > 0 with input as {"template": {"identifier": "example", "name": "example", "versionLabel": " 00.00.00"}, "metadata": {"type": "template", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# nothing the rule speaks about (decided by another part)
test_05_deny if {
	count(policy.deny) > 0 with input as {"template": {"identifier": "example", "name": "example"}, "metadata": {"type": "template", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# keeps: the version label of the template matches "^[0-9]+\.[0-9]+\.[0-9]+$"
test_06_allow if {
	count(policy.deny) == 0 with input as {"template": {"identifier": "example", "name": "example", "versionLabel": "0.0.0"}, "metadata": {"type": "template", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# keeps: the version label of the template matches "^[0-9]+\.[0-9]+\.[0-9]+$" (2)
test_07_allow if {
	count(policy.deny) == 0 with input as {"template": {"identifier": "example", "name": "example", "versionLabel": "00.00.00"}, "metadata": {"type": "template", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# keeps: the version label of the template matches "^[0-9]+\.[0-9]+\.[0-9]+$" (3)
test_08_allow if {
	count(policy.deny) == 0 with input as {"template": {"identifier": "example", "name": "example", "versionLabel": "00000.00000.00000"}, "metadata": {"type": "template", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}
