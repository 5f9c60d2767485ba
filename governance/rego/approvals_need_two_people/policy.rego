# Production approvals need two people
package starter_approvals_need_two_people

import data.portal.lib

deny contains violation.msg if some violation in violations

# For each of the steps at any depth, rollback too (step), where the type of the step is
# "HarnessApproval" and there is one of the stages, parallel ones too where the stage deploys to
# production: it must hold that the minimum number of approvers of the step is at least 2.
violations contains violation if {
	some step_place, step in lib.all_steps_of_type.HarnessApproval
	step.type == "HarnessApproval"
	some stage_place in lib.production
	not lib.at_least(lib.number(lib.field(step, ["spec", "approvers", "minimumCount"])), 2)
	violation := {
		"code": "two-approvers",
		"fix": "Set minimumCount to 2.",
		"msg": sprintf("Approval step '%v' needs at least two approvers.", [lib.label(step)]),
		"path": lib.path_text(array.concat(["pipeline"], step_place)),
	}
}
