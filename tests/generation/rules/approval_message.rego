package pipeline

import rego.v1

# Approvals say what is approved.

deny contains msg if {
	some step in steps_in(input.pipeline)
	step.type == "HarnessApproval"
	object.get(step.spec, "approvalMessage", "") == ""
	msg := sprintf("approval '%s' has no approval message", [step.name])
}

steps_in(part) := [v |
	walk(part, [path, v])
	path[count(path) - 1] == "step"
]
