# Code coverage of at least 80 percent
package starter_code_is_covered_by_tests

import data.portal.lib

deny contains violation.msg if some violation in violations

# For the security test result: it must hold that there is one of the summary of the scan where
# the code coverage of the output is at least 80.
violations contains violation if {
	not has_output
	violation := {
		"code": "coverage",
		"fix": "Add tests, or report the coverage.",
		"msg": "Code coverage is below 80 percent or was not reported.",
		"path": "",
	}
}

# There is one of the summary of the scan where the code coverage of the output is at least 80.
has_output if {
	some output in lib.scan_outputs
	lib.at_least(lib.number(lib.field(output, ["CODE_COVERAGE"])), 80)
}
