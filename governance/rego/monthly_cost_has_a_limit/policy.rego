# A plan costs at most 5,000 a month
package starter_monthly_cost_has_a_limit

import data.portal.lib

deny contains violation.msg if some violation in violations

# For the Terraform plan cost: it must hold that the total monthly cost of the Terraform plan cost
# is not more than 5000.
violations contains violation if {
	lib.more_than(lib.number(lib.field(input, ["TotalMonthlyCost"])), 5000)
	violation := {
		"code": "limit",
		"fix": "Make it smaller, or ask for an exemption.",
		"msg": sprintf("The plan would cost %v a month.", [lib.shown(lib.field(input, ["TotalMonthlyCost"]))]),
		"path": "",
	}
}
