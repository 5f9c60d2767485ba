package starter_production_needs_approval_test

import data.starter_production_needs_approval as policy

# breaks: the stage is approved before it deploys
test_01_deny if {
	count(policy.deny) > 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Deployment", "spec": {"environment": {"environmentRef": "prod"}}}}]}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# nothing the rule speaks about
test_02_allow if {
	count(policy.deny) == 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": []}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# keeps: the stage is approved before it deploys
test_03_allow if {
	count(policy.deny) == 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": [{"stage": {"identifier": "stage_2", "name": "stage_2", "type": "Approval", "spec": {"execution": {"steps": [{"step": {"identifier": "step_3", "name": "step_3", "type": "HarnessApproval", "spec": {"approvers": {"minimumCount": 1, "userGroups": []}}}}]}}}}, {"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Deployment", "spec": {"environment": {"environmentRef": "prod"}}}}]}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# does not apply, not: the stage deploys to production
test_04_allow if {
	count(policy.deny) == 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Deployment", "spec": {"environment": {"environmentRef": "dev"}, "infrastructure": {"environment": {"type": "PreProduction"}}}}}]}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}
