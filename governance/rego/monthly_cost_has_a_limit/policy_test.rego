package starter_monthly_cost_has_a_limit_test

import data.starter_monthly_cost_has_a_limit as policy

# breaks: the total monthly cost of the Terraform plan cost is not more than 5000
test_01_deny if {
	count(policy.deny) > 0 with input as {"metadata": {"type": "terraformPlanCost", "action": "afterTerraformPlan", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}, "TotalMonthlyCost": "5001"}
}

# nothing the rule speaks about
test_02_allow if {
	count(policy.deny) == 0 with input as {"metadata": {"type": "terraformPlanCost", "action": "afterTerraformPlan", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# keeps: the total monthly cost of the Terraform plan cost is not more than 5000
test_03_allow if {
	count(policy.deny) == 0 with input as {"metadata": {"type": "terraformPlanCost", "action": "afterTerraformPlan", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}, "TotalMonthlyCost": "5000"}
}

# keeps: the total monthly cost of the Terraform plan cost is not more than 5000 (2)
test_04_allow if {
	count(policy.deny) == 0 with input as {"metadata": {"type": "terraformPlanCost", "action": "afterTerraformPlan", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}, "TotalMonthlyCost": "4999"}
}
