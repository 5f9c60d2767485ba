package pipeline

import rego.v1

# Deployments come from the golden stage template.

deny contains msg if {
	some target in slots
	target.stage.type == "Deployment"
	msg := sprintf("stage '%s' is written by hand; build it from the template account.k8s_rolling_deploy", [target.stage.name])
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
