# Build steps do not run privileged
package starter_no_privileged_steps

import data.portal.lib

deny contains violation.msg if some violation in violations

# For each of the steps at any depth, rollback too (step): it must hold that the privileged of the
# step is not true.
violations contains violation if {
	some step_place, step in lib.all_steps
	step.spec.privileged == true
	violation := {
		"code": "privileged",
		"fix": "Remove privileged, or move the work to a dedicated runner.",
		"msg": sprintf("Step '%v' runs privileged.", [lib.label(step)]),
		"path": lib.path_text(array.concat(["pipeline"], step_place)),
	}
}
