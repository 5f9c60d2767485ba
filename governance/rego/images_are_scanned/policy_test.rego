package starter_images_are_scanned_test

import data.starter_images_are_scanned as policy

# breaks: there is one of the steps of the normal run at any depth where (the step type of the scan is one of "AquaTrivy", "Grype", "PrismaCloud", "Sysdig", "Anchore" or "AnchoreEnterprise") and the step comes before the scan
test_01_deny if {
	count(policy.deny) > 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_2", "name": "step_2", "type": "BuildAndPushDockerRegistry"}}]}}}}]}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# breaks: there is one of the steps of the normal run at any depth where (the step type of the scan is one of "AquaTrivy", "Grype", "PrismaCloud", "Sysdig", "Anchore" or "AnchoreEnterprise") and the step comes before the scan (2)
test_02_deny if {
	count(policy.deny) > 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_2", "name": "step_2", "type": "BuildAndPushDockerRegistry"}}]}}}}, {"stage": {"identifier": "stage_3", "name": "stage_3", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_4", "name": "step_4", "type": "Run"}}]}}}}]}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# breaks: there is one of the steps of the normal run at any depth where (the step type of the scan is one of "AquaTrivy", "Grype", "PrismaCloud", "Sysdig", "Anchore" or "AnchoreEnterprise") and the step comes before the scan (3)
test_03_deny if {
	count(policy.deny) > 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_2", "name": "step_2", "type": "BuildAndPushDockerRegistry"}}]}}}}, {"stage": {"identifier": "stage_3", "name": "stage_3", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_4", "name": "step_4", "type": "aQUAtRIVY"}}]}}}}]}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# breaks: there is one of the steps of the normal run at any depth where (the step type of the scan is one of "AquaTrivy", "Grype", "PrismaCloud", "Sysdig", "Anchore" or "AnchoreEnterprise") and the step comes before the scan (4)
test_04_deny if {
	count(policy.deny) > 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_2", "name": "step_2", "type": "BuildAndPushDockerRegistry"}}]}}}}, {"stage": {"identifier": "stage_3", "name": "stage_3", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_4", "name": "step_4", "type": "xGrypex"}}]}}}}]}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# breaks: there is one of the steps of the normal run at any depth where (the step type of the scan is one of "AquaTrivy", "Grype", "PrismaCloud", "Sysdig", "Anchore" or "AnchoreEnterprise") and the step comes before the scan (5)
test_05_deny if {
	count(policy.deny) > 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_2", "name": "step_2", "type": "BuildAndPushDockerRegistry"}}]}}}}, {"stage": {"identifier": "stage_3", "name": "stage_3", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_4", "name": "step_4", "type": "gRYPE"}}]}}}}]}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# breaks: there is one of the steps of the normal run at any depth where (the step type of the scan is one of "AquaTrivy", "Grype", "PrismaCloud", "Sysdig", "Anchore" or "AnchoreEnterprise") and the step comes before the scan (6)
test_06_deny if {
	count(policy.deny) > 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_2", "name": "step_2", "type": "BuildAndPushDockerRegistry"}}]}}}}, {"stage": {"identifier": "stage_3", "name": "stage_3", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_4", "name": "step_4"}}]}}}}]}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# breaks: there is one of the steps of the normal run at any depth where (the step type of the scan is one of "AquaTrivy", "Grype", "PrismaCloud", "Sysdig", "Anchore" or "AnchoreEnterprise") and the step comes before the scan (7)
test_07_deny if {
	count(policy.deny) > 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": [{"stage": {"identifier": "stage_3", "name": "stage_3", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_4", "name": "step_4", "type": "AquaTrivy"}}]}}}}, {"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_2", "name": "step_2", "type": "BuildAndPushDockerRegistry"}}]}}}}]}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# breaks it when: the type of the step is one of "BuildAndPushDockerRegistry", "BuildAndPushECR", "BuildAndPushGCR", "BuildAndPushACR" or "BuildAndPushGAR" (2)
