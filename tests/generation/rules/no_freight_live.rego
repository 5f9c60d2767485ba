package pipeline

import rego.v1

# Nothing deploys to freight_live any more.

deny contains msg if {
	some target in slots
	target.stage.spec.environment.environmentRef == "freight_live"
	msg := sprintf("stage '%s' deploys to freight_live, which is closed", [target.stage.name])
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
