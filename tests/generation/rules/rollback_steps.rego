package pipeline

import rego.v1

# Deployments have rollback steps.

deny contains msg if {
	some target in slots
	target.stage.type == "Deployment"
	count(object.get(target.stage.spec.execution, "rollbackSteps", [])) == 0
	msg := sprintf("deployment stage '%s' has no rollback steps", [target.stage.name])
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
