# Production is deployed in working hours
package starter_production_in_working_hours

import data.portal.lib

deny contains violation.msg if some violation in violations

# For each of the stages, parallel ones too (stage), where the stage deploys to production: it
# must hold that the time is on Monday, Tuesday, Wednesday, Thursday or Friday and between 08:00
# and 17:00 (UTC).
violations contains violation if {
	some stage_place in lib.production
	stage := lib.stages[stage_place]
	not in_window
	violation := {
		"code": "hours",
		"fix": "Deploy from Monday to Friday between 08:00 and 17:00 UTC.",
		"msg": sprintf("Stage '%v' deploys to production outside working hours.", [lib.label(stage)]),
		"path": lib.path_text(array.concat(["pipeline"], stage_place)),
	}
}

# The time is on Monday, Tuesday, Wednesday, Thursday or Friday and between 08:00 and 17:00 (UTC).
in_window if {
	now := lib.local_time("UTC")
	now.weekday in {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday"}
	lib.in_daily(now, [[480, 1020]])
}