test_08_deny if {
	count(policy.deny) > 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_2", "name": "step_2", "type": "BuildAndPushECR"}}]}}}}]}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# breaks it when: the type of the step is one of "BuildAndPushDockerRegistry", "BuildAndPushECR", "BuildAndPushGCR", "BuildAndPushACR" or "BuildAndPushGAR" (3)
test_09_deny if {
	count(policy.deny) > 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_2", "name": "step_2", "type": "BuildAndPushECR"}}]}}}}, {"stage": {"identifier": "stage_3", "name": "stage_3", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_4", "name": "step_4", "type": "Run"}}]}}}}]}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# breaks it when: the type of the step is one of "BuildAndPushDockerRegistry", "BuildAndPushECR", "BuildAndPushGCR", "BuildAndPushACR" or "BuildAndPushGAR" (4)
test_10_deny if {
	count(policy.deny) > 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_2", "name": "step_2", "type": "BuildAndPushECR"}}]}}}}, {"stage": {"identifier": "stage_3", "name": "stage_3", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_4", "name": "step_4", "type": "aQUAtRIVY"}}]}}}}]}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# breaks it when: the type of the step is one of "BuildAndPushDockerRegistry", "BuildAndPushECR", "BuildAndPushGCR", "BuildAndPushACR" or "BuildAndPushGAR" (5)
test_11_deny if {
	count(policy.deny) > 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_2", "name": "step_2", "type": "BuildAndPushECR"}}]}}}}, {"stage": {"identifier": "stage_3", "name": "stage_3", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_4", "name": "step_4", "type": "xGrypex"}}]}}}}]}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# breaks it when: the type of the step is one of "BuildAndPushDockerRegistry", "BuildAndPushECR", "BuildAndPushGCR", "BuildAndPushACR" or "BuildAndPushGAR" (6)
test_12_deny if {
	count(policy.deny) > 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_2", "name": "step_2", "type": "BuildAndPushGCR"}}]}}}}]}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# breaks it when: the type of the step is one of "BuildAndPushDockerRegistry", "BuildAndPushECR", "BuildAndPushGCR", "BuildAndPushACR" or "BuildAndPushGAR" (7)
test_13_deny if {
	count(policy.deny) > 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_2", "name": "step_2", "type": "BuildAndPushGCR"}}]}}}}, {"stage": {"identifier": "stage_3", "name": "stage_3", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_4", "name": "step_4", "type": "Run"}}]}}}}]}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# breaks it when: the type of the step is one of "BuildAndPushDockerRegistry", "BuildAndPushECR", "BuildAndPushGCR", "BuildAndPushACR" or "BuildAndPushGAR" (8)
test_14_deny if {
	count(policy.deny) > 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_2", "name": "step_2", "type": "BuildAndPushGCR"}}]}}}}, {"stage": {"identifier": "stage_3", "name": "stage_3", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_4", "name": "step_4", "type": "aQUAtRIVY"}}]}}}}]}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# breaks it when: the type of the step is one of "BuildAndPushDockerRegistry", "BuildAndPushECR", "BuildAndPushGCR", "BuildAndPushACR" or "BuildAndPushGAR" (9)
test_15_deny if {
	count(policy.deny) > 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_2", "name": "step_2", "type": "BuildAndPushGCR"}}]}}}}, {"stage": {"identifier": "stage_3", "name": "stage_3", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_4", "name": "step_4", "type": "xGrypex"}}]}}}}]}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# breaks it when: the type of the step is one of "BuildAndPushDockerRegistry", "BuildAndPushECR", "BuildAndPushGCR", "BuildAndPushACR" or "BuildAndPushGAR" (10)
test_16_deny if {
	count(policy.deny) > 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_2", "name": "step_2", "type": "BuildAndPushACR"}}]}}}}]}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# breaks it when: the type of the step is one of "BuildAndPushDockerRegistry", "BuildAndPushECR", "BuildAndPushGCR", "BuildAndPushACR" or "BuildAndPushGAR" (11)
test_17_deny if {
	count(policy.deny) > 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_2", "name": "step_2", "type": "BuildAndPushACR"}}]}}}}, {"stage": {"identifier": "stage_3", "name": "stage_3", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_4", "name": "step_4", "type": "Run"}}]}}}}]}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# breaks it when: the type of the step is one of "BuildAndPushDockerRegistry", "BuildAndPushECR", "BuildAndPushGCR", "BuildAndPushACR" or "BuildAndPushGAR" (12)
