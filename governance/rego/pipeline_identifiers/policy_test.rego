package starter_pipeline_identifiers_test

import data.starter_pipeline_identifiers as policy

# breaks: the identifier of the pipeline matches "^[a-z][a-z0-9_]*$"
test_01_deny if {
	count(policy.deny) > 0 with input as {"pipeline": {"identifier": "aaaaa!", "name": "example", "stages": []}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# breaks: the identifier of the pipeline matches "^[a-z][a-z0-9_]*$" (2)
test_02_deny if {
	count(policy.deny) > 0 with input as {"pipeline": {"identifier": " aaaaa", "name": "example", "stages": []}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# breaks: the identifier of the pipeline matches "^[a-z][a-z0-9_]*$" (3)
test_03_deny if {
	count(policy.deny) > 0 with input as {"pipeline": {"identifier": "AAAAA", "name": "example", "stages": []}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# breaks: the identifier of the pipeline matches "^[a-z][a-z0-9_]*$" (4)
test_04_deny if {
	count(policy.deny) > 0 with input as {"pipeline": {"identifier": "aa!", "name": "example", "stages": []}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# breaks: the identifier of the pipeline matches "^[a-z][a-z0-9_]*$" (5)
test_05_deny if {
	count(policy.deny) > 0 with input as {"pipeline": {"name": "example", "stages": []}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# nothing the rule speaks about
test_06_allow if {
	count(policy.deny) == 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": []}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# keeps: the identifier of the pipeline matches "^[a-z][a-z0-9_]*$" (2)
test_07_allow if {
	count(policy.deny) == 0 with input as {"pipeline": {"identifier": "aa", "name": "example", "stages": []}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# keeps: the identifier of the pipeline matches "^[a-z][a-z0-9_]*$" (3)
test_08_allow if {
	count(policy.deny) == 0 with input as {"pipeline": {"identifier": "aaaaa", "name": "example", "stages": []}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}
