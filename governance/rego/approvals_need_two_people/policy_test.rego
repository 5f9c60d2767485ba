package starter_approvals_need_two_people_test

import data.starter_approvals_need_two_people as policy

# breaks: the minimum number of approvers of the step is at least 2
test_01_deny if {
	count(policy.deny) > 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_2", "name": "step_2", "type": "HarnessApproval", "spec": {"approvers": {"minimumCount": 1}}}}]}}}}, {"stage": {"identifier": "stage_3", "name": "stage_3", "type": "Deployment", "spec": {"environment": {"environmentRef": "prod"}}}}]}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# breaks: the minimum number of approvers of the step is at least 2 (2)
test_02_deny if {
	count(policy.deny) > 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_2", "name": "step_2", "type": "HarnessApproval"}}]}}}}, {"stage": {"identifier": "stage_3", "name": "stage_3", "type": "Deployment", "spec": {"environment": {"environmentRef": "prod"}}}}]}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# breaks: the minimum number of approvers of the step is at least 2 (5)
test_03_deny if {
	count(policy.deny) > 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_2", "name": "step_2", "type": "HarnessApproval", "spec": {"approvers": {}}}}]}}}}, {"stage": {"identifier": "stage_3", "name": "stage_3", "type": "Deployment", "spec": {"environment": {"environmentRef": "prod"}}}}]}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# nothing the rule speaks about
test_04_allow if {
	count(policy.deny) == 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": []}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# keeps: the minimum number of approvers of the step is at least 2
test_05_allow if {
	count(policy.deny) == 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_2", "name": "step_2", "type": "HarnessApproval", "spec": {"approvers": {"minimumCount": 2}}}}]}}}}, {"stage": {"identifier": "stage_3", "name": "stage_3", "type": "Deployment", "spec": {"environment": {"environmentRef": "prod"}}}}]}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# keeps: the minimum number of approvers of the step is at least 2 (2)
test_06_allow if {
	count(policy.deny) == 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_2", "name": "step_2", "type": "HarnessApproval", "spec": {"approvers": {"minimumCount": 3}}}}]}}}}, {"stage": {"identifier": "stage_3", "name": "stage_3", "type": "Deployment", "spec": {"environment": {"environmentRef": "prod"}}}}]}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# does not apply, not: the type of the step is "HarnessApproval" and there is one of the stages, parallel ones too where the stage deploys to production
test_07_allow if {
	count(policy.deny) == 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_2", "name": "step_2", "type": "Run", "spec": {"approvers": {"minimumCount": 1}}}}]}}}}, {"stage": {"identifier": "stage_3", "name": "stage_3", "type": "Deployment", "spec": {"environment": {"environmentRef": "prod"}}}}]}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# does not apply, not: the type of the step is "HarnessApproval" and there is one of the stages, parallel ones too where the stage deploys to production (2)
test_08_allow if {
	count(policy.deny) == 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_2", "name": "step_2", "type": "hARNESSaPPROVAL", "spec": {"approvers": {"minimumCount": 1}}}}]}}}}, {"stage": {"identifier": "stage_3", "name": "stage_3", "type": "Deployment", "spec": {"environment": {"environmentRef": "prod"}}}}]}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# does not apply, not: the type of the step is "HarnessApproval" and there is one of the stages, parallel ones too where the stage deploys to production (3)
test_09_allow if {
	count(policy.deny) == 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_2", "name": "step_2", "type": "other", "spec": {"approvers": {"minimumCount": 1}}}}]}}}}, {"stage": {"identifier": "stage_3", "name": "stage_3", "type": "Deployment", "spec": {"environment": {"environmentRef": "prod"}}}}]}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# does not apply, not: the type of the step is "HarnessApproval" and there is one of the stages, parallel ones too where the stage deploys to production (4)
test_10_allow if {
	count(policy.deny) == 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_2", "name": "step_2", "type": "", "spec": {"approvers": {"minimumCount": 1}}}}]}}}}, {"stage": {"identifier": "stage_3", "name": "stage_3", "type": "Deployment", "spec": {"environment": {"environmentRef": "prod"}}}}]}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# does not apply, not: the type of the step is "HarnessApproval" and there is one of the stages, parallel ones too where the stage deploys to production (5)
test_11_allow if {
	count(policy.deny) == 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_2", "name": "step_2", "spec": {"approvers": {"minimumCount": 1}}}}]}}}}, {"stage": {"identifier": "stage_3", "name": "stage_3", "type": "Deployment", "spec": {"environment": {"environmentRef": "prod"}}}}]}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# does not apply, not: the type of the step is "HarnessApproval" and there is one of the stages, parallel ones too where the stage deploys to production (6)
test_12_allow if {
	count(policy.deny) == 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_2", "name": "step_2", "type": "HarnessApproval", "spec": {"approvers": {"minimumCount": 1}}}}]}}}}]}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# does not apply, not: the type of the step is "HarnessApproval" and there is one of the stages, parallel ones too where the stage deploys to production (7)
test_13_allow if {
	count(policy.deny) == 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_2", "name": "step_2", "type": "HarnessApproval", "spec": {"approvers": {"minimumCount": 1}}}}]}}}}, {"stage": {"identifier": "stage_3", "name": "stage_3", "type": "Deployment", "spec": {"environment": {"environmentRef": "dev"}, "infrastructure": {"environment": {"type": "PreProduction"}}}}}]}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}
