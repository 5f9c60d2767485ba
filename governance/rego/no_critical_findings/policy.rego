# No critical findings
package starter_no_critical_findings

import data.portal.lib

deny contains violation.msg if some violation in violations

# For each of the summary of the scan (output): it must hold that the critical findings of the
# output is not more than 0.
violations contains violation if {
	some output_place, output in lib.scan_outputs
	lib.more_than(lib.number(lib.field(output, ["CRITICAL"])), 0)
	violation := {
		"code": "critical",
		"fix": "Fix them, or ask for an exemption with an end date.",
		"msg": sprintf("The scan reports %v critical findings.", [lib.shown(lib.field(output, ["CRITICAL"]))]),
		"path": lib.path_text(output_place),
	}
}
