# Nobody approves their own run
package starter_executor_may_not_approve

import data.portal.lib

deny contains violation.msg if some violation in violations

# For each of the steps at any depth, rollback too (step), where the type of the step is
# "HarnessApproval": it must hold that the executor may not approve of the step is true.
violations contains violation if {
	some step_place, step in lib.all_steps_of_type.HarnessApproval
	step.type == "HarnessApproval"
	not step.spec.approvers.disallowPipelineExecutor == true
	violation := {
		"code": "own-approval",
		"fix": "Set disallowPipelineExecutor to true.",
		"msg": sprintf("Approval step '%v' lets the person who started the run approve it.", [lib.label(step)]),
		"path": lib.path_text(array.concat(["pipeline"], step_place)),
	}
}
