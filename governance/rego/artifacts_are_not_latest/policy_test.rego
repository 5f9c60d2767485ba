package starter_artifacts_are_not_latest_test

import data.starter_artifacts_are_not_latest as policy

# breaks: the tag of the artifact is not "latest"
test_01_deny if {
	count(policy.deny) > 0 with input as {"serviceEntity": {"identifier": "example", "name": "example", "serviceDefinition": {"spec": {"artifacts": {"primary": {"sources": [{"spec": {"tag": "latest"}}]}}}}}, "metadata": {"type": "service", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# nothing the rule speaks about
test_02_allow if {
	count(policy.deny) == 0 with input as {"serviceEntity": {"identifier": "example", "name": "example"}, "metadata": {"type": "service", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# keeps: the tag of the artifact is not "latest"
test_03_allow if {
	count(policy.deny) == 0 with input as {"serviceEntity": {"identifier": "example", "name": "example", "serviceDefinition": {"spec": {"artifacts": {"primary": {"sources": [{"spec": {"tag": "xlatestx"}}]}}}}}, "metadata": {"type": "service", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# keeps: the tag of the artifact is not "latest" (2)
test_04_allow if {
	count(policy.deny) == 0 with input as {"serviceEntity": {"identifier": "example", "name": "example", "serviceDefinition": {"spec": {"artifacts": {"primary": {"sources": [{"spec": {"tag": "LATEST"}}]}}}}}, "metadata": {"type": "service", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# keeps: the tag of the artifact is not "latest" (3)
test_05_allow if {
	count(policy.deny) == 0 with input as {"serviceEntity": {"identifier": "example", "name": "example", "serviceDefinition": {"spec": {"artifacts": {"primary": {"sources": [{"spec": {"tag": "other"}}]}}}}}, "metadata": {"type": "service", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# keeps: the tag of the artifact is not "latest" (4)
test_06_allow if {
	count(policy.deny) == 0 with input as {"serviceEntity": {"identifier": "example", "name": "example", "serviceDefinition": {"spec": {"artifacts": {"primary": {"sources": [{"spec": {"tag": ""}}]}}}}}, "metadata": {"type": "service", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# keeps: the tag of the artifact is not "latest" (5)
test_07_allow if {
	count(policy.deny) == 0 with input as {"serviceEntity": {"identifier": "example", "name": "example", "serviceDefinition": {"spec": {"artifacts": {"primary": {"sources": [{"spec": {}}]}}}}}, "metadata": {"type": "service", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}
