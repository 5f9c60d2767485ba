# Deployment stages say what happens when they fail
package starter_deployments_have_failure_strategies

import data.portal.lib

deny contains violation.msg if some violation in violations

# For each of the stages, parallel ones too (stage), where the type of the stage is "Deployment":
# it must hold that the failure strategies of the stage is given.
violations contains violation if {
	some stage_place, stage in lib.stages_of_type.Deployment
	stage.type == "Deployment"
	not lib.present(lib.field(stage, ["failureStrategies"]))
	violation := {
		"code": "failure-strategy",
		"fix": "Add failureStrategies with an action such as StageRollback.",
		"msg": sprintf("Deployment stage '%v' has no failure strategy.", [lib.label(stage)]),
		"path": lib.path_text(array.concat(["pipeline"], stage_place)),
	}
}
