package pipeline

import rego.v1

# Builds run on Linux.

deny contains msg if {
	some target in slots
	target.stage.type == "CI"
	target.stage.spec.platform.os != "Linux"
	msg := sprintf("build stage '%s' runs on %s, use Linux", [target.stage.name, target.stage.spec.platform.os])
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
