package starter_deployments_have_failure_strategies_test

import data.starter_deployments_have_failure_strategies as policy

# breaks: the failure strategies of the stage is given
test_01_deny if {
	count(policy.deny) > 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Deployment", "spec": {}}}]}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# nothing the rule speaks about
test_02_allow if {
	count(policy.deny) == 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": []}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# keeps: the failure strategies of the stage is given
test_03_allow if {
	count(policy.deny) == 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Deployment", "spec": {}, "failureStrategies": "value"}}]}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# does not apply, not: the type of the stage is "Deployment"
test_04_allow if {
	count(policy.deny) == 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Custom", "spec": {}}}]}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# does not apply, not: the type of the stage is "Deployment" (2)
test_05_allow if {
	count(policy.deny) == 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "dEPLOYMENT", "spec": {}}}]}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# does not apply, not: the type of the stage is "Deployment" (3)
test_06_allow if {
	count(policy.deny) == 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "other", "spec": {}}}]}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# does not apply, not: the type of the stage is "Deployment" (4)
test_07_allow if {
	count(policy.deny) == 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "", "spec": {}}}]}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# does not apply, not: the type of the stage is "Deployment" (5)
test_08_allow if {
	count(policy.deny) == 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "spec": {}}}]}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}
