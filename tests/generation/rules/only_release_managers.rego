package pipeline

import rego.v1

# Production pipelines are changed by release managers.

deny contains msg if {
	some target in slots
	production(target.stage)
	not member
	msg := "only release managers may change a pipeline that deploys to production"
}

member if {
	some group in input.metadata.userGroups
	group.identifier == "release_managers"
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

production(stage) if {
	stage.type == "Deployment"
	stage.spec.environment.environmentRef in {"prod", "prod_nordic", "prod_us", "freight_live"}
}

production(stage) if {
	some row in stage.template.templateInputs.variables
	row.name == "environment_ref"
	row.value in {"prod", "prod_nordic", "prod_us", "freight_live"}
}
