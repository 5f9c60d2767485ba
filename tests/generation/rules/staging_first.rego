package pipeline

import rego.v1

# Staging is deployed before production.

deny contains msg if {
	some target in slots
	production(target.stage)
	not staged_before(target.pos)
	msg := sprintf("'%s' goes live before staging has been deployed", [target.stage.name])
}

staged_before(pos) if {
	some other in slots
	other.pos < pos
	other.stage.spec.environment.environmentRef == "staging"
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
