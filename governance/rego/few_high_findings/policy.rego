# At most five high findings
package starter_few_high_findings

import data.portal.lib

deny contains violation.msg if some violation in violations

# For each of the summary of the scan (output): it must hold that the high findings of the output
# is not more than 5.
violations contains violation if {
	some output_place, output in lib.scan_outputs
	lib.more_than(lib.number(lib.field(output, ["HIGH"])), 5)
	violation := {
		"code": "high",
		"fix": "Fix some of them.",
		"msg": sprintf("The scan reports %v high findings, five are accepted.", [lib.shown(lib.field(output, ["HIGH"]))]),
		"path": lib.path_text(output_place),
	}
}
