package pipeline

import rego.v1

# Run steps have a memory limit of at most 4Gi.

deny contains msg if {
	some step in steps_in(input.pipeline)
	step.type == "Run"
	not step.spec.resources.limits.memory
	msg := sprintf("step '%s' has no memory limit", [step.name])
}

deny contains msg if {
	some step in steps_in(input.pipeline)
	step.type == "Run"
	units.parse_bytes(step.spec.resources.limits.memory) > units.parse_bytes("4Gi")
	msg := sprintf("step '%s' asks for more than 4Gi of memory", [step.name])
}

steps_in(part) := [v |
	walk(part, [path, v])
	path[count(path) - 1] == "step"
]
