package starter_scans_fail_on_high_test

import data.starter_scans_fail_on_high as policy

# breaks: the severity that fails the scan of the step is one of "high", "critical", "medium" or "low"
test_01_deny if {
	count(policy.deny) > 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_2", "name": "step_2", "type": "HarnessSAST", "spec": {"advanced": {"fail_on_severity": "xhighx"}}}}]}}}}]}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# breaks: the severity that fails the scan of the step is one of "high", "critical", "medium" or "low" (2)
test_02_deny if {
	count(policy.deny) > 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_2", "name": "step_2", "type": "HarnessSAST", "spec": {"advanced": {"fail_on_severity": "HIGH"}}}}]}}}}]}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# breaks: the severity that fails the scan of the step is one of "high", "critical", "medium" or "low" (3)
test_03_deny if {
	count(policy.deny) > 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_2", "name": "step_2", "type": "HarnessSAST", "spec": {"advanced": {"fail_on_severity": "xcriticalx"}}}}]}}}}]}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# breaks: the severity that fails the scan of the step is one of "high", "critical", "medium" or "low" (4)
test_04_deny if {
	count(policy.deny) > 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_2", "name": "step_2", "type": "HarnessSAST", "spec": {"advanced": {"fail_on_severity": "CRITICAL"}}}}]}}}}]}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# breaks: the severity that fails the scan of the step is one of "high", "critical", "medium" or "low" (5)
test_05_deny if {
	count(policy.deny) > 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_2", "name": "step_2", "type": "HarnessSAST", "spec": {"advanced": {}}}}]}}}}]}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# breaks it when: the type of the step is one of "HarnessSAST", "Semgrep", "Sonarqube", "Checkmarx", "CheckmarxOne", "CodeQL", "Bandit", "Brakeman", "Coverity", "Veracode", "FortifyOnDemand", "AquaTrivy", "Grype", "PrismaCloud", "Sysdig", "Anchore" or "AnchoreEnterprise" (2)
test_06_deny if {
	count(policy.deny) > 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_2", "name": "step_2", "type": "Semgrep", "spec": {"advanced": {"fail_on_severity": "xhighx"}}}}]}}}}]}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# breaks it when: the type of the step is one of "HarnessSAST", "Semgrep", "Sonarqube", "Checkmarx", "CheckmarxOne", "CodeQL", "Bandit", "Brakeman", "Coverity", "Veracode", "FortifyOnDemand", "AquaTrivy", "Grype", "PrismaCloud", "Sysdig", "Anchore" or "AnchoreEnterprise" (3)
test_07_deny if {
	count(policy.deny) > 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_2", "name": "step_2", "type": "Sonarqube", "spec": {"advanced": {"fail_on_severity": "xhighx"}}}}]}}}}]}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# breaks it when: the type of the step is one of "HarnessSAST", "Semgrep", "Sonarqube", "Checkmarx", "CheckmarxOne", "CodeQL", "Bandit", "Brakeman", "Coverity", "Veracode", "FortifyOnDemand", "AquaTrivy", "Grype", "PrismaCloud", "Sysdig", "Anchore" or "AnchoreEnterprise" (4)
test_08_deny if {
	count(policy.deny) > 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_2", "name": "step_2", "type": "Checkmarx", "spec": {"advanced": {"fail_on_severity": "xhighx"}}}}]}}}}]}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# breaks it when: the type of the step is one of "HarnessSAST", "Semgrep", "Sonarqube", "Checkmarx", "CheckmarxOne", "CodeQL", "Bandit", "Brakeman", "Coverity", "Veracode", "FortifyOnDemand", "AquaTrivy", "Grype", "PrismaCloud", "Sysdig", "Anchore" or "AnchoreEnterprise" (5)
test_09_deny if {
	count(policy.deny) > 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_2", "name": "step_2", "type": "CheckmarxOne", "spec": {"advanced": {"fail_on_severity": "xhighx"}}}}]}}}}]}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# breaks it when: the type of the step is one of "HarnessSAST", "Semgrep", "Sonarqube", "Checkmarx", "CheckmarxOne", "CodeQL", "Bandit", "Brakeman", "Coverity", "Veracode", "FortifyOnDemand", "AquaTrivy", "Grype", "PrismaCloud", "Sysdig", "Anchore" or "AnchoreEnterprise" (6)
test_10_deny if {
	count(policy.deny) > 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_2", "name": "step_2", "type": "CodeQL", "spec": {"advanced": {"fail_on_severity": "xhighx"}}}}]}}}}]}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# breaks it when: the type of the step is one of "HarnessSAST", "Semgrep", "Sonarqube", "Checkmarx", "CheckmarxOne", "CodeQL", "Bandit", "Brakeman", "Coverity", "Veracode", "FortifyOnDemand", "AquaTrivy", "Grype", "PrismaCloud", "Sysdig", "Anchore" or "AnchoreEnterprise" (7)
test_11_deny if {
	count(policy.deny) > 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_2", "name": "step_2", "type": "Bandit", "spec": {"advanced": {"fail_on_severity": "xhighx"}}}}]}}}}]}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# breaks it when: the type of the step is one of "HarnessSAST", "Semgrep", "Sonarqube", "Checkmarx", "CheckmarxOne", "CodeQL", "Bandit", "Brakeman", "Coverity", "Veracode", "FortifyOnDemand", "AquaTrivy", "Grype", "PrismaCloud", "Sysdig", "Anchore" or "AnchoreEnterprise" (8)
test_12_deny if {
	count(policy.deny) > 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_2", "name": "step_2", "type": "Brakeman", "spec": {"advanced": {"fail_on_severity": "xhighx"}}}}]}}}}]}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# breaks it when: the type of the step is one of "HarnessSAST", "Semgrep", "Sonarqube", "Checkmarx", "CheckmarxOne", "CodeQL", "Bandit", "Brakeman", "Coverity", "Veracode", "FortifyOnDemand", "AquaTrivy", "Grype", "PrismaCloud", "Sysdig", "Anchore" or "AnchoreEnterprise" (9)
test_13_deny if {
	count(policy.deny) > 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_2", "name": "step_2", "type": "Coverity", "spec": {"advanced": {"fail_on_severity": "xhighx"}}}}]}}}}]}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# breaks it when: the type of the step is one of "HarnessSAST", "Semgrep", "Sonarqube", "Checkmarx", "CheckmarxOne", "CodeQL", "Bandit", "Brakeman", "Coverity", "Veracode", "FortifyOnDemand", "AquaTrivy", "Grype", "PrismaCloud", "Sysdig", "Anchore" or "AnchoreEnterprise" (10)
test_14_deny if {
	count(policy.deny) > 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_2", "name": "step_2", "type": "Veracode", "spec": {"advanced": {"fail_on_severity": "xhighx"}}}}]}}}}]}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# breaks it when: the type of the step is one of "HarnessSAST", "Semgrep", "Sonarqube", "Checkmarx", "CheckmarxOne", "CodeQL", "Bandit", "Brakeman", "Coverity", "Veracode", "FortifyOnDemand", "AquaTrivy", "Grype", "PrismaCloud", "Sysdig", "Anchore" or "AnchoreEnterprise" (11)
test_15_deny if {
	count(policy.deny) > 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_2", "name": "step_2", "type": "FortifyOnDemand", "spec": {"advanced": {"fail_on_severity": "xhighx"}}}}]}}}}]}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# breaks it when: the type of the step is one of "HarnessSAST", "Semgrep", "Sonarqube", "Checkmarx", "CheckmarxOne", "CodeQL", "Bandit", "Brakeman", "Coverity", "Veracode", "FortifyOnDemand", "AquaTrivy", "Grype", "PrismaCloud", "Sysdig", "Anchore" or "AnchoreEnterprise" (12)
test_16_deny if {
	count(policy.deny) > 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_2", "name": "step_2", "type": "AquaTrivy", "spec": {"advanced": {"fail_on_severity": "xhighx"}}}}]}}}}]}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# breaks it when: the type of the step is one of "HarnessSAST", "Semgrep", "Sonarqube", "Checkmarx", "CheckmarxOne", "CodeQL", "Bandit", "Brakeman", "Coverity", "Veracode", "FortifyOnDemand", "AquaTrivy", "Grype", "PrismaCloud", "Sysdig", "Anchore" or "AnchoreEnterprise" (13)
test_17_deny if {
	count(policy.deny) > 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_2", "name": "step_2", "type": "Grype", "spec": {"advanced": {"fail_on_severity": "xhighx"}}}}]}}}}]}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# breaks it when: the type of the step is one of "HarnessSAST", "Semgrep", "Sonarqube", "Checkmarx", "CheckmarxOne", "CodeQL", "Bandit", "Brakeman", "Coverity", "Veracode", "FortifyOnDemand", "AquaTrivy", "Grype", "PrismaCloud", "Sysdig", "Anchore" or "AnchoreEnterprise" (14)
test_18_deny if {
	count(policy.deny) > 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_2", "name": "step_2", "type": "PrismaCloud", "spec": {"advanced": {"fail_on_severity": "xhighx"}}}}]}}}}]}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# breaks it when: the type of the step is one of "HarnessSAST", "Semgrep", "Sonarqube", "Checkmarx", "CheckmarxOne", "CodeQL", "Bandit", "Brakeman", "Coverity", "Veracode", "FortifyOnDemand", "AquaTrivy", "Grype", "PrismaCloud", "Sysdig", "Anchore" or "AnchoreEnterprise" (15)
test_19_deny if {
	count(policy.deny) > 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_2", "name": "step_2", "type": "Sysdig", "spec": {"advanced": {"fail_on_severity": "xhighx"}}}}]}}}}]}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# breaks it when: the type of the step is one of "HarnessSAST", "Semgrep", "Sonarqube", "Checkmarx", "CheckmarxOne", "CodeQL", "Bandit", "Brakeman", "Coverity", "Veracode", "FortifyOnDemand", "AquaTrivy", "Grype", "PrismaCloud", "Sysdig", "Anchore" or "AnchoreEnterprise" (16)
test_20_deny if {
	count(policy.deny) > 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_2", "name": "step_2", "type": "Anchore", "spec": {"advanced": {"fail_on_severity": "xhighx"}}}}]}}}}]}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# breaks it when: the type of the step is one of "HarnessSAST", "Semgrep", "Sonarqube", "Checkmarx", "CheckmarxOne", "CodeQL", "Bandit", "Brakeman", "Coverity", "Veracode", "FortifyOnDemand", "AquaTrivy", "Grype", "PrismaCloud", "Sysdig", "Anchore" or "AnchoreEnterprise" (17)
test_21_deny if {
	count(policy.deny) > 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_2", "name": "step_2", "type": "AnchoreEnterprise", "spec": {"advanced": {"fail_on_severity": "xhighx"}}}}]}}}}]}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# nothing the rule speaks about
test_22_allow if {
	count(policy.deny) == 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": []}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# keeps: the severity that fails the scan of the step is one of "high", "critical", "medium" or "low"
test_23_allow if {
	count(policy.deny) == 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_2", "name": "step_2", "type": "HarnessSAST", "spec": {"advanced": {"fail_on_severity": "high"}}}}]}}}}]}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# keeps: the severity that fails the scan of the step is one of "high", "critical", "medium" or "low" (2)
test_24_allow if {
	count(policy.deny) == 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_2", "name": "step_2", "type": "HarnessSAST", "spec": {"advanced": {"fail_on_severity": "critical"}}}}]}}}}]}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# keeps: the severity that fails the scan of the step is one of "high", "critical", "medium" or "low" (3)
test_25_allow if {
	count(policy.deny) == 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_2", "name": "step_2", "type": "HarnessSAST", "spec": {"advanced": {"fail_on_severity": "medium"}}}}]}}}}]}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# keeps: the severity that fails the scan of the step is one of "high", "critical", "medium" or "low" (4)
test_26_allow if {
	count(policy.deny) == 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_2", "name": "step_2", "type": "HarnessSAST", "spec": {"advanced": {"fail_on_severity": "low"}}}}]}}}}]}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# does not apply, not: the type of the step is one of "HarnessSAST", "Semgrep", "Sonarqube", "Checkmarx", "CheckmarxOne", "CodeQL", "Bandit", "Brakeman", "Coverity", "Veracode", "FortifyOnDemand", "AquaTrivy", "Grype", "PrismaCloud", "Sysdig", "Anchore" or "AnchoreEnterprise"
test_27_allow if {
	count(policy.deny) == 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_2", "name": "step_2", "type": "Run", "spec": {"advanced": {"fail_on_severity": "xhighx"}}}}]}}}}]}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# does not apply, not: the type of the step is one of "HarnessSAST", "Semgrep", "Sonarqube", "Checkmarx", "CheckmarxOne", "CodeQL", "Bandit", "Brakeman", "Coverity", "Veracode", "FortifyOnDemand", "AquaTrivy", "Grype", "PrismaCloud", "Sysdig", "Anchore" or "AnchoreEnterprise" (2)
test_28_allow if {
	count(policy.deny) == 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_2", "name": "step_2", "type": "hARNESSsast", "spec": {"advanced": {"fail_on_severity": "xhighx"}}}}]}}}}]}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# does not apply, not: the type of the step is one of "HarnessSAST", "Semgrep", "Sonarqube", "Checkmarx", "CheckmarxOne", "CodeQL", "Bandit", "Brakeman", "Coverity", "Veracode", "FortifyOnDemand", "AquaTrivy", "Grype", "PrismaCloud", "Sysdig", "Anchore" or "AnchoreEnterprise" (3)
test_29_allow if {
	count(policy.deny) == 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_2", "name": "step_2", "type": "xSemgrepx", "spec": {"advanced": {"fail_on_severity": "xhighx"}}}}]}}}}]}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# does not apply, not: the type of the step is one of "HarnessSAST", "Semgrep", "Sonarqube", "Checkmarx", "CheckmarxOne", "CodeQL", "Bandit", "Brakeman", "Coverity", "Veracode", "FortifyOnDemand", "AquaTrivy", "Grype", "PrismaCloud", "Sysdig", "Anchore" or "AnchoreEnterprise" (4)
test_30_allow if {
	count(policy.deny) == 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_2", "name": "step_2", "type": "sEMGREP", "spec": {"advanced": {"fail_on_severity": "xhighx"}}}}]}}}}]}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# does not apply, not: the type of the step is one of "HarnessSAST", "Semgrep", "Sonarqube", "Checkmarx", "CheckmarxOne", "CodeQL", "Bandit", "Brakeman", "Coverity", "Veracode", "FortifyOnDemand", "AquaTrivy", "Grype", "PrismaCloud", "Sysdig", "Anchore" or "AnchoreEnterprise" (5)
test_31_allow if {
	count(policy.deny) == 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Custom", "spec": {"execution": {"steps": [{"step": {"identifier": "step_2", "name": "step_2", "spec": {"advanced": {"fail_on_severity": "xhighx"}}}}]}}}}]}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}