test_18_deny if {
	count(policy.deny) > 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_2", "name": "step_2", "type": "BuildAndPushACR"}}]}}}}, {"stage": {"identifier": "stage_3", "name": "stage_3", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_4", "name": "step_4", "type": "aQUAtRIVY"}}]}}}}]}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# breaks it when: the type of the step is one of "BuildAndPushDockerRegistry", "BuildAndPushECR", "BuildAndPushGCR", "BuildAndPushACR" or "BuildAndPushGAR" (13)
test_19_deny if {
	count(policy.deny) > 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_2", "name": "step_2", "type": "BuildAndPushACR"}}]}}}}, {"stage": {"identifier": "stage_3", "name": "stage_3", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_4", "name": "step_4", "type": "xGrypex"}}]}}}}]}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# breaks it when: the type of the step is one of "BuildAndPushDockerRegistry", "BuildAndPushECR", "BuildAndPushGCR", "BuildAndPushACR" or "BuildAndPushGAR" (14)
test_20_deny if {
	count(policy.deny) > 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_2", "name": "step_2", "type": "BuildAndPushGAR"}}]}}}}]}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# breaks it when: the type of the step is one of "BuildAndPushDockerRegistry", "BuildAndPushECR", "BuildAndPushGCR", "BuildAndPushACR" or "BuildAndPushGAR" (15)
test_21_deny if {
	count(policy.deny) > 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_2", "name": "step_2", "type": "BuildAndPushGAR"}}]}}}}, {"stage": {"identifier": "stage_3", "name": "stage_3", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_4", "name": "step_4", "type": "Run"}}]}}}}]}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# breaks it when: the type of the step is one of "BuildAndPushDockerRegistry", "BuildAndPushECR", "BuildAndPushGCR", "BuildAndPushACR" or "BuildAndPushGAR" (16)
test_22_deny if {
	count(policy.deny) > 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_2", "name": "step_2", "type": "BuildAndPushGAR"}}]}}}}, {"stage": {"identifier": "stage_3", "name": "stage_3", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_4", "name": "step_4", "type": "aQUAtRIVY"}}]}}}}]}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# breaks it when: the type of the step is one of "BuildAndPushDockerRegistry", "BuildAndPushECR", "BuildAndPushGCR", "BuildAndPushACR" or "BuildAndPushGAR" (17)
test_23_deny if {
	count(policy.deny) > 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_2", "name": "step_2", "type": "BuildAndPushGAR"}}]}}}}, {"stage": {"identifier": "stage_3", "name": "stage_3", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_4", "name": "step_4", "type": "xGrypex"}}]}}}}]}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# nothing the rule speaks about
test_24_allow if {
	count(policy.deny) == 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": []}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# keeps: there is one of the steps of the normal run at any depth where (the step type of the scan is one of "AquaTrivy", "Grype", "PrismaCloud", "Sysdig", "Anchore" or "AnchoreEnterprise") and the step comes before the scan
test_25_allow if {
	count(policy.deny) == 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_2", "name": "step_2", "type": "BuildAndPushDockerRegistry"}}]}}}}, {"stage": {"identifier": "stage_3", "name": "stage_3", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_4", "name": "step_4", "type": "AquaTrivy"}}]}}}}]}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# keeps: there is one of the steps of the normal run at any depth where (the step type of the scan is one of "AquaTrivy", "Grype", "PrismaCloud", "Sysdig", "Anchore" or "AnchoreEnterprise") and the step comes before the scan (2)
