# Every build looks for leaked secrets
package starter_builds_look_for_secrets

import data.portal.lib

deny contains violation.msg if some violation in violations

# For each of the stages, parallel ones too (stage), where the type of the stage is "CI": it must
# hold that there is one of the steps of the normal run at any depth in the stage where the type
# of the step is "Gitleaks".
violations contains violation if {
	some stage_place, stage in lib.stages_of_type.CI
	stage.type == "CI"
	not has_step(stage_place)
	violation := {
		"code": "secret-scan",
		"fix": "Add a Gitleaks step.",
		"msg": sprintf("Build stage '%v' does not look for leaked secrets.", [lib.label(stage)]),
		"path": lib.path_text(array.concat(["pipeline"], stage_place)),
	}
}

# There is one of the steps of the normal run at any depth in the stage where the type of the step
# is "Gitleaks".
has_step(stage_place) if {
	some step_place, step in lib.steps_of_type.Gitleaks
	lib.within(step_place, stage_place)
	step.type == "Gitleaks"
}
