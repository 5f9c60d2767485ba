package pipeline

import rego.v1

# The security team approves before production.

deny contains msg if {
	some target in slots
	production(target.stage)
	not approved_before(target.pos)
	msg := sprintf("Nobody of the security team approves before '%s'", [target.stage.name])
}

approved_before(pos) if {
	some other in slots
	other.pos < pos
	some step in steps_in(other.stage)
	step.type == "HarnessApproval"
	some group in step.spec.approvers.userGroups
	group in {"account.security_team", "security_team"}
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
