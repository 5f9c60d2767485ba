package pipeline

import rego.v1

# Nobody approves their own run.

deny contains msg if {
	some step in steps_in(input.pipeline)
	step.type == "HarnessApproval"
	object.get(step.spec.approvers, "disallowPipelineExecutor", false) != true
	msg := sprintf("whoever started the run could approve '%s'", [step.name])
}

steps_in(part) := [v |
	walk(part, [path, v])
	path[count(path) - 1] == "step"
]
