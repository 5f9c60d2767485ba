package starter_no_shell_templates_test

import data.starter_no_shell_templates as policy

# breaks: the type of the step is not "ShellScript"
test_01_deny if {
	count(policy.deny) > 0 with input as {"template": {"identifier": "example", "name": "example", "type": "Pipeline", "spec": {"stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_2", "name": "step_2", "type": "ShellScript"}}]}}}}]}}, "metadata": {"type": "template", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# nothing the rule speaks about
test_02_allow if {
	count(policy.deny) == 0 with input as {"template": {"identifier": "example", "name": "example"}, "metadata": {"type": "template", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# keeps: the type of the step is not "ShellScript"
test_03_allow if {
	count(policy.deny) == 0 with input as {"template": {"identifier": "example", "name": "example", "type": "Pipeline", "spec": {"stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_2", "name": "step_2", "type": "Run"}}]}}}}]}}, "metadata": {"type": "template", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# keeps: the type of the step is not "ShellScript" (2)
test_04_allow if {
	count(policy.deny) == 0 with input as {"template": {"identifier": "example", "name": "example", "type": "Pipeline", "spec": {"stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_2", "name": "step_2", "type": "sHELLsCRIPT"}}]}}}}]}}, "metadata": {"type": "template", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# keeps: the type of the step is not "ShellScript" (3)
test_05_allow if {
	count(policy.deny) == 0 with input as {"template": {"identifier": "example", "name": "example", "type": "Pipeline", "spec": {"stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_2", "name": "step_2", "type": "other"}}]}}}}]}}, "metadata": {"type": "template", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# keeps: the type of the step is not "ShellScript" (4)
test_06_allow if {
	count(policy.deny) == 0 with input as {"template": {"identifier": "example", "name": "example", "type": "Pipeline", "spec": {"stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_2", "name": "step_2", "type": ""}}]}}}}]}}, "metadata": {"type": "template", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# keeps: the type of the step is not "ShellScript" (5)
test_07_allow if {
	count(policy.deny) == 0 with input as {"template": {"identifier": "example", "name": "example", "type": "Pipeline", "spec": {"stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_2", "name": "step_2"}}]}}}}]}}, "metadata": {"type": "template", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}
