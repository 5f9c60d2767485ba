package pipeline

import rego.v1

# In the stage that pushes an image the image is scanned afterwards.

deny contains msg if {
	some target in slots
	some i, entry in target.stage.spec.execution.steps
	some step in steps_in(entry)
	startswith(step.type, "BuildAndPush")
	not scanned_after(target.stage, i)
	msg := sprintf("the image of step '%s' is not scanned after the push", [step.name])
}

scanned_after(stage, i) if {
	some j, entry in stage.spec.execution.steps
	j > i
	some step in steps_in(entry)
	step.type in {"AquaTrivy", "Grype", "PrismaCloud"}
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
