# Production deployments have rollback steps
package starter_deployments_can_roll_back

import data.portal.lib

deny contains violation.msg if some violation in violations

# For each of the stages, parallel ones too (stage), where the stage deploys to production: it
# must hold that the rollback steps of the stage is given.
violations contains violation if {
	some stage_place in lib.production
	stage := lib.stages[stage_place]
	not lib.present(lib.field(stage, ["spec", "execution", "rollbackSteps"]))
	violation := {
		"code": "rollback",
		"fix": "Add rollbackSteps to its execution.",
		"msg": sprintf("Stage '%v' deploys to production and has no rollback steps.", [lib.label(stage)]),
		"path": lib.path_text(array.concat(["pipeline"], stage_place)),
	}
}
