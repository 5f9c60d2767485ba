package starter_cost_rises_slowly_test

import data.starter_cost_rises_slowly as policy

# breaks: the increase in percent of the Terraform plan cost is not more than 20
test_01_deny if {
	count(policy.deny) > 0 with input as {"metadata": {"type": "terraformPlanCost", "action": "afterTerraformPlan", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}, "DiffTotalMonthlyCost": "50", "PercentageChangeTotalMonthlyCost": "21"}
}

# is excepted: the increase of the monthly cost of the Terraform plan cost is less than 50 (2) (decided by another part)
test_02_deny if {
	count(policy.deny) > 0 with input as {"metadata": {"type": "terraformPlanCost", "action": "afterTerraformPlan", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}, "PercentageChangeTotalMonthlyCost": "21"}
}

# nothing the rule speaks about
test_03_allow if {
	count(policy.deny) == 0 with input as {"metadata": {"type": "terraformPlanCost", "action": "afterTerraformPlan", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# keeps: the increase in percent of the Terraform plan cost is not more than 20
test_04_allow if {
	count(policy.deny) == 0 with input as {"metadata": {"type": "terraformPlanCost", "action": "afterTerraformPlan", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}, "DiffTotalMonthlyCost": "50", "PercentageChangeTotalMonthlyCost": "20"}
}

# keeps: the increase in percent of the Terraform plan cost is not more than 20 (2)
test_05_allow if {
	count(policy.deny) == 0 with input as {"metadata": {"type": "terraformPlanCost", "action": "afterTerraformPlan", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}, "DiffTotalMonthlyCost": "50", "PercentageChangeTotalMonthlyCost": "19"}
}

# is excepted: the increase of the monthly cost of the Terraform plan cost is less than 50
test_06_allow if {
	count(policy.deny) == 0 with input as {"metadata": {"type": "terraformPlanCost", "action": "afterTerraformPlan", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}, "DiffTotalMonthlyCost": "49", "PercentageChangeTotalMonthlyCost": "21"}
}

# breaks: the increase in percent of the Terraform plan cost is not more than 20 (2) (decided by another part)
test_07_allow if {
	count(policy.deny) == 0 with input as {"metadata": {"type": "terraformPlanCost", "action": "afterTerraformPlan", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}, "DiffTotalMonthlyCost": "50"}
}
