package pipeline

import rego.v1

# Approvals before production need two people.

deny contains msg if {
	some step in steps_in(input.pipeline)
	step.type == "HarnessApproval"
	object.get(step.spec.approvers, "minimumCount", 0) < 2
	msg := sprintf("approval '%s' is satisfied with fewer than two people", [step.name])
}

steps_in(part) := [v |
	walk(part, [path, v])
	path[count(path) - 1] == "step"
]
