package pipeline

import rego.v1

# Each CI stage looks for secrets.

deny contains msg if {
	some target in slots
	target.stage.type == "CI"
	count([s | some s in steps_in(target.stage); s.type == "Gitleaks"]) == 0
	msg := sprintf("build stage '%s' does not look for leaked secrets", [target.stage.name])
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
