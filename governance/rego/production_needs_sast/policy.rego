# Production needs a static analysis before it
package starter_production_needs_sast

import data.portal.lib

earlier_types := {
	"HarnessSAST",
	"Semgrep",
	"Sonarqube",
	"Checkmarx",
	"CheckmarxOne",
	"CodeQL",
	"Bandit",
	"Brakeman",
	"Coverity",
	"Veracode",
	"FortifyOnDemand",
}

deny contains violation.msg if some violation in violations

# For each of the stages, parallel ones too (stage), where the stage deploys to production: it
# must hold that a step of type HarnessSAST, Semgrep, Sonarqube, Checkmarx, CheckmarxOne, CodeQL,
# Bandit, Brakeman, Coverity, Veracode or FortifyOnDemand runs in a stage before the stage.
violations contains violation if {
	some stage_place in lib.production
	stage := lib.stages[stage_place]
	not lib.ran_before(stage_place, earlier_types)
	violation := {
		"code": "sast",
		"fix": "Add a static analysis step in an earlier stage.",
		"msg": sprintf("Stage '%v' deploys to production and no static analysis runs before it.", [lib.label(stage)]),
		"path": lib.path_text(array.concat(["pipeline"], stage_place)),
	}
}
