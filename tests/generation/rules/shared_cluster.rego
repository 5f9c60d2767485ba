package pipeline

import rego.v1

# Builds run on the shared cluster.

deny contains msg if {
	some target in slots
	target.stage.type == "CI"
	target.stage.spec.infrastructure.spec.connectorRef != "account.k8s_shared"
	msg := sprintf("build stage '%s' must use the connector account.k8s_shared", [target.stage.name])
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
