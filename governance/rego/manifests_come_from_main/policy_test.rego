package starter_manifests_come_from_main_test

import data.starter_manifests_come_from_main as policy

# breaks: the branch of the manifest is not set or the branch of the manifest is "main"
test_01_deny if {
	count(policy.deny) > 0 with input as {"serviceEntity": {"identifier": "example", "name": "example", "serviceDefinition": {"spec": {"manifests": [{"manifest": {"spec": {"store": {"spec": {"branch": "value"}}}}}]}}}, "metadata": {"type": "service", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# breaks: the branch of the manifest is not set or the branch of the manifest is "main" (2)
test_02_deny if {
	count(policy.deny) > 0 with input as {"serviceEntity": {"identifier": "example", "name": "example", "serviceDefinition": {"spec": {"manifests": [{"manifest": {"spec": {"store": {"spec": {"branch": "MAIN"}}}}}]}}}, "metadata": {"type": "service", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# breaks: the branch of the manifest is not set or the branch of the manifest is "main" (3)
test_03_deny if {
	count(policy.deny) > 0 with input as {"serviceEntity": {"identifier": "example", "name": "example", "serviceDefinition": {"spec": {"manifests": [{"manifest": {"spec": {"store": {"spec": {"branch": "other"}}}}}]}}}, "metadata": {"type": "service", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# breaks: the branch of the manifest is not set or the branch of the manifest is "main" (4)
test_04_deny if {
	count(policy.deny) > 0 with input as {"serviceEntity": {"identifier": "example", "name": "example", "serviceDefinition": {"spec": {"manifests": [{"manifest": {"spec": {"store": {"spec": {"branch": ""}}}}}]}}}, "metadata": {"type": "service", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# keeps: the branch of the manifest is not set or the branch of the manifest is "main" (2) (decided by another part)
test_05_deny if {
	count(policy.deny) > 0 with input as {"serviceEntity": {"identifier": "example", "name": "example", "serviceDefinition": {"spec": {"manifests": [{"manifest": {"spec": {"store": {"spec": {"branch": "xmainx"}}}}}]}}}, "metadata": {"type": "service", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# nothing the rule speaks about
test_06_allow if {
	count(policy.deny) == 0 with input as {"serviceEntity": {"identifier": "example", "name": "example"}, "metadata": {"type": "service", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# keeps: the branch of the manifest is not set or the branch of the manifest is "main" (6)
test_07_allow if {
	count(policy.deny) == 0 with input as {"serviceEntity": {"identifier": "example", "name": "example", "serviceDefinition": {"spec": {"manifests": [{"manifest": {"spec": {"store": {"spec": {"branch": "main"}}}}}]}}}, "metadata": {"type": "service", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# breaks: the branch of the manifest is not set or the branch of the manifest is "main" (5) (decided by another part)
test_08_allow if {
	count(policy.deny) == 0 with input as {"serviceEntity": {"identifier": "example", "name": "example", "serviceDefinition": {"spec": {"manifests": [{"manifest": {"spec": {"store": {"spec": {}}}}}]}}}, "metadata": {"type": "service", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}
