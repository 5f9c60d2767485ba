# Deploy steps end within two hours
package starter_steps_have_timeouts

import data.portal.lib

step_types := {
	"K8sRollingDeploy",
	"K8sBlueGreenDeploy",
	"K8sCanaryDeploy",
	"HelmDeploy",
}

deny contains violation.msg if some violation in violations

# For each of the steps at any depth, rollback too (step), where the type of the step is one of
# "K8sRollingDeploy", "K8sBlueGreenDeploy", "K8sCanaryDeploy" or "HelmDeploy": it must hold that
# the timeout of the step is at most "2h".
violations contains violation if {
	some step_type in step_types
	some step_place, step in lib.all_steps_of_type[step_type]
	step.type in step_types
	not lib.at_most(lib.seconds(lib.field(step, ["timeout"])), lib.seconds("2h"))
	violation := {
		"code": "timeout",
		"fix": "Set timeout, for example to 30m.",
		"msg": sprintf("Step '%v' needs a timeout of at most two hours.", [lib.label(step)]),
		"path": lib.path_text(array.concat(["pipeline"], step_place)),
	}
}
