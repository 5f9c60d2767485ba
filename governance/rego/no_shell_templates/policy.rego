# No templates of shell scripts
package starter_no_shell_templates

import data.portal.lib

deny contains violation.msg if some violation in violations

# For each of the steps at any depth, rollback too (step): it must hold that the type of the step
# is not "ShellScript".
violations contains violation if {
	some step_place, step in lib.all_steps
	step.type == "ShellScript"
	violation := {
		"code": "shell",
		"fix": "Use a step type made for the task.",
		"msg": sprintf("Template step '%v' is a shell script.", [lib.label(step)]),
		"path": lib.path_text(array.concat(["template"], step_place)),
	}
}
