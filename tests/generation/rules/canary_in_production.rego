package pipeline

import rego.v1

# Production is deployed as a canary.

deny contains msg if {
	some target in slots
	production(target.stage)
	count([s | some s in steps_in(target.stage); s.type == "K8sCanaryDeploy"]) == 0
	msg := sprintf("production stage '%s' has no canary", [target.stage.name])
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

production(stage) if {
	stage.type == "Deployment"
	stage.spec.environment.environmentRef in {"prod", "prod_nordic", "prod_us", "freight_live"}
}

production(stage) if {
	some row in stage.template.templateInputs.variables
	row.name == "environment_ref"
	row.value in {"prod", "prod_nordic", "prod_us", "freight_live"}
}