test_26_allow if {
	count(policy.deny) == 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_2", "name": "step_2", "type": "BuildAndPushDockerRegistry"}}]}}}}, {"stage": {"identifier": "stage_3", "name": "stage_3", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_4", "name": "step_4", "type": "Grype"}}]}}}}]}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# keeps: there is one of the steps of the normal run at any depth where (the step type of the scan is one of "AquaTrivy", "Grype", "PrismaCloud", "Sysdig", "Anchore" or "AnchoreEnterprise") and the step comes before the scan (3)
test_27_allow if {
	count(policy.deny) == 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_2", "name": "step_2", "type": "BuildAndPushDockerRegistry"}}]}}}}, {"stage": {"identifier": "stage_3", "name": "stage_3", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_4", "name": "step_4", "type": "PrismaCloud"}}]}}}}]}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# keeps: there is one of the steps of the normal run at any depth where (the step type of the scan is one of "AquaTrivy", "Grype", "PrismaCloud", "Sysdig", "Anchore" or "AnchoreEnterprise") and the step comes before the scan (4)
test_28_allow if {
	count(policy.deny) == 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_2", "name": "step_2", "type": "BuildAndPushDockerRegistry"}}]}}}}, {"stage": {"identifier": "stage_3", "name": "stage_3", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_4", "name": "step_4", "type": "Sysdig"}}]}}}}]}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# keeps: there is one of the steps of the normal run at any depth where (the step type of the scan is one of "AquaTrivy", "Grype", "PrismaCloud", "Sysdig", "Anchore" or "AnchoreEnterprise") and the step comes before the scan (5)
test_29_allow if {
	count(policy.deny) == 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_2", "name": "step_2", "type": "BuildAndPushDockerRegistry"}}]}}}}, {"stage": {"identifier": "stage_3", "name": "stage_3", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_4", "name": "step_4", "type": "Anchore"}}]}}}}]}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# keeps: there is one of the steps of the normal run at any depth where (the step type of the scan is one of "AquaTrivy", "Grype", "PrismaCloud", "Sysdig", "Anchore" or "AnchoreEnterprise") and the step comes before the scan (6)
test_30_allow if {
	count(policy.deny) == 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_2", "name": "step_2", "type": "BuildAndPushDockerRegistry"}}]}}}}, {"stage": {"identifier": "stage_3", "name": "stage_3", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_4", "name": "step_4", "type": "AnchoreEnterprise"}}]}}}}]}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# does not apply, not: the type of the step is one of "BuildAndPushDockerRegistry", "BuildAndPushECR", "BuildAndPushGCR", "BuildAndPushACR" or "BuildAndPushGAR"
test_31_allow if {
	count(policy.deny) == 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_2", "name": "step_2", "type": "Run"}}]}}}}]}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# does not apply, not: the type of the step is one of "BuildAndPushDockerRegistry", "BuildAndPushECR", "BuildAndPushGCR", "BuildAndPushACR" or "BuildAndPushGAR" (2)
test_32_allow if {
	count(policy.deny) == 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_2", "name": "step_2", "type": "bUILDaNDpUSHdOCKERrEGISTRY"}}]}}}}]}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# does not apply, not: the type of the step is one of "BuildAndPushDockerRegistry", "BuildAndPushECR", "BuildAndPushGCR", "BuildAndPushACR" or "BuildAndPushGAR" (3)
test_33_allow if {
	count(policy.deny) == 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_2", "name": "step_2", "type": "xBuildAndPushECRx"}}]}}}}]}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# does not apply, not: the type of the step is one of "BuildAndPushDockerRegistry", "BuildAndPushECR", "BuildAndPushGCR", "BuildAndPushACR" or "BuildAndPushGAR" (4)
test_34_allow if {
	count(policy.deny) == 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_2", "name": "step_2", "type": "bUILDaNDpUSHecr"}}]}}}}]}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# does not apply, not: the type of the step is one of "BuildAndPushDockerRegistry", "BuildAndPushECR", "BuildAndPushGCR", "BuildAndPushACR" or "BuildAndPushGAR" (5)
test_35_allow if {
	count(policy.deny) == 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_2", "name": "step_2"}}]}}}}]}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}
