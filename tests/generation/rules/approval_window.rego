package pipeline

import rego.v1

# Approvals time out after at most two days.

deny contains msg if {
	some step in steps_in(input.pipeline)
	step.type == "HarnessApproval"
	endswith(step.timeout, "w")
	msg := sprintf("approval '%s' stays open for %s; two days is the most", [step.name, step.timeout])
}

steps_in(part) := [v |
	walk(part, [path, v])
	path[count(path) - 1] == "step"
]
