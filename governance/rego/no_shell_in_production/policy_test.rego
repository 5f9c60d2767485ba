package starter_no_shell_in_production_test

import data.starter_no_shell_in_production as policy

# breaks: the type of the step is not "ShellScript"
test_01_deny if {
	count(policy.deny) > 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Deployment", "spec": {"execution": {"steps": [{"step": {"identifier": "step_2", "name": "step_2", "type": "ShellScript"}}]}, "environment": {"environmentRef": "prod"}}}}]}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# nothing the rule speaks about
test_02_allow if {
	count(policy.deny) == 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": []}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# keeps: the type of the step is not "ShellScript"
test_03_allow if {
	count(policy.deny) == 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Deployment", "spec": {"execution": {"steps": [{"step": {"identifier": "step_2", "name": "step_2", "type": "Run"}}]}, "environment": {"environmentRef": "prod"}}}}]}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# keeps: the type of the step is not "ShellScript" (2)
test_04_allow if {
	count(policy.deny) == 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Deployment", "spec": {"execution": {"steps": [{"step": {"identifier": "step_2", "name": "step_2", "type": "sHELLsCRIPT"}}]}, "environment": {"environmentRef": "prod"}}}}]}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# keeps: the type of the step is not "ShellScript" (3)
test_05_allow if {
	count(policy.deny) == 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Deployment", "spec": {"execution": {"steps": [{"step": {"identifier": "step_2", "name": "step_2", "type": "other"}}]}, "environment": {"environmentRef": "prod"}}}}]}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# keeps: the type of the step is not "ShellScript" (4)
test_06_allow if {
	count(policy.deny) == 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Deployment", "spec": {"execution": {"steps": [{"step": {"identifier": "step_2", "name": "step_2", "type": ""}}]}, "environment": {"environmentRef": "prod"}}}}]}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# keeps: the type of the step is not "ShellScript" (5)
test_07_allow if {
	count(policy.deny) == 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Deployment", "spec": {"execution": {"steps": [{"step": {"identifier": "step_2", "name": "step_2"}}]}, "environment": {"environmentRef": "prod"}}}}]}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# does not apply, not: the stage of the step deploys to production
test_08_allow if {
	count(policy.deny) == 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Deployment", "spec": {"execution": {"steps": [{"step": {"identifier": "step_2", "name": "step_2", "type": "ShellScript"}}]}, "environment": {"environmentRef": "dev"}, "infrastructure": {"environment": {"type": "PreProduction"}}}}}]}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}
