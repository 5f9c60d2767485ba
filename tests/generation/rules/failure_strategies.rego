package pipeline

import rego.v1

# Deployments say what happens on failure.

deny contains msg if {
	some target in slots
	target.stage.type == "Deployment"
	count(object.get(target.stage, "failureStrategies", [])) == 0
	msg := sprintf("deployment '%s' does not say what happens when it fails", [target.stage.name])
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
