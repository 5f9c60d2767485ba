package pipeline

import rego.v1

# Tests run before the image is pushed.

deny contains msg if {
	some target in slots
	some i, entry in target.stage.spec.execution.steps
	some step in steps_in(entry)
	startswith(step.type, "BuildAndPush")
	not tested_before(target.stage, i)
	msg := sprintf("'%s' pushes an image that has not been tested", [step.name])
}

tested_before(stage, i) if {
	some j, entry in stage.spec.execution.steps
	j < i
	some step in steps_in(entry)
	step.type == "RunTests"
}

slots contains {"pos": i, "stage": s} if {
	some i, entry in input.pipeline.stages
	s := entry.stage
}

slots contains {"pos": i, "stage": s} if {
	some i, entry in input.pipeline.stages
	some member in entry.parallel
	s := member.stage
}

steps_in(part) := [v |
	walk(part, [path, v])
	path[count(path) - 1] == "step"
]
