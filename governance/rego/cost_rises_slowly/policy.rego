# A plan raises the bill by at most 20 percent
package starter_cost_rises_slowly

import data.portal.lib

deny contains violation.msg if some violation in violations

# For the Terraform plan cost, unless the increase of the monthly cost of the Terraform plan cost
# is less than 50: it must hold that the increase in percent of the Terraform plan cost is not
# more than 20.
violations contains violation if {
	not lib.less_than(lib.number(lib.field(input, ["DiffTotalMonthlyCost"])), 50)
	lib.more_than(lib.number(lib.field(input, ["PercentageChangeTotalMonthlyCost"])), 20)
	violation := {
		"code": "increase",
		"fix": "Split the change, or ask for an exemption.",
		"msg": sprintf("The plan raises the monthly bill by %v percent.", [lib.shown(lib.field(input, ["PercentageChangeTotalMonthlyCost"]))]),
		"path": "",
	}
}
