# No production deployments at the weekend
package starter_no_weekend_deployments

import data.portal.lib

deny contains violation.msg if some violation in violations

# For each of the stages, parallel ones too (stage), where the stage deploys to production: it
# must hold that the time is not from Friday 16:00 to Monday 06:00 (UTC).
violations contains violation if {
	some stage_place in lib.production
	stage := lib.stages[stage_place]
	in_window
	violation := {
		"code": "weekend",
		"fix": "Wait until Monday 06:00 UTC, or ask for an exemption.",
		"msg": sprintf("Stage '%v' deploys to production at the weekend.", [lib.label(stage)]),
		"path": lib.path_text(array.concat(["pipeline"], stage_place)),
	}
}

# The time is from Friday 16:00 to Monday 06:00 (UTC).
in_window if {
	now := lib.local_time("UTC")
	lib.in_weekly(now, [[6720, 360]])
}
