# No shell scripts in production deployments
package starter_no_shell_in_production

import data.portal.lib

deny contains violation.msg if some violation in violations

# For each of the steps at any depth, rollback too (step), where the stage of the step deploys to
# production: it must hold that the type of the step is not "ShellScript".
violations contains violation if {
	some step_place, step in lib.all_steps
	lib.stage_of(step_place) in lib.production
	step.type == "ShellScript"
	step_stage := lib.holder(step_place)
	violation := {
		"code": "shell-in-production",
		"fix": "Replace it with a step type or a template.",
		"msg": sprintf("Stage '%v' deploys to production and runs the shell script step '%v'.", [lib.label(step_stage), lib.label(step)]),
		"path": lib.path_text(array.concat(["pipeline"], step_place)),
	}
}
