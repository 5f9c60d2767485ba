package starter_executor_may_not_approve_test

import data.starter_executor_may_not_approve as policy

# breaks: the executor may not approve of the step is true
test_01_deny if {
	count(policy.deny) > 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_2", "name": "step_2", "type": "HarnessApproval", "spec": {"approvers": {"disallowPipelineExecutor": false}}}}]}}}}]}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# breaks: the executor may not approve of the step is true (2)
test_02_deny if {
	count(policy.deny) > 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_2", "name": "step_2", "type": "HarnessApproval", "spec": {"approvers": {"disallowPipelineExecutor": "other"}}}}]}}}}]}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# breaks: the executor may not approve of the step is true (3)
test_03_deny if {
	count(policy.deny) > 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_2", "name": "step_2", "type": "HarnessApproval", "spec": {"approvers": {"disallowPipelineExecutor": ""}}}}]}}}}]}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# breaks: the executor may not approve of the step is true (4)
test_04_deny if {
	count(policy.deny) > 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_2", "name": "step_2", "type": "HarnessApproval", "spec": {"approvers": {"disallowPipelineExecutor": "Other-1"}}}}]}}}}]}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# breaks: the executor may not approve of the step is true (5)
test_05_deny if {
	count(policy.deny) > 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_2", "name": "step_2", "type": "HarnessApproval", "spec": {"approvers": {}}}}]}}}}]}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# nothing the rule speaks about
test_06_allow if {
	count(policy.deny) == 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": []}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# keeps: the executor may not approve of the step is true
test_07_allow if {
	count(policy.deny) == 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_2", "name": "step_2", "type": "HarnessApproval", "spec": {"approvers": {"disallowPipelineExecutor": true}}}}]}}}}]}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# does not apply, not: the type of the step is "HarnessApproval"
test_08_allow if {
	count(policy.deny) == 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_2", "name": "step_2", "type": "Run", "spec": {"approvers": {"disallowPipelineExecutor": false}}}}]}}}}]}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# does not apply, not: the type of the step is "HarnessApproval" (2)
test_09_allow if {
	count(policy.deny) == 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_2", "name": "step_2", "type": "hARNESSaPPROVAL", "spec": {"approvers": {"disallowPipelineExecutor": false}}}}]}}}}]}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# does not apply, not: the type of the step is "HarnessApproval" (3)
test_10_allow if {
	count(policy.deny) == 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_2", "name": "step_2", "type": "other", "spec": {"approvers": {"disallowPipelineExecutor": false}}}}]}}}}]}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# does not apply, not: the type of the step is "HarnessApproval" (4)
test_11_allow if {
	count(policy.deny) == 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_2", "name": "step_2", "type": "", "spec": {"approvers": {"disallowPipelineExecutor": false}}}}]}}}}]}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# does not apply, not: the type of the step is "HarnessApproval" (5)
test_12_allow if {
	count(policy.deny) == 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_2", "name": "step_2", "spec": {"approvers": {"disallowPipelineExecutor": false}}}}]}}}}]}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}
