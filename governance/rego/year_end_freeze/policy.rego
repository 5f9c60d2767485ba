# No production deployments at the end of the year
package starter_year_end_freeze

import data.portal.lib

deny contains violation.msg if some violation in violations

# For each of the stages, parallel ones too (stage), where the stage deploys to production: it
# must hold that the time is not from 12-20 to 01-02 of any year (UTC).
violations contains violation if {
	some stage_place in lib.production
	stage := lib.stages[stage_place]
	in_window
	violation := {
		"code": "year-end",
		"fix": "Wait until 3 January, or ask for an exemption.",
		"msg": sprintf("Stage '%v' deploys to production during the freeze at the end of the year.", [lib.label(stage)]),
		"path": lib.path_text(array.concat(["pipeline"], stage_place)),
	}
}

# The time is from 12-20 to 01-02 of any year (UTC).
in_window if {
	now := lib.local_time("UTC")
	lib.in_yearly(now, [["12-20", "01-02"]])
}
