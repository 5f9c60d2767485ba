package starter_steps_have_timeouts_test

import data.starter_steps_have_timeouts as policy

# breaks: the timeout of the step is at most "2h"
test_01_deny if {
	count(policy.deny) > 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_2", "name": "step_2", "type": "K8sRollingDeploy", "timeout": "121m"}}]}}}}]}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# breaks: the timeout of the step is at most "2h" (2)
test_02_deny if {
	count(policy.deny) > 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_2", "name": "step_2", "type": "K8sRollingDeploy", "timeout": "7201s"}}]}}}}]}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# breaks: the timeout of the step is at most "2h" (3)
test_03_deny if {
	count(policy.deny) > 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_2", "name": "step_2", "type": "K8sRollingDeploy"}}]}}}}]}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# breaks it when: the type of the step is one of "K8sRollingDeploy", "K8sBlueGreenDeploy", "K8sCanaryDeploy" or "HelmDeploy" (2)
test_04_deny if {
	count(policy.deny) > 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_2", "name": "step_2", "type": "K8sBlueGreenDeploy", "timeout": "121m"}}]}}}}]}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# breaks it when: the type of the step is one of "K8sRollingDeploy", "K8sBlueGreenDeploy", "K8sCanaryDeploy" or "HelmDeploy" (3)
test_05_deny if {
	count(policy.deny) > 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_2", "name": "step_2", "type": "K8sBlueGreenDeploy", "timeout": "7201s"}}]}}}}]}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# breaks it when: the type of the step is one of "K8sRollingDeploy", "K8sBlueGreenDeploy", "K8sCanaryDeploy" or "HelmDeploy" (4)
test_06_deny if {
	count(policy.deny) > 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_2", "name": "step_2", "type": "K8sBlueGreenDeploy"}}]}}}}]}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# breaks it when: the type of the step is one of "K8sRollingDeploy", "K8sBlueGreenDeploy", "K8sCanaryDeploy" or "HelmDeploy" (7)
test_07_deny if {
	count(policy.deny) > 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_2", "name": "step_2", "type": "K8sCanaryDeploy", "timeout": "121m"}}]}}}}]}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# breaks it when: the type of the step is one of "K8sRollingDeploy", "K8sBlueGreenDeploy", "K8sCanaryDeploy" or "HelmDeploy" (8)
test_08_deny if {
	count(policy.deny) > 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_2", "name": "step_2", "type": "K8sCanaryDeploy", "timeout": "7201s"}}]}}}}]}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# breaks it when: the type of the step is one of "K8sRollingDeploy", "K8sBlueGreenDeploy", "K8sCanaryDeploy" or "HelmDeploy" (9)
test_09_deny if {
	count(policy.deny) > 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_2", "name": "step_2", "type": "K8sCanaryDeploy"}}]}}}}]}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# breaks it when: the type of the step is one of "K8sRollingDeploy", "K8sBlueGreenDeploy", "K8sCanaryDeploy" or "HelmDeploy" (12)
test_10_deny if {
	count(policy.deny) > 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_2", "name": "step_2", "type": "HelmDeploy", "timeout": "121m"}}]}}}}]}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# breaks it when: the type of the step is one of "K8sRollingDeploy", "K8sBlueGreenDeploy", "K8sCanaryDeploy" or "HelmDeploy" (13)
test_11_deny if {
	count(policy.deny) > 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_2", "name": "step_2", "type": "HelmDeploy", "timeout": "7201s"}}]}}}}]}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# breaks it when: the type of the step is one of "K8sRollingDeploy", "K8sBlueGreenDeploy", "K8sCanaryDeploy" or "HelmDeploy" (14)
test_12_deny if {
	count(policy.deny) > 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_2", "name": "step_2", "type": "HelmDeploy"}}]}}}}]}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# nothing the rule speaks about
test_13_allow if {
	count(policy.deny) == 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": []}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# keeps: the timeout of the step is at most "2h"
test_14_allow if {
	count(policy.deny) == 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_2", "name": "step_2", "type": "K8sRollingDeploy", "timeout": "120m"}}]}}}}]}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# keeps: the timeout of the step is at most "2h" (2)
test_15_allow if {
	count(policy.deny) == 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_2", "name": "step_2", "type": "K8sRollingDeploy", "timeout": "119m"}}]}}}}]}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# keeps: the timeout of the step is at most "2h" (3)
test_16_allow if {
	count(policy.deny) == 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_2", "name": "step_2", "type": "K8sRollingDeploy", "timeout": "7199s"}}]}}}}]}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# does not apply, not: the type of the step is one of "K8sRollingDeploy", "K8sBlueGreenDeploy", "K8sCanaryDeploy" or "HelmDeploy"
test_17_allow if {
	count(policy.deny) == 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_2", "name": "step_2", "type": "Run", "timeout": "121m"}}]}}}}]}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# does not apply, not: the type of the step is one of "K8sRollingDeploy", "K8sBlueGreenDeploy", "K8sCanaryDeploy" or "HelmDeploy" (2)
test_18_allow if {
	count(policy.deny) == 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_2", "name": "step_2", "type": "k8SrOLLINGdEPLOY", "timeout": "121m"}}]}}}}]}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# does not apply, not: the type of the step is one of "K8sRollingDeploy", "K8sBlueGreenDeploy", "K8sCanaryDeploy" or "HelmDeploy" (3)
test_19_allow if {
	count(policy.deny) == 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_2", "name": "step_2", "type": "xK8sBlueGreenDeployx", "timeout": "121m"}}]}}}}]}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# does not apply, not: the type of the step is one of "K8sRollingDeploy", "K8sBlueGreenDeploy", "K8sCanaryDeploy" or "HelmDeploy" (4)
test_20_allow if {
	count(policy.deny) == 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_2", "name": "step_2", "type": "k8SbLUEgREENdEPLOY", "timeout": "121m"}}]}}}}]}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# does not apply, not: the type of the step is one of "K8sRollingDeploy", "K8sBlueGreenDeploy", "K8sCanaryDeploy" or "HelmDeploy" (5)
test_21_allow if {
	count(policy.deny) == 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_2", "name": "step_2", "timeout": "121m"}}]}}}}]}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}
