package starter_no_weekend_deployments_test

import data.starter_no_weekend_deployments as policy

# breaks: the time is not from Friday 16:00 to Monday 06:00 (UTC)
test_01_deny if {
	count(policy.deny) > 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Deployment", "spec": {"environment": {"environmentRef": "prod"}}}}]}, "metadata": {"type": "pipeline", "action": "onrun", "timestamp": 1763741700, "userGroups": [], "roleAssignmentMetadata": []}}
}

# nothing the rule speaks about
test_02_allow if {
	count(policy.deny) == 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": []}, "metadata": {"type": "pipeline", "action": "onrun", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# keeps: the time is not from Friday 16:00 to Monday 06:00 (UTC)
test_03_allow if {
	count(policy.deny) == 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Deployment", "spec": {"environment": {"environmentRef": "prod"}}}}]}, "metadata": {"type": "pipeline", "action": "onrun", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# does not apply, not: the stage deploys to production
test_04_allow if {
	count(policy.deny) == 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Deployment", "spec": {"environment": {"environmentRef": "dev"}, "infrastructure": {"environment": {"type": "PreProduction"}}}}}]}, "metadata": {"type": "pipeline", "action": "onrun", "timestamp": 1763741700, "userGroups": [], "roleAssignmentMetadata": []}}
}
