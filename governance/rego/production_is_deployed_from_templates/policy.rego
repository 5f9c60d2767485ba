# Production is deployed from templates
package starter_production_is_deployed_from_templates

import data.portal.lib

deny contains violation.msg if some violation in violations

# For each of the stages, parallel ones too (stage), where the stage deploys to production: it
# must hold that the template of the stage is set.
violations contains violation if {
	some stage_place in lib.production
	stage := lib.stages[stage_place]
	lib.field(stage, ["template", "templateRef"]) == null
	violation := {
		"code": "template",
		"fix": "Use a stage template.",
		"msg": sprintf("Stage '%v' deploys to production and is written by hand.", [lib.label(stage)]),
		"path": lib.path_text(array.concat(["pipeline"], stage_place)),
	}
}
