package starter_production_needs_sast_test

import data.starter_production_needs_sast as policy

# breaks: a step of type HarnessSAST, Semgrep, Sonarqube, Checkmarx, CheckmarxOne, CodeQL, Bandit, Brakeman, Coverity, Veracode or FortifyOnDemand runs in a stage before the stage
test_01_deny if {
	count(policy.deny) > 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Deployment", "spec": {"environment": {"environmentRef": "prod"}}}}]}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# nothing the rule speaks about
test_02_allow if {
	count(policy.deny) == 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": []}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# keeps: a step of type HarnessSAST, Semgrep, Sonarqube, Checkmarx, CheckmarxOne, CodeQL, Bandit, Brakeman, Coverity, Veracode or FortifyOnDemand runs in a stage before the stage
test_03_allow if {
	count(policy.deny) == 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": [{"stage": {"identifier": "stage_2", "name": "stage_2", "type": "CI", "spec": {"execution": {"steps": [{"step": {"identifier": "step_3", "name": "step_3", "type": "HarnessSAST"}}]}}}}, {"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Deployment", "spec": {"environment": {"environmentRef": "prod"}}}}]}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# does not apply, not: the stage deploys to production
test_04_allow if {
	count(policy.deny) == 0 with input as {"pipeline": {"identifier": "example", "name": "example", "stages": [{"stage": {"identifier": "stage_1", "name": "stage_1", "type": "Deployment", "spec": {"environment": {"environmentRef": "dev"}, "infrastructure": {"environment": {"type": "PreProduction"}}}}}]}, "metadata": {"type": "pipeline", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}
